"""Classified points in the flow: find their paragraphs, and put the level before the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from dingmi_mark.domain.points import BoxAnchor, ParagraphAnchor, PointAnchor, QuoteAnchor
from dingmi_mark.errors import PointAmbiguous, PointNotFound, PointUnsupported
from dingmi_mark.formats.base import Faces, PointMark
from dingmi_mark.formats.docx.marks import POINT_STYLE, bookmark_name
from dingmi_mark.formats.docx.names import Element, child, elements, new, q, value
from dingmi_mark.formats.docx.plaintext import bookmarked, marked_run
from dingmi_mark.formats.docx.text import normalised, visible_text

_STOPS = frozenset(
    q(f"w:{name}") for name in ("fldSimple", "sdt", "drawing", "pict", "object", "fldChar", "sym")
) | {q("mc:AlternateContent")}
_SKIPPED = frozenset({q("w:pPr"), q("w:del"), q("w:moveFrom")})


@dataclass(frozen=True)
class PointWriter:
    """What writing points needs: faces, unused bookmark ids, and whether the style is there."""

    faces: Faces
    ids: Iterator[int]
    marking_id: str
    styled: bool

    def write(self, found: list[tuple[PointMark, Element]]) -> None:
        """Put each mark before its paragraph's words; equal ones in a paragraph only once."""
        done: set[tuple[Element, str]] = set()
        for mark, paragraph in found:
            if (paragraph, mark.text) not in done:
                done.add((paragraph, mark.text))
                self._write(mark, paragraph)

    def _write(self, mark: PointMark, paragraph: Element) -> None:
        family = self.faces.family(mark.face)
        look = {"styled": self.styled, "struck": mark.struck}
        run = marked_run(mark.text, family, mark.size_pt, mark.colour, **look)
        name = bookmark_name(self.marking_id, mark.id, mark.text)
        content = bookmarked(name, next(self.ids), [run])
        index = _start_of_words(paragraph)
        for offset, element in enumerate(content):
            paragraph.insert(index + offset, element)


def find_paragraph(
    body: Element, anchor: PointAnchor, point: str, where: str, notes: Sequence[Element] = ()
) -> Element:
    """Return the paragraph a point's anchor means; words are looked for in `notes` too.

    Raises PointNotFound, PointAmbiguous; PointUnsupported for places on a page.
    """
    match anchor:
        case QuoteAnchor():
            return _quoted((body, *notes), anchor, point, where)
        case ParagraphAnchor():
            return _numbered(body, anchor, point, where)
        case BoxAnchor():
            raise PointUnsupported(where, point=point, format="DOCX")


def _quoted(stories: Sequence[Element], anchor: QuoteAnchor, point: str, where: str) -> Element:
    """Return the paragraph of a quotation; every place counts that does not overlap another.

    Footnotes come after the body, endnotes last.
    """
    quote = normalised(anchor.quote)
    if not quote:
        raise PointNotFound(where, point=point)
    places = [
        paragraph
        for story in stories
        for paragraph in story.iter(q("w:p"))
        for _ in range(normalised(visible_text(paragraph)).count(quote))
        if not _in_text_box(paragraph)
    ]
    if anchor.occurrence is not None:
        if not 1 <= anchor.occurrence <= len(places):
            raise PointNotFound(where, point=point)
        return places[anchor.occurrence - 1]
    if not places:
        raise PointNotFound(where, point=point)
    if any(place is not places[0] for place in places):
        raise PointAmbiguous(where, point=point, count=len(places))
    return places[0]


def _numbered(body: Element, anchor: ParagraphAnchor, point: str, where: str) -> Element:
    scopes = [body] if anchor.table is None else list(_cells(body, anchor))
    wanted = [
        paragraph
        for scope in scopes
        for paragraph in _paragraphs(scope)
        if normalised(visible_text(paragraph))
    ]
    if not 1 <= anchor.number <= len(wanted):
        raise PointNotFound(where, point=point)
    paragraph = wanted[anchor.number - 1]
    if not normalised(visible_text(paragraph)).startswith(normalised(anchor.begins)):
        raise PointNotFound(where, point=point)
    return paragraph


def _cells(body: Element, anchor: ParagraphAnchor) -> Iterator[Element]:
    """Yield the cells meant: all of the table, or of the row, or of the column, or one."""
    for table in _nth(list(blocks(body, "w:tbl")), anchor.table):
        for row in _nth(list(blocks(table, "w:tr")), anchor.row):
            yield from _nth(list(blocks(row, "w:tc")), anchor.column)


def _nth(found: list[Element], number: int | None) -> list[Element]:
    if number is None:
        return found
    return found[number - 1 : number] if number >= 1 else []


def _paragraphs(scope: Element) -> Iterator[Element]:
    return blocks(scope, "w:p")


def blocks(scope: Element, name: str) -> Iterator[Element]:
    """Yield blocks of that name in a scope, also inside content controls, but not in tables."""
    for element in elements(scope):
        if element.tag == q(name):
            yield element
        elif element.tag in _TRANSPARENT:
            yield from blocks(element, name)


_TRANSPARENT = frozenset(
    q(f"w:{name}")
    for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
    + ("footnote", "endnote")
)


def _in_text_box(paragraph: Element) -> bool:
    return next(paragraph.iterancestors(q("w:txbxContent")), None) is not None


def _start_of_words(paragraph: Element) -> int:
    """Return the place of the first word, behind white space that serves as an indent."""
    for index, element in enumerate(list(paragraph)):
        if not isinstance(element.tag, str) or element.tag in _SKIPPED:
            continue
        text = visible_text(element)
        if element.tag == q("w:r") and text and text[0].isspace() and text.strip():
            return index + _split_off_indent(element)
        if text.strip() or element.tag in _STOPS or any(map(_is_stop, element.iter())):
            return _before_bookmarks(paragraph, index)
    return len(paragraph)


def _before_bookmarks(paragraph: Element, index: int) -> int:
    """Return the place before bookmarks that begin here: fields elsewhere show what is in them."""
    while index and paragraph[index - 1].tag == q("w:bookmarkStart"):
        index -= 1
    return index


def _is_stop(element: Element) -> bool:
    return element.tag in _STOPS


def _split_off_indent(run: Element) -> int:
    """Part a run where its white space ends; return how far behind it the words begin."""
    head = deepcopy(run)
    head.tail = None
    for element in list(head):
        if element.tag != q("w:rPr"):
            head.remove(element)
    properties = child(run, "w:rPr")
    for element in list(elements(run)):
        if element is properties:
            continue
        if _is_stop(element):
            break
        if element.tag == q("w:t") and (words := (element.text or "").lstrip()):
            _split_text(element, words, head)
            break
        head.append(element)
    run.addprevious(head)
    return 1


def _split_text(element: Element, words: str, head: Element) -> None:
    indent = (element.text or "")[: -len(words)]
    if indent:
        head.append(deepcopy(element))
        head[-1].text = indent
        element.text = words


def add_point_style(styles: Element) -> None:
    """Add the character style of classified points to `w:styles` unless it is there."""
    if any(value(style, "w:styleId") == POINT_STYLE for style in styles.iter(q("w:style"))):
        return
    identity = {"w:type": "character", "w:customStyle": "1", "w:styleId": POINT_STYLE}
    styles.append(new("w:style", identity, [new("w:name", {"w:val": POINT_STYLE})]))
