"""How much ink stands in a region of a page: for places that must be free before marking."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dingmi_mark.engine.shapes import Colour

if TYPE_CHECKING:
    from PIL.Image import Image

TOLERANCE = 40
"""Difference in one of R, G, B (0..255) that paper, scanner noise and JPEG do not reach."""

BLANK_SHARE = 0.002
"""A region with less ink than this is blank: single specks, no strokes, no rules."""

LEAST_CONTRAST = 4.5
"""Contrast at which letters can be told from their ground (WCAG 2.1, criterion 1.4.3)."""

LEAST_CONTRAST_OF_LARGE = 3.0
"""The same of large letters, as those of marks are (there: bold ones of 14 pt)."""

_FAINT = 8
"""Difference beyond which something is drawn, where the ground is drawn too and has no noise."""

_EXACT = 1
"""Difference that rounding of colours makes."""

_DARK = 128
"""Levels of grey below this are dark."""

_WHOLE = 0.95
"""So much of a line is dark where it is whole; its ends fade."""

_OF_ONE_COLOUR = 0.4
"""Share of a ground that is all of one colour: letters cover less than the rest of it."""

_NEIGHBOURHOOD = 6
"""Levels to either side that count as the same ground when the most frequent one is sought."""


def ink_share(picture: Image) -> float:
    """Share (0..1) of the pixels that stand out from the region's dominant colour.

    A region of one colour has no ink, whichever the colour: see `ground` for what that is.
    """
    counts = _differences(picture, ground)
    return sum(counts[TOLERANCE + 1 :]) / sum(counts) if counts else 0.0


def dark_share(picture: Image) -> float:
    """Share (0..1) of the pixels that are dark, on whatever ground."""
    counts = picture.convert("L").histogram()
    return sum(counts[:_DARK]) / max(1, sum(counts))


def has_line(picture: Image, beside: Image) -> bool:
    """Tell whether a row of pixels is ink nearly from end to end: a line goes through.

    `beside` is a larger part of the page, whose ground is the paper's: bold letters fill theirs.
    """
    from PIL import Image

    apart = _apart(picture, ground(beside))
    if apart is None:
        return False
    rows = apart.resize((1, apart.height), Image.Resampling.BOX)
    _, fullest = rows.getextrema()
    return float(fullest) >= _WHOLE * 255  # type: ignore[arg-type]


def inked(picture: Image) -> tuple[int, int] | None:
    """Return the first row of pixels with ink, and the one behind the last; None without ink."""
    apart = _apart(picture, ground(picture))
    box = None if apart is None else apart.getbbox()
    return None if box is None else (box[1], box[3])


def _apart(picture: Image, colour: tuple[int, int, int]) -> Image | None:
    """Return what stands out from the colour of the ground; None for a single colour."""
    from PIL import Image, ImageChops

    region = picture.convert("RGB")
    if not region.width or not region.height or _is_of_one_colour(region):
        return None
    plain = Image.new("RGB", region.size, colour)
    red, green, blue = ImageChops.difference(region, plain).split()
    apart = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return apart.point([255 if level > TOLERANCE else 0 for level in range(256)])


def faint_share(picture: Image) -> float:
    """Share (0..1) of the pixels that stand out at all: grey words, a light watermark.

    Only on ground that is of one colour: in a scan paper and noise differ as much.
    """
    counts = _differences(picture, _commonest)
    if not counts or sum(counts[: _EXACT + 1]) < _OF_ONE_COLOUR * sum(counts):
        return 0.0
    return sum(counts[_FAINT + 1 :]) / sum(counts)


def _differences(picture: Image, ground_of: Callable[[Image], tuple[int, int, int]]) -> list[int]:
    """Count the pixels by how far they are from the ground; nothing where all are of one colour."""
    from PIL import Image, ImageChops

    if not picture.width or not picture.height:
        return []
    region = picture.convert("RGB")
    if _is_of_one_colour(region):
        return []
    plain = Image.new("RGB", region.size, ground_of(region))
    red, green, blue = ImageChops.difference(region, plain).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()


def _commonest(region: Image) -> tuple[int, int, int]:
    """The most frequent level of each channel as it is."""
    counts = region.histogram()
    red, green, blue = (
        max(range(256), key=counts[start : start + 256].__getitem__) for start in (0, 256, 512)
    )
    return red, green, blue


def ground(picture: Image) -> tuple[int, int, int]:
    """Dominant colour of a region: the most frequent level of each channel, noise smoothed."""
    region = picture.convert("RGB")
    if _is_of_one_colour(region):
        red, green, blue = (low for low, _ in region.getextrema())  # type: ignore[misc]
        return int(red), int(green), int(blue)
    counts = region.histogram()
    red, green, blue = (_peak(counts[start : start + 256]) for start in (0, 256, 512))
    return red, green, blue


def _is_of_one_colour(region: Image) -> bool:
    return all(low == high for low, high in region.getextrema())  # type: ignore[misc]


def _peak(counts: list[int]) -> int:
    """Level with most pixels around it; the fullest one in that neighbourhood."""

    def around(level: int) -> tuple[int, int]:
        low = max(0, level - _NEIGHBOURHOOD)
        return sum(counts[low : level + _NEIGHBOURHOOD + 1]), counts[level]

    return max(range(256), key=around)


def can_bear(picture: Image, colour: Colour) -> bool:
    """Tell whether a region is blank and letters of a colour can be read on it."""
    return ink_share(picture) <= BLANK_SHARE and is_readable_on(picture, colour)


def is_readable_on(picture: Image, colour: Colour) -> bool:
    """Tell whether a colour can be told from the ground of a region."""
    own = (colour.red, colour.green, colour.blue)
    return _contrast(own, ground(picture)) >= LEAST_CONTRAST


def is_pale(picture: Image) -> bool:
    """Tell whether nothing in a region stands out enough for large letters to be read."""
    pixels = picture.width * picture.height
    if not pixels:
        return True
    region, paper = picture.convert("RGB"), ground(picture)
    read = 0
    for count, colour in region.getcolors(pixels) or ():
        if _contrast(colour, paper) >= LEAST_CONTRAST_OF_LARGE:  # type: ignore[arg-type]
            read += count
    return read <= BLANK_SHARE * pixels


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.1)."""
    lighter, darker = sorted(map(_luminance, (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance of an sRGB colour, 0..1 (WCAG 2.1)."""
    shares = (level / 255 for level in colour)
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
