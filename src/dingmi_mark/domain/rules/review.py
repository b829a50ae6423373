"""What is to be looked at again: secrets near their end, and the review of every year (R45)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.law import Finding, Lawbook, LawRow
from dingmi_mark.domain.reminders import is_reminded, is_review_due
from dingmi_mark.domain.rules.case import Remark, Rule, note
from dingmi_mark.domain.rules.examining import findings_in, outcomes
from dingmi_mark.messages import N_


@dataclass(frozen=True)
class ReviewCase:
    """A marking in force, today, and the day it was reviewed last."""

    marking: MarkingInForce
    today: date
    reviewed: date | None = None
    rows: tuple[LawRow, ...] = ()

    @property
    def day(self) -> date:
        """The law of today: what is due now."""
        return self.today

    def explanation(self, rule: str) -> str:
        """A review answers nothing."""
        return ""


def end_is_near(case: ReviewCase, row: LawRow) -> Iterator[Remark]:
    """解密暂行办法(2020)第四条: 保密期限届满提醒; three calendar months as advised (R45)."""
    last = case.marking.last_secret_day
    if case.marking.release is None and is_reminded(last, case.today, row.number("months")):
        yield note(
            N_("The period ends on {last}: extend it before, or it releases itself."),
            last=str(last),
        )


def review_of_the_year_is_due(case: ReviewCase, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条第一款: 应当每年审核所确定的国家秘密.

    The law of 2010 said 定期; every year since 暂行规定(2014)第三十一条第一款.
    """
    over, seen = case.marking.is_over_on, case.reviewed or case.marking.since
    if (over is not None and over <= case.today) or seen is None:
        return
    if is_review_due(seen, case.today, row.number("months")):
        yield note(
            N_("Last decided or reviewed on {seen}: the review of the year is due."), seen=str(seen)
        )


REVIEW_RULES: tuple[Rule[ReviewCase], ...] = (
    Rule("expiry-reminder", end_is_near),
    Rule("yearly-review", review_of_the_year_is_due),
)


def examine_review(case: ReviewCase, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return what is due for a marking today."""
    return findings_in(outcomes(REVIEW_RULES, replace(case, rows=lawbook.rows), lawbook))
