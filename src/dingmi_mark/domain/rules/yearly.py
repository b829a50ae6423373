"""When the statistics of the last year are due (R53)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.law import Finding, Lawbook, LawRow
from dingmi_mark.domain.rules.case import Remark, Rule, note
from dingmi_mark.domain.rules.examining import findings_in, outcomes
from dingmi_mark.messages import N_


@dataclass(frozen=True)
class StatisticsCase:
    """Today, and the last year whose statistics were handed in; None for none yet."""

    today: date
    filed: int | None = None
    rows: tuple[LawRow, ...] = ()

    @property
    def day(self) -> date:
        """The law of today: what is due now."""
        return self.today

    @property
    def year(self) -> int:
        """The year whose statistics are made now."""
        return self.today.year - 1

    def explanation(self, rule: str) -> str:
        """A reminder answers nothing."""
        return ""


def statistics_are_due(case: StatisticsCase, row: LawRow) -> Iterator[Remark]:
    """The pilot handbook (2011) has the tables handed in before the end of February.

    实施条例(2024)第五十六条 asks for the report of the year and names neither tables nor day.
    """
    month = row.number("month")
    if case.today.month <= month and (case.filed is None or case.filed < case.year):
        yield note(
            N_("The statistics of {year} are to be handed in by the end of month {month}."),
            year=case.year,
            month=month,
        )


STATISTICS_RULES: tuple[Rule[StatisticsCase], ...] = (
    Rule("yearly-statistics", statistics_are_due),
)


def examine_statistics(case: StatisticsCase, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return what is due for the statistics of the last year today."""
    return findings_in(outcomes(STATISTICS_RULES, replace(case, rows=lawbook.rows), lawbook))
