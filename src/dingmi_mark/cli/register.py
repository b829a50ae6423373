"""`register`: 定密台账, every secret of the office on a line of its own."""

from __future__ import annotations

from pathlib import Path

import click

from dingmi_mark.cli.grammar import Command, Option, json_option
from dingmi_mark.cli.options import table_option
from dingmi_mark.cli.register_lines import register_shown, tell_made, tell_rows, year_given
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell_json, tell_note
from dingmi_mark.cli.words import words
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

HELP = N_("Make the register of classified matters (定密台账) from the ledger.")
MORE = N_(
    "One line a document, however many copies it has. Titles are not in the ledger: their column "
    "stays for the pen."
)


@click.command("register", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.option(
    "--year",
    metavar=N_("YEAR"),
    type=int,
    cls=Option,
    help=N_("Only what was determined in this year; else everything."),
)
@table_option()
@json_option()
@click.pass_obj
def register_command(session: Session, year: int | None, out: Path | None, as_json: bool) -> None:
    """Make the register."""
    from dingmi_mark.forms.register_definition import REGISTER
    from dingmi_mark.pipeline.registers import BOOK, CSV, made_registers, write_register

    if year is not None:
        year_given(year, session.today)
    if out is not None and out.suffix.lower() not in (BOOK, CSV):
        raise click.UsageError(words(say("The name of the file must end in .xlsx or .csv.")))
    office = session.office()
    with session.ledger(office) as ledger:
        (made,) = made_registers((REGISTER,), year, office, ledger, session.today)
    files = write_register(made, out) if out is not None else ()
    if as_json:
        shown = {**register_shown(made), "files": [str(file) for file in files]}
        tell_json("ok", ExitCode.OK, result=shown)
        return
    tell_made(made)
    if out is None:
        tell_rows(made)
    for file in files:
        tell_note(say("Written: {file}", file=str(file)))
