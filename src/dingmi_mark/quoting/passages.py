"""Which of the common runs are quotations: long enough as they stand, or edited and together.

Lengths are of characters as the author typed them, white space not counted. What stands in public
texts (boilerplate, laws) is not counted for itself: it makes no quotation alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dingmi_mark.quoting.fingerprints import SHINGLE
from dingmi_mark.quoting.match import Numbers, Runs
from dingmi_mark.quoting.normal import Codes, Normal

_GAP: Final = 24
"""Characters between two runs of one edited quotation, at most."""

_MOVED: Final = 48
"""How far a run may stand off its place in the text: words that were put elsewhere."""

_CELL: Final = 128
_DIAGONAL: Final = 64
_CELLS: Final = 262_139
_LETTERS: Final = 0.6
_LETTERS_TOGETHER: Final = 0.8
"""Share of letters and figures below which no passage lies: the rest is punctuation."""

_DISTINCT: Final = 8
"""Fewer different characters than this are no words: rows of noughts, ruled lines."""

_HAN: Final = 0x3400
_LATIN: Final = 0.5
"""What a letter or figure weighs beside a Chinese character: a word has several."""

_OWN: Final = 15
"""So many characters of a quotation must stand in no public text."""

_LONG: Final = 100
_DENSE: Final = 0.5
_DENSER: Final = 0.68
"""Share of an edited quotation that must be unchanged: of a long one, and of others."""

PUBLIC_RUN: Final = 12
"""From so many characters in a row on, what stands in a public text is taken from there."""


@dataclass(frozen=True)
class Lengths:
    """From how many characters on a passage is a quotation: as it stands; unchanged of edited."""

    verbatim: int = 30
    edited: int = 38


@dataclass(frozen=True)
class Passage:
    """A quotation: codes `start` to `end` of the draft, `text_start` to `text_end` of the text.

    `matched` are the stretches that are the same, of `characters` together; `exact` tells that
    nothing between them was changed, as far as letters and figures go.
    """

    document: int
    start: int
    end: int
    text_start: int
    text_end: int
    matched: tuple[tuple[int, int], ...]
    characters: int
    exact: bool


@dataclass(eq=False)
class _Cluster:
    """Runs of one document that stand near each other in both texts."""

    runs: list[tuple[int, int, int]] = field(default_factory=list)
    end: int = 0
    low: int = 0
    high: int = 0

    @property
    def characters(self) -> int:
        """How many letters and figures it may have at most."""
        return sum(length for _, _, length in self.runs)

    @property
    def in_text(self) -> list[tuple[int, int]]:
        """Where the runs stand in the text."""
        return [(text, text + length) for _, text, length in self.runs]

    def takes(self, draft: int, text: int, length: int) -> bool:
        """Take a run, if it is near."""
        near = draft - self.end <= _GAP and self.low - _MOVED <= text + length
        if self.runs and not (near and text <= self.high + _MOVED):
            return False
        if not self.runs:
            self.low = text
        self.runs.append((draft, text, length))
        self.end = max(self.end, draft + length)
        self.low, self.high = min(self.low, text), max(self.high, text + length)
        return True


def passages(
    runs: Runs, draft: Normal, public: NDArray[np.bool_], lengths: Lengths
) -> tuple[Passage, ...]:
    """Return the quotations among runs, ordered by text and place. `public` is a flag a code."""
    kept = runs.only(_together(runs, lengths))
    found = []
    for document, cluster in _clusters(kept):
        passage = _passage(document, cluster, draft, public, lengths)
        if passage is not None:
            found.append(passage)
    return tuple(found)


def public_codes(
    hashes: NDArray[np.uint64], known: NDArray[np.uint64], codes: int
) -> NDArray[np.bool_]:
    """Return for every code whether it stands in a public text; `known` are all their shingles."""
    flags = np.zeros(codes, dtype=bool)
    if len(known) == 0 or len(hashes) == 0:
        return flags
    where = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    same = np.concatenate(([False], known[where] == hashes, [False]))
    turns = np.flatnonzero(np.diff(same.astype(np.int8)))
    for begin, end in zip(turns[::2], turns[1::2], strict=True):
        if end - begin + SHINGLE - 1 >= PUBLIC_RUN:
            flags[begin : end + SHINGLE - 1] = True
    return flags


def _together(runs: Runs, lengths: Lengths) -> NDArray[np.bool_]:
    """Tell which runs are long, or have enough others near them to be part of a quotation."""
    characters = runs.count + SHINGLE - 1
    keep = characters >= lengths.verbatim * _LETTERS
    diagonal = runs.text - runs.draft
    least = lengths.edited * _LETTERS_TOGETHER
    for by_draft in (0, _CELL // 2):
        for by_diagonal in (0, _DIAGONAL // 2):
            cell = _cells(runs, by_draft, diagonal + by_diagonal)
            keep |= np.bincount(cell, weights=characters)[cell] >= least
    return keep


def _cells(runs: Runs, by_draft: int, diagonal: Numbers) -> Numbers:
    """Return a number for each run that those near it in both texts share; a few others may too."""
    across, along = diagonal // _DIAGONAL, (runs.draft + by_draft) // _CELL
    return (runs.document * 40_503 + across * 7_919 + along) % _CELLS


def _clusters(runs: Runs) -> Iterator[tuple[int, _Cluster]]:
    columns = (runs.document, runs.draft, runs.text, runs.count + SHINGLE - 1)
    now, open_ones = -1, list[_Cluster]()
    for document, draft, text, length in zip(*(c.tolist() for c in columns), strict=True):
        done = [c for c in open_ones if document != now or draft - c.end > _GAP]
        yield from ((now, cluster) for cluster in done)
        open_ones = [cluster for cluster in open_ones if cluster not in done]
        now = document
        if not any(cluster.takes(draft, text, length) for cluster in open_ones):
            new = _Cluster()
            new.takes(draft, text, length)
            open_ones.append(new)
    yield from ((now, cluster) for cluster in open_ones)


def _passage(
    document: int,
    cluster: _Cluster,
    draft: Normal,
    public: NDArray[np.bool_],
    lengths: Lengths,
) -> Passage | None:
    if cluster.characters < min(lengths.verbatim * _LETTERS, lengths.edited * _LETTERS_TOGETHER):
        return None
    stretches = _united([(start, start + length) for start, _, length in cluster.runs])
    start, end = stretches[0][0], stretches[-1][1]
    exact = [each for each in stretches if _is_exact(*each, draft, public, lengths)]
    characters = sum(draft.length(*each) for each in stretches)
    if not exact and not _is_edited(cluster, stretches, draft, public, lengths):
        return None
    text = cluster.low, cluster.high
    return Passage(document, start, end, *text, stretches, characters, len(cluster.runs) == 1)


def _is_exact(
    start: int, end: int, draft: Normal, public: NDArray[np.bool_], lengths: Lengths
) -> bool:
    """Tell whether a stretch is long enough as it stands; punctuation at its ends may belong."""
    length = draft.length(start, end) + draft.around(start, end)
    return length >= lengths.verbatim and _has_words(*_codes([(start, end)], draft, public))


def _is_edited(
    cluster: _Cluster,
    stretches: Sequence[tuple[int, int]],
    draft: Normal,
    public: NDArray[np.bool_],
    lengths: Lengths,
) -> bool:
    """Tell whether what is unchanged is enough, and stands close enough, to be one quotation."""
    same = sum(draft.length(*each) for each in stretches)
    span = draft.length(stretches[0][0], stretches[-1][1])
    if same < (_DENSE if same >= _LONG else _DENSER) * span:
        return False
    codes, own = _codes(stretches, draft, public)
    once = sum(end - start for start, end in _united(cluster.in_text))
    weight = float(np.where(own < _HAN, _LATIN, 1.0).sum()) * min(1.0, once / len(codes))
    return weight * same / len(codes) >= lengths.edited and _has_words(codes, own)


def _codes(
    stretches: Sequence[tuple[int, int]], draft: Normal, public: NDArray[np.bool_]
) -> tuple[Codes, Codes]:
    """Return all codes of stretches, and those that stand in no public text."""
    codes = np.concatenate([draft.codes[start:end] for start, end in stretches])
    flags = np.concatenate([public[start:end] for start, end in stretches])
    return codes, codes[~flags]


def _has_words(codes: Codes, own: Codes) -> bool:
    return len(own) >= min(_OWN, len(codes)) and len(np.unique(codes)) >= _DISTINCT


def _united(stretches: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)
