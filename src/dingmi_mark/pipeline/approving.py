"""Take a record one step further: handed in, reviewed, decided; signed, and kept as a version.

Every step says first what may not be, writes the new version, and then tells the ledger. Nothing
is written when anything is amiss.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    ClassificationOfficer,
    DecidingOrgan,
    Decision,
    OfficerDecision,
    Person,
    SigningStep,
)
from dingmi_mark.domain.authority import EnrolledOfficer
from dingmi_mark.domain.keys import SigningKey
from dingmi_mark.domain.law import Finding, Lawbook
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.procedure import (
    STEP_OF,
    Waiting,
    decided,
    proposed,
    registered,
    reviewed,
    waiting_for,
)
from dingmi_mark.domain.rules import refusals
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.errors import (
    ApprovalDigestDiffers,
    AuthorityExceeded,
    DraftOfAnotherRecord,
    RecordExists,
    RecordUnknown,
    StepOutOfOrder,
)
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.pipeline.draft_file import name_for_record, read_bytes_of
from dingmi_mark.pipeline.examining import findings_so_far, proposable, refuse_if
from dingmi_mark.pipeline.known import known_for
from dingmi_mark.pipeline.registering import registered_draft
from dingmi_mark.pipeline.signing import (
    entry_of,
    own_matter,
    refuse_bad_signatures,
    signed,
)
from dingmi_mark.pipeline.trust import Trust, refuse_if_clock_set_back
from dingmi_mark.store.approval_tree import KeptRecord, advance, begin, find_record
from dingmi_mark.store.approvals import as_read
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.signatures import Signer


@dataclass(frozen=True)
class Hand:
    """Who does a step: by name and post, and with which key where the office has keys."""

    name: str
    post: str = ""
    key: SigningKey | None = None
    signer: Signer | None = None


@dataclass(frozen=True)
class Secretariat:
    """What every step needs: the office, its ledger and keys, the law, the moment."""

    office: Office
    ledger: Ledger
    trust: Trust
    lawbook: Lawbook
    today: date
    now: str

    def findings(self, record: ApprovalRecord) -> tuple[Finding, ...]:
        """Return what the rules say now; what can only be known later is left out."""
        office, known = self.office, known_for(record, self.office, self.ledger)
        case = Case(record, office.authority, self.today, office.beijing, known=known)
        return findings_so_far(case, self.lawbook)

    def waiting(self, record: ApprovalRecord) -> Waiting:
        """Return what a record waits for in this office."""
        return waiting_for(record, self.office.policies.approval_steps)


def hand_in(
    record: ApprovalRecord, draft: Path, hand: Hand, desk: Secretariat
) -> tuple[KeptRecord, tuple[Finding, ...]]:
    """Hand in a proposal with its draft; or again, after it was returned.

    Returns what the rules say; that another organ must decide it stops no proposal (法17(3),
    条例25). Raises the draft's errors, DraftNameUnusable, ApprovalDigestDiffers, LawViolated,
    RecordExists, StepOutOfOrder, and the errors of keys.
    """
    if hand.name != record.proposal.by.name:
        cause = say("the proposal is that of {name} (承办人)", name=record.proposal.by.name)
        raise StepOutOfOrder(record.number, cause=cause)
    record = _with_draft(record, draft, desk)
    earlier = _earlier(record, desk)
    new = proposed(record, desk.today)
    if earlier is not None:
        new = replace(new, history=(*earlier.record.history, *new.history[-1:]))
    findings = desk.findings(new)
    refuse_if(refusals(proposable(findings)), new)
    known_by = registered_draft(draft, record, desk.office, desk.now)
    new = _signed(as_read(new), SigningStep.PROPOSED, hand, desk)
    tree = desk.office.approvals
    kept = begin(tree, new, draft) if earlier is None else advance(earlier, new, draft)
    desk.ledger.append(known_by)
    _tell_ledger(new, SigningStep.PROPOSED, desk)
    return kept, findings


def give_opinion(kept: KeptRecord, hand: Hand, text: str, desk: Secretariat) -> KeptRecord:
    """Add the opinion of the 保密员 or the reviewer, whichever the record waits for."""
    step = STEP_OF.get(desk.waiting(kept.record))
    if step not in (SigningStep.SECURITY_REVIEWED, SigningStep.REVIEWED):
        raise not_now(kept, desk)
    return _step(
        kept,
        step,
        hand,
        desk,
        lambda r: reviewed(r, step, Person(hand.name, hand.post), text, desk.today),
    )


def decide(
    kept: KeptRecord,
    hand: Hand,
    decision: OfficerDecision,
    desk: Secretariat,
    *,
    stands_in_for: str = "",
    reason: str = "",
) -> KeptRecord:
    """Add the officer's decision; what the law forbids he can return, not agree to.

    He may also take back what was decided and not used for a mark yet: 退回.

    Raises StepOutOfOrder, AuthorityExceeded, LawViolated, and the errors of keys.
    """
    if not _may_decide(kept.record, decision, desk):
        raise not_now(kept, desk)
    enrolled = desk.office.authority.officer(hand.name, kept.record.organ, desk.today)
    if enrolled is None:
        finding = say(
            "{name} was no classification officer of “{organ}” on {day}.",
            name=hand.name,
            organ=kept.record.organ,
            day=str(desk.today),
        )
        raise AuthorityExceeded(kept.record.number, findings=(Fault("", finding),))
    officer = _officer(enrolled, stands_in_for, reason)

    def step(record: ApprovalRecord) -> ApprovalRecord:
        new = decided(record, officer, decision, desk.today)
        if decision.decision is not Decision.RETURNED:
            refuse_if(refusals(desk.findings(new)), new)
        return new

    return _step(kept, SigningStep.DECIDED, hand, desk, step)


def _may_decide(record: ApprovalRecord, decision: OfficerDecision, desk: Secretariat) -> bool:
    waits = desk.waiting(record)
    if decision.decision is Decision.RETURNED and waits in (Waiting.REPLY, Waiting.MARKING):
        used = (known.state for known in desk.ledger.by_approval(record.number))
        return all(state is MarkingState.VOIDED for state in used)
    return waits is Waiting.DECISION


def register_reply(
    kept: KeptRecord, hand: Hand, desk: Secretariat, reply: DecidingOrgan | None = None
) -> KeptRecord:
    """Confirm, as 保密员, that the reply (批复) of the organ that decided is there (法17).

    `reply` enters it into a record that is not decided yet; else the record names it already. A
    reply with other values than proposed: return the record, and hand it in with those values.
    """
    waits = desk.waiting(kept.record)
    late = waits in (Waiting.CORRECTION, Waiting.MARKING)
    if waits is not Waiting.REPLY and (reply is None or late):
        raise not_now(kept, desk)

    def step(record: ApprovalRecord) -> ApprovalRecord:
        new = registered(record, hand.name, desk.today, reply)
        refuse_if(refusals(desk.findings(new)), new)
        return new

    return _step(kept, SigningStep.REPLY, hand, desk, step)


def _step(
    kept: KeptRecord,
    step: SigningStep,
    hand: Hand,
    desk: Secretariat,
    change: Callable[[ApprovalRecord], ApprovalRecord],
) -> KeptRecord:
    refuse_other_draft(kept, desk)
    refuse_bad_signatures(kept.record, desk.trust, desk.ledger, desk.now)
    own = next(own_matter(kept.record, step, hand.name), None)
    if own is not None:
        raise StepOutOfOrder(kept.record.number, cause=own)
    new = _signed(as_read(change(kept.record)), step, hand, desk)
    after = advance(kept, new)
    _tell_ledger(new, step, desk)
    return after


def _signed(
    record: ApprovalRecord, step: SigningStep, hand: Hand, desk: Secretariat
) -> ApprovalRecord:
    refuse_if_clock_set_back(desk.ledger, desk.now)
    if hand.key is None or hand.signer is None:
        return record
    new = signed(record, step, hand.key, hand.signer, desk.trust, desk.now)
    # What is written must count when it is read: a wrong key file is seen here and not at the end.
    refuse_bad_signatures(new, desk.trust, desk.ledger, desk.now)
    return new


def _tell_ledger(record: ApprovalRecord, step: SigningStep, desk: Secretariat) -> None:
    if any(signature.step is step for signature in record.signatures):
        desk.ledger.append(entry_of(record, step, desk.now))


def _with_draft(record: ApprovalRecord, draft: Path, desk: Secretariat) -> ApprovalRecord:
    """Return the record with the draft's digest and name in it."""
    content = read_bytes_of(draft, most_mib=desk.office.limits.file_mb)
    given = record.draft.digest
    if given and given not in content.names:
        raise DraftOfAnotherRecord(str(draft), record=record.number)
    identity = replace(
        record.draft,
        digest=given or f"sm3:{content.digests.sm3}",
        files=record.draft.files or (name_for_record(draft),),
    )
    return replace(record, draft=identity)


def _earlier(record: ApprovalRecord, desk: Secretariat) -> KeptRecord | None:
    """Return the returned record that this one replaces. Raises RecordExists for any other."""
    try:
        kept = find_record(desk.office.approvals, record.number)
    except RecordUnknown:
        return None
    same = kept.record.proposal.by.name == record.proposal.by.name
    if desk.waiting(kept.record) is not Waiting.CORRECTION or not same:
        raise RecordExists(str(kept.folder), number=record.number)
    return kept


def refuse_other_draft(kept: KeptRecord, desk: Secretariat) -> None:
    """Raise where the draft that lies beside the record is not the one that was handed in."""
    if kept.draft is None:
        cause = say("the draft that was handed in with it is not there")
        raise StepOutOfOrder(str(kept.folder), cause=cause)
    content = read_bytes_of(kept.draft, most_mib=desk.office.limits.file_mb)
    if kept.record.draft.digest not in content.names:
        raise ApprovalDigestDiffers(str(kept.draft), record=kept.record.number)


def _officer(enrolled: EnrolledOfficer, stands_in_for: str, reason: str) -> ClassificationOfficer:
    return ClassificationOfficer(
        name=enrolled.name,
        post=enrolled.post,
        kind=enrolled.kind,
        corner=enrolled.corner,
        stands_in_for=stands_in_for,
        reason=reason,
        certificate=enrolled.certificate,
        letter=enrolled.letter,
    )


def not_now(kept: KeptRecord, desk: Secretariat) -> StepOutOfOrder:
    """Return the error for a step that the record does not wait for."""
    waits: Message = say("the record waits for “{step}”", step=desk.waiting(kept.record).value)
    return StepOutOfOrder(kept.record.number, cause=waits)
