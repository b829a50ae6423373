"""Compare how two files look, page by page: text alone can lie."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.comparison import Comparison, Difference, Part, Piece
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import FormatHandler, PageView
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from PIL.Image import Image

_DPI: Final = 150
_MM_PER_INCH: Final = 25.4
_AROUND_MM: Final = 1.0
_LINE_MM: Final = 12.0
"""A filled-in line is no higher (3号 is 5.6 mm): what is larger is looked at like all the rest."""
_TOLERANCE: Final = 48
"""Levels of 255 by which antialiasing may differ; a pixel to each side does not count either."""


def looks_differ(
    handler: FormatHandler, approved: Path, given: Path, found: Comparison
) -> Iterator[Difference]:
    """Yield the pages that look different outside the lines that were filled in.

    Pages on which something else differs already are left out. Raises the errors of drafts.
    """
    told = {p.page for each in found.differences for p in (*each.old, *each.new)}
    with handler.view(approved) as old, handler.view(given) as new:
        if old is None or new is None:
            return
        for page in range(min(len(old.sizes), len(new.sizes))):
            if page + 1 not in told:
                yield from _page_differs(old, new, page, _filled_boxes(found, page + 1))


def _page_differs(
    old: PageView, new: PageView, page: int, without: Iterable[Box]
) -> Iterator[Difference]:
    size = old.sizes[page]
    whole = Box(0, 0, size.width, size.height)
    pictures = [view.picture(page, whole, _DPI).convert("RGB") for view in (old, new)]
    box = differing_box(*pictures, without=without)
    if box is not None:
        piece = Piece(Part.LOOK, "", page + 1, shown="〔页面的样子〕")
        what = say(
            "the page looks different, {x}–{right} mm from the left, {y}–{bottom} mm from the top",
            x=round(box.x),
            right=round(box.right),
            y=round(box.y),
            bottom=round(box.bottom),
        )
        yield Difference((), (piece,), what)


def differing_box(one: Image, other: Image, *, without: Iterable[Box] = ()) -> Box | None:
    """Return where two pictures of a page (150 dpi) differ in any colour, in mm; None: nowhere."""
    from PIL import ImageChops, ImageDraw

    if one.size != other.size:
        return Box(0, 0, one.width / _DPI * _MM_PER_INCH, one.height / _DPI * _MM_PER_INCH)
    scale = _DPI / _MM_PER_INCH
    either = ImageChops.lighter(_beyond(one, other), _beyond(other, one))
    outside = reduce(ImageChops.lighter, either.split())
    pen = ImageDraw.Draw(outside)
    for box in without:
        around = box.grown(_AROUND_MM)
        edges = (around.x, around.y, around.right, around.bottom)
        pen.rectangle(tuple(edge * scale for edge in edges), fill=0)
    found = outside.point([0] * (_TOLERANCE + 1) + [255] * (255 - _TOLERANCE)).getbbox()
    if found is None:
        return None
    left, top, right, bottom = (edge / scale for edge in found)
    return Box(left, top, right - left, bottom - top)


def _beyond(one: Image, other: Image) -> Image:
    """Return by how much each pixel is darker or lighter than all around its place in another."""
    from PIL import ImageChops, ImageFilter

    darkest = other.filter(ImageFilter.MinFilter(3))
    lightest = other.filter(ImageFilter.MaxFilter(3))
    return ImageChops.lighter(ImageChops.subtract(darkest, one), ImageChops.subtract(one, lightest))


def _filled_boxes(found: Comparison, page: int) -> list[Box]:
    pieces = [piece for each in found.filled for piece in (each.old, each.new) if piece]
    boxes = (Box(*piece.at) for piece in pieces if piece.page == page and piece.at)
    return [box for box in boxes if box.height <= _LINE_MM]
