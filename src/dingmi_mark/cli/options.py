"""Options and arguments that several commands take, each with one meaning everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from dingmi_mark.cli.grammar import Argument, F, Option
from dingmi_mark.cli.words import words
from dingmi_mark.messages import N_, say


def number_argument() -> Callable[[F], F]:
    """Return the decorator of the number of a record."""
    return click.argument(
        "number", metavar=N_("NUMBER"), cls=Argument, explained=N_("The number of the record.")
    )


def draft_argument(explained: str) -> Callable[[F], F]:
    """Return the decorator of one draft; `explained` is a message identifier."""
    return click.argument(
        "draft",
        metavar=N_("DRAFT"),
        type=click.Path(path_type=Path),
        cls=Argument,
        explained=explained,
    )


def files_argument(explained: str) -> Callable[[F], F]:
    """Return the decorator of one file or more; `explained` is a message identifier."""
    return click.argument(
        "files",
        metavar=N_("FILE"),
        nargs=-1,
        required=True,
        type=click.Path(path_type=Path),
        cls=Argument,
        explained=explained,
    )


def new_file_option(metavar: str) -> Callable[[F], F]:
    """Return the decorator of `--out` for one new file; `metavar` is a message identifier."""
    return click.option(
        "--out",
        required=True,
        metavar=metavar,
        type=click.Path(path_type=Path),
        cls=Option,
        help=N_("The new file; never over another."),
    )


def jobs_option() -> Callable[[F], F]:
    """Return the decorator of `--jobs`, the number of worker processes."""
    return click.option(
        "--jobs",
        metavar=N_("N"),
        type=click.IntRange(min=0),
        default=0,
        cls=Option,
        help=N_("How many files at the same time; 0 for as many as this machine can do."),
    )


def table_option() -> Callable[[F], F]:
    """Return the decorator of `--out` for what is shown or written as a table."""
    return click.option(
        "--out",
        metavar=N_("FILE"),
        type=click.Path(path_type=Path),
        cls=Option,
        help=N_("A new file, .xlsx or .csv; without it the lines are shown."),
    )


def whole_option() -> Callable[[F], F]:
    """Return the decorator of `--all` of forms."""
    return click.option(
        "--all",
        "whole",
        is_flag=True,
        cls=Option,
        help=N_("With the parts that are rarely needed."),
    )


def refuse_other_than_word(out: Path) -> None:
    """Raise click.UsageError where a form would get another ending than Word's."""
    if out.suffix.lower() != ".docx":
        raise click.UsageError(words(say("A form is a Word file: its name ends in .docx")))
