"""密级、保密期限、国家秘密标志: the three words a mark is made of, compared, read and written.

Stored values are always the Chinese words. The English names are for code only: in US usage
SECRET would be 机密, so they are never printed.
"""

from __future__ import annotations

import calendar
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import total_ordering
from typing import TypeAlias, assert_never

STAR = "★"
PROPOSED = "拟定"


@total_ordering
class SecrecyLevel(Enum):
    """密级: exactly one of 绝密 > 机密 > 秘密 (保守国家秘密法(2024)第十四条; R1)."""

    SECRET = "秘密"
    HIGHLY_SECRET = "机密"
    TOP_SECRET = "绝密"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, SecrecyLevel):
            return NotImplemented
        order = list(SecrecyLevel)
        return order.index(self) < order.index(other)

    @classmethod
    def named(cls, text: str) -> SecrecyLevel | None:
        """Return the level a text names (`机密` or `机密级`), else None."""
        bare = _without_spaces(text).removesuffix("级")
        return next((level for level in cls if level.value == bare), None)


@dataclass(frozen=True)
class ForYears:
    """保密期限 in whole years, the ordinary kind (`机密★10年`)."""

    years: int


@dataclass(frozen=True)
class ForMonths:
    """保密期限 in months, the kind for periods under one year (R4)."""

    months: int


@dataclass(frozen=True)
class ForDays:
    """保密期限 in days, only where the record gives days."""

    days: int


@dataclass(frozen=True)
class UntilDate:
    """解密时间: secret through this day (the safe reading; R5)."""

    day: date


@dataclass(frozen=True)
class UntilCondition:
    """解密条件: secret until the named event happens (R6)."""

    condition: str


@dataclass(frozen=True)
class LongTerm:
    """长期: never without a special basis in the record (R7)."""


SecrecyPeriod: TypeAlias = ForYears | ForMonths | ForDays | UntilDate | UntilCondition | LongTerm


def period_text(period: SecrecyPeriod) -> str:
    """Write the period as it stands after the ★ (R3-R7): `10年`, `6个月`, `2030年3月15日`.

    Months that are whole years are written in years (R4: 12个月 is 1年).
    """
    match period:
        case ForYears(years):
            return f"{years}年"
        case ForMonths(months) if months % 12 == 0:
            return f"{months // 12}年"
        case ForMonths(months):
            return f"{months}个月"
        case ForDays(days):
            return f"{days}日"
        case UntilDate(day):
            return f"{day.year}年{day.month}月{day.day}日"
        case UntilCondition(condition):
            return condition
        case LongTerm():
            return "长期"
        case _:
            assert_never(period)


def last_secret_day(period: SecrecyPeriod, start: date) -> date | None:
    """Return the last day the matter is secret, None where no day can be computed.

    `start` is the 制发日 (or 通知日), which itself is not counted; a month without that day ends
    on its last day. 保守国家秘密法实施条例(2024)第十九条第二款; counting by analogy with
    民法典第二百零一条、第二百零二条 (inferred, R12). Raises OverflowError beyond year 9999.
    """
    match period:
        case ForYears(years):
            return months_later(start, years * 12)
        case ForMonths(months):
            return months_later(start, months)
        case ForDays(days):
            return start + timedelta(days=days)
        case UntilDate(day):
            return day
        case UntilCondition() | LongTerm():
            return None
        case _:
            assert_never(period)


def released_from(period: SecrecyPeriod, start: date) -> date | None:
    """Return the first day the matter is no longer secret: the day after the last secret day."""
    last = last_secret_day(period, start)
    return None if last is None else last + timedelta(days=1)


@dataclass(frozen=True)
class Marking:
    """国家秘密标志: level and period as they stand on the paper."""

    level: SecrecyLevel
    period: SecrecyPeriod

    @property
    def text(self) -> str:
        """`密级★保密期限`, no spaces, no brackets (暂行规定(2014)第二十四条第一款; R2)."""
        return f"{self.level.value}{STAR}{period_text(self.period)}"

    @property
    def proposed_text(self) -> str:
        """The same before its approval: visibly 拟定, without ★ (R28; 实施条例(2014)第十七条)."""
        return f"{PROPOSED} {self.level.value} {period_text(self.period)}"


def plain(text: str) -> str:
    """Fold width variants and drop all white space, as marks are compared.

    Folded twice: folding makes spaces (of “¯”), and what they kept apart composes once they go.
    """
    return _folded(_without_spaces(_folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def months_later(start: date, months: int) -> date:
    """Return the same day of another month, or its last day; `months` may be negative."""
    total = start.year * 12 + (start.month - 1) + months
    year, month = divmod(total, 12)
    if year > date.max.year:
        raise OverflowError("the period ends after the year 9999")
    last_of_month = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last_of_month))
