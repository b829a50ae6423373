"""Exactly the files of a notice change their marks: planned, verified, done, undone."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from approval_kit import REVIEWER, SECURITY
from dingmi_mark.domain.ledger_changes import (
    MarkingChanged,
    MarkingRestored,
    RemarkDestroyed,
    RemarkDistributed,
    SourceFollowed,
)
from dingmi_mark.domain.remark_plan import batch_of
from dingmi_mark.errors import (
    PlanInvalid,
    PlanNotVerified,
    PlanOutdated,
    RemarkBatchOpen,
    RemarkBatchUnknown,
    RemarkDistributedAlready,
    RemarkUndoRefused,
    VerifierRefused,
)
from dingmi_mark.pipeline import remark_file
from dingmi_mark.pipeline.known import known_documents
from dingmi_mark.pipeline.remark_file import LOCK, RemarkStatus
from dingmi_mark.pipeline.remark_undoing import confirm_distributed, undo_batch
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.store.office_lock import only_one
from dingmi_mark.store.remark_plans import plan_digest, read_plan, write_plan
from office_kit import pdf
from remark_kit import (
    CHANGE,
    Archive,
    applied,
    bytes_below,
    names,
    notice,
    number_of,
    planned,
    remarked,
    reports_of,
    verified,
)
from remark_tree_kit import faults_of, make_tree

pytestmark = pytest.mark.usefixtures("in_this_process")


def test_a_plan_lists_every_file_for_what_it_is_and_changes_nothing(signed: Archive) -> None:
    import pikepdf

    out = signed.out
    (out / "renamed").mkdir()
    (out / "1号-000001.pdf").rename(out / "renamed" / "样例材料.pdf")
    (out / "2号-000002.pdf").unlink()
    with (out / "altered.pdf").open("wb") as stream:
        stream.write((out / "2号-000001.pdf").read_bytes() + b"\n% altered\n")
    with pikepdf.open(out / "2号-000001.pdf") as document:
        document.pages[0].rotate(90, relative=True)
        document.save(out / "turned.pdf")
    shutil.copy(signed.room.drafts / "1号.pdf", out / "unmarked.pdf")
    (out / "1号.pdf").write_bytes(pdf(4))
    (out / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (out / "link.pdf").symlink_to(out / "2号-000001.pdf")
    (out / "2号.txt").write_text("样例", encoding="utf-8")
    before, head = bytes_below(out), None
    with signed.room.ledger() as ledger:
        head = ledger.head()
    plan = planned(signed)
    assert names(plan.files) == ["2号-000001.pdf", "样例材料.pdf"]
    assert {(one.before, one.after) for one in plan.files} == {("机密★10年", "秘密★5年")}
    assert names(plan.person) == ["altered.pdf", "turned.pdf", "unmarked.pdf"]
    assert names(plan.alike) == ["1号.pdf", "2号.txt"]
    assert names(plan.unreadable) == ["broken.pdf"]
    assert [(one.name, one.copy_number) for one in plan.missing] == [
        ("示密〔2026〕2号.pdf", "000002")
    ]
    assert all(one.why for one in (*plan.person, *plan.alike, *plan.unreadable))
    assert bytes_below(out) == before
    with signed.room.ledger() as ledger:
        assert ledger.head() == head


def test_in_a_mixed_tree_just_the_right_files_are_changed(tmp_path: Path) -> None:
    """The small one of what `benchmarks/remark_scale.py` does with thousands."""
    tree = make_tree(tmp_path, files=34, papers=4)
    before = {path: path.read_bytes() for path in tree.truth}
    plan = planned(tree.papers, tree.folder)
    assert not faults_of(tree, plan)
    verified(tree.papers, plan)
    applied(tree.papers, plan)
    changed = {path for path in tree.truth if path.read_bytes() != before[path]}
    assert changed == tree.right() and len(changed) > 3
    again = planned(tree.papers, tree.folder)
    assert {Path(one.path) for one in again.unchanged} == changed and not again.files


def test_a_plan_that_was_altered_is_none(signed: Archive, tmp_path: Path) -> None:
    plan = planned(signed)
    file = tmp_path / "plan.json"
    digest = write_plan(plan, file)
    assert read_plan(file) == (plan, digest)
    told = json.loads(file.read_text(encoding="utf-8"))
    told["files"][0]["after"] = "秘密★1年"
    for text in (json.dumps(told), json.dumps({**told, "more": 1}), "[]", "{"):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(PlanInvalid):
            read_plan(file)
    with pytest.raises(PlanInvalid):
        read_plan(tmp_path / "none.json")


def test_a_plan_is_done_only_when_two_people_signed_it(signed: Archive) -> None:
    plan = planned(signed)
    with pytest.raises(PlanNotVerified):
        applied(signed, plan)
    verified(signed, plan, SECURITY)
    with pytest.raises(VerifierRefused):
        verified(signed, plan, SECURITY)
    with pytest.raises(PlanNotVerified):
        applied(signed, plan)
    verified(signed, plan, REVIEWER)
    assert applied(signed, plan).count(RemarkStatus.CHANGED) == 3


def test_just_the_files_of_the_notice_are_changed_once(signed: Archive) -> None:
    before = bytes_below(signed.out)
    plan = planned(signed)
    verified(signed, plan)
    result = applied(signed, plan)
    assert [one.status for one in result.verdicts] == [RemarkStatus.CHANGED] * 3
    after = bytes_below(signed.out)
    assert {name for name in after if after[name] != before[name]} == {
        *("1号-000001.pdf", "2号-000001.pdf", "2号-000002.pdf"),
    }
    found = reports_of(signed)
    assert {name: report.mark for name, report in found.items()} == {
        "1号-000001.pdf": "秘密★5年",
        "2号-000001.pdf": "秘密★5年",
        "2号-000002.pdf": "秘密★5年",
        "3号-000001.pdf": "机密★10年",
    }
    assert all(report.agrees for report in found.values()), found
    facts = show_file(signed.out / "2号-000002.pdf").facts
    assert (facts["国家秘密标志"], facts["密级"], facts["份号"]) == ("秘密★5年", "秘密", "000002")
    assert CHANGE in facts["变更"]
    with signed.room.ledger() as ledger:
        assert ledger.verify() == []
        head = ledger.head()
        changes = [act for _, act in ledger.acts(MarkingChanged)]
    assert [(c.old_level, c.level, c.period, c.released) for c in changes] == [
        ("机密", "秘密", "5年", ""),
    ] * 2
    again = applied(signed, plan)
    assert [one.status for one in again.verdicts] == [RemarkStatus.UNCHANGED] * 3
    assert bytes_below(signed.out) == after
    with signed.room.ledger() as ledger:
        assert ledger.head() == head
    assert [names(planned(signed).files), names(planned(signed).unchanged)] == [
        [],
        ["1号-000001.pdf", "2号-000001.pdf", "2号-000002.pdf"],
    ]


def test_a_whole_run_in_processes_of_its_own(signed: Archive) -> None:
    plan = planned(signed)
    verified(signed, plan)
    result = applied(signed, plan)
    assert [one.status for one in result.verdicts] == [RemarkStatus.CHANGED] * 3
    assert [Path(one.path) for one in plan.files] == [one.path for one in result.verdicts]


def test_where_one_file_changed_since_nothing_is_done(signed: Archive) -> None:
    plan = planned(signed)
    verified(signed, plan)
    file = signed.out / "2号-000001.pdf"
    file.write_bytes(file.read_bytes() + b"\n")
    before = bytes_below(signed.out)
    with pytest.raises(PlanOutdated) as refused:
        applied(signed, plan)
    assert "2号-000001.pdf" in str(refused.value.params["faults"])
    assert bytes_below(signed.out) == before
    with signed.room.ledger() as ledger:
        assert not ledger.acts(MarkingChanged)


def test_where_the_document_was_changed_again_the_plan_is_outdated(signed: Archive) -> None:
    plan = planned(signed)
    verified(signed, plan)
    other = notice(number_of("1号.pdf"), number="示密变〔2026〕4号")
    remarked(signed, other)
    with pytest.raises(PlanOutdated):
        applied(signed, plan)


def test_what_a_notice_follows_is_written_down_with_the_change(signed: Archive) -> None:
    """For the papers that are derived: which change of a source they wait for no longer."""
    number = "示密变〔2026〕4号"
    remarked(signed, notice(number_of("1号.pdf"), number=number, source_change="源密〔2026〕9号"))
    with signed.room.ledger() as ledger:
        (change,) = [act for _, act in ledger.acts(MarkingChanged)]
        (follows,) = [act for _, act in ledger.acts(SourceFollowed)]
        assert ledger.verify() == []
        (known,) = [one for one in known_documents(ledger).documents if one.decided]
    assert (follows.document_id, follows.notice_number) == (change.document_id, number)
    assert [one.about for one in known.decided] == [follows.source_change] == ["源密〔2026〕9号"]
    assert known.document_id == change.document_id


def test_only_one_run_at_a_time(signed: Archive) -> None:
    plan = planned(signed)
    verified(signed, plan)
    with (
        only_one(signed.room.office.folder / remark_file.FOLDER, LOCK),
        pytest.raises(RemarkBatchOpen),
    ):
        applied(signed, plan)


def test_undo_brings_back_every_byte_and_the_time(signed: Archive) -> None:
    for file in signed.out.iterdir():
        os.utime(file, ns=(1_700_000_000_000_000_000,) * 2)
    before = bytes_below(signed.out)
    plan = planned(signed)
    verified(signed, plan)
    batch = applied(signed, plan).batch_id
    assert batch == batch_of(plan_digest(plan))
    with signed.desk() as desk:
        files = undo_batch(batch, desk)
    assert len(files) == 3 and bytes_below(signed.out) == before
    assert {f.stat().st_mtime_ns for f in signed.out.iterdir()} == {1_700_000_000_000_000_000}
    assert all(report.agrees for report in reports_of(signed).values())
    with signed.room.ledger() as ledger:
        assert len(ledger.acts(MarkingRestored)) == 2
    assert not list((signed.room.office.folder / "remark").glob("remark-*"))
    assert applied(signed, plan).count(RemarkStatus.CHANGED) == 3
    assert all(report.agrees for report in reports_of(signed).values())


def test_the_files_of_before_are_never_taken_for_files_to_change(signed: Archive) -> None:
    plan = planned(signed)
    verified(signed, plan)
    applied(signed, plan)
    assert list((signed.room.office.folder / "remark").rglob("*.pdf"))
    again = planned(signed, signed.room.folder)
    listed = (*again.files, *again.person, *again.alike, *again.unreadable)
    assert not again.files and not [one for one in listed if "/remark/" in one.path]


def test_undo_changes_nothing_where_a_file_is_not_as_it_was_left(signed: Archive) -> None:
    plan = planned(signed)
    verified(signed, plan)
    batch = applied(signed, plan).batch_id
    (signed.out / "1号-000001.pdf").unlink()
    before = bytes_below(signed.out)
    with signed.desk() as desk, pytest.raises(RemarkUndoRefused):
        undo_batch(batch, desk)
    with signed.desk() as desk, pytest.raises(RemarkBatchUnknown):
        undo_batch("remark-0", desk)
    assert bytes_below(signed.out) == before


def test_what_was_distributed_is_not_undone_and_the_originals_are_destroyed(
    signed: Archive,
) -> None:
    plan = planned(signed)
    verified(signed, plan)
    batch = applied(signed, plan).batch_id
    kept = signed.room.office.folder / "remark" / batch
    assert len(list(kept.iterdir())) == 3
    assert {file.stat().st_mode & 0o777 for file in kept.iterdir()} == {0o600}
    with signed.desk() as desk:
        assert confirm_distributed(batch, SECURITY, desk) == 3
        assert confirm_distributed(batch, SECURITY, desk) == 0
        with pytest.raises(RemarkDistributedAlready):
            undo_batch(batch, desk)
        assert len(desk.ledger.acts(RemarkDistributed, subject=batch)) == 1
        ((_, destroyed),) = desk.ledger.acts(RemarkDestroyed, subject=batch)
    assert len(destroyed.sm3) == 3 and not kept.exists()
