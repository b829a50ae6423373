"""密点 that the author of a draft names while writing: how it is written, and what it says.

None of the ways is official: a comment on the passage (`密点 机密 10年 来源：…`), a style named
`密点-机密`, brackets in the text (`【密点 机密】…【密点完】`). What the author names is a proposal:
the approval record alone decides (保守国家秘密法(2024)第十六条).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from dingmi_mark.domain.reading import written_period
from dingmi_mark.domain.terms import SecrecyLevel, SecrecyPeriod, plain
from dingmi_mark.messages import Message, say

WORD: Final = "密点"
"""What every way of naming a point begins with."""

CLOSING: Final = "密点完"
BRACKET: Final = re.compile(r"[【\[［]\s*(密点[^【】\[\]［］]{0,60}?)\s*[】\]］]")
"""What stands around a passage: `【密点 机密】` before it, `【密点完】` behind it.

The brackets that are nearer at hand on a keyboard will do.
"""

_NOTATION: Final = re.compile(
    r"密点\s*[-－—:：]?\s*(?P<level>绝密|机密|秘密)级?"
    r"(?:\s*[★\s、，,]\s*(?P<period>(?!来源)[^、，,]*?))?"
    r"(?:\s*[、，,\s]\s*来源\s*[:：]\s*(?P<source>.+?))?\s*"
)


class Authoring(Enum):
    """How the author named a point."""

    COMMENT = "批注"
    STYLE = "样式"
    BRACKETS = "括号"


@dataclass(frozen=True)
class Notation:
    """What the author wrote: the level, and period and source where the point has its own."""

    level: SecrecyLevel
    period: SecrecyPeriod | None = None
    source: str = ""


@dataclass(frozen=True)
class Place:
    """Where a paragraph stands: the part, and its number among those of the part (from 1).

    In a table `cell` is table, row and column (from 1), and the number counts within that cell.
    Paragraphs without words do not count, as in a record's anchors.
    """

    part: str
    number: int
    cell: tuple[int, int, int] | None = None

    @property
    def words(self) -> Message:
        """The place as people read it."""
        if self.cell is None:
            return say("{part}, paragraph {number}", part=self.part, number=self.number)
        table, row, column = self.cell
        return say(
            "{part}, table {table}, row {row}, column {column}, paragraph {number}",
            part=self.part,
            table=table,
            row=row,
            column=column,
            number=self.number,
        )


@dataclass(frozen=True)
class AuthoredPoint:
    """A point as the author named it: the passage, and the whole paragraphs it touches."""

    way: Authoring
    notation: Notation
    passage: str
    place: Place
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class AuthoringFault:
    """Something that was meant to name a point and cannot be read."""

    place: Place
    what: Message

    @property
    def line(self) -> Message:
        """Where, and what."""
        return say("{place}: {what}", place=self.place.words, what=self.what)


@dataclass(frozen=True)
class Authored:
    """All that the author of a draft says of its points, in the order of the text."""

    points: tuple[AuthoredPoint, ...]
    faults: tuple[AuthoringFault, ...]


def read_notation(text: str) -> Notation | None:
    """Read `密点 机密 10年 来源：…`; None where that cannot be read."""
    found = _NOTATION.fullmatch(text.strip())
    if found is None:
        return None
    spelled = (found["period"] or "").strip()
    period = written_period(spelled) if spelled else None
    if spelled and period is None:
        return None
    return Notation(SecrecyLevel(found["level"]), period, (found["source"] or "").strip())


def names_a_point(text: str) -> bool:
    """Tell whether a comment or a style's name begins as one that names a point does."""
    return plain(text).startswith(WORD)
