"""Write records as a table (XLSX): one row a record, and a sheet for each of its lists."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Final

from dingmi_mark.errors import FormCannotHold
from dingmi_mark.formats.office_file import settled
from dingmi_mark.formats.xlsx import Value
from dingmi_mark.forms.fields import NUMBER, Field, Kind, Rows, record_shape
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.values import NO, YES, text_of
from dingmi_mark.messages import Fault, Message, say

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAIN: Final = "审批记录"
HELP: Final = "填写说明"
VERSION: Final = 1
VERSION_WORDS: Final = "表式版本"
HEADING_ROW: Final = 2
MAX_TEXT: Final = 32_767
"""The most characters a cell of a workbook holds."""

_LABEL: Final = "非官方样式"
_NOTICE: Final = (
    "国家秘密事项定密审核审批记录　"
    "真实的国家秘密只能在涉密信息系统、涉密信息设备上处理（保守国家秘密法第五十七条第十项）　"
    f"{VERSION_WORDS} {VERSION}"
)
_HELP: Final = (
    "怎样填写",
    "一行一份文稿。前两行请勿改动、移动或删除；不要合并单元格，不要用公式，不要隐藏行、列和工作表。",
    "深色的栏目必填；浅色的按情况填写。栏目的说明见标题格的批注，可选的词在下拉框中。",
    "保密期限写成一格：10年、6个月、45日、2030年3月15日、长期；附条件的写“解密条件：会议开始前”。",
    "几项写在一格的（文件名、知悉范围等），用“；”隔开。某一项自身含“；”的，给它加上英文双引号。",
    "日期写成 2026-01-10 或 2026年1月10日。是、否两选的，不填即“否”。",
    "办理状态不填即“已审批”；还没有审批的选“拟议”。",
    "定密依据、派生来源、密点等写在各自的工作表里，用“审批编号”对应，可以有多行。",
    "检查：dingmi-mark approval check 文件.xlsx",
    "转成记录：dingmi-mark approval import 文件.xlsx --into 文件夹",
    "本样式由 dingmi-mark 制作，不是官方样式。",
)
_DAY_FORMAT: Final = 'yyyy"年"m"月"d"日"'
_WIDTHS: Final = {
    Kind.DATE: 15,
    Kind.WHOLE: 7,
    Kind.NUMBER: 9,
    Kind.FLAG: 14,
    Kind.CHOICE: 11,
    Kind.PERIOD: 16,
    Kind.TEXT: 13,
    Kind.TEXTS: 18,
    Kind.CHOICES: 12,
    Kind.NUMBERS: 14,
}
"""How wide a column is, in half-width characters."""
_WIDER: Final = {
    "标题": 30, "意见": 24, "摘要": 36, "文件名": 26, "理由": 24, "原文": 40,
    "开头": 24, "签名值": 48, "原因": 20, "名称": 26, "编号": 20, "时间": 28,
    "文号": 20, "机关": 20, "条款": 22,
}  # fmt: skip
_HELP_WIDTH: Final = 90
_PAGES_WIDE: Final = 6
_LINE_PT: Final = 14.5
_MOST_HEIGHT_PT: Final = 400
_ROWS_READY: Final = 5_000
"""How far down the drop-downs reach."""
_NEEDED, _OPTIONAL = "FFBDD7EE", "FFE7EEF7"
_ESCAPE: Final = re.compile(r"_x[0-9A-Fa-f]{4}_")


def table_bytes(records: Sequence[Filled]) -> bytes:
    """Return a workbook of these records; none gives an empty table to fill in.

    Raises FormCannotHold: a text too long for a cell or with characters no workbook can hold.
    """
    from openpyxl import Workbook

    faults = tuple(_cannot_hold(records))
    if faults:
        raise FormCannotHold(count=len(faults), faults=faults)
    shape = record_shape()
    book = Workbook()
    main = book.active
    main.title = MAIN
    _sheet(main, shape.fields)
    for row, filled in enumerate(records, HEADING_ROW + 1):
        _write(main, row, shape.fields, [filled.values.get(one.name) for one in shape.fields])
    for listed in shape.rows:
        sheet = book.create_sheet(listed.name)
        _sheet(sheet, columns_of(listed))
        row = HEADING_ROW
        for filled in records:
            for entry in filled.rows.get(listed.name, ()):
                row += 1
                values = [entry.get(one.name) for one in listed.fields]
                _write(sheet, row, columns_of(listed), [filled.values.get(NUMBER), *values])
    _help(book.create_sheet(HELP))
    stream = BytesIO()
    book.save(stream)
    return settled(stream.getvalue())


def columns_of(listed: Rows) -> tuple[Field, ...]:
    """Return the columns of a list's sheet: the record's number comes first."""
    number = record_shape().field(NUMBER)
    assert number is not None
    return (number, *listed.fields)


def _cannot_hold(records: Sequence[Filled]) -> Iterator[Fault]:
    for filled in records:
        number = str(filled.values.get(NUMBER) or "")
        cells = [(name, value) for name, value in filled.values.items()]
        cells += [
            (f"{rows} {name}", value)
            for rows, entries in filled.rows.items()
            for entry in entries
            for name, value in entry.items()
        ]
        for name, value in cells:
            if isinstance(value, str) and (what := cannot_hold(value, MAX_TEXT)) is not None:
                yield Fault(f"{number} {name}".strip(), what)


def cannot_hold(text: str, most: int | None = None) -> Message | None:
    """Tell why an office file cannot hold a text, None where it can."""
    if most is not None and len(text) > most:
        return say("it is longer than the {most} characters of a cell", most=most)
    if any(_no_xml(character) for character in text):
        return say("it holds a character that office files cannot hold")
    if (found := _ESCAPE.search(text)) is not None:
        # Word processors and spreadsheets differ in whether they read it as an escape.
        return say("it holds {text}, which office programs read as something else", text=found[0])
    return None


def _no_xml(character: str) -> bool:
    code = ord(character)
    if code < 0x20:
        return character not in "\t\n"
    return 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF)


def _sheet(sheet: Worksheet, fields: Sequence[Field]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    for place, text in (("A1", _LABEL), ("B1", _NOTICE)):
        sheet[place] = text
        sheet[place].font = Font(name="黑体", size=11, color="FFC00000")
    thin = Side(style="thin", color="FF9AA5B1")
    for number, one in enumerate(fields, 1):
        cell = sheet.cell(HEADING_ROW, number, one.name)
        colour = _NEEDED if one.required and _always(one) else _OPTIONAL
        cell.fill = PatternFill("solid", fgColor=colour)
        cell.font = Font(name="宋体", size=10, bold=True)
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        if note := _note(one):
            cell.comment = Comment(note, "dingmi-mark", height=90, width=260)
        letter = get_column_letter(number)
        column = sheet.column_dimensions[letter]
        column.width = _width(one)
        column.number_format = _format(one)
        column.alignment = Alignment(vertical="top", wrap_text=True)
        _drop_down(sheet, one, letter)
    sheet.row_dimensions[1].height = 20
    sheet.row_dimensions[HEADING_ROW].height = 44
    sheet.freeze_panes = sheet.cell(HEADING_ROW + 1, 2)
    _page(sheet, _PAGES_WIDE if sheet.title == MAIN else 1)


def _always(one: Field) -> bool:
    """Tell whether a required field stands in a table that every record has."""
    return not any(one.path[: len(path)] == path for path in record_shape().optional)


def _page(sheet: Worksheet, pages_wide: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.gridLines = True
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.print_title_cols = "A:A"
    sheet.oddHeader.left.text = "非官方样式　真实的国家秘密只能在涉密信息系统中处理"
    sheet.oddFooter.center.text = "&A　第 &P 页 共 &N 页"


def _note(one: Field) -> str:
    kinds = {
        Kind.PERIOD: "10年、6个月、45日、2030年3月15日、长期，或者“解密条件：……”",
        Kind.TEXTS: "几项之间用“；”隔开",
        Kind.CHOICES: f"几项之间用“；”隔开：{'、'.join(one.options)}",
        Kind.NUMBERS: "几个数之间用“；”隔开",
        Kind.FLAG: "是、否；不填即“否”",
        Kind.DATE: "如 2026-01-10",
    }
    parts = ("必填" if one.required and _always(one) else "", one.note, kinds.get(one.kind, ""))
    return "。".join(part for part in parts if part)


def _width(one: Field) -> int:
    if one.kind not in (Kind.TEXT, Kind.TEXTS):
        return _WIDTHS[one.kind]
    return max([_WIDTHS[one.kind], *(n for word, n in _WIDER.items() if word in one.name)])


def _format(one: Field) -> str:
    if one.kind is Kind.DATE:
        return _DAY_FORMAT
    return "General" if one.kind in (Kind.WHOLE, Kind.NUMBER) else "@"


def _drop_down(sheet: Worksheet, one: Field, letter: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    options = (YES, NO) if one.kind is Kind.FLAG else one.options
    if not options or one.kind is Kind.CHOICES:
        return
    rule = DataValidation(type="list", formula1=f'"{",".join(options)}"', allow_blank=True)
    rule.errorTitle, rule.error = one.name, "请从下拉框中选择：" + "、".join(options)
    rule.showErrorMessage = True
    rule.add(f"{letter}{HEADING_ROW + 1}:{letter}{HEADING_ROW + _ROWS_READY}")
    sheet.add_data_validation(rule)


def _write(sheet: Worksheet, row: int, fields: Sequence[Field], values: Sequence[Value]) -> None:
    from openpyxl.styles import Alignment

    around = Alignment(horizontal="left", vertical="top", wrap_text=True)
    lines = 1
    for column, (one, value) in enumerate(zip(fields, values, strict=True), 1):
        if value is None:
            continue
        lines = max(lines, lines_in(text_of(value), _width(one)))
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = value
            # A text that begins with = is a text all the same.
            cell.data_type = "s"
            cell.number_format = "@"
        else:
            cell.value = value
            if isinstance(value, date):
                cell.number_format = _DAY_FORMAT
        cell.alignment = around
    sheet.row_dimensions[row].height = min(lines * _LINE_PT, _MOST_HEIGHT_PT)


def lines_in(text: str, width: int) -> int:
    """Tell over how many lines a text runs in a column, ideographs counting two."""
    sizes = (
        sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)
        for line in text.split("\n")
    )
    return sum(1 + size // max(width - 2, 1) for size in sizes)


def _help(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = _HELP_WIDTH
    for row, text in enumerate((f"{_LABEL}　{_NOTICE}", *_HELP), 1):
        cell = sheet.cell(row, 1, text)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.font = Font(name="宋体", size=11, bold=row == 2)
        sheet.row_dimensions[row].height = lines_in(text, _HELP_WIDTH) * _LINE_PT + 4
    _page_upright(sheet)


def _page_upright(sheet: Worksheet) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
