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


def main(arguments: list[str]) -> int:
    small = "--small" in arguments
    labelled = labelled_set(200 if small else 2000, 20 if small else 100)
    index = indexed(labelled)
    lengths = Lengths()
    found: Counter[tuple[Edit, int]] = Counter()
    every: Counter[tuple[Edit, int]] = Counter()
    for draft in labelled.quoting:
        assert draft.edit is not None
        every[draft.edit, draft.length] += 1
        found[draft.edit, draft.length] += hit(index, draft, labelled.family, lengths)
    if "--show" in arguments:
        for d in [
            d
            for d in labelled.quoting
            if d.edit in (Edit.VERBATIM, Edit.TYPESET, Edit.LIGHT)
            and d.length >= 30
            and not hit(index, d, labelled.family, lengths)
        ][:20]:
            print(
                d.edit,
                d.length,
                repr(d.text[d.start - 3 : d.end + 3]),
                [
                    (labelled.family[x.document], labelled.family[d.source], a - d.start, b - d.end)
                    for x, a, b in index.find(d.text, lengths)
                ],
            )
    print("length   " + "".join(f"{length:>8}" for length in LENGTHS))
    for edit in Edit:
        cells = (found[edit, n] / every[edit, n] for n in LENGTHS)
        print(f"{edit.value:9}" + "".join(f"{100 * cell:8.1f}" for cell in cells))
    alarms = [d for d in labelled.innocent if index.find(d.text, lengths)]
    print(f"false alarms: {len(alarms)} of {len(labelled.innocent)} drafts")
    if "--show" in arguments:
        for d in alarms[:10]:
            for p, a, b in index.find(d.text, lengths)[:2]:
                print(p.document, p.characters, p.exact, repr(d.text[a:b]), p.matched)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
