"""`check` and `show`: what marked files are, by all that can be known of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import gettext
from pathlib import Path
from types import MappingProxyType

import click

from dingmi_mark.cli.credentials import password_in, password_option
from dingmi_mark.cli.grammar import Argument, Command, json_option
from dingmi_mark.cli.options import files_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_error, tell_json, tell_line, tell_note
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.errors import (
    CheckContradicts,
    CheckNotMarked,
    CheckPaperOnly,
    DingmiError,
    ExitCode,
)
from dingmi_mark.messages import N_, say
from dingmi_mark.pipeline.verdicts import (
    Agreement,
    Assurance,
    CheckReport,
    IdentifiedBy,
    ShownLabel,
)

CHECK_HELP = N_("Compare files with what they say and with the ledger.")
CHECK_MORE = N_(
    "Do this before a marked file goes out. Without an office only the file itself is looked at."
)

_AGREEMENTS: Mapping[Agreement, str] = MappingProxyType(
    {
        Agreement.AGREES: N_("agrees"),
        Agreement.MISSING: N_("MISSING"),
        Agreement.CONTRADICTS: N_("CONTRADICTS"),
    }
)
_IDENTIFIED: Mapping[IdentifiedBy, str] = MappingProxyType(
    {
        IdentifiedBy.BYTES: N_("the very file of the ledger, unchanged"),
        IdentifiedBy.DRAFT: N_("the draft without marks, as the ledger knows it"),
        IdentifiedBy.DRAFT_CONTENT: N_("the content of a draft without marks, saved anew"),
        IdentifiedBy.CONTENT: N_("the same content, saved anew by some program"),
        IdentifiedBy.CARRIERS: N_("by the label in the file"),
        IdentifiedBy.CODE: N_("by the 2D code on the paper"),
        IdentifiedBy.INK: N_("by the visible mark only"),
    }
)
_ASSURANCES: Mapping[Assurance, str] = MappingProxyType(
    {
        Assurance.RENDERED: N_("the page was looked at"),
        Assurance.STRUCTURAL: N_("the page was not looked at, only the file's structure"),
    }
)


@click.command("check", cls=Command, help=f"{CHECK_HELP}\n\n{CHECK_MORE}")
@files_argument(N_("Marked files, or folders with them (with all folders in them)."))
@password_option()
@json_option()
@click.pass_obj
def check_command(
    session: Session, files: tuple[Path, ...], password_file: Path | None, as_json: bool
) -> int:
    """Check files and tell where they agree and where not."""
    from dingmi_mark.pipeline.check import check_files

    def on_report(report: CheckReport) -> None:
        if not as_json:
            tell_report(report)

    office = session.office_if_any()
    if office is None:
        tell_note(say("No office here: files are checked without a ledger."))
    reports = check_files(files, office, on_report=on_report, password=password_in(password_file))
    code = code_of(reports)
    if as_json:
        from dingmi_mark.cli.shown import report_shown

        shown = {"files": [report_shown(report) for report in reports]}
        tell_json("failed" if code else "ok", code, result=shown)
    else:
        good = sum(report.agrees for report in reports)
        tell(say("{good} of {total} file(s) agree in everything.", good=good, total=len(reports)))
    return code


def tell_report(report: CheckReport) -> None:
    """Say all that was found in one file."""
    tell_line(harmless(str(report.file)))
    if report.mark:
        tell(say("Mark: {mark}", mark=report.mark), indent=2)
    if report.identified_by is not None:
        how = gettext(_IDENTIFIED[report.identified_by])
        tell(say("Recognised: {how}", how=how), indent=2)
    for line in report.lines:
        head = gettext(_AGREEMENTS[line.agreement])
        tell_line(f"  [{head}] {words(line.says)}")
    if report.assurance is not None:
        how = gettext(_ASSURANCES[report.assurance])
        tell(say("Looked at: {how}", how=how), indent=2)
    if (error := _error_of(report)) is not None:
        tell_error(error)


def code_of(reports: Sequence[CheckReport]) -> ExitCode:
    """Return the exit code: a contradiction, then an unmarked secret, then the first error."""
    codes = [error.code for report in reports if (error := _error_of(report)) is not None]
    for first in (ExitCode.CHECK_CONTRADICTS, ExitCode.CHECK_UNMARKED_SECRET):
        if first in codes:
            return first
    return codes[0] if codes else ExitCode.OK


def _error_of(report: CheckReport) -> DingmiError | None:
    if report.error is not None:
        return report.error
    if report.identified_by is None:
        return CheckNotMarked(str(report.file))
    if report.agrees:
        return None
    contradicted = any(line.agreement is Agreement.CONTRADICTS for line in report.lines)
    if report.identified_by is IdentifiedBy.CODE and not contradicted:
        return CheckPaperOnly(str(report.file))
    return CheckContradicts(str(report.file))


@click.command("show", cls=Command, help=N_("Show which mark a file bears."))
@click.argument(
    "file",
    metavar=N_("FILE"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("A marked file."),
)
@json_option()
@click.pass_obj
def show_command(session: Session, file: Path, as_json: bool) -> None:
    """Show what a file says of itself."""
    from dingmi_mark.pipeline.show import show_file

    label = show_file(file, session.office_if_any())
    if as_json:
        from dingmi_mark.cli.shown import label_shown

        tell_json("ok", ExitCode.OK, result=label_shown(label))
    else:
        _tell_label(label)


def _tell_label(label: ShownLabel) -> None:
    tell_line(f"{harmless(str(label.file))}  ({label.format})")
    rows = [(harmless(name), harmless(value)) for name, value in label.facts.items()]
    for line in columns(rows):
        tell_line(f"  {line}")
    missing = [harmless(level) for level, there in label.levels.items() if not there]
    if missing:
        tell(say("Lost on the way: {levels}", levels="、".join(missing)), indent=2)
    for original in label.originals:
        tell(original, indent=2)
    tell_note(say("This is what the file says of itself; dingmi-mark check compares it."))
