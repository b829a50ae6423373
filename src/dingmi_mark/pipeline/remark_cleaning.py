"""Copies without any mark of what was released, beside the marked files, each with its proof.

Only by policy: a struck mark with 解密 beside it is what R41 asks for. Every new file is looked at
before it gets its name: nothing of ours at any level, no mark on a page, the content of the draft
that was never marked.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dingmi_mark.domain.change import RELEASES
from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_changes import (
    CopyOutcome,
    ReleaseCopied,
    ReleaseIntended,
    ReleaseSettled,
)
from dingmi_mark.domain.remark_plan import OtherFile, PlannedFile, RemarkPlan
from dingmi_mark.errors import (
    CleanCopiesOff,
    CleanCopyRefused,
    DingmiError,
    DraftChanged,
    OutputExists,
)
from dingmi_mark.formats.base import Access, Draft
from dingmi_mark.formats.handlers import WithMarksApart, handler_with
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.check_ink import ink_lines
from dingmi_mark.pipeline.desk import Desk, clear_private_folders
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of, refuse_if_changed
from dingmi_mark.pipeline.evidence import changes_of, gathered
from dingmi_mark.pipeline.legacy_papers import described_paper
from dingmi_mark.pipeline.notices import CheckedNotice, NoticeDesk, refuse_unclear
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.recorded_paths import recorded
from dingmi_mark.pipeline.release_settling import settle_copies, settled
from dingmi_mark.pipeline.remark_planning import make_plan
from dingmi_mark.pipeline.replacing import (
    give_name,
    keep_rights,
    make_folder,
    output_error,
    temporary_beside,
)
from dingmi_mark.pipeline.verdicts import Agreement
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.office import Office

_ENDING: Final = "-解密件"


@dataclass(frozen=True)
class CleanVerdict:
    """What became of one file: the new file, or why there is none."""

    path: Path
    target: Path | None = None
    error: DingmiError | None = None


@dataclass(frozen=True)
class CleanTask:
    """One released file: as it was just looked at, and the folder for the new one."""

    planned: PlannedFile
    notice_number: str
    out: Path


def clean_copies(
    checked: CheckedNotice,
    folders: Sequence[Path],
    out: Path,
    desk: NoticeDesk,
    *,
    told: Callable[[Message], str],
    workers: int = 0,
) -> tuple[CleanVerdict, ...]:
    """Write a copy without marks of every file that was re-marked by a notice of release.

    Files of the notice that are not exactly so are refused, each with its reason. Raises
    CleanCopiesOff, CleanCopyRefused where the notice releases no document as a whole.
    """
    notice, office = checked.filed.notice, desk.office
    if not office.policies.clean_copies:
        raise CleanCopiesOff()
    if notice.kind not in RELEASES:
        cause = say("“{kind}” does not release the document as a whole", kind=notice.kind.value)
        raise CleanCopyRefused(notice.number, cause=cause)
    refuse_unclear(checked)
    settle_copies(desk.ledger, office.folder, clock.now())
    plan = make_plan(checked, folders, desk, told=told, workers=workers)
    make_folder(out)
    run_id, found = f"clean-{secrets.token_hex(4)}", dict[int, CleanVerdict]()

    def take(number: int, result: CleanVerdict | DingmiError) -> None:
        if isinstance(result, DingmiError):
            result = CleanVerdict(Path(plan.unchanged[number].path), error=result)
        found[number] = result

    tasks = [CleanTask(one, notice.number, out) for one in plan.unchanged]
    jobs = (Job(clean_in_worker, (office, run_id, task)) for task in tasks)
    try:
        if tasks and not run_jobs(jobs, office.limits, workers_for(workers, len(tasks)), take):
            raise KeyboardInterrupt
    finally:
        clear_private_folders(office, run_id)
        # What a worker left that was stopped for its time or its memory.
        settle_copies(desk.ledger, office.folder, clock.now())
    return (*(found[number] for number in sorted(found)), *_refused(plan))


def _refused(plan: RemarkPlan) -> Iterator[CleanVerdict]:
    """Yield what is not, or not exactly, a file that the notice released."""
    for path in (*(one.path for one in plan.files), *(one.path for one in plan.legacy)):
        cause = say("it still bears the mark of before")
        yield CleanVerdict(Path(path), error=CleanCopyRefused(path, cause=cause))
    others: tuple[OtherFile, ...] = (*plan.person, *plan.alike, *plan.unreadable)
    for other in others:
        cause = say("it is not exactly a file of the notice ({why})", why=other.why)
        yield CleanVerdict(Path(other.path), error=CleanCopyRefused(other.path, cause=cause))


def clean_in_worker(office: Office, run_id: str, task: CleanTask) -> CleanVerdict:
    """Write one copy in a worker process."""
    return clean_file(task, desk_of(office, run_id))


def clean_file(task: CleanTask, desk: Desk) -> CleanVerdict:
    """Write one copy, prove it, tell the ledger, and name it. Raises every expected error.

    A copy that has its name is always one that the ledger knows. After an error there is no new
    file; the marked one is never touched.
    """
    planned, path = task.planned, Path(task.planned.path)
    content = read_bytes_of(path, most_mib=desk.office.limits.file_mb)
    if content.digests != FileDigests(planned.sm3, planned.sha256):
        raise DraftChanged(str(path))
    if described_paper(planned.document_id, desk.ledger) is not None:
        cause = say("others marked it, and what they put on it stays there, struck")
        raise CleanCopyRefused(str(path), cause=cause)
    changes = changes_of(planned.document_id, desk.ledger)
    if not changes or not changes[-1].released:
        raise CleanCopyRefused(str(path), cause=say("the ledger does not say that it is released"))
    target = task.out / f"{path.stem}{_ENDING}{path.suffix}"
    if os.path.lexists(target):
        raise OutputExists(str(target))
    handler = handler_with(path, Access(despite_restrictions=True))
    if not isinstance(handler, WithMarksApart):
        raise CleanCopyRefused(str(path), cause=say("the marks of a picture are in its pixels"))
    intended = _intended(task, target, desk)
    desk.ledger.append(intended)
    temporary = desk.office.folder / intended.temporary
    made = None
    try:
        handler.clean(path, temporary)
        keep_rights(path, temporary)
        refuse_if_changed(path, content)
        made = _proven(task, handler, temporary, intended.copying_id, desk)
        desk.ledger.append(made)
        give_name(temporary, target)
    except (DingmiError, OSError) as error:
        desk.ledger.append(settled(intended, made, desk.office.folder, desk.now()))
        if isinstance(error, OSError):
            raise output_error(error, target) from error
        raise
    named = CopyOutcome.NAMED.value
    desk.ledger.append(ReleaseSettled(intended.copying_id, planned.document_id, named, desk.now()))
    return CleanVerdict(path, target)


def _intended(task: CleanTask, target: Path, desk: Desk) -> ReleaseIntended:
    folder = desk.office.folder
    return ReleaseIntended(
        copying_id=secrets.token_hex(8),
        document_id=task.planned.document_id,
        notice_number=task.notice_number,
        file=recorded(target, folder),
        temporary=recorded(temporary_beside(target), folder),
        runner=desk.runner,
        at=desk.now(),
    )


def _proven(
    task: CleanTask,
    handler: WithMarksApart,
    temporary: Path,
    copying_id: str,
    desk: Desk,
) -> ReleaseCopied:
    """Look at the new file as at one never seen; return what the ledger is told.

    Raises CleanCopyRefused where anything of ours, or any mark, is left.
    """
    planned = task.planned
    known = desk.ledger.marking(planned.marking_id, planned.copy_id)
    draft = handler.inspect(temporary)
    digests = read_bytes_of(temporary, most_mib=ANY_SIZE_MIB).digests
    cause = _left(draft, temporary)
    if known is None or draft.content_digest != known.intended.content_digest:
        cause = say("its content is not that of the draft before any mark")
    elif cause is None and _shows_mark(draft, digests, handler, temporary, desk):
        cause = say(
            "a mark that is not ours, perhaps typed in the draft, would stand on it unstruck: the "
            "line through it is taken out with ours"
        )
    if known is None or cause is not None:
        raise CleanCopyRefused(planned.path, cause=cause or "")
    return ReleaseCopied(
        copying_id=copying_id,
        document_id=planned.document_id,
        approval_number=known.intended.approval_number,
        notice_number=task.notice_number,
        marking_id=planned.marking_id,
        copy_id=planned.copy_id,
        source_sm3=planned.sm3,
        copy_sm3=digests.sm3,
        copy_sha256=digests.sha256,
        content_digest=draft.content_digest,
        at=desk.now(),
    )


def _left(draft: Draft, temporary: Path) -> Message | None:
    """Say what of ours is left at any level; None where nothing is."""
    if draft.embedded is not None or draft.drawn_digest:
        return say("something of our marks would be left")
    return say("our name would be left in the file") if bears_traces(temporary) else None


def _shows_mark(
    draft: Draft,
    digests: FileDigests,
    handler: WithMarksApart,
    temporary: Path,
    desk: Desk,
) -> bool:
    """Tell whether `check` sees a mark on a page: all it says must be that none is there."""
    evidence = gathered(draft, digests, desk.ledger)
    with handler.view(temporary) as view:
        lines, _ = ink_lines(draft, view, evidence, desk, flows=handler.flows)
    return any(line.agreement is not Agreement.MISSING for line in lines)
