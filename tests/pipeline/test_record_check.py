"""A record is checked for its next step: a proposal has no decision yet, and that is no fault."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from approval_kit import NUMBER, People, people, proposal, put_draft
from dingmi_mark.domain import approval as a
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel
from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline.record_check import CheckedRecord, Stage, check_record
from dingmi_mark.store.approvals import StoredApproval, approval_digest
from record_kit import record


@pytest.fixture(scope="module")
def crew(tmp_path_factory: pytest.TempPathFactory) -> People:
    return people(tmp_path_factory.mktemp("office"))


def check(crew: People, approval: a.ApprovalRecord) -> CheckedRecord:
    kept = StoredApproval(approval, Path("拟办.toml"), approval_digest(approval))
    with crew.desk() as desk:
        return check_record(kept, desk.office, desk.lawbook, desk.today)


def secrecy(level: SecrecyLevel, years: int) -> a.Secrecy:
    return a.Secrecy(Marking(level, ForYears(years)), ("示例市示范局办公室",))


def test_a_proposal_may_be_handed_in_and_is_no_failure(crew: People) -> None:
    found = check(crew, proposal("1"))
    assert (found.stage, found.code, found.against) == (Stage.PROPOSAL, ExitCode.OK, ())
    assert not any(finding.rule.startswith("officer-") for finding in found.findings)
    assert found.command == ("dingmi-mark", "approval", "submit", "拟办.toml", "文稿")


def test_what_is_wrong_with_a_proposal_is_told_as_before(crew: People) -> None:
    approval = proposal("1")
    wrong = replace(
        approval,
        proposal=replace(approval.proposal, secrecy=secrecy(SecrecyLevel.HIGHLY_SECRET, 90)),
    )
    found = check(crew, wrong)
    assert found.code is ExitCode.LAW_VIOLATED and not found.command
    assert "period-limit" in {finding.rule for finding in found.against}


def test_a_level_beyond_the_organ_is_handed_in_all_the_same(crew: People) -> None:
    """保守国家秘密法(2024)第十七条第三款: protect first, and report at once."""
    approval = proposal("1")
    beyond = replace(
        approval, proposal=replace(approval.proposal, secrecy=secrecy(SecrecyLevel.TOP_SECRET, 20))
    )
    found = check(crew, beyond)
    assert found.code is ExitCode.OK and "submit" in found.command
    assert "another organ" in str(found.next)
    assert "organ-authority" in {finding.rule for finding in found.findings}


def test_an_unclear_matter_is_handed_in_all_the_same_and_not_as_one_without_authority(
    crew: People,
) -> None:
    """实施条例(2024)第二十五条 is a way of its own, not that of 第十七条."""
    found = check(crew, replace(proposal("1"), unclear=a.Unclear("示例", date(2026, 11, 2))))
    assert found.code is ExitCode.OK and "submit" in found.command
    assert "the secrecy bureau is to decide it" in str(found.next)


def test_a_record_on_its_way_says_what_it_waits_for(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    found = check(crew, kept.record)
    assert found.stage is Stage.HANDED_IN
    assert "保密员意见" in str(found.next)
    assert found.command == ("dingmi-mark", "approval", "review", NUMBER)
    decided = check(crew, crew.decide(crew.opine(kept)).record)
    assert "is decided already" in str(check(crew, kept.record).next)
    assert (decided.stage, decided.code, decided.next) == (Stage.DECIDED, ExitCode.OK, None)


def test_a_decided_record_must_allow_the_mark(crew: People) -> None:
    nobody = replace(record(), officer=a.ClassificationOfficer("钱样例"))
    found = check(crew, nobody)
    assert found.stage is Stage.DECIDED
    assert found.code is ExitCode.AUTHORITY_EXCEEDED


def test_a_returned_record_is_checked_as_it_will_be_handed_in_again(crew: People) -> None:
    returned = replace(record(), decision=a.OfficerDecision(a.Decision.RETURNED, None, "依据不对"))
    found = check(crew, returned)
    assert found.stage is Stage.PROPOSAL and "submit" in found.command


def test_a_decided_record_with_blanks_says_what_is_to_be_filled_in(crew: People) -> None:
    whole = record()
    draft = replace(whole.draft, document_number="", late_fields=(a.LateField.DOCUMENT_NUMBER,))
    found = check(crew, replace(whole, draft=draft))
    assert found.code is ExitCode.OK
    assert found.command[2:] == ("fill", whole.number, "--document-number", "文号")
