"""Strike words that others wrote, in the text itself: the line goes wherever the words go.

A line that is fixed on the page stays where it is when text before it grows; what stands behind
the first page must move with its paragraph. Only the look of the words changes, between a
bookmark's ends of ours, so that they are found again and set as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from dingmi_mark.formats.base import StruckWords
from dingmi_mark.formats.docx.marks import bookmark_name, struck_bookmark_name
from dingmi_mark.formats.docx.names import Element, child, elements, new, q, switched_on, value
from dingmi_mark.formats.docx.plaintext import bookmarked, text_run
from dingmi_mark.formats.docx.styles import Styles
from dingmi_mark.formats.docx.text import visible_text

_GAP = "　"
_HARMLESS = frozenset(
    q(f"w:{name}")
    for name in ("pPr", "proofErr", "bookmarkStart", "bookmarkEnd", "commentRangeStart")
    + ("commentRangeEnd", "lastRenderedPageBreak", "permStart", "permEnd")
)
_LETTERS = frozenset(
    q(f"w:{name}")
    for name in ("rPr", "t", "lastRenderedPageBreak", "softHyphen", "commentReference")
)
_BREAK = q("w:br")
_IN_THE_WAY = tuple(
    q(f"w:{name}")
    for name in ("strike", "dstrike", "vanish", "webHidden", "rPrChange", "rtl")
    + ("fitText", "eastAsianLayout")
)
_OF_STYLES = ("w:strike", "w:dstrike", "w:vanish", "w:webHidden", "w:rtl")
"""What a style may do to words that a line of ours, or the words beside, would not get over."""
_BEFORE_STRIKE = frozenset(
    q(f"w:{name}") for name in ("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps")
)
_LEFT = frozenset({"left", "start", "both"})
_RIGHT = frozenset({"right", "end"})


def lone_lines(body: Element, styles: Styles) -> list[Element]:
    """Return the paragraphs of the body, not of tables or content controls, which are one line of
    plain letters at the left or the right, so that they can be struck and something put beside
    them, and they stay.
    """
    sides = _LEFT | _RIGHT
    return [
        one
        for one in body.iterchildren(q("w:p"))
        if _is_lone(one) and _side(one, styles) in sides and not _is_styled(one, styles)
    ]


def spoken_lines(body: Element, styles: Styles) -> Iterator[tuple[str, int | None]]:
    """Yield every line that the author ended, wherever it stands in the body (in tables and text
    boxes too), and which of the lone lines it is.
    """
    numbers = {line: number for number, line in enumerate(lone_lines(body, styles))}
    for paragraph in body.iter(q("w:p")):
        if next(paragraph.iterancestors(q("mc:Fallback")), None) is None:
            for line in re.split(r"[\n\t]", visible_text(paragraph)):
                yield line, numbers.get(paragraph)


def strike_words(
    line: Element, words: StruckWords, marking_id: str, ids: Iterator[int], styles: Styles
) -> None:
    """Strike one of the `lone_lines`, and put beside it what is to stand there, in its look: behind
    it, and before it where it stands at the right.
    """
    runs = _lettered(line)
    look = child(runs[0], "w:rPr")
    properties = new("w:rPr") if look is None else deepcopy(look)
    name = struck_bookmark_name(marking_id, words.name, "".join(map(visible_text, runs)))
    start, end = bookmarked(name, next(ids), ())
    for run in runs:
        _strike(run)
    runs[0].addprevious(start)
    runs[-1].addnext(end)
    at_right = _side(line, styles) in _RIGHT
    first, last = start, end
    for one in words.beside:
        gap, mark = (text_run(text, deepcopy(properties)) for text in (_GAP, one.text))
        if one.struck:
            _strike(mark)
        content = (mark, gap) if at_right else (gap, mark)
        named = bookmark_name(marking_id, one.name, "".join(map(visible_text, content)))
        put = bookmarked(named, next(ids), content)
        if at_right:
            for element in put:
                first.addprevious(element)
            first = put[0]
        else:
            for element in reversed(put):
                last.addnext(element)
            last = put[-1]


def _is_lone(paragraph: Element) -> bool:
    text = visible_text(paragraph).strip()
    if not text or "\n" in text or "\t" in text:
        return False
    return all(_is_plain(one) for one in elements(paragraph))


def _is_plain(node: Element) -> bool:
    if node.tag != q("w:r"):
        return node.tag in _HARMLESS
    properties = child(node, "w:rPr")
    clear = properties is None or all(properties.find(name) is None for name in _IN_THE_WAY)
    parts = {one.tag for one in elements(node)}
    # What follows a break in one run with letters would stand behind the break.
    known = _LETTERS if visible_text(node).strip() else _LETTERS | {_BREAK}
    return clear and parts <= known


def _side(paragraph: Element, styles: Styles) -> str:
    """Return at which side a paragraph's only line stands, as Word calls it."""
    if styles.runs_right_to_left(paragraph):
        return "bidi"
    sides = (child(one, "w:jc") for one in styles.paragraph_properties(paragraph))
    return value(next((one for one in sides if one is not None), None)) or "left"


def _is_styled(paragraph: Element, styles: Styles) -> bool:
    """Tell whether a style strikes or hides some of a paragraph's words, or turns them."""
    return any(
        switched_on(child(properties, name))
        for run in _lettered(paragraph)
        for properties in styles.text_properties(run, paragraph)
        for name in _OF_STYLES
    )


def _lettered(paragraph: Element) -> list[Element]:
    """Return the runs from the first with letters to the last, with the spaces between them."""
    runs = [one for one in paragraph.iterchildren(q("w:r")) if visible_text(one)]
    with_letters = [number for number, one in enumerate(runs) if visible_text(one).strip()]
    return runs[with_letters[0] : with_letters[-1] + 1]


def _strike(run: Element) -> None:
    properties = child(run, "w:rPr")
    if properties is None:
        properties = new("w:rPr")
        run.insert(0, properties)
    before = sum(one.tag in _BEFORE_STRIKE for one in properties)
    properties.insert(before, new("w:strike"))
