"""Settle what a crash left of a re-marking, by what lies on the disk; nothing is done twice."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_changes import (
    RemarkDone,
    RemarkIntended,
    RemarkPrepared,
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


def _remove(path: Path) -> None:
    """Remove a file of ours: one that is named as this program names them, or was kept."""
    ours = fnmatch.fnmatchcase(path.name, TEMPORARY_PATTERN) or path.parent.parent.name == "remark"
    if ours and path.exists():
        with output_faults(path):
            path.unlink()
            sync_folder(path.parent)
