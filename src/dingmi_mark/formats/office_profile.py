"""The settings LibreOffice works with here: nothing runs, nothing is fetched, nothing is slow.

A version that was never started with a profile tests at its start how well it draws, and starts
once more to look for extensions: three times the processor's time of a short document (1.5 s for
0.5 s, LibreOffice 7.4). So the profile says that just this version was started before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

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
    # Nothing is taken over from a profile that the user has of an older version.
    ("org.openoffice.Setup/Office", "MigrationCompleted", "true"),
)
_VERSION = re.compile(r"^ProductKey=.+ (\d+\.\d+)\s*$", re.MULTILINE)
_BUILD = re.compile(r"^buildid=([\w().: -]+?)\s*$", re.MULTILINE)


def write_profile(folder: Path, program: Path) -> None:
    """Write the profile for LibreOffice's `program` into a new folder. Raises OSError.

    Where the program's own files do not tell its version, it only starts slower.
    """
    user = folder / "user"
    (user / "extensions").mkdir(parents=True)
    home = Path(os.path.realpath(program)).parent  # a loop of links raises nothing here
    build = _told(home / "versionrc", _BUILD)
    if build:
        (user / "extensions" / "buildid").write_text(build, encoding="utf-8")
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{text}</value></prop></item>"
        for path, name, text in (*_SETTINGS, *_started_before(home))
    )
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def _started_before(home: Path) -> Iterator[tuple[str, str, str]]:
    version = _told(home / "bootstraprc", _VERSION)
    if version:
        yield "org.openoffice.Setup/Product", "ooSetupLastVersion", version


def _told(file: Path, wanted: re.Pattern[str]) -> str:
    """Return what a file of the program says; empty where it says nothing of the kind."""
    try:
        found = wanted.search(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return ""
    return found[1] if found else ""
