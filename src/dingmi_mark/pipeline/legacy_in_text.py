"""Marks of others in the text of a Word file, behind its first page: at the head of attachments.

Which page a paragraph stands on is decided by whoever lays the file out. So the line is not drawn
on a page but through the words, and the new mark stands beside them on their line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.terms import plain
from dingmi_mark.domain.visible_marks import SeenLine, bare_mark, marks_in
from dingmi_mark.errors import MarkNotConfirmed, RemarkPlaceFull
from dingmi_mark.formats.base import MarkBeside, PageView, StruckWords
from dingmi_mark.messages import say
from dingmi_mark.pipeline.change_sheet import wording_of
from dingmi_mark.pipeline.legacy_marks import (
    LegacyMark,
    is_spelled_out,
    is_struck_through,
    running_marks,
    unsure,
)
from dingmi_mark.pipeline.own_text import text_stays

Lines: TypeAlias = Sequence[tuple[str, int | None]]
"""The lines of a text, each with which of those that can be struck there it is."""

_NAME = "legacy:text"


@dataclass(frozen=True)
class Spoken:
    """What a file whose pages are made by the reader's program says, line by line: in the header of
    its first page, in those of later ones, in its text.
    """

    first: Sequence[str]
    later: Sequence[Sequence[str]]
    text: Lines


def marks_that_flow(
    found: Sequence[LegacyMark], view: PageView, spoken: Spoken
) -> Iterator[LegacyMark]:
    """Yield the marks of a file whose pages are made by the reader's program: those of the first
    page, of the headers of all later ones (once), and of the text there, each with its lone line.

    Raises LegacyMarkUnsure, also where lines of the text say a mark that no page was seen to bear
    at its head.
    """
    in_text = list(_in_text(found, spoken))
    _refuse_unseen(found, spoken)
    yield from (mark for mark in found if not mark.page)
    flowing = [replace(mark, line=None) for mark in in_text]
    others = [mark for mark in found if mark not in flowing]
    yield from running_marks(others, view, spoken.later)
    yield from in_text


def _in_text(found: Sequence[LegacyMark], spoken: Spoken) -> Iterator[LegacyMark]:
    """Yield the marks of later pages that no header there says."""
    running = "".join(plain(line) for header in spoken.later for line in header)
    texts = dict.fromkeys(mark.text for mark in found if mark.page and mark.text not in running)
    for text in texts:
        later = [mark for mark in found if mark.page and mark.text == text]
        places = [number for line, number in spoken.text if plain(line) == text]
        behind = places[-len(later) :]
        # One for one, in order: the first page's own come first.
        if len(places) != len(later) + _of_first_page(text, found, spoken) or None in behind:
            cause = say("“{text}” on a later page is no line of the text by itself", text=text)
            raise unsure(cause)
        for mark, number in zip(later, behind, strict=True):
            yield replace(mark, line=number)


def _of_first_page(text: str, found: Sequence[LegacyMark], spoken: Spoken) -> int:
    """Return how many marks of the first page stand in the text, and not in its header."""
    seen = sum(mark.text == text for mark in found if not mark.page)
    return max(0, seen - "".join(map(plain, spoken.first)).count(text))


def _refuse_unseen(found: Sequence[LegacyMark], spoken: Spoken) -> None:
    """Raise LegacyMarkUnsure where more lines of the text say a mark than the pages bear in it: it
    may stand in the middle of a page, or in the head of one that another program begins there.
    """
    running = "".join(plain(line) for header in spoken.later for line in header)
    for text in dict.fromkeys(plain(line) for line, _ in spoken.text):
        marks = marks_in((SeenLine(text),))
        alone = len(marks) == 1 and bare_mark(marks[0].read.wording) == text
        if not alone or not is_spelled_out(marks[0]):
            continue
        lines = sum(plain(line) == text for line, _ in spoken.text)
        later = 0 if text in running else sum(m.text == text for m in found if m.page)
        if lines > later + _of_first_page(text, found, spoken):
            cause = say("“{text}” is a line of the text where no mark was to be seen", text=text)
            raise unsure(cause)


def struck_words(
    marks: Sequence[LegacyMark], changes: Sequence[MarkingChanged]
) -> tuple[StruckWords, ...]:
    """Return how marks in the text are struck by changes, and what then stands beside them."""
    wordings = [wording_of(change) for change in changes]
    last = max((n for n, one in enumerate(wordings) if one.strikes_mark), default=-1)
    if last < 0:
        return ()
    return tuple(
        StruckWords(
            f"{_NAME}:{number}",
            mark.text,
            mark.line,
            tuple(
                MarkBeside(f"{_NAME}:{number}:{n + 1}", one.mark, struck=n < last)
                for n, one in enumerate(wordings)
                if one.mark
            ),
        )
        for number, mark in enumerate(marks, 1)
        if mark.line is not None
    )


def confirm_in_text(
    view: PageView | None,
    before: PageView,
    marks: Sequence[LegacyMark],
    words: Sequence[StruckWords],
) -> None:
    """See that marks in the text are struck, that what stands beside them is on their line, and
    that nothing else moved. Raises RemarkPlaceFull, MarkNotConfirmed.
    """
    if not words:
        return
    assert view is not None, "without pages no mark was found"
    pairs = zip((mark for mark in marks if mark.line is not None), words, strict=True)
    for mark, one in pairs:
        _confirm_beside(view, mark, one)
        if not is_struck_through(mark.ink, mark.page, view):
            cause = say("the line through a mark on page {page} is broken", page=mark.page + 1)
            raise MarkNotConfirmed(cause=cause)
    for page in range(len(before.sizes)):
        if not text_stays(view, before, page):
            cause = say("the text of page {page} was pushed from its place", page=page + 1)
            raise MarkNotConfirmed(cause=cause)


def _confirm_beside(view: PageView, mark: LegacyMark, words: StruckWords) -> None:
    row = (words.text, *(one.text for one in words.beside))
    wanted = (plain("".join(row)), plain("".join(reversed(row))))
    level = mark.ink.y + mark.ink.height / 2
    pieces = [
        (line.box.x, plain(line.text))
        for line in view.lines(mark.page)
        if line.box is not None and line.box.y < level < line.box.bottom
    ]
    if "".join(text for _, text in sorted(pieces)) not in wanted:
        raise RemarkPlaceFull(text="　".join(row[1:]))
