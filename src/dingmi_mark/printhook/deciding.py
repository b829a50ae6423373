"""Decide on a job, with the rights of the office: the same decision as `preprint`.

The documents come as open files. They are copied into a private folder of the office, looked at in
a worker with limits, and taken away again whatever happens.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.errors import DingmiError, DraftTooCostly
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.desk import WORK
from dingmi_mark.pipeline.issuing import Issued, MadePaper, settle_all
from dingmi_mark.pipeline.preprint import PrintRequest, print_here, record_failure
from dingmi_mark.pipeline.preprint_words import job_words
from dingmi_mark.pipeline.refusal_page import refusal_page
from dingmi_mark.pipeline.replacing import output_error
from dingmi_mark.pipeline.verdicts import PrintVerdict
from dingmi_mark.store.fonts import OfficeFaces
from dingmi_mark.store.office import Office, read_office
from dingmi_mark.store.office_ledger import open_ledger

_BLOCK = 1 << 20
_MIB = 1 << 20
_ENDINGS = (
    (b"%PDF-", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\x00", ".tif"),
    (b"MM\x00*", ".tif"),
)


@dataclass(frozen=True)
class Request:
    """What the backend asks: open files by their numbers, and how they would be printed.

    `job` is the backend's own id of this call, `output` an open file for copies that are made to be
    printed.
    """

    office: Path
    documents: tuple[int, ...]
    queue: str
    user: str
    copies: int
    options: Mapping[str, str]
    job: str
    output: int | None


@dataclass(frozen=True)
class Decided:
    """What becomes of the whole job; a job is as good as its worst document.

    `issued` are all numbers that go to paper with it, `papers` what is printed in its place.
    """

    decision: PrintDecision
    why: Message | None = None
    next: Message | None = None
    issued: tuple[Issued, ...] = ()
    papers: tuple[MadePaper, ...] = ()


def decide(request: Request) -> Decided:
    """Decide on all documents of a job and record the decisions. What fails holds the job."""
    try:
        office = read_office(request.office)
        with _private_copies(request.documents, office) as files:
            asked = _asked(request, files)
            verdicts = print_here(asked, office)
            decided = _together(verdicts)
            if decided.decision is not PrintDecision.PRINT:
                settle_all(_issued(verdicts), PrintOutcome.VOID, office)
    except DingmiError as error:
        return held(error)
    return decided


def append_page(request: Request, paragraphs: Sequence[str]) -> int:
    """Write a page with the reason of a refusal where the office wants one, and return its bytes.

    0 where none is wanted or it could not be made: the refusal stands without it.
    """
    try:
        office = read_office(request.office)
        if request.output is None or not office.printing.printer(request.queue).refusal_page:
            return 0
        page = refusal_page(paragraphs, OfficeFaces(office.fonts))
        os.ftruncate(request.output, 0)
        with os.fdopen(os.dup(request.output), "ab") as out:
            out.write(page)
    except (DingmiError, OSError):
        return 0
    return len(page)


def withdraw(decided: Decided, request: Request) -> None:
    """Say that the numbers of a job that cannot go on are void. Raises the ledger's errors."""
    settle_all(decided.issued, PrintOutcome.VOID, read_office(request.office))


def failed(request: Request) -> None:
    """Record that the process which looked at a job ended. Raises what reading the office does."""
    record_failure(_asked(request, ()), read_office(request.office))


def _asked(request: Request, files: tuple[Path, ...]) -> PrintRequest:
    return PrintRequest(
        files,
        request.user,
        request.queue,
        request.copies,
        options=request.options,
        job=request.job,
        output=request.output,
    )


def _issued(verdicts: Sequence[PrintVerdict]) -> tuple[Issued, ...]:
    own = [verdict.issued for verdict in verdicts if verdict.issued is not None]
    return (*own, *(paper.issued for verdict in verdicts for paper in verdict.papers))


def held(error: DingmiError) -> Decided:
    """Return what becomes of a job that could not be looked at."""
    return Decided(PrintDecision.HOLD, *job_words(PrintReason.FAILED, "", error.message))


def _together(verdicts: Sequence[PrintVerdict]) -> Decided:
    order = (PrintDecision.PRINT, PrintDecision.HOLD, PrintDecision.REFUSE)
    worst = max(verdicts, key=lambda verdict: order.index(verdict.decision))
    if worst.error is None:
        papers = tuple(paper for verdict in verdicts for paper in verdict.papers)
        if any(paper.size for paper in papers) or len(papers) > 1:
            return Decided(worst.decision, issued=_issued(verdicts), papers=papers)
        return Decided(worst.decision, issued=_issued(verdicts))
    cause = worst.error.params["why"]
    assert isinstance(cause, Message)
    return Decided(worst.decision, *job_words(worst.reason, worst.approval_number, cause))


@contextmanager
def _private_copies(documents: Sequence[int], office: Office) -> Iterator[tuple[Path, ...]]:
    """Copy the documents beside the office's other work, under names that say nothing.

    While they are there the ledger knows this process as running, so that `doctor` takes away
    what a killed one left. Raises OutputDiskFull, OutputNotWritable, DraftTooCostly, and the
    ledger's errors.
    """
    runner = f"print-{secrets.token_hex(4)}-{os.getpid()}-{secrets.token_hex(2)}"
    folder = office.folder / WORK / runner
    with open_ledger(office) as ledger, ledger.running(runner), _folder_of_its_own(folder):
        yield tuple(
            _copied(document, folder / f"{place}", office.limits.file_mb)
            for place, document in enumerate(documents, 1)
        )


@contextmanager
def _folder_of_its_own(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True)
        yield
    except OSError as error:
        raise output_error(error, folder) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(document: int, place: Path, most_mib: int) -> Path:
    at = 0
    first = os.pread(document, _BLOCK, 0)
    target = place.with_suffix(_ending(first))
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        # The numbers stay where they are: the backend prints from the same open files.
        while piece := os.pread(document, _BLOCK, at):
            out.write(piece)
            at += len(piece)
            if at > most_mib * _MIB:
                raise DraftTooCostly(limit=say("{mib} MiB", mib=most_mib))
    return target


def _ending(first: bytes) -> str:
    return next((ending for start, ending in _ENDINGS if first.startswith(start)), ".bin")
