"""Register a draft when it is handed in, so that an unmarked copy of it is known from then on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord, Restriction
from dingmi_mark.domain.ledger_drafts import DraftRegistered
from dingmi_mark.errors import DingmiError
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.draft_file import read_bytes_of, refuse_if_changed
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.store.office import Conversion, Office


def registered_draft(
    draft: Path, record: ApprovalRecord, office: Office, now: str
) -> DraftRegistered:
    """Return the entry of a draft that is handed in.

    Raises the draft's errors: what cannot be read could never be marked either.
    """
    content = read_bytes_of(draft, most_mib=office.limits.file_mb)
    asked = (draft, record.draft.despite, office.conversion)
    found = run_one(content_digest_of, asked, office.limits)
    if isinstance(found, DingmiError):
        raise found
    refuse_if_changed(draft, content)
    digests = content.digests
    return DraftRegistered(record.number, digests.sm3, digests.sha256, found, now)


def content_digest_of(
    draft: Path, despite: Sequence[Restriction] = (), conversion: Conversion | None = None
) -> str:
    """Return the digest of a file's content, as it is marked. For a worker process."""
    access = Access(despite_restrictions=Restriction.CHANGES in despite)
    with as_markable(draft, conversion or Conversion()) as made:
        return handler_with(made.path, access).inspect(made.path).content_digest
