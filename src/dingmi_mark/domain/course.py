"""办理经过: what of a record's course somebody signed, and what is only written down.

The lines of `history` are under nobody's signature: who can write the file can add or change them.
What a reader may rely on are the steps that were signed, as the record's signed content tells them.
"""

from __future__ import annotations

from collections.abc import Iterable

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    HistoryLine,
    RecordSignature,
    SigningStep,
)
from dingmi_mark.domain.ledger_acts import ApprovalSigned
from dingmi_mark.domain.office_time import office_day


def trusted_course(record: ApprovalRecord) -> tuple[HistoryLine, ...]:
    """Return the steps that were signed; of a record without signatures, what is written down."""
    if not record.signatures:
        return record.history
    return tuple(_line(record, signature) for signature in record.signatures)


def unsigned_lines(
    record: ApprovalRecord, known: Iterable[ApprovalSigned] = ()
) -> tuple[HistoryLine, ...]:
    """Return the lines of the history that no signature speaks for.

    `known` are the signatures the ledger knows, of steps that were taken back since too.
    """
    signed = {(one.step.value, one.signer, office_day(one.at)) for one in record.signatures}
    signed |= {(act.step, act.signer, office_day(act.signed_at)) for act in known}
    return tuple(line for line in record.history if (line.step, line.by, line.day) not in signed)


def _line(record: ApprovalRecord, signature: RecordSignature) -> HistoryLine:
    note = _note(record, signature.step)
    return HistoryLine(office_day(signature.at), signature.signer, signature.step.value, note)


def _note(record: ApprovalRecord, step: SigningStep) -> str:
    match step:
        case SigningStep.SECURITY_REVIEWED:
            return record.security_review.text if record.security_review else ""
        case SigningStep.REVIEWED:
            return record.review.text if record.review else ""
        case SigningStep.DECIDED if record.decision is not None:
            decision = record.decision
            return "：".join(p for p in (decision.decision.value, decision.opinion) if p)
        case _:
            return ""
