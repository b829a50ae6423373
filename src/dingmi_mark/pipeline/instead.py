"""A file with a provisional mark is given for the ★ mark: take the approved draft instead."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.ledger_provisional import ProvisionalMade
from dingmi_mark.domain.matching import DraftFile
from dingmi_mark.domain.terms import PROPOSED
from dingmi_mark.errors import ProvisionalFileAltered, RecordUnknown
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.converting import suffix_after
from dingmi_mark.pipeline.folders import FoundDraft
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.approvals import read_approval
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


def bears_provisional_of(ledger: Ledger, file: DraftFile) -> str | None:
    """Return the approval number of the provisional marking that made these very bytes."""
    for digest in sorted(file.digests):
        for _, made in ledger.acts(ProvisionalMade, file_digest=digest):
            return made.approval_number
    return None


def approved_instead(
    draft: FoundDraft, number: str, request: MarkRequest, office: Office
) -> MarkTask:
    """Return the task to mark the approved draft of the approvals tree in place of this file.

    Raises ProvisionalFileAltered where it is not approved or not there, and what reading raises.
    """
    try:
        kept = find_record(office.approvals, number)
    except RecordUnknown:
        cause = say("its record {number} is not in the approvals folder", number=number)
        raise _not_instead(draft, cause) from None
    if not kept.record.is_approved:
        raise _not_instead(draft, say("its record {number} is not approved yet", number=number))
    if kept.record.draft.late_fields:
        raise _not_instead(draft, say("what is filled in after the approval is not in it yet"))
    if kept.draft is None:
        raise _not_instead(draft, say("the draft that was handed in with it is not there"))
    name = marked_name(kept.draft, kept.record, office)
    preview = request.preview / draft.relative.parent if request.preview else None
    return MarkTask(
        kept.draft,
        read_approval(kept.path),
        request.out / draft.relative.with_name(name),
        by_digest=True,
        dry_run=request.dry_run,
        preview=preview,
        instead_of=draft.path,
    )


def marked_name(draft: Path, record: ApprovalRecord, office: Office) -> str:
    """Return the name a marked file begins with: the draft's own, with its new ending if converted.

    In the approvals tree drafts are named by their digest: there the record tells the name.
    """
    suffix = suffix_after(draft, office.conversion)
    tree = os.path.realpath(office.approvals) + os.sep
    if not os.path.realpath(draft).startswith(tree) or not record.draft.files:
        return draft.with_suffix(suffix).name
    told = PurePosixPath(record.draft.files[0].replace("\\", "/"))
    return f"{told.stem}{suffix}" if told.stem else draft.with_suffix(suffix).name


def _not_instead(draft: FoundDraft, cause: Message) -> ProvisionalFileAltered:
    return ProvisionalFileAltered(str(draft.path), found=PROPOSED, cause=cause)
