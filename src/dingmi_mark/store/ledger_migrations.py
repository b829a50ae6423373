"""Steps of the ledger's schema: projections anew, the chain never touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from dingmi_mark.errors import LedgerBroken, LedgerNewer
from dingmi_mark.store.ledger_chain_table import sound_links, stored_links
from dingmi_mark.store.ledger_projections import rebuild
from dingmi_mark.store.ledger_schema import META, description


@dataclass(frozen=True)
class Migration:
    """One step to a schema version."""

    to_version: int
    apply: Callable[[Connection], None]


def rebuild_projections(connection: Connection) -> None:
    """Make all projections anew. Raises LedgerBroken for an unsound chain."""
    office_id, _ = description(connection)
    findings = rebuild(connection, sound_links("", stored_links(connection), office_id))
    if findings:
        raise LedgerBroken(cause=findings[0])


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, rebuild_projections),
    Migration(2, rebuild_projections),
    Migration(3, rebuild_projections),
    Migration(4, rebuild_projections),
)
"""In order. A change of the projections is one more line; a fresh ledger runs them all.

2: `acts`, for keys and signatures. 3: files that acts make known.
4: `act_files`, by more than one digest; acts that answer each other.
"""


def known_version() -> int:
    """Return the schema version this program writes."""
    return MIGRATIONS[-1].to_version


def migrate(connection: Connection) -> None:
    """Bring an older schema up to this version. Raises LedgerNewer."""
    found = description(connection)[1]
    refuse_newer(found)
    for migration in MIGRATIONS:
        if migration.to_version > found:
            migration.apply(connection)
            connection.execute(META.update().values(schema_version=migration.to_version))


def refuse_newer(found: int) -> None:
    """Raise LedgerNewer for a schema version of a later program."""
    if found > known_version():
        raise LedgerNewer(found=found, known=known_version())
