"""Read and write the chain as it is stored in `entries`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from dingmi_mark.domain.ledger import KINDS, Entry
from dingmi_mark.domain.ledger_chain import Link, entry_of, link_findings, no_entries
from dingmi_mark.domain.ledger_payload import UnknownKind
from dingmi_mark.errors import LedgerBroken, LedgerNewer
from dingmi_mark.messages import say
from dingmi_mark.store.ledger_schema import ENTRIES

_ROWS_AT_ONCE = 500

_LAST = select(ENTRIES).order_by(ENTRIES.c.seq.desc()).limit(1)

_TYPES: tuple[tuple[type, ...], ...] = (
    (int,),
    (str,),
    (bytes,),
    (bytes,),
    (bytes,),
    (str,),
    (bytes, type(None)),
)


def stored_links(connection: Connection) -> Iterator[Link]:
    """Stream the chain in order. Raises LedgerBroken for a row not of ours."""
    query = select(ENTRIES).order_by(ENTRIES.c.seq)
    for row in connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)):
        yield link_of(row)


def sound_links(where: str, links: Iterable[Link], office_id: str) -> Iterator[Link]:
    """Pass sound links on. Raises LedgerBroken with the first finding."""
    previous: Link | None = None
    for link in links:
        finding = next(link_findings(link, previous, office_id), None)
        if finding is not None:
            raise LedgerBroken(where, cause=finding)
        yield link
        previous = link
    if previous is None:
        raise LedgerBroken(where, cause=no_entries())


def stored_link(connection: Connection, seq: int) -> Link | None:
    """Return the link with this number."""
    return _first(connection, select(ENTRIES).where(ENTRIES.c.seq == seq))


def last_link(connection: Connection) -> Link | None:
    """Return the head of the chain."""
    return _first(connection, _LAST)


def last_links(connection: Connection, limit: int) -> list[Link]:
    """Return the last links, newest first."""
    query = select(ENTRIES).order_by(ENTRIES.c.seq.desc()).limit(limit)
    return [link_of(row) for row in connection.execute(query)]


def insert_links(connection: Connection, links: Iterable[Link]) -> None:
    """Store links behind the head."""
    remaining = iter(links)
    while rows := [vars(link) for link in islice(remaining, _ROWS_AT_ONCE)]:
        connection.execute(ENTRIES.insert(), rows)


def link_of(row: Row[Any] | Sequence[Any]) -> Link:
    """Read a row of `entries`. Raises LedgerBroken for other types."""
    if not all(isinstance(value, types) for value, types in zip(row, _TYPES, strict=True)):
        raise LedgerBroken(cause=say("entry {seq} is not stored as it was", seq=str(row[0])))
    return Link(*row)


def opened(link: Link) -> Entry:
    """Read the entry of a link.

    Raises LedgerBroken when it was changed, LedgerNewer for an unknown kind.
    """
    try:
        return entry_of(link)
    except UnknownKind as error:
        raise LedgerNewer(found=link.kind, known=", ".join(KINDS)) from error
    except ValueError as error:
        raise LedgerBroken(cause=say("entry {seq} was changed", seq=link.seq)) from error


def _first(connection: Connection, query: Select[Any]) -> Link | None:
    row = connection.execute(query).first()
    return None if row is None else link_of(row)
