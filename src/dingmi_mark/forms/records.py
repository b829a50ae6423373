"""Approval records in any of their four formats: TOML, JSON, a table (XLSX), a form (DOCX)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.store.approvals import (
    StoredApproval,
    approval_digest,
    read_approval,
    write_json,
    write_toml,
)

APPROVAL: Final = "approval"
"""The name of the approval form (国家秘密事项定密审核审批表)."""


class Format(Enum):
    """How a record is kept."""

    TOML = "toml"
    JSON = "json"
    XLSX = "xlsx"
    DOCX = "docx"

    @property
    def suffix(self) -> str:
        """The ending of its files."""
        return f".{self.value}"


SUFFIXES: Final = tuple(each.suffix for each in Format)
_OLD_OR_MACRO: Final = (".docm", ".dotx", ".dotm", ".doc", ".wps", ".rtf", ".odt")
_OLD_OR_MACRO_TABLE: Final = (".xlsm", ".xltx", ".xltm", ".xls", ".et", ".ods", ".csv")


def read_records(path: Path) -> tuple[StoredApproval, ...]:
    """Read all records of a file: a table may hold many, all others hold one.

    Raises ApprovalUnreadable, ApprovalInvalid, NotAStateSecret (TOML, JSON); FormUnreadable,
    FormTooLarge, FormFaulty (XLSX, DOCX).
    """
    suffix = path.suffix.lower()
    if suffix == Format.XLSX.suffix or suffix in _OLD_OR_MACRO_TABLE:
        from dingmi_mark.forms.table_reading import read_table

        return tuple(_stored(path, one.record, one.place) for one in read_table(path))
    if suffix == Format.DOCX.suffix or suffix in _OLD_OR_MACRO:
        from dingmi_mark.forms.definition import read_form
        from dingmi_mark.forms.reading import read_record_form

        return (_stored(path, read_record_form(path, read_form(APPROVAL))),)
    return (read_approval(path),)


def is_office_file(path: Path) -> bool:
    """Tell whether a file is read as a form or a table: a package that may hold anything."""
    office = (Format.XLSX.suffix, Format.DOCX.suffix, *_OLD_OR_MACRO, *_OLD_OR_MACRO_TABLE)
    return path.suffix.lower() in office


def records_bytes(records: Sequence[ApprovalRecord], kind: Format) -> bytes:
    """Write records; only a table can hold other than one. Raises FormCannotHold."""
    if kind is Format.XLSX:
        from dingmi_mark.forms.filled import filled_from
        from dingmi_mark.forms.table_writing import table_bytes

        return table_bytes([filled_from(record) for record in records])
    (record,) = records
    if kind is Format.DOCX:
        from dingmi_mark.forms.definition import read_form
        from dingmi_mark.forms.drawing import form_bytes
        from dingmi_mark.forms.filled import filled_from

        return form_bytes(read_form(APPROVAL), filled_from(record))
    text = write_toml(record) if kind is Format.TOML else write_json(record)
    return text.encode("utf-8")


def holds_records(path: Path) -> bool:
    """Tell whether a file found in a folder is for records; a draft in Word format is not.

    A table always is: nobody keeps other tables there, and one that is faulty must be told.
    """
    suffix = path.suffix.lower()
    if suffix == Format.DOCX.suffix:
        from dingmi_mark.forms.definition import read_form
        from dingmi_mark.forms.reading import is_form

        return is_form(path, read_form(APPROVAL))
    return suffix in SUFFIXES


def _stored(path: Path, record: ApprovalRecord, place: str = "") -> StoredApproval:
    return StoredApproval(record, path, approval_digest(record), place)
