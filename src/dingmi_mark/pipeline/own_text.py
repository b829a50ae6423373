"""The draft's own text on the pages of the marked file: it stays where it stood, and whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

from dingmi_mark.domain.late_values import is_page_line
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import PageView, TextLine
from dingmi_mark.pipeline.lettered import LetteredView

_DIGITS = re.compile(r"\d")
_FOOT_MM = 35.0
"""The lower margin of a 公文, in which its page number stands (GB/T 9704-2012, 5.2.1)."""


def text_stays(pages: PageView, clean: PageView, page: int) -> bool:
    """Every line stands where it stood; one that a mark was put beside may be read as one with it,
    and then every letter does. Digits count as one: a field may show the time.
    """
    return not lines_pushed(pages, clean, page)


def lines_pushed(pages: PageView, clean: PageView, page: int) -> Sequence[TextLine]:
    """Return the lines that do not stand where they stood."""
    after = {(_without_time(line.text), _rounded(line.box)) for line in pages.lines(page)}
    foot = clean.sizes[page].height - _FOOT_MM
    moved = [line for line in clean.lines(page) if not _stays(line.text, line.box, after)]
    numbers = [line.box for line in moved if line.box and _is_number_in_row(line, after, foot)]
    moved = [line for line in moved if line.box not in numbers]
    if not moved or not isinstance(pages, LetteredView) or not isinstance(clean, LetteredView):
        return moved
    now = {(_without_time(letter.text), _rounded(letter.box)) for letter in pages.letters(page)}
    letters = (one for one in clean.letters(page) if not any(map(one.box.overlaps, numbers)))
    return () if all(_stays(letter.text, letter.box, now) for letter in letters) else moved


def _is_number_in_row(line: TextLine, after: Set[tuple[str, tuple[int, int]]], foot: float) -> bool:
    """Tell whether a page number still stands in its row: of a text box that fits its text,
    LibreOffice changes the width as it likes, without any mark.
    """
    if line.box is None or line.box.y < foot or not is_page_line(line.text):
        return False
    said, (_, y) = _without_time(line.text), _rounded(line.box)
    return any(text == said and abs(row - y) <= 1 for text, (_, row) in after)


def _stays(text: str, box: Box | None, after: Set[tuple[str, tuple[int, int]]]) -> bool:
    x, y = _rounded(box)
    near = ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    said = _without_time(text)
    return not said.strip() or any((said, place) in after for place in near)


def _without_time(text: str) -> str:
    return _DIGITS.sub("0", text)


def letters_lost(pages: PageView, clean: PageView, marks: Iterable[str]) -> int:
    """Count the letters and ideographs that are shown on no page any more; `marks` are the texts
    that were added, each as often as it is shown.

    Where they stand is not compared, and digits are not: a field may show the time. A line that
    stood several times, as the heading row of a table does, may stand fewer times.
    """
    before, after = Counter(_lines(clean)), Counter(_lines(pages))
    added = Counter(map(_letters, marks))
    lost = _total(before) - (_total(after) - _total(added))
    for line, count in before.items() if lost else ():
        if 0 < after[line] < count:
            lost -= _total(Counter({line: count - after[line]}))
    return lost.total()


def _total(lines: Counter[str]) -> Counter[str]:
    total = Counter[str]()
    for line, count in lines.items():
        for letter in line:
            total[letter] += count
    return total


def _lines(view: PageView) -> Iterator[str]:
    return (_letters(line.text) for page in range(len(view.sizes)) for line in view.lines(page))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _rounded(box: Box | None) -> tuple[int, int]:
    """A place to half a millimetre."""
    return (round(box.x * 2), round(box.y * 2)) if box else (0, 0)
