"""Copies without marks of what was released: only by policy, only of that, and proved."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from approval_kit import sm3
from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.ledger_changes import ReleaseCopied, ReleaseIntended, ReleaseSettled
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.domain.remark_plan import batch_of
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import CleanCopiesOff, CleanCopyRefused, OutputExists
from dingmi_mark.formats.docx.handler import DocxHandler
from dingmi_mark.formats.pdf.handler import PdfHandler
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.pipeline import clock, remark_cleaning
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.doctor import Patient
from dingmi_mark.pipeline.doctor_remarks import releases_seen
from dingmi_mark.pipeline.notices import registered_notice
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.remark_cleaning import CleanVerdict, clean_copies
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.store.office import read_office
from dingmi_mark.store.remark_plans import plan_digest
from legacy_kit import LEFT, RIGHT, archived, old_paper, put, struck
from office_files_kit import needs_soffice
from office_kit import QUOTE, docx, pdf
from remark_kit import (
    CHANGE,
    Archive,
    People,
    applied,
    archive,
    notice,
    number_of,
    planned,
    remarked,
    verified,
    without_processes,
)

pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.fixture
def papers(tmp_path: Path) -> Archive:
    """An office that allows copies without marks, with one marked paper."""
    made = archive(tmp_path)
    made.mark("1号.pdf")
    return allowed(made)


def allowed(papers: Archive) -> Archive:
    settings = papers.room.office.folder / "office.toml"
    text = settings.read_text(encoding="utf-8")
    assert "clean_copies = false" in text
    text = text.replace("clean_copies = false", "clean_copies = true")
    settings.write_text(text, encoding="utf-8")
    room = replace(papers.room, office=read_office(settings.parent))
    return Archive(People(room, papers.crew.hands), papers.records)


def cleaned(papers: Archive, *folders: Path, out: Path | None = None) -> tuple[CleanVerdict, ...]:
    with papers.desk() as desk:
        checked = registered_notice(CHANGE, desk)
        to = out or papers.room.folder / "解密件"
        return clean_copies(checked, folders or (papers.out,), to, desk, told=str, workers=1)


def released(papers: Archive, *names: str) -> None:
    items = [number_of(name) for name in names]
    remarked(papers, notice(*items, kind=ChangeKind.RELEASED_EARLY))


def copied(papers: Archive) -> list[ReleaseCopied]:
    with papers.desk() as desk:
        return [act for _, act in desk.ledger.acts(ReleaseCopied)]


def outcomes(papers: Archive) -> list[str]:
    """What became of every copy that was begun, in order."""
    with papers.desk() as desk:
        begun = [act.copying_id for _, act in desk.ledger.acts(ReleaseIntended)]
        ends = {act.copying_id: act.outcome for _, act in desk.ledger.acts(ReleaseSettled)}
        assert desk.ledger.verify() == []
    return [ends.get(each, "open") for each in begun]


def quiet(_: object) -> None:
    return None


def refusal(verdict: CleanVerdict) -> str:
    assert isinstance(verdict.error, CleanCopyRefused) and verdict.target is None
    cause: Any = verdict.error.params["cause"]
    return str(cause.msgid)


def bare(handler: PdfHandler | DocxHandler, file: Path) -> None:
    draft = handler.inspect(file)
    assert draft.embedded is None and not draft.drawn_digest and not bears_traces(file)


def test_a_released_pdf_gets_a_copy_that_bears_nothing_of_ours(papers: Archive) -> None:
    released(papers, "1号.pdf")
    marked = papers.out / "1号-000001.pdf"
    before = marked.read_bytes()
    (one,) = cleaned(papers)
    assert one.error is None and one.target is not None
    assert one.target.name == "1号-000001-解密件.pdf" and marked.read_bytes() == before
    assert bears_traces(marked)
    bare(PdfHandler(), one.target)
    (entry,) = copied(papers)
    original = papers.room.drafts / "1号.pdf"
    assert entry.content_digest == PdfHandler().inspect(original).content_digest
    assert entry.source_sm3 == sm3(before).removeprefix("sm3:")
    assert entry.copy_sm3 == sm3(one.target.read_bytes()).removeprefix("sm3:")
    assert entry.notice_number == CHANGE
    assert outcomes(papers) == ["named"]


@needs_soffice
def test_a_released_word_file_loses_mark_points_label_and_properties(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    point = ClassifiedPoint("密点1", SecrecyLevel.SECRET, QuoteAnchor(QUOTE))
    papers.mark("5号.docx", docx(), points=(point,))
    papers = allowed(papers)
    released(papers, "5号.docx")
    (one,) = cleaned(papers)
    assert one.error is None and one.target is not None
    bare(DocxHandler(), one.target)
    with zipfile.ZipFile(one.target) as package:
        names = set(package.namelist())
        body = package.read("word/document.xml").decode()
    with zipfile.ZipFile(papers.room.drafts / "5号.docx") as package:
        assert {name for name in package.namelist() if "header" not in name} <= names
    assert "docProps/custom.xml" not in names
    assert "机密" not in body and "解密" not in body and "（秘密）" not in body
    from docx import Document

    assert any(QUOTE in paragraph.text for paragraph in Document(str(one.target)).paragraphs)


def test_check_and_print_know_the_copy_until_the_release_is_taken_back(papers: Archive) -> None:
    papers.sign(notice(number_of("1号.pdf"), kind=ChangeKind.RELEASED_EARLY))
    plan = planned(papers)
    verified(papers, plan)
    applied(papers, plan)
    (one,) = cleaned(papers)
    assert one.target is not None
    office = papers.room.office
    (report,) = check_files([one.target], office, on_report=quiet)
    assert report.error is None
    assert "no state secret" in report.lines[0].says.msgid
    request = PrintRequest((one.target,), "王样例")
    (verdict,) = preprint_files(request, office, on_verdict=quiet)
    assert verdict.reason is PrintReason.RELEASED
    assert len(cleaned(papers, papers.out, one.target.parent, out=papers.room.folder / "又")) == 1
    with papers.desk() as desk:
        undo_batch(batch_of(plan_digest(plan)), desk)
    (report,) = check_files([one.target], office, on_report=quiet)
    assert report.error is not None, "it is a secret again, and this a copy without its mark"


def test_by_default_there_are_no_copies_without_marks(papers: Archive) -> None:
    released(papers, "1号.pdf")
    settings = papers.room.office.folder / "office.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("clean_copies = true", ""))
    room = replace(papers.room, office=read_office(settings.parent))
    with pytest.raises(CleanCopiesOff):
        cleaned(Archive(People(room, papers.crew.hands), papers.records))
    assert not copied(papers)


def test_what_is_changed_or_not_yet_re_marked_gets_no_copy(papers: Archive) -> None:
    papers.sign(notice(number_of("1号.pdf"), kind=ChangeKind.RELEASED_EARLY))
    (one,) = cleaned(papers)
    assert refusal(one) == "it still bears the mark of before"
    assert not copied(papers) and not list((papers.room.folder / "解密件").iterdir())


def test_a_notice_that_releases_nothing_whole_is_refused(papers: Archive) -> None:
    papers.sign(notice(number_of("1号.pdf")))
    with pytest.raises(CleanCopyRefused):
        cleaned(papers)
    assert not (papers.room.folder / "解密件").exists()


def test_an_altered_file_is_refused_and_the_rest_is_done(papers: Archive) -> None:
    papers.mark("2号.pdf", pdf(2))
    released(papers, "1号.pdf", "2号.pdf")
    with (papers.out / "2号-000001.pdf").open("ab") as stream:
        stream.write(b"\n% altered\n")
    done, refused = cleaned(papers)
    assert done.target is not None
    assert refusal(refused) == "it is not exactly a file of the notice ({why})"
    assert len(copied(papers)) == 1


def test_a_typed_mark_would_stand_unstruck_and_is_refused(papers: Archive) -> None:
    papers.mark("3号.pdf", pdf(typed="机密★10年"))
    released(papers, "3号.pdf")
    (one,) = cleaned(papers)
    assert "perhaps typed in the draft" in refusal(one)
    assert outcomes(papers) == ["not_written_or_not_proved"]
    assert not copied(papers) and not list((papers.room.folder / "解密件").iterdir())


def test_nothing_is_overwritten(papers: Archive) -> None:
    released(papers, "1号.pdf")
    taken = papers.room.folder / "解密件" / "1号-000001-解密件.pdf"
    taken.parent.mkdir()
    taken.write_bytes(b"kept")
    (one,) = cleaned(papers)
    assert isinstance(one.error, OutputExists) and taken.read_bytes() == b"kept"
    assert not copied(papers)


@pytest.mark.parametrize("left", ["name", "mark"])
def test_where_anything_of_ours_is_left_there_is_no_copy(
    papers: Archive, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    released(papers, "1号.pdf")
    if left == "name":
        monkeypatch.setattr(remark_cleaning, "bears_traces", lambda _: True)
    else:

        def not_at_all(_: object, source: Path, target: Path) -> None:
            target.write_bytes(source.read_bytes())

        monkeypatch.setattr(PdfHandler, "clean", not_at_all)
    (one,) = cleaned(papers)
    assert "would be left" in refusal(one)
    assert not copied(papers) and not list((papers.room.folder / "解密件").iterdir())


class _Killed(BaseException):
    """As if the process had been killed: nothing of ours catches it."""


STEPS = {
    "keep_rights": "Was interrupted and is void; nothing of it is left: {file}",
    "_proven": "Was interrupted and is void; nothing of it is left: {file}",
    "give_name": "The ledger has it as a copy without marks, but it never got its name; nothing of "
    "it is left: {file}",
    "after give_name": "Was interrupted at the very end and is now recorded: {file}",
}


@pytest.mark.parametrize("step", STEPS)
def test_doctor_clears_what_a_kill_left_and_the_command_goes_on(
    papers: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    released(papers, "1号.pdf")
    name = step.removeprefix("after ")
    real = getattr(remark_cleaning, name)

    def killed(*args: Any) -> None:
        if step != name:
            real(*args)
        raise _Killed

    with monkeypatch.context() as patched, without_processes(patched):
        patched.setattr(remark_cleaning, name, killed)
        with pytest.raises(_Killed):
            cleaned(papers)
        patient = Patient(papers.room.office, clock.today(), clock.now(), "0")
        with papers.desk() as desk:
            (line,) = releases_seen(desk.ledger, patient)
        assert line.says.msgid == "A run works on it: {file}", "it is left to those at work"
    folder = papers.room.folder / "解密件"
    was_named = step != name
    assert bool(list(folder.glob("*.pdf"))) == was_named
    assert bool(list(folder.glob(".dingmi-*"))) != was_named
    with papers.desk() as desk:
        (line,) = releases_seen(desk.ledger, patient)
        assert line.says.msgid == STEPS[step]
        assert not list(releases_seen(desk.ledger, patient))
    assert outcomes(papers) == ["named" if was_named else "interrupted"]
    assert not list(folder.glob(".dingmi-*"))
    (one,) = cleaned(papers)
    assert isinstance(one.error, OutputExists) if was_named else one.error is None
    (made,) = folder.iterdir()
    bare(PdfHandler(), made)
    assert outcomes(papers)[-1] == "named"


def test_of_what_others_marked_there_is_no_copy_without_marks(papers: Archive) -> None:
    file = put(papers, archived(("机密★10年", LEFT)))
    struck(papers, notice(old_paper(), kind=ChangeKind.RELEASED_EARLY))
    put(papers, archived(("机密★10年", RIGHT)), "另一份.pdf")
    verdicts = cleaned(papers)
    assert sorted(one.path.name for one in verdicts) == ["另一份.pdf", file.name]
    assert all(isinstance(one.error, CleanCopyRefused) for one in verdicts)
    told = {one.path.name: str(one.error.params["cause"]) for one in verdicts if one.error}
    assert "others marked it" in told[file.name] and "mark of before" in told["另一份.pdf"]
