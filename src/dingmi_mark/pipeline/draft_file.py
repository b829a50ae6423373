"""A draft's bytes: their digests, and whether they stayed the same while we worked."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.unseen import unseen_in
from dingmi_mark.errors import (
    DraftChanged,
    DraftEmpty,
    DraftLockFile,
    DraftNameUnusable,
    DraftNotAccessible,
    DraftTooCostly,
)
from dingmi_mark.messages import say

_BLOCK = 1 << 20
_MIB = 1 << 20
_LOCKS = ("~$", ".~lock.")
"""What the names of the files begin with that Word, WPS and LibreOffice keep beside open ones."""

ANY_SIZE_MIB = 1 << 30
"""No limit: for files this program made itself."""


@dataclass(frozen=True)
class DraftBytes:
    """The digests of a draft and the state of the file they were taken of."""

    digests: FileDigests
    state: tuple[int, int, int, int]

    @property
    def names(self) -> frozenset[str]:
        """The digests as records give them: `sm3:…` and `sha256:…`."""
        return frozenset((f"sm3:{self.digests.sm3}", f"sha256:{self.digests.sha256}"))


def read_bytes_of(path: Path, *, most_mib: int) -> DraftBytes:
    """Digest a draft. Raises DraftNotAccessible, DraftEmpty, DraftTooCostly."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            state = os.fstat(file.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise DraftNotAccessible(str(path), cause=say("it is no ordinary file"))
            if state.st_size == 0:
                raise DraftEmpty(str(path))
            if state.st_size > most_mib * _MIB:
                raise DraftTooCostly(str(path), limit=f"{most_mib} MiB")
            sm3, sha256 = hashlib.new("sm3"), hashlib.sha256()
            while block := file.read(_BLOCK):
                sm3.update(block)
                sha256.update(block)
    except OSError as error:
        raise DraftNotAccessible(str(path), cause=error.strerror or str(error)) from error
    return DraftBytes(FileDigests(sm3.hexdigest(), sha256.hexdigest()), _state(state))


def is_lock_file(name: str) -> bool:
    """Tell whether an office program made a file of this name beside a document that is open."""
    return name.startswith(_LOCKS)


def name_for_record(path: Path) -> str:
    """Return a draft's file name as records give it. Raises DraftNameUnusable, DraftLockFile."""
    if is_lock_file(path.name):
        raise DraftLockFile(str(path))
    if found := unseen_in(path.name):
        raise DraftNameUnusable(str(path), found=found)
    return path.name


def refuse_if_changed(path: Path, before: DraftBytes) -> None:
    """Raise DraftChanged where the file is not the one that was digested."""
    try:
        now = _state(path.stat())
    except OSError as error:
        raise DraftChanged(str(path)) from error
    if now != before.state:
        raise DraftChanged(str(path))


def _state(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
