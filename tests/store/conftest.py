"""Ledgers to try things on: in SQLite files and in a private PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import psycopg
import pytest

from dingmi_mark.domain.ledger import Done, Entry, FileDigests, Intended, Prepared, Renamed
from dingmi_mark.store.ledger import Ledger

AT = "2026-03-02T09:00:00+08:00"
OFFICE = "office-7f3a"

_numbers = count()


def digests(name: str) -> FileDigests:
    return FileDigests(sm3=f"sm3-{name}", sha256=f"sha256-{name}")


def intended(name: str, **changes: object) -> Intended:
    """Intend to mark the first copy of a document; all its ids begin with `name`."""
    entry = Intended(
        document_id=f"{name}-document",
        marking_id=f"{name}-marking",
        generation=1,
        copy_id=f"{name}-copy",
        copy_number="000017",
        batch_id="batch-1",
        runner="run-1",
        approval_number="定审〔2026〕3号",
        approval_digest="a0",
        without_digest=False,
        level="机密",
        period="10年",
        last_secret_day="2036-03-02",
        classification_kind="原始定密",
        draft=digests(f"{name}-draft"),
        content_digest=f"content-{name}-draft",
        target=f"标后/{name}.pdf",
        temporary=f"标后/.dingmi-{name}.tmp",
        program_version="0.1.0",
        at=AT,
        template_hashes={"gongwen": "t0"},
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def marked(name: str) -> list[Entry]:
    """The four entries of a marking that goes well."""
    first = intended(name)
    ids = {"marking_id": first.marking_id, "copy_id": first.copy_id, "at": AT}
    return [
        first,
        Prepared(
            marked=digests(f"{name}-marked"),
            content_digest=f"content-{name}-marked",
            confirmed="rendered",
            **ids,
        ),
        Renamed(**ids),
        Done(**ids),
    ]


@pytest.fixture(name="intended", scope="session")
def _intended() -> Callable[..., Intended]:
    return intended


@pytest.fixture(name="marked", scope="session")
def _marked() -> Callable[[str], list[Entry]]:
    return marked


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Callable[[], str]]:
    """Start a server of our own on a socket in a private folder; gives URLs of empty places."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not binaries:
        pytest.skip("PostgreSQL is not installed (package: postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="dingmi-pg-"))
    as_user = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    superuser = "postgres"
    store = folder / "data"
    subprocess.run(
        [binaries[-1], "-D", store, "-U", superuser, "--auth=trust", "--no-sync",
         "--encoding=UTF8", "--locale=C"],
        check=True, capture_output=True, cwd=folder, **as_user,
    )  # fmt: skip
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries[-1].with_name("postgres"), "-D", store, "-k", folder, "-p", "54329",
             "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60"],
            stdout=log, stderr=log, cwd=folder, **as_user,
        )  # fmt: skip
    ready = [binaries[-1].with_name("pg_isready"), "-q", "-h", folder, "-p", "54329"]
    try:
        while subprocess.run(ready, check=False).returncode:
            if server.poll() is not None:
                pytest.fail((folder / "log").read_text())
        address = f"postgresql://{superuser}@/postgres?host={folder}&port=54329"
        yield lambda: _new_schema(address)
    finally:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _new_schema(server: str) -> str:
    """Give a place of its own; a schema is made in a hundredth of a database's time."""
    name = f"ledger_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{server}&options=-csearch_path%3D{name}"


@pytest.fixture
def new_postgresql(postgresql_server: Callable[[], str]) -> Callable[[], str]:
    """Give URLs of empty places in a PostgreSQL database."""
    return postgresql_server


@pytest.fixture
def new_sqlite(tmp_path: Path) -> Callable[[], str]:
    """Give URLs of SQLite files that are not there yet, in a folder not there yet."""
    return lambda: f"sqlite:///{tmp_path}/ledger {next(_numbers)}/台账.sqlite"


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Give URLs of empty places, of either kind of database."""
    urls: Callable[[], str] = request.getfixturevalue(f"new_{request.param}")
    return urls


@pytest.fixture
def url(new_url: Callable[[], str]) -> str:
    """The address of a ledger with its first entry, in either kind of database."""
    address = new_url()
    Ledger.create(address, OFFICE, AT).close()
    return address


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An open ledger with its first entry, in either kind of database."""
    with Ledger.open(url) as opened:
        yield opened


@pytest.fixture
def sqlite_ledger(new_sqlite: Callable[[], str]) -> Iterator[Ledger]:
    """An open ledger with its first entry in an SQLite file."""
    with Ledger.create(new_sqlite(), OFFICE, AT) as opened:
        yield opened
