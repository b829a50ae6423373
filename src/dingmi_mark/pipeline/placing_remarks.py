"""What the user should know of the places that marks were given."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.engine.layout import PageOfMany, on_page, place_of
from dingmi_mark.engine.template import Slot
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.places import Footing, Settled


def place_remarks(slot: Slot, page: PageOfMany, found: Settled | None) -> Iterator[Message]:
    if found is None:
        yield left_out_remark(slot, page)
        return
    if on_page(slot, page) != place_of(slot, page):
        yield _moved_in_remark(slot, page)
    if found.dy:
        yield _shift_remark(slot, page, found.dy)
    if found.white:
        yield _white_remark(slot, page)
    if found.footing is Footing.FAINT:
        yield _faint_remark(slot, page)


def _moved_in_remark(slot: Slot, page: PageOfMany) -> Message:
    return say(
        "“{slot}” on page {page} was moved onto the page, which is smaller than the type area.",
        slot=slot.id,
        page=page.number + 1,
    )


def left_out_remark(slot: Slot, page: PageOfMany) -> Message:
    return say(
        "“{slot}” found no free place on page {page} and was left out, as the template allows.",
        slot=slot.id,
        page=page.number + 1,
    )


def _white_remark(slot: Slot, page: PageOfMany) -> Message:
    return say(
        "“{slot}” on page {page} is white: its ground is dark.",
        slot=slot.id,
        page=page.number + 1,
    )


def _faint_remark(slot: Slot, page: PageOfMany) -> Message:
    return say(
        "“{slot}” on page {page} stands on something faint, such as a watermark: look whether both "
        "can be read.",
        slot=slot.id,
        page=page.number + 1,
    )


def _shift_remark(slot: Slot, page: PageOfMany, dy: float) -> Message:
    return say(
        "“{slot}” on page {page} was shifted down by {dy} mm: its place was taken.",
        slot=slot.id,
        page=page.number + 1,
        dy=round(dy, 1),
    )
