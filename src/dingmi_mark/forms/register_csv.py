"""Write registers and statistics as CSV, for other programs.

Table programs take a text that begins with = + - @ (or a tab) for a formula: it gets an apostrophe
before it. The two lines above the heading say that no official form stands behind it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from typing import Final, TextIO

from dingmi_mark.domain.statistic import Counted, Register, full_name
from dingmi_mark.domain.yearly import Row, Value
from dingmi_mark.forms.definition import NOTICE
from dingmi_mark.forms.register_book import TOTAL, Heading

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def write_rows(register: Register, rows: Sequence[Row], heading: Heading, out: TextIO) -> None:
    """Write the rows of a register; open the stream with newline=''."""
    table = csv.writer(out)
    table.writerows(_head(heading))
    table.writerow(["序号", *(column.name for column in register.columns)])
    for number, row in enumerate(rows, 1):
        values = (row[column.field] if column.field else "" for column in register.columns)
        table.writerow([number, *(safe(value) for value in values)])


def write_table(register: Register, counted: Counted, heading: Heading, out: TextIO) -> None:
    """Write the table of a statistic with its sums; open the stream with newline=''."""
    table = csv.writer(out)
    table.writerows(_head(heading))
    table.writerow(["", "", *(full_name(column) for column in register.counts)])
    for line, numbers in zip(register.lines, counted.lines, strict=True):
        table.writerow([safe(line.group), safe(line.name), *numbers])
    table.writerow([TOTAL, "", *counted.total])


def safe(value: Value) -> str:
    """Return a value as CSV holds it: no text is a formula."""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _head(heading: Heading) -> tuple[tuple[str, ...], ...]:
    return (NOTICE,), (safe(heading.title), safe(heading.told))
