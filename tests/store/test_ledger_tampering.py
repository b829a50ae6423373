"""Whatever is changed in a stored ledger, `verify` says so."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings, strategies as st

from dingmi_mark.domain.ledger import Entry
from dingmi_mark.domain.ledger_acts import ApprovalSigned
from dingmi_mark.domain.ledger_chain import BEFORE_FIRST, link_hash
from dingmi_mark.domain.ledger_drafts import DraftLeaving
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.ledger_schema import ENTRIES, META, STORED

AT = "2026-03-02T09:00:00+08:00"
Marked = Callable[[str], list[Entry]]

COLUMNS = [
    (table.name, column.name)
    for table in (ENTRIES, META, *STORED.tables)
    for column in table.columns
]


@pytest.fixture(scope="module")
def sound(marked: Marked) -> Iterator[Path]:
    """A sound ledger in one file, to be copied and altered."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sound.sqlite"
        with Ledger.create(f"sqlite:///{file}", "office", AT) as ledger:
            ledger.append(*marked("甲"), *marked("乙")[:2])
        yield file


@pytest.fixture(scope="module")
def sound_with_acts(sound: Path) -> Iterator[Path]:
    """The same with entries that are no markings."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "acts.sqlite"
        shutil.copy(sound, file)
        with Ledger.open(f"sqlite:///{file}") as ledger:
            digest = "sm3:" + 64 * "0"
            act = (
                "示定审〔2026〕1号",
                "审批",
                "同意",
                digest,
                digest,
                "张样例",
                "0123456789abcdef",
            )
            ledger.append(ApprovalSigned(*act, AT, AT))
            left = ("1a2b", act[0], "3", "4", "keep", "drafts/a.pdf", "", {}, "run-1", AT)
            ledger.append(DraftLeaving(*left))
        yield file


@contextmanager
def altered(sound: Path) -> Iterator[tuple[Ledger, sqlite3.Connection]]:
    """Open a copy both as a ledger and bare, with the guards off while it is altered."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "altered.sqlite"
        shutil.copy(sound, file)
        with (
            Ledger.open(f"sqlite:///{file}") as ledger,
            closing(sqlite3.connect(file, isolation_level=None)) as bare,
        ):
            bare.execute("PRAGMA synchronous = OFF")
            yield ledger, bare


@contextmanager
def unguarded(bare: sqlite3.Connection) -> Iterator[None]:
    guards = bare.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        bare.execute(f"DROP TRIGGER {name}")
    yield
    for _, guard in guards:
        bare.execute(guard)


def flipped(value: object, position: int, bit: int) -> object:
    if value is None:
        return 1
    if isinstance(value, int):
        return value ^ (1 << bit)
    raw = bytearray(value if isinstance(value, bytes) else str(value).encode()) or bytearray(b"0")
    raw[position % len(raw)] ^= 1 << bit
    return bytes(raw)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
@given(data=st.data())
@settings(max_examples=3, deadline=None, database=None)
def test_any_flipped_bit_of_any_column_is_found(
    sound_with_acts: Path, table: str, column: str, data: st.DataObject
) -> None:
    with altered(sound_with_acts) as (ledger, bare):
        rows = bare.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid").fetchall()
        rowid, value = data.draw(st.sampled_from(rows))
        bit = data.draw(st.integers(0, 7))
        new = flipped(value, data.draw(st.integers(0, 5000)), bit)
        as_text = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
        with unguarded(bare):
            try:
                bare.execute(
                    f"UPDATE {table} SET {column} = {as_text} WHERE rowid = ?", (new, rowid)
                )
            except sqlite3.IntegrityError:  # the key of another row: nothing was altered
                return
        assert ledger.verify() != []


@pytest.mark.parametrize(
    ("alter", "finding"),
    [
        ("DELETE FROM entries WHERE seq = 4", "Entry 4 is missing: entry 5 stands in its place."),
        ("DELETE FROM entries WHERE seq = 7", "The table head differs from the chain in 2 row(s)."),
        ("DELETE FROM entries", "The ledger has no entries, not even its first one."),
        ("UPDATE entries SET seq = 100 - seq", "Entry 1 is missing: entry 93 stands in its place."),
        (
            "INSERT INTO entries SELECT 8, kind, payload, hash, hash, at, NULL FROM entries"
            " WHERE seq = 7",
            "Entry 8 was changed: its hash does not fit.",
        ),
        (
            "UPDATE entries SET payload = replace(CAST(payload AS TEXT), '机密', '秘密')"
            " WHERE seq = 2",
            "The ledger is damaged or was altered: entry 2 is not stored as it was.",
        ),
        (
            "UPDATE entries SET payload ="
            " CAST(replace(CAST(payload AS TEXT), '机密', '秘密') AS BLOB) WHERE seq = 2",
            "Entry 2 was changed: its hash does not fit.",
        ),
        (
            "UPDATE entries SET signature = x'00' WHERE seq = 3",
            "Entry 3 bears a signature that cannot be checked here.",
        ),
        ("INSERT INTO documents VALUES ('forged', 2, NULL, NULL)",
         "The table documents differs from the chain in 1 row(s)."),
        ("DELETE FROM head", "The table head differs from the chain in 1 row(s)."),
        ("DELETE FROM ledger_meta",
         "The ledger is damaged or was altered: it does not say whose it is."),
    ],
)  # fmt: skip
def test_each_way_of_tampering_is_named(sound: Path, alter: str, finding: str) -> None:
    with altered(sound) as (ledger, bare):
        with unguarded(bare):
            bare.execute(alter)
        assert finding in [str(message) for message in ledger.verify()]


def test_a_missing_or_weakened_guard_is_named(sound: Path) -> None:
    with altered(sound) as (ledger, bare):
        bare.execute("DROP TRIGGER entries_no_update")
        bare.execute("DROP TRIGGER entries_no_delete")
        bare.execute(
            "CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT 1; END"
        )
        assert [str(message) for message in ledger.verify()] == [
            "The guard against changes is missing (entries_no_delete).",
            "The guard against changes is missing (entries_no_update).",
        ]


def test_a_recomputed_chain_is_found_by_its_anchor_only(sound: Path) -> None:
    with altered(sound) as (ledger, bare):
        anchor = ledger.anchor()
        assert ledger.verify_anchor(anchor) == []
        with unguarded(bare):
            bare.execute(
                "UPDATE entries SET payload ="
                " CAST(replace(CAST(payload AS TEXT), '定审', '定申') AS BLOB)"
            )
            recompute(bare)
        ledger.rebuild()
        assert ledger.verify() == []
        assert [str(m) for m in ledger.verify_anchor(anchor)] == [
            "Entry 7 is not the one the anchor was made from."
        ]


def recompute(bare: sqlite3.Connection) -> None:
    previous = BEFORE_FIRST
    for seq, kind, payload in bare.execute(
        "SELECT seq, kind, payload FROM entries ORDER BY seq"
    ).fetchall():
        own = link_hash(seq, kind, payload, previous)
        bare.execute(
            "UPDATE entries SET prev_hash = ?, hash = ? WHERE seq = ?", (previous, own, seq)
        )
        previous = own


def test_postgresql_tampering_is_found(new_postgresql: Callable[[], str], marked: Marked) -> None:
    url = new_postgresql()
    with Ledger.create(url, "office", AT) as ledger:
        ledger.append(*marked("甲"))
        with psycopg.connect(url) as bare:
            bare.execute("ALTER TABLE entries DISABLE TRIGGER entries_no_change")
            bare.execute("UPDATE entries SET payload = payload || ' ' WHERE seq = 3")
            bare.execute("UPDATE copies SET state = 'voided'")
        assert [str(message) for message in ledger.verify()] == [
            "The guard against changes is missing (entries_no_change).",
            "Entry 3 was changed: its hash does not fit.",
            "Entry 3 cannot be read.",
            "Entry 4 may not follow those before it.",
            "Entry 5 may not follow those before it.",
            "The table documents differs from the chain in 2 row(s).",
            "The table copies differs from the chain in 2 row(s).",
            "The table digests differs from the chain in 3 row(s).",
        ]
