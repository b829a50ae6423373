"""Do what a plan says and no more: refuse whole where anything moved on, then file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dingmi_mark import __version__
from dingmi_mark.domain.change import ChangeNotice
from dingmi_mark.domain.changes import entry_of
from dingmi_mark.domain.ledger_changes import (
    MarkingChanged,
    RemarkFinished,
    RemarkStarted,
    SourceFollowed,
)
from dingmi_mark.domain.ledger_legacy import LegacyDescribed
from dingmi_mark.domain.legacy import described
from dingmi_mark.domain.remark_plan import RemarkPlan, batch_of
from dingmi_mark.errors import DingmiError, PlanInvalid, PlanOutdated, RemarkBatchOpen
from dingmi_mark.messages import Fault, say
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.desk import clear_private_folders
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.evidence import changes_of, remarked_as
from dingmi_mark.pipeline.legacy_papers import described_paper
from dingmi_mark.pipeline.notices import (
    CheckedItem,
    CheckedNotice,
    NoticeDesk,
    refuse_unclear,
    registered_notice,
)
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.remark_file import (
    FOLDER,
    LOCK,
    RemarkStatus,
    RemarkTask,
    RemarkVerdict,
    remark_in_worker,
)
from dingmi_mark.pipeline.remark_planning import document_states
from dingmi_mark.pipeline.remark_settling import settle_remarks
from dingmi_mark.pipeline.remark_verifying import confirmed_part, refuse_unverified
from dingmi_mark.store.office_lock import LockHeld, only_one


@dataclass(frozen=True)
class RemarkResult:
    """All verdicts of a run, in the order of the plan.

    `unconfirmed` are files that others marked and that nobody, or too few people, confirmed: they
    are as they were.
    """

    batch_id: str
    verdicts: tuple[RemarkVerdict, ...]
    interrupted: bool = False
    unconfirmed: tuple[str, ...] = ()

    def count(self, status: RemarkStatus) -> int:
        """Count the files with this status."""
        return sum(verdict.status is status for verdict in self.verdicts)


def apply_plan(
    plan: RemarkPlan,
    digest: str,
    desk: NoticeDesk,
    *,
    on_start: Callable[[int], None],
    on_verdict: Callable[[RemarkVerdict], None],
    workers: int = 0,
) -> RemarkResult:
    """Re-mark the files of a plan. Raises PlanOutdated, PlanNotVerified and others before any
    file is touched; a file that fails is a verdict, and stays as it was.
    """
    batch_id = batch_of(digest)
    try:
        with only_one(desk.office.folder / FOLDER, LOCK):
            left = confirmed_part(plan, digest, desk)
            plan = replace(plan, files=(*plan.files, *left.confirmed))
            checked = _unchanged_since(plan, digest, desk)
            if not _begin(plan, digest, checked, desk):
                done = tuple(_all_done(plan, on_start, on_verdict))
                return RemarkResult(batch_id, done, unconfirmed=left.unconfirmed)
            result = _run(plan, batch_id, checked, desk, (on_start, on_verdict), workers)
            return replace(result, unconfirmed=left.unconfirmed)
    except LockHeld as error:
        raise RemarkBatchOpen(batch=batch_id) from error


def _unchanged_since(plan: RemarkPlan, digest: str, desk: NoticeDesk) -> CheckedNotice:
    """See that notice, ledger and every file are as they were when the plan was made."""
    if plan.office_id != desk.ledger.office_id:
        raise PlanInvalid(cause=say("it was made in another office"))
    refuse_unverified(plan, digest, desk)
    left = settle_remarks(desk.ledger, desk.office.folder, clock.now())
    if any(one.is_running for one in left):
        raise RemarkBatchOpen(batch=batch_of(digest))
    checked = registered_notice(plan.notice_number, desk)
    faults = tuple(_moved_on(plan, checked, desk))
    if faults:
        raise PlanOutdated(faults=faults)
    refuse_unclear(checked)
    return checked


def _moved_on(plan: RemarkPlan, checked: CheckedNotice, desk: NoticeDesk) -> Iterator[Fault]:
    if checked.digest != plan.notice_digest:
        yield Fault(plan.notice_number, say("the notice is another"))
    before = {state.document_id: state for state in plan.documents}
    for state in document_states(checked, desk):
        if before.get(state.document_id) != state:
            what = say("the document was changed again, or other copies of it were made")
            yield Fault(state.document_id[:8], what)
    for planned in plan.files:
        try:
            found = read_bytes_of(Path(planned.path), most_mib=ANY_SIZE_MIB).digests.sm3
        except DingmiError as error:
            yield Fault(planned.path, error.message)
            continue
        if found != planned.sm3 and not _is_done(found, plan, desk):
            yield Fault(planned.path, say("the file was changed since"))


def _is_done(sm3: str, plan: RemarkPlan, desk: NoticeDesk) -> bool:
    done = remarked_as(sm3, desk.ledger)
    return done is not None and done.notice_number == plan.notice_number


def _begin(plan: RemarkPlan, digest: str, checked: CheckedNotice, desk: NoticeDesk) -> bool:
    """Tell the ledger what the notice makes of each document; False where all is done already."""
    described = tuple(_new_papers(checked, desk))
    changes = tuple(_new_changes(checked, desk))
    digests = (read_bytes_of(Path(one.path), most_mib=ANY_SIZE_MIB).digests for one in plan.files)
    if not changes and all(_is_done(found.sm3, plan, desk) for found in digests):
        return False
    started = RemarkStarted(
        *(batch_of(digest), plan.notice_number, digest, len(plan.files), __version__, clock.now())
    )
    follows = (_follows(change, checked.filed.notice) for change in changes)
    desk.ledger.append(*described, *changes, *filter(None, follows), started)
    return True


def _new_papers(checked: CheckedNotice, desk: NoticeDesk) -> Iterator[LegacyDescribed]:
    """What the notice says of papers that others marked, where the ledger has not heard of them."""
    for one in checked.items:
        if one.legacy and described_paper(one.legacy.document_id, desk.ledger) is None:
            yield described(one.legacy, checked.filed.notice.number, clock.now())


def _new_changes(checked: CheckedNotice, desk: NoticeDesk) -> Iterator[MarkingChanged]:
    notice = checked.filed.notice
    for one in checked.items:
        assert one.document and one.standing, "what is unclear was refused"
        known = changes_of(one.document.document_id, desk.ledger)
        if not any(change.notice_number == notice.number for change in known):
            yield entry_of(one.standing, notice, one.document, clock.now())


def _follows(change: MarkingChanged, notice: ChangeNotice) -> SourceFollowed | None:
    """Return the entry that says what a notice follows, where it says so."""
    if not notice.source_change:
        return None
    return SourceFollowed(change.document_id, change.notice_number, notice.source_change, change.at)


def _all_done(
    plan: RemarkPlan,
    on_start: Callable[[int], None],
    on_verdict: Callable[[RemarkVerdict], None],
) -> Iterator[RemarkVerdict]:
    on_start(len(plan.files))
    for planned in plan.files:
        verdict = RemarkVerdict(Path(planned.path), RemarkStatus.UNCHANGED, planned.after)
        on_verdict(verdict)
        yield verdict


def _run(
    plan: RemarkPlan,
    batch_id: str,
    checked: CheckedNotice,
    desk: NoticeDesk,
    told: tuple[Callable[[int], None], Callable[[RemarkVerdict], None]],
    workers: int,
) -> RemarkResult:
    on_start, on_verdict = told
    on_start(len(plan.files))
    items = {one.document.document_id: one for one in checked.items if one.document}
    verdicts: dict[int, RemarkVerdict] = {}

    def take(number: int, result: RemarkVerdict | DingmiError) -> None:
        if isinstance(result, DingmiError):
            planned = plan.files[number]
            failed = (RemarkStatus.FAILED, planned.before)
            result = RemarkVerdict(Path(planned.path), *failed, error=result)
        verdicts[number] = result
        on_verdict(result)

    office, count = desk.office, workers_for(workers, len(plan.files))
    jobs = (Job(remark_in_worker, (office, task)) for task in _tasks(plan, batch_id, items))
    try:
        whole = not plan.files or run_jobs(jobs, office.limits, count, take)
    finally:
        clear_private_folders(office, batch_id)
        # What a worker left that was stopped for its time or its memory.
        settle_remarks(desk.ledger, office.folder, clock.now())
    ordered = tuple(verdicts[number] for number in sorted(verdicts))
    result = RemarkResult(batch_id, ordered, interrupted=not whole)
    desk.ledger.append(_finished(result))
    return result


def _finished(result: RemarkResult) -> RemarkFinished:
    return RemarkFinished(
        result.batch_id,
        changed=result.count(RemarkStatus.CHANGED),
        unchanged=result.count(RemarkStatus.UNCHANGED),
        failed=result.count(RemarkStatus.FAILED),
        interrupted=result.interrupted,
        at=clock.now(),
    )


def _tasks(
    plan: RemarkPlan, batch_id: str, items: Mapping[str, CheckedItem]
) -> Iterator[RemarkTask]:
    for planned in plan.files:
        item = items[planned.document_id]
        assert item.record is not None, "what is unclear was refused"
        told = (planned, batch_id, plan.notice_number, item.record, plan.keep_times)
        yield RemarkTask(*told, legacy=item.legacy)
