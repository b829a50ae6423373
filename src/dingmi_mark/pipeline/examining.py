"""Refuse what the law does not allow, with every finding and its article."""

from __future__ import annotations

from collections.abc import Sequence

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.law import Finding, Severity, Theme
from dingmi_mark.domain.rules import examine, refusals
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.terms import last_secret_day
from dingmi_mark.errors import AuthorityExceeded, LawViolated, PeriodOver
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline.desk import Desk


def examine_record(record: ApprovalRecord, desk: Desk) -> tuple[Message, ...]:
    """Return what the rules only note. Raises LawViolated, AuthorityExceeded, PeriodOver."""
    office = desk.office
    case = Case(record, office.authority, desk.today, beijing=office.beijing)
    findings = examine(case, desk.lawbook)
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
    error = AuthorityExceeded if themes == {Theme.AUTHORITY} else LawViolated
    raise error(citation=citation, findings=faults)


def _with_way_out(finding: Finding) -> Message:
    if finding.next is None:
        return finding.message
    return say("{finding} What to do: {next}", finding=finding.message, next=finding.next)
