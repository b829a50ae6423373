"""The running text of a PDF: rows in reading order, and the paragraphs they seem to form.

A PDF knows no paragraphs. A row begins one if it is indented, stands apart from the row above,
differs from it in size, or follows a row that ends short. Page numbers do not interrupt the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from dingmi_mark.engine.shapes import MM_PER_PT, Box
from dingmi_mark.formats.pdf.view import PdfView, Row

_PAGE_NUMBER = re.compile(r"[-—–―·.\s]*(?:第\s*)?\d{1,5}(?:\s*/\s*\d{1,5})?(?:\s*页)?[-—–―·.\s]*")
_EDGE_SHARE = 0.12
"""Share of the page's height at top and bottom in which a lone number is a page number."""

_INDENT_EM = 0.8
_SHORT_EM = 1.6
_FAR_EM = 3.0
_GAP_EM = 1.5
_SENTENCE_ENDS = ("。", "！", "？", "；", "：", ".", "!", "?", ";", ":")
_APART = 1.45
"""Distance to the row above, as a multiple of the usual one, that sets a paragraph apart."""


@dataclass(frozen=True)
class Segment:
    """Text that MuPDF gives as one line: a row of a paragraph, or one cell of a table's row."""

    row: Row
    number: int

    @property
    def page(self) -> int:
        return self.row.line.page

    @property
    def em(self) -> float:
        """Size of the text (mm)."""
        return (self.row.line.size_pt or 0.0) * MM_PER_PT or self.row.box.height


class RunningText:
    """All upright text of a document, joined and normalised, with the way back to its rows."""

    def __init__(self, view: PdfView) -> None:
        rows = [row for page in range(len(view.sizes)) for row in _body_rows(view, page)]
        self.segments = tuple(Segment(row, number) for number, row in enumerate(_joined(rows)))
        texts = [normalised(segment.row.line.text) for segment in self.segments]
        self._starts: list[int] = []
        length = 0
        for text in texts:
            self._starts.append(length)
            length += len(text)
        self._text = "".join(texts)
        self._widths = [size.width for size in view.sizes]
        self._columns: dict[int, tuple[float, float]] = {}

    def places(self, quote: str) -> Iterator[tuple[Segment, bool]]:
        """Yield where a normalised quote stands: its segment, and whether it begins that one."""
        place = self._text.find(quote)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            yield self.segments[number], self._starts[number] == place
            place = self._text.find(quote, place + len(quote))

    def paragraph_of(self, segment: Segment) -> Segment:
        """Return the first row of the paragraph a row stands in."""
        while not self.begins_paragraph(segment):
            segment = self.segments[segment.number - 1]
        return segment

    def begins_paragraph(self, segment: Segment) -> bool:
        """Tell whether a row seems to be the first of a paragraph."""
        if segment.number == 0:
            return True
        above = self.segments[segment.number - 1]
        left, right = self.column_of(segment)
        box = segment.row.box
        if box.x > left + _INDENT_EM * segment.em:
            return True
        if abs(above.em - segment.em) > 0.1 * segment.em:
            return True
        if self._ends_short(above):
            return True
        return above.page == segment.page and self._stands_apart(above, segment)

    def _ends_short(self, segment: Segment) -> bool:
        """Tell whether a row leaves room at its end.

        Where all rows of a column are short, one that ends a sentence far from the margin does.
        """
        right = segment.row.box.right
        left, column_right = self.column_of(segment)
        if right < column_right - _SHORT_EM * segment.em:
            return True
        margin = self._widths[segment.page] - left - _FAR_EM * segment.em
        if right >= margin or not segment.row.line.text.endswith(_SENTENCE_ENDS):
            return False
        return not any(
            other.row.box.x >= right
            and abs(other.row.baseline - segment.row.baseline) < segment.em / 2
            for other in self._around(segment)
        )

    def column_of(self, segment: Segment) -> tuple[float, float]:
        """Left and right end (mm) of the rows around that share a row's column."""
        if segment.number not in self._columns:
            near = [
                other.row.box
                for other in self._around(segment)
                if _share_column(other.row.box, segment.row.box)
            ]
            ends = min(box.x for box in near), max(box.right for box in near)
            self._columns[segment.number] = ends
        return self._columns[segment.number]

    def _around(self, segment: Segment, reach: int = 40) -> Iterator[Segment]:
        first = max(0, segment.number - reach)
        for other in self.segments[first : segment.number + reach]:
            if other.page == segment.page and abs(other.em - segment.em) <= 0.1 * segment.em:
                yield other

    def _stands_apart(self, above: Segment, segment: Segment) -> bool:
        distance = segment.row.baseline - above.row.baseline
        if distance <= 0:
            return True
        around = list(self._around(segment))
        usual = [
            lower.row.baseline - upper.row.baseline
            for upper, lower in zip(around, around[1:], strict=False)
            if 0 < lower.row.baseline - upper.row.baseline < 4 * segment.em
        ]
        return distance > _APART * median(usual) if usual else distance > 2.5 * segment.em


def normalised(text: str) -> str:
    """Return text for comparison: NFKC, without white space and invisible characters."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if not character.isspace() and unicodedata.category(character) != "Cf"
    )


def is_page_number(row: Row, height: float) -> bool:
    """Tell whether a row is a lone number at the top or bottom of a page (`height` in mm)."""
    middle = row.box.y + row.box.height / 2
    at_edge = middle < height * _EDGE_SHARE or middle > height * (1 - _EDGE_SHARE)
    return at_edge and _PAGE_NUMBER.fullmatch(row.line.text) is not None


def _body_rows(view: PdfView, page: int) -> Iterator[Row]:
    height = view.sizes[page].height
    for row in view.rows(page):
        if row.line.upright and not is_page_number(row, height):
            yield row


def _joined(rows: Sequence[Row]) -> Iterator[Row]:
    """Join what MuPDF parts although it is one row: the same baseline, less than a wide gap."""
    pending: Row | None = None
    for row in rows:
        if pending is not None and _continues(pending, row):
            pending = _as_one(pending, row)
            continue
        if pending is not None:
            yield pending
        pending = row
    if pending is not None:
        yield pending


def _continues(left: Row, right: Row) -> bool:
    em = max(left.line.size_pt or 0, right.line.size_pt or 0) * MM_PER_PT
    return (
        left.line.page == right.line.page
        and abs(left.baseline - right.baseline) < 0.3 * em
        and -0.5 * em < right.box.x - left.box.right < _GAP_EM * em
    )


def _as_one(left: Row, right: Row) -> Row:
    top, bottom = min(left.box.y, right.box.y), max(left.box.bottom, right.box.bottom)
    box = Box(left.box.x, top, right.box.right - left.box.x, bottom - top)
    longer = max(left.line, right.line, key=lambda line: len(line.text))
    text = f"{left.line.text} {right.line.text}"
    return Row(
        type(longer)(text, longer.page, box, longer.face, longer.size_pt), box, left.baseline
    )


def _share_column(one: Box, other: Box) -> bool:
    return one.x < other.right and other.x < one.right
