"""Marks of others in the page headers or the cells of a workbook, so surely that these can strike
them.

A header is text with codes: a mark is struck where it is a line of its own, in one piece, the same
in all headers that show it, and where the pages show it and no other. So it is in cells, where it
must be all that the cell says. All else is left to people, a mark in headers and cells too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dingmi_mark.domain.terms import STAR, SecrecyLevel, plain
from dingmi_mark.domain.visible_marks import (
    Corner,
    SeenLine,
    bare_mark,
    is_lone_period,
    is_release,
    marks_in,
)
from dingmi_mark.engine.shapes import MM_PER_PT
from dingmi_mark.formats.base import FIRST_PAGE, Draft, PageView
from dingmi_mark.formats.sheets import SheetHead
from dingmi_mark.formats.sheets.struck import FILLED_IN, HeaderLine, lines_of, size_of
from dingmi_mark.messages import say
from dingmi_mark.pipeline.legacy_marks import (
    Kept,
    LegacyMark,
    is_spelled_out,
    is_struck_through,
    marks_on_page,
    refuse_doubt,
    unsure,
)
from dingmi_mark.pipeline.struck_heads import HEAD_MM

_CORNERS = {"&L": Corner.LEFT, "&C": Corner.HEAD, "&R": Corner.RIGHT}
_TELLING = (*(level.value for level in SecrecyLevel), STAR, "☆", "密级", "保密期限")
"""What no other line of a header says where a mark is sure."""


@dataclass(frozen=True)
class HeaderMark:
    """A mark of others in the page headers, and the size it is printed in (pt)."""

    mark: LegacyMark
    size_pt: float


def sheet_mark(heads: Sequence[SheetHead], draft: Draft, view: PageView | None) -> HeaderMark:
    """Return the mark of others that headers, or cells, and pages of a workbook show.

    Raises LegacyMarkUnsure.
    """
    if view is None:
        raise unsure(say("LibreOffice is not installed"))
    text = cell_text(heads)
    if text is not None:
        seen = _seen_on_pages(text, draft, view)
        if seen.ink.bottom > HEAD_MM:
            raise unsure(say("no mark can be read at the head of its first page"))
        return HeaderMark(replace(seen, text=text, kept=Kept.CELLS), seen.ink.height / MM_PER_PT)
    line, first = header_line(heads), next(head for head in heads if head.is_first)
    seen = _seen_on_pages(line.text, draft, view)
    if draft.head is None or seen.ink.bottom > draft.head.line.bottom:
        raise unsure(say("no mark can be read at the head of its first page"))
    mark = replace(seen, text=line.text, corner=_CORNERS[line.part], kept=Kept.HEADERS)
    size = size_of(first.printed[0], line.text, first.usual_pt) * first.scale
    return HeaderMark(mark, size)


def cell_text(heads: Sequence[SheetHead]) -> str | None:
    """Return the mark that cells in the first rows say, the same on every sheet that shows one;
    None where it does not stand in cells alone. Raises LegacyMarkUnsure where it may be struck
    there by halves.
    """
    bearing = {head.number: found for head in heads if (found := _marks_in_cells(head))}
    running = any(map(_runs_a_mark, heads))
    if not bearing or running or any(_telling("".join(head.shapes)) for head in heads):
        return None
    first = next(head for head in heads if head.is_first)
    text = next(iter(bearing.values()))[0]
    for number, found in bearing.items():
        plain_cells = heads[number - 1].plain_cells
        if found != [text] or text not in plain_cells or not _is_all_of(text):
            raise unsure(
                say(
                    "“{text}” in a cell of sheet {number} is not the same mark, or not all of its "
                    "cell, or not in one look and on one line at its left",
                    text=next((one for one in found if one != text), text),
                    number=number,
                )
            )
    if first.number not in bearing:
        raise unsure(say("no mark can be read at the head of its first page"))
    return text


def _marks_in_cells(head: SheetHead) -> list[str]:
    """Return what cells of a sheet say that may be a mark, or that it was released."""
    return [
        text
        for text in head.cells
        if is_release(text)
        or any(
            is_spelled_out(one) or one.proposed or head.hidden
            for one in marks_in([SeenLine(line) for line in text.splitlines()])
        )
    ]


def _is_all_of(text: str) -> bool:
    """Tell whether a mark is all that a text says."""
    seen = marks_in((SeenLine(text),))
    return len(seen) == 1 and bare_mark(seen[0].read.wording) == plain(text)


def _runs_a_mark(head: SheetHead) -> bool:
    """Tell whether headers or footers of a sheet say a word of a mark."""
    texts = (*head.printed, *head.others)
    return any(_telling("".join(line.text for line in lines_of(text))) for text in texts)


def header_line(heads: Sequence[SheetHead]) -> HeaderLine:
    """Return the line that is the mark in the header of the sheet printed first, where all headers
    that show one say the same. Raises LegacyMarkUnsure.
    """
    found = {head.number: line for head in heads if (line := _mark_of(head)) is not None}
    _refuse_elsewhere(heads)
    if not found:
        raise unsure(say("no page header and no cell of the first rows says a mark"))
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
                        "“{text}” in a cell or shape of sheet {number} may be a mark: it is struck "
                        "in headers alone, or in cells alone",
                        text=text.strip(),
                        number=head.number,
                    )
                )


def _seen_on_pages(said: str, draft: Draft, view: PageView) -> LegacyMark:
    """Return the mark as the first page shows it, where the pages show just this one."""
    first: LegacyMark | None = None
    for page in range(len(view.sizes)):
        marks = list(marks_on_page(draft, view, page))
        for mark in marks:
            if len(marks) > 1 or plain(mark.text) != plain(said):
                raise unsure(
                    say(
                        "page {page} shows “{text}” besides the mark of the header",
                        page=page + 1,
                        text=next(
                            (one.text for one in marks if plain(one.text) != plain(said)),
                            mark.text,
                        ),
                    )
                )
            if is_struck_through(mark.ink, page, view):
                raise unsure(say("a line goes through “{text}” already", text=mark.text))
            first = first or (mark if page == FIRST_PAGE else None)
    if first is None:
        raise unsure(say("no mark can be read at the head of its first page"))
    refuse_doubt((first,))
    return first
