"""Provisional marks (拟定): before the approval, without ★, and gone when the ★ mark is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest

from approval_kit import NUMBER, People, people, proposal, put_draft, sm3
from dingmi_mark.domain import approval as a
from dingmi_mark.domain.ledger_provisional import (
    ProvisionalEnded,
    ProvisionalIntended,
    ProvisionalMade,
)
from dingmi_mark.domain.points import ClassifiedPoint, PointStyle, QuoteAnchor
from dingmi_mark.domain.provisional import FoundFile, ProvisionalState
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import ForYears, Marking, SecrecyLevel, UntilCondition
from dingmi_mark.errors import (
    CopyAlreadyMade,
    FormalMarkTooEarly,
    LawViolated,
    ProvisionalFileAltered,
    ProvisionalMarkStays,
    ProvisionalNotPossible,
    SignatureMissing,
    TypedMarkConflict,
)
from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.retiring import known_provisional, settle_provisional
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import BatchResult, CheckReport, Status, Verdict
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.approvals import write_toml
from office_kit import DRAFTS, QUOTE, docx, new_room, only, pdf


@pytest.fixture
def crew(tmp_path: Path) -> People:
    """An office with keys of its own."""
    return people(tmp_path)


def mark(crew: People, *drafts: Path, standing: Standing, **more: object) -> BatchResult:
    """Mark drafts with the office's own records."""
    room = crew.room
    request = MarkRequest(
        drafts or (room.drafts,),
        (room.office.approvals,),
        room.out,
        standing=standing,
        **more,  # type: ignore[arg-type]
    )
    return mark_drafts(request, room.office, on_start=_nothing, on_verdict=_nothing)


def provisional(crew: People, *drafts: Path, **more: object) -> Verdict:
    return only(mark(crew, *drafts, standing=Standing.PROVISIONAL, **more))


def formal(crew: People, *drafts: Path) -> Verdict:
    return only(mark(crew, *drafts, standing=Standing.FORMAL))


def check(crew: People, path: Path) -> CheckReport:
    (report,) = check_files([path], crew.room.office, on_report=_nothing)
    return report


def said(report: CheckReport) -> str:
    return "\n".join(str(line.says) for line in report.lines)


def _nothing(_: object) -> None:
    return None


# ── what it is ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", DRAFTS)
def test_the_draft_bears_the_provisional_mark_and_no_star(crew: People, name: str) -> None:
    draft = put_draft(crew.room, name, DRAFTS[name]())
    crew.hand_in(proposal(form="图片" if name.startswith("扫描") else "公文"), draft)
    verdict = provisional(crew)
    assert verdict.error is None and verdict.status is Status.MARKED
    assert verdict.mark == "拟定 机密 10年"
    (copy,) = verdict.copies
    stem, suffix = name.split(".")
    assert copy.path.name == f"{stem}-拟定-000001.{suffix}"
    label = show_file(copy.path)
    assert label.facts["状态"] == "预定密" and b'"status_code":1' in label.record
    assert label.facts["拟定标志"] == "拟定 机密 10年" and "国家秘密标志" not in label.facts
    until = (clock.today() + timedelta(days=10)).isoformat()
    assert label.facts["拟定标志有效至"] == until
    assert "★" not in label.record.decode() and "★" not in "".join(label.facts.values())
    assert "定密责任人" not in label.facts and "定密单位" not in label.facts
    report = check(crew, copy.path)
    assert report.agrees, said(report)
    assert f"Provisional mark (拟定) for the record {NUMBER}, until {until}" in said(report)


def test_a_provisional_mark_that_is_drawn_otherwise_contradicts(
    crew: People, tmp_path: Path
) -> None:
    crew.hand_in(proposal(), put_draft(crew.room))
    (copy,) = provisional(crew).copies
    target = tmp_path / "改动.pdf"
    with pikepdf.open(copy.path) as file:
        form = file.pages[0].Resources.XObject["/DmMark1"]
        form.BBox = pikepdf.Array([0, 0, 1, 1])
        file.save(target)
    assert "The marks are not drawn as they were made" in said(check(crew, target))


def test_no_star_no_stamp_and_no_officer_are_to_be_seen(crew: People) -> None:
    import pymupdf

    crew.hand_in(proposal(), put_draft(crew.room))
    (copy,) = provisional(crew).copies
    document = pymupdf.open(copy.path)
    text = document[0].get_text()
    assert "拟定 机密 10年" in text and "000001" in text
    for never in ("★", "定密责任人", "国家秘密确定专用章", "张示范"):
        assert never not in text
    handler = handler_for(copy.path)
    assert "★".encode() not in copy.path.read_bytes()
    with handler.view(copy.path) as view:
        assert view is not None
        (line,) = [line for line in view.lines(0) if line.text.startswith("拟定")]
    assert line.upright and line.box is not None
    assert (round(line.box.x), round(line.box.y)) == (28, 47)


def test_points_in_words_are_allowed_where_they_bear_no_star(crew: People) -> None:
    point = ClassifiedPoint(
        "1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor(QUOTE), PointStyle.IN_WORDS
    )
    draft = put_draft(crew.room, "通知.docx", docx())
    crew.hand_in(proposal(points=(point,)), draft)
    assert provisional(crew).status is Status.MARKED


def test_without_copy_numbers_the_name_has_none(crew: People) -> None:
    draft = put_draft(crew.room)
    crew.hand_in(proposal(copies=0, form="图纸", landmark_y_mm=40.0), draft)
    (copy,) = provisional(crew).copies
    assert copy.path.name == "通知-拟定.pdf"


def test_a_condition_stands_without_star(crew: People) -> None:
    crew.hand_in(proposal(period=UntilCondition("会议开始前")), put_draft(crew.room))
    verdict = provisional(crew)
    assert verdict.mark == "拟定 机密 会议开始前" and verdict.status is Status.MARKED


def test_every_copy_has_its_file(crew: People) -> None:
    crew.hand_in(proposal(copies=3), put_draft(crew.room))
    names = [copy.path.name for copy in provisional(crew).copies]
    assert names == [f"通知-拟定-{n:06}.pdf" for n in (1, 2, 3)]


def test_a_try_writes_nothing(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room))
    verdict = provisional(crew, dry_run=True)
    assert verdict.status is Status.PLANNED and not crew.room.out.exists()
    assert "provisional only" in str(verdict.plan[0])


# ── when it is possible ──────────────────────────────────────────────────────────────────────


def test_the_opinion_of_the_security_officer_changes_nothing(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    provisional(crew)
    crew.opine(kept)
    assert provisional(crew).status is Status.UNCHANGED


def test_a_decided_record_gets_no_provisional_mark(crew: People) -> None:
    crew.approved(proposal(), put_draft(crew.room))
    error = provisional(crew).error
    assert isinstance(error, ProvisionalNotPossible) and "decided already" in str(error)


def test_a_returned_record_gets_none_until_it_is_handed_in_again(crew: People) -> None:
    draft = put_draft(crew.room)
    crew.decide(crew.opine(crew.hand_in(proposal(), draft)), a.Decision.RETURNED)
    error = provisional(crew).error
    assert isinstance(error, ProvisionalNotPossible) and "returned" in str(error)
    crew.hand_in(proposal(), draft)
    assert provisional(crew).status is Status.MARKED


def test_a_record_that_was_not_handed_in_gets_none(crew: People) -> None:
    draft = put_draft(crew.room)
    loose = replace(proposal(), status=a.RecordStatus.PROPOSED)
    digest = crew.hand_in(proposal("示密审〔2026〕32号"), draft).record.draft.digest
    shutil.rmtree(crew.room.office.approvals / "示密审〔2026〕32号")
    loose = replace(loose, draft=replace(loose.draft, digest=digest))
    (crew.room.office.approvals / "r.toml").write_text(write_toml(loose), encoding="utf-8")
    assert isinstance(provisional(crew).error, SignatureMissing)
    decided = replace(loose, status=a.RecordStatus.DECIDED)
    (crew.room.office.approvals / "r.toml").write_text(write_toml(decided), encoding="utf-8")
    assert "was not handed in" in str(provisional(crew).error)


def test_an_altered_record_of_a_number_in_the_tree_is_refused(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    other = replace(kept.record, points_complete=True)
    shutil.rmtree(crew.room.approvals)
    crew.room.approvals.mkdir()
    (crew.room.approvals / "r.toml").write_text(write_toml(other), encoding="utf-8")
    request = MarkRequest(
        (crew.room.drafts,), (crew.room.approvals,), crew.room.out, standing=Standing.PROVISIONAL
    )
    result = mark_drafts(request, crew.room.office, on_start=_nothing, on_verdict=_nothing)
    assert isinstance(only(result).error, ProvisionalNotPossible)


def test_an_organ_without_authority_protects_first(tmp_path: Path) -> None:
    room = new_room(tmp_path)
    record = replace(
        proposal(level=SecrecyLevel.TOP_SECRET), status=a.RecordStatus.PROPOSED, number=NUMBER
    )
    draft = room.put("通知.pdf", pdf())
    record = replace(record, draft=replace(record.draft, digest=sm3(draft.read_bytes())))
    room.approve("通知.pdf", record)
    request = MarkRequest((room.drafts,), (room.approvals,), room.out)
    refused = mark_drafts(request, room.office, on_start=_nothing, on_verdict=_nothing)
    assert isinstance(only(refused).error, LawViolated)
    request = replace(request, standing=Standing.PROVISIONAL)
    verdict = only(mark_drafts(request, room.office, on_start=_nothing, on_verdict=_nothing))
    assert verdict.mark == "拟定 绝密 10年" and verdict.status is Status.MARKED


def test_the_other_rules_are_examined(tmp_path: Path) -> None:
    room = new_room(tmp_path)
    draft = room.put("通知.pdf", pdf())
    record = replace(proposal(period=ForYears(25)), status=a.RecordStatus.PROPOSED)
    room.approve("r", replace(record, draft=replace(record.draft, digest=sm3(draft.read_bytes()))))
    request = MarkRequest(
        (room.drafts,), (room.approvals,), room.out, standing=Standing.PROVISIONAL
    )
    verdict = only(mark_drafts(request, room.office, on_start=_nothing, on_verdict=_nothing))
    assert isinstance(verdict.error, LawViolated)


# ── marks that are typed ─────────────────────────────────────────────────────────────────────

TYPED: list[Callable[[str], bytes]] = [lambda text: pdf(typed=text), docx]


@pytest.mark.parametrize("make", TYPED)
def test_a_typed_star_mark_stops_the_provisional_one(
    crew: People, make: Callable[[str], bytes]
) -> None:
    name = "通知.docx" if make is docx else "通知.pdf"
    crew.hand_in(proposal(), put_draft(crew.room, name, make("机密★10年")))
    assert isinstance(provisional(crew).error, FormalMarkTooEarly)
    assert not list(crew.room.out.glob("*"))


@pytest.mark.parametrize("make", TYPED)
def test_a_typed_provisional_mark_stops_the_formal_one(
    crew: People, make: Callable[[str], bytes]
) -> None:
    name = "通知.docx" if make is docx else "通知.pdf"
    crew.approved(proposal(), put_draft(crew.room, name, make("拟定 机密 10年")))
    error = formal(crew).error
    assert isinstance(error, ProvisionalMarkStays) and "拟定" in str(error)


def test_a_typed_provisional_mark_is_adopted_by_the_provisional_one(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room, content=pdf(typed="拟定 机密 10年")))
    verdict = provisional(crew)
    assert verdict.status is Status.MARKED
    assert any("already typed there and is kept" in str(remark) for remark in verdict.remarks)


def test_a_typed_provisional_mark_that_says_otherwise_is_a_conflict(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room, content=pdf(typed="拟定 秘密 5年")))
    assert isinstance(provisional(crew).error, TypedMarkConflict)


# ── replaced ─────────────────────────────────────────────────────────────────────────────────


def test_a_second_run_does_nothing_twice(crew: People) -> None:
    crew.hand_in(proposal(copies=2), put_draft(crew.room))
    first, second = provisional(crew), provisional(crew)
    assert second.status is Status.UNCHANGED
    assert [copy.path for copy in second.copies] == [copy.path for copy in first.copies]
    with crew.room.ledger() as ledger:
        assert len(ledger.acts(ProvisionalIntended)) == 2


def test_the_formal_mark_replaces_the_provisional_file(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    (old,) = provisional(crew).copies
    crew.decide(crew.opine(kept))
    assert "is approved: the ★ mark is due" in said(check(crew, old.path))
    verdict = formal(crew)
    assert verdict.status is Status.MARKED and not old.path.exists()
    assert "was removed" in str(verdict.remarks[-1])
    with crew.room.ledger() as ledger:
        (copy,) = known_provisional(ledger, NUMBER)
        assert not ledger.verify()
    assert copy.state is ProvisionalState.GONE and copy.gone is not None
    assert copy.gone.how == "removed"


def test_a_provisional_file_that_was_moved_is_to_be_recalled(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    (old,) = provisional(crew).copies
    moved = crew.room.folder / "elsewhere.pdf"
    old.path.rename(moved)
    crew.decide(crew.opine(kept))
    verdict = formal(crew)
    assert "to be recalled" in str(verdict.remarks[-1]) and moved.exists()
    with crew.room.ledger() as ledger:
        (copy,) = known_provisional(ledger, NUMBER)
    assert copy.state is ProvisionalState.TO_RECALL
    assert copy.ended is not None and copy.ended.found == FoundFile.MISSING
    report = check(crew, moved)
    assert not report.agrees and "holds no longer" in said(report)


def test_a_provisional_file_that_was_altered_stays_and_is_to_be_recalled(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    (old,) = provisional(crew).copies
    old.path.write_bytes(old.path.read_bytes() + b"\n% altered\n")
    crew.decide(crew.opine(kept))
    formal(crew)
    assert old.path.exists()
    with crew.room.ledger() as ledger:
        (copy,) = known_provisional(ledger, NUMBER)
    assert copy.state is ProvisionalState.TO_RECALL


def test_a_missing_provisional_file_is_not_made_again(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room))
    provisional(crew).copies[0].path.unlink()
    assert isinstance(provisional(crew).error, CopyAlreadyMade)


def test_what_is_handed_in_again_with_other_values_replaces_the_old_mark(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    (old,) = provisional(crew).copies
    crew.decide(crew.opine(kept), a.Decision.RETURNED)
    assert "was returned: hand the file back" in said(check(crew, old.path))
    secrecy = a.Secrecy(Marking(SecrecyLevel.SECRET, ForYears(5)), ("局领导",))
    other = proposal()
    crew.hand_in(replace(other, proposal=replace(other.proposal, secrecy=secrecy)), draft)
    stale = check(crew, old.path)
    assert not stale.agrees and "handed in again with other values" in said(stale)
    assert "it is no ★ mark" not in said(stale)
    verdict = provisional(crew)
    assert verdict.mark == "拟定 秘密 5年" and verdict.status is Status.MARKED
    with crew.room.ledger() as ledger:
        first, second = known_provisional(ledger, NUMBER)
    assert (first.state, second.state) == (ProvisionalState.GONE, ProvisionalState.STANDING)
    assert check(crew, verdict.copies[0].path).agrees


def test_the_approved_draft_is_marked_where_provisional_files_are_given(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(copies=2), draft)
    old = [copy.path for copy in provisional(crew).copies]
    given = crew.room.folder / "given"
    given.mkdir()
    for path in old:
        shutil.copy(path, given / path.name)
    crew.decide(crew.opine(kept))
    result = mark(crew, given, standing=Standing.FORMAL)
    assert [v.status for v in result.verdicts] == [Status.MARKED, Status.UNCHANGED]
    leader = result.verdicts[0]
    assert "approved is marked instead" in str(leader.remarks[0])
    assert [c.path.name for c in leader.copies] == ["通知-000001.pdf", "通知-000002.pdf"]
    assert not any(path.exists() for path in old)
    assert check(crew, leader.copies[0].path).agrees


def test_a_provisional_file_of_an_undecided_record_is_refused(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room))
    (old,) = provisional(crew).copies
    error = formal(crew, old.path).error
    assert isinstance(error, ProvisionalFileAltered) and "not approved yet" in str(error)
    assert provisional(crew, old.path).status is Status.UNCHANGED


def test_an_altered_provisional_file_is_never_marked(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    (old,) = provisional(crew).copies
    altered = crew.room.folder / "altered.pdf"
    altered.write_bytes(old.path.read_bytes() + b"\n% altered\n")
    crew.decide(crew.opine(kept))
    assert isinstance(formal(crew, altered).error, ProvisionalFileAltered)


def test_a_draft_of_the_tree_is_named_as_its_record_says(crew: People) -> None:
    crew.approved(proposal(), put_draft(crew.room))
    kept = find_record(crew.room.office.approvals, NUMBER)
    assert kept.draft is not None
    (copy,) = formal(crew, kept.draft).copies
    assert copy.path.name == "通知-000001.pdf"


# ── crashes and time ─────────────────────────────────────────────────────────────────────────


def _begun(crew: People, target: Path, temporary: Path) -> int:
    """Let the ledger know of a copy whose run died; return the entry's number."""
    with crew.room.ledger() as ledger:
        entry = ProvisionalIntended(
            approval_number=NUMBER,
            approval_digest="拟定 sm3:0",
            marking_id="m" * 32,
            copy_id="c" * 32,
            copy_number="000001",
            batch_id="b",
            runner="dead-run",
            level="机密",
            period="10年",
            until="2026-12-01",
            draft_sm3="0",
            target=str(target),
            temporary=str(temporary),
            program_version="0",
            at="2026-11-02T09:00:00+00:00",
        )
        return ledger.append(entry)[0].seq


def _made(crew: People, target: Path) -> int:
    """Let the ledger know of a finished copy with these bytes."""
    begun = _begun(crew, target, target.with_name(".dingmi-0123456789abcdef.tmp"))
    digest = sm3(target.read_bytes()).removeprefix("sm3:")
    with crew.room.ledger() as ledger:
        at = "2026-11-02T09:00:00+00:00"
        ledger.append(ProvisionalMade(begun, NUMBER, digest, "sm3:0", "rendered", at))
    return begun


def test_a_crash_between_the_formal_mark_and_the_removal_is_made_up_for(crew: People) -> None:
    crew.approved(proposal(), put_draft(crew.room))
    formal(crew)
    left = crew.room.out / "通知-拟定-000001.pdf"
    left.write_bytes(b"provisional")
    _made(crew, left)
    verdict = formal(crew)
    assert verdict.status is Status.UNCHANGED and not left.exists()
    assert "was removed" in str(verdict.remarks[-1])


@pytest.mark.parametrize("there", [True, False])
def test_a_removal_that_was_interrupted_is_finished(crew: People, there: bool) -> None:
    crew.room.out.mkdir()
    left = crew.room.out / "通知-拟定-000001.pdf"
    left.write_bytes(b"provisional")
    begun = _made(crew, left)
    at = "2026-11-02T09:00:00+00:00"
    with crew.room.ledger() as ledger:
        ledger.append(ProvisionalEnded(begun, NUMBER, "approved", "in_place", at))
        if not there:
            left.unlink()
        settle_provisional(ledger, crew.room.office.folder, at)
        (copy,) = known_provisional(ledger)
    assert copy.state is ProvisionalState.GONE and not left.exists()


def test_a_crash_after_the_name_was_given_leaves_the_file_in_force(crew: People) -> None:
    crew.room.out.mkdir()
    target = crew.room.out / "通知-拟定-000001.pdf"
    target.write_bytes(b"provisional")
    temporary = target.with_name(".dingmi-0123456789abcdef.tmp")
    temporary.hardlink_to(target)
    _made(crew, target)
    with crew.room.ledger() as ledger:
        settle_provisional(ledger, crew.room.office.folder, "2026-11-02T09:00:00+00:00")
        (copy,) = known_provisional(ledger)
    assert copy.state is ProvisionalState.STANDING
    assert target.exists() and not temporary.exists()


def test_a_template_with_a_star_of_its_own_is_refused(crew: People) -> None:
    from dingmi_mark.store.templates import known_templates

    own = known_templates(crew.room.office.stamps)["gongwen"].read_text(encoding="utf-8")
    starred = own.replace('text = "{urgency}"', 'text = "★{urgency}"')
    assert starred != own
    (crew.room.office.stamps / "gongwen.toml").write_text(starred, encoding="utf-8")
    crew.hand_in(proposal(urgency=a.Urgency.URGENT), put_draft(crew.room))
    assert isinstance(provisional(crew).error, FormalMarkTooEarly)
    assert not crew.room.out.exists()


def test_what_a_crash_left_is_void_and_its_file_gone(crew: People) -> None:
    crew.room.out.mkdir()
    temporary = crew.room.out / ".dingmi-0123456789abcdef.tmp"
    temporary.write_bytes(b"x")
    _begun(crew, crew.room.out / "通知-拟定.pdf", temporary)
    with crew.room.ledger() as ledger:
        ((copy, outcome),) = settle_provisional(
            ledger, crew.room.office.folder, "2026-11-02T09:00:00+00:00"
        )
        assert outcome.value == "void" and not temporary.exists()
        (copy,) = known_provisional(ledger)
        assert copy.state is ProvisionalState.VOID
        assert not settle_provisional(ledger, crew.room.office.folder, copy.intended.at)
    crew.hand_in(proposal(), put_draft(crew.room))
    assert provisional(crew).status is Status.MARKED


def test_a_file_that_is_not_named_as_ours_is_never_removed(crew: People) -> None:
    crew.room.out.mkdir()
    other = crew.room.out / "重要.pdf"
    other.write_bytes(b"x")
    _begun(crew, crew.room.out / "通知-拟定.pdf", other)
    with crew.room.ledger() as ledger:
        settle_provisional(ledger, crew.room.office.folder, "2026-11-02T09:00:00+00:00")
    assert other.exists()


def test_check_says_when_its_time_is_over(crew: People, monkeypatch: pytest.MonkeyPatch) -> None:
    from dingmi_mark.pipeline import desk as desks
    from dingmi_mark.pipeline.check import check_file

    crew.hand_in(proposal(), put_draft(crew.room))
    (copy,) = provisional(crew).copies
    later = property(lambda _: clock.today() + timedelta(days=11))
    monkeypatch.setattr(desks.Desk, "today", later)
    with desks.open_desk(crew.room.office, "check-0") as desk:
        report = check_file(copy.path, desk)
    assert not report.agrees and "was to stand until" in said(report)


def test_the_office_says_how_long_it_may_stand(crew: People) -> None:
    room = crew.room.with_policies("provisional_days = 3")
    other = People(room, crew.hands)
    other.hand_in(proposal(), put_draft(room))
    provisional(other)
    with room.ledger() as ledger:
        (copy,) = known_provisional(ledger)
    assert copy.until == clock.today() + timedelta(days=3)


def test_a_provisional_mark_is_no_marking(crew: People) -> None:
    """Statistics and registers count markings: a provisional one is none of them."""
    crew.hand_in(proposal(), put_draft(crew.room))
    provisional(crew)
    with crew.room.ledger() as ledger:
        assert not ledger.by_approval(NUMBER) and not ledger.open_markings()
        assert not ledger.verify()
