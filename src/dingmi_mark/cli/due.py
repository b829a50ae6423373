"""`due`: what expires, by officer, what is over, and what waits for a condition."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import gettext
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Command, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.domain.due import DueKind
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from datetime import date

    from dingmi_mark.pipeline.due import DueLine

HELP = N_("List the secrets whose periods end, by officer, and those that wait for a condition.")
MORE = N_(
    "Without --days it is the reminder of the office (office.toml, reminder_months). What is over "
    "and still out comes first; a condition waits until somebody decides about it."
)

KINDS: Mapping[DueKind, str] = MappingProxyType(
    {
        DueKind.OVER: N_("over"),
        DueKind.ENDING: N_("ends"),
        DueKind.CONDITION: N_("condition"),
    }
)


@click.command("due", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.option(
    "--days",
    metavar=N_("DAYS"),
    type=click.IntRange(1, 36_500),
    cls=Option,
    help=N_("What ends within so many days, such as 30, 90 or 365."),
)
@click.option(
    "--out",
    metavar=N_("FILE"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("A new CSV file for the list."),
)
@json_option()
@click.pass_obj
def due_command(session: Session, days: int | None, out: Path | None, as_json: bool) -> None:
    """List what is due."""
    from dingmi_mark.pipeline.due import due_lines, write_due

    office = session.office()
    with session.ledger(office) as ledger:
        lines = due_lines(office, ledger, session.today, days)
    if out is not None:
        kinds = {kind.value: gettext(text) for kind, text in KINDS.items()}
        write_due(lines, session.today, out, kinds)
        tell_note(say("Written: {file}", file=str(out)))
    if as_json:
        shown = [_shown(line, session.today) for line in lines]
        tell_json("ok", ExitCode.OK, result={"due": shown})
        return
    for officer, group in groupby(lines, key=lambda line: line.officer):
        tell_line(harmless(officer) or words(say("officer not known here")))
        for line in group:
            _tell_line(line, session.today)
    if not lines:
        tell(say("Nothing is due."))


def _tell_line(line: DueLine, today: date) -> None:
    due = line.due
    state = due.secret.state_on(today)
    mark = f"{state.level.value}★{state.period}"
    facts = (due.secret.approval_number, due.secret.document_number, mark)
    told = "  ".join(harmless(fact) for fact in facts if fact)
    tell_line(f"  [{gettext(KINDS[due.kind])}] {told}  {words(_what(line, today))}")


def _what(line: DueLine, today: date) -> Message:
    due, days = line.due, line.due.days(today)
    if due.kind is DueKind.OVER and days is not None:
        over = say(
            "last secret day {day}, {days} day(s) ago, {count} copies out",
            day=str(due.last),
            days=-days,
            count=due.secret.out,
        )
        return over
    if due.kind is DueKind.ENDING and days is not None:
        return say("last secret day {day}, in {days} day(s)", day=str(due.last), days=days)
    return say("decide whether it has come about")


def _shown(line: DueLine, today: date) -> dict[str, Any]:
    due = line.due
    state = due.secret.state_on(today)
    return {
        "kind": due.kind.value,
        "officer": line.officer,
        "approval": due.secret.approval_number,
        "document_number": due.secret.document_number,
        "document": due.secret.id,
        "level": state.level.value,
        "period": state.period,
        "last_secret_day": due.last.isoformat() if due.last else "",
        "days": due.days(today),
        "out": due.secret.out,
    }
