"""Write a paper that others marked anew: their mark struck, the new one beside it, and confirmed.

As with our own marks, everything is laid out on the page as it was before: a second change strikes
the second mark, and what was put there first stands where it stood. A picture is painted on as it
is; its label tells where the old marks stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from dingmi_mark import __version__
from dingmi_mark.domain.changes import standing_after
from dingmi_mark.domain.identity import CopyIdentity
from dingmi_mark.domain.label import LabelFacts, ShownMark, facts_of, marks_of, read_label
from dingmi_mark.domain.label_changing import changed_label
from dingmi_mark.domain.label_writing import label_bytes
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.domain.legacy import LegacyPaper, legacy_record
from dingmi_mark.domain.remark_plan import PlannedFile
from dingmi_mark.engine.shapes import Block
from dingmi_mark.errors import RemarkNotPossible, SheetSetupUnfit
from dingmi_mark.formats.base import Access, Carriers, Draft, MarkJob, PageView
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.handlers import WithMarksApart, handler_with
from dingmi_mark.formats.image import ImageHandler
from dingmi_mark.formats.pdf import PdfHandler
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.messages import say
from dingmi_mark.pipeline.change_sheet import Paged
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.evidence import changes_of, label_in
from dingmi_mark.pipeline.header_marks import sheet_mark
from dingmi_mark.pipeline.legacy_in_text import (
    Spoken,
    confirm_in_text,
    marks_that_flow,
    struck_words,
)
from dingmi_mark.pipeline.legacy_marks import (
    Kept,
    LegacyMark,
    confirm_struck,
    legacy_marks,
    refuse_other_mark,
    refuse_taken_later,
)
from dingmi_mark.pipeline.placing import Paper
from dingmi_mark.pipeline.remark_drawing import Redrawn, lettered, without_marks, written_anew
from dingmi_mark.pipeline.remarking_marks import legacy_blocks, of_others
from dingmi_mark.pipeline.scanned_marks import is_scan, scanned_marks
from dingmi_mark.pipeline.struck_rows import cell_blocks, header_blocks
from dingmi_mark.pipeline.typed import Adopted

Struck: TypeAlias = WithMarksApart | ImageHandler
"""What marks of others are struck in; in workbooks page headers or cells."""


@dataclass(frozen=True)
class LegacyFound:
    """A file of a paper that others marked; `label` is ours, where one was struck before."""

    path: Path
    handler: Struck
    draft: Draft
    paper: LegacyPaper
    planned: PlannedFile
    label: Mapping[str, Any] | None
    changes: tuple[MarkingChanged, ...]


@dataclass(frozen=True)
class StruckAnew:
    """The file under its temporary name, and the old marks as they were read, by where they stand.

    `content_digest` is of the file before.
    """

    redrawn: Redrawn
    marks: Mapping[str, str]
    content_digest: str


def opened_legacy(path: Path, paper: LegacyPaper, planned: PlannedFile, desk: Desk) -> LegacyFound:
    """Look into a file that others marked. Raises RemarkNotPossible, and the errors of drafts."""
    handler = _handler_of(path)
    draft = handler.inspect(path)
    changes = changes_of(paper.document_id, desk.ledger)
    return LegacyFound(path, handler, draft, paper, planned, label_in(draft), changes)


def struck_anew(found: LegacyFound, temporary: Path, desk: Desk) -> StruckAnew:
    """Write `temporary` as the file with its old marks struck and those of now, and confirm it.

    Raises LegacyMarkUnsure, RemarkPlaceFull, RemarkNotPossible, MarkNotConfirmed.
    """
    if isinstance(found.handler, ImageHandler) and found.draft.embedded is not None:
        return _painted_further(found, found.handler, temporary, desk)
    if isinstance(found.handler, SheetHandler):
        return _struck_in_sheets(found, found.handler, temporary, desk)
    with _as_it_was(found) as clean, found.handler.view(clean) as view:
        draft = found.handler.inspect(clean)
        _refuse_other_content(found, draft)
        marks = _marks_in(found.handler, draft, view, clean)
        assert view is not None, "without pages no mark was found"
        refuse_other_mark(marks, found.paper)
        fixed = [mark for mark in marks if mark.line is None]
        old = of_others(fixed)
        blocks = legacy_blocks(old, found.changes, Paged(view, draft.above, desk.faces))
        if found.handler.flows:
            refuse_taken_later(view, blocks)
        # What no reader finds as text a label cannot tell, unless it is to be found in the pixels.
        spoken = [one for one, mark in zip(old, fixed, strict=True) if mark.lettered]
        told = old if draft.burnt_in else spoken
        flowing = struck_words(marks, found.changes)
        job = replace(_job(found, draft, (*told, *lettered(blocks)), blocks), struck=flowing)
        shown = {mark.slot: Adopted(mark) for mark in spoken}
        with _opened_anew(found.handler, clean, view) as pages:
            paper = (Paper(found.handler, draft, pages), shown)
            made = written_anew(found.handler, clean, temporary, job, paper, desk)
        with found.handler.view(temporary) as after:
            confirm_struck(after, blocks, flows=found.handler.flows)
            confirm_in_text(after, view, marks, flowing)
        read = {mark.place: mark.seen.read.wording for mark in marks}
        return StruckAnew(made, read, draft.content_digest)


def _struck_in_sheets(
    found: LegacyFound, handler: SheetHandler, temporary: Path, desk: Desk
) -> StruckAnew:
    """Have the page headers of a workbook, or its cells, strike the mark on every page that shows
    it.
    """
    with _as_it_was(found) as clean, handler.view(clean) as view:
        draft = handler.inspect(clean)
        _refuse_other_content(found, draft)
        mark = sheet_mark(handler.heads(clean), draft, view)
        assert view is not None, "without pages no mark was found"
        refuse_other_mark((mark.mark,), found.paper)
        laid_out = header_blocks if mark.mark.kept is Kept.HEADERS else cell_blocks
        old, blocks = laid_out(mark, found.changes, Paged(view, draft.above, desk.faces))
        job = _job(found, draft, (*old, *lettered(blocks)), blocks)
        paper = (Paper(handler, draft, view), {one.slot: Adopted(one) for one in old})
        try:
            made = written_anew(handler, clean, temporary, job, paper, desk)
        except SheetSetupUnfit as error:
            cause = say(
                "page header of sheet {number}: {cause}",
                number=error.params["number"],
                cause=error.params["cause"],
            )
            raise RemarkNotPossible(str(found.path), cause=cause) from error
        read = {mark.mark.place: mark.mark.seen.read.wording}
        return StruckAnew(made, read, draft.content_digest)


def _refuse_other_content(found: LegacyFound, draft: Draft) -> None:
    if draft.content_digest != found.draft.content_digest:
        cause = say("what is not ours cannot be told apart from our marks")
        raise RemarkNotPossible(str(found.path), cause=cause)


def _painted_further(
    found: LegacyFound, handler: ImageHandler, temporary: Path, desk: Desk
) -> StruckAnew:
    """Paint on a picture what further changes add; what stands there its label tells."""
    draft, shown = found.draft, marks_of(found.label) if found.label else ()
    old = [one for one in shown if one.adopted]
    acts = desk.ledger.acts(LegacyStruck, subject=found.planned.document_id)
    read = [act.marks for _, act in acts if act.copy_id == found.planned.copy_id]
    if not old or not read:
        raise RemarkNotPossible(str(found.path), cause=say("its label cannot be read"))
    with handler.view(found.path) as view:
        assert view is not None, "pictures can always be shown"
        paged = Paged(view, draft.above, desk.faces)
        blocks = legacy_blocks(old, found.changes, paged, shown)
        job = _job(found, draft, (*shown, *lettered(blocks)), blocks)
        paper = (Paper(handler, draft, view), dict[str, Adopted]())
        made = written_anew(handler, found.path, temporary, job, paper, desk)
    with handler.view(temporary) as after:
        confirm_struck(after, blocks, flows=False)
    return StruckAnew(made, read[-1], draft.content_digest)


def marks_of_others(path: Path, paper: LegacyPaper) -> tuple[LegacyMark, ...]:
    """Return the marks that would be struck in a file, which nothing of ours is in.

    Raises LegacyMarkUnsure, RemarkNotPossible, and the errors of drafts.
    """
    handler = _handler_of(path)
    with handler.view(path) as view:
        marks = _marks_in(handler, handler.inspect(path), view, path)
    refuse_other_mark(marks, paper)
    return marks


def _marks_in(
    handler: Struck, draft: Draft, view: PageView | None, path: Path
) -> tuple[LegacyMark, ...]:
    """Return the marks of others by their letters, on a scan as tesseract reads them."""
    if isinstance(handler, PdfHandler | ImageHandler) and view is not None and is_scan(view):
        return scanned_marks(view)
    if isinstance(handler, SheetHandler):
        return (sheet_mark(handler.heads(path), draft, view).mark,)
    found = legacy_marks(draft, view)
    if view is None or not isinstance(handler, DocxHandler):
        return found
    spoken = Spoken(
        handler.first_header(path), handler.later_headers(path), handler.spoken_lines(path)
    )
    return tuple(marks_that_flow(found, view, spoken))


def _handler_of(path: Path) -> Struck:
    """Return the handler of a file in which marks of others can be struck.

    Raises RemarkNotPossible.
    """
    handler = handler_with(path, Access(despite_restrictions=True))
    if not isinstance(handler, Struck):
        raise RemarkNotPossible(str(path), cause=say("a file of this kind bears no marks"))
    return handler


@contextmanager
def _opened_anew(handler: Struck, path: Path, view: PageView) -> Iterator[PageView]:
    """Show a PDF as if for the first time: MuPDF shows a picture as finely as it did before, and
    a line over the letters of a scan is compared with them point by point.
    """
    if not isinstance(handler, PdfHandler):
        yield view
        return
    with handler.view(path) as pages:
        assert pages is not None, "MuPDF shows every PDF"
        yield pages


@contextmanager
def _as_it_was(found: LegacyFound) -> Iterator[Path]:
    """Give the file as it was before anything of ours."""
    if found.draft.embedded is None:
        yield found.path
        return
    assert not isinstance(found.handler, ImageHandler), "marks in pixels are never taken out"
    with without_marks(found.path, found.handler) as clean:
        yield clean


def struck_entry(
    found: LegacyFound, made: StruckAnew, ids: tuple[str, str], before_sm3: str, now: str
) -> LegacyStruck:
    """Return the entry of the ledger for what was struck; `ids` are of notice and re-marking."""
    planned = found.planned
    return LegacyStruck(
        document_id=planned.document_id,
        marking_id=planned.marking_id,
        copy_id=planned.copy_id,
        notice_number=ids[0],
        remark_id=ids[1],
        before_sm3=before_sm3,
        content_digest=made.content_digest,
        marks=made.marks,
        at=now,
    )


def _job(
    found: LegacyFound,
    draft: Draft,
    shown: Sequence[ShownMark],
    blocks: Mapping[int, tuple[Block, ...]],
) -> MarkJob:
    record, planned = legacy_record(found.paper), found.planned
    label = found.label or _first_label(found, draft)
    standing = standing_after(record, found.changes)
    told = changed_label(label, standing, found.changes, shown)
    ids = (planned.document_id, planned.marking_id, planned.copy_id)
    return MarkJob(blocks, (), Carriers(*ids, told, facts_of(read_label(told))))


def _first_label(found: LegacyFound, draft: Draft) -> dict[str, Any]:
    """Return a label of what is known of the old mark; how it came about nobody can tell."""
    planned = found.planned
    facts = LabelFacts(
        identity=CopyIdentity(planned.document_id, planned.marking_id, planned.copy_id),
        copy_number="",
        approval_digest="",
        draft_sm3=planned.sm3,
        content_digest=draft.content_digest,
        by_digest=False,
        templates={},
        marks=(),
        program_version=__version__,
    )
    label: dict[str, Any] = json.loads(label_bytes(legacy_record(found.paper), facts, {}))
    label["classification"]["kind"] = ""
    label["approval"]["decision"] = ""
    label["approval"]["decision_day"] = ""
    return label
