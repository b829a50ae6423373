"""变更（解除）通知 as it is handed in: what is decided, of which documents, signed by whom."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dingmi_mark.domain.change import ChangeNotice
from dingmi_mark.domain.legacy import OldMark
from dingmi_mark.domain.signing import Role

NOTICE: Final = "dingmi-mark/notice/1"
PLAN: Final = "dingmi-mark/remark-plan/1"
LEGACY: Final = "dingmi-mark/legacy-files/1"
"""What a signature is made for; one made for something else does not count."""


@dataclass(frozen=True)
class NoticeItem:
    """A document a notice is about: by the ledger's id, 文号, title or digest of a file.

    One is enough; where several are given they must mean the same document. `old` is given of a
    paper that others marked before this program was there: the ledger does not know what it bears.
    """

    document_id: str = ""
    document_number: str = ""
    title: str = ""
    digest: str = ""
    old: OldMark | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What is given, in the order in which it is shown to people."""
        given = (self.document_number, self.title, self.document_id, self.digest)
        return tuple(name for name in given if name)


@dataclass(frozen=True)
class NoticeSignature:
    """Who signed a notice; `at` is ISO 8601 with a zone, `value` is base64."""

    signer: str
    key_id: str
    algorithm: str
    at: str
    value: str


@dataclass(frozen=True)
class FiledNotice:
    """A notice with its documents and signatures, as its file holds it."""

    notice: ChangeNotice
    items: tuple[NoticeItem, ...]
    signatures: tuple[NoticeSignature, ...] = ()

    def signer_role(self, own: str) -> Role:
        """Who signs: the officer for what the own organ decides, else the 保密员 who files it."""
        return Role.OFFICER if self.notice.decided_by == own else Role.SECURITY


def statement_bytes(
    what: str, office_id: str, digest: str, signer: str, key_id: str, at: str
) -> bytes:
    """Return what is signed: canonical JSON, sorted keys, no spaces, UTF-8."""
    told = {
        "statement": what,
        "office_id": office_id,
        "digest": digest,
        "signer": signer,
        "key_id": key_id,
        "at": at,
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def legacy_files_digest(plan_digest: str, files: Iterable[str]) -> str:
    """Return what is signed by who confirms files of a plan: the plan, and the files by `sm3`."""
    return " ".join((plan_digest, *sorted(files)))
