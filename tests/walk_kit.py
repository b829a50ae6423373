"""A desk at which people walk a procedure by commands, in Chinese."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from cli_kit import run


@dataclass(frozen=True)
class Desk:
    """An office, the key files of its people, and the folder they work in."""

    folder: Path

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command in Chinese."""
        office, keys = str(self.folder / "office"), str(self.folder / "keys")
        return run("--lang", "zh", *words, cwd=self.folder, DINGMI_OFFICE=office, DINGMI_KEYS=keys)

    def done(self, *words: str | Path) -> str:
        """Run a command that must succeed."""
        result = self.run(*words)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def signed(self, *words: str | Path) -> str:
        """Run a command that signs."""
        return self.done(*words, "--passphrase-file", self.folder / "passphrase")
