"""What is signed at each step of an approval, by whom, and what makes a signature count.

Everybody signs the record as it stood at his step: what is added later does not break earlier
signatures, and what was there cannot be changed unseen. Values that are filled in after the
decision (文号, 成文日期) are left out where the record names them as late fields.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Final

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    LateField,
    RecordSignature,
    RecordStatus,
    SigningStep,
)


class Role(Enum):
    """As what a person takes part (pilot handbook, part 2 (4) 1-3)."""

    DRAFTER = "承办人"
    SECURITY = "保密员"
    REVIEWER = "审核人"
    OFFICER = "定密责任人"


ROLE_OF: Final[Mapping[SigningStep, Role]] = MappingProxyType(
    {
        SigningStep.PROPOSED: Role.DRAFTER,
        SigningStep.SECURITY_REVIEWED: Role.SECURITY,
        SigningStep.REVIEWED: Role.REVIEWER,
        SigningStep.DECIDED: Role.OFFICER,
        SigningStep.REPLY: Role.SECURITY,
    }
)
"""Whose signature a step asks for."""


@dataclass(frozen=True)
class Statement:
    """The bytes that are signed: whose step, when, over which record and which draft.

    `record_digest` is `sm3:` of the canonical record as of the step; `office_id` keeps a signature
    from being used in another office.
    """

    office_id: str
    record_digest: str
    draft_digest: str
    step: SigningStep
    signer: str
    key_id: str
    at: str

    def to_bytes(self) -> bytes:
        """Return canonical JSON: sorted keys, no spaces, UTF-8."""
        told = {**vars(self), "step": self.step.value, "statement": "dingmi-mark/approval/1"}
        text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode("utf-8")


def statement_of(
    signature: RecordSignature, office_id: str, record_digest: str, draft_digest: str
) -> Statement:
    """Return what a signature should be over."""
    return Statement(
        office_id,
        record_digest,
        draft_digest,
        signature.step,
        signature.signer,
        signature.key_id,
        signature.at,
    )


def as_of(record: ApprovalRecord, step: SigningStep) -> ApprovalRecord:
    """Return the record as it stood when this step was signed, without late values."""
    draft = record.draft
    if LateField.DOCUMENT_NUMBER in draft.late_fields:
        draft = replace(draft, document_number="")
    if LateField.ISSUE_DAY in draft.late_fields:
        draft = replace(draft, issue_day=None)
    found = replace(
        record, draft=draft, status=RecordStatus.PROPOSED, history=(), signatures=(), officer=None
    )
    # What decides the mark is under the signature of the decision, or of the reply instead of it.
    if step in (SigningStep.DECIDED, SigningStep.REPLY):
        return replace(found, officer=record.officer)
    found = replace(found, decision=None, deciding_organ=None)
    if step is not SigningStep.REVIEWED:
        found = replace(found, review=None)
    if step is SigningStep.PROPOSED:
        found = replace(found, security_review=None)
    return found


def signature_at(record: ApprovalRecord, step: SigningStep) -> RecordSignature | None:
    """Return the last signature of a step: a returned record is signed again."""
    return next((s for s in reversed(record.signatures) if s.step is step), None)
