"""A shelf: a part of the index as plain arrays, sorted, so that it is searched and merged fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dingmi_mark.quoting.fingerprints import Fingerprints, Hashes, Sketch

LONGEST: Final = 1 << 32
"""Characters of all texts of a shelf together, at most: places are 32 bits wide."""


@dataclass(frozen=True)
class Shelf:
    """Indexed texts: their posted shingles in order, each with its place in the joined sketches.

    `starts` are where the sketch of each text begins, and at last where the last one ends.
    """

    posted: Hashes
    at: NDArray[np.uint32]
    sketch: Sketch
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1


def shelved(prints: Sequence[Fingerprints]) -> Shelf:
    """Put texts on one shelf, in their order. Raises ValueError for more than it holds."""
    return _sorted(
        [each.posted for each in prints],
        [each.at for each in prints],
        [each.sketch for each in prints],
        np.array([len(each.sketch) for each in prints], dtype=np.int64),
    )


def merged(shelves: Sequence[Shelf]) -> Shelf:
    """Put all texts of some shelves on one, in their order. Raises ValueError as `shelved`."""
    return _sorted(
        [each.posted for each in shelves],
        [each.at for each in shelves],
        [each.sketch for each in shelves],
        np.concatenate([np.diff(each.starts) for each in shelves]),
    )


def _sorted(
    posted: Sequence[Hashes],
    at: Sequence[NDArray[np.uint32]],
    sketches: Sequence[Sketch],
    lengths: NDArray[np.int64],
) -> Shelf:
    starts = np.concatenate(([0], np.cumsum(lengths)))
    if starts[-1] >= LONGEST:
        raise ValueError("more characters than a shelf holds")
    firsts = _firsts(sketches)
    hashes = np.concatenate(posted)
    places = np.concatenate(
        [each + np.uint32(first) for each, first in zip(at, firsts, strict=True)]
    )
    # Both in one number: sorting it costs a fraction of sorting one by the other.
    both = (hashes.astype(np.uint64) << np.uint64(32)) | places
    both.sort()
    return Shelf(
        (both >> np.uint64(32)).astype(np.uint32),
        both.astype(np.uint32),
        np.concatenate(sketches),
        starts,
    )


def _firsts(sketches: Sequence[Sketch]) -> list[int]:
    first, found = 0, []
    for sketch in sketches:
        found.append(first)
        first += len(sketch)
    return found
