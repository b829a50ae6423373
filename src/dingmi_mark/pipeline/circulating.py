"""Give copies out, destroy them before a witness, and make the circulation sheet of a paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from dingmi_mark.domain.circulation import CopyActs, CopyCourse, courses, is_in_scope, sheet_rows
from dingmi_mark.domain.copies import ReturnedHow
from dingmi_mark.domain.ledger_circulation import CopyReceived, DestructionWitnessed
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, SheetSpoiled
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.errors import (
    CopiesNotNamed,
    CopyOnlyProvisional,
    CopyReturnedAlready,
    CopyUnknown,
    RecordUnknown,
    WitnessNeeded,
)
from dingmi_mark.forms.register_book import Heading
from dingmi_mark.forms.register_definition import COPIES, read_register
from dingmi_mark.pipeline.registers import FOLDER, MadeRegister
from dingmi_mark.pipeline.returning import copies_of
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

A = TypeVar(
    "A",
    CopyReceived,
    CopyReturned,
    DestructionWitnessed,
    NumberIssued,
    NumberSettled,
    SheetSpoiled,
)


@dataclass(frozen=True)
class Registration:
    """What is registered about copies: of which approval, by whom, on which day, written when."""

    number: str
    names: tuple[str, ...]
    by: str
    day: date
    now: str


def courses_of(number: str, office: Office, ledger: Ledger) -> tuple[CopyCourse, ...]:
    """Return the course of every marked copy of an approval. Raises what `copies_of` does."""
    return courses(copies_of(number, office, ledger), _acts(number, ledger))


def receive_copies(
    asked: Registration, receiver: str, office: Office, ledger: Ledger
) -> tuple[CopyReceived, ...]:
    """Register that a receiver got copies, all or none; no names stand for the one that is out.

    Raises CopyUnknown, CopyOnlyProvisional, CopyReturnedAlready, CopiesNotNamed.
    """
    names = _names(asked, lambda course: course.copy.is_out, office, ledger)
    fits = is_in_scope(receiver, _named_in_record(asked.number, office))
    told = (receiver, asked.by, fits, asked.day.isoformat(), asked.now)
    entries = tuple(CopyReceived(asked.number, name, *told) for name in names)
    ledger.append(*entries)
    return entries


def destroy_copies(
    asked: Registration, witness: str, office: Office, ledger: Ledger
) -> tuple[str, ...]:
    """Register that two people destroyed copies, those that came back too, all or none.

    Returns their names. Raises WitnessNeeded, CopyUnknown, CopyOnlyProvisional,
    CopyReturnedAlready, CopiesNotNamed.
    """
    if "".join(witness.split()) == "".join(asked.by.split()):
        raise WitnessNeeded(name=witness)
    names = _names(asked, lambda course: not course.is_destroyed, office, ledger)
    number, day, now = asked.number, asked.day.isoformat(), asked.now
    how = ReturnedHow.DESTROYED.value
    ledger.append(
        *(CopyReturned(number, name, how, asked.by, day, now) for name in names),
        *(DestructionWitnessed(number, name, witness, day, now) for name in names),
    )
    return names


def made_sheet(number: str, office: Office, ledger: Ledger, today: date) -> MadeRegister:
    """Make the circulation sheet of a paper. Raises ConfigurationInvalid, what `copies_of` does."""
    register = read_register(COPIES, office.folder / FOLDER)
    rows = tuple(sheet_rows(courses_of(number, office, ledger)))
    return MadeRegister(
        register, rows, Heading(f"{register.title}（{number}）", office.name, today)
    )


def _names(
    asked: Registration, is_open: Callable[[CopyCourse], bool], office: Office, ledger: Ledger
) -> tuple[str, ...]:
    copies = copies_of(asked.number, office, ledger)
    known = {course.copy.name: course for course in courses(copies, _acts(asked.number, ledger))}
    if not asked.names:
        found = tuple(name for name, course in known.items() if is_open(course))
        if len(found) != 1:
            raise CopiesNotNamed(number=asked.number, count=len(found))
        return found
    names = tuple(dict.fromkeys(f"{int(n):06d}" if n.isdecimal() else n for n in asked.names))
    for name in names:
        if name not in known:
            provisional = any(copy.name == name for copy in copies)
            kind = CopyOnlyProvisional if provisional else CopyUnknown
            raise kind(copy=name, number=asked.number)
        if not is_open(known[name]):
            copy = known[name].copy
            raise CopyReturnedAlready(copy=name, how=copy.how, day=copy.day)
    return names


def _named_in_record(number: str, office: Office) -> tuple[str, ...]:
    """Return whom the record names, its 知悉范围 and its receivers; nobody without a record."""
    try:
        record = find_record(office.approvals, number).record
    except RecordUnknown:
        return ()
    return (*record.secrecy.scope, *record.draft.receivers)


def _acts(number: str, ledger: Ledger) -> CopyActs:
    return CopyActs(
        _about(CopyReceived, number, ledger),
        _about(CopyReturned, number, ledger),
        _about(DestructionWitnessed, number, ledger),
        _about(NumberIssued, number, ledger),
        _about(NumberSettled, number, ledger),
        _about(SheetSpoiled, number, ledger),
    )


def _about(kind: type[A], number: str, ledger: Ledger) -> tuple[A, ...]:
    return tuple(entry for _, entry in ledger.acts(kind, subject=number))
