"""Make the copies a printer numbers: the marked file anew, with 份号, or as 复制件 or 翻印件.

They are laid out, written and confirmed as every marked file is, and live only till they are
printed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from dingmi_mark.domain.copying import copy_line
from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.label_changing import with_copy
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, TextRun
from dingmi_mark.errors import PlaceTaken, RemarkNotPossible
from dingmi_mark.formats.base import FIRST_PAGE, PageView
from dingmi_mark.formats.pdf.handler import PdfHandler
from dingmi_mark.messages import say
from dingmi_mark.pipeline.change_sheet import Paged
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.issuing import MadePaper
from dingmi_mark.pipeline.numbering import Taken
from dingmi_mark.pipeline.places import Footing, footing
from dingmi_mark.pipeline.placing import Paper, Placing
from dingmi_mark.pipeline.remark_drawing import (
    Marked,
    job_for,
    opened_marked,
    placed_as_before,
    without_marks,
    written_anew,
)
from dingmi_mark.pipeline.remarking_marks import remarked_blocks
from dingmi_mark.pipeline.replacing import output_error
from dingmi_mark.pipeline.strips import above_with, seen_with
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.office import Office

COPYING = "copying"
"""The name of the block that says 复制件 or 翻印件."""

_SIZE_PT, _FACE = 10.5, "heiti"
_LEFT_MM, _LOWEST_MM, _HIGHEST_MM, _STEP_MM = 28.0, 30.0, 10.0, 1.0
"""Above the type area, over the marks; own choice, no text says where (R47, R48)."""


def make_in_worker(
    office: Office, run_id: str, path: Path, papers: Sequence[Taken], output: int
) -> tuple[MadePaper, ...]:
    """Write the papers one after the other to an open file, in a process with limits.

    Raises RecordUnknown, RemarkNotPossible, PlaceTaken, MarkNotConfirmed, OutputDiskFull and what
    reading and laying out raise.
    """
    desk = desk_of(office, run_id)
    made: list[MadePaper] = []
    to_make = [one for one in papers if not one.as_it_is]
    files = iter(_made(path, to_make, desk)) if to_make else iter(())
    for one in papers:
        if one.as_it_is:
            made.append(MadePaper(one.issued, 0))
            continue
        made.append(MadePaper(one.issued, _appended(next(files), output)))
    return tuple(made)


def _appended(file: Path, output: int) -> int:
    try:
        with file.open("rb") as stream, os.fdopen(os.dup(output), "ab") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
        size = file.stat().st_size
        file.unlink()
    except OSError as error:
        raise output_error(error, file.parent) from error
    return size


def _made(path: Path, papers: Sequence[Taken], desk: Desk) -> Iterator[Path]:
    digests = read_bytes_of(path, most_mib=desk.office.limits.file_mb).digests
    number = papers[0].issued.approval_number
    record = find_record(desk.office.approvals, number).record
    marked = opened_marked(path, record, digests, desk)
    handler = marked.handler
    if not isinstance(handler, PdfHandler):
        raise RemarkNotPossible(cause=say("only the marked file of a PDF can be numbered"))
    with without_marks(path, handler) as clean, handler.view(clean) as view:
        draft = handler.inspect(clean)
        if view is None or draft.content_digest != marked.draft.content_digest:
            cause = say("what is not ours cannot be told apart from our marks")
            raise RemarkNotPossible(cause=cause)
        paper = Paper(handler, draft, view)
        shown = marked.copy_number or papers[0].shown
        new = frozenset() if marked.copy_number else frozenset({"copy_number"})
        copy = NamedCopy(shown, marked.copy.copy_id)
        placing = placed_as_before(marked, paper, desk, copy, new)
        for place, one in enumerate(papers, 1):
            target = clean.with_name(f"paper-{place}.pdf")
            _write(_of_copy(marked, one), one, (clean, target), (paper, placing), desk)
            yield target


def _of_copy(marked: Marked, one: Taken) -> Marked:
    issued = one.issued
    return replace(marked, label=with_copy(marked.label, issued.copy_number, issued.copy_id))


def _write(
    marked: Marked,
    one: Taken,
    files: tuple[Path, Path],
    paged: tuple[Paper, Placing],
    desk: Desk,
) -> None:
    (clean, target), (paper, placing) = files, paged
    assert paper.view is not None
    view = seen_with(paper.view, placing.strips)
    above = above_with(paper.draft.above, placing.strips)
    copy = NamedCopy(one.shown, one.issued.copy_id)
    blocks = dict(remarked_blocks(placing, copy, marked.changes, Paged(view, above, desk.faces)))
    if one.kind is not None:
        text = copy_line(one.kind, desk.office.name, desk.today, one.number)
        first = blocks.get(FIRST_PAGE, ())
        line = _line(text, view, first, above.get(FIRST_PAGE, ()), desk)
        blocks[FIRST_PAGE] = (*first, line)
    job = job_for(marked, placing, blocks, desk)
    written_anew(marked.handler, clean, target, job, (paper, placing.adopted), desk)


def _line(
    text: str, view: PageView, blocks: Sequence[Block], above: Sequence[Box], desk: Desk
) -> Block:
    """Put the line of a 复制件 above the marks, where the page is free. Raises PlaceTaken."""
    faces, em = desk.faces, _SIZE_PT * MM_PER_PT
    width, y = faces.advance_mm(text, _FACE, _SIZE_PT), _LOWEST_MM
    while y >= _HIGHEST_MM:
        box = Box(_LEFT_MM, y, width, em)
        run = TextRun(text, box, y + faces.baseline(_FACE) * em, _FACE, _SIZE_PT)
        block = Block(COPYING, box, (run,))
        if footing(block, FIRST_PAGE, view, blocks, above) is not Footing.TAKEN:
            return block
        y -= _STEP_MM
    raise PlaceTaken(slot=COPYING, page=1)
