"""Find and read approval records; one that cannot be read stops no other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dingmi_mark.errors import (
    ApprovalAmbiguous,
    ApprovalUnreadable,
    DingmiError,
    RecordUnknown,
)
from dingmi_mark.forms import records as in_files
from dingmi_mark.messages import say
from dingmi_mark.store.approval_tree import DRAFT, VERSION, KeptRecord, find_record
from dingmi_mark.store.approvals import StoredApproval


def find_records(given: Sequence[Path]) -> tuple[Path, ...]:
    """Return the record files of files and folders, sorted; a folder's by endings and content.

    Raises ApprovalUnreadable for a path that is not there or a folder that cannot be listed.
    """
    found: dict[str, Path] = {}
    for path in given:
        for file in _records_below(path) if path.is_dir() else (path,):
            found.setdefault(os.path.realpath(file), file)
    return tuple(found.values())


def read_records(
    files: Iterable[Path],
) -> tuple[tuple[StoredApproval, ...], tuple[tuple[Path, DingmiError], ...]]:
    """Read all; return the records, and the files that are none with the cause."""
    records: list[StoredApproval] = []
    unreadable: list[tuple[Path, DingmiError]] = []
    for file in files:
        try:
            records += in_files.read_records(file)
        except DingmiError as error:
            unreadable.append((file, error))
    return tuple(records), tuple(unreadable)


def find_record_or_file(tree: Path, named: str) -> KeptRecord:
    """Return the last version of a record named by its number, or by a file that holds it alone.

    A file that nobody handed in has version 0; its draft is the file it names that lies beside it.
    Raises RecordUnknown, ApprovalAmbiguous and what reading raises.
    """
    try:
        return find_record(tree, named)
    except RecordUnknown:
        if not os.path.isfile(named):
            raise
    stored = in_files.read_records(Path(named))
    if len(stored) != 1:
        raise ApprovalAmbiguous(named, records="、".join(each.record.number for each in stored))
    record = stored[0].record
    try:
        return find_record(tree, record.number)
    except RecordUnknown:
        folder = Path(named).parent
        beside = (folder / name for name in record.draft.files)
        return KeptRecord(folder, 0, record, next((p for p in beside if p.is_file()), None))


def _records_below(folder: Path) -> list[Path]:
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
        and in_files.holds_records(Path(parent) / name)
    )


def _without_old_versions(names: Sequence[str]) -> Iterator[str]:
    """Leave out all versions of a record but the last (see `store.approval_tree`)."""
    versions = sorted(name for name in names if VERSION.fullmatch(name))
    yield from (name for name in names if name not in versions[:-1])
