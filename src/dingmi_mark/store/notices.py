"""Read, write and keep notices of change and release: TOML, JSON, and tables (XLSX).

Only this reader needs the schema library, and loads it when the first notice is read. What is
signed is kept in the office's folder `notices`, one file a notice, never changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from dingmi_mark.domain.notices import FiledNotice, NoticeItem
from dingmi_mark.errors import FileNotReadable, NoticeExists, NoticeInvalid, OutputExists
from dingmi_mark.messages import Fault, say
from dingmi_mark.store.approval_keys import one_kind_of_period
from dingmi_mark.store.approval_mapping import period_table, source_table, value_table
from dingmi_mark.store.approvals import raw_tables
from dingmi_mark.store.new_file import new_text_file, writing_to
from dingmi_mark.store.record_names import name_of
from dingmi_mark.store.toml_text import Faulty, Unopened

FOLDER: Final = "notices"
"""Folder of the office with the notices that were signed."""

SCHEMA_ID: Final = "https://dingmi-mark.invalid/schema/change-notice.schema.json"
_SIGNED_LATER: Final = "signature"
_COUNTED: Final = ("years", "months", "days")


def read_notice(path: Path) -> FiledNotice:
    """Read a notice; `.json` is JSON, `.xlsx` a table with one row a document, else TOML.

    Raises FileNotReadable, NoticeInvalid (all faults at once), NotAStateSecret.
    """
    try:
        if path.suffix.lower() == ".xlsx":
            from dingmi_mark.store.notice_table import tables_of

            tables: Mapping[str, Any] = tables_of(path)
        else:
            _, tables = raw_tables(path)
    except Unopened as error:
        raise FileNotReadable(str(path), cause=error.faults[0].expected) from error
    except Faulty as error:
        raise NoticeInvalid(str(path), count=len(error.faults), faults=error.faults) from error
    return notice_from(tables, str(path))


def notice_from(tables: Mapping[str, Any], where: str) -> FiledNotice:
    """Turn raw tables into a notice. Raises NoticeInvalid, NotAStateSecret."""
    # The schema library takes 0.1 s to load: only who reads a notice waits for it.
    from pydantic import ValidationError

    from dingmi_mark.store.approval_faults import faults_of
    from dingmi_mark.store.notice_file import NoticeFile

    faults = list(_key_faults(tables))
    read = None
    try:
        read = NoticeFile.model_validate(dict(tables))
    except ValidationError as error:
        faults = [*faults_of(error, where, NoticeFile), *faults]
    if read is None or faults:
        raise NoticeInvalid(where, count=len(faults), faults=tuple(faults))
    return read.value()


def notice_to_mapping(filed: FiledNotice) -> dict[str, Any]:
    """Return a notice as the tables of its file; reading it gives it back."""
    notice = filed.notice
    tables = {
        "schema": 1,
        "number": notice.number,
        "kind": notice.kind.value,
        "decided_by": notice.decided_by,
        "right": notice.right.value,
        "date": notice.day,
        "reason": notice.reason,
        "runs_from": notice.runs_from.value if notice.runs_from else None,
        "points": list(notice.items),
        "source_change": notice.source_change,
        "approved_by": notice.approved_by,
        "agreed_by": list(notice.agreed_by),
        "published_on": notice.published_on,
        "published_in": notice.published_in,
        "happened": notice.happened,
        "new": value_table(notice.new),
        "proposed_by": value_table(notice.proposed_by) if notice.proposed_by.name else None,
        "officer": value_table(notice.officer) if notice.officer else None,
        "special_basis": value_table(notice.special_basis) if notice.special_basis else None,
        "source": [source_table(source) for source in notice.sources],
        "explanation": [{"rule": rule, "text": text} for rule, text in notice.explanations],
        "item": [_item(item) for item in filed.items],
        "signature": [vars(one) for one in filed.signatures],
    }
    return {key: value for key, value in tables.items() if value not in (None, "", [], {})}


def notice_digest(filed: FiledNotice) -> str:
    """Return `sm3:` and the digest of what is signed: all but the signatures."""
    tables = {k: v for k, v in notice_to_mapping(filed).items() if k != _SIGNED_LATER}
    text = json.dumps(
        tables, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_json_value
    )
    return "sm3:" + hashlib.new("sm3", text.encode()).hexdigest()


def write_notice(filed: FiledNotice, path: Path) -> None:
    """Write a new file by its ending. Raises OutputExists, OutputDiskFull, OutputNotWritable."""
    if path.suffix.lower() == ".xlsx":
        from dingmi_mark.store.notice_table import write_table

        write_table(filed, path)
        return
    with new_text_file(path) as stream:
        stream.write(_json(filed) if path.suffix.lower() == ".json" else notice_text(filed))


def kept_notice(office: Path, number: str) -> Path:
    """Return where the signed notice of a number is kept."""
    return office / FOLDER / f"{name_of(number)}.toml"


def keep_notice(filed: FiledNotice, office: Path) -> Path:
    """Keep a signed notice. Raises NoticeExists, OutputDiskFull, OutputNotWritable."""
    path = kept_notice(office, filed.notice.number)
    with writing_to(path):
        path.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        with new_text_file(path) as stream:
            stream.write(notice_text(filed))
    except OutputExists as error:
        raise NoticeExists(str(path), number=filed.notice.number) from error
    return path


def schema_text() -> str:
    """Return the JSON Schema (2020-12) of notices as it is published."""
    from dingmi_mark.store.notice_file import NoticeFile

    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    schema = {**head, **NoticeFile.model_json_schema(by_alias=True)}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _key_faults(tables: Mapping[str, Any]) -> Iterator[Fault]:
    new = tables.get("new")
    period = new.get("period") if isinstance(new, Mapping) else None
    if isinstance(period, Mapping):
        yield from one_kind_of_period("new.period", period)
    items = tables.get("item")
    for number, item in enumerate(items if isinstance(items, list) else (), 1):
        if isinstance(item, Mapping) and not any(item.values()):
            yield Fault(f"item[{number}]", say("id, document_number, title or digest is needed"))
        if isinstance(item, Mapping):
            yield from _old_mark_faults(f"item[{number}]", item)


def _old_mark_faults(where: str, item: Mapping[str, Any]) -> Iterator[Fault]:
    """What is said of an old mark is said whole: without period or day no end can be computed."""
    period = item.get("old_period")
    if isinstance(period, Mapping):
        yield from one_kind_of_period(f"{where}.old_period", period)
    level = bool(item.get("old_level"))
    if level and not period:
        cause = say("the old mark's period is needed too, also where the paper states none")
        yield Fault(f"{where}.old_period", cause)
    counted = isinstance(period, Mapping) and any(period.get(key) for key in _COUNTED)
    if level and counted and not item.get("issue_day"):
        yield Fault(f"{where}.issue_day", say("the day from which the old period counts is needed"))
    for key in ("old_period", "issue_day", "organ"):
        if item.get(key) and not level:
            yield Fault(f"{where}.{key}", say("it goes with old_level, and not without"))
    if level and not any(item.get(key) for key in ("document_number", "title", "digest")):
        cause = say("the paper of an old mark is named by document_number, title or digest")
        yield Fault(f"{where}.old_level", cause)


def _item(item: NoticeItem) -> dict[str, Any]:
    old = item.old
    named = {
        "id": item.document_id,
        "document_number": item.document_number,
        "title": item.title,
        "digest": item.digest,
        "old_level": old.level.value if old else None,
        "old_period": period_table(old.period) if old else None,
        "issue_day": old.issue_day if old else None,
        "organ": old.organ if old else "",
    }
    return {key: text for key, text in named.items() if text}


def notice_text(filed: FiledNotice) -> str:
    """Return a notice as TOML; what is empty is left out."""
    import tomli_w

    return tomli_w.dumps(notice_to_mapping(filed))


def _json(filed: FiledNotice) -> str:
    tables = notice_to_mapping(filed)
    return json.dumps(tables, ensure_ascii=False, indent=2, default=_json_value) + "\n"


def _json_value(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
