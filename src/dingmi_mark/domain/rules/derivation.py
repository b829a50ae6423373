"""Does a derivative document keep what its sources carry? (R33-R37)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, explain, refuse
from dingmi_mark.domain.rules.sources import SourceTerm, terms_in_force
from dingmi_mark.domain.terms import (
    LongTerm,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
    last_secret_day,
    period_text,
    plain,
)
from dingmi_mark.messages import N_


def derived_level_follows_sources(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第十八条: never lower than the sources, or their points used (R33, R37).

    Nor higher than all of them, unless own secret matter beside has a basis of its own. Sources
    whose period is over do not count.
    """
    level, classification = case.approval.secrecy.marking.level, case.approval.classification
    sources = [term.source for term in terms_in_force(case)]
    known = [source.level for source in sources if source.level is not None]
    if known and level > max(known) and not classification.bases:
        yield explain(
            N_("{level} is higher than every source, and no basis of its own is given."),
            level=level.value,
        )
    for source in sources:
        if source.level is None:
            yield refuse(
                N_("The level of the source “{source}” is not known yet."), source=source.name
            )
            continue
        needed = max(source.points_used, default=source.level)
        if level < needed:
            yield refuse(
                N_("{level} is lower than the source “{source}” ({needed})."),
                level=level.value,
                source=source.name,
                needed=needed.value,
            )


def derived_period_follows_sources(case: Case, row: LawRow) -> Iterator[Remark]:
    """实施条例(2024)第十八条: the period follows the sources and never restarts (R35).

    The end of a counted source (机密★10年 of 2020-03-15) may be written as 解密时间 in two ways:
    its last secret day (2030-03-15) or the day after, on which it is released (2030-03-16), as no
    text says whether a 解密时间 is itself still secret (R5). A source that gives a date is
    repeated, so that nothing drifts over generations. Until 2014-03-08 all this is inferred; then
    暂行规定(2014)第二十条第二款 said it. What falls short of a default that is no law is asked
    about, not refused.
    """
    own, terms = _own_last_day(case), terms_in_force(case)
    end, firm = _end(terms), _end(term for term in terms if term.is_firm)
    if own is None or end is None:
        return
    if own < end.last:
        tell = refuse if firm is not None and own < firm.last else explain
        yield tell(
            N_("The period ends on {own}, before that of its sources ({latest})."),
            own=str(own),
            latest=str(end.last),
        )
    elif _is_later(own, end, case) and _all_dated(terms):
        yield explain(
            N_("The period ends on {own}, after that of its sources ({latest})."),
            own=str(own),
            latest=str(end.last),
        )


def beijing_release_is_that_of_sources(case: Case, row: LawRow) -> Iterator[Remark]:
    """北京市保守国家秘密条例(2021)第十四条第二款: its 解密时间 is that of what it executes.

    For the organs of Beijing only, which may not restart the clock for any reason (R35).
    """
    own, terms = _own_last_day(case), terms_in_force(case)
    end = _end(term for term in terms if term.is_firm)
    if not case.beijing or own is None or end is None:
        return
    later = _is_later(own, end, case) and _all_dated(terms) and all(t.is_firm for t in terms)
    if own < end.last or later:
        yield refuse(
            N_("In Beijing it is released with its sources (last day {latest}), not after {own}."),
            own=str(own),
            latest=str(end.last),
        )


def derived_period_can_be_compared(case: Case, row: LawRow) -> Iterator[Remark]:
    """A day, a condition and 长期 have no order: the officer designates one (inferred, R36).

    长期 of an 绝密 source is the longest of all where the record gives its special basis (R7). Nor
    can be compared what is not known: a source without period, or counted without date of issue.
    """
    terms, own = terms_in_force(case), case.approval.secrecy.marking.period
    for term in terms:
        if term.is_unknown and term.source.level is not None:
            yield explain(
                N_(
                    "The last secret day of the source “{source}” is not known: its period or its "
                    "date of issue (制发日) is missing."
                ),
                source=term.source.name,
            )
    periods = [term.period for term in terms if term.period is not None]
    if isinstance(own, LongTerm) and _long_term_counts(case, terms):
        return
    if len({_kind(period) for period in (own, *periods)}) > 1:
        yield explain(
            N_(
                "These periods cannot be compared: {periods}. The classification officer "
                "(定密责任人) must designate one."
            ),
            periods="、".join(dict.fromkeys(period_text(period) for period in (own, *periods))),
        )


@dataclass(frozen=True)
class _End:
    """The latest last secret day of some sources; `counted`: a counted source ends on it."""

    last: date
    counted: bool


def _end(terms: Iterable[SourceTerm]) -> _End | None:
    dated = [(term.last, term.is_counted) for term in terms if term.last is not None]
    return _End(*max(dated)) if dated else None


def _is_later(own: date, end: _End, case: Case) -> bool:
    """Tell whether the paper outlasts its sources without own matter that would explain it."""
    written = isinstance(case.approval.secrecy.marking.period, UntilDate)
    leeway = timedelta(days=1 if written and end.counted else 0)
    return own > end.last + leeway and not case.approval.classification.bases


def _own_last_day(case: Case) -> date | None:
    start = case.approval.draft.period_start
    return None if start is None else last_secret_day(case.approval.secrecy.marking.period, start)


def _all_dated(terms: tuple[SourceTerm, ...]) -> bool:
    return all(term.last is not None for term in terms)


def _long_term_counts(case: Case, terms: tuple[SourceTerm, ...]) -> bool:
    return case.approval.special_basis is not None and any(
        isinstance(term.period, LongTerm) and term.source.level is SecrecyLevel.TOP_SECRET
        for term in terms
    )


def _kind(period: SecrecyPeriod) -> str | bool:
    """What can be compared has the same kind: equal conditions, else 长期 or a day."""
    if isinstance(period, UntilCondition):
        return plain(period.condition)
    return isinstance(period, LongTerm)
