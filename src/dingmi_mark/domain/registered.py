"""From the ledger's entries to the documents it knows: the registered ones, and our own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.known import (
    Known,
    KnownDecision,
    KnownDocument,
    KnownPoint,
    KnownState,
)
from dingmi_mark.domain.ledger_changes import MarkingChanged, SourceFollowed
from dingmi_mark.domain.ledger_reviews import ReviewDone
from dingmi_mark.domain.ledger_sources import (
    DocumentDescribed,
    SourceChanged,
    SourceRegistered,
)
from dingmi_mark.domain.reading import read_mark, written_period
from dingmi_mark.domain.reviewing import Occasion, Outcome
from dingmi_mark.domain.terms import STAR, SecrecyLevel, SecrecyPeriod
from dingmi_mark.domain.uses import UseLimit


@dataclass(frozen=True)
class DoneMarking:
    """A marking of which a copy was finished, as the ledger's tables have it.

    `period` is as on the paper, `last_secret_day` ISO or empty; `newest` of its document.
    """

    marking_id: str
    document_id: str
    approval_number: str
    level: str
    period: str
    last_secret_day: str
    newest: bool
    digests: tuple[str, ...] = ()


def known_of(
    sources: Iterable[SourceRegistered | SourceChanged],
    markings: Iterable[DoneMarking],
    described: Iterable[DocumentDescribed],
    changes: Iterable[MarkingChanged] = (),
    reviews: Iterable[ReviewDone] = (),
    followed: Iterable[SourceFollowed] = (),
) -> Known:
    """Return all documents, registered ones first, each as its last entries have it.

    `changes` are those that hold, oldest first; `reviews` and `followed` are of our own
    documents.
    """
    facts = {one.marking_id: one for one in described}
    about = {(one.document_id, one.notice_number): one.source_change for one in followed}
    later: dict[str, list[MarkingChanged]] = {}
    for change in changes:
        later.setdefault(change.document_id, []).append(change)
    kept: dict[str, list[KnownDecision]] = {}
    for review in reviews:
        if (review.occasion, review.outcome) == _NOTHING_FOLLOWS:
            decision = KnownDecision(review.at, date.fromisoformat(review.day), kept=True)
            kept.setdefault(review.document_id, []).append(decision)
    own = (
        _as_decided(
            _as_changed(
                _own(one, facts.get(one.marking_id)), later.get(one.document_id, ()), about
            ),
            kept.get(one.document_id, ()),
        )
        for one in markings
    )
    return Known((*registered_of(sources), *own))


def registered_of(
    entries: Iterable[SourceRegistered | SourceChanged],
) -> tuple[KnownDocument, ...]:
    """Return the registered documents: their last registration, and every change of it."""
    documents: dict[str, SourceRegistered] = {}
    changes: dict[str, list[SourceChanged]] = {}
    for entry in entries:
        if isinstance(entry, SourceRegistered):
            documents[entry.source_id] = entry
        else:
            changes.setdefault(entry.source_id, []).append(entry)
    return tuple(
        _changed(_registered(entry), changes.get(id_, ())) for id_, entry in documents.items()
    )


def points_of(marks: Mapping[str, str]) -> tuple[KnownPoint, ...]:
    """Return points from the marks (`机密★10年`, `机密`) of an entry, by their ids."""
    found = []
    for id_, text in marks.items():
        read = read_mark(text)
        assert read is not None, "an entry holds marks as they are written"
        found.append(KnownPoint(id_, read.level, read.period))
    return tuple(found)


def _registered(entry: SourceRegistered) -> KnownDocument:
    return KnownDocument(
        id=entry.source_id,
        level=SecrecyLevel(entry.level),
        period=_period(entry.period),
        last=_day(entry.last_secret_day),
        issue_day=_day(entry.issue_day),
        title_digest=entry.title_digest,
        document_number=entry.document_number,
        organ=entry.organ,
        scope=entry.scope,
        points=points_of(entry.points),
        limits=tuple(UseLimit(limit) for limit in entry.limits),
        released=_day(entry.released),
        digests=entry.file_digests,
        defaulted=entry.defaulted,
        states=(KnownState("", SecrecyLevel(entry.level), _day(entry.last_secret_day)),),
    )


def _changed(document: KnownDocument, changes: Iterable[SourceChanged]) -> KnownDocument:
    for change in changes:
        document = replace(document, changed_by=change.basis, changed_at=change.at)
        if change.released:
            document = replace(document, released=_day(change.released))
            continue
        document = replace(
            document,
            level=SecrecyLevel(change.level),
            period=_period(change.period),
            last=_day(change.last_secret_day),
            issue_day=_day(change.issue_day),
            scope=change.scope,
            defaulted=(),
        )
        state = KnownState(change.at, document.level, document.last, change.basis)
        document = replace(document, states=(*document.states, state))
    return document


def _own(marking: DoneMarking, described: DocumentDescribed | None) -> KnownDocument:
    read = read_mark(f"{marking.level}{STAR}{marking.period}")
    assert read is not None, "the ledger holds marks as they were written"
    document = KnownDocument(
        id=marking.marking_id,
        level=read.level,
        period=read.period,
        last=_day(marking.last_secret_day),
        digests=marking.digests,
        approval_number=marking.approval_number,
        document_id=marking.document_id,
        in_force=marking.newest,
    )
    if described is None:
        return document
    return replace(
        document,
        period=_period(described.period),
        issue_day=_day(described.issue_day),
        document_number=described.document_number,
        organ=described.organ,
        scope=described.scope,
        points=points_of(described.points),
        sources=described.sources,
        unknown_sources=described.unknown_sources,
        bases=described.bases,
        marked_at=described.at,
    )


def _as_changed(
    document: KnownDocument,
    changes: Iterable[MarkingChanged],
    about: Mapping[tuple[str, str], str],
) -> KnownDocument:
    """Our own document after the notices about it; its first state comes before all of them."""
    states = [KnownState("", document.level, document.last)]
    for change in changes:
        document = replace(document, changed_by=change.notice_number, changed_at=change.at)
        if change.kind not in _WITHOUT_SOURCES:
            source = about.get((change.document_id, change.notice_number), "")
            decision = KnownDecision(change.at, date.fromisoformat(change.day), False, source)
            document = replace(document, decided=(*document.decided, decision))
        if change.released:
            document = replace(document, released=_day(change.released))
            continue
        left = (point for point in document.points if point.id not in change.items)
        document = replace(
            document,
            level=SecrecyLevel(change.level),
            period=_period(change.period),
            last=_day(change.last_secret_day),
            issue_day=_day(change.start_day),
            scope=change.scope,
            points=tuple(left),
        )
        states.append(KnownState(change.at, document.level, document.last, change.notice_number))
    return replace(document, states=tuple(states)) if document.changed_by else document


def _as_decided(document: KnownDocument, kept: Iterable[KnownDecision]) -> KnownDocument:
    return replace(document, decided=(*document.decided, *kept))


_WITHOUT_SOURCES: Final = frozenset({ChangeKind.SCOPE_CHANGED.value, ChangeKind.EXPIRED.value})
"""Kinds of notices that need not look at the sources of a derived paper (see `rules.change`); every
other has to name what changed its source.
"""

_NOTHING_FOLLOWS: Final = (Occasion.SOURCE.value, Outcome.KEPT.value)
"""Occasion and outcome of the review by which an officer decides that nothing follows."""


def _period(text: str) -> SecrecyPeriod | None:
    return written_period(text) if text else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
