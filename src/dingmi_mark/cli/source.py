"""`source`: register classified documents from outside, list them, show one, change one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.credentials import password_in, password_option
from dingmi_mark.cli.grammar import Argument, Family, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.source_lines import (
    document_shown,
    mark_of,
    state_of,
    tell_added,
    tell_document,
)
from dingmi_mark.cli.source_typed import limits_from, period_from, points_from, values_options
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.domain.source_values import SourceValues
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.domain.known import KnownDocument
    from dingmi_mark.domain.rules.sources import SourceTerm
    from dingmi_mark.pipeline.source_adding import Register

HELP = N_("Register classified documents from outside, and see those that are known.")


@click.group("source", cls=Family, help=HELP)
def source_command() -> None:
    """Hold the commands of sources."""


@contextmanager
def register(session: Session) -> Iterator[Register]:
    """Open what registering needs."""
    from dingmi_mark.domain.office_time import office_day
    from dingmi_mark.pipeline.source_adding import Register
    from dingmi_mark.store.lawbook import read_lawbook

    office, now = session.office(), session.now()
    with session.ledger(office) as ledger:
        yield Register(office, ledger, read_lawbook(office.profile), office_day(now), now)


@source_command.command(
    "add",
    help=N_("Register a classified document from outside, so that papers may be derived from it.")
    + "\n\n"
    + N_(
        "Level and period are read from the label of a file marked by this program, else from the "
        "mark on the first page. What neither tells is asked for, and what is known is not. A scan "
        "has no text: there everything is typed."
    ),
)
@click.argument(
    "file",
    metavar=N_("FILE"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The document: any format that can be marked or converted."),
)
@values_options()
@click.option("--title", metavar=N_("TITLE"), default="", cls=Option, help=N_("Its title."))
@click.option("--number", metavar=N_("文号"), default="", cls=Option, help=N_("Its 文号."))
@click.option(
    "--organ", metavar=N_("ORGAN"), default="", cls=Option, help=N_("The organ that decided it.")
)
@click.option(
    "--point",
    "points",
    metavar=N_("ID=MARK"),
    multiple=True,
    cls=Option,
    help=N_("A classified point it states: 1=机密 or 1=机密★5年. May be repeated."),
)
@click.option(
    "--limit",
    "limits",
    metavar=N_("LIMIT"),
    multiple=True,
    cls=Option,
    help=N_(
        "A limit on its use: 须经原定密机关同意, 不得复制, 不得摘录, 不得汇编. May be repeated."
    ),
)
@click.option(
    "--correct",
    "reason",
    metavar=N_("REASON"),
    default="",
    cls=Option,
    help=N_("What is typed goes before what the file shows or the ledger holds, for this reason."),
)
@password_option()
@json_option()
@click.pass_obj
def add(
    session: Session,
    file: Path,
    level: str | None,
    period: str,
    issue_date: datetime | None,
    released: datetime | None,
    scope: tuple[str, ...],
    title: str,
    number: str,
    organ: str,
    points: tuple[str, ...],
    limits: tuple[str, ...],
    reason: str,
    password_file: Path | None,
    as_json: bool,
) -> None:
    """Register a document."""
    from dingmi_mark.pipeline.source_adding import add_source

    typed = SourceValues(
        level=SecrecyLevel(level) if level else None,
        period=period_from(period),
        issue_day=_day(issue_date),
        title=" ".join(title.split()),
        document_number=number.strip(),
        organ=organ.strip(),
        scope=tuple(entry.strip() for entry in scope),
        points=points_from(points),
        limits=limits_from(limits),
        released=_day(released),
    )
    with register(session) as desk:
        added = add_source(file, typed, reason, desk, password_in(password_file))
    if as_json:
        result = {
            "status": added.status.value,
            "origin": {name: where.value for name, where in added.origin.items()},
            "remarks": [words(one) for one in added.remarks],
            "document": document_shown(added.document, added.term),
        }
        tell_json("ok", ExitCode.OK, result=result)
        return
    tell_added(file, added)


@source_command.command("list", help=N_("List the documents that papers may be derived from."))
@click.option(
    "--all",
    "whole",
    is_flag=True,
    cls=Option,
    help=N_("Those marked by this office too."),
)
@json_option()
@click.pass_obj
def list_sources(session: Session, whole: bool, as_json: bool) -> None:
    """List the known documents."""
    from dingmi_mark.pipeline.known import known_documents, titled

    with register(session) as desk:
        known = known_documents(desk.ledger).documents
        found = [
            titled(one, desk.office) for one in known if one.in_force and (whole or not one.is_own)
        ]
        rows = [(one, _term_of(one, desk)) for one in found]
        today = desk.today
    if as_json:
        result = {"documents": [document_shown(one, term) for one, term in rows]}
        tell_json("ok", ExitCode.OK, result=result)
        return
    for one, term in rows:
        facts = (one.id[:8], one.name, mark_of(one, term), words(state_of(one, today)), one.title)
        tell_line("  ".join(harmless(fact) for fact in facts if fact))
    tell(say("{count} document(s).", count=len(rows)))


@source_command.command("show", help=N_("Show what the ledger knows of a document."))
@click.argument(
    "name",
    metavar=N_("ID|文号"),
    cls=Argument,
    explained=N_("Its id or the beginning of it, its 文号, or the number of its approval."),
)
@json_option()
@click.pass_obj
def show_source(session: Session, name: str, as_json: bool) -> None:
    """Show a document."""
    from dingmi_mark.pipeline.known import known_documents, the_document, titled

    with register(session) as desk:
        found = titled(the_document(known_documents(desk.ledger), name), desk.office)
        term, today = _term_of(found, desk), desk.today
    if as_json:
        tell_json("ok", ExitCode.OK, result={"document": document_shown(found, term)})
        return
    tell_document(found, term, {})
    tell(state_of(found, today))


@source_command.command(
    "change",
    help=N_("Enter a notice of the originator: its document was changed or released.")
    + "\n\n"
    + N_("What was derived from it, and what should follow, is told: dingmi-mark lineage."),
)
@click.argument(
    "name",
    metavar=N_("ID|文号"),
    cls=Argument,
    explained=N_("Its id or the beginning of it, or its 文号."),
)
@click.option(
    "--basis", required=True, metavar=N_("文号"), cls=Option, help=N_("The 文号 of the notice.")
)
@click.option(
    "--date",
    "day",
    required=True,
    metavar=N_("DAY"),
    type=click.DateTime(["%Y-%m-%d"]),
    cls=Option,
    help=N_("The day of the notice."),
)
@values_options()
@json_option()
@click.pass_obj
def change(
    session: Session,
    name: str,
    basis: str,
    day: datetime,
    level: str | None,
    period: str,
    issue_date: datetime | None,
    released: datetime | None,
    scope: tuple[str, ...],
    as_json: bool,
) -> None:
    """Enter a notice."""
    from dingmi_mark.domain.lineage import Lineage
    from dingmi_mark.pipeline.known import known_documents
    from dingmi_mark.pipeline.source_changing import SourceNotice, change_source

    notice = SourceNotice(
        basis=basis.strip(),
        day=day.date(),
        level=SecrecyLevel(level) if level else None,
        period=period_from(period),
        issue_day=_day(issue_date),
        scope=tuple(entry.strip() for entry in scope),
        released=_day(released),
    )
    with register(session) as desk:
        found = change_source(name, notice, desk)
        term, today = _term_of(found, desk), desk.today
        kin = Lineage(known_documents(desk.ledger)).descendants(found)
    count = len({one.document.id for one in kin})
    if as_json:
        result = {"document": document_shown(found, term), "descendants": count}
        tell_json("ok", ExitCode.OK, result=result)
        return
    tell_document(found, term, {})
    tell(state_of(found, today))
    if count:
        tell_note(
            say(
                "{count} document(s) come from it. What follows: dingmi-mark lineage {id} "
                "--waiting",
                count=count,
                id=found.id[:8],
            )
        )


def _term_of(document: KnownDocument, desk: Register) -> SourceTerm:
    from dingmi_mark.domain.rules.sources import term_of

    return term_of(document.as_source(), desk.lawbook.rows, desk.today)


def _day(typed: datetime | None) -> date | None:
    return typed.date() if typed else None
