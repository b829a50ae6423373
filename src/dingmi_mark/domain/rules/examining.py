"""Examine anything by a family of rules: each by its row of the day, each with its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dingmi_mark.domain.law import (
    Certainty,
    Citation,
    Finding,
    Lawbook,
    LawRow,
    Severity,
)
from dingmi_mark.domain.rules.case import Remark, Rule, S
from dingmi_mark.domain.rules.ways_out import REPORTED, REPORTING, way_out
from dingmi_mark.messages import say


@dataclass(frozen=True)
class RuleOutcome:
    """One rule that was looked at: the row in force, None where there was none, and its findings.

    `answers` are what the record explains, by the text it gives.
    """

    rule: str
    row: LawRow | None
    findings: tuple[Finding, ...] = ()
    answer: str = ""


def outcomes(rules: Iterable[Rule[S]], subject: S, lawbook: Lawbook) -> tuple[RuleOutcome, ...]:
    """Return what every rule has to say, also those that have nothing to say."""
    if subject.day < lawbook.first_day:
        finding = _before_the_tables(subject, lawbook)
        return (RuleOutcome(finding.rule, None, (finding,)),)
    return tuple(_outcome(rule, subject, lawbook) for rule in rules)


def findings_in(outcomes: Iterable[RuleOutcome]) -> tuple[Finding, ...]:
    """Return the findings of all rules, in their order; what is switched off is left out."""
    return tuple(finding for outcome in outcomes for finding in outcome.findings)


def refusals(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that stop the mark: refusals, and questions the record leaves open."""
    return tuple(f for f in findings if f.severity in (Severity.REFUSE, Severity.EXPLAIN))


def _outcome(rule: Rule[S], subject: S, lawbook: Lawbook) -> RuleOutcome:
    row = lawbook.row(rule.name, subject.day)
    if row is None:
        return RuleOutcome(rule.name, None)
    found = tuple(_findings(rule, subject, row, lawbook))
    shown = tuple(finding for finding in found if finding.severity is not Severity.OFF)
    return RuleOutcome(rule.name, row, shown, subject.explanation(rule.name) if shown else "")


def _findings(rule: Rule[S], subject: S, row: LawRow, lawbook: Lawbook) -> Iterator[Finding]:
    for remark in rule.check(subject, row):
        citation = (remark.row or row).citation
        severity = _severity(remark, rule, citation, lawbook)
        if severity is Severity.EXPLAIN and subject.explanation(rule.name):
            severity = Severity.NOTE
        asking = lawbook.row(REPORTING, subject.day) if rule.name in REPORTED else None
        following = way_out(rule.name, remark, asking.citation if asking else citation, severity)
        yield Finding(rule.name, remark.message, citation, severity, remark.theme, following)


def _severity(remark: Remark, rule: Rule[S], citation: Citation, lawbook: Lawbook) -> Severity:
    if rule.binding or remark.binding or citation.certainty.is_law:
        return remark.severity
    return lawbook.switches.get(rule.name, remark.severity)


def _before_the_tables(subject: S, lawbook: Lawbook) -> Finding:
    message = say(
        "The decision of {day} is older than the legal tables (from {first}).",
        day=str(subject.day),
        first=str(lawbook.first_day),
    )
    citation = Citation("dingmi-mark", "law/rules.toml", Certainty.OWN_CHOICE)
    following = way_out("tables", Remark(message), citation, Severity.REFUSE)
    return Finding("tables", message, citation, Severity.REFUSE, next=following)
