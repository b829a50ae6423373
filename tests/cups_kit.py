"""A private print server on loopback: its own folders, port and spool; printers that are files.

Nothing of the machine's own CUPS is used save the programs. The server is ended, with everything
it started, when the test ends, and that nothing is left is looked at.
"""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dingmi_mark.printhook.install_backend import wrapper_text

CUPSD = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NEEDS_CUPS = pytest.mark.skipif(CUPSD is None, reason="needs cups")
SYSTEM_BIN = Path("/usr/lib/cups")
SINK = """#!/bin/sh
# A printer that is a folder: every job becomes files in it, with its arguments and its rights.
[ $# -eq 0 ] && exit 0
folder="${DEVICE_URI#sink:}"
name="$folder/$1-$$"
{ printf '%s\\n' "$DEVICE_URI" "$@"; id -u; } >"$name.arguments"
{ [ -e /proc/self/fd/3 ] && echo 3; [ -e /proc/self/fd/4 ] && echo 4; } >"$name.channels"
trap 'echo ended >"$name.ended"; kill $sleeper 2>/dev/null; exit 0' TERM
if [ -e "$folder/slow" ]; then
  echo begun >"$name.begun"
  sleep 60 & sleeper=$!; wait
fi
[ -e "$folder/unhurried" ] && sleep 1
[ -e "$folder/broken" ] && exit 1
if [ $# -ge 6 ]; then cat "$6" >"$name.part"; else cat >"$name.part"; fi
mv "$name.part" "$name.out"
"""


@dataclass
class Server:
    """A print server that runs, and where its things are."""

    folder: Path
    port: int
    user: str
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def stop_and_start_again(self) -> None:
        """Stop the server as an administrator does, and start it again."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(60)
        self.process = _started(self)

    def kill_and_start_again(self) -> None:
        """Kill the server as a power cut would, and start it over the same spool."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        self.process = _started(self)

    @property
    def root(self) -> Path:
        return self.folder / "etc"

    @property
    def paper(self) -> Path:
        """Where the sink puts what was printed."""
        return self.folder / "paper"

    def run(self, *command: str | Path, check: bool = True) -> str:
        """Run a command of CUPS against this server and return all it says."""
        done = subprocess.run(
            [*map(str, command)],
            capture_output=True,
            text=True,
            env={**os.environ, **self.environment},
            timeout=60,
            check=False,
        )
        told = done.stdout + done.stderr
        assert not check or done.returncode == 0, told
        return told

    def queue(self, name: str, device: str, *more: str) -> None:
        """Make a raw queue."""
        self.run("/usr/sbin/lpadmin", "-p", name, "-E", "-v", device, *more)

    def lp(self, queue: str, *arguments: str | Path) -> str:
        """Print and return the id of the job."""
        told = self.run("lp", "-d", queue, *arguments)
        return told.split()[3]

    def job(self, job: str) -> str:
        """Return what `lpstat -l` says of a job, wherever it is."""
        for which in ("not-completed", "completed"):
            told = self.run("lpstat", "-l", "-W", which, "-o", check=False)
            lines = told.splitlines()
            for place, line in enumerate(lines):
                if line.startswith(f"{job} "):
                    rest = []
                    for more in lines[place + 1 :]:
                        if not more.startswith(("\t", " ")):
                            break
                        rest.append(more.strip())
                    return f"{which} " + " ".join((line, *rest))
        return ""

    def attributes(self, job: str) -> str:
        """Return the attributes of a job by IPP."""
        number = job.rpartition("-")[2]
        test = self.folder / f"job-{number}.test"
        test.write_text(
            "{ OPERATION Get-Job-Attributes GROUP operation-attributes-tag\n"
            "ATTR charset attributes-charset utf-8\n"
            "ATTR language attributes-natural-language zh\n"
            f'ATTR uri job-uri "ipp://localhost:{self.port}/jobs/{number}"\n'
            "ATTR name requesting-user-name root }\n",
            encoding="utf-8",
        )
        return self.run(
            "ipptool", "-tv", f"ipp://localhost:{self.port}/jobs/{number}", test, check=False
        )

    def state(self, job: str) -> str:
        """Return the state of a job by IPP: completed, canceled, pending-held …"""
        for line in self.attributes(job).splitlines():
            if line.strip().startswith("job-state (enum)"):
                return line.rpartition("=")[2].strip()
        return ""

    def reached(self, job: str, *states: str) -> str:
        """Wait until a job is in one of these states and return it."""
        return until(lambda: next((s for s in states if self.state(job) == s), ""), self.log)

    def printed(self) -> list[bytes]:
        """Return what came out of the sink, in order."""
        found = sorted(self.paper.glob("*.out"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_bytes() for file in found]

    def log(self) -> str:
        """Return the last words of the server's log."""
        file = self.folder / "log" / "error_log"
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        told = (line for line in lines if "[Job" in line or line.startswith("E"))
        return "\n".join([line for line in told if "envp[" not in line][-40:])


def until(
    look: Callable[[], str], told: Callable[[], str] = lambda: "", seconds: float = 120
) -> str:
    """Return what a look finds as soon as it finds something; a busy machine may take long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError(f"it did not come about\n{told()}")


@contextmanager
def open_folder() -> Iterator[Path]:
    """Make a folder that other users can go through, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp(prefix="dingmi-cups-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def free_port() -> int:
    """Return a port of loopback nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def print_server(folder: Path, *, user: str = "") -> Iterator[Server]:
    """Run a private server, as this user or another, and leave no process behind."""
    server = _laid_out(folder, user)
    server.process = _started(server)
    try:
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(30)
        except subprocess.TimeoutExpired:
            server.process.kill()
            server.process.wait()
        until(lambda: "" if _left(folder) else "gone", lambda: "\n".join(_left(folder)))


def _started(server: Server) -> subprocess.Popen[bytes]:
    assert CUPSD is not None
    command = [CUPSD, "-f", "-c", str(server.root / "cupsd.conf")]
    command += ["-s", str(server.root / "cups-files.conf")]
    if server.user:
        command = ["setpriv", f"--reuid={server.user}", "--regid=lp", "--clear-groups", *command]
    with (server.folder / "cupsd.said").open("ab") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    until(lambda: _answers(server, process), server.log, 60)
    return process


def _answers(server: Server, process: subprocess.Popen[bytes]) -> str:
    assert process.poll() is None, (server.folder / "cupsd.said").read_text() + server.log()
    with socket.socket() as one:
        return "" if one.connect_ex(("127.0.0.1", server.port)) else "yes"


def _left(folder: Path) -> list[str]:
    """Return the processes that have anything of this folder in their surroundings."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            around = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder / "etc") in around:
            found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def _laid_out(folder: Path, user: str) -> Server:
    server = Server(folder, free_port(), user)
    server.environment = {
        "CUPS_SERVER": f"localhost:{server.port}",
        "CUPS_SERVERROOT": str(server.root),
        "CUPS_SERVERBIN": str(folder / "bin"),
        "CUPS_STATEDIR": str(folder / "state"),
        "LC_ALL": "C.UTF-8",
    }
    for name in ("etc", "etc/ppd", "bin", "spool", "spool/tmp", "cache", "state", "log", "paper"):
        (folder / name).mkdir(parents=True)
    for name in ("backend", "filter", "driver", "daemon", "notifier", "monitor"):
        if (SYSTEM_BIN / name).is_dir() and name != "backend":
            (folder / "bin" / name).symlink_to(SYSTEM_BIN / name)
    backends = folder / "bin" / "backend"
    backends.mkdir()
    for name in ("ipp", "socket"):
        shutil.copy(SYSTEM_BIN / "backend" / name, backends / name)
        (backends / name).chmod(0o755)
    _program(backends / "sink", SINK, 0o755)
    _program(backends / "dingmi", wrapper_text(Path(sys.executable)), 0o755 if user else 0o700)
    runner = user or pwd.getpwuid(os.geteuid()).pw_name
    root = pwd.getpwnam(runner).pw_uid == 0
    group = grp.getgrgid(pwd.getpwnam(runner).pw_gid).gr_name
    printer_user, printer_group = ("lp", "lp") if root else (runner, group)
    (server.root / "cupsd.conf").write_text(_CONFIGURATION.format(port=server.port))
    (server.root / "cups-files.conf").write_text(
        _FILES.format(
            folder=folder,
            user=printer_user,
            group=printer_group,
            system="root" if root else group,
        )
    )
    if root:
        (folder / "paper").chmod(0o777)
    if user:
        whole = pwd.getpwnam(user)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, whole.pw_uid, whole.pw_gid, follow_symlinks=False)
    return server


def _program(file: Path, text: str, mode: int) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)


_CONFIGURATION = """
Listen 127.0.0.1:{port}
LogLevel debug
MaxLogSize 0
PageLogFormat
Browsing Off
WebInterface No
DefaultAuthType Basic
JobRetryInterval 2
DirtyCleanInterval 0
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""

_FILES = """
ServerRoot {folder}/etc
ServerBin {folder}/bin
DataDir /usr/share/cups
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
ErrorLog {folder}/log/error_log
AccessLog {folder}/log/access_log
PageLog {folder}/log/page_log
FileDevice Yes
User {user}
Group {group}
SystemGroup {system}
"""
