"""From the ledger's entries to the secrets of an office: its own, and those from outside.

A copy is no secret of its own, a provisional or void marking is none, and a change that was taken
back before its files were distributed did not happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from dingmi_mark.domain.approval import ClassificationKind, Decision, SigningStep
from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.changes import in_effect
from dingmi_mark.domain.ledger_acts import Act, ApprovalSigned
from dingmi_mark.domain.ledger_changes import MarkingChanged, MarkingRestored
from dingmi_mark.domain.ledger_legacy import LegacyDescribed
from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.domain.ledger_sources import DocumentDescribed, SourceChanged, SourceRegistered
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.secret import (
    LEGACY_KIND,
    OUTSIDE_KIND,
    Origin,
    Secret,
    SecretChange,
    SecretState,
)
from dingmi_mark.domain.terms import SecrecyLevel

SECRET_ACTS: Final[tuple[type[Act], ...]] = (
    DocumentDescribed,
    ApprovalSigned,
    MarkingChanged,
    MarkingRestored,
    SealedNotified,
    CopyReturned,
    SourceRegistered,
    SourceChanged,
    LegacyDescribed,
)
"""The acts a register is made of, beside the finished markings."""


@dataclass(frozen=True)
class MarkedCopy:
    """A finished copy as the ledger's tables have it, with the moment it was done (`at`).

    `newest`: it is of its document's newest marking.
    """

    document_id: str
    marking_id: str
    approval_number: str
    level: str
    period: str
    last_secret_day: str
    classification_kind: str
    copy_number: str
    at: str
    newest: bool


@dataclass(frozen=True)
class SecretsKnown:
    """All secrets; `unknown` are approvals of notified files whose level no entry tells."""

    secrets: tuple[Secret, ...]
    unknown: tuple[str, ...] = ()


def secrets_known(copies: Iterable[MarkedCopy], acts: Iterable[Act]) -> SecretsKnown:
    """Return every secret the ledger knows, in the order in which they were determined."""
    told = _told(acts)
    made: dict[str, list[MarkedCopy]] = {}
    for copy in copies:
        made.setdefault(copy.document_id, []).append(copy)
    own = [_own(group, told) for group in made.values()]
    notified, unknown = _notified(told, {secret.approval_number for secret in own})
    changes = _changes(told.changes)
    own = [replace(each, changes=changes.get(each.id, ())) for each in (*own, *notified)]
    legacy = [_legacy(act, changes.get(id_, ())) for id_, act in told.legacy.items()]
    ours = {(each.document_number, each.organ) for each in legacy if each.document_number}
    # A paper of ours that was registered as a source is ours, and one secret.
    others = (
        each for each in _outside(told.sources) if (each.document_number, each.organ) not in ours
    )
    found = (*own, *legacy, *others)
    ordered = sorted(found, key=lambda each: (each.first.since, each.approval_number, each.id))
    return SecretsKnown(tuple(ordered), unknown)


@dataclass
class _Told:
    """The acts by what is asked of them; `decided` and `returned` by the approval's number."""

    facts: dict[str, DocumentDescribed] = field(default_factory=dict)
    facts_of: dict[str, DocumentDescribed] = field(default_factory=dict)
    decided: dict[str, ApprovalSigned] = field(default_factory=dict)
    returned: dict[str, set[str]] = field(default_factory=dict)
    notified: dict[str, SealedNotified] = field(default_factory=dict)
    changes: list[MarkingChanged | MarkingRestored] = field(default_factory=list)
    sources: list[SourceRegistered | SourceChanged] = field(default_factory=list)
    legacy: dict[str, LegacyDescribed] = field(default_factory=dict)


def _told(acts: Iterable[Act]) -> _Told:
    told = _Told()
    for act in acts:
        match act:
            case DocumentDescribed():
                told.facts[act.marking_id] = told.facts_of[act.approval_number] = act
            case ApprovalSigned() if _decides(act):
                told.decided[act.approval_number] = act
            case CopyReturned():
                told.returned.setdefault(act.approval_number, set()).add(act.copy_number)
            case SealedNotified():
                told.notified.setdefault(act.approval_number, act)
            case MarkingChanged() | MarkingRestored():
                told.changes.append(act)
            case SourceRegistered() | SourceChanged():
                told.sources.append(act)
            case LegacyDescribed():
                told.legacy[act.document_id] = act
            case _:
                pass
    return told


def _decides(act: ApprovalSigned) -> bool:
    """Tell whether it was decided by this signature, or the reply of another organ was seen."""
    steps = (SigningStep.DECIDED.value, SigningStep.REPLY.value)
    return act.step in steps and act.outcome != Decision.RETURNED.value


def _own(copies: list[MarkedCopy], told: _Told) -> Secret:
    newest = [copy for copy in copies if copy.newest] or copies
    one = newest[-1]
    number = one.approval_number
    decided = told.decided.get(number)
    since = office_day(decided.signed_at if decided else min(copy.at for copy in copies))
    names = {copy.copy_number for copy in newest}
    secret = Secret(
        id=one.document_id,
        origin=Origin.OWN,
        kind=one.classification_kind,
        first=SecretState(since, SecrecyLevel(one.level), one.period, _day(one.last_secret_day)),
        approval_number=number,
        officer=_officer(decided),
        copies=len(names),
        out=len(names - told.returned.get(number, set())),
    )
    return _with_facts(secret, told.facts.get(one.marking_id))


def _with_facts(secret: Secret, facts: DocumentDescribed | None) -> Secret:
    if facts is None:
        return secret
    return replace(
        secret,
        first=replace(secret.first, period=facts.period, scope=facts.scope),
        document_number=facts.document_number,
        organ=facts.organ,
        issue_day=_day(facts.issue_day),
    )


def _officer(decided: ApprovalSigned | None) -> str:
    """Return who decided; the reply of another organ is signed by the 保密员 who saw it."""
    if decided is None or decided.step != SigningStep.DECIDED.value:
        return ""
    return decided.signer


def _notified(told: _Told, marked: set[str]) -> tuple[list[Secret], tuple[str, ...]]:
    """Files that could bear no mark (条例21): secrets like the others, by what describes them."""
    found: list[Secret] = []
    unknown: list[str] = []
    for number, act in told.notified.items():
        if number in marked:
            continue
        if (facts := told.facts_of.get(number)) is None:
            unknown.append(number)
            continue
        decided = told.decided.get(number)
        since = office_day(decided.signed_at if decided else act.at)
        is_derived = bool(facts.sources or facts.unknown_sources)
        kind = ClassificationKind.DERIVATIVE if is_derived else ClassificationKind.ORIGINAL
        last = _day(facts.last_secret_day)
        secret = Secret(
            id=facts.document_id,
            origin=Origin.OWN,
            kind=kind.value,
            first=SecretState(since, SecrecyLevel(facts.level), facts.period, last),
            approval_number=number,
            officer=_officer(decided),
            copies=1,
            out=1,
            notified=True,
        )
        found.append(_with_facts(secret, facts))
    return found, tuple(unknown)


def _legacy(act: LegacyDescribed, changes: tuple[SecretChange, ...]) -> Secret:
    """A paper marked before this program was there: since its 制发日, where that is known."""
    since = _day(act.issue_day) or office_day(act.at)
    last = _day(act.last_secret_day)
    return Secret(
        id=act.document_id,
        origin=Origin.OWN,
        kind=LEGACY_KIND,
        first=SecretState(since, SecrecyLevel(act.level), act.period, last),
        document_number=act.document_number,
        organ=act.organ,
        issue_day=_day(act.issue_day),
        changes=changes,
    )


def _changes(
    acts: Iterable[MarkingChanged | MarkingRestored],
) -> Mapping[str, tuple[SecretChange, ...]]:
    """Return what was decided of each document, but for what was taken back again.

    A notice changes a document once, however often the ledger was told.
    """
    found: dict[str, dict[str, SecretChange]] = {}
    for act in in_effect(acts):
        found.setdefault(act.document_id, {})[act.notice_number] = _change(act)
    return {
        document: tuple(sorted(by_notice.values(), key=lambda change: change.day))
        for document, by_notice in found.items()
    }


def _change(act: MarkingChanged) -> SecretChange:
    after = SecretState(
        date.fromisoformat(act.day),
        SecrecyLevel(act.level),
        act.period,
        _day(act.last_secret_day),
        act.scope,
    )
    return SecretChange(ChangeKind(act.kind), act.notice_number, after, _day(act.released))


def _outside(acts: Iterable[SourceRegistered | SourceChanged]) -> Iterator[Secret]:
    """Documents of others: since their first registration, as they were registered last."""
    since: dict[str, date] = {}
    newest: dict[str, SourceRegistered] = {}
    changes: dict[str, list[SecretChange]] = {}
    for act in acts:
        if isinstance(act, SourceRegistered):
            since.setdefault(act.source_id, office_day(act.at))
            newest[act.source_id] = act
        else:
            changes.setdefault(act.source_id, []).append(_of_originator(act))
    for id_, act in newest.items():
        last = _day(act.last_secret_day)
        state = SecretState(since[id_], SecrecyLevel(act.level), act.period, last, act.scope)
        known = changes.get(id_, [])
        if act.released:
            day = date.fromisoformat(act.released)
            known = [*known, SecretChange(ChangeKind.RELEASED_EARLY, "", _from(state, day), day)]
        yield Secret(
            id=id_,
            origin=Origin.OUTSIDE,
            kind=OUTSIDE_KIND,
            first=state,
            document_number=act.document_number,
            organ=act.organ,
            issue_day=_day(act.issue_day),
            changes=tuple(sorted(known, key=lambda change: change.day)),
        )


def _from(state: SecretState, day: date) -> SecretState:
    return replace(state, since=day)


def _of_originator(act: SourceChanged) -> SecretChange:
    last = _day(act.last_secret_day)
    day, level = date.fromisoformat(act.day), SecrecyLevel(act.level)
    after = SecretState(day, level, act.period, last, act.scope)
    kind = ChangeKind.RELEASED_EARLY if act.released else ChangeKind.CHANGED
    return SecretChange(kind, act.basis, after, _day(act.released))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
