"""Where marks go in a file whose every page bears the same head: rows in it, the rest below it.

In a page header nothing stands at a place of its own choice: the rows of the mark stand side by
side where the header begins, and stamp and 2D code where the first page's cells leave room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dingmi_mark.engine.layout import PageOfMany, Words, lay_out, place_of
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, ink_box
from dingmi_mark.engine.template import Anchor, Pages, Slot
from dingmi_mark.errors import DraftUnsupported, PageTooSmall, PlaceTaken, SheetPlaceUnsure
from dingmi_mark.formats.base import HEAD_ROWS, Faces, RunningHead, stands_in_head
from dingmi_mark.messages import say

_SLACK_MM = 0.1
"""Room in a slot beyond its ink, so that rounding breaks no line."""


def in_head(
    slots: Sequence[Slot], words: Words, page: PageOfMany, faces: Faces, head: RunningHead
) -> Iterator[Slot]:
    """Yield the slots of a file with a running head, each where it goes on the first page.

    Raises DraftUnsupported where the template has no row for the mark or marks the last page.
    """
    if not any(slot.id == "mark" and page.takes(slot.pages) for slot in slots):
        kind = say("a workbook with a template that has no row “mark”")
        raise DraftUnsupported(kind=kind, supported="PDF")
    if any(slot.pages is Pages.LAST for slot in slots):
        kind = say("a workbook with a template that marks the last page")
        raise DraftUnsupported(kind=kind, supported="PDF")
    x = head.line.x
    rows = {slot.id: slot for slot in slots if slot.id in HEAD_ROWS}
    for name in (name for name in HEAD_ROWS if name in rows):
        slot = _put(rows[name], 0.0, 0.0)
        ink = ink_box(lay_out(slot, words, page, faces))
        yield replace(_put(slot, x, head.line.y), width_mm=ink.right + _SLACK_MM)
        x += ink.right + slot.texts[0].size_pt * MM_PER_PT
        if x > head.line.right:
            raise _too_small(page, slot)
    for slot in slots:
        if slot.id not in HEAD_ROWS:
            yield _in_body(slot, page, head.body)


def _put(slot: Slot, x: float, y: float) -> Slot:
    return replace(slot, anchor=Anchor.TOP_LEFT, dx_mm=x, dy_mm=y, stack="")


def _in_body(slot: Slot, page: PageOfMany, body: Box | None) -> Slot:
    """Move a slot in from the margins, in which nothing can be drawn."""
    place = page.size.box if body is None else body
    if slot.anchor.is_landmark:
        slot = replace(slot, anchor=Anchor.TOP_RIGHT, dy_mm=place.y)
    box = place_of(slot, page)
    x = max(place.x, min(box.x, place.right - box.width))
    y = max(place.y, min(box.y, place.bottom - box.height))
    return _put(slot, x, y)


def refuse_outside(block: Block, slot: Slot, page: PageOfMany, head: RunningHead | None) -> None:
    """Refuse what stands neither in the head nor in the body below it.

    Raises PlaceTaken; SheetPlaceUnsure where nobody can tell where things go.
    """
    if head is None or stands_in_head(slot.id):
        return
    if head.body is None:
        raise SheetPlaceUnsure(slot=slot.id)
    if not block.box.within(head.body):
        raise PlaceTaken(slot=slot.id, page=page.number + 1)


def _too_small(page: PageOfMany, slot: Slot) -> PageTooSmall:
    size = page.size
    return PageTooSmall(
        page=page.number + 1,
        width_mm=round(size.width),
        height_mm=round(size.height),
        slot=slot.id,
    )
