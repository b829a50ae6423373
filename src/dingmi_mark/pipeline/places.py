"""Is a place free? Nothing is ever overprinted: stop, or shift as the template says (R21)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import ceil
from typing import TYPE_CHECKING

from dingmi_mark.engine.layout import reversed_out, shifted
from dingmi_mark.engine.shapes import Block, Box, Colour, Frame, Rule, TextRun, ink_box
from dingmi_mark.engine.template import Slot, WhenDark, WhenTaken
from dingmi_mark.formats.base import PageView, place_taken
from dingmi_mark.formats.blank import BLANK_SHARE, faint_share, ink_share, is_readable_on

if TYPE_CHECKING:
    from PIL.Image import Image

_LOOK_DPI = 120
_MARGIN_MM = 0.8
_TILE_MM = (16.0, 10.0)


class Footing(IntEnum):
    """What a mark would stand on: nothing, something faint (a watermark), or ink."""

    FREE = 0
    FAINT = 1
    TAKEN = 2


@dataclass(frozen=True)
class Settled:
    """A block where it may stand, how far down it was shifted (mm), and on what it stands.

    `white`: the ground is dark, and the block is drawn in white.
    """

    block: Block
    dy: float
    footing: Footing
    white: bool = False


def settled(
    block: Block,
    slot: Slot,
    page: int,
    view: PageView,
    others: Sequence[Block],
    above: Sequence[Box] = (),
) -> Settled:
    """Find the block a place; what is `above` the page would cover a mark in it.

    The first free place within the template's reach, else the first where something is faint: a
    watermark may go over the whole page. Raises PlaceTaken where there is neither.
    """
    steps = 0
    if slot.when_taken is not WhenTaken.STOP and slot.shift_mm > 0:
        steps = int(slot.shift_max_mm / slot.shift_mm + 0.001)
    faint: Settled | None = None
    for step in range(steps + 1):
        moved = shifted(block, step * slot.shift_mm)
        if not moved.box.within(view.sizes[page].box):
            break
        for candidate in _candidates(moved, slot, page, view):
            stands = footing(candidate, page, view, others, above)
            found = Settled(candidate, step * slot.shift_mm, stands, candidate is not moved)
            if stands is Footing.FREE:
                return found
            if stands is Footing.FAINT and faint is None:
                faint = found
    if faint is None:
        raise place_taken(slot.id, page, block.box)
    return faint


def _candidates(block: Block, slot: Slot, page: int, view: PageView) -> Iterator[Block]:
    """The block, then in white by the template: not where a fault may look dark to us alone."""
    yield block
    if slot.when_dark is WhenDark.REVERSE and view.is_sound(page):
        yield reversed_out(block)


def footing(
    block: Block, page: int, view: PageView, others: Sequence[Block], above: Sequence[Box]
) -> Footing:
    """Tell what stands where the block's ink will be; taken, too, where it could not be read."""
    place = ink_box(block)
    if any(place.overlaps(ink_box(other)) for other in others) or any(map(place.overlaps, above)):
        return Footing.TAKEN
    return _footing_at(place.grown(_MARGIN_MM), page, view, _colour(block))


def _footing_at(place: Box, page: int, view: PageView, colour: Colour) -> Footing:
    size = view.sizes[page]
    left, top = max(0.0, place.x), max(0.0, place.y)
    right, bottom = min(size.width, place.right), min(size.height, place.bottom)
    if left >= right or top >= bottom:
        return Footing.FREE
    picture = view.picture(page, Box(left, top, right - left, bottom - top), _LOOK_DPI)
    if not is_readable_on(picture, colour):
        return Footing.TAKEN
    tiles = [picture.crop(tile) for tile in _tiles(picture, right - left, bottom - top)]
    if any(ink_share(tile) > BLANK_SHARE for tile in tiles):
        return Footing.TAKEN
    if any(faint_share(tile) > BLANK_SHARE for tile in tiles):
        return Footing.FAINT
    return Footing.FREE


def _tiles(picture: Image, width: float, height: float) -> Iterator[tuple[int, int, int, int]]:
    """Cut the picture of a place (mm) into pieces, so that no letter is lost in a large one."""
    across = max(1, ceil(width / _TILE_MM[0]))
    down = max(1, ceil(height / _TILE_MM[1]))
    for row in range(down):
        for column in range(across):
            yield (
                column * picture.width // across,
                row * picture.height // down,
                (column + 1) * picture.width // across,
                (row + 1) * picture.height // down,
            )


def _colour(block: Block) -> Colour:
    """The colour of the block's first drawn shape; pictures bring their own."""
    drawn = (s for s in block.shapes if isinstance(s, TextRun | Rule | Frame))
    return next((shape.colour for shape in drawn), Colour())
