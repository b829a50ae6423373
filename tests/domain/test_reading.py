"""Marks as people type them: tolerant on reading, strict on writing (R11)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.domain.reading import (
    period_words,
    read_mark,
    read_proposed_mark,
    written_period,
)
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)

TEN = Marking(SecrecyLevel.HIGHLY_SECRET, ForYears(10))


@pytest.mark.parametrize("text", ["机密★10年", "机密 ★ 10年", "机　密★10年", "　机密★10 年 "])
def test_forms_that_conform_once_spaces_are_dropped(text: str) -> None:
    read = read_mark(text)
    assert read is not None
    assert read.conforms and read.says(TEN)


@pytest.mark.parametrize(
    "text",
    [
        "机密*10年",
        "机密 10年",
        "机密10年",
        "★机密 10年",
        "机密★(10年)",
        "机密·10年",
        "机密★十年",
        "机密级★10年",
    ],
)
def test_forms_that_are_read_with_a_finding(text: str) -> None:
    read = read_mark(text)
    assert read is not None
    assert not read.conforms and read.says(TEN)


@pytest.mark.parametrize("text", ["机密★", "机密"])
def test_a_period_left_off_is_read_as_none(text: str) -> None:
    read = read_mark(text)
    assert read is not None
    assert read.conforms and read.period is None and not read.says(TEN)


@pytest.mark.parametrize("text", ["★机密", "机密级", "机密*", "机密级★"])
def test_a_level_alone_that_is_not_written_as_it_should_be(text: str) -> None:
    read = read_mark(text)
    assert read is not None and not read.conforms
    assert (read.level, read.period) == (SecrecyLevel.HIGHLY_SECRET, None)


def test_a_condition_is_as_long_as_a_line() -> None:
    whole = read_mark("机密★" + "会" * 40)
    assert whole is not None and whole.period == UntilCondition("会" * 40)
    assert read_mark("机密★" + "会" * 41) is None


def test_what_says_the_same_is_read_as_the_same() -> None:
    for text, period in (
        ("机密★12个月", ForYears(1)),
        ("机密★13个月", ForMonths(13)),
        ("机密★会议　开始前", UntilCondition("会议开始前")),
    ):
        read = read_mark(f" {text} ")
        assert read is not None and (read.period, read.wording) == (period, text)
    read = read_mark("机密★会议开始前")
    assert read is not None and read.conforms
    assert read.says(Marking(SecrecyLevel.HIGHLY_SECRET, UntilCondition("会议 开始前")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "★机密★10年",
        "内部",
        "工作秘密",
        "商业秘密",
        "机密文件保管办法",
        "国家秘密",
        "秘密地进行",
        "★★★",
        "10年",
        "机密性",
    ],
)
def test_what_is_no_mark(text: str) -> None:
    """R1: only 绝密, 机密, 秘密 are levels; running text is no mark."""
    assert read_mark(text) is None


def test_dates_in_the_spellings_of_r5() -> None:
    wanted = Marking(SecrecyLevel.HIGHLY_SECRET, UntilDate(date(2030, 3, 15)))
    for text in ("机密★2030年3月15日", "机密★2030-03-15", "机密★2030.3.15"):
        read = read_mark(text)
        assert read is not None and read.says(wanted)


PERIODS: st.SearchStrategy[SecrecyPeriod] = st.one_of(
    st.builds(ForYears, st.integers(1, 99)),
    st.builds(ForMonths, st.integers(1, 99)),
    st.builds(ForDays, st.integers(1, 999)),
    st.builds(UntilDate, st.dates(date(1950, 1, 1), date(2999, 12, 31))),
    st.builds(UntilCondition, st.sampled_from(["会议开始前", "文件正式公布", "演练结束之日"])),
    st.just(LongTerm()),
)


@given(st.sampled_from(SecrecyLevel), PERIODS)
def test_what_is_written_reads_back_equal_and_conforming(
    level: SecrecyLevel, period: SecrecyPeriod
) -> None:
    marking = Marking(level, period)
    read = read_mark(marking.text)
    assert read is not None
    assert read.says(marking) and read.conforms


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    read = read_mark(text)
    assert read is None or read.level in SecrecyLevel


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("10年", ForYears(10)),
        ("6个月", ForMonths(6)),
        ("６ 月", ForMonths(6)),
        ("15日", ForDays(15)),
        ("15天", ForDays(15)),
        ("2030年3月15日", UntilDate(date(2030, 3, 15))),
        ("2030-3-15", UntilDate(date(2030, 3, 15))),
        ("二十五年", ForYears(25)),
        ("十年", ForYears(10)),
        ("一〇年", ForYears(10)),
        ("三年", ForYears(3)),
        ("长期", LongTerm()),
        ("解密条件：演练结束后", UntilCondition("演练结束后")),
        ("解密条件: 演练结束后", UntilCondition("演练结束后")),
        ("解密条件：演练：结束后", UntilCondition("演练：结束后")),
    ],
)
def test_a_period_in_one_cell_is_read_as_people_write_it(text: str, period: SecrecyPeriod) -> None:
    assert written_period(text) == period


@pytest.mark.parametrize("text", ["", "演练结束后", "解密条件：", "2030年2月30日", "年", "不知道"])
def test_a_slip_of_the_pen_is_not_taken_for_a_condition(text: str) -> None:
    assert written_period(text) is None


@pytest.mark.parametrize(
    "period",
    [
        ForYears(10),
        ForMonths(12),
        ForDays(15),
        UntilDate(date(2030, 3, 15)),
        LongTerm(),
        UntilCondition("演练结束后"),
    ],
)
def test_a_period_is_written_so_that_it_reads_back_the_same(period: SecrecyPeriod) -> None:
    """Months stay months here: a form shows what was entered."""
    assert written_period(period_words(period)) == period


@pytest.mark.parametrize("line", ["拟定 机密 10年", "拟定机密10年", "　拟定　机密　10年"])
def test_a_provisional_mark_is_read_as_one_and_conforms(line: str) -> None:
    read = read_proposed_mark(line)
    assert read is not None and read.conforms and read.wording == line.strip()
    assert (read.level, read.period) == (SecrecyLevel.HIGHLY_SECRET, ForYears(10))


@pytest.mark.parametrize("line", ["机密★10年", "拟定", "拟定方案", ""])
def test_what_is_no_provisional_mark(line: str) -> None:
    assert read_proposed_mark(line) is None
