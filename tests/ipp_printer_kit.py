"""A printer that speaks IPP (`ippeveprinter` of CUPS) on loopback; its sheets are files.

It asks for a service that announces printers: a private one is started with it, on a private bus
and on loopback only. All are ended when the test ends.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from cups_kit import free_port, until

_PROGRAMS = ("ippeveprinter", "avahi-daemon", "dbus-daemon", "ipptool")
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
NEEDS_IPP_PRINTER = pytest.mark.skipif(
    not all(shutil.which(name, path=_PATH) for name in _PROGRAMS),
    reason="needs cups-ipp-utils, avahi-daemon and dbus",
)

NOT_HERE = "nothing can be announced on this machine's loopback"
"""Why ippeveprinter cannot run though it is there: some containers have no multicast."""

_NOT_ANNOUNCED = "Unable to initialize DNS-SD"
_READY = "Server startup complete"
_BUS = """<busconfig>
<type>system</type><listen>unix:path={bus}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/>
<allow eavesdrop="true"/><allow own="*"/><allow user="*"/></policy>
</busconfig>
"""
_ANNOUNCER = """[server]
host-name=dingmi-test-{port}
use-ipv6=no
allow-interfaces=lo
"""


@dataclass(frozen=True)
class IppPrinter:
    """A printer: its address, and the folder in which it keeps what was printed."""

    uri: str
    paper: Path

    def printed(self) -> list[bytes]:
        """Return what came out, in order."""
        found = sorted(self.paper.glob("*.pdf"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_bytes() for file in found]


@contextmanager
def ipp_printer(folder: Path) -> Iterator[IppPrinter]:
    """Run a printer; wait until it answers."""
    folder.mkdir()
    paper = folder / "paper"
    paper.mkdir()
    port, bus = free_port(), folder / "bus"
    (folder / "bus.conf").write_text(_BUS.format(bus=bus))
    (folder / "announcer.conf").write_text(_ANNOUNCER.format(port=port))
    environment = {
        **os.environ,
        "PATH": _PATH,
        "TMPDIR": str(folder),
        "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}",
    }
    with ExitStack() as running, (folder / "said").open("wb") as said:

        def start(*command: str | Path) -> subprocess.Popen[bytes]:
            words = [*map(str, command)]
            process = subprocess.Popen(words, env=environment, stdout=said, stderr=said)
            running.callback(_ended, process)
            return process

        def told() -> str:
            return (folder / "said").read_text(errors="replace")

        start("dbus-daemon", f"--config-file={folder / 'bus.conf'}", "--nofork")
        until(lambda: "yes" if bus.exists() else "", told, 30)
        announcer = ("--no-drop-root", "--no-chroot", "--no-rlimits")
        announces = start("avahi-daemon", "-f", folder / "announcer.conf", *announcer)
        # ippeveprinter takes one that is still starting for one that runs, and breaks off.
        until(lambda: "yes" if _READY in told() or announces.poll() is not None else "", told, 60)
        uri = f"ipp://127.0.0.1:{port}/ipp/print"
        printer = ("-n", "localhost", "-p", str(port), "-d", paper)
        sheets = ("-k", "-2", "-f", "application/pdf")
        start("ippeveprinter", *printer, *sheets, "样例")
        asked = ["ipptool", "-q", uri, "get-printer-attributes.test"]

        def answers() -> str:
            if _NOT_ANNOUNCED in told():
                pytest.skip(NOT_HERE)
            return "" if subprocess.run(asked, env=environment, check=False).returncode else "yes"

        until(answers, told, 60)
        yield IppPrinter(uri, paper)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
