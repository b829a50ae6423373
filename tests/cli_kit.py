"""Start the installed command as a user does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = str(Path(sys.executable).parent / "dingmi-mark")


def run(
    *arguments: str | Path, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the command without the caller's language and office."""
    usual = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "DINGMI"))}
    return subprocess.run(
        [COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        env={**usual, "LC_ALL": "C.UTF-8", **environment},
        timeout=300,
        check=False,
    )
