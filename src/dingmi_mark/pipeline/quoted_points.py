"""Where the classified points of a record stand in the text that is indexed.

What a quotation belongs to depends on it, so that nothing is guessed: a place that cannot be told
is left out, and what is quoted from there has the level of the document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.known import KnownPoint
from dingmi_mark.domain.points import BoxAnchor, PointAnchor, point_text
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import DraftNotComparable
from dingmi_mark.formats.base import FormatHandler
from dingmi_mark.formats.docx.handler import DocxHandler
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.quote_text import DocumentText
from dingmi_mark.pipeline.text_lines import Line, lines_of_pages
from dingmi_mark.store.quote_index import IndexedPoint

_ACROSS: Final = 0.5
_ALONG: Final = 0.25
"""How much of a line's height may stand out of a box at its ends, and above or below: places of
lines are those of the letters' bodies, with white around what is printed.
"""


@dataclass(frozen=True)
class PlacedPoints:
    """The points that were found in a text, and the ids of those that were not."""

    points: tuple[IndexedPoint, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What the user should know."""
        if not self.missing:
            return ()
        told = say(
            "Where point(s) {points} stand in the text cannot be told: what is quoted from there "
            "counts at the level of the document.",
            points="、".join(self.missing),
        )
        return (told,)


def points_in(
    record: ApprovalRecord, read: DocumentText, file: Path, handler: FormatHandler
) -> PlacedPoints:
    """Find the points of a record in the text that was read from a file.

    Raises the errors of drafts.
    """
    if not record.points:
        return PlacedPoints()
    places = _places([point.anchor for point in record.points], read, file, handler)
    found: list[IndexedPoint] = []
    missing: list[str] = []
    for point, parts in zip(record.points, places, strict=True):
        stretches = [
            IndexedPoint(point.id, point.level.value, start, end, partly)
            for partly in (False, True)
            for start, end in _stretches((n for n, p in parts.items() if p is partly), read)
        ]
        found += stretches
        if not stretches:
            missing.append(point.id)
    return PlacedPoints(tuple(found), tuple(missing))


def points_marked(
    points: Sequence[KnownPoint], read: DocumentText, file: Path, handler: FormatHandler
) -> PlacedPoints:
    """Find the points of a document from outside by the marks of this program before them.

    Only Word files tell which paragraph a mark belongs to. Raises the errors of drafts.
    """
    numbers = {part.paragraph: number for number, part in enumerate(read.parts) if part.paragraph}
    marks = [(point.id, point_text(point.level)) for point in points]
    paragraphs: Sequence[int] = (0,) * len(points)
    if isinstance(handler, DocxHandler) and numbers and points:
        paragraphs = handler.marked_paragraphs(file, marks)
    found = [
        IndexedPoint(point.id, point.level.value, *stretch)
        for point, paragraph in zip(points, paragraphs, strict=True)
        if paragraph in numbers
        for stretch in _stretches([numbers[paragraph]], read)
    ]
    placed = {point.id for point in found}
    return PlacedPoints(tuple(found), tuple(p.id for p in points if p.id not in placed))


def _places(
    anchors: Sequence[PointAnchor], read: DocumentText, file: Path, handler: FormatHandler
) -> Iterable[Mapping[int, bool]]:
    """Return for each place the numbers of its parts, and whether they are only partly in it."""
    if isinstance(handler, DocxHandler):
        return _in_paragraphs(anchors, read, file, handler)
    return _on_pages(anchors, read, file, handler)


def _in_paragraphs(
    anchors: Sequence[PointAnchor], read: DocumentText, file: Path, handler: DocxHandler
) -> Iterator[Mapping[int, bool]]:
    """Yield the paragraphs that are marked: the writer of marks finds them in the same way."""
    numbers = {part.paragraph: number for number, part in enumerate(read.parts) if part.paragraph}
    try:
        paragraphs = handler.paragraphs_of(file, anchors) if numbers else (0,) * len(anchors)
    except DraftNotComparable:
        paragraphs = (0,) * len(anchors)
    for paragraph in paragraphs:
        yield {numbers[paragraph]: False} if paragraph in numbers else {}


def _on_pages(
    anchors: Sequence[PointAnchor], read: DocumentText, file: Path, handler: FormatHandler
) -> Iterator[Mapping[int, bool]]:
    from dingmi_mark.formats.pdf.paragraphs import Paragraphs
    from dingmi_mark.formats.pdf.view import PdfView

    with handler.view(file) as view:
        lines = lines_of_pages(read, view)
        running = Paragraphs(view) if isinstance(view, PdfView) else None
        for anchor in anchors:
            if isinstance(anchor, BoxAnchor):
                box = Box(anchor.x_mm, anchor.y_mm, anchor.width_mm, anchor.height_mm)
                yield in_box(lines, anchor.page, box)
            elif running is not None:
                rows = running.rows(anchor)
                yield {
                    line.part: False
                    for line in lines
                    if any(line.page == page + 1 and line.box.within(row) for page, row in rows)
                }
            else:
                yield {}


def in_box(lines: Iterable[Line], page: int, box: Box) -> dict[int, bool]:
    """Return which lines of a page (from 1) a box holds; True for those that are partly outside.

    A line that touches the box counts, and so does what of it stands outside.
    """
    return {
        line.part: not _body(line.box).within(box)
        for line in lines
        if line.page == page and line.box.overlaps(box)
    }


def _body(line: Box) -> Box:
    """Return what of a line's place has to lie in a box, for the line to lie in it."""
    em = min(line.width, line.height)
    across, along = min(_ACROSS * em, line.width / 2), _ALONG * em
    return Box(line.x + across, line.y + along, line.width - 2 * across, line.height - 2 * along)


def _stretches(parts: Iterable[int], read: DocumentText) -> Iterator[tuple[int, int]]:
    """Yield from which code to which parts go; those that follow each other as one."""
    import numpy as np

    runs: list[tuple[int, int]] = []
    for part in sorted(parts):
        if runs and runs[-1][1] == part - 1:
            runs[-1] = (runs[-1][0], part)
        else:
            runs.append((part, part))
    for first, last in runs:
        ends = [read.span(first)[0], read.span(last)[1]]
        start, stop = np.searchsorted(read.normal.places, ends)
        if start < stop:
            yield int(start), int(stop)
