"""拟定标志: provisional copies as the ledger knows them, and how long they may stand (R28).

A provisional mark protects a paper that is handed in and not decided yet (保守国家秘密法(2024)
第十七条第三款 “先行采取保密措施”). It is no marking: it has acts of its own in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum, StrEnum

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.law import Lawbook
from dingmi_mark.domain.ledger_acts import Act
from dingmi_mark.domain.ledger_provisional import (
    ProvisionalEnded,
    ProvisionalGone,
    ProvisionalIntended,
    ProvisionalMade,
)
from dingmi_mark.domain.unclear import protected_until
from dingmi_mark.domain.working_days import WorkCalendar

PROVISIONAL_ACTS = (ProvisionalIntended, ProvisionalMade, ProvisionalEnded, ProvisionalGone)
"""The acts a provisional copy is told by."""


class EndReason(StrEnum):
    """Why a provisional mark holds no longer (stored in `ProvisionalEnded.reason`)."""

    VOIDED = "voided"
    APPROVED = "approved"
    REPLACED = "replaced"


class FoundFile(StrEnum):
    """What lay at the recorded place when it ended (stored in `ProvisionalEnded.found`)."""

    IN_PLACE = "in_place"
    MISSING = "missing"
    ALTERED = "altered"
    NONE = ""


REMOVED = "removed"
"""How a copy is gone that the program removed itself (`ProvisionalGone.how`)."""


class ProvisionalState(Enum):
    """How a provisional copy stands.

    ENDING: it was found in place and is about to be removed. TO_RECALL: it holds no longer, and
    was not at its place or was altered.
    """

    BEGUN = "begun"
    STANDING = "standing"
    VOID = "void"
    ENDING = "ending"
    TO_RECALL = "to recall"
    GONE = "gone"


@dataclass(frozen=True)
class ProvisionalCopy:
    """One provisional copy; `begun` is the number of the entry that began it."""

    begun: int
    intended: ProvisionalIntended
    made: ProvisionalMade | None = None
    ended: ProvisionalEnded | None = None
    gone: ProvisionalGone | None = None

    @property
    def state(self) -> ProvisionalState:
        """How it stands, by what the ledger says of it."""
        if self.gone is not None:
            return ProvisionalState.GONE
        if self.ended is not None:
            if self.ended.reason == EndReason.VOIDED:
                return ProvisionalState.VOID
            in_place = self.ended.found == FoundFile.IN_PLACE
            return ProvisionalState.ENDING if in_place else ProvisionalState.TO_RECALL
        return ProvisionalState.BEGUN if self.made is None else ProvisionalState.STANDING

    @property
    def until(self) -> date:
        """The last day the mark may stand."""
        return date.fromisoformat(self.intended.until)

    @property
    def name(self) -> str:
        """What people call the copy: `拟定-000001`, `拟定` where copies have no numbers."""
        return provisional_name(self.intended.copy_number)


def provisional_name(copy_number: str) -> str:
    """Return what people call a provisional copy, also at the end of its file's name."""
    return f"拟定-{copy_number}" if copy_number else "拟定"


def provisional_copies(entries: Iterable[tuple[int, Act]]) -> tuple[ProvisionalCopy, ...]:
    """Return the copies that acts, with their numbers and in order, tell of; oldest first."""
    found: dict[int, ProvisionalCopy] = {}
    for seq, entry in entries:
        match entry:
            case ProvisionalIntended():
                found[seq] = ProvisionalCopy(seq, entry)
            case ProvisionalMade() if entry.begun in found:
                found[entry.begun] = replace(found[entry.begun], made=entry)
            case ProvisionalEnded() if entry.begun in found:
                found[entry.begun] = replace(found[entry.begun], ended=entry)
            case ProvisionalGone() if entry.begun in found:
                found[entry.begun] = replace(found[entry.begun], gone=entry)
            case _:
                pass
    return tuple(found.values())


def provisional_deadline(
    record: ApprovalRecord, day: date, policy_days: int, calendar: WorkCalendar, lawbook: Lawbook
) -> date:
    """Return the last day a provisional mark put on `day` may stand.

    An unclear matter is to be reported, and then answered, within the days of the law
    (实施条例(2024)第二十五条). No law gives a number for a paper on its ordinary way: `policy_days`
    is the office's own (`policies.provisional_days`).
    """
    unclear = protected_until(record, day, calendar, lawbook)
    return day + timedelta(days=policy_days) if unclear is None else unclear.day
