"""What is known of a file: its label, and its marking in the ledger, by the strongest sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from dingmi_mark.domain.label import LabelUnreadable, read_label
from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.formats.base import Draft
from dingmi_mark.pipeline.verdicts import IdentifiedBy

if TYPE_CHECKING:
    from dingmi_mark.domain.ledger_drawn import MarkDrawn
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.ledger_records import DigestMatch, MarkingRecord


@dataclass(frozen=True)
class Evidence:
    """What the file and the ledger say.

    `same_bytes`, `same_content`: as the ledger has them of the marked file. `drawn` is what it has
    of how the marks were drawn, where the file says which marking it bears.
    """

    draft: Draft
    label: Mapping[str, Any] | None
    known: MarkingRecord | None
    identified_by: IdentifiedBy | None
    same_bytes: bool = False
    same_content: bool = False
    drawn: MarkDrawn | None = None


def gathered(draft: Draft, digests: FileDigests, ledger: Ledger | None) -> Evidence:
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
    drawn = _drawn(draft, label, ledger)
    known = _by_carriers(draft, label, ledger)
    by_content = _of(ledger.by_content_digest(draft.content_digest), "marked")
    if known is not None:
        marked = known.prepared.content_digest if known.prepared else ""
        same = marked == draft.content_digest
        return Evidence(draft, label, known, IdentifiedBy.CARRIERS, False, same, drawn)
    if by_content is not None:
        return Evidence(draft, label, by_content, IdentifiedBy.CONTENT, False, True)
    by = IdentifiedBy.CARRIERS if draft.embedded else None
    return Evidence(draft, label, None, by, drawn=drawn)


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
        if mine:
            return mine[-1]
    return None


def _ids(draft: Draft, label: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Marking and copy as the label names them, or where only ids are left of it, as on single
    pages, as these do.
    """
    if label is not None:
        return [(str(label["marking"]["id"]), str(label["marking"]["copy_id"]))]
    embedded = draft.embedded
    return list(product(embedded.marking_ids, embedded.copy_ids)) if embedded else []
