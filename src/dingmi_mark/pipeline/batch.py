"""Mark folders: find drafts and records, match them, mark each in a worker, settle crashes."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from dingmi_mark import __version__
from dingmi_mark.domain.ledger import BatchFinished, BatchStarted, MarkingState
from dingmi_mark.domain.ledger_settling import Finish
from dingmi_mark.domain.matching import (
    Ambiguous,
    DigestDiffers,
    DraftFile,
    Match,
    Matched,
    Matching,
    NoRecord,
    WithoutDigest,
    match_records,
)
from dingmi_mark.domain.plan import are_all_made
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import (
    ApprovalDigestDiffers,
    DingmiError,
    DraftTooCostly,
    Interrupted,
    RecordUnknown,
    TwoDraftsOneName,
    WorkerFailed,
)
from dingmi_mark.messages import say
from dingmi_mark.pipeline.converting import suffix_after
from dingmi_mark.pipeline.desk import Desk, clear_private_folders, open_desk
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.folders import FoundDraft, find_drafts
from dingmi_mark.pipeline.instead import approved_instead, bears_provisional_of, marked_name
from dingmi_mark.pipeline.leaving import Proof
from dingmi_mark.pipeline.mark import mark_draft
from dingmi_mark.pipeline.originals import left_earlier
from dingmi_mark.pipeline.originals_settled import settle_originals
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.provisional import mark_provisionally
from dingmi_mark.pipeline.records import gather_records
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.retiring import settle_provisional
from dingmi_mark.pipeline.sealed import is_sealed, notify_sealed
from dingmi_mark.pipeline.settle import settle_open
from dingmi_mark.pipeline.tasks import MarkTask, Unmatched
from dingmi_mark.pipeline.unmatched import explain_unmatched, is_marked, record_fault, refusal_of
from dingmi_mark.pipeline.verdicts import BatchResult, Status, Verdict
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.approvals import StoredApproval
from dingmi_mark.store.office import Office
from dingmi_mark.store.record_names import near_words


@dataclass
class _Run:
    """One run over many drafts: what is known so far."""

    office: Office
    request: MarkRequest
    batch_id: str
    drafts: tuple[FoundDraft, ...]
    on_verdict: Callable[[Verdict], None]
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    followers: dict[int, list[int]] = field(default_factory=dict)

    def take(self, number: int, result: Verdict | DingmiError) -> None:
        """Keep the verdict of a draft and show it."""
        if isinstance(result, DingmiError):
            result = Verdict(self.drafts[number].path, Status.FAILED, error=result)
        self.verdicts[number] = result
        self.on_verdict(result)
        for follower in self.followers.get(number, ()):
            self.take(follower, result.error or self._followed(follower, result))

    def _followed(self, number: int, leader: Verdict) -> Verdict:
        remark = say("It is replaced together with {draft}.", draft=str(leader.draft))
        path = self.drafts[number].path
        return Verdict(path, Status.UNCHANGED, leader.approval, leader.mark, remarks=(remark,))


def mark_drafts(
    request: MarkRequest,
    office: Office,
    *,
    on_start: Callable[[int], None],
    on_verdict: Callable[[Verdict], None],
) -> BatchResult:
    """Mark all drafts that have their record; one verdict a draft, in their order.

    Raises only what concerns the run as a whole: configuration, ledger, templates, unreadable
    folders, RecordUnknown. Ctrl-C ends the run cleanly (`interrupted`).
    """
    gathered = gather_records(request.approvals, office.limits)
    records, unreadable = gathered.records, gathered.unreadable
    if request.approved:
        records = _of_number(request.approved, records)
    drafts = find_drafts(
        request.drafts,
        without=gathered.files,
        out=request.out,
        suffix_of=lambda path: suffix_after(path, office.conversion),
    )
    batch_id = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
    run = _Run(office, request, batch_id, drafts, on_verdict)
    with open_desk(office, batch_id) as desk:
        if not request.dry_run:
            settle_open(desk.ledger, office.folder, desk.now(), __version__)
            settle_originals(desk.ledger, office.folder, desk.now())
            settle_provisional(desk.ledger, office.folder, desk.now())
            desk.ledger.append(BatchStarted(batch_id, desk.runner, __version__, desk.now()))
        on_start(len(drafts))
        jobs, left = _jobs(run, desk, records, unreadable)
        finished = _work_off(run, jobs)
        finished = _again_after_crash(run, desk, jobs) and finished
        for number, draft in enumerate(drafts):
            if number not in run.verdicts:
                run.take(number, Interrupted(str(draft.path)))
        result = BatchResult(
            batch_id,
            tuple(run.verdicts[number] for number in range(len(drafts))),
            tuple(Path(kept.where) for kept in left if _is_missed(kept, request, desk)),
            unreadable,
            not finished,
            sum(_was_marked(kept, desk) for kept in left) if _is_search(request) else 0,
        )
        if not request.dry_run:
            desk.ledger.append(_finished(result, desk))
    return result


def mark_in_worker(office: Office, batch_id: str, task: MarkTask | Unmatched) -> Verdict:
    """Do one task in a worker process."""
    desk = desk_of(office, batch_id)
    if isinstance(task, Unmatched):
        return explain_unmatched(task, desk)
    if task.completed and is_marked(task.draft, desk):
        refusal = ApprovalDigestDiffers(record=str(task.kept.path))
        return explain_unmatched(Unmatched(task.draft, refusal, task.kept.digest), desk)
    match task.standing:
        case Standing.FORMAL if task.sealed and is_sealed(task.draft):
            return notify_sealed(task, desk)
        case Standing.FORMAL:
            return mark_draft(task, desk)
        case Standing.PROVISIONAL:
            return mark_provisionally(task, desk)


def _jobs(
    run: _Run,
    desk: Desk,
    records: Sequence[StoredApproval],
    unreadable: Sequence[tuple[Path, DingmiError]],
) -> tuple[dict[int, Job[Verdict]], tuple[StoredApproval, ...]]:
    """Match drafts and records; return the job of each draft by number, and records left over."""
    known: dict[int, DraftFile] = {}
    failed: list[DraftFile] = []
    for number, draft in enumerate(run.drafts):
        try:
            if draft.obstacle is not None:
                raise draft.obstacle
            content = read_bytes_of(draft.path, most_mib=run.office.limits.file_mb)
        except DingmiError as error:
            run.take(number, left_earlier(draft.path, desk) or error)
            failed.append(_failed_draft(draft, error, run.office))
            continue
        known[number] = DraftFile(draft.relative.as_posix(), content.names)
    matching = match_records(
        tuple(known.values()),
        records,
        without_digest_allowed=run.office.policies.records_without_digest,
    )
    jobs = {
        number: _job(run, run.drafts[number], match)
        for number, match in zip(known, _named(run, matching, records), strict=True)
    }
    for number, (file, match) in zip(known, matching.matches, strict=True):
        fault = record_fault(file, unreadable) if isinstance(match, NoRecord) else None
        if fault is not None:
            task = Unmatched(run.drafts[number].path, fault)
            jobs[number] = Job(mark_in_worker, (run.office, run.batch_id, task))
    if run.request.standing is Standing.FORMAL:
        _mark_approved_instead(run, desk, jobs, tuple(zip(known, matching.matches, strict=True)))
    # The draft of such a record is there: it is told already why it was not marked.
    return jobs, match_records(failed, matching.without_draft).without_draft


def _failed_draft(draft: FoundDraft, error: DingmiError, office: Office) -> DraftFile:
    """Return a draft that was not looked at, for its record to be found; if it can be, by digest.

    One that clashes with another is in order itself; the rest go by their names.
    """
    names: frozenset[str] = frozenset()
    if isinstance(error, TwoDraftsOneName):
        with suppress(DingmiError):
            names = read_bytes_of(draft.path, most_mib=office.limits.file_mb).names
    return DraftFile(draft.relative.as_posix(), names)


def _named(
    run: _Run, matching: Matching[StoredApproval], records: Sequence[StoredApproval]
) -> Iterator[Match[StoredApproval]]:
    """Yield the matches, with the record that was named for a draft in place of none.

    Where several drafts claim to be the completed one of a record, none is.
    """
    claims = Counter(
        id(match.kept) for _, match in matching.matches if isinstance(match, DigestDiffers)
    )
    for _, match in matching.matches:
        if isinstance(match, NoRecord) and run.request.approved:
            yield DigestDiffers(records[0])
        elif isinstance(match, DigestDiffers) and claims[id(match.kept)] > 1:
            late = match.kept.record.draft.late_fields
            yield Ambiguous((match.kept,)) if late else match
        else:
            yield match


def _mark_approved_instead(
    run: _Run,
    desk: Desk,
    jobs: dict[int, Job[Verdict]],
    matches: Sequence[tuple[int, tuple[DraftFile, Match[StoredApproval]]]],
) -> None:
    """Let the approved draft be marked where a file with its provisional mark was given.

    Of several such files of one record the first has the job, the others follow it.
    """
    leaders = {m.kept.record.number: n for n, (_, m) in matches if isinstance(m, Matched)}
    for number, (file, match) in matches:
        approval = bears_provisional_of(desk.ledger, file)
        if approval is None or isinstance(match, Matched):
            continue
        if approval in leaders:
            del jobs[number]
            run.followers.setdefault(leaders[approval], []).append(number)
            continue
        task: MarkTask | Unmatched
        try:
            task = approved_instead(run.drafts[number], approval, run.request, run.office)
            leaders[approval] = number
        except DingmiError as error:
            task = Unmatched(run.drafts[number].path, error)
        jobs[number] = Job(mark_in_worker, (run.office, run.batch_id, task))


def _job(run: _Run, draft: FoundDraft, match: Match[StoredApproval]) -> Job[Verdict]:
    task: MarkTask | Unmatched
    times, standing = 1, run.request.standing
    match match:
        case Matched(kept, by_digest):
            task = _task(run, draft, kept, by_digest)
            times = _times(task)
        case DigestDiffers(kept) if kept.record.draft.late_fields:
            task = replace(_task(run, draft, kept, True), completed=True)
            times = 1 + _times(task)
        case DigestDiffers(kept) | WithoutDigest(kept):
            task = Unmatched(draft.path, refusal_of(match), kept.digest, standing)
        case _:
            task = Unmatched(draft.path, refusal_of(match), standing=standing)
    return Job(mark_in_worker, (run.office, run.batch_id, task), times)


def _task(run: _Run, draft: FoundDraft, kept: StoredApproval, by_digest: bool) -> MarkTask:
    request = run.request
    name = marked_name(draft.path, kept.record, run.office)
    target = request.out / draft.relative.with_name(name)
    preview = request.preview / draft.relative.parent if request.preview else None
    return MarkTask(
        draft.path,
        kept,
        target,
        by_digest,
        request.dry_run,
        preview,
        standing=request.standing,
        password=request.password,
        sealed=request.sealed,
        at_printer=request.at_printer,
    )


def _times(task: MarkTask) -> int:
    """Return for how many drafts' time a task may take."""
    return 1 if task.dry_run else 1 + len(task.copy_numbers)


def _work_off(run: _Run, jobs: dict[int, Job[Verdict]]) -> bool:
    """Run the jobs; False if interrupted."""
    numbers = list(jobs)
    if not numbers:
        return True
    workers = workers_for(run.request.jobs, len(numbers))
    return run_jobs(
        jobs.values(),
        run.office.limits,
        workers,
        lambda place, result: run.take(numbers[place], result),
    )


def _again_after_crash(run: _Run, desk: Desk, jobs: dict[int, Job[Verdict]]) -> bool:
    """Settle what crashed workers left; look once more at drafts whose file was finished.

    A worker may die after the marked file was complete: then it stays, and the verdict says so.
    """
    clear_private_folders(run.office, run.batch_id)
    if run.request.dry_run:
        return True
    settled = settle_open(
        desk.ledger, run.office.folder, desk.now(), __version__, only_batch=run.batch_id
    )
    originals = settle_originals(desk.ledger, run.office.folder, desk.now())
    went = any(isinstance(each.result, Proof) for each in originals)
    if not went and not any(isinstance(outcome.result, Finish) for outcome in settled):
        return True
    crashed = {
        number: job
        for number, job in jobs.items()
        if isinstance(_error_of(run, number), WorkerFailed | DraftTooCostly)
    }
    return _work_off(run, crashed)


def _error_of(run: _Run, number: int) -> DingmiError | None:
    return run.verdicts[number].error if number in run.verdicts else None


def _of_number(number: str, records: Sequence[StoredApproval]) -> tuple[StoredApproval, ...]:
    found = tuple(kept for kept in records if kept.record.number == number)
    if not found:
        known = (kept.record.number for kept in records)
        raise RecordUnknown(number, near=near_words(number, known))
    return found


def _is_missed(kept: StoredApproval, request: MarkRequest, desk: Desk) -> bool:
    """Tell whether a record's draft was to be expected: not for single drafts, nor marked ones."""
    formal = request.standing is Standing.FORMAL
    return formal and _is_search(request) and not _was_marked(kept, desk)


def _is_search(request: MarkRequest) -> bool:
    return any(path.is_dir() for path in request.drafts)


def _was_marked(kept: StoredApproval, desk: Desk) -> bool:
    """Tell whether all copies of a record were made earlier."""
    made = {
        known.intended.copy_number
        for known in desk.ledger.by_approval(kept.record.number)
        if known.state is MarkingState.DONE and known.intended.approval_digest == kept.digest
    }
    return are_all_made(kept.record, made)


def _finished(result: BatchResult, desk: Desk) -> BatchFinished:
    return BatchFinished(
        result.batch_id,
        result.count(Status.MARKED),
        result.count(Status.UNCHANGED),
        result.count(Status.FAILED),
        result.interrupted,
        desk.now(),
    )
