"""dingmi-mark: put approved classification marks on documents, and keep the ledger of them.

As a library (in a program of its own, below `if __name__ == "__main__":`, because files are
handled in worker processes):

    office = dingmi_mark.open_office(Path("office"))
    result = dingmi_mark.mark([Path("drafts")], [Path("approvals")], Path("marked"), office=office)
    for verdict in result.verdicts:
        print(verdict.draft, verdict.status, verdict.error)
    reports = dingmi_mark.check([Path("marked")], office=office)
    label = dingmi_mark.show(Path("marked/a.pdf"))

All expected failures are `dingmi_mark.errors.DingmiError`, with a message and an advice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dingmi_mark.pipeline.verdicts import BatchResult, CheckReport, ShownLabel, Verdict
    from dingmi_mark.store.office import Office

__all__ = ["__version__", "check", "mark", "open_office", "show"]

__version__ = "0.1.0"


def open_office(folder: Path | None = None) -> Office:
    """Open an office: the folder given, else DINGMI_OFFICE, else the nearest parent's.

    Raises OfficeNotFound, ConfigurationInvalid.
    """
    import os

    from dingmi_mark.store.office import read_office
    from dingmi_mark.store.office_place import find_office

    return read_office(find_office(folder, os.environ, Path.cwd()))


def mark(
    drafts: Sequence[Path],
    approvals: Sequence[Path],
    out: Path,
    *,
    office: Office,
    dry_run: bool = False,
    preview: Path | None = None,
    jobs: int = 0,
    on_verdict: Callable[[Verdict], None] = lambda _: None,
) -> BatchResult:
    """Mark drafts (files or folders) from their approval records into `out`.

    Always with ★, after the approval (正式定密). Who may decide what, the policies and the law are
    read from the office's folder now, not taken from an object that may be old. No `approvals`:
    the office's own. One verdict a draft; a failed draft does not raise. `jobs` 0: as many workers
    as processors. Raises what concerns the run as a whole: configuration, ledger, folders.
    """
    from dingmi_mark.pipeline.batch import mark_drafts
    from dingmi_mark.pipeline.request import MarkRequest
    from dingmi_mark.store.office import read_office

    now = read_office(office.folder)
    records = tuple(approvals) or (now.approvals,)
    request = MarkRequest(tuple(drafts), records, out, dry_run, preview, jobs)
    return mark_drafts(request, now, on_start=lambda _: None, on_verdict=on_verdict)


def check(files: Sequence[Path], *, office: Office | None = None) -> tuple[CheckReport, ...]:
    """Compare ink, metadata and ledger of files; without an office the ledger is left out."""
    from dingmi_mark.pipeline.check import check_files

    return check_files(files, office, on_report=lambda _: None)


def show(file: Path) -> ShownLabel:
    """Read back what a marked file says of itself. Raises CheckNotMarked, errors of drafts."""
    from dingmi_mark.pipeline.show import show_file

    return show_file(file)
