"""Finish what a crash left of originals between the intent and the proof."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from dingmi_mark.domain.ledger_drafts import DraftLeaving, DraftLeft
from dingmi_mark.errors import OriginalMissing
from dingmi_mark.pipeline.leaving import Proof, carried_out
from dingmi_mark.pipeline.originals import proof_entry
from dingmi_mark.pipeline.settle import LeftToOthers

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

Result: TypeAlias = Proof | OriginalMissing | LeftToOthers


@dataclass(frozen=True)
class SettledOriginal:
    """What became of one original that was on its way."""

    leaving: DraftLeaving
    result: Result


def settle_originals(ledger: Ledger, folder: Path, now: str) -> list[SettledOriginal]:
    """Finish every original on its way whose run has died; return what became of each.

    Relative paths of the ledger begin at `folder`; `now` is ISO 8601 with a time zone. What is
    neither where it was nor where it was to be put stays open for a person.
    """
    return [
        SettledOriginal(leaving, _settled(ledger, leaving, folder, now))
        for leaving in ledger.unanswered(DraftLeaving, DraftLeft)
    ]


def _settled(ledger: Ledger, leaving: DraftLeaving, folder: Path, now: str) -> Result:
    if ledger.is_running(leaving.runner):
        return LeftToOthers()
    try:
        proof = carried_out(leaving, folder, _places(ledger, leaving, folder))
    except OriginalMissing as error:
        return error
    ledger.append(proof_entry(leaving, proof, now, settled=True))
    return proof


def _places(ledger: Ledger, leaving: DraftLeaving, folder: Path) -> dict[str, Path]:
    return {
        known.intended.copy_id: folder / known.intended.target
        for known in ledger.by_approval(leaving.approval_number)
        if known.intended.copy_id in leaving.copies
    }
