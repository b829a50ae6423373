"""Digests of a Word file: what it says and shows without our marks, and how these are drawn.

Two files with the same content digest say the same, although their bytes differ (saved again, or
marked). Comments, properties and the page numbers of headers and footers are not content; hidden
text and tracked deletions are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dingmi_mark.formats.docx.canonical import Canonical
from dingmi_mark.formats.docx.marks import take_out_our_marks
from dingmi_mark.formats.docx.names import (
    REL_ENDNOTES,
    REL_FOOTNOTES,
    Element,
    attributes,
    elements,
    q,
)
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.page_numbers import forget_page_numbers
from dingmi_mark.formats.docx.sections import Layout
from dingmi_mark.formats.docx.text import inner_paragraphs, whole_text

_BOUNDARIES = {q("w:tbl"): "table", q("w:tr"): "row", q("w:tc"): "cell"}
_RUNNING = ("header", "footer")
_SEPARATE = ("/hyperlink", "/header", "/footer", "/footnotes", "/endnotes", "/comments")


@dataclass(frozen=True)
class Digests:
    """`content`: what a file says and shows without our marks. `drawn`: how these are drawn.

    Both are `sm3:` and hexadecimal; `drawn` is empty where nothing is of ours.
    """

    content: str
    drawn: str


def digests_of(package: Package, part: str, root: Element, layout: Layout) -> Digests:
    """Return the digests; removes our marks from `root`, which belongs to the caller."""
    total = hashlib.new("sm3")
    marks = _OurMarks(package)
    marks.take_out(root, part)
    media = set(media_of(package, part, root, _SEPARATE))
    _feed(total, "body", _lines(root))
    for name in _RUNNING:
        texts: set[tuple[str, ...]] = set()
        for running in _shown_parts(package, part, layout, name):
            tree = marks.take_out(package.tree(running), running)
            media.update(media_of(package, running, tree, _SEPARATE))
            forget_page_numbers(tree)
            texts.add(tuple(_lines(tree)))
        for text in sorted(texts - {()}):
            _feed(total, name, text)
    for kind in (REL_FOOTNOTES, REL_ENDNOTES):
        notes = package.related(part, kind)
        if notes is not None:
            tree = marks.take_out(package.tree(notes), notes)
            media.update(media_of(package, notes, tree, _SEPARATE))
            _feed(total, "notes", _lines(tree))
    _feed(total, "media", sorted(media))
    return Digests(f"sm3:{total.hexdigest()}", marks.digest)


class _OurMarks:
    """What was taken out of a file's parts as ours, in one form (see `canonical`)."""

    def __init__(self, package: Package) -> None:
        self._canonical = Canonical(package)
        self._forms: list[str] = []

    def take_out(self, root: Element, part: str) -> Element:
        """Take our marks out of a tree and note how they were drawn; return the tree."""
        self._forms += (self._canonical.form(node, part) for node in take_out_our_marks(root))
        return root

    @property
    def digest(self) -> str:
        """`sm3:` and the digest of them all; empty where there were none."""
        if not self._forms:
            return ""
        total = hashlib.new("sm3")
        _feed(total, "marks", self._forms)
        return f"sm3:{total.hexdigest()}"


def _feed(total: hashlib._Hash, name: str, lines: Iterable[str]) -> None:
    for line in (f"\x1d{name}", *lines):
        total.update(line.encode("utf-8", "surrogatepass") + b"\n")


def _lines(node: Element) -> Iterator[str]:
    """Yield the paragraphs that are not empty, and where tables, rows and cells begin."""
    for element in elements(node):
        if element.tag == q("w:p"):
            yield from _paragraph_lines(element)
        elif element.tag in _BOUNDARIES:
            yield f"\x1e{_BOUNDARIES[str(element.tag)]}"
            yield from _lines(element)
        else:
            yield from _lines(element)


def _paragraph_lines(paragraph: Element) -> Iterator[str]:
    for each in (paragraph, *inner_paragraphs(paragraph)):
        line = " ".join(whole_text(each).split())
        if line:
            yield line


def _shown_parts(package: Package, part: str, layout: Layout, name: str) -> Iterator[str]:
    targets = {edge.id: edge.target for edge in package.relationships(part) if not edge.external}
    shown = {targets[id_] for id_ in layout.all_shown(f"w:{name}Reference") if id_ in targets}
    for target in sorted(shown):
        found = package.find(target)
        if found is not None:
            yield found


def media_of(
    package: Package, part: str, root: Element, separate: tuple[str, ...]
) -> Iterator[str]:
    """Yield the digests of pictures, charts and objects which the tree of a part still refers to.

    `separate` are the ends of the types of what is looked at by itself.
    """
    used = attributes(root, "//@r:*")
    for edge in package.relationships(part):
        wanted = edge.id in used and not edge.external and not edge.type.endswith(separate)
        target = package.find(edge.target) if wanted else None
        if target is not None:
            digest = hashlib.new("sm3")
            for chunk in package.chunks(target):
                digest.update(chunk)
            yield digest.hexdigest()
