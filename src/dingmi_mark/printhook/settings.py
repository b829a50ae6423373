"""dingmi-mark.toml beside cupsd.conf: which queues are guarded, for which office.

The backend believes what stands there, so nobody but the administrator may write it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dingmi_mark.errors import HookNotSetUp
from dingmi_mark.messages import say
from dingmi_mark.store.strict_toml import read_table
from dingmi_mark.store.toml_text import Faulty

SETTINGS_FILE = "dingmi-mark.toml"
SERVER_ROOT = "/etc/cups"


@dataclass(frozen=True)
class GuardedQueue:
    """One guarded queue: its office, the queue behind it, and its settings before."""

    name: str
    office: Path
    real: str = ""
    device: str = ""
    saved: Mapping[str, str] = field(default_factory=dict)


def settings_in(server_root: Path) -> Path:
    """Return where the settings are."""
    return server_root / SETTINGS_FILE


def read_queues(file: Path) -> tuple[GuardedQueue, ...]:
    """Read all guarded queues, none where there is no file. Raises HookNotSetUp."""
    try:
        _refuse_others_writing(file)
        table = read_table(file)
        queues = tuple(
            GuardedQueue(
                one.text("name"),
                Path(one.text("office")),
                one.text("real", ""),
                one.text("device", ""),
                _saved(one.table("saved")),
            )
            for one in table.tables("queue")
        )
        table.finish()
    except FileNotFoundError:
        return ()
    except Faulty as error:
        raise HookNotSetUp(cause=error.faults[0].expected) from error
    return queues


def queue_named(name: str, queues: Sequence[GuardedQueue]) -> GuardedQueue:
    """Return a guarded queue by its name. Raises HookNotSetUp."""
    for queue in queues:
        if queue.name == name:
            return queue
    raise HookNotSetUp(cause=say("no office is set for this queue"))


def write_queues(file: Path, queues: Sequence[GuardedQueue]) -> None:
    """Write the settings anew, readable for all and writable for the administrator alone."""
    import tomli_w

    text = tomli_w.dumps({"queue": [_shown(queue) for queue in queues]})
    fresh = file.with_name(f".{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)


def _saved(table: Any) -> Mapping[str, str]:
    return {name: table.text(name, "") for name in table.names()}


def _shown(queue: GuardedQueue) -> dict[str, Any]:
    return {
        "name": queue.name,
        "office": str(queue.office),
        "real": queue.real,
        "device": queue.device,
        "saved": dict(queue.saved),
    }


def _refuse_others_writing(file: Path) -> None:
    found = file.stat()
    if found.st_uid not in (0, os.geteuid()) or stat.S_IMODE(found.st_mode) & 0o022:
        raise HookNotSetUp(cause=say("others may change {file}", file=str(file)))
