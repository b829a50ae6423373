"""Change the marks of a picture: in its pixels, so that the old ones are struck where they stand.

Nothing is laid out anew. What a change adds is painted on the picture as it is, in places that are
free there; a second change strikes what the first one put.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.changes import standing_after
from dingmi_mark.domain.label import ShownMark, facts_of, marks_of, read_label
from dingmi_mark.domain.label_changing import changed_label
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.plan import points_before_paragraphs
from dingmi_mark.domain.points import BoxAnchor
from dingmi_mark.engine.shapes import Block, Box, PageSize, TextRun
from dingmi_mark.engine.striking import strike
from dingmi_mark.errors import PlaceTaken, RemarkNotPossible, RemarkPlaceFull
from dingmi_mark.formats.base import Carriers, MarkJob, PageView, PointMark, TextLine
from dingmi_mark.formats.image import ImageHandler
from dingmi_mark.formats.image.paper import MM_PER_INCH
from dingmi_mark.formats.image.points import placed_point
from dingmi_mark.messages import say
from dingmi_mark.pipeline.change_sheet import Paged
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.ink import LEAST_SHARE, compare
from dingmi_mark.pipeline.placing import Paper
from dingmi_mark.pipeline.remark_drawing import (
    RELEASED_POINT,
    Marked,
    Redrawn,
    laid_out_again,
    lettered,
    written_anew,
)
from dingmi_mark.pipeline.remarking_marks import added_blocks, done_before

if TYPE_CHECKING:
    from PIL.Image import Image


POINT_GAP_MM = 1.0
"""Between a released point and the （解密） before it, for the line through it (own choice)."""


def repainted(marked: Marked, temporary: Path, desk: Desk) -> Redrawn:
    """Write `temporary` as the picture with its marks of now, and confirm it.

    Raises RemarkPlaceFull, RemarkNotPossible, MarkNotConfirmed, and the errors of layout.
    """
    handler, draft = marked.handler, marked.draft
    assert isinstance(handler, ImageHandler), "others have their marks apart"
    with handler.view(marked.path) as view:
        assert view is not None, "pictures can always be shown"
        blank = _Blank(view.sizes)
        placing = laid_out_again(marked, Paper(handler, draft, blank), desk, marked.copy)
        shown, paged = marks_of(marked.label), Paged(view, draft.above, desk.faces)
        blocks = dict(added_blocks(placing, marked.copy, marked.changes, shown, paged))
        told = (*shown, *lettered(blocks))
        for page, block in _at_points(marked, done_before(shown), blank, view, desk):
            blocks[page] = (*blocks.get(page, ()), block)
        job = _job(marked, told, blocks)
        paper = Paper(handler, draft, view)
        return written_anew(handler, marked.path, temporary, job, (paper, {}), desk)


def _at_points(
    marked: Marked, done: int, blank: PageView, view: PageView, desk: Desk
) -> Iterator[tuple[int, Block]]:
    """Yield what further changes put at classified points, by page: a line through those that are
    released, and （解密） before them where the paper itself is not.

    Raises RemarkNotPossible where a point is not seen at its place, RemarkPlaceFull.
    """
    before, now = marked.changes[:done], marked.changes[done:]
    kind = desk.point_type() if marked.record.points else None
    for point in points_before_paragraphs(marked.record):
        assert kind is not None
        if _is_released(point.id, before) or not _is_released(point.id, now):
            continue
        look = (kind.font, kind.size_pt, kind.gap_mm, kind.colour)
        mark = PointMark(point.id, point.text, point.anchor, *look)
        page, block = placed_point(mark, blank, {}, desk.faces, marked.handler.name)
        if compare(blank, view, page, block, desk.faces).there < LEAST_SHARE:
            cause = say("“{slot}” is not to be seen where the template puts it", slot=block.name)
            raise RemarkNotPossible(str(marked.path), cause=cause)
        (run,) = (shape for shape in block.shapes if isinstance(shape, TextRun))
        name = f"{block.name}:struck"
        yield page, Block(name, run.box, (strike(run.box, run.colour),))
        if not any(change.released for change in marked.changes):
            beside = Box(run.box.x - POINT_GAP_MM, run.box.y, run.box.width, run.box.height)
            anchor = BoxAnchor(page + 1, beside.x, beside.y, beside.width, beside.height)
            released = PointMark(f"{point.id}:解密", RELEASED_POINT, anchor, *look)
            try:
                yield placed_point(released, view, {}, desk.faces, marked.handler.name)
            except PlaceTaken as error:
                raise RemarkPlaceFull(text=RELEASED_POINT) from error


def _is_released(point: str, changes: Sequence[MarkingChanged]) -> bool:
    return any(change.released or point in change.items for change in changes)


def _job(
    marked: Marked, shown: tuple[ShownMark, ...], blocks: Mapping[int, tuple[Block, ...]]
) -> MarkJob:
    standing = standing_after(marked.record, marked.changes)
    label = changed_label(marked.label, standing, marked.changes, shown)
    document, marking = marked.label["document"], marked.label["marking"]
    ids = (str(document["id"]), str(marking["id"]), str(marking["copy_id"]))
    return MarkJob(blocks, (), Carriers(*ids, label, facts_of(read_label(label))))


@dataclass(frozen=True)
class _Blank:
    """The pages of a picture as empty paper: there the marks have the places of their template."""

    sizes: tuple[PageSize, ...]

    def lines(self, page: int) -> tuple[TextLine, ...]:
        """No text."""
        return ()

    def picture(self, page: int, clip: Box, dpi: int) -> Image:
        """White paper."""
        from PIL import Image

        width, height = (max(1, round(mm / MM_PER_INCH * dpi)) for mm in (clip.width, clip.height))
        return Image.new("RGB", (width, height), "white")

    def is_sound(self, page: int) -> bool:
        """Nothing is wrong with it."""
        return True
