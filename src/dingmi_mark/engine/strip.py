"""A strip of blank paper beside a page on which a mark finds no place: it is never shrunk (R13)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dingmi_mark.engine.layout import EDGE_MM, PageOfMany, place_of
from dingmi_mark.engine.shapes import PageSize
from dingmi_mark.engine.template import Anchor, Slot

_ROOM_MM = 14.0
"""Below the rows: what later changes and the release write under the mark stands there (R39)."""

_AT_TOP = (Anchor.TOP_LEFT, Anchor.TOP_CENTRE, Anchor.TOP_RIGHT)


@dataclass(frozen=True)
class Strip:
    """Blank paper above a page as the reader sees it, and to its right where it is narrow (mm)."""

    top: float
    right: float = 0.0

    def with_page(self, size: PageSize) -> PageSize:
        """Return the size of a page together with it."""
        return PageSize(size.width + self.right, size.height + self.top)


def strip_for(slots: Iterable[Slot], page: PageOfMany) -> Strip | None:
    """Return the strip that takes all these slots; None where one does not belong at the top."""
    wanted = tuple(slots)
    if not wanted or any(slot.anchor not in _AT_TOP for slot in wanted):
        return None
    width = max(abs(slot.dx_mm) + slot.width_mm for slot in wanted) + EDGE_MM
    right = max(0.0, width - page.size.width)
    top = max(place_of(slot, page).bottom for slot in wanted) + _ROOM_MM
    return Strip(top, right)


def with_strip(page: PageOfMany, strip: Strip) -> PageOfMany:
    """Return a page with its strip; what was found on the page is no landmark of the strip."""
    return replace(page, size=strip.with_page(page.size), landmarks={})
