"""A file without our label: what its first page shows, and what by that it may belong to.

Text is read where it survived; else the ink is compared with what it could say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dingmi_mark.domain.reading import read_mark
from dingmi_mark.domain.terms import STAR, plain
from dingmi_mark.formats.base import PageView, TextLine
from dingmi_mark.messages import say
from dingmi_mark.pipeline.desk import Desk
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.read_ink import known_wordings, read_marks
from dingmi_mark.pipeline.verdicts import Agreement, CheckLine
from dingmi_mark.store.fonts import OfficeFaces

_HEAD_MM = 80.0
_COPY_NUMBER = re.compile(r"\d{6}")
_MOST_TOLD = 5


def seen_without_label(
    view: PageView, lines: Sequence[TextLine], desk: Desk | None
) -> tuple[CheckLine, ...]:
    """Return what the head of the first page shows and what it may belong to; nothing without a
    mark. Lines of text go first, ink is read where no text is a mark.
    """
    shown = [plain(line.text) for line in joined(lines)]
    marks = [line.text.strip() for line in lines if is_mark(line)]
    found: list[CheckLine] = []
    if not marks:
        wordings = (*known_wordings(), *_of_ledger(desk))
        shown = list(read_marks(view, wordings, desk.faces if desk else OfficeFaces({})))
        marks = [text for text in shown if not _COPY_NUMBER.fullmatch(text)]
        if marks:
            says = say("The text of the mark is lost: it was read from its ink alone.")
            found.append(CheckLine(Agreement.MISSING, says))
    belongs = tuple(_belongs(marks, shown, desk))
    if not belongs:
        return (*found, *map(unknown_mark, marks))
    seen = (say("The file shows “{text}”.", text=mark) for mark in marks)
    return (*found, *(CheckLine(Agreement.AGREES, says) for says in seen), *belongs)


def is_mark(line: TextLine) -> bool:
    """Tell whether a line of text in the head of a page is a mark."""
    in_head = line.box is None or line.box.bottom <= _HEAD_MM
    return in_head and read_mark(line.text) is not None


def unknown_mark(text: str) -> CheckLine:
    """Return the line for a mark of which nothing is known."""
    says = say("The file shows “{text}”, of which nothing is known here.", text=text)
    return CheckLine(Agreement.CONTRADICTS, says)


def _of_ledger(desk: Desk | None) -> Iterator[str]:
    """Yield marks and copy numbers that the ledger knows, each once."""
    if desk is None:
        return
    yield from sorted({copy.copy_number for copy in desk.ledger.done_copies()} - {""})
    yield from sorted({mark for _, mark in _marks_of_ledger(desk)})


def _marks_of_ledger(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yield the marks of every approval that a finished copy bears."""
    for number, level, period in desk.ledger.done_marks():
        yield number, f"{level}{STAR}{period}"


def _belongs(marks: Iterable[str], shown: Iterable[str], desk: Desk | None) -> Iterator[CheckLine]:
    """Yield which approvals a page may belong to: by the number in its stamp, else by the mark and
    the copy number it shows.
    """
    if desk is None:
        return
    wanted, texts = {plain(mark) for mark in marks}, set(shown)
    copies = {text for text in texts if _COPY_NUMBER.fullmatch(text)}
    # Of all markings at once: a question for each approval would make every file of a large archive
    # the slower the more the ledger holds.
    saying = {number for number, mark in _marks_of_ledger(desk) if plain(mark) in wanted}
    having = (
        copy.approval_number
        for copy in desk.ledger.done_copies()
        if not copies or copy.copy_number in copies
    )
    fitting = list(dict.fromkeys(number for number in having if number in saying))
    named = [number for number in fitting if any(plain(number) in text for text in texts)]
    if named:
        fitting = named
    if not fitting:
        return
    told = "、".join(fitting[:_MOST_TOLD]) + ("……" if len(fitting) > _MOST_TOLD else "")
    copy_told = "、".join(sorted(copies)) or "-"
    if named:
        says = say(
            "By the number in its stamp it belongs to {numbers}, copy {copy}.",
            numbers=told,
            copy=copy_told,
        )
    else:
        says = say(
            "By its mark it may belong to {numbers}, copy {copy}.", numbers=told, copy=copy_told
        )
    yield CheckLine(Agreement.AGREES, says)
