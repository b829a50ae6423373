"""`statistics`: the yearly tables, from the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.register_lines import register_shown, tell_made, tell_table, year_given
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell_json, tell_note
from dingmi_mark.cli.words import words
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

HELP = N_("Make the yearly statistics of secrets from the ledger, for any year.")
MORE = N_(
    "Three tables: secrets held, secrets produced, changes and releases. Documents are counted, "
    "not copies; provisional and void marks are not. In workbooks every number is a formula over "
    "the rows."
)


@click.command("statistics", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.argument(
    "year", metavar=N_("YEAR"), type=int, cls=Argument, explained=N_("The year, such as 2026.")
)
@click.option(
    "--out",
    metavar=N_("DIR"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("The folder for the files; without it the tables are shown."),
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["xlsx", "csv"]),
    default="xlsx",
    show_default=True,
    cls=Option,
    help=N_("Workbooks with formulas, or CSV for other programs."),
)
@click.option(
    "--filed-by",
    metavar=N_("NAME"),
    default="",
    cls=Option,
    help=N_("Write down that they were handed in today, and by whom; then nothing reminds of it."),
)
@json_option()
@click.pass_obj
def statistics_command(
    session: Session,
    year: int,
    out: Path | None,
    fmt: Literal["xlsx", "csv"],
    filed_by: str,
    as_json: bool,
) -> None:
    """Make the tables of a year."""
    from dingmi_mark.domain.ledger_reviews import StatisticsFiled
    from dingmi_mark.forms.register_definition import STATISTICS
    from dingmi_mark.pipeline.registers import made_registers, write_all
    from dingmi_mark.store.strict_toml import not_one_line

    year_given(year, session.today)
    if filed_by and not_one_line(filed_by) is not None:
        raise click.UsageError(words(say("A name is one line of text.")))
    office = session.office()
    day = session.today.isoformat()
    with session.ledger(office) as ledger:
        if filed_by:
            ledger.append(StatisticsFiled(year, filed_by, day, session.now()))
        made = made_registers(STATISTICS, year, office, ledger, session.today)
    files = write_all(made, out, f".{fmt}") if out is not None else ()
    if as_json:
        tables = [register_shown(one) for one in made]
        shown = {"year": year, "tables": tables, "files": [str(file) for file in files]}
        tell_json("ok", ExitCode.OK, result=shown)
        return
    if filed_by:
        tell_note(
            say(
                "{year}: handed in on {day} by {name}, by the ledger.",
                year=year,
                day=day,
                name=filed_by,
            )
        )
    for one in made:
        tell_made(one)
        if out is None:
            tell_table(one)
    for file in files:
        tell_note(say("Written: {file}", file=str(file)))
