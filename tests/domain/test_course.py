"""办理经过: only what somebody signed is told as done; the rest is shown as written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dingmi_mark.domain import approval as a
from dingmi_mark.domain.course import trusted_course, unsigned_lines
from dingmi_mark.domain.ledger_acts import ApprovalSigned
from record_kit import OFFICER, record

LINES = (
    a.HistoryLine(date(2026, 11, 1), "王样例", "拟办"),
    a.HistoryLine(date(2026, 11, 2), OFFICER, "审批", "同意：写上去的"),
    a.HistoryLine(date(2026, 11, 2), "别人", "填写", "文号：示密〔2026〕3号"),
)


def signed(step: a.SigningStep, signer: str, at: str) -> a.RecordSignature:
    return a.RecordSignature(step, signer, "k1", "ed25519", at, "AAAA")


SIGNED = replace(
    record(),
    history=LINES,
    decision=a.OfficerDecision(a.Decision.AGREED, date(2026, 11, 2), "可以"),
    signatures=(
        signed(a.SigningStep.PROPOSED, "王样例", "2026-10-31T16:30:00+00:00"),
        signed(a.SigningStep.DECIDED, OFFICER, "2026-11-02T01:00:00+00:00"),
    ),
)


def test_the_course_of_a_signed_record_is_what_was_signed() -> None:
    """Notes are taken from what the signature is over, not from the line."""
    assert trusted_course(SIGNED) == (
        a.HistoryLine(date(2026, 11, 1), "王样例", "拟办"),
        a.HistoryLine(date(2026, 11, 2), OFFICER, "审批", "同意：可以"),
    )


def test_a_record_of_an_office_without_keys_tells_what_is_written_down() -> None:
    assert trusted_course(replace(SIGNED, signatures=())) == LINES


def test_lines_that_nobody_signed_are_found() -> None:
    assert unsigned_lines(SIGNED) == LINES[2:]
    forged = a.HistoryLine(date(2026, 11, 2), "李样例", "审核", "同意")
    assert forged in unsigned_lines(replace(SIGNED, history=(*LINES, forged)))


def test_a_step_that_was_taken_back_is_signed_as_the_ledger_knows() -> None:
    back = a.HistoryLine(date(2026, 10, 30), OFFICER, "审批", "退回：依据不对")
    known = ApprovalSigned(
        *("示密审〔2026〕1号", "审批", "退回", "sm3:0", "sm3:1", OFFICER, "k1"),
        signed_at="2026-10-30T01:00:00+00:00",
        at="2026-10-30T01:00:00+00:00",
    )
    whole = replace(SIGNED, history=(back, *LINES))
    assert back in unsigned_lines(whole)
    assert back not in unsigned_lines(whole, [known])


def test_what_the_reviewers_said_is_told_in_their_step() -> None:
    steps = (a.SigningStep.SECURITY_REVIEWED, a.SigningStep.REVIEWED)
    signatures = tuple(signed(step, "李样例", "2026-11-01T01:00:00+00:00") for step in steps)
    review = a.Opinion("李样例", "依据可以", date(2026, 11, 1))
    both = replace(SIGNED, signatures=signatures, security_review=review, review=None)
    assert [line.note for line in trusted_course(both)] == ["依据可以", ""]
    turned = replace(both, security_review=None, review=review)
    assert [line.note for line in trusted_course(turned)] == ["", "依据可以"]
