"""How large a picture is on paper: from its resolution, never from a guess at 96 dpi.

A mark of the wrong size is a wrong mark (GB/T 9704: 3号字, 16 pt), so a picture that says
nothing of its size is refused, unless its shape is that of an A4 or A3 sheet.
"""

from __future__ import annotations

from dataclasses import dataclass

from dingmi_mark.engine.shapes import PageSize
from dingmi_mark.formats.image.container import Dpi, Sheet, broken
from dingmi_mark.messages import Message, say

MM_PER_INCH = 25.4
_SANE_DPI = (30.0, 2400.0)
_LONGEST_MM = 1300.0
"""Longer than A0: then the resolution is a camera's or a screen's default, not that of a page."""

_PAPERS = (("A4", 210.0, 297.0), ("A3", 297.0, 420.0))
_SHAPE_TOLERANCE = 0.02
_SCAN_DPI = (75, 100, 150, 200, 240, 300, 400, 600, 1200)
_SCAN_TOLERANCE = 0.01


@dataclass(frozen=True)
class Paper:
    """A page as the reader sees it: size (mm) and resolution, and what was assumed of it."""

    size: PageSize
    dpi: Dpi
    remark: Message | None = None


def paper_of(sheet: Sheet, page: int) -> Paper:
    """Find the size of a page. Raises DraftBroken where the file does not tell it."""
    width, height = sheet.width_px, sheet.height_px
    dpi = sheet.dpi
    if sheet.turned:
        width, height = height, width
        dpi = (dpi[1], dpi[0]) if dpi else None
    if dpi is not None and _is_sane(width, height, dpi):
        return Paper(_size(width, height, dpi), dpi)
    assumed = _assumed(width, height)
    if assumed is None:
        raise broken(
            say(
                "page {page} does not say its true size; save it with its resolution (dpi)",
                page=page + 1,
            )
        )
    name, dpi = assumed
    remark = say(
        "Page {page} does not say its resolution; by its shape it counts as {paper} ({dpi} dpi).",
        page=page + 1,
        paper=name,
        dpi=round(dpi[0]),
    )
    return Paper(_size(width, height, dpi), dpi, remark)


def _is_sane(width: int, height: int, dpi: Dpi) -> bool:
    low, high = _SANE_DPI
    size = _size(width, height, dpi) if min(dpi) >= low else None
    return size is not None and max(dpi) <= high and max(size.width, size.height) <= _LONGEST_MM


def _size(width: int, height: int, dpi: Dpi) -> PageSize:
    return PageSize(width / dpi[0] * MM_PER_INCH, height / dpi[1] * MM_PER_INCH)


def _assumed(width: int, height: int) -> tuple[str, Dpi] | None:
    """Take a picture of an A sheet's shape for A4, or for A3 when only then its dpi is a usual one.

    A4 and A3 have the same shape.
    """
    if not width or not height:
        return None
    fitting = [_dpi_on(width, height, short, long) for _, short, long in _PAPERS]
    a4, a3 = fitting
    if a4 is None or a3 is None:
        return None
    if _is_usual(a3) and not _is_usual(a4):
        return _PAPERS[1][0], a3
    return _PAPERS[0][0], a4


def _dpi_on(width: int, height: int, short_mm: float, long_mm: float) -> Dpi | None:
    """Resolution of the picture if it fills this paper, None if its shape is another."""
    paper_width, paper_height = (short_mm, long_mm) if width <= height else (long_mm, short_mm)
    across = width / paper_width * MM_PER_INCH
    down = height / paper_height * MM_PER_INCH
    if abs(across / down - 1) > _SHAPE_TOLERANCE:
        return None
    # One figure for both ways, so that letters keep their shape.
    even = (across * down) ** 0.5
    low, high = _SANE_DPI
    return (even, even) if low <= even <= high else None


def _is_usual(dpi: Dpi) -> bool:
    return any(abs(dpi[0] / usual - 1) <= _SCAN_TOLERANCE for usual in _SCAN_DPI)
