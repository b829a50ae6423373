"""到期: which secrets end soon, which are over, and which wait for a condition (解密办法4; R45)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TypeAlias

from dingmi_mark.domain.reminders import reminded_from
from dingmi_mark.domain.secret import Origin, Secret
from dingmi_mark.domain.yearly import CONDITION, period_kind

_ListedFrom: TypeAlias = Callable[[date], date]


class DueKind(Enum):
    """Why a secret is on the list, in the order of reading."""

    OVER = "over"
    """Its period is over and copies are out: it released itself (法24), no notice said so."""
    ENDING = "ending"
    """Its last day comes: it is extended before that, or ends by itself."""
    CONDITION = "condition"
    """It is secret until something happens: somebody has to decide whether it happened."""


@dataclass(frozen=True)
class Due:
    """One secret of the list; `last` is its last secret day, None for a condition."""

    kind: DueKind
    secret: Secret
    last: date | None = None

    def days(self, day: date) -> int | None:
        """Return how many days are left; negative where it is over."""
        return None if self.last is None else (self.last - day).days


def due_within_days(secrets: Iterable[Secret], day: date, days: int) -> tuple[Due, ...]:
    """Return what is over, ends within so many days, or waits for a condition."""
    return _due(secrets, day, lambda last: last - timedelta(days=days))


def due_within_months(secrets: Iterable[Secret], day: date, months: int) -> tuple[Due, ...]:
    """Return the same by calendar months, as the reminder of the office has it."""
    return _due(secrets, day, lambda last: reminded_from(last, months))


def _due(secrets: Iterable[Secret], day: date, listed_from: _ListedFrom) -> tuple[Due, ...]:
    order = list(DueKind)
    found = [due for each in secrets for due in _of(each, day, listed_from)]
    return tuple(
        sorted(
            found, key=lambda due: (order.index(due.kind), due.last or date.max, due.secret.name)
        )
    )


def _of(secret: Secret, day: date, listed_from: _ListedFrom) -> Iterator[Due]:
    if secret.origin is not Origin.OWN or secret.first.since > day:
        return
    ending = secret.ending
    if ending is not None and ending.day <= day:
        if not ending.basis and secret.out:
            yield Due(DueKind.OVER, secret, ending.day - timedelta(days=1))
        return
    state = secret.state_on(day)
    if state.last is not None:
        if listed_from(state.last) <= day:
            yield Due(DueKind.ENDING, secret, state.last)
    elif period_kind(state.period) == CONDITION:
        yield Due(DueKind.CONDITION, secret)
