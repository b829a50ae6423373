"""Classified points on pages: the level stands before the paragraph, or in the margin beside it.

Quoted words are looked for in the running text. A paragraph is known by the words it begins
with; its number counts nothing here, for a PDF has no paragraphs to count. In a table the words
must begin a cell. Words in text that is not upright are not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from dingmi_mark.domain.points import BoxAnchor, ParagraphAnchor, QuoteAnchor
from dingmi_mark.engine.shapes import Block, Box
from dingmi_mark.errors import PlaceTaken, PointAmbiguous, PointNotFound, PointUnsupported
from dingmi_mark.formats.base import Faces, PointMark
from dingmi_mark.formats.pdf.placing import Room, block_at, text_size
from dingmi_mark.formats.pdf.text import RunningText, Segment, normalised
from dingmi_mark.formats.pdf.view import PdfView

_LOW_BOX = 1.6
"""A box lower than this many em holds one line: the level then stands at half its height."""


class PointPlacer:
    """Finds the places of the points of one job, each clear of all marks before it."""

    def __init__(self, view: PdfView, blocks: Mapping[int, Sequence[Block]], faces: Faces) -> None:
        self._room = Room(view, blocks)
        self._view = view
        self._faces = faces
        self._done: dict[tuple[int, str, str, float], Block] = {}

    @cached_property
    def text(self) -> RunningText:
        """The running text, read when the first quotation is looked for."""
        return RunningText(self._view)

    def place(self, point: PointMark) -> tuple[int, Block]:
        """Return page (from 0) and block of a point; equal ones of a paragraph share a place.

        Raises PointNotFound, PointAmbiguous, PointUnsupported; PlaceTaken where there is no
        free room beside the place.
        """
        match point.anchor:
            case BoxAnchor():
                page, boxes = self._beside_box(point, point.anchor)
                return page, self._block(point, page, boxes)
            case QuoteAnchor():
                row = quoted_row(self.text, point.anchor, point.id)
            case ParagraphAnchor():
                row = beginning_row(self.text, point.anchor, point.id)
        key = (row.number, point.text, point.face, point.size_pt)
        if key not in self._done:
            self._done[key] = self._block(point, row.page, self._beside_row(point, row))
        return row.page, replace(self._done[key], name=f"point:{point.id}")

    def _block(self, point: PointMark, page: int, boxes: Iterator[Box]) -> Block:
        box = self._room.first_free(page, boxes, point.colour)
        if box is None:
            raise PlaceTaken(slot=f"point:{point.id}", page=page + 1)
        return block_at(point, box, self._faces)

    def _beside_row(self, point: PointMark, row: Segment) -> Iterator[Box]:
        """Yield places: the indent, the left margin, before the words, the right margin."""
        width, em = text_size(point, self._faces)
        top = row.row.baseline - self._faces.baseline(point.face) * em
        left, right = self.text.column_of(row)
        words = row.row.box.x
        if words - left >= width + point.gap_mm:
            yield Box(words - point.gap_mm - width, top, width, em)
        yield Box(left - point.gap_mm - width, top, width, em)
        yield Box(words - point.gap_mm - width, top, width, em)
        yield Box(right + point.gap_mm, top, width, em)

    def _beside_box(self, point: PointMark, anchor: BoxAnchor) -> tuple[int, Iterator[Box]]:
        page = anchor.page - 1
        region = Box(anchor.x_mm, anchor.y_mm, anchor.width_mm, anchor.height_mm)
        sizes = self._view.sizes
        if not 0 <= page < len(sizes) or not region.within(sizes[page].box):
            raise PointNotFound(point=point.id)
        width, em = text_size(point, self._faces)
        low = region.height < _LOW_BOX * em
        top = region.y + (region.height - em) / 2 if low else region.y
        lefts = (region.x - point.gap_mm - width, region.right + point.gap_mm)
        return page, (Box(left, top, width, em) for left in lefts)


def quoted_row(text: RunningText, anchor: QuoteAnchor, point: str) -> Segment:
    """Return the first row of the paragraph in which a quotation begins.

    Raises PointNotFound, PointAmbiguous.
    """
    quote = normalised(anchor.quote)
    if not quote:
        raise PointNotFound(point=point)
    rows = [text.paragraph_of(found) for found, _ in text.places(quote)]
    return _one_of(rows, anchor.occurrence, point)


def beginning_row(text: RunningText, anchor: ParagraphAnchor, point: str) -> Segment:
    """Return the row a paragraph (of a table: a cell) begins with.

    Raises PointNotFound, PointAmbiguous; PointUnsupported where only a number tells it.
    """
    begins = normalised(anchor.begins)
    if not begins:
        raise PointUnsupported(point=point, format="PDF")
    in_table = anchor.table is not None
    rows = [
        found
        for found, at_start in text.places(begins)
        if at_start and (in_table or text.begins_paragraph(found))
    ]
    return _one_of(rows, None, point)


def _one_of(rows: list[Segment], occurrence: int | None, point: str) -> Segment:
    """Return the one place that is meant; several in one paragraph are no ambiguity."""
    if occurrence is not None:
        if not 1 <= occurrence <= len(rows):
            raise PointNotFound(point=point)
        return rows[occurrence - 1]
    if not rows:
        raise PointNotFound(point=point)
    if len({row.number for row in rows}) > 1:
        raise PointAmbiguous(point=point, count=len(rows))
    return rows[0]
