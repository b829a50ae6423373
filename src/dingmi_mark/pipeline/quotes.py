"""`quotes`: what drafts quote from classified documents, file by file, each in a worker."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.quotations import Undeclared
from dingmi_mark.errors import DingmiError, QuotationsNotRead
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.messages import say
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.desk import Desk, clear_private_folders
from dingmi_mark.pipeline.draft_file import DraftBytes, read_bytes_of
from dingmi_mark.pipeline.known import titled
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.quote_gate import undeclared_error
from dingmi_mark.pipeline.quote_text import SCAN_SHARE, DocumentText, text_of
from dingmi_mark.pipeline.quoting import Found, Shelves, open_shelves, quotations_in
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.office import Office
from dingmi_mark.store.quote_index import SOURCE, IndexedText


@dataclass(frozen=True)
class DocumentName:
    """How people call a document: 文号 and title, as far as its record is at hand."""

    document_number: str = ""
    title: str = field(default="", repr=False)


@dataclass(frozen=True)
class QuoteReport:
    """What was found in one file. `names` are of the documents; `record` is that of the draft."""

    file: Path
    found: Found | None = None
    names: Mapping[IndexedText, DocumentName] = field(default_factory=dict)
    record: str = ""
    error: DingmiError | None = None


def quote_files(
    files: tuple[Path, ...],
    office: Office,
    record: ApprovalRecord | None,
    *,
    password: str = "",
    on_report: Callable[[QuoteReport], None],
) -> tuple[QuoteReport, ...]:
    """Search files and return their reports in order.

    Raises the ledger's errors where it cannot be opened, KeyboardInterrupt when the user stops it.
    """
    run_id = f"check-{secrets.token_hex(4)}"
    reports: dict[int, QuoteReport] = {}
    jobs = [Job(quotes_in_worker, (office, run_id, path, record, password)) for path in files]

    def take(number: int, result: QuoteReport | DingmiError) -> None:
        if isinstance(result, DingmiError):
            result = QuoteReport(files[number], error=result)
        reports[number] = result
        on_report(result)

    try:
        if not run_jobs(jobs, office.limits, workers_for(0, len(jobs)), take):
            raise KeyboardInterrupt
    finally:
        clear_private_folders(office, run_id)
    return tuple(reports[number] for number in range(len(files)))


def quotes_in_worker(
    office: Office, run_id: str, path: Path, record: ApprovalRecord | None, password: str
) -> QuoteReport:
    """Search one file in a worker process."""
    desk = desk_of(office, run_id)
    content = read_bytes_of(path, most_mib=office.limits.file_mb)
    read = read_text(path, office, password)
    if read.unread and not len(read.normal):
        return QuoteReport(path, error=QuotationsNotRead(str(path), cause=read.unread[0]))
    shelves = open_shelves(office, desk.secret, desk.ledger, desk.today)
    marked, known = _known_by_bytes(content, desk, shelves)
    record = record or known
    own = {*marked, *((record.number,) if record and record is not known else ())}
    found = quotations_in(
        read, shelves, record=record, is_own=lambda text: text.approval_number in own
    )
    error = undeclared_error(found, path, Undeclared.STOP, shelves)
    names = {text: _name(text, shelves) for text in {each.text for each in found.quotations}}
    return QuoteReport(path, found, names, record.number if record else "", error)


def undeclared_in(path: Path, desk: Desk, password: str) -> DingmiError | None:
    """Return the error that says what a file without a mark quotes; None where it quotes nothing.

    Raises the errors of drafts and QuoteIndexDamaged.
    """
    shelves = open_shelves(desk.office, desk.secret, desk.ledger, desk.today)
    if not shelves.index.shelves():
        return None
    read = read_text(path, desk.office, password)
    return undeclared_error(quotations_in(read, shelves), path, Undeclared.STOP, shelves)


def read_text(path: Path, office: Office, password: str = "") -> DocumentText:
    """Read all text of any file the program reads. Raises the errors of drafts."""
    with as_markable(path, office.conversion) as made:
        handler = handler_with(made.path, Access(password, True, sealed=True))
        return text_of(made.path, handler, office.limits.seconds * SCAN_SHARE)


def _known_by_bytes(
    content: DraftBytes, desk: Desk, shelves: Shelves
) -> tuple[set[str], ApprovalRecord | None]:
    """Return the approvals that a file bears the mark of, and the record of a draft."""
    marked, numbers = set(), []
    for match in desk.ledger.by_file_digest(content.digests.sm3):
        number = match.record.intended.approval_number
        if match.role == "marked":
            marked.add(number)
        numbers.append(number)
    if not numbers:
        from dingmi_mark.domain.ledger_drafts import DraftRegistered

        for name in content.names:
            acts = desk.ledger.acts(DraftRegistered, file_digest=name)
            numbers += [act.approval_number for _, act in acts]
    return marked, shelves.record(numbers[-1]) if numbers else None


def _name(text: IndexedText, shelves: Shelves) -> DocumentName:
    document = shelves.known.document(text.id) if text.kind == SOURCE else None
    if document is not None:
        document = titled(document, shelves.office)
        return DocumentName(document.document_number, document.title)
    record = shelves.record(text.approval_number)
    if record is None:
        return DocumentName()
    return DocumentName(record.draft.document_number, record.draft.title)


def nothing_indexed(office: Office, secret: bytes) -> bool:
    """Tell whether the index knows no document at all."""
    from dingmi_mark.store.quote_index import QuoteIndex

    return not QuoteIndex(office.folder, secret).shelves()


EMPTY = say("The index of quotations is empty: nothing can be found yet.")
