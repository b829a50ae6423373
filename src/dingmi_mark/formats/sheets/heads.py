"""What a workbook says where marks of others may stand: headers, footers, first cells, shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dingmi_mark.formats.docx.names import child, elements
from dingmi_mark.formats.pptx.text import text_lines
from dingmi_mark.formats.sheets.content import first_cells
from dingmi_mark.formats.sheets.first_page import first_printed
from dingmi_mark.formats.sheets.marks import header_text, headers_in_use
from dingmi_mark.formats.sheets.setup import read_setup
from dingmi_mark.formats.sheets.struck_cells import CellTexts
from dingmi_mark.formats.sheets.workbook import Workbook, drawing_of

FIRST_ROWS = 10
"""So many rows that hold something are the head of a sheet (own choice)."""


@dataclass(frozen=True)
class SheetHead:
    """The head of a sheet, counted from 1.

    `printed` are the headers it prints; `others` those it does not, and all footers. `cells` are
    the words of its first rows, `plain_cells` those that can be struck; `shapes` are the lines of
    its drawing. `usual_pt` is the size of what
    names none in a header, which is printed at `scale`.
    """

    number: int
    is_first: bool
    hidden: bool
    printed: tuple[str, ...]
    others: tuple[str, ...]
    cells: tuple[str, ...]
    plain_cells: tuple[str, ...]
    shapes: tuple[str, ...]
    usual_pt: int
    scale: float


def sheet_heads(book: Workbook) -> Iterator[SheetHead]:
    """Yield the heads of all sheets, hidden ones too. Raises DraftBroken, DraftUnsupported."""
    first, usual = first_printed(book), book.usual_pt()
    cells, texts = first_cells(book, FIRST_ROWS), CellTexts(book)
    for number, sheet in enumerate(book.sheets):
        root = book.package.looked_at(sheet.part)
        used = headers_in_use(root)
        holder = child(root, "x:headerFooter")
        entries = elements(holder) if holder is not None else ()
        named = {str(one.tag).rpartition("}")[2]: one.text or "" for one in entries}
        drawing = drawing_of(book.package, sheet.part, root)
        lines = text_lines(book.package.looked_at(drawing)) if drawing is not None else ()
        yield SheetHead(
            number=number + 1,
            is_first=number == first,
            hidden=sheet.hidden,
            printed=tuple(header_text(root, name) for name in used),
            others=tuple(text for name, text in named.items() if name not in used),
            cells=tuple(said for _, said in cells[number]),
            plain_cells=tuple(said for cell, said in cells[number] if texts.can_strike(cell, root)),
            shapes=tuple(lines),
            usual_pt=usual,
            scale=read_setup(root).header_scale,
        )
