"""Say registers and statistics on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.telling import tell, tell_line, tell_note
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from dingmi_mark.pipeline.registers import MadeRegister

_FIRST_YEAR = 1900
_SHOWN = ("approval", "document_number", "level", "period", "kind", "since", "standing")
"""The fields that a line on the screen has room for; a file has them all."""


def year_given(year: int, today: date) -> None:
    """Refuse a year that is none, or has not begun."""
    if not _FIRST_YEAR <= year <= today.year:
        says = say("A year from {first} to {last} is expected.", first=_FIRST_YEAR, last=today.year)
        raise click.UsageError(words(says))


def tell_made(made: MadeRegister) -> None:
    """Say which register it is, as of which day, and what it does not hold."""
    title, day = harmless(made.heading.title), str(made.heading.day)
    tell(say("{title}, as of {day}: {count} line(s)", title=title, day=day, count=len(made.rows)))
    if made.left_out:
        tell_note(
            say(
                "Notified in writing without a level in the ledger, to be added by hand: {numbers}",
                numbers="、".join(harmless(number) for number in made.left_out),
            )
        )
    if made.uncounted:
        tell_note(say("{count} line(s) stand in no cell of this table.", count=made.uncounted))


def tell_rows(made: MadeRegister) -> None:
    """Show the lines, as far as a screen has room."""
    rows = [tuple(harmless(str(row[field])) for field in _SHOWN) for row in made.rows]
    for line in columns(rows):
        tell_line(f"  {line}")


def tell_table(made: MadeRegister) -> None:
    """Show the table of a statistic, turned: a line for each of its columns."""
    for line in columns(list(_turned(made))):
        tell_line(f"  {line}")


def _turned(made: MadeRegister) -> Iterator[tuple[str, ...]]:
    from dingmi_mark.domain.statistic import full_name
    from dingmi_mark.forms.register_book import TOTAL

    assert made.counted is not None, "a statistic is counted"
    lines = made.register.lines
    if any(line.group for line in lines):
        yield ("", *(harmless(line.group) for line in lines), "")
    yield ("", *(harmless(line.name) for line in lines), TOTAL)
    numbers = zip(*made.counted.lines, strict=True)
    for column, row, total in zip(made.register.counts, numbers, made.counted.total, strict=True):
        yield (harmless(full_name(column)), *map(str, row), str(total))


def register_shown(made: MadeRegister) -> dict[str, Any]:
    """Return a register as JSON gives it."""
    from dingmi_mark.domain.statistic import full_name

    register = made.register
    shown: dict[str, Any] = {
        "register": register.name,
        "title": made.heading.title,
        "day": made.heading.day.isoformat(),
        "rows": [{key: _plain(value) for key, value in row.items()} for row in made.rows],
        "left_out": list(made.left_out),
    }
    if made.counted is None:
        return shown
    names = [full_name(column) for column in register.counts]
    table = [
        {"group": line.group, "name": line.name, "counts": dict(zip(names, numbers, strict=True))}
        for line, numbers in zip(register.lines, made.counted.lines, strict=True)
    ]
    total = dict(zip(names, made.counted.total, strict=True))
    return {**shown, "table": table, "total": total, "uncounted": made.uncounted}


def _plain(value: str | int | date) -> str | int:
    return value.isoformat() if isinstance(value, date) else value
