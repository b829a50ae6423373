"""What the ledger's entries of changes make of a secret, and the entry a notice makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.change import (
    ChangeKind,
    ChangeNotice,
    MarkingInForce,
    NewValues,
    Release,
    after,
    changed_secrecy,
    in_force,
)
from dingmi_mark.domain.ledger_changes import MarkingChanged, MarkingRestored
from dingmi_mark.domain.reading import period_words, written_period
from dingmi_mark.domain.terms import SecrecyLevel


@dataclass(frozen=True)
class DocumentRef:
    """Our document by its ids in the ledger, and the record it was marked by."""

    document_id: str
    marking_id: str
    approval_number: str


def in_effect(
    acts: Iterable[MarkingChanged | MarkingRestored],
) -> tuple[MarkingChanged, ...]:
    """Return the changes that hold, oldest first: what was taken back is left out."""
    found: list[MarkingChanged] = []
    for act in acts:
        if isinstance(act, MarkingChanged):
            found.append(act)
            continue
        found = [
            one
            for one in found
            if (one.notice_number, one.document_id) != (act.notice_number, act.document_id)
        ]
    return tuple(found)


def standing_after(record: ApprovalRecord, changes: Iterable[MarkingChanged]) -> MarkingInForce:
    """Return the secret of a record as it stands after these changes, oldest first."""
    standing = in_force(record)
    for change in changes:
        standing = _changed(standing, change)
    return standing


def entry_of(
    prior: MarkingInForce, notice: ChangeNotice, document: DocumentRef, at: str
) -> MarkingChanged:
    """Return the entry of the ledger for what a notice makes of a document."""
    then, old = after(prior, notice), prior.secrecy.marking
    new = then.secrecy.marking
    released = then.release.day if then.release else None
    return MarkingChanged(
        notice_number=notice.number,
        kind=notice.kind.value,
        approval_number=document.approval_number,
        document_id=document.document_id,
        marking_id=document.marking_id,
        old_level=old.level.value,
        old_period=period_words(old.period),
        level=new.level.value,
        period=period_words(new.period),
        start_day=_iso(then.start),
        last_secret_day=_iso(then.last_secret_day),
        scope=then.secrecy.scope,
        released=_iso(released),
        items=notice.items,
        day=notice.day.isoformat(),
        at=at,
    )


def _changed(prior: MarkingInForce, change: MarkingChanged) -> MarkingInForce:
    period = written_period(change.period)
    assert period is not None, "the ledger holds periods as they are written"
    new = NewValues(SecrecyLevel(change.level), period, change.scope)
    released = _day(change.released)
    release = None
    if released is not None:
        release = Release(ChangeKind(change.kind), released, change.notice_number)
    return replace(
        prior,
        secrecy=changed_secrecy(prior.secrecy, new),
        start=_day(change.start_day),
        since=_day(change.day),
        points=tuple(point for point in prior.points if point.id not in change.items),
        release=release,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
