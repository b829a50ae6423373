"""How long each source of a derivative paper stays secret, and which sources count (R10, R37)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.law import LawRow
from dingmi_mark.domain.rules.case import Case, Remark, note, refuse
from dingmi_mark.domain.terms import (
    ForYears,
    LongTerm,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
    last_secret_day,
)
from dingmi_mark.messages import N_

DEFAULT_PERIOD: Final = "source-default"


@dataclass(frozen=True)
class SourceTerm:
    """A source with its period and its last secret day, None where they are not known.

    `default` is the row the period was taken from where the source states none. A condition and
    长期 have no last day; an extended source is recorded with the period it has now.
    """

    source: Source
    period: SecrecyPeriod | None
    last: date | None
    default: LawRow | None = None

    @property
    def is_unknown(self) -> bool:
        """Tell whether its end cannot be known: no period, or no day to count it from."""
        return self.last is None and not isinstance(self.period, UntilCondition | LongTerm)

    @property
    def is_firm(self) -> bool:
        """Tell whether its period is its own or a default that the law itself sets."""
        return self.default is None or self.default.citation.certainty.is_law

    @property
    def is_counted(self) -> bool:
        """Tell whether its last day was counted and is not written on it."""
        return not isinstance(self.period, UntilDate)

    @property
    def end(self) -> date | None:
        """The last day it was secret: by its period, or the day before its early release."""
        released = self.source.released
        days = [self.last, None if released is None else released - timedelta(days=1)]
        return min((day for day in days if day is not None), default=None)

    def is_over_on(self, day: date) -> bool:
        """Tell whether it counts no longer on a day (法24)."""
        return self.end is not None and self.end < day


def source_terms(case: Case) -> tuple[SourceTerm, ...]:
    """Return all sources of a derivative record with their terms."""
    return tuple(term_of(source, case.rows, case.day) for source in case.sources)


def terms_in_force(case: Case) -> tuple[SourceTerm, ...]:
    """Return the sources that count: not released yet on the day of the paper (法24)."""
    return tuple(term for term in source_terms(case) if not term.is_over_on(case.paper_day))


def source_without_period_has_default(case: Case, row: LawRow) -> Iterator[Remark]:
    """暂行规定(2014)第二十四条第四款: a source without period has 30, 20 or 10 years (R10).

    They run from its date of issue, which also selects the row: it covers all sources up to
    2025-04-30, older ones too (已定密事项). Where the true period is known, the record states it.
    """
    for term in source_terms(case):
        if term.default is not None:
            defaulted = note(
                N_("The source “{source}” states no period: defaulted, last secret day {last}."),
                source=term.source.name,
                last=str(term.last),
            )
            yield replace(defaulted, row=term.default)


def sources_are_still_secret(case: Case, row: LawRow) -> Iterator[Remark]:
    """保守国家秘密法(2024)第二十四条: a source whose period is over has released itself (R37).

    It no longer counts on the later of the days of decision and issue; nothing is derived where
    none is left. The same holds of an early release, where record or ledger tell of it.
    """
    over = [term for term in source_terms(case) if term.is_over_on(case.paper_day)]
    for term in over:
        name, last = term.source.name, str(term.end)
        if len(over) == len(case.sources):
            yield refuse(
                N_("No source is secret any more: “{source}” was secret until {last}."),
                source=name,
                last=last,
            )
        else:
            yield note(
                N_("The source “{source}” no longer counts: it was secret until {last}."),
                source=name,
                last=last,
            )


def term_of(source: Source, rows: Iterable[LawRow], day: date) -> SourceTerm:
    """Return the term of a source by the law known on a day."""
    period, default = source.period, None
    if period is None and source.level is not None and source.issue_day is not None:
        default = _default_row(source.issue_day, rows, day)
        period = None if default is None else ForYears(default.number(source.level.value))
    start = source.issue_day
    if isinstance(period, UntilDate):
        return SourceTerm(source, period, period.day, default)
    last = None if period is None or start is None else last_secret_day(period, start)
    return SourceTerm(source, period, last, default)


def _default_row(issued: date, rows: Iterable[LawRow], known: date) -> LawRow | None:
    rows = [row for row in rows if row.rule == DEFAULT_PERIOD and row.effective_from <= known]
    if not rows:
        return None
    day = max(issued, min(row.effective_from for row in rows))
    return next((row for row in rows if row.covers(day)), None)
