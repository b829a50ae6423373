"""What every command of notices opens: the office, its ledger, and records that lie outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.grammar import Argument, F, Option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.words import command_line
from dingmi_mark.messages import N_

if TYPE_CHECKING:
    from dingmi_mark.pipeline.notices import NoticeDesk


def approvals_option() -> Callable[[F], F]:
    """Return the decorator of `--approvals`."""
    return click.option(
        "--approvals",
        metavar=N_("PATH"),
        multiple=True,
        type=click.Path(path_type=Path),
        cls=Option,
        help=N_("Records that lie outside the office's approvals; may be given again."),
    )


def notice_argument() -> Callable[[F], F]:
    """Return the decorator of the argument that is a notice."""
    return click.argument(
        "file",
        metavar=N_("NOTICE"),
        type=click.Path(path_type=Path),
        cls=Argument,
        explained=N_("The notice: TOML, JSON, or a table (XLSX) with one row a document."),
    )


def approvals_typed(approvals: tuple[Path, ...]) -> str:
    """Return how folders of records were named, for the next command: it needs them again."""
    return "".join(f" {command_line(('--approvals', str(folder)))}" for folder in approvals)


@contextmanager
def notice_desk(session: Session, approvals: tuple[Path, ...]) -> Iterator[NoticeDesk]:
    """Open what notices are checked with."""
    from dingmi_mark.pipeline.notices import NoticeDesk, records_by_number
    from dingmi_mark.pipeline.records import gather_records

    office = session.office()
    gathered = gather_records(approvals, office.limits)
    for _, error in gathered.unreadable:
        raise error
    with session.ledger(office) as ledger:
        yield NoticeDesk(office, ledger, records_by_number(gathered.records))
