"""`ledger`: verify, export, anchor, back up and restore; for the security officer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from dingmi_mark.cli.grammar import Argument, F, Family, Option, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line, tell_note
from dingmi_mark.cli.words import local_time, words
from dingmi_mark.errors import ExitCode, LedgerNotFound, OutputExists
from dingmi_mark.messages import N_, Message, say

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office import Office

_BESIDE_SQLITE = ("-wal", "-shm", "-journal")


@click.group("ledger", cls=Family, help=N_("Verify, export, back up and restore the ledger."))
def ledger_command() -> None:
    """Hold the commands of the ledger."""


def _file_option(help_text: str) -> Callable[[F], F]:
    return click.option(
        "--out",
        metavar=N_("FILE"),
        type=click.Path(path_type=Path),
        cls=Option,
        help=help_text,
    )


@ledger_command.command(
    "verify", help=N_("Verify that no entry was changed, removed or put in between.")
)
@click.option(
    "--anchor",
    metavar=N_("FILE"),
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    cls=Option,
    help=N_("An anchor kept elsewhere: it also shows whether the whole ledger was made anew."),
)
@json_option()
@click.pass_obj
def verify(session: Session, anchor: Path | None, as_json: bool) -> int:
    """Tell everything that is wrong with the ledger."""
    office = session.office()
    with session.ledger(office) as ledger:
        findings = ledger.verify()
        if anchor is not None:
            findings += ledger.verify_anchor(_anchor_text(anchor))
        head = ledger.head() if not findings else None
    code = ExitCode.LEDGER_BROKEN if findings else ExitCode.OK
    if as_json:
        result = {
            "sound": not findings,
            "entries": head.seq if head else None,
            "findings": [words(finding) for finding in findings],
        }
        tell_json("failed" if findings else "ok", code, result=result)
    elif head is not None:
        _tell_sound(head.seq, local_time(head.at), anchor is not None)
    else:
        _tell_unsound(findings)
    return code


def _tell_sound(entries: int, at: str, anchored: bool) -> None:
    tell(say("The ledger is sound. Entries: {count}, the last of {at}.", count=entries, at=at))
    if anchored:
        tell(say("It agrees with the anchor."))
    else:
        tell_note(
            say("Compare it with an anchor too (--anchor FILE): only that shows a forged ledger.")
        )


def _tell_unsound(findings: list[Message]) -> None:
    tell(say("The ledger is NOT sound: {count} finding(s).", count=len(findings)))
    for finding in findings:
        tell_line(f"  · {words(finding)}")
    tell_note(
        say(
            "Stop marking. Keep all files of the ledger as they are, tell the security officer, "
            "and restore the last good backup into an empty place."
        )
    )


@ledger_command.command(
    "export", help=N_("Write all entries as CSV or JSON, to read; not to restore from.")
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    cls=Option,
    help=N_("CSV for tables, JSON for programs."),
)
@_file_option(N_("A new file; without it the entries are written to the screen."))
@click.pass_obj
def export(session: Session, fmt: Literal["csv", "json"], out: Path | None) -> None:
    """Write the entries."""
    from dingmi_mark.store.new_file import new_text_file

    office = session.office()
    with session.ledger(office) as ledger:
        if out is None:
            ledger.export(fmt, sys.stdout)
            return
        # Table programs take a file without this mark for another encoding.
        with new_text_file(out, "utf-8-sig" if fmt == "csv" else "utf-8") as stream:
            ledger.export(fmt, stream)
    tell_note(say("Written: {file}", file=str(out)))


@ledger_command.command(
    "anchor", help=N_("Print the head of the ledger, to be kept out of reach of its writers.")
)
@_file_option(N_("A new file; without it the anchor is written to the screen."))
@click.pass_obj
def anchor(session: Session, out: Path | None) -> None:
    """Print the anchor."""
    from dingmi_mark.store.new_file import new_text_file

    office = session.office()
    with session.ledger(office) as ledger:
        text = ledger.anchor()
    if out is None:
        tell_line(text.rstrip("\n"))
    else:
        with new_text_file(out) as stream:
            stream.write(text)
        tell_note(say("Written: {file}", file=str(out)))
    tell_note(say("Print it, have it signed and dated, and lock it away from this machine."))


@ledger_command.command("backup", help=N_("Copy the ledger into a new file and verify the copy."))
@click.argument(
    "file",
    metavar=N_("FILE"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The new file, best on another classified medium."),
)
@click.option(
    "--portable",
    is_flag=True,
    cls=Option,
    help=N_("As text, from which a ledger of either kind of database is restored."),
)
@click.pass_obj
def backup(session: Session, file: Path, portable: bool) -> None:
    """Copy the ledger."""
    from dingmi_mark.store.new_file import writing_to

    office = session.office()
    with session.ledger(office) as ledger, writing_to(file):
        if portable:
            ledger.backup_portable(file)
        else:
            ledger.backup(file)
    tell(say("Backed up and verified: {file}", file=str(file)))
    tell_note(say("secret/office.key and the configuration are not in it: keep them separately."))


@ledger_command.command("restore", help=N_("Bring a backup back into an empty place, verified."))
@click.argument(
    "copy",
    metavar=N_("BACKUP"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("A file made by ledger backup."),
)
@click.pass_obj
def restore(session: Session, copy: Path) -> None:
    """Restore the ledger."""
    from dingmi_mark.store.ledger import Ledger

    office = session.office()
    _refuse_other_office(copy, office)
    _refuse_remains(office)
    with Ledger.restore(copy, office.ledger_url) as ledger:
        _tell_restored(ledger)


def _tell_restored(ledger: Ledger) -> None:
    head = ledger.head()
    tell(
        say("Restored. Entries: {count}, the last of {at}.", count=head.seq, at=local_time(head.at))
    )
    tell_note(
        say(
            "What was marked after that is not in it. Compare with the last anchor "
            "(dingmi-mark ledger verify --anchor FILE), then run dingmi-mark doctor."
        )
    )


def _refuse_other_office(copy: Path, office: Office) -> None:
    from dingmi_mark.store.ledger_backup import backed_up

    with backed_up(copy) as (office_id, _links):
        if office_id != office.id:
            cause = say("it belongs to another office ({office})", office=office_id)
            raise LedgerNotFound(str(copy), cause=cause)


def _refuse_remains(office: Office) -> None:
    """Refuse files that SQLite kept beside the old ledger: it would mix them into the new one."""
    scheme, separator, file = office.ledger_url.partition(":///")
    if scheme != "sqlite" or not separator:
        return
    for suffix in ("", *_BESIDE_SQLITE):
        beside = Path(file + suffix)
        if beside.exists():
            tell_note(
                say(
                    "Move all files of the ledger's folder to a safe place first; delete none: "
                    "they may be evidence."
                )
            )
            raise OutputExists(str(beside))


def _anchor_text(file: Path) -> str:
    from dingmi_mark.domain.ledger_chain import Anchor

    try:
        text = file.read_text(encoding="utf-8-sig")
        Anchor.parse(text)
    except (OSError, ValueError) as error:
        raise click.BadParameter(words(say("this file is no anchor of a ledger"))) from error
    return text
