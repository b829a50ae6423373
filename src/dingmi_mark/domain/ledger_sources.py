"""Entries of the ledger about classified documents: sources from outside, and what we derived.

They hold no title and no text: a title lies in the office's `sources` folder, and here is only its
keyed digest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ActEntry, ApprovalAct


class SourceAct(ActEntry):
    """An act about a document from outside: it is found again by its id."""

    source_id: str

    @property
    def subject(self) -> str:
        """The source's id."""
        return self.source_id


@dataclass(frozen=True)
class SourceRegistered(SourceAct):
    """A classified document from outside was registered, or its registration corrected.

    `level` is the Chinese word, `period` as people write one (`domain.reading`), empty where none
    is stated; `last_secret_day` is by the period or the default of the law, ISO or empty. `points`
    are marks (`机密★10年`) by the id of the point, `limits` the Chinese words. `read_from` is
    `label`, `mark` or `typed`; `defaulted` and `typed` name values. `reason` says why a value
    differs from what was registered before, or from what stands on the paper.
    """

    source_id: str
    sm3: str
    sha256: str
    content_digest: str
    title_digest: str
    document_number: str
    organ: str
    level: str
    period: str
    issue_day: str
    last_secret_day: str
    scope: tuple[str, ...]
    points: Mapping[str, str]
    limits: tuple[str, ...]
    released: str
    read_from: str
    defaulted: tuple[str, ...]
    typed: tuple[str, ...]
    reason: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digests of the file, as records name them."""
        content = (f"content:{self.content_digest}",) if self.content_digest else ()
        return (f"sm3:{self.sm3}", f"sha256:{self.sha256}", *content)


@dataclass(frozen=True)
class SourceChanged(SourceAct):
    """The originator changed or released a document from outside.

    `basis` is the 文号 of its notice, `day` (ISO) since when. `released` (ISO) is filled where it
    is secret no longer; else level, period and last day are those from now on, as in
    `SourceRegistered`. `issue_day` is the day from which the period counts, `scope` who may know.
    """

    source_id: str
    basis: str
    day: str
    level: str
    period: str
    issue_day: str
    last_secret_day: str
    scope: tuple[str, ...]
    released: str
    at: str


@dataclass(frozen=True)
class DocumentDescribed(ApprovalAct):
    """What is needed of a marked document when others are derived from it.

    Written before its first copy is made. `period`, `points` are as in `SourceRegistered`.
    `sources` are ids of documents that the ledger knows, `unknown_sources` the 文号 of others (a
    keyed digest of the title where there is no 文号).
    """

    approval_number: str
    document_id: str
    marking_id: str
    document_number: str
    organ: str
    level: str
    period: str
    issue_day: str
    last_secret_day: str
    scope: tuple[str, ...]
    points: Mapping[str, str]
    bases: bool
    sources: tuple[str, ...]
    unknown_sources: tuple[str, ...]
    at: str
