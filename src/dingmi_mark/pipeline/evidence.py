"""What is known of a file: its label, and its marking in the ledger, by the strongest sign."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Any

from dingmi_mark.domain.changes import in_effect
from dingmi_mark.domain.label import LabelUnreadable, changed_by, read_label
from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_drafts import content_name
from dingmi_mark.formats.base import Draft
from dingmi_mark.pipeline.verdicts import IdentifiedBy

if TYPE_CHECKING:
    from dingmi_mark.domain.ledger_changes import MarkingChanged, RemarkDone
    from dingmi_mark.domain.ledger_drawn import MarkDrawn
    from dingmi_mark.domain.ledger_legacy import LegacyDescribed
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.ledger_records import DigestMatch, MarkingRecord


@dataclass(frozen=True)
class Evidence:
    """What the file and the ledger say.

    `same_bytes`, `same_content`: as the ledger has them of the marked file. `drawn` is what it has
    of how the marks were drawn, where the file says which marking it bears. `changes` are those
    of its document that hold, `bears` is the number of the notice whose mark the file bears.
    `legacy` describes a paper that others marked before this program, if its old mark was struck.
    """

    draft: Draft
    label: Mapping[str, Any] | None
    known: MarkingRecord | None
    identified_by: IdentifiedBy | None
    same_bytes: bool = False
    same_content: bool = False
    drawn: MarkDrawn | None = None
    changes: tuple[MarkingChanged, ...] = ()
    bears: str = ""
    legacy: LegacyDescribed | None = None

    @property
    def change(self) -> MarkingChanged | None:
        """The change whose mark the file bears; None where it bears its first one."""
        found = (one for one in reversed(self.changes) if one.notice_number == self.bears)
        return next(found, None)

    @property
    def overtaken_by(self) -> MarkingChanged | None:
        """The last change of the document where the file does not bear its mark yet."""
        last = self.changes[-1] if self.changes else None
        return last if last is not None and last.notice_number != self.bears else None


def gathered(draft: Draft, digests: FileDigests, ledger: Ledger | None) -> Evidence:
    """Gather what there is; see `_gathered`. What changed the document since is told with it."""
    found = _gathered(draft, digests, ledger)
    if ledger is None:
        return found
    if found.known is None:
        return _as_legacy(found, digests, ledger)
    changes = changes_of(found.known.intended.document_id, ledger)
    return replace(found, changes=changes)


def _as_legacy(found: Evidence, digests: FileDigests, ledger: Ledger) -> Evidence:
    """Tell whether it is a paper whose old mark was struck here, and how it stands."""
    from dingmi_mark.domain.ledger_legacy import LegacyDescribed, LegacyStruck

    label, draft = found.label, found.draft
    done = remarked_as(digests.sm3, ledger) or _painted_with(label, draft, ledger)
    document_id = done.document_id if done else str(label["document"]["id"]) if label else ""
    entries = ledger.acts(LegacyDescribed, subject=document_id) if document_id else ()
    if not entries:
        return found
    struck = (act for _, act in ledger.acts(LegacyStruck, subject=document_id))
    same = any(act.content_digest == draft.content_digest for act in struck)
    by = IdentifiedBy.CARRIERS if draft.embedded else IdentifiedBy.CONTENT
    return replace(
        found,
        identified_by=found.identified_by if found.same_bytes else by,
        legacy=entries[-1][1],
        changes=changes_of(document_id, ledger),
        # The pixels of before a line went through them are not those of the struck picture.
        same_content=found.same_bytes or (done is not None if draft.burnt_in else same),
        bears=done.notice_number if done else changed_by(label) if label else "",
    )


def _painted_with(
    label: Mapping[str, Any] | None, draft: Draft, ledger: Ledger
) -> RemarkDone | None:
    """Return the re-marking that made these pixels, and the label where there is one."""
    painted = _painted_as(draft, ledger)
    if label is None:
        return next(iter(painted), None)
    ids = (label["marking"]["id"], label["marking"]["copy_id"], changed_by(label))
    found = (one for one in painted if (one.marking_id, one.copy_id, one.notice_number) == ids)
    return next(found, None)


def changes_of(document_id: str, ledger: Ledger) -> tuple[MarkingChanged, ...]:
    """Return the changes of a document that hold, oldest first."""
    from dingmi_mark.domain.ledger_changes import MarkingChanged, MarkingRestored

    kinds: tuple[type[MarkingChanged | MarkingRestored], ...] = (MarkingChanged, MarkingRestored)
    return in_effect(act for _, act in ledger.acts(*kinds, subject=document_id))


def _gathered(draft: Draft, digests: FileDigests, ledger: Ledger | None) -> Evidence:
    """Gather what there is: by bytes first, then carriers, then content.

    Copies share their content, so the carriers go before it: they tell which copy this is.
    """
    label = label_in(draft)
    if ledger is None:
        by = IdentifiedBy.CARRIERS if draft.embedded else None
        return Evidence(draft, label, None, by)
    by_bytes = _of(ledger.by_file_digest(digests.sm3), "marked")
    if by_bytes:
        return Evidence(draft, label, by_bytes, IdentifiedBy.BYTES, True, True)
    remarked = remarked_as(digests.sm3, ledger)
    if remarked is not None:
        known = ledger.marking(remarked.marking_id, remarked.copy_id)
        whole = Evidence(draft, label, known, IdentifiedBy.BYTES, True, True)
        return replace(whole, bears=remarked.notice_number)
    drawn, bears = _drawn(draft, label, ledger), changed_by(label) if label else ""
    known = _by_carriers(draft, label, ledger)
    painted = _painted_as(draft, ledger)
    if known is not None:
        same = _has_content(draft, known, bears, painted)
        found = Evidence(draft, label, known, IdentifiedBy.CARRIERS, False, same, drawn)
        return replace(found, bears=bears)
    by_content = _of(ledger.by_content_digest(draft.content_digest), "marked")
    if by_content is not None:
        return Evidence(draft, label, by_content, IdentifiedBy.CONTENT, False, True)
    if painted:
        known = ledger.marking(painted[0].marking_id, painted[0].copy_id)
        found = Evidence(draft, label, known, IdentifiedBy.CONTENT, False, True, drawn)
        return replace(found, bears=painted[0].notice_number)
    by = IdentifiedBy.CARRIERS if draft.embedded else None
    return Evidence(draft, label, None, by, drawn=drawn)


def _has_content(
    draft: Draft, known: MarkingRecord, bears: str, painted: Sequence[RemarkDone]
) -> bool:
    """Tell whether the content is the one that was marked, or that a change then painted on."""
    if draft.burnt_in and bears:
        ids = (known.intended.marking_id, known.intended.copy_id, bears)
        return any((one.marking_id, one.copy_id, one.notice_number) == ids for one in painted)
    return known.prepared is not None and known.prepared.content_digest == draft.content_digest


def _painted_as(draft: Draft, ledger: Ledger) -> list[RemarkDone]:
    """Return the re-markings that made just these pixels: those that hold first, the last first.

    Only where marks are part of the pixels: elsewhere content is that of before all marks.
    """
    from dingmi_mark.domain.ledger_changes import RemarkDone, RemarkPrepared

    if not draft.burnt_in:
        return []
    prepared = ledger.acts(RemarkPrepared, file_digest=content_name(draft.content_digest))
    found = [
        done
        for _, act in reversed(prepared)
        for _, done in ledger.acts(RemarkDone, subject=act.batch_id, thread=act.remark_id)
    ]
    return sorted(found, key=lambda done: _is_undone(done, ledger))


def _is_undone(done: RemarkDone, ledger: Ledger) -> bool:
    from dingmi_mark.domain.ledger_changes import RemarkUndone

    return bool(ledger.acts(RemarkUndone, subject=done.batch_id, thread=done.remark_id))


def remarked_as(sm3: str, ledger: Ledger) -> RemarkDone | None:
    """Return the re-marking that made these bytes, None where none did or it was taken back."""
    from dingmi_mark.domain.ledger_changes import RemarkDone

    made = (act for _, act in reversed(ledger.acts(RemarkDone, file_digest=f"sm3:{sm3}")))
    return next((act for act in made if not _is_undone(act, ledger)), None)


def label_in(draft: Draft) -> Mapping[str, Any] | None:
    """Return the label that a file bears, the best of them; None where none can be read."""
    for record in draft.embedded.records if draft.embedded else ():
        try:
            return read_label(record)
        except LabelUnreadable:
            continue
    return None


def _of(matches: list[DigestMatch], role: str) -> MarkingRecord | None:
    """The latest finished marking among the matches."""
    from dingmi_mark.domain.ledger import MarkingState

    done = [
        match.record
        for match in matches
        if match.role == role and match.record.state is MarkingState.DONE
    ]
    return done[-1] if done else None


def _by_carriers(
    draft: Draft, label: Mapping[str, Any] | None, ledger: Ledger
) -> MarkingRecord | None:
    """The marking that the file names."""
    return next(filter(None, (ledger.marking(*pair) for pair in _ids(draft, label))), None)


def _drawn(draft: Draft, label: Mapping[str, Any] | None, ledger: Ledger) -> MarkDrawn | None:
    """How the copy that the file names was drawn when it was last made."""
    from dingmi_mark.domain.ledger_drawn import MarkDrawn

    for marking_id, copy_id in _ids(draft, label):
        made = [act for _, act in ledger.acts(MarkDrawn, subject=marking_id)]
        mine = [act for act in made if act.copy_id == copy_id]
        # A file that was re-marked and taken back bears the label of before.
        same = [act for act in mine if act.label_sm3 == _label_sm3(draft)]
        if mine:
            return (same or mine)[-1]
    return None


def _label_sm3(draft: Draft) -> str:
    records = draft.embedded.records[:1] if draft.embedded else ()
    return next((hashlib.new("sm3", each).hexdigest() for each in records), "")


def _ids(draft: Draft, label: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Marking and copy as the label names them, or where only ids are left of it, as on single
    pages, as these do.
    """
    if label is not None:
        return [(str(label["marking"]["id"]), str(label["marking"]["copy_id"]))]
    embedded = draft.embedded
    return list(product(embedded.marking_ids, embedded.copy_ids)) if embedded else []
