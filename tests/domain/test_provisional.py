"""Provisional copies as acts of the ledger tell of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.approval import Unclear
from dingmi_mark.domain.ledger_acts import Act
from dingmi_mark.domain.ledger_payload import entry_from, payload_of
from dingmi_mark.domain.ledger_provisional import (
    ProvisionalEnded,
    ProvisionalGone,
    ProvisionalIntended,
    ProvisionalMade,
)
from dingmi_mark.domain.plan import DECISION_FIELDS, words_of
from dingmi_mark.domain.provisional import (
    ProvisionalState,
    provisional_copies,
    provisional_deadline,
    provisional_name,
)
from dingmi_mark.domain.reading import read_proposed_mark
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel, months_later
from dingmi_mark.store.lawbook import read_lawbook
from record_kit import record

AT = "2026-11-02T09:00:00+00:00"
INTENDED = ProvisionalIntended(
    approval_number="示密审〔2026〕1号",
    approval_digest="拟定 sm3:0",
    marking_id="m",
    copy_id="c",
    copy_number="000001",
    batch_id="b",
    runner="r",
    level="机密",
    period="10年",
    until="2026-11-12",
    draft_sm3="0",
    target="out/a.pdf",
    temporary="out/.dingmi-0.tmp",
    program_version="0",
    at=AT,
)
MADE = ProvisionalMade(7, INTENDED.approval_number, "ab", "sm3:cd", "rendered", AT)
GONE = ProvisionalGone(7, INTENDED.approval_number, "收回", "赵样例", "2026-11-05", AT)


def ended(reason: str, found: str) -> ProvisionalEnded:
    return ProvisionalEnded(7, INTENDED.approval_number, reason, found, AT)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([], ProvisionalState.BEGUN),
        ([MADE], ProvisionalState.STANDING),
        ([ended("voided", "")], ProvisionalState.VOID),
        ([MADE, ended("voided", "")], ProvisionalState.VOID),
        ([MADE, ended("approved", "in_place")], ProvisionalState.ENDING),
        ([MADE, ended("approved", "missing")], ProvisionalState.TO_RECALL),
        ([MADE, ended("replaced", "altered")], ProvisionalState.TO_RECALL),
        ([MADE, ended("approved", "missing"), GONE], ProvisionalState.GONE),
    ],
)
def test_the_acts_tell_how_a_copy_stands(acts: list[Act], state: ProvisionalState) -> None:
    entries: list[tuple[int, Act]] = [(7, INTENDED), *enumerate(acts, 8)]
    (copy,) = provisional_copies(entries)
    assert copy.state is state
    assert (copy.name, copy.until) == ("拟定-000001", date(2026, 11, 12))


def test_two_copies_of_one_record_do_not_mix() -> None:
    entries: list[tuple[int, Act]] = [(7, INTENDED), (8, INTENDED), (9, MADE)]
    first, second = provisional_copies(entries)
    assert (first.state, second.state) == (ProvisionalState.STANDING, ProvisionalState.BEGUN)


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("provisional.intended/1", INTENDED),
        ("provisional.made/1", MADE),
        ("provisional.ended/1", ended("approved", "missing")),
        ("provisional.gone/1", GONE),
    ],
)
def test_the_acts_are_read_as_they_were_written(kind: str, entry: Act) -> None:
    assert entry_from(kind, payload_of(entry)) == entry
    assert entry.subject == INTENDED.approval_number


def test_the_made_file_is_known_by_its_digest() -> None:
    assert MADE.file_digests == ("sm3:ab",) and INTENDED.file_digests == ()


def test_the_deadline_is_the_offices_number_of_days() -> None:
    book = read_lawbook("national")
    day = date(2026, 12, 28)
    assert provisional_deadline(record(), day, 10, book.calendar, book) == date(2027, 1, 7)


def test_an_unclear_matter_stands_for_the_ten_working_days_of_the_law() -> None:
    """实施条例(2024)第二十五条: 在十个工作日内 …; the days off in between do not count."""
    book = read_lawbook("national")
    unclear = replace(record(), unclear=Unclear("样例：是否属于国家秘密不明确", date(2026, 11, 2)))
    until = provisional_deadline(unclear, date(2026, 11, 3), 90, book.calendar, book)
    assert until == date(2026, 11, 16)


def test_once_reported_it_stands_until_the_bureau_is_to_answer() -> None:
    """实施条例(2024)第二十五条: 十个工作日内作出决定; 条例(2014)第十九条第二款: 10日内."""
    book = read_lawbook("national")
    why = Unclear("样例：是否属于国家秘密不明确", date(2026, 9, 21), reported=date(2026, 9, 24))
    unclear = replace(record(), unclear=why)
    day = date(2026, 9, 24)
    assert provisional_deadline(unclear, day, 90, book.calendar, book) == date(2026, 10, 15)
    why = replace(why, since=date(2024, 8, 26), reported=date(2024, 8, 28))
    unclear, day = replace(record(), unclear=why), date(2024, 8, 31)
    assert provisional_deadline(unclear, day, 90, book.calendar, book) == date(2024, 9, 7)
    assert provisional_deadline(unclear, date(2024, 9, 1), 90, book.calendar, book) > date(
        2024, 9, 7
    )
    old = date(2014, 2, 28)
    assert provisional_deadline(unclear, old, 5, book.calendar, book) == date(2014, 3, 5)
    before = date(2010, 9, 30)
    assert provisional_deadline(unclear, before, 5, book.calendar, book) == date(2010, 10, 5)


def test_without_copy_numbers_it_is_just_provisional() -> None:
    assert (provisional_name(""), provisional_name("000002")) == ("拟定", "拟定-000002")


def test_provisional_words_show_neither_star_nor_officer() -> None:
    words = words_of(record(), "000001", Standing.PROVISIONAL)
    assert words["mark"] == "拟定 机密 10年" and not any("★" in word for word in words.values())
    assert [words[name] for name in sorted(DECISION_FIELDS)] == ["", "", ""]
    assert words_of(record(), "000001")["mark"] == "机密★10年"


@pytest.mark.parametrize(
    "line", ["拟定 机密 10年", "拟定机密10年", "　拟定　机密 10年", "拟定 机密★10年"]
)
def test_a_provisional_mark_is_read_however_it_is_spaced(line: str) -> None:
    read = read_proposed_mark(line)
    assert read is not None and read.says(Marking(SecrecyLevel.HIGHLY_SECRET, ForYears(10)))


@pytest.mark.parametrize(
    "line", ["机密 10年", "拟定机密级事项清单的通知", "拟定", "关于拟定机密10年的事"]
)
def test_running_text_is_no_provisional_mark(line: str) -> None:
    assert read_proposed_mark(line) is None


def test_three_months_before_the_end_of_a_month() -> None:
    """R45: last secret day 2026-06-30 → listed from 2026-03-30."""
    assert months_later(date(2026, 6, 30), -3) == date(2026, 3, 30)
    assert months_later(date(2026, 5, 31), -3) == date(2026, 2, 28)
    assert months_later(date(2026, 1, 15), -3) == date(2025, 10, 15)
