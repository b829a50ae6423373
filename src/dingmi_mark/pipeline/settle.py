"""Settle what a crash left open, by what lies on the disk.

A marking whose run still lives is left alone. That is known by a lock which the run holds until
it ends in whatever way (`Ledger.running`): a file lock beside an SQLite ledger, a session's lock
at a PostgreSQL server. A process number with its start time would need the same machine, and a
clock; the lock needs neither.

The decision goes into the ledger before anything is removed, so that a crash in here is settled
the same way by the next run, and a process that was wrongly taken for dead can record nothing
more for that marking (EntryOutOfOrder).
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, assert_never

from dingmi_mark.domain.ledger import (
    Done,
    EntryOutOfOrder,
    FileDigests,
    MarkingState,
    Settled,
    SettledAs,
    Voided,
)
from dingmi_mark.domain.ledger_settling import (
    FilesFound,
    Finish,
    NeedsPerson,
    Settlement,
    Void,
    settlement,
)
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.ledger_records import MarkingRecord

TEMPORARY_PATTERN = ".dingmi-*.tmp"
"""How temporary files of this program are named; no other file is ever removed."""

_BLOCK = 1 << 20


@dataclass(frozen=True)
class LeftToOthers:
    """The run that began the marking lives, or another process settled it meanwhile."""


Result: TypeAlias = Settlement | LeftToOthers


@dataclass(frozen=True)
class SettleOutcome:
    """What became of one open marking; `target` is the path as the ledger has it."""

    marking_id: str
    copy_id: str
    target: str
    result: Result


@dataclass(frozen=True)
class _Case:
    record: MarkingRecord
    temporary: Path
    target: Path


def settle_open(
    ledger: Ledger,
    folder: Path,
    now: str,
    program_version: str,
    *,
    only_batch: str | None = None,
) -> list[SettleOutcome]:
    """Settle every open marking, of one batch or of all; return what became of each.

    Relative paths of the ledger begin at `folder`; `now` is ISO 8601 with a time zone.
    """
    outcomes = []
    for record in ledger.open_markings(only_batch):
        intended = record.intended
        case = _Case(record, folder / intended.temporary, folder / intended.target)
        result = _settle(ledger, case, now, program_version)
        outcomes.append(
            SettleOutcome(intended.marking_id, intended.copy_id, intended.target, result)
        )
    return outcomes


def _settle(ledger: Ledger, case: _Case, now: str, program_version: str) -> Result:
    record = case.record
    if ledger.is_running(record.intended.runner):
        return LeftToOthers()
    try:
        found = FilesFound(_digests(case.temporary), _digests(case.target))
    except OSError:
        return NeedsPerson(say("A file of this marking cannot be read."))
    if found.temporary is not None and not _is_ours(case):
        return NeedsPerson(say("The temporary file is not named as this program names them."))
    marked = record.prepared.marked if record.prepared else None
    result = settlement(record.state, marked, found)
    try:
        _carry_out(ledger, case, result, _decided(case, result, found, now, program_version))
    except EntryOutOfOrder:
        return LeftToOthers()
    except OSError:
        return NeedsPerson(say("The temporary file of this marking cannot be removed."))
    return result


def _decided(
    case: _Case, result: Settlement, found: FilesFound, now: str, program_version: str
) -> Settled:
    return Settled(
        marking_id=case.record.intended.marking_id,
        copy_id=case.record.intended.copy_id,
        decision=(SettledAs.FINISH if isinstance(result, Finish) else SettledAs.VOID).value,
        reason=result.reason.value if isinstance(result, Void) else "",
        temporary_sm3=found.temporary.sm3 if found.temporary else "",
        target_sm3=found.target.sm3 if found.target else "",
        program_version=program_version,
        at=now,
    )


def _carry_out(ledger: Ledger, case: _Case, result: Settlement, decided: Settled) -> None:
    ids = (decided.marking_id, decided.copy_id)
    match result:
        case Finish():
            _remove(case.temporary)
            _sync_folder(case.target.parent)
            ledger.append(decided, Done(*ids, decided.at))
        case Void(reason):
            if case.record.state is not MarkingState.VOIDING:
                ledger.append(decided)
            _remove(case.temporary)
            ledger.append(Voided(*ids, reason.value, decided.at))
        case NeedsPerson():
            pass
        case _:
            assert_never(result)


def _is_ours(case: _Case) -> bool:
    named = fnmatchcase(case.temporary.name, TEMPORARY_PATTERN)
    return named and case.temporary.parent == case.target.parent


def _digests(path: Path) -> FileDigests | None:
    """Return the digests of a plain file, None if there is none.

    Raises OSError for what cannot be read, and for links, folders and devices.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        opened = os.open(path, flags)
    except FileNotFoundError:
        return None
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError("not a plain file")
        sm3, sha256 = hashlib.new("sm3"), hashlib.sha256()
        while block := file.read(_BLOCK):
            sm3.update(block)
            sha256.update(block)
    return FileDigests(sm3.hexdigest(), sha256.hexdigest())


def _remove(path: Path) -> None:
    """Remove a file for good: the name is gone after a power cut too."""
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
