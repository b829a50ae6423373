"""Fingerprints of a text: every six characters in a row as a keyed number, some of them posted.

The *sketch* has 8 bits of every shingle, in their order: it tells where two texts agree that were
laid beside each other. The *posted* shingles, 32 bits with their place, tell which texts to lay
there. Posted is the least of every six in a row (winnowing: Schleimer, Wilkerson, Aiken 2003), so
that of any eleven characters that are quoted as they stand one shingle is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dingmi_mark.quoting.normal import Codes
from dingmi_mark.quoting.siphash import Words, siphash

SHINGLE: Final = 6
"""Characters of a shingle; light edits leave enough of them whole (half of them at one in ten)."""

WINDOW: Final = 6
"""Of so many shingles in a row one is posted. Not more than SHINGLE: posted ones then overlap."""

_BITS: Final = np.uint64(21)
_LOW: Final = np.uint64(0xFFFFFFFF)
_TOP: Final = np.uint64(56)

Hashes = NDArray[np.uint32]
Sketch = NDArray[np.uint8]


@dataclass(frozen=True)
class Fingerprints:
    """A text as keyed numbers: `posted[i]` is the shingle at place `at[i]`.

    The sketch ends with a gap, so that texts that follow each other are not read as one.
    """

    posted: Hashes
    at: NDArray[np.uint32]
    sketch: Sketch


def shingles(codes: Codes, key: bytes) -> Words:
    """Return the keyed hash of every shingle; none for a text shorter than one."""
    count = max(0, len(codes) - SHINGLE + 1)
    wide = codes.astype(np.uint64)
    halves = []
    for begin in (0, 3):
        word = np.zeros(count, dtype=np.uint64)
        for place in range(begin, begin + 3):
            word = (word << _BITS) | wide[place : place + count]
        halves.append(word)
    return siphash(halves[0], halves[1], key)


def short(hashes: Words) -> Hashes:
    """Return the 32 bits by which a shingle is posted."""
    return (hashes & _LOW).astype(np.uint32)


def sketch_of(hashes: Words) -> Sketch:
    """Return the 8 bits of each shingle that stand in the sketch; others than the posted ones."""
    return (hashes >> _TOP).astype(np.uint8)


def winnowed(hashes: Hashes) -> NDArray[np.int64]:
    """Return the places of the shingles that are posted: the least of each window."""
    if len(hashes) == 0:
        return np.zeros(0, dtype=np.int64)
    width = min(WINDOW, len(hashes))
    windows = np.lib.stride_tricks.sliding_window_view(hashes[::-1], width)
    least = np.arange(len(windows)) + np.argmin(windows, axis=1)
    return np.unique(len(hashes) - 1 - least)


def fingerprints(codes: Codes, key: bytes) -> Fingerprints:
    """Return the fingerprints of a comparable text."""
    hashes = shingles(codes, key)
    brief = short(hashes)
    at = winnowed(brief)
    gap = np.zeros(SHINGLE, dtype=np.uint8)
    return Fingerprints(brief[at], at.astype(np.uint32), np.concatenate((sketch_of(hashes), gap)))
