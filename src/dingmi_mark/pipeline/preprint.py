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
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_printing import PrintDecided
from dingmi_mark.domain.printing import PrintDecision, Printer, PrintReason, with_options
from dingmi_mark.domain.quotations import Undeclared
from dingmi_mark.errors import DingmiError, LedgerBusy
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.check import checked
from dingmi_mark.pipeline.desk import Desk, clear_dead_prints, clear_private_folders
from dingmi_mark.pipeline.issuing import Asking, issue, void_of_job
from dingmi_mark.pipeline.numbered_papers import make_in_worker
from dingmi_mark.pipeline.numbering import (
    MarkedIds,
    give_back,
    numbers_at_printer,
    printed_for,
    take_numbers,
)
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.preprint_words import held_by, stopped
from dingmi_mark.pipeline.print_looking import SAME_BYTES, Looked, looked_at
from dingmi_mark.pipeline.several import holds_several
from dingmi_mark.pipeline.verdicts import PrintVerdict
from dingmi_mark.pipeline.worker import begin, desk_of, guarded
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_ledger import open_ledger

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

_MADE_ANEW = SAME_BYTES | {PrintReason.RELEASED}
"""What copies are made of: our own file, as it was made."""


@dataclass(frozen=True)
class PrintRequest:
    """What is to be printed: by whom, on which printer, how many times each, with which options.

    `job` is our own id of a print job, by which its numbers are found again; empty without one.
    `output` is an open file for the copies that are made to be printed, None where only files
    that exist can be printed.
    """

    files: tuple[Path, ...]
    by: str
    printer: str = ""
    copies: int = 1
    password: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    job: str = ""
    output: int | None = None


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
    single = replace(request, copies=1)
    looked = guarded(office.limits, look_in_worker, office, run_id, path, single)
    if isinstance(looked, Looked):
        printer = office.printing.printer(request.printer)
        is_ours = looked.reason in _MADE_ANEW and (looked.copy_number or looked.at_printer)
        if request.output is not None and is_ours and _prints(looked, printer, request):
            return _numbered(path, run_id, looked, request, office, ledger)
        if request.copies > 1 and looked.bears_number:
            looked = replace(looked, reason=PrintReason.MORE_COPIES, cause=None)
    return _with_number(path, looked, request, office, ledger)


def _numbered(
    path: Path,
    run_id: str,
    looked: Looked,
    request: PrintRequest,
    office: Office,
    ledger: Ledger,
) -> PrintVerdict:
    """Give every copy a number and make those that are not there as files; or refuse them all."""
    from dingmi_mark.pipeline.copying import copies_allowed  # the law, for such jobs alone

    ids = (looked.approval_number, looked.marking_id, looked.copy_id, looked.copy_number)
    asking = Asking(request.printer, request.by, request.job)
    try:
        already = printed_for(asking, looked.approval_number, ledger)
        if already >= request.copies:
            again = replace(looked, reason=PrintReason.PRINTED_ALREADY, cause=None)
            return _decided(path, again, request, office, ledger)
        wanted = request.copies - already
        allowed = copies_allowed(looked.approval_number, office, ledger, clock.today())
        marked = MarkedIds(*ids)
        taken = take_numbers(marked, wanted, asking, allowed, office.secret(), ledger)
        if not taken:
            return _decided(path, _beyond(looked, request), request, office, ledger)
        assert request.output is not None
        signal.alarm(office.limits.seconds * len(taken))
        work = (office, run_id, path, taken, request.output)
        papers = guarded(office.limits, make_in_worker, *work)
        if isinstance(papers, DingmiError):
            give_back(taken, ledger)
            return _decided(path, papers, request, office, ledger)
    except DingmiError as error:
        return held_by(path, error)
    numbers = tuple(one.issued.copy_number for one in papers)
    looked = replace(looked, numbers=numbers, at_printer=False)
    return replace(_decided(path, looked, request, office, ledger), papers=papers)


def _beyond(looked: Looked, request: PrintRequest) -> Looked:
    """Say why there are not enough numbers."""
    if looked.at_printer:
        reason = PrintReason.BEYOND_APPROVED
    else:
        again = request.copies == 1
        reason = PrintReason.PRINTED_ALREADY if again else PrintReason.MORE_COPIES
    return replace(looked, reason=reason, cause=None)


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
    if looked.reason not in SAME_BYTES and _several(path):
        return replace(looked, reason=PrintReason.SEVERAL, cause=None)
    if looked.marking_id and not looked.copy_number:
        ids = (looked.approval_number, looked.marking_id)
        looked = replace(looked, at_printer=numbers_at_printer(*ids, desk.ledger) > 0)
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
    if decision is PrintDecision.PRINT and result.waits_for_numbers:
        result = replace(result, reason=PrintReason.NUMBERS_AT_PRINTER, cause=None)
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
        looked.numbers or ((looked.copy_number,) if looked.copy_number else ()),
        decision.value,
        looked.reason.value,
        clock.now(),
    )
