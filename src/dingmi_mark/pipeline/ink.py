"""Compare the ink that should be on a page with the ink that is there.

The expected picture is drawn by another program (Pillow on the picture of the unmarked page)
than the one that shows the marked file, so that a fault of one does not hide in the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dingmi_mark.engine.layout import shifted
from dingmi_mark.engine.shapes import Block, Box, Frame, Picture, Rule, Shape, TextRun, ink_box
from dingmi_mark.formats.base import Faces, PageView
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

_Cell = tuple[int, int, int, int]
"""Left, top, right and bottom of some pixels."""

DPI = 200
_MM_PER_PIXEL = 25.4 / DPI
_MARGIN_MM = 4.0
"""How far around a mark a moved or grown one would still be seen."""

_DIFFERS = 70
"""Difference of one colour (0..255) that is ink and not the edge of a letter."""

_NEAR_PIXELS = 5
"""Side of the square in which ink counts as the same: two pixels off, 0.25 mm."""

LEAST_SHARE = 0.96
"""Share of the expected ink that must be there, and of the ink there that is expected."""


@dataclass(frozen=True)
class Comparison:
    """How well two pictures of a place agree; boxes are in mm on the page, None without ink.

    The shares are the worst of the whole and of every character.
    """

    there: float
    expected: float
    wanted_box: Box | None
    found_box: Box | None

    @property
    def agrees(self) -> bool:
        """Tell whether the mark is there as it should be, and nothing else was drawn."""
        return self.there >= LEAST_SHARE and self.expected >= LEAST_SHARE

    def cause(self, slot: str, page: int) -> Message:
        """Say what is wrong, for the error."""
        if self.found_box is None or self.there < 0.1:
            return say("“{slot}” on page {page} is missing or covered.", slot=slot, page=page)
        assert self.wanted_box is not None
        moved = (self.found_box.x - self.wanted_box.x, self.found_box.y - self.wanted_box.y)
        scale = self.found_box.height / max(self.wanted_box.height, 0.01)
        return say(
            "“{slot}” on page {page} is not as it should be: {dx} mm right, {dy} mm down, "
            "height × {scale}; {share} % of its ink is there.",
            slot=slot,
            page=page,
            dx=round(moved[0], 1),
            dy=round(moved[1], 1),
            scale=round(scale, 2),
            share=round(self.there * 100),
        )


def compare(
    before: PageView,
    after: PageView,
    page: int,
    block: Block,
    faces: Faces,
    beside: Sequence[Block] = (),
) -> Comparison:
    """Compare a block as it should look with how the marked page looks.

    `beside` are the other blocks of the page: what of them reaches into the picture is expected.
    """
    clip = ink_box(block).grown(_MARGIN_MM)
    clean = before.picture(page, clip, DPI)
    shown = after.picture(page, clip, DPI)
    near = [one for one in beside if ink_box(one).overlaps(clip)]
    drawn = _drawn(clean, (block, *near), clip, faces)
    wanted, found = _ink(clean, drawn), _ink(clean, shown)
    inked = _inked_part(wanted, found)
    wanted, found, clip = wanted.crop(inked), found.crop(inked), _placed(inked, clip)
    near_wanted, near_found = _near(wanted), _near(found)

    def letters() -> Iterator[_Cell]:
        return (_pixels(letter, clip) for letter in _characters(block, faces))

    return Comparison(
        there=min(_shares(wanted, near_found, letters)),
        expected=min(_shares(found, near_wanted, letters)),
        wanted_box=_bounds(wanted, clip),
        found_box=_bounds(found, clip),
    )


def _inked_part(wanted: Image, found: Image) -> _Cell:
    """The part of two masks that holds all their ink, with room to widen it."""
    from PIL import ImageChops

    left, top, right, bottom = ImageChops.lighter(wanted, found).getbbox() or (0, 0, 1, 1)
    width, height = wanted.size
    return (
        max(0, left - _NEAR_PIXELS),
        max(0, top - _NEAR_PIXELS),
        min(width, right + _NEAR_PIXELS),
        min(height, bottom + _NEAR_PIXELS),
    )


def _placed(cell: _Cell, clip: Box) -> Box:
    """Return where on the page (mm) a part of a picture of `clip` lies."""
    left, top, right, bottom = (edge * _MM_PER_PIXEL for edge in cell)
    return Box(clip.x + left, clip.y + top, right - left, bottom - top)


def _characters(block: Block, faces: Faces) -> Iterator[Box]:
    """The place of every character: in a whole line one wrong letter would hardly count."""
    for run in (shape for shape in block.shapes if isinstance(shape, TextRun)):
        x = run.box.x
        for character in run.text:
            width = faces.advance_mm(character, run.face, run.size_pt)
            if not character.isspace():
                yield Box(x, run.box.y, width, run.box.height)
            x += width


def _pixels(box: Box, clip: Box) -> _Cell:
    edges = (box.x - clip.x, box.y - clip.y, box.right - clip.x, box.bottom - clip.y)
    left, top, right, bottom = (round(edge / _MM_PER_PIXEL) for edge in edges)
    return left, top, right, bottom


def _shares(part: Image, whole: Image, letters: Callable[[], Iterable[_Cell]]) -> Iterator[float]:
    """The share of the first mask that lies within the second: over all, and in every letter."""
    from PIL import ImageChops

    outside = ImageChops.subtract(part, whole)
    if outside.getbbox() is None:
        yield 1.0
        return
    for cell in ((0, 0, *part.size), *letters()):
        total = _inked(part, cell)
        yield 1 - _inked(outside, cell) / total if total else 1.0


def _inked(mask: Image, cell: _Cell) -> int:
    """Count the pixels of a cell that are ink."""
    return mask.crop(cell).tobytes().count(b"\xff")


def _drawn(clean: Image, blocks: Sequence[Block], clip: Box, faces: Faces) -> Image:
    from dingmi_mark.formats.image.paint import paint

    here = (Block(b.name, b.box, tuple(_moved(s, -clip.x) for s in b.shapes)) for b in blocks)
    return paint(clean, (DPI, DPI), [shifted(block, -clip.y) for block in here], faces)


def _moved(shape: Shape, dx: float) -> Shape:
    match shape:
        case TextRun(text, box, baseline, face, size, colour):
            return TextRun(text, box.moved(dx, 0), baseline, face, size, colour)
        case Frame(box, line, colour):
            return Frame(box.moved(dx, 0), line, colour)
        case Rule(x1, y1, x2, y2, line, colour):
            return Rule(x1 + dx, y1, x2 + dx, y2, line, colour)
        case Picture(box, png, says):
            return Picture(box.moved(dx, 0), png, says)


def _ink(clean: Image, other: Image) -> Image:
    """A mask of the pixels in which two pictures differ."""
    from PIL import ImageChops

    if other.size != clean.size:
        other = other.resize(clean.size)
    red, green, blue = ImageChops.difference(clean, other).split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return largest.point([0] * _DIFFERS + [255] * (256 - _DIFFERS))


def _near(mask: Image) -> Image:
    """Widen a mask to the square around each pixel, first to the sides, then up and down.

    What is shifted out at one edge comes in at the other: there is no ink, for a margin is left.
    """
    from PIL import ImageChops

    reach = range(-(_NEAR_PIXELS // 2), _NEAR_PIXELS // 2 + 1)
    wide = mask
    for dx in filter(None, reach):
        wide = ImageChops.lighter(wide, ImageChops.offset(mask, dx, 0))
    high = wide
    for dy in filter(None, reach):
        high = ImageChops.lighter(high, ImageChops.offset(wide, 0, dy))
    return high


def _bounds(mask: Image, clip: Box) -> Box | None:
    found = mask.getbbox()
    return None if found is None else _placed(found, clip)
