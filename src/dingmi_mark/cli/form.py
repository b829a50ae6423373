"""`form`: the paper forms of the procedure, blank ones made and filled-in ones read."""

from __future__ import annotations

from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, Family, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import harmless
from dingmi_mark.messages import N_, say


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
            {"name": form.name, "title": form.title, "own": str(own[form.name] or "")}
            for form in forms
        ]
        tell_json("ok", 0, result={"forms": result})
        return
    for form in forms:
        tell_line(f"{form.name}  {form.title}")
        if (file := own[form.name]) is not None:
            tell(say("the unit's own: {file}", file=str(file)), indent=4)


@form_command.command("make", help=N_("Make a blank form for printing or filling in."))
@click.argument(
    "name", metavar=N_("FORM"), cls=Argument, explained=N_("Its name, as form list gives it.")
)
@click.option(
    "--out",
    required=True,
    metavar=N_("FILE.docx"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("The new file; never over another."),
)
@click.option(
    "--all", "whole", is_flag=True, cls=Option, help=N_("With the parts that are rarely needed.")
)
@click.pass_obj
def make_form(session: Session, name: str, out: Path, whole: bool) -> None:
    """Make a blank form."""
    from dingmi_mark.forms.definition import read_form
    from dingmi_mark.forms.filled import Filled
    from dingmi_mark.pipeline.printing import made_form
    from dingmi_mark.store.new_file import new_file

    made = made_form(read_form(name), Filled({}), session.office_if_any(), whole=whole)
    with new_file(out) as stream:
        stream.write(made.content)
    tell(say("Made: {file}", file=str(out)))


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
def show_form(name: str, file: Path, as_json: bool) -> None:
    """Read a form."""
    from dingmi_mark.forms.definition import read_form
    from dingmi_mark.forms.reading import read_filled

    filled = read_filled(file, read_form(name))
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
