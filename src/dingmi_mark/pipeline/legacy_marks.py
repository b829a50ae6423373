"""Find the marks that others put on a paper, so surely that a line can be drawn through them.

What is read must be there as letters, upright, in sight, and in one piece; where anything is
doubtful the file stays as it is and a person strikes its mark by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from dingmi_mark.domain.legacy import LegacyPaper
from dingmi_mark.domain.terms import STAR, plain
from dingmi_mark.domain.visible_marks import (
    Contradiction,
    Corner,
    SeenLine,
    SeenMark,
    bare_mark,
    is_lone_period,
    is_release,
    marks_in,
    the_mark,
)
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, Rule
from dingmi_mark.errors import LegacyMarkUnsure, MarkNotConfirmed, RemarkPlaceFull
from dingmi_mark.formats.base import Draft, PageView, TextLine
from dingmi_mark.formats.blank import dark_share, has_line, ink_share, inked
from dingmi_mark.formats.ocr import PictureLine
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.lettered import LetteredView
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.places import Footing, footing

if TYPE_CHECKING:
    from dingmi_mark.formats.pdf.view import Letter

_MARGIN_MM = 37.0
"""Behind the first page a mark stands above the type area (GB/T 9704-2012, practice)."""
FIRST_LINES_MM = 60.0
"""Down to here the first line of a later page may be the mark of an attachment beginning there."""
_HEAD_MM = 110.0
_HALVES_MM = 12.0
"""A period this near above or below a mark may be its second half."""
_TOUCH_MM = 0.4
_LOOK_DPI = 200
_AROUND_MM = 2.0
_LEAST_INK = 0.02
_LEAST_HEIGHT_MM = 1.5
_WHOLE = 0.95
"""So much of a line is dark where it is whole; its ends fade."""


class Kept(Enum):
    """Where a workbook keeps a mark of others."""

    HEADERS = "headers"
    CELLS = "cells"


@dataclass(frozen=True)
class LegacyMark:
    """A mark of others: what it says, its own words, its page (0-based), where its ink is (mm).

    `in_picture`: it was read from a scan. `lettered`: a reader finds it as letters there. `line`:
    it is this lone line of the text, which moves (see `legacy_in_text`). `kept`: where a workbook
    keeps it, and has it struck wherever that is shown.
    """

    seen: SeenMark
    text: str
    page: int
    corner: Corner
    ink: Box
    in_picture: bool = False
    lettered: bool = True
    line: int | None = None
    kept: Kept | None = None

    @property
    def place(self) -> str:
        """Page and corner as the ledger has them: `1 左上角`."""
        return f"{self.page + 1} {self.corner.value}"


def legacy_marks(draft: Draft, view: PageView | None) -> tuple[LegacyMark, ...]:
    """Return all marks of others on the pages of a file, in order. Raises LegacyMarkUnsure."""
    if draft.scanned:
        raise unsure(say("the file is a scan: its mark is part of a picture"))
    if view is None:
        raise unsure(say("LibreOffice is not installed"))
    assert isinstance(view, LetteredView), "picture files have a way of their own"
    found = [mark for page in range(len(view.sizes)) for mark in marks_on_page(draft, view, page)]
    if not any(mark.page == 0 for mark in found):
        cause = say("no mark can be read at the head of its first page")
        raise unsure(cause)
    refuse_doubt(found)
    return tuple(found)


def running_marks(
    found: Sequence[LegacyMark], view: PageView, headers: Sequence[Sequence[str]]
) -> Iterator[LegacyMark]:
    """Yield the marks of the second page that all later ones bear in their headers: where a page
    begins changes nothing there, and they stand for those of every later page.

    `headers` are the lines of those that pages behind the first show. Raises LegacyMarkUnsure for
    any other mark on those pages.
    """
    later = [[mark for mark in found if mark.page == page] for page in range(len(view.sizes))][1:]
    spoken = ["".join(map(plain, lines)) for lines in headers]
    lines = [SeenLine(line, 0.25, 0.0) for header in headers for line in header]
    if not any(later[:1]) and any(marks_in(lines)):
        cause = say("its header would show the mark on later pages, of which none can be seen")
        raise unsure(cause)
    for mark in later[0] if later else ():
        if any(header.count(plain(mark.text)) != 1 for header in spoken):
            cause = say("“{text}” does not stand in all headers of later pages", text=mark.text)
            raise unsure(cause)
        yield mark
    for page, marks in enumerate(later[1:], 3):
        if len(marks) != len(later[0]) or not all(map(_are_alike, marks, later[0])):
            cause = say("page {page} bears other marks than page 2, or elsewhere", page=page)
            raise unsure(cause)


def _are_alike(one: LegacyMark, other: LegacyMark) -> bool:
    near = max(abs(one.ink.x - other.ink.x), abs(one.ink.y - other.ink.y)) <= _TOUCH_MM
    return near and (one.text, one.corner) == (other.text, other.corner)


def refuse_taken_later(view: PageView, blocks: Mapping[int, Sequence[Block]]) -> None:
    """See that what headers show on every later page finds its place free on all of them.

    Raises RemarkPlaceFull.
    """
    for page in range(2, len(view.sizes)):
        for block in (one for one in blocks.get(1, ()) if one.text):
            if footing(block, page, view, (), ()) is Footing.TAKEN:
                raise RemarkPlaceFull(text=block.text)


def confirm_struck(
    view: PageView | None, blocks: Mapping[int, Sequence[Block]], *, flows: bool
) -> None:
    """See that every line through a mark is there from end to end. Raises MarkNotConfirmed.

    `flows`: the blocks of the second page stand on every later one.
    """
    assert view is not None, "without pages no mark was found"
    later = blocks.get(1, ()) if flows else ()
    repeated = ((page, later) for page in range(2, len(view.sizes)))
    for page, on in (*blocks.items(), *repeated):
        for rule in (shape for block in on for shape in block.shapes if isinstance(shape, Rule)):
            half = rule.line / 4
            strip = Box(rule.x1 + half, rule.y1 - half, rule.x2 - rule.x1 - 2 * half, 2 * half)
            if dark_share(view.picture(page, strip, _LOOK_DPI)) < _WHOLE:
                cause = say("the line through a mark on page {page} is broken", page=page + 1)
                raise MarkNotConfirmed(cause=cause)


def refuse_other_mark(marks: Sequence[LegacyMark], paper: LegacyPaper) -> None:
    """Raise LegacyMarkUnsure where the marks do not say what the notice says of them."""
    for mark in marks:
        if not paper.borne_by(mark.seen.read):
            raise unsure(
                say(
                    "it shows “{found}” ({where}), and the notice says {wanted}",
                    found=mark.seen.read.wording,
                    where=mark.place,
                    wanted=paper.marking.text,
                )
            )


def refuse_doubt(marks: Sequence[LegacyMark]) -> None:
    """Raise LegacyMarkUnsure where marks are provisional, or do not all say the same."""
    for mark in marks:
        if mark.seen.proposed:
            raise unsure(say("“{text}” is a provisional mark", text=mark.seen.read.wording))
    agreed = the_mark(mark.seen for mark in marks)
    if isinstance(agreed, Contradiction):
        one, other = (
            next(mark for mark in marks if mark.seen is seen) for seen in (agreed.one, agreed.other)
        )
        raise unsure(
            say(
                "“{one}” ({where_one}) and “{other}” ({where_other}) do not say the same",
                one=one.seen.read.wording,
                where_one=one.place,
                other=other.seen.read.wording,
                where_other=other.place,
            )
        )
    places = [mark.place for mark in marks]
    for place in places:
        if places.count(place) > 1:
            raise unsure(say("more than one mark stands at {where}", where=place))


def refuse_within_text(seen: SeenMark, line: TextLine | PictureLine, beside: Iterable[Box]) -> None:
    """Raise LegacyMarkUnsure where a mark in the type area of a later page is not its first line,
    by itself: it may be a word of the text, or a cell of some table. `beside` are all lines there.
    """
    assert line.box is not None, "those of the head have a place"
    alone = bare_mark(seen.read.wording) == bare_mark(line.text)
    if not alone or any(
        other.y < line.box.bottom - _TOUCH_MM for other in beside if other != line.box
    ):
        cause = say(
            "“{text}” on a later page may be a mark, or a part of the text", text=line.text.strip()
        )
        raise unsure(cause)


def is_spelled_out(seen: SeenMark) -> bool:
    """Tell whether a mark has ★ or a period: within a text a level alone is a word like others."""
    return seen.read.period is not None or STAR in plain(seen.read.wording)


def marks_on_page(draft: Draft, view: PageView, page: int) -> Iterator[LegacyMark]:
    """Yield the marks of others at the head of a page. Raises LegacyMarkUnsure."""
    limit = _HEAD_MM if page == 0 else FIRST_LINES_MM
    head = [
        line
        for line in joined(view.lines(page))
        if line.box is not None and line.box.bottom <= limit
    ]
    text = [line.box for line in head if page and line.box and line.box.bottom > _MARGIN_MM]
    width = view.sizes[page].width
    for line in head:
        assert line.box is not None, "those of the head have a place"
        middle = _middle_x(line.box) / width
        for seen in marks_in((SeenLine(line.text, middle, line.box.bottom),)):
            _refuse_halves(seen, line, head)
            if line.box in text:
                if not is_spelled_out(seen):
                    continue
                refuse_within_text(seen, line, text)
            if not line.upright:
                raise unsure(say("“{text}” is turned", text=seen.read.wording))
            words = bare_mark(seen.read.wording)
            ink = _ink_of(words, line, draft, view)
            corner = Corner.LEFT if _middle_x(ink) < width / 2 else Corner.RIGHT
            yield LegacyMark(seen, words, page, corner, ink)
    if page == 0:
        for line in head:
            if is_release(line.text):
                cause = say("it seems to be released already: “{text}”", text=line.text.strip())
                raise unsure(cause)


def _refuse_halves(seen: SeenMark, line: TextLine, head: Iterable[TextLine]) -> None:
    """A level whose period stands in another line would be struck by halves."""
    if seen.read.period is not None:
        return
    for other in head:
        if other is not line and is_lone_period(other.text) and _are_near(line.box, other.box):
            raise unsure(
                say(
                    "“{text}” and “{period}” stand in two pieces",
                    text=seen.read.wording,
                    period=other.text.strip(),
                )
            )


def _are_near(one: Box | None, other: Box | None) -> bool:
    assert one is not None and other is not None, "those of the head have a place"
    return abs(_middle_y(one) - _middle_y(other)) <= _HALVES_MM


def _ink_of(text: str, line: TextLine, draft: Draft, view: PageView) -> Box:
    """Return where the ink of a mark is, by its letters. Raises LegacyMarkUnsure."""
    assert isinstance(view, LetteredView) and line.box is not None
    place = _letters_of(text, line.box, view.letters(line.page))
    if place is None:
        raise unsure(say("the letters of “{text}” cannot be told from what is beside", text=text))
    if any(place.overlaps(above) for above in draft.above.get(line.page, ())):
        raise unsure(say("something that was put over the page lies on “{text}”", text=text))
    if any(place_of(one).overlaps(place) for one in view.parts(line.page).pictures):
        raise unsure(say("“{text}” stands on a picture, such as a scan", text=text))
    ink = inked_part(place, line.page, view)
    if ink is None:
        raise unsure(say("“{text}” is not to be seen: its letters leave no ink", text=text))
    return ink


def _letters_of(text: str, row: Box, letters: Iterable[Letter]) -> Box | None:
    """Return the place of a text's letters in a row; None where it is not there just once."""
    inside = sorted(
        (one for one in letters if _middle_of(one.box).within(row, tolerance=_TOUCH_MM)),
        key=lambda one: one.box.x,
    )
    spelled = [(character, one.box) for one in inside for character in plain(one.text)]
    shown = "".join(character for character, _ in spelled)
    if shown.count(text) != 1:
        return None
    start = shown.index(text)
    boxes = [box for _, box in spelled[start : start + len(text)]]
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right - left, bottom - top)


def inked_part(place: Box, page: int, view: PageView) -> Box | None:
    """Return the rows in which there is ink, as wide as the letters; None without ink."""
    picture = view.picture(page, place, _LOOK_DPI)
    rows = inked(picture)
    if rows is None or ink_share(picture) < _LEAST_INK:
        return None
    top, bottom = (place.y + row * 25.4 / _LOOK_DPI for row in rows)
    if bottom - top < _LEAST_HEIGHT_MM:
        return None
    return Box(place.x, top, place.width, bottom - top)


def is_struck_through(place: Box, page: int, view: PageView, dpi: int = _LOOK_DPI) -> bool:
    """Tell whether a line goes through the letters of a place from end to end, not under them."""
    side, quarter = place.height / 10, place.height / 4
    middle = Box(place.x + side, place.y + quarter, place.width - 2 * side, 2 * quarter)
    around = place.grown(_AROUND_MM)
    return has_line(view.picture(page, middle, dpi), view.picture(page, around, dpi))


def place_of(picture: Mapping[str, object]) -> Box:
    """Return where a picture of `PageParts` stands (mm)."""
    left, top, right, bottom = (float(value) * MM_PER_PT for value in picture["bbox"])  # type: ignore[attr-defined]
    return Box(left, top, right - left, bottom - top)


def _middle_of(box: Box) -> Box:
    return Box(_middle_x(box), _middle_y(box), 0, 0)


def _middle_x(box: Box) -> float:
    return box.x + box.width / 2


def _middle_y(box: Box) -> float:
    return box.y + box.height / 2


def unsure(cause: Message) -> LegacyMarkUnsure:
    """Return the error that leaves a file to people, and says why."""
    return LegacyMarkUnsure(cause=cause)
