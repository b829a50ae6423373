"""Find and read approval records; one that cannot be read stops no other.

Forms and tables come from anywhere: they are read in worker processes, as drafts are, so that one
made to do harm costs its own place and not the run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from dingmi_mark.errors import (
    ApprovalUnreadable,
    DingmiError,
    DraftTooCostly,
    FormTooLarge,
    RecordUnknown,
    SeveralRecords,
)
from dingmi_mark.forms import records as in_files
from dingmi_mark.messages import say
from dingmi_mark.pipeline.pool import Job, run_jobs, run_one, workers_for
from dingmi_mark.store.approval_tree import DRAFT, VERSION, KeptRecord, find_record
from dingmi_mark.store.approvals import StoredApproval
from dingmi_mark.store.office import Limits

T = TypeVar("T")
Read: TypeAlias = tuple[StoredApproval, ...] | None
"""What a file holds; None where it is no file of records."""

_SHOWN: Final = 5


@dataclass(frozen=True)
class Gathered:
    """Files of records, what was read of them, and those that cannot be read with the cause."""

    files: tuple[Path, ...] = ()
    records: tuple[StoredApproval, ...] = ()
    unreadable: tuple[tuple[Path, DingmiError], ...] = ()


def gather_records(given: Sequence[Path], limits: Limits) -> Gathered:
    """Read the records of files and folders, sorted; in a folder by endings and content.

    Raises ApprovalUnreadable for a folder that cannot be listed.
    """
    found: dict[str, tuple[Path, bool]] = {}
    for path in given:
        inside = path.is_dir()
        for file in _candidates_below(path) if inside else (path,):
            found.setdefault(os.path.realpath(file), (file, not inside))
    results = _read_all(list(found.values()), limits)
    there = [(file, read) for file, read in results if read is not None]
    return Gathered(
        tuple(file for file, _ in there),
        tuple(one for _, read in there if not isinstance(read, DingmiError) for one in read),
        tuple((file, read) for file, read in there if isinstance(read, DingmiError)),
    )


def read_file(path: Path, limits: Limits) -> tuple[StoredApproval, ...]:
    """Read all records of one file. Raises what reading raises, FormTooLarge, WorkerFailed."""
    if not in_files.is_office_file(path):
        return in_files.read_records(path)
    return in_worker(in_files.read_records, (path,), path, limits)


def in_worker(
    read: Callable[..., T], arguments: tuple[object, ...], path: Path, limits: Limits
) -> T:
    """Read a form or table apart. Raises what reading raises, FormTooLarge, WorkerFailed."""
    found = _told(path, run_one(read, arguments, limits))
    if isinstance(found, DingmiError):
        raise found
    return found


def find_record_or_file(tree: Path, named: str, limits: Limits) -> KeptRecord:
    """Return the last version of a record named by its number, or by a file that holds it alone.

    A file that nobody handed in has version 0; its draft is the file it names that lies beside it.
    Raises RecordUnknown, SeveralRecords and what reading raises.
    """
    try:
        return find_record(tree, named)
    except RecordUnknown:
        if not os.path.isfile(named):
            raise
    record = only_record(Path(named), limits).record
    try:
        return find_record(tree, record.number)
    except RecordUnknown:
        folder = Path(named).parent
        beside = (folder / name for name in record.draft.files)
        return KeptRecord(folder, 0, record, next((p for p in beside if p.is_file()), None))


def only_record(file: Path, limits: Limits) -> StoredApproval:
    """Return the record a file holds alone. Raises SeveralRecords, and what reading raises."""
    stored = read_file(file, limits)
    if len(stored) != 1:
        numbers = "、".join(each.record.number for each in stored[:_SHOWN])
        raise SeveralRecords(str(file), count=len(stored), records=numbers)
    return stored[0]


def read_if_any(path: Path, is_named: bool) -> Read:
    """Read a file of records; one that was only found in a folder may be something else."""
    if not is_named and not in_files.holds_records(path):
        return None
    return in_files.read_records(path)


def _read_all(
    files: Sequence[tuple[Path, bool]], limits: Limits
) -> Iterator[tuple[Path, Read | DingmiError]]:
    apart = [each for each in files if in_files.is_office_file(each[0])]
    results: dict[tuple[Path, bool], Read | DingmiError] = {}
    if apart:
        jobs = [Job(read_if_any, each) for each in apart]

        def keep(number: int, result: Read | DingmiError) -> None:
            results[apart[number]] = _told(apart[number][0], result)

        if not run_jobs(jobs, limits, workers_for(0, len(jobs)), keep):
            raise KeyboardInterrupt
    for each in files:
        yield each[0], results[each] if each in results else _read_here(each[0])


def _read_here(path: Path) -> Read | DingmiError:
    try:
        return in_files.read_records(path)
    except DingmiError as error:
        return error


def _told(path: Path, found: T | DingmiError) -> T | DingmiError:
    """Say of a form what a worker's limits say of a draft."""
    if isinstance(found, DraftTooCostly):
        return FormTooLarge(str(path), limit=found.params["limit"])
    if isinstance(found, DingmiError) and not found.where:
        found.where = str(path)
    return found


def _candidates_below(folder: Path) -> list[Path]:
    def fail(error: OSError) -> None:
        cause = error.strerror or say("the folder cannot be listed")
        raise ApprovalUnreadable(str(error.filename), cause=cause) from error

    return sorted(
        Path(parent) / name
        for parent, _, names in os.walk(folder, onerror=fail)
        for name in _without_old_versions(names)
        if name.lower().endswith(in_files.SUFFIXES)
        and not name.startswith((".", "~$"))
        and not DRAFT.fullmatch(name)
    )


def _without_old_versions(names: Sequence[str]) -> Iterator[str]:
    """Leave out all versions of a record but the last (see `store.approval_tree`)."""
    versions = sorted(name for name in names if VERSION.fullmatch(name))
    yield from (name for name in names if name not in versions[:-1])
