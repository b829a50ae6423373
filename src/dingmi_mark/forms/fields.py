"""The approval record as people see it on paper: one flat list of fields, and lists with rows.

Everything is taken from the record's own schema, so that a new field of the record is a column of
the table on the same day. A form must place it (a test says so).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from dingmi_mark.store.approvals import approval_schema

Schema: TypeAlias = Mapping[str, Any]

NUMBER: Final = "审批编号"
"""The field by which rows of different sheets belong together."""

_PREFIXES: Final = MappingProxyType(
    {
        "draft": "",
        "proposal": "拟办",
        "proposal.by": "承办人",
        "review": "审核",
        "security_review": "保密员",
        "security_review.by": "保密员",
        "decision": "审批",
        "decision.corrected": "核定",
        "deciding_organ": "批复",
    }
)
"""What stands before the fields of a table of the record; without an entry, the table's title."""
_NAMES: Final = MappingProxyType(
    {
        "decision.decision": "审批决定",
        "officer.kind": "定密责任人类别",
        "officer.corner": "AB角",
        "deciding_organ.name": "批复机关名称",
        "proposal.date": "拟办日期",
    }
)
"""Fields that people call otherwise than by prefix and title."""
_MOST_IN_BOOKMARK: Final = 40
_DATES: Final = "date"


class Kind(Enum):
    """What a field holds, and so how it is written into one cell."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    PERIOD = "period"
    TEXTS = "texts"
    CHOICES = "choices"
    NUMBERS = "numbers"


@dataclass(frozen=True)
class Field:
    """One value: `path` in the record's tables, `name` on paper; `options` of a choice."""

    path: tuple[str, ...]
    name: str
    kind: Kind
    required: bool = False
    options: tuple[str, ...] = ()
    note: str = ""

    @property
    def place(self) -> str:
        """Where it stands in a TOML record: `proposal.level`."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Rows:
    """A list of the record (定密依据, 密点 …): `key` in its tables, `name` on paper."""

    key: str
    name: str
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field | None:
        """Return a column by its name."""
        return next((field for field in self.fields if same_name(field.name, name)), None)


@dataclass(frozen=True)
class Shape:
    """All fields of a record, and the tables of it that may be absent as a whole."""

    fields: tuple[Field, ...]
    rows: tuple[Rows, ...]
    optional: frozenset[tuple[str, ...]]

    def field(self, name: str) -> Field | None:
        """Return a single field by its name."""
        return next((field for field in self.fields if same_name(field.name, name)), None)

    def list_of(self, name: str) -> Rows | None:
        """Return a list by its name."""
        return next((rows for rows in self.rows if same_name(rows.name, name)), None)


def bookmark(*names: str) -> str:
    """Return a field's name as Word allows it for a bookmark: `定密依据_条款目录项`."""
    return "_".join(plain_name(name) for name in names)[:_MOST_IN_BOOKMARK]


def same_name(text: str, name: str) -> bool:
    """Tell whether a text names a field: width, spaces and punctuation do not count."""
    return text == name or plain_name(text) == plain_field_name(name)


@cache
def record_shape() -> Shape:
    """Return the shape of the approval record."""
    schema = approval_schema()
    parts: Schema = schema["$defs"]
    fields: list[Field] = []
    rows: list[Rows] = []
    optional: set[tuple[str, ...]] = set()
    for key, value in schema["properties"].items():
        if "const" in value:
            continue
        items = value.get("items", {})
        if "$ref" in items:
            columns = tuple(_fields(parts, _part(parts, items), (), "", optional=set()))
            rows.append(Rows(key, value["title"], columns))
        else:
            required = key in schema["required"]
            fields += _field(parts, (key,), value, "", required, optional)
    return Shape(tuple(fields), tuple(rows), frozenset(optional))


def _fields(
    parts: Schema,
    part: Schema,
    path: tuple[str, ...],
    prefix: str,
    optional: set[tuple[str, ...]],
) -> Iterator[Field]:
    for key, value in part["properties"].items():
        required = key in part.get("required", ())
        yield from _field(parts, (*path, key), value, prefix, required, optional)


def _field(
    parts: Schema,
    path: tuple[str, ...],
    value: Schema,
    prefix: str,
    required: bool,
    optional: set[tuple[str, ...]],
) -> Iterator[Field]:
    bare = _not_null(value)
    if "$ref" in bare and not bare["$ref"].endswith("/PeriodPart"):
        if bare is not value:
            optional.add(path)
        below = _PREFIXES.get(".".join(path), value["title"])
        yield from _fields(parts, _part(parts, bare), path, below, optional)
        return
    name = _NAMES.get(".".join(path)) or _joined(prefix, value["title"])
    items = bare.get("items", {})
    options = tuple(bare.get("enum", items.get("enum", ())))
    note = str(value.get("description", ""))
    yield Field(path, name, _kind(bare), required, options, note)


def _kind(value: Schema) -> Kind:
    if "$ref" in value:
        return Kind.PERIOD
    items = value.get("items")
    if items is not None:
        if items.get("type") == "number":
            return Kind.NUMBERS
        return Kind.CHOICES if "enum" in items else Kind.TEXTS
    if "enum" in value:
        return Kind.CHOICE
    if value.get("format") == _DATES:
        return Kind.DATE
    return {
        "string": Kind.TEXT,
        "integer": Kind.WHOLE,
        "number": Kind.NUMBER,
        "boolean": Kind.FLAG,
    }[value["type"]]


def _not_null(value: Schema) -> Schema:
    """Return the schema of a value that may also be absent."""
    found: Schema = next(
        (one for one in value.get("anyOf", ()) if one.get("type") != "null"), value
    )
    return found


def _part(parts: Schema, reference: Schema) -> Schema:
    found: Schema = parts[reference["$ref"].rpartition("/")[2]]
    return found


def _joined(prefix: str, title: str) -> str:
    """Put the prefix before the title, without saying the same characters twice."""
    for shared in range(min(len(prefix), len(title)), 0, -1):
        if prefix.endswith(title[:shared]):
            return prefix + title[shared:]
    return prefix + title


def plain_name(name: str) -> str:
    """Return a name without width variants, spaces and punctuation, as names are compared."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name))


@cache
def plain_field_name(name: str) -> str:
    """Return the same of one of our own names, of which there are few."""
    return plain_name(name)
