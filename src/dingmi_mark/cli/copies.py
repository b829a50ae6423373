"""`copies`: which copies of an approved paper there are, and which came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, F, Family, Option, json_option
from dingmi_mark.cli.options import number_argument, table_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import words
from dingmi_mark.domain.copies import ReturnedHow
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say


def _copies_argument() -> Callable[[F], F]:
    return click.argument(
        "copies",
        metavar=N_("COPY"),
        nargs=-1,
        cls=Argument,
        explained=N_(
            "Copy numbers, such as 000001 or 拟定-000001; none for the only one that is out."
        ),
    )


def _day_option() -> Callable[[F], F]:
    return click.option(
        "--day",
        metavar=N_("DATE"),
        type=click.DateTime(["%Y-%m-%d"]),
        cls=Option,
        help=N_("The day it happened; else today."),
    )


@click.group(
    "copies",
    cls=Family,
    help=N_("See the copies of a paper, and register who got them and what became of them."),
)
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
    from dingmi_mark.cli.copies_lines import copy_line, copy_shown
    from dingmi_mark.pipeline import clock
    from dingmi_mark.pipeline.circulating import courses_of
    from dingmi_mark.pipeline.copying import copies_allowed
    from dingmi_mark.pipeline.numbering import numbers_left
    from dingmi_mark.pipeline.returning import copies_of

    office = session.office()
    with session.ledger(office) as ledger:
        copies = copies_of(number, office, ledger)
        known = {course.copy: course for course in courses_of(number, office, ledger)}
        allowed = copies_allowed(number, office, ledger, clock.today())
        left = tuple(numbers_left(number, allowed, ledger))
    if as_json:
        shown = [copy_shown(copy, known.get(copy)) for copy in copies]
        tell_json("ok", ExitCode.OK, result={"copies": shown})
        return
    rows = [copy_line(copy, known.get(copy)) for copy in copies]
    for line in columns(rows):
        tell_line(line)
    out = sum(copy.is_out for copy in copies)
    tell(say("{out} of {total} copies are out.", out=out, total=len(copies)))
    for counted in left:
        tell(counted)


@copies_command.command(
    "return", help=N_("Register that copies came back, were destroyed, or are void.")
)
@number_argument()
@_copies_argument()
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
@_day_option()
@click.pass_obj
def return_command(
    session: Session, number: str, copies: tuple[str, ...], by: str, how: str, day: datetime | None
) -> None:
    """Register returns."""
    from dingmi_mark.pipeline.returning import copies_of, return_copies

    _one_line_each(by)
    happened = _happened(day, session)
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

    _one_line_each(by)
    with session.ledger(session.office()) as ledger:
        done = register_spoiled(number, copy, by, session.today, ledger)
    tell(say("{copy}: spoiled sheet registered; it may print once more.", copy=done.copy_number))


@copies_command.command(
    "approve",
    help=N_(
        "Register that copies beyond the record's number were approved (复制, 翻印), so that a "
        "guarded queue prints them with their stamp."
    ),
)
@number_argument()
@click.option(
    "--copies",
    metavar=N_("N"),
    type=click.IntRange(min=1),
    required=True,
    cls=Option,
    help=N_("How many copies were approved."),
)
@click.option(
    "--kind",
    type=click.Choice(["复制", "翻印"]),
    default="复制",
    cls=Option,
    help=N_("What is made; else 复制."),
)
@click.option(
    "--approved-by",
    metavar=N_("NAME"),
    default="",
    cls=Option,
    help=N_("The head of the unit (机关负责人) who approved them."),
)
@click.option(
    "--consent",
    metavar=N_("文号"),
    default="",
    cls=Option,
    help=N_("For 绝密: the document by which the originator or its superior agreed."),
)
@click.option("--by", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who registers it."))
@_day_option()
@click.pass_obj
def approve_command(
    session: Session,
    number: str,
    copies: int,
    kind: str,
    approved_by: str,
    consent: str,
    by: str,
    day: datetime | None,
) -> None:
    """Register an approval of copies."""
    from dingmi_mark.domain.copying import CopyKind
    from dingmi_mark.pipeline.copying import Copying, approve_copying

    _one_line_each(by, *filter(None, (approved_by, consent)))
    happened = _happened(day, session)
    asked = Copying(number, CopyKind(kind), copies, approved_by, consent, by, happened)
    office = session.office()
    with session.ledger(office) as ledger:
        done = approve_copying(asked, office, ledger, session.now())
    tell(
        say(
            "{number}: {kind} of {count} copies registered, approved by {name}.",
            number=number,
            kind=done.kind,
            count=done.copies,
            name=done.approved_by,
        )
    )


@copies_command.command("receive", help=N_("Register who got copies, and when."))
@number_argument()
@_copies_argument()
@click.option("--receiver", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who got them."))
@click.option("--by", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who gave them out."))
@_day_option()
@click.pass_obj
def receive_command(
    session: Session,
    number: str,
    copies: tuple[str, ...],
    receiver: str,
    by: str,
    day: datetime | None,
) -> None:
    """Register receipts."""
    from dingmi_mark.pipeline.circulating import Registration, receive_copies

    _one_line_each(receiver, by)
    asked = Registration(number, copies, by, _happened(day, session), session.now())
    office = session.office()
    with session.ledger(office) as ledger:
        done = receive_copies(asked, receiver, office, ledger)
    for entry in done:
        names = {"copy": entry.copy_number or "—", "receiver": receiver}
        tell(say("{copy}: received by {receiver}, {day}", **names, day=entry.day))
    if not all(entry.in_scope for entry in done):
        tell_note(
            say(
                "Neither the 知悉范围 nor the receivers of the record name {receiver}. It was "
                "registered as such: ask the security officer (保密员) whether he may read it.",
                receiver=receiver,
            )
        )


@copies_command.command(
    "destroy", help=N_("Register that two people destroyed copies, one as the witness.")
)
@number_argument()
@_copies_argument()
@click.option("--by", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who destroyed them."))
@click.option(
    "--witness", metavar=N_("NAME"), required=True, cls=Option, help=N_("Who saw it (监销人).")
)
@_day_option()
@click.pass_obj
def destroy_command(
    session: Session,
    number: str,
    copies: tuple[str, ...],
    by: str,
    witness: str,
    day: datetime | None,
) -> None:
    """Register destructions."""
    from dingmi_mark.pipeline.circulating import Registration, destroy_copies

    _one_line_each(by, witness)
    asked = Registration(number, copies, by, _happened(day, session), session.now())
    office = session.office()
    with session.ledger(office) as ledger:
        done = destroy_copies(asked, witness, office, ledger)
    for name in done:
        told = {"copy": name or "—", "day": str(asked.day), "by": by, "witness": witness}
        tell(say("{copy}: destroyed, {day}, {by}; witness {witness}", **told))


@copies_command.command(
    "sheet", help=N_("Make the circulation sheet of a paper (分发、清退登记表).")
)
@number_argument()
@table_option()
@json_option()
@click.pass_obj
def sheet_command(session: Session, number: str, out: Path | None, as_json: bool) -> None:
    """Make the circulation sheet."""
    from dingmi_mark.cli.copies_lines import sheet_lines
    from dingmi_mark.cli.register_lines import register_shown, tell_made
    from dingmi_mark.pipeline.circulating import made_sheet
    from dingmi_mark.pipeline.registers import BOOK, CSV, write_register

    if out is not None and out.suffix.lower() not in (BOOK, CSV):
        raise click.UsageError(words(say("The name of the file must end in .xlsx or .csv.")))
    office = session.office()
    with session.ledger(office) as ledger:
        made = made_sheet(number, office, ledger, session.today)
    files = write_register(made, out) if out is not None else ()
    if as_json:
        shown = {**register_shown(made), "files": [str(file) for file in files]}
        tell_json("ok", ExitCode.OK, result=shown)
        return
    tell_made(made)
    if out is None:
        for line in sheet_lines(made):
            tell_line(line)
    for file in files:
        tell_note(say("Written: {file}", file=str(file)))


def _one_line_each(*names: str) -> None:
    from dingmi_mark.store.strict_toml import not_one_line

    if any(not_one_line(name) is not None for name in names):
        raise click.UsageError(words(say("A name is one line of text.")))


def _happened(day: datetime | None, session: Session) -> date:
    happened = day.date() if day else session.today
    if happened > session.today:
        raise click.UsageError(words(say("This day has not come yet.")))
    return happened
