"""Which value goes into which blank of a line, where the blank itself tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from dingmi_mark.domain.approval import LateField
from dingmi_mark.domain.late_values import LateValues, chinese_day

_ROOM: Final = 4
"""White space before 年 that stands for the year itself; what is more moves the line."""

_CHINESE_FIGURES: Final = frozenset("〇○零一二三四五六七八九十")


@dataclass(frozen=True)
class Entry:
    """What goes into a line: from, to, and the value in place of it."""

    start: int
    stop: int
    text: str
    field: LateField


def entries(line: str, late: LateValues) -> Iterator[Entry]:
    """Yield what goes into the blanks of a line; nothing for one that may mean either value."""
    for start, stop, fields in late.blanks(line):
        if len(fields) != 1:
            continue
        blank = line[start:stop]
        indent = len(blank) - len(blank.lstrip())
        start += max(indent - _ROOM, 0)
        if fields[0] is LateField.DOCUMENT_NUMBER:
            yield Entry(start, stop, late.number, fields[0])
        else:
            assert late.day is not None, "a blank date is only found where the date is known"
            yield Entry(start, stop, _spelled(late.day, blank), fields[0])


def _spelled(day: date, blank: str) -> str:
    if _CHINESE_FIGURES.intersection(blank):
        return chinese_day(day)
    return f"{day.year}年{day.month}月{day.day}日"
