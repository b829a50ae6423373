"""Hang drawings into a body or header so that no text there moves."""

from __future__ import annotations

from collections.abc import Sequence

from dingmi_mark.engine.shapes import BLACK
from dingmi_mark.errors import DraftUnsupported
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.formats.docx.marks import UNSEEN_TWIPS
from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    Element,
    child,
    elements,
    q,
    value,
)
from dingmi_mark.formats.docx.plaintext import plain_paragraph
from dingmi_mark.formats.docx.styles import Styles
from dingmi_mark.messages import say

_CARRIER_SIZE_PT = 1.0
_CARRIER_FACE = "Times New Roman"
_RANGE_MARKS = frozenset(
    q(f"w:{name}")
    for name in (
        "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd",
        "commentRangeStart", "commentRangeEnd",
    )
)  # fmt: skip


def hang(container: Element, drawings: Sequence[Element], styles: Styles, where: str) -> None:
    """Put drawings (`w:r`) into the first paragraph of a body or header of the file `where`.

    Where the first block is no ordinary paragraph (a table, a content control, a frame, text from
    right to left, which LibreOffice mirrors, a field that goes on in the next paragraph, such as a
    table of contents, which it breaks up, or a page break, which it leaves out where nothing else
    stands beside), a paragraph of 0.035 mm goes before it.

    Raises DraftUnsupported where the part names the namespace of our drawings by no prefix, which
    a drawing has to give.
    """
    if not drawings:
        return
    paragraph = _first_block(container)
    if paragraph is None or not _is_ordinary(paragraph, styles):
        paragraph = unseen_paragraph()
        container.insert(0, paragraph)
    place = 0 if child(paragraph, "w:pPr") is None else 1
    for offset, drawing in enumerate(drawings):
        paragraph.insert(place + offset, drawing)
        _name_requirement(drawing, where)


def unseen_paragraph() -> Element:
    """Return a paragraph too low to be seen or to move what follows."""
    return plain_paragraph(UNSEEN_TWIPS, _CARRIER_FACE, _CARRIER_SIZE_PT, BLACK)


def _first_block(container: Element) -> Element | None:
    blocks = (block for block in elements(container) if block.tag not in _RANGE_MARKS)
    return next(blocks, None)


def _is_ordinary(block: Element, styles: Styles) -> bool:
    if block.tag != q("w:p"):
        return False
    properties = child(block, "w:pPr")
    mark = child(properties, "w:rPr")
    framed = any(
        child(each, "w:framePr") is not None for each in styles.paragraph_properties(block)
    )
    vanishing = styles.hides_end(block) or any(
        child(mark, name) is not None for name in ("w:del", "w:moveFrom")
    )
    first_is_properties = properties is None or next(elements(block)) is properties
    return (
        first_is_properties
        and not framed
        and not vanishing
        and not _has_open_field(block)
        and not _breaks_page(block)
        and not styles.runs_right_to_left(block)
    )


def _has_open_field(paragraph: Element) -> bool:
    kinds = [value(mark, "w:fldCharType") for mark in paragraph.iter(q("w:fldChar"))]
    return kinds.count("begin") != kinds.count("end")


def _breaks_page(paragraph: Element) -> bool:
    return any(value(one, "w:type") == "page" for one in paragraph.iter(q("w:br")))


def _name_requirement(drawing: Element, where: str) -> None:
    """Name the needed namespace by the prefix it has at this place of this document."""
    for choice in drawing.iter(q("mc:Choice")):
        wanted = NAMESPACES[choice.get("Requires", "")]
        prefixes = {address: prefix for prefix, address in choice.nsmap.items() if prefix}
        if wanted not in prefixes:
            kind = say("a document whose elements of drawings have names without a prefix")
            raise DraftUnsupported(where, kind=kind, supported=SUPPORTED)
        choice.set("Requires", prefixes[wanted])
