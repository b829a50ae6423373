"""`doctor` finishes or voids what a crash left, and removes nothing that is not ours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dingmi_mark.domain.ledger import (
    Entry,
    FileDigests,
    Intended,
    MarkingState,
    Prepared,
    Renamed,
    Settled,
    Voided,
)
from dingmi_mark.domain.ledger_chain import entry_of
from dingmi_mark.domain.ledger_settling import Finish, NeedsPerson, Void, VoidReason
from dingmi_mark.pipeline import settle
from dingmi_mark.pipeline.settle import LeftToOthers, SettleOutcome, settle_open
from dingmi_mark.store.ledger import Ledger

AT = "2026-03-02T09:00:00+08:00"
LATER = "2026-03-02T10:00:00+08:00"
MARKED = b"marked file"

INTENDED = Intended(
    document_id="document",
    marking_id="marking",
    generation=1,
    copy_id="copy",
    copy_number="",
    batch_id="batch-1",
    runner="run-1",
    approval_number="定审〔2026〕3号",
    approval_digest="a0",
    without_digest=False,
    level="机密",
    period="10年",
    last_secret_day="",
    classification_kind="原始定密",
    draft=FileDigests("d", "d"),
    content_digest="c",
    target="out/marked.pdf",
    temporary="out/.dingmi-marking-copy.tmp",
    program_version="0.1.0",
    at=AT,
)
PREPARED = Prepared(
    marking_id="marking",
    copy_id="copy",
    marked=FileDigests(
        sm3=hashlib.new("sm3", MARKED).hexdigest(), sha256=hashlib.sha256(MARKED).hexdigest()
    ),
    content_digest="c",
    confirmed="rendered",
    at=AT,
)
RENAMED = Renamed("marking", "copy", AT)


@dataclass(frozen=True)
class Crashed:
    """An office with a marking that was left open."""

    ledger: Ledger
    folder: Path

    @property
    def target(self) -> Path:
        return self.folder / INTENDED.target

    @property
    def temporary(self) -> Path:
        return self.folder / INTENDED.temporary

    def after(self, *entries: Entry) -> None:
        self.ledger.append(*entries)

    def settle(self) -> SettleOutcome:
        [outcome] = settle_open(self.ledger, self.folder, LATER, "0.1.0")
        return outcome

    @property
    def state(self) -> MarkingState:
        record = self.ledger.marking("marking", "copy")
        assert record is not None
        return record.state


@pytest.fixture
def crashed(tmp_path: Path) -> Iterator[Crashed]:
    (tmp_path / "out").mkdir()
    with Ledger.create(f"sqlite:///{tmp_path}/ledger/ledger.sqlite", "office", AT) as ledger:
        yield Crashed(ledger, tmp_path)


def test_an_intent_alone_is_voided_and_its_temporary_file_removed(crashed: Crashed) -> None:
    crashed.after(INTENDED)
    crashed.temporary.write_bytes(b"half a file")
    outcome = crashed.settle()
    void = Void(VoidReason.INTERRUPTED_BEFORE_PREPARED)
    assert outcome == SettleOutcome("marking", "copy", INTENDED.target, void)
    assert crashed.state is MarkingState.VOIDED
    assert list((crashed.folder / "out").iterdir()) == []
    *_, decided, voided = (entry_of(link) for link in crashed.ledger.entries())
    assert isinstance(decided, Settled)
    assert decided.decision == "void"
    assert decided.temporary_sm3 == hashlib.new("sm3", b"half a file").hexdigest()
    assert voided == Voided("marking", "copy", "interrupted_before_prepared", LATER)
    assert crashed.ledger.verify() == []


def test_a_file_of_others_under_the_target_stays(crashed: Crashed) -> None:
    crashed.after(INTENDED)
    crashed.target.write_bytes(b"somebody's file")
    assert isinstance(crashed.settle().result, Void)
    assert crashed.target.read_bytes() == b"somebody's file"


@pytest.mark.parametrize("steps", [[INTENDED, PREPARED], [INTENDED, PREPARED, RENAMED]])
def test_a_marked_file_at_its_target_is_finished(crashed: Crashed, steps: list[Entry]) -> None:
    crashed.after(*steps)
    crashed.target.write_bytes(MARKED)
    crashed.temporary.hardlink_to(crashed.target)
    assert crashed.settle().result == Finish()
    assert crashed.state is MarkingState.DONE
    assert not crashed.temporary.exists()
    assert crashed.target.read_bytes() == MARKED
    assert crashed.ledger.open_markings() == []


def test_a_prepared_file_that_was_not_renamed_is_voided(crashed: Crashed) -> None:
    crashed.after(INTENDED, PREPARED)
    crashed.temporary.write_bytes(MARKED)
    assert crashed.settle().result == Void(VoidReason.INTERRUPTED_BEFORE_RENAMED)
    assert not crashed.temporary.exists()
    assert not crashed.target.exists()


@pytest.mark.parametrize("content", [b"altered since", None])
def test_what_contradicts_the_ledger_needs_a_person(
    crashed: Crashed, content: bytes | None
) -> None:
    crashed.after(INTENDED, PREPARED)
    if content is not None:
        crashed.target.write_bytes(content)
    head = crashed.ledger.head()
    assert isinstance(crashed.settle().result, NeedsPerson)
    assert crashed.ledger.head() == head
    assert crashed.target.exists() == (content is not None)


@pytest.mark.parametrize("name", ["out/report.pdf", "elsewhere/.dingmi-x.tmp"])
def test_a_file_that_is_not_provably_ours_is_never_removed(crashed: Crashed, name: str) -> None:
    crashed.after(replace(INTENDED, temporary=name))
    file = crashed.folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"precious")
    assert isinstance(crashed.settle().result, NeedsPerson)
    assert file.read_bytes() == b"precious"


def test_links_and_folders_are_never_removed(crashed: Crashed) -> None:
    crashed.after(INTENDED)
    precious = crashed.folder / "precious"
    precious.write_bytes(b"precious")
    crashed.temporary.symlink_to(precious)
    assert isinstance(crashed.settle().result, NeedsPerson)
    crashed.temporary.unlink()
    crashed.temporary.mkdir()
    assert isinstance(crashed.settle().result, NeedsPerson)
    assert precious.read_bytes() == b"precious"


def test_the_work_of_a_living_run_is_left_alone(crashed: Crashed) -> None:
    crashed.after(INTENDED)
    crashed.temporary.write_bytes(b"being written")
    with crashed.ledger.running("run-1"):
        assert crashed.settle().result == LeftToOthers()
        assert crashed.temporary.exists()
    assert isinstance(crashed.settle().result, Void)


def test_only_the_named_batch_is_settled(crashed: Crashed) -> None:
    crashed.after(INTENDED)
    assert settle_open(crashed.ledger, crashed.folder, LATER, "0.1.0", only_batch="other") == []
    [_] = settle_open(crashed.ledger, crashed.folder, LATER, "0.1.0", only_batch="batch-1")
    assert settle_open(crashed.ledger, crashed.folder, LATER, "0.1.0") == []


def test_a_folder_that_is_gone_is_settled(crashed: Crashed) -> None:
    crashed.after(INTENDED)
    (crashed.folder / "out").rmdir()
    assert isinstance(crashed.settle().result, Void)


@pytest.mark.parametrize("before_removing", [True, False])
def test_a_doctor_that_crashes_itself_is_settled_alike(
    crashed: Crashed, monkeypatch: pytest.MonkeyPatch, before_removing: bool
) -> None:
    crashed.after(INTENDED, PREPARED)
    crashed.temporary.write_bytes(MARKED)

    def crash(path: Path) -> None:
        if not before_removing:
            path.unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as failing:
        failing.setattr(settle, "_remove", crash)
        with pytest.raises(KeyboardInterrupt):
            crashed.settle()
    assert crashed.state is MarkingState.VOIDING
    assert crashed.settle().result == Void(VoidReason.INTERRUPTED_WHILE_VOIDING)
    assert crashed.state is MarkingState.VOIDED
    assert not crashed.temporary.exists()


def test_what_another_settled_meanwhile_is_left(
    crashed: Crashed, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed.after(INTENDED)
    opened = crashed.ledger.open_markings()
    crashed.after(Voided("marking", "copy", "not_confirmed", LATER))
    monkeypatch.setattr(crashed.ledger, "open_markings", lambda _batch: opened)
    assert crashed.settle().result == LeftToOthers()
