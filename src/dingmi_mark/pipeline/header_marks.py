"""Marks of others in the page headers of a workbook, so surely that the header can strike them.

A header is text with codes: a mark is struck where it is a line of its own, in one piece, the same
in all headers that show it, and where the pages show it and no other. All else is left to people,
a mark in a cell too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.terms import STAR, SecrecyLevel, plain
from dingmi_mark.domain.visible_marks import (
    Corner,
    SeenLine,
    bare_mark,
    is_lone_period,
    is_release,
    marks_in,
)
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, TextRun
from dingmi_mark.errors import RemarkPlaceFull
from dingmi_mark.formats.base import FIRST_PAGE, Draft, PageView
from dingmi_mark.formats.sheets import SheetHead
from dingmi_mark.formats.sheets.header import BETWEEN
from dingmi_mark.formats.sheets.struck import FILLED_IN, HeaderLine, lines_of, size_of
from dingmi_mark.messages import say
from dingmi_mark.pipeline.change_sheet import Paged, Sheet, wording_of
from dingmi_mark.pipeline.legacy_marks import (
    LegacyMark,
    is_spelled_out,
    is_struck_through,
    marks_on_page,
    refuse_doubt,
    unsure,
)
from dingmi_mark.pipeline.remarking_marks import legacy_blocks, of_others

_CORNERS = {"&L": Corner.LEFT, "&C": Corner.HEAD, "&R": Corner.RIGHT}
_TELLING = (*(level.value for level in SecrecyLevel), STAR, "☆", "密级", "保密期限")
"""What no other line of a header says where a mark is sure."""
_EDGE_MM = 3.0


@dataclass(frozen=True)
class HeaderMark:
    """A mark of others in the page headers, and the size it is printed in (pt)."""

    mark: LegacyMark
    size_pt: float


@dataclass
class HeaderRow(Sheet):
    """A part of a page header while it is filled: marks stand in one row, lines below it."""

    def put(
        self, name: str, text: str, look: TextRun, places: Iterable[tuple[float, float]]
    ) -> Block:
        """Put a text behind the last mark, or below the last line, whatever the places.

        Raises RemarkPlaceFull.
        """
        em = look.size_pt * MM_PER_PT
        last = next((one.box for one in reversed(self.blocks) if one.text), look.box)
        is_line = ":basis:" in name
        width = self.pages.faces.advance_mm(text, look.face, look.size_pt)
        most = self.size.width - _EDGE_MM - width
        # At the right of a header lines reach to the left, beyond the mark.
        x, y = (min(look.box.x, most), last.bottom) if is_line else (last.right + em, look.box.y)
        if not _EDGE_MM <= x <= most:
            raise RemarkPlaceFull(text=text)
        box = Box(x, y, width, em)
        block = Block(name, box, (TextRun(text, box, box.bottom, look.face, look.size_pt),))
        self.blocks.append(block)
        return block


def header_mark(heads: Sequence[SheetHead], draft: Draft, view: PageView | None) -> HeaderMark:
    """Return the mark of others that headers and pages of a workbook show.

    Raises LegacyMarkUnsure.
    """
    if view is None:
        raise unsure(say("LibreOffice is not installed"))
    line, first = header_line(heads), next(head for head in heads if head.is_first)
    seen = _seen_on_pages(line, draft, view)
    mark = replace(seen, text=line.text, corner=_CORNERS[line.part], in_header=True)
    size = size_of(first.printed[0], line.text, first.usual_pt) * first.scale
    return HeaderMark(mark, size)


def header_line(heads: Sequence[SheetHead]) -> HeaderLine:
    """Return the line that is the mark in the header of the sheet printed first, where all headers
    that show one say the same. Raises LegacyMarkUnsure.
    """
    found = {head.number: line for head in heads if (line := _mark_of(head)) is not None}
    _refuse_elsewhere(heads)
    if not found:
        raise unsure(
            say("in workbooks marks of others are struck in page headers only, and none is there")
        )
    one = next(iter(found))
    for other, line in found.items():
        if line.text != found[one].text:
            raise unsure(
                say(
                    "“{one}” (header of sheet {number_one}) and “{other}” (header of sheet "
                    "{number_other}) are not one mark",
                    one=found[one].text,
                    number_one=one,
                    other=line.text,
                    number_other=other,
                )
            )
    first = next(head for head in heads if head.is_first)
    if first.number not in found:
        raise unsure(say("no mark can be read at the head of its first page"))
    return found[first.number]


def header_blocks(
    found: HeaderMark, changes: Sequence[MarkingChanged], pages: Paged
) -> tuple[tuple[ShownMark, ...], Mapping[int, tuple[Block, ...]]]:
    """Return the mark as a label tells it, and the blocks at it, about where the header puts them.

    What stands in the middle or at the right of a header moves to the left when it grows. Raises
    RemarkPlaceFull.
    """
    mark, size = found.mark, found.size_pt
    words = "".join(BETWEEN + one.mark for one in map(wording_of, changes) if one.mark)
    grows = pages.faces.advance_mm(words, "heiti", size) if words else 0.0
    moved = {Corner.LEFT: 0.0, Corner.HEAD: grows / 2, Corner.RIGHT: grows}[mark.corner]
    (old,) = of_others((replace(mark, ink=mark.ink.moved(-moved, 0)),))
    return (old,), legacy_blocks((old,), changes, pages, kind=HeaderRow, size_pt=size)


def _mark_of(head: SheetHead) -> HeaderLine | None:
    """Return the line that is the mark in the headers of a sheet; None where they show none."""
    lines = [_in_header(header, head.number) for header in head.printed]
    if any(lines) and len(set(head.printed)) > 1:
        cause = say(
            "sheet {number} has other headers on its first page, or on even ones",
            number=head.number,
        )
        raise unsure(cause)
    for text in head.others:
        said = _telling("".join(line.text for line in lines_of(text)))
        if said:
            cause = say(
                "“{text}” stands in a footer of sheet {number}, or in a header that is not printed",
                text=said,
                number=head.number,
            )
            raise unsure(cause)
    return lines[0]


def _in_header(header: str, number: int) -> HeaderLine | None:
    found: list[HeaderLine] = []
    rest: list[str] = []
    lines = lines_of(header)
    for line in lines:
        seen = marks_in((SeenLine(line.text),))
        if is_release(line.text):
            raise unsure(say("it seems to be released already: “{text}”", text=line.text))
        if not seen:
            rest.append(line.text)
            continue
        alone = len(seen) == 1 and bare_mark(seen[0].read.wording) == plain(line.text)
        if not alone or FILLED_IN in line.text:
            raise unsure(
                say(
                    "something besides the mark stands in a line of the header of sheet {number}: "
                    "“{text}”",
                    text=line.text,
                    number=number,
                )
            )
        if not (line.whole and line.plain_part):
            raise unsure(
                say(
                    "“{text}” in the header of sheet {number} is cut by codes, or struck or raised "
                    "already, or stands beside a picture",
                    text=line.text,
                    number=number,
                )
            )
        periods = [one.text for one in lines if one.part == line.part and is_lone_period(one.text)]
        if seen[0].read.period is None and periods:
            raise unsure(
                say(
                    "“{text}” and “{period}” stand in two pieces",
                    text=line.text,
                    period=periods[0],
                )
            )
        found.append(line)
    said = _telling("".join(rest))
    if said or len(found) > 1:
        raise unsure(
            say(
                "the header of sheet {number} says more than the mark: “{text}”",
                number=number,
                text=said or found[1].text,
            )
        )
    return found[0] if found else None


def _telling(text: str) -> str:
    """Return the word in a text that may be of a mark; empty where there is none."""
    return next((word for word in _TELLING if word in plain(text)), "")


def _refuse_elsewhere(heads: Sequence[SheetHead]) -> None:
    """Raise LegacyMarkUnsure where first cells or shapes say what may be a mark too."""
    for head in heads:
        for text in (*head.cells, *head.shapes):
            lines = [SeenLine(line) for line in text.splitlines()]
            seen = marks_in(lines)
            if any(is_spelled_out(one) or one.proposed or head.hidden for one in seen):
                raise unsure(
                    say(
                        "“{text}” in a cell or shape of sheet {number} may be a mark, which is "
                        "struck in page headers only",
                        text=text.strip(),
                        number=head.number,
                    )
                )


def _seen_on_pages(line: HeaderLine, draft: Draft, view: PageView) -> LegacyMark:
    """Return the mark as the first page shows it, where the pages show just this one."""
    first: LegacyMark | None = None
    for page in range(len(view.sizes)):
        marks = list(marks_on_page(draft, view, page))
        for mark in marks:
            if len(marks) > 1 or plain(mark.text) != plain(line.text):
                raise unsure(
                    say(
                        "page {page} shows “{text}” besides the mark of the header",
                        page=page + 1,
                        text=next(
                            (one.text for one in marks if plain(one.text) != plain(line.text)),
                            mark.text,
                        ),
                    )
                )
            if is_struck_through(mark.ink, page, view):
                raise unsure(say("a line goes through “{text}” already", text=mark.text))
            first = first or (mark if page == FIRST_PAGE else None)
    if first is None or draft.head is None or first.ink.bottom > draft.head.line.bottom:
        raise unsure(say("no mark can be read at the head of its first page"))
    refuse_doubt((first,))
    return first
