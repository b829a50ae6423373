"""The handbook's procedure with three people's keys, and what must not pass for an approval."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import load_workbook

from approval_kit import (
    DRAFTER,
    NUMBER,
    PASSPHRASE,
    REVIEWER,
    SECURITY,
    People,
    confirm,
    key_for,
    moment,
    people,
    proposal,
    put_draft,
    sm3,
)
from dingmi_mark.domain import approval as a
from dingmi_mark.domain.keys import SM2
from dingmi_mark.domain.ledger_acts import KeyConfirmed, KeyOffered
from dingmi_mark.domain.procedure import Waiting
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel
from dingmi_mark.errors import (
    ApprovalInvalid,
    ApprovalReused,
    AuthorityExceeded,
    ClockSetBack,
    DingmiError,
    DraftLocked,
    DraftLockFile,
    DraftNameUnusable,
    KeyRefused,
    KeyUnusable,
    LawViolated,
    PassphraseWrong,
    RecordExists,
    RecordMovedOn,
    SignatureMissing,
    SignatureRefused,
    StepOutOfOrder,
)
from dingmi_mark.forms.records import Format
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.approving import Hand, register_reply
from dingmi_mark.pipeline.enrolling import confirm_key, offer_key, refuse_stranger, revoke_key
from dingmi_mark.pipeline.entering import new_bytes, new_records
from dingmi_mark.pipeline.signing import refuse_bad_signatures, signed
from dingmi_mark.pipeline.trust import trust_of
from dingmi_mark.pipeline.verdicts import Status, Verdict
from dingmi_mark.store.approval_tree import KeptRecord, advance, find_record, versions_in
from dingmi_mark.store.approvals import write_toml
from dingmi_mark.store.signatures import Ed25519File, TokenCommand, key_file, verify
from office_kit import docx, only, pdf
from record_kit import OFFICER


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> People:
    """An office with keys and an approved record with its draft, to be copied."""
    crew = people(tmp_path_factory.mktemp("office"))
    crew.approved(proposal(), put_draft(crew.room))
    return crew


@pytest.fixture
def crew(tmp_path: Path) -> People:
    """An office of its own for tests that change keys or the ledger."""
    return people(tmp_path)


@pytest.mark.parametrize("text", [" 同意 ", "同意\n", "同意\r\n"])
def test_an_opinion_is_signed_as_it_will_be_read(crew: People, text: str) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    if "\r" in text:
        with pytest.raises(ApprovalInvalid, match=r"security_review.text: .* U\+000D"):
            crew.opine(kept, text=text)
        text = "同意"
    kept = crew.decide(crew.opine(kept, text=text))
    assert kept.record.security_review == a.Opinion(a.Person(SECURITY), "同意", clock.today())
    assert find_record(crew.room.office.approvals, NUMBER).record == kept.record


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
@pytest.mark.parametrize("time_of_day", ["15:59:30", "16:00:30"])
def test_a_decision_near_midnight_is_of_the_offices_day_and_counts_everywhere(
    crew: People, monkeypatch: pytest.MonkeyPatch, zone: str, time_of_day: str
) -> None:
    """16:00 in Greenwich is midnight in the office, whatever zone the machine is set to."""
    utc_day = clock.today() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: f"{utc_day}T{time_of_day}+00:00")
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    kept = crew.approved(proposal(), put_draft(crew.room))
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    assert kept.record.decision is not None
    assert kept.record.decision.day == utc_day + timedelta(days=int(time_of_day > "16"))
    with crew.desk() as desk:
        assert len(refuse_bad_signatures(kept.record, desk.trust, desk.ledger, desk.now)) == 3
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("name", ["通\u202e知.pdf", os.fsdecode(b"\xce\xc4.pdf")])
def test_a_file_name_that_nobody_can_read_is_put_into_no_record(crew: People, name: str) -> None:
    draft = put_draft(crew.room, name)
    with pytest.raises(DraftNameUnusable):
        crew.hand_in(proposal(), draft)
    with pytest.raises(DraftNameUnusable):
        new_records([draft], crew.room.office, iter([""]))


def test_the_file_beside_an_open_draft_gets_no_record(crew: People) -> None:
    lock = put_draft(crew.room, "~$通知.pdf")
    with pytest.raises(DraftLockFile):
        new_records([lock], crew.room.office, iter([""]))


def test_among_several_drafts_the_restricted_one_is_named_with_the_column_that_helps(
    crew: People,
) -> None:
    free, held = put_draft(crew.room), put_draft(crew.room, "限制.docx", docx())
    document = Document(str(held))
    protection = OxmlElement("w:documentProtection")
    protection.set(qn("w:edit"), "readOnly")
    protection.set(qn("w:enforcement"), "1")
    document.settings.element.append(protection)
    document.save(str(held))
    with pytest.raises(DraftLocked) as caught:
        new_records([free, held], crew.room.office, iter(["", ""]))
    assert caught.value.where == str(held)
    office = crew.room.office
    table = new_bytes(new_records([free], office, iter([""])), Format.XLSX, office)
    heads = {cell.value for sheet in load_workbook(BytesIO(table)) for row in sheet for cell in row}
    column = "准予处理的限制"
    assert column in heads and column in str(caught.value.advice)


def test_an_opinion_that_does_not_read_as_it_is_signed_is_refused(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    with pytest.raises(ApprovalInvalid, match=r"security_review.text: .* U\+202E"):
        crew.opine(kept, text="不\u202e同意")
    assert versions_in(kept.folder) == [1]


def mark(crew: People, record: a.ApprovalRecord | None = None) -> Verdict:
    """Mark the draft with the record in the tree, or with an altered one in its place."""
    room = crew.room
    if record is None:
        shutil.copy(find_record(room.office.approvals, NUMBER).path, room.approvals / "r.toml")
    else:
        (room.approvals / "r.toml").write_text(write_toml(record), encoding="utf-8")
    return only(room.mark(dry_run=True))


def approved(crew: People) -> a.ApprovalRecord:
    return find_record(crew.room.office.approvals, NUMBER).record


# ── the procedure ────────────────────────────────────────────────────────────────────────────


def test_the_procedure_of_the_handbook_ends_in_a_mark(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    assert kept.record.wording == "拟定 机密 10年"
    kept = crew.opine(kept)
    kept = crew.decide(kept)
    assert kept.record.status is a.RecordStatus.DECIDED
    assert [line.step for line in kept.record.history] == ["拟办", "保密员意见", "审批"]
    verdict = mark(crew)
    assert verdict.error is None and verdict.mark == "机密★10年"
    assert [str(r) for r in verdict.remarks][:3] == [
        f"Signed: 拟办, {DRAFTER}.",
        f"Signed: 保密员意见, {SECURITY}.",
        f"Signed: 审批, {OFFICER}.",
    ]


def test_the_versions_stay_and_only_the_last_is_the_record(crew: People) -> None:
    kept = crew.approved(proposal(), put_draft(crew.room))
    assert versions_in(kept.folder) == [1, 2, 3]
    request = crew.room.office.approvals
    result = crew.room.mark(dry_run=True)
    assert only(result).status is Status.FAILED  # the other folder holds no record
    shutil.copytree(request, crew.room.approvals, dirs_exist_ok=True)
    assert only(crew.room.mark(dry_run=True)).status is Status.PLANNED


def test_a_corrected_record_bears_the_officers_values_beside_the_proposal(crew: People) -> None:
    kept = crew.opine(crew.hand_in(proposal(), put_draft(crew.room)))
    new = a.Secrecy(Marking(SecrecyLevel.SECRET, ForYears(5)), ("局领导",))
    kept = crew.decide(kept, a.Decision.CORRECTED, new)
    assert kept.record.proposal.secrecy.marking.text == "机密★10年"
    assert mark(crew).mark == "秘密★5年"


def test_a_returned_record_is_handed_in_again_and_decided_anew(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.decide(crew.opine(crew.hand_in(proposal(), draft)), a.Decision.RETURNED)
    assert isinstance(mark(crew).error, LawViolated)
    with crew.desk() as desk:
        assert desk.waiting(kept.record) is Waiting.CORRECTION
    put_draft(crew.room, content=pdf(pages=2))
    again = crew.hand_in(replace(proposal(), points_complete=False), draft)
    assert again.version == 4 and again.record.signatures[0].step is a.SigningStep.PROPOSED
    assert [line.step for line in again.record.history] == ["拟办", "保密员意见", "审批", "拟办"]
    crew.decide(crew.opine(again))
    assert mark(crew).status is Status.PLANNED


def test_the_reviewer_comes_between_where_the_office_says_so(crew: People) -> None:
    crew.room = crew.room.with_policies('approval_steps = ["保密员意见", "审核"]')
    kept = crew.opine(crew.hand_in(proposal(), put_draft(crew.room)))
    with pytest.raises(StepOutOfOrder, match="审核"):
        crew.decide(kept)
    assert mark_after(crew, crew.opine(kept, REVIEWER)) == "机密★10年"


def mark_after(crew: People, kept: KeptRecord) -> str:
    crew.decide(kept)
    return mark(crew).mark


def test_a_reply_of_the_organ_with_authority_is_registered_by_the_security_officer(
    crew: People,
) -> None:
    file = crew.room.office.folder / "authority.toml"
    text = file.read_text(encoding="utf-8")
    other = '[[organ]]\nname = "示例省示范厅"\nkind = "省级"\n'
    file.write_text(text + other, encoding="utf-8")
    crew.room = crew.room.with_policies()
    record = proposal(level=SecrecyLevel.TOP_SECRET)
    reply = a.DecidingOrgan("示例省示范厅", "示省密批〔2026〕1号", clock.today())
    kept = crew.hand_in(replace(record, deciding_organ=reply), put_draft(crew.room))
    assert isinstance(mark(crew).error, SignatureMissing)
    with crew.desk() as desk:
        register_reply(kept, crew.hands[SECURITY], desk)
    verdict = mark(crew)
    assert verdict.error is None and verdict.mark == "绝密★10年"


def test_a_level_beyond_the_organ_is_handed_in_reported_and_marked_after_the_reply(
    crew: People,
) -> None:
    """保守国家秘密法(2024)第十七条第三款: 先行采取保密措施，并立即报请上级机关、单位确定."""
    above = '[[organ]]\nname = "示例省示范厅"\nkind = "省级"\n'
    superior = '[own]\nsuperior = "示例省示范厅"\n'
    file = crew.room.office.folder / "authority.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}{superior}{above}", encoding="utf-8")
    crew.room = crew.room.with_policies()
    record = proposal(level=SecrecyLevel.TOP_SECRET)
    kept = crew.opine(crew.hand_in(record, put_draft(crew.room)))
    with pytest.raises(AuthorityExceeded):
        crew.decide(kept)
    reply = a.DecidingOrgan("示例省示范厅", "示省密批〔2026〕1号", clock.today())
    with crew.desk() as desk:
        with pytest.raises(StepOutOfOrder):
            register_reply(kept, crew.hands[SECURITY], desk)
        unknown = replace(reply, name="示例省别的厅")
        with pytest.raises(AuthorityExceeded):
            register_reply(kept, crew.hands[SECURITY], desk, unknown)
        kept = register_reply(kept, crew.hands[SECURITY], desk, reply)
    assert kept.record.deciding_organ == reply and kept.record.decision is None
    verdict = mark(crew)
    assert verdict.error is None and verdict.mark == "绝密★10年"


def test_a_decision_is_taken_back_until_a_mark_was_made_by_it(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.decide(crew.approved(proposal(), draft), a.Decision.RETURNED)
    assert kept.record.status is a.RecordStatus.RETURNED
    assert [s.step.value for s in kept.record.signatures] == ["拟办", "保密员意见", "审批"]
    assert mark(crew).error is not None
    again = crew.approved(proposal(copies=2), draft)
    shutil.copy(again.path, crew.room.approvals / "r.toml")
    assert only(crew.room.mark()).status is Status.MARKED
    with pytest.raises(StepOutOfOrder):
        crew.decide(again, a.Decision.RETURNED)


def test_nothing_that_decides_the_mark_is_added_to_a_registered_reply(crew: People) -> None:
    file = crew.room.office.folder / "authority.toml"
    above = '[own]\nsuperior = "示例省示范厅"\n[[organ]]\nname = "示例省示范厅"\nkind = "省级"\n'
    file.write_text(file.read_text(encoding="utf-8") + above, encoding="utf-8")
    crew.room = crew.room.with_policies()
    reply = a.DecidingOrgan("示例省示范厅", "示省密批〔2026〕1号", clock.today())
    kept = crew.hand_in(replace(proposal(), deciding_organ=reply), put_draft(crew.room))
    with crew.desk() as desk:
        kept = register_reply(kept, crew.hands[SECURITY], desk)
    assert mark(crew, kept.record).mark == "机密★10年"
    low = a.Secrecy(Marking(SecrecyLevel.SECRET, ForYears(1)), ("示例公司",))
    lower = replace(kept.record, decision=a.OfficerDecision(a.Decision.CORRECTED, None, "", low))
    assert isinstance(mark(crew, lower).error, SignatureRefused)
    named = replace(kept.record, officer=a.ClassificationOfficer("冒名者"))
    assert isinstance(mark(crew, named).error, SignatureRefused)


def test_a_reply_written_wrongly_is_sent_back(crew: People) -> None:
    reply = a.DecidingOrgan("示例省示范厅", "写错的文号", clock.today())
    draft = put_draft(crew.room)
    kept = crew.hand_in(replace(proposal(), deciding_organ=reply), draft)
    kept = crew.decide(kept, a.Decision.RETURNED)
    assert kept.record.status is a.RecordStatus.RETURNED
    assert crew.hand_in(replace(proposal(), deciding_organ=reply), draft).version == 3


def test_sm2_signs_as_well(tmp_path: Path) -> None:
    crew = people(tmp_path, algorithm=SM2)
    crew.approved(proposal(), put_draft(crew.room))
    assert approved(crew).signatures[-1].algorithm == "sm2-sm3"
    assert mark(crew).status is Status.PLANNED
    other = replace(approved(crew), organ="示例市其他局")
    assert isinstance(mark(crew, other).error, SignatureRefused)


def test_a_units_own_token_signs_by_its_command(crew: People, tmp_path: Path) -> None:
    key, signer = crew.hands[OFFICER].key, crew.hands[OFFICER].signer
    assert key is not None and isinstance(signer, Ed25519File)
    script = tmp_path / "token"
    code = (
        "#!/usr/bin/env python3\nimport sys\nfrom pathlib import Path\n"
        "from dingmi_mark.store.signatures import Ed25519File\n"
        f"key = Ed25519File(Path({str(signer.path)!r}), {PASSPHRASE!r})\n"
        f"assert sys.argv[1] == {key.key_id!r}\n"
        "print(key.sign(sys.stdin.buffer.read()))\n"
    )
    script.write_text(code, encoding="utf-8")
    import sys

    token = TokenCommand((sys.executable, str(script)), key.public_key, key.algorithm)
    crew.hands[OFFICER] = replace(crew.hands[OFFICER], signer=token)
    crew.approved(proposal(), put_draft(crew.room))
    assert mark(crew).status is Status.PLANNED
    broken = TokenCommand(("/bin/false",), key.public_key, key.algorithm)
    with pytest.raises(KeyUnusable):
        broken.sign(b"x")


# ── forged and altered records ───────────────────────────────────────────────────────────────

SIGNATURE = a.SigningStep.DECIDED


def _signature(record: a.ApprovalRecord, **changes: object) -> a.ApprovalRecord:
    *others, last = record.signatures
    return replace(record, signatures=(*others, replace(last, **changes)))  # type: ignore[arg-type]


def _draft(record: a.ApprovalRecord, **changes: object) -> a.ApprovalRecord:
    return replace(record, draft=replace(record.draft, **changes))  # type: ignore[arg-type]


def _decision(record: a.ApprovalRecord, **changes: object) -> a.ApprovalRecord:
    assert record.decision is not None
    return replace(record, decision=replace(record.decision, **changes))  # type: ignore[arg-type]


def _period(record: a.ApprovalRecord) -> a.ApprovalRecord:
    secrecy = replace(record.proposal.secrecy, marking=Marking(SecrecyLevel.SECRET, ForYears(1)))
    return replace(record, proposal=replace(record.proposal, secrecy=secrecy))


def _flipped(record: a.ApprovalRecord) -> a.ApprovalRecord:
    value = record.signatures[-1].value
    return _signature(record, value=("B" if value[0] == "A" else "A") + value[1:])


ALTERED: dict[str, tuple[Callable[[a.ApprovalRecord], a.ApprovalRecord], str]] = {
    "another period": (_period, "changed afterwards"),
    "another title": (lambda r: _draft(r, title="样例：别的"), "changed afterwards"),
    "another number of copies": (lambda r: _draft(r, copies=99), "changed afterwards"),
    "another issue day": (
        lambda r: _draft(r, issue_day=clock.today() - timedelta(days=1)),
        "changed afterwards",
    ),
    "late fields named afterwards": (
        lambda r: _draft(r, late_fields=(a.LateField.ISSUE_DAY,)),
        "changed afterwards",
    ),
    "another record's number": (lambda r: replace(r, number="示密审〔2026〕32号"), "changed"),
    "another organ": (lambda r: replace(r, organ="示例市其他局"), "changed afterwards"),
    "another opinion": (lambda r: _decision(r, opinion="别的"), "changed afterwards"),
    "an explanation added": (
        lambda r: replace(r, explanations=(("months", "样例"),)),
        "changed afterwards",
    ),
    "a special basis added": (
        lambda r: replace(r, special_basis=a.SpecialBasis("样例", "样例")),
        "changed afterwards",
    ),
    "the decision dated back": (
        lambda r: _decision(r, day=clock.today() - timedelta(days=3)),
        "changed afterwards",
    ),
    "the opinion of the security officer changed": (
        lambda r: replace(r, security_review=a.Opinion(a.Person(SECURITY), "别的", clock.today())),
        "changed afterwards",
    ),
    "the officer's name put in for another": (
        lambda r: replace(
            r,
            officer=replace(r.officer, name="陈样例"),  # type: ignore[type-var]
        ),
        "names 陈样例",
    ),
    "a signature value flipped": (_flipped, "changed afterwards"),
    "a signature that is no base64": (lambda r: _signature(r, value="？"), "changed afterwards"),
    "a signature by an unknown key": (lambda r: _signature(r, key_id="0" * 16), "not enrolled"),
    "another signer's name": (lambda r: _signature(r, signer="陈样例"), "is of"),
    "a security officer's signature as the decision": (
        lambda r: replace(
            r,
            signatures=(
                *r.signatures[:2],
                replace(r.signatures[1], step=a.SigningStep.DECIDED),
            ),
        ),
        "enrolled as 保密员",
    ),
    "a signature time of tomorrow": (
        lambda r: _signature(r, at=(datetime.now(UTC) + timedelta(days=1)).isoformat()),
        "future",
    ),
    "a signature time of before the enrolment": (
        lambda r: _signature(r, at="2020-01-01T00:00:00+00:00"),
        "not enrolled at that time",
    ),
    "a signature time that is none": (lambda r: _signature(r, at="昨天"), "makes no sense"),
    "another algorithm": (lambda r: _signature(r, algorithm="sm2-sm3"), "is of"),
}


@pytest.mark.parametrize("altered", ALTERED)
def test_an_altered_or_forged_record_is_refused_with_its_cause(made: People, altered: str) -> None:
    change, cause = ALTERED[altered]
    verdict = mark(made, change(approved(made)))
    assert isinstance(verdict.error, SignatureRefused)
    assert cause in str(verdict.error)


@pytest.mark.parametrize(
    ("step", "command"),
    [
        ("拟办", "submit"),
        ("保密员意见", "review {} --as NAME --opinion"),
        ("审批", "review {} --as NAME --decision"),
    ],
)
def test_a_record_stripped_of_one_steps_signature_is_refused(
    made: People, step: str, command: str
) -> None:
    """The error tells by which command that step is signed."""
    record = approved(made)
    left = tuple(s for s in record.signatures if s.step.value != step)
    assert len(left) == 2
    error = mark(made, replace(record, signatures=left)).error
    assert isinstance(error, SignatureMissing) and step in str(error)
    assert f"approval {command.format(record.number)}" in str(error.advice)


def test_a_record_stripped_of_all_signatures_is_refused(made: People) -> None:
    record = approved(made)
    assert isinstance(mark(made, replace(record, signatures=())).error, SignatureMissing)


def test_a_step_that_the_office_asks_for_since_is_missing(crew: People) -> None:
    crew.approved(proposal(), put_draft(crew.room))
    crew.room = crew.room.with_policies('approval_steps = ["保密员意见", "审核"]')
    error = mark(crew).error
    assert isinstance(error, SignatureMissing) and "审核" in str(error)


def test_another_draft_under_an_approved_record_is_refused(made: People, tmp_path: Path) -> None:
    other = pdf(pages=3)
    draft = made.room.drafts / "通知.pdf"
    before = draft.read_bytes()
    draft.write_bytes(other)
    try:
        record = _draft(approved(made), digest=sm3(other))
        assert isinstance(mark(made, record).error, SignatureRefused)
    finally:
        draft.write_bytes(before)


def test_a_signature_of_another_office_does_not_count(made: People, tmp_path: Path) -> None:
    other = people(tmp_path)
    draft = put_draft(other.room)
    kept = other.opine(other.hand_in(proposal(), draft))
    foreign = approved(made)
    record = replace(kept.record, officer=foreign.officer, decision=foreign.decision)
    record = replace(record, signatures=(*record.signatures, foreign.signatures[-1]))
    assert "not enrolled" in str(mark(other, record).error)


def test_nobody_decides_what_he_proposed_or_reviewed(crew: People) -> None:
    own = replace(proposal(), proposal=replace(proposal().proposal, by=a.Person(OFFICER)))
    crew.hands[OFFICER] = Hand(OFFICER)
    hand = crew.hands[OFFICER]
    draft = put_draft(crew.room)
    with crew.desk() as desk:
        from dingmi_mark.pipeline.approving import hand_in

        kept = hand_in(own, draft, hand, desk)[0]
    kept = crew.opine(kept)
    with pytest.raises(StepOutOfOrder, match="proposed or reviewed it himself"):
        crew.decide(kept)


def test_self_approval_is_seen_in_the_record_too(crew: People) -> None:
    kept = crew.opine(crew.hand_in(proposal(), put_draft(crew.room)))
    officer = crew.hands[OFFICER]
    assert officer.key is not None and officer.signer is not None
    record = replace(
        kept.record,
        proposal=replace(kept.record.proposal, by=a.Person(OFFICER)),
        signatures=(),
        officer=a.ClassificationOfficer(OFFICER),
        decision=a.OfficerDecision(a.Decision.AGREED, clock.today()),
        status=a.RecordStatus.DECIDED,
    )
    with crew.desk() as desk:
        forged = signed(record, SIGNATURE, officer.key, officer.signer, desk.trust, desk.now)
    error = mark(crew, forged).error
    assert isinstance(error, SignatureRefused) and "himself" in str(error)


def test_a_person_without_authority_on_that_day_cannot_decide(crew: People) -> None:
    file = crew.room.office.folder / "authority.toml"
    text = file.read_text(encoding="utf-8").replace("from = 2024-01-01", "from = 2030-01-01")
    kept = crew.opine(crew.hand_in(proposal(), put_draft(crew.room)))
    file.write_text(text, encoding="utf-8")
    crew.room = crew.room.with_policies()
    with pytest.raises(AuthorityExceeded, match=OFFICER):
        crew.decide(kept)


def test_a_number_is_one_approval(crew: People) -> None:
    kept = crew.approved(proposal(), put_draft(crew.room))
    with pytest.raises(RecordExists):
        crew.hand_in(proposal(), crew.room.drafts / "通知.pdf")
    shutil.copy(kept.path, crew.room.approvals / "r.toml")
    assert only(crew.room.mark()).status is Status.MARKED
    second = put_draft(crew.room, "另一.pdf", pdf(pages=2))
    (crew.room.drafts / "通知.pdf").unlink()
    shutil.rmtree(kept.folder)
    again = crew.approved(proposal(), second)
    shutil.copy(again.path, crew.room.approvals / "r.toml")
    assert isinstance(only(crew.room.mark()).error, ApprovalReused)


def test_two_people_at_once_lose_nothing(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    crew.opine(kept, text="第一个")
    with pytest.raises(RecordMovedOn):
        crew.opine(kept, text="第二个")
    assert versions_in(kept.folder) == [1, 2]
    last = find_record(crew.room.office.approvals, NUMBER)
    assert last.record.security_review is not None and last.record.security_review.text == "第一个"
    with pytest.raises(RecordMovedOn):
        advance(kept, kept.record)
    assert not list(kept.folder.glob(".*"))


def test_a_draft_changed_in_the_tree_stops_every_step(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    assert kept.draft is not None
    kept.draft.write_bytes(pdf(pages=2))
    with pytest.raises(DingmiError, match="digest differs"):
        crew.opine(kept)
    kept.draft.unlink()
    with pytest.raises(StepOutOfOrder, match="is not there"):
        crew.opine(replace(kept, draft=None))


def test_what_the_law_forbids_can_be_returned_but_not_agreed_to(crew: People) -> None:
    kept = crew.opine(crew.hand_in(proposal(), put_draft(crew.room)))
    too_long = a.Secrecy(Marking(SecrecyLevel.HIGHLY_SECRET, ForYears(21)), ("局领导",))
    with pytest.raises(LawViolated):
        crew.decide(kept, a.Decision.CORRECTED, too_long)
    assert crew.decide(kept, a.Decision.RETURNED).record.status is a.RecordStatus.RETURNED


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


def test_the_first_key_is_the_security_officers(tmp_path: Path) -> None:
    from office_kit import new_room

    room = new_room(tmp_path)
    with pytest.raises(KeyRefused, match="first key"):
        key_for(room, tmp_path / "keys", OFFICER, Role.OFFICER)


def test_a_key_that_nobody_confirmed_does_not_count(crew: People, tmp_path: Path) -> None:
    key, signer = key_for(crew.room, tmp_path / "more", OFFICER, Role.OFFICER)
    crew.hands[OFFICER] = Hand(OFFICER, "", key, signer)
    with pytest.raises(SignatureRefused, match="never confirmed"):
        crew.approved(proposal(), put_draft(crew.room))


def test_only_a_security_officer_confirms_keys(crew: People, tmp_path: Path) -> None:
    key, _ = key_for(crew.room, tmp_path / "more", DRAFTER, Role.DRAFTER)
    with pytest.raises(KeyRefused, match="only a security officer"):
        confirm(crew.room, key, crew.hands[OFFICER])


def test_a_key_written_into_the_ledger_without_confirmation_is_seen(
    crew: People, tmp_path: Path
) -> None:
    forged = make_offer(crew, tmp_path)
    with crew.room.ledger() as ledger:
        witness = crew.hands[SECURITY].key
        assert witness is not None
        ledger.append(forged, KeyConfirmed(forged.key_id, witness.key_id, "QUJD", moment()))
        trust = trust_of(ledger)
        key = trust.register.key(forged.key_id)
        assert key is not None and "forged" in str(trust.doubt(key))
        ledger.append(replace(forged, key_id="f" * 16))
        stolen = trust_of(ledger).register.key("f" * 16)
        assert stolen is not None and "not proven" in str(trust_of(ledger).doubt(stolen))


def make_offer(crew: People, folder: Path) -> KeyOffered:
    """The offer of a key that its maker made himself, beside the program."""
    from dingmi_mark.domain.keys import SigningKey, offer_bytes
    from dingmi_mark.store.signatures import key_id_of, make_key_file

    signer = make_key_file(folder / "own.pem", "ed25519", PASSPHRASE)
    key = SigningKey(
        key_id=key_id_of(signer.public_key),
        holder=OFFICER,
        role=Role.OFFICER,
        algorithm="ed25519",
        public_key=signer.public_key,
        expires=None,
        offered_at=moment(),
        proof="",
    )
    proof = signer.sign(offer_bytes(crew.room.office.id, key))
    return KeyOffered(
        key.key_id, OFFICER, "定密责任人", "ed25519", key.public_key, "", proof, moment()
    )


def test_a_revoked_key_signs_no_more_and_what_the_ledger_knew_stays_good(crew: People) -> None:
    crew.approved(proposal(), put_draft(crew.room))
    record = approved(crew)
    officer = crew.hands[OFFICER]
    assert officer.key is not None and officer.signer is not None
    with crew.desk() as desk:
        other = replace(record, signatures=record.signatures[:2], explanations=(("months", "样"),))
        unknown = signed(other, SIGNATURE, officer.key, officer.signer, desk.trust, desk.now)
        revoke_key(desk.ledger, officer.key, SECURITY, "样例：遗失", moment())
    assert mark(crew).status is Status.PLANNED
    unknown = replace(unknown, signatures=unknown.signatures[-1:])
    assert "was revoked" in str(mark(crew, unknown).error)
    with crew.desk() as desk, pytest.raises(KeyRefused, match="already"):
        known = desk.trust.register.key(officer.key.key_id)
        assert known is not None
        revoke_key(desk.ledger, known, SECURITY, "再次", moment())


def test_an_expired_key_does_not_count(crew: People) -> None:
    from dingmi_mark.domain.keys import counts_at

    key = crew.hands[OFFICER].key
    assert key is not None
    old = replace(key, confirmed_at="2020-01-01T00:00:00+00:00", expires=date(2026, 1, 31))
    assert counts_at(old, "2026-01-31T10:00:00+08:00") is None
    assert "expired" in str(counts_at(old, "2026-02-01T10:00:00+08:00"))


def test_a_key_is_enrolled_once_and_confirmed_once(crew: People) -> None:
    hand = crew.hands[DRAFTER]
    assert hand.signer is not None
    with crew.room.ledger() as ledger:
        with pytest.raises(KeyRefused, match="already"):
            offer_key(ledger, hand.signer, DRAFTER, Role.OFFICER, None, moment())
        known = trust_of(ledger).register.key(hand.key.key_id if hand.key else "")
        witness = trust_of(ledger).register.of(SECURITY, Role.SECURITY)[0]
        assert known is not None and crew.hands[SECURITY].signer is not None
        with pytest.raises(KeyRefused, match="already"):
            confirm_key(ledger, known, witness, crew.hands[SECURITY].signer, moment())


def test_an_officers_key_needs_an_officer(crew: People) -> None:
    office = crew.room.office
    with pytest.raises(KeyRefused, match="no classification officer"):
        refuse_stranger("陈样例", Role.OFFICER, office, clock.today())
    refuse_stranger("陈样例", Role.DRAFTER, office, clock.today())


def test_a_clock_set_back_is_noticed(crew: People) -> None:
    draft = put_draft(crew.room)
    earlier = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    with crew.desk() as desk:
        from dingmi_mark.pipeline.approving import hand_in

        with pytest.raises(ClockSetBack):
            hand_in(proposal(), draft, crew.hands[DRAFTER], replace(desk, now=earlier))
    assert not list(crew.room.office.approvals.glob("*/*.toml"))


@pytest.mark.parametrize("algorithm", ["ed25519", "sm2-sm3"])
def test_key_files_are_encrypted_private_and_refuse_a_wrong_passphrase(
    tmp_path: Path, algorithm: str
) -> None:
    from dingmi_mark.store.signatures import make_key_file

    path = tmp_path / "k.pem"
    signer = make_key_file(path, algorithm, PASSPHRASE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
    value = signer.sign(b"one")
    assert verify(algorithm, signer.public_key, b"one", value)
    assert not verify(algorithm, signer.public_key, b"two", value)
    with pytest.raises(PassphraseWrong):
        key_file(path, algorithm, "falsch falsch").sign(b"one")
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        path.write_bytes(content)
        with pytest.raises(KeyUnusable):
            key_file(path, algorithm, PASSPHRASE).sign(b"one")
    with pytest.raises(KeyUnusable):
        key_file(tmp_path / "none.pem", algorithm, PASSPHRASE).sign(b"one")
