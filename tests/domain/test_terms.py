"""Level, period and mark (R1-R8, R12), with the provisions they come from."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.domain.terms import (
    STAR,
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
    last_secret_day,
    months_later,
    period_text,
    plain,
    released_from,
)

DAYS = st.dates(date(1949, 10, 1), date(2999, 12, 31))
LEVELS = st.sampled_from(SecrecyLevel)
COUNTED = st.one_of(
    st.integers(1, 100).map(ForYears),
    st.integers(1, 1200).map(ForMonths),
    st.integers(1, 36600).map(ForDays),
)
PERIODS: st.SearchStrategy[SecrecyPeriod] = st.one_of(
    COUNTED,
    DAYS.map(UntilDate),
    st.text(min_size=1).map(UntilCondition),
    st.just(LongTerm()),
)


# ── R1: 国家秘密的密级分为绝密、机密、秘密三级（保守国家秘密法(2024)第十四条） ──────────────


def test_there_are_three_levels_in_this_order() -> None:
    assert [level.value for level in sorted(SecrecyLevel, reverse=True)] == ["绝密", "机密", "秘密"]


@given(LEVELS, LEVELS)
def test_levels_are_totally_ordered(one: SecrecyLevel, other: SecrecyLevel) -> None:
    assert (one < other) + (one > other) + (one == other) == 1
    assert max(one, other) >= min(one, other)


def test_a_level_does_not_compare_with_its_word() -> None:
    assert SecrecyLevel.SECRET.__lt__("机密") is NotImplemented
    with pytest.raises(TypeError):
        assert SecrecyLevel.SECRET < "机密"


@given(LEVELS, st.sampled_from(["", "级"]), st.sampled_from(["", " ", "\u3000"]))
def test_a_level_is_read_with_or_without_its_last_character(
    level: SecrecyLevel, suffix: str, space: str
) -> None:
    text = f"{space}{level.value[0]}{space}{level.value[1]}{suffix}"
    assert SecrecyLevel.named(text) is level


@pytest.mark.parametrize(
    "text", ["", "级", "内部", "工作秘密", "商业秘密", "机密级级", "密", "SECRET", "绝密·核心"]
)
def test_what_is_no_level_has_no_name(text: str) -> None:
    assert SecrecyLevel.named(text) is None


# ── R2: “★”前标密级，“★”后标保密期限（暂行规定(2014)第二十四条第一款） ───────────────────────────


@given(LEVELS, PERIODS)
def test_a_mark_is_level_star_period(level: SecrecyLevel, period: SecrecyPeriod) -> None:
    text = Marking(level, period).text
    assert text == level.value + "\u2605" + period_text(period)
    assert text.index(STAR) == len(level.value)


@given(LEVELS, st.one_of(COUNTED, DAYS.map(UntilDate), st.just(LongTerm())))
def test_a_mark_has_neither_spaces_nor_brackets(level: SecrecyLevel, period: SecrecyPeriod) -> None:
    assert not set(Marking(level, period).text) & set(" \u3000()（）")


@pytest.mark.parametrize(
    ("level", "period", "text"),
    [
        (SecrecyLevel.HIGHLY_SECRET, ForYears(10), "机密★10年"),
        (SecrecyLevel.SECRET, ForYears(5), "秘密★5年"),
        (SecrecyLevel.SECRET, ForMonths(6), "秘密★6个月"),
        (SecrecyLevel.SECRET, ForMonths(12), "秘密★1年"),
        (SecrecyLevel.SECRET, ForMonths(24), "秘密★2年"),
        (SecrecyLevel.SECRET, ForMonths(18), "秘密★18个月"),
        (SecrecyLevel.SECRET, ForDays(7), "秘密★7日"),
        (SecrecyLevel.HIGHLY_SECRET, UntilDate(date(2030, 3, 15)), "机密★2030年3月15日"),
        (SecrecyLevel.HIGHLY_SECRET, UntilCondition("会议开始前"), "机密★会议开始前"),
        (SecrecyLevel.TOP_SECRET, LongTerm(), "绝密★长期"),
    ],
)
def test_the_marks_of_the_marking_rules(
    level: SecrecyLevel, period: SecrecyPeriod, text: str
) -> None:
    assert Marking(level, period).text == text


# ── R3, R4: 保密期限中的数字用阿拉伯数字；一年以内的以月计，满一年的以年计 ────────────────────


@given(st.integers(1, 100))
def test_whole_years_are_the_same_mark_in_years_or_months(years: int) -> None:
    assert period_text(ForMonths(12 * years)) == period_text(ForYears(years)) == f"{years}年"


# ── R12: 开始的当日不计入；没有对应日的，月末日为期间的最后一日（民法典第二百零一、二百零二条） ──


@pytest.mark.parametrize(
    ("start", "period", "last"),
    [
        (date(2024, 2, 29), ForYears(10), date(2034, 2, 28)),
        (date(2024, 2, 29), ForYears(4), date(2028, 2, 29)),
        (date(2026, 8, 31), ForMonths(6), date(2027, 2, 28)),
        (date(2026, 1, 10), ForYears(10), date(2036, 1, 10)),
        (date(2026, 12, 31), ForMonths(2), date(2027, 2, 28)),
        (date(2026, 12, 1), ForMonths(1), date(2027, 1, 1)),
        (date(2026, 11, 30), ForMonths(1), date(2026, 12, 30)),
        (date(2026, 1, 10), ForDays(7), date(2026, 1, 17)),
        (date(2026, 1, 10), UntilDate(date(2030, 3, 15)), date(2030, 3, 15)),
        (date(2026, 1, 10), UntilCondition("会议开始前"), None),
        (date(2026, 1, 10), LongTerm(), None),
    ],
)
def test_the_last_secret_day(start: date, period: SecrecyPeriod, last: date | None) -> None:
    assert last_secret_day(period, start) == last


@given(DAYS, st.integers(1, 1200))
def test_a_period_ends_on_the_corresponding_day_or_the_end_of_the_month(
    start: date, months: int
) -> None:
    last = last_secret_day(ForMonths(months), start)
    assert last is not None
    assert (last.year - start.year) * 12 + last.month - start.month == months
    days_of_month = calendar.monthrange(last.year, last.month)[1]
    assert last.day == min(start.day, days_of_month)


@given(DAYS, st.integers(1, 100))
def test_years_are_twelve_months_each(start: date, years: int) -> None:
    assert last_secret_day(ForYears(years), start) == last_secret_day(ForMonths(12 * years), start)


@given(DAYS, COUNTED)
def test_the_first_day_is_not_counted_so_the_end_is_later(
    start: date, period: SecrecyPeriod
) -> None:
    last = last_secret_day(period, start)
    assert last is not None and last > start


@given(DAYS, DAYS, st.integers(1, 1200))
def test_a_later_start_never_ends_earlier(one: date, other: date, months: int) -> None:
    ends = [last_secret_day(ForMonths(months), start) for start in sorted((one, other))]
    assert ends[0] is not None and ends[1] is not None
    assert ends[0] <= ends[1]


@given(DAYS, PERIODS)
def test_released_from_the_day_after_the_last_secret_day(
    start: date, period: SecrecyPeriod
) -> None:
    last = last_secret_day(period, start)
    assert released_from(period, start) == (last + timedelta(days=1) if last else None)


def test_a_period_past_the_calendar_is_an_error_and_not_a_wrong_day() -> None:
    assert last_secret_day(ForYears(1), date(9998, 12, 31)) == date(9999, 12, 31)
    for period in (ForYears(1), ForMonths(12), ForDays(366)):
        with pytest.raises(OverflowError):
            last_secret_day(period, date(9999, 1, 1))
    with pytest.raises(OverflowError, match="^the period ends after the year 9999$"):
        months_later(date(9999, 1, 1), 12)


# ── R11: how marks are compared ──────────────────────────────────────────────────────────────


def test_marks_compare_without_width_and_spaces() -> None:
    assert plain("秘　密 ★ ５年\n") == "秘密★5年"


@given(st.text())
def test_plain_is_stable_and_has_no_white_space(text: str) -> None:
    folded = plain(text)
    assert plain(folded) == folded
    assert not any(character.isspace() for character in folded)


def test_plain_folds_what_composes_once_the_space_is_gone() -> None:
    assert plain("U\u00af") == plain("U\u0304") == plain("\u016a") == "\u016a"
