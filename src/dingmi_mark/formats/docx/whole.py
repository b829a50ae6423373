"""All that a Word file holds, as pieces and definitions, so that nothing can hide in it.

Words are read paragraph by paragraph, with how they look; all else is written down by its full
name, whether this program knows it or not. What is left out stands in `harmless`, with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dingmi_mark.domain.draft_content import Content, Part, Piece
from dingmi_mark.domain.looks import Facts
from dingmi_mark.domain.points import PointAnchor
from dingmi_mark.errors import PointAmbiguous, PointNotFound, PointUnsupported
from dingmi_mark.formats.docx.canonical import Canonical, hashed, leading
from dingmi_mark.formats.docx.definitions import Definitions
from dingmi_mark.formats.docx.fields import shows_what_saving_changes
from dingmi_mark.formats.docx.marks import our_bookmarks
from dingmi_mark.formats.docx.names import (
    REL_COMMENTS,
    REL_ENDNOTES,
    REL_FOOTNOTES,
    Element,
    bare,
    elements,
    q,
    value,
)
from dingmi_mark.formats.docx.obstacles import document_body, main_part, refuse_ole
from dingmi_mark.formats.docx.other_parts import other_parts
from dingmi_mark.formats.docx.package import Limits, opened
from dingmi_mark.formats.docx.plainness import is_plain
from dingmi_mark.formats.docx.points import find_paragraph
from dingmi_mark.formats.docx.sections import DEFAULT, EVEN, FIRST, Layout, read_layout
from dingmi_mark.formats.docx.spans import CONTAINERS, Numbers, Spans, last_places, read_with, stray
from dingmi_mark.formats.docx.styles import Styles, read_styles

_NOTES: Final = {
    q("w:footnoteReference"): (REL_FOOTNOTES, Part.FOOTNOTE),
    q("w:endnoteReference"): (REL_ENDNOTES, Part.ENDNOTE),
    q("w:commentReference"): (REL_COMMENTS, Part.COMMENT),
}
_RUNNING: Final = (("header", Part.HEADER), ("footer", Part.FOOTER))
_OF_TABLES: Final = {
    q("w:tbl"): ("表格", frozenset((q("w:tblPr"), q("w:tblGrid")))),
    q("w:tr"): ("表格的一行", frozenset((q("w:trPr"), q("w:tblPrEx")))),
    q("w:tc"): ("表格的一格", frozenset((q("w:tcPr"),))),
}


def read_content(path: Path, limits: Limits) -> Content:
    """Read all of a file. Raises what `inspect` does, and DraftNotComparable."""
    with _read(path, limits) as (document, _, pieces):
        defining = Definitions(document.canonical, document.part, strict=document.strict)
        # The others last, because what has been read by then is no other part.
        definitions = (*defining.read(), *other_parts(document.canonical))
        return Content(pieces, False, definitions, defining.maker())


def read_paragraphs(path: Path, limits: Limits, anchors: Sequence[PointAnchor]) -> tuple[int, ...]:
    """Return which paragraph of the pieces of `read_content` each point's place is.

    0 where a place is not found, or is not one alone. Raises what `read_content` does.
    """
    with _read(path, limits) as (document, body, _):
        package, part = document.canonical.package, document.part
        kinds = (REL_FOOTNOTES, REL_ENDNOTES)
        related = (package.related(part, kind) for kind in kinds)
        notes = [document.canonical.walked(note) for note in related if note is not None]
        numbers = {each: number for number, each in enumerate(document.paragraphs, 1)}
        return tuple(_number_of(anchor, body, notes, numbers) for anchor in anchors)


def read_marked_paragraphs(path: Path, limits: Limits, marks: Sequence[str]) -> tuple[int, ...]:
    """Return which paragraph our mark of each name (of its bookmark) stands in, as above.

    0 where it stands nowhere, or more than once. Raises what `read_content` does.
    """
    with _read(path, limits) as (document, _, _):
        found: dict[str, list[int]] = {}
        for number, paragraph in enumerate(document.paragraphs, 1):
            for start in our_bookmarks(paragraph):
                found.setdefault(value(start, "w:name") or "", []).append(number)
        places = (found.get(mark, []) for mark in marks)
        return tuple(place[0] if len(place) == 1 else 0 for place in places)


@contextmanager
def _read(path: Path, limits: Limits) -> Iterator[tuple[_Document, Element, tuple[Piece, ...]]]:
    """Read all paragraphs of a file: give what was read, its body, and the pieces."""
    refuse_ole(path)
    with opened(path, limits) as package:
        package.refuse_second_reading()
        part = main_part(package)
        canonical = Canonical(package)
        root = canonical.walked(part)
        body = document_body(root, package)
        strict = shows_what_saving_changes(canonical)
        document = _Document(canonical, part, read_styles(package, part), strict=strict)
        pieces = [*document.story(body, part, Part.BODY)]
        pieces += document.running(read_layout(package, part, body))
        pieces += document.unreferenced()
        yield document, body, tuple(pieces)


def _number_of(
    anchor: PointAnchor, body: Element, notes: Sequence[Element], numbers: Mapping[Element, int]
) -> int:
    try:
        found = find_paragraph(body, anchor, "", "", notes)
    except (PointNotFound, PointAmbiguous, PointUnsupported):
        return 0
    return numbers.get(found, 0)


@dataclass
class _Document:
    """The parts of a file, and which notes and paragraphs have been read."""

    canonical: Canonical
    part: str
    styles: Styles
    strict: bool
    numbers: Numbers = field(default_factory=Numbers)
    read: set[tuple[str, str]] = field(default_factory=set)
    paragraphs: list[Element] = field(default_factory=list)

    def story(
        self, root: Element, part: str, kind: Part, name: str = "", around: Facts = ()
    ) -> Iterator[Piece]:
        """Yield the pieces of a body, a header, a note, numbered from 1."""
        number = 0
        for piece in _Story(self, part, kind).pieces(root, around):
            counts = piece.part in (kind, Part.TABLE) and not piece.is_digest
            number += counts and bool(piece.text.strip())
            yield replace(piece, story=name, number=max(number, 1) if counts else 0)

    def running(self, layout: Layout) -> Iterator[Piece]:
        """Yield headers and footers as pages show them; what a section takes over only once."""
        for name, kind in _RUNNING:
            before: dict[str, list[Piece]] = {}
            for index in range(len(layout.sections)):
                for pages in (DEFAULT, FIRST, EVEN):
                    shown = self._running(layout, index, f"w:{name}Reference", pages, kind)
                    if shown != before.get(pages, []):
                        story = f"{index + 1} {pages}"
                        yield from (replace(p, story=story) for p in shown or [_NOTHING])
                    before[pages] = shown

    def _running(self, layout: Layout, index: int, tag: str, pages: str, kind: Part) -> list[Piece]:
        id_ = layout.shown(index, tag, pages) or ""
        part = next(
            (
                self.canonical.package.find(edge.target)
                for edge in self.canonical.package.relationships(self.part)
                if edge.id == id_ and not edge.external
            ),
            None,
        )
        self.canonical.used.add((self.part, id_))
        if part is None:
            return []
        root = self.canonical.walked(part)
        story = self.story(root, part, kind, pages)
        return [p for p in story if p.text.strip() or p.is_digest or not p.plain]

    def note(self, reference: str, id_: str) -> Iterator[Piece]:
        """Yield a note's pieces, where it is referred to first."""
        relationship, kind = _NOTES[reference]
        part = self.canonical.package.related(self.part, relationship)
        if part is None or (reference, id_) in self.read:
            return
        self.read.add((reference, id_))
        for note in self.canonical.walked(part):
            if (value(note, "w:id") or "") == id_:
                head = self.canonical.head(bare(note, "w:id"), part)
                around = (("注的属性", head),) if head else ()
                for piece in self.story(note, part, kind, around=around):
                    yield replace(piece, number=0)

    def unreferenced(self) -> Iterator[Piece]:
        """Yield the notes that nothing refers to."""
        for reference, (relationship, _) in _NOTES.items():
            part = self.canonical.package.related(self.part, relationship)
            for note in self.canonical.walked(part) if part else ():
                if relationship == REL_COMMENTS or value(note, "w:type") in (None, "normal"):
                    yield from self.note(reference, value(note, "w:id") or "")


@dataclass
class _Story:
    """One flow of paragraphs."""

    document: _Document
    part: str
    kind: Part

    def __post_init__(self) -> None:
        root = self.document.canonical.walked(self.part)
        skipped = frozenset() if self.document.strict else last_places(root)
        numbers = self.document.numbers
        running = self.kind in (Part.HEADER, Part.FOOTER)
        self.spans = Spans(self.document.canonical, self.part, numbers, skipped, running)

    def pieces(self, node: Element, around: Facts) -> Iterator[Piece]:
        """Yield what stands in a node, block by block."""
        for text in stray(node):
            yield Piece(self.kind, text, shown="〔游离的文字〕", frame=around)
        for element in elements(node):
            if self.spans.passes_over(element) or _is_read_with(element, node):
                continue
            if element.tag == q("w:p"):
                yield from self._paragraph(element, around)
            elif element.tag in _OF_TABLES:
                yield from self._table(element, around)
            elif element.tag == q("w:sectPr"):
                yield self._section(element)
            elif element.tag in CONTAINERS:
                yield from self.pieces(element, (*around, *self.spans.around(element)))
            elif (place := self.spans.place(element)) is not None:
                yield Piece(self.kind, str(place), shown=f"〔{place[0]}〕", frame=around)
            else:
                yield from self._thing(element, around)

    def _paragraph(self, paragraph: Element, around: Facts) -> Iterator[Piece]:
        text, looks = self.spans.read(paragraph)
        frame = (*around, *self.spans.frame(paragraph))
        plain = not around and is_plain(paragraph, self.document.styles)
        # Kept in the list, an element stays the same object for those who look for it.
        paragraphs = self.document.paragraphs
        paragraphs.append(paragraph)
        yield Piece(
            self.kind, text, looks=looks, frame=frame, plain=plain, paragraph=len(paragraphs)
        )
        things, self.spans.things = self.spans.things, []
        notes, self.spans.notes = self.spans.notes, []
        for thing in things:
            yield from self._thing(thing, ())
        for note in notes:
            yield from self.document.note(str(note.tag), value(note, "w:id") or "")
        for section in paragraph.iterfind(f"{q('w:pPr')}/{q('w:sectPr')}"):
            yield self._section(section)

    def _table(self, element: Element, around: Facts) -> Iterator[Piece]:
        outer, self.kind = self.kind, Part.TABLE if self.kind is Part.BODY else self.kind
        name, properties = _OF_TABLES[str(element.tag)]
        head = self.document.canonical.head(element, self.part, properties)
        yield Piece(self.kind, f"{name} {hashed(head)}", shown=f"〔{name}〕", frame=around)
        yield from self.pieces(element, ())
        if element.tag == q("w:tbl"):
            yield Piece(self.kind, "end", shown="〔表格结束〕")
        self.kind = outer

    def _section(self, section: Element) -> Piece:
        """Return how pages are set; which headers they show is read apart."""
        copy = bare(section)
        named: set[tuple[str, str]] = set()
        for each in elements(section):
            key = str(each.tag), value(each, "w:type") or DEFAULT
            if not _only_refers(each) or key in named:
                copy.append(deepcopy(each))
            named.add(key)
        form = self.document.canonical.form(copy, self.part)
        return Piece(Part.PAGE, hashed(form), shown="〔页面设置〕")

    def _thing(self, element: Element, around: Facts) -> Iterator[Piece]:
        """Yield something drawn, embedded or unknown, and the paragraphs of its text boxes."""
        boxes: list[Element] = []
        form = self.document.canonical.form(element, self.part, boxes)
        part, shown = _kind_of(element)
        yield Piece(part, hashed(form), shown=f"〔{shown}〕", frame=around)
        for box in boxes:
            yield from _Story(self.document, self.part, Part.BOX).pieces(box, ())


def _is_read_with(element: Element, holder: Element) -> bool:
    if holder.tag in _OF_TABLES:
        return element in leading(holder, _OF_TABLES[str(holder.tag)][1])
    return holder.tag in CONTAINERS and read_with(element, holder)


def _only_refers(element: Element) -> bool:
    """Tell a reference to a header that says nothing else: that header is read apart."""
    names = {str(name) for name in element.attrib}
    return element.tag in _REFERENCES and names <= _OF_REFERENCES and not len(element)


def _kind_of(element: Element) -> tuple[Part, str]:
    names = {str(each.tag) for each in element.iter()}
    if element.tag in (q("m:oMath"), q("m:oMathPara")):
        return Part.OBJECT, "公式 " + "".join(t.text or "" for t in element.iter(q("m:t")))
    if names & {q("pic:pic"), q("v:imagedata")}:
        return Part.PICTURE, "图片"
    if names & _EMBEDDED or not names & _DRAWN:
        return Part.OBJECT, f"嵌入的内容 {str(element.tag).rpartition('}')[2]}"
    return Part.DRAWING, "图形"


_NOTHING: Final = Piece(Part.HEADER, "none", shown="〔没有页眉页脚〕")
"""Stands for a section that shows nothing where the one before showed something."""

_REFERENCES: Final = frozenset((q("w:headerReference"), q("w:footerReference")))
_OF_REFERENCES: Final = frozenset((q("w:type"), q("r:id")))
_DRAWN: Final = frozenset((q("w:drawing"), q("w:pict")))
_EMBEDDED: Final = frozenset(
    (
        q("w:object"),
        q("w:control"),
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
        "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
    )
)
