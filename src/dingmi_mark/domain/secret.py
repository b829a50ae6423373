"""国家秘密事项 as a register knows it: one for a document, whatever the number of its copies.

What it was from which day on, and since when it is secret no longer. Pure values; they are made
out of the ledger's entries by `domain.secrets_known`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Final

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.terms import SecrecyLevel

OUTSIDE_KIND: Final = "外来"
"""Stands in place of 原始定密 or 派生定密 for a document that another organ classified."""

LEGACY_KIND: Final = "未注明"
"""Stands there for a paper of ours that was marked before this program was there: the mark alone
does not say whether its secret was derived."""

_DAY: Final = timedelta(days=1)


class Origin(Enum):
    """Whose secret it is."""

    OWN = "本机关、本单位产生"
    OUTSIDE = "外来"


@dataclass(frozen=True)
class SecretState:
    """What a secret is from a day on; `last` is its last secret day where one can be computed."""

    since: date
    level: SecrecyLevel
    period: str
    last: date | None = None
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class SecretChange:
    """变更、解除: what was decided on a day, by which notice, and what the secret is since.

    `released` is the first day it is secret no longer, None where it stays one.
    """

    kind: ChangeKind
    basis: str
    after: SecretState
    released: date | None = None

    @property
    def day(self) -> date:
        """The day it was decided."""
        return self.after.since


@dataclass(frozen=True)
class Ending:
    """Since when a secret is one no longer, how, and by which notice (none: by its period)."""

    day: date
    kind: ChangeKind
    basis: str = ""


@dataclass(frozen=True)
class Secret:
    """One secret: its first state, and everything that was decided about it later, in order.

    `first.since` is the day it was determined, or registered where it came from outside. `kind` is
    定密类型. `officer` is who signed the decision, empty where nobody signed. `copies` were made,
    `out` of them did not come back. `notified`: its file could bear no mark and its readers were
    told in writing. The title is not in the ledger.
    """

    id: str
    origin: Origin
    kind: str
    first: SecretState
    approval_number: str = ""
    document_number: str = ""
    organ: str = ""
    officer: str = ""
    issue_day: date | None = None
    copies: int = 0
    out: int = 0
    notified: bool = False
    changes: tuple[SecretChange, ...] = ()

    @property
    def name(self) -> str:
        """How people refer to it: 文号, else the approval, else the beginning of its id."""
        return self.document_number or self.approval_number or self.id[:8]

    @property
    def states(self) -> tuple[SecretState, ...]:
        """All its states, in order."""
        return (self.first, *(change.after for change in self.changes))

    @property
    def last_state(self) -> SecretState:
        """What it is by the last decision about it."""
        return self.states[-1]

    @property
    def ending(self) -> Ending | None:
        """Since when it is secret no longer: by a release, or by its period (法24), the earlier."""
        ends: list[Ending] = []
        for change in self.changes:
            if change.released is not None:
                ends.append(Ending(change.released, change.kind, change.basis))
        if (last := self.last_state.last) is not None:
            ends.append(Ending(last + _DAY, ChangeKind.EXPIRED))
        # The first of equals: a notice that says so itself is named with its number.
        return min(ends, key=lambda end: end.day, default=None)

    def is_secret_on(self, day: date) -> bool:
        """Tell whether it is a secret on a day."""
        return self.first.since <= day and ((end := self.ending) is None or day < end.day)

    def state_on(self, day: date) -> SecretState:
        """Return what it was on a day; before its first day, what it was then."""
        earlier = [state for state in self.states if state.since <= day]
        return earlier[-1] if earlier else self.first

    def steps(self) -> Iterator[tuple[SecretState, SecretChange]]:
        """Yield every change with the state it was made of."""
        yield from zip(self.states, self.changes, strict=False)
