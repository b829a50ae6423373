"""A secret as it stands now: its record, and what the ledger has of its changes."""

from __future__ import annotations

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.changes import standing_after
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.pipeline.evidence import changes_of
from dingmi_mark.store.ledger import Ledger


def standing_now(record: ApprovalRecord, ledger: Ledger) -> MarkingInForce:
    """Return how the secret of a record stands. Raises the ledger's errors."""
    done = [one for one in ledger.by_approval(record.number) if one.state is MarkingState.DONE]
    changes = changes_of(done[-1].intended.document_id, ledger) if done else ()
    return standing_after(record, changes)
