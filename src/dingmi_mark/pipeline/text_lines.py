"""Where the lines of a text stand on the pages they were read from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import PageView
from dingmi_mark.pipeline.quote_text import DocumentText


@dataclass(frozen=True)
class Line:
    """A part of a text (its number, from 0), with its page (from 1) and its place (mm)."""

    part: int
    page: int
    box: Box


def lines_of_pages(read: DocumentText, view: PageView | None) -> tuple[Line, ...]:
    """Return all lines whose places can be told: those of pages, and those read from pictures."""
    return tuple(_lines(read, view))


def _lines(read: DocumentText, view: PageView | None) -> Iterator[Line]:
    of_page: dict[int, list[int]] = {}
    for number, part in enumerate(read.parts):
        if part.box is not None:
            yield Line(number, part.page, part.box)
        elif part.page and part.number:
            of_page.setdefault(part.page, []).append(number)
    if view is None:
        return
    for page, parts in of_page.items():
        shown = [(line.text, line.box) for line in view.lines(page - 1)]
        texts = [read.parts[number].text for number in parts]
        for at, box in _matched(texts, shown):
            yield Line(parts[at], page, box)


def _matched(
    texts: Sequence[str], shown: Sequence[tuple[str, Box | None]]
) -> Iterator[tuple[int, Box]]:
    """Lay what was read beside what is shown with places; both come in the order of the page.

    Where one of them holds more, only lines that stand once in both are the same for sure.
    """
    read = [_letters(text) for text in texts]
    seen = [_letters(text) for text, _ in shown]
    boxes = [box for _, box in shown]
    if seen != read:
        known = set(read)
        kept = [at for at, text in enumerate(seen) if text in known]
        seen, boxes = [seen[at] for at in kept], [boxes[at] for at in kept]
    if seen == read:
        yield from ((at, box) for at, box in enumerate(boxes) if box is not None)
        return
    here, there = Counter(read), Counter(seen)
    places = dict(zip(seen, boxes, strict=True))
    for at, text in enumerate(read):
        box = places.get(text)
        if text and here[text] == there[text] == 1 and box is not None:
            yield at, box


def _letters(text: str) -> str:
    return "".join(text.split())
