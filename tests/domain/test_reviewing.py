"""Reviews: once a year by the law, and what a review decided is carried out or waits."""

from __future__ import annotations

from datetime import date

import pytest

import secrets_kit as kit
from dingmi_mark.domain.ledger_reviews import ReviewDone, StatisticsFiled
from dingmi_mark.domain.reviewing import OpenReview, ReviewState, open_reviews, secrets_to_review
from dingmi_mark.domain.rules.yearly import StatisticsCase, examine_statistics
from dingmi_mark.domain.secret import Secret
from dingmi_mark.domain.situation import Section, Situation, Viewer as Everybody
from dingmi_mark.domain.today import waiting_items
from dingmi_mark.store.lawbook import read_lawbook

DAY = date(2027, 2, 2)
PAPER = kit.copy("1", "2026-02-02")


def review(day: str, outcome: str = "继续保密", name: str = "1") -> ReviewDone:
    words = ("年度审核", outcome, "仍在范围之内", "张示范")
    return ReviewDone(f"d-{name}", f"{name}号", *words, day, kit.moment(day))


def waiting(
    *reviews: ReviewDone, secrets: tuple[Secret, ...] | None = None, day: date = DAY
) -> tuple[OpenReview, ...]:
    return open_reviews(secrets or kit.known([PAPER]), reviews, day, 12)


def test_an_act_is_about_its_document() -> None:
    assert review("2027-01-01").subject == "d-1"


@pytest.mark.parametrize(
    ("reviewed", "day", "waits"),
    [
        ((), date(2027, 2, 1), False),
        ((), date(2027, 2, 2), True),
        (("2026-05-05",), date(2027, 5, 4), False),
        (("2026-05-05",), date(2027, 5, 5), True),
        (("2027-01-01", "2026-05-05"), date(2027, 5, 5), False),
    ],
)
def test_a_year_after_the_last_decision_or_review_it_waits_again(
    reviewed: tuple[str, ...], day: date, waits: bool
) -> None:
    found = waiting(*(review(each) for each in reviewed), day=day)
    assert [one.state for one in found] == ([ReviewState.DUE] if waits else [])


def test_a_change_counts_as_a_decision() -> None:
    changed = kit.known([PAPER], kit.changed("1", "2026-12-01"))
    assert waiting(secrets=changed) == ()


def test_what_was_decided_and_not_carried_out_waits_for_its_notice() -> None:
    (one,) = waiting(review("2027-01-05", "解密"))
    assert one.state is ReviewState.DECIDED and one.last is not None
    done = kit.known([PAPER], kit.changed("1", "2027-01-05", level="秘密"))
    assert waiting(review("2027-01-05", "变更"), secrets=done) == ()
    earlier = kit.known([PAPER], kit.changed("1", "2026-12-05", level="秘密"))
    assert len(waiting(review("2027-01-05", "延长期限"), secrets=earlier)) == 1


def test_the_last_word_of_a_day_counts() -> None:
    taken_back = (review("2027-01-05", "解密"), review("2027-01-05"))
    assert waiting(*taken_back) == ()


def test_what_is_no_secret_or_not_ours_is_not_reviewed() -> None:
    over = kit.known([PAPER], kit.released("1", "2026-12-01"))
    assert waiting(secrets=over) == () and secrets_to_review(over, DAY) == ()
    assert len(secrets_to_review(over, date(2026, 11, 30))) == 1
    later = kit.known([PAPER], kit.released("1", "2028-01-01"))
    assert open_reviews(later, [], date(2029, 6, 1), 12) == ()
    assert len(open_reviews(later, [], date(2027, 12, 31), 12)) == 1
    others = kit.known([], kit.outside("1", "2020-01-01"))
    assert waiting(secrets=others) == () and secrets_to_review(others, DAY) == ()
    assert len(secrets_to_review(kit.known([PAPER]), DAY)) == 1


def test_the_longest_not_seen_comes_first() -> None:
    secrets = kit.known([PAPER, kit.copy("2", "2025-02-02")])
    assert [one.secret.approval_number for one in waiting(secrets=secrets)] == ["2号", "1号"]


def test_today_tells_the_review_of_the_year_in_one_line_and_each_open_outcome() -> None:
    secrets = kit.known([PAPER, kit.copy("2", "2025-02-02"), kit.copy("3", "2026-01-01")])
    reviews = open_reviews(secrets, [review("2027-01-05", "解密", "3")], DAY, 12)
    items = waiting_items(Situation(DAY, reviews=reviews), Everybody())
    assert [item.section for item in items] == [Section.REVIEWED, Section.YEARLY_REVIEW]
    assert "2 secret(s)" in str(items[1].what) and items[1].since == date(2025, 2, 2)
    assert items[1].command == ("dingmi-mark", "review", "list")
    assert "解密" in str(items[0].what) and items[0].number == "3号"


def test_today_reminds_of_the_statistics_of_the_last_year() -> None:
    (finding,) = examine_statistics(StatisticsCase(DAY), read_lawbook("national"))
    (item,) = waiting_items(Situation(DAY, statistics=finding), Everybody())
    assert item.section is Section.STATISTICS and item.number == "2026"
    assert item.command == ("dingmi-mark", "statistics", "2026", "--out", "统计")
    assert StatisticsCase(DAY).explanation("yearly-statistics") == ""
    filed = StatisticsFiled(2026, "赵样例", "2027-02-01", kit.moment("2027-02-01"))
    assert filed.subject == "2026"
