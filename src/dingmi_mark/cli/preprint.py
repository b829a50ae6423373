"""`preprint`: may these files go to the printer? For secretaries, print dialogs and scripts."""

from __future__ import annotations

from collections.abc import Iterable
from getpass import getuser
from pathlib import Path

import click

from dingmi_mark.cli.credentials import password_in, password_option
from dingmi_mark.cli.grammar import Command, Option, json_option
from dingmi_mark.cli.options import files_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_error, tell_json
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.errors import DingmiError, ExitCode
from dingmi_mark.messages import N_, say
from dingmi_mark.pipeline.verdicts import PrintVerdict

_HELP = N_("Ask before printing whether files may go to the printer.")
_MORE = N_(
    "Nothing is printed. Exit code 0: all may be printed; anything else: do not print. Each "
    "decision is recorded in the ledger."
)


@click.command("preprint", cls=Command, help=f"{_HELP}\n\n{_MORE}")
@files_argument(N_("Files that are to be printed."))
@click.option(
    "--printer",
    metavar=N_("NAME"),
    default="",
    cls=Option,
    help=N_("The printer, as [[printer]] of office.toml names it."),
)
@click.option(
    "--copies",
    metavar=N_("COUNT"),
    type=click.IntRange(1, 100_000),
    default=1,
    cls=Option,
    help=N_("How many times each file is to be printed."),
)
@click.option(
    "--by",
    metavar=N_("NAME"),
    default="",
    cls=Option,
    help=N_("Who prints; else the user of this computer."),
)
@password_option()
@json_option()
@click.pass_obj
def preprint_command(
    session: Session,
    files: tuple[Path, ...],
    printer: str,
    copies: int,
    by: str,
    password_file: Path | None,
    as_json: bool,
) -> int:
    """Decide on each file."""
    from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
    from dingmi_mark.store.strict_toml import not_one_line

    by = by or user()
    if any(name and not_one_line(name) is not None for name in (by, printer)):
        raise click.UsageError(words(say("A name is one line of text.")))

    def on_verdict(verdict: PrintVerdict) -> None:
        if not as_json:
            _tell(verdict)

    request = PrintRequest(files, by, printer, copies, password_in(password_file))
    verdicts = preprint_files(request, session.office(), on_verdict=on_verdict)
    code = code_of(verdict.error for verdict in verdicts if verdict.error is not None)
    if as_json:
        from dingmi_mark.cli.shown import print_shown

        shown = {"files": [print_shown(verdict) for verdict in verdicts]}
        tell_json("failed" if code else "ok", code, result=shown)
    return code


def user() -> str:
    """Return the user of this computer, empty where he has no name."""
    try:
        return getuser()
    except (OSError, KeyError):  # a user without a name; Python 3.13 raises OSError alone
        return ""


def _tell(verdict: PrintVerdict) -> None:
    if verdict.error is None:
        tell(say("May be printed: {file}", file=harmless(str(verdict.file))))
    else:
        tell_error(verdict.error)


def code_of(stopped: Iterable[DingmiError]) -> ExitCode:
    """Return the code for files that do not print: a refusal goes before a job that is held."""
    codes = {error.code for error in stopped}
    return max(codes, key=lambda code: code is ExitCode.PRINT_REFUSED, default=ExitCode.OK)
