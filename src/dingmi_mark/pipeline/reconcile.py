"""Compare a tree of files with the ledger: one verdict a file, nothing is changed.

Each file is looked at by what `check` uses, in a worker process. What is registered below the
folders and was found nowhere in them is missing, wherever it was renamed to within them.
"""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.copies import returns_by_copy
from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.errors import (
    CheckNotMarked,
    DingmiError,
    DraftNotAccessible,
    DraftUnsupported,
    LedgerBusy,
)
from dingmi_mark.forms.register_csv import safe
from dingmi_mark.messages import say
from dingmi_mark.pipeline.check import Checked, checked
from dingmi_mark.pipeline.check_provisional import provisional_lines
from dingmi_mark.pipeline.desk import Desk, clear_private_folders
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.reconcile_words import Compared, Standing
from dingmi_mark.pipeline.unmarked import Standing as Approval, UnmarkedCopy, recognise
from dingmi_mark.pipeline.verdicts import Agreement
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.new_file import new_text_file
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_ledger import open_ledger

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger

_OURS: Final = ("ledger", "quotations", "remark", "secret", "sources")
"""Folders of an office in which the program keeps its own: no papers lie there."""


def reconcile(
    folders: Sequence[Path],
    office: Office,
    *,
    on_compared: Callable[[Compared], None],
    password: str = "",
) -> tuple[Compared, ...]:
    """Compare all files of folders with the ledger; what is missing comes last.

    Raises the ledger's errors where it cannot be opened, KeyboardInterrupt when the user stops it.
    """
    run_id = f"reconcile-{secrets.token_hex(4)}"
    found = list(_files(folders, office.folder))
    paths = [path for path, obstacle in found if obstacle is None]
    compared: list[Compared] = []

    def told(one: Compared) -> None:
        compared.append(one)
        on_compared(one)

    def take(number: int, result: Compared | DingmiError) -> None:
        if isinstance(result, DingmiError):
            result = Compared(str(paths[number]), Standing.UNREADABLE, error=result)
        told(result)

    for path, obstacle in found:
        if obstacle is not None:
            told(Compared(str(path), Standing.UNREADABLE, error=obstacle))
    jobs = [Job(compare_in_worker, (office, run_id, path, password)) for path in paths]
    with open_ledger(office) as ledger:
        try:
            if jobs and not run_jobs(jobs, office.limits, workers_for(0, len(jobs)), take):
                raise KeyboardInterrupt
        finally:
            clear_private_folders(office, run_id)
        for missing in _missing(folders, office, ledger, tuple(compared)):
            told(missing)
    return tuple(compared)


def compare_in_worker(office: Office, run_id: str, path: Path, password: str) -> Compared:
    """Compare one file in a worker process."""
    desk = desk_of(office, run_id)
    try:
        return _compared(path, checked(path, desk, password), desk)
    except LedgerBusy:
        raise
    except DraftUnsupported:
        return _by_bytes(path, desk)
    except DingmiError as error:
        # What cannot be opened may be a known draft all the same, byte for byte.
        known = _by_bytes(path, desk)
        if known.standing is not Standing.OTHER_KIND:
            return known
        return Compared(str(path), Standing.UNREADABLE, error=error)


def _by_bytes(path: Path, desk: Desk) -> Compared:
    """A file of a kind that bears no marks may be a copy of a draft by its bytes alone."""
    digests = read_bytes_of(path, most_mib=desk.office.limits.file_mb).digests
    copy = recognise(desk.office, desk.ledger, digests, file=path)
    if copy is None:
        return Compared(str(path), Standing.OTHER_KIND, sm3=digests.sm3)
    return _unmarked(path, copy, digests.sm3)


def _compared(path: Path, found: Checked, desk: Desk) -> Compared:
    sm3, report, evidence = found.digests.sm3, found.report, found.evidence
    if found.unmarked is not None:
        return _unmarked(path, found.unmarked, sm3)
    if isinstance(report.error, CheckNotMarked) or evidence is None:
        return Compared(str(path), Standing.UNMARKED, sm3=sm3)
    is_provisional = provisional_lines(evidence, sm3, desk) is not None
    by_us = evidence.known is not None or evidence.legacy is not None
    is_known = by_us or found.notified is not None or is_provisional
    standing = _standing(found, evidence) if is_known else Standing.NOT_REGISTERED
    if evidence.known is None:
        label = evidence.label
        number = found.notified.approval_number if found.notified else ""
        if not number and label is not None:
            number = str(label["approval"]["number"])
        return Compared(str(path), standing, number, sm3=sm3, error=report.error)
    known = evidence.known.intended
    ids = (known.approval_number, known.copy_number, known.marking_id, known.copy_id)
    return Compared(str(path), standing, *ids, sm3, report.error)


def _standing(found: Checked, evidence: Evidence) -> Standing:
    report = found.report
    by_us = evidence.known is not None or evidence.legacy is not None
    if by_us and not (evidence.same_bytes or evidence.same_content):
        return Standing.ALTERED
    agreements = {line.agreement for line in report.lines}
    if report.error is not None or Agreement.CONTRADICTS in agreements or not found.mark_seen:
        return Standing.WRONGLY_MARKED
    if Agreement.MISSING in agreements:
        return Standing.INCOMPLETE
    return Standing.AGREES


def _unmarked(path: Path, copy: UnmarkedCopy, sm3: str) -> Compared:
    number = copy.approval_number
    if copy.place is not None:
        return Compared(str(path), Standing.ORIGINAL, number, sm3=sm3)
    is_secret = copy.standing in (Approval.APPROVED, Approval.MARKED)
    standing = Standing.UNMARKED_COPY if is_secret else Standing.PROPOSAL
    return Compared(str(path), standing, number, sm3=sm3, error=copy.error(path))


# ── what is registered, and what lies there ────────────────────────────────────────────────────


def _missing(
    folders: Sequence[Path], office: Office, ledger: Ledger, compared: Sequence[Compared]
) -> Iterator[Compared]:
    """Copies that are registered below the folders, are out, and were found nowhere in them."""
    seen = {(one.marking_id, one.copy_id) for one in compared if one.copy_id}
    digests = {one.sm3 for one in compared}
    back = returns_by_copy(act for _, act in ledger.acts(CopyReturned))
    tops = [f"{os.path.realpath(folder)}{os.sep}" for folder in folders]

    def is_below(target: str) -> bool:
        return os.path.realpath(office.folder / target).startswith(tuple(tops))

    for record in ledger.done_records():
        one = record.intended
        is_out = (one.approval_number, one.copy_number) not in back
        if (one.marking_id, one.copy_id) not in seen and is_out and is_below(one.target):
            ids = (one.approval_number, one.copy_number, one.marking_id, one.copy_id)
            yield Compared(str(office.folder / one.target), Standing.MISSING, *ids)
    for _, act in ledger.acts(SealedNotified):
        if act.labelled_sm3 not in digests and is_below(act.target):
            file = str(office.folder / act.target)
            yield Compared(file, Standing.MISSING, act.approval_number)


def _files(folders: Sequence[Path], office: Path) -> Iterator[tuple[Path, DingmiError | None]]:
    """Yield every file, hidden ones too, and with its error whatever cannot be gone into."""
    ours = {os.path.realpath(office / name) for name in _OURS}
    for folder in folders:
        if not folder.is_dir():
            obstacle = None
            if not folder.exists():
                obstacle = DraftNotAccessible(str(folder), cause=os.strerror(2))
            yield folder, obstacle
            continue
        closed: list[OSError] = []
        for parent, inner, names in os.walk(folder, onerror=closed.append):
            inner[:] = sorted(n for n in inner if os.path.realpath(Path(parent, n)) not in ours)
            for name in inner:
                if (link := Path(parent, name)).is_symlink():
                    cause = say("it is a link to a folder: name that folder itself")
                    yield link, DraftNotAccessible(str(link), cause=cause)
            yield from ((Path(parent, name), None) for name in sorted(names))
        for error in closed:
            place = str(error.filename)
            yield Path(place), DraftNotAccessible(place, cause=error.strerror or str(error))


def write_compared(compared: Sequence[Compared], file: Path, words: Mapping[Standing, str]) -> None:
    """Write all verdicts as a new CSV file. Raises the errors of new files."""
    # Table programs take a file without this mark for another encoding.
    with new_text_file(file, "utf-8-sig") as stream:
        table = csv.writer(stream)
        table.writerow(("结果", "文件", "审批编号", "份号", "SM3"))
        for one in compared:
            values = (words[one.standing], one.file, one.approval_number, one.copy, one.sm3)
            table.writerow([safe(value) for value in values])
