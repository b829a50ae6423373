"""Ask the print server and tell it what to do, with its own commands and lists of arguments."""

from __future__ import annotations

import os
import plistlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dingmi_mark.errors import HookCupsRefused, HookQueueUnknown
from dingmi_mark.messages import say
from dingmi_mark.printhook.device import SERVER_BIN
from dingmi_mark.printhook.settings import SERVER_ROOT

_PLACES = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"
_PATIENCE_S = 60
_STATE = "/run/cups"
_ASK = """{
  OPERATION Get-Printer-Attributes
  GROUP operation-attributes-tag
  ATTR charset attributes-charset utf-8
  ATTR language attributes-natural-language en
  ATTR uri printer-uri $uri
  ATTR keyword requested-attributes all
}
"""


@dataclass(frozen=True)
class PrintServer:
    """The print server of this machine: its folders, and the host and port it listens at."""

    root: Path
    bin: Path
    state: Path
    port: int

    @property
    def configuration(self) -> Path:
        """cupsd.conf, where access policies are."""
        return self.root / "cupsd.conf"

    def ppd(self, queue: str) -> Path:
        """Where the driver's description of a queue is, if it has one."""
        return self.root / "ppd" / f"{queue}.ppd"

    def address(self, queue: str) -> str:
        """Return the address of a queue on this machine."""
        return f"ipp://localhost:{self.port}/printers/{quote(queue)}"


def print_server(environ: Mapping[str, str]) -> PrintServer:
    """Return the print server the commands of CUPS would speak to."""
    _, colon, port = environ.get("CUPS_SERVER", "").rpartition(":")
    return PrintServer(
        Path(environ.get("CUPS_SERVERROOT") or SERVER_ROOT),
        Path(environ.get("CUPS_SERVERBIN") or SERVER_BIN),
        Path(environ.get("CUPS_STATEDIR") or _STATE),
        int(port) if colon and port.isdecimal() else int(environ.get("IPP_PORT") or 631),
    )


def told(command: str, *arguments: str) -> str:
    """Run a command of CUPS and return its output. Raises HookCupsRefused."""
    program = shutil.which(command, path=_PLACES)
    if program is None:
        raise HookCupsRefused(command=command, cause=say("this command is not installed"))
    try:
        done = subprocess.run(
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            timeout=_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise HookCupsRefused(command=command, cause=say("it did not answer")) from error
    if done.returncode != 0:
        cause = done.stderr.decode("utf-8", "replace").strip() or str(done.returncode)
        raise HookCupsRefused(command=command, cause=cause)
    return done.stdout.decode("utf-8", "replace")


def attributes_of(queue: str, server: PrintServer) -> Mapping[str, Any]:
    """Return what the server says of a queue. Raises HookQueueUnknown, HookCupsRefused."""
    with tempfile.NamedTemporaryFile("w", suffix=".test") as asking:
        asking.write(_ASK)
        asking.flush()
        answer = told("ipptool", "-X", server.address(queue), asking.name)
    test = plistlib.loads(answer.encode())["Tests"][0]
    if test["StatusCode"] == "client-error-not-found":
        raise HookQueueUnknown(cause=say("there is no such print queue"), queue=queue)
    if not test["StatusCode"].startswith("successful"):
        raise HookCupsRefused(command="ipptool", cause=test["StatusCode"])
    return {name: value for group in test["ResponseAttributes"] for name, value in group.items()}


def reload(server: PrintServer) -> None:
    """Let the server read its configuration anew. Raises HookCupsRefused."""
    with suppress(OSError, ValueError):
        os.kill(int((server.state / "cupsd.pid").read_text()), signal.SIGHUP)
        return
    told("systemctl", "reload-or-restart", "cups")
