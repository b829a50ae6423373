"""See that a mark of others in page headers is struck on every page that shows it, with the new one
behind it and the lines below, and that nothing else was moved or covered.

Where a header stands from left to right its program says: what is set in the middle or at the right
moves when words are put behind it. So the letters are looked for, not their places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from dingmi_mark.domain.terms import plain
from dingmi_mark.engine.shapes import Block, Box, PageSize, Rule
from dingmi_mark.errors import MarkNotConfirmed, RemarkPlaceFull
from dingmi_mark.formats.base import OF_CELLS, PageView, Placed
from dingmi_mark.formats.blank import ink_share
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.legacy_marks import is_struck_through, place_of
from dingmi_mark.pipeline.lettered import LetteredView
from dingmi_mark.pipeline.lines import joined

HEAD_MM = 60.0
"""What a page header says stands above this."""
_LOOK_DPI = 400
"""Headers of sheets that are printed small are small: a line must be more than a row of pixels."""
_LEAST_INK = 0.02
_NEAR_MM = 0.5
_TOUCH_MM = 0.4
_SIZE_MM = 0.5
_EDGE = 0.15
_APART_MM = 2.0
"""What is ours keeps so far from what stands beside it: other programs have other fonts."""


@dataclass(frozen=True)
class Said:
    """A text of a header: what it says, and whether a line goes through it."""

    text: str
    struck: bool


def is_struck_on(text: str, page: int, view: PageView) -> bool:
    """Tell whether a line goes through a text in the head of a page from end to end."""
    found = _letters_of((text,), page, view)
    return found is not None and is_struck_through(_around(found[0]), page, view, _LOOK_DPI)


def said_in(blocks: Sequence[Block], old: str) -> tuple[tuple[Said, ...], tuple[str, ...]]:
    """Return what blocks at a mark of others say in its row, the mark itself first, and below; in
    a cell all is in the row.
    """
    names = {block.name for block in blocks if not block.text}
    row = [Said(old, bool(names))]
    below: list[str] = []
    for block in (one for one in blocks if one.text):
        if ":basis:" in block.name and not block.name.startswith(OF_CELLS):
            below.append(block.text)
        else:
            row.append(Said(block.text, any(isinstance(shape, Rule) for shape in block.shapes)))
    return tuple(row), tuple(below)


def confirm_struck_heads(
    pages: PageView, clean: PageView, placed: Sequence[Placed], old: str
) -> None:
    """Confirm the pages of a workbook, of which those that bore `old` have it struck.

    Raises MarkNotConfirmed; RemarkPlaceFull where what is new lies on something else.
    """
    row, below = said_in([one.block for one in placed], old)
    if len(pages.sizes) != len(clean.sizes):
        if not below:  # a row in a cell that is longer than the page is goes on on another one
            raise RemarkPlaceFull(text=row[-1].text)
        raise _failed(say("the text was pushed to another number of pages"))
    if not all(map(_same_size, clean.sizes, pages.sizes)):
        raise _failed(say("the size of a page changed"))
    for page in range(len(pages.sizes)):
        before = _letters_of((old,), page, clean)
        ours: list[_Placed] = []
        if before is not None:
            ours = list(_confirmed(row, below, page, pages))
        elif page == 0:
            raise _failed(say("“{text}” on page {page} is missing.", text=old, page=1))
        gone = before[0] if before else []
        _confirm_others(page, pages, clean, gone, ours, row[-1].text)


@dataclass(frozen=True)
class _Placed:
    """A letter on a page."""

    text: str
    box: Box


def _confirmed(
    row: Sequence[Said], below: Sequence[str], page: int, pages: PageView
) -> Iterator[_Placed]:
    """Yield the letters of ours on a page, and of the mark that they stand at."""
    found = _letters_of([one.text for one in row], page, pages)
    if found is None:
        text = row[-1].text
        in_head = "".join(one.text for one in _letters(page, pages) if one.box.y <= HEAD_MM)
        # Something else stands between its letters, or a cell beside ends the row of this one.
        if not below or set(plain(text)) <= set(plain(in_head)):
            raise RemarkPlaceFull(text=text)
        raise _failed(say("“{text}” on page {page} is missing.", text=text, page=page + 1))
    for said, letters in zip(row, found, strict=True):
        place = _around(letters)
        if is_struck_through(place, page, pages, _LOOK_DPI) is not said.struck:
            cause = (
                say("the line through a mark on page {page} is broken", page=page + 1)
                if said.struck
                else say("“{text}” on page {page} is covered.", text=said.text, page=page + 1)
            )
            raise _failed(cause)
        _refuse_covered(said.text, place, page, pages)
        yield from letters
    bottom = _middle_y(_around(found[0]))
    for text in below:
        lines = _letters_of((text,), page, pages)
        if lines is None or _middle_y(_around(lines[0])) <= bottom:
            raise _failed(say("“{text}” on page {page} is missing.", text=text, page=page + 1))
        _refuse_covered(text, _around(lines[0]), page, pages)
        yield from lines[0]


def _refuse_covered(text: str, place: Box, page: int, pages: PageView) -> None:
    if ink_share(pages.picture(page, place, _LOOK_DPI)) < _LEAST_INK:
        raise _failed(say("“{text}” on page {page} is covered.", text=text, page=page + 1))


def _confirm_others(
    page: int,
    pages: PageView,
    clean: PageView,
    mark: Sequence[_Placed],
    ours: Sequence[_Placed],
    new_mark: str,
) -> None:
    """See that every other letter stands where it stood, and that ours lie on none of them."""
    gone, new = set(mark), set(ours)
    before = [one for one in _letters(page, clean) if one not in gone]
    after = [one for one in _letters(page, pages) if one not in new]
    now = {_about(one) for one in after}
    stays = all(_stands(one, now) for one in before)
    if not stays or len(before) != len(after):
        raise _failed(say("the text of page {page} was pushed from its place", page=page + 1))
    taken = [_inner(one.box) for one in after]
    taken += [place_of(one) for one in _lettered(pages).parts(page).pictures]
    width = pages.sizes[page].width
    for one in ours:
        place = _inner(one.box)
        place = Box(place.x - _APART_MM, place.y, place.width + 2 * _APART_MM, place.height)
        if place.x < 0 or place.right > width or any(place.overlaps(other) for other in taken):
            raise RemarkPlaceFull(text=new_mark)


def _letters_of(texts: Sequence[str], page: int, view: PageView) -> list[list[_Placed]] | None:
    """Return the letters of texts that stand side by side in the head of a page, text by text;
    None where they do not stand there just once.
    """
    wanted = [plain(text) for text in texts]
    whole = "".join(wanted)
    rows = [
        line.box
        for line in joined(view.lines(page))
        if line.box is not None and line.upright and line.box.y <= HEAD_MM and line.text.strip()
        if whole in plain(line.text)
    ]
    if len(rows) != 1:
        return None
    inside = sorted(
        (one for one in _letters(page, view) if _is_middle_in(one.box, rows[0])),
        key=lambda one: one.box.x,
    )
    spelled = [(character, one) for one in inside for character in plain(one.text)]
    shown = "".join(character for character, _ in spelled)
    if shown.count(whole) != 1:
        return None
    start, found = shown.index(whole), list[list[_Placed]]()
    for text in wanted:
        found.append([one for _, one in spelled[start : start + len(text)]])
        start += len(text)
    return found


def _letters(page: int, view: PageView) -> list[_Placed]:
    return [_Placed(one.text, one.box) for one in _lettered(view).letters(page)]


def _lettered(view: PageView) -> LetteredView:
    assert isinstance(view, LetteredView), "workbooks are shown as PDF"
    return view


def _around(letters: Sequence[_Placed]) -> Box:
    boxes = [one.box for one in letters]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)


def _is_middle_in(box: Box, row: Box) -> bool:
    x, y = box.x + box.width / 2, _middle_y(box)
    return Box(x, y, 0, 0).within(row, tolerance=_TOUCH_MM)


def _middle_y(box: Box) -> float:
    return box.y + box.height / 2


def _inner(box: Box) -> Box:
    """Return a letter's place without its edges above and below, which rows of letters share."""
    return Box(box.x, box.y + _EDGE * box.height, box.width, (1 - 2 * _EDGE) * box.height)


def _about(one: _Placed) -> tuple[str, int, int]:
    """A letter and its place to half a millimetre; a field may show the time."""
    text = "0" if one.text.isdigit() else one.text
    return text, round(one.box.x * 2), round(one.box.y * 2)


def _stands(one: _Placed, now: Collection[tuple[str, int, int]]) -> bool:
    text, x, y = _about(one)
    return any((text, x + dx, y + dy) in now for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _same_size(before: PageSize, after: PageSize) -> bool:
    return (
        abs(before.width - after.width) <= _SIZE_MM
        and abs(before.height - after.height) <= _SIZE_MM
    )


def _failed(cause: Message) -> MarkNotConfirmed:
    return MarkNotConfirmed(cause=cause)
