"""登记和统计: a template over rows: a list with totals, or a table that counts them.

A cell of a table counts the rows that meet the conditions of its line and its column. Conditions
compare a field with a word, so that a workbook can count the same by formulas over its own rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType

from dingmi_mark.domain.law import Citation
from dingmi_mark.domain.yearly import Row, RowKind


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


class Total(Enum):
    """What stands under a column of the rows."""

    NONE = ""
    COUNT = "count"
    SUM = "sum"


@dataclass(frozen=True)
class RowColumn:
    """A column of the rows; `field` empty: it is filled in with the pen. `width` in characters."""

    name: str
    field: str = ""
    width: float = 12
    total: Total = Total.NONE


@dataclass(frozen=True)
class CountLine:
    """A line of the table: `by` is compared with the field that each column names, `where` always.

    `group` is the heading over lines that belong together.
    """

    name: str
    by: str = ""
    group: str = ""
    where: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True)
class CountColumn:
    """A column that counts: `by` is the field compared with the line's word."""

    name: str
    group: str = ""
    by: str = ""
    where: Mapping[str, str] = field(default_factory=_nothing)


@dataclass(frozen=True)
class SumColumn:
    """A column that adds others, by their full names, and takes `less` off."""

    name: str
    of: tuple[str, ...]
    less: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Register:
    """A whole register or statistic. Without lines it is a list of rows."""

    name: str
    version: int
    title: str
    rows: RowKind
    columns: tuple[RowColumn, ...]
    lines: tuple[CountLine, ...] = ()
    counts: tuple[CountColumn | SumColumn, ...] = ()
    bases: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_statistic(self) -> bool:
        """Tell whether it counts."""
        return bool(self.lines)


@dataclass(frozen=True)
class Counted:
    """A table that was counted: one tuple of numbers a line, and their sums."""

    lines: tuple[tuple[int, ...], ...]
    total: tuple[int, ...] = field(default=())


def full_name(column: CountColumn | SumColumn) -> str:
    """Return the name by which other columns call it: `变更/密级升高`, or its name alone."""
    return f"{column.group}/{column.name}" if column.group else column.name


def conditions(line: CountLine, column: CountColumn) -> Mapping[str, str]:
    """Return what a row must have to be counted in a cell."""
    by = {column.by: line.by} if column.by and line.by else {}
    return {**line.where, **column.where, **by}


def counted(register: Register, rows: Iterable[Row]) -> Counted:
    """Count the rows into the table of a statistic."""
    known = tuple(rows)
    lines = tuple(_line(line, register.counts, known) for line in register.lines)
    return Counted(lines, tuple(sum(column) for column in zip(*lines, strict=True)))


def _line(
    line: CountLine, columns: Sequence[CountColumn | SumColumn], rows: Sequence[Row]
) -> tuple[int, ...]:
    values: dict[str, int] = {}
    for column in columns:
        if isinstance(column, CountColumn):
            asked = conditions(line, column)
            number = sum(all(row[key] == word for key, word in asked.items()) for row in rows)
        else:
            number = sum(values[each] for each in column.of) - sum(values[n] for n in column.less)
        values[full_name(column)] = number
    return tuple(values.values())


def uncounted(register: Register, rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return the rows that stand in no cell: a template must not leave one out unsaid."""
    cells = [
        conditions(line, column)
        for line in register.lines
        for column in register.counts
        if isinstance(column, CountColumn)
    ]
    return tuple(
        row
        for row in rows
        if not any(all(row[key] == word for key, word in asked.items()) for asked in cells)
    )
