"""Find and read approval records; one that cannot be read stops no other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dingmi_mark.errors import ApprovalUnreadable, DingmiError
from dingmi_mark.forms import records as in_files
from dingmi_mark.messages import say
from dingmi_mark.store.approval_tree import DRAFT, VERSION
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
