"""What the user asks for when drafts are to be marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dingmi_mark.domain.standing import Standing


@dataclass(frozen=True)
class MarkRequest:
    """Drafts and records (files or folders, looked through recursively) and where to put results.

    `preview` is the folder for pictures of the pages as they would be; only with `dry_run`.
    `approved` is the number of the one record that the one draft is given for, whatever its name.
    `password` opens drafts that are protected; the marked files are protected as they were.
    `sealed`: signed drafts get label, cover sheet and notice instead of a mark.
    `at_printer`: one file without 份号, which a guarded printer numbers.
    `jobs` is the number of worker processes; 0 for as many as the machine has processors.
    """

    drafts: tuple[Path, ...]
    approvals: tuple[Path, ...]
    out: Path
    dry_run: bool = False
    preview: Path | None = None
    jobs: int = 0
    approved: str = ""
    standing: Standing = Standing.FORMAL
    password: str = field(default="", repr=False)
    sealed: bool = False
    at_printer: bool = False
