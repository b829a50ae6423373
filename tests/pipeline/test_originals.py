"""After marking, the unmarked original is kept, archived or deleted, with proof in the ledger."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from approval_kit import NUMBER, People, moment, people, proposal, put_draft
from dingmi_mark.domain.ledger_drafts import DraftLeaving, DraftLeft, DraftRegistered
from dingmi_mark.domain.originals import Outcome
from dingmi_mark.errors import (
    ArchiveDiskFull,
    ArchiveNotWritable,
    DingmiError,
    DraftNotAccessible,
    ExitCode,
    OriginalChanged,
    OriginalHasOtherNames,
    OriginalIsLink,
    OriginalNotRemoved,
    OriginalWithoutMarkedCopy,
    OriginalWriteProtected,
)
from dingmi_mark.pipeline import leaving as leaving_module
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.desk import open_desk
from dingmi_mark.pipeline.doctor import Diagnosis, Health, Patient, examine_office, outcome_code
from dingmi_mark.pipeline.leaving import Proof
from dingmi_mark.pipeline.mark import mark_draft
from dingmi_mark.pipeline.originals_settled import settle_originals
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import BatchResult, Status, Verdict
from dingmi_mark.store.approval_tree import (
    REVIEW_PAGE,
    draft_in_tree,
    find_record,
    folder_of,
)
from dingmi_mark.store.approvals import read_approval
from dingmi_mark.store.ledger import Ledger
from office_kit import NOW, Room, approved, new_room, only, pdf

ARCHIVE = 'drafts_after = "archive"'
DELETE = 'drafts_after = "delete"'
CONTENT = pdf()


def room_with(folder: Path, *policies: str, copies: int = 1) -> Room:
    """Make an office with such a policy, a draft and its record."""
    room = new_room(folder)
    room.put("通知.pdf", CONTENT, approved(CONTENT, "通知.pdf", copies=copies))
    return room.with_policies(*policies)


def number_of(room: Room) -> str:
    return read_approval(room.approvals / "通知.pdf.toml").record.number


def archived(room: Room) -> list[Path]:
    return sorted(path for path in room.office.archive.rglob("*") if path.is_file())


def acts(room: Room) -> list[DraftLeaving | DraftLeft]:
    with room.ledger() as ledger:
        return [act for _, act in ledger.acts(DraftLeaving, DraftLeft)]


def task_of(room: Room) -> MarkTask:
    kept = read_approval(room.approvals / "通知.pdf.toml")
    return MarkTask(room.drafts / "通知.pdf", kept, room.out / "通知.pdf", by_digest=True)


def marked_here(room: Room) -> Verdict:
    """Mark in this process, so that a step can be replaced."""
    with open_desk(room.office, "test-1") as desk:
        return mark_draft(task_of(room), desk)


def error_of(verdict: Verdict) -> DingmiError | None:
    assert verdict.status in (Status.MARKED, Status.UNCHANGED), verdict.error
    return verdict.originals[0].error


def doctor(room: Room) -> list[Diagnosis]:
    return list(examine_office(Patient(room.office, NOW.date(), NOW.isoformat(), "0.1.0")))


# ── what the policy says ─────────────────────────────────────────────────────────────────────


def test_kept_by_default_and_registered_with_its_digests(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    (left,) = only(room.mark()).originals
    assert left.outcome is Outcome.KEPT
    assert left.place is not None and left.place.read_bytes() == CONTENT
    begun, ended = acts(room)
    assert isinstance(begun, DraftLeaving) and isinstance(ended, DraftLeft)
    assert (begun.action, ended.outcome, ended.origin_gone) == ("keep", "kept", False)
    assert ended.sm3 == hashlib.new("sm3", CONTENT).hexdigest()
    assert ended.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert ended.place == ended.origin == str(room.drafts / "通知.pdf")
    assert only(room.mark()).originals == ()  # a second run has nothing to add
    assert len(acts(room)) == 2


def test_archived_the_new_place_read_again_and_the_old_one_gone(tmp_path: Path) -> None:
    room = room_with(tmp_path, ARCHIVE, copies=3)
    (left,) = only(room.mark()).originals
    assert left.outcome is Outcome.ARCHIVED and left.error is None
    assert not (room.drafts / "通知.pdf").exists()
    (file,) = archived(room)
    assert file == left.place == folder_of(room.office.archive, number_of(room)) / "通知.pdf"
    assert file.read_bytes() == CONTENT
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    begun, ended = acts(room)
    assert isinstance(ended, DraftLeft)
    assert (begun.origin, ended.place) == (ended.origin, os.path.relpath(file, room.office.folder))
    assert ended.origin_gone and not ended.settled


def test_deleted_only_after_every_marked_copy_was_read_again(tmp_path: Path) -> None:
    room = room_with(tmp_path, DELETE, copies=2)
    verdict = only(room.mark())
    assert verdict.originals[0].outcome is Outcome.DELETED
    assert not (room.drafts / "通知.pdf").exists() and not archived(room)
    begun, ended = acts(room)
    assert isinstance(ended, DraftLeft)
    digests = {
        copy.copy_id: hashlib.new("sm3", copy.path.read_bytes()).hexdigest()
        for copy in verdict.copies
    }
    assert dict(ended.copies) == dict(begun.copies) == digests and len(digests) == 2


@pytest.mark.parametrize(("policy", "stays"), [(ARCHIVE, False), (DELETE, False), ("", True)])
def test_the_officers_page_goes_where_originals_may_not_stay(
    tmp_path: Path, policy: str, stays: bool
) -> None:
    crew = people(tmp_path)
    kept = crew.approved(proposal(), put_draft(crew.room))
    page = kept.folder / REVIEW_PAGE
    page.write_text("样例：文稿首页的图片", encoding="utf-8")
    crew.room = crew.room.with_policies(*filter(None, [policy]))
    shutil.copy(kept.path, crew.room.approvals / "r.toml")
    assert only(crew.room.mark()).status is Status.MARKED
    assert page.exists() is stays


def test_a_dry_run_and_a_copy_that_fails_leave_the_original(tmp_path: Path) -> None:
    room = room_with(tmp_path, DELETE, copies=2)
    room.mark(dry_run=True)
    room.out.mkdir()
    (room.out / "通知-000002.pdf").write_bytes(b"something else")
    verdict = only(room.mark())
    assert verdict.status is Status.FAILED and len(verdict.copies) == 1
    assert verdict.originals == () and acts(room) == []
    assert (room.drafts / "通知.pdf").read_bytes() == CONTENT
    (room.out / "通知-000002.pdf").unlink()
    assert only(room.mark()).originals[0].outcome is Outcome.DELETED


def test_the_policy_of_today_holds_for_what_was_marked_before(tmp_path: Path) -> None:
    room = room_with(tmp_path)
    room.mark()
    verdict = only(room.with_policies(ARCHIVE).mark())
    assert verdict.status is Status.UNCHANGED
    assert verdict.originals[0].outcome is Outcome.ARCHIVED


def test_nothing_in_the_archive_is_ever_replaced(tmp_path: Path) -> None:
    room = room_with(tmp_path, ARCHIVE)
    folder = folder_of(room.office.archive, number_of(room))
    folder.mkdir()
    (folder / "通知.pdf").write_bytes(b"another original")
    room.mark()
    sm3 = hashlib.new("sm3", CONTENT).hexdigest()
    contents = {path.name: path.read_bytes() for path in archived(room)}
    assert contents == {"通知.pdf": b"another original", f"通知-{sm3[:16]}.pdf": CONTENT}


def test_marking_a_file_of_the_archive_leaves_it_there(tmp_path: Path) -> None:
    room = room_with(tmp_path, ARCHIVE)
    room.mark()
    (file,) = archived(room)
    for policy in (ARCHIVE, DELETE):
        office = room.with_policies(policy).office
        request = MarkRequest((file,), (room.approvals,), room.out)
        verdict = only(mark_drafts(request, office, on_start=quiet, on_verdict=quiet))
        assert verdict.status is Status.UNCHANGED and verdict.originals == ()
        assert file.read_bytes() == CONTENT


def quiet(_: object) -> None:
    return None


# ── running the command again ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("policy", [ARCHIVE, DELETE])
def test_a_second_run_over_the_emptied_folder_is_no_error(tmp_path: Path, policy: str) -> None:
    room = room_with(tmp_path, policy)
    room.mark()
    again = room.mark()
    assert (again.verdicts, again.without_draft, again.marked_before) == ((), (), 1)


@pytest.mark.parametrize("policy", [ARCHIVE, DELETE])
def test_naming_the_draft_that_left_tells_where_it_went(tmp_path: Path, policy: str) -> None:
    room = room_with(tmp_path, policy)
    room.mark()
    verdict = only(mark_one(room, room.drafts / "通知.pdf"))
    assert verdict.status is Status.UNCHANGED and verdict.approval == number_of(room)
    assert verdict.originals[0].outcome is not Outcome.KEPT
    other = only(mark_one(room, room.drafts / "没有.pdf"))
    assert isinstance(other.error, DraftNotAccessible)


def mark_one(room: Room, draft: Path) -> BatchResult:
    request = MarkRequest((draft,), (room.approvals,), room.out)
    return mark_drafts(request, room.office, on_start=quiet, on_verdict=quiet)


def test_a_record_is_missed_only_while_copies_are_still_to_be_made(tmp_path: Path) -> None:
    room = room_with(tmp_path, copies=2)
    room.out.mkdir()
    (room.out / "通知-000002.pdf").write_bytes(b"in the way")
    room.mark()
    (room.drafts / "通知.pdf").unlink()
    assert room.mark().without_draft == (room.approvals / "通知.pdf.toml",)


def test_a_copy_found_elsewhere_goes_the_same_way(tmp_path: Path) -> None:
    room = room_with(tmp_path, ARCHIVE)
    room.mark()
    room.put("又一份/通知.pdf", CONTENT)
    assert only(room.mark()).originals[0].outcome is Outcome.ARCHIVED
    assert len(archived(room)) == 1 and not (room.drafts / "又一份/通知.pdf").exists()


# ── what stands against it ───────────────────────────────────────────────────────────────────


def changed(room: Room) -> None:
    (room.drafts / "通知.pdf").write_bytes(pdf(2))


def linked(room: Room) -> None:
    os.link(room.drafts / "通知.pdf", room.folder / "other.pdf")


def write_protected(room: Room) -> None:
    (room.drafts / "通知.pdf").chmod(0o400)


def behind_a_link(room: Room) -> None:
    (room.drafts / "通知.pdf").rename(room.folder / "real.pdf")
    (room.drafts / "通知.pdf").symlink_to(room.folder / "real.pdf")


@pytest.mark.parametrize("policy", [ARCHIVE, DELETE])
@pytest.mark.parametrize(
    ("obstacle", "expected", "reason"),
    [
        (linked, OriginalHasOtherNames, "other_names"),
        (write_protected, OriginalWriteProtected, "write_protected"),
        (behind_a_link, OriginalIsLink, "link"),
    ],
)
def test_what_must_not_be_removed_stays_and_the_ledger_says_why(
    tmp_path: Path,
    policy: str,
    obstacle: Callable[[Room], None],
    expected: type[DingmiError],
    reason: str,
) -> None:
    room = room_with(tmp_path, policy)
    obstacle(room)
    verdict = marked_here(room)
    assert verdict.status is Status.MARKED
    error = error_of(verdict)
    assert isinstance(error, expected) and error.code is ExitCode.ORIGINAL_REMAINS
    assert (room.drafts / "通知.pdf").read_bytes() == CONTENT and not archived(room)
    ended = acts(room)[-1]
    assert isinstance(ended, DraftLeft) and (ended.outcome, ended.reason) == ("remains", reason)
    assert outcome_code(doctor(room)) is ExitCode.ORIGINAL_REMAINS


@pytest.mark.parametrize("policy", ['drafts_after = "keep"', ARCHIVE, DELETE])
def test_a_draft_changed_since_it_was_marked_is_never_touched(
    tmp_path: Path, policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_with(tmp_path, policy)
    real = leaving_module.carried_out

    def late(*arguments: object) -> object:
        changed(room)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("dingmi_mark.pipeline.originals.carried_out", late)
    error = error_of(marked_here(room))
    assert isinstance(error, OriginalChanged)
    assert (room.drafts / "通知.pdf").read_bytes() == pdf(2) and not archived(room)


def test_no_right_to_remove_is_told_and_mended_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_with(tmp_path, ARCHIVE)

    real = os.unlink

    def refuse(path: Path, **more: int) -> None:
        if Path(path) == room.drafts / "通知.pdf":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        real(path, **more)

    monkeypatch.setattr(leaving_module.os, "unlink", refuse)
    error = error_of(marked_here(room))
    assert isinstance(error, OriginalNotRemoved)
    assert (room.drafts / "通知.pdf").read_bytes() == CONTENT
    monkeypatch.undo()
    (left,) = only(room.mark()).originals
    assert left.outcome is Outcome.ARCHIVED and len(archived(room)) == 1
    assert outcome_code(doctor(room)) is ExitCode.OK


@pytest.mark.parametrize(
    ("cause", "expected"), [(errno.ENOSPC, ArchiveDiskFull), (errno.EIO, ArchiveNotWritable)]
)
def test_an_archive_that_takes_nothing_costs_neither_mark_nor_original(
    tmp_path: Path, cause: int, expected: type[DingmiError], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_with(tmp_path, ARCHIVE)

    def full(work: object) -> None:
        work._temporary.write_bytes(CONTENT[:9])  # type: ignore[attr-defined]
        raise OSError(cause, os.strerror(cause))

    monkeypatch.setattr(leaving_module._Leaving, "_fill_temporary", full)
    assert isinstance(error_of(marked_here(room)), expected)
    assert (room.drafts / "通知.pdf").read_bytes() == CONTENT and not archived(room)


def test_an_archive_that_is_no_folder(tmp_path: Path) -> None:
    room = room_with(tmp_path, ARCHIVE)
    room.office.archive.rmdir()
    room.office.archive.write_bytes(b"")
    assert isinstance(error_of(only(room.mark())), ArchiveNotWritable)
    assert (room.drafts / "通知.pdf").read_bytes() == CONTENT


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"altered")])
def test_nothing_is_deleted_without_its_marked_successors(
    tmp_path: Path, spoil: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    room = room_with(tmp_path, DELETE, copies=2)
    real = leaving_module.carried_out

    def late(*arguments: object) -> object:
        spoil(room.out / "通知-000002.pdf")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("dingmi_mark.pipeline.originals.carried_out", late)
    error = error_of(marked_here(room))
    assert isinstance(error, OriginalWithoutMarkedCopy)
    assert (room.drafts / "通知.pdf").read_bytes() == CONTENT


# ── a crash at any step ──────────────────────────────────────────────────────────────────────

STEPS = ("open", "link", "unlink", "fsync", "mkdir", "chmod")


def killed_at(room: Room, step: int) -> bool:
    """Mark in a child that kills itself before its n-th step once all copies are made.

    Steps are calls of the system that change the disk, and entries of the ledger. False: it had
    less steps.
    """
    child = os.fork()
    if child == 0:
        try:
            _mark_and_die(room, step)
            os._exit(0)
        finally:
            os._exit(99)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WIFSIGNALED(status)


def _mark_and_die(room: Room, step: int) -> None:
    from dingmi_mark.pipeline import mark

    left = [step]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return real(*arguments, **named)

        return call

    real_leave = mark.leave_originals

    def leave(*arguments: object) -> object:
        for name in STEPS:
            setattr(os, name, counted(getattr(os, name)))
        Ledger.append = counted(Ledger.append)  # type: ignore[method-assign,assignment]
        return real_leave(*arguments)  # type: ignore[arg-type]

    mark.leave_originals = leave  # type: ignore[assignment]
    marked_here(room)


@pytest.mark.parametrize(("policy", "least"), [(ARCHIVE, 12), (DELETE, 4)])
def test_killed_before_any_step_nothing_is_lost_and_all_is_finished(
    tmp_path: Path, policy: str, least: int
) -> None:
    room = room_with(tmp_path)
    room.mark()
    room = room.with_policies(policy)
    draft, marked = room.drafts / "通知.pdf", room.out / "通知-000001.pdf"
    step, died = 0, True
    while died:
        draft.write_bytes(CONTENT)
        shutil.rmtree(room.office.archive, ignore_errors=True)
        died = killed_at(room, step)
        copies = [path for path in archived(room) if path.read_bytes() == CONTENT]
        assert draft.exists() or copies or (policy == DELETE and marked.exists()), step
        with room.ledger() as ledger:
            settled = settle_originals(ledger, room.office.folder, moment())
            assert all(isinstance(each.result, Proof) for each in settled), step
            assert ledger.unanswered(DraftLeaving, DraftLeft) == [] == ledger.verify()
        if not settled and draft.exists():  # killed before the ledger heard of it
            assert error_of(marked_here(room)) is None
        assert not draft.exists(), step
        contents = [path.read_bytes() for path in archived(room)]
        assert contents == ([CONTENT] if policy == ARCHIVE else []), step
        step += 1
    assert step > least


def test_doctor_says_what_it_finished_and_the_next_run_does_nothing_twice(tmp_path: Path) -> None:
    room = room_with(tmp_path, ARCHIVE)
    assert killed_at(room, 6)
    says = [str(line.says) for line in doctor(room)]
    assert any("Was interrupted and is now finished" in line for line in says), says
    assert any("1 in the archive" in line for line in says), says
    assert room.mark().marked_before == 1
    assert [type(act).__name__ for act in acts(room)] == ["DraftLeaving", "DraftLeft"]


def test_what_is_in_neither_place_after_a_crash_needs_a_person(tmp_path: Path) -> None:
    room = room_with(tmp_path, ARCHIVE)
    step = 0
    while not acts(room):
        assert killed_at(room, step)
        step += 1
    draft = room.drafts / "通知.pdf"
    draft.rename(tmp_path / "elsewhere.pdf")
    (problem,) = (line for line in doctor(room) if line.health is Health.PROBLEM)
    assert problem.code is ExitCode.ORIGINAL_MISSING
    (tmp_path / "elsewhere.pdf").rename(draft)
    assert outcome_code(doctor(room)) is ExitCode.OK
    assert not draft.exists() and len(archived(room)) == 1
    ended = acts(room)[-1]
    assert isinstance(ended, DraftLeft) and ended.settled


# ── the approvals tree ───────────────────────────────────────────────────────────────────────


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


def mark_from_tree(crew: People) -> Verdict:
    room = crew.room
    request = MarkRequest((room.drafts,), (room.office.approvals,), room.out)
    return only(mark_drafts(request, room.office, on_start=quiet, on_verdict=quiet))


@pytest.mark.parametrize("policy", [ARCHIVE, DELETE])
def test_the_copy_beside_the_record_goes_the_same_way(crew: People, policy: str) -> None:
    crew.room = crew.room.with_policies(policy)
    kept = crew.approved(proposal(), put_draft(crew.room))
    assert kept.draft is not None
    verdict = mark_from_tree(crew)
    assert [left.origin for left in verdict.originals] == [
        crew.room.drafts / "通知.pdf",
        kept.draft,
    ]
    assert all(left.error is None for left in verdict.originals)
    tree = crew.room.office.approvals
    assert draft_in_tree(tree, find_record(tree, NUMBER).record) is None
    assert len(archived(crew.room)) == (1 if policy == ARCHIVE else 0)
    assert mark_again(crew).marked_before == 1


def mark_again(crew: People) -> BatchResult:
    room = crew.room
    request = MarkRequest((room.drafts,), (room.office.approvals,), room.out)
    return mark_drafts(request, room.office, on_start=quiet, on_verdict=quiet)


def test_the_copy_beside_the_record_stays_where_it_was_changed(crew: People) -> None:
    crew.room = crew.room.with_policies(ARCHIVE)
    kept = crew.approved(proposal(), put_draft(crew.room))
    assert kept.draft is not None
    kept.draft.write_bytes(pdf(3))
    draft, in_tree = mark_from_tree(crew).originals
    assert draft.outcome is Outcome.ARCHIVED
    assert isinstance(in_tree.error, OriginalChanged) and kept.draft.read_bytes() == pdf(3)


def test_doctor_registers_a_draft_that_a_crash_left_unregistered(
    crew: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Ledger, "append", lost)
        crew.hand_in(proposal(), put_draft(crew.room))
    assert any(NUMBER in str(line.says) for line in doctor(crew.room))
    with crew.room.ledger() as ledger:
        assert len(ledger.acts(DraftRegistered, subject=NUMBER)) == 1
