"""Take provisional files back: remove what lies unchanged at its place, and name the rest.

The ledger hears first that a copy holds no longer and what was found, then the file goes, then the
ledger hears that it is gone: a crash in between is finished by `settle_provisional`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_provisional import ProvisionalEnded, ProvisionalGone
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.provisional import (
    PROVISIONAL_ACTS,
    REMOVED,
    EndReason,
    FoundFile,
    ProvisionalCopy,
    ProvisionalState,
    provisional_copies,
)
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.replacing import output_faults, sync_folder
from dingmi_mark.pipeline.settle import TEMPORARY_PATTERN

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


class LeftOpen(Enum):
    """What became of a provisional copy that a crash left open."""

    VOID = "void"
    REMOVED = "removed"


def known_provisional(ledger: Ledger, number: str | None = None) -> tuple[ProvisionalCopy, ...]:
    """Return the provisional copies of one approval, or all the ledger knows."""
    return provisional_copies(ledger.acts(*PROVISIONAL_ACTS, subject=number))


def file_found(copy: ProvisionalCopy, folder: Path) -> FoundFile:
    """Look at a copy's recorded place; relative paths begin at `folder` (the office)."""
    path = folder / copy.intended.target
    if not os.path.lexists(path):
        return FoundFile.MISSING
    return FoundFile.IN_PLACE if _is_that_file(path, copy) else FoundFile.ALTERED


def retire(
    copies: Iterable[ProvisionalCopy], reason: EndReason, ledger: Ledger, folder: Path, now: str
) -> tuple[Message, ...]:
    """End standing copies and remove those in place; say what became of each.

    Raises OutputNotWritable where a file cannot be removed; it is tried again by the next run.
    """
    told = []
    for copy in copies:
        if copy.state is ProvisionalState.STANDING:
            found = file_found(copy, folder)
            number = copy.intended.approval_number
            ledger.append(ProvisionalEnded(copy.begun, number, reason.value, found.value, now))
            if found is FoundFile.IN_PLACE:
                _remove_at_place(copy, ledger, folder, now)
            told.append(_told(copy, found, folder))
    return tuple(told)


def settle_provisional(
    ledger: Ledger, folder: Path, now: str
) -> list[tuple[ProvisionalCopy, LeftOpen]]:
    """Finish what a crash left: void what never got its name, remove what was to be removed.

    A copy whose run still lives is left alone.
    """
    outcomes = []
    for copy in known_provisional(ledger):
        outcome = None
        match copy.state:
            case ProvisionalState.BEGUN | ProvisionalState.STANDING:
                if not ledger.is_running(copy.intended.runner):
                    outcome = _settled(copy, ledger, folder, now)
            case ProvisionalState.ENDING:
                outcome = _ending_finished(copy, ledger, folder, now)
            case _:
                pass
        if outcome is not None:
            outcomes.append((copy, outcome))
    return outcomes


def _settled(copy: ProvisionalCopy, ledger: Ledger, folder: Path, now: str) -> LeftOpen | None:
    temporary = folder / copy.intended.temporary
    left_over = os.path.lexists(temporary) and fnmatchcase(temporary.name, TEMPORARY_PATTERN)
    standing = copy.state is ProvisionalState.STANDING
    if standing and not left_over:
        return None
    named = standing and file_found(copy, folder) is FoundFile.IN_PLACE
    if left_over:
        _unlink(temporary)
    if named:
        return None
    void = (EndReason.VOIDED.value, FoundFile.NONE.value)
    ledger.append(ProvisionalEnded(copy.begun, copy.intended.approval_number, *void, now))
    return LeftOpen.VOID


def _ending_finished(
    copy: ProvisionalCopy, ledger: Ledger, folder: Path, now: str
) -> LeftOpen | None:
    if file_found(copy, folder) is FoundFile.ALTERED:
        return None  # somebody put another file there; `today` lists the copy
    _remove_at_place(copy, ledger, folder, now)
    return LeftOpen.REMOVED


def _remove_at_place(copy: ProvisionalCopy, ledger: Ledger, folder: Path, now: str) -> None:
    _unlink(folder / copy.intended.target)
    day = office_day(now).isoformat()
    number = copy.intended.approval_number
    ledger.append(ProvisionalGone(copy.begun, number, REMOVED, "", day, now))


def _unlink(path: Path) -> None:
    """Remove a file for good: the name is gone after a power cut too."""
    with output_faults(path):
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)


def _told(copy: ProvisionalCopy, found: FoundFile, folder: Path) -> Message:
    file = str(folder / copy.intended.target)
    if found is FoundFile.IN_PLACE:
        return say("The provisional file was removed: {file}", file=file)
    return say(
        "The provisional copy {copy} is not at its place or was altered, and is to be recalled: "
        "{file}",
        copy=copy.name,
        file=file,
    )


def _is_that_file(path: Path, copy: ProvisionalCopy) -> bool:
    if copy.made is None or path.is_symlink():
        return False
    try:
        found = read_bytes_of(path, most_mib=ANY_SIZE_MIB).digests.sm3
    except DingmiError:
        return False
    return found == copy.made.marked_sm3
