"""`stamp`: the templates of marks and stamps, to see and to check."""

from __future__ import annotations

from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, Family, Option, json_option
from dingmi_mark.cli.options import files_argument
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.stamp_lines import template_lines
from dingmi_mark.cli.telling import tell, tell_error, tell_json, tell_line
from dingmi_mark.cli.wide import columns
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.errors import DingmiError, ExitCode
from dingmi_mark.messages import N_, say


@click.group("stamp", cls=Family, help=N_("See and check the templates of marks and stamps."))
def stamp_command() -> None:
    """Hold the commands of templates."""


@stamp_command.command(
    "list", help=N_("List all templates; the office's own win over bundled ones.")
)
@json_option()
@click.pass_obj
def list_templates(session: Session, as_json: bool) -> int:
    """List the templates."""
    from dingmi_mark.store.templates import known_templates, read_template

    rows, shown, code = [], [], ExitCode.OK
    for name, file in known_templates(_own_stamps(session)).items():
        try:
            template = read_template(file)
        except DingmiError as error:
            code = error.code
            rows.append((name, "", words(say("cannot be used")), str(file)))
            shown.append({"name": name, "file": str(file), "usable": False})
            continue
        origin = say("bundled") if template.bundled else say("the office's own")
        rows.append((name, template.kind.value, words(origin), template.title))
        shown.append({"name": name, "file": str(file), "usable": True, "title": template.title})
    if as_json:
        tell_json("failed" if code else "ok", code, result={"templates": shown})
        return code
    for line in columns([tuple(map(harmless, row)) for row in rows]):
        tell_line(line)
    return code


@stamp_command.command("show", help=N_("Show what a template puts where, and on which authority."))
@click.argument(
    "name",
    metavar=N_("NAME"),
    cls=Argument,
    explained=N_("The template's name, as stamp list shows it."),
)
@click.pass_obj
def show(session: Session, name: str) -> None:
    """Show a template."""
    from dingmi_mark.store.templates import find_template

    for line in template_lines(find_template(name, _own_stamps(session))):
        tell_line(line)


@stamp_command.command("check", help=N_("Check template files and tell all their faults."))
@files_argument(N_("Template files (TOML)."))
def check(files: tuple[Path, ...]) -> int:
    """Check the files."""
    from dingmi_mark.store.templates import read_template

    code = ExitCode.OK
    for file in files:
        try:
            template = read_template(file)
        except DingmiError as error:
            code = error.code
            tell_line(f"✗ {harmless(str(file))}")
            tell_error(error)
        else:
            tell(say("✓ {file}  {title}", file=str(file), title=template.title))
    return code


@stamp_command.command("preview", help=N_("Draw a template with example words into a picture."))
@click.argument(
    "name",
    metavar=N_("NAME"),
    cls=Argument,
    explained=N_("The template's name, as stamp list shows it."),
)
@click.option(
    "--out",
    metavar=N_("PNG"),
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    cls=Option,
    help=N_("The new picture."),
)
@click.pass_obj
def preview(session: Session, name: str, out: Path) -> None:
    """Draw a template."""
    from dingmi_mark.pipeline.stamp_preview import preview as drawn
    from dingmi_mark.store.new_file import new_file

    picture = drawn(name, session.office_if_any())
    with new_file(out) as stream:
        picture.save(stream, "PNG")
    tell(say("Drawn: {file}", file=str(out)))


def _own_stamps(session: Session) -> Path | None:
    office = session.office_if_any()
    return office.stamps if office else None
