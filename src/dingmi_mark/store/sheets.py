"""Read a sheet (XLSX) that people keep as a table: one heading row, then one row a line.

Each row becomes a strict `Table`, so that a sheet is read as strictly as TOML. Formulas are not
worked out, and macros not run: a cell with a formula is a fault.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from dingmi_mark.messages import Fault, say
from dingmi_mark.store.strict_toml import Table
from dingmi_mark.store.toml_text import Faulty

LARGEST: Final = 20_000_000
MOST_ROWS: Final = 10_000
_SEPARATORS: Final = "、，,；;\n"


@dataclass(frozen=True)
class Column:
    """A column: its key, its heading, and whether it holds several words or a day."""

    key: str
    heading: str
    several: bool = False
    day: bool = False


class SheetRow(Table):
    """A row as a table; its faults name the cell (`C4（密级）`)."""

    def __init__(self, values: Mapping[str, Any], number: int, letters: Mapping[str, str]) -> None:
        super().__init__(values, f"{number}")
        self._number, self._letters = number, letters

    def at(self, key: str) -> str:
        """Return the cell of a key."""
        name, bracket, rest = key.partition("[")
        return f"{self._letters.get(name, name)}{bracket}{rest}".replace("#", str(self._number))


def sheet_rows(file: Path, columns: Sequence[Column]) -> tuple[Table, ...]:
    """Return the rows of the first sheet. Raises Faulty: no sheet, headings amiss, too much."""
    grid = _grid(file)
    if not grid:
        raise Faulty(Fault("", say("the sheet is empty")))
    headings = ["" if cell is None else str(cell).strip() for cell in grid[0]]
    _check_headings(headings, columns)
    places = {
        column.key: headings.index(column.heading)
        for column in columns
        if column.heading in headings
    }
    letters = {
        c.key: f"{_letter(places[c.key])}#（{c.heading}）" for c in columns if c.key in places
    }
    if formulas := [
        Fault(f"{_letter(place)}{number}", say("a value is expected, no formula"))
        for number, cells in enumerate(grid, 1)
        for place, cell in enumerate(cells)
        if isinstance(cell, str) and cell.startswith("=")
    ]:
        raise Faulty(*formulas)
    rows = [
        SheetRow(_values(cells, columns, places), number, letters)
        for number, cells in enumerate(grid[1:], 2)
        if any(cell not in (None, "") for cell in cells)
    ]
    if not rows:
        raise Faulty(Fault("", say("the sheet has no line below its heading")))
    return tuple(rows)


def _grid(file: Path) -> list[tuple[Any, ...]]:
    # Takes a quarter of a second to load: only an office that keeps sheets waits for it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if file.stat().st_size > LARGEST:
            raise Faulty(Fault("", say("the file is too large")))
        book = load_workbook(file, read_only=True, data_only=False)
        sheet = book.worksheets[0]
        grid = [tuple(row) for row in sheet.iter_rows(max_row=MOST_ROWS + 1, values_only=True)]
        book.close()
    except (
        OSError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        RuntimeError,
        SyntaxError,
        zlib.error,
        zipfile.BadZipFile,
        InvalidFileException,
    ) as e:
        raise Faulty(Fault("", say("the sheet cannot be read; save it as XLSX again"))) from e
    if len(grid) > MOST_ROWS:
        raise Faulty(Fault("", say("at most {count} entries are expected", count=MOST_ROWS)))
    return grid


def _check_headings(headings: Sequence[str], columns: Sequence[Column]) -> None:
    known = [column.heading for column in columns]
    faults = [
        Fault(
            f"{_letter(n)}1",
            say("there is no such column; known are {known}", known="、".join(known)),
        )
        for n, heading in enumerate(headings)
        if heading and heading not in known
    ]
    faults += [
        Fault(f"{_letter(n)}1", say("this column stands twice"))
        for n, heading in enumerate(headings)
        if heading and heading in headings[:n]
    ]
    if faults:
        raise Faulty(*faults)


def _values(
    cells: Sequence[Any], columns: Sequence[Column], places: Mapping[str, int]
) -> dict[str, Any]:
    return {
        column.key: value
        for column in columns
        if column.key in places
        for value in _value(cells[places[column.key]], column)
    }


def _value(cell: Any, column: Column) -> Iterator[Any]:
    """Yield the value of a cell as TOML would have it; nothing for an empty one."""
    if cell is None or not str(cell).strip():
        return
    if isinstance(cell, datetime):
        # A sheet knows days as midnights.
        yield cell.date()
    elif isinstance(cell, date) or not isinstance(cell, str):
        yield cell if column.day else str(cell)
    elif column.day:
        yield _day(cell)
    elif column.several:
        yield _words(cell)
    else:
        yield cell.strip()


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return text


def _words(text: str) -> list[str]:
    for separator in _SEPARATORS:
        text = text.replace(separator, "\0")
    return [word.strip() for word in text.split("\0") if word.strip()]


def _letter(number: int) -> str:
    """Return the letters of a column, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
