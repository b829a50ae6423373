"""Who is told of a change, of which copies, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.change import (
    RELEASES,
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    MarkingInForce,
    NewValues,
    RunsFrom,
    in_force,
)
from dingmi_mark.domain.change_letters import (
    ToldDocument,
    holders_of,
    last_day_told,
    letters_of,
    mark_told,
    new_values_told,
    start_told,
    what_to_do,
    without_receiver,
)
from dingmi_mark.domain.copies import RegisteredCopy
from dingmi_mark.domain.terms import ForYears, LongTerm, SecrecyLevel
from record_kit import ORGAN, record, with_draft

FIRST, SECOND = "示例市样例局", "示例市示范局办公室"
LOWERED = NewValues(SecrecyLevel.SECRET, ForYears(5))


def prior(**more: object) -> MarkingInForce:
    return in_force(with_draft(record(), issue_day=date(2026, 1, 10), **more))


def notice(kind: ChangeKind = ChangeKind.CHANGED, **more: object) -> ChangeNotice:
    right, day = ChangeRight.ORIGINATOR, date(2028, 5, 6)
    return replace(ChangeNotice("示密变〔2028〕7号", kind, ORGAN, right, day), **more)  # type: ignore[arg-type]


def copy(name: str, how: str = "") -> RegisteredCopy:
    return RegisteredCopy("示密审〔2026〕1号", name, how=how)


def told(name: str, holders: dict[str, tuple[str, ...]]) -> ToldDocument:
    return ToldDocument(name, f"示密〔2026〕{name}", "", prior(), holders)


def test_with_a_receiver_for_each_copy_everyone_is_told_his_own_number() -> None:
    draft = prior(copies=2, receivers=(FIRST, SECOND)).record.draft
    found = holders_of(draft, [copy("000001"), copy("000002")])
    assert found == {FIRST: ("000001",), SECOND: ("000002",)}


def test_one_receiver_has_all_copies_but_those_that_came_back() -> None:
    draft = prior(copies=2, receivers=(FIRST,)).record.draft
    found = holders_of(draft, [copy("000001", "收回"), copy("000002"), copy("")])
    assert found == {FIRST: ("000002",)}


def test_whose_copy_it_is_is_not_guessed() -> None:
    draft = prior(copies=3, receivers=(FIRST, SECOND)).record.draft
    assert holders_of(draft, [copy("000001")]) == {FIRST: (), SECOND: ()}


def test_a_receiver_gets_one_letter_about_all_his_documents() -> None:
    one, two = told("1", {FIRST: ("000001",)}), told("2", {SECOND: (), FIRST: ("000003",)})
    nobody = told("3", {})
    letters = letters_of((one, two, nobody))
    assert [letter.receiver for letter in letters] == [FIRST, SECOND]
    assert letters[0].documents == ((one, ("000001",)), (two, ("000003",)))
    assert letters[1].documents == ((two, ()),)
    assert without_receiver((one, two, nobody)) == (nobody,)


@pytest.mark.parametrize(
    ("given", "mark", "start", "last"),
    [
        (notice(new=LOWERED), "秘密★5年", "2026年1月10日（制发日）起", "2031年1月10日"),
        (
            notice(new=LOWERED, runs_from=RunsFrom.DECISION),
            "秘密★5年",
            "2028年5月6日（决定日）起",
            "2033年5月6日",
        ),
        (notice(new=NewValues(period=LongTerm())), "机密★长期", "", ""),
        (notice(ChangeKind.RELEASED_EARLY), "解密", "2028年5月6日起解密", ""),
        (
            notice(ChangeKind.PARTLY_RELEASED, items=("密点1",)),
            "机密★10年（密点解密）",
            "2026年1月10日（制发日）起",
            "2036年1月10日",
        ),
    ],
)
def test_the_words_say_the_mark_of_now_its_start_and_its_end(
    given: ChangeNotice, mark: str, start: str, last: str
) -> None:
    before = prior()
    assert mark_told(before, given) == mark
    assert (start_told(before, given), last_day_told(before, given)) == (start, last)


def test_without_a_day_to_count_from_start_and_end_stay_for_the_pen() -> None:
    undated = in_force(with_draft(record(), issue_day=None, notice_day=None))
    given = notice(new=LOWERED)
    assert (start_told(undated, given), last_day_told(undated, given)) == ("", "")


def test_holders_are_told_to_strike_and_to_write_near_it() -> None:
    for kind in ChangeKind:
        text = what_to_do(kind)
        assert ("在原标志附近写上“解密”" in text) is (kind in RELEASES)
        strikes = kind not in (ChangeKind.SCOPE_CHANGED,)
        assert ("划一道横线" in text) is strikes
        assert ("标志不变" in text) is (
            kind in (ChangeKind.SCOPE_CHANGED, ChangeKind.PARTLY_RELEASED)
        )


def test_a_suggestion_asks_in_words_without_a_mark() -> None:
    whole = notice(new=replace(LOWERED, scope=(FIRST, SECOND)))
    assert new_values_told(whole) == f"变更：密级 秘密；保密期限 5年；知悉范围 {FIRST}、{SECOND}"
    assert new_values_told(notice(ChangeKind.RELEASED_EARLY)) == "提前解密"
    part = notice(ChangeKind.PARTLY_RELEASED, items=("密点1", "密点2"))
    assert new_values_told(part) == "部分解密：解除的密点 密点1、密点2"
