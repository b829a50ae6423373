"""Know our own marks again: their names, their seals, and a document without them.

A drawing bears `dingmi:<block>` as its name and `dingmi:<marking>:<seal>` as its title; text in
the flow stands between a bookmark's ends, named `_dingmi_<id>_<seal>`. The seal is a digest of the
mark's text: what somebody has written over is no longer our mark, but content of the document.
All of this survives LibreOffice's rewriting (measured with 7.4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from dingmi_mark.formats.docx.names import Element, elements, q, value
from dingmi_mark.formats.docx.text import inner_paragraphs, visible_text, whole_text

DRAWING_PREFIX = "dingmi:"
BOOKMARK_PREFIX = "_dingmi_"
POINT_STYLE = "DingmiPoint"
_SEAL_LENGTH = 10


def digest(*parts: str) -> str:
    """Return a short stable id of some texts (SM3, shortened)."""
    joined = "\x1f".join(parts).encode()
    return hashlib.new("sm3", joined).hexdigest()[:_SEAL_LENGTH]


def drawing_seal(text: str) -> str:
    """Return the seal of a block's text; the order of its lines does not count."""
    return digest(*sorted(filter(None, text.split("\n"))))


def drawing_title(marking_id: str, text: str) -> str:
    """Return the title a drawing of ours bears."""
    return f"{DRAWING_PREFIX}{marking_id}:{drawing_seal(text)}"


def bookmark_name(marking_id: str, mark: str, text: str) -> str:
    """Return a bookmark's name (at most 40 characters, Word's limit) for text in the flow."""
    return f"{BOOKMARK_PREFIX}{digest(marking_id, mark)}_{digest(text)}"


def our_drawings(root: Element) -> Iterator[Element]:
    """Yield the `wp:docPr` of all drawings that bear our name, touched or not."""
    for properties in root.iter(q("wp:docPr")):
        if properties.get("name", "").startswith(DRAWING_PREFIX):
            yield properties


def our_bookmarks(root: Element) -> Iterator[Element]:
    """Yield the `w:bookmarkStart` of all our marks in the flow, touched or not."""
    for start in root.iter(q("w:bookmarkStart")):
        if (value(start, "w:name") or "").startswith(BOOKMARK_PREFIX):
            yield start


def marking_id_of(properties: Element) -> str:
    """Return the marking's id from a drawing's title; empty if the title is gone."""
    title = properties.get("title", "")
    return title.removeprefix(DRAWING_PREFIX).rpartition(":")[0]


def take_out_our_marks(root: Element) -> list[Element]:
    """Remove our marks with unaltered text from a tree, in place, and return what was removed."""
    taken: list[Element] = []
    for properties in list(our_drawings(root)):
        if _drawing_is_intact(properties):
            taken += _remove_drawing(properties)
    for start in list(our_bookmarks(root)):
        taken += _remove_flowing(start)
    return taken


def _drawing_is_intact(properties: Element) -> bool:
    drawing = properties.getparent()
    if drawing is None:
        return False
    lines = [whole_text(paragraph) for paragraph in inner_paragraphs(drawing)]
    seal = properties.get("title", "").rpartition(":")[2]
    return drawing_seal("\n".join(lines)) == seal


def _remove_drawing(properties: Element) -> list[Element]:
    """Take out the drawing, its alternative forms, and the run if nothing else is in it."""
    node: Element | None = properties
    while node is not None:
        parent = node.getparent()
        if parent is not None and parent.tag == q("w:r"):
            parent.remove(node)
            _remove_if_bare(parent)
            return [node]
        node = parent
    return []


def _remove_if_bare(run: Element) -> None:
    parent = run.getparent()
    if parent is not None and all(part.tag == q("w:rPr") for part in elements(run)):
        parent.remove(run)


def _remove_flowing(start: Element) -> list[Element]:
    parent = start.getparent()
    end = _end_of(start)
    if parent is None or end is None:
        return []
    between = list(parent)[parent.index(start) + 1 : parent.index(end)]
    text = "".join(visible_text(node) for node in between if isinstance(node.tag, str))
    if digest(text) != (value(start, "w:name") or "").rpartition("_")[2]:
        return []
    for node in (start, *between, end):
        parent.remove(node)
    return between


def _end_of(start: Element) -> Element | None:
    number = value(start, "w:id")
    for sibling in start.itersiblings(q("w:bookmarkEnd")):
        if value(sibling, "w:id") == number:
            return sibling
    return None
