"""Look into a Word file: pages, what stands at its head, what it carries of ours."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.formats.base import FIRST_PAGE, Draft, TextLine
from dingmi_mark.formats.docx.carriers import read_embedded
from dingmi_mark.formats.docx.content import digests_of
from dingmi_mark.formats.docx.marks import marking_id_of, our_bookmarks, our_drawings
from dingmi_mark.formats.docx.names import Element, q
from dingmi_mark.formats.docx.obstacles import document_body, main_part
from dingmi_mark.formats.docx.only_in_word import otherwise_in_word
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.sections import Layout, read_layout
from dingmi_mark.formats.docx.styles import Styles, read_styles
from dingmi_mark.formats.docx.text import inner_paragraphs, visible_text
from dingmi_mark.messages import Message, say

_HEAD_PARAGRAPHS = 12
_TRACKED = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")


def read_draft(package: Package, name: str) -> Draft:
    """Return what inspection finds. Raises the obstacles of `main_part`."""
    part = main_part(package)
    root = package.tree(part)
    body = document_body(root, package)
    layout = read_layout(package, part, body)
    drawings = [marking_id_of(drawing) for drawing in our_drawings(root)]
    ink = bool(drawings) or next(our_bookmarks(root), None) is not None
    embedded = read_embedded(package, part, drawings, ink=ink)
    styles = read_styles(package, part)
    # Before the digest, which takes our own marks out of the tree: they are lines of the head too.
    lines = tuple(_head_lines(package, part, body, layout, styles))
    disguised = otherwise_in_word(package, part, root, styles) if ink else None
    digests = digests_of(package, part, root, layout)
    size = layout.sections[0].page_size
    return Draft(
        format=name,
        pages=(size, size),
        content_digest=digests.content,
        drawn_digest=digests.drawn,
        disguised=disguised,
        head_lines=lines,
        embedded=embedded,
        remarks=tuple(_remarks(body)),
    )


def _head_lines(
    package: Package, part: str, body: Element, layout: Layout, styles: Styles
) -> Iterator[TextLine]:
    """Yield the lines of page one's header, its text boxes and the first paragraphs."""
    header = _header_of_page_one(package, part, layout)
    if header is not None:
        for paragraph in _with_boxes(header):
            yield from _lines(paragraph, styles)
    count = 0
    for paragraph in _with_boxes(body):
        lines = list(_lines(paragraph, styles))
        yield from lines
        count += bool(lines)
        if count == _HEAD_PARAGRAPHS:
            return


def _header_of_page_one(package: Package, part: str, layout: Layout) -> Element | None:
    shown = layout.shown(0, "w:headerReference", layout.kind_of_page_one)
    for edge in package.relationships(part):
        target = package.find(edge.target) if edge.id == shown and not edge.external else None
        if target is not None:
            return package.tree(target)
    return None


def _with_boxes(scope: Element) -> Iterator[Element]:
    """Yield the paragraphs of a scope, each followed by those of its text boxes."""
    for paragraph in scope.iter(q("w:p")):
        if next(paragraph.iterancestors(q("w:txbxContent")), None) is None:
            yield paragraph
            yield from inner_paragraphs(paragraph)


def _lines(paragraph: Element, styles: Styles) -> Iterator[TextLine]:
    text = visible_text(paragraph)
    if not text.strip():
        return
    face, size_pt = styles.face_and_size(paragraph)
    for line in text.split("\n"):
        if line.strip():
            yield TextLine(line.strip(), FIRST_PAGE, None, face, size_pt)


def _remarks(body: Element) -> Iterator[Message]:
    if any(next(body.iter(q(name)), None) is not None for name in _TRACKED):
        yield say("The draft contains tracked changes that are neither accepted nor rejected.")
