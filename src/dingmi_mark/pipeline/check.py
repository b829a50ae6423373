"""Compare what a file shows, what it says of itself and what the ledger knows of it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dingmi_mark.domain.ledger import FileDigests
from dingmi_mark.domain.ledger_notified import SealedNotified
from dingmi_mark.domain.ledger_provisional import ProvisionalMade
from dingmi_mark.errors import (
    CheckNotMarked,
    DingmiError,
    DraftUnsupported,
    MarkedSavedOtherwise,
)
from dingmi_mark.formats.base import SUPPORTED, Access
from dingmi_mark.formats.convertible import STRICT
from dingmi_mark.formats.handlers import opening_with, recognised, to_convert
from dingmi_mark.formats.traces import bears_marks
from dingmi_mark.messages import say
from dingmi_mark.pipeline.check_code import code_lines
from dingmi_mark.pipeline.check_ink import ink_lines
from dingmi_mark.pipeline.check_label import label_lines, mark_of
from dingmi_mark.pipeline.check_notified import notified_as, notified_report
from dingmi_mark.pipeline.check_provisional import provisional_lines
from dingmi_mark.pipeline.check_unmarked import (
    is_seen_marked,
    may_be_unmarked,
    unmarked_report,
)
from dingmi_mark.pipeline.converting import conversion_words
from dingmi_mark.pipeline.desk import Desk, clear_private_folders
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of
from dingmi_mark.pipeline.evidence import Evidence, gathered
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.unmarked import UnmarkedCopy, recognise
from dingmi_mark.pipeline.verdicts import Agreement, CheckLine, CheckReport, IdentifiedBy
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.office import Limits, Office


def check_files(
    files: Sequence[Path],
    office: Office | None,
    *,
    on_report: Callable[[CheckReport], None],
    workers: int = 0,
    password: str = "",
) -> tuple[CheckReport, ...]:
    """Check files, and all files of folders; without an office the ledger is left out.

    `password` opens files that are protected.
    Raises KeyboardInterrupt when the user stops it.
    """
    paths = tuple(_all_files(files))
    run_id = f"check-{secrets.token_hex(4)}"
    reports: dict[int, CheckReport] = {}

    def take(number: int, result: CheckReport | DingmiError) -> None:
        if isinstance(result, DingmiError):
            result = CheckReport(paths[number], "", None, None, error=result)
        reports[number] = result
        on_report(result)

    jobs = [Job(check_in_worker, (office, run_id, path, password)) for path in paths]
    limits = office.limits if office else Limits()
    try:
        if jobs and not run_jobs(jobs, limits, workers_for(workers, len(jobs)), take):
            raise KeyboardInterrupt
    finally:
        if office is not None:
            clear_private_folders(office, run_id)
    return tuple(reports[number] for number in range(len(paths)))


def check_in_worker(
    office: Office | None, run_id: str, path: Path, password: str = ""
) -> CheckReport:
    """Check one file in a worker process."""
    return check_file(path, desk_of(office, run_id) if office else None, password)


@dataclass(frozen=True)
class Checked:
    """A file that was checked: the report, and by what it came about.

    `notified` and `unmarked` are what the ledger knows the file as, apart from marked files.
    `evidence` is None for a format that bears no marks: only its bytes were looked at. `mark_seen`
    is False where a mark that should be on the page is not to be seen as it was put. `same_bytes`:
    the file is, byte for byte, one that this office marked, provisionally or not.
    """

    report: CheckReport
    digests: FileDigests
    evidence: Evidence | None
    notified: SealedNotified | None = None
    unmarked: UnmarkedCopy | None = None
    mark_seen: bool = True
    same_bytes: bool = False


def check_file(path: Path, desk: Desk | None, password: str = "") -> CheckReport:
    """Check one file (see `checked`)."""
    return checked(path, desk, password).report


def checked(path: Path, desk: Desk | None, password: str = "") -> Checked:
    """Check one file.

    Raises the errors of drafts for what cannot be read; a file without any mark is a report
    with CheckNotMarked, an unmarked copy of a known draft with the error that says so.
    """
    limits = desk.office.limits if desk else Limits()
    content = read_bytes_of(path, most_mib=limits.file_mb)
    handler = recognised(path)
    is_word = path.suffix.lower() in STRICT.suffixes
    if (handler is None or is_word) and to_convert(path) is not None:
        return _of_old_format(path, content, desk)
    if handler is None:
        kind = path.suffix.lower() or say("a file without ending")
        raise DraftUnsupported(str(path), kind=kind, supported=SUPPORTED)
    handler = opening_with(handler, Access(password, despite_restrictions=True, sealed=True))
    draft = handler.inspect(path)
    evidence = gathered(draft, content.digests, desk.ledger if desk else None)
    notified = notified_as(content.digests.sm3, desk)
    if notified is not None:
        with handler.view(path) as view:
            report = notified_report(path, content.digests.sm3, notified, evidence, view)
        return Checked(report, content.digests, evidence, notified)
    unmarked = None
    if desk is not None and may_be_unmarked(evidence):
        digests = content.digests
        unmarked = recognise(desk.office, desk.ledger, digests, draft.content_digest, path)
    if unmarked is not None and unmarked.same_bytes:
        report = unmarked_report(path, unmarked)
        return Checked(report, content.digests, evidence, unmarked=unmarked)
    provisional = provisional_lines(evidence, content.digests.sm3, desk)
    with handler.view(path) as view:
        ink, assurance = ink_lines(draft, view, evidence, desk, flows=handler.flows)
        codes = code_lines(view, evidence, desk) if view is not None else ()
    if unmarked is not None and not codes and not is_seen_marked(ink):
        report = unmarked_report(path, unmarked)
        return Checked(report, content.digests, evidence, unmarked=unmarked)
    identified = evidence.identified_by or _by_sight(codes, ink)
    if identified is None:
        report = CheckReport(path, "", None, None, error=CheckNotMarked(str(path)))
        return Checked(report, content.digests, evidence)
    # A scan is no file of ours: what its code says, the ledger has told already.
    is_scan = bool(codes) and evidence.known is None
    in_ledger = desk is not None and provisional is None and not is_scan
    lines = (*label_lines(evidence, has_ledger=in_ledger), *_converted(evidence, desk))
    lines = (*lines, *(provisional or ()), *codes, *ink)
    report = CheckReport(path, mark_of(evidence), identified, assurance, lines)
    seen = not any(line.agreement is Agreement.MISSING for line in ink)
    same = evidence.same_bytes or (desk is not None and _made_provisionally(content, desk))
    return Checked(report, content.digests, evidence, mark_seen=seen, same_bytes=same)


def _by_sight(codes: Sequence[CheckLine], ink: Sequence[CheckLine]) -> IdentifiedBy | None:
    if codes:
        return IdentifiedBy.CODE
    return IdentifiedBy.INK if ink else None


def _made_provisionally(content: DraftBytes, desk: Desk) -> bool:
    name = f"sm3:{content.digests.sm3}"
    return bool(desk.ledger.acts(ProvisionalMade, file_digest=name))


def _of_old_format(path: Path, content: DraftBytes, desk: Desk | None) -> Checked:
    """Report on a file of a format that bears no marks: by its bytes alone it may be a draft."""
    found = recognise(desk.office, desk.ledger, content.digests, file=path) if desk else None
    if found is not None:
        return Checked(unmarked_report(path, found), content.digests, None, unmarked=found)
    if bears_marks(path):
        error = MarkedSavedOtherwise(str(path), suffix=path.suffix.lower())
        return Checked(CheckReport(path, "", None, None, error=error), content.digests, None)
    report = CheckReport(path, "", None, None, error=CheckNotMarked(str(path)))
    return Checked(report, content.digests, None)


def _converted(evidence: Evidence, desk: Desk | None) -> Iterator[CheckLine]:
    """Say what a marked file was converted from, by what its label says of the draft."""
    if desk is None or evidence.label is None:
        return
    number = str(evidence.label["approval"]["number"])
    told = conversion_words(desk.ledger, number, str(evidence.label["document"]["draft_sm3"]))
    if told is not None:
        yield CheckLine(Agreement.AGREES, told)


def _all_files(given: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        if not path.is_dir():
            found.append(path)
            continue
        for parent, folders, names in os.walk(path):
            folders.sort()
            found += (Path(parent) / name for name in sorted(names) if not name.startswith("."))
    return found
