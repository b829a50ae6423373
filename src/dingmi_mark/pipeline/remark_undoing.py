"""Take a run of re-marking back, byte for byte, until its files were distributed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dingmi_mark.domain.ledger_changes import (
    MarkingRestored,
    NoticeRegistered,
    RemarkDestroyed,
    RemarkDistributed,
    RemarkDone,
    RemarkIntended,
    RemarkStarted,
    RemarkUndone,
)
from dingmi_mark.errors import (
    DingmiError,
    RemarkBatchOpen,
    RemarkBatchUnknown,
    RemarkDistributedAlready,
    RemarkUndoRefused,
)
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.evidence import changes_of
from dingmi_mark.pipeline.notices import NoticeDesk
from dingmi_mark.pipeline.remark_file import FOLDER, LOCK, copy_for, replace_file
from dingmi_mark.pipeline.remark_settling import remove_temporary, settle_remarks, temporary_of
from dingmi_mark.pipeline.replacing import output_faults, sync_folder
from dingmi_mark.store.office_lock import LockHeld, only_one


@dataclass(frozen=True)
class Reversible:
    """One file that a run re-marked: as it was, as it became, and where it was kept."""

    intended: RemarkIntended
    done: RemarkDone

    def file(self, office: Path) -> Path:
        """The file in its place."""
        return office / self.intended.file

    def kept(self, office: Path) -> Path:
        """The file of before."""
        return office / self.intended.kept

    def temporary(self, office: Path) -> Path:
        """Where the file of before is copied to on its way back; always the same name."""
        return temporary_of(self.file(office), self.intended.remark_id)


def undo_batch(batch_id: str, desk: NoticeDesk) -> tuple[Path, ...]:
    """Give every file of a run its bytes of before; return the files.

    All are looked at first: nothing is changed where one cannot be brought back. After a crash the
    same command goes on. Raises RemarkBatchUnknown, RemarkDistributedAlready, RemarkUndoRefused.
    """
    with _run_of(batch_id, desk):
        refuse_if_distributed(batch_id, desk)
        office, found = desk.office.folder, reversible(batch_id, desk)
        faults = tuple(_in_the_way(found, office))
        if faults:
            raise RemarkUndoRefused(faults=faults)
        for one in found:
            _bring_back(one, batch_id, desk)
        desk.ledger.append(*_restored(batch_id, desk))
        _remove_kept(batch_id, office)
        return tuple(one.file(office) for one in found)


def confirm_distributed(batch_id: str, by: str, desk: NoticeDesk) -> int:
    """Tell the ledger that a run's files were given out, and destroy the files of before.

    Returns how many. Raises RemarkBatchUnknown, RemarkBatchOpen.
    """
    with _run_of(batch_id, desk):
        found = reversible(batch_id, desk)
        if not desk.ledger.acts(RemarkDistributed, subject=batch_id):
            desk.ledger.append(RemarkDistributed(batch_id, by, clock.now()))
        _remove_kept(batch_id, desk.office.folder)
        # Not what this process removed: one that was killed may have removed some before.
        acts = desk.ledger.acts(RemarkDestroyed, subject=batch_id)
        told = {sm3 for _, act in acts for sm3 in act.sm3}
        befores = (one.intended.before_sm3 for one in found)
        digests = tuple(sm3 for sm3 in befores if sm3 not in told)
        if digests:
            desk.ledger.append(RemarkDestroyed(batch_id, digests, clock.now()))
        return len(digests)


@contextmanager
def _run_of(batch_id: str, desk: NoticeDesk) -> Iterator[None]:
    """Hold the lock of re-markings while a run that is known and closed is worked on."""
    if not desk.ledger.acts(RemarkStarted, subject=batch_id):
        raise RemarkBatchUnknown(batch=batch_id)
    try:
        with only_one(desk.office.folder / FOLDER, LOCK):
            left = settle_remarks(desk.ledger, desk.office.folder, clock.now())
            if any(one.is_running for one in left):
                raise RemarkBatchOpen(batch=batch_id)
            yield
    except LockHeld as error:
        raise RemarkBatchOpen(batch=batch_id) from error


def refuse_if_distributed(batch_id: str, desk: NoticeDesk) -> None:
    """Raise RemarkDistributedAlready where a run's files were given out."""
    for _, act in desk.ledger.acts(RemarkDistributed, subject=batch_id):
        raise RemarkDistributedAlready(batch=batch_id, at=act.at)


def reversible(batch_id: str, desk: NoticeDesk) -> tuple[Reversible, ...]:
    """Return what a run did and nobody took back, in order."""
    undone = {act.remark_id for _, act in desk.ledger.acts(RemarkUndone, subject=batch_id)}
    intended = {act.remark_id: act for _, act in desk.ledger.acts(RemarkIntended, subject=batch_id)}
    done = [act for _, act in desk.ledger.acts(RemarkDone, subject=batch_id)]
    return tuple(
        Reversible(intended[act.remark_id], act) for act in done if act.remark_id not in undone
    )


def _in_the_way(found: tuple[Reversible, ...], office: Path) -> Iterator[Fault]:
    for one in found:
        lies = _sm3(one.file(office))
        if lies == one.intended.before_sm3:
            continue
        cause: Message | None = None
        if lies != one.done.after_sm3:
            cause = say("it is not there, or not as the run left it")
        elif _sm3(one.kept(office)) != one.intended.before_sm3:
            cause = say("the file of before that was kept is gone or damaged")
        if cause is not None:
            yield Fault(os.fspath(one.file(office)), cause)


def _bring_back(one: Reversible, batch_id: str, desk: NoticeDesk) -> None:
    office = desk.office.folder
    file, before = one.file(office), one.intended.before_sm3
    temporary = one.temporary(office)
    # Of a run that was killed: it lies there under the same name.
    remove_temporary(temporary)
    lies = _sm3(file)
    if lies not in (before, one.done.after_sm3):
        cause = say("it is not there, or not as the run left it")
        raise RemarkUndoRefused(faults=(Fault(os.fspath(file), cause),))
    if lies != before:
        try:
            copy_for(file, one.kept(office), temporary, before)
            replace_file(temporary, file)
        except DingmiError:
            remove_temporary(temporary)
            raise
    desk.ledger.append(RemarkUndone(batch_id, one.intended.remark_id, before, clock.now()))


def _restored(batch_id: str, desk: NoticeDesk) -> Iterator[MarkingRestored]:
    """What the run's notice made of its documents is void, unless another run of it stands.

    Asked of the ledger as a whole, not of what this process brought back: an undoing that was
    killed has brought back others before. A document of which no run changed a file, perhaps all
    on paper, goes with the rest.
    """
    numbers = {act.notice_number for _, act in desk.ledger.acts(RemarkStarted, subject=batch_id)}
    undone = {act.remark_id for _, act in desk.ledger.acts(RemarkUndone)}
    done = [act for _, act in desk.ledger.acts(RemarkDone) if act.notice_number in numbers]
    touched = {act.document_id for act in done}
    standing = {act.document_id for act in done if act.remark_id not in undone}
    for number in numbers:
        for _, notice in desk.ledger.acts(NoticeRegistered, subject=number):
            for document_id in notice.documents:
                if document_id in standing or (standing and document_id not in touched):
                    continue
                if any(one.notice_number == number for one in changes_of(document_id, desk.ledger)):
                    yield MarkingRestored(number, document_id, batch_id, clock.now())


def _sm3(file: Path) -> str:
    try:
        return read_bytes_of(file, most_mib=ANY_SIZE_MIB).digests.sm3
    except DingmiError:
        return ""


def _remove_kept(batch_id: str, office: Path) -> None:
    """Remove the files of before: after undoing they lie in their places again."""
    folder = office / FOLDER / batch_id
    if not folder.is_dir():
        return
    with output_faults(folder):
        for file in sorted(folder.iterdir()):
            file.unlink()
        folder.rmdir()
        sync_folder(folder.parent)
