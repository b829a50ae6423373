"""`notice import`: a filled change-approval form becomes the file of a notice."""

from __future__ import annotations

from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, Command
from dingmi_mark.cli.notice_desk import notice_desk
from dingmi_mark.cli.options import new_file_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_note
from dingmi_mark.messages import N_, say


@click.command(
    "import",
    cls=Command,
    help=N_("Take a filled form (变更、解除审批表, DOCX) over as a notice.")
    + "\n\n"
    + N_(
        "All faults are told at once, each by its cell, and nothing is written when anything is "
        "wrong. The notice is checked and signed afterwards like any other."
    ),
)
@click.argument(
    "form",
    metavar=N_("FORM.docx"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The form that form make change-approval made, filled in and decided."),
)
@new_file_option(N_("NOTICE"))
@click.pass_obj
def import_command(session: Session, form: Path, out: Path) -> None:
    """Take a form over."""
    from dingmi_mark.pipeline.notice_forms import import_notice

    with notice_desk(session, ()) as desk:
        read = import_notice(form, out, desk)
    tell(say("Written: {file}", file=str(out)))
    if read.left:
        names = "、".join(read.left)
        tell_note(say("A notice has no place for these; keep the form: {names}.", names=names))
    tell(say("Check it: dingmi-mark notice check {file}", file=str(out)))
