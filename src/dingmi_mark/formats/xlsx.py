"""The sheets of a workbook, cell by cell as they stand in the file: nothing is calculated.

The usual library hides what must be told here: hidden rows, merged cells, how a text was escaped.
A sheet is read as a stream, so that a table of thousands of rows needs little memory. The one
reader of sheets: of tables of records, and of those that an office keeps.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Final, TypeAlias

from lxml import etree

from dingmi_mark.errors import DraftBroken, DraftTooCostly
from dingmi_mark.formats.docx.names import Element
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.messages import Message, say

Value: TypeAlias = str | int | float | bool | date | datetime | time | None
"""What a cell can hold; a form of paper holds text only."""

MOST_ROWS: Final = 1_048_576
MOST_COLUMNS: Final = 16_384
"""What the format knows; a file that has more was made to do harm."""
MOST_STRINGS: Final = 2_000_000

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_OFFICE: Final = "/officeDocument"
_STRINGS: Final = "/sharedStrings"
_STYLES: Final = "/styles"
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(frozen=True)
class Cell:
    """A cell with something in it; `trouble` says why its value cannot be taken."""

    column: int
    value: Value
    trouble: Message | None = None


@dataclass(frozen=True)
class Row:
    """A row with something in it."""

    number: int
    hidden: bool
    cells: tuple[Cell, ...]


@dataclass
class Sheet:
    """A sheet; `merged` and `hidden_columns` are known once its rows have been read."""

    name: str
    hidden: bool
    part: str
    merged: list[str] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Workbook:
    """A workbook open for reading."""

    package: Package

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """Return its sheets in order."""
        part = self._main
        targets = {edge.id: edge.target for edge in self.package.relationships(part)}
        found = []
        for entry in self.package.tree(part).iter(f"{_MAIN}sheet"):
            target = self.package.find(targets.get(entry.get(_ID, ""), ""))
            if target is None:
                raise _damaged(self.package, say("a sheet is missing"))
            hidden = entry.get("state", "visible") != "visible"
            found.append(Sheet(entry.get("name", ""), hidden, target))
        return tuple(found)

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Yield the rows that have cells with something in them, one after the other.

        Raises DraftBroken, DraftTooCostly.
        """
        number = count = column = across = 0
        cells: list[Cell] = []
        for element in _stream(self.package, sheet.part):
            match element.tag.removeprefix(_MAIN):
                case "c":
                    column = column_of(element.get("r")) or column + 1
                    if (cell := self._cell(element, column)) is not None:
                        cells.append(cell)
                    across += 1
                    _refuse_more(across, MOST_COLUMNS, self.package)
                case "row":
                    number, count = _whole(element.get("r")) or number + 1, count + 1
                    column = across = 0
                    _refuse_more(count, MOST_ROWS, self.package)
                    if cells:
                        yield Row(number, element.get("hidden") in ("1", "true"), tuple(cells))
                        cells = []
                case "mergeCell":
                    sheet.merged.append(element.get("ref", ""))
                    _refuse_more(len(sheet.merged), MOST_ROWS, self.package)
                case _ if element.get("hidden") in ("1", "true"):
                    first = _whole(element.get("min")) or 1
                    span = (first, _whole(element.get("max")) or first)
                    sheet.hidden_columns.append(span)
                    _refuse_more(len(sheet.hidden_columns), MOST_COLUMNS, self.package)
                case _:
                    pass

    @cached_property
    def _main(self) -> str:
        for edge in self.package.relationships():
            if edge.type.endswith(_OFFICE) and (part := self.package.find(edge.target)):
                return part
        raise _damaged(self.package, say("it names no main document"))

    def _related(self, kind: str) -> str | None:
        for edge in self.package.relationships(self._main):
            if edge.type.endswith(kind):
                return self.package.find(edge.target)
        return None

    @cached_property
    def _strings(self) -> list[str]:
        part = self._related(_STRINGS)
        if part is None:
            return []
        strings: list[str] = []
        for element in _stream(self.package, part, ("si",)):
            strings.append(_text_in(element))
            _refuse_more(len(strings), MOST_STRINGS, self.package)
        return strings

    @cached_property
    def _day_styles(self) -> frozenset[int]:
        """Return the styles by which a number is shown as a date or time."""
        from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

        part = self._related(_STYLES)
        if part is None:
            return frozenset()
        tree = self.package.tree(part)
        formats = dict(BUILTIN_FORMATS)
        for entry in tree.iter(f"{_MAIN}numFmt"):
            formats[_whole(entry.get("numFmtId")) or 0] = entry.get("formatCode", "")
        styles = tree.find(f"{_MAIN}cellXfs")
        used = (
            [_whole(entry.get("numFmtId")) or 0 for entry in styles] if styles is not None else []
        )
        days = {key for key, code in formats.items() if is_date_format(code)}
        return frozenset(n for n, key in enumerate(used) if key in days or 27 <= key <= 36)

    @cached_property
    def _from_1904(self) -> bool:
        settings = self.package.tree(self._main).find(f"{_MAIN}workbookPr")
        return settings is not None and settings.get("date1904") in ("1", "true")

    def _cell(self, element: Element, column: int) -> Cell | None:
        if element.find(f"{_MAIN}f") is not None:
            return Cell(column, None, say("a value is expected; a formula stands here"))
        kind = element.get("t", "n")
        if kind == "inlineStr":
            text = _text_in(element)
            return Cell(column, text) if text.strip() else None
        raw = element.findtext(f"{_MAIN}v")
        if raw is None or not raw.strip():
            return None
        if kind == "e":
            return Cell(column, None, say("an error ({what}) stands here", what=raw))
        try:
            value = self._value(kind, raw, _whole(element.get("s")) or 0)
        except (ValueError, IndexError, OverflowError):
            return Cell(column, None, say("this cell is damaged"))
        if isinstance(value, str) and not value.strip():
            return None
        return Cell(column, value)

    def _value(self, kind: str, raw: str, style: int) -> Value:
        match kind:
            case "s":
                return self._strings[int(raw)]
            case "str":
                return _unescaped(raw)
            case "b":
                return raw.strip() in ("1", "true")
            case "d":
                return datetime.fromisoformat(raw)
            case _:
                number = float(raw)
                if style in self._day_styles:
                    return self._day(number)
                return int(number) if number == int(number) else number

    def _day(self, number: float) -> Value:
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        found = from_excel(number, MAC_EPOCH if self._from_1904 else WINDOWS_EPOCH)
        if isinstance(found, datetime):
            return found.date() if found.time() == time() else found
        return found if isinstance(found, (date, time)) else str(found)


def _stream(
    package: Package, part: str, names: tuple[str, ...] = ("c", "row", "mergeCell", "col")
) -> Iterator[Element]:
    """Yield the elements of a part and let go of each before the next."""
    tags = [f"{_MAIN}{name}" for name in names]
    try:
        with package.archive.open(part) as stream:
            events = etree.iterparse(
                stream, events=("end",), tag=tags, resolve_entities=False, no_network=True
            )
            for _, element in events:
                yield element
                element.clear()
                while element.getprevious() is not None:
                    parent = element.getparent()
                    assert parent is not None
                    del parent[0]
    except (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _damaged(package, say("{part} cannot be unpacked", part=part)) from error


def _refuse_more(count: int, most: int, package: Package) -> None:
    if count > most:
        raise DraftTooCostly(package.where, limit=say("{count} entries", count=most))


def _text_in(element: Element) -> str:
    """Return a text with its runs put together, without the reading aids beside it."""
    return "".join(
        _unescaped(one.text or "")
        for one in element.iter(f"{_MAIN}t")
        if (parent := one.getparent()) is None or parent.tag != f"{_MAIN}rPh"
    )


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"\d{1,9}", text) else None


def column_of(reference: str | None) -> int | None:
    """Return the number of the column that a reference names: `AA7` stands in 27; None: none."""
    found = _REFERENCE.fullmatch(reference or "")
    if found is None:
        return None
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _damaged(package: Package, cause: Message) -> DraftBroken:
    return DraftBroken(package.where, cause=cause)
