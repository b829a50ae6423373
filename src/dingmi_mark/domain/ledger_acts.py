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
    def file_digests(self) -> tuple[str, ...]:
        """Digests that make a file known again: `sm3:`, `sha256:`, `content:`; none for most."""
        return ()

    @property
    def thread(self) -> str:
        """What an act and the one that answers it have in common, empty for most."""
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
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the draft, so that an unmarked copy is known again."""
        return (self.draft_digest,) if self.draft_digest else ()


def content_name(content_digest: str) -> str:
    """Return a content digest as acts name it, apart from the digests of bytes."""
    return f"content:{content_digest}"


@dataclass(frozen=True)
class DraftRegistered(ActEntry):
    """A draft was handed in: what an unmarked copy of it is known by, before any mark is made.

    Digests are hexadecimal, `content_digest` is as handlers give it (`sm3:` hex).
    """

    approval_number: str
    sm3: str
    sha256: str
    content_digest: str
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the bytes, and of the content, which another program leaves alone."""
        return f"sm3:{self.sm3}", f"sha256:{self.sha256}", content_name(self.content_digest)


@dataclass(frozen=True)
class DraftLeaving(ActEntry):
    """All copies are made; what is now to become of an unmarked original.

    `action` is the policy's word (`keep`, `archive`, `delete`); `destination` is empty where
    nothing is moved. `copies` are the marked copies without which nothing is deleted (copy id and
    SM3). `runner` is the process at work (see `Ledger.running`), `leaving_id` ties the end to this.
    """

    leaving_id: str
    approval_number: str
    sm3: str
    sha256: str
    action: str
    origin: RecordedPath
    destination: RecordedPath
    copies: Mapping[str, str]
    runner: str
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number

    @property
    def thread(self) -> str:
        """Its own id, which the end names."""
        return self.leaving_id


@dataclass(frozen=True)
class DraftLeft(ActEntry):
    """What became of an unmarked original, as it was seen on the disk afterwards.

    `outcome` is `kept`, `archived`, `deleted` or `remains`, `reason` a key for the last. The bytes
    at `place` were read again and have these digests; `origin_gone` tells that nothing stands at
    `origin` any more. `copies` are the marked copies (copy id, SM3) that were read again before
    anything was deleted. `settled`: after a crash, by `doctor` or the next run.
    """

    leaving_id: str
    approval_number: str
    sm3: str
    sha256: str
    outcome: str
    reason: str
    origin: RecordedPath
    place: RecordedPath
    origin_gone: bool
    copies: Mapping[str, str]
    settled: bool
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number

    @property
    def thread(self) -> str:
        """The id of the leaving that ends here."""
        return self.leaving_id


@dataclass(frozen=True)
class DraftCompleted(ActEntry):
    """The draft that is marked is the approved one but for late fields that were filled in.

    The digests are `sm3:` hex; `fields` are the Chinese names of what was filled in.
    """

    approval_number: str
    approved_digest: str
    completed_digest: str
    fields: tuple[str, ...]
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number

    @property
    def file_digests(self) -> tuple[str, ...]:
        """Both drafts: as it was approved, and as it was filled in."""
        return self.approved_digest, self.completed_digest


Act: TypeAlias = (
    KeyOffered
    | KeyConfirmed
    | KeyRevoked
    | ApprovalSigned
    | DraftRegistered
    | DraftLeaving
    | DraftLeft
    | DraftCompleted
)

ACTS: Mapping[str, type[Act]] = MappingProxyType(
    {
        "key.offered/1": KeyOffered,
        "key.confirmed/1": KeyConfirmed,
        "key.revoked/1": KeyRevoked,
        "approval.signed/1": ApprovalSigned,
        "draft.registered/1": DraftRegistered,
        "draft.leaving/1": DraftLeaving,
        "draft.left/1": DraftLeft,
        "draft.completed/1": DraftCompleted,
    }
)
"""Every act this version knows, by its stored name."""
