"""Blocks as shapes that float over a sheet at a fixed place, in true size where it is printed."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from dingmi_mark.engine.layout import shifted
from dingmi_mark.engine.shapes import Block, Rule, Shape
from dingmi_mark.formats.docx.drawingml import emu, extent
from dingmi_mark.formats.docx.names import NAMESPACES, Element, elements, new, q
from dingmi_mark.formats.pptx.drawing import Brush, slide_shape
from dingmi_mark.formats.sheets.workbook import Setup

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
    """Return a block of the printed page from where its sheet begins: what floats has scale 1."""
    across, down = -setup.left, -setup.top
    shapes = tuple(_moved(shape, across) for shape in block.shapes)
    return shifted(Block(block.name, block.box.moved(across, 0), shapes), down)


def _moved(shape: Shape, across: float) -> Shape:
    if isinstance(shape, Rule):
        return replace(shape, x1=shape.x1 + across, x2=shape.x2 + across)
    return replace(shape, box=shape.box.moved(across, 0))


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
