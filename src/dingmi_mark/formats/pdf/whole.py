"""All that a PDF holds, as pieces: lines as they stand on the pages, and whatever is no text.

What a reader can hardly see stands in brackets ⟦…⟧ in the text. That the words are those that are
drawn is not told here: for that the pages themselves are compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dingmi_mark.domain.comparison import Content, Part, Piece
from dingmi_mark.engine.shapes import MM_PER_PT
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.pdf.opening import opened
from dingmi_mark.formats.pdf.view import PageParts, PdfView, open_pdf_view

_EDGE_SHARE: Final = 0.12
"""Share of the page's height at top and bottom where its number may stand."""

_SAME_ROW = 0.3
_LIGHTEST = 0.8
_THINNEST = 64
"""Less of 255 than this shows through (alpha)."""
_SMALLEST_PT = 4.0
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
    with opened(path, access) as file:
        attached = [*_attachments(file.pdf)]
    with open_pdf_view(path, access.password) as view:
        pieces = [piece for number in range(len(view.sizes)) for piece in _page(view, number)]
        pieces += _beside(view)
    return Content((*pieces, *attached), lines=True)


def _page(view: PdfView, number: int) -> Iterator[Piece]:
    parts = view.parts(number)
    size = view.sizes[number]
    words = f"{size.width:.0f}×{size.height:.0f}"
    yield Piece(Part.PAGE, words, number + 1, shown=f"〔第{number + 1}页，{words} 毫米〕")
    for place, line in enumerate(_rows(view.text(number)), start=1):
        middle = line.box[1] + line.box[3] / 2
        at_edge = not size.height * _EDGE_SHARE < middle < size.height * (1 - _EDGE_SHARE)
        part = Part.EDGE if at_edge else Part.BODY
        yield Piece(part, line.text, number + 1, place, at=line.box)
    yield from _pictures(parts, number + 1)
    yield from _drawings(parts, number + 1)
    yield from _notes(parts, number + 1)


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
    for each in parts.drawings:
        facts = [each.get(key) for key in ("type", "color", "fill", "fill_opacity", "width")]
        kinds = [item[0] for item in each["items"]]
        text = f"{_rounded(facts)} {''.join(kinds)} {_place(each['rect'])}"
        yield Piece(Part.DRAWING, text, number, shown="〔线条、图形〕", at=_box(each["rect"]))


def _notes(parts: PageParts, number: int) -> Iterator[Piece]:
    """Yield links and annotations: where they lead, what they say, how they look."""
    for link in parts.links:
        target = link.get("uri") or link.get("file") or f"→ {int(link.get('page', -1)) + 1}"
        place = _place(link["from"])
        yield Piece(Part.LINK, target, number, story=place, at=_box(link["from"]))
    for kind, rect, info in parts.notes:
        said = " ".join(f"{info.get('title', '')}：{info.get('content', '')}".split())
        yield Piece(Part.COMMENT, said, number, story=f"{kind} {_place(rect)}")


def _beside(view: PdfView) -> Iterator[Piece]:
    """Yield what belongs to no page: bookmarks and layers."""
    for level, title, page in view.bookmarks:
        yield Piece(Part.LINK, " ".join(title.split()), max(page, 0), story=f"书签{level}")
    for name, shown in view.layers:
        yield Piece(Part.OBJECT, f"{name} {shown}", shown=f"〔图层 {name}〕")


def _attachments(pdf: Any) -> Iterator[Piece]:
    for name, spec in sorted(pdf.attachments.items()):
        digest = hashlib.new("sm3", spec.get_file().read_bytes()).hexdigest()
        yield Piece(Part.OBJECT, f"{name} {digest}", shown=f"〔附件 {name}〕")


def _place(rect: Any) -> str:
    """Return a place in whole millimetres; not cut at halves, where places like to be."""
    return " ".join(str(int(value * MM_PER_PT + 1000.37)) for value in rect)


def _box(rect: Any) -> tuple[float, float, float, float]:
    left, top, right, bottom = (value * MM_PER_PT for value in rect)
    return left, top, right - left, bottom - top


def _rounded(values: Sequence[Any]) -> str:
    return " ".join(_round(value) for value in values)


def _round(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return ",".join(_round(each) for each in value)
    return f"{value:.1f}" if isinstance(value, float) else str(value)
