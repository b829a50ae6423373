"""Whether a paragraph is set as a page number usually is, so that it may come in later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dingmi_mark.formats.docx.harmless import is_harmless
from dingmi_mark.formats.docx.names import Element, child, elements, q, switched_on, value, whole
from dingmi_mark.formats.docx.styles import Styles

_PARTS: Final = frozenset(
    q(f"w:{name}") for name in ("r", "t", "tab", "fldChar", "fldSimple", "instrText", "pPr", "rPr")
)
_PROPERTIES: Final[Mapping[str, int]] = MappingProxyType(
    {
        q(f"w:{name}"): largest
        for name, largest in (
            ("pStyle", 0), ("rStyle", 0), ("jc", 0), ("rFonts", 0), ("widowControl", 1),
            ("snapToGrid", 1), ("adjustRightInd", 1), ("autoSpaceDE", 1), ("autoSpaceDN", 1),
            ("b", 1), ("bCs", 1), ("kern", 100), ("sz", 36), ("szCs", 36), ("ind", 12_000),
            ("spacing", 1_200), ("tabs", 0), ("tab", 12_000),
        )
    }
)  # fmt: skip
"""Properties that neither hide, move nor cover anything, with the largest number each may name
(half points, twentieths of a point)."""

_FACES: Final = frozenset(("宋体", "SimSun", "仿宋", "FangSong", "Times New Roman", "Calibri"))
"""Faces in which a figure surely looks like that figure."""

_STYLES: Final = ("w:pStyle", "w:rStyle")
_LONGEST_CHAIN: Final = 20


def is_plain(paragraph: Element, styles: Styles) -> bool:
    """Tell whether a paragraph has nothing but words and fields, plainly set."""
    if not all(_is_plain(each) for each in _inner(paragraph)):
        return False
    names = [value(each) for name in _STYLES for each in paragraph.iter(q(name))]
    return all(_is_plain_style(name or "", styles) for name in names)


def _is_plain_style(name: str, styles: Styles) -> bool:
    """Tell it of a style, up to the one that all text has."""
    for _ in range(_LONGEST_CHAIN):
        style = styles.by_id.get(name)
        if style is None:
            return False
        if switched_on(style, "w:default") and value(style, "w:default") is not None:
            return True
        if not all(_is_plain(each) for each in _inner(style)):
            return False
        based = child(style, "w:basedOn")
        if based is None:
            return True
        name = value(based) or ""
    return False


def _inner(holder: Element) -> Iterator[Element]:
    for each in elements(holder):
        if not is_harmless(each) and each.tag not in _OF_STYLES:
            yield each
            yield from _inner(each)


def _is_plain(element: Element) -> bool:
    if element.tag in _PARTS:
        return True
    largest = _PROPERTIES.get(str(element.tag))
    if largest is None:
        return False
    if element.tag == q("w:rFonts"):
        return all(_is_face(str(name), str(face)) for name, face in element.attrib.items())
    numbers = (whole(str(text)) for text in element.attrib.values())
    return all(abs(number) <= largest for number in numbers if largest and number is not None)


def _is_face(name: str, face: str) -> bool:
    return name == q("w:hint") or name.endswith("Theme") or face in _FACES


_OF_STYLES: Final = frozenset(
    q(f"w:{name}") for name in ("name", "aliases", "basedOn", "link", "locked", "autoRedefine")
)
"""What a style says of itself and not of text."""
