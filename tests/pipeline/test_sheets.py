"""Workbooks marked as they are, from the approval to the clean copy."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from dingmi_mark.errors import (
    MarkNotConfirmed,
    PlaceTaken,
    SheetPlaceUnsure,
    SheetSetupUnfit,
)
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.quote_text import text_of
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.verdicts import Assurance, Status
from dingmi_mark.store.office import Conversion
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
from sheets_kit import BOOK, CELL, LOW, MACROS, Book, Page, workbook

CENTRED = Page(rows=60, first_row=30, before='<printOptions horizontalCentered="1"/>')
FITTED = Page(
    rows=60,
    first_row=60,
    columns=26,
    front='<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    setup='<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0"/>',
    header="<headerFooter><oddFooter>&amp;C第&amp;P页，共&amp;N页</oddFooter></headerFooter>",
)

HIGH = '<pageMargins left="0.7" right="0.7" top="1.5" bottom="0.75" header="0.3" footer="0.3"/>'

pytestmark = [needs_soffice, soffice_group]


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


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        ("sheet2.xml", "机密★10年", "内部", ""),
        (
            "sheet1.xml",
            '<row r="15">',
            '<row r="15" hidden="1">',
            "The content of the file was",
        ),
        ("sheet1.xml", 'paperSize="9"', 'paperSize="9" scale="40"', "not drawn as they were made"),
    ],
    ids=["header", "hidden-row", "scale"],
)
def test_a_file_altered_in_one_sheet_is_found(
    room: Room, part: str, old: str, new: str, told: str
) -> None:
    """Every page of every sheet bears the mark, and shows what was marked, or the file is told."""
    put(room)
    (copy,) = only(room.mark()).copies
    altered = copy.path.with_name("altered.xlsx")
    with zipfile.ZipFile(copy.path) as source, zipfile.ZipFile(altered, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(part):
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            target.writestr(name, content)
    (report,) = check_files([altered], room.office, on_report=lambda _: None)
    assert not report.agrees
    assert told in "".join(str(line.says) for line in report.lines)


def test_cells_in_the_place_of_the_stamp_stop_the_marking(room: Room) -> None:
    put(room, workbook(Book((Page(rows=60, columns=14),))))
    assert isinstance(only(room.mark()).error, PlaceTaken)
    assert not list(room.folder.rglob("*-000001.xlsx"))


def without_stamp(room: Room) -> Room:
    """The office leaves the stamp off."""
    file = room.office.folder / "office.toml"
    text = file.read_text(encoding="utf-8")
    assert "\nstamp = true" in text
    file.write_text(text.replace("\nstamp = true", "\nstamp = false"), encoding="utf-8")
    return room.with_policies()


def test_a_scaled_sheet_with_repeated_rows_and_breaks_is_stamped(room: Room) -> None:
    titles = (
        '<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">表1!$1:$2'
        "</definedName></definedNames>"
    )
    breaks = (
        '<rowBreaks count="1" manualBreakCount="1"><brk id="58" max="16383" man="1"/></rowBreaks>'
    )
    small = Page(
        rows=60, first_row=30, setup='<pageSetup paperSize="9" scale="50"/>', header=breaks
    )
    put(room, workbook(Book((small,), names=titles)))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert verdict.copies[0].assurance is Assurance.RENDERED
    (report,) = check_files([verdict.copies[0].path], room.office, on_report=lambda _: None)
    assert report.agrees, report


@pytest.mark.parametrize("page", [CENTRED, FITTED], ids=["centred", "fitted"])
def test_a_stamp_without_a_sure_place_stops_the_marking(room: Room, page: Page) -> None:
    """The header's letters still come out in true size."""
    put(room, workbook(Book((page, LOW))))
    assert isinstance(only(room.mark()).error, SheetPlaceUnsure)
    verdict = only(without_stamp(room).mark())
    assert verdict.status is Status.MARKED, verdict.error
    (copy,) = verdict.copies
    assert copy.assurance is Assurance.RENDERED
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert report.agrees, report


def test_it_is_said_which_program_prints_a_fitted_sheet_true(room: Room) -> None:
    put(room, workbook(Book((LOW, FITTED))))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    told = [str(remark) for remark in verdict.remarks]
    assert any("LibreOffice prints it smaller" in one and " 2" in one for one in told), told


def test_a_header_without_room_stops_the_marking(room: Room) -> None:
    low = LOW.margins.replace('top="0.75"', 'top="0.4"')
    put(room, workbook(Book((Page(rows=9, margins=low),))))
    error = only(room.mark()).error
    assert isinstance(error, SheetSetupUnfit) and error.params["number"] == 1
    assert not list(room.folder.rglob("*-000001.xlsx"))


@pytest.mark.parametrize("corner", ["C", "R"])
def test_a_title_that_runs_into_the_mark_stops_the_marking(corner: str, room: Room) -> None:
    title = "示例市示范局年度示例事项预算执行情况汇总统计表（内部资料）" * (1 + (corner == "R"))
    header = f"<headerFooter><oddHeader>&amp;{corner}{title}</oddHeader></headerFooter>"
    put(room, workbook(Book((Page(rows=60, first_row=15, header=header, margins=HIGH),))))
    error = only(room.mark()).error
    assert isinstance(error, MarkNotConfirmed) and "run into" in str(error.message)
    assert not list(room.folder.rglob("*-000001.xlsx"))


def test_a_short_title_beside_the_mark_stays(room: Room) -> None:
    header = "<headerFooter><oddHeader>&amp;C样例统计表</oddHeader></headerFooter>"
    put(room, workbook(Book((Page(rows=60, first_row=15, header=header, margins=HIGH),))))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error


def test_a_mark_typed_into_a_header_stops_the_marking(room: Room) -> None:
    header = "<headerFooter><oddHeader>&amp;L机密★10年</oddHeader></headerFooter>"
    put(room, workbook(Book((Page(rows=60, first_row=15, header=header), LOW))))
    assert isinstance(only(room.mark()).error, PlaceTaken)


def test_macros_stay(room: Room) -> None:
    put(room, workbook(Book((LOW,), kind=MACROS)), "通知.xlsm")
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    with zipfile.ZipFile(verdict.copies[0].path) as archive_:
        assert archive_.read("xl/vbaProject.bin")


def test_what_cannot_be_marked_as_it_is_still_becomes_a_pdf(tmp_path: Path) -> None:
    path = tmp_path / "draft.xlsx"
    path.write_bytes(workbook(Book((Page(margins=""),))))
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
    file = papers.mark("1号.xlsx", workbook(Book((*BOOK.pages, FITTED))))
    result = remarked(papers, notice(number_of("1号.xlsx")))
    assert [verdict.status for verdict in result.verdicts] == [RemarkStatus.CHANGED], result
    (report,) = check_files([file], papers.room.office, on_report=lambda _: None)
    assert report.agrees, report
    with zipfile.ZipFile(file) as archive_:
        for number in (1, 2, 3, 4):
            sheet = archive_.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert "&amp;S机密★10年&amp;S" in sheet and "秘密★5年" in sheet
        assert 'prst="line"' in archive_.read("xl/drawings/dingmi-1.xml").decode()


@pytest.mark.parametrize(("face", "width"), [("Calibri", None), ("宋体", 9)])
def test_a_stamp_leaves_the_pages_as_many_as_they_were(
    face: str, width: float | None, room: Room
) -> None:
    """The boxes of its words are wider than these: over the last column, they begin a new page."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book, stream = Workbook(), BytesIO()
    sheet = book.worksheets[0]
    sheet["A1"] = "样例"
    book._named_styles["Normal"].font = Font(name=face, size=11)
    sheet.sheet_format.baseColWidth, sheet.sheet_format.defaultColWidth = 10, width
    sheet.page_margins.left = sheet.page_margins.right = 0.7
    sheet.page_margins.top = sheet.page_margins.bottom = 0.8
    sheet.page_margins.header = 0.3
    sheet.page_setup.paperSize = 9
    book.save(stream)
    put(room, stream.getvalue())
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
