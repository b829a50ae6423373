"""Places for text beside other text: on the page, clear of other marks, and blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, Colour, PageSize, TextRun
from dingmi_mark.engine.striking import struck_whole
from dingmi_mark.formats.base import Faces, PointMark
from dingmi_mark.formats.blank import can_bear
from dingmi_mark.formats.pdf.view import PdfView

_LOOK_DPI = 150
_EDGE_MM = 3.0
"""Printers leave about this much at the edge of the paper unprinted."""


@dataclass(frozen=True)
class Room:
    """The free room of a document: what is drawn on its pages, and the marks to come."""

    view: PdfView
    taken: Mapping[int, Sequence[Block]]

    def is_free(self, page: int, box: Box, colour: Colour) -> bool:
        """Tell whether text of a colour may stand in a box: nothing else does, and it shows."""
        if not box.within(_printable(self.view.sizes[page])):
            return False
        if any(box.overlaps(other.box) for other in self.taken.get(page, ())):
            return False
        return can_bear(self.view.picture(page, box, _LOOK_DPI), colour)

    def first_free(self, page: int, boxes: Iterable[Box], colour: Colour) -> Box | None:
        """Return the first of some places that is free; None if none is."""
        return next((box for box in boxes if self.is_free(page, box, colour)), None)


def text_size(point: PointMark, faces: Faces) -> tuple[float, float]:
    """Width and height (mm) of a point's text at its true size. Raises GlyphMissing."""
    width = faces.advance_mm(point.text, point.face, point.size_pt)
    return width, point.size_pt * MM_PER_PT


def block_at(point: PointMark, box: Box, faces: Faces) -> Block:
    """Set a point's text into its place."""
    baseline = box.y + faces.baseline(point.face) * box.height
    run = TextRun(point.text, box, baseline, point.face, point.size_pt, point.colour)
    block = Block(f"point:{point.id}", box, (run,))
    return struck_whole(block) if point.struck else block


def _printable(size: PageSize) -> Box:
    return Box(_EDGE_MM, _EDGE_MM, size.width - 2 * _EDGE_MM, size.height - 2 * _EDGE_MM)
