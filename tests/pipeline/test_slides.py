"""Presentations that the office wants marked as they are, the whole way."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dingmi_mark.errors import (
    DraftNotComparable,
    PlaceTaken,
)
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.comparing import compare_drafts
from dingmi_mark.pipeline.quote_text import text_of
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.verdicts import Status
from late_kit import LATE
from office_files_kit import needs_soffice, soffice_group
from office_kit import Room, approved, new_room, only
from remark_kit import (
    Archive,
    People,
    archive,
    notice,
    number_of,
    remarked,
    without_processes,
)
from slides_kit import MACROS, NOTES, SHOW, Sheet, Show, slides, text_box

pytestmark = [needs_soffice, soffice_group]


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


def test_a_taken_place_stops_the_marking(room: Room) -> None:
    full = "".join(
        text_box("样例：到处是字的虚构内容" * 2, 10, 2 + 8 * row, row + 9, 240) for row in range(20)
    )
    put(room, slides(Show((Sheet(more=full),))))
    assert isinstance(only(room.mark()).error, PlaceTaken)
    assert not list(room.folder.rglob("*-000001.pptx"))


def test_macros_stay(room: Room) -> None:
    put(room, slides(Show(kind=MACROS)), "通知.pptm")
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    with zipfile.ZipFile(verdict.copies[0].path) as archive:
        assert archive.read("ppt/vbaProject.bin")


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
