"""Runs and paragraphs of our own text, in which no style of the document shows through."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from copy import copy
from functools import lru_cache

from dingmi_mark.engine.shapes import Colour
from dingmi_mark.formats.docx.marks import POINT_STYLE
from dingmi_mark.formats.docx.names import Element, child, new, q, text_element

_FEW = 16
"""Looks and lines kept ready: a stamp has many lines of one look, a mark stands on the first page
and in the headers, and copying is cheaper than making.

The library's `copy` takes all below an element along, as `deepcopy` does at twice the cost.
"""
_OFF = {"w:val": "0"}
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_SWITCHED_OFF = (
    "w:b", "w:bCs", "w:i", "w:iCs", "w:caps", "w:smallCaps", "w:strike", "w:dstrike",
    "w:outline", "w:shadow", "w:emboss", "w:imprint",
)  # fmt: skip


def run_properties(
    family: str,
    size_pt: float,
    colour: Colour,
    *,
    style: str | None = None,
    struck: bool = False,
) -> Element:
    """Return `w:rPr` that fixes face, size (pt) and colour, in the order of the schema."""
    properties = copy(_run_properties(family, size_pt, colour, style))
    if struck:
        line, double = child(properties, "w:strike"), child(properties, "w:dstrike")
        assert line is not None and double is not None, "both were switched off"
        line.set(q("w:val"), "1")
        # LibreOffice has one property for both: the later one would switch it off again.
        properties.remove(double)
    return properties


@lru_cache(_FEW)
def _run_properties(family: str, size_pt: float, colour: Colour, style: str | None) -> Element:
    half_points = str(round(size_pt * 2))
    fonts = {f"w:{slot}": family for slot in ("ascii", "hAnsi", "eastAsia", "cs")}
    return new(
        "w:rPr",
        children=[
            *([new("w:rStyle", {"w:val": style})] if style else ()),
            new("w:rFonts", {"w:hint": "eastAsia", **fonts}),
            *(new(name, _OFF) for name in _SWITCHED_OFF),
            new("w:snapToGrid", _OFF),
            new("w:vanish", _OFF),
            new("w:color", {"w:val": colour.hex}),
            new("w:spacing", _OFF),
            new("w:w", {"w:val": "100"}),
            new("w:kern", _OFF),
            new("w:position", _OFF),
            new("w:sz", {"w:val": half_points}),
            new("w:szCs", {"w:val": half_points}),
            new("w:u", {"w:val": "none"}),
            new("w:vertAlign", {"w:val": "baseline"}),
            new("w:rtl", _OFF),
            new("w:em", {"w:val": "none"}),
            new("w:lang", {"w:val": "en-US", "w:eastAsia": "zh-CN"}),
        ],
    )


def text_run(text: str, properties: Element) -> Element:
    """Return a run with the text, set without gaps between Chinese and digits.

    LibreOffice ignores `autoSpaceDN` and widens `10年`; the optional hyphen stops it. Neither
    program shows or searches it, and it is no character of the text.
    """
    content: list[Element] = []
    for piece in _split_where_scripts_meet(text):
        if content:
            content.append(new("w:softHyphen"))
        content.append(text_element("w:t", piece))
        content[-1].set(_XML_SPACE, "preserve")
    return new("w:r", children=[properties, *content])


def marked_run(
    text: str, family: str, size_pt: float, colour: Colour, *, styled: bool, struck: bool = False
) -> Element:
    """Return the run of a classified point, in its character style where there is one."""
    style = POINT_STYLE if styled else None
    return text_run(text, run_properties(family, size_pt, colour, style=style, struck=struck))


def bookmarked(name: str, number: int, content: Iterable[Element]) -> list[Element]:
    """Return the content between the ends of a bookmark."""
    start = new("w:bookmarkStart", {"w:id": str(number), "w:name": name})
    return [start, *content, new("w:bookmarkEnd", {"w:id": str(number)})]


def line_paragraph(text: str, family: str, size_pt: float, leading: int, colour: Colour) -> Element:
    """Return a paragraph that is exactly one line of `leading` (1/20 pt), and nothing around."""
    return copy(_line(text, family, size_pt, leading, colour))


@lru_cache(_FEW)
def _line(text: str, family: str, size_pt: float, leading: int, colour: Colour) -> Element:
    paragraph = plain_paragraph(leading, family, size_pt, colour)
    paragraph.append(text_run(text, run_properties(family, size_pt, colour)))
    return paragraph


def plain_paragraph(leading: int, family: str, size_pt: float, colour: Colour) -> Element:
    """Return an empty paragraph of one exact line height, free of borders, numbers, grid; it counts
    as no line where lines are numbered.
    """
    return copy(_plain_paragraph(leading, family, size_pt, colour))


@lru_cache(_FEW)
def _plain_paragraph(leading: int, family: str, size_pt: float, colour: Colour) -> Element:
    border = {"w:val": "nil"}
    edges = ("top", "left", "bottom", "right")
    return new(
        "w:p",
        children=[
            new(
                "w:pPr",
                children=[
                    new("w:keepNext", _OFF),
                    new("w:keepLines", _OFF),
                    new("w:pageBreakBefore", _OFF),
                    new("w:widowControl", _OFF),
                    new(
                        "w:numPr",
                        children=[new("w:ilvl", _OFF), new("w:numId", _OFF)],
                    ),
                    new("w:suppressLineNumbers"),
                    new("w:pBdr", children=[new(f"w:{edge}", border) for edge in edges]),
                    new("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": "auto"}),
                    new("w:autoSpaceDE", _OFF),
                    new("w:autoSpaceDN", _OFF),
                    new("w:bidi", _OFF),
                    new("w:snapToGrid", _OFF),
                    new("w:spacing", _exact_spacing(leading)),
                    new("w:ind", _NO_INDENT),
                    new("w:contextualSpacing", _OFF),
                    new("w:jc", {"w:val": "left"}),
                    new("w:textAlignment", {"w:val": "baseline"}),
                    new("w:outlineLvl", {"w:val": "9"}),
                    run_properties(family, size_pt, colour),
                ],
            )
        ],
    )


_NO_INDENT = {
    "w:left": "0", "w:leftChars": "0", "w:right": "0", "w:rightChars": "0",
    "w:firstLine": "0", "w:firstLineChars": "0",
}  # fmt: skip


def _exact_spacing(leading: int) -> dict[str, str]:
    return {
        "w:before": "0", "w:beforeLines": "0", "w:beforeAutospacing": "0",
        "w:after": "0", "w:afterLines": "0", "w:afterAutospacing": "0",
        "w:line": str(leading), "w:lineRule": "exact",
    }  # fmt: skip


def _split_where_scripts_meet(text: str) -> Iterator[str]:
    start = 0
    for index in range(1, len(text)):
        before, after = text[index - 1], text[index]
        if before.isalnum() and after.isalnum() and _is_wide(before) != _is_wide(after):
            yield text[start:index]
            start = index
    yield text[start:]


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}
