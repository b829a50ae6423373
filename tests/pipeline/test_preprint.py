"""Before printing: what bears its mark prints, an unmarked copy of a secret never does."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from approval_kit import DRAFTER, NUMBER, People, people, proposal, put_draft, sm3
from dingmi_mark.domain.approval import Decision
from dingmi_mark.domain.ledger_printing import PrintDecided
from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import ExitCode, LedgerBusy
from dingmi_mark.pipeline import print_looking
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.check import checked
from dingmi_mark.pipeline.desk import open_desk
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.verdicts import PrintVerdict, Verdict
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.office import read_office
from office_kit import Room, docx, only, pdf

PRINT, HOLD, REFUSE = PrintDecision


def quiet(_: object) -> None:
    return None


def asked(room: Room, *files: Path, printer: str = "", copies: int = 1) -> list[PrintVerdict]:
    request = PrintRequest(files, DRAFTER, printer, copies)
    return list(preprint_files(request, room.office, on_verdict=quiet))


def mark(crew: People, standing: Standing = Standing.FORMAL) -> Verdict:
    room = crew.room
    request = MarkRequest((room.drafts,), (room.office.approvals,), room.out, standing=standing)
    return only(mark_drafts(request, room.office, on_start=quiet, on_verdict=quiet))


def decided(room: Room) -> list[PrintDecided]:
    with room.ledger() as ledger:
        found = [entry for _, entry in ledger.acts(PrintDecided)]
        assert not ledger.verify()
    return found


def outcome(verdict: PrintVerdict) -> tuple[PrintDecision, PrintReason]:
    return verdict.decision, verdict.reason


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


def with_printer(room: Room, *lines: str) -> Room:
    """Return the room after lines about its printers were added to office.toml."""
    file = room.office.folder / "office.toml"
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\n".join(("", *lines)))
    return Room(room.folder, read_office(room.office.folder))


def test_an_unmarked_copy_of_an_approved_secret_is_refused_wherever_it_lies(
    crew: People, tmp_path: Path
) -> None:
    draft = put_draft(crew.room)
    kept = crew.approved(proposal(), draft)
    copy = tmp_path / "外带.pdf"
    shutil.copy(draft, copy)
    assert kept.draft is not None
    verdicts = asked(crew.room, draft, copy, kept.draft)
    assert [outcome(verdict) for verdict in verdicts] == [(REFUSE, PrintReason.UNMARKED_SECRET)] * 3
    assert {verdict.error.code for verdict in verdicts if verdict.error} == {ExitCode.PRINT_REFUSED}
    assert {verdict.approval_number for verdict in verdicts} == {NUMBER}
    mark(crew)
    assert outcome(asked(crew.room, copy)[0]) == (REFUSE, PrintReason.UNMARKED_SECRET)


def test_a_copy_saved_anew_is_refused_too(crew: People, tmp_path: Path) -> None:
    import pikepdf

    draft = put_draft(crew.room)
    crew.approved(proposal(), draft)
    anew = tmp_path / "另存.pdf"
    with pikepdf.open(draft) as document:
        document.save(anew, linearize=True)
    assert outcome(asked(crew.room, anew)[0]) == (REFUSE, PrintReason.UNMARKED_SECRET)


def test_what_was_handed_in_waits_until_it_bears_a_provisional_mark(crew: People) -> None:
    draft = put_draft(crew.room)
    crew.hand_in(proposal(), draft)
    assert outcome(asked(crew.room, draft)[0]) == (HOLD, PrintReason.PROPOSAL)
    (copy, *_) = mark(crew, Standing.PROVISIONAL).copies
    assert outcome(asked(crew.room, copy.path)[0]) == (PRINT, PrintReason.PROVISIONAL)


def test_a_provisional_mark_of_a_returned_record_prints_no_more(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    (copy, *_) = mark(crew, Standing.PROVISIONAL).copies
    crew.decide(crew.opine(kept), Decision.RETURNED)
    assert outcome(asked(crew.room, copy.path)[0]) == (REFUSE, PrintReason.ALTERED)


def test_a_marked_copy_prints_once_and_each_copy_is_its_own_file(crew: People) -> None:
    draft = put_draft(crew.room)
    record = proposal()
    crew.approved(replace(record, draft=replace(record.draft, copies=2)), draft)
    first, second = mark(crew).copies
    verdicts = asked(crew.room, first.path, second.path)
    assert [outcome(verdict) for verdict in verdicts] == [(PRINT, PrintReason.MARKED)] * 2
    assert not any(verdict.error for verdict in verdicts)
    (again,) = asked(crew.room, first.path, copies=2)
    assert outcome(again) == (REFUSE, PrintReason.MORE_COPIES)
    entries = decided(crew.room)
    assert sorted(entry.numbers for entry in entries[:2]) == [("000001",), ("000002",)]
    assert [(entry.copies, entry.decision) for entry in entries] == [
        (1, "print"),
        (1, "print"),
        (2, "refuse"),
    ]


def test_a_file_named_twice_and_a_provisional_copy_asked_for_twice_are_more_copies(
    crew: People,
) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    (ours, *_) = mark(crew, Standing.PROVISIONAL).copies
    assert outcome(asked(crew.room, ours.path, copies=2)[0]) == (REFUSE, PrintReason.MORE_COPIES)
    crew.decide(crew.opine(kept))
    (copy, *_) = mark(crew).copies
    for verdict in asked(crew.room, copy.path, copy.path.parent / "." / copy.path.name):
        assert outcome(verdict) == (REFUSE, PrintReason.MORE_COPIES)


def test_a_mark_that_was_wiped_out_never_prints(crew: People, tmp_path: Path) -> None:
    import pikepdf

    crew.approved(proposal(), put_draft(crew.room))
    (copy, *_) = mark(crew).copies
    wiped = tmp_path / "擦去.pdf"
    with pikepdf.open(copy.path) as document:
        for name, form in document.pages[0].Resources.XObject.items():
            if name.startswith("/DmMark"):
                form.write(b" ")
        document.save(wiped)
    willing = ("[[printer]]", 'name = "随便"', 'print = ["incomplete", "altered", "unmarked"]')
    room = with_printer(crew.room, *willing)
    (verdict,) = asked(room, wiped, printer="随便")
    assert outcome(verdict) == (REFUSE, PrintReason.MARK_NOT_SEEN)


def test_a_marked_file_saved_anew_waits_and_one_with_a_mark_drawn_otherwise_is_refused(
    crew: People, tmp_path: Path
) -> None:
    import pikepdf

    crew.approved(proposal(), put_draft(crew.room))
    (copy, *_) = mark(crew).copies
    anew, forged = tmp_path / "另存.pdf", tmp_path / "伪造.pdf"
    with pikepdf.open(copy.path) as document:
        document.save(anew, linearize=True)
        form = document.pages[0].Resources.XObject["/DmMark1"]
        form.BBox = pikepdf.Array([0, -800, 595, 0])
        form.write(form.read_bytes() + b"\n1 g 0 -600 595 300 re f\n")
        document.save(forged)
    assert outcome(asked(crew.room, anew)[0]) == (HOLD, PrintReason.SAVED_ANEW)
    assert outcome(asked(crew.room, forged)[0]) == (REFUSE, PrintReason.ALTERED)


def test_an_altered_copy_does_not_print_and_a_damaged_one_waits(
    crew: People, tmp_path: Path
) -> None:
    import pikepdf

    crew.approved(proposal(), put_draft(crew.room))
    (copy, *_) = mark(crew).copies
    altered, damaged = tmp_path / "改动.pdf", tmp_path / "受损.pdf"
    with pikepdf.open(copy.path) as document:
        del document.Root.Metadata
        document.save(damaged)
        document.pages.append(document.pages[0])
        document.save(altered)
    assert outcome(asked(crew.room, altered)[0]) == (REFUSE, PrintReason.ALTERED)
    assert outcome(asked(crew.room, damaged)[0]) == (HOLD, PrintReason.INCOMPLETE)


def test_after_the_last_secret_day_the_security_officer_is_asked_first(crew: People) -> None:
    crew.approved(proposal(), put_draft(crew.room))
    (copy, *_) = mark(crew).copies
    with crew.room.ledger() as ledger:
        last = date.fromisoformat(ledger.by_approval(NUMBER)[0].intended.last_secret_day)
    with open_desk(crew.room.office, "print-00000000") as desk:
        found = checked(copy.path, desk)
    on_last, after = (
        print_looking.looked_at(found, 1, day).reason for day in (last, last + timedelta(days=1))
    )
    assert (on_last, after) == (PrintReason.MARKED, PrintReason.EXPIRED)


def test_clean_paper_prints_where_the_printer_is_for_any_paper(crew: People) -> None:
    clean = put_draft(crew.room, "简报.docx", docx())
    room = with_printer(crew.room, "[[printer]]", 'name = "公用"', 'paper = "any"')
    assert outcome(asked(room, clean)[0]) == (HOLD, PrintReason.UNMARKED)
    assert outcome(asked(room, clean, printer="公用")[0]) == (PRINT, PrintReason.UNMARKED)
    crew.approved(proposal(), clean)
    assert outcome(asked(room, clean, printer="公用")[0]) == (REFUSE, PrintReason.UNMARKED_SECRET)


def test_a_mark_this_office_does_not_know_waits(crew: People) -> None:
    foreign = put_draft(crew.room, "来文.pdf", pdf(typed="机密★10年"))
    (verdict,) = asked(crew.room, foreign)
    assert outcome(verdict) == (HOLD, PrintReason.FOREIGN)


def test_what_cannot_be_read_does_not_print(crew: People, tmp_path: Path) -> None:
    unknown, broken = tmp_path / "数据.xyz", tmp_path / "坏.pdf"
    unknown.write_text("样例", encoding="utf-8")
    broken.write_bytes(b"%PDF-1.7\n")
    gone = tmp_path / "没有.pdf"
    for verdict in asked(crew.room, unknown, broken, gone):
        assert outcome(verdict) == (REFUSE, PrintReason.UNREADABLE)
        assert verdict.error is not None and verdict.error.code is ExitCode.PRINT_REFUSED
    assert [entry.reason for entry in decided(crew.room)] == ["unreadable"] * 3


def test_a_file_that_is_converted_first_is_to_be_marked_before_it_prints(
    crew: People, tmp_path: Path
) -> None:
    """It is no fault of the file: another format would need no other approval."""
    file = tmp_path / "通知.rtf"
    file.write_bytes(b"{\\rtf1 sample}")
    (verdict,) = asked(crew.room, file)
    assert outcome(verdict) == (REFUSE, PrintReason.UNREADABLE)
    assert verdict.error is not None
    assert f"dingmi-mark mark '{file}'" in str(verdict.error.advice)
    assert "approved anew" not in str(verdict.error.advice)


def test_the_record_says_who_where_what_and_why_but_not_what_the_paper_says(crew: People) -> None:
    content = pdf()
    draft = put_draft(crew.room, "机密的标题.pdf", content)
    crew.approved(proposal(), draft)
    asked(crew.room, draft, printer="三楼", copies=3)
    (entry,) = decided(crew.room)
    assert (entry.by, entry.printer, entry.copies, entry.pages) == (DRAFTER, "三楼", 3, 1)
    assert (entry.decision, entry.reason) == ("refuse", "unmarked_secret")
    assert (entry.approval_number, f"sm3:{entry.file_sm3}") == (NUMBER, sm3(content))
    assert "标题" not in repr(entry)


def test_what_cannot_be_recorded_is_held(crew: People, monkeypatch: pytest.MonkeyPatch) -> None:
    crew.approved(proposal(), put_draft(crew.room))
    (copy, *_) = mark(crew).copies

    def busy(*_: object) -> None:
        raise LedgerBusy

    monkeypatch.setattr(Ledger, "append", busy)
    (verdict,) = asked(crew.room, copy.path)
    assert outcome(verdict) == (HOLD, PrintReason.FAILED)
    assert verdict.error is not None and verdict.error.code is ExitCode.PRINT_HELD


def test_a_file_that_costs_too_much_is_held(crew: People) -> None:
    draft = put_draft(crew.room, content=pdf(2))
    office = replace(crew.room.office, limits=replace(crew.room.office.limits, memory_mb=1))
    (verdict,) = asked(Room(crew.room.folder, office), draft)
    assert outcome(verdict) == (HOLD, PrintReason.FAILED)
    assert decided(crew.room)[-1].reason == "failed"
