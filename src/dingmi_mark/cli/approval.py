"""`approval`: begin, check, hand in and decide records, and the schema for editors."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.approval_forms import (
    form_of_record_command,
    import_command,
    new_command,
)
from dingmi_mark.cli.approval_late import compare_command, fill_command
from dingmi_mark.cli.approval_steps import review_command, submit_command
from dingmi_mark.cli.grammar import Argument, Family, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_error, tell_json, tell_line
from dingmi_mark.cli.words import command_line, finding_lines, harmless
from dingmi_mark.errors import DingmiError, ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from datetime import date

    from dingmi_mark.domain.law import Lawbook
    from dingmi_mark.pipeline.record_check import CheckedRecord
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office import Office


@dataclass(frozen=True)
class Examined:
    """A record as it was found: unreadable with its error, or read and checked."""

    file: Path
    number: str = ""
    mark: str = ""
    checked: CheckedRecord | None = None
    error: DingmiError | None = None
    place: str = ""

    @property
    def code(self) -> ExitCode:
        """What the record's next step would return."""
        if self.error is not None:
            return self.error.code
        return self.checked.code if self.checked else ExitCode.OK


@dataclass(frozen=True)
class Look:
    """With what records are examined: the office, the law, the day, the ledger if it is there."""

    office: Office
    lawbook: Lawbook
    today: date
    ledger: Ledger | None


@click.group("approval", cls=Family, help=N_("Begin, check, hand in and decide approval records."))
def approval_command() -> None:
    """Hold the commands of approval records."""


@approval_command.command(
    "schema", help=N_("Print the JSON Schema of records, for editors that help filling them in.")
)
def schema() -> None:
    """Print the schema."""
    from dingmi_mark.store.approvals import schema_text

    tell_line(schema_text().rstrip("\n"))


@approval_command.command(
    "check", help=N_("Read records and tell everything the rules find, with the provisions.")
)
@click.argument(
    "files",
    metavar=N_("RECORD"),
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("Approval records: TOML, JSON, tables (XLSX), forms (DOCX)."),
)
@json_option()
@click.pass_obj
def check(session: Session, files: tuple[Path, ...], as_json: bool) -> int:
    """Check the records."""
    from dingmi_mark.store.lawbook import read_lawbook

    office = session.office()
    lawbook = read_lawbook(office.profile)
    with session.ledger_if_any(office) as ledger:
        look = Look(office, lawbook, session.today, ledger)
        records = [one for file in files for one in _examined(file, look)]
    code = _code_of(records)
    if as_json:
        result = {"records": [_shown(record) for record in records]}
        tell_json("failed" if code else "ok", code, result=result)
        return code
    for record in records:
        _tell(record)
    _tell_count(records)
    return code


for each in (new_command, form_of_record_command, import_command, submit_command):
    approval_command.add_command(each)
approval_command.add_command(review_command)
approval_command.add_command(fill_command)
approval_command.add_command(compare_command)


def _examined(file: Path, look: Look) -> list[Examined]:
    from dingmi_mark.pipeline.record_check import check_record
    from dingmi_mark.pipeline.records import read_file

    try:
        stored = read_file(file, look.office.limits)
    except DingmiError as error:
        return [Examined(file, error=error)]
    found = []
    for kept in stored:
        checked = check_record(kept, look.office, look.lawbook, look.today, look.ledger)
        mark = kept.record.secrecy.marking.text
        found.append(Examined(file, kept.record.number, mark, checked, place=kept.place))
    return found


def _code_of(records: list[Examined]) -> ExitCode:
    failed = [record.code for record in records if record.code is not ExitCode.OK]
    if not failed:
        return ExitCode.OK
    return failed[0] if len(records) == 1 else ExitCode.BATCH_PARTLY_FAILED


def _tell(record: Examined) -> None:
    if record.error is not None:
        tell_line(f"✗ {harmless(str(record.file))}")
        tell_error(record.error)
        return
    checked = record.checked
    assert checked is not None, "what is no error was checked"
    sign = "✗" if checked.against else "✓" if checked.stage.value == "decided" else "○"
    number, mark = harmless(record.number), harmless(record.mark)
    place = f" {record.place}" if record.place else ""
    tell_line(f"{sign} {harmless(str(record.file))}{place}  {number}  {mark}")
    for finding in checked.findings:
        for line in finding_lines(finding):
            tell_line(f"    {line}")
    if not checked.findings:
        tell(say("The rules have nothing to say against it."), indent=4)
    if checked.next is not None:
        tell(checked.next, indent=4)
        tell_line("      " + command_line(checked.command))


def _tell_count(records: list[Examined]) -> None:
    from dingmi_mark.pipeline.record_check import Stage

    good = [r.checked for r in records if r.checked is not None and not r.checked.against]
    decided = sum(checked.stage is Stage.DECIDED for checked in good)
    proposals = len(good) - decided
    if not proposals:
        tell(say("{good} of {total} record(s) allow a mark.", good=decided, total=len(records)))
        return
    tell(
        say(
            "{good} of {total} record(s) allow a mark; {proposals} are proposals, and nothing "
            "stands against them so far.",
            good=decided,
            total=len(records),
            proposals=proposals,
        )
    )


def _shown(record: Examined) -> dict[str, Any]:
    from dingmi_mark.cli.shown import error_shown, findings_shown

    checked = record.checked
    return {
        "file": str(record.file),
        "place": record.place,
        "number": record.number,
        "mark": record.mark,
        "stage": checked.stage.value if checked else "",
        "code": int(record.code),
        "findings": findings_shown(checked.findings) if checked else [],
        "next": command_line(checked.command) if checked else "",
        "error": error_shown(record.error) if record.error else None,
    }
