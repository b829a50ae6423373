"""Turn what a database reports into our errors, by codes, never by words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from sqlalchemy.exc import DBAPIError

from dingmi_mark.errors import (
    DingmiError,
    LedgerBroken,
    LedgerBusy,
    LedgerNewer,
    LedgerNotFound,
    OutputDiskFull,
)
from dingmi_mark.messages import say

_Fault: TypeAlias = Callable[[str], DingmiError]


def _damaged(where: str) -> DingmiError:
    return LedgerBroken(where, cause=say("the file is damaged, cut off or no database"))


def _read_only(where: str) -> DingmiError:
    return LedgerNotFound(where, cause=say("it may be read but not written"))


def _not_openable(where: str) -> DingmiError:
    return LedgerNotFound(where, cause=say("the file or its folder may not be opened"))


def _disk_error(where: str) -> DingmiError:
    return LedgerNotFound(where, cause=say("the disk reports an error"))


def _unreachable(where: str) -> DingmiError:
    return LedgerNotFound(where, cause=say("the database server does not answer or refuses"))


def _no_ledger(where: str) -> DingmiError:
    return LedgerNotFound(where, cause=say("there is no ledger in this database"))


def _no_rights(where: str) -> DingmiError:
    return LedgerNotFound(where, cause=say("this user has no right to it"))


_SQLITE: Mapping[int, _Fault] = {
    sqlite3.SQLITE_BUSY: LedgerBusy,
    sqlite3.SQLITE_LOCKED: LedgerBusy,
    sqlite3.SQLITE_CORRUPT: _damaged,
    sqlite3.SQLITE_NOTADB: _damaged,
    sqlite3.SQLITE_FULL: OutputDiskFull,
    sqlite3.SQLITE_READONLY: _read_only,
    sqlite3.SQLITE_CANTOPEN: _not_openable,
    sqlite3.SQLITE_PERM: _not_openable,
    # The shared-memory file could not be made as large as needed, which is a full disk.
    sqlite3.SQLITE_IOERR_SHMSIZE: OutputDiskFull,
    sqlite3.SQLITE_IOERR: _disk_error,
}
"""By extended result code, then by its primary code (https://www.sqlite.org/rescode.html)."""

_POSTGRESQL: Mapping[str, _Fault] = {
    "55P03": LedgerBusy,
    "57014": LedgerBusy,
    "40001": LedgerBusy,
    "40P01": LedgerBusy,
    "53300": LedgerBusy,
    "53100": OutputDiskFull,
    "42P01": _no_ledger,
    "3D000": _no_ledger,
    "25006": _read_only,
    "42501": _no_rights,
    "28": _no_rights,
    "08": _unreachable,
    "57": _unreachable,
    "XX001": _damaged,
    "XX002": _damaged,
}
"""By SQLSTATE, then by its class (PostgreSQL 15, appendix A)."""


@contextmanager
def ledger_faults(where: str) -> Iterator[None]:
    """Raise our errors in place of the database's; unknown ones pass.

    An error about the ledger that does not say which one is told.
    """
    try:
        yield
    except (LedgerBroken, LedgerNewer) as error:
        error.where = error.where or where
        raise
    except DBAPIError as error:
        fault = _fault_of(error.orig)
        if fault is None:
            raise
        raise fault(where) from error
    except sqlite3.Error as error:
        fault = _fault_of(error)
        if fault is None:
            raise
        raise fault(where) from error


def _fault_of(error: BaseException | None) -> _Fault | None:
    if isinstance(error, sqlite3.Error):
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
        return _SQLITE.get(code) or _SQLITE.get(code & 0xFF)
    return _postgresql_fault(error)


def _postgresql_fault(error: BaseException | None) -> _Fault | None:
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is None:  # no answer from a server: it is down, or the line broke
        return _unreachable if isinstance(error, psycopg.OperationalError) else None
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
