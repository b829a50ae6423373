"""Register that 复制 or 翻印 of a marked paper was approved: printers then make so many copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import Person
from dingmi_mark.domain.change import MarkingInForce
from dingmi_mark.domain.copying import CopyKind, CopyRequest, approved_beyond
from dingmi_mark.domain.law import Finding, Lawbook
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_printing import CopyingApproved
from dingmi_mark.domain.rules import refusals
from dingmi_mark.domain.rules.copying import CopyCase, examine_copies
from dingmi_mark.errors import CopyingRefused, NoCopies
from dingmi_mark.messages import Fault
from dingmi_mark.pipeline.standing_now import standing_now
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

AT_PRINTER = (CopyKind.COPY, CopyKind.REPRINT)
"""What a printer can make; a 汇编 is a paper of its own."""


@dataclass(frozen=True)
class Copying:
    """An approval of copies as it is registered: of which paper, how many, by whom."""

    number: str
    kind: CopyKind
    copies: int
    approved_by: str
    consent: str
    by: str
    day: date


def approve_copying(asked: Copying, office: Office, ledger: Ledger, now: str) -> CopyingApproved:
    """Register an approval, where the law allows it.

    Raises NoCopies where nothing was marked under the number, RecordUnknown, CopyingRefused.
    """
    standing = _standing(asked.number, office, ledger)
    found = _refused(asked, standing, office.name, read_lawbook(office.profile))
    if found:
        faults = tuple(Fault(str(finding.citation), finding.message) for finding in found)
        raise CopyingRefused(findings=faults)
    entry = CopyingApproved(
        asked.number,
        asked.kind.value,
        asked.copies,
        office.name,
        asked.approved_by,
        asked.consent,
        asked.by,
        asked.day.isoformat(),
        now,
    )
    ledger.append(entry)
    return entry


def copies_allowed(
    number: str, office: Office, ledger: Ledger, today: date
) -> Mapping[CopyKind, tuple[int, ...]]:
    """Return the numbers of 复制件 and 翻印件 that may be made as the paper is marked today.

    An approval of the unit's head counts no longer where the paper became 绝密 since.

    Raises RecordUnknown, NoCopies.
    """
    approvals = [act for _, act in ledger.acts(CopyingApproved, subject=number)]
    if not approvals:
        return {}
    standing, lawbook = _standing(number, office, ledger), read_lawbook(office.profile)
    holding = [
        each
        for each in approvals
        if not _refused(_asked_by(each, today), standing, each.organ, lawbook)
    ]
    return approved_beyond(approvals, holding)


def _asked_by(approval: CopyingApproved, today: date) -> Copying:
    return Copying(
        approval.approval_number,
        CopyKind(approval.kind),
        approval.copies,
        approval.approved_by,
        approval.consent,
        approval.by,
        today,
    )


def _refused(
    asked: Copying, standing: MarkingInForce, organ: str, lawbook: Lawbook
) -> tuple[Finding, ...]:
    request = CopyRequest(
        asked.number,
        asked.kind,
        organ,
        asked.day,
        (standing,),
        standing.secrecy,
        numbers=tuple(range(1, asked.copies + 1)),
        approved_copies=asked.copies,
        approved_by=Person(asked.approved_by),
        consent=asked.consent,
    )
    return refusals(examine_copies(CopyCase(request), lawbook))


def _standing(number: str, office: Office, ledger: Ledger) -> MarkingInForce:
    if not any(one.state is MarkingState.DONE for one in ledger.by_approval(number)):
        raise NoCopies(number=number)
    return standing_now(find_record(office.approvals, number).record, ledger)
