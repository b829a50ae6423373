"""台账: the office's ledger, an append-only hash chain with tables to read it by.

Importing this module loads SQLAlchemy: import it where a ledger is opened, elsewhere only for
types. A ledger may be used by several threads; a forked process opens its own.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO, TypeVar

from sqlalchemy import Connection, inspect, select

from dingmi_mark.domain.copies import DoneCopy
from dingmi_mark.domain.ledger import Begun, Entry, kind_name
from dingmi_mark.domain.ledger_acts import Act
from dingmi_mark.domain.ledger_chain import (
    Anchor,
    Link,
    anchor_findings,
    anchor_of,
    chain_findings,
    chained,
    hash_holds,
)
from dingmi_mark.domain.registered import DoneMarking
from dingmi_mark.domain.secrets_known import MarkedCopy
from dingmi_mark.errors import LedgerBroken, LedgerNotFound
from dingmi_mark.messages import Message, say
from dingmi_mark.store import ledger_reading, ledger_running
from dingmi_mark.store.ledger_backup import (
    back_up_portably,
    back_up_sqlite,
    backed_up,
    found_ledger,
    write_ahead,
)
from dingmi_mark.store.ledger_chain_table import (
    insert_links,
    last_link,
    last_links,
    stored_link,
    stored_links,
)
from dingmi_mark.store.ledger_database import Database, database_at, integrity_faults
from dingmi_mark.store.ledger_export import ExportFormat, write_csv, write_json
from dingmi_mark.store.ledger_migrations import (
    known_version,
    migrate,
    rebuild_projections,
    refuse_newer,
)
from dingmi_mark.store.ledger_projections import STORED_PROJECTOR, projection_findings
from dingmi_mark.store.ledger_records import DigestMatch, MarkingRecord
from dingmi_mark.store.ledger_schema import (
    SQLITE_APPLICATION_ID,
    STORED,
    description,
    missing_guards,
)

TIMEOUT_SECONDS = 30.0
"""How long to wait for other writers before giving up."""


_HEAD = select(STORED.head)

A = TypeVar("A", bound=Act)


class Ledger:
    """An open ledger.

    Every method may raise LedgerBusy, LedgerBroken and OutputDiskFull.
    """

    def __init__(self, database: Database, office_id: str) -> None:
        self._database = database
        self.office_id = office_id

    @classmethod
    def create(
        cls, url: str, office_id: str, at: str, *, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> Self:
        """Make a ledger with its first entry in an empty place.

        The file gets rights 0600, a new folder 0700. `at` is ISO 8601 with a time zone. Raises
        OutputExists where something is already.
        """
        first = chained([Begun(office_id, at)], None)
        found_ledger(url, office_id, first, timeout_seconds)
        return cls.open(url, timeout_seconds=timeout_seconds)

    @classmethod
    def open(cls, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Self:
        """Open a ledger that exists, bringing an older schema up to date.

        Raises LedgerNotFound (nothing is ever created), LedgerBroken for a file that is none or
        is cut off, LedgerNewer for the schema of a later version.
        """
        database = database_at(url, timeout_seconds=timeout_seconds)
        with ExitStack() as undo:
            undo.callback(database.close)
            office_id = _office_of(database)
            undo.pop_all()
        return cls(database, office_id)

    @classmethod
    def restore(cls, backup: Path, url: str, *, timeout_seconds: float = TIMEOUT_SECONDS) -> Self:
        """Bring a backup of either kind back into an empty place, verified.

        Raises OutputExists where something is already, LedgerBroken for an unsound backup.
        """
        with backed_up(backup) as (office_id, links):
            found_ledger(url, office_id, links, timeout_seconds)
        return cls.open(url, timeout_seconds=timeout_seconds)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def append(self, *entries: Entry) -> tuple[Link, ...]:
        """Append entries in one durable transaction and return them with their place.

        Raises EntryOutOfOrder when one may not follow its marking's state (nothing is written
        then), ValueError for an entry that cannot be stored.
        """
        with self._database.writing() as connection:
            refuse_newer(description(connection)[1])
            links = tuple(chained(entries, self._sound_head(connection)))
            for entry, link in zip(entries, links, strict=True):
                STORED_PROJECTOR.project(connection, link.seq, entry)
            if links:
                insert_links(connection, links)
                STORED_PROJECTOR.set_head(connection, links[-1])
        return links

    def rebuild(self) -> None:
        """Make all tables for reading anew. Raises LedgerBroken for a bad chain."""
        with self._database.writing() as connection:
            rebuild_projections(connection)

    def running(self, runner: str) -> AbstractContextManager[None]:
        """Show that this process is at work under an id, until it ends in whatever way.

        Enter it before the first `Intended` with this runner: `doctor` leaves alone what a
        living run began. `runner` is a unique plain word (letters, digits, hyphens).
        """
        return ledger_running.running(self._database, runner)

    def is_running(self, runner: str) -> bool:
        """Tell whether the process that works under this id still lives."""
        return ledger_running.is_running(self._database, runner)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def marking(self, marking_id: str, copy_id: str) -> MarkingRecord | None:
        """Return the marking of one copy, None if the ledger does not know it."""
        with self._database.reading() as connection:
            return ledger_reading.find_marking(connection, marking_id, copy_id)

    def copy(self, copy_id: str) -> MarkingRecord | None:
        """Return the entries of a copy by its own id, as its 2D code names it; None if unknown."""
        with self._database.reading() as connection:
            return ledger_reading.find_copy(connection, copy_id)

    def by_file_digest(self, digest: str) -> list[DigestMatch]:
        """Return the markings whose draft or marked file has this SM3 or SHA-256 digest."""
        with self._database.reading() as connection:
            return ledger_reading.find_by_digest(connection, digest, ("sm3", "sha256"))

    def by_content_digest(self, digest: str) -> list[DigestMatch]:
        """Return the markings whose draft or marked file has this content digest."""
        with self._database.reading() as connection:
            return ledger_reading.find_by_digest(connection, digest, ("content",))

    def done_for(self, document_id: str) -> list[MarkingRecord]:
        """Return the finished markings of a document, oldest first."""
        with self._database.reading() as connection:
            return ledger_reading.find_done(connection, document_id)

    def by_approval(self, approval_number: str) -> list[MarkingRecord]:
        """Return all markings, void ones too, under an approval number, oldest first."""
        with self._database.reading() as connection:
            return ledger_reading.find_by_approval(connection, approval_number)

    def done_copies(self) -> list[DoneCopy]:
        """Return the finished copies of every document's newest marking, oldest first."""
        with self._database.reading() as connection:
            return ledger_reading.find_done_copies(connection)

    def done_records(self) -> list[MarkingRecord]:
        """Return the finished copies of every document's newest marking with their entries."""
        with self._database.reading() as connection:
            return ledger_reading.find_done_records(connection)

    def marked_copies(self) -> list[MarkedCopy]:
        """Return every finished copy with its marking and the moment it was done."""
        with self._database.reading() as connection:
            return ledger_reading.find_marked_copies(connection)

    def done_marks(self) -> list[tuple[str, str, str]]:
        """Return approval number, level and period of all markings with a finished copy."""
        with self._database.reading() as connection:
            return ledger_reading.find_done_marks(connection)

    def done_markings(self) -> list[DoneMarking]:
        """Return every marking with a finished copy, earlier ones of a document too."""
        with self._database.reading() as connection:
            return ledger_reading.find_done_markings(connection)

    def acts(
        self,
        *kinds: type[A],
        subject: str | None = None,
        file_digest: str | None = None,
        thread: str | None = None,
    ) -> list[tuple[int, A]]:
        """Return acts of these kinds with the numbers of their entries, in order.

        `subject`, `file_digest` and `thread` leave only those that are about them.
        """
        names = [kind_name(kind) for kind in kinds]
        with self._database.reading() as connection:
            found = ledger_reading.find_acts(connection, names, subject, file_digest, thread)
        return [(seq, entry) for seq, entry in found if isinstance(entry, kinds)]

    def unanswered(self, asking: type[A], answering: type[Act]) -> list[A]:
        """Return the acts of a kind that no act of the other kind answered, in order."""
        names = kind_name(asking), kind_name(answering)
        with self._database.reading() as connection:
            found = ledger_reading.find_unanswered(connection, *names)
        return [entry for entry in found if isinstance(entry, asking)]

    def open_markings(self, batch_id: str | None = None) -> list[MarkingRecord]:
        """Return markings neither done nor void, of one batch or of all, oldest first."""
        with self._database.reading() as connection:
            return ledger_reading.find_open(connection, batch_id)

    def recent(self, limit: int) -> list[Link]:
        """Return the last entries, newest first."""
        with self._database.reading() as connection:
            return last_links(connection, limit)

    def head(self) -> Link:
        """Return the last entry."""
        with self._database.reading() as connection:
            return self._last(connection)

    def entries(self) -> Generator[Link, None, None]:
        """Stream all entries in order, as of the first one read."""
        with self._database.reading() as connection:
            yield from stored_links(connection)

    # ── proving and keeping ──────────────────────────────────────────────────────────────────

    def verify(self) -> list[Message]:
        """Say everything that is wrong: file, guards, chain, tables. Empty means sound.

        What a forger who recomputed the whole chain did is seen by `verify_anchor` only.
        """
        try:
            with self._database.reading() as connection:
                return list(self._findings(connection))
        except LedgerBroken as broken:
            return [broken.message]

    def anchor(self) -> str:
        """Return the head as text, to be kept out of reach of the ledger's writers."""
        return anchor_of(self.head(), self.office_id).text

    def verify_anchor(self, text: str) -> list[Message]:
        """Say how the ledger contradicts an anchor; meaningful together with `verify`."""
        try:
            anchor = Anchor.parse(text)
        except ValueError:
            return [say("This text is not an anchor of a ledger.")]
        with self._database.reading() as connection:
            link = stored_link(connection, anchor.seq)
        return list(anchor_findings(anchor, link, self.office_id))

    def export(self, fmt: ExportFormat, out: TextIO) -> None:
        """Write all entries as CSV or JSON."""
        with closing(self.entries()) as links:
            if fmt == "csv":
                write_csv(links, out)
            else:
                write_json(self.office_id, links, out)

    def backup(self, path: Path) -> None:
        """Copy the ledger into a new file 0600 and verify it, while others write.

        SQLite gives an SQLite file, PostgreSQL the portable format. Raises OutputExists.
        """
        if self._database.file is None:
            self.backup_portable(path)
        else:
            back_up_sqlite(self._database, path)

    def backup_portable(self, path: Path) -> None:
        """Copy the chain into a new file 0600 that any database is restored from."""
        with closing(self.entries()) as links:
            back_up_portably(self.office_id, links, path)

    def _findings(self, connection: Connection) -> Iterator[Message]:
        for fault in integrity_faults(connection):
            yield say("The database file is damaged: {fault}.", fault=fault)
        for guard in missing_guards(connection):
            yield say("The guard against changes is missing ({guard}).", guard=guard)
        if description(connection) != (self.office_id, known_version()):
            yield say("What the ledger says of itself (office, version) was altered.")
        yield from chain_findings(stored_links(connection), self.office_id)
        yield from projection_findings(connection, stored_links(connection))

    def _last(self, connection: Connection) -> Link:
        head = last_link(connection)
        if head is None:
            raise LedgerBroken(self._database.where, cause=say("it has no entries"))
        return head

    def _sound_head(self, connection: Connection) -> Link:
        """Return the head to append to; nothing is built on one that was cut or changed."""
        head = self._last(connection)
        remembered = connection.execute(_HEAD).one_or_none()
        if not hash_holds(head) or remembered != (head.seq, head.hash):
            raise LedgerBroken(self._database.where, cause=say("its end was cut off or changed"))
        return head


def _office_of(database: Database) -> str:
    """Return the office of a database, after bringing its schema up to date."""
    with database.reading() as connection:
        _refuse_foreign(database, connection)
        office_id, found = description(connection)
        refuse_newer(found)
    if found < known_version():
        with database.writing() as connection:
            migrate(connection)
    if database.file is not None:
        write_ahead(database)
    return office_id


def _refuse_foreign(database: Database, connection: Connection) -> None:
    if database.file is not None:
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if mark != SQLITE_APPLICATION_ID:
            cause = say("the file is empty or no ledger of this program")
            raise LedgerBroken(database.where, cause=cause)
    elif not inspect(connection).has_table("entries"):
        raise LedgerNotFound(database.where, cause=say("there is no ledger in this database"))
