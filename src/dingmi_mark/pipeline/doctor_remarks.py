"""What `doctor` does for files on their way to a new mark, or to a copy without any mark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_changes import CopyOutcome
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.doctor import Diagnosis, Health, Patient
from dingmi_mark.pipeline.release_settling import SettledCopy, settle_copies
from dingmi_mark.pipeline.remark_file import FOLDER, LOCK
from dingmi_mark.pipeline.remark_settling import (
    open_remarks,
    remove_temporary,
    settle_remarks,
    temporary_of,
    undos_left,
)
from dingmi_mark.store.office_lock import LockHeld, only_one

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def remarks_seen(ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    """Settle re-markings that a crash left, and tell which runs were never given out."""
    folder = patient.office.folder
    before = open_remarks(ledger)
    left = settle_remarks(ledger, folder, patient.now)
    if settled := len(before) - len(left):
        says = say("{count} re-marking(s) were interrupted and are settled.", count=settled)
        yield Diagnosis(Health.REMARK, says, say("Run remark --apply with the same plan again."))
    for one in left:
        if one.is_running:
            says = say("A run works on it: {file}", file=str(one.file))
            yield Diagnosis(Health.REMARK, says)
            continue
        says = say("It is neither as it was nor as it became: {file}", file=str(one.file))
        advice = say("See it with the security officer (保密员); the file of before is kept.")
        yield Diagnosis(Health.PROBLEM, says, advice, ExitCode.LEDGER_OPEN_ENTRIES)
    yield from _undos_seen(ledger, folder)
    kept = sorted(path.name for path in (folder / FOLDER).glob("remark-*") if any(path.iterdir()))
    if kept:
        says = say("Files of before are still kept of: {batches}", batches="、".join(kept))
        advice = say("Once they are given out: dingmi-mark remark --distributed BATCH --as NAME")
        yield Diagnosis(Health.REMARK, says, advice)


def _undos_seen(ledger: Ledger, office: Path) -> Iterator[Diagnosis]:
    """Clear what a killed undoing left, where none is at work, and say that it goes on."""
    for batch in sorted(path.name for path in (office / FOLDER).glob("remark-*")):
        left = undos_left(ledger, batch, office)
        if not left:
            continue
        try:
            with only_one(office / FOLDER, LOCK):
                for one in left:
                    remove_temporary(temporary_of(office / one.file, one.remark_id))
        except LockHeld:
            continue
        says = say("Taking back {batch} was interrupted.", batch=batch)
        yield Diagnosis(Health.REMARK, says, say("Run: dingmi-mark undo {batch}", batch=batch))


def releases_seen(ledger: Ledger, patient: Patient) -> Iterator[Diagnosis]:
    """Settle copies without marks that a crash left, and tell of each."""
    for one in settle_copies(ledger, patient.office.folder, patient.now):
        yield Diagnosis(Health.REMARK, *_told(one))


def _told(one: SettledCopy) -> tuple[Message, Message | None]:
    file = str(one.file)
    again = say("Run the same remark --clean command again.")
    match one.outcome:
        case None:
            return say("A run works on it: {file}", file=file), None
        case CopyOutcome.NAMED:
            return say(
                "Was interrupted at the very end and is now recorded: {file}", file=file
            ), None
        case _ if one.was_proved:
            says = say(
                "The ledger has it as a copy without marks, but it never got its name; nothing of "
                "it is left: {file}",
                file=file,
            )
            return says, again
        case _:
            says = say("Was interrupted and is void; nothing of it is left: {file}", file=file)
            return says, again
