"""Read marks that people typed or other systems printed: tolerant on reading, strict on writing.

Forms seen in practice (R11): `机密 ★ 10年`, `秘　密★5年`, `机密★` and `机密` conform once spaces
are dropped; `机密*10年`, `秘密10年`, `★机密 10年`, `绝密★(30年)`, `机密·10年` and Chinese
numerals are read with the finding that they do not conform.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from dingmi_mark.domain.terms import (
    PROPOSED,
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
    plain,
)

_LEVEL = "|".join(level.value for level in SecrecyLevel)
_WHOLE = re.compile(
    rf"^(?P<lead>[★*☆])?(?P<level>{_LEVEL})(?P<link>级?[★*☆·・•:：-]?)(?P<period>.*)$"
)
_COUNTED = re.compile(
    r"^(?P<number>\d+|[二两三四五六七八九]?十[一二三四五六七八九]?|[〇零一二两三四五六七八九]+)"
    r"(?P<unit>年|个?月|天|日)$"
)
_BRACKETS = "()[]{}〔〕【】"
CONDITION = "解密条件："
"""What stands before a condition where people write a period into one cell."""
_DAY = re.compile(r"^(\d{4})(?:年|-|/|\.)(\d{1,2})(?:月|-|/|\.)(\d{1,2})日?$")
_CHINESE_DAY = re.compile(
    r"^([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日$"
)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass(frozen=True)
class ReadMark:
    """A mark as found: what it says, its own wording, and whether the wording conforms."""

    level: SecrecyLevel
    period: SecrecyPeriod | None
    wording: str
    conforms: bool

    def says(self, marking: Marking) -> bool:
        """Tell whether it says the same as `marking`, however it is spelled."""
        return (self.level, self.period) == (marking.level, _normal(marking.period))


def read_mark(line: str) -> ReadMark | None:
    """Return the mark that a whole line of text is, None where the line is something else.

    Running text that merely begins with a level word is no mark: what follows must be a period
    of a known kind, or a ★ and at most one line's worth of a condition.
    """
    text = plain(line)
    found = _WHOLE.match(text)
    if found is None or (found["lead"] and "★" in found["link"]):
        return None
    rest = found["period"].strip(_BRACKETS)
    level = SecrecyLevel(found["level"])
    linked_by_star = found["link"] == "★"
    period = _period(rest)
    if not rest:
        conforms = not found["lead"] and found["link"] in ("", "★")
        return ReadMark(level, None, line.strip(), conforms)
    if period is None:
        if not linked_by_star or len(rest) > 40:
            return None
        period = UntilCondition(rest)
    conforms = (
        linked_by_star
        and rest == found["period"]
        and not re.match(r"^[〇零一二两三四五六七八九十]", rest)
    )
    return ReadMark(level, _normal(period), line.strip(), conforms)


def read_proposed_mark(line: str) -> ReadMark | None:
    """Return the provisional mark (`拟定 机密 10年`) that a whole line is, else None."""
    text = plain(line)
    read = read_mark(text.removeprefix(PROPOSED)) if text.startswith(PROPOSED) else None
    return None if read is None else ReadMark(read.level, read.period, line.strip(), True)


def written_period(text: str) -> SecrecyPeriod | None:
    """Read a period as people write it into a form: `10年`, `6个月`, `2030年3月15日`, `长期`.

    A condition begins with `解密条件：`, so that a slip of the pen is not taken for one. None for
    anything else; `period_words` is the way back.
    """
    marker = plain(CONDITION)
    if plain(text).startswith(marker):
        condition = re.split("[:：]", text, maxsplit=1)[-1].strip()
        return UntilCondition(condition) if condition else None
    return _period(plain(text))


def period_words(period: SecrecyPeriod) -> str:
    """Write a period so that `written_period` reads it back the same."""
    match period:
        case ForYears(years):
            return f"{years}年"
        case ForMonths(months):
            return f"{months}个月"
        case ForDays(days):
            return f"{days}日"
        case UntilDate(day):
            return f"{day.year}年{day.month}月{day.day}日"
        case LongTerm():
            return "长期"
        case UntilCondition(condition):
            return CONDITION + condition
        case _:
            assert_never(period)


def _period(text: str) -> SecrecyPeriod | None:
    if text == "长期":
        return LongTerm()
    if day := _DAY.match(text) or _CHINESE_DAY.match(text):
        try:
            return UntilDate(date(*(_number(part) for part in day.groups())))
        except ValueError:
            return None
    counted = _COUNTED.match(text)
    if counted is None:
        return None
    number = _number(counted["number"])
    match counted["unit"]:
        case "年":
            return ForYears(number)
        case "月" | "个月":
            return ForMonths(number)
        case _:
            return ForDays(number)


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    tens, _, ones = text.rpartition("十")
    if "十" not in text:
        return int("".join(str(_DIGITS[digit]) for digit in text))
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _normal(period: SecrecyPeriod) -> SecrecyPeriod:
    """Fold what says the same: 12个月 and 1年 (R4), and spellings of a condition."""
    match period:
        case ForMonths(months) if months % 12 == 0:
            return ForYears(months // 12)
        case UntilCondition(condition):
            return UntilCondition(plain(condition))
        case _:
            return period
