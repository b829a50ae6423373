"""Tell whether words can be seen where a page says they stand: they may be white, or covered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dingmi_mark.domain.terms import plain
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import PageView
from dingmi_mark.formats.blank import ink_share, is_pale
from dingmi_mark.pipeline.lettered import LetteredView

LOOK_DPI = 150
_APART_MM = 0.4
"""The places of letters beside each other may touch by so much."""

LEAST_INK = 0.02
"""Share of a letter's place that is ink at least (own choice)."""


def are_seen(pages: PageView, page: int, box: Box, words: str) -> bool:
    """Tell whether every letter of words in a box stands out from its ground; where a view knows no
    letters, or there are but signs, whether anything does. `words` are as `plain` gives them.

    Other letters may be there too: those of a watermark are as pale as they should be.
    """
    if not words or not isinstance(pages, LetteredView):
        return _all_inked(pages, page, [box])
    there = [one for one in _letters(pages, page) if one[0].overlaps(box)]
    # Where something is read between the letters, all that may be of the words have to be seen.
    found = list(_standing(there, words)) or [[one for one in there if one[1] in words]]
    return any(
        bool(letters) and _all_inked(pages, page, _tall(letters) or [box]) for letters in found
    )


def count_seen(pages: PageView, words: str) -> int:
    """Count how often a text stands on the pages with all its letters to be seen.

    `words` are as `plain` gives them. Where a view knows no letters, the lines are believed.
    """
    if not isinstance(pages, LetteredView):
        lines = (line for page in range(len(pages.sizes)) for line in pages.lines(page))
        return "".join(plain(line.text) for line in lines).count(words)
    return sum(
        _all_inked(pages, page, _tall(found)) and not _any_pale(pages, page, _tall(found))
        for page in range(len(pages.sizes))
        for found in _standing(list(_letters(pages, page)), words)
    )


def _any_pale(pages: PageView, page: int, boxes: Iterable[Box]) -> bool:
    return any(is_pale(pages.picture(page, box, LOOK_DPI)) for box in boxes)


def is_overprinted(pages: PageView, page: int, box: Box, words: str) -> bool:
    """Tell whether other letters stand within those of words in a box; `words` are as `plain` gives
    them. Where a view knows no letters, none do.
    """
    if not isinstance(pages, LetteredView):
        return False
    letters = list(_letters(pages, page))
    there = [one for one in letters if one[0].overlaps(box)]
    own = [one for found in _standing(there, words) for one in found]
    others = [one for one, letter in letters if letter.isalnum() and (one, letter) not in own]
    return any(other.overlaps(one.grown(-_APART_MM)) for one, _ in own for other in others)


def _standing(letters: list[tuple[Box, str]], words: str) -> Iterator[list[tuple[Box, str]]]:
    said = "".join(letter for _, letter in letters)
    place = said.find(words) if words else -1
    while place >= 0:
        yield letters[place : place + len(words)]
        place = said.find(words, place + len(words))


def _tall(letters: Iterable[tuple[Box, str]]) -> list[Box]:
    """Return where letters stand that fill their box: a comma has its ink at the foot of it, a
    stroke in between.
    """
    return [box for box, letter in letters if letter.isalnum() and letter != "一"]


def _letters(pages: LetteredView, page: int) -> Iterator[tuple[Box, str]]:
    for one in pages.letters(page):
        for letter in plain(one.text):
            yield one.box, letter


def _all_inked(pages: PageView, page: int, boxes: Iterable[Box]) -> bool:
    """Tell whether ink stands in the upper and in the lower middle of every box: a cover may end
    above and below them, or within.
    """
    bands = (
        Box(one.x, one.y + one.height * share, one.width, one.height / 4)
        for one in boxes
        for share in (0.25, 0.5)
    )
    return all(ink_share(pages.picture(page, band, LOOK_DPI)) >= LEAST_INK for band in bands)
