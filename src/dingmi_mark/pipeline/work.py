"""One draft on the desk: inspected, examined and placed; what its copies have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord, SigningStep
from dingmi_mark.domain.identity import CopyIdentity, NamedCopy, copy_identity
from dingmi_mark.domain.known import Known
from dingmi_mark.domain.plan import DECISION_FIELDS, closing_words, points_before_paragraphs
from dingmi_mark.domain.provisional import provisional_deadline
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.working_days import WorkCalendar
from dingmi_mark.engine.template import PointType, Template
from dingmi_mark.errors import ConfirmationToolFailed
from dingmi_mark.formats.base import FormatHandler, PageView, PointMark
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.authored import as_published, authored_remarks
from dingmi_mark.pipeline.comparing import (
    Completion,
    completion_of,
    refuse_second_draft,
    refuse_unfilled,
)
from dingmi_mark.pipeline.conversion_loss import refuse_lost_words
from dingmi_mark.pipeline.converting import Markable, as_markable, converted_act
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of
from dingmi_mark.pipeline.examining import examine_provisionally, examine_record
from dingmi_mark.pipeline.known import known_for
from dingmi_mark.pipeline.placing import Paper, Placing, place_marks
from dingmi_mark.pipeline.prior import refuse_if_marked, refuse_if_number_used
from dingmi_mark.pipeline.signing import (
    asks_signature,
    proposal_digest,
    refuse_bad_signatures,
    refuse_unsigned,
    refuse_without,
)
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.trust import refuse_if_clock_set_back
from dingmi_mark.store.office import RenderDocx


@dataclass(frozen=True)
class Work:
    """A draft with all that was found out and decided about it."""

    task: MarkTask
    desk: Desk
    paper: Paper
    content: DraftBytes
    templates: tuple[Template, ...]
    point_type: PointType | None
    placing: Placing
    notes: tuple[Message, ...]
    completion: Completion | None = None
    made: Markable | None = None
    known: Known | None = None

    @property
    def source(self) -> Path:
        """The file that marks are put on: the draft, or what it was converted to."""
        return self.made.path if self.made else self.task.draft

    @property
    def record(self) -> ApprovalRecord:
        """The approval record."""
        return self.task.kept.record

    @property
    def points(self) -> tuple[PointMark, ...]:
        """The classified points that are marked in the text."""
        kind = self.point_type
        if kind is None:
            return ()
        return tuple(
            PointMark(p.id, p.text, p.anchor, kind.font, kind.size_pt, kind.gap_mm, kind.colour)
            for p in points_before_paragraphs(self.record)
        )

    @property
    def remarks(self) -> tuple[Message, ...]:
        """All that the user should know, in the order it was found."""
        paper = self.paper.draft.remarks
        return (*paper, *self.notes, *_own_remarks(self), *self.placing.remarks)

    @property
    def until(self) -> date:
        """The last day of a provisional mark that is put today."""
        desk, days = self.desk, self.desk.office.policies.provisional_days
        years = (*desk.lawbook.calendar.years, *desk.office.authority.holidays)
        calendar = WorkCalendar(years)
        return provisional_deadline(self.record, desk.today, days, calendar, desk.lawbook)

    def identity(self, copy_number: str) -> CopyIdentity:
        """The ids of a copy."""
        return identity_of(self.task, self.desk, self.content, copy_number)


def tell_conversion(work: Work) -> None:
    """Tell the ledger that the draft was converted, where it was, before a copy is made."""
    if work.made is not None and work.made.conversion is not None:
        sm3, at = work.content.digests.sm3, work.desk.now()
        work.desk.ledger.append(converted_act(work.record.number, sm3, work.made.conversion, at))


def identity_of(task: MarkTask, desk: Desk, content: DraftBytes, copy_number: str) -> CopyIdentity:
    """Return the ids of a copy; of a provisional one they last until the decision."""
    digests = (decided_digest(task), content.digests.sm3)
    return copy_identity(desk.secret, task.kept.record.number, *digests, copy_number)


def decided_digest(task: MarkTask) -> str:
    """Return the digest of what the mark rests on: the decision, or the proposal handed in."""
    match task.standing:
        case Standing.FORMAL:
            return task.kept.digest
        case Standing.PROVISIONAL:
            return proposal_digest(task.kept.record)


@contextmanager
def laid_out(task: MarkTask, desk: Desk) -> Iterator[Work]:
    """Do everything that can fail before anything is written; the draft stays open meanwhile.

    Raises the errors of the draft, of law, of templates and of layout.
    """
    content = read_bytes_of(task.draft, most_mib=desk.office.limits.file_mb)
    policies, record = desk.office.policies, task.kept.record
    with as_markable(task.draft, desk.office.conversion) as made:
        handler = handler_with(made.path, task.access)
        named = authored_remarks(record, made.path, handler, policies)
        with as_published(made, handler, policies) as published:
            yield from _laid_out(task, desk, content, (made, published), handler, named)


def _laid_out(
    task: MarkTask,
    desk: Desk,
    content: DraftBytes,
    files: tuple[Markable, Markable],
    handler: FormatHandler,
    named: tuple[Message, ...],
) -> Iterator[Work]:
    record, (whole, made) = task.kept.record, files
    draft = handler.inspect(made.path)
    refuse_if_marked(draft, record, task.standing)
    completion = completion_of(task, content, desk) if task.completed else None
    known = known_for(record, desk.office, desk.ledger)
    notes = (*named, *examined(task, content, desk, known))
    templates = _templates(task, desk)
    with handler.view(made.path) as view:
        _refuse_unseen(view, handler, desk)
        refuse_lost_words(task.draft, whole, made, handler, view)
        paper = Paper(handler, draft, view)
        number = task.copy_numbers[0]
        placing = place_marks(
            paper,
            record,
            templates,
            desk.office.policies,
            desk.faces,
            copy=NamedCopy(number, identity_of(task, desk, content, number).copy_id),
            signature_png=_signature_png(task, desk),
            standing=task.standing,
        )
        kind = desk.point_type() if record.points else None
        yield Work(
            task, desk, paper, content, templates, kind, placing, notes, completion, made, known
        )


def examined(
    task: MarkTask, content: DraftBytes, desk: Desk, known: Known | None
) -> tuple[Message, ...]:
    """Return what rules and signatures only note; `known` is what the ledger has of its sources.

    Raises what forbids this kind of mark.
    """
    record, signed = task.kept.record, asks_signature(desk.office.policies, desk.trust)
    notes = _signatures_seen(record, desk)
    match task.standing:
        case Standing.FORMAL:
            notes += examine_record(record, desk, known)
            refuse_if_number_used(task.kept, desk)
            if not task.completed:
                refuse_unfilled(record)
            refuse_second_draft(record, content, desk)
            if signed:
                refuse_unsigned(record, desk.office.policies.approval_steps)
        case Standing.PROVISIONAL:
            notes += examine_provisionally(record, desk, known)
            if signed:
                refuse_without(record, SigningStep.PROPOSED)
    return notes


def _signatures_seen(record: ApprovalRecord, desk: Desk) -> tuple[Message, ...]:
    if not record.signatures:
        return ()
    refuse_if_clock_set_back(desk.ledger, desk.now())
    return refuse_bad_signatures(record, desk.trust, desk.ledger, desk.now())


def _templates(task: MarkTask, desk: Desk) -> tuple[Template, ...]:
    """Return the templates in use; before the decision nothing of the officer, no stamp."""
    form = desk.form_template(task.kept.record.draft.form)
    match task.standing:
        case Standing.FORMAL:
            return (form, *desk.further_templates())
        case Standing.PROVISIONAL:
            slots = tuple(s for s in form.slots if DECISION_FIELDS.isdisjoint(s.fields))
            return (replace(form, slots=slots),)


def _signature_png(task: MarkTask, desk: Desk) -> bytes | None:
    officer = task.kept.record.officer
    if task.standing is Standing.PROVISIONAL:
        return None
    return desk.signature_png(officer.name if officer else "")


def _refuse_unseen(view: PageView | None, handler: FormatHandler, desk: Desk) -> None:
    """Refuse what nothing can show: by policy where text flows, slides and sheets always.

    On them anything may stand where the mark goes. Raises ConfirmationToolFailed.
    """
    always = desk.office.policies.render_docx is RenderDocx.ALWAYS or not handler.flows
    if view is None and handler.shown_by_others and always:
        raise ConfirmationToolFailed(cause=say("LibreOffice is not installed"))


def _own_remarks(work: Work) -> Iterator[Message]:
    if work.completion is not None:
        yield work.completion.remark
    if work.made is not None:
        yield from work.made.remarks
    if not work.task.by_digest:
        yield say("The record does not say which file was approved; the office allows that.")
    if work.paper.view is None:
        yield say("LibreOffice is not installed: the pages were not looked at.")
    if work.paper.handler.shown_by_others:
        return
    faces = work.desk.faces
    used = {item.font for slot in work.placing.slots for item in slot.texts}
    if work.point_type is not None:
        used.add(work.point_type.font)
        if closing_words(work.record):
            used.add(work.point_type.closing_font)
    missing = sorted(faces.family(face) for face in used if faces.substituted(face))
    if missing:
        names = "、".join(missing)
        yield say("No font file for {names}: the bundled 黑体 stands in for it.", names=names)
