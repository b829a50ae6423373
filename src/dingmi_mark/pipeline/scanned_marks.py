"""Find the marks that others put on a paper of which only a scan is left.

tesseract reads levels and periods well and takes ★ for some other character. It also misses words,
so what it read is sure only where nothing else stands at the head of the page: every line there is
a mark, a 份号, an urgency or a page number, and beside those there is no ink. Whoever confirms the
file is told to look, too.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.terms import STAR, SecrecyLevel, plain
from dingmi_mark.domain.visible_marks import Corner, SeenLine, bare_mark, is_release, marks_in
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import PageView
from dingmi_mark.formats.blank import BLANK_SHARE, ink_share
from dingmi_mark.formats.ocr import PictureLine, find_tesseract, read_lines, reading_dpi
from dingmi_mark.messages import say
from dingmi_mark.pipeline.legacy_marks import (
    FIRST_LINES_MM,
    LegacyMark,
    inked_part,
    is_spelled_out,
    place_of,
    refuse_doubt,
    refuse_within_text,
    unsure,
)
from dingmi_mark.pipeline.lettered import LetteredView
from dingmi_mark.pipeline.lines import joined

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS: Final = 60.0
"""How long the heads of all pages of a file may take to be read."""

_HEAD_MM: Final = 68.0
"""Above this the first page bears nothing but 份号, mark and urgency: the organ's title begins at
72 mm (GB/T 9704-2012, 7.2.4), and a sheet lies a little askew in the scanner.
"""

_RUNNING_MM: Final = 30.0
"""What stands above this on a later page is its header; below there may be text."""

_LOWEST_MM: Final = 110.0
_MARGIN_MM: Final = 37.0
"""Down to here words laid over the first page, and over a later one, may say a mark."""

_EDGE_MM: Final = 5.0
"""The shadow of a sheet's edge may lie here, and no mark does."""

_AROUND_MM: Final = 1.2
"""The ink of a line may reach out of what tesseract gives as its place."""

_FIGURE_MM: Final = 1.6
"""No page number is set lower: figures of 六号 are 1.9 mm high."""

_TILE_MM: Final = 10.0

_LARGEST_MM: Final = 430.0
"""A3, with some room. A picture that says to be larger says its resolution wrongly: then the head
of the page is higher than what is read of it.
"""

_WHOLE_PAGE: Final = 0.9
"""A picture over so much of a page is the page."""

_LEVELS: Final = "|".join(level.value for level in SecrecyLevel)
_UNREAD_STAR: Final = re.compile(rf"^({_LEVELS})[^\d\s级件](?=\d|长期|$)")
_BESIDE: Final = re.compile(
    r"\d{6}|特急|加急|特提|平急|第?[-—–·]*\d{1,4}[-—–·]*页?(?:共\d{1,4}页)?"
)


def is_scan(view: PageView, page: int = 0) -> bool:
    """Tell whether a page is a picture; in a PDF somebody may have laid its words over it."""
    return not isinstance(view, LetteredView) or _is_picture(view, page)


def _is_picture(view: LetteredView, page: int) -> bool:
    size = view.sizes[page]
    for one in (place_of(picture) for picture in view.parts(page).pictures):
        width = min(one.right, size.width) - max(one.x, 0.0)
        height = min(one.bottom, size.height) - max(one.y, 0.0)
        if min(width, height) > 0 and width * height >= _WHOLE_PAGE * size.width * size.height:
            return True
    return False


def scanned_marks(view: PageView) -> tuple[LegacyMark, ...]:
    """Return all marks of others on the pages of a scan, in order. Raises LegacyMarkUnsure."""
    program = find_tesseract()
    if program is None:
        raise unsure(say("the file is a scan, and tesseract (chi_sim) is not installed"))
    until = time.monotonic() + SECONDS
    found = [
        mark
        for page in range(len(view.sizes))
        for mark in _on_page(view, page, program, until - time.monotonic())
    ]
    if not any(mark.page == 0 for mark in found):
        raise unsure(say("no mark can be read at the head of its first page"))
    refuse_doubt(found)
    return tuple(found)


def _on_page(view: PageView, page: int, program: str, seconds: float) -> Iterator[LegacyMark]:
    if not is_scan(view, page):
        raise unsure(say("page {page} is no scan, as others are", page=page + 1))
    size = view.sizes[page]
    if not isinstance(view, LetteredView) and max(size.width, size.height) > _LARGEST_MM:
        untrue = say("by its resolution page {page} is larger than A3", page=page + 1)
        raise unsure(untrue)
    head = Box(0.0, 0.0, size.width, min(FIRST_LINES_MM if page else _HEAD_MM, size.height))
    dpi = reading_dpi(head.width, head.height)
    picture = None if dpi is None else view.picture(page, head, dpi)
    lines = None
    if dpi is not None and picture is not None and seconds > 0:
        lines = read_lines(program, picture, dpi, seconds, sparse=True)
    if dpi is None or picture is None or lines is None:
        raise unsure(say("page {page} cannot be read in time, or is too large", page=page + 1))
    clear_mm = _RUNNING_MM if page else _HEAD_MM
    rows = picture.crop((0, 0, picture.width, min(picture.height, round(clear_mm / 25.4 * dpi))))
    _refuse_unread(rows, dpi, lines, page)
    text = [line.box for line in lines if line.box.bottom > clear_mm]
    found = [mark for line in lines for mark in _in_line(line, page, view, text)]
    yield from _with_letters(found, view, page)


def _with_letters(found: Sequence[LegacyMark], view: PageView, page: int) -> Iterator[LegacyMark]:
    """Tell which marks stand in the words laid over the page, too; none may say anything else."""
    limit = _MARGIN_MM if page else _LOWEST_MM
    words = [line for line in joined(view.lines(page)) if line.box and line.box.bottom <= limit]
    width = view.sizes[page].width
    known = {mark.text for mark in found}
    for line in words:
        assert line.box is not None, "those of the head have a place"
        middle = (line.box.x + line.box.width / 2) / width
        for seen in marks_in((SeenLine(line.text, middle, line.box.bottom),)):
            if bare_mark(seen.read.wording) not in known:
                text = seen.read.wording
                raise unsure(say("the words laid over the scan say “{text}”", text=text))
    for mark in found:
        over = (line for line in words if line.box and line.box.overlaps(mark.ink))
        lettered = any(plain(line.text) == mark.text for line in over)
        yield replace(mark, lettered=lettered)


def _in_line(
    line: PictureLine, page: int, view: PageView, text_below: Sequence[Box]
) -> Iterator[LegacyMark]:
    """Yield the mark that a line is; it may hold nothing else: only its whole place is known.

    `text_below` are the lines of a later page that are none of its header.
    """
    below = line.box in text_below
    if below and not any(map(is_spelled_out, marks_in((SeenLine(_with_star(line.text)),)))):
        return
    if is_release(line.text):
        raise unsure(say("it seems to be released already: “{text}”", text=line.text.strip()))
    width = view.sizes[page].width
    text = _with_star(line.text)
    middle = line.box.x + line.box.width / 2
    for seen in marks_in((SeenLine(text, middle / width, line.box.bottom),)):
        if bare_mark(seen.read.wording) != plain(text):
            cause = say("the letters of “{text}” cannot be told from what is beside", text=text)
            raise unsure(cause)
        if below:
            refuse_within_text(seen, PictureLine(text, line.box), text_below)
        ink = inked_part(line.box, page, view)
        if ink is None:
            raise unsure(say("“{text}” is not to be seen: its letters leave no ink", text=text))
        corner = Corner.LEFT if middle < width / 2 else Corner.RIGHT
        yield LegacyMark(seen, plain(text), page, corner, ink, in_picture=True)
        return
    if not _is_beside(line):
        told = line.text.strip()
        cause = say("“{text}” at the head of page {page} is no mark", text=told, page=page + 1)
        raise unsure(cause)


def _is_beside(line: PictureLine) -> bool:
    """Tell whether a line is what may stand beside a mark: 份号, urgency, a page number.

    A figure as wide as an ideograph, or as low as a speck, is something that was not read.
    """
    text = plain(line.text)
    if _BESIDE.fullmatch(text) is None:
        return False
    of_figures = line.box.height >= _FIGURE_MM and line.box.width <= len(text) * line.box.height
    return of_figures or not text.isdecimal()


def _with_star(text: str) -> str:
    """Put the star where one other character stands between a level and its period."""
    return _UNREAD_STAR.sub(rf"\g<1>{STAR}", plain(text))


def _refuse_unread(picture: Image, dpi: int, lines: Sequence[PictureLine], page: int) -> None:
    """Refuse a head with ink that is in no line: it may be another mark."""
    rest = picture.copy()
    for line in lines:
        rest.paste("white", _cell(line.box.grown(_AROUND_MM), dpi))
    edge = round(_EDGE_MM / 25.4 * dpi)
    inner = rest.crop((edge, edge, rest.width - edge, rest.height))
    if any(ink_share(tile) > BLANK_SHARE for tile in _tiles(inner, dpi)):
        raise unsure(say("something at the head of page {page} cannot be read", page=page + 1))


def _cell(box: Box, dpi: int) -> tuple[int, int, int, int]:
    left, top, right, bottom = (
        round(edge / 25.4 * dpi) for edge in (box.x, box.y, box.right, box.bottom)
    )
    return left, top, right, bottom


def _tiles(picture: Image, dpi: int) -> Iterator[Image]:
    """Cut a picture into pieces so small that one character counts in them."""
    side = max(1, round(_TILE_MM / 25.4 * dpi))
    for top in range(0, picture.height, side):
        for left in range(0, picture.width, side):
            right, bottom = min(left + side, picture.width), min(top + side, picture.height)
            yield picture.crop((left, top, right, bottom))
