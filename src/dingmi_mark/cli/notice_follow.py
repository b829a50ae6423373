"""`notice follow`: drafts of the notices that should follow a changed or released source."""

from __future__ import annotations

from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.notice_desk import notice_desk
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import harmless, words
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say


@click.command(
    "follow",
    cls=Command,
    help=N_(
        "Write drafts of the notices that should follow where a source was changed or released."
    )
    + "\n\n"
    + N_(
        "One TOML file for the papers that follow a source in the same way; nothing is signed or "
        "registered. What somebody has to decide first is only listed."
    ),
)
@click.argument(
    "number",
    metavar=N_("[NUMBER]"),
    required=False,
    default="",
    cls=Argument,
    explained=N_("The 文号 of what changed the source; everything that waits if left out."),
)
@click.option(
    "--out",
    metavar=N_("DIR"),
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    cls=Option,
    help=N_("The folder for the drafts; no file in it is overwritten."),
)
@json_option()
@click.pass_obj
def follow_command(session: Session, number: str, out: Path, as_json: bool) -> None:
    """Write the drafts."""
    from dingmi_mark.pipeline.follow_notices import write_follow_notices

    with notice_desk(session, ()) as desk:
        made = write_follow_notices(number.strip(), out, desk, told=words)
    if as_json:
        files = [
            {"file": str(file), "papers": [paper.document_id for paper in one.papers]}
            for file, one in made.files
        ]
        open_ = [{"document": one.document.id, "says": words(one.what)} for one in made.undecided]
        tell_json("ok", ExitCode.OK, result={"files": files, "undecided": open_})
        return
    if not made.files and not made.undecided:
        tell(say("Nothing has to follow."))
        return
    for file, one in made.files:
        names = "、".join(harmless(paper.name) for paper in one.papers)
        tell_line(f"  {harmless(str(file))}  {names}")
    if made.files:
        tell(
            say(
                "{count} draft(s) written, signed by nobody. Fill them in, then: dingmi-mark "
                "notice check FILE",
                count=len(made.files),
            )
        )
    if made.undecided:
        tell(say("To be decided first ({count}):", count=len(made.undecided)))
    for left in made.undecided:
        tell_line(f"  {harmless(left.document.name)}  {words(left.what)}")
