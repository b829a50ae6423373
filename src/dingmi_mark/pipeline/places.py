"""Is a place free? Nothing is ever overprinted: stop, or shift as the template says (R21)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from dingmi_mark.engine.layout import shifted
from dingmi_mark.engine.shapes import Block, Box, Colour, Frame, Rule, TextRun, ink_box
from dingmi_mark.engine.template import Slot, WhenTaken
from dingmi_mark.errors import PlaceTaken
from dingmi_mark.formats.base import PageView
from dingmi_mark.formats.blank import BLANK_SHARE, ground, ink_share

_LOOK_DPI = 120
_MARGIN_MM = 0.8
_TILE_MM = (16.0, 10.0)
"""A place is looked at in pieces, so that one letter in a large place is not lost in it."""

_LEAST_CONTRAST = 100
"""Difference of lightness (0..255) below which a mark cannot be told from its ground."""


def settled(
    block: Block, slot: Slot, page: int, view: PageView, others: Sequence[Block]
) -> tuple[Block, float]:
    """Return the block where it may stand, and how far down it was shifted (mm).

    Raises PlaceTaken where the template stops, or no free place is within its reach.
    """
    steps = 0
    if slot.when_taken is not WhenTaken.STOP and slot.shift_mm > 0:
        steps = int(slot.shift_max_mm / slot.shift_mm + 0.001)
    for step in range(steps + 1):
        dy = step * slot.shift_mm
        moved = shifted(block, dy)
        if not moved.box.within(view.sizes[page].box):
            break
        if is_free(moved, page, view, others):
            return moved, dy
    raise PlaceTaken(slot=slot.id, page=page + 1)


def is_free(block: Block, page: int, view: PageView, others: Sequence[Block]) -> bool:
    """Tell whether nothing stands where the block's ink will be, and it can be read there."""
    place = ink_box(block)
    if any(place.overlaps(ink_box(other)) for other in others):
        return False
    return is_blank(place.grown(_MARGIN_MM), page, view, _colour(block))


def is_blank(place: Box, page: int, view: PageView, colour: Colour) -> bool:
    """Tell whether a region of a page is blank and contrasts with a colour."""
    size = view.sizes[page]
    left, top = max(0.0, place.x), max(0.0, place.y)
    right, bottom = min(size.width, place.right), min(size.height, place.bottom)
    if left >= right or top >= bottom:
        return True
    picture = view.picture(page, Box(left, top, right - left, bottom - top), _LOOK_DPI)
    if (
        max(abs(a - b) for a, b in zip(ground(picture), _rgb(colour), strict=True))
        < _LEAST_CONTRAST
    ):
        return False
    across = max(1, ceil((right - left) / _TILE_MM[0]))
    down = max(1, ceil((bottom - top) / _TILE_MM[1]))
    tiles = (
        (
            column * picture.width // across,
            row * picture.height // down,
            (column + 1) * picture.width // across,
            (row + 1) * picture.height // down,
        )
        for row in range(down)
        for column in range(across)
    )
    return all(ink_share(picture.crop(tile)) <= BLANK_SHARE for tile in tiles)


def _colour(block: Block) -> Colour:
    """The colour of the block's first drawn shape; pictures bring their own."""
    drawn = (s for s in block.shapes if isinstance(s, TextRun | Rule | Frame))
    return next((shape.colour for shape in drawn), Colour())


def _rgb(colour: Colour) -> tuple[int, int, int]:
    return colour.red, colour.green, colour.blue
