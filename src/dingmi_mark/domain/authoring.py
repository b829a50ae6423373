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
from dingmi_mark.domain.terms import ForYears, SecrecyLevel, SecrecyPeriod, UntilDate, plain
from dingmi_mark.messages import Message, say

WORD: Final = "密点"
"""What every way of naming a point begins with."""

CLOSING: Final = "密点完"
BRACKET: Final = re.compile(r"[【\[［]\s*(密点[^【】\[\]［］]{0,60}?)\s*[】\]］]")
"""What stands around a passage: `【密点 机密】` before it, `【密点完】` behind it.

The brackets that are nearer at hand on a keyboard will do.
"""

_HEAD: Final = r"密点\s*(?:[-－—:：]\s*)?"
_OTHER_BRACKETS: Final = (
    ("（(", "）)"),
    ("〔", "〕"),
    ("〖", "〗"),
    ("{｛", "}｝"),
    ("「", "」"),
    ("『", "』"),
    ("《", "》"),
    ("〈<＜", "〉>＞"),
)
LOOK_ALIKE: Final = re.compile(
    "|".join(
        rf"[{left}]\s*{_HEAD}(?:绝密|机密|秘密)级?\s*"
        rf"(?:[★\s、，,](?:[^{left}{right}]|[{left}][^{left}{right}]{{0,20}}[{right}]){{0,60}})?"
        rf"[{right}]"
        for left, right in _OTHER_BRACKETS
    )
)
"""What was meant as `【密点 机密】` and stands in brackets that name no point."""

_NO_SECRET: Final = re.compile(
    rf"{_HEAD}(?P<what>(?:警务|审判|检察)?工作秘密|内部|(?:普通|核心)?商业秘密|敏感)"
)
_NOTATION: Final = re.compile(
    rf"{_HEAD}(?P<level>绝密|机密|秘密)级?"
    r"(?:\s*[★\s、，,]\s*(?P<period>(?!来源)[^、，,]*?))?"
    r"(?:\s*[、，,\s]\s*来源\s*[:：]\s*(?P<source>.+?))?\s*"
)

_LATE_PERIOD: Final = re.compile(
    r"(?P<source>.+?)(?:[\s、，,；;★]+|(?<=号))(?:(?:保密)?期限\s*[:：]?\s*)?"
    r"(?P<period>\d+\s*(?:年|个?月|天|日)|[^\s、，,；;★]+)"
)
"""A period that was written behind the source, as its last word."""

_LAST_YEARS: Final = 1000
"""What counts more years is no period but a year (`2020年`), which may be the source's own."""


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
    """All that the author of a draft says of its points, in the order of the text.

    `brackets`: some of it, readable or not, stands in the text itself and is seen on the page.
    """

    points: tuple[AuthoredPoint, ...]
    faults: tuple[AuthoringFault, ...]
    brackets: bool = False


def read_notation(text: str) -> Notation | None:
    """Read `密点 机密 10年 来源：…`; the period may stand last. None where that cannot be read."""
    found = _NOTATION.fullmatch(text.strip())
    if found is None:
        return None
    spelled = (found["period"] or "").strip()
    period = written_period(spelled) if spelled else None
    if spelled and period is None:
        return None
    source = (found["source"] or "").strip()
    late = _LATE_PERIOD.fullmatch(source)
    behind = written_period(late["period"]) if late is not None else None
    if late is not None and behind is not None:
        if _may_be_of_the_source(behind) or period not in (None, behind):
            return None
        period, source = behind, late["source"]
    return Notation(SecrecyLevel(found["level"]), period, source)


def _may_be_of_the_source(period: SecrecyPeriod) -> bool:
    """A day or a year behind a source: it may be the day of the source as well as a period."""
    is_year = isinstance(period, ForYears) and period.years >= _LAST_YEARS
    return is_year or isinstance(period, UntilDate)


def named_no_secret(text: str) -> str:
    """Return what is no state secret (`内部`, `工作秘密`) where a note gives that for a level.

    No mark of state secrets may be put on it (保守国家秘密法(2024)第二十二条第三款).
    """
    found = _NO_SECRET.match(text.strip())
    return found["what"] if found is not None else ""


def names_a_point(text: str) -> bool:
    """Tell whether a comment or a style's name begins as one that names a point does."""
    return plain(text).startswith(WORD)
