"""Entries of the ledger that are no steps of a marking: keys, approvals, what became of drafts.

An act is found again by its kind and by what it is about. A new one is a class here, named in `Act`
and in `ACTS`; what was stored never changes (see `domain.ledger`). No act holds title or text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, TypeAlias

RecordedPath: TypeAlias = Annotated[str, "a path"]
"""A path as `os.fsdecode` gives it: bytes that are no UTF-8 stand as lone surrogates."""


class ActEntry:
    """What all acts have: something they are about, and a file's digest where one matters."""

    @property
    def subject(self) -> str:
        """What the act is about, to find it again."""
        raise NotImplementedError

    @property
    def file_digest(self) -> str:
        """Digest (`sm3:` hex) of a file that the act makes known again, empty for most."""
        return ""


@dataclass(frozen=True)
class KeyOffered(ActEntry):
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

    @property
    def subject(self) -> str:
        """The key's id."""
        return self.key_id


@dataclass(frozen=True)
class KeyConfirmed(ActEntry):
    """A security officer saw the holder and the key; from now on it counts.

    `signature` (base64) is the witness's over `confirmation_bytes`.
    """

    key_id: str
    witness_key_id: str
    signature: str
    at: str

    @property
    def subject(self) -> str:
        """The key's id."""
        return self.key_id


@dataclass(frozen=True)
class KeyRevoked(ActEntry):
    """A key counts no longer: lost, stolen, or its holder left. `by` is who said so."""

    key_id: str
    by: str
    reason: str
    at: str

    @property
    def subject(self) -> str:
        """The key's id."""
        return self.key_id


@dataclass(frozen=True)
class ApprovalSigned(ActEntry):
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
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number

    @property
    def file_digest(self) -> str:
        """The digest of the draft, so that an unmarked copy is known again."""
        return self.draft_digest


@dataclass(frozen=True)
class ProvisionalIntended(ActEntry):
    """A draft is about to get a provisional mark (拟定), before its record is decided.

    `approval_digest` is that of the record as it was handed in. `until` is the last day (ISO) the
    mark may stand. `target`, `temporary` and `runner` are as in `Intended`.
    """

    approval_number: str
    approval_digest: str
    marking_id: str
    copy_id: str
    copy_number: str
    batch_id: str
    runner: str
    level: str
    period: str
    until: str
    draft_sm3: str
    target: RecordedPath
    temporary: RecordedPath
    program_version: str
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number


@dataclass(frozen=True)
class ProvisionalMade(ActEntry):
    """The file with the provisional mark is finished and confirmed; now it gets its name.

    `begun` is the number of the entry that began the copy.
    """

    begun: int
    approval_number: str
    marked_sm3: str
    content_digest: str
    confirmed: str
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number

    @property
    def file_digest(self) -> str:
        """The digest of the file with the provisional mark."""
        return f"sm3:{self.marked_sm3}"


@dataclass(frozen=True)
class ProvisionalEnded(ActEntry):
    """A provisional mark holds no longer.

    `reason` is a key (`voided`, `approved`, `replaced`), `found` what lay at its place (`in_place`,
    `missing`, `altered`): what is in place is removed next, the rest is to be recalled.
    """

    begun: int
    approval_number: str
    reason: str
    found: str
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number


@dataclass(frozen=True)
class ProvisionalGone(ActEntry):
    """A provisional copy exists no longer: removed by the program, or handed back.

    `how` is `removed`, or 收回, 销毁, 作废 as said by `by`; `day` is ISO.
    """

    begun: int
    approval_number: str
    how: str
    by: str
    day: str
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number


@dataclass(frozen=True)
class CopyReturned(ActEntry):
    """A marked copy came back: 收回, 销毁 or 作废 (`how`), by whom, on which day (ISO)."""

    approval_number: str
    copy_number: str
    how: str
    by: str
    day: str
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number


Act: TypeAlias = (
    KeyOffered
    | KeyConfirmed
    | KeyRevoked
    | ApprovalSigned
    | ProvisionalIntended
    | ProvisionalMade
    | ProvisionalEnded
    | ProvisionalGone
    | CopyReturned
)

ACTS: Mapping[str, type[Act]] = MappingProxyType(
    {
        "key.offered/1": KeyOffered,
        "key.confirmed/1": KeyConfirmed,
        "key.revoked/1": KeyRevoked,
        "approval.signed/1": ApprovalSigned,
        "provisional.intended/1": ProvisionalIntended,
        "provisional.made/1": ProvisionalMade,
        "provisional.ended/1": ProvisionalEnded,
        "provisional.gone/1": ProvisionalGone,
        "copy.returned/1": CopyReturned,
    }
)
"""Every act this version knows, by its stored name."""
