"""How a run looks where that changes what is read: hidden, struck out, raised, hard to see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dingmi_mark.formats.docx.names import Element, child, q, switched_on, value, whole

HIDDEN = "隐藏"
STRUCK = "删除线"
FAINT = "看不清"
TINY = "极小"
BACKWARDS = "从右向左"
SIGNS = "符号字体"
_SIGNS: Final = frozenset(
    ("Symbol", "Wingdings", "Wingdings 2", "Wingdings 3", "Webdings", "Marlett")
)
"""Fonts in which letters and digits are shown as something else."""

RAISED: Final = {"superscript": "上标", "subscript": "下标"}

_SMALLEST = 8
"""Smaller than this (half points) nobody reads it."""
_NARROWEST = 25
_LEAST_CONTRAST = 0.25
_BLACK, _WHITE = "000000", "FFFFFF"
_LIGHT_THEME = ("background1", "light1", "bg1", "lt1")
_HIGHLIGHTS: Final = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00",
    "magenta": "FF00FF", "red": "FF0000", "yellow": "FFFF00", "white": "FFFFFF",
    "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080",
    "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip


def looks(properties: Iterable[Element]) -> tuple[str, ...]:
    """Return what is special about text with these properties, the nearest first."""
    return tuple(_looks(tuple(properties)))


def _looks(chain: tuple[Element, ...]) -> Iterator[str]:
    if any(switched_on(_first(chain, name)) for name in ("w:vanish", "w:specVanish")):
        yield HIDDEN
    if any(switched_on(_first(chain, name)) for name in ("w:strike", "w:dstrike")):
        yield STRUCK
    raised = RAISED.get(value(_first(chain, "w:vertAlign")) or "")
    if raised:
        yield raised
    size, width = whole(value(_first(chain, "w:sz"))), whole(value(_first(chain, "w:w")))
    if (size is not None and size < _SMALLEST) or (width is not None and width < _NARROWEST):
        yield TINY
    if _is_faint(chain):
        yield FAINT
    if switched_on(_first(chain, "w:rtl")):
        yield BACKWARDS
    fonts = _first(chain, "w:rFonts")
    if fonts is not None and _SIGNS.intersection(str(name) for name in fonts.attrib.values()):
        yield SIGNS


def _is_faint(chain: tuple[Element, ...]) -> bool:
    ground = _ground(chain)
    colour = _first(chain, "w:color")
    given = value(colour) or ""
    if value(colour, "w:themeColor") in _LIGHT_THEME and not _is_colour(given):
        given = _WHITE
    if not _is_colour(given):
        return False  # automatic: black on light, white on dark
    return abs(_light(given) - _light(ground)) < _LEAST_CONTRAST


def _ground(chain: tuple[Element, ...]) -> str:
    highlight = _HIGHLIGHTS.get(value(_first(chain, "w:highlight")) or "")
    if highlight:
        return highlight
    fill = value(_first(chain, "w:shd"), "w:fill") or ""
    return fill if _is_colour(fill) else _WHITE


def _first(chain: tuple[Element, ...], name: str) -> Element | None:
    return next((found for each in chain if (found := child(each, name)) is not None), None)


def _is_colour(text: str) -> bool:
    return len(text) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in text)


def _light(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return 0.3 * red + 0.59 * green + 0.11 * blue


def is_deleted(element: Element) -> bool:
    """Tell whether a tracked change takes this away."""
    return element.tag in (q("w:del"), q("w:moveFrom"))


def is_inserted(element: Element) -> bool:
    """Tell whether a tracked change adds this."""
    return element.tag in (q("w:ins"), q("w:moveTo"))
