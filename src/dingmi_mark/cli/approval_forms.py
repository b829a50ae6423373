"""`approval new`, `approval form`, `approval import`: the ways in for approval records."""

from __future__ import annotations

from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, Command, Option
from dingmi_mark.cli.options import (
    files_argument,
    new_file_option,
    refuse_other_than_word,
    whole_option,
)
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_error, tell_note
from dingmi_mark.cli.words import words
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say

FORMATS = ("toml", "json", "xlsx", "docx")

NEW = N_("Begin a record: a file, a table of many, or a paper form to be filled in.")
FORM = N_(
    "Make the approval form (定密审核审批表) for printing or filling in, blank or of a record."
)
IMPORT = N_("Take filled-in forms, tables and records over as records of another format.")


@click.command(
    "new",
    cls=Command,
    help=NEW
    + "\n\n"
    + N_(
        "What is known of the drafts is filled in: file name, digest, a title that stands plainly "
        "in the text, the organ, the next number by the office's pattern. Level and period never "
        "are."
    ),
)
@click.argument(
    "drafts",
    metavar=N_("DRAFT"),
    nargs=-1,
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The drafts the records are for; several go into one table."),
)
@click.option(
    "--as",
    "fmt",
    type=click.Choice(FORMATS),
    cls=Option,
    help=N_("toml and json for editors, xlsx a table, docx a form; else by the ending of --out."),
)
@new_file_option(N_("FILE"))
@whole_option()
@click.pass_obj
def new_command(
    session: Session, drafts: tuple[Path, ...], fmt: str | None, out: Path, whole: bool
) -> None:
    """Begin records."""
    from dingmi_mark.forms.records import Format
    from dingmi_mark.pipeline.entering import new_bytes, new_records
    from dingmi_mark.pipeline.record_numbers import next_numbers
    from dingmi_mark.store.new_file import new_file

    kind = Format(_format(fmt, out))
    if len(drafts) > 1 and kind is not Format.XLSX:
        raise click.UsageError(words(say("Several drafts go into a table: --as xlsx")))
    office = session.office()
    with session.ledger_if_any(office) as ledger:
        numbers = next_numbers(office, ledger, session.today.year)
    tables = new_records(drafts, office, numbers.each())
    content = new_bytes(tables, kind, office, whole=whole)
    with new_file(out) as stream:
        stream.write(content)
    tell(say("To be filled in: {file} ({count} record(s))", file=str(out), count=len(tables)))
    for draft, each in zip(drafts, tables, strict=False):
        if "title" not in each["draft"]:
            tell_note(say("No title stands plainly in {draft}; fill it in.", draft=str(draft)))
    tell_note(numbers.told)
    tell_note(say("Then check it: dingmi-mark approval check {file}", file=str(out)))


@click.command(
    "form",
    cls=Command,
    help=FORM
    + "\n\n"
    + N_(
        "A form of the unit in the folder forms of the office (approval.docx) is used in place of "
        "ours."
    ),
)
@click.argument(
    "record",
    metavar=N_("RECORD|NUMBER"),
    required=False,
    type=click.Path(),
    cls=Argument,
    explained=N_("A record's file, or its number in the office; none gives a blank form."),
)
@new_file_option(N_("FILE.docx"))
@whole_option()
@click.pass_obj
def form_of_record_command(session: Session, record: str | None, out: Path, whole: bool) -> None:
    """Make the form."""
    from dingmi_mark.forms.definition import read_form
    from dingmi_mark.forms.filled import Filled, filled_from
    from dingmi_mark.forms.records import APPROVAL
    from dingmi_mark.pipeline.printing import made_form, record_named
    from dingmi_mark.store.new_file import new_file

    refuse_other_than_word(out)
    office = session.office() if record else session.office_if_any()
    filled = Filled({})
    if record and office:
        filled = filled_from(record_named(record, office))
    made = made_form(read_form(APPROVAL), filled, office, whole=whole)
    with new_file(out) as stream:
        stream.write(made.content)
    tell(say("Made: {file}", file=str(out)))
    if made.left_out:
        names = "、".join(made.left_out)
        tell_note(
            say("The unit's form has no cell for: {names}. The record keeps it.", names=names)
        )


@click.command(
    "import",
    cls=Command,
    help=IMPORT
    + "\n\n"
    + N_(
        "All faults are told at once, each by its cell, and nothing is written when anything is "
        "wrong. Files that are there are never replaced."
    ),
)
@files_argument(N_("Tables (.xlsx), forms (.docx), records (.toml, .json)."))
@click.option(
    "--into",
    required=True,
    metavar=N_("DIR"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("The folder for the records."),
)
@click.option(
    "--as",
    "fmt",
    type=click.Choice(FORMATS),
    default="toml",
    cls=Option,
    help=N_("What to write: one file a record (toml, json, docx), or one table (xlsx)."),
)
@click.pass_obj
def import_command(session: Session, files: tuple[Path, ...], into: Path, fmt: str) -> int:
    """Take records over."""
    from dingmi_mark.forms.records import Format
    from dingmi_mark.pipeline.entering import import_records

    taken = import_records(files, into, Format(fmt), session.limits())
    for error in taken.errors:
        tell_error(error)
    if taken.errors:
        tell_note(say("Nothing was written."))
        return taken.errors[0].code if len(taken.errors) == 1 else ExitCode.BATCH_PARTLY_FAILED
    for path in taken.written:
        tell(say("Written: {file}", file=str(path)))
    tell(say("{count} record(s) taken over.", count=taken.records))
    return ExitCode.OK


def _format(fmt: str | None, out: Path) -> str:
    """Return the format asked for; the ending of the name must not say another."""
    ending = out.suffix.lower().removeprefix(".")
    if fmt is None and ending in FORMATS:
        return ending
    if fmt is None or ending != fmt:
        ends = "、".join(f".{each}" for each in ([fmt] if fmt else FORMATS))
        raise click.UsageError(words(say("The name of --out ends in {ends}", ends=ends)))
    return fmt
