"""Copy a ledger away and bring it back: every copy is verified before it counts.

SQLite is copied by its online backup while others go on writing. The portable format (see
`ledger_export`) serves PostgreSQL, and carries a ledger from one kind of database to the other.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import inspect

from dingmi_mark.domain.ledger_chain import Link
from dingmi_mark.errors import FileNotReadable, LedgerBroken, OutputExists
from dingmi_mark.messages import say
from dingmi_mark.store.ledger_chain_table import insert_links, sound_links, stored_links
from dingmi_mark.store.ledger_database import (
    Database,
    create_private_file,
    new_database_at,
    sqlite_database,
)
from dingmi_mark.store.ledger_export import read_portable, write_portable
from dingmi_mark.store.ledger_faults import ledger_faults
from dingmi_mark.store.ledger_migrations import migrate
from dingmi_mark.store.ledger_schema import create_chain, description

_SQLITE_MAGIC = b"SQLite format 3\0"


def found_ledger(url: str, office_id: str, links: Iterable[Link], timeout_seconds: float) -> None:
    """Make a ledger in an empty place, which stays empty when that fails.

    Raises OutputExists for a place that is taken, LedgerBroken for an unsound chain.
    """
    database = new_database_at(url, timeout_seconds=timeout_seconds)
    with ExitStack() as undo:
        if database.file is not None:
            undo.callback(database.file.unlink)
        undo.callback(database.close)
        if database.file is not None:
            write_ahead(database)
        with database.founding() as connection:
            if inspect(connection).has_table("entries"):
                raise OutputExists(database.where)
            create_chain(connection, office_id)
            insert_links(connection, sound_links(database.where, links, office_id))
            migrate(connection)
        undo.pop_all()
    database.close()
    if database.file is not None:
        sync_folder(database.file.parent)


def write_ahead(database: Database) -> None:
    """Let SQLite readers and a writer work side by side (kept in the file)."""
    with ledger_faults(database.where), database.engine.connect() as connection:
        raw = connection.connection.driver_connection
        if raw is not None:
            raw.execute("PRAGMA journal_mode = WAL").close()


def back_up_sqlite(database: Database, copy: Path) -> None:
    """Copy an SQLite ledger into a new file 0600 that needs no others beside it."""
    with _new_file(copy), ledger_faults(str(copy)):
        with database.engine.connect() as connection, closing(sqlite3.connect(copy)) as target:
            raw = connection.connection.driver_connection
            if raw is None:
                raise ValueError("no connection to copy from")
            raw.backup(target)
            target.execute("PRAGMA journal_mode = DELETE").close()
        _refuse_unsound_copy(copy)


def back_up_portably(office_id: str, links: Iterable[Link], copy: Path) -> None:
    """Write the chain into a new file 0600 in the portable format."""
    with _new_file(copy):
        with copy.open("w", encoding="utf-8", newline="\n") as out:
            write_portable(office_id, links, out)
            out.flush()
            os.fsync(out.fileno())
        _refuse_unsound_copy(copy)


@contextmanager
def backed_up(copy: Path) -> Iterator[tuple[str, Iterator[Link]]]:
    """Open a backup of either kind: the office's id and the links.

    Raises FileNotReadable when it is not there, LedgerBroken when it is no backup.
    """
    try:
        with copy.open("rb") as opened:
            is_sqlite = opened.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    except OSError as error:
        raise FileNotReadable(str(copy), cause=error.strerror or type(error).__name__) from error
    with _sqlite_backup(copy) if is_sqlite else _portable_backup(copy) as office_and_links:
        yield office_and_links


@contextmanager
def _sqlite_backup(copy: Path) -> Iterator[tuple[str, Iterator[Link]]]:
    database = sqlite_database(copy, timeout_seconds=1, mode="ro")
    with closing(database), database.reading() as connection:
        if not inspect(connection).has_table("entries"):
            raise LedgerBroken(str(copy), cause=say("this is no backup of a ledger"))
        yield description(connection)[0], stored_links(connection)


@contextmanager
def _portable_backup(copy: Path) -> Iterator[tuple[str, Iterator[Link]]]:
    with copy.open(encoding="utf-8", newline="\n") as lines:
        yield read_portable(lines)


def _refuse_unsound_copy(copy: Path) -> None:
    with backed_up(copy) as (office_id, links):
        for _ in sound_links(str(copy), links, office_id):
            pass
    sync_folder(copy.parent)


@contextmanager
def _new_file(path: Path) -> Iterator[None]:
    """Make a private file and take it away again when what follows fails."""
    create_private_file(path)
    with ExitStack() as undo:
        undo.callback(path.unlink)
        yield
        undo.pop_all()


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable (fsync)."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
