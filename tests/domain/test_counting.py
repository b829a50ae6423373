"""How periods, reminders and copies are counted, each property with the provision it quotes.

The counting of a period is by analogy: no secrecy text says how its last day is found.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.domain.approval import Person
from dingmi_mark.domain.change import in_force
from dingmi_mark.domain.copying import (
    CopyKind,
    CopyRequest,
    approved_beyond,
    copy_line,
    name_of_copy,
    numbers_beyond,
)
from dingmi_mark.domain.ledger_printing import CopyingApproved
from dingmi_mark.domain.notice import WrittenNotice, label_lines, notice_lines
from dingmi_mark.domain.reminders import is_reminded, months_before, reminded_from
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    last_secret_day,
    period_text,
    released_from,
)
from record_kit import ORGAN, record

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(1, 36_500))
def test_the_day_of_issue_is_not_counted(start: date, days: int) -> None:
    """民法典第二百零一条: 按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算."""
    last = last_secret_day(ForDays(days), start)
    assert last is not None and (last - start).days == days


@given(DAYS, st.integers(1, 1200))
def test_the_corresponding_day_ends_it_else_the_end_of_the_month(start: date, months: int) -> None:
    """民法典第二百零二条: 到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日."""
    last = last_secret_day(ForMonths(months), start)
    assert last is not None
    if last.day != start.day:
        assert last.day < start.day
        assert (last + timedelta(days=1)).day == 1


@given(DAYS, st.integers(1, 100))
def test_it_is_released_on_the_day_after_its_last(start: date, years: int) -> None:
    """保守国家秘密法(2024)第二十四条: 保密期限已满的，自行解密."""
    last = last_secret_day(ForYears(years), start)
    assert last is not None
    assert released_from(ForYears(years), start) == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("months", "text"), [(6, "6个月"), (12, "1年"), (18, "18个月"), (24, "2年"), (36, "3年")]
)
def test_whole_years_are_written_in_years(months: int, text: str) -> None:
    assert period_text(ForMonths(months)) == text


# ── 届满提醒（R45） ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("last", "months", "first"),
    [
        (date(2026, 6, 30), 3, date(2026, 3, 30)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2028, 5, 31), 3, date(2028, 2, 29)),
        (date(2026, 3, 15), 3, date(2025, 12, 15)),
        (date(2026, 1, 31), 12, date(2025, 1, 31)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
    ],
)
def test_a_period_is_called_to_mind_calendar_months_before(
    last: date, months: int, first: date
) -> None:
    assert reminded_from(last, months) == first


@given(DAYS, st.integers(1, 24), st.integers(-900, 60))
def test_a_secret_is_on_the_list_from_that_day_to_its_last(
    last: date, months: int, offset: int
) -> None:
    """国家秘密解密暂行办法(2020)第四条: 保密期限届满提醒制度."""
    today = last + timedelta(days=offset)
    assert is_reminded(last, today, months) == (months_before(last, months) <= today <= last)


def test_what_has_no_last_day_is_never_called_to_mind() -> None:
    assert not is_reminded(None, date(2026, 1, 1), 3)


# ── 复制件（R47、R48） ────────────────────────────────────────────────────────────────────────


def request(kind: CopyKind, numbers: tuple[int, ...] = (1, 2), approved: int = 2) -> CopyRequest:
    original = in_force(record())
    return CopyRequest(
        "示复〔2026〕1号",
        kind,
        ORGAN,
        date(2026, 5, 6),
        (original,),
        original.secrecy,
        numbers,
        approved,
        Person("张示范"),
    )


def test_a_copy_says_who_made_it_when_and_which_it_is() -> None:
    made = ("示例市示范局", date(2026, 5, 6))
    assert copy_line(CopyKind.COPY, *made, 2) == "复制件 示例市示范局 2026年5月6日 第2份"
    assert copy_line(CopyKind.REPRINT, *made, 1) == "翻印件 示例市示范局 2026年5月6日 第1份"


def test_copies_beyond_the_record_are_counted_by_kind_and_have_names() -> None:
    def approved(kind: CopyKind, copies: int) -> CopyingApproved:
        who = ("示例市示范局", "李示范", "", "赵样例")
        return CopyingApproved("示密审〔2026〕31号", kind.value, copies, *who, "2026-05-06", "")

    acts = [approved(CopyKind.COPY, 2), approved(CopyKind.REPRINT, 1), approved(CopyKind.COPY, 3)]
    everything = {CopyKind.COPY: (1, 2, 3, 4, 5), CopyKind.REPRINT: (1,)}
    assert approved_beyond(acts, acts) == everything
    assert approved_beyond(acts, acts[2:]) == {CopyKind.COPY: (3, 4, 5)}, "numbers stay"
    assert approved_beyond(acts, ()) == {}
    assert name_of_copy(CopyKind.COPY, 5) == "复制-000005"


@given(st.integers(0, 20), st.sets(st.integers(1, 40)))
def test_no_number_beyond_those_approved(approved: int, numbers: set[int]) -> None:
    found = numbers_beyond(request(CopyKind.COPY, tuple(sorted(numbers)), approved))
    assert set(found) == {number for number in numbers if number > approved}


# ── 书面通知和标签（R22、R38） ────────────────────────────────────────────────────────────────


def test_a_written_notice_says_what_the_mark_would_have_said() -> None:
    notice = WrittenNotice(
        "示密通〔2026〕1号", record(), ORGAN, "示例工作", date(2026, 11, 2), ("示例市示范局办公室",)
    )
    assert dict(notice_lines(notice)) == {
        "通知编号": "示密通〔2026〕1号",
        "国家秘密事项": "示例工作",
        "国家秘密标志": "机密★10年",
        "知悉范围": "示例市示范局办公室",
        "定密机关、单位": ORGAN,
        "通知单位": ORGAN,
        "通知日期": "2026年11月2日",
        "受通知的机关、单位和人员": "示例市示范局办公室",
    }


def test_a_label_bears_the_mark_the_number_and_the_unit() -> None:
    assert label_lines(record(), "光盘", "盘001") == ("机密★10年", "光盘 盘001", ORGAN)
    assert label_lines(record(), "", "") == ("机密★10年", ORGAN)


def test_a_written_notice_answers_each_rule_for_itself() -> None:
    answers = (("notice-start", "样例一"), ("scope-notice", "样例二"))
    notice = WrittenNotice("1", record(), ORGAN, "示例工作", date(2026, 11, 2), (), answers)
    assert notice.explanation("scope-notice") == "样例二"
    assert notice.explanation("notice-unit") == ""
