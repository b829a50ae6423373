"""Settle what a crash left of a re-marking, by what lies on the disk; nothing is done twice."""

from __future__ import annotations

import fnmatch
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_changes import (
    RemarkDone,
    RemarkIntended,
    RemarkPrepared,
    RemarkUndone,
    RemarkVoided,
)
from dingmi_mark.errors import DingmiError
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.replacing import output_faults, sync_folder
from dingmi_mark.pipeline.settle import TEMPORARY_PATTERN

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class LeftOpen:
    """A re-marking that could not be settled: somebody works on it, or the file is another."""

    file: Path
    is_running: bool


def settle_remarks(ledger: Ledger, office: Path, now: str) -> tuple[LeftOpen, ...]:
    """Finish or void every open re-marking; return those that only a person can settle."""
    waiting = open_remarks(ledger)
    if not waiting:
        return ()
    prepared = {act.remark_id: act for _, act in ledger.acts(RemarkPrepared)}
    found = (_settled(one, prepared, ledger, office, now) for one in waiting)
    return tuple(one for one in found if one is not None)


def open_remarks(ledger: Ledger) -> list[RemarkIntended]:
    """Return the re-markings that are neither done nor void, in order."""
    void = {act.remark_id for _, act in ledger.acts(RemarkVoided)}
    return [
        one for one in ledger.unanswered(RemarkIntended, RemarkDone) if one.remark_id not in void
    ]


def _settled(
    one: RemarkIntended,
    prepared: dict[str, RemarkPrepared],
    ledger: Ledger,
    office: Path,
    now: str,
) -> LeftOpen | None:
    file, temporary = office / one.file, office / one.temporary
    if ledger.is_running(one.runner):
        return LeftOpen(file, is_running=True)
    made = prepared.get(one.remark_id)
    lies = _sm3(file)
    if lies == one.before_sm3:
        _remove(temporary)
        _remove(office / one.kept)
        ledger.append(RemarkVoided(one.batch_id, one.remark_id, INTERRUPTED, now))
        return None
    if made is not None and lies == made.after_sm3:
        ids = (one.document_id, one.marking_id, one.copy_id)
        head = (one.batch_id, one.remark_id, one.notice_number)
        ledger.append(RemarkDone(*head, *ids, made.after_sm3, now))
        return None
    return LeftOpen(file, is_running=False)


def _sm3(file: Path) -> str:
    try:
        return read_bytes_of(file, most_mib=ANY_SIZE_MIB).digests.sm3
    except DingmiError:
        return ""


def temporary_of(file: Path, remark_id: str) -> Path:
    """Where a file is copied to while its re-marking is taken back: known without an entry."""
    return file.with_name(f".dingmi-{remark_id}.tmp")


def undos_left(ledger: Ledger, batch_id: str, office: Path) -> tuple[RemarkIntended, ...]:
    """Return the re-markings of a run that an undoing left half: files of before lie about.

    Where an undoing came to its end nothing is kept any more.
    """
    undone = {act.remark_id for _, act in ledger.acts(RemarkUndone, subject=batch_id)}
    begun = (act for _, act in ledger.acts(RemarkIntended, subject=batch_id))
    return tuple(one for one in begun if _is_half_undone(one, undone, office))


def _is_half_undone(one: RemarkIntended, undone: Set[str], office: Path) -> bool:
    if temporary_of(office / one.file, one.remark_id).exists():
        return True
    kept = office / one.kept
    return one.remark_id in undone and kept.exists() and _sm3(office / one.file) == one.before_sm3


def remove_temporary(path: Path) -> None:
    """Remove a temporary file of this program, and no other. Raises OutputNotWritable."""
    if fnmatch.fnmatchcase(path.name, TEMPORARY_PATTERN):
        _remove(path)


def _remove(path: Path) -> None:
    """Remove a file of ours: one that is named as this program names them, or was kept."""
    ours = fnmatch.fnmatchcase(path.name, TEMPORARY_PATTERN) or path.parent.parent.name == "remark"
    if ours and path.exists():
        with output_faults(path):
            path.unlink()
            sync_folder(path.parent)
