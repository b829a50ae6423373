"""Read a sheet (XLSX) that an office keeps as a table: one heading row, then one row a line.

Each row becomes a strict `Table`, so that a sheet is read as strictly as TOML. Formulas are not
worked out, and macros not run: a cell with a formula is a fault; so is what is hidden or merged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dingmi_mark.errors import FileNotReadable, FormTooLarge, FormUnreadable
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.strict_toml import Table
from dingmi_mark.store.toml_text import Faulty

if TYPE_CHECKING:
    from dingmi_mark.formats.xlsx import Cell, Row, Workbook

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
    """Return the rows of the first sheet. Raises Faulty: unreadable, headings amiss, too much."""
    # Takes a while to load: only an office that keeps sheets waits for it.
    from dingmi_mark.formats.office_file import OFFICE_TABLE, TABLE, office_file
    from dingmi_mark.formats.xlsx import Workbook

    try:
        with office_file(file, TABLE, OFFICE_TABLE) as package:
            rows = _filled_rows(Workbook(package))
    except FormTooLarge as error:
        limit = error.params["limit"]
        raise Faulty(Fault("", say("the sheet is larger than {limit}", limit=limit))) from error
    except (FormUnreadable, FileNotReadable) as error:
        cause = error.params["cause"]
        raise Faulty(Fault("", say("the sheet cannot be read: {cause}", cause=cause))) from error
    if not rows:
        raise Faulty(Fault("", say("the sheet is empty")))
    head, *lines = rows
    placed = _placed(head, columns)
    if troubles := list(_troubles(lines, placed)):
        raise Faulty(*troubles)
    if not lines:
        raise Faulty(Fault("", say("the sheet has no line below its heading")))
    at = {c.key: f"{_letters(n)}#（{c.heading}）" for n, c in placed.items()}
    return tuple(SheetRow(dict(_values(row, placed)), row.number, at) for row in lines)


def _filled_rows(book: Workbook) -> list[Row]:
    if not book.sheets:
        return []
    sheet = book.sheets[0]
    rows: list[Row] = []
    for row in book.rows(sheet):
        if len(rows) > MOST_ROWS:
            raise Faulty(Fault("", say("at most {count} entries are expected", count=MOST_ROWS)))
        rows.append(row)
    faults = [
        Fault(area, say("merged cells: split them, and fill in each"))
        for area in sheet.merged[:MOST_ROWS]
    ]
    faults += [
        Fault(_letters(first), say("these columns are hidden: show them"))
        for first, _ in sheet.hidden_columns
    ]
    faults += [
        Fault(str(row.number), say("this row is hidden: show it, or delete it"))
        for row in rows
        if row.hidden
    ]
    if faults:
        raise Faulty(*faults)
    return rows


def _placed(head: Row, columns: Sequence[Column]) -> dict[int, Column]:
    """Return the columns by where their headings stand. Raises Faulty."""
    known = {column.heading: column for column in columns}
    placed: dict[int, Column] = {}
    faults = []
    for cell in head.cells:
        column = known.get(str(cell.value).strip())
        place = f"{_letters(cell.column)}{head.number}"
        if column is None:
            what = say("there is no such column; known are {known}", known="、".join(known))
            faults.append(Fault(place, what))
        elif column in placed.values():
            faults.append(Fault(place, say("this column stands twice")))
        else:
            placed[cell.column] = column
    if faults:
        raise Faulty(*faults)
    return placed


def _troubles(rows: Sequence[Row], placed: Mapping[int, Column]) -> Iterator[Fault]:
    for row in rows:
        for cell in row.cells:
            trouble = cell.trouble
            if trouble is None and cell.column not in placed:
                trouble = say("something stands here, but the column has no heading")
            if trouble is not None:
                yield Fault(f"{_letters(cell.column)}{row.number}", trouble)


def _values(row: Row, placed: Mapping[int, Column]) -> Iterator[tuple[str, Any]]:
    for cell in row.cells:
        column = placed[cell.column]
        yield column.key, _value(cell, column)


def _value(cell: Cell, column: Column) -> Any:
    """Return the value of a cell as TOML would have it."""
    value = cell.value
    if isinstance(value, datetime):
        return value.date()
    if not isinstance(value, str):
        return value if column.day or isinstance(value, date) else str(value)
    if column.day:
        return _day(value)
    return _words(value) if column.several else value.strip()


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return text


def _words(text: str) -> list[str]:
    for separator in _SEPARATORS:
        text = text.replace(separator, "\0")
    return [word.strip() for word in text.split("\0") if word.strip()]


def _letters(column: int) -> str:
    from dingmi_mark.formats.xlsx import letters

    return letters(column)
