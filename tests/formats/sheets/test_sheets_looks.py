"""The content digest tells what is seen of a sheet, however another program writes it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet

from dingmi_mark.formats.office_convert import converted
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.formats.sheets.looks import told_alike
from office_files_kit import needs_soffice, soffice_group
from opc_kit import rels, xml
from sheets_kit import Book, Page, saved

HANDLER = SheetHandler()
AGAIN = "xlsx:Calc MS Excel 2007 XML"
FORMATS = (
    "General", "0.00", "#,##0", "0%", "mm-dd-yy", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', "@", ";;;",
    '[$-804]yyyy"年"m"月"', '"¥"#,##0.00', "[Red]-0.00;0.00", "# ?/?", "h:mm", "d-mmm-yy",
    '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "0.00_);[Red]\\(0.00\\)", '"样例"0',
    "[DBNum1][$-804]General", "aaaa", '[>100]"大";0',
)  # fmt: skip


def written(folder: Path, name: str, change: Callable[[Worksheet], object] = id) -> Path:
    """A workbook with a sheet of numbers and words, changed in one thing."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row, code in enumerate(FORMATS, 1):
        sheet.cell(row, 1, 44_000.25 + row).number_format = code
        sheet.cell(row, 2, "样例")
    sheet["A2"].comment = Comment("样例：批注\n第二行", "起草人")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.print_area = "A1:C20"
    sheet.sheet_view.showZeros = False
    nothing = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=";;;"))
    sheet.conditional_formatting.add(
        "A1:A9", Rule(type="expression", formula=["$A1>3"], dxf=nothing)
    )
    change(sheet)
    stream = BytesIO()
    book.save(stream)
    path = folder / f"{name}.xlsx"
    path.write_bytes(stream.getvalue())
    return path


def digest(path: Path) -> str:
    return HANDLER.inspect(path).content_digest


def _format(sheet: Worksheet) -> None:
    sheet["A1"].number_format = "yyyy-mm-dd"


def _nothing(sheet: Worksheet) -> None:
    sheet["B3"].number_format = ";;;"


def _row(sheet: Worksheet) -> None:
    sheet.row_dimensions[6].hidden = True


def _column(sheet: Worksheet) -> None:
    sheet.column_dimensions["B"].hidden = False


def _comment(sheet: Worksheet) -> None:
    sheet["A2"].comment = Comment("样例：别的批注", "起草人")


def _area(sheet: Worksheet) -> None:
    sheet.print_area = "A1:C10"


def _zeros(sheet: Worksheet) -> None:
    sheet.sheet_view.showZeros = True


def _rule(sheet: Worksheet) -> None:
    shown = DifferentialStyle(numFmt=NumberFormat(numFmtId=201, formatCode="0.0"))
    sheet.conditional_formatting.add("A2", Rule(type="expression", formula=["TRUE"], dxf=shown))


def _epoch(sheet: Worksheet) -> None:
    assert sheet.parent is not None
    sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904


@pytest.mark.parametrize(
    "change",
    [_format, _nothing, _row, _column, _comment, _area, _zeros, _rule, _epoch],
    ids=lambda change: change.__name__.strip("_"),
)
def test_what_changes_what_is_seen_has_another_digest(
    tmp_path: Path, change: Callable[[Worksheet], None]
) -> None:
    assert digest(written(tmp_path, "other", change)) != digest(written(tmp_path, "draft"))


def test_a_column_without_width_is_hidden(tmp_path: Path) -> None:
    narrow, none, hidden = (
        digest(saved(tmp_path, Book((Page(front=f"<cols>{one}</cols>"),)), "draft.xlsx"))
        for one in (
            '<col min="2" max="2" width="1"/>',
            '<col min="2" max="2" width="0"/>',
            '<col min="2" max="2" width="9" hidden="true"/>',
        )
    )
    assert none == hidden != narrow


def _wide(sheet: Worksheet) -> None:
    sheet.column_dimensions["C"].width = 30


def _empty(sheet: Worksheet) -> None:
    sheet.row_dimensions[99].hidden = True
    sheet["H99"].number_format = "0.00"


@pytest.mark.parametrize("change", [_wide, _empty], ids=["wide", "empty"])
def test_looks_and_empty_cells_change_nothing(
    tmp_path: Path, change: Callable[[Worksheet], None]
) -> None:
    assert digest(written(tmp_path, "other", change)) == digest(written(tmp_path, "draft"))


@needs_soffice
@soffice_group
def test_a_workbook_that_libreoffice_saved_anew_says_the_same(tmp_path: Path) -> None:
    draft = written(tmp_path, "draft")
    (tmp_path / "anew").mkdir()
    again = converted(draft, tmp_path / "anew", ".xlsx", AGAIN)
    assert again.read_bytes() != draft.read_bytes()
    assert digest(again) == digest(draft)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("General", "@"),
        ("yyyy-mm-dd", "YYYY\\-MM\\-DD"),
        ('yyyy"年"', "yyyy\\年"),
        ('"-"??_ ', "\\-??_ "),
        ("[Red]0", "[RED]0"),
    ],
)
def test_formats_are_told_alike(one: str, other: str) -> None:
    assert told_alike(one) == told_alike(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('yyyy"d"', "yyyyd"),
        ("0", '"0"'),
        ("\\;0", ";0"),
        ("_-0", "-0"),
        ("0", "0.0"),
    ],
)
def test_what_formats_mean_is_told_apart(one: str, other: str) -> None:
    assert told_alike(one) != told_alike(other)


@pytest.mark.parametrize(
    "code",
    ["", '"', "\\", "_", "*", "[", '"]', "[[[", "\\\n", pytest.param("[" * 999_999, id="long")],
)
def test_a_code_left_open_is_told_as_it_is(code: str) -> None:
    assert isinstance(told_alike(code), str)


@pytest.mark.parametrize(
    "front",
    [
        '<cols><col min="0" max="99999999999" hidden="1"/></cols>',
        '<cols><col min="9" max="2" hidden="1"/></cols>',
        '<cols><col min="x" width="0"/></cols>',
    ],
)
def test_columns_out_of_bounds_hide_what_they_can(tmp_path: Path, front: str) -> None:
    assert digest(saved(tmp_path, Book((Page(front=front),)), "draft.xlsx")).startswith("sm3:")


def test_a_comment_in_a_thread_is_content(tmp_path: Path) -> None:
    """What is written in threads is kept in a part of its own."""
    kind = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    space = "http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"

    def with_thread(words: str) -> Path:
        thread = f'<threadedComment ref="A1"><text>{words}</text></threadedComment>'
        more = {
            "xl/worksheets/_rels/sheet1.xml.rels": rels((kind, "../threadedComments/one.xml")),
            "xl/threadedComments/one.xml": xml(
                f'<ThreadedComments xmlns="{space}">{thread}</ThreadedComments>'
            ),
        }
        return saved(tmp_path, Book(more=more), f"{words}.xlsx")

    assert digest(with_thread("样例")) != digest(with_thread("别的"))
