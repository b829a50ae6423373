"""The words of DrawingML that Word files and slides share: places, outlines, fills."""

from __future__ import annotations

from copy import copy
from functools import cache

from dingmi_mark.engine.shapes import Box, Colour
from dingmi_mark.formats.docx.names import Element, new

EMU_PER_MM = 36_000


def emu(mm: float) -> int:
    """Return a length (mm) in English Metric Units."""
    return round(mm * EMU_PER_MM)


def extent(box: Box) -> dict[str, str]:
    """Return the attributes that give a box's width and height."""
    return {"cx": str(emu(box.width)), "cy": str(emu(box.height))}


def transform_at(x: int, y: int, box: Box) -> Element:
    """Return the transform of a shape as large as a box, at a corner (EMU)."""
    corner = new("a:off", {"x": str(x), "y": str(y)})
    return new("a:xfrm", children=[corner, new("a:ext", extent(box))])


def set_extent(element: Element, box: Box) -> None:
    """Give an element a box's width and height."""
    for name, value in extent(box).items():
        element.set(name, value)


def move(transform: Element, x: int, y: int, box: Box) -> None:
    """Put a transform that is there to a corner (EMU), as large as a box."""
    corner, size = transform
    corner.set("x", str(x))
    corner.set("y", str(y))
    set_extent(size, box)


def geometry_of(preset: str) -> Element:
    """Return one of the preset forms, as `rect` or `line`."""
    return copy(_geometry(preset))


def solid(colour: Colour) -> Element:
    """Return a fill of one colour."""
    return new("a:solidFill", children=[new("a:srgbClr", {"val": colour.hex})])


def outline_of(line: tuple[float, Colour] | None) -> Element:
    """Return an outline of a width (mm) and a colour with mitred corners, or that there is none."""
    if line is None:
        return copy(_no_outline())
    width, colour = line
    corner = new("a:miter", {"lim": "800000"})
    return new("a:ln", {"w": str(emu(width))}, [solid(colour), corner])


@cache
def _geometry(preset: str) -> Element:
    return new("a:prstGeom", {"prst": preset}, [new("a:avLst")])


@cache
def _no_outline() -> Element:
    return new("a:ln", children=[new("a:noFill")])
