"""What becomes of a marking that a crash left open, decided from facts.

Rename comes only after `Prepared` is in the ledger, so an intent alone never reached its target,
and a file under the target with exactly the prepared digests is the marked one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from dingmi_mark.domain.ledger import FileDigests, MarkingState
from dingmi_mark.messages import Message, say


class VoidReason(StrEnum):
    """Why `doctor` voids a marking (stored in `Voided.reason`)."""

    INTERRUPTED_BEFORE_PREPARED = "interrupted_before_prepared"
    INTERRUPTED_BEFORE_RENAMED = "interrupted_before_renamed"
    INTERRUPTED_WHILE_VOIDING = "interrupted_while_voiding"


@dataclass(frozen=True)
class Finish:
    """The marked file stands at its target: record the marking as done."""


@dataclass(frozen=True)
class Void:
    """The marked file never came to its target: remove ours, record as void."""

    reason: VoidReason


@dataclass(frozen=True)
class NeedsPerson:
    """Nothing is done: somebody has to look."""

    reason: Message


Settlement: TypeAlias = Finish | Void | NeedsPerson


@dataclass(frozen=True)
class FilesFound:
    """The digests of the files under both names of a marking, None for none."""

    temporary: FileDigests | None
    target: FileDigests | None


def settlement(state: MarkingState, prepared: FileDigests | None, found: FilesFound) -> Settlement:
    """Decide about an open marking from its last state, prepared digests and files.

    Raises ValueError for a marking that is not open.
    """
    match state:
        case MarkingState.INTENDED:
            return Void(VoidReason.INTERRUPTED_BEFORE_PREPARED)
        case MarkingState.VOIDING:
            return Void(VoidReason.INTERRUPTED_WHILE_VOIDING)
        case MarkingState.PREPARED | MarkingState.RENAMED:
            return _settle_prepared(state, prepared, found)
        case _:
            raise ValueError(f"a marking that is {state.value} is not open")


def _settle_prepared(
    state: MarkingState, prepared: FileDigests | None, found: FilesFound
) -> Settlement:
    if found.target is not None:
        if found.target == prepared:
            return Finish()
        return NeedsPerson(
            say("Under the name of the marked file stands a file with other content.")
        )
    if state is MarkingState.PREPARED and found.temporary is not None:
        return Void(VoidReason.INTERRUPTED_BEFORE_RENAMED)
    return NeedsPerson(
        say("The marked file was finished, but is not there; somebody may have moved it away.")
    )
