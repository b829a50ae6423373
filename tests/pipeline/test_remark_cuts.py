"""Re-marking and undoing that are cut off: killed at any step, or without room on the disk."""

from __future__ import annotations

import errno
import shutil
from types import ModuleType
from typing import Any

import pytest

from approval_kit import SECURITY
from dingmi_mark.domain.ledger_changes import (
    MarkingRestored,
    RemarkDestroyed,
    RemarkDone,
    RemarkVoided,
)
from dingmi_mark.domain.remark_plan import batch_of
from dingmi_mark.errors import (
    OutputDiskFull,
)
from dingmi_mark.pipeline import clock, remark_file, remark_undoing
from dingmi_mark.pipeline.doctor import Patient
from dingmi_mark.pipeline.doctor_remarks import remarks_seen
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_settling import open_remarks
from dingmi_mark.pipeline.remark_undoing import confirm_distributed, undo_batch
from dingmi_mark.store.remark_plans import plan_digest
from remark_kit import (
    Archive,
    applied,
    bytes_below,
    planned,
    reports_of,
    verified,
    without_processes,
)

pytestmark = pytest.mark.usefixtures("in_this_process")


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
