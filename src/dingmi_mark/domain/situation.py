"""All the facts of one day, and what an item of `today` is.

An item tells number, since when, and what for; never what the paper says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.copies import DoneCopy
from dingmi_mark.domain.course import trusted_course
from dingmi_mark.domain.following import FollowUp
from dingmi_mark.domain.keys import KeyRegister
from dingmi_mark.domain.law import Finding
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.domain.procedure import Waiting
from dingmi_mark.domain.provisional import ProvisionalCopy
from dingmi_mark.domain.reviewing import OpenReview
from dingmi_mark.domain.secret import Secret
from dingmi_mark.domain.signing import Role
from dingmi_mark.messages import Message

PROGRAM: Final = "dingmi-mark"

WHOEVER: Final = "姓名"
"""Stands in a command for a name the office's files do not tell."""

WHICH: Final = "文稿"
"""Stands in a command for a draft whose name the record does not tell."""

OUT: Final = "已标"
"""The folder for marked files in the commands shown."""

SOON_DAYS: Final = 3
"""How many days before its last day a provisional mark is listed (own choice)."""

KEY_DAYS: Final = 30
"""How many days before its last day a key is listed (own choice)."""


class Section(Enum):
    """What kind of thing waits, in the order of reading: what is overdue first."""

    UNREADABLE = "unreadable"
    DOUBTFUL = "signature"
    PROVISIONAL_OVER = "provisional-over"
    PERIOD_OVER = "period-over"
    RECALL = "recall"
    SOURCE_CHANGED = "source-changed"
    DECISION = "decision"
    REVIEW = "review"
    REPLY = "reply"
    RETURNED = "returned"
    UNMARKED = "unmarked"
    PROVISIONAL_SOON = "provisional-soon"
    PERIOD_ENDING = "period-ending"
    REVIEWED = "reviewed"
    YEARLY_REVIEW = "yearly-review"
    STATISTICS = "statistics"
    KEYS = "keys"


@dataclass(frozen=True)
class OpenRecord:
    """The last version of a record in the approvals tree, and what it waits for.

    `draft` is the path of the draft beside it, empty where it is not there. `basis` is what a
    provisional mark of it rests on. `doubt` says why a signature in it counts no longer. `report`
    names the form by which another organ is asked, where the unit may not decide it (法17, 条例25).
    """

    record: ApprovalRecord
    waiting: Waiting
    draft: str = ""
    basis: str = ""
    doubt: Message | None = None
    report: str = ""

    @property
    def since(self) -> date | None:
        """Since when it waits: the day of its last step."""
        course = trusted_course(self.record)
        return course[-1].day if course else self.record.proposal.day


@dataclass(frozen=True)
class Unreadable:
    """A record of the tree that cannot be read: where, and why."""

    place: str
    cause: Message


@dataclass(frozen=True)
class Situation:
    """All the facts of one day; `people` are the names by role that the office knows.

    `originals_stay`: the office keeps unmarked originals where they are. `following` are the papers
    whose sources were changed or released, `secrets` all that the ledger knows.
    """

    day: date
    records: tuple[OpenRecord, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    done: tuple[DoneCopy, ...] = ()
    returned: tuple[CopyReturned, ...] = ()
    provisional: tuple[ProvisionalCopy, ...] = ()
    keys: KeyRegister = field(default_factory=KeyRegister)
    people: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)
    reminder_months: int = 3
    originals_stay: bool = True
    following: tuple[FollowUp, ...] = ()
    secrets: tuple[Secret, ...] = ()
    reviews: tuple[OpenReview, ...] = ()
    statistics: Finding | None = None


def people_known(situation: Situation) -> frozenset[str]:
    """Return everybody the office's files name: keys, authority, and the people of open records."""
    names = {name for role in situation.people.values() for name in role}
    names |= {key.holder for key in situation.keys.keys}
    for one in situation.records:
        names |= {line.by for line in one.record.history} | {one.record.proposal.by.name}
    return frozenset(names)


@dataclass(frozen=True)
class Viewer:
    """For whom it is looked at: a role, a person, both or neither."""

    role: Role | None = None
    name: str = ""


@dataclass(frozen=True)
class Item:
    """One thing that waits; `command` is what to type, word by word.

    `number` is that of the approval, of the key, or the place of an unreadable record. `person` is
    whom alone it concerns, `not_for` who must not do it.
    """

    section: Section
    number: str
    what: Message
    command: tuple[str, ...]
    roles: frozenset[Role]
    since: date | None = None
    person: str = ""
    not_for: frozenset[str] = frozenset()
    title: str = ""

    def days(self, today: date) -> int | None:
        """Return for how many days it has waited; None where no day is known."""
        return None if self.since is None else (today - self.since).days


def who_for(
    role: Role, situation: Situation, viewer: Viewer, excluded: frozenset[str] = frozenset()
) -> str:
    """Return whose name stands in a command: the viewer's own, else the first who may."""
    known = situation.people.get(role, ())
    if viewer.name and (viewer.role is role or viewer.name in known):
        return viewer.name
    return next((name for name in known if name not in excluded), WHOEVER)
