"""`hook`: guard a print queue of CUPS, take the guard away, see whether all is in order."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from dingmi_mark.cli.grammar import Argument, F, Family, json_option
from dingmi_mark.cli.session import Session
from dingmi_mark.cli.telling import tell, tell_json, tell_line
from dingmi_mark.cli.words import fault_line, harmless, words
from dingmi_mark.errors import ExitCode, HookNotInOrder
from dingmi_mark.messages import N_, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dingmi_mark.printhook.status import QueueStatus

_HELP = N_("Guard a print queue (CUPS): every job is looked at before it prints.")


@click.group("hook", cls=Family, help=_HELP)
def hook_command() -> None:
    """Hold the commands of guarded queues."""


def _queue_argument() -> Callable[[F], F]:
    return click.argument(
        "queue",
        metavar=N_("QUEUE"),
        cls=Argument,
        explained=N_("The print queue, as lpstat -v names it."),
    )


@hook_command.command(
    "install",
    help=N_("Guard a print queue for this office. For the administrator (root).")
    + "\n\n"
    + N_(
        "The queue keeps its name. Its device and driver go to a queue behind it (NAME-real) that "
        "nobody else may use; jobs are looked at with the rights of the owner of the office folder."
    ),
)
@_queue_argument()
@click.pass_obj
def install_command(session: Session, queue: str) -> None:
    """Guard a queue."""
    from dingmi_mark.printhook.cups import print_server
    from dingmi_mark.printhook.installing import install

    done = install(queue, session.office().folder, print_server(os.environ))
    tell(say("Guarded: {queue}. Behind it, closed to others: {real}.", queue=queue, real=done.real))
    tell(say("See whether all is in order: dingmi-mark hook status"))


@hook_command.command(
    "remove", help=N_("Take the guard away and give the queue back its device and settings.")
)
@_queue_argument()
@click.pass_obj
def remove_command(session: Session, queue: str) -> None:
    """Take a guard away."""
    from dingmi_mark.printhook.cups import print_server
    from dingmi_mark.printhook.installing import remove

    done = remove(queue, print_server(os.environ))
    tell(
        say(
            "Guarded no longer: {queue}. It prints to {device} again.",
            queue=queue,
            device=done.device,
        )
    )


@hook_command.command("status", help=N_("See whether every guarded queue is guarded still."))
@json_option()
@click.pass_obj
def status_command(session: Session, as_json: bool) -> int:
    """Look at all guarded queues."""
    from dingmi_mark.printhook.cups import print_server
    from dingmi_mark.printhook.status import status_of_all

    found = status_of_all(print_server(os.environ))
    every = [fault for one in found for fault in one.faults]
    faults = tuple(fault for place, fault in enumerate(every) if fault not in every[:place])
    code = ExitCode.HOOK_NOT_IN_ORDER if faults else ExitCode.OK
    if as_json:
        tell_json("failed" if faults else "ok", code, result={"queues": [_shown(o) for o in found]})
        return code
    _tell(found)
    if faults:
        raise HookNotInOrder(count=len(faults), faults=faults)
    return code


def _tell(found: Sequence[QueueStatus]) -> None:
    if not found:
        tell(say("No print queue is guarded. To guard one: dingmi-mark hook install QUEUE"))
    for one in found:
        standing = words(say("not in order")) if one.faults else words(say("in order"))
        queue = one.queue
        tell_line(f"{harmless(queue.name)} → {harmless(queue.real)}  {standing}")
        for note in one.notes:
            tell_line(f"  {fault_line(note)}")


def _shown(one: QueueStatus) -> dict[str, Any]:
    return {
        "queue": one.queue.name,
        "real": one.queue.real,
        "office": str(one.queue.office),
        "faults": [fault_line(fault) for fault in one.faults],
        "notes": [fault_line(note) for note in one.notes],
    }
