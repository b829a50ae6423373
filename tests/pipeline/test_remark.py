"""Exactly the files of a notice change their marks: planned, verified, done, undone."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from approval_kit import REVIEWER, SECURITY
from dingmi_mark.domain.change import ChangeKind, NewValues
from dingmi_mark.domain.ledger_changes import (
    MarkingChanged,
    MarkingRestored,
    RemarkDestroyed,
    RemarkDistributed,
    RemarkDone,
    RemarkVoided,
)
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.domain.remark_plan import batch_of
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import (
    OutputDiskFull,
    PlanInvalid,
    PlanNotVerified,
    PlanOutdated,
    RemarkBatchOpen,
    RemarkBatchUnknown,
    RemarkDistributedAlready,
    RemarkPlaceFull,
    RemarkUndoRefused,
    VerifierRefused,
)
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.pipeline import clock, remark_file, remark_undoing
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.doctor import Patient
from dingmi_mark.pipeline.doctor_remarks import remarks_seen
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.remark_file import LOCK, RemarkStatus
from dingmi_mark.pipeline.remark_settling import open_remarks
from dingmi_mark.pipeline.remark_undoing import confirm_distributed, undo_batch
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.store.office_lock import only_one
from dingmi_mark.store.remark_plans import plan_digest, read_plan, write_plan
from office_kit import QUOTE, docx, full_page, pdf
from remark_kit import (
    CHANGE,
    Archive,
    People,
    applied,
    archive,
    notice,
    number_of,
    planned,
    remarked,
    verified,
    without_processes,
)
from remark_tree_kit import faults_of, make_tree

needs_soffice = pytest.mark.skipif(find_soffice() is None, reason="needs LibreOffice")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An office with three marked papers, to be copied."""
    made = archive(tmp_path_factory.mktemp("office"))
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        made.mark("1号.pdf")
        made.mark("2号.pdf", pdf(2), copies=2)
        made.mark("3号.pdf", pdf(3))
    return made


@pytest.fixture(autouse=True)
def _here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in this process, but where a test says otherwise."""
    if "in_processes" in request.node.name:
        yield
        return
    with without_processes(monkeypatch):
        yield


@pytest.fixture
def papers(original: Archive, tmp_path: Path) -> Archive:
    """The same office in a folder of its own."""
    from dataclasses import replace

    from dingmi_mark.store.office import read_office

    here = tmp_path / "here"
    shutil.copytree(original.room.folder, here)
    room = replace(original.room, folder=here, office=read_office(here / "office"))
    return Archive(People(room, original.crew.hands), dict(original.records))


@pytest.fixture
def signed(papers: Archive) -> Archive:
    """A notice about the first two papers is signed."""
    papers.sign(notice(number_of("1号.pdf"), number_of("2号.pdf")))
    return papers


def bytes_below(folder: Path) -> dict[str, bytes]:
    """The files people see; what lies under a temporary name is none of them."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.name: path.read_bytes() for path in files if not path.name.startswith(".")}


def names(files: Any) -> list[str]:
    return sorted(Path(one.path).name for one in files)


def quiet(_: object) -> None:
    return None


def reports_of(papers: Archive) -> dict[str, Any]:
    found = check_files([papers.out], papers.room.office, on_report=quiet)
    return {report.file.name: report for report in found}


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


class _Killed(BaseException):
    """As if the process had been killed: nothing of ours catches it."""


STEPS = ("keep_original", "opened_marked", "redrawn", "_take_over", "_prepared", "replace_file")


def _cut(
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    *,
    afterwards: bool,
    module: ModuleType = remark_file,
    at: int = 1,
) -> None:
    """Die before or after a step; a step that comes once only, the first time it comes."""
    real, calls = getattr(module, step), 0

    def killed(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls < at and step not in ("_restored", "_remove_kept"):
            return real(*args, **more)
        if afterwards:
            real(*args, **more)
        raise _Killed

    monkeypatch.setattr(module, step, killed)


@pytest.mark.parametrize("afterwards", [False, True])
@pytest.mark.parametrize("step", STEPS)
def test_a_run_goes_on_after_a_kill_at_any_point(
    signed: Archive, monkeypatch: pytest.MonkeyPatch, step: str, *, afterwards: bool
) -> None:
    plan = planned(signed)
    verified(signed, plan)
    before = bytes_below(signed.out)
    with monkeypatch.context() as patched, without_processes(patched):
        _cut(patched, step, afterwards=afterwards)
        with pytest.raises(_Killed):
            applied(signed, plan)
    replaced = step == "replace_file" and afterwards
    assert (bytes_below(signed.out) == before) != replaced
    result = applied(signed, plan)
    assert all(one.error is None for one in result.verdicts), result
    assert result.count(RemarkStatus.CHANGED) == (2 if replaced else 3)
    assert all(report.agrees for report in reports_of(signed).values())
    assert not list(signed.out.glob(".dingmi-*"))
    with signed.room.ledger() as ledger:
        assert not open_remarks(ledger) and ledger.verify() == []
        assert len(ledger.acts(RemarkDone)) == 3
    with signed.desk() as desk:
        undo_batch(result.batch_id, desk)
    assert bytes_below(signed.out) == before


def test_doctor_settles_what_a_kill_left(signed: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned(signed)
    verified(signed, plan)
    with monkeypatch.context() as patched, without_processes(patched):
        _cut(patched, "replace_file", afterwards=True)
        with pytest.raises(_Killed):
            applied(signed, plan)
    patient = Patient(signed.room.office, clock.today(), clock.now(), "0")
    with signed.room.ledger() as ledger:
        told = [str(line.says) for line in remarks_seen(ledger, patient)]
        assert not open_remarks(ledger)
    assert told[0] == "1 re-marking(s) were interrupted and are settled."
    assert batch_of(plan_digest(plan)) in told[1]


UNDO_CUTS = [
    *(("copy_for", False), ("copy_for", True), ("replace_file", False), ("replace_file", True)),
    *(("_restored", False), ("_remove_kept", False), ("_remove_kept", True)),
]


@pytest.mark.parametrize(("step", "afterwards"), UNDO_CUTS)
def test_undoing_goes_on_after_a_kill_at_any_point(
    signed: Archive, monkeypatch: pytest.MonkeyPatch, step: str, *, afterwards: bool
) -> None:
    before = bytes_below(signed.out)
    plan = planned(signed)
    verified(signed, plan)
    batch = applied(signed, plan).batch_id
    patient = Patient(signed.room.office, clock.today(), clock.now(), "0")
    with monkeypatch.context() as patched:
        _cut(patched, step, afterwards=afterwards, module=remark_undoing, at=2)
        with signed.desk() as desk, pytest.raises(_Killed):
            undo_batch(batch, desk)
    with signed.room.ledger() as ledger:
        told = [str(line.says) for line in remarks_seen(ledger, patient)]
    over = step == "_remove_kept" and afterwards
    assert any("was interrupted" in line for line in told) != over
    assert not list(signed.out.glob(".dingmi-*"))
    with signed.desk() as desk:
        undo_batch(batch, desk)
        assert len(desk.ledger.acts(MarkingRestored)) == 2
        assert not list(remarks_seen(desk.ledger, patient))
    assert bytes_below(signed.out) == before
    assert not list((signed.room.office.folder / "remark").glob("remark-*"))
    assert all(report.agrees for report in reports_of(signed).values())


def test_a_document_without_any_file_is_as_before_when_the_run_is_undone(signed: Archive) -> None:
    (signed.out / "1号-000001.pdf").unlink()
    plan = planned(signed)
    verified(signed, plan)
    batch = applied(signed, plan).batch_id
    with signed.desk() as desk:
        undo_batch(batch, desk)
        assert len(desk.ledger.acts(MarkingRestored)) == 2


def test_undoing_changes_nothing_where_there_is_no_room(
    signed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(signed)
    verified(signed, plan)
    batch = applied(signed, plan).batch_id
    after = bytes_below(signed.out)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched, signed.desk() as desk:
        patched.setattr(shutil, "copyfileobj", full)
        with pytest.raises(OutputDiskFull):
            undo_batch(batch, desk)
    assert bytes_below(signed.out) == after and not list(signed.out.glob(".dingmi-*"))


def test_a_kill_while_the_files_of_before_are_destroyed_leaves_none_untold(
    signed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(signed)
    verified(signed, plan)
    batch = applied(signed, plan).batch_id
    with monkeypatch.context() as patched, signed.desk() as desk:
        _cut(patched, "_remove_kept", afterwards=True, module=remark_undoing, at=1)
        with pytest.raises(_Killed):
            confirm_distributed(batch, SECURITY, desk)
    with signed.desk() as desk:
        assert confirm_distributed(batch, SECURITY, desk) == 3
        ((_, destroyed),) = desk.ledger.acts(RemarkDestroyed, subject=batch)
    assert len(destroyed.sm3) == 3


def test_a_full_disk_costs_verdicts_and_no_file(
    signed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(signed)
    verified(signed, plan)
    before = bytes_below(signed.out)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfileobj", full)
        result = applied(signed, plan)
    assert {type(one.error) for one in result.verdicts} == {OutputDiskFull}
    assert bytes_below(signed.out) == before
    with signed.room.ledger() as ledger:
        assert len(ledger.acts(RemarkVoided)) == 3 and not open_remarks(ledger)
    assert applied(signed, plan).count(RemarkStatus.CHANGED) == 3


def test_a_second_change_strikes_the_second_mark_and_a_release_ends_it(papers: Archive) -> None:
    remarked(papers, notice(number_of("1号.pdf")))
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    remarked(papers, notice(number_of("1号.pdf"), number="示密变〔2026〕4号", new=new))
    kind = ChangeKind.RELEASED_EARLY
    result = remarked(papers, notice(number_of("1号.pdf"), number="示密解〔2026〕5号", kind=kind))
    assert [one.status for one in result.verdicts] == [RemarkStatus.CHANGED]
    file = papers.out / "1号-000001.pdf"
    report = reports_of(papers)[file.name]
    assert (report.mark, report.agrees) == ("解密", True), report
    shown = [str(line.says) for line in report.lines]
    for text in ("机密★10年", "秘密★5年", "机密★3年", "“解密”", "提前解密 2026年"):
        assert any(text in line for line in shown), text
    old = ("机密★10年", "秘密★5年", "机密★3年")
    assert tuple(_struck(file, *old, "000001", "提前解密")) == old
    facts = show_file(file).facts
    assert facts["解密标志"].startswith("解密 ") and "国家秘密标志" not in facts
    assert facts["状态"] == "已解密"


def _struck(file: Path, *texts: str) -> Iterator[str]:
    """The texts on page one through which a line runs, by another program's eyes."""
    import pymupdf

    with pymupdf.open(file) as document:
        page = document[0]
        lines = [
            item[1:3]
            for path in page.get_drawings()
            for item in path["items"]
            if item[0] == "l" and abs(item[1].y - item[2].y) < 0.1
        ]
        for text in texts:
            (place,) = page.search_for(text)[:1]
            if any(
                a.x <= place.x0 + 1 and b.x >= place.x1 - 1 and place.y0 < a.y < place.y1
                for a, b in lines
            ):
                yield text


def test_a_file_with_the_mark_of_before_is_told_and_does_not_print(signed: Archive) -> None:
    copy = signed.out / "copy.pdf"
    shutil.copy(signed.out / "1号-000001.pdf", copy)
    plan = planned(signed)
    verified(signed, plan)
    shutil.copy(copy, signed.room.folder / "old.pdf")
    applied(signed, plan)
    old = signed.room.folder / "old.pdf"
    (report,) = check_files([old], signed.room.office, on_report=quiet)
    assert not report.agrees and any(CHANGE in str(line.says) for line in report.lines)
    request = PrintRequest((old, copy), "王样例")
    first, second = preprint_files(request, signed.room.office, on_verdict=quiet)
    assert (first.reason, second.reason) == (PrintReason.OVERTAKEN, PrintReason.MARKED)


def test_points_that_are_released_are_struck_and_say_so(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    point = ClassifiedPoint("1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor(QUOTE))
    papers.mark("1号.pdf", points=(point,))
    kind = ChangeKind.PARTLY_RELEASED
    filed = notice(number_of("1号.pdf"), kind=kind, items=("1",))
    result = remarked(papers, filed)
    assert [one.error for one in result.verdicts] == [None]
    (report,) = reports_of(papers).values()
    assert report.agrees and report.mark == "机密★10年", report
    import pymupdf

    with pymupdf.open(papers.out / "1号-000001.pdf") as document:
        text = document[0].get_text()
    assert "（机密）" in text and "（解密）" in text


def test_where_the_place_is_full_the_file_stays_as_it_is_and_it_is_told(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    papers.mark("1号.pdf", _crowded())
    before = bytes_below(papers.out)
    (verdict,) = remarked(papers, notice(number_of("1号.pdf"))).verdicts
    assert isinstance(verdict.error, RemarkPlaceFull), verdict
    assert bytes_below(papers.out) == before
    assert not list((papers.room.office.folder / "remark").rglob("*.pdf"))


def test_a_page_with_a_strip_has_room_for_a_change_and_the_release(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    papers.mark("1号.pdf", full_page(), form="其他")
    remarked(papers, notice(number_of("1号.pdf")))
    kind = ChangeKind.RELEASED_EARLY
    result = remarked(papers, notice(number_of("1号.pdf"), number="示密解〔2026〕5号", kind=kind))
    assert [one.status for one in result.verdicts] == [RemarkStatus.CHANGED], result.verdicts
    file = papers.out / "1号-000001.pdf"
    report = reports_of(papers)[file.name]
    assert (report.mark, report.agrees) == ("解密", True), report
    assert tuple(_struck(file, "机密★10年", "秘密★5年")) == ("机密★10年", "秘密★5年")


def _crowded() -> bytes:
    """A page with text right and below of where the mark goes."""
    import pymupdf

    from dingmi_mark.store.fonts import BUNDLED

    document = pymupdf.open(stream=pdf())
    page = document[0]
    font = pymupdf.Font(fontfile=str(BUNDLED))
    writer = pymupdf.TextWriter(page.rect)
    for row in range(9):
        writer.append((79.4, 166 + row * 9), "样例文字" * 6, font, 8)
    for row in range(3):
        writer.append((170, 131 + row * 9), "样例" * 6, font, 8)
    writer.write_text(page)
    document.subset_fonts()
    return bytes(document.tobytes(garbage=3, no_new_id=True))


@needs_soffice
def test_a_word_file_is_struck_and_marked_anew(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    point = ClassifiedPoint("1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor(QUOTE))
    papers.mark("1号.docx", docx(), points=(point,))
    file = papers.out / "1号-000001.docx"
    before = file.read_bytes()
    kind = ChangeKind.RELEASED_EARLY
    result = remarked(papers, notice(number_of("1号.docx"), kind=kind))
    assert [one.error for one in result.verdicts] == [None]
    (report,) = reports_of(papers).values()
    assert (report.agrees, report.mark) == (True, "解密"), report
    facts = show_file(file).facts
    assert "解密标志" in facts and "国家秘密标志" not in facts
    import zipfile

    with zipfile.ZipFile(file) as package:
        document = package.read("word/document.xml").decode()
        properties = package.read("docProps/custom.xml").decode()
    assert '<w:strike w:val="1"/>' in document and "机密" in document
    assert properties.count('name="密级"') == 1 and "国家秘密标志" not in properties
    with papers.desk() as desk:
        undo_batch(result.batch_id, desk)
    assert file.read_bytes() == before
