"""What the office knows of classified documents, gathered from its ledger and its folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import ApprovalRecord, Derivative
from dingmi_mark.domain.changes import in_effect
from dingmi_mark.domain.identity import opaque_id
from dingmi_mark.domain.known import Known, KnownDocument
from dingmi_mark.domain.ledger_changes import MarkingChanged, MarkingRestored, SourceFollowed
from dingmi_mark.domain.ledger_reviews import ReviewDone
from dingmi_mark.domain.ledger_sources import (
    DocumentDescribed,
    SourceChanged,
    SourceRegistered,
)
from dingmi_mark.domain.registered import known_of, registered_of
from dingmi_mark.errors import DingmiError, SourceAmbiguous, SourceUnknown
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.office import Office
from dingmi_mark.store.source_titles import read_title

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def known_documents(ledger: Ledger) -> Known:
    """Return every document the ledger knows, without titles."""
    described = (act for _, act in ledger.acts(DocumentDescribed))
    kinds: tuple[type[MarkingChanged | MarkingRestored], ...] = (MarkingChanged, MarkingRestored)
    changes = in_effect(act for _, act in ledger.acts(*kinds))
    reviews = (act for _, act in ledger.acts(ReviewDone))
    followed = (act for _, act in ledger.acts(SourceFollowed))
    sources = _source_acts(ledger)
    return known_of(sources, ledger.done_markings(), described, changes, reviews, followed)


def registered_sources(ledger: Ledger) -> tuple[KnownDocument, ...]:
    """Return the documents from outside, with their file digests and points, without titles."""
    return registered_of(_source_acts(ledger))


def _source_acts(ledger: Ledger) -> Iterator[SourceRegistered | SourceChanged]:
    kinds: tuple[type[SourceRegistered | SourceChanged], ...] = (SourceRegistered, SourceChanged)
    return (act for _, act in ledger.acts(*kinds))


def known_for(record: ApprovalRecord, office: Office, ledger: Ledger | None) -> Known | None:
    """Return what the rules are told of the sources a record names, with their titles.

    None where the record names none, or where there is no ledger.
    """
    classification = record.classification
    if ledger is None or not isinstance(classification, Derivative):
        return None
    known = known_documents(ledger)
    meant = [one for source in classification.sources for one in known.candidates(source)]
    return with_titles(known, (one.id for one in meant), office)


def with_titles(known: Known, ids: Iterable[str], office: Office) -> Known:
    """Fill in the titles of some documents."""
    wanted = set(ids)
    return Known(tuple(titled(one, office) if one.id in wanted else one for one in known.documents))


def titled(document: KnownDocument, office: Office) -> KnownDocument:
    """Fill in the title, and of our own documents what only the record tells.

    A title from outside counts where its keyed digest is that of the ledger's entry.
    """
    if not document.is_own:
        title = read_title(office.folder, document.id)
        same = title and title_digest(office.secret(), title) == document.title_digest
        return replace(document, title=title) if same else document
    try:
        record = find_record(office.approvals, document.approval_number).record
    except DingmiError:
        return document
    draft = record.draft
    return replace(
        document,
        title=draft.title,
        document_number=document.document_number or draft.document_number,
        issue_day=document.issue_day or draft.period_start,
        organ=document.organ or record.decided_by,
        scope=document.scope or record.secrecy.scope,
    )


def the_document(known: Known, name: str) -> KnownDocument:
    """Return the one document of a name: id or its beginning, digest, 文号, approval number.

    Raises SourceUnknown, SourceAmbiguous.
    """
    found = known.named(name)
    if not found:
        raise SourceUnknown(name=name)
    if len(found) > 1:
        raise SourceAmbiguous(name=name, ids="、".join(one.id for one in found))
    return found[0]


def title_digest(secret: bytes, title: str) -> str:
    """Return what the ledger keeps of a title."""
    return opaque_id(secret, "source-title", title) if title else ""
