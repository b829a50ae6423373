"""One re-marking of an office at a time: a lock that ends with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dingmi_mark.store.new_file import writing_to


class LockHeld(Exception):
    """Another process holds the lock."""


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[None]:
    """Hold a lock in a folder of the office, which is made where it is missing (0700).

    Raises LockHeld, OutputNotWritable.
    """
    with writing_to(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(folder / name, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LockHeld from error
        yield
    finally:
        os.close(opened)
