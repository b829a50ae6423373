"""Guard a queue, and take the guard away again.

The queue's own name stays what people print to. Its device and driver go to a queue behind it that
only the guard may use; the guarded one takes jobs raw, before any filter has turned pages.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from dingmi_mark.errors import (
    DingmiError,
    HookCupsRefused,
    HookQueueUnknown,
    HookRightsMissing,
)
from dingmi_mark.messages import say
from dingmi_mark.printhook import policy
from dingmi_mark.printhook.cups import PrintServer, attributes_of, reload, told
from dingmi_mark.printhook.install_backend import BACKEND_MODE, wrapper_text
from dingmi_mark.printhook.job import SCHEME
from dingmi_mark.printhook.rights import refuse_missing_rights
from dingmi_mark.printhook.settings import (
    GuardedQueue,
    queue_named,
    read_queues,
    settings_in,
    write_queues,
)

BEHIND = "-real"
"""What the name of the queue behind a guarded one ends with."""

_TRIES, _BETWEEN_S = 120, 0.5
_NAME = re.compile(r"[^\s/#'\"\\?\x00-\x1f-][^\s/#'\"\\?\x00-\x1f]{0,120}")
_KEPT = {
    "printer-error-policy": "stop-printer",
    "printer-op-policy": "default",
    "printer-is-shared": "false",
    "job-sheets-default": "none,none",
}
"""Settings of a queue that are put back, and what they are where the server does not say."""


def install(name: str, office: Path, server: PrintServer) -> GuardedQueue:
    """Guard a queue. Nothing is changed for its users before the last step.

    Raises HookQueueUnknown, HookRightsMissing, HookNotSetUp and HookCupsRefused; then the queue
    is as it was.
    """
    _refuse_name(name)
    file = settings_in(server.root)
    queues = read_queues(file)
    if any(queue.name == name for queue in queues):
        raise HookQueueUnknown(cause=say("this queue is guarded already"), queue=name)
    found = attributes_of(name, server)
    device = _text(found["device-uri"])
    if device.startswith(f"{SCHEME}:"):
        raise HookQueueUnknown(cause=say("this queue is guarded already"), queue=name)
    refuse_missing_rights(office, Path(sys.executable))
    queue = GuardedQueue(name, office, f"{name}{BEHIND}", device, _saved(found))
    _refuse_taken(queue.real, server)
    try:
        _write_backend(server)
        _set_policy(server, policy.with_policy)
        _wait_for_policy(name, server)
        write_queues(file, [*queues, queue])
    except OSError as error:
        raise _not_written(error) from error
    try:
        _make_real(queue, server)
        _put_guard(queue, server)
    except DingmiError:
        write_queues(file, queues)
        _drop(queue.real)
        raise
    return queue


def remove(name: str, server: PrintServer) -> GuardedQueue:
    """Give a queue back its device, its driver and its settings, and take the guard away.

    Raises HookQueueUnknown where it is not guarded or jobs still wait in it, HookCupsRefused.
    """
    file = settings_in(server.root)
    queues = read_queues(file)
    queue = queue_named(name, queues)
    if not queue.device:
        raise HookQueueUnknown(cause=say("this queue was not guarded by hook install"), queue=name)
    for waiting in (queue.name, queue.real):
        if told("lpstat", "-o", waiting).strip():
            cause = say("print jobs are waiting in this queue; let them print or cancel them first")
            raise HookQueueUnknown(cause=cause, queue=waiting)
    saved = [part for key, value in queue.saved.items() for part in ("-o", f"{key}={value}")]
    told("lpadmin", "-p", name, "-v", queue.device, *_driver(queue.real, server), *saved)
    _drop(queue.real)
    left = [other for other in queues if other.name != name]
    try:
        write_queues(file, left)
        if not left:
            _backend(server).unlink(missing_ok=True)
            _set_policy(server, policy.without_policy)
    except OSError as error:
        raise _not_written(error) from error
    return queue


def _make_real(queue: GuardedQueue, server: PrintServer) -> None:
    closed = ("-o", f"printer-op-policy={policy.POLICY}", "-o", "printer-is-shared=false")
    ours = ("-o", "printer-error-policy=retry-job", "-o", "job-sheets-default=none,none")
    driver = _driver(queue.name, server)
    told("lpadmin", "-p", queue.real, "-v", queue.device, *driver, *closed, *ours, "-E")


def _put_guard(queue: GuardedQueue, server: PrintServer) -> None:
    address = f"{SCHEME}:{server.address(queue.real)}"
    # A job whose backend was killed from outside waits a moment and is looked at anew.
    ours = ("-o", "printer-error-policy=retry-job", "-o", "job-sheets-default=none,none")
    told("lpadmin", "-p", queue.name, "-v", address, "-m", "raw", *ours)


def _driver(queue: str, server: PrintServer) -> tuple[str, str]:
    ppd = server.ppd(queue)
    return ("-P", str(ppd)) if ppd.is_file() else ("-m", "raw")


def _drop(queue: str) -> None:
    try:
        told("lpadmin", "-x", queue)
    except HookCupsRefused:
        return  # it was not made yet


def _saved(found: Mapping[str, Any]) -> Mapping[str, str]:
    return {key: _text(found.get(key, usual)) for key, usual in _KEPT.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _refuse_name(name: str) -> None:
    if _NAME.fullmatch(name) is None:
        raise HookQueueUnknown(cause=say("there is no such print queue"), queue=name)


def _refuse_taken(name: str, server: PrintServer) -> None:
    try:
        attributes_of(name, server)
    except HookQueueUnknown:
        return
    raise HookQueueUnknown(cause=say("there is a queue of this name already"), queue=name)


def _backend(server: PrintServer) -> Path:
    return server.bin / "backend" / SCHEME


def _write_backend(server: PrintServer) -> None:
    place = _backend(server)
    fresh = place.with_name(f".{SCHEME}.new")
    fresh.unlink(missing_ok=True)
    mode = BACKEND_MODE if os.geteuid() == 0 else 0o755
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as stream:
        stream.write(wrapper_text(Path(sys.executable)))
        os.fchmod(stream.fileno(), mode)
    fresh.replace(place)


def _set_policy(server: PrintServer, change: Any) -> None:
    before = server.configuration.read_text(encoding="utf-8")
    after = change(before)
    if after != before:
        policy.rewrite(server.configuration, after)
        reload(server)


def _wait_for_policy(queue: str, server: PrintServer) -> None:
    """Wait until the server knows the policy: it reads its configuration when no job prints."""
    for _ in range(_TRIES):
        with suppress(HookCupsRefused):
            known = attributes_of(queue, server).get("printer-op-policy-supported", ())
            if policy.POLICY in ([known] if isinstance(known, str) else known):
                return
        time.sleep(_BETWEEN_S)
    raise HookCupsRefused(command="reload", cause=say("it did not answer"))


def _not_written(error: OSError) -> HookRightsMissing:
    return HookRightsMissing(cause=error.strerror or str(error), file=str(error.filename or ""))
