"""How well and how fast quotations are found: `python benchmarks/quotations.py [--small]`.

Prints recall by way of editing and length, and false alarms, on the labelled set.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
from quotation_set import LENGTHS, Edit, LabelledDraft, LabelledSet, labelled_set

from dingmi_mark.quoting.fingerprints import fingerprints, shingles
from dingmi_mark.quoting.match import common_runs, query
from dingmi_mark.quoting.normal import normal
from dingmi_mark.quoting.passages import Lengths, Passage, passages, public_codes
from dingmi_mark.quoting.shelf import Shelf, shelved

KEY = bytes(range(16))


@dataclass(frozen=True)
class Index:
    """Sources and public texts in memory."""

    shelf: Shelf
    public: np.ndarray

    def find(self, text: str, lengths: Lengths) -> list[tuple[Passage, int, int]]:
        """Return quotations with their places in the text."""
        draft = normal(text)
        hashes = shingles(draft.codes, KEY)
        public = public_codes(hashes, self.public, len(draft))
        found = passages(common_runs(query(hashes), self.shelf), draft, public, lengths)
        return [(each, *draft.stretch(each.start, each.end)) for each in found]


def indexed(labelled: LabelledSet) -> Index:
    """Index a labelled set."""
    prints = [fingerprints(normal(text).codes, KEY) for text in labelled.sources]
    public = [shingles(normal(text).codes, KEY) for text in labelled.boilerplate]
    return Index(shelved(prints), np.unique(np.concatenate(public)))


def hit(index: Index, draft: LabelledDraft, family: tuple[int, ...], lengths: Lengths) -> bool:
    """Tell whether the planted quotation was found: at its place, in a text of its family."""
    return any(
        family[each.document] == family[draft.source or 0]
        and min(end, draft.end) - max(start, draft.start) >= (draft.end - draft.start) / 2
        for each, start, end in index.find(draft.text, lengths)
    )


@dataclass(frozen=True)
class Quality:
    """What was found of what was planted, by way of editing and length; alarms for nothing."""

    found: Counter[tuple[Edit, int]]
    every: Counter[tuple[Edit, int]]
    alarms: int
    innocent: int

    def recall(self, edit: Edit, length: int) -> float:
        """Return the share that was found of one cell."""
        return self.found[edit, length] / self.every[edit, length]

    def recall_from(self, edit: Edit, length: int) -> float:
        """Return the share that was found from a length on."""
        cells = [n for n in LENGTHS if n >= length]
        return sum(self.found[edit, n] for n in cells) / sum(self.every[edit, n] for n in cells)

    @property
    def alarm_share(self) -> float:
        """Return the share of drafts without a quotation that raise an alarm."""
        return self.alarms / self.innocent


def quality(sources: int, drafts: int) -> Quality:
    """Make a labelled set and search every draft of it."""
    labelled = labelled_set(sources, drafts)
    index, lengths = indexed(labelled), Lengths()
    found: Counter[tuple[Edit, int]] = Counter()
    every: Counter[tuple[Edit, int]] = Counter()
    for draft in labelled.quoting:
        assert draft.edit is not None
        every[draft.edit, draft.length] += 1
        found[draft.edit, draft.length] += hit(index, draft, labelled.family, lengths)
    alarms = sum(bool(index.find(draft.text, lengths)) for draft in labelled.innocent)
    return Quality(found, every, alarms, len(labelled.innocent))


def main(arguments: list[str]) -> int:
    """Print the figures; 1 where a goal is missed."""
    small = "--small" in arguments
    found = quality(200 if small else 2000, 20 if small else 100)
    print("length   " + "".join(f"{length:>8}" for length in LENGTHS))
    for edit in Edit:
        cells = (f"{100 * found.recall(edit, length):8.1f}" for length in LENGTHS)
        print(f"{edit.value:9}" + "".join(cells))
    print(f"false alarms: {found.alarms} of {found.innocent} drafts that quote nothing")
    good = found.recall_from(Edit.VERBATIM, 30) >= 0.999
    good &= found.recall_from(Edit.LIGHT, 60) >= 0.95
    return 0 if good and found.alarm_share <= 0.01 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
