"""Paint shapes onto the pixels of an upright page.

Masks are drawn several times larger and shrunk, which gives crisp edges at any resolution, also
where pixels are not square (fax). A page stays in its mode; a 1-bit or grey page becomes RGB
only when something that is not black falls on it, a palette or keyed transparency always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import ceil, floor, hypot
from typing import TYPE_CHECKING

from dingmi_mark.engine.shapes import Block, Box, Colour, Frame, Picture, Rule, Shape, TextRun
from dingmi_mark.formats.base import Faces
from dingmi_mark.formats.image.container import Dpi
from dingmi_mark.formats.image.paper import MM_PER_INCH

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

_Region = tuple[int, int, int, int]
"""Left, top, right and bottom of some pixels of a page."""

_OVERSAMPLING = 4
_LINES_KEPT = 32
"""The lines of a mark and a stamp."""

_FONTS_OPEN = 32
"""A few faces in the sizes of a mark and a stamp; opening one takes longer than drawing with it."""
_FINEST_DPI = 4800
"""No more than this when drawing larger: beyond it an edge gets no sharper to the eye."""

_BLACK_FROM = 100
"""Coverage (of 255) that blackens a pixel of a 1-bit page; a line of one pixel never vanishes."""


def paint(page: Image, dpi: Dpi, blocks: Iterable[Block], faces: Faces) -> Image:
    """Return the page with the blocks on it. Raises GlyphMissing, FontUnusable."""
    shapes = [shape for block in blocks for shape in block.shapes]
    canvas = _Canvas(_ready(page, coloured=any(map(_is_coloured, shapes))), dpi)
    letters = _Letters(shapes, faces)
    for shape in shapes:
        _paint_one(canvas, shape, letters)
    return canvas.page


def _is_coloured(shape: Shape) -> bool:
    return isinstance(shape, Picture) or not shape.colour.is_black


def _ready(page: Image, *, coloured: bool) -> Image:
    """Give a copy of the page in a mode that can take the shapes."""
    if "transparency" in page.info:
        return page.convert("RGBA")
    if page.mode == "P":
        return page.convert("RGB")
    if coloured and page.mode in ("1", "L"):
        return page.convert("RGB")
    if coloured and page.mode == "LA":
        return page.convert("RGBA")
    return page.copy()


class _Letters:
    """The letters of a page: each face cut down once to all the text set in it."""

    def __init__(self, shapes: Iterable[Shape], faces: Faces) -> None:
        self.faces = faces
        self._texts: dict[str, str] = {}
        self._files: dict[str, bytes] = {}
        for shape in shapes:
            if isinstance(shape, TextRun):
                self._texts[shape.face] = self._texts.get(shape.face, "") + shape.text

    def ttf(self, face: str) -> bytes:
        """The face as a TrueType file. Raises GlyphMissing, FontUnusable."""
        if face not in self._files:
            self._files[face] = self.faces.letters(face, self._texts[face])
        return self._files[face]


@lru_cache(_FONTS_OPEN)
def _opened(ttf: bytes, size_px: float) -> FreeTypeFont:
    from PIL import ImageFont

    basic = ImageFont.Layout.BASIC
    return ImageFont.truetype(BytesIO(ttf), size_px, layout_engine=basic)


def _paint_one(canvas: _Canvas, shape: Shape, letters: _Letters) -> None:
    match shape:
        case TextRun():
            _paint_text(canvas, shape, letters)
        case Frame():
            _paint_frame(canvas, shape)
        case Rule():
            _paint_rule(canvas, shape)
        case Picture():
            _paint_picture(canvas, shape)


class _Canvas:
    """A page and its measure."""

    def __init__(self, page: Image, dpi: Dpi) -> None:
        self.page = page
        self.dpi = dpi

    @property
    def pixel_mm(self) -> float:
        """Larger side of a pixel."""
        return MM_PER_INCH / min(self.dpi)

    def region(self, box: Box) -> tuple[int, int, int, int]:
        """Pixels that a box touches, within the page."""
        across, down = self.dpi[0] / MM_PER_INCH, self.dpi[1] / MM_PER_INCH
        return (
            max(0, floor(box.x * across)),
            max(0, floor(box.y * down)),
            min(self.page.width, ceil(box.right * across)),
            min(self.page.height, ceil(box.bottom * down)),
        )

    def mask(self, box: Box) -> _Mask | None:
        """Open a mask over the pixels of a box; None where it lies outside the page."""
        left, top, right, bottom = self.region(box)
        if left >= right or top >= bottom:
            return None
        finest = max(self.dpi)
        drawn_dpi = max(finest, min(_OVERSAMPLING * finest, _FINEST_DPI))
        width = (right - left) / self.dpi[0] * drawn_dpi
        height = (bottom - top) / self.dpi[1] * drawn_dpi
        size = (ceil(width - 1e-6), ceil(height - 1e-6))
        origin = (left / self.dpi[0] * MM_PER_INCH, top / self.dpi[1] * MM_PER_INCH)
        sizes = _Sizes(size, (width, height), (right - left, bottom - top))
        return _Mask(sizes, drawn_dpi, origin, (left, top, right, bottom))

    def ink(self, region: _Region, coverage: Image, colour: Colour) -> None:
        """Put colour on pixels of the page, each by the share of it that is covered."""
        if self.page.mode == "1":
            coverage = coverage.point([0] * _BLACK_FROM + [255] * (256 - _BLACK_FROM), "1")
        self.page.paste(_ink_of(self.page.mode, colour), region, coverage)


@dataclass(frozen=True)
class _Sizes:
    """How large something is drawn: whole pixels, exactly, and in pixels of the page."""

    drawing: tuple[int, int]
    extent: tuple[float, float]
    pixels: tuple[int, int]

    def coverage(self, draw: Callable[[ImageDraw], None]) -> Image:
        """Draw large and shrink it: the share of each pixel of the page that is covered."""
        from PIL import Image, ImageDraw

        drawing = Image.new("L", self.drawing, 0)
        draw(ImageDraw.Draw(drawing))
        width, height = self.extent
        exact = (0.0, 0.0, min(width, drawing.width), min(height, drawing.height))
        return drawing.resize(self.pixels, Image.Resampling.BOX, box=exact)


@dataclass(frozen=True)
class _Mask:
    """The place of a larger drawing of some pixels of the page."""

    sizes: _Sizes
    dpi: float
    origin_mm: tuple[float, float]
    region: _Region

    def at(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """Turn a place on the page into one on the drawing."""
        scale = self.dpi / MM_PER_INCH
        return (x_mm - self.origin_mm[0]) * scale, (y_mm - self.origin_mm[1]) * scale


def _paint_text(canvas: _Canvas, run: TextRun, letters: _Letters) -> None:
    """Draw each character where the faces' own widths put it: FreeType's are rounded by hinting."""
    mask = canvas.mask(run.box.grown(run.box.height / 2))
    if mask is None or not run.text:
        return
    x, places = run.box.x, []
    for character in run.text:
        places.append((mask.at(x, run.baseline), character))
        x += letters.faces.advance_mm(character, run.face, run.size_pt)
    font = (letters.ttf(run.face), run.size_pt / 72 * mask.dpi)
    canvas.ink(mask.region, _lettered(font, mask.sizes, tuple(places)), run.colour)


@lru_cache(_LINES_KEPT)
def _lettered(
    font: tuple[bytes, float], sizes: _Sizes, places: tuple[tuple[tuple[float, float], str], ...]
) -> Image:
    """Return what characters at their places cover; a batch has most lines of its marks in common,
    as it has the frame and the rules of its stamp.
    """

    def draw(pen: ImageDraw) -> None:
        for where, character in places:
            pen.text(where, character, fill=255, font=_opened(*font), anchor="ls")

    return sizes.coverage(draw)


def _paint_frame(canvas: _Canvas, frame: Frame) -> None:
    mask = canvas.mask(frame.box)
    if mask is None:
        return
    line = max(frame.line, canvas.pixel_mm)
    boxes = (frame.box, frame.box.grown(-line))
    corners = tuple(
        (*mask.at(box.x, box.y), *mask.at(box.right, box.bottom))
        for box in boxes
        if box.width > 0 and box.height > 0
    )
    canvas.ink(mask.region, _framed(mask.sizes, corners), frame.colour)


@lru_cache(_LINES_KEPT)
def _framed(sizes: _Sizes, corners: tuple[tuple[float, float, float, float], ...]) -> Image:
    """Return what lies between an outer and an inner rectangle; in the first alone where it is."""

    def draw(pen: ImageDraw) -> None:
        for (left, top, right, bottom), fill in zip(corners, (255, 0), strict=False):
            # Pillow's rectangles include their last row and column.
            pen.rectangle((round(left), round(top), round(right) - 1, round(bottom) - 1), fill)

    return sizes.coverage(draw)


def _paint_rule(canvas: _Canvas, rule: Rule) -> None:
    length = hypot(rule.x2 - rule.x1, rule.y2 - rule.y1)
    half = max(rule.line, canvas.pixel_mm) / 2
    around = Box(
        min(rule.x1, rule.x2), min(rule.y1, rule.y2), abs(rule.x2 - rule.x1), abs(rule.y2 - rule.y1)
    ).grown(half)
    mask = canvas.mask(around)
    if mask is None or not length:
        return
    aside_x = -(rule.y2 - rule.y1) / length * half
    aside_y = (rule.x2 - rule.x1) / length * half
    corners = (
        (rule.x1 + aside_x, rule.y1 + aside_y),
        (rule.x2 + aside_x, rule.y2 + aside_y),
        (rule.x2 - aside_x, rule.y2 - aside_y),
        (rule.x1 - aside_x, rule.y1 - aside_y),
    )
    places = tuple(mask.at(x, y) for x, y in corners)
    canvas.ink(mask.region, _ruled(mask.sizes, places), rule.colour)


@lru_cache(_LINES_KEPT)
def _ruled(sizes: _Sizes, corners: tuple[tuple[float, float], ...]) -> Image:
    """Return what lies between four corners."""
    return sizes.coverage(lambda pen: pen.polygon(corners, fill=255))


def _paint_picture(canvas: _Canvas, picture: Picture) -> None:
    from PIL import Image

    left, top, right, bottom = canvas.region(picture.box)
    if left >= right or top >= bottom:
        return
    shown = Image.open(BytesIO(picture.png), formats=["PNG"]).convert("RGBA")
    shown = shown.resize((right - left, bottom - top), Image.Resampling.LANCZOS)
    colours = shown.convert("RGB").convert(canvas.page.mode)
    canvas.page.paste(colours, (left, top), shown.getchannel("A"))


def _ink_of(mode: str, colour: Colour) -> int | tuple[int, ...]:
    """Give a colour in the terms of a mode; black on CMYK is the black ink alone."""
    rgb = (colour.red, colour.green, colour.blue)
    match mode:
        case "1" | "L":
            return 0
        case "LA":
            return (0, 255)
        case "RGBA":
            return (*rgb, 255)
        case "CMYK":
            light = max(rgb)
            own = ((light - part) * 255 // light if light else 0 for part in rgb)
            return (*own, 255 - light)
        case _:
            return rgb
