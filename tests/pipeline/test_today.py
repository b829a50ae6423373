"""What waits today, read from a real office: tree, ledger and keys; and copies that come back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from approval_kit import (
    DRAFTER,
    NUMBER,
    SECURITY,
    People,
    moment,
    people,
    proposal,
    put_draft,
)
from dingmi_mark.domain import approval as a
from dingmi_mark.domain.copies import RegisteredCopy, ReturnedHow
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.domain.situation import Item, Section, Viewer
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.today import waiting_items
from dingmi_mark.errors import CopiesNotNamed, CopyReturnedAlready, CopyUnknown, NoCopies
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.enrolling import revoke_key
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.returning import copies_of, return_copies
from dingmi_mark.pipeline.today import situation_of
from dingmi_mark.store.approval_tree import KeptRecord, all_records, find_record
from dingmi_mark.store.approvals import canonical_bytes
from dingmi_mark.store.ledger import Ledger
from office_kit import only, pdf

TODAY = clock.today()


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


def today(crew: People, viewer: Viewer | None = None, day: date = TODAY) -> list[Item]:
    office = crew.room.office
    with crew.room.ledger() as ledger:
        facts = situation_of(office, ledger, day, moment())
    return list(waiting_items(facts, viewer or Viewer()))


def sections(found: list[Item]) -> list[Section]:
    return [item.section for item in found]


def mark(crew: People, draft: Path, standing: Standing = Standing.FORMAL) -> None:
    room = crew.room
    request = MarkRequest((draft,), (room.office.approvals,), room.out, standing=standing)
    verdict = only(mark_drafts(request, room.office, on_start=_nothing, on_verdict=_nothing))
    assert verdict.error is None


def _nothing(_: object) -> None:
    return None


def with_recall(whole: a.ApprovalRecord, day: date, copies: int = 2) -> a.ApprovalRecord:
    draft = replace(
        whole.draft, recall_day=day, copies=copies, receivers=("示例县示范局", "局办公室")
    )
    return replace(whole, draft=draft)


# ── today ────────────────────────────────────────────────────────────────────────────────────


def test_nothing_waits_in_a_new_office(crew: People) -> None:
    assert today(crew) == []


def test_a_record_goes_through_the_list_until_it_is_marked(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    assert sections(today(crew)) == [Section.REVIEW]
    kept = crew.opine(kept)
    assert sections(today(crew)) == [Section.DECISION]
    crew.decide(kept)
    (item,) = today(crew)
    assert item.section is Section.UNMARKED
    draft_of_tree = Path(item.command[2])
    assert draft_of_tree.read_bytes() == draft.read_bytes()
    mark(crew, draft_of_tree)
    assert today(crew) == []
    assert (crew.room.out / "通知-000001.pdf").is_file()


def test_a_returned_record_waits_for_its_drafter_only(crew: People) -> None:
    kept = crew.opine(crew.hand_in(proposal(), put_draft(crew.room)))
    crew.decide(kept, a.Decision.RETURNED)
    assert sections(today(crew, Viewer(name=DRAFTER))) == [Section.RETURNED]
    assert today(crew, Viewer(name=SECURITY)) == []


def test_a_record_that_cannot_be_read_is_never_left_out(crew: People) -> None:
    kept = crew.approved(proposal(), put_draft(crew.room))
    mark(crew, crew.room.drafts / "通知.pdf")
    assert today(crew) == []
    kept.path.write_text("schema = ", encoding="utf-8")
    (item,) = today(crew)
    assert item.section is Section.UNREADABLE and str(kept.path.name) in item.number


def test_a_signature_of_a_revoked_key_the_ledger_does_not_know_is_told(crew: People) -> None:
    kept = crew.hand_in(proposal(), put_draft(crew.room))
    text = kept.path.read_text(encoding="utf-8").replace("points_complete", "# points_complete")
    other = text.replace('post = "科员"', 'post = "主任"')
    assert other != text
    kept.path.write_text(other, encoding="utf-8")
    (item,) = today(crew)
    assert item.section is Section.DOUBTFUL and "changed afterwards" in str(item.what)


def test_a_revoked_key_leaves_earlier_signatures_in_force(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room))
    key = crew.hands[DRAFTER].key
    assert key is not None
    with crew.room.ledger() as ledger:
        revoke_key(ledger, key, SECURITY, "样例：离任", moment())
    assert sections(today(crew)) == [Section.REVIEW]


def test_a_provisional_mark_is_told_past_its_day_and_gone_with_the_formal_one(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    mark(crew, draft, Standing.PROVISIONAL)
    assert sections(today(crew)) == [Section.REVIEW]
    late = TODAY + timedelta(days=11)
    assert sections(today(crew, day=late)) == [Section.PROVISIONAL_OVER, Section.REVIEW]
    crew.decide(crew.opine(kept))
    mark(crew, draft)
    assert today(crew, day=late) == []


def test_an_opinion_does_not_make_a_provisional_mark_fall(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    mark(crew, draft, Standing.PROVISIONAL)
    crew.opine(kept)
    assert sections(today(crew)) == [Section.DECISION]


def test_periods_that_end_are_told_from_the_ledger(crew: People) -> None:
    draft = put_draft(crew.room)
    crew.approved(proposal(), draft)
    mark(crew, draft)
    last = date(TODAY.year + 10, TODAY.month, min(TODAY.day, 28))
    near = last - timedelta(days=60)
    of_periods = {Section.PERIOD_ENDING, Section.PERIOD_OVER}
    assert of_periods & {*sections(today(crew, day=near))} == {Section.PERIOD_ENDING}
    over = sections(today(crew, day=last + timedelta(days=40)))
    assert of_periods & {*over} == {Section.PERIOD_OVER}


def test_finished_records_are_only_glanced_at(crew: People) -> None:
    draft = put_draft(crew.room)
    crew.approved(proposal(), draft)
    mark(crew, draft)
    crew.hand_in(proposal("示密审〔2026〕32号"), put_draft(crew.room, "另.pdf", pdf(pages=2)))
    tree = crew.room.office.approvals
    read = [r for r in all_records(tree, without=lambda seen: seen.number == NUMBER)]
    assert [r.record.number for r in read if isinstance(r, KeptRecord)] == ["示密审〔2026〕32号"]
    seen = []
    list(all_records(tree, without=lambda glance: bool(seen.append(glance))))
    assert [(g.number, g.status, g.copies, g.is_recalled) for g in seen] == [
        (NUMBER, "已审批", 1, False),
        ("示密审〔2026〕32号", "拟议", 1, False),
    ]


# ── copies ───────────────────────────────────────────────────────────────────────────────────


def test_the_day_of_recall_changes_nothing_for_records_without_one() -> None:
    whole = proposal()
    assert b"recall" not in canonical_bytes(whole)
    assert b'"recall_date":"2026-06-30"' in canonical_bytes(with_recall(whole, date(2026, 6, 30)))


@contextmanager
def copies(crew: People) -> Iterator[tuple[tuple[RegisteredCopy, ...], Ledger]]:
    with crew.room.ledger() as ledger:
        yield copies_of(NUMBER, crew.room.office, ledger), ledger


def give_back(crew: People, *names: str, how: ReturnedHow = ReturnedHow.TAKEN_BACK) -> None:
    with copies(crew) as (known, ledger):
        return_copies(known, names, how, SECURITY, TODAY, ledger, moment())


@pytest.fixture
def marked(crew: People) -> People:
    """Two copies that were to come back a week ago."""
    draft = put_draft(crew.room)
    crew.approved(with_recall(proposal(), TODAY - timedelta(days=7)), draft)
    mark(crew, draft)
    return crew


def test_copies_that_did_not_come_back_are_listed_until_they_do(marked: People) -> None:
    assert sections(today(marked)) == [Section.RECALL, Section.RECALL]
    give_back(marked, "000001")
    (item,) = today(marked)
    assert "局办公室" in str(item.what) and item.command[4] == "000002"
    give_back(marked, "2", how=ReturnedHow.DESTROYED)
    assert today(marked) == []
    with copies(marked) as (known, ledger):
        assert [(copy.name, copy.how) for copy in known] == [("000001", "收回"), ("000002", "销毁")]
        assert len(ledger.acts(CopyReturned, subject=NUMBER)) == 2
        assert not ledger.verify()


def test_unknown_and_doubly_returned_copies_are_refused_and_nothing_is_written(
    marked: People,
) -> None:
    with pytest.raises(CopyUnknown):
        give_back(marked, "000001", "000007")
    with pytest.raises(CopiesNotNamed):
        give_back(marked)
    give_back(marked, "000001")
    with pytest.raises(CopyReturnedAlready):
        give_back(marked, "000002", "000001")
    give_back(marked)  # the only one that is out
    with copies(marked) as (known, _):
        assert not any(copy.is_out for copy in known)


def test_under_an_unknown_number_there_are_no_copies(crew: People) -> None:
    with pytest.raises(NoCopies), copies(crew):
        pass


def test_a_provisional_copy_comes_back_too(crew: People) -> None:
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal(), draft)
    mark(crew, draft, Standing.PROVISIONAL)
    crew.decide(crew.opine(kept), a.Decision.RETURNED)
    assert sections(today(crew)) == [Section.RECALL, Section.RETURNED]
    give_back(crew, "拟定-000001")
    assert sections(today(crew)) == [Section.RETURNED]
    with pytest.raises(CopyReturnedAlready):
        give_back(crew, "拟定-000001")
    assert find_record(crew.room.office.approvals, NUMBER).record.decision is not None
