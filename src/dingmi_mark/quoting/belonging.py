"""Which stretches of a text a passage belongs to, and whether some of it stands in none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from dingmi_mark.quoting.fingerprints import SHINGLE

Stretch: TypeAlias = tuple[int, int]
"""From which code of a text to which (exclusive)."""

_LEAST: Final = SHINGLE
"""Fewer characters beyond a border are what two texts have in common by chance: no less than a
shingle is ever found for itself. A stretch that is shorter counts where all of it is in a passage.
"""


@dataclass(frozen=True)
class Belonging:
    """To what a passage belongs: the numbers of stretches, and whether some of it is `beyond`."""

    stretches: tuple[int, ...]
    beyond: bool


def belonging(passage: Stretch, stretches: Sequence[Stretch], length: int) -> Belonging:
    """Return what a passage of a text of so many codes touches. Stretches may overlap."""
    gaps = tuple(_gaps(stretches, length))
    for least in (_LEAST, 1):
        touched = tuple(
            number for number, each in enumerate(stretches) if _touches(passage, each, least)
        )
        beyond = any(_touches(passage, gap, least) for gap in gaps)
        if touched or beyond:
            return Belonging(touched, beyond)
    return Belonging((), True)


def _touches(passage: Stretch, stretch: Stretch, least: int) -> bool:
    common = min(passage[1], stretch[1]) - max(passage[0], stretch[0])
    return common >= min(least, stretch[1] - stretch[0])


def _gaps(stretches: Sequence[Stretch], length: int) -> Iterator[Stretch]:
    done = 0
    for start, end in sorted(stretches):
        if start > done:
            yield done, start
        done = max(done, end)
    if length > done:
        yield done, length
