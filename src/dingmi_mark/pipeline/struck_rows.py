"""What is put beside marks of others in the headers and cells of a workbook, all in one row there.

The workbook's program sets it; the blocks only say about where, for whoever looks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.visible_marks import Corner
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, TextRun
from dingmi_mark.errors import RemarkPlaceFull
from dingmi_mark.formats.base import OF_CELLS
from dingmi_mark.formats.sheets.header import BETWEEN
from dingmi_mark.pipeline.change_sheet import Paged, Sheet, wording_of
from dingmi_mark.pipeline.header_marks import HeaderMark
from dingmi_mark.pipeline.remarking_marks import legacy_blocks, of_others

_EDGE_MM = 3.0


@dataclass
class _Row(Sheet):
    """A row while it is filled: a text stands behind the last one, wherever it was to be."""

    def put(
        self, name: str, text: str, look: TextRun, places: Iterable[tuple[float, float]]
    ) -> Block:
        """Put a text behind the last one, whatever the places. Raises RemarkPlaceFull."""
        em = look.size_pt * MM_PER_PT
        width = self.pages.faces.advance_mm(text, look.face, look.size_pt)
        last = next((one.box for one in reversed(self.blocks) if one.text), look.box)
        x, y = self._behind(name, text, look, last, width)
        box = Box(x, y, width, em)
        block = Block(name, box, (TextRun(text, box, box.bottom, look.face, look.size_pt),))
        self.blocks.append(block)
        return block

    def _behind(
        self, name: str, text: str, look: TextRun, last: Box, width: float
    ) -> tuple[float, float]:
        return last.right + look.size_pt * MM_PER_PT, look.box.y


@dataclass
class CellRow(_Row):
    """A cell while it is filled: how far to the right all of it reaches, its program says."""


@dataclass
class HeaderRow(_Row):
    """A part of a page header while it is filled: marks stand in one row, lines below it."""

    def _behind(
        self, name: str, text: str, look: TextRun, last: Box, width: float
    ) -> tuple[float, float]:
        x, y = super()._behind(name, text, look, last, width)
        most = self.size.width - _EDGE_MM - width
        if ":basis:" in name:
            # At the right of a header lines reach to the left, beyond the mark.
            x, y = min(look.box.x, most), last.bottom
        if not _EDGE_MM <= x <= most:
            raise RemarkPlaceFull(text=text)
        return x, y


def header_blocks(
    found: HeaderMark, changes: Sequence[MarkingChanged], pages: Paged
) -> tuple[tuple[ShownMark, ...], Mapping[int, tuple[Block, ...]]]:
    """Return a mark in headers as a label tells it, and the blocks at it, about where they are.

    What stands in the middle or at the right of a header moves to the left when it grows. Raises
    RemarkPlaceFull.
    """
    mark, size = found.mark, found.size_pt
    words = "".join(BETWEEN + one.mark for one in map(wording_of, changes) if one.mark)
    grows = pages.faces.advance_mm(words, "heiti", size) if words else 0.0
    moved = {Corner.LEFT: 0.0, Corner.HEAD: grows / 2, Corner.RIGHT: grows}[mark.corner]
    (old,) = of_others((replace(mark, ink=mark.ink.moved(-moved, 0)),))
    return (old,), legacy_blocks((old,), changes, pages, kind=HeaderRow, size_pt=size)


def cell_blocks(
    found: HeaderMark, changes: Sequence[MarkingChanged], pages: Paged
) -> tuple[tuple[ShownMark, ...], Mapping[int, tuple[Block, ...]]]:
    """Return a mark in a cell as a label tells it, and the blocks at it, about where they are."""
    (shown,) = of_others((found.mark,))
    old = replace(shown, slot=OF_CELLS)
    return (old,), legacy_blocks((old,), changes, pages, kind=CellRow, size_pt=found.size_pt)
