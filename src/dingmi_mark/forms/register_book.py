"""Write registers and statistics as workbooks (XLSX): every number is a formula over the rows.

A statistic has two sheets: the table, and the rows that it counts. Who checks it changes nothing
but follows the formulas. Values are texts, dates and numbers, never formulas by accident.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.statistic import (
    CountColumn,
    CountLine,
    Register,
    RowColumn,
    SumColumn,
    Total,
    conditions,
    full_name,
)
from dingmi_mark.domain.yearly import Row, Value
from dingmi_mark.errors import FormCannotHold
from dingmi_mark.formats.office_file import settled
from dingmi_mark.forms.definition import NOTICE
from dingmi_mark.forms.table_writing import MAX_TEXT, cannot_hold, lines_in
from dingmi_mark.messages import Fault

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

TABLE: Final = "统计表"
ROWS: Final = "明细"
LIST: Final = "台账"
TOTAL: Final = "合计"
_PEN: Final = "填表人：　　　　　　审核人：　　　　　　填表日期：　　　　年　　月　　日"
_DAY_FORMAT: Final = 'yyyy"年"m"月"d"日"'
_HEADING_ROW: Final = 4
"""Before it stand the notice, the title, and of whom and when it tells."""
_LINE_WIDTHS: Final = (22, 12)
_COUNT_WIDTH: Final = 11
_HEAD_PT, _TITLE_PT = 30, 26
_LINE_PT: Final = 14.5
_PAGES_WIDE: Final = 2
"""How many pages a list is wide in print."""


@dataclass(frozen=True)
class Heading:
    """What stands above a register: title with its year, whose it is, as of which day."""

    title: str
    organ: str
    day: date

    @property
    def told(self) -> str:
        """Of whom and when it tells."""
        return f"机关、单位：{self.organ}　　截至：{self.day}"


def book_bytes(register: Register, rows: Sequence[Row], heading: Heading) -> bytes:
    """Return the workbook of a register. Raises FormCannotHold for a text no workbook can hold."""
    from openpyxl import Workbook

    if faults := tuple(_cannot_hold(register, rows)):
        raise FormCannotHold(count=len(faults), faults=faults)
    book = Workbook()
    sheet = book.active
    if register.is_statistic:
        sheet.title = TABLE
        details = book.create_sheet(ROWS)
        _rows(details, register, rows, heading)
        _table(sheet, register, len(rows), heading)
    else:
        sheet.title = LIST
        after = _rows(sheet, register, rows, heading)
        sheet.page_setup.fitToWidth = _PAGES_WIDE
        sheet.print_title_cols = "A:B"
        _foot(sheet, register, after + 1)
    stream = BytesIO()
    book.save(stream)
    return settled(stream.getvalue())


def _cannot_hold(register: Register, rows: Sequence[Row]) -> Iterator[Fault]:
    for row in rows:
        for column in register.columns:
            value = row[column.field] if column.field else ""
            if isinstance(value, str) and (what := cannot_hold(value, MAX_TEXT)) is not None:
                yield Fault(f"{row['approval']} {column.name}".strip(), what)


def _head(sheet: Worksheet, register: Register, heading: Heading, width: int) -> None:
    from openpyxl.styles import Alignment, Font

    fonts = (
        Font(name="黑体", size=10, color="FFC00000"),
        Font(name="宋体", size=16, bold=True),
        Font(name="宋体", size=10),
    )
    for row, (text, font) in enumerate(
        zip((NOTICE, heading.title, heading.told), fonts, strict=True), 1
    ):
        cell = sheet.cell(row, 1)
        _put(cell, text)
        cell.font = font
        cell.alignment = Alignment(
            horizontal="center" if row == 2 and register.is_statistic else "left",
            vertical="center",
            wrap_text=True,
        )
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    sheet.row_dimensions[1].height = _HEAD_PT
    sheet.row_dimensions[2].height = _TITLE_PT
    sheet.oddFooter.center.text = "&A　第 &P 页 共 &N 页"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _rows(sheet: Worksheet, register: Register, rows: Sequence[Row], heading: Heading) -> int:
    """Write the rows and their totals; return the first row after them."""
    from openpyxl.utils import get_column_letter

    _head(sheet, register, heading, len(register.columns) + 1)
    names = ("序号", *(column.name for column in register.columns))
    widths = (6, *(column.width for column in register.columns))
    for at, (name, width) in enumerate(zip(names, widths, strict=True), 1):
        _heading(sheet.cell(_HEADING_ROW, at), name)
        sheet.column_dimensions[get_column_letter(at)].width = width
    for number, row in enumerate(rows, 1):
        values = [row[column.field] if column.field else "" for column in register.columns]
        for at, value in enumerate((number, *values), 1):
            _boxed(sheet.cell(_HEADING_ROW + number, at), value)
        lines = (lines_in(str(each), int(w)) for each, w in zip(values, widths[1:], strict=True))
        sheet.row_dimensions[_HEADING_ROW + number].height = max(lines) * _LINE_PT
    sheet.freeze_panes = sheet.cell(_HEADING_ROW + 1, 2)
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    after = _last(len(rows)) + 1
    if any(column.total is not Total.NONE for column in register.columns):
        _boxed(sheet.cell(after, 1), TOTAL)
        for at, column in enumerate(register.columns, 2):
            _boxed(sheet.cell(after, at), "")
            if column.total is not Total.NONE:
                formula = _total(column, get_column_letter(at), len(rows))
                _formula_in(sheet.cell(after, at), formula)
        after += 1
    return after


def _last(count: int) -> int:
    """Return the last row that formulas reach: one empty row where there are none."""
    return _HEADING_ROW + max(count, 1)


def _total(column: RowColumn, letter: str, count: int) -> str:
    function = "COUNTA" if column.total is Total.COUNT else "SUM"
    return f"={function}({letter}{_HEADING_ROW + 1}:{letter}{_last(count)})"


def _table(sheet: Worksheet, register: Register, count: int, heading: Heading) -> None:
    from openpyxl.utils import get_column_letter

    columns = register.counts
    _head(sheet, register, heading, len(columns) + 2)
    for at, width in enumerate(_LINE_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    _table_head(sheet, register)
    first = _HEADING_ROW + 2
    for row, line in enumerate(register.lines, first):
        _heading(sheet.cell(row, 1), line.group or line.name)
        _heading(sheet.cell(row, 2), line.name)
        for at, column in enumerate(columns, 3):
            _formula_in(sheet.cell(row, at), _formula(register, line, column, row, count))
    _join_groups(sheet, register, first)
    total = first + len(register.lines)
    _heading(sheet.cell(total, 1), TOTAL)
    _heading(sheet.cell(total, 2), "")
    sheet.merge_cells(start_row=total, start_column=1, end_row=total, end_column=2)
    for at in range(3, len(columns) + 3):
        letter = get_column_letter(at)
        _formula_in(sheet.cell(total, at), f"=SUM({letter}{first}:{letter}{total - 1})")
    _foot(sheet, register, total + 2)


def _join_groups(sheet: Worksheet, register: Register, first: int) -> None:
    """Lines of a group share its heading; one without a group has its name over both columns."""
    begun = first
    for row, line in enumerate(register.lines, first):
        after = row - first + 1
        following = register.lines[after].group if after < len(register.lines) else ""
        if not line.group:
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=2)
            begun = row + 1
        elif following != line.group:
            sheet.merge_cells(start_row=begun, start_column=1, end_row=row, end_column=1)
            begun = row + 1


def _table_head(sheet: Worksheet, register: Register) -> None:
    """Two rows: groups above, names below; what has no group spans both."""
    from openpyxl.utils import get_column_letter

    top, names = _HEADING_ROW, _HEADING_ROW + 1
    for at in (1, 2):
        _heading(sheet.cell(top, at), "")
        _heading(sheet.cell(names, at), "")
    sheet.merge_cells(start_row=top, start_column=1, end_row=names, end_column=2)
    begun = 3
    for at, column in enumerate(register.counts, 3):
        _heading(sheet.cell(top, at), column.group or column.name)
        _heading(sheet.cell(names, at), column.name)
        sheet.column_dimensions[get_column_letter(at)].width = _COUNT_WIDTH
        following = register.counts[at - 2].group if at - 2 < len(register.counts) else ""
        if not column.group:
            sheet.merge_cells(start_row=top, start_column=at, end_row=names, end_column=at)
            begun = at + 1
        elif following != column.group:
            sheet.merge_cells(start_row=top, start_column=begun, end_row=top, end_column=at)
            begun = at + 1


def _formula(
    register: Register, line: CountLine, column: CountColumn | SumColumn, row: int, count: int
) -> str:
    from openpyxl.utils import get_column_letter

    if isinstance(column, SumColumn):
        letters = {
            full_name(each): get_column_letter(at) for at, each in enumerate(register.counts, 3)
        }
        added = "+".join(f"{letters[name]}{row}" for name in column.of)
        return "=" + added + "".join(f"-{letters[name]}{row}" for name in column.less)
    fields = [each.field for each in register.columns]
    asked = conditions(line, column)
    if not asked:
        return f"={count}"
    pairs = (
        f'{_range(get_column_letter(fields.index(key) + 2), count)},"{word}"'
        for key, word in asked.items()
    )
    return f"=COUNTIFS({','.join(pairs)})"


def _range(letter: str, count: int) -> str:
    return f"{ROWS}!${letter}${_HEADING_ROW + 1}:${letter}${_last(count)}"


def _foot(sheet: Worksheet, register: Register, row: int) -> None:
    from openpyxl.styles import Alignment, Font

    told = "；".join(f"{b.law}{b.provision}（{b.certainty.value}）" for b in register.bases)
    lines = (_PEN, f"依据：{told}。" if told else "", *register.notes)
    width = sheet.max_column
    for at, text in enumerate((each for each in lines if each), row):
        cell = sheet.cell(at, 1)
        _put(cell, text)
        cell.font = Font(name="宋体", size=10)
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.merge_cells(start_row=at, start_column=1, end_row=at, end_column=width)
        sheet.row_dimensions[at].height = _HEAD_PT


def _heading(cell: Cell, text: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    _boxed(cell, text)
    cell.font = Font(name="宋体", size=10, bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE7EEF7")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _boxed(cell: Cell, value: Value) -> None:
    from openpyxl.styles import Alignment, Border, Side

    thin = Side(style="thin", color="FF9AA5B1")
    cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    _put(cell, value)


def _formula_in(cell: Cell, formula: str) -> None:
    """Write a formula of ours, the only ones there are."""
    from openpyxl.styles import Alignment

    _boxed(cell, "")
    cell.value = formula
    cell.alignment = Alignment(horizontal="center", vertical="center")


def _put(cell: Cell, value: Value) -> None:
    """Write a value; a text that begins with = + - @ is a text all the same."""
    if value == "":
        return
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(value, date):
        cell.number_format = _DAY_FORMAT
