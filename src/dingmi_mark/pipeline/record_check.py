"""What a record may do as it stands: be handed in, wait for its decision, or allow a mark."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.known import Known
from dingmi_mark.domain.law import Finding, Lawbook, Theme
from dingmi_mark.domain.procedure import Waiting, proposed, waiting_for
from dingmi_mark.domain.rules import refusals
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.situation import PROGRAM, WHICH, OpenRecord, Situation, Viewer
from dingmi_mark.domain.today_records import command_for
from dingmi_mark.errors import DingmiError, ExitCode
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.examining import findings_so_far, proposable
from dingmi_mark.pipeline.known import known_for
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.approvals import StoredApproval
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


class Stage(Enum):
    """How far a record has come."""

    PROPOSAL = "proposal"
    HANDED_IN = "handed-in"
    DECIDED = "decided"


_UNDECIDED: Final = frozenset(
    {Waiting.SECURITY_REVIEW, Waiting.REVIEW, Waiting.DECISION, Waiting.CORRECTION}
)


@dataclass(frozen=True)
class CheckedRecord:
    """A record with what the rules say of it now.

    `against` are the findings that keep it from its next step: from being handed in, or from the
    mark. `next` says what comes next and `command` how, where nothing stands against it.
    """

    stage: Stage
    findings: tuple[Finding, ...]
    against: tuple[Finding, ...]
    next: Message | None = None
    command: tuple[str, ...] = ()

    @property
    def code(self) -> ExitCode:
        """What the next step would return because of the rules."""
        themes = {finding.theme for finding in self.against}
        if not themes:
            return ExitCode.OK
        if Theme.UNCLEAR in themes:
            return ExitCode.MATTER_UNCLEAR
        if themes == {Theme.AUTHORITY}:
            return ExitCode.AUTHORITY_EXCEEDED
        return ExitCode.PERIOD_OVER if themes == {Theme.PERIOD_OVER} else ExitCode.LAW_VIOLATED


def check_record(
    kept: StoredApproval,
    office: Office,
    lawbook: Lawbook,
    today: date,
    ledger: Ledger | None = None,
) -> CheckedRecord:
    """Examine a record for the step it stands before; its sources with the ledger where it is open.

    What only the decision can answer is no fault of a proposal; that another organ must decide it
    stops none either (保守国家秘密法(2024)第十七条第三款).
    """
    record = kept.record
    waiting = waiting_for(record, office.policies.approval_steps)
    if waiting not in _UNDECIDED:
        return _decided(record, office, lawbook, today, known_for(record, office, ledger))
    known = known_for(record, office, ledger)
    case = Case(proposed(record, today), office.authority, today, office.beijing, known=known)
    findings = findings_so_far(case, lawbook)
    against = refusals(proposable(findings))
    if against:
        return CheckedRecord(Stage.PROPOSAL, findings, against)
    waits = _waits_in_office(record, office)
    if waits is not None:
        following = say("It is handed in and waits for: {step}", step=waits.value)
        if waits not in _UNDECIDED:
            following = say("The office's own record of this number is decided already:")
        look = (PROGRAM, "approval", "review", record.number)
        return CheckedRecord(Stage.HANDED_IN, findings, (), following, look)
    following = say("It may be handed in:")
    if case.is_unclear:
        following = say("It may be handed in all the same; the secrecy bureau is to decide it:")
    elif refusals(findings):
        following = say("It may be handed in all the same; another organ is to decide it:")
    draft = record.draft.files[0] if record.draft.files else WHICH
    command = (PROGRAM, "approval", "submit", os.fspath(kept.path), draft)
    return CheckedRecord(Stage.PROPOSAL, findings, (), following, command)


def _decided(
    record: ApprovalRecord, office: Office, lawbook: Lawbook, today: date, known: Known | None
) -> CheckedRecord:
    case = Case(record, office.authority, today, office.beijing, known=known)
    findings = findings_so_far(case, lawbook)
    against = refusals(findings)
    command = command_for(OpenRecord(record, Waiting.MARKING), Situation(today), Viewer())
    if against or "fill" not in command:
        return CheckedRecord(Stage.DECIDED, findings, against)
    following = say("What is known only now is to be filled in first:")
    return CheckedRecord(Stage.DECIDED, findings, (), following, command)


def _waits_in_office(record: ApprovalRecord, office: Office) -> Waiting | None:
    """Return what the office's own record of this number waits for; None where it has none."""
    try:
        own = find_record(office.approvals, record.number).record
    except DingmiError:
        return None
    waits = waiting_for(own, office.policies.approval_steps)
    return None if waits is Waiting.CORRECTION else waits
