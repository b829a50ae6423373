"""Turn office files into PDF with LibreOffice: alone, offline, without macros, within a time.

Each conversion has a profile of its own in a private folder that is removed afterwards. A kept
profile would save 0.1-0.2 s of 1.4 s (measured), and would remember file names, lock out other
processes, and be left behind half-written by a conversion that was stopped.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from dingmi_mark.errors import ConfirmationToolFailed
from dingmi_mark.messages import say

TIME_LIMIT_S = 120.0
_KEPT = ("PATH", "LANG", "LC_ALL", "HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")
"""What LibreOffice learns of our surroundings: language, and where a user's fonts are."""
_PROGRAMS = ("soffice", "libreoffice")
_NOWHERE = "127.0.0.1"
_DISCARD_PORT = "9"

_SECURITY = "org.openoffice.Office.Common/Security/Scripting"
_UPDATE = "org.openoffice.Office.Writer/Content/Update"
_INTERNET = "org.openoffice.Inet/Settings"
_SETTINGS = (
    (_SECURITY, "MacroSecurityLevel", "3"),
    (_SECURITY, "DisableMacrosExecution", "true"),
    (_SECURITY, "BlockUntrustedRefererLinks", "true"),
    (_UPDATE, "Link", "0"),
    (_UPDATE, "Field", "false"),
    (_INTERNET, "ooInetProxyType", "2"),
    (_INTERNET, "ooInetHTTPProxyName", _NOWHERE),
    (_INTERNET, "ooInetHTTPProxyPort", _DISCARD_PORT),
    (_INTERNET, "ooInetHTTPSProxyName", _NOWHERE),
    (_INTERNET, "ooInetHTTPSProxyPort", _DISCARD_PORT),
    (_INTERNET, "ooInetNoProxy", ""),
)


def find_soffice() -> Path | None:
    """Return LibreOffice's program, None where it is not installed."""
    for program in _PROGRAMS:
        found = shutil.which(program)
        if found is not None:
            return Path(found)
    return None


def to_pdf(
    path: Path, folder: Path, suffix: str = "", *, time_limit_s: float = TIME_LIMIT_S
) -> Path:
    """Convert an office file into a PDF in `folder` and return it; the original is not opened.

    `suffix` (`.docx`) tells the format of a file whose name does not.

    Raises ConfirmationToolFailed when LibreOffice is missing, fails or takes too long.
    """
    program = find_soffice()
    if program is None:
        raise ConfirmationToolFailed(str(path), cause=say("LibreOffice is not installed"))
    with TemporaryDirectory(prefix="dingmi-office-") as private:
        room = Path(private)
        draft = room / f"draft{suffix or path.suffix.lower()}"
        shutil.copyfile(path, draft)
        _write_profile(room / "profile")
        _run(_command(program, room, draft), room, path, time_limit_s)
        made = room / "out" / "draft.pdf"
        if not made.is_file():
            raise ConfirmationToolFailed(str(path), cause=say("LibreOffice made no PDF of it"))
        return Path(shutil.move(made, folder / f"{path.stem}.pdf"))


def _command(program: Path, room: Path, draft: Path) -> list[str]:
    return [
        str(program),
        f"-env:UserInstallation={(room / 'profile').as_uri()}",
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo",
        "--convert-to", "pdf:writer_pdf_Export",
        "--outdir", str(room / "out"),
        str(draft),
    ]  # fmt: skip


def _run(command: list[str], room: Path, path: Path, time_limit_s: float) -> None:
    """Run LibreOffice in a process group of its own, so that all of it can be ended."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(
        command,
        cwd=room,
        env={**kept, "TMPDIR": str(room), "XDG_CACHE_HOME": str(room / "cache")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        status = process.wait(time_limit_s)
    except subprocess.TimeoutExpired as error:
        cause = say("LibreOffice took longer than {seconds} s", seconds=round(time_limit_s))
        raise ConfirmationToolFailed(str(path), cause=cause) from error
    finally:
        _end_group(process)
    if status != 0:
        cause = say("LibreOffice ended with status {status}", status=status)
        raise ConfirmationToolFailed(str(path), cause=cause)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End what is left of the group; the group is gone in the ordinary case."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _write_profile(folder: Path) -> None:
    """Write LibreOffice's settings: nothing runs, nothing is fetched, no link is followed."""
    user = folder / "user"
    user.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{text}</value></prop></item>"
        for path, name, text in _SETTINGS
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )
