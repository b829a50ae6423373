"""Say copies and circulation sheets on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from dingmi_mark.domain.circulation import CopyCourse
    from dingmi_mark.domain.copies import RegisteredCopy
    from dingmi_mark.pipeline.registers import MadeRegister


def copy_line(copy: RegisteredCopy, course: CopyCourse | None) -> tuple[str, ...]:
    """Return the columns of a copy; a provisional one has no course."""
    name, meant, file = (harmless(text) for text in (copy.name or "—", copy.receiver, copy.file))
    return (name, _standing(copy), _received(course), _printed(course), meant, file)


def copy_shown(copy: RegisteredCopy, course: CopyCourse | None) -> dict[str, Any]:
    """Return a copy as JSON gives it."""
    received = course.received if course else ()
    return {
        "number": copy.approval_number,
        "copy": copy.name,
        "provisional": copy.provisional is not None,
        "receiver": copy.receiver,
        "file": copy.file,
        "out": copy.is_out,
        "how": copy.how,
        "by": copy.by,
        "day": copy.day,
        "received": [
            {"receiver": one.receiver, "day": one.day, "by": one.by, "in_scope": one.in_scope}
            for one in received
        ],
        "printed": len(course.printed) if course else 0,
        "spoiled": course.spoiled if course else 0,
        "witness": course.witness if course else "",
    }


def sheet_lines(made: MadeRegister) -> Iterator[str]:
    """Return the lines of a circulation sheet with their heading, without empty columns."""
    shown = [
        column
        for column in made.register.columns
        if column.field and any(row[column.field] != "" for row in made.rows)
    ]
    head = tuple(column.name for column in shown)
    rows = [tuple(harmless(str(row[c.field])) or "—" for c in shown) for row in made.rows]
    return (f"  {line}" for line in columns([head, *rows]))


def _standing(copy: RegisteredCopy) -> str:
    if copy.is_out:
        return words(say("out"))
    return f"{_how(copy.how)} {copy.day} {harmless(copy.by)}".strip()


def _how(how: str) -> str:
    from dingmi_mark.domain.provisional import REMOVED

    return words(say("removed")) if how == REMOVED else how


def _received(course: CopyCourse | None) -> str:
    if course is None or not course.received:
        return words(say("not received"))
    last = course.received[-1]
    told = words(say("received by {receiver} {day}", receiver=last.receiver, day=last.day))
    return harmless(told)


def _printed(course: CopyCourse | None) -> str:
    if course is None or not course.printed:
        return words(say("not printed"))
    printed, spoiled = len(course.printed), course.spoiled
    if not spoiled:
        return words(say("printed {printed}×", printed=printed))
    return words(say("printed {printed}×, spoiled {spoiled}", printed=printed, spoiled=spoiled))
