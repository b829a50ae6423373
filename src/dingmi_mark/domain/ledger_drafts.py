"""Entries of the ledger about drafts: handed in, filled in, and what became of the original."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ApprovalAct, RecordedPath


def content_name(content_digest: str) -> str:
    """Return a content digest as acts name it, apart from the digests of bytes."""
    return f"content:{content_digest}"


@dataclass(frozen=True)
class DraftRegistered(ApprovalAct):
    """A draft was handed in: what an unmarked copy of it is known by, before any mark is made.

    Digests are hexadecimal, `content_digest` is as handlers give it (`sm3:` hex).
    """

    approval_number: str
    sm3: str
    sha256: str
    content_digest: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the bytes, and of the content, which another program leaves alone."""
        return f"sm3:{self.sm3}", f"sha256:{self.sha256}", content_name(self.content_digest)


@dataclass(frozen=True)
class DraftCompleted(ApprovalAct):
    """The draft that is marked is the approved one but for late fields that were filled in.

    The digests are `sm3:` hex; `fields` are the Chinese names of what was filled in.
    """

    approval_number: str
    approved_digest: str
    completed_digest: str
    fields: tuple[str, ...]
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """Both drafts: as it was approved, and as it was filled in."""
        return self.approved_digest, self.completed_digest


@dataclass(frozen=True)
class DraftConverted(ApprovalAct):
    """A draft of a format that cannot be marked was converted, and the result was marked.

    `draft_sm3` is that of the approved file, the other digests are of what was made of it
    (hexadecimal); the formats are names such as `DOC` and `DOCX`.
    """

    approval_number: str
    draft_sm3: str
    made_sm3: str
    made_sha256: str
    source_format: str
    result_format: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The approved file, and what was made of it."""
        return f"sm3:{self.draft_sm3}", f"sm3:{self.made_sm3}", f"sha256:{self.made_sha256}"


@dataclass(frozen=True)
class DraftLeaving(ApprovalAct):
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
    def thread(self) -> str:
        """Its own id, which the end names."""
        return self.leaving_id


@dataclass(frozen=True)
class DraftLeft(ApprovalAct):
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
    def thread(self) -> str:
        """The id of the leaving that ends here."""
        return self.leaving_id
