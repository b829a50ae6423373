"""What is due, with the officer who decides: from the ledger, and from records at hand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.due import Due, due_within_days, due_within_months
from dingmi_mark.domain.secret import Secret
from dingmi_mark.errors import DingmiError
from dingmi_mark.forms.register_csv import safe
from dingmi_mark.pipeline.secrets import secrets_of
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.new_file import new_text_file
from dingmi_mark.store.office import Office

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

_COLUMNS: Final = (
    "类别",
    "定密责任人",
    "审批编号",
    "文号",
    "密级",
    "保密期限",
    "最后保密日",
    "还有几日",
    "未收回份数",
)


@dataclass(frozen=True)
class DueLine:
    """One line: what is due, and who decides about it (empty where nothing at hand tells)."""

    due: Due
    officer: str


def due_lines(office: Office, ledger: Ledger, today: date, days: int | None) -> tuple[DueLine, ...]:
    """Return what is due within so many days, or by the office's reminder; by officer.

    Raises the ledger's errors; a record that cannot be read leaves the officer open.
    """
    secrets = secrets_of(ledger).secrets
    if days is None:
        found = due_within_months(secrets, today, office.policies.reminder_months)
    else:
        found = due_within_days(secrets, today, days)
    lines = [DueLine(each, officer_of(each.secret, office)) for each in found]
    return tuple(sorted(lines, key=lambda line: (not line.officer, line.officer)))


def officer_of(secret: Secret, office: Office) -> str:
    """Return who decided: by the signature in the ledger, else by the record at hand."""
    if secret.officer or not secret.approval_number:
        return secret.officer
    try:
        record = find_record(office.approvals, secret.approval_number).record
    except DingmiError:
        return ""
    return record.officer.name if record.officer else ""


def write_due(lines: Sequence[DueLine], today: date, file: Path, kinds: dict[str, str]) -> None:
    """Write the list as a new CSV file; `kinds` are the words for what is due."""
    # Table programs take a file without this mark for another encoding.
    with new_text_file(file, "utf-8-sig") as stream:
        table = csv.writer(stream)
        table.writerow(_COLUMNS)
        for line in lines:
            due = line.due
            secret, state = due.secret, due.secret.state_on(today)
            days = due.days(today)
            values = (
                kinds[due.kind.value],
                line.officer,
                secret.approval_number,
                secret.document_number,
                state.level.value,
                state.period,
                due.last or "",
                "" if days is None else days,
                secret.out,
            )
            table.writerow([safe(value) for value in values])
