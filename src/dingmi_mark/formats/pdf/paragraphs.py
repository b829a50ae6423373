"""Where the paragraph of a classified point stands on the pages of a PDF, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from dingmi_mark.domain.points import ParagraphAnchor, QuoteAnchor
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import PointAmbiguous, PointNotFound, PointUnsupported
from dingmi_mark.formats.pdf.points import beginning_row, quoted_row
from dingmi_mark.formats.pdf.text import RunningText, Segment
from dingmi_mark.formats.pdf.view import PdfView

PlacedRow: TypeAlias = tuple[int, Box]
"""The page (from 0) and the place of a row (mm)."""


class Paragraphs:
    """Finds the rows of paragraphs, by the words in them or at their beginning."""

    def __init__(self, view: PdfView) -> None:
        self._text = RunningText(view)

    def rows(self, anchor: QuoteAnchor | ParagraphAnchor) -> tuple[PlacedRow, ...]:
        """Return the rows of a point's paragraph; none where it is not found, or not one alone.

        Of a cell of a table only the row that its words begin: where the cell ends nobody knows.
        """
        try:
            match anchor:
                case QuoteAnchor():
                    first = quoted_row(self._text, anchor, "")
                case ParagraphAnchor():
                    first = beginning_row(self._text, anchor, "")
        except (PointNotFound, PointAmbiguous, PointUnsupported):
            return ()
        if isinstance(anchor, ParagraphAnchor) and anchor.table is not None:
            return ((first.page, first.row.box),)
        return tuple((each.page, each.row.box) for each in self._paragraph(first))

    def _paragraph(self, first: Segment) -> Iterator[Segment]:
        yield first
        for each in self._text.segments[first.number + 1 :]:
            if self._text.begins_paragraph(each):
                return
            yield each
