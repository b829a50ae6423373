"""The register of copies so far: which copies of an approval there are, and which came back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from dingmi_mark.domain.copies import DoneCopy, RegisteredCopy, ReturnedHow, registered
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_acts import Act
from dingmi_mark.domain.ledger_printing import NumberIssued, NumbersAtPrinter, NumberSettled
from dingmi_mark.domain.ledger_provisional import CopyReturned, ProvisionalGone
from dingmi_mark.domain.printed import standing_prints
from dingmi_mark.errors import (
    CopiesNotNamed,
    CopyReturnedAlready,
    CopyUnknown,
    NoCopies,
    RecordUnknown,
)
from dingmi_mark.pipeline.retiring import known_provisional
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def copies_of(number: str, office: Office, ledger: Ledger) -> tuple[RegisteredCopy, ...]:
    """Return every copy that was made under an approval number, the returned ones too.

    Raises NoCopies where there is none, and what reading the record does.
    """
    try:
        draft = find_record(office.approvals, number).record.draft
    except RecordUnknown:
        draft = None
    newest = {(one.approval_number, one.copy_number) for one in ledger.done_copies()}
    done = {
        (number, known.intended.copy_number): known.intended
        for known in ledger.by_approval(number)
        if known.state is MarkingState.DONE
    }
    files = [
        (DoneCopy(number, entry.copy_number, entry.last_secret_day), os.fsdecode(entry.target))
        for key, entry in done.items()
        if key in newest
    ]
    files = _numbered_at_printer(number, files, ledger)
    returned = [entry for _, entry in ledger.acts(CopyReturned, subject=number)]
    found = registered(files, known_provisional(ledger, number), returned, draft)
    if not found and not ledger.acts(NumbersAtPrinter, subject=number):
        raise NoCopies(number=number)
    return found


def _numbered_at_printer(
    number: str, files: Sequence[tuple[DoneCopy, str]], ledger: Ledger
) -> list[tuple[DoneCopy, str]]:
    """Return the copies with those that only a printer made; the file they were made of is none."""
    at_printer = bool(ledger.acts(NumbersAtPrinter, subject=number))
    found = [(copy, file) for copy, file in files if copy.copy_number or not at_printer]
    known = {copy.copy_number for copy, _ in found}
    issued = [entry for _, entry in ledger.acts(NumberIssued, subject=number)]
    settled = [entry for _, entry in ledger.acts(NumberSettled, subject=number)]
    names = {entry.copy_number for entry in standing_prints(issued, settled)} - known
    return [*found, *((DoneCopy(number, name, ""), "") for name in sorted(names))]


def return_copies(
    copies: Sequence[RegisteredCopy],
    names: Sequence[str],
    how: ReturnedHow,
    by: str,
    day: date,
    ledger: Ledger,
    now: str,
) -> tuple[RegisteredCopy, ...]:
    """Register that copies came back, all or none; no names stand for the one that is out.

    Raises CopyUnknown, CopyReturnedAlready, CopiesNotNamed.
    """
    chosen = _chosen(copies, names)
    ledger.append(*(_entry(copy, how, by, day, now) for copy in chosen))
    return chosen


def _chosen(copies: Sequence[RegisteredCopy], names: Sequence[str]) -> tuple[RegisteredCopy, ...]:
    number = copies[0].approval_number
    if not names:
        out = tuple(copy for copy in copies if copy.is_out)
        if len(out) != 1:
            raise CopiesNotNamed(number=number, count=len(out))
        return out
    return tuple(_named(copies, name, number) for name in dict.fromkeys(names))


def _named(copies: Sequence[RegisteredCopy], name: str, number: str) -> RegisteredCopy:
    """Return the copy of a name; of several provisional ones of a name the newest that is out."""
    wanted = f"{int(name):06d}" if name.isdecimal() else name
    found = [copy for copy in copies if copy.name == wanted]
    if not found:
        raise CopyUnknown(copy=name, number=number)
    out = [copy for copy in found if copy.is_out]
    if not out:
        last = found[-1]
        raise CopyReturnedAlready(copy=last.name, how=last.how, day=last.day)
    return out[-1]


def _entry(copy: RegisteredCopy, how: ReturnedHow, by: str, day: date, now: str) -> Act:
    told = (how.value, by, day.isoformat(), now)
    if copy.provisional is not None:
        return ProvisionalGone(copy.provisional.begun, copy.approval_number, *told)
    return CopyReturned(copy.approval_number, copy.name, *told)
