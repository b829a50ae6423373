"""Blocks as shapes that float over a sheet at a fixed place, in true size where it is printed."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from dingmi_mark.engine.layout import shifted
from dingmi_mark.engine.shapes import Block, Box, Frame, Picture, Rule, Shape, TextRun
from dingmi_mark.formats.docx.drawingml import emu, extent
from dingmi_mark.formats.docx.names import NAMESPACES, Element, elements, new, q
from dingmi_mark.formats.pptx.drawing import Brush, slide_shape
from dingmi_mark.formats.sheets.setup import Setup

_SLIDE = f"{{{NAMESPACES['p']}}}"


def anchored(block: Block, brush: Brush, setup: Setup) -> Element:
    """Return the anchored shape of a block whose place is given on the printed page.

    A shape of a slide with the names that sheets have for it: they are built alike.
    """
    there = _on_sheet(block, setup)
    shape = slide_shape(there, brush)
    _rename(shape)
    etree.cleanup_namespaces(shape)
    corner = {"x": str(emu(there.box.x)), "y": str(emu(there.box.y))}
    return new("xdr:absoluteAnchor", children=[
        new("xdr:pos", corner), new("xdr:ext", extent(there.box)), shape, new("xdr:clientData"),
    ])  # fmt: skip


def _on_sheet(block: Block, setup: Setup) -> Block:
    """Return a block of the printed page as it has to be on its sheet, from where this begins.

    What floats is printed at the scale of its sheet: it is made larger or smaller the other way.
    """
    assert setup.scale is not None, "nothing floats where the scale is not known"
    by = 1 / setup.scale
    there = shifted(block, -setup.top)
    shapes = tuple(_on_scale(shape, setup.left, by) for shape in there.shapes)
    return Block(there.name, _box(there.box, setup.left, by), shapes)


def _on_scale(shape: Shape, left: float, by: float) -> Shape:
    match shape:
        case Rule():
            x1, x2 = (shape.x1 - left) * by, (shape.x2 - left) * by
            return Rule(x1, shape.y1 * by, x2, shape.y2 * by, shape.line * by, shape.colour)
        case Frame():
            return Frame(_box(shape.box, left, by), shape.line * by, shape.colour)
        case TextRun():
            box, size = _box(shape.box, left, by), shape.size_pt * by
            return replace(shape, box=box, baseline=shape.baseline * by, size_pt=size)
        case Picture():
            return replace(shape, box=_box(shape.box, left, by))


def _box(box: Box, left: float, by: float) -> Box:
    return Box((box.x - left) * by, box.y * by, box.width * by, box.height * by)


def _rename(shape: Element) -> None:
    for element in [
        shape,
        *(each for each in shape.iterdescendants() if isinstance(each.tag, str)),
    ]:
        if element.tag == q("p:nvPr"):
            above = element.getparent()
            assert above is not None, "a shape's properties stand in it"
            above.remove(element)
        elif str(element.tag).startswith(_SLIDE):
            element.tag = q(f"xdr:{str(element.tag).removeprefix(_SLIDE)}")


def is_empty(drawing: Element) -> bool:
    """Tell whether nothing is anchored in a drawing."""
    return next(iter(elements(drawing)), None) is None
