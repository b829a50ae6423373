"""份: the copies of an approved paper, who has each, and which came back (R50).

实施条例(2024)第二十七条: 收发、清退 are registered. So far the register knows what was made and
what came back; other acts about a copy stand beside `CopyReturned`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from dingmi_mark.domain.approval import DraftIdentity
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.domain.provisional import ProvisionalCopy, ProvisionalState


class ReturnedHow(Enum):
    """What became of a copy that is out no longer."""

    TAKEN_BACK = "收回"
    DESTROYED = "销毁"
    VOID = "作废"


@dataclass(frozen=True)
class DoneCopy:
    """A finished copy as the ledger's tables have it; `last_secret_day` is ISO or empty."""

    approval_number: str
    copy_number: str
    last_secret_day: str


@dataclass(frozen=True)
class RegisteredCopy:
    """One line of the register.

    `name` is what people call it: `000001`, `拟定-000001`; empty where copies have no numbers.
    `how`, `by` and `day` (ISO) tell of its return and are empty while it is out.
    """

    approval_number: str
    name: str
    receiver: str = ""
    file: str = ""
    provisional: ProvisionalCopy | None = None
    how: str = ""
    by: str = ""
    day: str = ""

    @property
    def is_out(self) -> bool:
        """Tell whether nobody registered its return."""
        return not self.how


def receiver_of(draft: DraftIdentity, copy_number: str) -> str:
    """Return who got a copy: the n-th receiver where there is one for each, else all of them.

    Whom a copy beyond the record's (复制-000001) goes to, the record does not say.
    """
    if copy_number and not copy_number.isdecimal():
        return ""
    one_each = copy_number.isdecimal() and len(draft.receivers) == draft.copies
    return draft.receivers[int(copy_number) - 1] if one_each else "、".join(draft.receivers)


def returns_by_copy(entries: Iterable[CopyReturned]) -> Mapping[tuple[str, str], CopyReturned]:
    """Return the last return of each copy, by approval and copy number."""
    return {(entry.approval_number, entry.copy_number): entry for entry in entries}


def registered(
    done: Iterable[tuple[DoneCopy, str]],
    provisional: Iterable[ProvisionalCopy],
    returned: Iterable[CopyReturned],
    draft: DraftIdentity | None,
) -> tuple[RegisteredCopy, ...]:
    """Return the register of one approval: its copies with their files, and the provisional ones.

    `draft` is what the record says of its receivers, None where the record is not at hand.
    """
    back = returns_by_copy(returned)
    lines = []
    for copy, file in done:
        number = copy.copy_number
        found = back.get((copy.approval_number, number))
        told = (found.how, found.by, found.day) if found else ("", "", "")
        receiver = receiver_of(draft, number) if draft else ""
        lines.append(RegisteredCopy(copy.approval_number, number, receiver, file, None, *told))
    lines += (_provisional(one) for one in provisional if _was_made(one))
    return tuple(lines)


def _was_made(copy: ProvisionalCopy) -> bool:
    return copy.state not in (ProvisionalState.BEGUN, ProvisionalState.VOID)


def _provisional(copy: ProvisionalCopy) -> RegisteredCopy:
    told = (copy.gone.how, copy.gone.by, copy.gone.day) if copy.gone else ("", "", "")
    intended = copy.intended
    return RegisteredCopy(intended.approval_number, copy.name, "", intended.target, copy, *told)
