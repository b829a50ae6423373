"""All that a PDF holds, as pieces: lines as they stand on the pages, and whatever is no text.

What a reader can hardly see stands in brackets ⟦…⟧ in the text. That the words are those that are
drawn is not told here: for that the pages themselves are compared. All layers are read, also those
that are not shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor
from pathlib import Path
from typing import Any, Final

from dingmi_mark.domain.comparison import Content, Part, Piece
from dingmi_mark.engine.shapes import MM_PER_PT
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.pdf.beside import beside
from dingmi_mark.formats.pdf.geometry import sheets_of
from dingmi_mark.formats.pdf.interactive import annotation_pieces
from dingmi_mark.formats.pdf.looks import with_all_layers
from dingmi_mark.formats.pdf.objects import Objects, places_of
from dingmi_mark.formats.pdf.opening import opened
from dingmi_mark.formats.pdf.resources import Pages
from dingmi_mark.formats.pdf.view import PageParts, PdfView

_EDGE_SHARE: Final = 0.12
"""Share of the page's height at top and bottom where its number may stand."""

_SAME_ROW = 0.3
_LIGHTEST = 0.8
_THINNEST = 64
"""Less of 255 than this shows through (alpha)."""
_SMALLEST_PT = 4.0
_PAINT: Final = (
    *("type", "layer", "color", "fill", "fill_opacity", "stroke_opacity", "width", "dashes"),
    *("lineCap", "lineJoin", "even_odd", "closePath"),
)
_DRAWN_TEXT = 16 | 32
"""Bits of MuPDF's character flags: filled, stroked."""


@dataclass(frozen=True)
class _Line:
    """A line as MuPDF gives it (mm)."""

    text: str
    box: tuple[float, float, float, float]
    baseline: float
    em: float


def read_content(path: Path, access: Access) -> Content:
    """Read all of a file. Raises what `inspect` does."""
    with opened(path, access) as file, with_all_layers(path, file.pdf, access.password) as view:
        objects = Objects(places_of(file.pdf))
        pages = Pages(file.pdf, objects)
        pieces = [
            piece
            for number, (page, sheet) in enumerate(
                zip(file.pdf.pages, sheets_of(file.pdf), strict=True)
            )
            for piece in (
                *_page(view, number),
                *pages.pieces(page.obj, number + 1),
                *annotation_pieces(page.obj, sheet, number + 1, objects),
            )
        ]
        pieces += beside(file.pdf, objects)
    return Content(tuple(pieces), lines=True)


def _page(view: PdfView, number: int) -> Iterator[Piece]:
    parts = view.parts(number)
    size = view.sizes[number]
    words = f"{size.width:.0f}×{size.height:.0f}"
    yield Piece(Part.PAGE, words, number + 1, shown=f"〔第{number + 1}页，{words} 毫米〕")
    if parts.faults:
        shown = "〔页面内容有错误，阅读器显示的可能不一样〕"
        yield Piece(Part.PAGE, _digest(parts.faults), number + 1, shown=shown)
    drawn = list(_lines(view, number, replaced=False))
    yield from drawn
    said = list(_lines(view, number, replaced=True))
    if [line.text for line in said] != [line.text for line in drawn]:
        yield from (replace(line, story="替代文字") for line in said)
    yield from _pictures(parts, number + 1)
    yield from _drawings(parts, number + 1)


def _lines(view: PdfView, number: int, *, replaced: bool) -> Iterator[Piece]:
    height = view.sizes[number].height
    found = _rows(view.whole_text(number, replaced=replaced))
    for place, line in enumerate(found, start=1):
        middle = line.box[1] + line.box[3] / 2
        at_edge = not height * _EDGE_SHARE < middle < height * (1 - _EDGE_SHARE)
        part = Part.EDGE if at_edge else Part.BODY
        yield Piece(part, line.text, number + 1, place, at=line.box)


def _rows(found: dict[str, Any]) -> Iterator[_Line]:
    """Join what follows upon each other on the same height: blanks part lines and values do not."""
    pending: list[_Line] = []
    for block in found["blocks"]:
        for line in block.get("lines", ()):
            made = _line(line)
            if made is None:
                continue
            if pending and abs(pending[-1].baseline - made.baseline) > _SAME_ROW * made.em:
                yield _joined(pending)
                pending = []
            pending.append(made)
    if pending:
        yield _joined(pending)


def _line(line: dict[str, Any]) -> _Line | None:
    text = "".join(_seen(span) for span in line["spans"])
    if not text.strip():
        return None
    left, top, right, bottom = (value * MM_PER_PT for value in line["bbox"])
    main = max(line["spans"], key=lambda span: len(span["text"].strip()))
    turned = line["dir"][0] < 0.9998
    words = f"⟦斜排⟧{text}⟦/⟧" if turned else text
    baseline = main["origin"][1] * MM_PER_PT
    return _Line(words, (left, top, right - left, bottom - top), baseline, main["size"] * MM_PER_PT)


def _seen(span: dict[str, Any]) -> str:
    """Return a span's text, in brackets where it can hardly be seen."""
    look = [*_looks(span)]
    text = str(span["text"])
    return f"⟦{'、'.join(look)}⟧{text}⟦/⟧" if look and text.strip() else text


def _looks(span: dict[str, Any]) -> Iterator[str]:
    red, green, blue = ((span["color"] >> shift & 255) / 255 for shift in (16, 8, 0))
    if span.get("alpha", 255) < _THINNEST or not span.get("char_flags", 16) & _DRAWN_TEXT:
        yield "隐藏"
    elif 0.3 * red + 0.59 * green + 0.11 * blue > _LIGHTEST:
        yield "看不清"
    if span["size"] < _SMALLEST_PT:
        yield "极小"


def _joined(lines: Sequence[_Line]) -> _Line:
    text = " ".join(" ".join(line.text for line in lines).split())
    left, top = (min(line.box[side] for line in lines) for side in (0, 1))
    right = max(line.box[0] + line.box[2] for line in lines)
    bottom = max(line.box[1] + line.box[3] for line in lines)
    first = lines[0]
    return _Line(text, (left, top, right - left, bottom - top), first.baseline, first.em)


def _pictures(parts: PageParts, number: int) -> Iterator[Piece]:
    for each in parts.pictures:
        text = f"{each['digest'].hex()} {each['width']}×{each['height']} {_place(each['bbox'])}"
        yield Piece(Part.PICTURE, text, number, shown="〔图片〕", at=_box(each["bbox"]))


def _drawings(parts: PageParts, number: int) -> Iterator[Piece]:
    """Yield lines and shapes by their points: also what is too thin or small to be seen."""
    for each in parts.drawings:
        facts = [_round(each.get(key)) for key in _PAINT]
        points = [_points(item) for item in each["items"]]
        text = _digest(f"{' '.join(facts)} {' '.join(points)}")
        yield Piece(Part.DRAWING, text, number, shown="〔线条、图形〕", at=_box(each["rect"]))
    for place in parts.shades:
        yield Piece(Part.DRAWING, _place(place), number, shown="〔渐变〕", at=_box(place))


def _points(item: Sequence[Any]) -> str:
    kind, *values = item
    written = [_place(value) if _has_points(value) else _round(value) for value in values]
    return f"{kind} {' '.join(written)}"


def _has_points(value: Any) -> bool:
    """Tell points, rectangles and quads of MuPDF's from plain numbers."""
    return hasattr(value, "__len__") and not isinstance(value, (str, tuple, list))


def _digest(text: str) -> str:
    return hashlib.new("sm3", text.encode(errors="backslashreplace")).hexdigest()


def _place(shape: Any) -> str:
    """Return a place in tenths of a millimetre; not cut at halves, where places like to be."""
    if _has_points(shape[0]):
        return " ".join(_place(corner) for corner in shape)
    return " ".join(str(floor(value * MM_PER_PT * 10 + 0.37)) for value in shape)


def _box(rect: Any) -> tuple[float, float, float, float]:
    left, top, right, bottom = (value * MM_PER_PT for value in rect)
    return left, top, right - left, bottom - top


def _round(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return ",".join(_round(each) for each in value)
    return f"{value:.2f}" if isinstance(value, float) else str(value)
