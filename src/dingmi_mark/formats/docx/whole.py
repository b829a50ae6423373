"""All that a Word file holds, as pieces that saving it anew in another program keeps.

What is not plain text stands in brackets ⟦…⟧ in the text, so that nothing can hide there: hidden,
struck-out and hardly visible words, tracked changes, fields, links, numbers of lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dingmi_mark.domain.comparison import Content, Part, Piece
from dingmi_mark.domain.late_values import PAGE_FIELD, PAGES_FIELD
from dingmi_mark.formats.docx.lists import Lists, read_lists
from dingmi_mark.formats.docx.looks import BACKWARDS, is_deleted, is_inserted, looks
from dingmi_mark.formats.docx.names import (
    REL_COMMENTS,
    REL_ENDNOTES,
    REL_FOOTNOTES,
    Element,
    child,
    elements,
    q,
    value,
)
from dingmi_mark.formats.docx.obstacles import document_body, main_part, refuse_ole
from dingmi_mark.formats.docx.package import Limits, Package, opened
from dingmi_mark.formats.docx.sections import Layout, read_layout
from dingmi_mark.formats.docx.styles import Styles, read_styles
from dingmi_mark.formats.docx.things import Things, address_of, chosen, etree_name, plain_address

_NOTES: Final = {
    "footnoteReference": (REL_FOOTNOTES, Part.FOOTNOTE),
    "endnoteReference": (REL_ENDNOTES, Part.ENDNOTE),
    "commentReference": (REL_COMMENTS, Part.COMMENT),
}
_RUNNING: Final = (("header", Part.HEADER), ("footer", Part.FOOTER))
_CHARACTERS: Final = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_THINGS: Final = frozenset(("drawing", "pict", "object"))
_WITHOUT_TEXT: Final = frozenset(
    ("pPr", "rPr", "sectPr", "tblPr", "tcPr", "trPr", "tblGrid", "sdtPr", "sdtEndPr", "rt")
)
_PAGES: Final = {"PAGE": PAGE_FIELD, "NUMPAGES": PAGES_FIELD, "SECTIONPAGES": "{SECTIONPAGES}"}
_OF_NO_WEIGHT: Final = (r"\* MERGEFORMAT", r"\* Mergeformat", r"\* Arabic", r"\* arabic")

Run = tuple[tuple[str, ...], str]
"""Words and what is special about how they look."""


def read_content(path: Path, limits: Limits) -> Content:
    """Read all of a file. Raises what `inspect` does."""
    refuse_ole(path)
    with opened(path, limits) as package:
        part = main_part(package)
        body = document_body(package.tree(part), package)
        styles = read_styles(package, part)
        document = _Document(package, part, styles, read_lists(package, part, styles))
        pieces = [*document.story(body, part, Part.BODY)]
        layout = read_layout(package, part, body)
        pieces += _running(document, layout)
        pieces += document.unreferenced()
    return Content(tuple(pieces), lines=False)


@dataclass
class _Field:
    """A field that has begun; of page numbers the result is no content but made by the program."""

    instruction: str = ""
    in_result: bool = False
    result: str = ""

    @property
    def name(self) -> str:
        """What it is, spelled as programs agree on."""
        text = " ".join(self.instruction.split())
        for weightless in _OF_NO_WEIGHT:
            text = text.replace(weightless, "").strip()
        return text

    @property
    def page(self) -> str:
        """The sign of a page number, empty for any other field."""
        return _PAGES.get(self.name.upper(), "")


@dataclass
class _Document:
    """The parts of a file, and how far notes and lists have been read."""

    package: Package
    part: str
    styles: Styles
    lists: Lists
    notes: dict[str, dict[str, Element]] = field(default_factory=dict)
    read: set[tuple[str, str]] = field(default_factory=set)

    def story(self, root: Element, part: str, kind: Part, name: str = "") -> Iterator[Piece]:
        """Yield the pieces of a body, a header, a note, numbered from 1."""
        number = 0
        story = _Story(self, part, kind)
        for piece in (*story.pieces(root), *story.left_open()):
            counts = piece.part in (kind, Part.TABLE) and not piece.is_digest
            number += counts and bool(piece.text)
            yield replace(piece, story=name, number=max(number, 1) if counts else 0)

    def note(self, kind: str, id_: str) -> Iterator[Piece]:
        """Yield a note's pieces, where it is referred to first."""
        relationship, part_kind = _NOTES[kind]
        note = self._all(relationship).get(id_)
        if note is None or (relationship, id_) in self.read:
            return
        self.read.add((relationship, id_))
        author = value(note, "w:author")
        for piece in self.story(note, self._part(relationship), part_kind):
            text = f"{author}：{piece.text}" if author and not piece.is_digest else piece.text
            yield replace(piece, text=text, number=0)

    def unreferenced(self) -> Iterator[Piece]:
        """Yield the notes that nothing refers to."""
        for kind, (relationship, _) in _NOTES.items():
            for id_, note in self._all(relationship).items():
                if value(note, "w:type") in (None, "normal"):
                    yield from self.note(kind, id_)

    def _all(self, relationship: str) -> dict[str, Element]:
        if relationship not in self.notes:
            name = self._part(relationship)
            tree = self.package.tree(name) if name else ()
            self.notes[relationship] = {value(each, "w:id") or "": each for each in tree}
        return self.notes[relationship]

    def _part(self, relationship: str) -> str:
        return self.package.related(self.part, relationship) or ""


@dataclass
class _Story:
    """One flow of paragraphs: the fields that are open go on from one to the next."""

    document: _Document
    part: str
    kind: Part
    fields: list[_Field] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    things: list[Element] = field(default_factory=list)

    def pieces(self, node: Element) -> Iterator[Piece]:
        """Yield what stands in a node, block by block."""
        for element in elements(node):
            name = etree_name(element)
            if name == "AlternateContent":
                yield from self.pieces(chosen(element))
            elif element.tag == q("w:p"):
                yield from self._paragraph(element)
            elif name == "tbl":
                yield from self._table(element)
            elif name in ("altChunk", "subDoc"):
                holder = element.makeelement(q("w:r"))
                holder.append(element)
                yield from self._drawn(holder)
            elif name not in _WITHOUT_TEXT:
                yield from self.pieces(element)

    def left_open(self) -> Iterator[Piece]:
        """Yield results of fields that never end."""
        for each in self.fields:
            if each.result.strip():
                yield Piece(self.kind, f"⟦域 {each.name}⟧{each.result}")

    def _table(self, table: Element) -> Iterator[Piece]:
        outer, self.kind = self.kind, Part.TABLE if self.kind is Part.BODY else self.kind
        for row in table.iter(q("w:tr")):
            if next(row.iterancestors(q("w:tbl")), None) is table:
                cells = [each for each in row.iter(q("w:tc")) if _row_of(each) is row]
                tracked = "".join(_tracked(child(row, "w:trPr")))
                yield Piece(self.kind, f"row {len(cells)}{tracked}", shown="〔表格的一行〕")
                for cell in cells:
                    yield from self.pieces(cell)
        self.kind = outer

    def _paragraph(self, paragraph: Element) -> Iterator[Piece]:
        runs = list(self._runs(paragraph, paragraph, ()))
        mark = "".join(_tracked(child(child(paragraph, "w:pPr"), "w:rPr")))
        text = " ".join(f"{_joined(runs)}{mark}".split())
        number = self.document.lists.number(paragraph) if text else ""
        # An empty paragraph that only ends a section is written by some programs and not by others.
        if text or child(child(paragraph, "w:pPr"), "w:sectPr") is None:
            yield Piece(self.kind, f"⟦编号 {number}⟧{text}" if number else text)
        things, self.things = self.things, []
        notes, self.notes = self.notes, []
        for thing in things:
            yield from self._drawn(thing)
        for kind, id_ in notes:
            yield from self.document.note(kind, id_)

    def _drawn(self, thing: Element) -> Iterator[Piece]:
        return Things(self.document.package, self.part, self._boxed).pieces(thing)

    def _boxed(self, box: Element) -> Iterator[Piece]:
        inner = _Story(self.document, self.part, Part.BOX)
        yield from inner.pieces(box)
        yield from inner.left_open()

    def _runs(self, node: Element, paragraph: Element, look: tuple[str, ...]) -> Iterator[Run]:
        """Yield the words of a node; `look` is what is special about all of them."""
        for element in elements(node):
            name = etree_name(element)
            if is_deleted(element) or is_inserted(element):
                tracked = "删除的修订" if is_deleted(element) else "插入的修订"
                yield from self._runs(element, paragraph, (*look, tracked))
            elif element.tag == q("w:r"):
                own = looks(self.document.styles.text_properties(element, paragraph))
                yield from self._in_field(self._run(element, (*look, *own)))
            elif name in ("bdo", "dir"):
                yield from self._runs(element, paragraph, (*look, BACKWARDS))
            elif name == "hyperlink":
                yield from self._link(element, paragraph, look)
            elif name == "fldSimple":
                yield from self._simple_field(element, paragraph, look)
            elif element.tag == q("m:oMath"):
                yield look, f"⟦公式 {_formula(element)}⟧"
            elif name == "AlternateContent":
                yield from self._runs(chosen(element), paragraph, look)
            elif name not in _WITHOUT_TEXT:
                yield from self._runs(element, paragraph, look)

    def _run(self, run: Element, look: tuple[str, ...]) -> Iterator[Run]:
        for element in elements(run):
            name = etree_name(element)
            if name in ("t", "delText"):
                yield look, element.text or ""
            elif name in _CHARACTERS:
                yield look, _CHARACTERS[name]
            elif name == "sym":
                yield look, f"⟦符号 {value(element, 'w:font')} {value(element, 'w:char')}⟧"
            elif name == "fldChar":
                yield from self._field_mark(value(element, "w:fldCharType") or "", look)
            elif name in ("instrText", "delInstrText") and self.fields:
                self.fields[-1].instruction += element.text or ""
            elif name == "AlternateContent":
                yield from self._run(chosen(element), look)
            elif name == "ruby":
                yield from self._ruby(element, look)
            else:
                yield from self._beside(name, element, look)

    def _beside(self, name: str, element: Element, look: tuple[str, ...]) -> Iterator[Run]:
        """Keep what is read after the paragraph: notes and things that are drawn."""
        if name in _NOTES:
            self.notes.append((name, value(element, "w:id") or ""))
            # Programs put the sign of a comment before or after other signs, and raise the others.
            yield (), "" if name == "commentReference" else f"⟦{_NOTES[name][1].value}⟧"
        elif name in _THINGS:
            holder = element.makeelement(q("w:r"))
            holder.append(_copy(element))
            self.things.append(holder)
        elif name == "pgNum":
            yield look, PAGE_FIELD

    def _ruby(self, ruby: Element, look: tuple[str, ...]) -> Iterator[Run]:
        for name, sign in (("w:rubyBase", ""), ("w:rt", "⟦注音⟧")):
            for run in (child(ruby, name) if child(ruby, name) is not None else ()) or ():
                yield look, sign
                yield from self._run(run, look)

    def _link(self, link: Element, paragraph: Element, look: tuple[str, ...]) -> Iterator[Run]:
        target = address_of(self.document.package, self.part, value(link, "r:id") or "")
        anchor = value(link, "w:anchor") or ""
        yield look, f"⟦链接 {target}{'#' if anchor else ''}{anchor}⟧"
        yield from self._runs(link, paragraph, look)
        yield look, "⟦/链接⟧"

    def _simple_field(
        self, element: Element, paragraph: Element, look: tuple[str, ...]
    ) -> Iterator[Run]:
        yield from self._field_mark("begin", look)
        self.fields[-1].instruction = value(element, "w:instr") or ""
        yield from self._field_mark("separate", look)
        yield from self._runs(element, paragraph, look)
        yield from self._field_mark("end", look)

    def _field_mark(self, kind: str, look: tuple[str, ...]) -> Iterator[Run]:
        if kind == "begin":
            self.fields.append(_Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].in_result = True
            if not self.fields[-1].page:
                yield look, _opening(self.fields[-1])
        elif kind == "end" and self.fields:
            yield from ((look, text) for text in _ending(self.fields.pop()))

    def _in_field(self, runs: Iterator[Run]) -> Iterator[Run]:
        """Keep back the numbers that a field of page numbers shows: they are made anew."""
        for look, text in runs:
            holder = next((each for each in self.fields if each.page and each.in_result), None)
            if holder is None:
                yield look, text
            else:
                holder.result += text


def _opening(each: _Field) -> str:
    words = each.name.split()
    if words and words[0].upper() == "HYPERLINK":
        named = [word.strip('"') for word in words[1:] if not word.startswith("\\")]
        target = "#".join(plain_address(name) for name in named)
        return f"⟦链接 {'#' if words[1:2] == [chr(92) + 'l'] else ''}{target}⟧"
    return f"⟦域 {each.name}⟧"


def _ending(each: _Field) -> Iterator[str]:
    if each.page:
        shown = each.result.strip()
        # What is no number is text that somebody put where the number should be.
        yield each.page if not shown or shown.isalnum() and len(shown) < 7 else each.page + shown
    elif not each.in_result:
        yield f"⟦域 {each.name}⟧"
    elif each.name.upper().startswith("HYPERLINK"):
        yield "⟦/链接⟧"
    else:
        yield "⟦/域⟧"


def _joined(runs: list[Run]) -> str:
    """Join words that look alike; white space has no look of its own."""
    parts: list[Run] = []
    for look, text in runs:
        if not text:
            continue
        if parts and (parts[-1][0] == look or not text.strip()):
            parts[-1] = (parts[-1][0], parts[-1][1] + text)
        else:
            parts.append((look, text))
    return "".join(f"⟦{'、'.join(look)}⟧{text}⟦/⟧" if look else text for look, text in parts)


def _tracked(properties: Element | None) -> Iterator[str]:
    """Tell tracked changes of a paragraph's end or a table's row."""
    for element in elements(properties) if properties is not None else ():
        if is_deleted(element):
            yield "⟦删除的修订⟧"
        elif is_inserted(element):
            yield "⟦插入的修订⟧"


def _formula(node: Element) -> str:
    """Return a formula with its structure: x² is not x2."""
    if node.tag == q("m:t"):
        return node.text or ""
    inner = "".join(_formula(each) for each in elements(node) if etree_name(each)[-2:] != "Pr")
    name = etree_name(node)
    return inner if name in ("oMath", "r", "oMathPara") else f"{name}({inner})"


def _running(document: _Document, layout: Layout) -> Iterator[Piece]:
    """Yield headers and footers as pages show them; what a section takes over only once."""
    targets = {
        edge.id: document.package.find(edge.target)
        for edge in document.package.relationships(document.part)
        if not edge.external
    }
    for name, kind in _RUNNING:
        before: dict[str, list[Piece]] = {}
        for index in range(len(layout.sections)):
            for pages in layout.kinds(index):
                part = targets.get(layout.shown(index, f"w:{name}Reference", pages) or "")
                tree = document.package.tree(part) if part else None
                story = document.story(tree, part, kind, pages) if tree is not None and part else ()
                shown = [piece for piece in story if piece.text]
                if shown != before.get(pages, []):
                    yield from (replace(p, story=f"{index + 1} {pages}") for p in shown or [_NONE])
                before[pages] = shown


_NONE: Final = Piece(Part.HEADER, "none", shown="〔没有页眉页脚〕")
"""Stands for a section that shows nothing where the one before showed something."""


def _row_of(cell: Element) -> Element | None:
    return next(cell.iterancestors(q("w:tr")), None)


def _copy(element: Element) -> Element:
    from copy import deepcopy

    return deepcopy(element)
