"""Find markings in the projections and read their entries from the chain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Row, and_, select
from sqlalchemy.sql import ColumnElement

from dingmi_mark.domain.copies import DoneCopy
from dingmi_mark.domain.ledger import (
    OPEN_STATES,
    Done,
    Entry,
    Intended,
    MarkingState,
    Prepared,
    Voided,
)
from dingmi_mark.domain.registered import DoneMarking
from dingmi_mark.domain.secrets_known import MarkedCopy
from dingmi_mark.errors import LedgerBroken
from dingmi_mark.messages import say
from dingmi_mark.store.ledger_chain_table import link_of, opened
from dingmi_mark.store.ledger_records import DigestAlgorithm, DigestMatch, FileRole, MarkingRecord
from dingmi_mark.store.ledger_schema import ENTRIES, STORED

_COPIES = STORED.copies
_DOCUMENTS = STORED.documents
_MARKINGS = STORED.markings
_DIGESTS = STORED.digests
_ACTS = STORED.acts
_ACT_FILES = STORED.act_files

_Kind = TypeVar("_Kind", bound=Entry)

_INTENDED = ENTRIES.alias("intended")
_PREPARED = ENTRIES.alias("prepared")
_CLOSED = ENTRIES.alias("closed")
_WIDTH = len(ENTRIES.columns)

_RECORDS = (
    select(_COPIES.c.state, _INTENDED, _PREPARED, _CLOSED)
    .join(_INTENDED, _INTENDED.c.seq == _COPIES.c.intended_seq)
    .outerjoin(_PREPARED, _PREPARED.c.seq == _COPIES.c.prepared_seq)
    .outerjoin(_CLOSED, _CLOSED.c.seq == _COPIES.c.closed_seq)
    .order_by(_COPIES.c.intended_seq)
)


def find_marking(connection: Connection, marking_id: str, copy_id: str) -> MarkingRecord | None:
    """Return the marking of one copy."""
    key = and_(_COPIES.c.marking_id == marking_id, _COPIES.c.copy_id == copy_id)
    return next(_records(connection, key), None)


def find_copy(connection: Connection, copy_id: str) -> MarkingRecord | None:
    """Return the marking of a copy by the copy's id alone."""
    return next(_records(connection, _COPIES.c.copy_id == copy_id), None)


def find_open(connection: Connection, batch_id: str | None) -> list[MarkingRecord]:
    """Return markings that are neither done nor void, of one batch or of all."""
    condition: ColumnElement[bool] = _COPIES.c.state.in_(
        [state.value for state in OPEN_STATES if state]
    )
    if batch_id is not None:
        condition = and_(condition, _COPIES.c.batch_id == batch_id)
    return list(_records(connection, condition))


def find_done(connection: Connection, document_id: str) -> list[MarkingRecord]:
    """Return the finished markings of a document, oldest first."""
    of_document = select(_MARKINGS.c.marking_id).where(_MARKINGS.c.document_id == document_id)
    return list(
        _records(
            connection,
            and_(
                _COPIES.c.marking_id.in_(of_document),
                _COPIES.c.state == MarkingState.DONE.value,
            ),
        )
    )


def find_acts(
    connection: Connection,
    kinds: Iterable[str],
    subject: str | None,
    file_digest: str | None,
    thread: str | None,
) -> list[tuple[int, Entry]]:
    """Return the entries of these kinds with their numbers, about a subject or file, in order."""
    condition: ColumnElement[bool] = _ACTS.c.kind.in_(list(kinds))
    if subject is not None:
        condition = and_(condition, _ACTS.c.subject == subject)
    if thread is not None:
        condition = and_(condition, _ACTS.c.thread == thread)
    if file_digest is not None:
        about = select(_ACT_FILES.c.seq).where(_ACT_FILES.c.digest == file_digest)
        condition = and_(condition, _ACTS.c.seq.in_(about))
    query = (select(ENTRIES).join(_ACTS, _ACTS.c.seq == ENTRIES.c.seq).where(condition)).order_by(
        ENTRIES.c.seq
    )
    links = [link_of(row) for row in connection.execute(query)]
    return [(link.seq, opened(link)) for link in links]


def find_unanswered(connection: Connection, asking: str, answering: str) -> list[Entry]:
    """Return the entries of a kind whose thread has no entry of the other, in order."""
    answered = select(_ACTS.c.thread).where(_ACTS.c.kind == answering)
    open_ones = (_ACTS.c.kind == asking) & _ACTS.c.thread.not_in(answered)
    query = select(ENTRIES).join(_ACTS, _ACTS.c.seq == ENTRIES.c.seq).where(open_ones)
    rows = connection.execute(query.order_by(ENTRIES.c.seq))
    return [opened(link_of(row)) for row in rows]


def find_by_approval(connection: Connection, approval_number: str) -> list[MarkingRecord]:
    """Return all markings under an approval number, oldest first."""
    under = select(_MARKINGS.c.marking_id).where(_MARKINGS.c.approval_number == approval_number)
    return list(_records(connection, _COPIES.c.marking_id.in_(under)))


def find_done_copies(connection: Connection) -> list[DoneCopy]:
    """Return the finished copies of every document's newest marking, without their entries."""
    rows = (
        select(
            _MARKINGS.c.approval_number,
            _COPIES.c.copy_number,
            _MARKINGS.c.last_secret_day,
            _COPIES.c.intended_seq,
        )
        .join(_COPIES, _COPIES.c.marking_id == _MARKINGS.c.marking_id)
        .join(_DOCUMENTS, _DOCUMENTS.c.marking_id == _MARKINGS.c.marking_id)
        .where(_COPIES.c.state == MarkingState.DONE.value)
        .order_by(_COPIES.c.intended_seq)
    )
    return [DoneCopy(*row[:3]) for row in connection.execute(rows)]


def find_done_records(connection: Connection) -> list[MarkingRecord]:
    """Return the finished copies of every document's newest marking with their entries."""
    newest = select(_DOCUMENTS.c.marking_id)
    is_done = _COPIES.c.state == MarkingState.DONE.value
    return list(_records(connection, and_(is_done, _COPIES.c.marking_id.in_(newest))))


def find_marked_copies(connection: Connection) -> list[MarkedCopy]:
    """Return every finished copy with its marking and the moment it was done, oldest first."""
    found = connection.execute(
        select(
            _MARKINGS.c.document_id,
            _MARKINGS.c.marking_id,
            _MARKINGS.c.approval_number,
            _MARKINGS.c.level,
            _MARKINGS.c.period,
            _MARKINGS.c.last_secret_day,
            _MARKINGS.c.classification_kind,
            _COPIES.c.copy_number,
            ENTRIES.c.at,
            _DOCUMENTS.c.marking_id == _MARKINGS.c.marking_id,
        )
        .join(_COPIES, _COPIES.c.marking_id == _MARKINGS.c.marking_id)
        .join(_DOCUMENTS, _DOCUMENTS.c.document_id == _MARKINGS.c.document_id)
        .join(ENTRIES, ENTRIES.c.seq == _COPIES.c.closed_seq)
        .where(_COPIES.c.state == MarkingState.DONE.value)
        .order_by(_COPIES.c.intended_seq)
    )
    return [MarkedCopy(*row) for row in found]


def find_done_marks(connection: Connection) -> list[tuple[str, str, str]]:
    """Return approval number, level and period of all markings with a finished copy, each once."""
    query = (
        select(_MARKINGS.c.approval_number, _MARKINGS.c.level, _MARKINGS.c.period)
        .join(_COPIES, _COPIES.c.marking_id == _MARKINGS.c.marking_id)
        .where(_COPIES.c.state == MarkingState.DONE.value)
        .distinct()
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]


def find_done_markings(connection: Connection) -> list[DoneMarking]:
    """Return every marking with a finished copy, oldest first, without its entries."""
    found = connection.execute(
        select(
            _MARKINGS.c.marking_id,
            _MARKINGS.c.document_id,
            _MARKINGS.c.approval_number,
            _MARKINGS.c.level,
            _MARKINGS.c.period,
            _MARKINGS.c.last_secret_day,
            _DOCUMENTS.c.marking_id == _MARKINGS.c.marking_id,
        )
        .join(_COPIES, _COPIES.c.marking_id == _MARKINGS.c.marking_id)
        .join(_DOCUMENTS, _DOCUMENTS.c.document_id == _MARKINGS.c.document_id)
        .where(_COPIES.c.state == MarkingState.DONE.value)
        .order_by(_COPIES.c.intended_seq)
    )
    rows = {row[0]: row for row in found}
    names: dict[str, list[str]] = {}
    digests = select(_DIGESTS.c.marking_id, _DIGESTS.c.algorithm, _DIGESTS.c.digest)
    for marking_id, algorithm, digest in connection.execute(digests):
        names.setdefault(marking_id, []).append(f"{algorithm}:{digest}")
    return [
        DoneMarking(
            marking_id=marking_id,
            document_id=row[1],
            approval_number=row[2],
            level=row[3],
            period=row[4],
            last_secret_day=row[5],
            newest=bool(row[6]),
            digests=tuple(sorted(names.get(marking_id, ()))),
        )
        for marking_id, row in rows.items()
    ]


def find_by_digest(
    connection: Connection, digest: str, algorithms: Iterable[DigestAlgorithm]
) -> list[DigestMatch]:
    """Return every marking that knows a digest in these algorithms, by age."""
    this_copy = and_(
        _DIGESTS.c.marking_id == _COPIES.c.marking_id, _DIGESTS.c.copy_id == _COPIES.c.copy_id
    )
    query = (
        _RECORDS.add_columns(_DIGESTS.c.role, _DIGESTS.c.algorithm)
        .join(_DIGESTS, this_copy)
        .where(_DIGESTS.c.digest == digest, _DIGESTS.c.algorithm.in_(list(algorithms)))
        .order_by(_DIGESTS.c.role, _DIGESTS.c.algorithm)
    )
    return [
        DigestMatch(cast(FileRole, row[-2]), cast(DigestAlgorithm, row[-1]), _record(row[:-2]))
        for row in connection.execute(query)
    ]


def _records(connection: Connection, condition: ColumnElement[bool]) -> Iterator[MarkingRecord]:
    return (_record(row) for row in connection.execute(_RECORDS.where(condition)))


def _record(row: Row[Any] | tuple[Any, ...]) -> MarkingRecord:
    state, rest = row[0], tuple(row[1:])
    intended, prepared, closed = (rest[n * _WIDTH : (n + 1) * _WIDTH] for n in range(3))
    return MarkingRecord(
        state=MarkingState(state),
        intended=_entry(intended, Intended),
        prepared=None if prepared[0] is None else _entry(prepared, Prepared),
        closed=None if closed[0] is None else _closing(closed),
    )


def _closing(stored: tuple[Any, ...]) -> Done | Voided:
    entry = opened(link_of(stored))
    if isinstance(entry, Done | Voided):
        return entry
    raise _misplaced(stored[0])


def _entry(stored: tuple[Any, ...], kind: type[_Kind]) -> _Kind:
    entry = opened(link_of(stored))
    if isinstance(entry, kind):
        return entry
    raise _misplaced(stored[0])


def _misplaced(seq: int) -> LedgerBroken:
    return LedgerBroken(cause=say("a table points to entry {seq} for something else", seq=seq))
