"""派生定密: propose the marking of a draft from its sources, and write it into its record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Derivative,
    DraftIdentity,
    Person,
    Proposal,
    Secrecy,
    Source,
)
from dingmi_mark.domain.deriving import Derived, Wanted, derive
from dingmi_mark.domain.explaining import Step
from dingmi_mark.domain.following import waiting
from dingmi_mark.domain.known import SHORTEST_ID, Known
from dingmi_mark.domain.law import Finding, Lawbook, Severity
from dingmi_mark.domain.rules import examine
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.terms import Marking, SecrecyPeriod
from dingmi_mark.domain.uses import SourceUse
from dingmi_mark.errors import DraftIsSource, DraftOfAnotherRecord
from dingmi_mark.messages import say
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of
from dingmi_mark.pipeline.known import known_documents, titled
from dingmi_mark.pipeline.lineage import document_named
from dingmi_mark.store.office import Office
from dingmi_mark.store.open_record import OpenRecordFile

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

RULES: Final = frozenset(
    {
        "source-known",
        "source-limits",
        "derived-consent",
        "derived-cycle",
        "derived-level",
        "derived-period",
        "derived-period-beijing",
        "derived-scope",
        "derived-superior",
        "source-points",
    }
)
"""The rules that look at a proposal besides what it was computed by."""


@dataclass(frozen=True)
class Named:
    """A source as it is named on the command line: id, 文号, approval, or a file."""

    name: str
    points: tuple[str, ...] = ()
    use: SourceUse | None = None
    consent: str = ""


@dataclass(frozen=True)
class Request:
    """What is to be derived, as people say it; empty values are taken from the record if given."""

    draft: Path
    named: tuple[Named, ...]
    issue_day: date | None = None
    scope: tuple[str, ...] = ()
    own: Marking | None = None
    designated: SecrecyPeriod | None = None
    keep_term: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Proposed:
    """The proposal with its reasons, what the rules find, and the sources as they go into a record.

    `findings` stop the mark or are to be answered; notes are among the reasons already.
    """

    derived: Derived
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]

    @property
    def stands(self) -> bool:
        """Tell whether there is a marking, and no rule refuses it."""
        refused = any(finding.severity is Severity.REFUSE for finding in self.findings)
        return self.derived.marking is not None and not refused


@dataclass(frozen=True)
class DerivingDesk:
    """What deriving needs: the office, its ledger and law, the day."""

    office: Office
    ledger: Ledger
    lawbook: Lawbook
    today: date


def proposal_for(request: Request, into: OpenRecordFile | None, desk: DerivingDesk) -> Proposed:
    """Return the proposal for a draft; nothing is written.

    The sources are those of the record and those that are named. Raises the errors of drafts,
    DraftIsSource, DraftOfAnotherRecord, SourceUnknown, SourceAmbiguous, ApprovalInvalid.
    """
    content = read_bytes_of(request.draft, most_mib=desk.office.limits.file_mb)
    known = known_documents(desk.ledger)
    _refuse_source_as_draft(request.draft, content, known)
    if into is not None and into.digest and into.digest not in content.names:
        raise DraftOfAnotherRecord(str(request.draft), record=into.number)
    listed = tuple(_listed(request, into, known, desk))
    issue_day = request.issue_day or (into.issue_day if into else None)
    wanted = Wanted(
        sources=tuple(known.completed(source) for source in listed),
        day=desk.today,
        paper_day=max(desk.today, issue_day) if issue_day else desk.today,
        own=request.own,
        own_start=issue_day,
        scope=request.scope,
        designated=request.designated,
        keep_term=request.keep_term,
        reason=request.reason,
    )
    derived = derive(wanted, desk.lawbook)
    derived = replace(derived, steps=(*derived.steps, *_doubtful(listed, known, desk)))
    return Proposed(derived, wanted.sources, _findings(derived, listed, wanted, into, known, desk))


def _doubtful(listed: Sequence[Source], known: Known, desk: DerivingDesk) -> Iterator[Step]:
    """Tell of sources that have to follow a change of their own sources first."""
    following = waiting(known, desk.lawbook, desk.today, beijing=desk.office.beijing)
    basis = {one.document.id: one.basis for one in following}
    meant = {found.id: found for source in listed for found in known.candidates(source)}
    for id_, document in meant.items():
        if id_ in basis:
            said = say(
                "“{source}” has itself to follow a changed source first (dingmi-mark lineage {id} "
                "--waiting).",
                source=document.name,
                id=id_[:SHORTEST_ID],
            )
            yield Step(said, basis[id_])


def _refuse_source_as_draft(draft: Path, content: DraftBytes, known: Known) -> None:
    for digest in sorted(content.names):
        for one in known.named(digest):
            raise DraftIsSource(str(draft), name=one.name)


def _listed(
    request: Request, into: OpenRecordFile | None, known: Known, desk: DerivingDesk
) -> Iterator[Source]:
    """Yield the sources of the record, then those that are named and not in it yet."""
    meant: set[str] = set()
    named = [(each, document_named(each.name, known, desk.office)) for each in request.named]
    ids = {found.id for _, found in named}
    for source in into.sources if into else ():
        candidates = known.candidates(source)
        if len(candidates) == 1 and candidates[0].id in ids:
            continue
        yield source
    for each, found in named:
        if found.id in meant:
            continue
        meant.add(found.id)
        whole = titled(found, desk.office).as_source()
        yield replace(whole, points=each.points, use=each.use, consent=each.consent)


def _findings(
    derived: Derived,
    listed: Sequence[Source],
    wanted: Wanted,
    into: OpenRecordFile | None,
    known: Known,
    desk: DerivingDesk,
) -> tuple[Finding, ...]:
    """Return what the rules of deriving say of the proposal, as they will say of the record."""
    if derived.marking is None:
        return ()
    office = desk.office
    trial = ApprovalRecord(
        number=into.number if into else "",
        organ=office.name,
        draft=DraftIdentity(
            title="",
            document_number=into.document_number if into else "",
            digest=into.digest if into else "",
            issue_day=wanted.own_start,
        ),
        classification=Derivative(tuple(listed), into.bases if into else ()),
        proposal=Proposal(Person(""), Secrecy(derived.marking, derived.scope)),
        explanations=(*derived.explanations, *(into.explanations if into else ())),
    )
    case = Case(trial, office.authority, desk.today, office.beijing, known=known)
    return tuple(
        finding
        for finding in examine(case, desk.lawbook)
        if finding.rule in RULES and finding.severity is not Severity.NOTE
    )
