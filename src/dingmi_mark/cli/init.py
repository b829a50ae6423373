"""`init`: make an office with its ledger, all of it or nothing."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, Command, Option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell
from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.domain.office_time import in_office_time
from dingmi_mark.messages import N_, say

HELP = N_("Make a new office: configuration, secret and ledger.")
MORE = N_(
    "DIR is a new or empty folder on a classified machine. Afterwards fill in authority.toml: who "
    "may classify what. Keep a copy of secret/office.key apart from the backups of the ledger."
)


@click.command("init", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.argument(
    "folder",
    metavar=N_("DIR"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The folder of the new office."),
)
@click.option(
    "--name", required=True, cls=Option, metavar=N_("NAME"), help=N_("The organ's full name.")
)
@click.option(
    "--kind",
    required=True,
    cls=Option,
    type=click.Choice([kind.value for kind in OrganKind]),
    help=N_(
        "What kind of organ it is; its authority to classify depends on that. Departments of a "
        "province: 设区的市级; departments of a city or county: 直属单位, with their grant in "
        "authority.toml."
    ),
)
@click.pass_obj
def init_command(session: Session, folder: Path, name: str, kind: str) -> None:
    """Make the office and tell the next steps."""
    from dingmi_mark.store.ledger import Ledger
    from dingmi_mark.store.office_new import init_office

    was_there = folder.is_dir()
    office = init_office(folder, name=name, kind=OrganKind(kind), now=in_office_time(session.now()))
    with ExitStack() as undo:
        undo.callback(_take_away, office.folder, was_there)
        Ledger.create(office.ledger_url, office.id, session.now()).close()
        undo.pop_all()
    tell(
        say(
            "The office of “{name}” is ready: {folder}\n\n"
            "Next steps:\n"
            "  1. Fill in authority.toml: the classification officers and what each may decide.\n"
            "  2. Look through office.toml; every setting is explained there.\n"
            "  3. Copy secret/office.key to a safe place. It cannot be made again.\n"
            "  4. Run dingmi-mark doctor in that folder: it tells what is still missing.",
            name=office.name,
            folder=str(office.folder),
        )
    )


def _take_away(folder: Path, was_there: bool) -> None:
    """Remove what init made and nothing else; office.toml first, so that no half office shows."""
    from dingmi_mark.store.office import AUTHORITY_FILE, OFFICE_FILE
    from dingmi_mark.store.office_new import FOLDERS

    for file in (OFFICE_FILE, AUTHORITY_FILE):
        (folder / file).unlink(missing_ok=True)
    for name in FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    if not was_there:
        folder.rmdir()
