"""The way of a record: 承办人 → 保密员 → 审核 → 定密责任人 (pilot handbook, part 2 (4))."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    ClassificationOfficer,
    Corner,
    DecidingOrgan,
    Decision,
    LateField,
    OfficerDecision,
    OfficerKind,
    Person,
    RecordSignature,
    RecordStatus,
    SigningStep,
)
from dingmi_mark.domain.keys import ED25519
from dingmi_mark.domain.procedure import (
    OPTIONAL_STEPS,
    Waiting,
    decided,
    filled_in,
    proposed,
    registered,
    reviewed,
    waiting_for,
)
from dingmi_mark.domain.signing import as_of, signature_at, statement_of
from record_kit import DAY, record, with_draft

LATER = date(2026, 11, 3)
REPLY = DecidingOrgan("示例省示范厅", "示复〔2026〕1号", LATER)
OFFICER = ClassificationOfficer("张示范", "局长", OfficerKind.STATUTORY, Corner.A)
EMPTY = replace(
    record(), officer=None, decision=None, review=None, security_review=None,
    status=RecordStatus.PROPOSED,
)  # fmt: skip


def signature(step: SigningStep, value: str = "v") -> RecordSignature:
    return RecordSignature(step, "张示范", "k1", ED25519, "2026-11-03T09:00:00+08:00", value)


def agreed() -> OfficerDecision:
    return OfficerDecision(Decision.AGREED, LATER, "同意")


def returned() -> OfficerDecision:
    return OfficerDecision(Decision.RETURNED, LATER, "依据不明")


# ── what a record waits for ──────────────────────────────────────────────────────────────────


def test_a_fresh_record_waits_for_each_step_the_office_asks_for_then_for_the_decision() -> None:
    seen = replace(EMPTY, security_review=record().security_review)
    both = replace(seen, review=record().review)
    assert waiting_for(EMPTY, OPTIONAL_STEPS) is Waiting.SECURITY_REVIEW
    assert waiting_for(seen, OPTIONAL_STEPS) is Waiting.REVIEW
    assert waiting_for(both, OPTIONAL_STEPS) is Waiting.DECISION
    assert waiting_for(EMPTY, (SigningStep.REVIEWED,)) is Waiting.REVIEW
    assert waiting_for(EMPTY, ()) is Waiting.DECISION


def test_a_decided_record_waits_for_its_mark_and_a_returned_one_for_correction() -> None:
    assert waiting_for(replace(EMPTY, decision=agreed()), OPTIONAL_STEPS) is Waiting.MARKING
    assert waiting_for(replace(EMPTY, decision=returned()), ()) is Waiting.CORRECTION


def test_a_reply_of_another_organ_waits_until_it_is_registered() -> None:
    replied = replace(EMPTY, deciding_organ=REPLY)
    assert waiting_for(replied, ()) is Waiting.REPLY
    signed = replace(replied, signatures=(signature(SigningStep.REPLY),))
    assert waiting_for(signed, ()) is Waiting.MARKING
    assert waiting_for(replace(replied, status=RecordStatus.DECIDED), ()) is Waiting.MARKING


# ── the steps ────────────────────────────────────────────────────────────────────────────────


def test_handing_in_takes_away_whatever_was_decided_before() -> None:
    old = replace(record(), signatures=(signature(SigningStep.DECIDED),))
    new = proposed(old, LATER)
    assert (new.officer, new.decision, new.review, new.security_review) == (None,) * 4
    assert new.signatures == () and new.status is RecordStatus.PROPOSED
    assert new.proposal.day == DAY
    assert new.history[-1].day == LATER and new.history[-1].step == "拟办"
    undated = replace(old, proposal=replace(old.proposal, day=None))
    assert proposed(undated, LATER).proposal.day == LATER


@pytest.mark.parametrize("step", OPTIONAL_STEPS)
def test_an_opinion_goes_to_the_step_it_belongs_to(step: SigningStep) -> None:
    new = reviewed(EMPTY, step, Person("李样例", "主任"), "同意", LATER)
    first = step is SigningStep.SECURITY_REVIEWED
    given, other = (new.security_review, new.review) if first else (new.review, new.security_review)
    assert given is not None and (given.by.name, given.text, given.day) == (
        "李样例", "同意", LATER,
    )  # fmt: skip
    assert other is None and new.status is RecordStatus.REVIEWED
    assert (new.history[-1].step, new.history[-1].note) == (step.value, "同意")


def test_a_decision_stands_with_its_officer_and_in_the_history() -> None:
    new = decided(EMPTY, OFFICER, agreed(), LATER)
    assert (new.officer, new.decision, new.status) == (OFFICER, agreed(), RecordStatus.DECIDED)
    assert (new.history[-1].by, new.history[-1].note) == ("张示范", "同意：同意")


def test_taking_a_decision_back_takes_its_signature_away_and_leaves_the_others() -> None:
    steps = (SigningStep.PROPOSED, SigningStep.DECIDED, SigningStep.REPLY)
    old = replace(record(), signatures=tuple(signature(step) for step in steps))
    new = decided(old, OFFICER, returned(), LATER)
    assert [s.step for s in new.signatures] == [SigningStep.PROPOSED]
    assert new.status is RecordStatus.RETURNED
    bare = decided(EMPTY, OFFICER, OfficerDecision(Decision.AGREED, LATER), LATER)
    assert bare.history[-1].note == "同意"


def test_a_reply_is_registered_as_given_or_as_the_record_already_names_it() -> None:
    given = registered(EMPTY, "赵样例", LATER, REPLY)
    assert (given.deciding_organ, given.status) == (REPLY, RecordStatus.DECIDED)
    kept = registered(replace(EMPTY, deciding_organ=REPLY), "赵样例", LATER)
    assert kept.deciding_organ == REPLY and kept.history[-1].by == "赵样例"


def test_late_values_come_in_without_a_change_of_the_status() -> None:
    draft = replace(record().draft, document_number="示密〔2026〕9号")
    new = filled_in(record(), draft, "王样例", "文号", LATER)
    assert new.draft == draft and new.status is record().status
    assert (new.history[-1].step, new.history[-1].note) == ("填写", "文号")


# ── what each signature is over ──────────────────────────────────────────────────────────────


def whole() -> ApprovalRecord:
    return replace(
        record(),
        deciding_organ=REPLY,
        history=registered(EMPTY, "赵样例", LATER, REPLY).history,
        signatures=(signature(SigningStep.PROPOSED),),
    )


def parts(step: SigningStep) -> set[str]:
    seen = as_of(whole(), step)
    assert (seen.history, seen.signatures, seen.status) == ((), (), RecordStatus.PROPOSED)
    names = ("security_review", "review", "decision", "deciding_organ", "officer")
    return {name for name in names if getattr(seen, name) is not None}


def test_everybody_signs_the_record_as_it_stood_at_his_step() -> None:
    assert parts(SigningStep.PROPOSED) == set()
    assert parts(SigningStep.SECURITY_REVIEWED) == {"security_review"}
    assert parts(SigningStep.REVIEWED) == {"security_review", "review"}
    everything = {"security_review", "review", "decision", "deciding_organ", "officer"}
    assert parts(SigningStep.DECIDED) == parts(SigningStep.REPLY) == everything


def test_late_values_are_signed_only_where_the_record_does_not_call_them_late() -> None:
    assert as_of(record(), SigningStep.DECIDED).draft == record().draft
    late = with_draft(record(), late_fields=(LateField.DOCUMENT_NUMBER, LateField.ISSUE_DAY))
    seen = as_of(late, SigningStep.DECIDED).draft
    assert (seen.document_number, seen.issue_day, seen.title) == ("", None, record().draft.title)
    number_only = with_draft(record(), late_fields=(LateField.DOCUMENT_NUMBER,))
    assert as_of(number_only, SigningStep.DECIDED).draft.issue_day == DAY


def test_a_statement_is_the_same_bytes_for_the_same_facts_and_names_all_of_them() -> None:
    told = statement_of(signature(SigningStep.DECIDED), "office", "sm3:1", "sm3:2").to_bytes()
    assert told.decode() == (
        '{"at":"2026-11-03T09:00:00+08:00","draft_digest":"sm3:2","key_id":"k1",'
        '"office_id":"office","record_digest":"sm3:1","signer":"张示范",'
        '"statement":"dingmi-mark/approval/1","step":"审批"}'
    )


def test_the_last_signature_of_a_step_counts() -> None:
    step = SigningStep.DECIDED
    signed = replace(record(), signatures=(signature(step, "old"), signature(step, "new")))
    found = signature_at(signed, step)
    assert found is not None and found.value == "new"
    assert signature_at(signed, SigningStep.PROPOSED) is None
