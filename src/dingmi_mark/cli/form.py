"""`form`: the paper forms of the procedure, blank ones made and filled-in ones read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.grammar import Argument, Family, Option, json_option
from dingmi_mark.cli.options import new_file_option, refuse_other_than_word, whole_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import finding_lines, harmless, words
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from dingmi_mark.pipeline.form_making import MadeForm


@click.group("form", cls=Family, help=N_("List, make and read the paper forms of the procedure."))
def form_command() -> None:
    """Hold the commands of forms."""


@form_command.command("list", help=N_("List the forms, and which of them the unit has of its own."))
@json_option()
@click.pass_obj
def list_forms(session: Session, as_json: bool) -> None:
    """List the forms."""
    from dingmi_mark.forms.definition import form_names, read_form
    from dingmi_mark.forms.own_form import own_form

    office = session.office_if_any()
    forms = [read_form(name) for name in form_names()]
    own = {form.name: own_form(office.forms, form) if office else None for form in forms}
    if as_json:
        result = [
            {
                "name": form.name,
                "title": form.title,
                "purpose": form.purpose,
                "of": form.subject.value,
                "bases": [str(basis) for basis in form.bases],
                "own": str(own[form.name] or ""),
                "required": list(form.required),
            }
            for form in forms
        ]
        tell_json("ok", 0, result={"forms": result})
        return
    rows = [(form.name, form.title, form.subject.value) for form in forms]
    for form, line in zip(forms, columns(rows), strict=True):
        tell_line(line)
        if (file := own[form.name]) is not None:
            tell(say("the unit's own: {file}", file=str(file)), indent=4)


@form_command.command(
    "make",
    help=N_("Make a form for printing or filling in: blank, or with what the office knows.")
    + "\n\n"
    + N_(
        "Whose data it takes, form list says. What the record does not say stays blank and is "
        "named; what the rules say of a notice, a label or copies is told. A form of the unit in "
        "the folder forms of the office is used in place of ours."
    ),
)
@click.argument(
    "name", metavar=N_("FORM"), cls=Argument, explained=N_("Its name, as form list gives it.")
)
@click.argument(
    "subject",
    metavar=N_("OF"),
    required=False,
    type=click.Path(),
    cls=Argument,
    explained=N_(
        "Whose data: a record's number or file, an organ, the number of a letter of authority, an "
        "officer; none gives a blank form."
    ),
)
@new_file_option(N_("FILE.docx"))
@click.option(
    "--set",
    "given",
    metavar=N_("FIELD=VALUE"),
    multiple=True,
    cls=Option,
    help=N_("Fill in a field that the record does not say, such as 载体名称=光盘; repeatable."),
)
@whole_option()
@click.pass_obj
def make_form(
    session: Session,
    name: str,
    subject: str | None,
    out: Path,
    given: tuple[str, ...],
    whole: bool,
) -> None:
    """Make a form."""
    from dingmi_mark.forms.definition import read_form
    from dingmi_mark.pipeline.form_making import FormDesk, blank_form, filled_form
    from dingmi_mark.store.new_file import new_file

    refuse_other_than_word(out)
    form, values = read_form(name), _given(given)
    if subject is None:
        made = blank_form(form, values, session.office_if_any(), whole=whole)
    else:
        office = session.office()
        desk = FormDesk(office, session.today, session.now(), lambda: session.ledger(office))
        made = filled_form(form, subject, values, desk, whole=whole)
    with new_file(out) as stream:
        stream.write(made.content)
    tell(say("Made: {file}", file=str(out)))
    _tell_made(made)


def _given(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return `FIELD=VALUE` pairs as a mapping."""
    found: dict[str, str] = {}
    for pair in pairs:
        field, equals, value = (part.strip() for part in pair.partition("="))
        if not (field and equals and value) or field in found:
            raise click.UsageError(words(say("--set takes FIELD=VALUE, each field once.")))
        found[field] = value
    return found


def _tell_made(made: MadeForm) -> None:
    if made.blank:
        names = "、".join(made.blank)
        tell_note(say("Blank, since nothing is known of it: {names}.", names=names))
    if made.left_out:
        names = "、".join(made.left_out)
        tell_note(say("The unit's form has no cell for: {names}.", names=names))
    for note in made.notes:
        tell_note(say("Note: {remark}", remark=note))
    if made.findings:
        tell_note(say("What the rules say; settle it before the form is used:"))
    for finding in made.findings:
        for line in finding_lines(finding):
            click.echo(f"  {line}", err=True)


@form_command.command("read", help=N_("Read a filled-in form and show what stands in each field."))
@click.argument(
    "name", metavar=N_("FORM"), cls=Argument, explained=N_("Its name, as form list gives it.")
)
@click.argument(
    "file",
    metavar=N_("FILE"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The filled-in form (.docx)."),
)
@json_option()
@click.pass_obj
def show_form(session: Session, name: str, file: Path, as_json: bool) -> None:
    """Read a form."""
    from dingmi_mark.forms.definition import read_form
    from dingmi_mark.forms.reading import read_filled
    from dingmi_mark.pipeline.records import in_worker

    filled = in_worker(read_filled, (file, read_form(name)), file, session.limits())
    if as_json:
        result = {"form": name, "fields": dict(filled.values), "lists": dict(filled.rows)}
        tell_json("ok", 0, result=result)
        return
    for field, value in filled.values.items():
        if value:
            tell_line(f"{field}  {harmless(' / '.join(str(value).splitlines()))}")
    for rows, entries in filled.rows.items():
        for number, entry in enumerate(entries, 1):
            cells = "，".join(f"{key} {harmless(str(text))}" for key, text in entry.items())
            tell_line(f"{rows}[{number}]  {cells}")
