"""Know our own shapes on slides again, and take them out.

A shape of ours is named `dingmi:<block>:<marking>:<seal>`: the name is all that LibreOffice (7.4)
keeps of a shape's description. What somebody has written over is no longer our mark, but content
of the slide.
"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.formats.docx.marks import DRAWING_PREFIX, drawing_seal
from dingmi_mark.formats.docx.names import Element, q
from dingmi_mark.formats.pptx.text import paragraph_text

_COLONS = 3
_PROPERTIES_WITHIN = 2
"""A shape's name stands in its non-visual properties (`p:nvSpPr`), two levels below it."""


def shape_name(block: str, marking_id: str, text: str) -> str:
    """Return the name that a shape of ours bears."""
    return f"{DRAWING_PREFIX}{block}:{marking_id}:{drawing_seal(text)}"


def our_shapes(root: Element, properties_tag: str = "p:cNvPr") -> Iterator[Element]:
    """Yield the properties of all shapes that bear our full name, touched or not."""
    for properties in root.iter(q(properties_tag)):
        name = properties.get("name", "")
        if name.startswith(DRAWING_PREFIX) and name.count(":") >= _COLONS:
            yield properties


def marking_id_of(properties: Element) -> str:
    """Return the marking's id from a shape's name."""
    return properties.get("name", "").rsplit(":", 2)[1]


def take_out_our_shapes(root: Element) -> list[Element]:
    """Remove our shapes with unaltered text from a slide, in place; return what was removed."""
    taken: list[Element] = []
    for properties in list(our_shapes(root)):
        shape = shape_of(properties)
        holder = shape.getparent() if shape is not None else None
        if shape is None or holder is None or not is_intact(shape, properties):
            continue
        holder.remove(shape)
        taken.append(shape)
    return taken


def shape_of(properties: Element) -> Element | None:
    """Return the shape that these are the properties of."""
    node: Element | None = properties
    for _ in range(_PROPERTIES_WITHIN):
        node = node.getparent() if node is not None else None
    return node


def is_intact(shape: Element, properties: Element) -> bool:
    """Tell whether a shape of ours says what it said when it was drawn."""
    text = "\n".join(paragraph_text(paragraph) for paragraph in shape.iter(q("a:p")))
    return drawing_seal(text) == properties.get("name", "").rpartition(":")[2]
