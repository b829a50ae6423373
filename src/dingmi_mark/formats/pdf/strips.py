"""A strip of blank paper beside a page that has no room for the mark, and the page without it.

The visible box grows; what the page hid outside its box stays hidden. The boxes it had of its own
are kept beside, so that the page is given back as it was. Source: ISO 32000-1, 14.11.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary

from dingmi_mark.engine.strip import Strip
from dingmi_mark.formats.pdf.drawing import number
from dingmi_mark.formats.pdf.geometry import Inheritance, Sheet, sheet_of
from dingmi_mark.formats.pdf.names import STRIP

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_BOXES = ("/MediaBox", "/CropBox")
_SHOWN = "/Shown"


def add_strip(page: Object, sheet: Sheet, strip: Strip) -> Sheet:
    """Give a page a strip; return what is to be seen now."""
    wider = sheet.with_strip(strip)
    kept = Dictionary({key: page[key] for key in _BOXES if key in page})
    kept[_SHOWN] = Array(wider.box)
    page[STRIP] = kept
    for key in _BOXES:
        page[key] = Array(wider.box)
    return wider


def take_off_strip(page: Object) -> None:
    """Give a page its own boxes back."""
    kept = page.get(STRIP)
    if not isinstance(kept, Dictionary):
        return
    for key in _BOXES:
        if key in kept:
            page[key] = kept[key]
        elif key in page:
            del page[key]
    del page[STRIP]


def clip_to(sheet: Sheet) -> bytes:
    """Operators that leave only a sheet's visible box to be drawn in."""
    x0, y0, x1, y1 = sheet.box
    corners = b" ".join(number(value) for value in (x0, y0, x1 - x0, y1 - y0))
    return b"%s re W n\n" % corners


def sheets_without_strips(pdf: Pdf, sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Return the geometry the pages had before they got strips; a strip that was cut stays told."""
    inherit = Inheritance()
    return tuple(
        _before(page.obj, sheet, inherit) if STRIP in page.obj else sheet
        for page, sheet in zip(pdf.pages, sheets, strict=True)
    )


def _before(page: Object, sheet: Sheet, inherit: Inheritance) -> Sheet:
    kept = page[STRIP]
    shown = kept.get(_SHOWN) if isinstance(kept, Dictionary) else None
    if not isinstance(shown, Array) or not _are_near(shown, sheet.box):
        return sheet
    named = {key: kept[key] for key in _BOXES if key in kept}
    others = {key: page[key] for key in ("/Parent", "/Rotate", "/UserUnit") if key in page}
    return sheet_of(Dictionary({**named, **others}), inherit)


def _are_near(shown: Array, box: Sequence[float]) -> bool:
    try:
        values = [float(value) for value in shown]
    except (TypeError, ValueError):
        return False
    pairs = zip(values, box, strict=False)
    return len(values) == len(box) and all(abs(one - other) < 0.01 for one, other in pairs)
