"""Pictures, shapes and embedded objects of a Word file, as digests that saving anew keeps."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from dingmi_mark.domain.comparison import Part, Piece
from dingmi_mark.formats.docx.names import NAMESPACES, Element, child, elements, q, whole
from dingmi_mark.formats.docx.package import Package

_EMU_PER_MM = 36000
_NOT_AT_HALVES: Final = 0.37
"""Sizes are cut to millimetres not at halves, where they like to be: saving moves them a little."""

_SIZE: Final = re.compile(r"(?:^|;)(width|height):([0-9.]+)(pt|in|mm|cm)")
_MM: Final = {"pt": 25.4 / 72, "in": 25.4, "mm": 1.0, "cm": 10.0}
_OUTLINES: Final = {"rect": "rect", "oval": "ellipse", "line": "line", "roundrect": "roundRect"}
"""Shapes of the older form (VML) by their names in the newer one."""

_KNOWN: Final = frozenset(
    ("wps", "wpg", "wpc", "wpi", "wp14", "w14", "w15", "a14", "v", "cx1", "aink", "am3d")
)
"""Extensions that every reader of today shows; for others it shows the fallback."""


@dataclass(frozen=True)
class Things:
    """Reads what a part draws; `box` reads a text box and gives its pieces."""

    package: Package
    part: str
    box: Callable[[Element], Iterator[Piece]]

    def pieces(self, node: Element) -> Iterator[Piece]:
        """Yield pictures, shapes, objects and the paragraphs of text boxes, in their order."""
        for element in self._alternatives(node):
            name = etree_name(element)
            if name == "txbxContent":
                yield from self.box(element)
                continue
            made = self._made(name, element)
            if made is not None:
                yield made
            yield from self.pieces(element)

    def _alternatives(self, node: Element) -> Iterator[Element]:
        for element in elements(node):
            if element.tag == q("mc:AlternateContent"):
                yield chosen(element)
            else:
                yield element

    def _made(self, name: str, element: Element) -> Piece | None:
        match name:
            case "blip" | "imagedata" | "svgBlip":
                return self._picture(element)
            case "chart" | "relIds" | "OLEObject" | "control" | "altChunk" | "subDoc":
                return self._object(element)
            case "wsp" | "cxnSp":
                return _shape(element)
            case "textpath":
                return Piece(Part.BOX, element.get("string", ""))
            case "hlinkClick":
                address = self._address(element)
                return Piece(Part.LINK, address) if address else None
            case "rect" | "oval" | "line" | "roundrect" | "polyline" | "arc" | "curve":
                if element.tag == q(f"v:{name}"):
                    return _older_shape(name, element)
        return None

    def _picture(self, element: Element) -> Piece | None:
        found = [self._content(id_) for id_ in _references(element)]
        if not found:
            return None
        crop = _crop(element)
        return Piece(Part.PICTURE, "|".join((*found, crop)), shown="〔图片〕")

    def _object(self, element: Element) -> Piece:
        found = [self._content(id_) for id_ in _references(element)]
        return Piece(Part.OBJECT, "|".join((etree_name(element), *found)), shown="〔嵌入的内容〕")

    def _content(self, id_: str) -> str:
        for edge in self.package.relationships(self.part):
            if edge.id != id_:
                continue
            target = None if edge.external else self.package.find(edge.target)
            if target is None:
                return f"external {edge.target}"
            digest = hashlib.new("sm3")
            for chunk in self.package.chunks(target):
                digest.update(chunk)
            return digest.hexdigest()
        return f"missing {id_}"

    def _address(self, element: Element) -> str:
        return "".join(address_of(self.package, self.part, id_) for id_ in _references(element))


def chosen(alternatives: Element) -> Element:
    """Return the form that readers show of what is given in several."""
    for choice in alternatives.findall(q("mc:Choice")):
        if set(choice.get("Requires", "").split()) <= _KNOWN:
            return choice
    fallback = child(alternatives, "mc:Fallback")
    return alternatives if fallback is None else fallback


def address_of(package: Package, part: str, id_: str) -> str:
    """Return the address a relationship leads to, spelled as programs agree on."""
    for edge in package.relationships(part):
        if edge.id == id_:
            return plain_address(edge.target)
    return ""


def plain_address(address: str) -> str:
    """Return an address without the last slash of a bare host."""
    bare = address.endswith("/") and address.count("/") == 3 and "://" in address
    return address[:-1] if bare else address


def etree_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _references(element: Element) -> Iterator[str]:
    prefix = f"{{{NAMESPACES['r']}}}"
    return (str(value) for name, value in element.attrib.items() if str(name).startswith(prefix))


def _shape(element: Element) -> Piece:
    preset = element.find(".//a:prstGeom", NAMESPACES)
    extent = element.find(".//a:xfrm/a:ext", NAMESPACES)
    kind = "free" if preset is None else preset.get("prst", "")
    size = [] if extent is None else [_mm(extent.get("cx")), _mm(extent.get("cy"))]
    filled = "" if kind == "line" else _fill(element)
    return _drawn(" ".join((kind, *size, filled)))


def _older_shape(name: str, element: Element) -> Piece:
    """Return a shape of the older form as `_shape` gives the newer one."""
    found = _SIZE.findall(element.get("style", "").replace(" ", ""))
    lengths = {side: str(int(float(n) * _MM[unit] + _NOT_AT_HALVES)) for side, n, unit in found}
    size = [lengths[side] for side in ("width", "height") if side in lengths]
    filled = element.get("fillcolor", "#ffffff").lower().lstrip("#")
    if name == "line" or element.get("filled", "t") in ("f", "false"):
        filled = ""
    return _drawn(" ".join((_OUTLINES.get(name, name), *size, filled)))


def _drawn(text: str) -> Piece:
    return Piece(Part.DRAWING, text, shown="〔图形〕")


def _fill(shape: Element) -> str:
    """Return what a shape is filled with: a white one covers what is under it."""
    properties = next((each for each in elements(shape) if etree_name(each) == "spPr"), None)
    solid = None if properties is None else child(properties, "a:solidFill")
    colour = next(elements(solid), None) if solid is not None else None
    return "" if colour is None else colour.get("val", "").lower()


def _mm(emu: str | None) -> str:
    return str(int((whole(emu) or 0) / _EMU_PER_MM + _NOT_AT_HALVES))


def _crop(element: Element) -> str:
    parent = element.getparent()
    crop = None if parent is None else child(parent, "a:srcRect")
    sides = ("l", "t", "r", "b")
    cut = [] if crop is None else [round((whole(crop.get(side)) or 0) / 1000) for side in sides]
    return " ".join(map(str, cut)) if any(cut) else ""
