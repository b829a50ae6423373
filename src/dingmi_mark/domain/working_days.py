"""工作日: count working days by the official holiday notices, a year of them at a time.

The notice of each year names the holidays (放假) and the days at weekends that are worked for them
(调休上班). A year without notice is counted Monday to Friday, and named: nobody relies on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_SATURDAY: Final = 5


@dataclass(frozen=True)
class YearOfHolidays:
    """One year: days off, worked days at weekends, and the notice they are from, as written."""

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    citation: str


@dataclass(frozen=True)
class WorkCalendar:
    """The years that are known; of two for the same year the later one counts."""

    years: tuple[YearOfHolidays, ...] = ()

    def year(self, number: int) -> YearOfHolidays | None:
        """Return a year, None where no notice is known."""
        return next((year for year in reversed(self.years) if year.year == number), None)

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work on the day."""
        year = self.year(day.year)
        if year is not None and day in year.workdays:
            return True
        return day.weekday() < _SATURDAY and (year is None or day not in year.holidays)


@dataclass(frozen=True)
class LastDay:
    """The last day of a span; `missing`: years that had no notice."""

    day: date
    missing: tuple[int, ...] = ()


def add_working_days(start: date, count: int, calendar: WorkCalendar) -> LastDay:
    """Return the last of `count` working days after `start`, which itself does not count.

    By analogy with 民法典第二百零一条 (inferred, as R12). `count` is at least 1.
    """
    day, left = start, count
    passed: set[int] = set()
    while left > 0:
        day += timedelta(days=1)
        passed.add(day.year)
        left -= calendar.is_working_day(day)
    return LastDay(day, tuple(sorted(year for year in passed if calendar.year(year) is None)))
