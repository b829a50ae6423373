"""Where the classified points of a record stand in the text that is indexed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.draft_content import Part
from dingmi_mark.domain.points import BoxAnchor, ParagraphAnchor, PointAnchor, QuoteAnchor
from dingmi_mark.pipeline.quote_text import DocumentText
from dingmi_mark.store.quote_index import IndexedPoint

if TYPE_CHECKING:
    from dingmi_mark.quoting.normal import Normal

_ENDS = ("。", "！", "？", "；", "：", ".", "!", "?")


def points_in(record: ApprovalRecord, read: DocumentText) -> tuple[IndexedPoint, ...]:
    """Return the points of a record that are found in the text of its draft.

    One that is not (a box on a page, a cell of a table) is left out: what is quoted from there has
    the level of the document.
    """
    return tuple(_points(record, read))


def _points(record: ApprovalRecord, read: DocumentText) -> Iterator[IndexedPoint]:
    for point in record.points:
        part = _part_of(point.anchor, read)
        if part is not None:
            start, end = _codes_of(part, read)
            if start < end:
                yield IndexedPoint(point.id, point.level.value, start, end)


def _part_of(anchor: PointAnchor, read: DocumentText) -> int | None:
    """Return the number of the part of the text in which a point's paragraph begins."""
    match anchor:
        case QuoteAnchor(quote, occurrence):
            return _with_words(quote, occurrence or 1, read)
        case ParagraphAnchor(begins=begins) if begins:
            return _with_words(begins, 1, read)
        case ParagraphAnchor(number, table=None):
            body = [at for at, part in enumerate(read.parts) if part.part == Part.BODY.value]
            return body[number - 1] if number <= len(body) else None
        case ParagraphAnchor() | BoxAnchor():
            return None


def _with_words(words: str, occurrence: int, read: DocumentText) -> int | None:
    from dingmi_mark.quoting.normal import normal

    whole, wanted = _letters(read.normal), _letters(normal(words))
    at = -1
    for _ in range(occurrence):
        at = whole.find(wanted, at + 1)
        if at < 0 or not wanted:
            return None
    return read.part_at(int(read.normal.places[at]))


def _letters(text: Normal) -> str:
    return text.codes.tobytes().decode("utf-32-le")


def _codes_of(part: int, read: DocumentText) -> tuple[int, int]:
    """Return from which code to which the paragraph goes; on pages until a row ends a sentence."""
    import numpy as np

    last = part
    if read.parts[part].page:
        while last + 1 < len(read.parts) and not read.parts[last].text.endswith(_ENDS):
            last += 1
    first, end = read.span(part)[0], read.span(last)[1]
    start, stop = np.searchsorted(read.normal.places, [first, end])
    return int(start), int(stop)
