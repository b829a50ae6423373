"""Classified points on pictures: the level stands to the left of a box on the page (R30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dingmi_mark.domain.points import BoxAnchor
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, Colour, TextRun
from dingmi_mark.errors import PointNotFound, PointUnsupported
from dingmi_mark.formats.base import Faces, PageView, PointMark, place_taken
from dingmi_mark.formats.blank import can_bear

_LOOK_DPI = 150

_LOW_BOX = 1.6
"""A box lower than this many em holds one line: the level then stands at half its height."""


def placed_point(
    point: PointMark,
    view: PageView,
    taken: Mapping[int, Sequence[Block]],
    faces: Faces,
    format_name: str,
) -> tuple[int, Block]:
    """Find the place of a point: page (from 0) and block.

    Raises PointUnsupported for places in words, PointNotFound for a box that is not on a page,
    PlaceTaken where there is no free room to the left of the box.
    """
    anchor = point.anchor
    if not isinstance(anchor, BoxAnchor):
        raise PointUnsupported(point=point.id, format=format_name)
    page = anchor.page - 1
    region = Box(anchor.x_mm, anchor.y_mm, anchor.width_mm, anchor.height_mm)
    if not 0 <= page < len(view.sizes) or not region.within(view.sizes[page].box):
        raise PointNotFound(point=point.id)
    block = _beside(region, point, faces)
    if _is_taken(block, point.colour, view, page, taken.get(page, ())):
        raise place_taken(block.name, page, block.box)
    return page, block


def _beside(region: Box, point: PointMark, faces: Faces) -> Block:
    em = point.size_pt * MM_PER_PT
    width = faces.advance_mm(point.text, point.face, point.size_pt)
    top = region.y + (region.height - em) / 2 if region.height < _LOW_BOX * em else region.y
    box = Box(region.x - point.gap_mm - width, top, width, em)
    baseline = top + faces.baseline(point.face) * em
    run = TextRun(point.text, box, baseline, point.face, point.size_pt, point.colour)
    return Block(f"point:{point.id}", box, (run,))


def _is_taken(
    block: Block, colour: Colour, view: PageView, page: int, taken: Sequence[Block]
) -> bool:
    if not block.box.within(view.sizes[page].box):
        return True
    if any(block.box.overlaps(other.box) for other in taken):
        return True
    return not can_bear(view.picture(page, block.box, _LOOK_DPI), colour)
