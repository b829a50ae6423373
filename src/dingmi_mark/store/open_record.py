"""A record that is not decided yet, as the file its drafter works on: a part of it is written.

It may still lack what the model asks for, so that its tables are edited and not its values; all
else in it stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from dingmi_mark.domain.approval import (
    Basis,
    ClassificationKind,
    RecordStatus,
    Secrecy,
    Source,
)
from dingmi_mark.errors import (
    ApprovalInvalid,
    ApprovalUnreadable,
    FileNotReadable,
    RecordDecided,
    RecordNotEditable,
)
from dingmi_mark.messages import Message, say
from dingmi_mark.store.approval_mapping import Tables, period_table, source_table
from dingmi_mark.store.approvals import raw_tables
from dingmi_mark.store.new_file import replaced_text
from dingmi_mark.store.toml_text import Faulty, Unopened

_WRITABLE: Final = (".toml", ".json")
_OPEN: Final = frozenset({"", RecordStatus.PROPOSED.value, RecordStatus.RETURNED.value})
_HEAD: Final = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*")
"""The comments and empty lines a file begins with."""
_COMMENT: Final = re.compile(r"^[ \t]*#", re.MULTILINE)


@dataclass(frozen=True)
class OpenRecordFile:
    """The tables of a record that may still be changed by its drafter."""

    path: Path
    tables: Tables
    head: str
    other_comments: bool

    @property
    def number(self) -> str:
        """The number of the record, empty where it has none yet."""
        return str(self.tables.get("number", ""))

    @property
    def digest(self) -> str:
        """The digest of the draft, empty where the record gives none."""
        return str(self._draft.get("digest", ""))

    @property
    def document_number(self) -> str:
        """The 文号 of the draft, empty where it has none yet."""
        return str(self._draft.get("document_number", ""))

    @property
    def issue_day(self) -> date | None:
        """The day of issue, where the record gives one."""
        day = self._draft.get("issue_date")
        if isinstance(day, str):
            try:
                return date.fromisoformat(day)
            except ValueError:
                return None
        return day if isinstance(day, date) else None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources it names already; empty rows are left out. Raises ApprovalInvalid."""
        from pydantic import ValidationError

        from dingmi_mark.store.approval_faults import faults_of
        from dingmi_mark.store.approval_model import SourcePart

        found = []
        for table in _filled(self.tables.get("source")):
            try:
                found.append(SourcePart.model_validate(table).value())
            except ValidationError as error:
                faults = tuple(faults_of(error, str(self.path)))
                raise ApprovalInvalid(str(self.path), count=len(faults), faults=faults) from error
        return tuple(found)

    @property
    def bases(self) -> tuple[Basis, ...]:
        """The bases of own secret matter; rows that are empty yet are left out."""
        rows = _filled(self.tables.get("basis"))
        return tuple(Basis(str(r.get("catalogue", "")), str(r.get("item", ""))) for r in rows)

    @property
    def explanations(self) -> tuple[tuple[str, str], ...]:
        """What it answers to rules."""
        rows = _filled(self.tables.get("explanation"))
        return tuple((str(row.get("rule", "")), str(row.get("text", ""))) for row in rows)

    @property
    def _draft(self) -> Mapping[str, Any]:
        draft = self.tables.get("draft")
        return draft if isinstance(draft, Mapping) else {}

    def written(
        self,
        secrecy: Secrecy,
        sources: Sequence[Source],
        explanations: Sequence[tuple[str, str]],
    ) -> Tables:
        """Return the tables with a derived proposal in them; what else they hold stays."""
        tables = dict(self.tables)
        tables["kind"] = ClassificationKind.DERIVATIVE.value
        tables["source"] = [source_table(source) for source in sources]
        proposal = tables.get("proposal")
        marking = secrecy.marking
        tables["proposal"] = {
            **(proposal if isinstance(proposal, Mapping) else {}),
            "level": marking.level.value,
            "period": period_table(marking.period),
            **({"scope": list(secrecy.scope)} if secrecy.scope else {}),
        }
        bases = _filled(tables.get("basis"))
        tables["basis"] = bases
        rules = {rule for rule, _ in explanations}
        kept = [row for row in _filled(tables.get("explanation")) if row.get("rule") not in rules]
        tables["explanation"] = [*kept, *({"rule": r, "text": t} for r, t in explanations)]
        return {key: value for key, value in tables.items() if value != []}

    def save(self, tables: Tables) -> tuple[Message, ...]:
        """Write the tables in place of the file, whole or not at all.

        Returns what the user should know. Raises OutputDiskFull, OutputNotWritable.
        """
        mode = self.path.stat().st_mode & 0o777
        if self.path.suffix.lower() == ".json":
            text = json.dumps(tables, ensure_ascii=False, indent=2, default=_iso) + "\n"
        else:
            import tomli_w

            text = self.head + tomli_w.dumps(tables)
        replaced_text(self.path, text)
        self.path.chmod(mode)
        if not self.other_comments:
            return ()
        return (say("Comments inside the record were not kept; those at its head were."),)


def open_record(path: Path) -> OpenRecordFile:
    """Read a record that may be written into.

    Raises RecordNotEditable (forms, tables), RecordDecided, FileNotReadable, ApprovalUnreadable.
    """
    if path.suffix.lower() not in _WRITABLE:
        raise RecordNotEditable(str(path), kind=path.suffix.lower() or "-")
    try:
        text, tables = raw_tables(path)
    except Unopened as error:
        raise FileNotReadable(str(path), cause=error.faults[0].expected) from error
    except Faulty as error:
        raise ApprovalUnreadable(str(path), cause=error.faults[0].expected) from error
    status = str(tables.get("status", ""))
    if status not in _OPEN or tables.get("decision") or tables.get("deciding_organ"):
        raise RecordDecided(
            str(path), number=str(tables.get("number", "-")), status=status or say("decided")
        )
    if tables.get("signature"):
        raise RecordDecided(str(path), number=str(tables.get("number", "-")), status=say("signed"))
    found = _HEAD.match(text)
    head = found[0] if found and path.suffix.lower() == ".toml" else ""
    return OpenRecordFile(path, tables, head, bool(_COMMENT.search(text[len(head) :])))


def _filled(rows: object) -> list[dict[str, Any]]:
    """Return the rows of a list that say something."""
    found = rows if isinstance(rows, list) else []
    return [dict(row) for row in found if isinstance(row, Mapping) and any(row.values())]


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")
