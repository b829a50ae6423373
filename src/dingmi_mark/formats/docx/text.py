"""The text of paragraphs as their reader sees it, and its comparison with quoted words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from dingmi_mark.formats.docx.names import Element, child, elements, q, switched_on, value

_DELETED = frozenset({q("w:del"), q("w:moveFrom")})
_APART = frozenset({q("w:drawing"), q("w:pict"), q("w:object"), q("mc:AlternateContent")})
_WITHOUT_TEXT = frozenset({q("w:pPr"), q("w:rPr"), q("w:sectPr"), q("w:tblPr"), q("w:tcPr")})
_CHARACTERS = {
    q("w:tab"): "\t",
    q("w:ptab"): "\t",
    q("w:br"): "\n",
    q("w:cr"): "\n",
    q("w:noBreakHyphen"): "-",
}


def visible_text(node: Element) -> str:
    """Return a paragraph's (or run's) text without deleted and hidden text and text boxes."""
    return "".join(_visible(node))


def whole_text(paragraph: Element) -> str:
    """Return a paragraph's text with what is hidden or marked as deleted, but no text boxes."""
    return "".join(_pieces(paragraph, skip=frozenset(), hidden=True))


def normalised(text: str) -> str:
    """Return text for comparison: NFKC, without white space and invisible characters."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if not character.isspace() and unicodedata.category(character) != "Cf"
    )


def inner_paragraphs(node: Element) -> Iterator[Element]:
    """Yield the paragraphs of text boxes in a node; what is given in two forms counts once."""
    for element in elements(node):
        if element.tag == q("mc:Fallback"):
            continue
        if element.tag == q("w:txbxContent"):
            yield from _paragraphs_of_box(element)
        else:
            yield from inner_paragraphs(element)


def _paragraphs_of_box(box: Element) -> Iterator[Element]:
    for paragraph in box.iter(q("w:p")):
        holder = next(paragraph.iterancestors(q("w:txbxContent")), None)
        if holder is box:
            yield paragraph
            yield from inner_paragraphs(paragraph)


def _visible(node: Element) -> Iterator[str]:
    return _pieces(node, skip=_DELETED, hidden=False)


def _pieces(node: Element, skip: frozenset[str], *, hidden: bool) -> Iterator[str]:
    if node.tag == q("w:r") and not hidden and switched_on(child(child(node, "w:rPr"), "w:vanish")):
        return
    for element in elements(node):
        tag = str(element.tag)
        if tag == q("w:t") or (hidden and tag == q("w:delText")):
            yield element.text or ""
        elif tag in _CHARACTERS:
            yield _CHARACTERS[tag]
        elif tag == q("w:sym"):
            yield _symbol(element)
        elif tag == q("w:ruby"):
            base = child(element, "w:rubyBase")
            if base is not None:
                yield from _pieces(base, skip, hidden=hidden)
        elif tag not in skip and tag not in _APART and tag not in _WITHOUT_TEXT:
            yield from _pieces(element, skip, hidden=hidden)


def _symbol(element: Element) -> str:
    code = value(element, "w:char") or ""
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
