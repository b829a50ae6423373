"""Take numbers for the copies a printer makes: the record's own first, then those of 复制.

Whoever asks first in the order of the ledger has a number; where there are not enough, all that
were taken are void.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dingmi_mark.domain.copying import CopyKind, approved_beyond, name_of_copy
from dingmi_mark.domain.identity import opaque_id
from dingmi_mark.domain.ledger_printing import (
    CopyingApproved,
    NumberIssued,
    NumbersAtPrinter,
    NumberSettled,
    SheetSpoiled,
)
from dingmi_mark.domain.plan import COPY_NUMBER_DIGITS
from dingmi_mark.domain.printed import PrintOutcome, is_free, standing_prints
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.issuing import Asking, Issued, issue, settle

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


@dataclass(frozen=True)
class MarkedIds:
    """A marked file by its ids; `copy_number` is empty where a printer numbers its copies."""

    approval_number: str
    marking_id: str
    copy_id: str
    copy_number: str


@dataclass(frozen=True)
class Taken:
    """A number that was issued for one paper.

    `shown` is the 份号 on it, `kind` and `number` say which 复制件 or 翻印件 it is; without a kind
    it is a copy of the record's own, and `as_it_is` one whose file prints unchanged.
    """

    issued: Issued
    shown: str
    kind: CopyKind | None = None
    number: int = 0
    as_it_is: bool = False


def numbers_at_printer(approval_number: str, marking_id: str, ledger: Ledger) -> int:
    """Return how many numbers a printer may give a marking in all, 0 where it gives none."""
    found = ledger.acts(NumbersAtPrinter, subject=approval_number)
    return next((act.copies for _, act in reversed(found) if act.marking_id == marking_id), 0)


def numbers_left(
    number: str, allowed: Mapping[CopyKind, tuple[int, ...]], ledger: Ledger
) -> Iterator[Message]:
    """Say how many numbers a printer may still give, the record's own and those of 复制
    (`allowed`, see `copying.copies_allowed`).
    """
    issued = [act for _, act in ledger.acts(NumberIssued, subject=number)]
    settled = [act for _, act in ledger.acts(NumberSettled, subject=number)]
    names = {act.copy_number for act in standing_prints(issued, settled)}
    for _, act in ledger.acts(NumbersAtPrinter, subject=number)[-1:]:
        used = sum(name.isdecimal() for name in names)
        left = act.copies - used
        yield say(
            "Numbered at the printer: {left} of {count} are left.", left=left, count=act.copies
        )
    approvals = [act for _, act in ledger.acts(CopyingApproved, subject=number)]
    for kind, approved in approved_beyond(approvals, approvals).items():
        may = allowed.get(kind, ())
        left = sum(name_of_copy(kind, place) not in names for place in may)
        what = {"kind": kind.value, "left": left, "count": len(approved)}
        yield say("{kind}: {left} of {count} approved copies are left.", **what)
        if len(may) < len(approved):
            yield say(
                "{kind}: {count} of the approved copies may be made no longer: the mark of the "
                "paper was changed since, and they need another approval (dingmi-mark copies "
                "approve).",
                kind=kind.value,
                count=len(approved) - len(may),
            )


def printed_for(asking: Asking, approval_number: str, ledger: Ledger) -> int:
    """Return how many copies a print job has on paper already, or may have.

    A job that is let go again prints the rest of its copies, and those whose spoiled sheets were
    registered.
    """
    issued = [act for _, act in ledger.acts(NumberIssued, subject=approval_number)]
    settled = [act for _, act in ledger.acts(NumberSettled, subject=approval_number)]
    spoiled = Counter(act.copy_id for _, act in ledger.acts(SheetSpoiled, subject=approval_number))
    standing = standing_prints(issued, settled)
    prints = Counter(act.copy_id for act in standing)
    ours = {act.copy_id for act in standing if asking.is_of_job(act.print_id)}
    return sum(prints[copy_id] > spoiled[copy_id] for copy_id in ours)


def take_numbers(
    file: MarkedIds,
    copies: int,
    asking: Asking,
    allowed: Mapping[CopyKind, tuple[int, ...]],
    secret: bytes,
    ledger: Ledger,
) -> tuple[Taken, ...]:
    """Take so many numbers, or none at all; `allowed` are those of 复制 and 翻印.

    Raises the ledger's errors.
    """
    taken: list[Taken] = []
    for each in _candidates(file, allowed, secret, ledger):
        if len(taken) == copies:
            break
        wanted = each.issued
        ids = (wanted.approval_number, wanted.copy_id, wanted.copy_number)
        issued = issue(*ids, asking, ledger)
        if issued is not None:
            taken.append(Taken(issued, each.shown, each.kind, each.number, each.as_it_is))
    if len(taken) < copies:
        give_back(taken, ledger)
        return ()
    return tuple(taken)


def give_back(taken: Sequence[Taken], ledger: Ledger) -> None:
    """Say that numbers are void. Raises the ledger's errors."""
    for one in taken:
        settle(one.issued, PrintOutcome.VOID, ledger)


def _candidates(
    file: MarkedIds, allowed: Mapping[CopyKind, tuple[int, ...]], secret: bytes, ledger: Ledger
) -> Iterator[Taken]:
    """Yield the numbers that are free as the ledger stands, in their order."""
    number = file.approval_number
    issued = [act for _, act in ledger.acts(NumberIssued, subject=number)]
    settled = [act for _, act in ledger.acts(NumberSettled, subject=number)]
    spoiled = [act for _, act in ledger.acts(SheetSpoiled, subject=number)]
    standing = standing_prints(issued, settled)
    for each in _all(file, allowed, secret, ledger):
        if is_free(each.issued.copy_id, standing, spoiled):
            yield each


def _all(
    file: MarkedIds, allowed: Mapping[CopyKind, tuple[int, ...]], secret: bytes, ledger: Ledger
) -> Iterator[Taken]:
    number = file.approval_number

    def asked(name: str) -> Issued:
        return Issued(number, opaque_id(secret, "copy", file.marking_id, name), name, "")

    if file.copy_number:
        own = Issued(number, file.copy_id, file.copy_number, "")
        yield Taken(own, file.copy_number, as_it_is=True)
    for place in range(1, numbers_at_printer(number, file.marking_id, ledger) + 1):
        name = f"{place:0{COPY_NUMBER_DIGITS}d}"
        yield Taken(asked(name), name)
    for kind, places in allowed.items():
        for place in places:
            yield Taken(asked(name_of_copy(kind, place)), file.copy_number, kind, place)
