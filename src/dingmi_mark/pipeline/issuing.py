"""Issue copy numbers at the printer, say what became of them, and register spoiled sheets."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, SheetSpoiled
from dingmi_mark.domain.printed import PrintOutcome, has_the_number, standing_prints
from dingmi_mark.errors import CopyUnknown, SheetNotPrinted
from dingmi_mark.pipeline import clock
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_ledger import open_ledger

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

_OF_JOB, _OF_CALL = ".", "-"
"""Behind a job's own id, and behind that of the call; then comes what tells its prints apart."""

A = TypeVar("A", NumberIssued, NumberSettled, SheetSpoiled)


@dataclass(frozen=True)
class Issued:
    """A number that may go to paper now, once."""

    approval_number: str
    copy_id: str
    copy_number: str
    print_id: str


@dataclass(frozen=True)
class MadePaper:
    """A copy that was made for the printer: its number, and how many bytes it has.

    Without bytes (0) it is the file itself.
    """

    issued: Issued
    size: int


@dataclass(frozen=True)
class Asking:
    """Who asks for numbers: a printer, a person, and a print job, if one asks.

    `job` is `JOB.CALL`: the job as the print server knows it, however often it is tried, and the
    one call in which it is tried now.
    """

    printer: str
    by: str
    job: str = ""

    def print_id(self) -> str:
        """Return a new id of one print; those of a job begin with the job's."""
        return f"{self.job}{_OF_CALL}{secrets.token_hex(8)}" if self.job else secrets.token_hex(8)

    def is_of_job(self, print_id: str) -> bool:
        """Tell whether a print was asked for by the same job, now or in an earlier call."""
        job, dot, _ = self.job.partition(_OF_JOB)
        return bool(dot) and print_id.startswith(f"{job}{_OF_JOB}")


def issue(
    approval_number: str, copy_id: str, copy_number: str, asking: Asking, ledger: Ledger
) -> Issued | None:
    """Ask for a number; None where it went to a printer before. Raises the ledger's errors."""
    ours = Issued(approval_number, copy_id, copy_number, asking.print_id())
    ids = (approval_number, copy_id, copy_number, ours.print_id)
    ledger.append(NumberIssued(*ids, asking.printer, asking.by, clock.now()))
    # Read after writing: the order of the ledger decides between two who ask at once.
    spoiled = _about(SheetSpoiled, approval_number, copy_id, ledger)
    if has_the_number(ours.print_id, _standing(approval_number, copy_id, ledger), spoiled):
        return ours
    settle(ours, PrintOutcome.VOID, ledger)
    return None


def settle(issued: Issued, outcome: PrintOutcome, ledger: Ledger) -> None:
    """Say what became of a print. Raises the ledger's errors."""
    ids = (issued.approval_number, issued.copy_id, issued.copy_number, issued.print_id)
    ledger.append(NumberSettled(*ids, outcome.value, clock.now()))


def void_of_job(job: str, ledger: Ledger) -> None:
    """Say that the numbers of one call of a job are void: its process ended before any print."""
    for entry in ledger.unanswered(NumberIssued, NumberSettled):
        if job and entry.print_id.startswith(f"{job}{_OF_CALL}"):
            ids = (entry.approval_number, entry.copy_id, entry.copy_number, entry.print_id)
            settle(Issued(*ids), PrintOutcome.VOID, ledger)


def settle_all(issued: Sequence[Issued], outcome: PrintOutcome, office: Office) -> None:
    """Say what became of the numbers of a job. Raises the ledger's errors."""
    if issued:
        with open_ledger(office) as ledger:
            for one in issued:
                settle(one, outcome, ledger)


def register_spoiled(
    number: str, copy_number: str, by: str, day: date, ledger: Ledger
) -> SheetSpoiled:
    """Register that a printed copy was spoiled, so that its number prints once more.

    Raises CopyUnknown, and SheetNotPrinted where no print of it is without a spoiled sheet.
    """
    wanted = f"{int(copy_number):06d}" if copy_number.isdecimal() else copy_number
    found = [
        known.intended.copy_id
        for known in ledger.by_approval(number)
        if known.state is MarkingState.DONE and known.intended.copy_number == wanted
    ]
    found += [
        entry.copy_id
        for _, entry in ledger.acts(NumberIssued, subject=number)
        if entry.copy_number == wanted
    ]
    if not found:
        raise CopyUnknown(copy=copy_number, number=number)
    copy_id = found[-1]
    printed = _standing(number, copy_id, ledger)
    if len(printed) <= len(_about(SheetSpoiled, number, copy_id, ledger)):
        raise SheetNotPrinted(copy=wanted, number=number)
    entry = SheetSpoiled(number, copy_id, wanted, by, day.isoformat(), clock.now())
    ledger.append(entry)
    return entry


def _standing(number: str, copy_id: str, ledger: Ledger) -> tuple[NumberIssued, ...]:
    issued = _about(NumberIssued, number, copy_id, ledger)
    return standing_prints(issued, _about(NumberSettled, number, copy_id, ledger))


def _about(kind: type[A], number: str, copy_id: str, ledger: Ledger) -> Sequence[A]:
    found = ledger.acts(kind, subject=number)
    return [entry for _, entry in found if entry.copy_id == copy_id]
