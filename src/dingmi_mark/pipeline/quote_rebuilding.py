"""Fill the index of quotations from the ledger and the files that are still where they were.

For documents that were marked before there was an index, whose indexing failed, or after the index
was damaged. Whatever file is taken, its bytes are those that the ledger knows.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.errors import DingmiError, QuoteIndexDamaged
from dingmi_mark.pipeline.desk import clear_private_folders
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.known import registered_sources
from dingmi_mark.pipeline.originals import originals_of
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.quote_text import DocumentText
from dingmi_mark.pipeline.quoted_points import points_in
from dingmi_mark.pipeline.quotes import read_text
from dingmi_mark.pipeline.quoting import remember
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.ledger_records import MarkingRecord
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_ledger import open_ledger
from dingmi_mark.store.quote_index import MARKED, SOURCE, IndexedText, QuoteIndex


@dataclass(frozen=True)
class Refilled:
    """How many documents were added, how many were there, and the numbers of those not found.

    `sources` are the names of registered documents from outside that the index lacks.
    """

    added: int
    known: int
    missing: tuple[str, ...]
    sources: tuple[str, ...] = ()


def refill(office: Office, *, anew: bool) -> Refilled:
    """Add every marked document of the ledger that the index lacks; `anew` empties it first.

    Where the files of sources from outside lie nobody knows: they are registered again. Raises the
    errors of ledger and index, KeyboardInterrupt.
    """
    index = QuoteIndex(office.folder, office.secret())
    if anew:
        index.clear()
    texts = tuple(index.texts())
    known = {text.approval_number for text in texts if text.kind == MARKED}
    there = {text.id for text in texts if text.kind == SOURCE}
    with open_ledger(office) as ledger:
        sources = tuple(one.name for one in registered_sources(ledger) if one.id not in there)
        numbers = list(dict.fromkeys(copy.approval_number for copy in ledger.done_copies()))
    wanted = [number for number in numbers if number not in known]
    run_id = f"check-{secrets.token_hex(4)}"
    results: dict[str, bool | DingmiError] = {}
    jobs = [Job(index_in_worker, (office, run_id, number)) for number in wanted]

    def take(place: int, result: bool | DingmiError) -> None:
        results[wanted[place]] = result

    try:
        if jobs and not run_jobs(jobs, office.limits, workers_for(0, len(jobs)), take):
            raise KeyboardInterrupt
    finally:
        clear_private_folders(office, run_id)
    for result in results.values():
        if isinstance(result, QuoteIndexDamaged):
            raise result
    missing = tuple(number for number in wanted if results[number] is not True)
    return Refilled(len(wanted) - len(missing), len(numbers) - len(wanted), missing, sources)


def index_in_worker(office: Office, run_id: str, number: str) -> bool:
    """Index the document of an approval; False where no file of it is found any more."""
    desk = desk_of(office, run_id)
    record = _record(office, number)
    done = [m for m in desk.ledger.by_approval(number) if m.state is MarkingState.DONE]
    for marking in reversed(done):
        places = (
            *(left.place for left in originals_of(desk.ledger, number) if left.place),
            marking.intended.target,
        )
        files = [office.folder / place for place in places]
        for file in (*_beside(office, number), *files):
            read = _read(file, marking, office)
            if read is not None:
                text = _text(marking, record, read)
                remember(office, desk.secret, [(text, read)])
                return True
    return False


def _record(office: Office, number: str) -> ApprovalRecord | None:
    try:
        return find_record(office.approvals, number).record
    except DingmiError:
        return None


def _beside(office: Office, number: str) -> Iterator[Path]:
    try:
        draft = find_record(office.approvals, number).draft
    except DingmiError:
        return
    if draft is not None:
        yield draft


def _read(file: Path, marking: MarkingRecord, office: Office) -> DocumentText | None:
    """Read a file if it is, byte for byte, one that the ledger knows of this marking."""
    wanted = {marking.intended.draft.sm3}
    if marking.prepared is not None:
        wanted.add(marking.prepared.marked.sm3)
    try:
        content = read_bytes_of(file, most_mib=office.limits.file_mb)
        return read_text(file, office) if content.digests.sm3 in wanted else None
    except DingmiError:
        return None


def _text(marking: MarkingRecord, record: ApprovalRecord | None, read: DocumentText) -> IndexedText:
    known = marking.intended
    return IndexedText(
        MARKED,
        known.document_id,
        known.approval_number,
        known.level,
        len(read.normal),
        known.draft.sm3,
        known.content_digest,
        points=points_in(record, read) if record is not None else (),
    )
