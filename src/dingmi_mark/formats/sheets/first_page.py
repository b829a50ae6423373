"""The page of a workbook that is printed first, and what of it is sure to be printed where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dingmi_mark.engine.shapes import MM_PER_PT, Box
from dingmi_mark.errors import DraftUnsupported
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.formats.docx.names import Element, child, elements, q, whole
from dingmi_mark.formats.image.paper import MM_PER_INCH
from dingmi_mark.formats.sheets.setup import read_setup
from dingmi_mark.formats.sheets.workbook import Workbook, is_on
from dingmi_mark.formats.xlsx import column_of
from dingmi_mark.messages import say

_MOST_COLUMNS: Final = 16_384
_MOST_ROWS: Final = 1_048_576
_BESIDE_MM: Final = 10.0
"""What is left free beside a stamp: the boxes of its words are wider than these, for fonts that are
wider, and where one goes over the last whole column another page is printed."""
_LAST_ROW_MM: Final = 12.0
"""What may be left free at the foot of a page by a row that goes to the next, at 100 %."""
_DIGIT_PX: Final = 7
_PADDING_PX: Final = 5
_COLUMN_WIDTH: Final = 8.43
_COLUMN_MM: Final = 64 / 96 * MM_PER_INCH
_WIDER: Final = 1.06
"""Programs take columns for wider than they are given, by their fonts (own allowance)."""
_ROW_PT: Final = 13.5
_LOWER: Final = 0.9
"""Programs take rows whose height nobody set for lower than they are given (own allowance)."""

_LONGEST: Final = 1000
"""What names part of a sheet is shorter; longer text would only take long to read."""
_SHEET: Final = r"(?:'((?:[^']|'')+)'|([^'!,]+))!"
_AREA: Final = re.compile(
    rf"{_SHEET}(?:\$A\$1:\$([A-Z]{{1,3}})\$(\d{{1,7}})|\$A:\$([A-Z]{{1,3}})|\$1:\$(\d{{1,7}}))"
)
"""A part of a sheet that begins where the sheet does."""
_REPEATED: Final = re.compile(rf"{_SHEET}(?:\$A:\$[A-Z]{{1,3}}|\$1:\$\d{{1,7}})(?:,|$)")
"""Rows or columns on every page, from the first on: on the first page they stand where they are."""


def first_printed(book: Workbook) -> int:
    """Return the index of the sheet whose first page is printed first. Raises DraftUnsupported."""
    for index, sheet in enumerate(book.sheets):
        if not sheet.hidden and (sheet.chart or _has_content(book.package.looked_at(sheet.part))):
            return index
    kind = say("a workbook of which nothing is printed")
    raise DraftUnsupported(book.package.where, kind=kind, supported=SUPPORTED)


def body_of(book: Workbook, index: int) -> Box | None:
    """Return where on a sheet's first page a drawing stands where its place says (mm).

    None where that is not sure: the program that prints chooses the scale, it moves the sheet, or
    the page does not begin where the sheet does.
    """
    sheet = book.sheets[index]
    root = book.package.looked_at(sheet.part)
    setup = read_setup(root)
    options = child(root, "x:printOptions")
    moved = options is not None and any(
        is_on(options, name) for name in ("horizontalCentered", "verticalCentered", "headings")
    )
    extent = _extent(book, index)
    if setup.size is None or setup.scale is None or sheet.chart or moved or extent is None:
        return None
    columns, rows = extent
    room = setup.size.width - setup.left - setup.right
    width = _columns_mm(root, columns, room / setup.scale) * setup.scale - _BESIDE_MM
    height = setup.size.height - setup.top - setup.bottom - _LAST_ROW_MM * setup.scale
    if rows < _MOST_ROWS:
        height = min(height, _rows_mm(root, rows, height / setup.scale) * setup.scale)
    return Box(setup.left, setup.top, width, height) if min(width, height) > 0 else None


def _extent(book: Workbook, index: int) -> tuple[int, int] | None:
    """Return how many columns and rows from the first the first page has at most; None: unsure."""
    root, columns, rows = book.package.looked_at(book.sheets[index].part), _MOST_COLUMNS, _MOST_ROWS
    for number, name, text in print_names(book):
        if number != index:
            continue
        if len(text) > _LONGEST:
            return None
        if name == "_xlnm.print_titles" and _is_repeated(text, book.sheets[index].name):
            continue
        area = _AREA.fullmatch(text)
        if name != "_xlnm.print_area" or area is None:
            return None
        if _named(area) != book.sheets[index].name:
            return None
        columns = min(columns, column_of(f"{area[3] or area[5]}1") or columns)
        rows = min(rows, int(area[4] or area[6] or rows))
    ends = [*_breaks(root, "x:colBreaks"), columns], [*_breaks(root, "x:rowBreaks"), rows]
    columns, rows = min(ends[0]), min(ends[1])
    return (columns, rows) if min(columns, rows) > 0 else None


def print_names(book: Workbook) -> Iterator[tuple[int, str, str]]:
    """Yield the names that say which part of a sheet is printed, or what on every page of it:
    the sheet's index, the name, what it names.
    """
    names = child(book.package.looked_at(book.part), "x:definedNames")
    for entry in elements(names) if names is not None else ():
        name, index = entry.get("name", "").lower(), whole(entry.get("localSheetId"))
        if name.startswith("_xlnm.print_") and index is not None:
            yield index, name, (entry.text or "").strip()


def _is_repeated(text: str, sheet: str) -> bool:
    found = list(_REPEATED.finditer(text))
    whole_text = "".join(each[0] for each in found) == text
    return bool(found) and whole_text and all(_named(each) == sheet for each in found)


def _named(found: re.Match[str]) -> str:
    return found[2] or (found[1] or "").replace("''", "'")


def _breaks(root: Element, name: str) -> Iterator[int]:
    """Yield the last row or column before each page break that was set; 0 where it tells none."""
    holder = child(root, name)
    for entry in elements(holder) if holder is not None else ():
        yield max(0, whole(entry.get("id")) or 0)


def _columns_mm(root: Element, most: int, room: float) -> float:
    """Return the width of the columns that are whole on the first page, carefully (mm, 100 %)."""
    given: dict[int, float] = {}
    columns, last = child(root, "x:cols"), 0
    for entry in elements(columns) if columns is not None else ():
        first = whole(entry.get("min")) or 0
        if not last < first <= _MOST_COLUMNS:
            return 0.0  # Excel calls it damaged
        last = min(whole(entry.get("max")) or first, _MOST_COLUMNS)
        mm = 0.0 if is_on(entry, "hidden") else _mm_of(entry.get("width"))
        given.update(dict.fromkeys(range(first, last + 1), mm))
    usual = child(root, "x:sheetFormatPr")
    base = usual.get("defaultColWidth") if usual is not None else None
    other = _mm_of(base) if base else _COLUMN_MM
    total = 0.0
    for number in range(1, most + 1):
        column = given.get(number, other) * _WIDER
        if total + column > room:
            # By other fonts a column may be wider or narrower still: the last whole one ends within
            # a column's width of the page's end, wherever that is.
            return min(total / _WIDER, room - column)
        total += column
    return total / _WIDER


def _mm_of(width: str | None) -> float:
    size = _number(width, _COLUMN_WIDTH)
    return (size * _DIGIT_PX + _PADDING_PX) / 96 * MM_PER_INCH if size > 0 else 0.0


def _rows_mm(root: Element, most: int, room: float) -> float:
    """Return the height of the first rows, carefully (mm, 100 %), as far as there is room."""
    usual = child(root, "x:sheetFormatPr")
    other = _number(usual.get("defaultRowHeight") if usual is not None else None, _ROW_PT) * _LOWER
    if usual is not None and is_on(usual, "zeroHeight"):
        other = 0.0
    given: dict[int, float] = {}
    data = child(root, "x:sheetData")
    number = 0
    for row in elements(data) if data is not None else ():
        number = whole(row.get("r")) or number + 1
        if number > most:
            break
        height = _number(row.get("ht"), other / _LOWER)
        given[number] = height if is_on(row, "customHeight") else height * _LOWER
        if is_on(row, "hidden"):
            given[number] = 0.0
    total = 0.0
    for number in range(1, most + 1):
        total += given.get(number, other) * MM_PER_PT
        if total >= room:
            return room
    return total


def _number(text: str | None, usual: float) -> float:
    try:
        found = float(text) if text is not None else usual
    except ValueError:
        return usual
    return found if 0 <= found < 10_000 else usual


def _has_content(root: Element) -> bool:
    if child(root, "x:drawing") is not None:
        return True
    return any(len(cell) for cell in root.iter(q("x:c")))
