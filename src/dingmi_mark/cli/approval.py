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
from dingmi_mark.cli.words import finding_lines, harmless
from dingmi_mark.domain.law import Finding, Theme
from dingmi_mark.errors import DingmiError, ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.domain.law import Lawbook
    from dingmi_mark.store.office import Office


@dataclass(frozen=True)
class Examined:
    """A record as it was found: unreadable with its error, or read with the rules' findings."""

    file: Path
    number: str = ""
    mark: str = ""
    findings: tuple[Finding, ...] = ()
    error: DingmiError | None = None
    place: str = ""

    @property
    def code(self) -> ExitCode:
        """What this record would make `mark` return."""
        from dingmi_mark.domain.rules import refusals

        if self.error is not None:
            return self.error.code
        themes = {finding.theme for finding in refusals(self.findings)}
        if not themes:
            return ExitCode.OK
        if Theme.UNCLEAR in themes:
            return ExitCode.MATTER_UNCLEAR
        if themes == {Theme.AUTHORITY}:
            return ExitCode.AUTHORITY_EXCEEDED
        return ExitCode.PERIOD_OVER if themes == {Theme.PERIOD_OVER} else ExitCode.LAW_VIOLATED


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
    records = [one for file in files for one in _examined(file, office, lawbook, session)]
    code = _code_of(records)
    if as_json:
        result = {"records": [_shown(record) for record in records]}
        tell_json("failed" if code else "ok", code, result=result)
        return code
    for record in records:
        _tell(record)
    good = sum(record.code is ExitCode.OK for record in records)
    tell(say("{good} of {total} record(s) allow a mark.", good=good, total=len(records)))
    return code


for each in (new_command, form_of_record_command, import_command, submit_command):
    approval_command.add_command(each)
approval_command.add_command(review_command)
approval_command.add_command(fill_command)
approval_command.add_command(compare_command)


def _examined(file: Path, office: Office, lawbook: Lawbook, session: Session) -> list[Examined]:
    from dingmi_mark.domain.rules import examine
    from dingmi_mark.domain.rules.case import Case
    from dingmi_mark.pipeline.records import read_file

    try:
        stored = read_file(file, office.limits)
    except DingmiError as error:
        return [Examined(file, error=error)]
    found = []
    for kept in stored:
        record = kept.record
        case = Case(record, office.authority, session.today, office.beijing)
        findings = examine(case, lawbook)
        mark = record.secrecy.marking.text
        found.append(Examined(file, record.number, mark, findings, place=kept.place))
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
    sign = "✓" if record.code is ExitCode.OK else "✗"
    number, mark = harmless(record.number), harmless(record.mark)
    place = f" {record.place}" if record.place else ""
    tell_line(f"{sign} {harmless(str(record.file))}{place}  {number}  {mark}")
    for finding in record.findings:
        for line in finding_lines(finding):
            tell_line(f"    {line}")
    if not record.findings:
        tell(say("The rules have nothing to say against it."), indent=4)


def _shown(record: Examined) -> dict[str, Any]:
    from dingmi_mark.cli.shown import error_shown, findings_shown

    return {
        "file": str(record.file),
        "place": record.place,
        "number": record.number,
        "mark": record.mark,
        "code": int(record.code),
        "findings": findings_shown(record.findings),
        "error": error_shown(record.error) if record.error else None,
    }
