"""The office's `approvals/` tree: a folder for each record, a file for each of its versions.

`0001.toml` is what was handed in, every step adds the next number, and none is ever changed: two
people at work at once cannot undo each other, and what was returned can be read later. The draft
that is decided on lies beside them, named by its digest.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.errors import (
    DingmiError,
    RecordExists,
    RecordFolderTaken,
    RecordMovedOn,
    RecordUnknown,
)
from dingmi_mark.store.approvals import read_record, write_toml
from dingmi_mark.store.new_file import writing_to
from dingmi_mark.store.record_names import earlier_name, name_of, near_words, number_in

VERSION: Final = re.compile(r"(\d{4})\.toml")
DRAFT: Final = re.compile(r"[0-9a-f]{16}\.\w+")
"""The name of a draft beside its record: the head of its digest."""
_NUMBER: Final = re.compile(r'^number = "([^"\\]+)"$', re.MULTILINE)
_STATUS: Final = re.compile(r'^status = "([^"\\]+)"$', re.MULTILINE)
_COPIES: Final = re.compile(r"^copies = (\d+)$", re.MULTILINE)
_MOST_GLANCED: Final = 1 << 20
REVIEW_PAGE: Final = "review.html"
"""The page an officer decides on, beside the record; it shows the draft's first page."""


@dataclass(frozen=True)
class KeptRecord:
    """The last version of a record in the tree, and the draft that is decided on."""

    folder: Path
    version: int
    record: ApprovalRecord
    draft: Path | None

    @property
    def path(self) -> Path:
        """The file of this version."""
        return self.folder / f"{self.version:04}.toml"

    @property
    def is_handed_in(self) -> bool:
        """Tell whether it is in the tree, and not a file that somebody only wants to see."""
        return self.version > 0


def folder_of(tree: Path, number: str) -> Path:
    """Return the folder of a record by its number; one of an earlier version stays where it is."""
    folder, earlier = tree / name_of(number), tree / earlier_name(number)
    if folder != earlier and not folder.exists() and _number_in(earlier) == number:
        return earlier
    return folder


def find_record(tree: Path, number: str) -> KeptRecord:
    """Return the last version of a record. Raises RecordUnknown and what reading raises."""
    kept = last_version(folder_of(tree, number))
    if kept is None or kept.record.number != number:
        names = os.listdir(tree) if tree.is_dir() else []
        raise RecordUnknown(number, near=near_words(number, map(number_in, names)))
    return kept


def _number_in(folder: Path) -> str:
    """Return the number of the record in a folder, empty where none is or none can be read."""
    try:
        seen = _glance(folder)
        kept = last_version(folder) if seen is None else None
    except DingmiError:
        return ""
    return seen.number if seen is not None else kept.record.number if kept is not None else ""


def last_version(folder: Path) -> KeptRecord | None:
    """Return the last version in a folder, None where there is none."""
    versions = versions_in(folder)
    if not versions:
        return None
    record = read_record(folder / f"{versions[-1]:04}.toml")
    return KeptRecord(folder, versions[-1], record, _draft_in(folder, record))


def versions_in(folder: Path) -> list[int]:
    """Return the numbers of the versions in a folder, in order."""
    if not folder.is_dir():
        return []
    found = (VERSION.fullmatch(name) for name in os.listdir(folder))
    return sorted(int(match[1]) for match in found if match)


@dataclass(frozen=True)
class Glance:
    """What is seen of a record without reading it whole, which takes a hundred times longer."""

    number: str
    status: str
    copies: int
    is_recalled: bool


def all_records(
    tree: Path, *, without: Callable[[Glance], bool] = lambda _: False
) -> Iterator[KeptRecord | tuple[Path, DingmiError]]:
    """Yield the last version of every record; for one that cannot be read, its place and why.

    `without` tells of a record, at a glance, that it is not wanted. Where a glance does not tell
    everything, the record is read.
    """
    if not tree.is_dir():
        return
    for folder in sorted(path for path in tree.iterdir() if path.is_dir()):
        try:
            seen = _glance(folder)
            if seen is not None and without(seen):
                continue
            kept = last_version(folder)
        except DingmiError as error:
            yield folder, error
        else:
            if kept is not None:
                yield kept


def draft_in_tree(tree: Path, record: ApprovalRecord) -> Path | None:
    """Return the draft that lies beside a record of the tree, None where there is none."""
    return _draft_in(folder_of(tree, record.number), record)


def _glance(folder: Path) -> Glance | None:
    """Look for the few lines as `write_toml` writes them; None where they are not just so."""
    versions = versions_in(folder)
    try:
        file = folder / f"{versions[-1]:04}.toml" if versions else None
        if file is None or not file.is_file() or file.stat().st_size > _MOST_GLANCED:
            return None
        text = file.read_text("utf-8")
    except (OSError, ValueError):
        return None
    head = text.partition("\n[")[0]
    number, status = _NUMBER.findall(head), _STATUS.findall(head)
    copies = _COPIES.findall(text)
    if (len(number), len(status)) != (1, 1) or len(copies) > 1 or not text.endswith("\n"):
        return None
    count = int(copies[0]) if copies else 0
    return Glance(number[0], status[0], count, "recall_date" in text)


def begin(tree: Path, record: ApprovalRecord, draft: Path | None) -> KeptRecord:
    """Keep a new record with a copy of its draft.

    Raises RecordExists where the number is taken, RecordFolderTaken where another record lies in
    its folder (of a tree that an earlier version made), OutputDiskFull, OutputNotWritable.
    """
    folder = folder_of(tree, record.number)
    with writing_to(folder):
        tree.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        _refuse_if_taken(folder, record.number)
    try:
        return advance(KeptRecord(folder, 0, record, None), record, draft)
    except RecordMovedOn as error:
        raise RecordExists(str(folder), number=record.number) from error


def _refuse_if_taken(folder: Path, number: str) -> None:
    if not versions_in(folder):
        return
    other = _number_in(folder)
    if other and other != number:
        raise RecordFolderTaken(str(folder), number=number, other=other, name=name_of(other))
    raise RecordExists(str(folder), number=number)


def advance(kept: KeptRecord, record: ApprovalRecord, draft: Path | None = None) -> KeptRecord:
    """Add the next version, with another draft where one is given.

    Raises RecordMovedOn where somebody else did so first; OutputDiskFull, OutputNotWritable.
    """
    folder, number = kept.folder, kept.version + 1
    with writing_to(folder):
        if draft is not None:
            _keep_draft(folder, record, draft)
        temporary = folder / f".{secrets.token_hex(8)}.tmp"
        try:
            _write(temporary, write_toml(record).encode("utf-8"))
            # A link fails where the name is taken: of two people, one is told.
            os.link(temporary, folder / f"{number:04}.toml")
        except FileExistsError as error:
            raise RecordMovedOn(str(folder)) from error
        finally:
            temporary.unlink(missing_ok=True)
    return KeptRecord(folder, number, record, _draft_in(folder, record))


def draft_beside(record: ApprovalRecord, path: Path, tree: Path) -> Path | None:
    """Return the draft that is kept beside a record; None where the record lies elsewhere."""
    in_tree = path.resolve().parent.parent == tree.resolve()
    return _draft_in(path.parent, record) if in_tree else None


def _draft_name(record: ApprovalRecord, suffix: str) -> str:
    digest = record.draft.digest.partition(":")[2]
    return f"{digest[:16]}{suffix.lower()}"


def _draft_in(folder: Path, record: ApprovalRecord) -> Path | None:
    if not record.draft.digest or not folder.is_dir():
        return None
    stem = _draft_name(record, ".")
    named = (folder / name for name in sorted(os.listdir(folder)) if name.startswith(stem))
    return next((path for path in named if path.is_file()), None)


def _keep_draft(folder: Path, record: ApprovalRecord, draft: Path) -> None:
    target = folder / _draft_name(record, draft.suffix)
    if target.exists():
        return
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        _write(temporary, draft.read_bytes())
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
