"""Workbooks marked as they are, from the approval to the clean copy."""

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
    PlaceTaken,
    SheetPlaceUnsure,
    SheetSetupUnfit,
)
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.converting import as_markable, suffix_after
from dingmi_mark.pipeline.notices import registered_notice
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.quote_text import text_of
from dingmi_mark.pipeline.remark_cleaning import clean_copies
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Assurance, Status
from dingmi_mark.store.office import Conversion, ConvertTo
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
from sheets_kit import CELL, MACROS, Book, Page, workbook

pytestmark = [needs_soffice, soffice_group]

NATIVE = Conversion(sheets=ConvertTo.NATIVE)
LOW = Page(rows=60, first_row=15)
BOOK = Book(
    (LOW, Page(setup='<pageSetup paperSize="9" orientation="landscape"/>'), Page(state="hidden"))
)
"""The first sheet leaves room at the top, as the stamp's template wants it."""


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with without_processes(monkeypatch):
        yield


def native(room: Room) -> Room:
    return room.with_policies('sheets = "native"')


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return native(new_room(tmp_path))


def put(room: Room, content: bytes | None = None, name: str = "通知.xlsx") -> Path:
    content = workbook(BOOK) if content is None else content
    return room.put(name, content, approved(content, name))


def test_a_workbook_is_marked_found_and_shown(room: Room) -> None:
    draft = put(room)
    before = draft.read_bytes()
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert draft.read_bytes() == before
    (copy,) = verdict.copies
    assert copy.path.name == "通知-000001.xlsx"
    assert copy.assurance is Assurance.RENDERED
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert report.agrees, report
    assert show_file(copy.path, room.office).format == "XLSX"
    with room.ledger() as ledger:
        assert not ledger.acts(DraftConverted)
    assert only(room.mark()).status is Status.UNCHANGED


def test_a_deleted_mark_is_found(room: Room) -> None:
    put(room)
    (copy,) = only(room.mark()).copies
    bare = copy.path.with_name("bare.xlsx")
    SheetHandler().unmark(copy.path, bare)
    (report,) = check_files([bare], room.office, on_report=lambda _: None)
    assert not report.agrees


def test_a_sheet_whose_header_was_emptied_is_found(room: Room) -> None:
    """One header of three: every page of every sheet bears the mark, or the file is told."""
    put(room)
    (copy,) = only(room.mark()).copies
    altered = copy.path.with_name("altered.xlsx")
    with zipfile.ZipFile(copy.path) as source, zipfile.ZipFile(altered, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet2.xml"):
                assert "机密★10年".encode() in content
                content = content.replace("机密★10年".encode(), "内部".encode())
            target.writestr(name, content)
    (report,) = check_files([altered], room.office, on_report=lambda _: None)
    assert not report.agrees


def test_cells_in_the_place_of_the_stamp_stop_the_marking(room: Room) -> None:
    put(room, workbook(Book((Page(rows=60, columns=14),))))
    assert isinstance(only(room.mark()).error, PlaceTaken)
    assert not list(room.folder.rglob("*-000001.xlsx"))


def test_a_stamp_without_a_sure_place_stops_the_marking(room: Room) -> None:
    """On a scaled sheet nothing floats; the header's letters still come out in true size."""
    half = Page(rows=60, first_row=30, setup='<pageSetup paperSize="9" scale="50"/>')
    put(room, workbook(Book((half,))))
    assert isinstance(only(room.mark()).error, SheetPlaceUnsure)
    file = room.office.folder / "office.toml"
    text = file.read_text(encoding="utf-8")
    assert "\nstamp = true" in text
    file.write_text(text.replace("\nstamp = true", "\nstamp = false"), encoding="utf-8")
    verdict = only(room.with_policies().mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert verdict.copies[0].assurance is Assurance.RENDERED


def test_a_header_without_room_stops_the_marking(room: Room) -> None:
    low = LOW.margins.replace('top="0.75"', 'top="0.4"')
    put(room, workbook(Book((Page(rows=9, margins=low),))))
    error = only(room.mark()).error
    assert isinstance(error, SheetSetupUnfit) and error.params["number"] == 1
    assert not list(room.folder.rglob("*-000001.xlsx"))


def test_a_mark_typed_into_a_header_stops_the_marking(room: Room) -> None:
    header = "<headerFooter><oddHeader>&amp;L机密★10年</oddHeader></headerFooter>"
    put(room, workbook(Book((Page(rows=60, first_row=15, header=header), LOW))))
    assert isinstance(only(room.mark()).error, PlaceTaken)


def test_sheets_are_not_marked_unseen(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(room)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(only(room.mark()).error, ConfirmationToolFailed)


def test_macros_stay_and_older_formats_become_pdf(room: Room) -> None:
    put(room, workbook(Book((LOW,), kind=MACROS)), "通知.xlsm")
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    with zipfile.ZipFile(verdict.copies[0].path) as archive_:
        assert archive_.read("xl/vbaProject.bin")
    assert suffix_after(Path("a.xls"), NATIVE) == ".pdf"
    assert suffix_after(Path("a.xlsx"), NATIVE) == ".xlsx"
    assert suffix_after(Path("a.xlsx"), Conversion()) == ".pdf"


def test_a_marked_workbook_is_not_converted_and_marked_again(room: Room) -> None:
    put(room)
    (copy,) = only(room.mark()).copies
    other = new_room(room.folder / "other")
    other.put("重来.xlsx", copy.path.read_bytes(), approved(copy.path.read_bytes(), "重来.xlsx"))
    assert isinstance(only(other.mark()).error, AlreadyMarkedOtherwise)
    with as_markable(copy.path, Conversion()) as made:
        assert made.conversion is None


def test_what_cannot_be_marked_as_it_is_still_becomes_a_pdf(tmp_path: Path) -> None:
    fit = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    path = tmp_path / "draft.xlsx"
    path.write_bytes(workbook(Book((Page(front=fit),))))
    with as_markable(path, Conversion()) as made:
        assert made.path.suffix == ".pdf"


def test_cells_of_hidden_sheets_are_read_for_quotations(tmp_path: Path) -> None:
    path = tmp_path / "draft.xlsx"
    path.write_bytes(workbook(Book((Page(rows=1, columns=1), Page(rows=1, state="hidden")))))
    found = text_of(path, handler_with(path, Access()), 10)
    assert [part.text for part in found.parts] == [CELL, f"{CELL}\t2"]
    assert not found.unread


# ── what a notice changes ────────────────────────────────────────────────────────────────────


@pytest.fixture
def papers(tmp_path: Path) -> Archive:
    """An office that marks workbooks as they are and allows copies without marks."""
    made = archive(tmp_path)
    room = native(made.room).with_policies("clean_copies = true")
    return Archive(People(room, made.crew.hands), {})


def test_a_changed_level_is_written_beside_the_struck_mark(papers: Archive) -> None:
    file = papers.mark("1号.xlsx", workbook(BOOK))
    result = remarked(papers, notice(number_of("1号.xlsx")))
    assert [verdict.status for verdict in result.verdicts] == [RemarkStatus.CHANGED], result
    (report,) = check_files([file], papers.room.office, on_report=lambda _: None)
    assert report.agrees, report
    with zipfile.ZipFile(file) as archive_:
        for number in (1, 2, 3):
            sheet = archive_.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert "&amp;S机密★10年&amp;S" in sheet and "秘密★5年" in sheet
        assert 'prst="line"' in archive_.read("xl/drawings/dingmi-1.xml").decode()


def test_a_released_workbook_gets_a_copy_without_marks(papers: Archive) -> None:
    papers.mark("1号.xlsx", workbook(BOOK))
    remarked(papers, notice(number_of("1号.xlsx"), kind=ChangeKind.RELEASED_EARLY))
    with papers.desk() as desk:
        checked = registered_notice(CHANGE, desk)
        out = papers.room.folder / "解密件"
        (verdict,) = clean_copies(checked, (papers.out,), out, desk, told=str, workers=1)
    assert verdict.error is None and verdict.target is not None
    assert not bears_traces(verdict.target)
    with zipfile.ZipFile(verdict.target) as archive_:
        assert "机密" not in archive_.read("xl/worksheets/sheet1.xml").decode()


def test_a_print_job_of_sheets_is_checked(papers: Archive) -> None:
    file = papers.mark("1号.xlsx", workbook(BOOK))
    request = PrintRequest((file,), DRAFTER)
    (verdict,) = preprint_files(request, papers.room.office, on_verdict=lambda _: None)
    assert verdict.reason is PrintReason.MARKED
