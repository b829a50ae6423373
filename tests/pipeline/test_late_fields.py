"""Number, date and page numbers after the approval: filled in, compared, marked, known again."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

import cli_kit
from approval_kit import DRAFTER, NUMBER, SECURITY, People, moment, people, proposal, sm3
from dingmi_mark.domain.approval import LateField
from dingmi_mark.domain.comparison import Difference, Part, Piece
from dingmi_mark.domain.course import unsigned_lines
from dingmi_mark.domain.ledger_drafts import DraftCompleted
from dingmi_mark.errors import (
    ApprovalDigestDiffers,
    DraftDiffers,
    DraftNotComparable,
    DraftNotFillable,
    DraftNotFilledIn,
    ExitCode,
    KeyUnusable,
    LateValueRefused,
    LateValueUnreadable,
    OtherDraftMarked,
    PeriodOver,
    StepOutOfOrder,
    UnmarkedSecretLeftOver,
)
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.comparing import MOST_TOLD, difference_lines
from dingmi_mark.pipeline.filling import fill_in
from dingmi_mark.pipeline.late_draft import write_filled_draft
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.signing import refuse_bad_signatures
from dingmi_mark.pipeline.verdicts import BatchResult, IdentifiedBy, Status
from dingmi_mark.store.approval_tree import KeptRecord, find_record
from dingmi_mark.store.approvals import write_toml
from docx_forgery_kit import CORE, DOCUMENT, changed, setting, swap, unpacked
from late_kit import (
    FIGURE,
    FILLED,
    LIBREOFFICE,
    NUMBER as LATE_NUMBER,
    late_proposal,
    paper,
    replaced,
    saved_anew,
)
from office_kit import Room, only, picture
from pdf_forgery_kit import JS, catalog, forged

TODAY = clock.today()
TODAY_WORDS = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"
VALUES = {LateField.DOCUMENT_NUMBER: LATE_NUMBER, LateField.ISSUE_DAY: TODAY_WORDS}
TODAY_FILLED = (FILLED[0], replaced("　　年　月　日", TODAY_WORDS), FILLED[2])
NAME = "通知.docx"
SAVED_AGAIN = swap(CORE, "<cp:revision>1<", "<cp:revision>2<")


@pytest.fixture
def crew(tmp_path: Path) -> People:
    """An office in which a draft with blanks was approved, and its number filled in."""
    crew = people(tmp_path)
    approve(crew)
    fill(crew)
    return crew


def approve(crew: People, content: bytes | None = None, name: str = NAME) -> KeptRecord:
    draft = crew.room.put(name, paper() if content is None else content)
    return crew.approved(late_proposal(), draft)


def fill(crew: People, values: dict[LateField, str] | None = None) -> KeptRecord:
    with crew.desk() as desk:
        kept = find_record(crew.room.office.approvals, NUMBER)
        return fill_in(kept, VALUES if values is None else values, DRAFTER, desk)[0]


def mark(room: Room, **more: object) -> BatchResult:
    """Mark with the records of the office's own tree."""
    request = MarkRequest((room.drafts,), (room.office.approvals,), room.out, **more)  # type: ignore[arg-type]
    return mark_drafts(request, room.office, on_start=lambda _: None, on_verdict=lambda _: None)


def acts(room: Room) -> list[DraftCompleted]:
    with room.ledger() as ledger:
        return [act for _, act in ledger.acts(DraftCompleted, subject=NUMBER)]


# ── filling in ───────────────────────────────────────────────────────────────────────────────


def test_late_values_come_into_the_next_version_and_the_signatures_stay_valid(
    tmp_path: Path,
) -> None:
    crew = people(tmp_path)
    before = approve(crew)
    after = fill(crew)
    assert after.version == before.version + 1
    draft = after.record.draft
    assert (draft.document_number, draft.issue_day) == (LATE_NUMBER, TODAY)
    assert after.record.signatures == before.record.signatures != ()
    with crew.desk() as desk:
        refuse_bad_signatures(after.record, desk.trust, desk.ledger, moment())
    line = after.record.history[-1]
    assert (line.by, line.step) == (DRAFTER, "填写")
    assert LATE_NUMBER in line.note


def test_a_value_can_be_corrected_until_the_first_mark(crew: People) -> None:
    fill(crew, {LateField.DOCUMENT_NUMBER: "示密〔2026〕9号"})
    fill(crew)
    crew.room.put(NAME, paper(*TODAY_FILLED))
    assert only(mark(crew.room)).status is Status.MARKED
    with pytest.raises(LateValueRefused, match="marked already"):
        fill(crew, {LateField.DOCUMENT_NUMBER: "示密〔2026〕9号"})


def test_only_what_the_record_names_can_be_filled_in(tmp_path: Path) -> None:
    crew = people(tmp_path)
    whole = late_proposal()
    named = replace(whole.draft, late_fields=(LateField.DOCUMENT_NUMBER,), issue_day=TODAY)
    crew.approved(replace(whole, draft=named), crew.room.put(NAME, paper()))
    with pytest.raises(LateValueRefused, match="成文日期"):
        fill(crew)
    assert fill(crew, {LateField.DOCUMENT_NUMBER: LATE_NUMBER}).record.draft.issue_day == TODAY


def test_nothing_is_filled_in_before_the_decision(tmp_path: Path) -> None:
    crew = people(tmp_path)
    crew.hand_in(late_proposal(), crew.room.put(NAME, paper()))
    with pytest.raises(StepOutOfOrder):
        fill(crew)


def test_only_somebody_with_a_key_fills_in_where_people_have_keys(tmp_path: Path) -> None:
    crew = people(tmp_path)
    approve(crew)
    with crew.desk() as desk:
        kept = find_record(crew.room.office.approvals, NUMBER)
        with pytest.raises(KeyUnusable, match="没有登记的人 has no key in use"):
            fill_in(kept, VALUES, "没有登记的人", desk)
        after, _ = fill_in(kept, VALUES, SECURITY, desk)
    assert after.record.history[-1].by == SECURITY
    assert unsigned_lines(after.record) == after.record.history[-1:]


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        (LateField.ISSUE_DAY, "2026年13月1日", "a date such as 2026-01-10"),
        (LateField.ISSUE_DAY, "明天", "a date such as 2026-01-10"),
        (LateField.ISSUE_DAY, "", "a date such as 2026-01-10"),
        (LateField.DOCUMENT_NUMBER, "三号", "a 文号 such as"),
        (LateField.DOCUMENT_NUMBER, " ", "a 文号 such as"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_and_not_the_record(
    field: LateField, text: str, expected: str, tmp_path: Path
) -> None:
    crew = people(tmp_path)
    before = approve(crew)
    with pytest.raises(LateValueUnreadable, match=expected) as caught:
        fill(crew, {field: text})
    assert (caught.value.where, caught.value.params["text"]) == (field.value, text)
    assert find_record(crew.room.office.approvals, NUMBER).version == before.version


def test_the_rules_are_examined_again_with_the_values(tmp_path: Path) -> None:
    crew = people(tmp_path)
    before = approve(crew)
    with pytest.raises(PeriodOver):
        fill(crew, {LateField.ISSUE_DAY: "1990-01-01"})
    assert find_record(crew.room.office.approvals, NUMBER).version == before.version


# ── marking ──────────────────────────────────────────────────────────────────────────────────


@LIBREOFFICE
def test_a_filled_in_pdf_is_marked_and_one_with_a_script_is_not(tmp_path: Path) -> None:
    crew = people(tmp_path)
    room = crew.room
    work = room.folder / "work"
    work.mkdir()
    exports = []
    for name, edits in (("approved", ()), ("filled", TODAY_FILLED)):
        (work / f"{name}.docx").write_bytes(paper(*edits))
        exports.append(saved_anew(work / f"{name}.docx", "pdf"))
    approve(crew, exports[0].read_bytes(), "通知.pdf")
    fill(crew)
    forged(exports[1], work / "script.pdf", catalog("/OpenAction", JS))
    room.put("通知.pdf", (work / "script.pdf").read_bytes())
    refused = only(mark(room))
    assert isinstance(refused.error, DraftDiffers)
    assert "打开文件时的动作【：JavaScript 脚本】" in str(refused.error)
    assert not list(room.out.rglob("*.pdf")) and acts(room) == []

    room.put("通知.pdf", exports[1].read_bytes())
    verdict = only(mark(room))
    assert verdict.status is Status.MARKED, verdict.error
    assert acts(room)[0].fields == ("文号", "成文日期", "页码")
    marked = verdict.copies[0].path
    (report,) = check_files((marked,), room.office, on_report=lambda _: None)
    assert report.agrees


@LIBREOFFICE
def test_a_filled_in_draft_is_marked_and_both_digests_are_known(crew: People) -> None:
    room = crew.room
    approved = (room.drafts / NAME).read_bytes()
    completed = changed(paper(*TODAY_FILLED), SAVED_AGAIN)
    room.put(NAME, completed)
    verdict = only(mark(room))
    assert verdict.status is Status.MARKED, verdict.error
    assert "文号、成文日期、页码" in str(verdict.remarks)
    (act,) = acts(room)
    assert (act.approved_digest, act.completed_digest) == (sm3(approved), sm3(completed))
    assert act.fields == ("文号", "成文日期", "页码")
    assert only(mark(room)).status is Status.UNCHANGED
    assert len(acts(room)) == 1

    room.put("批准的.docx", approved)
    paths = (room.drafts / "批准的.docx", room.drafts / NAME, verdict.copies[0].path)
    blank, filled, marked = check_files(paths, room.office, on_report=lambda _: None)
    assert isinstance(blank.error, UnmarkedSecretLeftOver)
    assert filled.identified_by is IdentifiedBy.DRAFT and filled.agrees
    assert marked.agrees


def test_the_entry_stands_before_the_marking_and_a_trial_leaves_none(crew: People) -> None:
    crew.room.put(NAME, paper(*TODAY_FILLED))
    assert only(mark(crew.room, dry_run=True)).status is Status.PLANNED
    assert acts(crew.room) == []
    assert only(mark(crew.room)).status is Status.MARKED
    with crew.room.ledger() as ledger:
        kinds = [link.kind for link in ledger.entries()]
    assert kinds.index("draft.completed/1") < kinds.index("mark.intended/1")


def test_any_other_change_stops_and_is_told_line_by_line(crew: People) -> None:
    crew.room.put(NAME, paper(*TODAY_FILLED, replaced("123", "128")))
    verdict = only(mark(crew.room))
    assert isinstance(verdict.error, DraftDiffers)
    assert "【123】次" in str(verdict.error) and "【128】次" in str(verdict.error)
    assert not list(crew.room.out.rglob("*.docx")) and acts(crew.room) == []
    with crew.room.ledger() as ledger:
        assert all(b"\xe6\xac\xa1" not in link.payload for link in ledger.entries())


@LIBREOFFICE
def test_a_draft_saved_by_another_program_stops_with_the_way_out(crew: People) -> None:
    work = crew.room.folder / "work"
    work.mkdir()
    (work / NAME).write_bytes(paper(*TODAY_FILLED))
    crew.room.put(NAME, saved_anew(work / NAME).read_bytes())
    error = only(mark(crew.room)).error
    assert isinstance(error, DraftDiffers)
    assert "this one by LibreOffice" in str(error)
    assert "approval fill NUMBER --out" in str(error.advice)


def test_what_no_word_shows_stops_too(crew: People) -> None:
    covered = swap(DOCUMENT, "<w:body>", '<w:background w:color="000000"/><w:body>')
    for change, told in ((covered, "页面背景"), (setting("<w:newer/>"), "w:newer")):
        crew.room.put(NAME, changed(paper(*TODAY_FILLED), change))
        error = only(mark(crew.room)).error
        assert isinstance(error, DraftDiffers)
        assert told in str(error)


def test_a_long_list_is_cut_for_the_terminal() -> None:
    one = Difference((Piece(Part.BODY, "甲", number=1),), (Piece(Part.BODY, "乙", number=1),))
    told = tuple(difference_lines([one] * (MOST_TOLD + 5)))
    assert len(told) == MOST_TOLD + 1
    assert str(told[-1]) == "and 5 more"


def test_another_number_than_the_records_is_refused(crew: People) -> None:
    other = replaced("示密〔2026〕　号", "示密〔2026〕4号")
    crew.room.put(NAME, paper(other, *TODAY_FILLED[1:]))
    assert isinstance(only(mark(crew.room)).error, DraftDiffers)


def test_without_values_in_the_record_nothing_may_be_filled_in(tmp_path: Path) -> None:
    crew = people(tmp_path)
    approve(crew)
    fill(crew, {LateField.ISSUE_DAY: TODAY_WORDS})
    crew.room.put(NAME, paper(*TODAY_FILLED))
    assert isinstance(only(mark(crew.room)).error, DraftDiffers)


def test_a_record_without_late_fields_stays_as_strict_as_before(tmp_path: Path) -> None:
    crew = people(tmp_path)
    crew.approved(proposal(), crew.room.put(NAME, paper()))
    crew.room.put(NAME, paper(*TODAY_FILLED))
    error = only(mark(crew.room)).error
    assert isinstance(error, ApprovalDigestDiffers)
    assert "approval compare" in str(error.advice)


def test_a_record_outside_the_offices_tree_has_no_draft_to_compare_with(crew: People) -> None:
    room = crew.room
    room.put(NAME, paper(*TODAY_FILLED))
    kept = find_record(room.office.approvals, NUMBER)
    (room.approvals / "r.toml").write_text(write_toml(kept.record), encoding="utf-8")
    error = only(room.mark()).error
    assert isinstance(error, DraftNotComparable)
    assert "approvals folder" in str(error)


def test_an_approved_draft_that_was_exchanged_in_the_tree_is_seen(crew: People) -> None:
    kept = find_record(crew.room.office.approvals, NUMBER)
    assert kept.draft is not None
    kept.draft.write_bytes(paper(*TODAY_FILLED))
    crew.room.put(NAME, paper(*TODAY_FILLED[:2]))
    assert isinstance(only(mark(crew.room)).error, ApprovalDigestDiffers)


def test_a_draft_of_another_name_is_named_for_its_record(crew: People) -> None:
    room = crew.room
    (room.drafts / NAME).unlink()
    room.put("定稿.docx", paper(*TODAY_FILLED))
    assert only(mark(room)).status is Status.FAILED
    assert only(mark(room, approved=NUMBER)).status is Status.MARKED


def test_a_draft_with_its_blanks_is_not_marked(crew: People) -> None:
    assert isinstance(only(mark(crew.room)).error, DraftNotFilledIn)
    crew.room.put(NAME, paper(*TODAY_FILLED))
    assert only(mark(crew.room)).status is Status.MARKED


def test_one_approval_marks_one_draft(crew: People) -> None:
    crew.room.put(NAME, paper(*TODAY_FILLED))
    assert only(mark(crew.room)).status is Status.MARKED
    crew.room.put(NAME, changed(paper(*TODAY_FILLED), SAVED_AGAIN))
    assert isinstance(only(mark(crew.room)).error, OtherDraftMarked)


def test_of_two_drafts_that_claim_to_be_the_filled_in_one_neither_is_marked(crew: People) -> None:
    (crew.room.drafts / NAME).unlink()
    for folder, edits in (("一", TODAY_FILLED), ("二", TODAY_FILLED[:2])):
        crew.room.put(f"{folder}/{NAME}", paper(*edits))
    assert {verdict.status for verdict in mark(crew.room).verdicts} == {Status.FAILED}


def test_a_marked_file_under_the_drafts_name_is_known_as_marked(crew: People) -> None:
    room = crew.room
    room.put(NAME, paper(*TODAY_FILLED))
    marked = only(mark(room)).copies[0].path
    room.put(NAME, marked.read_bytes())
    assert only(mark(room)).status is Status.UNCHANGED


def test_pictures_and_other_formats_are_refused_with_what_to_do(tmp_path: Path) -> None:
    crew = people(tmp_path)
    approve(crew, picture(), "扫描.png")
    fill(crew)
    crew.room.put("扫描.png", picture() + b"\0")
    error = only(mark(crew.room)).error
    assert isinstance(error, DraftNotComparable)
    assert "pictures" in str(error) and "approved" in str(error.advice)


# ── the commands ─────────────────────────────────────────────────────────────────────────────


def run(room: Room, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return cli_kit.run(*arguments, "--office", room.office.folder, "--lang", "zh")


def test_the_commands_take_a_secretary_through_it(tmp_path: Path) -> None:
    crew = people(tmp_path)
    approve(crew)
    room = crew.room
    given = ("--document-number", LATE_NUMBER, "--issue-date", TODAY_WORDS)
    bad = run(room, "approval", "fill", NUMBER, "--issue-date", "明天")
    assert bad.returncode == ExitCode.LATE_VALUE_REFUSED
    assert "--issue-date" in bad.stderr and ".toml" not in bad.stderr
    filled = run(room, "approval", "fill", NUMBER, *given)
    assert filled.returncode == 0, filled.stderr
    assert f"文号  {LATE_NUMBER}" in filled.stdout
    draft = room.put(NAME, paper(*TODAY_FILLED))
    same = run(room, "approval", "compare", NUMBER, draft)
    assert same.returncode == 0
    assert "只填写了：文号、成文日期、页码" in same.stdout
    room.put(NAME, paper(*TODAY_FILLED, replaced("123", "128")))
    other = run(room, "approval", "compare", NUMBER, draft)
    assert other.returncode == ExitCode.DRAFT_DIFFERS
    assert "正文第3段：批准的是“样例：示例江堤每日巡查【123】次" in other.stdout
    page = tmp_path / "比较.html"
    written = run(room, "approval", "compare", NUMBER, draft, "--out", page)
    assert written.returncode == ExitCode.DRAFT_DIFFERS
    html = page.read_text(encoding="utf-8")
    assert "<del>123</del>" in html and "非官方样式" in html
    assert html.count("<table>") == html.count("</table>") == 3
    assert FIGURE not in written.stdout
    assert run(room, "approval", "compare", NUMBER, draft, "--out", page).returncode == 40
    assert run(room, "approval", "fill", NUMBER).returncode == ExitCode.USAGE


def test_the_program_fills_in_the_draft_itself_and_it_is_marked(tmp_path: Path) -> None:
    crew = people(tmp_path)
    approve(crew)
    room = crew.room
    given = ("--document-number", LATE_NUMBER, "--issue-date", TODAY_WORDS)
    target = tmp_path / "定稿.docx"
    filled = run(room, "approval", "fill", NUMBER, *given, "--out", target)
    assert filled.returncode == 0, filled.stderr
    assert f"已写出文稿，填好了文号、成文日期：{target}" in filled.stdout
    texts = [paragraph.text for paragraph in Document(str(target)).paragraphs]
    assert LATE_NUMBER in texts and TODAY_WORDS in texts
    before, after = unpacked(paper()), unpacked(target.read_bytes())
    assert {name for name in before if before[name] != after[name]} == {DOCUMENT}
    again = run(room, "approval", "fill", NUMBER, "--out", target)
    assert again.returncode == ExitCode.OUTPUT_EXISTS
    marked = run(room, "mark", target, "--approved", NUMBER, "--out", room.out)
    assert marked.returncode == 0, marked.stderr


def test_a_draft_is_not_filled_in_where_its_blanks_do_not_say_what_belongs_there(
    tmp_path: Path,
) -> None:
    crew = people(tmp_path)
    approve(crew, paper(replaced("示密〔2026〕　号", "")))
    target = tmp_path / "定稿.docx"
    with crew.desk() as desk:
        kept = find_record(desk.office.approvals, NUMBER)
        with pytest.raises(DraftNotFillable, match="has no 文号、成文日期 yet"):
            write_filled_draft(kept, target, desk.office)
    kept = fill(crew)
    with pytest.raises(DraftNotFillable, match="文号 belongs there"):
        write_filled_draft(kept, target, crew.room.office)
    assert [path.name for path in tmp_path.glob("*定稿*")] == []
    assert not list(tmp_path.glob(".dingmi-*"))


def test_only_word_drafts_are_filled_in(tmp_path: Path) -> None:
    crew = people(tmp_path)
    approve(crew, picture(), "扫描.png")
    kept = fill(crew)
    with pytest.raises(DraftNotFillable, match="PNG"):
        write_filled_draft(kept, tmp_path / "x.png", crew.room.office)


def test_mark_shows_the_differences_and_json_has_them(crew: People) -> None:
    room = crew.room
    draft = room.put(NAME, paper(*TODAY_FILLED, replaced("123", "128")))
    stopped = run(room, "mark", draft, "--out", room.out)
    assert stopped.returncode == ExitCode.DRAFT_DIFFERS
    assert "【128】次" in stopped.stderr and "approval compare" in stopped.stderr
    answer = json.loads(run(room, "mark", draft, "--out", room.out, "--json").stdout)
    assert answer["code"] == ExitCode.DRAFT_DIFFERS
    together = run(room, "mark", room.drafts, "--approved", NUMBER, "--out", room.out)
    assert together.returncode == ExitCode.USAGE
