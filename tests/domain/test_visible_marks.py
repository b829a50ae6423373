"""The mark of a foreign document is read in every spelling people use, and never guessed (R11)."""

from __future__ import annotations

from datetime import date

import pytest

from dingmi_mark.domain.terms import (
    ForMonths,
    ForYears,
    LongTerm,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.domain.visible_marks import (
    Contradiction,
    Corner,
    SeenLine,
    SeenMark,
    marks_in,
    the_mark,
)

S, H, T = SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.TOP_SECRET


@pytest.mark.parametrize(
    ("line", "level", "period", "conforms"),
    [
        ("机密★10年", H, ForYears(10), True),
        ("机密 ★ 10年", H, ForYears(10), True),
        ("秘　密★5年", S, ForYears(5), True),
        ("机密★", H, None, True),
        ("机密", H, None, True),
        ("绝 密", T, None, True),
        ("秘密★6个月", S, ForMonths(6), True),
        ("机密★2030年3月15日", H, UntilDate(date(2030, 3, 15)), True),
        ("机密★会议开始前", H, UntilCondition("会议开始前"), True),
        ("绝密★长期", T, LongTerm(), True),
        ("机密*10年", H, ForYears(10), False),
        ("机密☆10年", H, ForYears(10), False),
        ("秘密 10年", S, ForYears(10), False),
        ("秘密10年", S, ForYears(10), False),
        ("★机密 10年", H, ForYears(10), False),
        ("绝密★(30年)", T, ForYears(30), False),
        ("绝密★（30年）", T, ForYears(30), False),
        ("机密·10年", H, ForYears(10), False),
        ("机密・10年", H, ForYears(10), False),
        ("机密★十年", H, ForYears(10), False),
        ("机密★二十年", H, ForYears(20), False),
        ("机密★二〇三〇年三月十五日", H, UntilDate(date(2030, 3, 15)), False),
        ("机密级", H, None, False),
        ("密级：机密", H, None, True),
        ("密级和保密期限：秘密★5年", S, ForYears(5), True),
        ("密级：机密  保密期限：10年", H, ForYears(10), False),
        ("示密〔2026〕3号      机密★10年", H, ForYears(10), True),
        ("000017 机密★10年", H, ForYears(10), True),
        ("机密★10年 特急", H, ForYears(10), True),
        ("特急 机密★10年", H, ForYears(10), True),
    ],
)
def test_every_spelling_is_read(
    line: str, level: SecrecyLevel, period: SecrecyPeriod | None, conforms: bool
) -> None:
    (seen,) = marks_in([SeenLine(line, 0.2, 45)])
    assert (seen.read.level, seen.read.period, seen.read.conforms) == (level, period, conforms)
    assert not seen.proposed


@pytest.mark.parametrize(
    "line",
    [
        "机密文件管理办法",
        "关于秘密和机密文件的说明",
        "密级：无  保密期限：10年",
        "内部",
        "商业秘密",
        "机密★二〇三〇年十三月十五日起至以后某个不能写进一行标志里去的很长很长的条件为止不再是秘密的时候再说",
        "",
    ],
)
def test_what_is_no_mark_is_not_taken_for_one(line: str) -> None:
    assert marks_in([SeenLine(line, 0.2, 45)]) == ()


@pytest.mark.parametrize(
    ("middle", "corner"),
    [(0.1, Corner.LEFT), (0.49, Corner.LEFT), (0.5, Corner.RIGHT), (None, Corner.HEAD)],
)
def test_the_corner_is_told(middle: float | None, corner: Corner) -> None:
    (seen,) = marks_in([SeenLine("机密★10年", middle, 40)])
    assert seen.corner is corner


@pytest.mark.parametrize(
    ("line", "bottom_mm", "found"),
    [
        ("机密★10年", 110.0, 1),
        ("机密★10年", 110.1, 0),
        ("机密", 80.0, 1),
        ("机密", 80.1, 0),
        ("机密★", 100.0, 1),
        ("机密 10年", 100.0, 1),
    ],
)
def test_only_the_head_of_the_page_bears_the_mark(line: str, bottom_mm: float, found: int) -> None:
    """A level word further down is a cell of a table."""
    assert len(marks_in([SeenLine(line, 0.2, bottom_mm)])) == found


def test_a_provisional_mark_is_told_as_that() -> None:
    (seen,) = marks_in([SeenLine("拟定 机密 10年")])
    assert seen.proposed
    assert isinstance(the_mark([seen, *marks_in([SeenLine("机密★10年")])]), Contradiction)


def seen(*lines: str) -> SeenMark | Contradiction | None:
    return the_mark(marks_in([SeenLine(line, 0.2, 40) for line in lines]))


def test_two_marks_that_say_the_same_are_one() -> None:
    one = seen("机密", "机密★10年", "机密")
    assert isinstance(one, SeenMark)
    assert one.read.period == ForYears(10)


def test_no_mark_is_no_mark() -> None:
    assert seen("关于示例的通知") is None


@pytest.mark.parametrize("other", ["秘密★10年", "机密★20年", "秘密"])
def test_marks_that_contradict_are_told_with_both(other: str) -> None:
    found = seen("机密★10年", other)
    assert isinstance(found, Contradiction)
    assert (found.one.read.wording, found.other.read.wording) == ("机密★10年", other)
