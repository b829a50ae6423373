"""A sentence after the end of the text, as far as the last page has room for it."""

from __future__ import annotations

from dingmi_mark.engine.shapes import BLACK, MM_PER_PT, Block, Box, TextRun
from dingmi_mark.engine.striking import struck_whole
from dingmi_mark.errors import PlaceTaken, PointUnsupported
from dingmi_mark.formats.base import Faces, MarkJob
from dingmi_mark.formats.pdf.placing import Room
from dingmi_mark.formats.pdf.text import is_page_number
from dingmi_mark.messages import say

_LEFT_MM, _RIGHT_MM, _BOTTOM_MM = 28.0, 26.0, 25.0
"""Margins of the type area: GB/T 9704-2012 at the sides, closer to the edge at the bottom."""

_FOOT_MM = 33.0
"""Lines that begin lower than this above the edge are a running foot, not the text."""

_PITCH = 1.75
"""Distance of two baselines in em: 28 pt for 16 pt type (GB/T 9704-2012, 22 lines a page)."""

_NAME = "closing"
_NOT_FIRST = frozenset("，。、；：！？）》〉】〕”’…,.;:!?)")


def closing_block(job: MarkJob, room: Room, faces: Faces) -> tuple[int, Block]:
    """Set the closing words below the last line of the last page: page (from 0) and block.

    Raises PointUnsupported where the page has no text, PlaceTaken where it has no room.
    """
    page = len(room.view.sizes) - 1
    size = room.view.sizes[page]
    rows = [
        row
        for row in room.view.rows(page)
        if row.box.y < size.height - _FOOT_MM and not is_page_number(row, size.height)
    ]
    if not rows:
        raise PointUnsupported(point=say("a sentence after the text"), format="PDF")
    em = job.closing_size_pt * MM_PER_PT
    top = max(row.box.bottom for row in rows) + (_PITCH - 1) * em
    width = size.width - _LEFT_MM - _RIGHT_MM
    if width < em:
        raise PlaceTaken(slot=_NAME, page=page + 1)
    runs = _runs(job, top, width, faces)
    box = Box(_LEFT_MM, top, max(run.box.width for run in runs), runs[-1].box.bottom - top)
    if box.bottom > size.height - _BOTTOM_MM or not room.is_free(page, box, BLACK):
        raise PlaceTaken(slot=_NAME, page=page + 1)
    block = Block(_NAME, box, runs)
    return page, struck_whole(block) if job.closing_struck else block


def _runs(job: MarkJob, top: float, width: float, faces: Faces) -> tuple[TextRun, ...]:
    face, size_pt = job.closing_face, job.closing_size_pt
    em = size_pt * MM_PER_PT
    runs = []
    for number, line in enumerate(_wrapped(job, width, faces)):
        box = Box(_LEFT_MM, top + number * _PITCH * em, _advance(job, line, faces), em)
        runs.append(TextRun(line, box, box.y + faces.baseline(face) * em, face, size_pt))
    return tuple(runs)


def _wrapped(job: MarkJob, width: float, faces: Faces) -> list[str]:
    """Break the words into lines of at most `width` mm; no line begins with a closing mark."""
    lines = [""]
    for character in job.closing_words:
        longer = lines[-1] + character
        if not lines[-1] or _advance(job, longer, faces) <= width:
            lines[-1] = longer
        elif character in _NOT_FIRST and len(lines[-1]) > 1:
            lines[-1], carried = lines[-1][:-1], lines[-1][-1]
            lines.append(carried + character)
        else:
            lines.append(character)
    return lines


def _advance(job: MarkJob, line: str, faces: Faces) -> float:
    return faces.advance_mm(line, job.closing_face, job.closing_size_pt)
