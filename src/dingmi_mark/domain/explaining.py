"""Why a paper bears, or would bear, exactly this mark: step by step, each with its provision.

Pure composition of what the record says and what the rules found. Nothing of the document's text
is in it: of points only id and level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never

from dingmi_mark.domain.approval import ClassificationKind
from dingmi_mark.domain.authority import STATED_KINDS, EnrolledOfficer, Organ, Span
from dingmi_mark.domain.law import Finding, Lawbook, LawRow, Severity
from dingmi_mark.domain.rules import examine_each
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.rules.duties import DUTIES
from dingmi_mark.domain.rules.examining import RuleOutcome, findings_in, outcomes, refusals
from dingmi_mark.domain.rules.sources import SourceTerm, source_terms, terms_in_force
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
    last_secret_day,
    period_text,
    released_from,
)
from dingmi_mark.messages import Message, say

_BY_ANALOGY: Final = "民法典第二百零一条、第二百零二条类推（本项目自定）"
_DAY_ITSELF: Final = "解密时间当日仍属保密（本项目自定）"
_DERIVING_IS_FREE: Final = "国家秘密定密管理规定(2025)第十一条"


@dataclass(frozen=True)
class Step:
    """One step of the reasoning: what it says, and the provision behind it, empty where none."""

    says: Message
    basis: str = ""


@dataclass(frozen=True)
class Chapter:
    """Steps about one thing, under a heading."""

    heading: Message
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Explanation:
    """The whole reasoning; `refused` are the findings that stop the mark, none where it may be."""

    number: str
    mark: str
    chapters: tuple[Chapter, ...]
    refused: tuple[Finding, ...]


def explanation_of(case: Case, lawbook: Lawbook) -> Explanation:
    """Return why the record's mark is what it is, or what stands against it."""
    case = replace(case, rows=lawbook.rows)
    looked = examine_each(case, lawbook)
    refused = refusals(findings_in(looked))
    chapters = (
        Chapter(say("The decision"), tuple(_decision(case))),
        Chapter(say("The authority on that day"), tuple(_authority(case))),
        Chapter(say("The level"), tuple(_level(case))),
        Chapter(say("The period"), tuple(_period(case))),
        Chapter(say("Scope, points, copies"), tuple(_rest(case))),
        Chapter(say("The rules that were examined"), tuple(_rules(looked, lawbook))),
        Chapter(say("What else the mark brings with it"), tuple(_duties(case, lawbook))),
    )
    mark = case.approval.wording
    return Explanation(case.approval.number, mark, tuple(c for c in chapters if c.steps), refused)


def _decision(case: Case) -> Iterator[Step]:
    approval = case.approval
    yield Step(
        say(
            "Record {number} of “{organ}”: {kind}.",
            number=approval.number,
            organ=approval.organ,
            kind=approval.kind.value,
        )
    )
    proposal = approval.proposal
    name, mark = proposal.by.name or "-", proposal.secrecy.marking.proposed_text
    if proposal.day is None:
        yield Step(say("Proposed by {name} (承办人): {mark}.", name=name, mark=mark))
    else:
        day = str(proposal.day)
        yield Step(
            say("Proposed by {name} (承办人) on {day}: {mark}.", name=name, day=day, mark=mark)
        )
    basis = _basis(case.row("officer-approved"))
    if approval.deciding_organ is not None:
        reply = approval.deciding_organ
        yield Step(
            say(
                "Decided by “{organ}” with its reply {reply} of {day}.",
                organ=reply.name,
                reply=reply.reply_number,
                day=str(reply.day),
            ),
            basis,
        )
    elif approval.decision is None or approval.officer is None:
        yield Step(say("Not decided yet: without approval there is no mark."), basis)
    else:
        decided = approval.decision
        yield Step(
            say(
                "Decided by {name} (定密责任人) on {day}: {decision}, {mark}.",
                name=approval.officer.name,
                day=str(decided.day or "-"),
                decision=decided.decision.value,
                mark=approval.wording,
            ),
            basis,
        )
    yield Step(say("The law of {day} applies, the day of the decision.", day=str(case.day)))


def _authority(case: Case) -> Iterator[Step]:
    if case.is_unclear:
        yield Step(
            say("An unclear matter (不明确): what the unit itself may decide is not asked."),
            _basis(case.row("unclear-matter")),
        )
    elif not case.needs_authority:
        yield Step(
            say(
                "Derived: the level comes from the sources, which needs no authority of the organ."
            ),
            _DERIVING_IS_FREE if case.day >= date(2025, 5, 1) else "",
        )
    else:
        organ = case.authority.organ(case.approval.decided_by)
        if organ is None:
            yield Step(say("“{organ}” is not in authority.toml.", organ=case.approval.decided_by))
        else:
            yield from _organ(case, organ)
    officer = case.officer
    if officer is not None and case.approval.deciding_organ is None:
        yield _officer(case, officer)


def _organ(case: Case, organ: Organ) -> Iterator[Step]:
    rule = "organ-authority" if organ.kind in STATED_KINDS else "organ-authority-other"
    row = case.row(rule)
    levels = row.words(organ.kind.value) if row is not None else ()
    yield Step(
        say(
            "“{organ}” is {kind}, which may decide: {levels}.",
            organ=organ.name,
            kind=organ.kind.value,
            levels="、".join(levels) or "无",
        ),
        _basis(row),
    )
    level = case.approval.secrecy.marking.level
    for grant in organ.grants:
        if level in grant.levels and grant.span.covers(case.day) and level.value not in levels:
            yield Step(
                say(
                    "It holds the grant {letter} of “{grantor}” ({span}).",
                    letter=grant.letter,
                    grantor=grant.granted_by,
                    span=_span(grant.span),
                ),
                _basis(case.row("no-regrant")),
            )


def _officer(case: Case, officer: EnrolledOfficer) -> Step:
    levels = officer.original_levels if case.needs_authority else officer.derivative_levels
    return Step(
        say(
            "{name}, {post}, {kind} officer ({span}), may decide: {levels}.",
            name=officer.name,
            post=officer.post,
            kind=officer.kind.value,
            span=_span(officer.span),
            levels="、".join(level.value for level in sorted(levels, reverse=True)) or "无",
        ),
        _basis(case.row("officer-authority")),
    )


def _level(case: Case) -> Iterator[Step]:
    classification = case.approval.classification
    for basis in classification.bases:
        yield Step(say("Basis: {catalogue}, {item}.", catalogue=basis.catalogue, item=basis.item))
    terms = source_terms(case)
    counting = {id(term.source) for term in terms_in_force(case)}
    for term in terms:
        yield _source(term, id(term.source) in counting)
    needed = [
        (max(source.points_used, default=source.level), source.name)
        for source in (term.source for term in terms_in_force(case))
        if source.level is not None
    ]
    if needed:
        highest, name = max(needed, key=lambda found: found[0])
        yield Step(
            say("The highest of them is {level}, of “{source}”.", level=highest.value, source=name),
            _basis(case.row("derived-level")),
        )
    yield Step(say("So the level is {level}.", level=case.approval.secrecy.marking.level.value))


def _source(term: SourceTerm, counts: bool) -> Step:
    source = term.source
    said = say(
        "Source “{source}”: {level}, {period} from {day}, last secret day {last}.",
        source=source.name,
        level=source.level.value if source.level else "-",
        period=period_text(term.period) if term.period else "-",
        day=str(source.issue_day or "-"),
        last=str(term.last or "-"),
    )
    if not counts:
        said = say("{source} It no longer counts.", source=said)
    elif source.points_used:
        used = "、".join(level.value for level in source.points_used)
        said = say("{source} Points used: {levels}.", source=said, levels=used)
    return Step(said, _basis(term.default))


def _period(case: Case) -> Iterator[Step]:
    approval = case.approval
    period, start = approval.secrecy.marking.period, approval.draft.period_start
    if approval.kind is ClassificationKind.DERIVATIVE:
        yield from _latest(case)
    if start is None:
        yield Step(
            say("No day of issue yet: nothing can be counted."), _basis(case.row("period-start"))
        )
        return
    yield Step(_counting(period, start), _counted_basis(case, period))
    last = last_secret_day(period, start)
    if last is not None:
        yield Step(
            say(
                "Last secret day {last}; released from {released} on.",
                last=str(last),
                released=str(released_from(period, start)),
            ),
            _basis(case.row("period-over")),
        )
    if approval.special_basis is not None:
        special = approval.special_basis
        yield Step(
            say(
                "Special provision: {provision} ({reason}).",
                provision=special.provision,
                reason=special.reason,
            )
        )


def _latest(case: Case) -> Iterator[Step]:
    dated = [(t.last, t.source.name) for t in terms_in_force(case) if t.last is not None]
    if dated:
        last, name = max(dated)
        yield Step(
            say(
                "The latest end of the sources is {last}, of “{source}”; no clock restarts.",
                last=str(last),
                source=name,
            ),
            _basis(case.row("derived-period")),
        )


def _counting(period: SecrecyPeriod, start: date) -> Message:
    match period:
        case ForYears() | ForMonths() | ForDays():
            last = last_secret_day(period, start)
            short = not isinstance(period, ForDays) and last is not None and last.day != start.day
            if short:
                return say(
                    "{period} from {start}, which itself is not counted; the last month has no day "
                    "{day}, so it ends on {last}, the end of the month.",
                    period=period_text(period),
                    start=str(start),
                    day=start.day,
                    last=str(last),
                )
            return say(
                "{period} from {start}, which itself is not counted, to {last}.",
                period=period_text(period),
                start=str(start),
                last=str(last),
            )
        case UntilDate(day):
            return say("A day of release is written: secret through {day}.", day=str(day))
        case UntilCondition(condition):
            return say("Secret until “{condition}”: no day can be counted.", condition=condition)
        case LongTerm():
            return say("长期: it has no end.")
        case _:
            assert_never(period)


def _counted_basis(case: Case, period: SecrecyPeriod) -> str:
    match period:
        case ForYears() | ForMonths() | ForDays():
            return "；".join(filter(None, (_basis(case.row("period-start")), _BY_ANALOGY)))
        case UntilDate():
            return _DAY_ITSELF
        case LongTerm():
            return _basis(case.row("long-term"))
        case UntilCondition():
            return ""
        case _:
            assert_never(period)


def _rest(case: Case) -> Iterator[Step]:
    approval = case.approval
    scope = "、".join(approval.secrecy.scope)
    yield Step(say("Who may know: {scope}.", scope=scope or "-"), _basis(case.row("scope-narrow")))
    if approval.points:
        points = "、".join(f"{point.id}（{point.level.value}）" for point in approval.points)
        yield Step(
            say("Classified points: {points}.", points=points), _basis(case.row("point-levels"))
        )
    if approval.draft.copies:
        yield Step(
            say("Copies numbered 000001 to {last}.", last=f"{approval.draft.copies:06d}"),
            _basis(case.row("copy-numbers")),
        )


def _rules(looked: tuple[RuleOutcome, ...], lawbook: Lawbook) -> Iterator[Step]:
    yield Step(
        say(
            "Each rule by its row of that day: ✓ no objection or not concerned, △ note, ✗ stops "
            "the mark, – switched off."
        )
    )
    for outcome in looked:
        title = lawbook.titles.get(outcome.rule, outcome.rule)
        if not outcome.findings and outcome.row is not None:
            yield Step(_silent(outcome, title, lawbook), _basis(outcome.row))
        for finding in outcome.findings:
            yield Step(_found(finding, title, outcome.answer), str(finding.citation))


def _silent(outcome: RuleOutcome, title: str, lawbook: Lawbook) -> Message:
    if lawbook.switches.get(outcome.rule) is Severity.OFF:
        profile = lawbook.profile
        return say(
            "– {title} ({rule}): switched off by the profile {profile}.",
            title=title,
            rule=outcome.rule,
            profile=profile,
        )
    return say("✓ {title} ({rule}): nothing to say.", title=title, rule=outcome.rule)


def _found(finding: Finding, title: str, answer: str) -> Message:
    sign = "△" if finding.severity is Severity.NOTE else "✗"
    said = say(
        "{sign} {title} ({rule}): {finding}",
        sign=sign,
        title=title,
        rule=finding.rule,
        finding=finding.message,
    )
    if answer and finding.severity is Severity.NOTE:
        return say("{finding} The record answers: {answer}", finding=said, answer=answer)
    if finding.next is not None and finding.severity is not Severity.NOTE:
        return say("{finding} What to do: {next}", finding=said, next=finding.next)
    return said


def _duties(case: Case, lawbook: Lawbook) -> Iterator[Step]:
    for finding in findings_in(outcomes(DUTIES, case, lawbook)):
        yield Step(finding.message, str(finding.citation))


def _basis(row: LawRow | None) -> str:
    return str(row.citation) if row is not None else ""


def _span(span: Span) -> str:
    return f"{span.first or '…'} — {span.last or '…'}"
