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


def with_basis(form: Path) -> None:
    """Fill in the first row of the form's list of what the level rests on."""
    from docx import Document

    document = Document(str(form))
    rows = document.tables[0].rows
    heading = next(
        at for at, row in enumerate(rows) if any("范围名称" in cell.text for cell in row.cells)
    )
    cells = list({cell._tc: cell for cell in rows[heading + 1].cells}.values())
    for cell, text in zip(cells[1:], ("示例领域保密事项范围", "第1项"), strict=True):
        cell.paragraphs[-1].add_run(text)
    document.save(str(form))
