"""Say in plain words what will be, or was, put on a draft."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.code import copy_in
from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.plan import closing_words, level_counts
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import last_secret_day, released_from
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.work import Work


def plan_in_words(work: Work) -> tuple[Message, ...]:
    """Return the plan of one draft, one sentence a step."""
    return (*_mark(work), *_places(work), *_points(work), *_copies(work))


def _mark(work: Work) -> Iterator[Message]:
    record = work.record
    if work.task.standing is Standing.PROVISIONAL:
        yield provisional_words(record, work.until)
        return
    officer = record.officer.name if record.officer else ""
    yield say(
        "{mark}, approved by {officer} on {day} ({number}).",
        mark=record.secrecy.marking.text,
        officer=officer,
        day=str(record.decision_day or ""),
        number=record.number,
    )
    start = record.draft.period_start
    if start is None:
        return
    period = record.secrecy.marking.period
    last, free = last_secret_day(period, start), released_from(period, start)
    if last and free:
        yield say("Secret through {last}, released from {free}.", last=str(last), free=str(free))


def provisional_words(record: ApprovalRecord, until: date) -> Message:
    """Say what a provisional mark is, for which record, and how long it may stand."""
    return say(
        "{mark}: provisional only, for {number}, until {day}.",
        mark=record.secrecy.marking.proposed_text,
        number=record.number,
        day=str(until),
    )


def _places(work: Work) -> Iterator[Message]:
    for adopted in work.placing.adopted.values():
        yield say("Kept as typed: “{text}”.", text=adopted.shown.text)
    number = work.task.copy_numbers[0]
    copy = NamedCopy(number, work.identity(number).copy_id)
    blocks = work.placing.blocks(copy, work.desk.faces)
    for block in blocks.get(0, ()):
        yield say(
            "Page 1, {x} mm from the left, {y} mm from the top: {text}",
            x=round(block.box.x, 1),
            y=round(block.box.y, 1),
            text=shown_words(block.says),
        )
    if work.paper.draft.head is not None:
        yield say("The rows of the mark stand at the head of every page of every sheet.")
    others = sum(len(found) for page, found in blocks.items() if page > 0)
    if others and work.paper.handler.flows:
        yield say("The mark on every other page too.")
    elif others:
        yield say("{count} mark(s) on other pages.", count=others)


def shown_words(text: str) -> str | Message:
    """Return what a mark shows, in one line; a 2D code that stands alone by its name."""
    lines = [line for line in text.split("\n") if copy_in(line) is None]
    return " ".join(lines) if lines else say("the 2D code of the copy")


def _points(work: Work) -> Iterator[Message]:
    for level, count in level_counts(work.record).items():
        yield say("{count} classified point(s): {level}.", count=count, level=level.value)
    words = closing_words(work.record)
    if words:
        yield say("After the text: {words}", words=words)


def _copies(work: Work) -> Iterator[Message]:
    numbers = work.task.copy_numbers
    if work.task.at_printer:
        yield say(
            "One file without 份号: a guarded printer gives it up to {count} numbers.",
            count=work.record.draft.copies,
        )
    if len(numbers) == 1 and numbers[0]:
        yield say("One copy, {number}.", number=numbers[0])
    elif numbers[0]:
        yield say(
            "{count} copies, {first} to {last}.",
            count=len(numbers),
            first=numbers[0],
            last=numbers[-1],
        )
