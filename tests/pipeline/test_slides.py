"""Presentations that the office wants marked as they are, the whole way."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.ledger_drafts import DraftConverted
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.errors import (
    AlreadyMarkedOtherwise,
    ConfirmationToolFailed,
    DraftNotComparable,
    PlaceTaken,
)
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.formats.pptx import PptxHandler
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.comparing import compare_drafts
from dingmi_mark.pipeline.converting import as_markable, suffix_after
from dingmi_mark.pipeline.notices import registered_notice
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.quote_text import text_of
from dingmi_mark.pipeline.remark_cleaning import clean_copies
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Assurance, Status
from dingmi_mark.store.office import Conversion, ConvertTo
from late_kit import LATE
from office_files_kit import needs_soffice, soffice_group
from office_kit import Room, approved, new_room, only
from remark_kit import (
    CHANGE,
    DRAFTER,
    Archive,
    People,
    archive,
    notice,
    number_of,
    remarked,
    without_processes,
)
from slides_kit import MACROS, NOTES, Sheet, Show, slides, text_box

pytestmark = [needs_soffice, soffice_group]

NATIVE = Conversion(slides=ConvertTo.NATIVE)
SHOW = Show((Sheet(notes=NOTES), Sheet("样例：第二张", hidden=True)))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with without_processes(monkeypatch):
        yield


def native(room: Room) -> Room:
    return room.with_policies('slides = "native"')


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return native(new_room(tmp_path))


def put(room: Room, content: bytes | None = None, name: str = "通知.pptx") -> Path:
    content = slides(SHOW) if content is None else content
    return room.put(name, content, approved(content, name))


def test_a_presentation_is_marked_found_and_shown(room: Room) -> None:
    draft = put(room)
    before = draft.read_bytes()
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert draft.read_bytes() == before
    (copy,) = verdict.copies
    assert copy.path.name == "通知-000001.pptx"
    assert copy.assurance is Assurance.RENDERED
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert report.agrees, report
    assert show_file(copy.path, room.office).format == "PPTX"
    with room.ledger() as ledger:
        assert not ledger.acts(DraftConverted)
    assert only(room.mark()).status is Status.UNCHANGED


def test_a_deleted_mark_is_found(room: Room) -> None:
    put(room)
    (copy,) = only(room.mark()).copies
    bare = copy.path.with_name("bare.pptx")
    PptxHandler().unmark(copy.path, bare)
    (report,) = check_files([bare], room.office, on_report=lambda _: None)
    assert not report.agrees


def test_a_taken_place_stops_the_marking(room: Room) -> None:
    full = "".join(
        text_box("样例：到处是字的虚构内容" * 2, 10, 2 + 8 * row, row + 9, 240) for row in range(20)
    )
    put(room, slides(Show((Sheet(more=full),))))
    assert isinstance(only(room.mark()).error, PlaceTaken)
    assert not list(room.folder.rglob("*-000001.pptx"))


def test_slides_are_not_marked_unseen(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(room)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(only(room.mark()).error, ConfirmationToolFailed)


def test_macros_stay_and_older_formats_become_pdf(room: Room, tmp_path: Path) -> None:
    put(room, slides(Show(kind=MACROS)), "通知.pptm")
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    with zipfile.ZipFile(verdict.copies[0].path) as archive:
        assert archive.read("ppt/vbaProject.bin")
    assert suffix_after(Path("a.ppt"), NATIVE) == ".pdf"
    assert suffix_after(Path("a.pptx"), NATIVE) == ".pptx"
    assert suffix_after(Path("a.pptx"), Conversion()) == ".pdf"


def test_a_marked_presentation_is_not_converted_and_marked_again(room: Room) -> None:
    put(room)
    (copy,) = only(room.mark()).copies
    other = new_room(room.folder / "other")
    other.put("重来.pptx", copy.path.read_bytes(), approved(copy.path.read_bytes(), "重来.pptx"))
    assert isinstance(only(other.mark()).error, AlreadyMarkedOtherwise)
    with as_markable(copy.path, Conversion()) as made:
        assert made.conversion is None


def test_nothing_is_filled_in_into_slides(tmp_path: Path) -> None:
    for name in ("approved.pptx", "given.pptx"):
        (tmp_path / name).write_bytes(slides())
    with pytest.raises(DraftNotComparable, match="slides"):
        compare_drafts(tmp_path / "approved.pptx", tmp_path / "given.pptx", LATE)


def test_words_and_notes_are_read_for_quotations(tmp_path: Path) -> None:
    path = tmp_path / "draft.pptx"
    long = "样例：第一张说的是虚构的示例江堤防洪演练"
    path.write_bytes(slides(Show((Sheet(long, notes=NOTES),))))
    found = text_of(path, handler_with(path, Access()), 10)
    assert [part.text for part in found.parts] == [long, NOTES]
    assert not found.unread
    path.write_bytes(slides(Show((Sheet("", notes=NOTES), Sheet(long)))))
    assert [part.text for part in text_of(path, handler_with(path, Access()), 10).parts] == [
        NOTES,
        long,
    ]


# ── what a notice changes ────────────────────────────────────────────────────────────────────


@pytest.fixture
def papers(tmp_path: Path) -> Archive:
    """An office that marks presentations as they are and allows copies without marks."""
    made = archive(tmp_path)
    room = native(made.room).with_policies("clean_copies = true")
    return Archive(People(room, made.crew.hands), {})


def test_a_changed_level_is_written_beside_the_struck_mark(papers: Archive) -> None:
    file = papers.mark("1号.pptx", slides(SHOW))
    result = remarked(papers, notice(number_of("1号.pptx")))
    assert [verdict.status for verdict in result.verdicts] == [RemarkStatus.CHANGED], result
    (report,) = check_files([file], papers.room.office, on_report=lambda _: None)
    assert report.agrees, report
    with zipfile.ZipFile(file) as archive_:
        slide = archive_.read("ppt/slides/slide1.xml").decode()
    assert "机密★10年</a:t>" in slide and "秘密★5年</a:t>" in slide
    assert 'prst="line"' in slide


def test_a_released_presentation_gets_a_copy_without_marks(papers: Archive) -> None:
    papers.mark("1号.pptx", slides(SHOW))
    remarked(papers, notice(number_of("1号.pptx"), kind=ChangeKind.RELEASED_EARLY))
    with papers.desk() as desk:
        checked = registered_notice(CHANGE, desk)
        out = papers.room.folder / "解密件"
        (verdict,) = clean_copies(checked, (papers.out,), out, desk, told=str, workers=1)
    assert verdict.error is None and verdict.target is not None
    assert not bears_traces(verdict.target)
    with zipfile.ZipFile(verdict.target) as archive_:
        assert "机密" not in archive_.read("ppt/slides/slide1.xml").decode()


def test_a_print_job_of_slides_is_checked(papers: Archive) -> None:
    file = papers.mark("1号.pptx", slides(SHOW))
    request = PrintRequest((file,), DRAFTER)
    (verdict,) = preprint_files(request, papers.room.office, on_verdict=lambda _: None)
    assert verdict.reason is PrintReason.MARKED
