"""What the ledger says of unmarked originals: what became of them, and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from dingmi_mark.domain.ledger_drafts import DraftLeft


class Outcome(StrEnum):
    """What became of an unmarked original (stored in `DraftLeft.outcome`)."""

    KEPT = "kept"
    ARCHIVED = "archived"
    DELETED = "deleted"
    REMAINS = "remains"


def as_they_stand(acts: Iterable[DraftLeft]) -> tuple[DraftLeft, ...]:
    """Return the last word on every original, by the place it had when it was marked."""
    return tuple({act.origin: act for act in acts}.values())
