"""Read a table (XLSX) of records: strict, and every fault at once, each by its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.errors import FormFaulty
from dingmi_mark.formats.office_file import FILLED_TABLE, TABLE, office_file
from dingmi_mark.formats.xlsx import Cell, Row, Sheet, Value, Workbook, letters
from dingmi_mark.forms.fields import NUMBER, Field, record_shape, same_name
from dingmi_mark.forms.filled import Filled, Misfilled, Spot, record_from
from dingmi_mark.forms.table_writing import HELP, MAIN, VERSION, VERSION_WORDS, columns_of
from dingmi_mark.forms.values import text_of
from dingmi_mark.messages import Fault, Message, say

MAX_ROWS: Final = 10_000
"""More rows than any office has records for in a year; a table beyond is no table of records."""
MOST_FAULTS: Final = 500
"""Nobody reads more: a table with so many is filled in wrongly as a whole."""
_HEADING_WITHIN: Final = 5
_VERSION: Final = re.compile(rf"{VERSION_WORDS}\s*(\d+)")


@dataclass(frozen=True)
class TableRecord:
    """A record and the row it stands in (`审批记录!17`)."""

    record: ApprovalRecord
    place: str


@dataclass
class _Entry:
    """What one record has in the sheets, and where each value stands."""

    row: int
    values: dict[str, Value] = field(default_factory=dict)
    rows: dict[str, list[Mapping[str, Value]]] = field(default_factory=dict)
    places: dict[tuple[str, int], int] = field(default_factory=dict)
    bad: set[Spot] = field(default_factory=set)


class _Reading:
    """One table being read: its headings, and all faults so far."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.faults: list[Fault] = []
        self.columns: dict[str, dict[int, Field]] = {}

    def fault(self, sheet: str, column: int | None, row: int, what: Message) -> None:
        """Note a fault at a cell, or at a whole row."""
        cell = f"{letters(column)}{row}" if column else f"{row}"
        heading = self.columns.get(sheet, {}).get(column or 0)
        name = f" {heading.name}" if heading is not None else ""
        self.note(f"{sheet}!{cell}{name}", what)

    def note(self, place: str, what: Message) -> None:
        """Note a fault at a place. Raises _TooFaulty where there are too many to be read."""
        self.faults.append(Fault(place, what))
        if len(self.faults) == MOST_FAULTS:
            last = say("there are more faults: mend these {most} first", most=MOST_FAULTS)
            self.faults.append(Fault("", last))
            raise _TooFaulty


class _TooFaulty(Exception):
    """The faults so far are enough."""


def read_table(path: Path) -> tuple[TableRecord, ...]:
    """Read all records of a table, in the order of its rows.

    Raises FormUnreadable; FormFaulty with all faults of all sheets.
    """
    records: tuple[TableRecord, ...] = ()
    with office_file(path, TABLE, FILLED_TABLE) as package, suppress(_TooFaulty):
        reading = _Reading(Workbook(package))
        entries = _entries(reading)
        records = tuple(_records(reading, entries))
        _refuse_twice(reading, records)
    if not records and not reading.faults:
        reading.note(MAIN, say("there is no record in the table"))
    if reading.faults:
        faults = tuple(sorted(reading.faults, key=_order))
        raise FormFaulty(str(path), count=len(faults), faults=faults)
    return records


def _order(fault: Fault) -> tuple[bool, str, int, int, str]:
    """Sort by sheet, row and column; what concerns no cell comes first."""
    sheet, mark, cell = fault.place.rpartition("!")
    found = re.fullmatch(r"([A-Z]*)(\d+).*", cell) if mark else None
    letters_, row = (found[1], int(found[2])) if found else ("", 0)
    return sheet != MAIN and bool(mark), sheet, row, len(letters_), letters_


def _entries(reading: _Reading) -> list[_Entry]:
    sheets = _known_sheets(reading)
    main = sheets.get(MAIN)
    if main is None:
        return []
    entries: list[_Entry] = []
    numbers: dict[str, _Entry] = {}
    for row, cells in _filled_rows(reading, main, record_shape().fields):
        entry = _Entry(row)
        entries.append(entry)
        for one, cell in cells:
            if cell.trouble is None:
                entry.values[one.name] = cell.value
            else:
                entry.bad.add(Spot(one.name))
        number = _number(entry.values.get(NUMBER))
        if number and number in numbers:
            place = f"{MAIN}!{numbers[number].row}"
            what = say("the number {number} stands in {place} already", number=number, place=place)
            reading.fault(*_at(reading, MAIN, NUMBER, row), what)
        elif number:
            numbers[number] = entry
    for listed in record_shape().rows:
        if listed.name in sheets:
            _side_rows(reading, sheets[listed.name], listed.name, columns_of(listed), numbers)
    return entries


def _known_sheets(reading: _Reading) -> dict[str, Sheet]:
    wanted = {MAIN: MAIN, **{rows.name: rows.name for rows in record_shape().rows}}
    found: dict[str, Sheet] = {}
    for sheet in reading.book.sheets:
        if sheet.hidden:
            reading.note(sheet.name, say("this sheet is hidden: show or delete it"))
        if sheet.name in wanted:
            found[sheet.name] = sheet
        elif sheet.name != HELP and next(reading.book.rows(sheet), None) is not None:
            reading.note(sheet.name, say("there is no such sheet in this table"))
    for name in wanted:
        if name not in found:
            reading.note(name, say("this sheet is missing"))
    return found


def _filled_rows(
    reading: _Reading, sheet: Sheet, fields: Sequence[Field]
) -> Iterator[tuple[int, list[tuple[Field, Cell]]]]:
    """Yield the rows below the headings; note what is wrong with the sheet itself."""
    columns: dict[int, Field] | None = None
    count = 0
    for row in reading.book.rows(sheet):
        if columns is None:
            if row.number > _HEADING_WITHIN:
                break
            _check_version(reading, sheet, row)
            columns = _headings(reading, sheet, row, fields)
            continue
        count += 1
        if count > MAX_ROWS:
            what = say("the table has more than {most} rows", most=MAX_ROWS)
            reading.fault(sheet.name, None, row.number, what)
            break
        if row.hidden:
            what = say("this row is hidden: show it, or delete it")
            reading.fault(sheet.name, None, row.number, what)
        yield row.number, list(_cells(reading, sheet, row, columns))
    if columns is None:
        what = say("the row of headings is missing; it has the cell “{name}”", name=NUMBER)
        reading.note(sheet.name, what)
    _note_merged_and_hidden(reading, sheet)


def _cells(
    reading: _Reading, sheet: Sheet, row: Row, columns: Mapping[int, Field]
) -> Iterator[tuple[Field, Cell]]:
    for cell in row.cells:
        one = columns.get(cell.column)
        if one is None:
            what = say("something stands here, but the column has no heading of this table")
            reading.fault(sheet.name, cell.column, row.number, what)
            continue
        if cell.trouble is not None:
            reading.fault(sheet.name, cell.column, row.number, cell.trouble)
        yield one, cell


def _headings(
    reading: _Reading, sheet: Sheet, row: Row, fields: Sequence[Field]
) -> dict[int, Field] | None:
    """Return the columns by their headings, None where the row is not that of the headings."""
    texts = {cell.column: text_of(cell.value) for cell in row.cells}
    if not any(same_name(text, NUMBER) for text in texts.values()):
        return None
    columns: dict[int, Field] = {}
    for column, text in texts.items():
        one = next((each for each in fields if same_name(each.name, text)), None)
        if one is None:
            what = say("there is no column “{name}” in this table", name=text)
            reading.fault(sheet.name, column, row.number, what)
        elif one in columns.values():
            what = say("the column “{name}” stands twice", name=text)
            reading.fault(sheet.name, column, row.number, what)
        else:
            columns[column] = one
    for one in fields:
        # A table of an earlier version, or without columns nobody needs, says all it has to say.
        if one.required and one not in columns.values():
            what = say("the column “{name}” is missing", name=one.name)
            reading.fault(sheet.name, None, row.number, what)
    reading.columns[sheet.name] = columns
    return columns


def _check_version(reading: _Reading, sheet: Sheet, row: Row) -> None:
    for cell in row.cells:
        found = _VERSION.search(text_of(cell.value))
        if found is not None and int(found[1]) != VERSION:
            what = say(
                "the table is of version {found}; this program reads version {known}",
                found=found[1],
                known=VERSION,
            )
            reading.fault(sheet.name, cell.column, row.number, what)


def _note_merged_and_hidden(reading: _Reading, sheet: Sheet) -> None:
    for area in sheet.merged:
        what = say("merged cells: split them, and fill in each")
        reading.note(f"{sheet.name}!{area}", what)
    for first, last in sheet.hidden_columns:
        if any(first <= column <= last for column in reading.columns.get(sheet.name, ())):
            place = f"{letters(first)}:{letters(last)}" if last != first else letters(first)
            what = say("these columns are hidden: show them")
            reading.note(f"{sheet.name}!{place}", what)


def _side_rows(
    reading: _Reading,
    sheet: Sheet,
    name: str,
    fields: Sequence[Field],
    numbers: Mapping[str, _Entry],
) -> None:
    for row, cells in _filled_rows(reading, sheet, fields):
        found = {one.name: cell for one, cell in cells}
        number_cell = found.pop(NUMBER, None)
        number = _number(number_cell.value) if number_cell is not None else ""
        entry = numbers.get(number)
        if entry is None:
            if number_cell is None or number_cell.trouble is None:
                what = say("no record in {sheet} has this number", sheet=MAIN)
                reading.fault(*_at(reading, name, NUMBER, row), what)
            continue
        rows = entry.rows.setdefault(name, [])
        rows.append({key: cell.value for key, cell in found.items() if cell.trouble is None})
        entry.places[name, len(rows)] = row
        entry.bad |= {Spot(k, name, len(rows)) for k, c in found.items() if c.trouble is not None}


def _records(reading: _Reading, entries: Sequence[_Entry]) -> Iterator[TableRecord]:
    for entry in entries:
        rows = {name: tuple(found) for name, found in entry.rows.items()}
        try:
            record = record_from(Filled(entry.values, rows))
        except Misfilled as error:
            for spot, what in error.faults:
                if spot not in entry.bad:
                    _note(reading, entry, spot, what)
            continue
        if not entry.bad:
            yield TableRecord(record, f"{MAIN}!{entry.row}")


def _note(reading: _Reading, entry: _Entry, spot: Spot, what: Message) -> None:
    if spot.rows:
        row = entry.places.get((spot.rows, spot.row), entry.row)
        reading.fault(*_at(reading, spot.rows, spot.field, row), what)
    else:
        reading.fault(*_at(reading, MAIN, spot.field, entry.row), what)


def _at(reading: _Reading, sheet: str, name: str, row: int) -> tuple[str, int | None, int]:
    columns = reading.columns.get(sheet, {})
    return sheet, next((n for n, one in columns.items() if one.name == name), None), row


def _refuse_twice(reading: _Reading, records: Sequence[TableRecord]) -> None:
    """Note two records for the same draft: the same bytes, or the same file."""
    digests: dict[str, TableRecord] = {}
    files: dict[str, TableRecord] = {}
    for one in records:
        draft = one.record.draft
        other = digests.get(draft.digest) if draft.digest else None
        # Equal bytes may be approved twice, each time for a file of its own.
        if other is not None and not _own_files(one, other):
            _note_twice(reading, one, other, "文件摘要")
        digests.setdefault(draft.digest, one)
        for file in draft.files:
            other = files.get(file)
            if other is not None and other is not one and _same_draft(one, other):
                _note_twice(reading, one, other, "文件名")
            files.setdefault(file, one)


def _own_files(one: TableRecord, other: TableRecord) -> bool:
    mine, theirs = set(one.record.draft.files), set(other.record.draft.files)
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _same_draft(one: TableRecord, other: TableRecord) -> bool:
    mine, theirs = one.record.draft.digest, other.record.draft.digest
    return not (mine and theirs) or mine == theirs


def _note_twice(reading: _Reading, one: TableRecord, other: TableRecord, name: str) -> None:
    row = int(one.place.rpartition("!")[2])
    what = say("the record in {place} is for the same draft", place=other.place)
    reading.fault(*_at(reading, MAIN, name, row), what)


def _number(value: Value) -> str:
    """Return a number as it is compared between sheets."""
    return "".join(text_of(value).split()).translate({0xFF10 + n: ord("0") + n for n in range(10)})
