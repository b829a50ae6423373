"""Is every guarded queue guarded still? Each fault is named with its place."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Fault, say
from dingmi_mark.printhook import policy
from dingmi_mark.printhook.cups import PrintServer, attributes_of
from dingmi_mark.printhook.job import SCHEME
from dingmi_mark.printhook.rights import refuse_missing_rights
from dingmi_mark.printhook.settings import GuardedQueue, read_queues, settings_in


@dataclass(frozen=True)
class QueueStatus:
    """One guarded queue, what is wrong with it (empty means guarded), and what could be better."""

    queue: GuardedQueue
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def status_of_all(server: PrintServer) -> tuple[QueueStatus, ...]:
    """Look at every guarded queue. Raises HookNotSetUp where the settings cannot be read."""
    queues = read_queues(settings_in(server.root))
    common = tuple(_of_the_machine(server)) if queues else ()
    return tuple(
        QueueStatus(
            queue, (*common, *_of_a_queue(queue, server), *_of_an_office(queue)), _notes(queue)
        )
        for queue in queues
    )


def _of_the_machine(server: PrintServer) -> Iterator[Fault]:
    program = server.bin / "backend" / SCHEME
    try:
        found = program.stat()
    except OSError:
        yield Fault(str(program), say("the backend is missing; install the guard anew"))
        return
    if found.st_uid not in (0, os.geteuid()) or stat.S_IMODE(found.st_mode) & 0o022:
        yield Fault(str(program), say("others may change it"))
    if str(sys.executable) not in program.read_text(encoding="utf-8", errors="replace"):
        yield Fault(str(program), say("it starts another installation of dingmi-mark"))
    try:
        configuration = server.configuration.read_text(encoding="utf-8", errors="replace")
    except OSError:
        yield Fault(str(server.configuration), say("you have no right to it"))
        return
    if not policy.has_policy(configuration):
        yield Fault(str(server.configuration), say("the access policy is missing or was changed"))


def _of_a_queue(queue: GuardedQueue, server: PrintServer) -> Iterator[Fault]:
    try:
        front, real = attributes_of(queue.name, server), attributes_of(queue.real, server)
    except DingmiError as error:
        yield Fault(queue.name, error.message)
        return
    if front.get("device-uri") != f"{SCHEME}:{server.address(queue.real)}":
        yield Fault(queue.name, say("it leads past the guard to another device"))
    if (
        server.ppd(queue.name).is_file()
        and "raw" not in str(front.get("printer-make-and-model")).lower()
    ):
        yield Fault(queue.name, say("it has a driver; a guarded queue takes jobs raw"))
    if real.get("printer-op-policy") != policy.POLICY:
        yield Fault(queue.real, say("others may print here past the guard; install it anew"))
    if real.get("device-uri") != queue.device:
        yield Fault(queue.real, say("its device is not the one it had"))
    if real.get("printer-is-shared"):
        yield Fault(queue.real, say("it is shared in the network"))


def _of_an_office(queue: GuardedQueue) -> Iterator[Fault]:
    try:
        refuse_missing_rights(queue.office, Path(sys.executable))
    except DingmiError as error:
        yield Fault(queue.name, error.message)


def _notes(queue: GuardedQueue) -> tuple[Fault, ...]:
    try:
        if queue.office.stat().st_uid != 0:
            return ()
    except OSError:
        return ()
    better = say("it belongs to root: give it an owner of its own, with whose rights jobs are read")
    return (Fault(str(queue.office), better),)
