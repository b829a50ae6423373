"""Keep the projections in step with the chain, rebuild and compare them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from sqlalchemy import BindParameter, Connection, Table, and_, bindparam, func, select
from sqlalchemy.sql import ColumnElement

from dingmi_mark.domain.ledger import (
    BatchFinished,
    BatchStarted,
    Begun,
    Done,
    Entry,
    EntryOutOfOrder,
    FileDigests,
    Intended,
    MarkingState,
    Prepared,
    Renamed,
    Settled,
    Step,
    Voided,
    kind_of,
    state_after,
)
from dingmi_mark.domain.ledger_act import ActEntry
from dingmi_mark.domain.ledger_acts import Act
from dingmi_mark.domain.ledger_chain import Link
from dingmi_mark.domain.ledger_payload import entry_from
from dingmi_mark.errors import LedgerBroken
from dingmi_mark.messages import Message, say
from dingmi_mark.store.ledger_schema import EXPECTED, STORED, Projections


def _this_copy(table: Table) -> ColumnElement[bool]:
    return and_(
        table.c.marking_id == bindparam("this_marking"), table.c.copy_id == bindparam("this_copy")
    )


class Projector:
    """Brings one set of projection tables up to each entry.

    Its statements are made once: making them anew costs several times what running them does.
    """

    def __init__(self, into: Projections) -> None:
        self.tables = into
        copies, markings, documents = into.copies, into.markings, into.documents
        this_marking = markings.c.marking_id == bindparam("this_marking")
        this_document = documents.c.document_id == bindparam("this_document")
        self._state = select(copies.c.state).where(_this_copy(copies))
        self._new_copy = copies.insert()
        self._forget_digests = into.digests.delete().where(_this_copy(into.digests))
        self._new_digests = into.digests.insert()
        self._marking = select(markings).where(this_marking)
        self._new_marking = markings.insert()
        self._change_marking = markings.update().where(this_marking)
        self._valid_copy = (
            select(copies.c.copy_id)
            .where(copies.c.marking_id == bindparam("this_marking"))
            .where(copies.c.state != MarkingState.VOIDED.value)
            .limit(1)
        )
        self._document = select(documents.c.document_id).where(this_document)
        self._new_document = documents.insert()
        self._point_document = (
            documents.update()
            .where(this_document)
            .where(func.coalesce(documents.c.generation, -1) <= bindparam("newest"))
            .values(marking_id=bindparam("this_marking"), generation=bindparam("newest"))
        )
        to_state = copies.update().where(_this_copy(copies)).values(state=bindparam("to_state"))
        this_seq: BindParameter[int] = bindparam("this_seq")
        self._advance = to_state
        self._advance_prepared = to_state.values(prepared_seq=this_seq)
        self._advance_closed = to_state.values(closed_seq=this_seq)
        self._advance_again = to_state.values(
            copy_number=bindparam("new_number"),
            batch_id=bindparam("new_batch"),
            intended_seq=this_seq,
            prepared_seq=None,
            closed_seq=None,
        )
        self._move_head = into.head.update().values(
            seq=bindparam("this_seq"), hash=bindparam("this_hash")
        )
        self._new_head = into.head.insert()
        self._new_act = into.acts.insert()
        self._new_act_files = into.act_files.insert()

    def project(self, connection: Connection, seq: int, entry: Entry) -> None:
        """Bring the tables up to an entry, or raise EntryOutOfOrder."""
        match entry:
            case Intended():
                self._intend(connection, seq, entry)
            case Prepared():
                _, key = self._step(connection, entry)
                connection.execute(self._advance_prepared, {**key, "this_seq": seq})
                self._add_digests(connection, entry, "marked", entry.marked)
            case Renamed() | Settled():
                _, key = self._step(connection, entry)
                connection.execute(self._advance, key)
            case Voided():
                _, key = self._step(connection, entry)
                connection.execute(self._advance_closed, {**key, "this_seq": seq})
            case Done():
                _, key = self._step(connection, entry)
                connection.execute(self._advance_closed, {**key, "this_seq": seq})
                self._set_current_marking(connection, entry.marking_id)
            case ActEntry():
                self._act(connection, seq, entry)
            case Begun() | BatchStarted() | BatchFinished():
                pass
            case _:
                assert_never(entry)

    def set_head(self, connection: Connection, link: Link) -> None:
        """Remember the last entry of the chain."""
        moved = connection.execute(self._move_head, {"this_seq": link.seq, "this_hash": link.hash})
        if moved.rowcount == 0:
            connection.execute(self._new_head, {"seq": link.seq, "hash": link.hash})

    def replay(self, connection: Connection, links: Iterable[Link]) -> Iterator[Message]:
        """Fill empty tables from a chain, saying which entries do not follow."""
        last: Link | None = None
        for link in links:
            last = link
            try:
                self.project(connection, link.seq, entry_from(link.kind, link.payload))
            except EntryOutOfOrder:
                yield say("Entry {seq} may not follow those before it.", seq=link.seq)
            except ValueError:
                continue  # what is wrong with the chain itself is said by those who check it
        if last is not None:
            self.set_head(connection, last)

    def _act(self, connection: Connection, seq: int, entry: Act) -> None:
        about = {"subject": entry.subject, "thread": entry.thread}
        row = {"seq": seq, "kind": kind_of(entry), **about}
        connection.execute(self._new_act, row)
        files = [{"seq": seq, "digest": digest} for digest in entry.file_digests]
        if files:
            connection.execute(self._new_act_files, files)

    def _step(
        self, connection: Connection, step: Step
    ) -> tuple[MarkingState | None, dict[str, str]]:
        """Return the state of a step's copy, and its key with the state it comes to."""
        key = {"this_marking": step.marking_id, "this_copy": step.copy_id}
        stored = connection.execute(self._state, key).scalar_one_or_none()
        if stored is not None and stored not in frozenset(MarkingState):
            raise LedgerBroken(cause=say("the state “{state}” is none", state=str(stored)))
        was = None if stored is None else MarkingState(stored)
        return was, {**key, "to_state": state_after(was, step).value}

    def _intend(self, connection: Connection, seq: int, entry: Intended) -> None:
        was, key = self._step(connection, entry)
        self._keep_marking(connection, entry)
        document = {"this_document": entry.document_id}
        if connection.execute(self._document, document).first() is None:
            row = {"document_id": entry.document_id, "first_seq": seq}
            connection.execute(self._new_document, row)
        if was is None:
            connection.execute(self._new_copy, _copy_row(entry, key["to_state"], seq))
        else:
            again = {"new_number": entry.copy_number, "new_batch": entry.batch_id}
            connection.execute(self._advance_again, {**key, **again, "this_seq": seq})
            del key["to_state"]
            connection.execute(self._forget_digests, key)
        self._add_digests(connection, entry, "draft", entry.draft)

    def _keep_marking(self, connection: Connection, entry: Intended) -> None:
        """Write the marking, or check that this copy says the same of it as the others."""
        row = _marking_row(entry)
        key = {"this_marking": entry.marking_id}
        stored = connection.execute(self._marking, key).mappings().one_or_none()
        if stored is None:
            connection.execute(self._new_marking, row)
        elif dict(stored) != row:
            if connection.execute(self._valid_copy, key).first() is not None:
                raise EntryOutOfOrder(f"{kind_of(entry)} contradicts {entry.marking_id}")
            connection.execute(self._change_marking.values(**row), key)

    def _set_current_marking(self, connection: Connection, marking_id: str) -> None:
        """Let the document point to its newest marking that is done."""
        key = {"this_marking": marking_id}
        done = connection.execute(self._marking, key).one()
        pointed = {**key, "this_document": done.document_id, "newest": done.generation}
        connection.execute(self._point_document, pointed)

    def _add_digests(
        self, connection: Connection, step: Intended | Prepared, role: str, digests: FileDigests
    ) -> None:
        by_algorithm = {
            "sm3": digests.sm3,
            "sha256": digests.sha256,
            "content": step.content_digest,
        }
        key = {"marking_id": step.marking_id, "copy_id": step.copy_id, "role": role}
        rows = [
            {**key, "algorithm": algorithm, "digest": digest}
            for algorithm, digest in by_algorithm.items()
            if digest
        ]
        if rows:
            connection.execute(self._new_digests, rows)


STORED_PROJECTOR = Projector(STORED)
_EXPECTED_PROJECTOR = Projector(EXPECTED)


def rebuild(connection: Connection, links: Iterable[Link]) -> list[Message]:
    """Make the projections anew from a sound chain; return what does not fit."""
    STORED.head.metadata.drop_all(connection)
    STORED.head.metadata.create_all(connection, checkfirst=False)
    return list(STORED_PROJECTOR.replay(connection, links))


def projection_findings(connection: Connection, links: Iterable[Link]) -> Iterator[Message]:
    """Rebuild the projections beside the stored ones and say which tables differ.

    The transaction is to be rolled back afterwards: the comparison leaves temporary tables.
    """
    EXPECTED.head.metadata.create_all(connection, checkfirst=False)
    yield from _EXPECTED_PROJECTOR.replay(connection, links)
    for stored, expected in zip(STORED.tables, EXPECTED.tables, strict=True):
        count = _rows_only_in(connection, stored, expected)
        count += _rows_only_in(connection, expected, stored)
        if count:
            yield say(
                "The table {table} differs from the chain in {count} row(s).",
                table=stored.name,
                count=count,
            )


def _rows_only_in(connection: Connection, one: Table, other: Table) -> int:
    only = select(one).except_(select(other)).subquery()
    return connection.execute(select(func.count()).select_from(only)).scalar_one()


def _copy_row(entry: Intended, state: str, seq: int) -> Mapping[str, Any]:
    return {
        "marking_id": entry.marking_id,
        "copy_id": entry.copy_id,
        "copy_number": entry.copy_number,
        "batch_id": entry.batch_id,
        "state": state,
        "intended_seq": seq,
    }


def _marking_row(entry: Intended) -> dict[str, Any]:
    return {
        "marking_id": entry.marking_id,
        "document_id": entry.document_id,
        "generation": entry.generation,
        "level": entry.level,
        "period": entry.period,
        "last_secret_day": entry.last_secret_day,
        "classification_kind": entry.classification_kind,
        "approval_number": entry.approval_number,
        "approval_digest": entry.approval_digest,
        "without_digest": int(entry.without_digest),
    }
