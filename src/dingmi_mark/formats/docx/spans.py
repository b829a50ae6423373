"""The words of a paragraph with all that changes how they look, character by character.

What is no text stands as one character that XML does not know; what is around words (a link, a
tracked change, a content control) is a fact of each of them, as their own properties are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from dingmi_mark.domain.draft_content import (
    BREAK,
    END,
    FIELD,
    LOCKED,
    PAGES_OF_SECTION,
    PLACE,
    RESULT,
    THING,
)
from dingmi_mark.domain.late_values import PAGE_FIELD, PAGES_FIELD
from dingmi_mark.domain.looks import TYPED, Fact, Facts, Looks, runs
from dingmi_mark.formats.docx.canonical import Canonical, leading, short, text_of
from dingmi_mark.formats.docx.harmless import is_frame, is_harmless
from dingmi_mark.formats.docx.labels import label
from dingmi_mark.formats.docx.names import Element, bare, elements, q, value
from dingmi_mark.formats.docx.page_numbers import SHOWN

Span = tuple[str, Facts]

INSTRUCTION: Final[Fact] = ("域代码", "")
_OF_A_FIELD: Final[Fact] = ("域", "")
_STRAY: Final = "游离的文字"
_DELETED: Final[Fact] = ("删除的文字", "")

_W: Final = "ins del moveFrom moveTo hyperlink smartTag customXml sdt sdtContent dir bdo fldSimple"
CONTAINERS: Final = frozenset(q(f"w:{name}") for name in _W.split())
"""What stands around words, or around paragraphs, without showing anything itself."""

HEADS: Final = frozenset(
    q(f"w:{name}") for name in ("sdtPr", "sdtEndPr", "customXmlPr", "smartTagPr", "fldData")
)
_RUN_PROPERTIES: Final = frozenset((q("w:rPr"),))
_PARAGRAPH_PROPERTIES: Final = frozenset((q("w:pPr"),))
_READ_APART: Final = frozenset((q("w:pPr"), q(name)) for name in ("w:rPr", "w:sectPr"))
_NOTES: Final = frozenset(
    q(f"w:{name}") for name in ("footnoteReference", "endnoteReference", "commentReference")
)
_TEXT: Final[Mapping[str, Facts]] = {
    q("w:t"): (),
    q("w:delText"): (_DELETED,),
    q("w:instrText"): (INSTRUCTION,),
    q("w:delInstrText"): (INSTRUCTION, _DELETED),
}
_CHARACTERS: Final = {
    q("w:tab"): "\t",
    q("w:noBreakHyphen"): "\u2011",
    q("w:softHyphen"): "\u00ad",
    q("w:br"): BREAK,
    q("w:cr"): BREAK,
}
_MARKS: Final = {"begin": LOCKED, "separate": RESULT, "end": END}
_SIGNS: Final = {"PAGE": PAGE_FIELD, "NUMPAGES": PAGES_FIELD, "SECTIONPAGES": PAGES_OF_SECTION}
_PAGE_NUMBER: Final = re.compile(
    rf"{FIELD}\s*(?P<name>PAGE|NUMPAGES|SECTIONPAGES)\s*(?:\\\*\s*(?:MERGEFORMAT|Arabic)\s*)*"
    rf"(?:{RESULT}(?P<shown>{SHOWN}))?{END}",
    re.IGNORECASE,
)
"""A field of page numbers. What it shows is made anew wherever it is read, so it does not count;
but something else there is text that somebody put where a number should be."""


@dataclass
class Numbers:
    """Numbers for what is only told apart by ids that are given anew at saving."""

    met: dict[tuple[str, str], int] = field(default_factory=dict)

    def of(self, kind: str, id_: str) -> str:
        """Return the number of an id in the order in which they are met."""
        return str(self.met.setdefault((kind, id_), len(self.met)))


@dataclass
class Spans:
    """Reads paragraphs of one part; keeps beside what is drawn and the notes referred to."""

    canonical: Canonical
    part: str
    numbers: Numbers
    last_places: frozenset[str]
    running: bool
    things: list[Element] = field(default_factory=list)
    notes: list[Element] = field(default_factory=list)

    def read(self, paragraph: Element) -> tuple[str, Looks]:
        """Return words and looks, with that of the paragraph's end."""
        spans = list(self._within(paragraph, ()))
        # Elsewhere Word shows what a field held when it was saved, until somebody prints it.
        spans = _page_numbers(spans) if self.running else spans
        holders = leading(paragraph, _PARAGRAPH_PROPERTIES)
        marks = [mark for each in holders for mark in each.iterfind(q("w:rPr"))]
        end = tuple(fact for mark in marks for fact in self.properties(mark))
        looks = [(len(text), facts) for text, facts in spans]
        return "".join(text for text, _ in spans), runs([*looks, (1, end)])

    def frame(self, paragraph: Element) -> Facts:
        """Return how a paragraph is set, without how its end looks."""
        facts = self._head(paragraph)
        for holder in leading(paragraph, _PARAGRAPH_PROPERTIES):
            facts += self.properties(holder)
        return facts

    def properties(self, holder: Element) -> Facts:
        """Return what a `w:rPr` or `w:pPr` says, as facts."""
        facts = [*self._head(holder)]
        for each in elements(holder):
            if each.tag == q("w:rFonts"):
                facts += self._fonts(each)
            elif not is_harmless(each) and (holder.tag, each.tag) not in _READ_APART:
                facts.append((label(str(each.tag)), self.canonical.form(each, self.part)))
        return tuple(facts)

    def around(self, container: Element) -> Facts:
        """Return what a container says of what is in it; nothing for one that says nothing."""
        if container.tag == q("w:sdt") and is_frame(container):
            return ()
        head = self.canonical.head(container, self.part, HEADS)
        plain = container.tag == q("w:sdtContent") and not head
        return () if plain else ((label(str(container.tag)), head),)

    def place(self, element: Element) -> Fact | None:
        """Return a bookmark, the beginning of a comment or the like; None for what is no place."""
        name = short(str(element.tag))
        empty = not len(element) and not (element.text or "").strip()
        if not name.startswith("w:") or not name.endswith(("Start", "End")) or not empty:
            return None
        kind = name.removesuffix("Start").removesuffix("End")
        head = self.canonical.head(bare(element, "w:id"), self.part)
        return label(str(element.tag)), f"{name} {self._number(kind, element)} {head}"

    def passes_over(self, element: Element) -> bool:
        """Tell whether an element is nothing: harmless, or where somebody was editing last."""
        if is_harmless(element):
            return True
        return element.tag in _BOOKMARKS and _id(element) in self.last_places

    def _fonts(self, fonts: Element) -> Iterator[Fact]:
        for key, text in sorted(fonts.attrib.items()):
            name = str(key)
            yield (TYPED if name == q("w:hint") else label(str(fonts.tag)), f"{name} {text!s}")

    def _within(self, node: Element, around: Facts) -> Iterator[Span]:
        yield from ((THING, ((_STRAY, text), *around)) for text in stray(node))
        for element in elements(node):
            if self.passes_over(element) or read_with(element, node):
                continue
            if element.tag == q("w:r"):
                yield from self._run(element, around)
            elif element.tag == q("w:fldSimple"):
                yield from self._simple_field(element, around)
            elif element.tag in CONTAINERS:
                yield from self._within(element, (*around, *self.around(element)))
            elif (place := self.place(element)) is not None:
                yield PLACE, (*around, place)
            else:
                yield from self._thing(element, around)

    def _run(self, run: Element, around: Facts) -> Iterator[Span]:
        leads = leading(run, _RUN_PROPERTIES)
        own = [fact for each in leads for fact in self.properties(each)]
        facts = (*around, *self._head(run), *own)
        yield from ((THING, ((_STRAY, text), *facts)) for text in stray(run))
        for element in elements(run):
            if is_harmless(element) or element in leads:
                continue
            if len(element) and element.tag != q("w:fldChar"):
                yield from self._thing(element, facts)
            elif element.tag in _TEXT:
                how = (*_TEXT[str(element.tag)], *self._head(element))
                yield text_of(element), (*how, *facts)
            elif element.tag in _CHARACTERS:
                head = self.canonical.head(element, self.part)
                yield _CHARACTERS[str(element.tag)], ((label(str(element.tag)), head), *facts)
            elif element.tag == q("w:fldChar"):
                yield self._field_mark(element, facts)
            elif element.tag in _NOTES:
                yield self._reference(element, facts)
            else:
                yield from self._thing(element, facts)

    def _head(self, element: Element) -> Facts:
        head = self.canonical.head(element, self.part)
        return ((label(str(element.tag)), head),) if head else ()

    def _field_mark(self, mark: Element, facts: Facts) -> Span:
        kind = value(mark, "w:fldCharType") or ""
        plain = len(mark.attrib) == 1 and not len(mark)
        fact = _OF_A_FIELD if plain else (_OF_A_FIELD[0], self.canonical.form(mark, self.part))
        sign = FIELD if plain and kind == "begin" else _MARKS.get(kind, THING)
        return sign, (fact, *facts)

    def _simple_field(self, element: Element, around: Facts) -> Iterator[Span]:
        plain = len(element.attrib) == 1 and not any(e.tag in HEADS for e in element)
        own = (*(() if plain else self.around(element)), *around)
        yield FIELD if plain else LOCKED, (_OF_A_FIELD, *own)
        yield value(element, "w:instr") or "", (INSTRUCTION, *around)
        yield RESULT, (_OF_A_FIELD, *around)
        yield from self._within(element, around)
        yield END, (_OF_A_FIELD, *around)

    def _reference(self, element: Element, facts: Facts) -> Span:
        head = self.canonical.head(bare(element, "w:id"), self.part)
        if element.tag == q("w:commentReference"):
            head += self._number("w:commentRange", element)
        self.notes.append(element)
        return THING, ((label(str(element.tag)), head), *facts)

    def _thing(self, element: Element, facts: Facts) -> Iterator[Span]:
        self.things.append(element)
        yield THING, ((label(str(element.tag)), ""), *facts)

    def _number(self, kind: str, element: Element) -> str:
        return self.numbers.of(f"{self.part} {kind}", _id(element))


def last_places(root: Element) -> frozenset[str]:
    """Return the ids of the bookmark that Word puts where somebody was editing last."""
    named: dict[str, set[str]] = {}
    for each in root.iter(q("w:bookmarkStart")):
        named.setdefault(_id(each), set()).add((value(each, "w:name") or "").lower())
    return frozenset(id_ for id_, names in named.items() if names == {LAST_PLACE})


def read_with(element: Element, holder: Element) -> bool:
    """Tell whether an element says how its holder is, and is read with it."""
    properties = HEADS if holder.tag in CONTAINERS else _PARAGRAPH_PROPERTIES
    return element.tag in properties and element in leading(holder, properties)


def stray(node: Element) -> Iterator[str]:
    """Yield words that stand where no words belong."""
    for text in (node.text, *(each.tail for each in node)):
        if text and text.strip():
            yield text


LAST_PLACE: Final = "_goback"
"""The bookmark that Word puts where somebody was editing last."""

_BOOKMARKS: Final = frozenset((q("w:bookmarkStart"), q("w:bookmarkEnd")))


def _id(element: Element) -> str:
    return value(element, "w:id") or ""


def _page_numbers(spans: list[Span]) -> list[Span]:
    """Put one sign in the place of each field of page numbers."""
    text = "".join(each for each, _ in spans)
    if FIELD not in text:
        return spans
    made: list[Span] = []
    end = 0
    for found in _PAGE_NUMBER.finditer(text):
        within = _cut(spans, found.start(), found.end())
        instruction = _cut(spans, *found.span("name"))
        if any(INSTRUCTION not in facts for _, facts in instruction):
            continue
        met = {fact for _, each in within for fact in each if fact[0] != TYPED}
        facts = sorted(met - {INSTRUCTION})
        made += _cut(spans, end, found.start())
        made.append((_SIGNS[found["name"].upper()], tuple(facts)))
        end = found.end()
    return [*made, *_cut(spans, end, len(text))]


def _cut(spans: list[Span], start: int, stop: int) -> list[Span]:
    """Return the spans from one character to another."""
    cut, at = [], 0
    for text, facts in spans:
        part = text[max(start - at, 0) : max(stop - at, 0)]
        if part:
            cut.append((part, facts))
        at += len(text)
    return cut
