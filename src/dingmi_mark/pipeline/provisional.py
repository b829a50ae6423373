"""Put the provisional mark (拟定, without ★) on a draft that is handed in and not decided yet.

Like a marking it is intended, written, confirmed and named, and the ledger hears of every step
before the next; what a crash leaves, `retiring.settle_provisional` finishes or voids.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from dingmi_mark import __version__
from dingmi_mark.domain.approval import RecordStatus
from dingmi_mark.domain.identity import CopyIdentity
from dingmi_mark.domain.ledger_provisional import (
    ProvisionalEnded,
    ProvisionalIntended,
    ProvisionalMade,
)
from dingmi_mark.domain.plan import copy_numbers
from dingmi_mark.domain.procedure import STEP_OF, waiting_for
from dingmi_mark.domain.provisional import (
    EndReason,
    FoundFile,
    ProvisionalCopy,
    ProvisionalState,
    provisional_name,
)
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import STAR, period_text
from dingmi_mark.errors import (
    CopyAlreadyMade,
    CopyInWork,
    DingmiError,
    FormalMarkTooEarly,
    OutputExists,
    ProvisionalNotPossible,
    RecordUnknown,
)
from dingmi_mark.formats.base import MarkJob
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.copies import job_of, written
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.mark import previews_of
from dingmi_mark.pipeline.plan_words import plan_in_words, provisional_words
from dingmi_mark.pipeline.recorded_paths import recorded
from dingmi_mark.pipeline.replacing import give_name, make_folder, output_error, temporary_beside
from dingmi_mark.pipeline.retiring import file_found, known_provisional, retire
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import Assurance, MarkedCopy, Status, Verdict
from dingmi_mark.pipeline.work import (
    Work,
    decided_digest,
    identity_of,
    laid_out,
    tell_conversion,
)
from dingmi_mark.store.approval_tree import find_record

_OPEN = frozenset({RecordStatus.PROPOSED, RecordStatus.REVIEWED})


def mark_provisionally(task: MarkTask, desk: Desk) -> Verdict:
    """Put the provisional mark on all copies of one draft. Raises every expected error."""
    if task.standing is not Standing.PROVISIONAL:
        raise ValueError("a mark with ★ is put by mark_draft")
    record = task.kept.record
    _refuse_unless_open(task, desk)
    wording = task.standing.wording(record.secrecy.marking)
    verdict = Verdict(task.draft, Status.PLANNED, record.number, wording)
    known = known_provisional(desk.ledger, record.number)
    if made := _made_already(task, desk, known):
        remark = provisional_words(record, min(copy.until for copy in made))
        copies = tuple(_marked(copy, desk) for copy in made)
        return replace(verdict, status=Status.UNCHANGED, copies=copies, remarks=(remark,))
    with laid_out(task, desk) as work:
        _refuse_star(work)
        verdict = replace(verdict, plan=plan_in_words(work), remarks=work.remarks)
        if task.dry_run:
            return replace(verdict, previews=previews_of(work, task.preview))
        earlier = _earlier(task, desk, known)
        told = retire(earlier, EndReason.REPLACED, desk.ledger, desk.office.folder, desk.now())
        until = provisional_words(record, work.until)
        return _all_marked(work, replace(verdict, remarks=(*verdict.remarks, *told, until)))


def provisional_target(target: Path, copy_number: str) -> Path:
    """Return the name of a provisional copy's file: `通知-拟定-000001.pdf`, `通知-拟定.pdf`."""
    return target.with_name(f"{target.stem}-{provisional_name(copy_number)}{target.suffix}")


def _refuse_unless_open(task: MarkTask, desk: Desk) -> None:
    """Raise ProvisionalNotPossible for a record that was not handed in, or is decided."""
    record = task.kept.record
    if record.status not in _OPEN:
        raise ProvisionalNotPossible(record.number, cause=_why_not(task))
    if waiting_for(record, desk.office.policies.approval_steps) not in STEP_OF:
        raise ProvisionalNotPossible(record.number, cause=say("its record is decided already"))
    try:
        own = find_record(desk.office.approvals, record.number)
    except RecordUnknown:
        return
    if own.record != record:
        cause = say("the office's own record of this number says something else")
        raise ProvisionalNotPossible(record.number, cause=cause)


def _why_not(task: MarkTask) -> Message:
    record = task.kept.record
    if record.status is RecordStatus.RETURNED:
        return say("its record was returned and is not handed in again")
    if record.decision is None and record.deciding_organ is None:
        return say("its record was not handed in (dingmi-mark approval submit)")
    return say("its record is decided already")


def _made_already(
    task: MarkTask, desk: Desk, known: Iterable[ProvisionalCopy]
) -> tuple[ProvisionalCopy, ...]:
    """Return every copy if all were made before and lie where they were put; else nothing.

    Raises CopyAlreadyMade for one that is not at its place.
    """
    content = read_bytes_of(task.draft, most_mib=desk.office.limits.file_mb)
    standing = {c.intended.copy_id: c for c in known if c.state is ProvisionalState.STANDING}
    found = []
    for number in copy_numbers(task.kept.record):
        copy = standing.get(identity_of(task, desk, content, number).copy_id)
        if copy is None:
            return ()
        if file_found(copy, desk.office.folder) is not FoundFile.IN_PLACE:
            raise CopyAlreadyMade(str(task.draft), target=os.fsdecode(copy.intended.target))
        found.append(copy)
    return tuple(found)


def _earlier(
    task: MarkTask, desk: Desk, known: Iterable[ProvisionalCopy]
) -> tuple[ProvisionalCopy, ...]:
    """Return the standing copies of what was handed in before under the same number."""
    digest = decided_digest(task)
    return tuple(
        copy
        for copy in known
        if copy.state is ProvisionalState.STANDING and copy.intended.approval_digest != digest
    )


def _marked(copy: ProvisionalCopy, desk: Desk) -> MarkedCopy:
    assert copy.made is not None, "only a copy that was made stands"
    intended = copy.intended
    path = desk.office.folder / intended.target
    ids = (intended.marking_id, intended.copy_id)
    return MarkedCopy(path, intended.copy_number, *ids, Assurance(copy.made.confirmed))


def _all_marked(work: Work, verdict: Verdict) -> Verdict:
    """Make every copy; where one fails, the verdict names those that were made before it."""
    known = known_provisional(work.desk.ledger, work.record.number)
    standing = {c.intended.copy_id: c for c in known if c.state is ProvisionalState.STANDING}
    tell_conversion(work)
    made: list[MarkedCopy] = []
    for number in copy_numbers(work.record):
        earlier = standing.get(work.identity(number).copy_id)
        try:
            made.append(_marked(earlier, work.desk) if earlier else _make(work, number))
        except DingmiError as error:
            return replace(verdict, status=Status.FAILED, copies=tuple(made), error=error)
    return replace(verdict, status=Status.MARKED, copies=tuple(made))


def _make(work: Work, copy_number: str) -> MarkedCopy:
    """Make one copy. Raises every expected error; then only a voided entry is left of it."""
    desk, identity = work.desk, work.identity(copy_number)
    target = provisional_target(work.task.target, copy_number)
    if os.path.lexists(target):
        raise OutputExists(str(target))
    make_folder(target.parent)
    temporary = temporary_beside(target)
    job = job_of(work, copy_number, identity)
    _refuse_star_in(job)
    begun = _intend(work, identity, copy_number, target, temporary)
    number = work.record.number
    try:
        done = written(work, job, temporary)
        confirmed = (done.content_digest, done.assurance.value)
        made = ProvisionalMade(begun, number, done.digests.sm3, *confirmed, desk.now())
        desk.ledger.append(done.drawn, made)
        give_name(temporary, target)
    except (DingmiError, OSError) as error:
        temporary.unlink(missing_ok=True)
        void = (EndReason.VOIDED.value, FoundFile.NONE.value)
        desk.ledger.append(ProvisionalEnded(begun, number, *void, desk.now()))
        if isinstance(error, OSError):
            raise output_error(error, target) from error
        raise
    return MarkedCopy(target, copy_number, identity.marking_id, identity.copy_id, done.assurance)


def _intend(
    work: Work, identity: CopyIdentity, copy_number: str, target: Path, temporary: Path
) -> int:
    """Tell the ledger first; return the entry's number.

    Raises CopyInWork where another run that lives has begun the same copy.
    """
    desk, record = work.desk, work.record
    for copy in known_provisional(desk.ledger, record.number):
        same = copy.intended.copy_id == identity.copy_id
        begun = copy.state is ProvisionalState.BEGUN
        if same and begun and desk.ledger.is_running(copy.intended.runner):
            raise CopyInWork(str(target))
    marking = record.secrecy.marking
    entry = ProvisionalIntended(
        approval_number=record.number,
        approval_digest=decided_digest(work.task),
        marking_id=identity.marking_id,
        copy_id=identity.copy_id,
        copy_number=copy_number,
        batch_id=desk.batch_id,
        runner=desk.runner,
        level=marking.level.value,
        period=period_text(marking.period),
        until=work.until.isoformat(),
        draft_sm3=work.content.digests.sm3,
        target=recorded(target, desk.office.folder),
        temporary=recorded(temporary, desk.office.folder),
        program_version=__version__,
        at=desk.now(),
    )
    return desk.ledger.append(entry)[0].seq


def _refuse_star(work: Work) -> None:
    """No ★ before the approval, whoever would put it there. Raises FormalMarkTooEarly."""
    number = copy_numbers(work.record)[0]
    _refuse_star_in(job_of(work, number, work.identity(number)))


def _refuse_star_in(job: MarkJob) -> None:
    texts = (
        *(block.text for blocks in job.blocks.values() for block in blocks),
        *(point.text for point in job.points),
        job.closing_words,
        job.carriers.record.decode(),
    )
    starred = next((text for text in texts if STAR in text), None)
    if starred is not None:
        at = starred.index(STAR)
        raise FormalMarkTooEarly(found=starred[max(0, at - 6) : at + 7])
