"""A Word file as paper: its tables, what each cell says, and what makes it unclear.

A value is the whole text of a cell, wherever in the cell people typed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from dingmi_mark.errors import DraftBroken, DraftTooCostly
from dingmi_mark.formats.docx.names import REL_DOCUMENT, Element, elements, q
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.forms.controls import is_prompt, shows_prompt
from dingmi_mark.forms.fields import plain_name
from dingmi_mark.messages import Fault, Message, say

MOST_CELLS: Final = 20_000
"""A record with a thousand classified points has 16,000."""

_BREAKS: Final = (q("w:br"), q("w:cr"))
_SIGNS: Final = {q("w:tab"): "\t", q("w:softHyphen"): "\u00ad", q("w:noBreakHyphen"): "\u2011"}
_UNREAD: Final = frozenset({q("w:del"), q("w:moveFrom"), q("mc:Fallback"), q("w:txbxContent")})

_CHANGES: Final = ("w:ins", "w:del", "w:moveFrom", "w:moveTo", "w:cellIns", "w:cellDel")
_COMMENTS: Final = ("w:commentReference", "w:commentRangeStart")
_FOREIGN: Final = ("w:altChunk", "w:subDoc", "w:object", "w:control")


@dataclass(frozen=True)
class PaperCell:
    """A cell by its place: table, row and column, all from 1."""

    element: Element
    table: int
    row: int
    column: int

    @cached_property
    def text(self) -> str:
        """The whole text, paragraphs and breaks as line ends; the prompt of a control is none."""
        return "" if is_prompt(self.element) else text_in(self.element).strip("\n")

    @cached_property
    def first_line(self) -> str:
        """The first paragraph: a label without the small print below it."""
        return next((line for line in self.text.split("\n") if line.strip()), "")

    @property
    def place(self) -> Message:
        """Where it stands, for people."""
        return say(
            "table {table}, row {row}, cell {column}",
            table=self.table,
            row=self.row,
            column=self.column,
        )

    @cached_property
    def plain(self) -> str:
        """Its text as names are compared."""
        return plain_name(self.text)

    @cached_property
    def plain_label(self) -> str:
        """Its first line as names are compared."""
        return plain_name(self.first_line)

    @cached_property
    def merged(self) -> bool:
        """Tell whether it is joined with the cell above or below."""
        return self.element.find(f"{q('w:tcPr')}/{q('w:vMerge')}") is not None


@dataclass(frozen=True)
class Paper:
    """The body of a form, and its cells."""

    body: Element
    tables: tuple[tuple[tuple[PaperCell, ...], ...], ...]
    _by_element: dict[Element, PaperCell] = field(repr=False)

    @property
    def cells(self) -> Iterator[PaperCell]:
        """All cells in order."""
        return (cell for table in self.tables for row in table for cell in row)

    def row_of(self, cell: PaperCell) -> tuple[PaperCell, ...]:
        """Return the row a cell stands in."""
        return self.tables[cell.table - 1][cell.row - 1]

    def cell_around(self, element: Element) -> PaperCell | None:
        """Return the cell an element stands in, or which it stands before (a bookmark of rows)."""
        if (known := self._by_element.get(element)) is not None:
            return known
        inside = next(
            (self._by_element[one] for one in element.iter(q("w:tc")) if one in self._by_element),
            None,
        )
        if inside is not None:
            return inside
        for owner in element.iterancestors():
            if owner in self._by_element:
                return self._by_element[owner]
        parent = element.getparent()
        if parent is not None and parent.tag in (q("w:tr"), q("w:tbl")):
            after = (one for one in element.itersiblings() if one.tag in (q("w:tc"), q("w:tr")))
            following = next(after, None)
            return None if following is None else self.cell_around(following)
        return None


def paper_of(package: Package) -> Paper:
    """Read the main part of an opened `.docx`.

    Raises the package's own errors, and DraftTooCostly for more cells than any form has.
    """
    part = next(
        (e.target for e in package.relationships() if e.type == REL_DOCUMENT), "word/document.xml"
    )
    body = package.tree(package.find(part) or part).find(q("w:body"))
    if body is None:
        raise DraftBroken(package.where, cause=say("it has no document body"))
    known: dict[Element, PaperCell] = {}
    tables = []
    for number, table in enumerate(_tables(body), 1):
        tables.append(_table(table, number, known))
        if len(known) > MOST_CELLS:
            raise DraftTooCostly(package.where, limit=say("{count} cells", count=MOST_CELLS))
    return Paper(body, tuple(tables), known)


def text_in(element: Element) -> str:
    """Return the visible text below an element; every paragraph ends a line."""
    pieces: list[str] = []
    _collect(element, pieces)
    return "".join(pieces)


def what_is_unclear(paper: Paper) -> Iterator[Fault]:
    """Yield what makes a form say two things at once, or nothing for sure."""
    body = paper.body
    if _any(body, _CHANGES):
        what = say("there are tracked changes: accept or reject all of them first")
        yield Fault("", what)
    if _any(body, _COMMENTS):
        yield Fault("", say("there are comments: settle and delete them first"))
    if _any(body, _FOREIGN):
        yield Fault("", say("there is an embedded object or another file in it: remove it"))
    if any(text_in_box(box).strip() for box in body.iter(q("w:txbxContent"))):
        yield Fault("", say("there is a text box: type its text into the cells and delete it"))
    for cell in paper.cells:
        if cell.element.find(f".//{q('w:tbl')}") is not None:
            yield Fault("", say("{place} holds another table: take it out", place=cell.place))
        if cell.element.find(f".//{q('w:vanish')}") is not None and cell.text.strip():
            yield Fault("", say("{place} holds hidden text: show or delete it", place=cell.place))


def text_in_box(box: Element) -> str:
    """Return the text of a text box."""
    return "".join(one.text or "" for one in box.iter(q("w:t")))


def unreadable_in(cell: PaperCell) -> Message | None:
    """Tell what stands in a cell that is no text, None where all of it is."""
    if any(True for _ in cell.element.iter(q("w:drawing"), q("w:pict"))):
        return say("a picture stands here; a text is expected")
    if any(True for _ in cell.element.iter(q("w:sym"))):
        return say("a symbol stands here that is no text; type it as text")
    if any(True for _ in cell.element.iter(q("w:footnoteReference"), q("w:endnoteReference"))):
        return say("a footnote stands here; write it into the cell")
    return None


def _any(body: Element, names: tuple[str, ...]) -> bool:
    return next(body.iter(*(q(name) for name in names)), None) is not None


def _tables(body: Element) -> Iterator[Element]:
    for table in body.iter(q("w:tbl")):
        if not any(owner.tag in (q("w:tc"), q("w:txbxContent")) for owner in table.iterancestors()):
            yield table


def _table(
    table: Element, number: int, known: dict[Element, PaperCell]
) -> tuple[tuple[PaperCell, ...], ...]:
    rows: list[tuple[PaperCell, ...]] = []
    for row in _below(table, "w:tr"):
        cells = tuple(
            PaperCell(cell, number, len(rows) + 1, column)
            for column, cell in enumerate(_below(row, "w:tc"), 1)
        )
        known.update((cell.element, cell) for cell in cells)
        rows.append(cells)
    return tuple(rows)


def _below(owner: Element, name: str) -> Iterator[Element]:
    """Yield rows or cells, also those inside a content control."""
    for one in elements(owner):
        if one.tag == q(name):
            yield one
        elif one.tag in (q("w:sdt"), q("w:sdtContent"), q("w:customXml")):
            yield from _below(one, name)


def _collect(element: Element, pieces: list[str]) -> None:
    for one in elements(element):
        if one.tag in _UNREAD or one.tag == q("w:pPr") or one.tag == q("w:rPr"):
            continue
        if one.tag == q("w:sdt") and shows_prompt(one):
            continue
        if one.tag == q("w:t"):
            pieces.append(one.text or "")
        elif one.tag in _BREAKS:
            pieces.append("\n")
        elif one.tag in _SIGNS:
            pieces.append(_SIGNS[one.tag])
        elif one.tag == q("w:p"):
            _collect(one, pieces)
            pieces.append("\n")
        else:
            _collect(one, pieces)
