"""Entries of the ledger about changes: notices, what they made of each secret, files re-marked.

They hold no title and no text. A re-marking of a file goes intended → prepared → done; an intended
one that is neither done nor voided was left by a crash, and the next run settles it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dingmi_mark.domain.ledger_act import ActEntry, RecordedPath
from dingmi_mark.domain.ledger_drafts import content_name


class NoticeAct(ActEntry):
    """An act about a notice: it is found again by its number."""

    notice_number: str

    @property
    def subject(self) -> str:
        """The number of the notice."""
        return self.notice_number


class BatchAct(ActEntry):
    """An act of a run of re-marking: it is found again by the id of the run."""

    batch_id: str

    @property
    def subject(self) -> str:
        """The run's id."""
        return self.batch_id


class RemarkAct(BatchAct):
    """An act about the re-marking of one file within a run."""

    remark_id: str

    @property
    def thread(self) -> str:
        """The id of the re-marking."""
        return self.remark_id


class DocumentAct(ActEntry):
    """An act about one of our documents: it is found again by the document's id."""

    document_id: str

    @property
    def subject(self) -> str:
        """The document's id."""
        return self.document_id


class ReleaseAct(DocumentAct):
    """An act about one copy without marks of a released document."""

    copying_id: str

    @property
    def thread(self) -> str:
        """The id of the copying."""
        return self.copying_id


class CopyOutcome(StrEnum):
    """What became of a copy without marks: it has its name, or there is none."""

    NAMED = "named"
    NOT_WRITTEN = "not_written_or_not_proved"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class NoticeRegistered(NoticeAct):
    """A notice of change or release was signed and registered.

    `kind` and `right` are the Chinese words, `day` (ISO) is that of the decision, `notice_digest`
    is `sm3:` and what was signed, `key_ids` are of the keys that signed it, `documents` the ids of
    the documents it changes.
    """

    notice_number: str
    kind: str
    decided_by: str
    right: str
    day: str
    notice_digest: str
    key_ids: tuple[str, ...]
    documents: tuple[str, ...]
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the notice."""
        return (self.notice_digest,)


@dataclass(frozen=True)
class NoticeTold(NoticeAct):
    """Letters were written that tell receivers of a notice; who they are stands in the letters.

    `letters` are the `sm3:` digests of the files, `untold` the ids of documents of which no
    receiver is known.
    """

    notice_number: str
    notice_digest: str
    receivers: int
    letters: tuple[str, ...]
    untold: tuple[str, ...]
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the letters."""
        return self.letters


@dataclass(frozen=True)
class ReleaseIntended(ReleaseAct):
    """A copy without any mark is about to be written of a released document.

    `copying_id` names this one copying, `runner` the process at work (see `Ledger.running`).
    """

    copying_id: str
    document_id: str
    notice_number: str
    file: RecordedPath
    temporary: RecordedPath
    runner: str
    at: str


@dataclass(frozen=True)
class ReleaseCopied(ReleaseAct):
    """The copy lies whole under its temporary name and was looked at: it bears no mark at all.

    `source_*` is the marked file it was made from, `copy_*` the new one; `content_digest` is that
    of the new file and of the draft before any mark, which are the same.
    """

    copying_id: str
    document_id: str
    approval_number: str
    notice_number: str
    marking_id: str
    copy_id: str
    source_sm3: str
    copy_sm3: str
    copy_sha256: str
    content_digest: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the new file."""
        return (f"sm3:{self.copy_sm3}", f"sha256:{self.copy_sha256}")


@dataclass(frozen=True)
class ReleaseSettled(ReleaseAct):
    """What became of a copy without marks; `outcome` is a key (`CopyOutcome`)."""

    copying_id: str
    document_id: str
    outcome: str
    at: str


@dataclass(frozen=True)
class SourceFollowed(DocumentAct):
    """A notice about one of our derived documents says what it follows.

    `source_change` is the 文号 of the document that changed its source. Written with the
    `MarkingChanged` of the same notice.
    """

    document_id: str
    notice_number: str
    source_change: str
    at: str


@dataclass(frozen=True)
class MarkingChanged(DocumentAct):
    """A secret of ours was changed or released: one entry for a document and a notice.

    `marking_id` is of the marking it had first. Levels are the Chinese words, periods as people
    write one (`domain.reading`); what a notice leaves alone stands here as it was. `start_day` is
    the day the period counts from, `released` (ISO) is filled where it is secret no longer,
    `items` are the ids of points released, `day` is that of the decision (all ISO or empty).
    """

    notice_number: str
    kind: str
    approval_number: str
    document_id: str
    marking_id: str
    old_level: str
    old_period: str
    level: str
    period: str
    start_day: str
    last_secret_day: str
    scope: tuple[str, ...]
    released: str
    items: tuple[str, ...]
    day: str
    at: str


@dataclass(frozen=True)
class MarkingRestored(DocumentAct):
    """A run was taken back before its files were distributed: its change of a document is void."""

    notice_number: str
    document_id: str
    batch_id: str
    at: str


@dataclass(frozen=True)
class RemarkVerified(NoticeAct):
    """Somebody looked through the plan of a re-marking and signed it.

    `plan_digest` is `sm3:` hex; `signature` (base64) is over it. The place in the ledger shows that
    it was there before a later revocation of the key.
    """

    notice_number: str
    plan_digest: str
    verifier: str
    key_id: str
    signature: str
    signed_at: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the plan."""
        return (self.plan_digest,)


@dataclass(frozen=True)
class RemarkStarted(BatchAct):
    """A run began to re-mark the files of a plan; `files` is how many."""

    batch_id: str
    notice_number: str
    plan_digest: str
    files: int
    program_version: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the plan."""
        return (self.plan_digest,)


@dataclass(frozen=True)
class RemarkIntended(RemarkAct):
    """A marked file is about to be re-marked in its place.

    `remark_id` names this one re-marking. `before_*` is the file as it was, kept as `kept`;
    `runner` is the process at work (see `Ledger.running`).
    """

    batch_id: str
    remark_id: str
    notice_number: str
    document_id: str
    marking_id: str
    copy_id: str
    copy_number: str
    before_sm3: str
    before_sha256: str
    file: RecordedPath
    temporary: RecordedPath
    kept: RecordedPath
    runner: str
    at: str


@dataclass(frozen=True)
class RemarkPrepared(RemarkAct):
    """The re-marked file lies finished and confirmed under its temporary name.

    `confirmed` is how: `rendered` or `structural`.
    """

    batch_id: str
    remark_id: str
    after_sm3: str
    after_sha256: str
    content_digest: str
    confirmed: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the re-marked file: of its bytes, and of its content."""
        content = content_name(self.content_digest)
        return (f"sm3:{self.after_sm3}", f"sha256:{self.after_sha256}", content)


@dataclass(frozen=True)
class RemarkDone(RemarkAct):
    """The re-marked file stands in the place of the old one.

    `marking_id` and `copy_id` are those the file had and keeps.
    """

    batch_id: str
    remark_id: str
    notice_number: str
    document_id: str
    marking_id: str
    copy_id: str
    after_sm3: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the re-marked file."""
        return (f"sm3:{self.after_sm3}",)


@dataclass(frozen=True)
class RemarkVoided(RemarkAct):
    """A re-marking did not come about; the file is as it was. `reason` is a key."""

    batch_id: str
    remark_id: str
    reason: str
    at: str


@dataclass(frozen=True)
class RemarkFinished(BatchAct):
    """A run of re-marking came to its end: how many files it changed, left alone, failed at."""

    batch_id: str
    changed: int
    unchanged: int
    failed: int
    interrupted: bool
    at: str


@dataclass(frozen=True)
class RemarkUndone(RemarkAct):
    """A re-marked file has its bytes of before again."""

    batch_id: str
    remark_id: str
    before_sm3: str
    at: str


@dataclass(frozen=True)
class RemarkDistributed(BatchAct):
    """The files of a run were given out, as `by` says: from now on nothing of it is undone."""

    batch_id: str
    by: str
    at: str


@dataclass(frozen=True)
class RemarkDestroyed(BatchAct):
    """The files of before that were kept for undoing are destroyed; `sm3` names them."""

    batch_id: str
    sm3: tuple[str, ...]
    at: str
