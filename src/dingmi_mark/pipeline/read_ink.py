"""Read a mark from ink alone: what stands on the page is compared with what it could say.

For pages of which only the picture is left, printed and scanned, or drawn as outlines. Nothing is
guessed: a reading counts only where the ink is that of one wording and of no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from dingmi_mark.domain.terms import STAR, SecrecyLevel
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import Faces, PageView
from dingmi_mark.formats.blank import ground

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI = 150
_HEAD = Box(0, 0, 130, 110)
"""Where the mark stands on any form of paper (mm): the upper left part of the first page."""

_CONTRAST = 70
_LEAST_MM, _MOST_MM = 3.0, 9.0
"""Heights of a line of the mark: 三号 is 5.6 mm, some forms are set smaller or larger."""

_GAP_MM = 6.0
"""Ink further apart than this is another line's."""

_HEIGHT = 48
"""Pixels to which the heights of what is compared are brought."""

_SLICE = 24
"""Width of a slice: a figure's."""

_LEAST_INK = 40
_LEAST = 0.75
_AHEAD = 0.025
"""Share of the ink that must agree, and how much better than the next wording it must be."""

_YEARS = range(1, 31)
_MEAN = 4
"""Pillow's number of the filter that takes the mean of all pixels (Resampling.BOX)."""


def known_wordings() -> tuple[str, ...]:
    """Return the marks that need no ledger to be known: every level with whole years."""
    periods = (*(f"{years}年" for years in _YEARS), "长期")
    return tuple(f"{level.value}{STAR}{period}" for level in SecrecyLevel for period in periods)


def read_marks(view: PageView, wordings: Iterable[str], faces: Faces) -> tuple[str, ...]:
    """Return which of some wordings stand as ink in the head of the first page."""
    wanted = tuple(dict.fromkeys(wordings))
    return tuple(
        dict.fromkeys(
            found
            for line in _lines(view.picture(0, _HEAD, _DPI))
            if (found := _reading(line, wanted, faces)) is not None
        )
    )


def _reading(line: Image, wordings: Iterable[str], faces: Faces) -> str | None:
    """Return the one wording a line of ink agrees with; None where none or several do."""
    shape = line.width / line.height
    face = str(faces.file("heiti")), faces.index("heiti")
    scores = sorted(
        (
            (_agreement(line, drawn), wording)
            for wording in wordings
            if (drawn := _drawn(wording, *face)) is not None
            and abs(drawn.width / drawn.height / shape - 1) < 0.12
        ),
        reverse=True,
    )
    if not scores or scores[0][0] < _LEAST:
        return None
    if len(scores) > 1 and scores[0][0] - scores[1][0] < _AHEAD:
        return None
    return scores[0][1]


def _agreement(one: Image, other: Image) -> float:
    """Share of the ink of each that is near ink of the other: the worst of all slices.

    In a whole line one other figure would hardly count.
    """
    from PIL import ImageFilter

    size = (round(_HEIGHT * one.width / one.height), _HEIGHT)
    masks = [mask.resize(size).point([0] * 110 + [255] * 146) for mask in (one, other)]
    near = [mask.filter(ImageFilter.MaxFilter(3)) for mask in masks]
    cells = [(left, 0, left + _SLICE, _HEIGHT) for left in range(0, size[0], _SLICE // 2)]
    return min(
        _share(mask.crop(cell), around.crop(cell))
        for mask, around in zip(masks, reversed(near), strict=True)
        for cell in cells
    )


def _share(mask: Image, around: Image) -> float:
    """Share of a slice's ink that the other has too; all of it where there is hardly any."""
    from PIL import ImageChops

    total = mask.histogram()[255]
    if total < _LEAST_INK:
        return 1.0
    return ImageChops.darker(mask, around).histogram()[255] / total


@cache
def _drawn(wording: str, file: str, index: int) -> Image | None:
    """Draw a wording in 黑体, cut to its ink; None where the font lacks a character."""
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype(file, 96, index=index)
    left, top, right, bottom = font.getbbox(wording)
    picture = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8), 0)
    ImageDraw.Draw(picture).text((4 - left, 4 - top), wording, fill=255, font=font)
    box = picture.getbbox()
    return picture.crop(box) if box else None


def _lines(picture: Image) -> Iterator[Image]:
    """Yield lines of ink: columns (a stamp beside the mark), their rows, of a mark's height."""
    ink = _ink(picture)
    per_mm = _DPI / 25.4
    for column in _columns(ink, _GAP_MM * per_mm):
        for top, bottom in _runs(column.resize((1, column.height), _MEAN).tobytes(), 0.6 * per_mm):
            row = column.crop((0, top, column.width, bottom))
            for part in _columns(row, _GAP_MM * per_mm):
                box = part.getbbox()
                if box is not None and _LEAST_MM <= (box[3] - box[1]) / per_mm <= _MOST_MM:
                    yield part.crop(box)


def _columns(ink: Image, gap: float) -> Iterator[Image]:
    for left, right in _runs(ink.resize((ink.width, 1), _MEAN).tobytes(), gap):
        yield ink.crop((left, 0, right, ink.height))


def _ink(picture: Image) -> Image:
    from PIL import Image, ImageChops

    difference = ImageChops.difference(picture, Image.new("RGB", picture.size, ground(picture)))
    red, green, blue = difference.split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return largest.point([0] * _CONTRAST + [255] * (256 - _CONTRAST))


def _runs(levels: bytes, gap: float) -> Iterator[tuple[int, int]]:
    """Yield begin and end of stretches with ink; a gap narrower than `gap` is none."""
    begin, last = -1, -1
    for place, level in enumerate(levels):
        if not level:
            continue
        if begin >= 0 and place - last > gap:
            yield begin, last + 1
            begin = place
        begin = place if begin < 0 else begin
        last = place
    if begin >= 0:
        yield begin, last + 1
