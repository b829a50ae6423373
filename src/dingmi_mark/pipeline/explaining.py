"""Find what is to be explained: a marked file, a record, or the number of a record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.explaining import Explanation, explanation_of
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.errors import CheckNotMarked, NothingToExplain, RecordUnknown
from dingmi_mark.forms.records import Format
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.known import known_for
from dingmi_mark.pipeline.records import gather_records, in_worker, only_record, read_if_any
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.approvals import approval_digest
from dingmi_mark.store.lawbook import read_lawbook

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office import Office

_TABLES_AND_TEXTS = (Format.TOML.suffix, Format.JSON.suffix, Format.XLSX.suffix)
"""Endings of records that no draft has."""


@dataclass(frozen=True)
class LedgerLine:
    """One marking of the record in the ledger: which copy, in what state, since when."""

    copy_number: str
    state: str
    marking_id: str
    at: str


@dataclass(frozen=True)
class Explained:
    """The explanation, and what it was made from.

    `facts` are what a marked file says of itself, empty for records. `same_record`: the record that
    was found is, by its digest, the one the file was marked from; None where nothing is compared.
    `explanation` None: the file's record was not found, so that its label is all there is.
    """

    name: str
    facts: Mapping[str, str]
    explanation: Explanation | None
    same_record: bool | None
    ledger: tuple[LedgerLine, ...] = ()


def explain(
    name: str, office: Office, ledger: Ledger | None, today: date, approvals: Path | None = None
) -> Explained:
    """Explain a marked file, a record, or a record's number.

    Raises NothingToExplain, CheckNotMarked, SeveralRecords (a table of several records), and the
    errors of drafts and records.
    """
    path = Path(name)
    if os.path.isfile(path):
        if (record := _record_in(path, office)) is not None:
            return _of_record(name, record, office, ledger, today)
        return _of_file(path, office, ledger, today, approvals)
    try:
        record = find_record(office.approvals, name).record
    except RecordUnknown as error:
        raise NothingToExplain(name) from error
    return _of_record(name, record, office, ledger, today)


def _record_in(path: Path, office: Office) -> ApprovalRecord | None:
    """Return the record a file holds; None for a Word file or another that is no record."""
    suffix = path.suffix.lower()
    if suffix in _TABLES_AND_TEXTS:
        return only_record(path, office.limits).record
    if suffix != Format.DOCX.suffix:
        return None
    found = in_worker(read_if_any, (path, False), path, office.limits)
    return found[0].record if found else None


def _of_record(
    name: str, record: ApprovalRecord, office: Office, ledger: Ledger | None, today: date
) -> Explained:
    explanation = _explanation(record, office, ledger, today)
    return Explained(name, {}, explanation, None, _ledger_lines(record.number, ledger))


def _of_file(
    path: Path, office: Office, ledger: Ledger | None, today: date, approvals: Path | None
) -> Explained:
    from dingmi_mark.domain.label import read_label

    try:
        shown = show_file(path, office)
    except CheckNotMarked:
        return _of_draft(path, office, ledger, today, approvals)
    stated = read_label(shown.record)["approval"]
    number = str(stated["number"])
    record = _record_of(number, office, approvals)
    lines = _ledger_lines(number, ledger)
    if record is None:
        return Explained(str(path), shown.facts, None, None, lines)
    same = approval_digest(record) == str(stated["digest"])
    return Explained(
        str(path), shown.facts, _explanation(record, office, ledger, today), same, lines
    )


def _of_draft(
    path: Path, office: Office, ledger: Ledger | None, today: date, approvals: Path | None
) -> Explained:
    """Explain the mark an unmarked draft would bear, by the record that names its digest."""
    names = read_bytes_of(path, most_mib=office.limits.file_mb).names
    found = [r for r in _records(office, approvals) if r.draft.digest in names]
    if not found:
        raise CheckNotMarked(str(path))
    return _of_record(str(path), found[-1], office, ledger, today)


def _record_of(number: str, office: Office, approvals: Path | None) -> ApprovalRecord | None:
    """Return the record of this number, of the folder that was named before the office's own."""
    found = [r for r in _records(office, approvals) if r.number == number]
    return found[0] if found else None


def _records(office: Office, approvals: Path | None) -> list[ApprovalRecord]:
    folders = [folder for folder in (approvals, office.approvals) if folder and folder.exists()]
    return [stored.record for stored in gather_records(folders, office.limits).records]


def _explanation(
    record: ApprovalRecord, office: Office, ledger: Ledger | None, today: date
) -> Explanation:
    known = known_for(record, office, ledger)
    case = Case(record, office.authority, today, beijing=office.beijing, known=known)
    return explanation_of(case, read_lawbook(office.profile))


def _ledger_lines(number: str, ledger: Ledger | None) -> tuple[LedgerLine, ...]:
    if ledger is None:
        return ()
    return tuple(
        LedgerLine(
            known.intended.copy_number,
            known.state.value,
            known.intended.marking_id,
            known.closed.at if known.closed else known.intended.at,
        )
        for known in ledger.by_approval(number)
    )
