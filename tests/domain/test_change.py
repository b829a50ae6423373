"""变更与解除: what a notice makes of a marking (rules about it: tests/cases/change.toml)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, strategies as st

from dingmi_mark.domain.approval import Person, SpecialBasis
from dingmi_mark.domain.authority import Authority, Organ, OrganKind
from dingmi_mark.domain.change import (
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    MarkingInForce,
    NewValues,
    RunsFrom,
    after,
    in_force,
)
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.rules.change import ChangeCase
from dingmi_mark.domain.rules.changing import apply_change
from dingmi_mark.domain.terms import (
    ForMonths,
    ForYears,
    SecrecyLevel,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.store.lawbook import read_lawbook
from record_kit import ORGAN, record, with_draft

ISSUED = date(2026, 1, 10)
BOOK = read_lawbook("national")


def prior() -> MarkingInForce:
    """机密★10年 of 2026-01-10: the worked example."""
    given = with_draft(record(), issue_day=ISSUED)
    decision = given.decision
    assert decision is not None
    return in_force(replace(given, decision=replace(decision, day=ISSUED)))


def notice(kind: ChangeKind, day: date = date(2028, 5, 6), **more: object) -> ChangeNotice:
    usual = ChangeNotice(
        "示密〔2028〕7号",
        kind,
        ORGAN,
        ChangeRight.ORIGINATOR,
        day,
        "情况变化",
        proposed_by=Person("王样例"),
    )
    return replace(usual, **more)  # type: ignore[arg-type]


LOWER = NewValues(SecrecyLevel.SECRET, ForYears(5))


def test_the_worked_example_runs_from_the_day_of_issue_unless_the_notice_says_otherwise() -> None:
    changed = notice(ChangeKind.CHANGED, new=LOWER)
    ends = {
        None: date(2031, 1, 10),
        RunsFrom.ISSUE: date(2031, 1, 10),
        RunsFrom.DECISION: date(2033, 5, 6),
    }
    for runs_from, end in ends.items():
        then = after(prior(), replace(changed, runs_from=runs_from))
        assert (then.text, then.last_secret_day) == ("秘密★5年", end)
        assert then.since == changed.day


def test_what_is_not_stated_stays_as_it_was() -> None:
    before = prior()
    then = after(before, notice(ChangeKind.CHANGED, new=NewValues(scope=("局领导",))))
    assert then.secrecy.marking == before.secrecy.marking
    assert (then.secrecy.scope, then.start) == (("局领导",), ISSUED)


def test_a_day_of_release_does_not_move_the_start() -> None:
    until = NewValues(period=UntilDate(date(2030, 6, 30)))
    then = after(prior(), notice(ChangeKind.CHANGED, new=until, runs_from=RunsFrom.DECISION))
    assert (then.start, then.last_secret_day) == (ISSUED, date(2030, 6, 30))


def test_a_confirmed_period_in_months_is_confirmed_no_more_once_it_changes() -> None:
    before = prior()
    months = replace(before, secrecy=replace(before.secrecy, months_confirmed=True))
    kept = after(months, notice(ChangeKind.CHANGED, new=NewValues(SecrecyLevel.SECRET)))
    changed = after(months, notice(ChangeKind.CHANGED, new=NewValues(period=ForMonths(18))))
    assert kept.secrecy.months_confirmed and not changed.secrecy.months_confirmed


def test_a_period_that_was_a_default_is_decided_once_it_changes() -> None:
    before = prior()
    default = replace(before, secrecy=replace(before.secrecy, period_defaulted=True))
    kept = after(default, notice(ChangeKind.CHANGED, new=NewValues(SecrecyLevel.SECRET)))
    changed = after(default, notice(ChangeKind.CHANGED, new=LOWER))
    assert kept.secrecy.period_defaulted and not changed.secrecy.period_defaulted


def test_a_release_is_written_with_its_day_and_basis() -> None:
    day = date(2029, 2, 1)
    then = after(prior(), notice(ChangeKind.RELEASED_EARLY, day, number="示密〔2029〕2号"))
    assert then.text == "解密 2029年2月1日 示密〔2029〕2号"
    assert then.is_over_on == day


def test_what_ends_by_itself_is_released_on_the_day_after_its_last() -> None:
    then = after(prior(), notice(ChangeKind.EXPIRED, date(2036, 5, 1), number=""))
    assert then.text == "解密 2036年1月11日"


def test_what_is_published_is_released_on_that_day() -> None:
    published = notice(ChangeKind.PUBLISHED, published_on=date(2028, 5, 1), published_in="公报")
    assert after(prior(), published).is_over_on == date(2028, 5, 1)


def test_a_condition_that_came_about_releases_on_the_day_of_the_notice() -> None:
    before = prior()
    marking = replace(before.secrecy.marking, period=UntilCondition("会议开始前"))
    waiting = replace(before, secrecy=replace(before.secrecy, marking=marking))
    assert waiting.last_secret_day is None and waiting.is_over_on is None
    assert after(waiting, notice(ChangeKind.EXPIRED)).is_over_on == date(2028, 5, 6)


def test_a_marking_without_day_of_issue_has_no_end_yet() -> None:
    unknown = replace(prior(), start=None)
    assert unknown.last_secret_day is None and unknown.is_over_on is None


def test_points_that_are_released_leave_the_others() -> None:
    points = tuple(
        ClassifiedPoint(name, SecrecyLevel.SECRET, QuoteAnchor("示例")) for name in ("1", "2")
    )
    then = after(replace(prior(), points=points), notice(ChangeKind.PARTLY_RELEASED, items=("1",)))
    assert [point.id for point in then.points] == ["2"]
    assert then.text == "机密★10年"


def test_a_special_provision_of_the_notice_takes_the_place_of_the_old_one() -> None:
    special = SpecialBasis("示例规定第二条", "工作需要")
    then = after(prior(), notice(ChangeKind.CHANGED, new=LOWER, special_basis=special))
    assert then.special_basis == special


def case(given: ChangeNotice) -> ChangeCase:
    authority = Authority((Organ(ORGAN, OrganKind.PREFECTURE_CITY),))
    return ChangeCase(prior(), given, authority, given.day)


def test_a_change_that_may_be_gives_the_new_marking() -> None:
    superior = notice(
        ChangeKind.CHANGED,
        new=LOWER,
        runs_from=RunsFrom.ISSUE,
        decided_by="示例省示范厅",
        right=ChangeRight.SUPERIOR,
    )
    outcome = apply_change(case(superior), BOOK)
    assert outcome.after is not None and outcome.after.text == "秘密★5年"
    assert not outcome.only_a_suggestion


def test_another_organ_may_only_suggest() -> None:
    other = notice(ChangeKind.RELEASED_EARLY, decided_by="示例县示范局", right=ChangeRight.OTHER)
    outcome = apply_change(case(other), BOOK)
    assert outcome.after is None and outcome.only_a_suggestion
    without_reason = apply_change(case(replace(other, reason="")), BOOK)
    assert without_reason.after is None and not without_reason.only_a_suggestion


def test_one_change_follows_the_other() -> None:
    lowered = after(prior(), notice(ChangeKind.CHANGED, new=LOWER, runs_from=RunsFrom.ISSUE))
    released = after(
        lowered, notice(ChangeKind.RELEASED_EARLY, date(2029, 2, 1), number="示密〔2029〕2号")
    )
    assert released.secrecy.marking.text == "秘密★5年"
    assert released.text == "解密 2029年2月1日 示密〔2029〕2号"


DAYS = st.dates(date(2010, 10, 1), date(2060, 1, 1))


@given(DAYS, st.integers(1, 30), st.integers(0, 400))
def test_extended_before_the_end_or_not_at_all(start: date, years: int, offset: int) -> None:
    """保守国家秘密法(2024)第二十四条: 在原保密期限届满前重新确定."""
    before = replace(prior(), start=start, since=start)
    marking = replace(before.secrecy.marking, period=ForYears(years))
    before = replace(before, secrecy=replace(before.secrecy, marking=marking))
    last = before.last_secret_day
    assert last is not None
    day = last + timedelta(days=offset - 200)
    given = notice(ChangeKind.EXTENDED, day, new=NewValues(period=ForYears(years + 1)))
    found = apply_change(replace(case(given), prior=before, today=day), BOOK).findings
    late = "extension-in-time" in {finding.rule for finding in found}
    assert late == (day > last) or day < BOOK.first_day
