"""`watch`: what arrives in a folder is decided on, and goes to the printer's folder or stays."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from dingmi_mark.cli.grammar import Argument, Command, Option
from dingmi_mark.cli.preprint import code_of, user
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell_line, tell_note
from dingmi_mark.cli.words import words
from dingmi_mark.domain.office_time import in_office_time
from dingmi_mark.errors import (
    DingmiError,
    ExitCode,
    PrintRefused,
    WatchFolderUnusable,
    WatchToolMissing,
)
from dingmi_mark.messages import N_, say
from dingmi_mark.pipeline import clock

if TYPE_CHECKING:
    from dingmi_mark.pipeline.watching import Told, Watch

HELP = N_("Watch a folder: files that may be printed go on to the printer's folder.")
MORE = N_(
    "For offices that print from a share. Each file is decided on as by preprint, and a copy "
    "number goes on once. What may not be printed stays, with a note beside it. Lines and notes "
    "are in Chinese and tell no name, title, level or text."
)
_WAKE_MS = 1000


@click.command("watch", cls=Command, help=f"{HELP}\n\n{MORE}")
@click.argument(
    "folder",
    metavar=N_("DIR"),
    type=click.Path(path_type=Path),
    cls=Argument,
    explained=N_("The folder in which files arrive."),
)
@click.option(
    "--printer",
    metavar=N_("NAME"),
    required=True,
    cls=Option,
    help=N_("The printer, as [[printer]] of office.toml names it."),
)
@click.option(
    "--out",
    metavar=N_("DIR"),
    type=click.Path(path_type=Path),
    cls=Option,
    help=N_("The printer's folder, on the same disk; else 可以打印 in the folder itself."),
)
@click.option("--once", is_flag=True, cls=Option, help=N_("Decide on what is there, and end."))
@click.pass_obj
def watch_command(
    session: Session, folder: Path, printer: str, out: Path | None, once: bool
) -> int:
    """Watch until told to end."""
    from dingmi_mark.cli.language import speak
    from dingmi_mark.pipeline.watching import OUT, Watch, watching
    from dingmi_mark.store.strict_toml import not_one_line

    if not_one_line(printer) is not None:
        raise click.UsageError(words(say("A name is one line of text.")))
    folder = folder.resolve()
    if not folder.is_dir():
        raise WatchFolderUnusable(str(folder), cause=say("there is no such folder"))
    if not once:
        _refuse_without_tool()
    stop = Event()
    errors: list[DingmiError] = []

    def on_told(told: Told) -> None:
        if told.error is not None:
            errors.append(told.error)
        _tell(told)

    out = (out or folder / OUT).resolve()
    watch = Watch(folder, out, printer, user(), session.office(), on_told, _tell_left)
    with watching(watch):
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())
        speak("zh")
        if not once:
            _watch(watch, stop)
            return ExitCode.OK
        unfinished = _once(watch, stop)
    return code_of(errors) or (ExitCode.PRINT_HELD if unfinished else ExitCode.OK)


def _once(watch: Watch, stop: Event) -> int:
    """Look until what was there can be told to be finished; return how many are not."""
    from dingmi_mark.pipeline.watching import SETTLED_S

    unfinished = watch.look(lambda: not stop.is_set())
    if unfinished:
        stop.wait(SETTLED_S)
        unfinished = watch.look(lambda: not stop.is_set())
    if unfinished:
        tell_note(say("{count} file(s) are still being written.", count=unfinished))
    return unfinished


def _watch(watch: Watch, stop: Event) -> None:
    """Look whenever something happens, and every second: shares tell nothing of others' changes."""
    from watchfiles import watch as changes

    tell_note(say("Watching. End with Ctrl-C or SIGTERM; files in work are finished."))
    watch.look(lambda: not stop.is_set())
    try:
        for _ in changes(
            watch.folder,
            watch_filter=None,
            stop_event=stop,
            rust_timeout=_WAKE_MS,
            yield_on_timeout=True,
            recursive=False,
        ):
            watch.look(lambda: not stop.is_set())
    except (OSError, RuntimeError) as error:
        raise WatchFolderUnusable(str(watch.folder), cause=str(error)) from error


def _refuse_without_tool() -> None:
    from importlib.util import find_spec

    if find_spec("watchfiles") is None:
        raise WatchToolMissing


def _tell_left(count: int) -> None:
    tell_note(
        say("Left alone: {count} (links, hidden files, folders; they do not print)", count=count)
    )


def _tell(told: Told) -> None:
    from dingmi_mark.pipeline.watching import write_note

    line = _line(told)
    tell_line(line)
    if told.error is None:
        return
    try:
        write_note(told.path, f"{line}\n")
    except DingmiError as error:
        tell_note(error.message)


def _line(told: Told) -> str:
    """One line for a log: when, what, the beginning of the digest, why, what to do."""
    at = in_office_time(clock.now()).strftime("%Y-%m-%d %H:%M:%S")
    digest = f"〔{told.digest or '—'}〕"
    if told.why is None or told.next is None:
        printed = words(say("May be printed"))
        return f"{at} {printed}{digest}"
    refused = isinstance(told.error, PrintRefused)
    head = words(say("Do not print") if refused else say("Print later"))
    return f"{at} {head}{digest}：{words(told.why)}{words(told.next)}"
