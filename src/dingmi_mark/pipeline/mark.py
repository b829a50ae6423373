"""Mark one draft, all its copies, and record it. A draft goes down this way once.

Nothing appears under a target's name unless every step succeeded.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.domain.provisional import EndReason
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.comparing import completed_act
from dingmi_mark.pipeline.copies import job_of, mark_copy
from dingmi_mark.pipeline.describing import described
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.numbers_later import (
    open_numbers,
    refuse_no_numbering,
    refuse_other_numbering,
)
from dingmi_mark.pipeline.originals import leave_originals
from dingmi_mark.pipeline.plan_words import plan_in_words
from dingmi_mark.pipeline.previews import save_previews
from dingmi_mark.pipeline.prior import all_made_already
from dingmi_mark.pipeline.quote_gate import looked_for_quotations, remembered
from dingmi_mark.pipeline.retiring import known_provisional, retire
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import MarkedCopy, Status, Verdict
from dingmi_mark.pipeline.work import Work, laid_out, tell_conversion


def mark_draft(task: MarkTask, desk: Desk) -> Verdict:
    """Mark all copies of one draft, or say what would be done. Raises every expected error."""
    if task.standing is not Standing.FORMAL:
        raise ValueError("a provisional mark is put by mark_provisionally")
    record = task.kept.record
    mark = task.standing.wording(record.secrecy.marking)
    given = task.instead_of or task.draft
    verdict = Verdict(given, Status.PLANNED, record.number, mark, remarks=_instead(task))
    refuse_other_numbering(task, desk)
    if made := all_made_already(task, desk):
        verdict = replace(verdict, status=Status.UNCHANGED, copies=made)
        return verdict if task.dry_run else _and_then(task, desk, verdict)
    with laid_out(task, desk) as work:
        refuse_no_numbering(work)
        looked = looked_for_quotations(work)
        remarks = (*verdict.remarks, *work.remarks, *looked.remarks)
        verdict = replace(verdict, plan=plan_in_words(work), remarks=remarks)
        if task.dry_run:
            return replace(verdict, previews=previews_of(work, task.preview))
        verdict = _marked(work, verdict)
        if verdict.status is not Status.FAILED:
            told = remembered(work, looked.read)
            verdict = replace(verdict, remarks=(*verdict.remarks, *told))
    return verdict if verdict.status is Status.FAILED else _and_then(task, desk, verdict)


def _instead(task: MarkTask) -> tuple[Message, ...]:
    if task.instead_of is None:
        return ()
    return (
        say(
            "This file bears the provisional mark: the draft that was approved is marked instead "
            "({draft}).",
            draft=str(task.draft),
        ),
    )


def _and_then(task: MarkTask, desk: Desk, verdict: Verdict) -> Verdict:
    """Once every copy is made: provisional marks hold no longer (R28), and the originals go."""
    known = known_provisional(desk.ledger, task.kept.record.number)
    told = retire(known, EndReason.APPROVED, desk.ledger, desk.office.folder, desk.now())
    originals = leave_originals(task, desk, verdict.copies)
    return replace(verdict, remarks=(*verdict.remarks, *told), originals=originals)


def _marked(work: Work, verdict: Verdict) -> Verdict:
    """Make every copy; where one fails, the verdict names those that were made before it."""
    if work.completion is not None:
        sm3, at = work.content.digests.sm3, work.desk.now()
        work.desk.ledger.append(completed_act(work.record, work.completion, sm3, at))
    tell_conversion(work)
    work.desk.ledger.append(described(work))
    open_numbers(work)
    made: list[MarkedCopy] = []
    for number in work.task.copy_numbers:
        try:
            made.append(mark_copy(work, number))
        except DingmiError as error:
            return replace(verdict, status=Status.FAILED, copies=tuple(made), error=error)
    return replace(verdict, status=Status.MARKED, copies=tuple(made))


def previews_of(work: Work, folder: Path | None) -> tuple[Path, ...]:
    """Mark the first copy in the private folder and save pictures of its pages where asked."""
    if folder is None:
        return ()
    number = work.task.copy_numbers[0]
    job = job_of(work, number, work.identity(number))
    handler = work.paper.handler
    with TemporaryDirectory(prefix="dingmi-preview-") as private:
        marked = Path(private) / "preview.tmp"
        handler.mark(work.source, marked, job, work.desk.faces)
        return save_previews(handler, marked, folder, work.task.target.name)
