"""Know our own marks again: their names, their seals, and a document without them.

A drawing bears `dingmi:<block>` as its name and `dingmi:<marking>:<seal>` as its title; text in
the flow stands between a bookmark's ends, named `_dingmi_<id>_<seal>`. The seal is a digest of the
mark's text: what somebody has written over is no longer our mark, but content of the document.
Words of others that we struck stand between a bookmark's ends too, under a seal of another kind:
they stay, and only the line through them is ours.
All of this survives LibreOffice's rewriting (measured with 7.4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import deepcopy

from dingmi_mark.formats.docx.names import (
    Element,
    child,
    elements,
    q,
    switched_on,
    twips,
    value,
)
from dingmi_mark.formats.docx.text import inner_paragraphs, visible_text, whole_text

DRAWING_PREFIX = "dingmi:"
BOOKMARK_PREFIX = "_dingmi_"
POINT_STYLE = "DingmiPoint"
_ENDS = frozenset((q("w:bookmarkStart"), q("w:bookmarkEnd")))
_SEAL_LENGTH = 10
UNSEEN_TWIPS = 2
"""The height of the line in a paragraph that is made to hold drawings: nobody else sets such."""


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


def struck_bookmark_name(marking_id: str, mark: str, text: str) -> str:
    """Return a bookmark's name for words of others that are struck where they stand."""
    return f"{BOOKMARK_PREFIX}{digest(marking_id, mark)}_{_struck_seal(text)}"


def _struck_seal(text: str) -> str:
    return digest("struck", text)


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
    """Remove our marks with unaltered text from a tree, in place, and return what was removed;
    of words that were struck, these as they stood.
    """
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
            # How the run looks is how the drawing does: hidden, it takes the drawing along.
            look = child(parent, "w:rPr")
            taken = [node] if look is None else [deepcopy(look), node]
            parent.remove(node)
            _remove_if_bare(parent)
            return taken
        node = parent
    return []


def _remove_if_bare(run: Element) -> None:
    parent = run.getparent()
    if parent is None or any(part.tag != q("w:rPr") for part in elements(run)):
        return
    parent.remove(run)
    above = parent.getparent()
    # A header needs a paragraph, and so does the end of a table's cell.
    if above is not None and above.tag == q("w:body") and _is_unseen(parent):
        above.remove(parent)


def _is_unseen(paragraph: Element) -> bool:
    """Tell whether this is the paragraph that was made to hold drawings, and holds none any more.

    In what another program made of it, only the height of its line is still the same.
    """
    spacing = child(child(paragraph, "w:pPr"), "w:spacing")
    return (
        [part.tag for part in elements(paragraph)] == [q("w:pPr")]
        and value(spacing, "w:lineRule") == "exact"
        and twips(value(spacing, "w:line")) == UNSEEN_TWIPS
    )


def _remove_flowing(start: Element) -> list[Element]:
    parent = start.getparent()
    end = _end_of(start)
    if parent is None or end is None:
        return []
    inside = list(parent)[parent.index(start) + 1 : parent.index(end)]
    # LibreOffice lets the next bookmark begin before this one ends.
    between = [node for node in inside if node.tag not in _ENDS]
    text = "".join(visible_text(node) for node in between if isinstance(node.tag, str))
    seal = (value(start, "w:name") or "").rpartition("_")[2]
    if seal == _struck_seal(text):
        return _take_out_line(start, between, end)
    if seal != digest(text):
        return []
    for node in (start, *between, end):
        parent.remove(node)
    return between


def _take_out_line(start: Element, between: list[Element], end: Element) -> list[Element]:
    """Set struck words as they were, unless somebody took the line from a part of them."""
    runs = [
        run
        for node in between
        if isinstance(node.tag, str)
        for run in node.iter(q("w:r"))
        if visible_text(run)
    ]
    if not all(switched_on(child(child(run, "w:rPr"), "w:strike")) for run in runs):
        return []
    taken = [deepcopy(run) for run in runs]
    for run in runs:
        properties = child(run, "w:rPr")
        line = child(properties, "w:strike")
        assert properties is not None and line is not None, "it is switched on"
        properties.remove(line)
        if not len(properties):
            run.remove(properties)
    for node in (start, end):
        above = node.getparent()
        assert above is not None, "both have been found in the tree"
        above.remove(node)
    return taken


def _end_of(start: Element) -> Element | None:
    number = value(start, "w:id")
    for sibling in start.itersiblings(q("w:bookmarkEnd")):
        if value(sibling, "w:id") == number:
            return sibling
    return None
