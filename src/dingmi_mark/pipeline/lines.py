"""Put together what a program set in pieces: one line of text is one line to the reader.

A `★` from another font than `机密` and `10年`, or the gap LibreOffice leaves between figures and
ideographs, cuts one mark into several lines of the rendered page.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.base import TextLine

_GAP_SHARE = 0.6
"""Pieces nearer to each other than this share of their height belong together."""

_SPACED_SHARE = 2.2
"""The same where a level is spaced out as in older papers (`秘　密★5年`); Word sets the gap
without a character.
"""
_FIRST_HALVES, _SECOND_HALF = tuple({level.value[0] for level in SecrecyLevel}), "密"

_OVERLAP_SHARE = 0.5
"""Pieces on one base line share at least this much of their height."""


def joined(lines: Iterable[TextLine]) -> tuple[TextLine, ...]:
    """Join neighbouring pieces, left to right; lines without a place stay as they are."""
    whole: list[TextLine] = []
    for line in sorted(lines, key=_place):
        for number in range(len(whole) - 1, -1, -1):
            if _continues(whole[number], line):
                whole[number] = _together(whole[number], line)
                break
        else:
            whole.append(line)
    return tuple(whole)


def _place(line: TextLine) -> tuple[int, float, float]:
    return (line.page, line.box.x, line.box.y) if line.box else (line.page, -1.0, -1.0)


def _continues(left: TextLine, right: TextLine) -> bool:
    one, other = left.box, right.box
    if one is None or other is None or left.page != right.page:
        return False
    if not (left.upright and right.upright):
        return False
    height = min(one.height, other.height)
    shared = min(one.bottom, other.bottom) - max(one.y, other.y)
    gap = other.x - one.right
    most = _SPACED_SHARE if _is_spaced_level(left, right) else _GAP_SHARE
    near = -0.5 * height <= gap <= most * height
    return near and shared >= _OVERLAP_SHARE * height


def _is_spaced_level(left: TextLine, right: TextLine) -> bool:
    return left.text.endswith(_FIRST_HALVES) and right.text.startswith(_SECOND_HALF)


def _together(left: TextLine, right: TextLine) -> TextLine:
    one, other = left.box, right.box
    assert one is not None and other is not None
    x, y = one.x, min(one.y, other.y)
    box = Box(x, y, max(one.right, other.right) - x, max(one.bottom, other.bottom) - y)
    return replace(left, text=left.text + right.text, box=box)
