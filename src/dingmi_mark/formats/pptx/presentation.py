"""A presentation's slides in their order, and what stands against marking it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dingmi_mark.engine.shapes import PageSize
from dingmi_mark.errors import DraftBroken, DraftLocked, DraftUnsupported
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.formats.docx.drawingml import EMU_PER_MM
from dingmi_mark.formats.docx.names import (
    REL_DOCUMENT_STRICT,
    REL_SLIDE,
    Element,
    child,
    elements,
    q,
    whole,
)
from dingmi_mark.formats.docx.obstacles import document_part, refuse_signed
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.office_file import refuse_dtd
from dingmi_mark.messages import Message, say

USUAL_MAIN_PART: Final = b"ppt/presentation.xml"
TYPE_PRESENTATION: Final = (
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
)
TYPE_MACRO_PRESENTATION: Final = "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
_TYPES: Final = frozenset((TYPE_PRESENTATION, TYPE_MACRO_PRESENTATION))
_OFF: Final = ("0", "false", "off")


@dataclass(frozen=True)
class Slide:
    """A slide: its part, and whether a show leaves it out."""

    part: str
    hidden: bool


@dataclass(frozen=True)
class Presentation:
    """A presentation open for reading: its main part, the size of its slides, all of them."""

    package: Package
    part: str
    size: PageSize
    slides: tuple[Slide, ...]


def read_presentation(package: Package) -> Presentation:
    """Read the order and size of the slides, after refusing what cannot be marked.

    Raises DraftUnsupported, DraftSigned, DraftBroken.
    """
    if any(edge.type == REL_DOCUMENT_STRICT for edge in package.relationships()):
        raise _unsupported(package, say("a presentation in strict form (Strict Open XML)"))
    part = document_part(package)
    if package.content_type(part) not in _TYPES:
        raise _unsupported(package, say("a package that is no presentation"))
    refuse_signed(package)
    refuse_dtd(package)
    root = package.tree(part)
    return Presentation(package, part, _size(root, package), _slides(root, part, package))


def refuse_locked(presentation: Presentation) -> None:
    """Refuse a presentation that asks a password before it is changed. Raises DraftLocked."""
    package = presentation.package
    if child(package.tree(presentation.part), "p:modifyVerifier") is not None:
        raise DraftLocked(package.where, kind=say("read only"))


def shape_tree(root: Element, package: Package) -> Element:
    """Return what holds a slide's shapes. Raises DraftBroken."""
    tree = child(child(root, "p:cSld"), "p:spTree")
    if root.tag != q("p:sld") or tree is None:
        raise DraftBroken(package.where, cause=say("a slide has no place for shapes"))
    return tree


def _size(root: Element, package: Package) -> PageSize:
    size = child(root, "p:sldSz")
    width = whole(size.get("cx")) if size is not None else None
    height = whole(size.get("cy")) if size is not None else None
    if not width or not height or min(width, height) < 0:
        raise DraftBroken(package.where, cause=say("it does not say how large its slides are"))
    return PageSize(width / EMU_PER_MM, height / EMU_PER_MM)


def _slides(root: Element, part: str, package: Package) -> tuple[Slide, ...]:
    edges = {edge.id: edge for edge in package.relationships(part)}
    found: list[Slide] = []
    listed = child(root, "p:sldIdLst")
    for entry in elements(listed) if listed is not None else ():
        edge = edges.get(entry.get(q("r:id"), ""))
        if edge is None or edge.external or edge.type != REL_SLIDE:
            raise DraftBroken(package.where, cause=say("a slide is missing"))
        name = package.find(edge.target)
        if name is None or any(slide.part == name for slide in found):
            raise DraftBroken(package.where, cause=say("a slide is missing or there twice"))
        hidden = package.tree(name).get("show", "1").lower() in _OFF
        found.append(Slide(name, hidden))
    if not found:
        raise _unsupported(package, say("a presentation without slides"))
    return tuple(found)


def _unsupported(package: Package, kind: Message) -> DraftUnsupported:
    return DraftUnsupported(package.where, kind=kind, supported=SUPPORTED)
