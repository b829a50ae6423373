"""Read and write approval records (定密审核审批): TOML and JSON, one model.

Only this reader needs the schema library, and loads it when the first record is read. The JSON
Schema for editors is `docs/schema/approval-record.schema.json`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.errors import ApprovalInvalid, ApprovalUnreadable, FileNotReadable
from dingmi_mark.messages import Fault, Message, say
from dingmi_mark.store.approval_keys import key_faults
from dingmi_mark.store.approval_mapping import approval_to_mapping
from dingmi_mark.store.toml_text import Faulty, Unopened, parse_toml, read_raw, utf8_text

__all__ = [
    "StoredApproval",
    "approval_digest",
    "approval_from_mapping",
    "approval_schema",
    "approval_to_mapping",
    "as_read",
    "canonical_bytes",
    "read_approval",
    "read_record",
    "schema_text",
    "write_json",
    "write_toml",
]

SCHEMA_ID: Final = "https://dingmi-mark.invalid/schema/approval-record.schema.json"

_LIFE: Final = ("status", "history", "signature")
"""What goes on after the decision and does not change what was decided."""


@dataclass(frozen=True)
class StoredApproval:
    """A record and where it was read; `digest` is `sm3:` of what was decided.

    `place` is the row of a file that holds many records (`审批记录!17`).
    """

    record: ApprovalRecord
    path: Path
    digest: str
    place: str = ""

    @property
    def where(self) -> str:
        """The file, and the place in it."""
        return f"{self.path} ({self.place})" if self.place else str(self.path)


def read_approval(path: Path) -> StoredApproval:
    """Read one record with the digest of what was decided. Raises what `read_record` does."""
    record = read_record(path)
    return StoredApproval(record, path, approval_digest(record))


def read_record(path: Path) -> ApprovalRecord:
    """Read one record; `.json` is JSON, everything else TOML.

    Raises FileNotReadable, ApprovalUnreadable (too large, not UTF-8, not TOML or JSON),
    ApprovalInvalid (all faults at once), NotAStateSecret (a level names another regime).
    """
    try:
        _, tables = raw_tables(path)
    except Unopened as error:
        raise FileNotReadable(str(path), cause=error.faults[0].expected) from error
    except Faulty as error:
        cause = error.faults[0].expected
        raise ApprovalUnreadable(str(path), cause=cause) from error
    return approval_from_mapping(tables, str(path))


def raw_tables(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a record's file and its tables, unexamined. Raises Unopened, Faulty."""
    text = utf8_text(read_raw(path))
    return text, _parse_json(text) if path.suffix.lower() == ".json" else parse_toml(text)


def approval_from_mapping(tables: Mapping[str, Any], where: str = "") -> ApprovalRecord:
    """Turn raw tables into a record. Raises ApprovalInvalid, NotAStateSecret."""
    # The schema library takes 0.1 s to load: only who reads a record waits for it.
    from pydantic import ValidationError

    from dingmi_mark.store.approval_faults import faults_of
    from dingmi_mark.store.approval_file import RecordFile

    faults = list(key_faults(tables))
    read = None
    try:
        read = RecordFile.model_validate(dict(tables))
    except ValidationError as error:
        faults = [*faults_of(error, where), *faults]
    if read is None or faults:
        raise ApprovalInvalid(where, count=len(faults), faults=tuple(faults))
    return read.value()


def as_read(record: ApprovalRecord) -> ApprovalRecord:
    """Return the record as reading its file will give it. Raises ApprovalInvalid, NotAStateSecret.

    What people typed into a step is folded as a file's text is (spaces at the ends, full-width
    digits): a signature made before that would not count afterwards.
    """
    return approval_from_mapping(approval_to_mapping(record), record.number)


def canonical_bytes(record: ApprovalRecord) -> bytes:
    """Return what was decided as canonical JSON: sorted keys, no spaces, UTF-8.

    Status, history and signatures are left out: they tell the record's life after the decision, and
    a signature is made over these bytes.
    """
    tables = approval_to_mapping(record)
    decided = {key: value for key, value in tables.items() if key not in _LIFE}
    text = json.dumps(
        decided, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_json_value
    )
    return text.encode("utf-8")


def approval_digest(record: ApprovalRecord) -> str:
    """Return `sm3:` and the hex digest of the canonical record."""
    return "sm3:" + hashlib.new("sm3", canonical_bytes(record)).hexdigest()


def write_toml(record: ApprovalRecord) -> str:
    """Write the record as TOML text; reading it gives the same record."""
    import tomli_w

    return tomli_w.dumps(approval_to_mapping(record))


def write_json(record: ApprovalRecord) -> str:
    """Write the record as JSON text; reading it gives the same record."""
    tables = approval_to_mapping(record)
    return json.dumps(tables, ensure_ascii=False, indent=2, default=_json_value) + "\n"


def approval_schema() -> dict[str, Any]:
    """Return the published JSON Schema (2020-12), with Chinese titles for editors."""
    from dingmi_mark.store.approval_file import RecordFile

    schema = RecordFile.model_json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return {**head, **schema}


def schema_text() -> str:
    """Return the JSON Schema as it is published."""
    return json.dumps(approval_schema(), ensure_ascii=False, indent=2) + "\n"


def _json_value(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


class _NotJson(ValueError):
    """Valid for the parser, but not for us."""

    def __init__(self, cause: Message) -> None:
        super().__init__(cause)
        self.cause = cause


def _parse_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, object_pairs_hook=_each_key_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = say(
            "line {line}, column {column} is not valid JSON", line=error.lineno, column=error.colno
        )
        raise Faulty(Fault("", place)) from error
    except _NotJson as error:
        raise Faulty(Fault("", error.cause)) from error
    except RecursionError as error:
        raise Faulty(Fault("", say("tables are nested too deeply"))) from error
    except ValueError as error:
        # The only other one is a number with more digits than Python converts.
        raise Faulty(Fault("", say("a number has too many digits"))) from error
    if not isinstance(found, dict):
        raise Faulty(Fault("", say("one JSON object in braces is expected")))
    return found


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _NotJson(say("the key {key} stands twice", key=key))
        found[key] = value
    return found


def _no_constant(name: str) -> object:
    raise _NotJson(say("{name} is no JSON number", name=name))
