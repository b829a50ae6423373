"""Where a page's visible part lies, how it is turned, and how marks get onto it.

Marks are drawn in points from the top left corner of the page as the reader sees it, y upwards.
`Sheet.matrix` maps that space to the page's own. What is missing is taken as MuPDF and poppler
take it; what makes no sense is refused.
Source: ISO 32000-1, 7.7.3.4 (inherited attributes), 14.11.2 (page boundaries).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Object

from dingmi_mark.engine.shapes import MM_PER_PT, Box, PageSize
from dingmi_mark.engine.strip import Strip
from dingmi_mark.errors import DraftBroken, DraftUnsupported
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from pikepdf import Pdf

LETTER = (0.0, 0.0, 612.0, 792.0)
"""The page size readers assume where a page has none."""

_DEEPEST = 100
_LEAST_POINTS = 1.0
_FARTHEST = 1e6
_LEAST_UNIT, _LARGEST_UNIT = 0.01, 75_000.0
"""Acrobat's own limit of UserUnit; below it MuPDF shows nothing."""


Corners = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """A page's visible box (user space), clockwise turn (0, 90, 180, 270), UserUnit (pt)."""

    box: Corners
    turn: int
    unit: float
    states_size: bool

    @property
    def size(self) -> PageSize:
        """The page as the reader sees it (mm)."""
        x0, y0, x1, y1 = self.box
        width, height = (side * self.unit * MM_PER_PT for side in (x1 - x0, y1 - y0))
        return PageSize(height, width) if self.turn in (90, 270) else PageSize(width, height)

    @property
    def matrix(self) -> Matrix:
        """From points on the upright visible page (origin top left, y up) to user space."""
        x0, y0, x1, y1 = self.box
        s = 1 / self.unit
        match self.turn:
            case 90:
                return (0, s, -s, 0, x0, y0)
            case 180:
                return (-s, 0, 0, -s, x1, y0)
            case 270:
                return (0, -s, s, 0, x1, y1)
            case _:
                return (s, 0, 0, s, x0, y1)

    def with_strip(self, strip: Strip) -> Sheet:
        """Return the sheet with a strip of blank paper beside it."""
        x0, y0, x1, y1 = self.box
        top, right = (side / MM_PER_PT / self.unit for side in (strip.top, strip.right))
        match self.turn:
            case 90:
                box = (x0 - top, y0, x1, y1 + right)
            case 180:
                box = (x0 - right, y0 - top, x1, y1)
            case 270:
                box = (x0, y0 - right, x1 + top, y1)
            case _:
                box = (x0, y0, x1 + right, y1 + top)
        return replace(self, box=box)

    def seen(self, corners: Corners) -> Box:
        """Where a rectangle of user space lies on the page as the reader sees it (mm)."""
        a, b, c, d, e, f = self.matrix
        scale = MM_PER_PT * self.unit * self.unit
        points = [
            ((a * (x - e) + b * (y - f)) * scale, -(c * (x - e) + d * (y - f)) * scale)
            for x in corners[0::2]
            for y in corners[1::2]
        ]
        left, top = min(x for x, _ in points), min(y for _, y in points)
        right, bottom = max(x for x, _ in points), max(y for _, y in points)
        return Box(left, top, right - left, bottom - top)


def sheets_of(pdf: Pdf) -> tuple[Sheet, ...]:
    """Return the geometry of all pages. Raises DraftBroken, DraftUnsupported."""
    inherit = Inheritance()
    known: dict[str, Sheet] = {}
    sheets = []
    for page in pdf.pages:
        stated = _stated(page.obj, inherit)
        key = repr([_written(value) for value in stated])
        if key not in known:
            known[key] = _sheet(*stated)
        sheets.append(known[key])
    return tuple(sheets)


class Inheritance:
    """Attributes a page has from the page tree; each node of the tree is asked only once."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[int, int], str], Object | None] = {}

    def of(self, page: Object, key: str) -> Object | None:
        """Return a page's own or inherited attribute; None where there is none."""
        own = page.get(key)
        if own is not None:
            return own
        parent = page.get("/Parent")
        if not isinstance(parent, Dictionary) or not parent.is_indirect:
            return None
        place = (parent.objgen, key)
        if place not in self._known:
            self._known[place] = next(
                (node[key] for node in _upwards(parent) if node.get(key) is not None), None
            )
        return self._known[place]


def _upwards(node: Object | None) -> Iterator[Object]:
    for _ in range(_DEEPEST):
        if not isinstance(node, Dictionary):
            return
        yield node
        node = node.get("/Parent")


def sheet_of(page: Object, inherit: Inheritance) -> Sheet:
    """Return the geometry of one page. Raises DraftBroken, DraftUnsupported."""
    return _sheet(*_stated(page, inherit))


def _stated(page: Object, inherit: Inheritance) -> tuple[Object | None, ...]:
    inherited = (inherit.of(page, key) for key in ("/MediaBox", "/CropBox", "/Rotate"))
    return (*inherited, page.get("/UserUnit"))


def _written(value: object) -> object:
    """Pages that state the same in the same words have the same geometry."""
    return value.unparse(resolved=True) if isinstance(value, Object) else value


def _sheet(
    media_box: Object | None, crop_box: Object | None, rotate: Object | None, unit: Object | None
) -> Sheet:
    media, crop = _corners(media_box), _corners(crop_box)
    box = LETTER if media is None else media
    if crop is not None:
        box = (
            max(box[0], crop[0]),
            max(box[1], crop[1]),
            min(box[2], crop[2]),
            min(box[3], crop[3]),
        )
    if box[2] - box[0] < _LEAST_POINTS or box[3] - box[1] < _LEAST_POINTS:
        raise DraftBroken(cause=say("a page has no area that can be seen"))
    return Sheet(box, _turn(rotate), _unit(unit), media is not None)


def _corners(box: Object | None) -> Corners | None:
    """Return a rectangle's corners in order; None where there is none.

    Raises DraftBroken for what is no rectangle: readers do not agree what they then show.
    """
    if box is None:
        return None
    values = [_number(value) for value in box] if isinstance(box, Array) else []
    if len(values) != 4 or not all(abs(value) < _FARTHEST for value in values):
        raise DraftBroken(cause=say("a page has a size that makes no sense"))
    (x0, x1), (y0, y1) = sorted(values[0::2]), sorted(values[1::2])
    return x0, y0, x1, y1


def _turn(rotate: Object | None) -> int:
    degrees = 0.0 if rotate is None else _number(rotate)
    if not degrees % 90 == 0:
        raise DraftUnsupported(
            kind=say("a PDF with a page turned by an angle that is no right angle"),
            supported=SUPPORTED,
        )
    return int(degrees % 360)


def _unit(unit: Object | None) -> float:
    value = 1.0 if unit is None else _number(unit)
    if not _LEAST_UNIT <= value <= _LARGEST_UNIT:
        raise DraftBroken(cause=say("a page has a size that makes no sense"))
    return value


def _number(value: object) -> float:
    """Return a PDF number as float; NaN for anything else."""
    convert: Callable[[object], float] = float  # type: ignore[assignment]
    if isinstance(value, bool):
        return math.nan
    try:
        return convert(value)
    except (TypeError, ValueError, ArithmeticError):
        return math.nan
