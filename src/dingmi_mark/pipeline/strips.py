"""Pages with a strip of blank paper beside them: chosen where no place is free, and looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dingmi_mark.engine.layout import PageOfMany
from dingmi_mark.engine.shapes import Box, PageSize
from dingmi_mark.engine.strip import Strip, strip_for
from dingmi_mark.engine.template import Slot, Template, WhenNoRoom, WhenTaken
from dingmi_mark.formats.base import PageView, TextLine
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image


def strip_beside(page: PageOfMany, slots: Sequence[Slot], template: Template) -> Strip | None:
    """Return the strip for a page without room, where the template allows it and it would help."""
    if template.no_room is not WhenNoRoom.ADD_STRIP:
        return None
    return strip_for(in_strip(slots), page)


def in_strip(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return the slots that stand in a strip: what may be left out, is."""
    return tuple(slot for slot in slots if slot.when_taken is not WhenTaken.LEAVE_OUT)


def strip_remark(page: PageOfMany, strip: Strip) -> Message:
    """Say that a page grew, by how much, and why."""
    return say(
        "Page {page} has no free place for the mark: {top} mm of blank paper were added above it"
        "{right}.",
        page=page.number + 1,
        top=round(strip.top, 1),
        right=say(", {mm} mm beside it", mm=round(strip.right, 1)) if strip.right else "",
    )


def seen_with(view: PageView, strips: Mapping[int, Strip]) -> PageView:
    """Return the pages as they look with their strips."""
    return WithStrips(view, strips) if strips else view


def above_with(
    above: Mapping[int, tuple[Box, ...]], strips: Mapping[int, Strip]
) -> Mapping[int, tuple[Box, ...]]:
    """Return what lies above the pages where it lies with the strips."""
    tops = {page: strip.top for page, strip in strips.items()}
    return {
        page: tuple(box.moved(0, tops.get(page, 0.0)) for box in boxes)
        for page, boxes in above.items()
    }


@dataclass(frozen=True)
class WithStrips:
    """The pages of a draft as they look with their strips; the rest is passed on."""

    view: PageView
    strips: Mapping[int, Strip]

    @property
    def sizes(self) -> tuple[PageSize, ...]:
        """Sizes of the pages with their strips (mm)."""
        return tuple(self._sizes())

    def _sizes(self) -> Iterator[PageSize]:
        for number, size in enumerate(self.view.sizes):
            yield self.strips[number].with_page(size) if number in self.strips else size

    def lines(self, page: int) -> tuple[TextLine, ...]:
        """All text lines of a page, where they stand on it without its strip."""
        return self.view.lines(page)

    def picture(self, page: int, clip: Box, dpi: int) -> Image:
        """The page with its strip, cut to `clip`: the strip is white."""
        strip = self.strips.get(page)
        return self.view.picture(page, clip if strip is None else clip.moved(0, -strip.top), dpi)

    def is_sound(self, page: int) -> bool:
        """Tell whether all of the page could be shown."""
        return self.view.is_sound(page)
