"""Show how far a run is: a bar for people at a terminal, nothing where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from dingmi_mark.cli.words import words
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress


class Progress(Protocol):
    """What a run tells of its way."""

    def start(self, total: int) -> None:
        """Say how many files there are."""

    def advance(self) -> None:
        """Say that one more is done."""


class _Silent:
    def start(self, total: int) -> None:
        """Say nothing."""

    def advance(self) -> None:
        """Say nothing."""


class _Bar:
    def __init__(self, bar: RichProgress) -> None:
        self._bar = bar
        self._task = bar.add_task(words(say("Looking for drafts")), total=None)

    def start(self, total: int) -> None:
        """Show the number of files."""
        self._bar.update(self._task, total=total, description=words(say("Working")))

    def advance(self) -> None:
        """Move on by one."""
        self._bar.advance(self._task)


@contextmanager
def progress() -> Iterator[Progress]:
    """Show progress on stderr while the block runs."""
    if not sys.stderr.isatty():
        yield _Silent()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress as RichProgress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with RichProgress(
        *columns,
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        # Where results go into a file or another program, they must not turn up beside the bar.
        redirect_stdout=sys.stdout.isatty(),
    ) as bar:
        yield _Bar(bar)
