"""Write the approved draft anew with its blanks filled in, as nobody's hand could do it better."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.domain.approval import ApprovalRecord, LateField
from dingmi_mark.domain.comparison import Comparison
from dingmi_mark.domain.late_values import LateValues, late_values
from dingmi_mark.errors import (
    ApprovalDigestDiffers,
    DingmiError,
    DraftNotFillable,
    DraftWrongSuffix,
    OutputExists,
)
from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.messages import say
from dingmi_mark.pipeline.comparing import approved_draft, compare_drafts, still_to_fill
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.pool import run_one
from dingmi_mark.pipeline.replacing import give_name, keep_rights, output_faults
from dingmi_mark.store.approval_tree import KeptRecord
from dingmi_mark.store.office import Office


def write_filled_draft(kept: KeptRecord, target: Path, office: Office) -> tuple[LateField, ...]:
    """Write the filled in draft to `target`, which must not exist; return what was filled in.

    It appears only where the comparison finds nothing else changed and no blank left. Raises
    DraftNotFillable, DraftNotComparable, ApprovalDigestDiffers, OutputExists and the other errors
    of drafts and of writing.
    """
    approved = _approved(kept, office)
    _refuse_name(target, approved)
    with output_faults(target), TemporaryDirectory(prefix=".dingmi-", dir=target.parent) as room:
        temporary = Path(room, approved.name)
        found = run_one(_fill, (approved, temporary, late_values(kept.record)), office.limits)
        if isinstance(found, DingmiError):
            raise found
        _refuse_rest(found, kept.record)
        keep_rights(approved, temporary)
        give_name(temporary, target)
    return found.fields


def _refuse_name(target: Path, approved: Path) -> None:
    if target.exists():
        raise OutputExists(str(target))
    if target.suffix.lower() != approved.suffix.lower():
        raise DraftWrongSuffix(
            str(target), suffix=target.suffix or "—", found="DOCX", expected=approved.suffix
        )


def _approved(kept: KeptRecord, office: Office) -> Path:
    missing = still_to_fill(kept.record)
    if missing is not None:
        raise DraftNotFillable(kept.record.number, cause=missing)
    approved = approved_draft(kept.record, kept.path, office.approvals)
    content = read_bytes_of(approved, most_mib=office.limits.file_mb)
    if kept.record.draft.digest not in content.names:
        raise ApprovalDigestDiffers(str(approved), record=kept.record.number)
    return approved


def _fill(approved: Path, target: Path, late: LateValues) -> Comparison:
    """Fill in and compare, for a worker process."""
    from dingmi_mark.formats.docx import DocxHandler

    handler = handler_for(approved)
    if not isinstance(handler, DocxHandler):
        cause = say("only Word drafts can be filled in, this is {format}", format=handler.name)
        raise DraftNotFillable(str(approved), cause=cause)
    with output_faults(target):
        handler.fill_in(approved, target, late)
    return compare_drafts(approved, target, late)


def _refuse_rest(found: Comparison, record: ApprovalRecord) -> None:
    """Refuse a draft in which a blank is left, or more was changed than that."""
    named = (late for late in record.draft.late_fields if late is not LateField.PAGE_NUMBERS)
    left = "、".join(late.value for late in named if late not in found.fields)
    if left:
        cause = say("no blank in it says by its words that {fields} belongs there", fields=left)
        raise DraftNotFillable(record.number, cause=cause)
    if found.differences:
        where = found.differences[0].place
        raise DraftNotFillable(record.number, cause=say("more would change ({where})", where=where))
