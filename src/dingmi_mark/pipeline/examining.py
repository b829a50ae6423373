"""Refuse what the law does not allow, with every finding and its article."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord, LateField
from dingmi_mark.domain.known import Known
from dingmi_mark.domain.law import Finding, Lawbook, Severity, Theme
from dingmi_mark.domain.rules import examine, refusals
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.terms import last_secret_day
from dingmi_mark.errors import (
    AuthorityExceeded,
    DingmiError,
    LawViolated,
    MatterUnclear,
    PeriodOver,
)
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline.desk import Desk

_LATER: Final = frozenset({"officer-approved", "officer-authority", "officer-letter", "stand-in"})
"""Rules about the decision, which a record has not yet when it is handed in."""

_OTHERS_DECIDE: Final = frozenset({Theme.AUTHORITY, Theme.UNCLEAR})
"""What another organ decides: to protect a paper first and to report it needs no authority."""


def findings_so_far(case: Case, lawbook: Lawbook) -> tuple[Finding, ...]:
    """Return what the rules say now; what can only be known later is left out."""
    record = case.approval
    later = _LATER if record.decision is None else frozenset()
    if LateField.ISSUE_DAY in record.draft.late_fields and record.draft.period_start is None:
        later |= {"period-start"}
    return tuple(found for found in examine(case, lawbook) if found.rule not in later)


def examine_record(record: ApprovalRecord, desk: Desk, known: Known | None) -> tuple[Message, ...]:
    """Return what the rules only note; `known` is of its sources. Raises what `refuse_if` does."""
    return _notes(examine(_case(record, desk, known), desk.lawbook), record)


def examine_provisionally(
    record: ApprovalRecord, desk: Desk, known: Known | None
) -> tuple[Message, ...]:
    """Return what the rules only note before the decision, all but authority examined.

    An organ without authority protects first: 先行采取保密措施 (保守国家秘密法(2024)第十七条).
    Raises LawViolated, PeriodOver.
    """
    return _notes(proposable(findings_so_far(_case(record, desk, known), desk.lawbook)), record)


def _case(record: ApprovalRecord, desk: Desk, known: Known | None) -> Case:
    office = desk.office
    return Case(record, office.authority, desk.today, beijing=office.beijing, known=known)


def proposable(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what stands against a proposal, without what others decide.

    A matter beyond the organ's authority is protected first and reported (法17(3)), one that is
    unclear too (条例25): both are handed in.
    """
    return tuple(found for found in findings if found.theme not in _OTHERS_DECIDE)


def _notes(findings: tuple[Finding, ...], record: ApprovalRecord) -> tuple[Message, ...]:
    refuse_if(refusals(findings), record)
    return tuple(
        say("{finding} ({citation})", finding=finding.message, citation=str(finding.citation))
        for finding in findings
        if finding.severity is Severity.NOTE
    )


def refuse_if(findings: Sequence[Finding], record: ApprovalRecord) -> None:
    """Raise the error for these findings, all of them in it; nothing where there are none."""
    if not findings:
        return
    themes = {finding.theme for finding in findings}
    citation = str(findings[0].citation)
    start = record.draft.period_start
    if themes == {Theme.PERIOD_OVER} and start is not None:
        last = last_secret_day(record.secrecy.marking.period, start)
        raise PeriodOver(citation=citation, last_day=str(last))
    faults = tuple(Fault(str(finding.citation), _with_way_out(finding)) for finding in findings)
    raise _error_for(themes)(citation=citation, findings=faults)


def _with_way_out(finding: Finding) -> Message:
    if finding.next is None:
        return finding.message
    return say("{finding} What to do: {next}", finding=finding.message, next=finding.next)


def _error_for(themes: set[Theme]) -> type[DingmiError]:
    """An unclear matter comes first: what else is amiss with it waits for the bureau's reply."""
    if Theme.UNCLEAR in themes:
        return MatterUnclear
    return AuthorityExceeded if themes == {Theme.AUTHORITY} else LawViolated
