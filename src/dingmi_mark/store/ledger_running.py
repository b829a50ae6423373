"""Know whether the process that began a marking still lives.

A process at work holds an advisory lock in the name of its run: on a file beside an SQLite
ledger (flock), in a session of its own at a PostgreSQL server. The kernel or the server drops
the lock when the process ends in any way, also by SIGKILL or a power cut; unlike a recorded
process number it cannot be taken over by a later process, and the server's lock is seen from
other machines. Forked workers share the file lock: while one of them lives, the run does.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from dingmi_mark.store.ledger_database import Database
from dingmi_mark.store.ledger_faults import ledger_faults

_RUNNER = re.compile(r"[0-9A-Za-z-]{1,64}")


@contextmanager
def running(database: Database, runner: str) -> Iterator[None]:
    """Hold the lock of a run. Raises ValueError for an id that is no plain word."""
    if not _RUNNER.fullmatch(runner):
        raise ValueError(f"not a run's id: {runner!r}")
    held = (
        _holding_session(database, runner)
        if database.file is None
        else _holding_file(_lock_file(database.file, runner))
    )
    with held:
        yield


def is_running(database: Database, runner: str) -> bool:
    """Tell whether some process holds the lock of a run; an unknown run does not run."""
    if not _RUNNER.fullmatch(runner):
        return False
    if database.file is None:
        return _session_is_held(database, runner)
    return _file_is_held(_lock_file(database.file, runner))


def _lock_file(ledger: Path, runner: str) -> Path:
    return ledger.with_name(ledger.name + ".running") / f"{runner}.lock"


@contextmanager
def _holding_file(lock: Path) -> Iterator[None]:
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    opened = os.open(lock, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
        lock.unlink(missing_ok=True)
    finally:
        os.close(opened)


def _file_is_held(lock: Path) -> bool:
    try:
        opened = os.open(lock, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        # Shared, so that two who ask at once do not take each other for the run.
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(opened)
    return False


@contextmanager
def _holding_session(database: Database, runner: str) -> Iterator[None]:
    with ledger_faults(database.where), database.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _key(runner)})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(runner)})


def _session_is_held(database: Database, runner: str) -> bool:
    with database.reading() as connection:
        free = text("SELECT pg_try_advisory_xact_lock_shared(:key)")
        return not connection.execute(free, {"key": _key(runner)}).scalar_one()


def _key(runner: str) -> int:
    digest = hashlib.sha256(f"dingmi-run {runner}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
