"""Fill in what is known only after the decision (文号, 成文日期) into the record's next version."""

from __future__ import annotations

from collections.abc import Mapping

from dingmi_mark.domain.approval import ApprovalRecord, LateField
from dingmi_mark.domain.late_values import is_document_number
from dingmi_mark.domain.law import Finding
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.procedure import Waiting, filled_in
from dingmi_mark.domain.rules import refusals
from dingmi_mark.errors import (
    ApprovalInvalid,
    KeyUnusable,
    LateValueRefused,
    LateValueUnreadable,
)
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.approving import Secretariat, not_now, refuse_other_draft
from dingmi_mark.pipeline.examining import refuse_if
from dingmi_mark.pipeline.signing import asks_signature, refuse_bad_signatures
from dingmi_mark.pipeline.trust import refuse_if_clock_set_back, trusted_register
from dingmi_mark.store.approval_tree import KeptRecord, advance
from dingmi_mark.store.approvals import approval_from_mapping, approval_to_mapping, as_read

_KEYS: Mapping[LateField, str] = {
    LateField.DOCUMENT_NUMBER: "document_number",
    LateField.ISSUE_DAY: "issue_date",
}
"""Under which key a record's file keeps a late value."""


def fill_in(
    kept: KeptRecord, values: Mapping[LateField, str], by: str, desk: Secretariat
) -> tuple[KeptRecord, tuple[Finding, ...]]:
    """Write late values as people give them; what is there already is corrected.

    Returns what the rules note. Raises LateValueRefused, LateValueUnreadable, StepOutOfOrder,
    LawViolated, RecordMovedOn, SignatureRefused, KeyUnusable.
    """
    record = kept.record
    if desk.waiting(record) is not Waiting.MARKING:
        raise not_now(kept, desk)
    _refuse(record, values, desk)
    _refuse_stranger(by, desk)
    refuse_other_draft(kept, desk)
    refuse_if_clock_set_back(desk.ledger, desk.now)
    named = "；".join(f"{field.value}：{text.strip()}" for field, text in values.items())
    draft = _with_values(kept, values).draft
    new = as_read(filled_in(record, draft, by, named, desk.today))
    refuse_bad_signatures(new, desk.trust, desk.ledger, desk.now)
    findings = desk.findings(new)
    refuse_if(refusals(findings), new)
    return advance(kept, new), findings


def _refuse_stranger(by: str, desk: Secretariat) -> None:
    """Raise KeyUnusable for somebody who takes no part in an office whose people have keys."""
    if not asks_signature(desk.office.policies, desk.trust):
        return
    keys = trusted_register(desk.trust).keys
    if not any(
        key.holder == by and key.is_in_use and not key.expired_on(desk.today) for key in keys
    ):
        raise KeyUnusable(cause=say("{name} has no key in use", name=by))


def _refuse(record: ApprovalRecord, values: Mapping[LateField, str], desk: Secretariat) -> None:
    """Raise LateValueRefused for a field that is not late, and after the first mark."""
    for field in values:
        if field not in record.draft.late_fields:
            cause = say("the record does not name “{field}” as filled in later", field=field.value)
            raise LateValueRefused(record.number, cause=cause)
    number = values.get(LateField.DOCUMENT_NUMBER)
    if number is not None and not is_document_number(number):
        expected = say("a 文号 such as 示密〔2026〕3号 is expected")
        raise _unreadable(LateField.DOCUMENT_NUMBER, number, expected)
    known = desk.ledger.by_approval(record.number)
    if any(marking.state is not MarkingState.VOIDED for marking in known):
        raise LateValueRefused(record.number, cause=say("it has been marked already"))


def _with_values(kept: KeptRecord, values: Mapping[LateField, str]) -> ApprovalRecord:
    """Return the record with the values, each read as in a record's file.

    Raises LateValueUnreadable.
    """
    record = kept.record
    for field, text in values.items():
        tables = approval_to_mapping(record)
        tables["draft"] = {**tables["draft"], _KEYS[field]: text}
        try:
            record = approval_from_mapping(tables, str(kept.path))
        except ApprovalInvalid as error:
            faults = error.params["faults"]
            assert isinstance(faults, tuple), "an invalid record tells its faults"
            raise _unreadable(field, text, faults[0].expected) from error
    return record


def _unreadable(field: LateField, text: str, expected: Message) -> LateValueUnreadable:
    return LateValueUnreadable(field.value, field=field.value, text=text, expected=expected)
