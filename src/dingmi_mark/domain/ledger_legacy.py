"""Entries of the ledger about papers that others marked before this program was there.

They hold no title: a title has only its keyed digest here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dingmi_mark.domain.ledger_changes import DocumentAct, NoticeAct


@dataclass(frozen=True)
class LegacyDescribed(DocumentAct):
    """What a notice says of a paper that this program did not mark.

    `level` is the Chinese word, `period` as people write one (`domain.reading`): those of the old
    mark. `organ` decided at first. `issue_day`, `last_secret_day` are ISO or empty; `digests` name
    its file where the notice or a registration does (`sm3:…`, `sha256:…`, `content:…`).
    """

    document_id: str
    marking_id: str
    document_number: str
    title_digest: str
    organ: str
    level: str
    period: str
    issue_day: str
    last_secret_day: str
    digests: tuple[str, ...]
    notice_number: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests that name its file."""
        return self.digests


@dataclass(frozen=True)
class LegacyConfirmed(NoticeAct):
    """Somebody confirmed, with his signature, that these very files are those of the notice.

    `files` are the `sm3` hex digests of files of the plan `plan_digest`; `signature` (base64) is
    over both. The place in the ledger shows that it was there before a later revocation of the key.
    """

    notice_number: str
    plan_digest: str
    files: tuple[str, ...]
    verifier: str
    key_id: str
    signature: str
    signed_at: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the files."""
        return tuple(f"sm3:{sm3}" for sm3 in self.files)


@dataclass(frozen=True)
class LegacyStruck(DocumentAct):
    """The old marks of a file as they were read when they were struck.

    `marks` are their words by where they stand (`1 左上角`: page and corner); `before_sm3` and
    `content_digest` are of the file before.
    """

    document_id: str
    marking_id: str
    copy_id: str
    notice_number: str
    remark_id: str
    before_sm3: str
    content_digest: str
    marks: Mapping[str, str]
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the file before."""
        return (f"sm3:{self.before_sm3}", f"content:{self.content_digest}")
