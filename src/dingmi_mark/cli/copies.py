"""`copies`: which copies of an approved paper there are, and which came back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Argument, Family, Option, json_option
from dingmi_mark.cli.options import number_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.domain.copies import ReturnedHow
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.domain.copies import RegisteredCopy


@click.group("copies", cls=Family, help=N_("See the copies of a paper, and register returns."))
def copies_command() -> None:
    """Hold the commands of copies."""


@copies_command.command(
    "list", help=N_("List all copies made under an approval number, provisional ones too.")
)
@number_argument()
@json_option()
@click.pass_obj
def list_copies(session: Session, number: str, as_json: bool) -> None:
    """List the copies."""
    from dingmi_mark.pipeline.returning import copies_of

    office = session.office()
    with session.ledger(office) as ledger:
        copies = copies_of(number, office, ledger)
    if as_json:
        tell_json("ok", ExitCode.OK, result={"copies": [_shown(copy) for copy in copies]})
        return
    rows = [
        (harmless(copy.name or "—"), _standing(copy), harmless(copy.receiver), harmless(copy.file))
        for copy in copies
    ]
    for line in columns(rows):
        tell_line(line)
    out = sum(copy.is_out for copy in copies)
    tell(say("{out} of {total} copies are out.", out=out, total=len(copies)))


@copies_command.command(
    "return", help=N_("Register that copies came back, were destroyed, or are void.")
)
@number_argument()
@click.argument(
    "copies",
    metavar=N_("COPY"),
    nargs=-1,
    cls=Argument,
    explained=N_("Copy numbers, such as 000001 or 拟定-000001; none for the only one that is out."),
)
@click.option(
    "--by", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who takes them back.")
)
@click.option(
    "--how",
    required=True,
    type=click.Choice([how.value for how in ReturnedHow]),
    cls=Option,
    help=N_("What became of them."),
)
@click.option(
    "--day",
    metavar=N_("DATE"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("The day it happened; else today."),
)
@click.pass_obj
def return_command(
    session: Session, number: str, copies: tuple[str, ...], by: str, how: str, day: datetime | None
) -> None:
    """Register returns."""
    from dingmi_mark.pipeline.returning import copies_of, return_copies
    from dingmi_mark.store.strict_toml import not_one_line

    if not_one_line(by) is not None:
        raise click.UsageError(words(say("A name is one line of text.")))
    happened = day.date() if day else session.today
    if happened > session.today:
        raise click.UsageError(words(say("This day has not come yet.")))
    office = session.office()
    with session.ledger(office) as ledger:
        known = copies_of(number, office, ledger)
        kept = (ReturnedHow(how), by, happened, ledger, session.now())
        done = return_copies(known, copies, *kept)
    for copy in done:
        tell(
            say(
                "{copy}: {how}, {day}, {by}",
                copy=copy.name or "—",
                how=how,
                day=str(happened),
                by=by,
            )
        )


@copies_command.command(
    "spoiled",
    help=N_("Register that a printed copy jammed or was spoiled, so that it prints once more."),
)
@number_argument()
@click.argument(
    "copy", metavar=N_("COPY"), cls=Argument, explained=N_("The copy number, such as 000001.")
)
@click.option(
    "--by", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who keeps the spoiled sheet.")
)
@click.pass_obj
def spoiled_command(session: Session, number: str, copy: str, by: str) -> None:
    """Register a spoiled sheet."""
    from dingmi_mark.pipeline.issuing import register_spoiled
    from dingmi_mark.store.strict_toml import not_one_line

    if not_one_line(by) is not None:
        raise click.UsageError(words(say("A name is one line of text.")))
    with session.ledger(session.office()) as ledger:
        done = register_spoiled(number, copy, by, session.today, ledger)
    tell(say("{copy}: spoiled sheet registered; it may print once more.", copy=done.copy_number))


def _standing(copy: RegisteredCopy) -> str:
    return (
        words(say("out"))
        if copy.is_out
        else f"{_how(copy.how)} {copy.day} {harmless(copy.by)}".strip()
    )


def _how(how: str) -> str:
    from dingmi_mark.domain.provisional import REMOVED

    return words(say("removed")) if how == REMOVED else how


def _shown(copy: RegisteredCopy) -> dict[str, Any]:
    return {
        "number": copy.approval_number,
        "copy": copy.name,
        "provisional": copy.provisional is not None,
        "receiver": copy.receiver,
        "file": copy.file,
        "out": copy.is_out,
        "how": copy.how,
        "by": copy.by,
        "day": copy.day,
    }
