"""Annotations lie above the page: a mark under one is covered, in this reader or in another.

Readers do not agree on what they show (a form field outside the form, an icon without a picture),
so what can be seen by any of them counts. Source: ISO 32000-1, 12.5.2, 12.5.3 (flags).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Stream

from dingmi_mark.engine.shapes import Block, Box, ink_box
from dingmi_mark.formats.base import place_taken
from dingmi_mark.formats.pdf.geometry import Sheet

if TYPE_CHECKING:
    from pikepdf import Object

_HIDDEN = 2
_MOST = 100_000
_UNSEEN = ("/Link", "/Popup")
"""Kinds without a picture of their own on the page."""


def refuse_covered(page: Object, sheet: Sheet, blocks: Iterable[Block], number: int) -> None:
    """Raise PlaceTaken where an annotation reaches into a mark; `number` is the page from 0."""
    places = list(places_above(page, sheet))
    for block in blocks if places else ():
        if any(ink_box(block).overlaps(place) for place in places):
            raise place_taken(block.name, number, block.box)


def places_above(page: Object, sheet: Sheet) -> Iterator[Box]:
    """Yield the places of a page (mm) where an annotation would cover a mark."""
    annotations = page.get("/Annots")
    for annotation in list(annotations)[:_MOST] if isinstance(annotations, Array) else ():
        entry = annotation.stream_dict if isinstance(annotation, Stream) else annotation
        if isinstance(entry, Dictionary) and _may_be_seen(entry):
            corners = corners_of(entry.get("/Rect"))
            if corners is not None:
                yield sheet.seen(corners)


def _may_be_seen(annotation: Object) -> bool:
    flags = annotation.get("/F")
    if isinstance(flags, int) and flags & _HIDDEN:
        return False
    return str(annotation.get("/Subtype")) not in _UNSEEN or "/AP" in annotation


def corners_of(rect: Object | None) -> tuple[float, float, float, float] | None:
    """Return an annotation's place (user space), its corners in order; None where it has none.

    What stands behind four numbers is passed over, as readers do.
    """
    try:
        values = [float(value) for value in rect] if isinstance(rect, Array) else []
    except (TypeError, ValueError):
        return None
    if len(values) < 4:
        return None
    (x0, x1), (y0, y1) = sorted(values[0:4:2]), sorted(values[1:4:2])
    return x0, y0, x1, y1
