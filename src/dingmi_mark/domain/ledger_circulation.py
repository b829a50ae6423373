"""Entries of the ledger about copies on their way: received, and destroyed before a witness."""

from __future__ import annotations

from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ApprovalAct


@dataclass(frozen=True)
class CopyReceived(ApprovalAct):
    """A receiver got a copy: from whom (`by`), on which day (ISO).

    `in_scope` is whether the record's 知悉范围 or receivers name him, False where no record is at
    hand to tell.
    """

    approval_number: str
    copy_number: str
    receiver: str
    by: str
    in_scope: bool
    day: str
    at: str


@dataclass(frozen=True)
class DestructionWitnessed(ApprovalAct):
    """A second person saw the copy destroyed; the `CopyReturned` (销毁) beside it names the first.

    `day` is ISO.
    """

    approval_number: str
    copy_number: str
    witness: str
    day: str
    at: str
