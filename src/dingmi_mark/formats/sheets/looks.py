"""What besides words and values tells what is to be seen or printed of a sheet.

A number format can show a number as a day, or nothing of it (`;;;`); rows, columns and areas for
printing are hidden from who reads the paper; comments are read. Colours, fonts and widths are no
part of it. All is told so that another program may write it in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dingmi_mark.formats.docx.names import REL_STYLES, Element, child, elements, q, whole
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.sheets.first_page import print_names
from dingmi_mark.formats.sheets.workbook import Sheet, Workbook, is_on
from dingmi_mark.formats.xlsx import column_of

_MOST_COLUMNS: Final = 16_384
_PLAIN: Final = ("", "GENERAL", "@")
_OF_PLACE: Final = {14: "m/d/yyyy", 22: "m/d/yyyy h:mm"}
"""Formats without a code: days as people write them where the program runs."""
_FORMAT_PART: Final = re.compile(
    r'"([^"]*)"?|\\(.)|([_*].)|(\[[^\]]*\])|([^"\\_*\[]+|.)', re.DOTALL
)
_LONGEST: Final = 1000
"""Excel takes 255 letters; longer ones would only take long to read."""
_MEANS: Final = re.compile(r"[A-Za-z0-9#?.,%/@*_\[\];\\\"]")
_COMMENTS: Final = ("/comments", "/threadedComment")
_TEXTS: Final = {"comment": "t", "threadedComment": "text"}
"""What holds the words of a comment."""
_ACROSS: Final = "\x1f"


class Looks:
    """The formats of a workbook's numbers, and how the sheets hide what they hold."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        styles = book.package.related(book.part, REL_STYLES)
        self._styles = book.package.looked_at(styles) if styles is not None else None
        self._of_cells = self._cell_formats()
        shown = child(self._styles, "x:dxfs")
        self._conditional_styles = list(elements(shown)) if shown is not None else []
        self._printed: dict[int, list[str]] = {}
        for number, name, text in print_names(book):
            told = f"{name} {text.replace(chr(39), '')}"  # quotes around a sheet's name are free
            self._printed.setdefault(number, []).append(told)

    def of_cell(self, cell: Element) -> str:
        """Return the format of a cell's number; empty where it shows what it holds."""
        style = whole(cell.get("s")) or 0
        return self._of_cells[style] if 0 <= style < len(self._of_cells) else ""

    def of_sheet(self, number: int, root: Element) -> Iterator[str]:
        """Yield what a sheet shows otherwise than its cells tell, beside hidden rows and columns:
        its comments, conditional formats of numbers, what of it is printed.
        """
        yield from sorted(self._printed.get(number, ()))
        yield from sorted(_comments(self._book.package, self._book.sheets[number]))
        yield from sorted(self._conditional(root))
        for view in root.iterfind(f"{q('x:sheetViews')}/{q('x:sheetView')}"):
            yield from (name for name in ("showFormulas",) if is_on(view, name))
            yield from (name for name in ("showZeros",) if not is_on(view, name, "1"))
        usual = child(root, "x:sheetFormatPr")
        if usual is not None and is_on(usual, "zeroHeight"):
            yield "zeroHeight"

    def of_book(self) -> Iterator[str]:
        """Yield by what a whole workbook shows its numbers otherwise."""
        settings = child(self._book.package.looked_at(self._book.part), "x:workbookPr")
        if settings is not None and is_on(settings, "date1904"):
            yield "date1904"

    def _cell_formats(self) -> list[str]:
        from openpyxl.styles.numbers import BUILTIN_FORMATS

        if self._styles is None:
            return []
        codes = {**BUILTIN_FORMATS, **_OF_PLACE}
        for entry in self._styles.iterfind(f"{q('x:numFmts')}/{q('x:numFmt')}"):
            codes[whole(entry.get("numFmtId")) or 0] = entry.get("formatCode", "")
        used = (
            whole(entry.get("numFmtId")) or 0
            for entry in self._styles.iterfind(f"{q('x:cellXfs')}/{q('x:xf')}")
        )
        told = {key: told_alike(code) for key, code in codes.items()}
        return [told.get(key, f"format {key}") for key in used]

    def _conditional(self, root: Element) -> Iterator[str]:
        """Yield the rules by which numbers of cells are shown in another format."""
        given = self._conditional_styles
        for holder in root.iterchildren(q("x:conditionalFormatting")):
            for rule in holder.iterchildren(q("x:cfRule")):
                number = whole(rule.get("dxfId"))
                at = given[number] if number is not None and 0 <= number < len(given) else None
                shown = child(at, "x:numFmt")
                if shown is not None:
                    formulas = (each.text or "" for each in rule.iterchildren(q("x:formula")))
                    kind = rule.get("type", ""), rule.get("operator", "")
                    code = told_alike(shown.get("formatCode", ""))
                    yield _ACROSS.join((holder.get("sqref", ""), *kind, *formulas, code))


def told_alike(code: str) -> str:
    """Return the code of a number format in one spelling; empty where it changes nothing.

    Programs write words in it with quotes or with strokes, and codes in capitals or not.
    """
    if len(code) > _LONGEST:
        return code
    if code.strip().upper() in _PLAIN:
        return ""
    told = []
    for found in _FORMAT_PART.finditer(code):
        words, letter, filler, bracket, codes = found.groups()
        shown = letter if words is None else words
        if shown is not None:
            told.append(_MEANS.sub(lambda one: f"\\{one[0]}", shown))
        else:
            told.append(filler or (bracket or codes or "").upper())
    return "".join(told)


def hidden_columns(root: Element) -> bytearray:
    """Return for every column by its number whether it is hidden."""
    hidden = bytearray(_MOST_COLUMNS + 1)
    holder = child(root, "x:cols")
    for entry in elements(holder) if holder is not None else ():
        if is_on(entry, "hidden") or _is_nothing(entry.get("width")):
            first = max(1, whole(entry.get("min")) or 1)
            last = min(whole(entry.get("max")) or first, _MOST_COLUMNS)
            hidden[first : last + 1] = b"\1" * max(0, last + 1 - first)
    return hidden


def is_hidden(row: Element) -> bool:
    """Tell whether a row is hidden, or has no height."""
    return is_on(row, "hidden") or _is_nothing(row.get("ht"))


def column_number(cell: Element, before: int) -> int:
    """Return the number of a cell's column, the one behind `before` where it names none."""
    return min(column_of(cell.get("r")) or before + 1, _MOST_COLUMNS)


def _is_nothing(measure: str | None) -> bool:
    return measure is not None and re.fullmatch(r"0+(\.0*)?", measure) is not None


def _comments(package: Package, sheet: Sheet) -> Iterator[str]:
    edges = package.relationships(sheet.part)
    kept = (one for one in edges if one.type.endswith(_COMMENTS) and not one.external)
    for part in sorted({part for one in kept if (part := package.find(one.target))}):
        for entry in package.looked_at(part).iter():
            name = str(entry.tag).rpartition("}")[2]
            if name in _TEXTS:
                said = (each.text or "" for each in entry.iter(f"{{*}}{_TEXTS[name]}"))
                yield f"{entry.get('ref', '')}{_ACROSS}{''.join(said)}"
