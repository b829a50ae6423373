"""Tables of the ledger: the append-only chain, its projections, its guards.

`entries` is the ledger. All other tables are projections that can be thrown away and rebuilt.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    select,
    text,
)

from dingmi_mark.errors import LedgerBroken
from dingmi_mark.messages import say

SQLITE_APPLICATION_ID = 0x64696E67
"""Written into the header of the SQLite file (`ding`), to know a ledger from other databases."""


class _Bytes(LargeBinary):
    """Bytes as the driver gives them: a value of another type is seen as such."""

    def result_processor(self, dialect: Dialect, coltype: object) -> None:
        return None


_Number = BigInteger().with_variant(Integer(), "sqlite")

_CHAIN = MetaData()

ENTRIES = Table(
    "entries",
    _CHAIN,
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("payload", _Bytes, nullable=False),
    Column("prev_hash", _Bytes, nullable=False),
    Column("hash", _Bytes, nullable=False),
    Column("at", Text, nullable=False),
    Column("signature", _Bytes),
)

META = Table(
    "ledger_meta",
    _CHAIN,
    Column("office_id", Text, primary_key=True),
    Column("schema_version", _Number, nullable=False),
)


@dataclass(frozen=True)
class Projections:
    """The tables for reading.

    `head` has one row, the last entry, so that its loss is seen.

    `digests` holds file digests (`sm3`, `sha256`) and content digests (`content`), each in the
    role of `draft` or `marked`. `acts` finds entries that are no markings by their kind, what they
    are about and the thread they belong to, `act_files` by the files they make known. Seq columns
    point to the entries that hold the whole facts.
    """

    documents: Table
    markings: Table
    copies: Table
    digests: Table
    head: Table
    acts: Table
    act_files: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """All of them."""
        return tuple(getattr(self, each.name) for each in fields(self))


def projections(metadata: MetaData, prefix: str = "", *, kind: tuple[str, ...] = ()) -> Projections:
    """Describe the projection tables under a name prefix.

    `kind` goes into CREATE (`TEMPORARY`).
    """

    def table(name: str, key: tuple[str, ...], *columns: Column[Any]) -> Table:
        return Table(
            prefix + name, metadata, *columns, PrimaryKeyConstraint(*key), prefixes=list(kind)
        )

    documents = table(
        "documents",
        ("document_id",),
        _text("document_id"),
        _number("first_seq"),
        Column("marking_id", Text),
        Column("generation", _Number),
    )
    markings = table(
        "markings",
        ("marking_id",),
        _text("marking_id"),
        _text("document_id"),
        _number("generation"),
        _text("level"),
        _text("period"),
        _text("last_secret_day"),
        _text("classification_kind"),
        _text("approval_number"),
        _text("approval_digest"),
        _number("without_digest"),
    )
    copies = table(
        "copies",
        ("marking_id", "copy_id"),
        _text("marking_id"),
        _text("copy_id"),
        _text("copy_number"),
        _text("batch_id"),
        _text("state"),
        _number("intended_seq"),
        Column("prepared_seq", _Number),
        Column("closed_seq", _Number),
    )
    digests = table(
        "digests",
        ("marking_id", "copy_id", "role", "algorithm"),
        _text("marking_id"),
        _text("copy_id"),
        _text("role"),
        _text("algorithm"),
        _text("digest"),
    )
    head = table("head", ("seq",), _number("seq"), Column("hash", _Bytes, nullable=False))
    acts = table(
        "acts",
        ("seq",),
        _number("seq"),
        _text("kind"),
        _text("subject"),
        _text("thread"),
    )
    act_files = table("act_files", ("seq", "digest"), _number("seq"), _text("digest"))
    Index(f"{prefix}acts_by_subject", acts.c.kind, acts.c.subject)
    Index(f"{prefix}acts_by_thread", acts.c.thread, acts.c.kind)
    Index(f"{prefix}acts_by_file", act_files.c.digest)
    Index(f"{prefix}markings_by_approval", markings.c.approval_number)
    Index(f"{prefix}markings_by_document", markings.c.document_id)
    Index(f"{prefix}copies_by_state", copies.c.state)
    Index(f"{prefix}digests_by_digest", digests.c.digest)
    return Projections(documents, markings, copies, digests, head, acts, act_files)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _number(name: str) -> Column[int]:
    return Column(name, _Number, nullable=False)


STORED = projections(MetaData())
"""The projections the ledger is read from."""

EXPECTED = projections(MetaData(), "expected_", kind=("TEMPORARY",))
"""The same, rebuilt from the chain beside the stored ones to compare them."""

_SQLITE_GUARDS = {
    "entries_no_update": (
        "CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries"
        " BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END"
    ),
    "entries_no_delete": (
        "CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries"
        " BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END"
    ),
    # INSERT OR REPLACE deletes without firing the trigger above.
    "entries_in_order": (
        "CREATE TRIGGER entries_in_order BEFORE INSERT ON entries"
        " WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entries)"
        " BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END"
    ),
}

_POSTGRESQL_GUARDS = {
    "entries_no_change": (
        "CREATE TRIGGER entries_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON entries"
        " FOR EACH STATEMENT EXECUTE FUNCTION entries_refuse_change()"
    )
}

_POSTGRESQL_REFUSE = (
    "CREATE FUNCTION entries_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'entries are append-only'"
    " USING ERRCODE = 'restrict_violation'; END $$"
)


def create_chain(connection: Connection, office_id: str) -> None:
    """Create the chain's own tables with their guards, at schema version 0."""
    _CHAIN.create_all(connection, checkfirst=False)
    if connection.dialect.name == "sqlite":
        guards = _SQLITE_GUARDS
        connection.exec_driver_sql(f"PRAGMA application_id = {SQLITE_APPLICATION_ID}")
    else:
        guards = _POSTGRESQL_GUARDS
        connection.exec_driver_sql(_POSTGRESQL_REFUSE)
    for guard in guards.values():
        connection.exec_driver_sql(guard)
    connection.execute(META.insert().values(office_id=office_id, schema_version=0))


def missing_guards(connection: Connection) -> list[str]:
    """Name the triggers against changes that are absent, altered or switched off."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type='trigger'"))
        present = {row.name for row in found if row.sql == _SQLITE_GUARDS.get(row.name)}
        return sorted(_SQLITE_GUARDS.keys() - present)
    enabled = connection.execute(
        text(
            "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE tgrelid = CAST('entries' AS regclass) AND tgenabled IN ('O', 'A')"
            " AND proname = 'entries_refuse_change' AND prosrc LIKE '%RAISE EXCEPTION%'"
        )
    )
    return sorted(_POSTGRESQL_GUARDS.keys() - set(enabled.scalars()))


_DESCRIPTION = select(META.c.office_id, META.c.schema_version)


def description(connection: Connection) -> tuple[str, int]:
    """Return the office's id and the schema version that the database has.

    Raises LedgerBroken when it does not say exactly one of each.
    """
    match connection.execute(_DESCRIPTION).all():
        case [(str(office_id), int(version))]:
            return office_id, version
        case _:
            raise LedgerBroken(cause=say("it does not say whose it is"))
