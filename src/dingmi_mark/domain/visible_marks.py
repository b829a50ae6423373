"""Find the mark that a foreign document shows at the head of its first page (R11).

Pure text: where the lines stand is told by the caller. In the older practice the mark stands at the
top right, since GB/T 9704-2012 at the top left; nothing is guessed where two of them disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from dingmi_mark.domain.reading import (
    ReadMark,
    read_mark,
    read_proposed_mark,
    written_period,
)
from dingmi_mark.domain.terms import STAR, ForYears, SecrecyLevel, plain

HEAD_MM: Final = 110.0
"""Down to here a line with ★ is the mark of the document (own choice; R17, R20)."""

BARE_MM: Final = 80.0
"""Down to here a level word by itself is a mark and not a cell of some table (own choice)."""

_LABELLED: Final = re.compile(r"^密级(?:和保密期限|与保密期限|、保密期限)?[:：]")
_TWO_LABELS: Final = re.compile(
    rf"^密级[:：]?({'|'.join(level.value for level in SecrecyLevel)})级?[,，;；、]?"
    r"(?:保密)?期限[:：]?(.+)$"
)
_APART: Final = re.compile(r"\t|\s{2,}")
"""What keeps two things in one row apart (`示密〔2026〕3号      机密★10年`)."""


_NEIGHBOUR: Final = re.compile(r"^(?:\d{6}(?=\D)|特急|加急|特提|平急)|(?:特急|加急|特提|平急)$")
"""Copy number and urgency, which some set in one row with the mark."""


_PERIOD_LABEL: Final = re.compile(r"^(?:保密)?期限[:：]?|^★")
_FIRST_YEAR: Final = 1000
"""`2026年` is a year and no period."""
_RELEASE: Final = re.compile(
    r"^\(?(?:已|提前|公布|期满自行)?解密\)?(?:\d{4}年\d{1,2}月\d{1,2}日.*)?$"
)


class Corner(Enum):
    """Where on the first page a mark stands."""

    LEFT = "左上角"
    RIGHT = "右上角"
    HEAD = "首页上部"


@dataclass(frozen=True)
class SeenLine:
    """A line of the first page.

    `middle` is where it stands from left (0) to right (1), `bottom_mm` its lower edge; both None
    where the format has no places.
    """

    text: str
    middle: float | None = None
    bottom_mm: float | None = None

    @property
    def corner(self) -> Corner:
        """The corner it stands in."""
        if self.middle is None:
            return Corner.HEAD
        return Corner.LEFT if self.middle < 0.5 else Corner.RIGHT


@dataclass(frozen=True)
class SeenMark:
    """A mark, and in which corner it stands; `proposed`: it is a provisional one (拟定)."""

    read: ReadMark
    corner: Corner
    proposed: bool = False


@dataclass(frozen=True)
class Contradiction:
    """Two marks on one page that do not say the same."""

    one: SeenMark
    other: SeenMark


def marks_in(lines: Iterable[SeenLine]) -> tuple[SeenMark, ...]:
    """Return every mark in the head of a first page, in the order of the lines."""
    return tuple(seen for line in lines for seen in _in_line(line))


def the_mark(seen: Iterable[SeenMark]) -> SeenMark | Contradiction | None:
    """Return the one mark that all of them say, with its period where one states it."""
    chosen: SeenMark | None = None
    for mark in seen:
        if chosen is None:
            chosen = mark
        elif not _agree(chosen, mark):
            return Contradiction(chosen, mark)
        elif chosen.read.period is None:
            chosen = mark
    return chosen


def bare_mark(text: str) -> str:
    """Return a mark's own words, without spaces, copy number and urgency beside it."""
    return _NEIGHBOUR.sub("", plain(text))


def is_lone_period(line: str) -> bool:
    """Tell whether a line is a period by itself: the second half of a mark that was set in two."""
    period = written_period(_PERIOD_LABEL.sub("", plain(line)))
    is_a_year = isinstance(period, ForYears) and period.years >= _FIRST_YEAR
    return period is not None and not is_a_year


def is_release(line: str) -> bool:
    """Tell whether a line says that the paper was released (`解密 2020年1月1日`)."""
    return _RELEASE.match(plain(line)) is not None


def _agree(one: SeenMark, other: SeenMark) -> bool:
    periods = {one.read.period, other.read.period} - {None}
    same = one.proposed == other.proposed and one.read.level is other.read.level
    return same and len(periods) < 2


def _in_line(line: SeenLine) -> Iterator[SeenMark]:
    whole = _read(line.text, line)
    if whole is not None:
        yield whole
        return
    parts = _APART.split(line.text.strip())
    yield from (found for part in parts if (found := _read(part, line)) is not None)


def _read(text: str, line: SeenLine) -> SeenMark | None:
    bare = bare_mark(text)
    proposed = read_proposed_mark(bare)
    if proposed is not None:
        return SeenMark(proposed, line.corner, proposed=True)
    unlabelled = _LABELLED.sub("", bare)
    read = _two_labels(bare, text) or read_mark(unlabelled)
    if read is None:
        return None
    limit = BARE_MM if read.period is None and STAR not in unlabelled else HEAD_MM
    if line.bottom_mm is not None and line.bottom_mm > limit:
        return None
    return SeenMark(ReadMark(read.level, read.period, text.strip(), read.conforms), line.corner)


def _two_labels(bare: str, text: str) -> ReadMark | None:
    """Read `密级：机密 保密期限：10年`, as some systems print it."""
    found = _TWO_LABELS.match(bare)
    read = read_mark(f"{found[1]}{found[2]}") if found else None
    return None if read is None else ReadMark(read.level, read.period, text.strip(), False)
