"""Sign a step of an approval, and see whether the signatures of a record count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import ApprovalRecord, RecordSignature, SigningStep
from dingmi_mark.domain.keys import SigningKey, counts_at
from dingmi_mark.domain.ledger_acts import ApprovalSigned
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.signing import ROLE_OF, as_of, signature_at, statement_of
from dingmi_mark.errors import SignatureMissing, SignatureRefused
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.trust import CLOCKS_DIFFER, Trust
from dingmi_mark.store.approvals import canonical_bytes
from dingmi_mark.store.office import Policies, SignedRecords
from dingmi_mark.store.signatures import Signer, verify

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def signed(
    record: ApprovalRecord,
    step: SigningStep,
    key: SigningKey,
    signer: Signer,
    trust: Trust,
    at: str,
) -> ApprovalRecord:
    """Return the record with the signature of a step. Raises KeyUnusable, PassphraseWrong."""
    unsigned = RecordSignature(step, key.holder, key.key_id, key.algorithm, at, "")
    value = signer.sign(_message(record, unsigned, trust))
    return replace(record, signatures=(*record.signatures, replace(unsigned, value=value)))


def entry_of(record: ApprovalRecord, step: SigningStep, at: str) -> ApprovalSigned:
    """Return what the ledger keeps of the last signature of a step."""
    signature = signature_at(record, step)
    assert signature is not None, "only a signed step is told to the ledger"
    decided = step is SigningStep.DECIDED and record.decision is not None
    return ApprovalSigned(
        approval_number=record.number,
        step=step.value,
        outcome=record.decision.decision.value if decided and record.decision else "",
        record_digest=record_digest(record, step),
        draft_digest=record.draft.digest,
        signer=signature.signer,
        key_id=signature.key_id,
        signed_at=signature.at,
        at=at,
    )


def refuse_bad_signatures(
    record: ApprovalRecord, trust: Trust, ledger: Ledger, now: str
) -> tuple[Message, ...]:
    """See that every signature in a record counts; return who signed. Raises SignatureRefused."""
    notes = []
    for signature in record.signatures:
        cause = _cause(record, signature, trust, ledger, now)
        if cause is not None:
            raise SignatureRefused(step=signature.step.value, signer=signature.signer, cause=cause)
        notes.append(
            say("Signed: {step}, {signer}.", step=signature.step.value, signer=signature.signer)
        )
    return tuple(notes)


def asks_signature(policies: Policies, trust: Trust) -> bool:
    """Tell whether the office marks signed records only: by default once it enrolled keys."""
    match policies.signed_records:
        case SignedRecords.ALWAYS:
            return True
        case SignedRecords.NEVER:
            return False
        case SignedRecords.WHEN_ENROLLED:
            return trust.register.is_used


def refuse_unsigned(record: ApprovalRecord, steps: Sequence[SigningStep]) -> None:
    """Raise SignatureMissing where a step of the procedure bears no signature.

    `steps` are those the office asks for between proposal and decision; a reply of another organ
    (批复) takes the place of all that follow the proposal.
    """
    replied = record.deciding_organ is not None
    asked = (SigningStep.REPLY,) if replied else (*steps, SigningStep.DECIDED)
    for step in (SigningStep.PROPOSED, *asked):
        refuse_without(record, step)


def refuse_without(record: ApprovalRecord, step: SigningStep) -> None:
    """Raise SignatureMissing where nobody signed a step."""
    if signature_at(record, step) is None:
        raise SignatureMissing(step=step.value, command=_signed_by(record, step))


def _signed_by(record: ApprovalRecord, step: SigningStep) -> Message:
    """Return the command by which a step is signed, with the record's number."""
    number = record.number
    match step:
        case SigningStep.PROPOSED:
            return say("dingmi-mark approval submit RECORD DRAFT, record {number}", number=number)
        case SigningStep.DECIDED:
            return say("dingmi-mark approval review {number} --as NAME --decision …", number=number)
        case SigningStep.REPLY:
            return say("dingmi-mark approval review {number} --as NAME --reply …", number=number)
        case _:
            return say("dingmi-mark approval review {number} --as NAME --opinion …", number=number)


def _cause(
    record: ApprovalRecord, signature: RecordSignature, trust: Trust, ledger: Ledger, now: str
) -> Message | None:
    """Say why a signature does not count; None where it does."""
    key = trust.register.key(signature.key_id)
    if key is None:
        return say("the key {key} is not enrolled", key=signature.key_id)
    causes = (
        check
        for part in (
            _named_rightly(record, signature, key),
            _made_in_time(signature, key, now),
            _true(record, signature, key, trust),
            _before_revocation(record, signature, key, ledger),
        )
        for check in part
    )
    return next(causes, None)


def _named_rightly(
    record: ApprovalRecord, signature: RecordSignature, key: SigningKey
) -> Iterator[Message]:
    if (key.holder, key.algorithm) != (signature.signer, signature.algorithm):
        yield say("the key {key} is of {name}", key=key.key_id, name=key.holder)
    if key.role is not ROLE_OF[signature.step]:
        yield say("{name} is enrolled as {role}", name=key.holder, role=key.role.value)
    named = signer_named(record, signature.step)
    if named and named != signature.signer:
        yield say("the record names {name} for this step", name=named)
    yield from own_matter(record, signature.step, signature.signer)


def own_matter(record: ApprovalRecord, step: SigningStep, signer: str) -> Iterator[Message]:
    """Nobody approves what he proposed or reviewed himself (pilot handbook: separate people)."""
    if step is SigningStep.PROPOSED:
        return
    others = {record.proposal.by.name}
    if step is SigningStep.DECIDED:
        opinions = (record.review, record.security_review)
        others |= {opinion.by.name for opinion in opinions if opinion is not None}
    if signer in others:
        yield say("{name} proposed or reviewed it himself", name=signer)


def signer_named(record: ApprovalRecord, step: SigningStep) -> str:
    """Return whom the record names for a step, empty where nobody."""
    match step:
        case SigningStep.PROPOSED:
            return record.proposal.by.name
        case SigningStep.SECURITY_REVIEWED:
            return record.security_review.by.name if record.security_review else ""
        case SigningStep.REVIEWED:
            return record.review.by.name if record.review else ""
        case SigningStep.DECIDED:
            return record.officer.name if record.officer else ""
        case SigningStep.REPLY:
            return ""


def _made_in_time(signature: RecordSignature, key: SigningKey, now: str) -> Iterator[Message]:
    try:
        made = datetime.fromisoformat(signature.at)
    except ValueError:
        made = None
    if made is None or made.tzinfo is None:
        yield say("its time makes no sense")
        return
    if made > datetime.fromisoformat(now) + CLOCKS_DIFFER:
        yield say("it bears a time in the future ({at})", at=signature.at)
    cause = counts_at(key, signature.at)
    if cause is not None:
        yield cause


def _true(
    record: ApprovalRecord, signature: RecordSignature, key: SigningKey, trust: Trust
) -> Iterator[Message]:
    doubt = trust.doubt(key)
    if doubt is not None:
        yield doubt
    message = _message(record, signature, trust)
    if not verify(key.algorithm, key.public_key, message, signature.value):
        yield say("it was made for another record, or the record was changed afterwards")
    decided = record.decision.day if record.decision else None
    signed_on = office_day(signature.at)
    if signature.step is SigningStep.DECIDED and decided != signed_on:
        yield say(
            "the decision is dated {day}, the signature {at}", day=str(decided), at=str(signed_on)
        )


def _before_revocation(
    record: ApprovalRecord, signature: RecordSignature, key: SigningKey, ledger: Ledger
) -> Iterator[Message]:
    """A signature of a revoked key counts only if the ledger knew it before the revocation."""
    if not key.revoked_at:
        return
    digest = record_digest(record, signature.step)
    known = any(
        seq < key.revoked_seq
        and (entry.key_id, entry.record_digest) == (key.key_id, digest)
        and (entry.step, entry.signed_at) == (signature.step.value, signature.at)
        for seq, entry in ledger.acts(ApprovalSigned, subject=record.number)
    )
    if not known:
        yield say(
            "the key {key} of {name} was revoked ({at}), and the ledger does not know this "
            "signature from before",
            key=key.key_id,
            name=key.holder,
            at=key.revoked_at,
        )


def _message(record: ApprovalRecord, signature: RecordSignature, trust: Trust) -> bytes:
    digest = record_digest(record, signature.step)
    return statement_of(signature, trust.office_id, digest, record.draft.digest).to_bytes()


def proposal_digest(record: ApprovalRecord) -> str:
    """Return what a provisional mark rests on: the record as handed in; opinions change nothing."""
    return f"拟定 {record_digest(record, SigningStep.PROPOSED)}"


def record_digest(record: ApprovalRecord, step: SigningStep) -> str:
    """Return `sm3:` and the digest of the record as it stood at a step."""
    content = canonical_bytes(as_of(record, step))
    return "sm3:" + hashlib.new("sm3", content).hexdigest()
