"""Read the templates of registers and statistics: ours, or the unit's own in their place. TOML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from dingmi_mark.domain.law import Certainty, Citation
from dingmi_mark.domain.statistic import (
    CountColumn,
    CountLine,
    Register,
    RowColumn,
    SumColumn,
    Total,
    full_name,
)
from dingmi_mark.domain.yearly import FIELDS, RowKind
from dingmi_mark.messages import say
from dingmi_mark.store.strict_toml import Table, by_value, configuration_invalid, read_table
from dingmi_mark.store.toml_text import Faulty

SHIPPED: Final = Path(__file__).parent / "registers"
REGISTER: Final = "register"
COPIES: Final = "copies"
STATISTICS: Final = ("held", "produced", "changes")
"""The yearly tables, in the order in which the pilot handbook names them."""
_NO_WORDS: Final = '*?~<>="'
"""In the conditions of a workbook these mean something else."""


def read_register(name: str, own: Path | None = None) -> Register:
    """Read a register by its name, from the unit's folder where it has one of its own.

    Raises ConfigurationInvalid with all faults.
    """
    file = own / f"{name}.toml" if own is not None else None
    if file is None or not file.is_file():
        file = SHIPPED / f"{name}.toml"
    try:
        return _register(read_table(file), name)
    except Faulty as error:
        raise configuration_invalid(str(file), error.faults) from error


def _register(top: Table, name: str) -> Register:
    # The copies of a paper are in no register of secrets, nor secrets among the copies.
    kinds = {k.value: k for k in RowKind if (k is RowKind.COPIES) is (name == COPIES)}
    rows = top.choice("rows", kinds)
    register = Register(
        name=top.choice("register", {name: name}),
        version=top.integer("version", least=1),
        title=top.text("title"),
        rows=rows,
        columns=tuple(_column(each, rows) for each in top.tables("column", least=1)),
        lines=tuple(_line(each, rows) for each in top.tables("line")),
        counts=tuple(_counts(top, rows)),
        bases=tuple(_basis(each) for each in top.tables("basis")),
        notes=top.words("notes", ()),
    )
    _refuse_blind(top, register)
    top.finish()
    return register


def _basis(table: Table) -> Citation:
    certainty = table.choice("certainty", by_value(Certainty))
    return Citation(table.text("law"), table.text("provision"), certainty)


def _fields(rows: RowKind) -> Mapping[str, str]:
    return {field: field for field in FIELDS[rows]}


def _column(table: Table, rows: RowKind) -> RowColumn:
    return RowColumn(
        table.text("name"),
        table.choice("field", _fields(rows), ""),
        table.number("width", 12.0, least=3, most=100),
        table.choice("total", by_value(Total), Total.NONE),
    )


def _line(table: Table, rows: RowKind) -> CountLine:
    return CountLine(
        table.text("name"),
        _word(table, "by"),
        table.text("group", ""),
        _where(table, rows),
    )


def _counts(top: Table, rows: RowKind) -> Iterator[CountColumn | SumColumn]:
    known: dict[str, str] = {}
    for table in top.tables("count"):
        name, group = table.text("name"), table.text("group", "")
        column: CountColumn | SumColumn
        if table.has("sum"):
            of = table.choices("sum", known)
            column = SumColumn(name, of, table.choices("less", known, ()), group)
        else:
            by = table.choice("by", _fields(rows), "")
            column = CountColumn(name, group, by, _where(table, rows))
        if full_name(column) in known:
            table.fault("name", say("this name is there already"))
        known[full_name(column)] = full_name(column)
        yield column


def _where(table: Table, rows: RowKind) -> Mapping[str, str]:
    where = table.table("where")
    for key in where.names():
        if key not in FIELDS[rows]:
            known = "、".join(FIELDS[rows])
            where.fault(key, say("there is no such key; known are {known}", known=known))
    return {key: _word(where, key) for key in where.names()}


def _word(table: Table, key: str) -> str:
    word: str = table.text(key, "")
    if any(character in word for character in _NO_WORDS):
        table.fault(key, say("none of these characters may stand here: {found}", found=_NO_WORDS))
    return word


def _refuse_blind(top: Table, register: Register) -> None:
    """A workbook counts what its rows show: every field of a condition needs a column."""
    shown = {column.field for column in register.columns}
    conditions = [set(line.where) for line in register.lines]
    for column in register.counts:
        if isinstance(column, CountColumn):
            conditions.append({column.by, *column.where} - {""})
    for field in sorted(set().union(*conditions) - shown):
        top.fault("column", say("a column with the field {field} is needed", field=field))
    if bool(register.lines) != bool(register.counts):
        top.fault("line", say("lines and counts belong together: both or none"))
