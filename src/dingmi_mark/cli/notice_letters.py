"""`notice letters` and `notice suggest`: tell who holds copies, or ask who may decide."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, Command, Option, json_option
from dingmi_mark.cli.notice_desk import approvals_option, notice_argument, notice_desk
from dingmi_mark.cli.options import new_file_option, refuse_other_than_word
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import harmless
from dingmi_mark.errors import ExitCode
from dingmi_mark.messages import N_, say


@click.command(
    "letters",
    cls=Command,
    help=N_("Write the letters (书面通知) that tell those who hold copies what a notice changed.")
    + "\n\n"
    + N_(
        "One Word file for every receiver that the records and the register of copies name, with "
        "the 份号 he holds. Others in the scope (知悉范围) are told by people."
    ),
)
@click.argument(
    "number",
    metavar=N_("NUMBER"),
    cls=Argument,
    explained=N_("The number of a registered notice, or its file."),
)
@click.option(
    "--out",
    metavar=N_("DIR"),
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    cls=Option,
    help=N_("The folder for the letters; no file in it is overwritten."),
)
@approvals_option()
@json_option()
@click.pass_obj
def letters_command(
    session: Session, number: str, out: Path, approvals: tuple[Path, ...], as_json: bool
) -> None:
    """Write the letters of a notice."""
    from dingmi_mark.pipeline.change_letters import write_letters
    from dingmi_mark.pipeline.notices import registered_notice

    with notice_desk(session, approvals) as desk:
        told = write_letters(registered_notice(number, desk), out, desk)
    if as_json:
        shown = [{"receiver": one.receiver, "file": str(one.file)} for one in told.letters]
        tell_json("ok", ExitCode.OK, result={"letters": shown, "untold": list(told.untold)})
        return
    for one in told.letters:
        tell_line(f"  {harmless(one.receiver)}  {harmless(str(one.file))}")
    tell(say("{count} letter(s) written; the ledger says so.", count=len(told.letters)))
    _tell_left_out(dict.fromkeys(name for one in told.letters for name in one.left_out))
    if told.untold:
        names = "、".join(harmless(name) for name in told.untold)
        tell_note(
            say("Of these no receiver is known; find out who holds them: {names}", names=names)
        )
    tell_note(say("Others in the scope (知悉范围) are to be told in writing too."))


@click.command(
    "suggest",
    cls=Command,
    help=N_("Make a letter of suggestion (建议函) where another organ alone may decide.")
    + "\n\n"
    + N_(
        "For a notice with the right 其他, of papers that another organ decided on: nothing is "
        "registered and no mark is changed."
    ),
)
@notice_argument()
@new_file_option(N_("FILE.docx"))
@approvals_option()
@click.pass_obj
def suggest_command(session: Session, file: Path, out: Path, approvals: tuple[Path, ...]) -> None:
    """Make a letter of suggestion."""
    from dingmi_mark.pipeline.change_letters import make_suggestion
    from dingmi_mark.store.new_file import new_file
    from dingmi_mark.store.notices import read_notice

    refuse_other_than_word(out)
    with notice_desk(session, approvals) as desk:
        made = make_suggestion(read_notice(file), desk)
    with new_file(out) as stream:
        stream.write(made.content)
    tell(say("A suggestion to {organ}: {file}", organ=made.originator, file=str(out)))
    _tell_left_out(made.left_out)
    tell(say("It changes nothing: until it is answered the marks stay as they are."))


def _tell_left_out(names: Iterable[str]) -> None:
    if missing := "、".join(names):
        tell_note(say("The unit's form has no cell for: {names}.", names=missing))
