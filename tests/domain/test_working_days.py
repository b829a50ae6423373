"""工作日: ten working days by the official holiday notices."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.domain.working_days import (
    LastDay,
    WorkCalendar,
    YearOfHolidays,
    add_working_days,
)
from dingmi_mark.store.lawbook import read_lawbook

OFFICIAL = read_lawbook("national").calendar


@pytest.mark.parametrize(
    ("start", "last"),
    [
        (date(2024, 9, 2), date(2024, 9, 14)),
        (date(2024, 9, 27), date(2024, 10, 16)),
        (date(2025, 1, 22), date(2025, 2, 11)),
        (date(2025, 9, 26), date(2025, 10, 16)),
        (date(2026, 1, 1), date(2026, 1, 15)),
        (date(2026, 2, 10), date(2026, 3, 2)),
        (date(2026, 4, 30), date(2026, 5, 18)),
        (date(2026, 9, 18), date(2026, 10, 9)),
    ],
)
def test_ten_working_days_by_the_notices(start: date, last: date) -> None:
    assert add_working_days(start, 10, OFFICIAL) == LastDay(last)


@pytest.mark.parametrize(("year", "off", "worked"), [(2024, 28, 8), (2025, 28, 5), (2026, 33, 6)])
def test_the_notice_of_each_year_is_there_whole(year: int, off: int, worked: int) -> None:
    found = OFFICIAL.year(year)
    assert found is not None and str(year) in found.citation
    assert (len(found.holidays), len(found.workdays)) == (off, worked)
    assert not found.holidays & found.workdays


def test_a_year_without_notice_is_counted_monday_to_friday_and_named() -> None:
    """2027-12-20 is a Monday; New Year is not known to be off."""
    assert add_working_days(date(2027, 12, 20), 10, OFFICIAL) == LastDay(
        date(2028, 1, 3), (2027, 2028)
    )
    assert add_working_days(date(2026, 12, 28), 10, OFFICIAL).missing == (2027,)


def test_a_year_of_the_office_goes_before_the_official_one() -> None:
    own = YearOfHolidays(2026, frozenset({date(2026, 3, 3)}), frozenset(), "示例")
    calendar = WorkCalendar((*OFFICIAL.years, own))
    assert not calendar.is_working_day(date(2026, 3, 3))
    assert calendar.is_working_day(date(2026, 1, 1))


@given(st.dates(date(2024, 1, 1), date(2026, 10, 1)), st.integers(1, 30))
def test_the_last_day_is_worked_and_there_are_just_so_many(start: date, count: int) -> None:
    last = add_working_days(start, count, OFFICIAL).day
    days = [start + timedelta(days=n) for n in range(1, (last - start).days + 1)]
    assert OFFICIAL.is_working_day(last)
    assert sum(map(OFFICIAL.is_working_day, days)) == count
