"""Settle what a crash left of copies without marks: each has its name, or nothing of it is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_changes import (
    CopyOutcome,
    ReleaseCopied,
    ReleaseIntended,
    ReleaseSettled,
)
from dingmi_mark.errors import DingmiError
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.remark_settling import remove_temporary

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


@dataclass(frozen=True)
class SettledCopy:
    """One copy that a crash left: `outcome` is None where a run is at work on it.

    `was_proved`: the ledger has it as whole and looked at, with or without its name.
    """

    file: Path
    outcome: CopyOutcome | None
    was_proved: bool = False


def settle_copies(ledger: Ledger, office: Path, now: str) -> tuple[SettledCopy, ...]:
    """Settle every copy that was begun and neither named nor given up; return what was found."""
    return tuple(_each(ledger, office, now))


def _each(ledger: Ledger, office: Path, now: str) -> Iterator[SettledCopy]:
    for begun in ledger.unanswered(ReleaseIntended, ReleaseSettled):
        if ledger.is_running(begun.runner):
            yield SettledCopy(office / begun.file, None)
            continue
        acts = ledger.acts(ReleaseCopied, thread=begun.copying_id)
        made = acts[0][1] if acts else None
        answer = settled(begun, made, office, now, given_up=CopyOutcome.INTERRUPTED)
        ledger.append(answer)
        yield SettledCopy(office / begun.file, CopyOutcome(answer.outcome), made is not None)


def settled(
    begun: ReleaseIntended,
    made: ReleaseCopied | None,
    office: Path,
    now: str,
    *,
    given_up: CopyOutcome = CopyOutcome.NOT_WRITTEN,
) -> ReleaseSettled:
    """Take away the temporary file, and return what the ledger is told of a copy.

    It has its name only where the file there is the one that was proved.
    """
    remove_temporary(office / begun.temporary)
    named = made is not None and _sm3(office / begun.file) == made.copy_sm3
    outcome = CopyOutcome.NAMED if named else given_up
    return ReleaseSettled(begun.copying_id, begun.document_id, outcome.value, now)


def _sm3(file: Path) -> str:
    try:
        return read_bytes_of(file, most_mib=ANY_SIZE_MIB).digests.sm3
    except DingmiError:
        return ""
