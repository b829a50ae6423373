"""Write one marked file anew as its changed secret has it, beside it and confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.changes import standing_after
from dingmi_mark.domain.code import copy_in
from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.label import ShownMark, facts_of, marks_of, read_label
from dingmi_mark.domain.label_changing import changed_label, label_showing
from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.ledger_drawn import MarkDrawn
from dingmi_mark.domain.plan import closing_words, points_before_paragraphs
from dingmi_mark.domain.points import PointStyle
from dingmi_mark.engine.shapes import Block
from dingmi_mark.errors import MarkNotConfirmed, RemarkNotPossible
from dingmi_mark.formats.base import Access, Carriers, Draft, MarkJob, PointMark
from dingmi_mark.formats.handlers import WithMarksApart, handler_with
from dingmi_mark.formats.image import ImageHandler
from dingmi_mark.messages import say
from dingmi_mark.pipeline.change_sheet import Paged
from dingmi_mark.pipeline.confirm import confirm
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import ANY_SIZE_MIB, read_bytes_of
from dingmi_mark.pipeline.evidence import gathered
from dingmi_mark.pipeline.placing import Paper, Placing, place_marks
from dingmi_mark.pipeline.remarking_marks import refuse_other_place, remarked_blocks
from dingmi_mark.pipeline.strips import above_with, seen_with
from dingmi_mark.pipeline.typed import Adopted
from dingmi_mark.pipeline.verdicts import Assurance

RELEASED_POINT = "（解密）"


@dataclass(frozen=True)
class Marked:
    """A marked file that is to be re-marked: its handler, label, record, and all its changes."""

    path: Path
    handler: WithMarksApart | ImageHandler
    draft: Draft
    label: Mapping[str, Any]
    record: ApprovalRecord
    changes: tuple[MarkingChanged, ...]

    @property
    def copy_number(self) -> str:
        """The 份号 of the copy."""
        return str(self.label["marking"]["copy_number"])

    @property
    def copy(self) -> NamedCopy:
        """The copy that the file is."""
        return NamedCopy(self.copy_number, str(self.label["marking"]["copy_id"]))

    @property
    def shows_code(self) -> bool:
        """Tell whether a 2D code stands on it."""
        lines = (line for mark in marks_of(self.label) for line in mark.text.split("\n"))
        return any(map(copy_in, lines))


@dataclass(frozen=True)
class Redrawn:
    """The re-marked file under its temporary name."""

    digests: FileDigests
    content_digest: str
    assurance: Assurance
    drawn: MarkDrawn


def opened_marked(path: Path, record: ApprovalRecord, digests: FileDigests, desk: Desk) -> Marked:
    """Look into a marked file. Raises RemarkNotPossible, and the errors of drafts."""
    handler = handler_with(path, Access(despite_restrictions=True))
    if not isinstance(handler, WithMarksApart | ImageHandler):
        kind = say("a file of this kind bears no marks")
        raise RemarkNotPossible(str(path), cause=kind)
    draft = handler.inspect(path)
    evidence = gathered(draft, digests, desk.ledger)
    if evidence.label is None or evidence.known is None:
        raise RemarkNotPossible(str(path), cause=say("its label cannot be read"))
    return Marked(path, handler, draft, evidence.label, record, evidence.changes)


def redrawn(marked: Marked, temporary: Path, desk: Desk) -> Redrawn:
    """Write `temporary` as the marked file with its marks of now, and confirm it.

    Raises RemarkPlaceFull, RemarkNotPossible, MarkNotConfirmed, and the errors of layout.
    """
    handler = marked.handler
    assert not isinstance(handler, ImageHandler), "pictures are painted on, see remark_pictures"
    with without_marks(marked.path, handler) as clean, handler.view(clean) as view:
        draft = handler.inspect(clean)
        if draft.content_digest != marked.draft.content_digest:
            cause = say("what is not ours cannot be told apart from our marks")
            raise RemarkNotPossible(str(marked.path), cause=cause)
        if view is None:
            raise RemarkNotPossible(str(marked.path), cause=say("LibreOffice is not installed"))
        paper = Paper(handler, draft, view)
        placing = placed_as_before(marked, paper, desk, marked.copy)
        strips = placing.strips
        paged = Paged(seen_with(view, strips), above_with(draft.above, strips), desk.faces)
        blocks = remarked_blocks(placing, marked.copy, marked.changes, paged)
        job = job_for(marked, placing, blocks, desk)
        seen = (paper, placing.adopted)
        return written_anew(handler, clean, temporary, job, seen, desk)


@contextmanager
def without_marks(path: Path, handler: WithMarksApart) -> Iterator[Path]:
    """Give a file as it was before any mark of ours, in a private folder."""
    with TemporaryDirectory(prefix="dingmi-remark-") as folder:
        clean = Path(folder) / f"clean{path.suffix}"
        handler.unmark(path, clean)
        yield clean


def placed_as_before(
    marked: Marked, paper: Paper, desk: Desk, copy: NamedCopy, new: frozenset[str] = frozenset()
) -> Placing:
    """Find the places of all marks of this copy, those that stood where they stood.

    `new` names the slots that the file did not show. Raises RemarkNotPossible, what placing does.
    """
    placing = laid_out_again(marked, paper, desk, copy)
    refuse_other_place(placing, copy, marks_of(marked.label), desk.faces, new)
    return placing


def laid_out_again(marked: Marked, paper: Paper, desk: Desk, copy: NamedCopy) -> Placing:
    """Lay out the marks by which the file was marked on a paper. Raises what placing does."""
    record = marked.record
    stamp = desk.stamp_template()
    code = desk.code_template() if marked.shows_code else None
    templates = (desk.form_template(record.draft.form), *filter(None, (stamp, code)))
    officer = record.officer.name if record.officer else ""
    return place_marks(
        paper,
        record,
        templates,
        desk.office.policies,
        desk.faces,
        copy=copy,
        signature_png=desk.signature_png(officer),
    )


def job_for(marked: Marked, placing: Placing, blocks: Mapping[int, Any], desk: Desk) -> MarkJob:
    """Return all that is put on and into the file that shows these blocks."""
    standing = standing_after(marked.record, marked.changes)
    shown = placing.shown(blocks)
    if marked.changes:
        label = changed_label(marked.label, standing, marked.changes, shown)
    else:
        label = label_showing(marked.label, shown)
    document, marking = marked.label["document"], marked.label["marking"]
    ids = (str(document["id"]), str(marking["id"]), str(marking["copy_id"]))
    carriers = Carriers(*ids, label, facts_of(read_label(label)))
    points = _points(marked, desk) if marked.record.points else ()
    closing = closing_words(marked.record)
    job = MarkJob(blocks, points, carriers, closing, strips=placing.strips)
    if not marked.record.points:
        return job
    kind = desk.point_type()
    return replace(
        job,
        closing_face=kind.closing_font,
        closing_size_pt=kind.closing_size_pt,
        closing_struck=standing.release is not None,
    )


def lettered(blocks: Mapping[int, Sequence[Block]]) -> Iterator[ShownMark]:
    """Return what a label tells of blocks; a line through a mark says nothing to be read back."""
    for page in sorted(blocks):
        for block in (one for one in blocks[page] if one.text):
            box = block.box
            yield ShownMark(block.name, page, block.text, box.x, box.y, box.width, box.height)


def _points(marked: Marked, desk: Desk) -> tuple[PointMark, ...]:
    """The classified points: those that were released are struck, in a part with 解密 beside."""
    released = {point for change in marked.changes for point in change.items}
    ended = any(change.released for change in marked.changes)
    told = [p for p in marked.record.points if p.style is PointStyle.IN_WORDS]
    if not ended and any(point.id in released for point in told):
        cause = say("a released point is named in the closing words only")
        raise RemarkNotPossible(str(marked.path), cause=cause)
    kind = desk.point_type()
    look = (kind.font, kind.size_pt, kind.gap_mm, kind.colour)
    found: list[PointMark] = []
    for point in points_before_paragraphs(marked.record):
        struck = ended or point.id in released
        found.append(PointMark(point.id, point.text, point.anchor, *look, struck=struck))
        if point.id in released:
            found.append(PointMark(f"{point.id}:解密", RELEASED_POINT, point.anchor, *look))
    return tuple(found)


def written_anew(
    handler: WithMarksApart | ImageHandler,
    clean: Path,
    temporary: Path,
    job: MarkJob,
    seen: tuple[Paper, Mapping[str, Adopted]],
    desk: Desk,
) -> Redrawn:
    """Write and confirm, with the typed marks that stay; a PDF whose page gives up before its end
    once more, as in marking.
    """
    try:
        return _attempt(handler, clean, temporary, job, seen, desk)
    except MarkNotConfirmed as first:
        if handler.shown_by_others:
            raise
        temporary.unlink(missing_ok=True)
        try:
            return _attempt(handler, clean, temporary, replace(job, isolated=True), seen, desk)
        except MarkNotConfirmed:
            raise first from None


def _attempt(
    handler: WithMarksApart | ImageHandler,
    clean: Path,
    temporary: Path,
    job: MarkJob,
    seen: tuple[Paper, Mapping[str, Adopted]],
    desk: Desk,
) -> Redrawn:
    paper, adopted = seen
    placed: Sequence[Any] = handler.mark(clean, temporary, job, desk.faces)
    before = (paper.draft, seen_with(paper.view, job.strips) if paper.view else None)
    found, assurance = confirm(handler, temporary, before, job, placed, adopted, desk.faces)
    written = read_bytes_of(temporary, most_mib=ANY_SIZE_MIB)
    label_sm3 = hashlib.new("sm3", job.carriers.record).hexdigest()
    ids = (job.carriers.marking_id, job.carriers.copy_id)
    drawn = MarkDrawn(*ids, found.drawn_digest, label_sm3, desk.now())
    return Redrawn(written.digests, found.content_digest, assurance, drawn)
