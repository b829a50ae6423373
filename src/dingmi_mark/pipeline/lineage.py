"""谱系: find a document by file, id or 文号, and gather its family and what has to follow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.following import FollowUp, waiting
from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.law import Lawbook
from dingmi_mark.domain.lineage import Kin, Lineage
from dingmi_mark.errors import SourceUnknown
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.known import known_documents, the_document, titled
from dingmi_mark.pipeline.source_reading import look_into
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


@dataclass(frozen=True)
class Family:
    """A document with everything it comes from, and everything that comes from it."""

    document: KnownDocument
    ancestors: tuple[Kin, ...]
    descendants: tuple[Kin, ...]


def family_of(name: str, office: Office, ledger: Ledger) -> Family:
    """Return the family of a document, with titles. Raises SourceUnknown, SourceAmbiguous."""
    known = known_documents(ledger)
    document = document_named(name, known, office)
    lineage = Lineage(known)
    return Family(
        titled(document, office),
        tuple(_titled(kin, office) for kin in lineage.ancestors(document)),
        tuple(_titled(kin, office) for kin in lineage.descendants(document)),
    )


def following_of(
    name: str | None, office: Office, ledger: Ledger, lawbook: Lawbook, today: date
) -> tuple[FollowUp, ...]:
    """Return what has to follow; of a document only what concerns it or comes from it.

    Raises SourceUnknown, SourceAmbiguous.
    """
    known = known_documents(ledger)
    found = waiting(known, lawbook, today, beijing=office.beijing)
    if name is not None:
        document = document_named(name, known, office)
        kin = {one.document.id for one in Lineage(known).descendants(document)}
        found = tuple(one for one in found if one.document.id in kin | {document.id})
    return tuple(replace(one, document=titled(one.document, office)) for one in found)


def document_named(name: str, known: Known, office: Office) -> KnownDocument:
    """Find a document by its name, else as a file: by its bytes, its label, its content.

    Raises SourceUnknown, SourceAmbiguous, and the errors of drafts.
    """
    try:
        return the_document(known, name)
    except SourceUnknown:
        file = Path(name)
        if not file.is_file():
            raise
    return document_in(file, known, office)


def document_in(file: Path, known: Known, office: Office) -> KnownDocument:
    """Find a document by one of its files, also one that another program saved anew.

    Raises SourceUnknown, SourceAmbiguous, and the errors of drafts.
    """
    content = read_bytes_of(file, most_mib=office.limits.file_mb)
    for digest in sorted(content.names):
        if known.named(digest):
            return the_document(known, digest)
    seen = look_into(file, office)
    if seen.label:
        marked = known.document(str(seen.label["marking"]["id"]))
        if marked is not None:
            return marked
    if not seen.content_digest:
        raise SourceUnknown(str(file), name=str(file))
    return the_document(known, f"content:{seen.content_digest}")


def _titled(kin: Kin, office: Office) -> Kin:
    return replace(kin, document=titled(kin.document, office))
