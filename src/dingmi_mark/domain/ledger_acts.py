"""Entries of the ledger that are no steps of a marking: keys, approvals, drafts, copies.

An act is found again by its kind and by what it is about. A new one is a class, named in `Act` and
in `ACTS`; what was stored never changes (see `domain.ledger`). No act holds title or text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from dingmi_mark.domain.ledger_act import ApprovalAct, KeyAct
from dingmi_mark.domain.ledger_changes import (
    MarkingChanged,
    MarkingRestored,
    NoticeRegistered,
    NoticeTold,
    ReleaseCopied,
    ReleaseIntended,
    ReleaseSettled,
    RemarkDestroyed,
    RemarkDistributed,
    RemarkDone,
    RemarkFinished,
    RemarkIntended,
    RemarkPrepared,
    RemarkStarted,
    RemarkUndone,
    RemarkVerified,
    RemarkVoided,
    SourceFollowed,
)
from dingmi_mark.domain.ledger_circulation import CopyReceived, DestructionWitnessed
from dingmi_mark.domain.ledger_drafts import (
    DraftCompleted,
    DraftConverted,
    DraftLeaving,
    DraftLeft,
    DraftRegistered,
)
from dingmi_mark.domain.ledger_drawn import MarkDrawn
from dingmi_mark.domain.ledger_legacy import LegacyConfirmed, LegacyDescribed, LegacyStruck
from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.domain.ledger_printing import (
    CopyingApproved,
    NumberIssued,
    NumbersAtPrinter,
    NumberSettled,
    PrintDecided,
    SheetSpoiled,
)
from dingmi_mark.domain.ledger_provisional import (
    CopyReturned,
    ProvisionalEnded,
    ProvisionalGone,
    ProvisionalIntended,
    ProvisionalMade,
)
from dingmi_mark.domain.ledger_reviews import ReviewDone, StatisticsFiled
from dingmi_mark.domain.ledger_sources import (
    DocumentDescribed,
    SourceChanged,
    SourceRegistered,
)


@dataclass(frozen=True)
class KeyOffered(KeyAct):
    """Somebody made a key and shows that he holds it.

    `role` is the Chinese word, `public_key` is PEM, `expires` ISO or empty; `proof` (base64) is
    the key's own signature over `offer_bytes`.
    """

    key_id: str
    holder: str
    role: str
    algorithm: str
    public_key: str
    expires: str
    proof: str
    at: str


@dataclass(frozen=True)
class KeyConfirmed(KeyAct):
    """A security officer saw the holder and the key; from now on it counts.

    `signature` (base64) is the witness's over `confirmation_bytes`.
    """

    key_id: str
    witness_key_id: str
    signature: str
    at: str


@dataclass(frozen=True)
class KeyRevoked(KeyAct):
    """A key counts no longer: lost, stolen, or its holder left. `by` is who said so."""

    key_id: str
    by: str
    reason: str
    at: str


@dataclass(frozen=True)
class ApprovalSigned(ApprovalAct):
    """A step of an approval was signed.

    The place in the ledger shows that the signature was there before a later revocation. `step`
    is the Chinese word, `outcome` the decision where it is one; the digests are those signed.
    """

    approval_number: str
    step: str
    outcome: str
    record_digest: str
    draft_digest: str
    signer: str
    key_id: str
    signed_at: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the draft, so that an unmarked copy is known again."""
        return (self.draft_digest,) if self.draft_digest else ()


Act: TypeAlias = (
    KeyOffered
    | KeyConfirmed
    | KeyRevoked
    | ApprovalSigned
    | DraftRegistered
    | DraftCompleted
    | DraftConverted
    | DraftLeaving
    | DraftLeft
    | ProvisionalIntended
    | ProvisionalMade
    | ProvisionalEnded
    | ProvisionalGone
    | CopyReturned
    | SealedNotified
    | PrintDecided
    | NumberIssued
    | NumberSettled
    | SheetSpoiled
    | MarkDrawn
    | SourceRegistered
    | SourceChanged
    | DocumentDescribed
    | NoticeRegistered
    | MarkingChanged
    | MarkingRestored
    | RemarkVerified
    | RemarkStarted
    | RemarkIntended
    | RemarkPrepared
    | RemarkDone
    | RemarkVoided
    | RemarkFinished
    | RemarkUndone
    | RemarkDistributed
    | RemarkDestroyed
    | ReviewDone
    | SourceFollowed
    | StatisticsFiled
    | CopyReceived
    | DestructionWitnessed
    | NumbersAtPrinter
    | CopyingApproved
    | NoticeTold
    | ReleaseIntended
    | ReleaseCopied
    | ReleaseSettled
    | LegacyDescribed
    | LegacyConfirmed
    | LegacyStruck
)

ACTS: Mapping[str, type[Act]] = MappingProxyType(
    {
        "key.offered/1": KeyOffered,
        "key.confirmed/1": KeyConfirmed,
        "key.revoked/1": KeyRevoked,
        "approval.signed/1": ApprovalSigned,
        "draft.registered/1": DraftRegistered,
        "draft.completed/1": DraftCompleted,
        "draft.converted/1": DraftConverted,
        "draft.leaving/1": DraftLeaving,
        "draft.left/1": DraftLeft,
        "provisional.intended/1": ProvisionalIntended,
        "provisional.made/1": ProvisionalMade,
        "provisional.ended/1": ProvisionalEnded,
        "provisional.gone/1": ProvisionalGone,
        "copy.returned/1": CopyReturned,
        "sealed.notified/1": SealedNotified,
        "print.decided/1": PrintDecided,
        "print.issued/1": NumberIssued,
        "print.settled/1": NumberSettled,
        "sheet.spoiled/1": SheetSpoiled,
        "mark.drawn/1": MarkDrawn,
        "source.registered/1": SourceRegistered,
        "source.changed/1": SourceChanged,
        "document.described/1": DocumentDescribed,
        "notice.registered/1": NoticeRegistered,
        "marking.changed/1": MarkingChanged,
        "marking.restored/1": MarkingRestored,
        "remark.verified/1": RemarkVerified,
        "remark.started/1": RemarkStarted,
        "remark.intended/1": RemarkIntended,
        "remark.prepared/1": RemarkPrepared,
        "remark.done/1": RemarkDone,
        "remark.voided/1": RemarkVoided,
        "remark.finished/1": RemarkFinished,
        "remark.undone/1": RemarkUndone,
        "remark.distributed/1": RemarkDistributed,
        "remark.destroyed/1": RemarkDestroyed,
        "review.done/1": ReviewDone,
        "source.followed/1": SourceFollowed,
        "statistics.filed/1": StatisticsFiled,
        "copy.received/1": CopyReceived,
        "copy.witnessed/1": DestructionWitnessed,
        "numbers.opened/1": NumbersAtPrinter,
        "copying.approved/1": CopyingApproved,
        "notice.told/1": NoticeTold,
        "release.intended/1": ReleaseIntended,
        "release.copied/1": ReleaseCopied,
        "release.settled/1": ReleaseSettled,
        "legacy.described/1": LegacyDescribed,
        "legacy.confirmed/1": LegacyConfirmed,
        "legacy.struck/1": LegacyStruck,
    }
)
"""Every act this version knows, by its stored name."""
