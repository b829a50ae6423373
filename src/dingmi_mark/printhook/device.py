"""The real backend: started as CUPS would have started it, with the same arguments."""

from __future__ import annotations

import ctypes
import os
import pwd
import re
import signal
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from dingmi_mark.errors import HookDeviceUnusable
from dingmi_mark.printhook.job import SCHEME, PrintJob

SERVER_BIN = "/usr/lib/cups"
CHANNELS = (3, 4)
HERE = "ipp://localhost:"
_NAME = re.compile(r"[a-z][a-z0-9+.-]*")
_PRINT_USER = "lp"
_SIGNAL_AT_PARENTS_END = 1
"""PR_SET_PDEATHSIG of prctl(2)."""


def backend_of(device: str, environ: Mapping[str, str]) -> Path:
    """Return the program behind an address. Raises HookDeviceUnusable."""
    scheme = device.partition(":")[0]
    if _NAME.fullmatch(scheme) is None or scheme == SCHEME:
        raise HookDeviceUnusable(scheme=scheme)
    program = Path(environ.get("CUPS_SERVERBIN") or SERVER_BIN) / "backend" / scheme
    if not program.is_file() or not os.access(program, os.X_OK):
        raise HookDeviceUnusable(scheme=scheme)
    return program


def start(
    program: Path, job: PrintJob, document: IO[bytes], environ: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Start the real backend. Raises OSError."""
    document.seek(0)
    started: subprocess.Popen[bytes] = subprocess.Popen(
        [job.device, *job.arguments],
        executable=program,
        env={**environ, "DEVICE_URI": job.device},
        stdin=subprocess.DEVNULL if job.files else document,
        pass_fds=CHANNELS,
        preexec_fn=_ends_with_us,
        **_rights(program, job.device),
    )
    return started


def _ends_with_us() -> None:
    """Let the printer's program end when this one is killed: a held job prints no more.

    Called in the new process with its own rights; where the system knows no such request (Linux
    alone does), nothing is asked.
    """
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:
        prctl(_SIGNAL_AT_PARENTS_END, signal.SIGTERM)


def _rights(program: Path, device: str) -> dict[str, Any]:
    """Return the rights CUPS gives a backend: root's where only its owner may run it, else lp's.

    The real queue on this machine lets root alone in.
    """
    if device.startswith(HERE):
        return {}
    own = stat.S_IWGRP | stat.S_IXGRP | stat.S_IWOTH | stat.S_IXOTH
    if os.geteuid() != 0 or not program.stat().st_mode & own:
        return {}
    try:
        user = pwd.getpwnam(_PRINT_USER)
    except KeyError:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [user.pw_gid]}
