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
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.ledger_records import DigestMatch, MarkingRecord


@dataclass(frozen=True)
class Evidence:
    """What the file and the ledger say.

    `same_bytes`, `same_content`: as the ledger has them of the marked file.
    """

    draft: Draft
    label: Mapping[str, Any] | None
    known: MarkingRecord | None
    identified_by: IdentifiedBy | None
    same_bytes: bool = False
    same_content: bool = False


def gathered(draft: Draft, digests: FileDigests, ledger: Ledger | None) -> Evidence:
    """Gather what there is: by bytes first, then carriers, then content.

    Copies share their content, so the carriers go before it: they tell which copy this is.
    """
    label = _label(draft)
    if ledger is None:
        by = IdentifiedBy.CARRIERS if draft.embedded else None
        return Evidence(draft, label, None, by)
    by_bytes = _of(ledger.by_file_digest(digests.sm3), "marked")
    if by_bytes:
        return Evidence(draft, label, by_bytes, IdentifiedBy.BYTES, True, True)
    known = _by_carriers(draft, label, ledger)
    by_content = _of(ledger.by_content_digest(draft.content_digest), "marked")
    if known is not None:
        marked = known.prepared.content_digest if known.prepared else ""
        same = marked == draft.content_digest
        return Evidence(draft, label, known, IdentifiedBy.CARRIERS, False, same)
    if by_content is not None:
        return Evidence(draft, label, by_content, IdentifiedBy.CONTENT, False, True)
    return Evidence(draft, label, None, IdentifiedBy.CARRIERS if draft.embedded else None)


def _label(draft: Draft) -> Mapping[str, Any] | None:
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
    """The marking the label names; where only ids are left of it, as on single pages, theirs."""
    if label is None:
        embedded = draft.embedded
        pairs = product(embedded.marking_ids, embedded.copy_ids) if embedded else ()
        return next(filter(None, (ledger.marking(*pair) for pair in pairs)), None)
    return ledger.marking(str(label["marking"]["id"]), str(label["marking"]["copy_id"]))
