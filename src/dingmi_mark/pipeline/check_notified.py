"""What is to be said of the files of a notification: the signed file, its cover sheets, its notice.

Such a signed file bears no mark, and none is missed on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.errors import ConfirmationToolFailed
from dingmi_mark.formats.base import PageView
from dingmi_mark.messages import say
from dingmi_mark.pipeline.check_ink import ink_lines
from dingmi_mark.pipeline.check_label import mark_of
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.verdicts import (
    Agreement,
    Assurance,
    CheckLine,
    CheckReport,
    IdentifiedBy,
)


def notified_as(sm3: str, desk: Desk | None) -> SealedNotified | None:
    """Return the notification a file belongs to, by its bytes; the draft itself is none of it."""
    if desk is None:
        return None
    for _, act in reversed(desk.ledger.acts(SealedNotified, file_digest=f"sm3:{sm3}")):
        if sm3 != act.draft_sm3:
            return act
    return None


def notified_report(
    path: Path, sm3: str, act: SealedNotified, evidence: Evidence, view: PageView | None
) -> CheckReport:
    """Return the report of a file that belongs to a notification."""
    says = say(
        "By the ledger it belongs to {number}, which was notified in writing, not marked: the "
        "file was signed before.",
        number=act.approval_number,
    )
    lines = [CheckLine(Agreement.AGREES, says)]
    assurance: Assurance | None = Assurance.STRUCTURAL
    if sm3 == act.labelled_sm3:
        lines += _signatures(path, int(act.signatures))
    elif sm3 in act.covers_sm3:
        ink, assurance = ink_lines(evidence.draft, view, evidence)
        lines += ink
    mark = mark_of(evidence)
    return CheckReport(path, mark, IdentifiedBy.BYTES, assurance, tuple(lines))


def _signatures(path: Path, expected: int) -> Iterator[CheckLine]:
    from dingmi_mark.formats.pdf.sealing import signature_states

    try:
        holding = sum(state.holds for state in signature_states(path.read_bytes()))
    except ConfirmationToolFailed as missing:
        yield CheckLine(Agreement.MISSING, missing.message)
        return
    agrees = Agreement.AGREES if holding >= expected else Agreement.CONTRADICTS
    yield CheckLine(agrees, say("{count} signature(s) of the file hold.", count=holding))
