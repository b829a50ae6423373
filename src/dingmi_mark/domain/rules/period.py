"""Is the period one the law allows? (R6-R9, R12)"""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.domain.approval import Original
from dingmi_mark.domain.law import LawRow, Severity, Theme
from dingmi_mark.domain.rules.case import Case, Remark, explain, note, refuse
from dingmi_mark.domain.terms import (
    ForMonths,
    LongTerm,
    UntilCondition,
    last_secret_day,
    months_later,
)
from dingmi_mark.messages import N_, say


def period_within_limit(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十条第二款: the longest period of each level (R9)."""
    marking = case.approval.secrecy.marking
    limit = row.number(marking.level.value)
    start = case.approval.draft.period_start or case.day
    last = last_secret_day(marking.period, start)
    if last is None or last <= months_later(start, 12 * limit):
        return
    if case.approval.special_basis is not None:
        return
    yield refuse(
        N_("The period is longer than the {limit} years that {level} allows at most."),
        limit=limit,
        level=marking.level.value,
    )


def long_term_has_special_basis(case: Case, row: LawRow) -> Iterator[Remark]:
    """长期 only for 绝密 and on a special basis named in the record (R7)."""
    marking = case.approval.secrecy.marking
    if not isinstance(marking.period, LongTerm):
        return
    if marking.level.value not in row.words("levels"):
        yield refuse(N_("长期 is not possible for {level}."), level=marking.level.value)
    if case.approval.special_basis is None:
        yield refuse(N_("长期 needs a special provision named in the record (special_basis)."))


def months_are_for_short_periods(case: Case, row: LawRow) -> Iterator[Remark]:
    """国家秘密保密期限的规定(1990)第三条: a year or more counts in years.

    Repealed on 2014-03-09; since then periods are counted in days, months or years (暂行规定(2014)
    第二十二条第一款), and whole years are our own choice.
    """
    period = case.approval.secrecy.marking.period
    if case.approval.secrecy.months_confirmed or not isinstance(period, ForMonths):
        return
    years, months = divmod(period.months, 12)
    if years and months:
        yield explain(
            N_("{months} months: a period of a year or more is counted in years."),
            months=period.months,
        )


def condition_is_short(case: Case, row: LawRow) -> Iterator[Remark]:
    """A condition should fit one line of the paper: only told (own choice, R6)."""
    period = case.approval.secrecy.marking.period
    if isinstance(period, UntilCondition) and len(period.condition) > row.number("characters"):
        yield note(
            N_("The condition of release is longer than one line of {characters} characters."),
            characters=row.number("characters"),
        )


def period_has_a_start(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法实施条例(2024)第十九条第二款: the period runs from the 制发日 (R12)."""
    if case.approval.draft.period_start is None:
        yield refuse(
            N_("Neither date of issue (制发日) nor of notice (通知日): the period has no start.")
        )


def period_is_not_over(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条: a matter whose period is over is released."""
    start = case.approval.draft.period_start
    if start is None:
        return
    last = last_secret_day(case.approval.secrecy.marking.period, start)
    if last is not None and last < case.today:
        message = say("The secrecy period ended on {day}; no ★ mark may be put.", day=str(last))
        yield Remark(message, Severity.REFUSE, Theme.PERIOD_OVER)


def new_paper_states_its_period(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第二十一条第一款: the mark shows level and period (R10).

    The default of 30, 20 or 10 years is for what was received without a period; the period of own
    new matter is decided (法19), not defaulted. A derived paper may have it from its source.
    """
    secrecy = case.approval.secrecy
    if isinstance(case.approval.classification, Original) and secrecy.period_defaulted:
        yield refuse(N_("The period of a new paper must be decided: a default is not enough."))
