"""What a database reports becomes an error with its cause and what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from dingmi_mark.domain.ledger import Entry
from dingmi_mark.errors import (
    DingmiError,
    LedgerBroken,
    LedgerBusy,
    LedgerNotFound,
    OutputDiskFull,
)
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.ledger_faults import ledger_faults

AT = "2026-03-02T09:00:00+08:00"
Marked = Callable[[str], list[Entry]]


def coded(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    return error


def test_opening_never_creates(tmp_path: Path) -> None:
    missing = tmp_path / "ledger.sqlite"
    with pytest.raises(LedgerNotFound):
        Ledger.open(f"sqlite:///{missing}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url",
    ["sqlite://", "sqlite:///:memory:", "mysql://host/base", "nothing at all",
     "postgresql://nobody@/none?host=/nonexistent"],
)  # fmt: skip
def test_addresses_that_lead_nowhere(url: str) -> None:
    with pytest.raises(LedgerNotFound):
        Ledger.open(url, timeout_seconds=1)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_files_that_are_no_ledger(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ledger.sqlite"
    file.write_bytes(content)
    with pytest.raises(LedgerBroken):
        Ledger.open(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_databases_of_others_are_no_ledger(
    tmp_path: Path, new_postgresql: Callable[[], str]
) -> None:
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
        other.execute("CREATE TABLE entries (seq)")
    with pytest.raises(LedgerBroken):
        Ledger.open(f"sqlite:///{tmp_path}/other.sqlite")
    with pytest.raises(LedgerNotFound):
        Ledger.open(new_postgresql())


@pytest.mark.parametrize("kept", [0.1, 0.4, 0.6, 0.9])
def test_a_cut_off_file_is_broken(sqlite_ledger: Ledger, marked: Marked, kept: float) -> None:
    for number in range(10):
        sqlite_ledger.append(*marked(str(number)))
    sqlite_ledger.close()
    file = sqlite_ledger._database.file
    assert file is not None
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(LedgerBroken):
        Ledger.open(f"sqlite:///{file}")


def test_a_locked_ledger_is_busy(url: str, marked: Marked) -> None:
    with (
        Ledger.open(url) as others,
        Ledger.open(url, timeout_seconds=0.05) as ours,
        others._database.writing(),
    ):
        with pytest.raises(LedgerBusy):
            ours.append(*marked("甲"))
        assert ours.head().seq == 1


@pytest.mark.parametrize(
    ("setting", "error"),
    [("PRAGMA query_only = ON", LedgerNotFound), ("PRAGMA max_page_count = 1", OutputDiskFull)],
)
def test_sqlite_that_may_not_or_cannot_write(
    sqlite_ledger: Ledger, marked: Marked, setting: str, error: type[DingmiError]
) -> None:
    """Root may write anything, so SQLite itself is told to refuse; the codes are the same."""

    def restrict(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(setting).close()

    sqlite_ledger.close()
    event.listen(sqlite_ledger._database.engine, "connect", restrict)
    with pytest.raises(error):
        sqlite_ledger.append(*(entry for n in range(100) for entry in marked(str(n))))
    with Ledger.open(f"sqlite:///{sqlite_ledger._database.file}") as unrestricted:
        assert unrestricted.verify() == []
        assert unrestricted.head().seq == 1


def test_a_right_that_the_user_has_not(new_postgresql: Callable[[], str], marked: Marked) -> None:
    url = new_postgresql()
    Ledger.create(url, "office", AT).close()
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS reader")
        owner.execute("CREATE ROLE reader LOGIN")
        [schema] = owner.execute("SELECT current_schema()").fetchone() or ["none"]
        owner.execute(f"GRANT USAGE ON SCHEMA {schema} TO reader")
        owner.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
    with Ledger.open(url.replace("postgres@", "reader@")) as ledger:
        assert ledger.verify() == []
        with pytest.raises(LedgerNotFound):
            ledger.append(*marked("甲"))


def test_secrets_of_the_address_are_not_shown() -> None:
    with pytest.raises(LedgerNotFound) as caught:
        Ledger.open("postgresql://clerk:hidden@/none?host=/nonexistent", timeout_seconds=1)
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize(
    ("reported", "error"),
    [
        (psycopg.errors.DiskFull(), OutputDiskFull),
        (psycopg.errors.LockNotAvailable(), LedgerBusy),
        (psycopg.errors.SerializationFailure(), LedgerBusy),
        (psycopg.errors.TooManyConnections(), LedgerBusy),
        (psycopg.errors.AdminShutdown(), LedgerNotFound),
        (psycopg.errors.InvalidPassword(), LedgerNotFound),
        (psycopg.errors.ReadOnlySqlTransaction(), LedgerNotFound),
        (psycopg.errors.DataCorrupted(), LedgerBroken),
        (psycopg.OperationalError(), LedgerNotFound),
        (psycopg.errors.UniqueViolation(), DBAPIError),
        (coded(sqlite3.SQLITE_BUSY_RECOVERY), LedgerBusy),
        (coded(sqlite3.SQLITE_IOERR_SHMSIZE), OutputDiskFull),
        (coded(sqlite3.SQLITE_IOERR_READ), LedgerNotFound),
        (coded(sqlite3.SQLITE_CORRUPT_INDEX), LedgerBroken),
        (coded(sqlite3.SQLITE_CONSTRAINT), DBAPIError),
        (sqlite3.ProgrammingError(), DBAPIError),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_causes_are_known_by_their_codes(reported: Exception, error: type[Exception]) -> None:
    with pytest.raises(error), ledger_faults("ledger"):
        raise DBAPIError("statement", {}, reported)
