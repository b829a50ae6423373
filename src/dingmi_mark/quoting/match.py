"""Find the runs that a draft has in common with indexed texts, shingle by shingle.

All shingles of the draft are looked up in a shelf of the index; what they lead to is laid beside
the sketch of the indexed text and followed to both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dingmi_mark.quoting.fingerprints import (
    SHINGLE,
    WINDOW,
    Hashes,
    Sketch,
    short,
    sketch_of,
    winnowed,
)
from dingmi_mark.quoting.shelf import Shelf
from dingmi_mark.quoting.siphash import Words

Numbers = NDArray[np.int64]

COMMON: Final = 16
"""A shingle that stands in more texts than this is looked up only where it is a posted one."""

MOST: Final = 512
"""A shingle that stands in more texts than this is a form of words and leads to none of them."""

_PLACE_BITS: Final = 28
"""Bits for a place in a draft: no file of text has so many characters."""

_REACH: Final = 4 * WINDOW
"""How far a run is followed beyond its last posted shingle, which more often ends it."""


@dataclass(frozen=True)
class Runs:
    """Runs of shingles that are equal in the draft and in a text, ordered by text and place.

    `count` is of shingles; `draft` and `text` are the places of the first of them, each in its own
    document.
    """

    document: Numbers
    draft: Numbers
    text: Numbers
    count: Numbers

    def __len__(self) -> int:
        return len(self.document)

    def only(self, which: NDArray[np.bool_]) -> Runs:
        """Return some of them."""
        return Runs(self.document[which], self.draft[which], self.text[which], self.count[which])


@dataclass(frozen=True)
class Query:
    """A draft's shingles as they are looked up: on every shelf alike, so made ready once."""

    unique: Hashes
    which: Numbers
    posted: Numbers
    sketch: Sketch

    def __len__(self) -> int:
        return len(self.sketch)


def query(hashes: Words) -> Query:
    """Make the shingles of a draft ready to be looked up."""
    brief = short(hashes)
    unique, which = np.unique(brief, return_inverse=True)
    return Query(unique, which, winnowed(brief), sketch_of(hashes))


def common_runs(draft: Query, shelf: Shelf) -> Runs:
    """Return the runs of a draft's shingles that stand in texts of a shelf."""
    places, at = _looked_up(draft, shelf)
    runs = _joined(places, at, len(draft), shelf)
    return _localised(_joined_again(_followed(runs, draft.sketch, shelf)), shelf)


def _looked_up(draft: Query, shelf: Shelf) -> tuple[Numbers, Numbers]:
    """Return the places in the draft and in the sketches of every shingle that is posted."""
    last = len(shelf.posted) - 1
    if last < 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    first = np.searchsorted(shelf.posted, draft.unique, "left")
    there = np.flatnonzero(shelf.posted[np.minimum(first, last)] == draft.unique)
    times = np.zeros(len(first), dtype=np.int64)
    times[there] = np.searchsorted(shelf.posted, draft.unique[there], "right") - first[there]
    count = times[draft.which]
    wanted = count <= COMMON
    wanted[draft.posted] = count[draft.posted] <= MOST
    places = np.flatnonzero(wanted & (count > 0))
    times = count[places]
    offsets = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    rows = np.repeat(first[draft.which][places], times) + offsets
    return np.repeat(places, times), shelf.at[rows].astype(np.int64)


def _joined(draft: Numbers, at: Numbers, length: int, shelf: Shelf) -> Runs:
    """Join what follows each other so closely that no character between can differ.

    Texts stand apart in the sketch, so that nothing is joined across them.
    """
    # Diagonal and place in one number: sorting it costs a fraction of sorting one by the other.
    both = ((at - draft + length) << _PLACE_BITS) | draft
    both.sort()
    draft = both & ((1 << _PLACE_BITS) - 1)
    at = (both >> _PLACE_BITS) - length + draft
    breaks = np.diff(both) > SHINGLE
    begins = np.concatenate(([0], np.flatnonzero(breaks) + 1))[: len(both)]
    ends = np.concatenate((begins[1:], [len(both)])) - 1
    ends = ends[: len(begins)]
    document = np.searchsorted(shelf.starts, at[begins], "right") - 1
    return Runs(document, draft[begins], at[begins], draft[ends] - draft[begins] + 1)


def _followed(runs: Runs, sketch: Sketch, shelf: Shelf) -> Runs:
    """Follow every run to both sides while the sketches agree."""
    ahead = _agreeing(runs.draft - 1, runs.text - 1, runs.document, sketch, shelf, -1)
    ends = runs.draft + runs.count, runs.text + runs.count
    behind = _agreeing(*ends, runs.document, sketch, shelf, 1)
    count = runs.count + ahead + behind
    return Runs(runs.document, runs.draft - ahead, runs.text - ahead, count)


def _agreeing(
    draft: Numbers, text: Numbers, document: Numbers, sketch: Sketch, shelf: Shelf, step: int
) -> Numbers:
    """Return how many shingles agree from these places on, in one direction."""
    found = np.zeros(len(draft), dtype=np.int64)
    alive = np.arange(len(draft))
    first, last = shelf.starts[document], shelf.starts[document + 1]
    for distance in range(_REACH):
        one, other = draft[alive] + step * distance, text[alive] + step * distance
        inside = (one >= 0) & (one < len(sketch))
        inside &= (other >= first[alive]) & (other < last[alive])
        alive, one, other = alive[inside], one[inside], other[inside]
        alive = alive[sketch[one] == shelf.sketch[other]]
        if len(alive) == 0:
            break
        found[alive] += 1
    return found


def _joined_again(runs: Runs) -> Runs:
    """Join runs that reach into each other after they were followed."""
    if len(runs) == 0:
        return runs
    end = runs.draft + runs.count
    apart = (np.diff(runs.document) != 0) | (np.diff(runs.text - runs.draft) != 0)
    breaks = apart | (runs.draft[1:] > end[:-1])
    begins = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    count = np.maximum.reduceat(end, begins) - runs.draft[begins]
    return Runs(runs.document[begins], runs.draft[begins], runs.text[begins], count)


def _localised(runs: Runs, shelf: Shelf) -> Runs:
    text = runs.text - shelf.starts[runs.document]
    order = np.argsort((runs.document << _PLACE_BITS) | runs.draft, kind="stable")
    return Runs(runs.document[order], runs.draft[order], text[order], runs.count[order])
