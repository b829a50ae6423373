"""Fill the index of quotations from the ledger and the files that are still where they were.

For documents that were marked before there was an index, whose indexing failed, or after the index
was damaged; and to place classified points anew that an earlier version placed in another way.
Whatever file is taken, its bytes are those that the ledger knows.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.ledger import MarkingState
from dingmi_mark.domain.ledger_sources import DocumentDescribed
from dingmi_mark.errors import DingmiError, QuoteIndexDamaged
from dingmi_mark.formats.base import Access, FormatHandler
from dingmi_mark.formats.handlers import WithMarksApart, handler_with
from dingmi_mark.pipeline.converting import as_markable
from dingmi_mark.pipeline.desk import Desk, clear_private_folders
from dingmi_mark.pipeline.draft_file import read_bytes_of
from dingmi_mark.pipeline.known import registered_sources
from dingmi_mark.pipeline.originals import originals_of
from dingmi_mark.pipeline.pool import Job, run_jobs, workers_for
from dingmi_mark.pipeline.quote_text import SCAN_SHARE, DocumentText, text_of
from dingmi_mark.pipeline.quoted_points import PlacedPoints, points_in
from dingmi_mark.pipeline.quoting import remember
from dingmi_mark.pipeline.worker import desk_of
from dingmi_mark.store.approval_tree import find_record
from dingmi_mark.store.ledger_records import MarkingRecord
from dingmi_mark.store.office import Office
from dingmi_mark.store.office_ledger import open_ledger
from dingmi_mark.store.quote_index import (
    MARKED,
    POINTS_READING,
    SOURCE,
    IndexedText,
    QuoteIndex,
)

_T = TypeVar("_T")


@dataclass(frozen=True)
class Refilled:
    """How many documents were added, how many were there, and the numbers of those not found.

    `sources` are the names of registered documents from outside that the index lacks. Of `renewed`
    documents the points were placed anew. `unplaced` are the numbers of documents of which some
    point's place cannot be told: what is quoted from there has the level of the document.
    """

    added: int
    known: int
    missing: tuple[str, ...]
    sources: tuple[str, ...] = ()
    renewed: int = 0
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A document as the index knows it now; `unplaced`: some point's place cannot be told."""

    text: IndexedText
    unplaced: bool


def refill(office: Office, *, anew: bool) -> Refilled:
    """Add every marked document of the ledger that the index lacks; `anew` empties it first.

    Points of those that are there are placed anew where an earlier version placed them. Where the
    files of sources from outside lie nobody knows: they are registered again. Raises the errors of
    ledger and index, KeyboardInterrupt.
    """
    index = QuoteIndex(office.folder, office.secret())
    if anew:
        index.clear()
    texts = tuple(index.texts())
    known = {text.approval_number for text in texts if text.kind == MARKED}
    there = {text.id for text in texts if text.kind == SOURCE}
    old = [text for text in texts if text.kind == MARKED and text.reading < POINTS_READING]
    with open_ledger(office) as ledger:
        sources = tuple(one.name for one in registered_sources(ledger) if one.id not in there)
        numbers = list(dict.fromkeys(copy.approval_number for copy in ledger.done_copies()))
    wanted = [number for number in numbers if number not in known]
    added = _all(office, index_in_worker, wanted)
    renewed = _all(office, place_in_worker, old)
    index.renew([taken.text for taken in renewed if taken is not None])
    done = [taken for taken in (*added, *renewed) if taken is not None]
    return Refilled(
        sum(taken is not None for taken in added),
        len(numbers) - len(wanted),
        tuple(number for number, taken in zip(wanted, added, strict=True) if taken is None),
        sources,
        sum(taken is not None for taken in renewed),
        tuple(taken.text.approval_number for taken in done if taken.unplaced),
    )


def _all(
    office: Office, work: Callable[[Office, str, _T], Taken | None], wanted: Sequence[_T]
) -> list[Taken | None]:
    """Do something with documents in workers; None for those that failed."""
    run_id = f"check-{secrets.token_hex(4)}"
    results: dict[int, Taken | None | DingmiError] = {}
    jobs = [Job(work, (office, run_id, each)) for each in wanted]

    def take(place: int, result: Taken | None | DingmiError) -> None:
        results[place] = result

    try:
        if jobs and not run_jobs(jobs, office.limits, workers_for(0, len(jobs)), take):
            raise KeyboardInterrupt
    finally:
        clear_private_folders(office, run_id)
    for result in results.values():
        if isinstance(result, QuoteIndexDamaged):
            raise result
    found = (results[place] for place in range(len(wanted)))
    return [None if isinstance(result, DingmiError) else result for result in found]


def index_in_worker(office: Office, run_id: str, number: str) -> Taken | None:
    """Index the document of an approval; None where no file of it is found any more."""
    desk = desk_of(office, run_id)
    for marking, read, placed in _readings(desk, number):
        text = _text(marking, read, placed)
        remember(office, desk.secret, [(text, read)])
        return Taken(text, bool(placed.missing) or _lacks_record(desk, number))
    return None


def place_in_worker(office: Office, run_id: str, text: IndexedText) -> Taken | None:
    """Place the points of an indexed document anew.

    Where no file has the very text that is indexed, none are left: the places of an earlier version
    may give what stands beside a point the level of the point.
    """
    from dingmi_mark.quoting.fingerprints import fingerprints

    desk = desk_of(office, run_id)
    record = _record(office, text.approval_number)
    text = replace(text, points=(), reading=POINTS_READING)
    if record is None or not record.points:
        return Taken(text, _lacks_record(desk, text.approval_number))
    index = QuoteIndex(office.folder, desk.secret)
    for _, read, placed in _readings(desk, text.approval_number):
        if index.has_sketch(text, fingerprints(read.normal.codes, index.key).sketch):
            return Taken(replace(text, points=placed.points), bool(placed.missing))
    return Taken(text, unplaced=True)


def _readings(
    desk: Desk, number: str
) -> Iterator[tuple[MarkingRecord, DocumentText, PlacedPoints]]:
    """Read the files of a document that are still there, with the places of its points."""
    office = desk.office
    record = _record(office, number)
    done = [m for m in desk.ledger.by_approval(number) if m.state is MarkingState.DONE]
    for marking in reversed(done):
        places = (
            *(left.place for left in originals_of(desk.ledger, number) if left.place),
            marking.intended.target,
        )
        files = [office.folder / place for place in places]
        for file in (*_beside(office, number), *files):
            try:
                found = _read(file, marking, record, office)
            except DingmiError:
                continue
            if found is not None:
                yield marking, *found


def _record(office: Office, number: str) -> ApprovalRecord | None:
    try:
        return find_record(office.approvals, number).record
    except DingmiError:
        return None


def _lacks_record(desk: Desk, number: str) -> bool:
    """Tell whether a document has points, and the record that says where is not in the tree."""
    described = (act for _, act in desk.ledger.acts(DocumentDescribed, subject=number))
    return _record(desk.office, number) is None and any(act.points for act in described)


def _beside(office: Office, number: str) -> Iterator[Path]:
    try:
        draft = find_record(office.approvals, number).draft
    except DingmiError:
        return
    if draft is not None:
        yield draft


def _read(
    file: Path, marking: MarkingRecord, record: ApprovalRecord | None, office: Office
) -> tuple[DocumentText, PlacedPoints] | None:
    """Read a file if it is, byte for byte, one that the ledger knows of this marking.

    Raises the errors of drafts.
    """
    sm3 = read_bytes_of(file, most_mib=office.limits.file_mb).digests.sm3
    marked = marking.prepared is not None and sm3 == marking.prepared.marked.sm3
    if sm3 != marking.intended.draft.sm3 and not marked:
        return None
    seconds = office.limits.seconds * SCAN_SHARE
    with as_markable(file, office.conversion) as made:
        handler = handler_with(made.path, Access("", True, sealed=True))
        if not marked:
            read = text_of(made.path, handler, seconds)
            return read, _placed(record, read, made.path, handler)
        with _without_marks(made.path, handler) as clean:
            read = text_of(clean or made.path, handler, seconds)
            if clean is None and record is not None:
                # Marks stand among the words of the paper, and may have moved its places.
                return read, PlacedPoints((), tuple(point.id for point in record.points))
            return read, _placed(record, read, clean or made.path, handler)


def _placed(
    record: ApprovalRecord | None, read: DocumentText, file: Path, handler: FormatHandler
) -> PlacedPoints:
    return PlacedPoints() if record is None else points_in(record, read, file, handler)


@contextmanager
def _without_marks(path: Path, handler: FormatHandler) -> Iterator[Path | None]:
    """Give a marked file as it was before; None where marks cannot be taken out (pictures)."""
    if not isinstance(handler, WithMarksApart):
        yield None
        return
    with TemporaryDirectory(prefix="dingmi-index-") as folder:
        clean = Path(folder) / path.name
        handler.clean(path, clean)
        yield clean


def _text(marking: MarkingRecord, read: DocumentText, placed: PlacedPoints) -> IndexedText:
    known = marking.intended
    return IndexedText(
        MARKED,
        known.document_id,
        known.approval_number,
        known.level,
        len(read.normal),
        known.draft.sm3,
        known.content_digest,
        points=placed.points,
        reading=POINTS_READING,
    )
