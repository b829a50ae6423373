"""A file that is signed already (已签章、用印): no mark can be put without breaking the signature.

Its label is appended as metadata, which leaves every signature valid; the mark stands on a cover
sheet of its own, and a written notice tells those who may know (实施条例(2024)第二十一条第二款).
The ledger keeps it as notified, never as marked.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.domain.ledger_sources import DocumentDescribed
from dingmi_mark.domain.plan import copy_numbers
from dingmi_mark.errors import MarkNotConfirmed, OutputExists
from dingmi_mark.formats.base import FormatHandler
from dingmi_mark.formats.handlers import handler_for, opening_with, recognised
from dingmi_mark.formats.pdf.handler import PdfHandler
from dingmi_mark.formats.pdf.sealing import SignatureState, signature_states, signers_of, with_label
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.confirm import confirm
from dingmi_mark.pipeline.copies import carriers_of, job_of
from dingmi_mark.pipeline.cover_sheet import blank_sheet, cover_block
from dingmi_mark.pipeline.describing import described
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import (
    ANY_SIZE_MIB,
    DraftBytes,
    read_bytes_of,
    refuse_if_changed,
)
from dingmi_mark.pipeline.known import known_for
from dingmi_mark.pipeline.placing import Paper, place_marks
from dingmi_mark.pipeline.prior import refuse_if_marked, target_of
from dingmi_mark.pipeline.recorded_paths import recorded
from dingmi_mark.pipeline.replacing import (
    give_name,
    keep_rights,
    make_folder,
    output_faults,
    temporary_beside,
)
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import Status, Verdict
from dingmi_mark.pipeline.work import Work, examined, identity_of

COVER_FORM = "有封面"
_COVER, _NOTICE = "封面", "书面通知"


@dataclass(frozen=True)
class _File:
    """One of the files that are made: its content and its name."""

    content: bytes
    target: Path

    @property
    def sm3(self) -> str:
        return hashlib.new("sm3", self.content).hexdigest()


def is_sealed(draft: Path) -> bool:
    """Tell whether a draft is a PDF that is signed. Raises the errors of opening it."""
    return isinstance(recognised(draft), PdfHandler) and bool(signers_of(draft))


def notify_sealed(task: MarkTask, desk: Desk) -> Verdict:
    """Make label, cover sheets and notice for a signed file. Raises every expected error."""
    record = task.kept.record
    content = read_bytes_of(task.draft, most_mib=desk.office.limits.file_mb)
    handler = opening_with(handler_for(task.draft), replace(task.access, sealed=True))
    refuse_if_marked(handler.inspect(task.draft), record, task.standing)
    known = known_for(record, desk.office, desk.ledger)
    notes = examined(task, content, desk, known)
    mark = task.standing.wording(record.secrecy.marking)
    verdict = Verdict(task.draft, Status.PLANNED, record.number, mark, remarks=notes)
    if task.dry_run:
        return replace(verdict, plan=(_told(task),))
    with _cover(task, desk, content, notes) as work:
        labelled, signed = _labelled(task, work, content)
        covers = tuple(_covers(work))
        facts = described(work)
    files = (labelled, *covers, _notice(task, desk))
    refuse_if_changed(task.draft, content)
    _keep(task, desk, content, files, signed, facts)
    told = (*notes, _told(task), *(say("Made: {file}", file=str(file.target)) for file in files))
    return replace(verdict, status=Status.NOTIFIED, remarks=told)


def _told(task: MarkTask) -> Message:
    return say(
        "It is signed already ({signer}): it bears no mark. Its label is in the metadata, the mark "
        "on a separate cover sheet, and the written notice goes to those who may know. Next time "
        "mark first, then seal (用印).",
        signer="、".join(signers_of(task.draft)),
    )


@contextmanager
def _cover(
    task: MarkTask, desk: Desk, content: DraftBytes, notes: tuple[Message, ...]
) -> Iterator[Work]:
    """Lay out the cover sheet: an empty page on which the marks have their places."""
    record = task.kept.record
    with TemporaryDirectory(prefix="dingmi-cover-") as private:
        sheet = Path(private) / "cover.pdf"
        sheet.write_bytes(blank_sheet())
        handler: FormatHandler = PdfHandler()
        stamp = desk.stamp_template()
        forms = desk.office.templates.forms
        form = COVER_FORM if COVER_FORM in forms else record.draft.form
        templates = (desk.form_template(form), *((stamp,) if stamp else ()))
        with handler.view(sheet) as view:
            paper = Paper(handler, handler.inspect(sheet), view)
            number = copy_numbers(record)[0]
            placing = place_marks(
                paper,
                record,
                templates,
                desk.office.policies,
                desk.faces,
                copy=NamedCopy(number, identity_of(task, desk, content, number).copy_id),
                signature_png=desk.signature_png(record.officer.name if record.officer else ""),
            )
            on_cover = replace(task, draft=sheet)
            yield Work(on_cover, desk, paper, content, templates, None, placing, notes)


def _labelled(
    task: MarkTask, work: Work, content: DraftBytes
) -> tuple[_File, tuple[SignatureState, ...]]:
    """Return the signed file with its label. Raises MarkNotConfirmed where a signature suffers."""
    before = task.draft.read_bytes()
    identity = identity_of(task, work.desk, content, "")
    after = with_label(before, task.draft, carriers_of(work, "", identity, {}))
    found, earlier = signature_states(after), signature_states(before)
    if not after.startswith(before) or found != earlier:
        raise MarkNotConfirmed(cause=say("a signature would not hold any longer"))
    return _File(after, task.target), found


def _covers(work: Work) -> Iterator[_File]:
    """Yield the marked cover sheets, one a copy, each confirmed as any marked page."""
    stem = work.task.target.with_name(f"{work.task.target.stem}-{_COVER}.pdf")
    target = work.task.draft.with_name("marked.pdf")
    for number in copy_numbers(work.record):
        identity = identity_of(work.task, work.desk, work.content, number)
        job = replace(job_of(work, number, identity), points=(), closing_words="")
        (marks,) = job.blocks.values()
        digest = work.content.digests.sm3
        told = cover_block(work.record, work.task.target.name, digest, marks, work.desk.faces)
        job = replace(job, blocks={0: (*marks, told)})
        handler, faces = work.paper.handler, work.desk.faces
        placed = handler.mark(work.task.draft, target, job, faces)
        before = (work.paper.draft, work.paper.view)
        confirm(handler, target, before, job, placed, work.placing.adopted, faces)
        yield _File(target.read_bytes(), target_of(stem, number))
        target.unlink()


def _notice(task: MarkTask, desk: Desk) -> _File:
    """Return the written notice, filled from the record."""
    from dingmi_mark.forms.definition import read_form
    from dingmi_mark.forms.record_forms import written_notice
    from dingmi_mark.pipeline.printing import made_form

    record = task.kept.record
    filled = written_notice(record, record.draft.notice_day or desk.today)
    made = made_form(read_form("written-notice"), filled, desk.office)
    return _File(made.content, task.target.with_name(f"{task.target.stem}-{_NOTICE}.docx"))


def _keep(
    task: MarkTask,
    desk: Desk,
    content: DraftBytes,
    files: tuple[_File, ...],
    signed: tuple[SignatureState, ...],
    facts: DocumentDescribed,
) -> None:
    """Put the files in their places; the ledger hears of them before they get their names."""
    make_folder(task.target.parent)
    todo = [file for file in files if not _is_there(file)]
    labelled, *covers, notice = files
    with ExitStack() as undo:
        named = []
        for file in todo:
            temporary = temporary_beside(file.target)
            undo.callback(temporary.unlink, missing_ok=True)
            with output_faults(file.target):
                temporary.write_bytes(file.content)
            keep_rights(task.draft, temporary)
            named.append((temporary, file.target))
        if todo:
            desk.ledger.append(
                facts,
                SealedNotified(
                    task.kept.record.number,
                    task.kept.digest,
                    content.digests.sm3,
                    labelled.sm3,
                    tuple(cover.sm3 for cover in covers),
                    notice.sm3,
                    str(sum(state.holds for state in signed)),
                    recorded(task.target, desk.office.folder),
                    desk.now(),
                ),
            )
        for temporary, target in named:
            give_name(temporary, target)


def _is_there(file: _File) -> bool:
    """Tell whether a file was put in its place before. Raises OutputExists for another one."""
    if not os.path.lexists(file.target):
        return False
    if read_bytes_of(file.target, most_mib=ANY_SIZE_MIB).digests.sm3 != file.sm3:
        raise OutputExists(str(file.target))
    return True
