"""What was done before: a file that is marked already, a copy that was made already."""

from __future__ import annotations

import os
from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.identity import CopyIdentity, copy_identity
from dingmi_mark.domain.label import LabelUnreadable, is_provisional, read_label
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import (
    AlreadyMarkedOtherwise,
    ApprovalReused,
    CopyAlreadyMade,
    DingmiError,
    ProvisionalMarkStays,
)
from dingmi_mark.formats.base import Draft, Embedded
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import Assurance, MarkedCopy
from dingmi_mark.store.approvals import StoredApproval
from dingmi_mark.store.ledger_records import MarkingRecord


def refuse_if_marked(draft: Draft, record: ApprovalRecord, standing: Standing) -> None:
    """Refuse a file that bears a mark of this program.

    Raises ProvisionalMarkStays for a provisional one, AlreadyMarkedOtherwise.
    """
    if draft.embedded is None:
        return
    found = mark_in(draft.embedded)
    if bears_provisional(draft.embedded):
        raise ProvisionalMarkStays(found=found)
    raise AlreadyMarkedOtherwise(found=found, wanted=standing.wording(record.secrecy.marking))


def bears_provisional(embedded: Embedded) -> bool:
    """Tell whether a file says that its mark is provisional only."""
    for record in embedded.records:
        try:
            return is_provisional(read_label(record))
        except LabelUnreadable:
            continue
    return False


def refuse_if_number_used(kept: StoredApproval, desk: Desk) -> None:
    """Raise ApprovalReused where another record of this number was used for a mark."""
    for known in desk.ledger.by_approval(kept.record.number):
        other = known.intended.approval_digest != kept.digest
        if other and known.state is not MarkingState.VOIDED:
            raise ApprovalReused(kept.where, number=kept.record.number)


def mark_in(embedded: Embedded) -> str | Message:
    """Return the mark a file says it bears."""
    for record in embedded.records:
        try:
            return str(read_label(record)["marking"]["text"])
        except LabelUnreadable:
            continue
    return say("not readable")


def target_of(target: Path, copy_number: str) -> Path:
    """Return the name of a copy's file: `通知-000001.docx`; `通知.docx` without 份号."""
    if not copy_number:
        return target
    return target.with_name(f"{target.stem}-{copy_number}{target.suffix}")


def all_made_already(task: MarkTask, desk: Desk) -> tuple[MarkedCopy, ...]:
    """Return every copy of a draft if all were made before; else nothing.

    Raises what `made_already` does. Costs no look into the draft: a second run is quick.
    """
    record = task.kept.record
    content = read_bytes_of(task.draft, most_mib=desk.office.limits.file_mb)
    found = []
    for number in task.copy_numbers:
        digests = (task.kept.digest, content.digests.sm3)
        identity = copy_identity(desk.secret, record.number, *digests, number)
        made = made_already(desk, identity, number, target_of(task.target, number))
        if made is None:
            return ()
        found.append(made)
    return tuple(found)


def made_already(
    desk: Desk, identity: CopyIdentity, copy_number: str, target: Path
) -> MarkedCopy | None:
    """Return the copy if it was made before and still lies where the ledger says.

    Raises CopyAlreadyMade where the ledger says it was made and the file is gone or altered,
    AlreadyMarkedOtherwise where the same draft was marked by another wording of its record.
    """
    _refuse_other_marking(desk, identity)
    known = desk.ledger.marking(identity.marking_id, identity.copy_id)
    if known is None or known.state is not MarkingState.DONE or known.prepared is None:
        return None
    recorded = desk.office.folder / known.intended.target
    for place in (recorded, target):
        if _is_that_file(place, known):
            ids = (identity.marking_id, identity.copy_id)
            return MarkedCopy(place, copy_number, *ids, Assurance(known.prepared.confirmed))
    raise CopyAlreadyMade(str(target), target=os.fsdecode(recorded))


def _refuse_other_marking(desk: Desk, identity: CopyIdentity) -> None:
    for done in desk.ledger.done_for(identity.document_id):
        if done.intended.marking_id != identity.marking_id:
            found = f"{done.intended.level}★{done.intended.period}"
            wanted = say(
                "its record {number} was altered since", number=done.intended.approval_number
            )
            raise AlreadyMarkedOtherwise(found=found, wanted=wanted)


def _is_that_file(path: Path, known: MarkingRecord) -> bool:
    assert known.prepared is not None
    try:
        return read_bytes_of(path, most_mib=ANY_SIZE_MIB).digests == known.prepared.marked
    except DingmiError:
        return False
