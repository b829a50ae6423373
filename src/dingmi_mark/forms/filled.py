"""A record as a filled form: its fields by name and its lists as rows; and back, with all faults.

A fault has a `Spot`; the reader of the table or form says which cell that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.errors import ApprovalInvalid, NotAStateSecret
from dingmi_mark.formats.xlsx import Value
from dingmi_mark.forms.fields import Field, Rows, Shape, record_shape
from dingmi_mark.forms.values import Unreadable, cell_value, quoted, raw_value
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.store.approvals import approval_from_mapping, approval_to_mapping

Tables: TypeAlias = dict[str, Any]

SCHEMA: Final = 1
_INDEX: Final = re.compile(r"\[(\d+)\]$")


class Spot(NamedTuple):
    """A cell of a record: of a list's row (from 1), or of the record itself (row 0)."""

    field: str
    rows: str = ""
    row: int = 0


@dataclass(frozen=True)
class Filled:
    """What stands in a form or in the rows of a table: values by the names of the fields."""

    values: Mapping[str, Value]
    rows: Mapping[str, tuple[Mapping[str, Value], ...]] = field(default_factory=dict)


class Misfilled(Exception):
    """What was filled in is no record; each fault with its spot."""

    def __init__(self, faults: tuple[tuple[Spot, Message], ...]) -> None:
        super().__init__(faults)
        self.faults = faults


_FORM_WORDINGS: Final[Mapping[str, Message]] = {
    "this key is missing": say("this must be filled in"),
    "a whole number without quotation marks is expected": say("a whole number is expected"),
    "a number without quotation marks is expected": say("a number is expected"),
    "one place is expected: quote, or page and box_mm, or paragraph": say(
        "one place is expected: 原文, or 页 and 方框, or 第几段"
    ),
    "title, document_number, marking_id or digest is needed": say(
        "文件名称, 文号, 台账中的标志编号 or 文件摘要 is needed"
    ),
    "no [[source]] beside {kind}: a document with sources is {other}": say(
        "with entries under 派生来源 it is 派生定密"
    ),
    "at least {count} entries are expected": say("four numbers are expected: 10；20；30；40"),
    "at most {count} entries are expected": say("four numbers are expected: 10；20；30；40"),
}
"""The record's own wordings speak of keys and brackets; people who fill in a form see cells."""


def filled_from(record: ApprovalRecord) -> Filled:
    """Return a record as a filled form; `record_from` gives the same record back."""
    return filled_tables(approval_to_mapping(record))


def filled_tables(tables: Mapping[str, Any]) -> Filled:
    """Return tables of a record, which may lack what is not known yet, as a filled form."""
    shape = record_shape()
    values = dict(_values(shape.fields, tables))
    for path in shape.optional:
        present = _raw_at(tables, path) is not None
        inside = [one for one in shape.fields if one.path[: len(path)] == path]
        if present and not any(one.name in values for one in inside):
            # Something that is there and says nothing is not the same as nothing.
            values[inside[0].name] = quoted("")
    rows = {
        listed.name: tuple(dict(_values(listed.fields, row)) for row in tables.get(listed.key, ()))
        for listed in shape.rows
    }
    return Filled(values, rows)


def record_from(filled: Filled) -> ApprovalRecord:
    """Read a filled form. Raises Misfilled with every fault."""
    shape = record_shape()
    faults: list[tuple[Spot, Message]] = []
    tables = _tables(shape, filled, faults)
    record = None
    while record is None:
        try:
            record = approval_from_mapping(tables)
        except ApprovalInvalid as error:
            found = error.params["faults"]
            assert isinstance(found, tuple)
            taken = {spot for spot, _ in faults}
            more = ((_spot(shape, fault), _in_form_words(fault.expected)) for fault in found)
            faults += (pair for pair in more if pair[0] not in taken)
            break
        except NotAStateSecret as error:
            # One such word hides all other faults: it is noted and taken out.
            faults.append(_without_word(shape, tables, str(error.params["level"]), error))
    if record is None or faults:
        raise Misfilled(tuple(faults))
    return record


def _values(fields: tuple[Field, ...], tables: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    for one in fields:
        raw = _raw_at(tables, one.path)
        value = None if raw is None else cell_value(one, raw)
        empty = raw == "" and one.kind.value == "text"
        if value is not None and value != "" and not empty:
            yield one.name, value


def _raw_at(tables: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = tables
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _tables(shape: Shape, filled: Filled, faults: list[tuple[Spot, Message]]) -> Tables:
    tables: Tables = {"schema": SCHEMA, "draft": {}, "proposal": {}}
    for one in shape.fields:
        _put(tables, one, filled.values.get(one.name), Spot(one.name), faults)
    _complete(tables, shape)
    for listed in shape.rows:
        rows = []
        for number, row in enumerate(filled.rows.get(listed.name, ()), 1):
            table: Tables = {}
            for one in listed.fields:
                spot = Spot(one.name, listed.name, number)
                _put(table, one, row.get(one.name), spot, faults)
            rows.append(table)
        if rows:
            tables[listed.key] = rows
    return tables


def _put(
    tables: Tables, one: Field, value: Value, spot: Spot, faults: list[tuple[Spot, Message]]
) -> None:
    try:
        raw = raw_value(one, value)
    except Unreadable as error:
        faults.append((spot, error.expected))
        return
    if raw is None:
        return
    for key in one.path[:-1]:
        tables = tables.setdefault(key, {})
    tables[one.path[-1]] = raw


def _complete(tables: Tables, shape: Shape) -> None:
    """Add the tables inside a table that is there: a review without a name still has its `by`."""
    for one in shape.fields:
        head = next((path for path in shape.optional if one.path[: len(path)] == path), None)
        if (
            head is not None
            and len(one.path) > len(head) + 1
            and one.path[:-1] not in shape.optional
        ):
            owner = _raw_at(tables, head)
            if owner is not None:
                owner.setdefault(one.path[len(head)], {})


def _spot(shape: Shape, fault: Fault) -> Spot:
    """Return the spot of a place in the record's tables: `point[2].quote`, `proposal.period`."""
    head, _, rest = fault.place.partition("].")
    for listed in shape.rows:
        if head.rstrip("]").startswith(f"{listed.key}["):
            row = int(head.rstrip("]").partition("[")[2])
            return Spot(_named(listed.fields, rest), listed.name, row)
    return Spot(_named(shape.fields, fault.place))


def _named(fields: tuple[Field, ...], place: str) -> str:
    place = _INDEX.sub("", place)
    while place:
        for one in fields:
            if one.place == place or one.place.startswith(f"{place}."):
                return one.name
        place = place.rpartition(".")[0]
    return ""


def _without_word(
    shape: Shape, tables: Tables, word: str, error: NotAStateSecret
) -> tuple[Spot, Message]:
    """Take a word that names another regime (R1) out of the tables; return where it stood."""
    message = say("{what} ({citation})", what=error.message, citation=error.citation or word)
    for one in shape.fields:
        if one.options and _taken_out(tables, one, word):
            return Spot(one.name), message
    for listed in shape.rows:
        for number, row in enumerate(tables.get(listed.key, ()), 1):
            for one in listed.fields:
                if one.options and _taken_out(row, one, word):
                    return Spot(one.name, listed.name, number), message
    raise error


def _taken_out(tables: Tables, one: Field, word: str) -> bool:
    owner = _raw_at(tables, one.path[:-1])
    raw = None if owner is None else owner.get(one.path[-1])
    if raw == word or (isinstance(raw, list) and word in raw):
        del owner[one.path[-1]]
        return True
    return False


def _in_form_words(expected: Message) -> Message:
    return _FORM_WORDINGS.get(expected.msgid, expected)


def rows_named(name: str) -> Rows | None:
    """Return a list of the record by its name on paper."""
    return record_shape().list_of(name)
