"""The way of a record: 承办人 → 保密员 → 审核 → 定密责任人 (pilot handbook, part 2 (4)).

Pure values: each step takes a record and gives the next one, with the step in its history. Who
may do it, and the signature, are the caller's.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Final

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    ClassificationOfficer,
    DecidingOrgan,
    Decision,
    DraftIdentity,
    HistoryLine,
    OfficerDecision,
    Opinion,
    Person,
    RecordStatus,
    SigningStep,
)
from dingmi_mark.domain.signing import signature_at

OPTIONAL_STEPS: Final = (SigningStep.SECURITY_REVIEWED, SigningStep.REVIEWED)
"""Steps between proposal and decision; the office says which of them it asks for."""


FILLED_IN: Final = "填写"
"""The step in which late values come into a record."""


class Waiting(Enum):
    """What a record waits for."""

    SECURITY_REVIEW = "保密员意见"
    REVIEW = "审核"
    DECISION = "审批"
    REPLY = "登记批复"
    CORRECTION = "重新办理"
    MARKING = "标志"


_DECISIONS: Final = frozenset({SigningStep.DECIDED, SigningStep.REPLY})

STEP_OF: Final = {
    Waiting.SECURITY_REVIEW: SigningStep.SECURITY_REVIEWED,
    Waiting.REVIEW: SigningStep.REVIEWED,
    Waiting.DECISION: SigningStep.DECIDED,
    Waiting.REPLY: SigningStep.REPLY,
}
"""The step that ends a waiting."""


def waiting_for(record: ApprovalRecord, steps: tuple[SigningStep, ...]) -> Waiting:
    """Return what a record waits for; `steps` are those the office asks for before the decision."""
    if record.decision is not None and record.decision.decision is Decision.RETURNED:
        return Waiting.CORRECTION
    if record.deciding_organ is not None:
        registered = signature_at(record, SigningStep.REPLY) is not None
        done = registered or record.status is RecordStatus.DECIDED
        return Waiting.MARKING if done else Waiting.REPLY
    if record.decision is not None:
        return Waiting.MARKING
    if SigningStep.SECURITY_REVIEWED in steps and record.security_review is None:
        return Waiting.SECURITY_REVIEW
    if SigningStep.REVIEWED in steps and record.review is None:
        return Waiting.REVIEW
    return Waiting.DECISION


def proposed(record: ApprovalRecord, day: date) -> ApprovalRecord:
    """Return the record as it is handed in: whatever was decided before is gone from it."""
    by = record.proposal.by.name
    fresh = replace(
        record,
        proposal=replace(record.proposal, day=record.proposal.day or day),
        officer=None,
        decision=None,
        review=None,
        security_review=None,
        signatures=(),
        status=RecordStatus.PROPOSED,
    )
    return _with_history(fresh, day, by, SigningStep.PROPOSED.value)


def reviewed(
    record: ApprovalRecord, step: SigningStep, by: Person, text: str, day: date
) -> ApprovalRecord:
    """Return the record with an opinion of the 保密员 or of the reviewer."""
    opinion = Opinion(by, text, day)
    found = replace(record, status=RecordStatus.REVIEWED)
    if step is SigningStep.SECURITY_REVIEWED:
        found = replace(found, security_review=opinion)
    else:
        found = replace(found, review=opinion)
    return _with_history(found, day, by.name, step.value, text)


def decided(
    record: ApprovalRecord, officer: ClassificationOfficer, decision: OfficerDecision, day: date
) -> ApprovalRecord:
    """Return the record with the officer's decision.

    What was decided before goes from it, with the signature that was over it: both stay in the
    earlier version.
    """
    left = tuple(s for s in record.signatures if s.step not in _DECISIONS)
    record = replace(record, signatures=left)
    returned = decision.decision is Decision.RETURNED
    status = RecordStatus.RETURNED if returned else RecordStatus.DECIDED
    found = replace(record, officer=officer, decision=decision, status=status)
    note = "：".join(part for part in (decision.decision.value, decision.opinion) if part)
    return _with_history(found, day, officer.name, SigningStep.DECIDED.value, note)


def registered(
    record: ApprovalRecord, by: str, day: date, reply: DecidingOrgan | None = None
) -> ApprovalRecord:
    """Return the record of another organ's reply after the 保密员 saw it.

    `reply` is entered where the record does not name it yet.
    """
    organ = record.deciding_organ if reply is None else reply
    found = replace(record, status=RecordStatus.DECIDED, deciding_organ=organ)
    return _with_history(found, day, by, SigningStep.REPLY.value)


def filled_in(
    record: ApprovalRecord, draft: DraftIdentity, by: str, note: str, day: date
) -> ApprovalRecord:
    """Return the record with late values in it; no signature is over them."""
    return _with_history(replace(record, draft=draft), day, by, FILLED_IN, note)


def _with_history(
    record: ApprovalRecord, day: date, by: str, step: str, note: str = ""
) -> ApprovalRecord:
    return replace(record, history=(*record.history, HistoryLine(day, by, step, note)))
