"""Re-mark one file in its place: intended, kept, written beside, confirmed, prepared, done.

The ledger hears of every step before the next, so that after a kill at any point the next run
knows what lies on the disk. The file of before stays in a private folder of the office for undoing.
"""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_changes import (
    RemarkDone,
    RemarkIntended,
    RemarkPrepared,
    RemarkVoided,
)
from dingmi_mark.domain.ledger_drawn import MarkDrawn
from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.domain.legacy import LegacyPaper
from dingmi_mark.domain.remark_plan import PlannedFile
from dingmi_mark.errors import DingmiError, DraftChanged, RemarkNotPossible
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import (
    ANY_SIZE_MIB,
    DraftBytes,
    read_bytes_of,
    refuse_if_changed,
)
from dingmi_mark.pipeline.evidence import remarked_as
from dingmi_mark.pipeline.recorded_paths import recorded
from dingmi_mark.pipeline.remark_drawing import Marked, Redrawn, opened_marked, redrawn
from dingmi_mark.pipeline.remark_legacy import (
    LegacyFound,
    opened_legacy,
    struck_anew,
    struck_entry,
)
from dingmi_mark.pipeline.remark_pictures import repainted
from dingmi_mark.pipeline.replacing import (
    output_error,
    output_faults,
    sync_folder,
    temporary_beside,
)
from dingmi_mark.pipeline.taking_over import take_over
from dingmi_mark.pipeline.verdicts import Assurance
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.office import Office

FOLDER: Final = "remark"
"""Folder of the office with the files of before, by run; only the owner may enter it."""

LOCK: Final = ".lock"
"""Its file by which one run at a time is at work."""

NOT_WRITTEN: Final = "not_written_or_not_confirmed"


class RemarkStatus(Enum):
    """What became of one file."""

    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True)
class RemarkTask:
    """One file to be re-marked: as the plan has it, and the record it was marked by.

    `legacy` is set where others marked it before this program.
    """

    planned: PlannedFile
    batch_id: str
    notice_number: str
    record: ApprovalRecord
    keep_times: bool
    legacy: LegacyPaper | None = None


@dataclass(frozen=True)
class RemarkVerdict:
    """What became of one file; `error` is set when and only when it failed."""

    path: Path
    status: RemarkStatus
    mark: str
    assurance: Assurance | None = None
    remarks: tuple[Message, ...] = ()
    error: DingmiError | None = None


def remark_in_worker(office: Office, task: RemarkTask) -> RemarkVerdict:
    """Re-mark one file in a worker process."""
    return remark_file(task, desk_of(office, task.batch_id))


def remark_file(task: RemarkTask, desk: Desk) -> RemarkVerdict:
    """Re-mark one file, or say that it was done before. Raises every expected error.

    After an error the file is, byte for byte, as it was.
    """
    planned = task.planned
    path = Path(planned.path)
    content = read_bytes_of(path, most_mib=desk.office.limits.file_mb)
    earlier = remarked_as(content.digests.sm3, desk.ledger)
    if earlier is not None and earlier.notice_number == task.notice_number:
        return RemarkVerdict(path, RemarkStatus.UNCHANGED, planned.after)
    if content.digests != FileDigests(planned.sm3, planned.sha256):
        raise DraftChanged(str(path))
    marked = _opened(path, task, content, desk)
    if all(change.notice_number != task.notice_number for change in marked.changes):
        cause = say("the ledger does not have the change by {notice}", notice=task.notice_number)
        raise RemarkNotPossible(str(path), cause=cause)
    temporary, remark_id = temporary_beside(path), secrets.token_hex(8)
    kept = kept_place(desk.office, task.batch_id, remark_id, path)
    desk.ledger.append(_intended(task, content, (remark_id, temporary, kept), desk))
    made = None
    try:
        keep_original(path, kept, content)
        made, entries = _made(marked, temporary, (task.notice_number, remark_id), desk)
        _take_over(path, temporary, keep_times=task.keep_times)
        refuse_if_changed(path, content)
        desk.ledger.append(*entries, _prepared(task, remark_id, made, desk))
        replace_file(temporary, path)
    except (DingmiError, OSError) as error:
        if made is not None and _lies_there(path, made):
            desk.ledger.append(_done(task, remark_id, made, desk))
        else:
            _give_up(task.batch_id, remark_id, (temporary, kept), desk)
        if isinstance(error, OSError):
            raise output_error(error, path) from error
        raise
    desk.ledger.append(_done(task, remark_id, made, desk))
    return RemarkVerdict(path, RemarkStatus.CHANGED, planned.after, made.assurance)


def _opened(path: Path, task: RemarkTask, content: DraftBytes, desk: Desk) -> Marked | LegacyFound:
    if task.legacy is not None:
        return opened_legacy(path, task.legacy, task.planned, desk)
    return opened_marked(path, task.record, content.digests, desk)


def _made(
    marked: Marked | LegacyFound, temporary: Path, ids: tuple[str, str], desk: Desk
) -> tuple[Redrawn, tuple[MarkDrawn | LegacyStruck, ...]]:
    """Write the file anew; return it with what the ledger hears of how it was done."""
    if isinstance(marked, Marked):
        draw = repainted if marked.draft.burnt_in else redrawn
        made = draw(marked, temporary, desk)
        return made, (made.drawn,)
    struck = struck_anew(marked, temporary, desk)
    entry = struck_entry(marked, struck, ids, marked.planned.sm3, desk.now())
    return struck.redrawn, (struck.redrawn.drawn, entry)


def _lies_there(path: Path, made: Redrawn) -> bool:
    """Tell whether the file was replaced though a later step failed: it is never voided then."""
    try:
        return read_bytes_of(path, most_mib=ANY_SIZE_MIB).digests == made.digests
    except DingmiError:
        return False


def kept_place(office: Office, batch_id: str, remark_id: str, path: Path) -> Path:
    """Return where the file of before is kept."""
    return office.folder / FOLDER / batch_id / f"{remark_id}{path.suffix.lower()}"


def keep_original(path: Path, kept: Path, content: DraftBytes) -> None:
    """Keep a copy of the file of before, read again. Raises OutputDiskFull, DraftChanged."""
    with output_faults(kept):
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copied(path, kept)
        sync_folder(kept.parent)
    if read_bytes_of(kept, most_mib=ANY_SIZE_MIB).digests != content.digests:
        raise DraftChanged(str(path))


def _copied(source: Path, target: Path) -> None:
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with open(opened, "wb") as out, source.open("rb") as stream:
        shutil.copyfileobj(stream, out)
        out.flush()
        os.fsync(out.fileno())
    found = source.stat()
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def copy_for(path: Path, kept: Path, temporary: Path, sm3: str) -> None:
    """Copy a file that was kept beside its place, with the owner and the rights of what lies there,
    and read it again.

    Raises OutputDiskFull, DraftChanged where the copy is not what was kept.
    """
    with output_faults(path):
        _copied(kept, temporary)
    take_over(path, temporary)
    if read_bytes_of(temporary, most_mib=ANY_SIZE_MIB).digests.sm3 != sm3:
        raise DraftChanged(str(kept))


def replace_file(temporary: Path, path: Path) -> None:
    """Put the finished file in the place of the old one, for good."""
    with output_faults(path):
        os.replace(temporary, path)
        sync_folder(path.parent)


def _take_over(path: Path, temporary: Path, *, keep_times: bool) -> None:
    take_over(path, temporary)
    if keep_times:
        found = path.stat()
        with output_faults(temporary):
            os.utime(temporary, ns=(found.st_atime_ns, found.st_mtime_ns))


def _intended(
    task: RemarkTask, content: DraftBytes, places: tuple[str, Path, Path], desk: Desk
) -> RemarkIntended:
    planned, folder = task.planned, desk.office.folder
    remark_id, temporary, kept = places
    return RemarkIntended(
        batch_id=task.batch_id,
        remark_id=remark_id,
        notice_number=task.notice_number,
        document_id=planned.document_id,
        marking_id=planned.marking_id,
        copy_id=planned.copy_id,
        copy_number=planned.copy_number,
        before_sm3=content.digests.sm3,
        before_sha256=content.digests.sha256,
        file=recorded(Path(planned.path), folder),
        temporary=recorded(temporary, folder),
        kept=recorded(kept, folder),
        runner=desk.runner,
        at=desk.now(),
    )


def _prepared(task: RemarkTask, remark_id: str, made: Redrawn, desk: Desk) -> RemarkPrepared:
    return RemarkPrepared(
        batch_id=task.batch_id,
        remark_id=remark_id,
        after_sm3=made.digests.sm3,
        after_sha256=made.digests.sha256,
        content_digest=made.content_digest,
        confirmed=made.assurance.value,
        at=desk.now(),
    )


def _done(task: RemarkTask, remark_id: str, made: Redrawn, desk: Desk) -> RemarkDone:
    planned = task.planned
    ids = (planned.document_id, planned.marking_id, planned.copy_id)
    head = (task.batch_id, remark_id, task.notice_number)
    return RemarkDone(*head, *ids, made.digests.sm3, desk.now())


def _give_up(batch_id: str, remark_id: str, left: tuple[Path, Path], desk: Desk) -> None:
    """Take away what was begun, and say so in the ledger."""
    for path in left:
        path.unlink(missing_ok=True)
    desk.ledger.append(RemarkVoided(batch_id, remark_id, NOT_WRITTEN, desk.now()))
