"""Compare how two PDF files look, page by page: text alone can lie.

They are looked at in every way in which they may be shown: on a screen, in print, with and without
each layer. In the lines that were filled in every letter that was there before is looked at for
itself, because what follows a value may have moved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import reduce
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.comparison import Comparison, Difference, Part, Piece
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.pdf.looks import SCREEN, Look, other_looks
from dingmi_mark.formats.pdf.view import Letter, PdfView
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI: Final = 200
_MM_PER_INCH: Final = 25.4
_SCALE: Final = _DPI / _MM_PER_INCH
_BAND_MM: Final = 30
"""Pages are looked at in bands: small pictures stay in the processor's cache."""
_AROUND_MM: Final = 1.0
_LINE_MM: Final = 12.0
"""A filled-in line is no higher (3号 is 5.6 mm): what is larger is looked at like all the rest."""
_TOLERANCE: Final = 48
"""Levels of 255 by which antialiasing may differ; a pixel to each side does not count either."""


def looks_differ(approved: Path, given: Path, found: Comparison) -> Iterator[Difference]:
    """Yield the pages that look different outside the values that were filled in.

    Pages on which something else differs already are left out. Raises the errors of drafts.
    """
    told = {p.page for each in found.differences for p in (*each.old, *each.new)}
    for look in (SCREEN, *other_looks(given)):
        with look.of(approved) as old, look.of(given) as new:
            for page in range(min(len(old.sizes), len(new.sizes))):
                if page + 1 in told or not _may_differ(look, old, new, page):
                    continue
                differences = list(_page_differs(old, new, page, found, look))
                told |= {page + 1} if differences else set()
                yield from differences


def _may_differ(look: Look, old: PdfView, new: PdfView, page: int) -> bool:
    return not look.printed or old.depends_on_use(page) or new.depends_on_use(page)


def _page_differs(
    old: PdfView, new: PdfView, page: int, found: Comparison, look: Look
) -> Iterator[Difference]:
    lines = [
        (each.new, _letters(old, each.old, page), _letters(new, each.new, page))
        for each in found.filled
        if each.new.page == page + 1
    ]
    without = [letter.box for _, *sides in lines for side in sides for letter in side]
    box = _where_differing((old, new), page, without)
    if box is not None:
        what = say(
            "the page looks different {look}, {x}–{right} mm from the left, "
            "{y}–{bottom} mm from the top",
            look=look.name,
            x=round(box.x),
            right=round(box.right),
            y=round(box.y),
            bottom=round(box.bottom),
        )
        yield _seen(page, what)
    for piece, before, after in lines:
        if not _same_letters((old, new), page, before, after):
            yield _seen(page, say("letters look different in the line “{line}”", line=piece.text))


def _seen(page: int, what: Message) -> Difference:
    return Difference((), (Piece(Part.LOOK, "", page + 1, shown="〔页面的样子〕"),), what)


def _letters(view: PdfView, piece: Piece | None, page: int) -> list[Letter]:
    """Return the letters of a line that was filled in, as far as it is no higher than a line."""
    if piece is None or piece.at is None or piece.page != page + 1:
        return []
    line = Box(*piece.at)
    return [
        letter
        for letter in view.letters(page)
        if letter.box.height <= _LINE_MM
        and line.overlaps(letter.box)
        and line.y <= letter.box.y + letter.box.height / 2 <= line.bottom
    ]


def _where_differing(
    views: tuple[PdfView, PdfView], page: int, without: Sequence[Box]
) -> Box | None:
    """Return where two pages look different (mm), in the bands that are not the very same."""
    size = views[0].sizes[page]
    bands = [
        Box(0, y, size.width, min(_BAND_MM, size.height - y))
        for y in range(0, ceil(size.height), _BAND_MM)
    ]
    unlike = [band for band in bands if _unlike(views, page, band)]
    if not unlike:
        return None
    top = max(0.0, unlike[0].y - 1)
    region = Box(0, top, size.width, min(size.height, unlike[-1].bottom + 1) - top)
    pictures = (view.picture(page, region, _DPI) for view in views)
    box = differing_box(*pictures, without=[replace(each, y=each.y - top) for each in without])
    return box and replace(box, y=box.y + top)


def _unlike(views: tuple[PdfView, PdfView], page: int, band: Box) -> bool:
    one, other = (view.ink(page, band, _DPI) for view in views)
    return one != other


def _same_letters(
    views: tuple[PdfView, PdfView], page: int, before: Sequence[Letter], after: Sequence[Letter]
) -> bool:
    """Tell whether the letters that both lines have look alike, wherever they stand now."""
    texts = ["".join(letter.text[:1] for letter in side) for side in (before, after)]
    matcher = SequenceMatcher(a=texts[0], b=texts[1], autojunk=False)
    return all(
        _same_letter(
            views[0].picture(page, before[block.a + number].box, _DPI),
            views[1].picture(page, after[block.b + number].box, _DPI),
        )
        for block in matcher.get_matching_blocks()
        for number in range(block.size)
    )


def _same_letter(one: Image, other: Image) -> bool:
    if abs(one.width - other.width) > 1 or abs(one.height - other.height) > 1:
        return False
    width, height = min(one.width, other.width), min(one.height, other.height)
    inner = (1, 1, width - 1, height - 1)
    differing = _differing(one.crop((0, 0, width, height)), other.crop((0, 0, width, height)))
    return width < 3 or height < 3 or differing.crop(inner).getbbox() is None


def differing_box(one: Image, other: Image, *, without: Sequence[Box] = ()) -> Box | None:
    """Return where two pictures (200 dpi) differ in any colour, in mm; None: nowhere."""
    from PIL import ImageChops, ImageDraw

    if one.size != other.size:
        return Box(0, 0, one.width / _SCALE, one.height / _SCALE)
    region = ImageChops.difference(one, other).getbbox()
    if region is None:
        return None
    left, top, right, bottom = region[0] - 1, region[1] - 1, region[2] + 1, region[3] + 1
    outside = _differing(*(picture.crop((left, top, right, bottom)) for picture in (one, other)))
    pen = ImageDraw.Draw(outside)
    for box in without:
        around = box.grown(_AROUND_MM)
        corners = ((around.x, around.y), (around.right, around.bottom))
        pen.rectangle([(x * _SCALE - left, y * _SCALE - top) for x, y in corners], fill=0)
    found = outside.getbbox()
    if found is None:
        return None
    x, y = (found[0] + left) / _SCALE, (found[1] + top) / _SCALE
    return Box(x, y, (found[2] + left) / _SCALE - x, (found[3] + top) / _SCALE - y)


def _differing(one: Image, other: Image) -> Image:
    """Return white where two pictures of the same size differ in any colour, else black."""
    from PIL import ImageChops

    either = ImageChops.lighter(_beyond(one, other), _beyond(other, one))
    strongest = reduce(ImageChops.lighter, either.split())
    return strongest.point([0] * (_TOLERANCE + 1) + [255] * (255 - _TOLERANCE))


def _beyond(one: Image, other: Image) -> Image:
    """Return by how much each pixel is darker or lighter than all around its place in another."""
    from PIL import ImageChops, ImageFilter

    darkest = other.filter(ImageFilter.MinFilter(3))
    lightest = other.filter(ImageFilter.MaxFilter(3))
    return ImageChops.lighter(ImageChops.subtract(darkest, one), ImageChops.subtract(one, lightest))
