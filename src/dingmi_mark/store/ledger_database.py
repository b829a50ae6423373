"""The database under the ledger: SQLite, or PostgreSQL by URL; its locks."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from dingmi_mark.errors import LedgerNotFound, OutputExists
from dingmi_mark.messages import say
from dingmi_mark.store.ledger_faults import ledger_faults

_ADVISORY_LOCK = 0x64696E67
"""First key of the advisory locks; the second is the chain's table, 0 while it is founded."""


@dataclass(frozen=True)
class Database:
    """An engine with the transactions the ledger needs.

    `file` is None for PostgreSQL.
    """

    engine: Engine
    where: str
    file: Path | None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Run reads on one consistent state of the ledger; nothing is kept (rolled back)."""
        options = {"isolation_level": "REPEATABLE READ"} if self.file is None else {}
        with ledger_faults(self.where), self.engine.connect() as connection:
            yield connection.execution_options(**options)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Run one transaction as the only writer, committed durably at its end."""
        with self._alone("CAST(CAST('entries' AS regclass) AS oid)::int") as connection:
            yield connection

    @contextmanager
    def founding(self) -> Iterator[Connection]:
        """Run the transaction that makes the tables, as the only one to do so."""
        with self._alone("0") as connection:
            yield connection

    @contextmanager
    def _alone(self, second_key: str) -> Iterator[Connection]:
        with (
            ledger_faults(self.where),
            self.engine.connect() as connection,
            connection.execution_options(dingmi_writes=True).begin(),
        ):
            if self.file is None:
                lock = f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK}, {second_key})"
                connection.exec_driver_sql(lock)
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def database_at(url: str, *, timeout_seconds: float) -> Database:
    """Reach the database that a URL names, which must exist.

    Raises LedgerNotFound for a missing file or a kind of database that is not supported.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed, timeout_seconds)
    file = _sqlite_file(parsed)
    if not file.is_file():
        raise LedgerNotFound(str(file), cause=say("there is no such file"))
    return sqlite_database(file, timeout_seconds=timeout_seconds)


def new_database_at(url: str, *, timeout_seconds: float) -> Database:
    """Reach an empty place: a new file 0600 in a folder 0700, or PostgreSQL.

    Raises OutputExists for a file that is there already.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgresql(parsed, timeout_seconds)
    file = _sqlite_file(parsed)
    if not file.parent.is_dir():
        file.parent.mkdir(parents=True)
        file.parent.chmod(0o700)
    create_private_file(file)
    return sqlite_database(file, timeout_seconds=timeout_seconds)


def create_private_file(file: Path) -> None:
    """Make an empty file with rights 0600. Raises OutputExists."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))
    except FileExistsError as error:
        raise OutputExists(str(file)) from error
    file.chmod(0o600)


def sqlite_database(file: Path, *, timeout_seconds: float, mode: str = "rw") -> Database:
    """Reach an SQLite file that exists; `mode` is that of an SQLite URI (`rw`, `ro`)."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=timeout_seconds,
            isolation_level=None,
            check_same_thread=False,
        )
        # Tampered text must reach `verify` instead of stopping it.
        connection.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")
        for setting in ("synchronous = FULL", "trusted_schema = OFF", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {setting}").close()
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return Database(engine, str(file), file)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("dingmi_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL, timeout_seconds: float) -> Database:
    where = url.render_as_string(hide_password=True)
    connect_timeout = max(2, round(timeout_seconds))
    try:
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": connect_timeout},
            # A writer that waited for its lock must see what the one before it wrote.
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError as error:
        raise LedgerNotFound(where, cause=say("the Python package psycopg is missing")) from error

    def settle_session(connection: Any, _record: object) -> None:
        connection.execute("SET synchronous_commit = on")
        connection.execute(f"SET lock_timeout = {max(1, round(timeout_seconds * 1000))}")
        connection.commit()

    event.listen(engine, "connect", settle_session)
    return Database(engine, where, None)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise LedgerNotFound(cause=say("its address is not a database URL")) from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise LedgerNotFound(
            cause=say("{kind} is not supported (sqlite, postgresql)", kind=parsed.drivername)
        )
    return parsed


def _sqlite_file(url: URL) -> Path:
    if not url.database or url.database == ":memory:":
        raise LedgerNotFound(cause=say("its address names no file"))
    return Path(url.database)


def integrity_faults(connection: Connection) -> list[str]:
    """Return what SQLite finds wrong with its file.

    PostgreSQL checks its pages itself.
    """
    if connection.dialect.name != "sqlite":
        return []
    found = connection.execute(text("PRAGMA integrity_check(20)")).scalars()
    return [fault for fault in found if fault != "ok"]
