"""Text made comparable: width, punctuation, spaces, line breaks, 繁简, figures; with the way back.

What stays is letters and figures. Every one keeps its place in the text it comes from, so that a
quotation that is found can be shown as the author typed it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dingmi_mark.quoting.simplified import SIMPLIFIED

Codes = NDArray[np.uint32]
Places = NDArray[np.int64]

_FIGURES: Final = dict(
    zip("〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖", "00123456789123456789", strict=True)
)
_TENS: Final = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_ZEROS: Final = "〇零"
_ONES: Final = "".join(_FIGURES)
_NUMERAL: Final = re.compile(f"[{_ONES}]*[{''.join(_TENS)}][{_ONES}{''.join(_TENS)}]*")


@dataclass(frozen=True)
class Normal:
    """A comparable text: the code points that are left, and the place of each in the original.

    `visible[i]` counts the characters before place i that are no white space.
    """

    codes: Codes
    places: Places
    visible: Places

    def __len__(self) -> int:
        return len(self.codes)

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """Return from which place to which (exclusive) codes[start:end] stand in the original."""
        return int(self.places[start]), int(self.places[end - 1]) + 1

    def length(self, start: int, end: int) -> int:
        """Return how many characters that are seen stand from codes[start] to codes[end - 1]."""
        first, last = self.stretch(start, end)
        return int(self.visible[last] - self.visible[first])

    def around(self, start: int, end: int) -> int:
        """Return how many marks of punctuation adjoin codes[start:end], two a side at most."""
        first, last = self.stretch(start, end)
        before = int(self.places[start - 1]) + 1 if start else 0
        after = int(self.places[end]) if end < len(self.codes) else len(self.visible) - 1
        ahead = self.visible[first] - self.visible[before]
        behind = self.visible[after] - self.visible[last]
        return min(2, int(ahead)) + min(2, int(behind))


def normal(text: str) -> Normal:
    """Make a text comparable."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    unique, which = np.unique(raw, return_inverse=True)
    folded = [_folded(int(code)) for code in unique]
    lengths = np.array([len(each) for each in folded], dtype=np.int64)[which]
    firsts = np.array([ord(each[0]) if each else 0 for each in folded], dtype=np.uint32)[which]
    places = np.repeat(np.arange(len(raw), dtype=np.int64), lengths)
    codes = np.repeat(firsts, lengths)
    _fill_long(codes, folded, which, lengths)
    spaces = np.array([chr(code).isspace() for code in unique], dtype=bool)[which]
    visible = np.concatenate(([0], np.cumsum(~spaces))).astype(np.int64)
    return Normal(*_with_figures(codes, places), visible)


def _fill_long(codes: Codes, folded: list[str], which: Places, lengths: Places) -> None:
    """Put in what a single character becomes that is written out (㎡ as m2)."""
    ends = np.cumsum(lengths)
    for number in np.flatnonzero(lengths > 1):
        written = folded[which[number]]
        end = int(ends[number])
        codes[end - len(written) : end] = [ord(each) for each in written]


@cache
def _folded(code: int) -> str:
    """Return what a character counts as: nothing for white space, marks and signs."""
    return "".join(
        letter
        for wide in unicodedata.normalize("NFKC", chr(code))
        for letter in SIMPLIFIED.get(wide, wide).casefold()
        if unicodedata.category(letter)[0] in "LN"
    )


def _with_figures(codes: Codes, places: Places) -> tuple[Codes, Places]:
    """Write Chinese figures as Arabic ones: 二〇二六 as 2026, 三十二 as 32."""
    text = codes.tobytes().decode("utf-32-le", "surrogatepass")
    parts: list[Codes] = []
    where: list[Places] = []
    done = 0
    for start, end, figures in _numerals(text):
        parts += [codes[done:start], np.array([ord(f) for f in figures], dtype=np.uint32)]
        inside = np.minimum(np.arange(len(figures)), end - start - 1) + start
        where += [places[done:start], places[inside]]
        done = end
    parts.append(codes[done:])
    where.append(places[done:])
    written = np.concatenate(parts)
    for figure, arabic in _FIGURES.items():
        written[written == ord(figure)] = ord(arabic)
    return written, np.concatenate(where)


def _numerals(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _NUMERAL.finditer(text):
        yield found.start(), found.end(), _as_figures(found.group())


@cache
def _as_figures(numeral: str) -> str:
    """Return a numeral in figures; one that is no whole number stays (百)."""
    number = _value(numeral)
    return numeral if number is None else str(number)


def _value(numeral: str) -> int | None:
    """Return the value of 十五, 三百零二 …; None for what is not written like that."""
    total, last, least = 0, None, 10_000
    for each in numeral:
        if each in _TENS:
            unit = _TENS[each]
            if unit >= least or (last is None and (unit != 10 or total)) or last == 0:
                return None
            total, last, least = total + (1 if last is None else last) * unit, None, unit
        elif last:
            return None
        else:
            last = int(_FIGURES[each])
    if last and least > 10 and numeral[-2] not in _ZEROS:
        return None
    return total + (last or 0)
