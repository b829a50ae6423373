"""Read holidays.toml: the holidays and worked days of a year, each with its notice.

The program's own stands in `law/`; an office may keep years of its own, which go before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from dingmi_mark.domain.law import Certainty, Citation
from dingmi_mark.domain.working_days import YearOfHolidays
from dingmi_mark.messages import say
from dingmi_mark.store.strict_toml import Table, by_value

HOLIDAYS_FILE: Final = "holidays.toml"

_SATURDAY: Final = 5


def read_years(top: Table) -> tuple[YearOfHolidays, ...]:
    """Read all years of a file. Raises Faulty with all faults."""
    top.integer("schema", least=1, most=1)
    tables = top.tables("year", least=1)
    years = tuple(_year(table) for table in tables)
    seen: set[int] = set()
    for table, year in zip(tables, years, strict=True):
        if year.year in seen:
            table.fault("year", say("this year stands twice in the file"))
        seen.add(year.year)
    top.finish()
    return years


def _year(table: Table) -> YearOfHolidays:
    number = table.integer("year", least=1949, most=2999)
    certainty = table.choice("certainty", by_value(Certainty))
    citation = Citation(table.text("notice"), "", certainty)
    holidays = frozenset(_days(table, number))
    workdays = frozenset(_workdays(table, number))
    return YearOfHolidays(number, holidays, workdays, str(citation))


def _days(table: Table, year: int) -> Iterator[date]:
    """Yield the days of every holiday: `[[year.holiday]]` with first and last day, both off."""
    for holiday in table.tables("holiday", least=1):
        holiday.text("name")
        first = holiday.day("first")
        last = holiday.day("last", first)
        if not (first.year == last.year == year and first <= last):
            holiday.fault(
                "first", say("days of the year {year}, in order, are expected", year=year)
            )
            continue
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _workdays(table: Table, year: int) -> Iterator[date]:
    for number, text in enumerate(table.words("workdays", ()), 1):
        day = _day_of(text)
        if day is None or day.year != year or day.weekday() < _SATURDAY:
            expected = say("a Saturday or Sunday of {year} is expected", year=year)
            table.fault(f"workdays[{number}]", expected)
            continue
        yield day


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
