"""The decision before printing: what a file is, whether it may go to the printer, and the record.

Files are looked at in a worker; what was decided goes into the ledger before it is told. Whatever
fails on the way holds the job: nothing prints that was not looked at and recorded.
"""

from __future__ import annotations

import os
import secrets
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_printing import PrintDecided
from dingmi_mark.domain.printing import PrintDecision, Printer, PrintReason, with_options
from dingmi_mark.domain.quotations import Undeclared
from dingmi_mark.errors import CheckNotMarked, DingmiError, DraftUnsupported, LedgerBusy
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.check import Checked, checked
from dingmi_mark.pipeline.desk import Desk, clear_dead_prints, clear_private_folders
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.issuing import Asking, issue, void_of_job
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.preprint_words import held_by, stopped
from dingmi_mark.pipeline.several import holds_several
from dingmi_mark.pipeline.unmarked import RegisteredPlace, Standing, UnmarkedCopy
from dingmi_mark.pipeline.verdicts import Agreement, CheckReport, IdentifiedBy, PrintVerdict
from dingmi_mark.pipeline.worker import begin, desk_of, guarded
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_ledger import open_ledger

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


_SAME_BYTES = frozenset({PrintReason.MARKED, PrintReason.PROVISIONAL, PrintReason.EXPIRED})
"""The file is byte for byte the one that was made here: nothing can be hidden behind it."""


@dataclass(frozen=True)
class PrintRequest:
    """What is to be printed: by whom, on which printer, how many times each, with which options.

    `job` is our own id of a print job, by which its numbers are found again; empty without one.
    """

    files: tuple[Path, ...]
    by: str
    printer: str = ""
    copies: int = 1
    password: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    job: str = ""


@dataclass(frozen=True)
class Looked:
    """What a file about to be printed was found to be.

    `cause` is the error that says so, where there is one; ids are empty where it belongs to none.
    """

    reason: PrintReason
    file_sm3: str = ""
    approval_number: str = ""
    marking_id: str = ""
    copy_id: str = ""
    copy_number: str = ""
    pages: int = 0
    cause: DingmiError | None = None


def preprint_files(
    request: PrintRequest,
    office: Office,
    *,
    on_verdict: Callable[[PrintVerdict], None],
    issuing: bool = False,
) -> tuple[PrintVerdict, ...]:
    """Decide on files, record the decisions, and return them in order.

    A file that is named twice is to be printed twice. `issuing`: they print at once, so that a
    numbered copy prints only once; whoever prints it has to settle its number.

    Raises the ledger's errors where it cannot be opened, KeyboardInterrupt when the user stops it.
    """
    run_id = f"print-{secrets.token_hex(4)}"
    verdicts: dict[int, PrintVerdict] = {}
    times = Counter(map(os.path.realpath, request.files))
    jobs = [
        Job(look_in_worker, (office, run_id, path, replace(request, copies=request.copies * count)))
        for path in request.files
        for count in (times[os.path.realpath(path)],)
    ]
    with open_ledger(office) as ledger:

        def take(number: int, result: Looked | DingmiError) -> None:
            decide = _with_number if issuing else _decided
            verdict = decide(request.files[number], result, request, office, ledger)
            verdicts[number] = verdict
            on_verdict(verdict)

        try:
            if not run_jobs(jobs, office.limits, workers_for(0, len(jobs)), take):
                raise KeyboardInterrupt
        finally:
            clear_private_folders(office, run_id)
    return tuple(verdicts[number] for number in range(len(request.files)))


def print_here(request: PrintRequest, office: Office) -> tuple[PrintVerdict, ...]:
    """Decide on files that print at once; this process becomes a worker with limits, for good.

    A numbered copy prints only once: its number is issued with the decision. Where the time limit
    ends, the process does, by SIGALRM; then `record_failure` is for another process.

    Raises the ledger's errors where it cannot be opened.
    """
    run_id = f"print-{secrets.token_hex(4)}"
    begin(office.limits)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(office.limits.seconds * len(request.files))
    try:
        with open_ledger(office) as ledger:
            return tuple(_printed(path, run_id, request, office, ledger) for path in request.files)
    finally:
        signal.alarm(0)
        clear_private_folders(office, run_id)


def record_failure(request: PrintRequest, office: Office) -> None:
    """Record that a job was held whose process ended, and take away what that one left.

    The numbers it was given meanwhile are void: nobody learned of them.

    Raises the ledger's errors.
    """
    with open_ledger(office) as ledger:
        held = Looked(PrintReason.FAILED)
        ledger.append(_entry(held, PrintDecision.HOLD, request))
        void_of_job(request.job, ledger)
        clear_dead_prints(office, ledger)


def _printed(
    path: Path, run_id: str, request: PrintRequest, office: Office, ledger: Ledger
) -> PrintVerdict:
    looked = guarded(office.limits, look_in_worker, office, run_id, path, request)
    return _with_number(path, looked, request, office, ledger)


def _with_number(
    path: Path,
    looked: Looked | DingmiError,
    request: PrintRequest,
    office: Office,
    ledger: Ledger,
) -> PrintVerdict:
    """Decide on a file that prints at once: a numbered copy gets its number, or waits."""
    printer = office.printing.printer(request.printer)
    if isinstance(looked, Looked) and looked.copy_number and _prints(looked, printer, request):
        ids = (looked.approval_number, looked.copy_id, looked.copy_number)
        try:
            asking = Asking(request.printer, request.by, request.job)
            issued = issue(*ids, asking, ledger)
        except DingmiError as error:
            return held_by(path, error)
        if issued is None:
            looked = replace(looked, reason=PrintReason.PRINTED_ALREADY, cause=None)
        return replace(_decided(path, looked, request, office, ledger), issued=issued)
    return _decided(path, looked, request, office, ledger)


def _prints(looked: Looked, printer: Printer, request: PrintRequest) -> bool:
    """Tell whether a copy of ours would print; a provisional one prints as often as asked."""
    reason = with_options(looked.reason, request.options)
    ours = looked.reason is not PrintReason.PROVISIONAL
    return ours and PrintDecision.PRINT is printer.decide(looked.reason) is printer.decide(reason)


def look_in_worker(office: Office, run_id: str, path: Path, request: PrintRequest) -> Looked:
    """Look at one file in a worker process."""
    desk = desk_of(office, run_id)
    try:
        found = checked(path, desk, request.password)
    except LedgerBusy:
        raise
    except DingmiError as error:
        reason = PrintReason.SEVERAL if _several(path) else PrintReason.UNREADABLE
        return Looked(reason, cause=error)
    looked = looked_at(found, request.copies, desk.today)
    if looked.reason not in _SAME_BYTES and _several(path):
        return replace(looked, reason=PrintReason.SEVERAL, cause=None)
    if looked.reason is not PrintReason.UNMARKED:
        return looked
    return _searched(looked, path, desk, request.password)


def _several(path: Path) -> bool:
    try:
        return holds_several(path)
    except OSError:
        return False  # it cannot be read at all, which is said otherwise


def _searched(looked: Looked, path: Path, desk: Desk, password: str) -> Looked:
    """Look for quotations in a file without any mark: then it is no ordinary paper."""
    from dingmi_mark.pipeline.quotes import undeclared_in

    if desk.office.quotations.undeclared is Undeclared.OFF:
        return looked
    try:
        cause = undeclared_in(path, desk, password)
    except DingmiError as error:
        return replace(looked, reason=PrintReason.UNREADABLE, cause=error)
    if cause is None:
        return looked
    return replace(looked, reason=PrintReason.QUOTES_SECRET, cause=cause)


def looked_at(found: Checked, copies: int, today: date) -> Looked:
    """Return what a checked file is to a printer, for so many copies on that day."""
    evidence, sm3 = found.evidence, found.digests.sm3
    pages = len(evidence.draft.pages) if evidence else 0
    if found.unmarked is not None:
        reason, number = _unmarked(found.unmarked), found.unmarked.approval_number
        return Looked(reason, sm3, number, pages=pages, cause=found.report.error)
    if evidence is None:
        cause = DraftUnsupported(kind=found.report.file.suffix.lower(), supported=SUPPORTED)
        return Looked(PrintReason.UNREADABLE, sm3, cause=cause)
    reason = _reason(found, evidence, copies, today)
    if evidence.known is None:
        number = found.notified.approval_number if found.notified else _number_in(evidence)
        return Looked(reason, sm3, number, pages=pages, cause=found.report.error)
    known = evidence.known.intended
    ids = (known.approval_number, known.marking_id, known.copy_id, known.copy_number)
    return Looked(reason, sm3, *ids, pages, found.report.error)


def _copy_number(evidence: Evidence) -> str:
    if evidence.known is not None:
        return evidence.known.intended.copy_number
    return str(evidence.label["marking"]["copy_number"]) if evidence.label else ""


def _number_in(evidence: Evidence) -> str:
    return str(evidence.label["approval"]["number"]) if evidence.label else ""


def _reason(found: Checked, evidence: Evidence, copies: int, today: date) -> PrintReason:
    report = found.report
    if isinstance(report.error, CheckNotMarked):
        return PrintReason.UNMARKED
    if report.identified_by in (None, IdentifiedBy.INK):
        return PrintReason.FOREIGN
    if copies > 1 and _copy_number(evidence):
        return PrintReason.MORE_COPIES
    if not found.mark_seen:
        return PrintReason.MARK_NOT_SEEN
    if evidence.overtaken_by is not None:
        return PrintReason.OVERTAKEN
    if _has(report, Agreement.CONTRADICTS):
        return PrintReason.ALTERED
    if _has(report, Agreement.MISSING):
        return PrintReason.INCOMPLETE
    return _of_a_whole_file(found, evidence, today)


def _of_a_whole_file(found: Checked, evidence: Evidence, today: date) -> PrintReason:
    known = evidence.known
    if found.notified is not None:
        is_cover = found.digests.sm3 in found.notified.covers_sm3
        return PrintReason.MARKED if is_cover else PrintReason.NOTIFIED
    if not found.same_bytes:
        return PrintReason.SAVED_ANEW
    if known is None:
        return PrintReason.PROVISIONAL
    if evidence.change is not None and evidence.change.released:
        return PrintReason.RELEASED
    last = (evidence.change or known.intended).last_secret_day
    if last and date.fromisoformat(last) < today:
        return PrintReason.EXPIRED
    return PrintReason.MARKED


def _unmarked(copy: UnmarkedCopy) -> PrintReason:
    """The registered original at its place is a secret without a mark like any other copy."""
    if copy.place is RegisteredPlace.RELEASED:
        return PrintReason.RELEASED
    if copy.standing in (Standing.APPROVED, Standing.MARKED):
        return PrintReason.UNMARKED_SECRET
    return PrintReason.PROPOSAL


def _has(report: CheckReport, agreement: Agreement) -> bool:
    return any(line.agreement is agreement for line in report.lines)


def _decided(
    path: Path,
    result: Looked | DingmiError,
    request: PrintRequest,
    office: Office,
    ledger: Ledger,
) -> PrintVerdict:
    """Record a decision and return it; what could not be looked at or recorded is held."""
    if isinstance(result, DingmiError):
        result = Looked(PrintReason.FAILED, cause=result)
    printer = office.printing.printer(request.printer)
    decision = printer.decide(result.reason)
    if decision is PrintDecision.PRINT:
        reason = with_options(result.reason, request.options)
        if reason is not result.reason:
            result, decision = replace(result, reason=reason, cause=None), printer.decide(reason)
    try:
        ledger.append(_entry(result, decision, request))
    except DingmiError as error:
        return held_by(path, error)
    number = result.approval_number
    stop = stopped(path, result.reason, decision, number, result.cause)
    return PrintVerdict(path, decision, result.reason, number, result.file_sm3, stop)


def _entry(looked: Looked, decision: PrintDecision, request: PrintRequest) -> PrintDecided:
    return PrintDecided(
        looked.approval_number,
        looked.marking_id,
        looked.copy_id,
        looked.file_sm3,
        request.printer,
        request.by,
        looked.pages,
        request.copies,
        (looked.copy_number,) if looked.copy_number else (),
        decision.value,
        looked.reason.value,
        clock.now(),
    )
