"""Digests of a workbook: what it says and shows without our marks, and how these are drawn.

Two files with the same content digest say the same, although their bytes differ. Hidden sheets,
formulas and their values, the formats of numbers, comments, what is hidden and what of a sheet is
printed, headers and footers are content; colours, fonts, widths and properties are not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dingmi_mark.formats.digests import drawn_digest, feed
from dingmi_mark.formats.docx.canonical import Canonical
from dingmi_mark.formats.docx.content import Digests, media_of
from dingmi_mark.formats.docx.names import REL_SHARED_STRINGS, Element, child, elements, q
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.pptx.text import lines, text_lines
from dingmi_mark.formats.sheets.header import text_of
from dingmi_mark.formats.sheets.looks import Looks, column_number, hidden_columns, is_hidden
from dingmi_mark.formats.sheets.marks import (
    HeadWords,
    take_out_cells,
    take_out_shapes,
    take_out_words,
)
from dingmi_mark.formats.sheets.setup import Setup, read_setup
from dingmi_mark.formats.sheets.struck_cells import CellTexts
from dingmi_mark.formats.sheets.workbook import Sheet, Workbook, drawing_of

_SEPARATE = (
    "/hyperlink", "/drawing", "/vmlDrawing", "/comments", "/threadedComment", "/printerSettings",
    "/table", "/pivotTable", "/queryTable",
)  # fmt: skip
_ACROSS = "\x1f"


@dataclass(frozen=True)
class SheetWords:
    """What a sheet says: its cells row by row, then headers, footers and shapes; without marks."""

    rows: tuple[str, ...]
    others: tuple[str, ...]


def sheet_words(book: Workbook, words: HeadWords) -> Iterator[SheetWords]:
    """Yield what the sheets say; `words` are ours in the headers."""
    strings, texts = _strings(book), CellTexts(book)
    for sheet in book.sheets:
        root = book.package.tree(sheet.part)
        take_out_words(root, words)
        take_out_cells(root, words, texts)
        cells = (found for _, found in _rows(root, strings) if found)
        rows = tuple("\t".join(said for _, said, _ in row) for row in cells)
        drawing = _drawing(book.package, sheet, root)
        shown = text_lines(drawing[1]) if drawing is not None else ()
        yield SheetWords(rows, (*_running(root), *shown))


def first_cells(book: Workbook, rows: int) -> list[list[tuple[Element, str]]]:
    """Return the cells of the first rows that hold something, and what they say, by sheets."""
    strings = _strings(book)
    found: list[list[tuple[Element, str]]] = []
    for sheet in book.sheets:
        held = (row for _, row in _rows(book.package.looked_at(sheet.part), strings) if row)
        found.append([(cell, said) for row in islice(held, rows) for cell, said, _ in row])
    return found


def digests_of(book: Workbook, words: HeadWords) -> Digests:
    """Return the digests of a workbook; `words` are ours in the headers."""
    package = book.package
    canonical = Canonical(package)
    strings, texts = _strings(book), CellTexts(book)
    total = hashlib.new("sm3")
    media: set[str] = set()
    drawn: list[str] = []
    looks = Looks(book)
    feed(total, "book", looks.of_book())
    for number, sheet in enumerate(book.sheets):
        root = package.tree(sheet.part)
        size = _size_told(read_setup(root))
        drawn += (f"{size} {header}" for header in take_out_words(root, words))
        drawn += (canonical.form(text, sheet.part) for text in take_out_cells(root, words, texts))
        feed(total, "hidden" if sheet.hidden else "sheet", [sheet.name])
        feed(total, "cells", _cells(root, strings, looks))
        feed(total, "looks", looks.of_sheet(number, root))
        feed(total, "running", _running(root))
        media.update(media_of(package, sheet.part, root, _SEPARATE))
        drawing = _drawing(package, sheet, root)
        if drawing is not None:
            part, tree, ours = drawing
            drawn += (canonical.form(node, part) for node in ours)
            if len(tree):
                feed(total, "shapes", lines(tree))
            media.update(media_of(package, part, tree, ("/hyperlink",)))
    feed(total, "media", sorted(media))
    return Digests(f"sm3:{total.hexdigest()}", drawn_digest(drawn))


def _size_told(setup: Setup) -> str:
    """Return what besides a header tells the size in which it is printed."""
    return "own size" if setup.own_size else f"scale {setup.scale}"


def _drawing(
    package: Package, sheet: Sheet, root: Element
) -> tuple[str, Element, list[Element]] | None:
    """Return a sheet's drawing without our shapes, and these."""
    part = drawing_of(package, sheet.part, root)
    if part is None:
        return None
    tree = package.tree(part)
    ours = take_out_shapes(tree)
    return part, tree, ours


def _cells(root: Element, strings: list[str], looks: Looks) -> Iterator[str]:
    """Yield what the cells hold and in what form it is seen, if at all."""
    columns = hidden_columns(root)
    some = any(columns)
    for row, cells in _rows(root, strings):
        no_row, column = is_hidden(row), 0
        for cell, said, formula in cells:
            column = column_number(cell, column) if some else 0
            hidden = "hidden" if no_row or columns[column] else ""
            yield _ACROSS.join((cell.get("r", ""), said, formula, looks.of_cell(cell), hidden))


def _rows(
    root: Element, strings: list[str]
) -> Iterator[tuple[Element, list[tuple[Element, str, str]]]]:
    """Yield rows with the cells that hold something: the cell, what it says, its formula."""
    data = child(root, "x:sheetData")
    for row in elements(data) if data is not None else ():
        cells = []
        for cell in row.iterchildren(q("x:c")):
            said = _said(cell, strings)
            formula = cell.findtext(q("x:f")) or ""
            if said or formula:
                cells.append((cell, said, formula))
        yield row, cells


def _said(cell: Element, strings: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(q("x:v")) or ""
    if cell.get("t") != "s":
        return value
    number = int(value) if value.isdecimal() else -1
    return strings[number] if 0 <= number < len(strings) else value


def _running(root: Element) -> Iterator[str]:
    holder = child(root, "x:headerFooter")
    for entry in elements(holder) if holder is not None else ():
        said = text_of(entry.text or "")
        if said.strip():
            yield f"{str(entry.tag).rpartition('}')[2]} {said}"


def _strings(book: Workbook) -> list[str]:
    part = book.package.related(book.part, REL_SHARED_STRINGS)
    if part is None:
        return []
    return [_text(entry) for entry in book.package.tree(part).iterchildren(q("x:si"))]


def _text(holder: Element) -> str:
    """Return a text with its runs put together, without the reading aids beside it."""
    return "".join(
        one.text or ""
        for one in holder.iter(q("x:t"))
        if (above := one.getparent()) is None or above.tag != q("x:rPh")
    )
