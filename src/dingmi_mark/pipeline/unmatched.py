"""A draft without its record: before refusing it, see whether it is one of our marked files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.matching import (
    Ambiguous,
    DigestDiffers,
    DraftFile,
    Match,
    Matched,
    NoRecord,
    WithoutDigest,
)
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import (
    AlreadyMarkedOtherwise,
    ApprovalAmbiguous,
    ApprovalDigestDiffers,
    ApprovalMissing,
    ApprovalWithoutDigest,
    DingmiError,
    MarkedSavedOtherwise,
    ProvisionalFileAltered,
)
from dingmi_mark.formats.base import Access, FormatHandler
from dingmi_mark.formats.handlers import handler_with, only_converted
from dingmi_mark.formats.traces import bears_marks
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.converting import all_kinds_named
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.prior import bears_provisional, mark_in
from dingmi_mark.pipeline.tasks import Unmatched
from dingmi_mark.pipeline.verdicts import Status, Verdict
from dingmi_mark.store.approvals import StoredApproval
from dingmi_mark.store.toml_text import Faulty, read_raw, utf8_text


def refusal_of(match: Match[StoredApproval]) -> DingmiError:
    """Return the error for a draft that has no record of its own."""
    match match:
        case NoRecord():
            return ApprovalMissing(citation=ApprovalMissing.default_citation)
        case Ambiguous(records):
            names = "、".join(kept.where for kept in records)
            return ApprovalAmbiguous(records=names)
        case DigestDiffers(kept):
            return ApprovalDigestDiffers(record=kept.where)
        case WithoutDigest(kept):
            return ApprovalWithoutDigest(record=kept.where)
        case Matched():
            raise AssertionError("a matched draft is not refused")


def record_fault(
    draft: DraftFile, unreadable: Sequence[tuple[Path, DingmiError]]
) -> DingmiError | None:
    """Return the fault of a record that could not be read and is, by its text, this draft's.

    The fault says more than that there is no record. A record's own name may tell it too.
    """
    name = draft.path.rpartition("/")[2]
    digests = {digest.partition(":")[2] for digest in draft.digests}
    for path, error in unreadable:
        if path.name.startswith(f"{name}."):
            return error
        try:
            text = utf8_text(read_raw(path))
        except Faulty:
            continue
        if f'"{name}"' in text or any(digest in text for digest in digests):
            return error
    return None


def is_marked(draft: Path, desk: Desk) -> bool:
    """Tell whether a file bears a mark of this program. Raises the errors of drafts."""
    return not only_converted(draft) and _looking(draft, desk).inspect(draft).embedded is not None


def _looking(draft: Path, desk: Desk) -> FormatHandler:
    """Looking alone changes nothing, which is all that an author may forbid."""
    with all_kinds_named(draft, desk.office.conversion):
        return handler_with(draft, Access(despite_restrictions=True))


def explain_unmatched(task: Unmatched, desk: Desk) -> Verdict:
    """Tell that a file is marked already and all is well, or raise why it cannot be marked."""
    if only_converted(task.draft):
        if bears_marks(task.draft):
            raise MarkedSavedOtherwise(suffix=task.draft.suffix.lower())
        raise task.refusal
    draft = _looking(task.draft, desk).inspect(task.draft)
    if draft.embedded is None:
        raise task.refusal
    mark = mark_in(draft.embedded)
    if bears_provisional(draft.embedded):
        return _explain_provisional(task, mark)
    sm3 = read_bytes_of(task.draft, most_mib=desk.office.limits.file_mb).digests.sm3
    for found in desk.ledger.by_file_digest(sm3):
        known = found.record
        ours = found.role == "marked" and known.state is MarkingState.DONE
        if ours and task.approval_digest in ("", known.intended.approval_digest):
            remark = say("It is marked already ({mark}); there is nothing to do.", mark=mark)
            number = known.intended.approval_number
            return Verdict(task.draft, Status.UNCHANGED, number, str(mark), remarks=(remark,))
    raise AlreadyMarkedOtherwise(found=mark, wanted=say("other values, or other bytes"))


def _explain_provisional(task: Unmatched, mark: str | Message) -> Verdict:
    """Tell of a file with a provisional mark. Raises ProvisionalFileAltered, or why it was not
    replaced by the approved draft."""
    match task.standing:
        case Standing.PROVISIONAL:
            remark = say("It bears the provisional mark already; there is nothing to do.")
            return Verdict(task.draft, Status.UNCHANGED, "", str(mark), remarks=(remark,))
        case Standing.FORMAL if isinstance(task.refusal, ProvisionalFileAltered):
            raise task.refusal
        case Standing.FORMAL:
            cause = say("it was altered since, or its ledger is another office's")
            raise ProvisionalFileAltered(found=mark, cause=cause)
