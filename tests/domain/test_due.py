"""What ends soon, what is over, and what waits for a condition, with its days."""

from __future__ import annotations

from datetime import date

import pytest

import secrets_kit as kit
from dingmi_mark.domain.due import Due, DueKind, due_within_days, due_within_months

DAY = date(2026, 11, 1)


def due(days: int, *copies: kit.MarkedCopy, acts: tuple[kit.Act, ...] = ()) -> tuple[Due, ...]:
    return due_within_days(kit.known(list(copies), *acts), DAY, days)


def ending(last: str, **changes: object) -> kit.MarkedCopy:
    return kit.copy("1", "2016-01-01", last_secret_day=last, **changes)


@pytest.mark.parametrize(
    ("last", "days", "kind"),
    [
        ("2026-12-01", 30, DueKind.ENDING),
        ("2026-12-02", 30, None),
        ("2026-11-01", 30, DueKind.ENDING),
        ("2026-10-31", 30, DueKind.OVER),
        ("2027-11-01", 365, DueKind.ENDING),
        ("2027-11-02", 365, None),
    ],
)
def test_the_days_before_the_last_secret_day_decide(
    last: str, days: int, kind: DueKind | None
) -> None:
    assert [each.kind for each in due(days, ending(last))] == ([kind] if kind else [])


def test_what_is_over_counts_below_nothing() -> None:
    (one,) = due(30, ending("2026-10-31"))
    assert (one.last, one.days(DAY)) == (date(2026, 10, 31), -1)


def test_an_extension_takes_it_off_the_list_and_a_shorter_period_puts_it_on() -> None:
    longer = kit.changed("1", "2026-10-01", "延长期限", last_secret_day="2036-01-01")
    assert due(90, ending("2026-12-01"), acts=(longer,)) == ()
    shorter = kit.changed("1", "2026-10-01", last_secret_day="2026-12-01")
    assert [each.kind for each in due(90, ending("2036-01-01"), acts=(shorter,))] == [
        DueKind.ENDING
    ]


def test_what_was_released_by_a_notice_is_done_with() -> None:
    assert due(90, ending("2026-12-01"), acts=(kit.released("1", "2026-10-01"),)) == ()
    said = kit.changed("1", "2026-10-20", "期满自行解密", released="2026-10-02",
                       last_secret_day="2026-10-01")  # fmt: skip
    assert due(90, ending("2026-10-01"), acts=(said,)) == ()


def test_what_is_over_and_all_back_waits_for_nobody() -> None:
    assert due(90, ending("2026-10-01"), acts=(kit.returned("1"),)) == ()


def test_a_condition_waits_for_a_decision_and_a_long_term_for_none() -> None:
    facts = kit.described("1", period="解密条件：演练结束")
    (one,) = due(30, ending(""), acts=(facts,))
    assert one.kind is DueKind.CONDITION and one.days(DAY) is None
    assert due(30, ending("", period="长期")) == ()


def test_conditions_come_last_and_what_ends_the_same_day_by_name() -> None:
    facts = kit.described("3", period="解密条件：演练结束")
    copies = [
        kit.copy("3", "2016-01-01", last_secret_day=""),
        *(kit.copy(name, "2016-01-01", last_secret_day="2026-12-01") for name in ("2", "1")),
        kit.copy("4", "2016-01-01", last_secret_day="2026-11-20"),
    ]
    assert [each.secret.name for each in due(90, *copies, acts=(facts,))] == [
        "4号", "1号", "2号", "示密〔2026〕3号",
    ]  # fmt: skip


def test_what_was_marked_on_the_day_itself_is_on_the_list() -> None:
    today = kit.copy("1", DAY.isoformat(), last_secret_day="2026-12-01")
    assert [each.kind for each in due(90, today)] == [DueKind.ENDING]


def test_papers_of_others_and_what_begins_later_are_not_ours_to_decide() -> None:
    assert due(9000, acts=(kit.outside("1", "2017-01-01"),)) == ()
    assert due(9000, kit.copy("1", "2026-12-01")) == ()


def test_the_reminder_counts_calendar_months() -> None:
    secrets = kit.known([ending("2026-06-30")])
    assert due_within_months(secrets, date(2026, 3, 29), 3) == ()
    assert len(due_within_months(secrets, date(2026, 3, 30), 3)) == 1


def test_what_is_over_comes_first() -> None:
    copies = [ending("2026-12-01"), kit.copy("2", "2016-01-01", last_secret_day="2026-10-01")]
    assert [each.kind for each in due(90, *copies)] == [DueKind.OVER, DueKind.ENDING]
