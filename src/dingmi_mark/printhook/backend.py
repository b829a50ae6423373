"""The backend of a guarded queue: look first, then let the real backend print, or stop the job.

A job prints when every document of it may. It is cancelled (exit code 5) when it must not print,
and held (3) when it waits or when anything at all went wrong: never lost, never printed unseen.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.domain.printing import PrintDecision
from dingmi_mark.errors import DingmiError, HookNotSetUp, PrintJobUnusable
from dingmi_mark.messages import say
from dingmi_mark.printhook import device
from dingmi_mark.printhook.asking import (
    Answer,
    NoAnswer,
    Question,
    tell_cancelled,
    tell_failure,
    tell_outcome,
)
from dingmi_mark.printhook.documents import (
    documents_of,
    keep_channels,
    made_papers,
    piece_of,
)
from dingmi_mark.printhook.job import BackendExit, PrintJob, one_of, read_job, without_options
from dingmi_mark.printhook.settings import SERVER_ROOT, queue_named, read_queues, settings_in


@dataclass(frozen=True)
class Outcome:
    """The code the backend ends with, and what is the matter where it did not print.

    `answer` has the sentences where somebody looked at the job, `error` where nobody could.
    """

    code: int
    answer: Answer | None = None
    error: DingmiError | None = None


@dataclass(frozen=True)
class _Work:
    """What a job prints with: the real backend, the document, and the copies made of it."""

    program: Path
    job: PrintJob
    document: IO[bytes]
    made: IO[bytes]
    office: Path


class Backend:
    """One call of the backend; SIGTERM is handed on to whoever works for it."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._question: Question | None = None
        self._device: subprocess.Popen[bytes] | None = None
        self._cancelled = False

    def listen(self) -> None:
        """Let SIGTERM, with which CUPS cancels a job, reach the right process."""
        signal.signal(signal.SIGTERM, self._cancel)

    def run(self, argv: Sequence[str]) -> Outcome:
        """Do one job. Raises whatever nobody foresaw: the caller holds the job then."""
        keep_channels()
        try:
            return self._run(argv)
        except DingmiError as error:
            return Outcome(BackendExit.HOLD, error=error)

    def _run(self, argv: Sequence[str]) -> Outcome:
        job = read_job(argv, self._environ)
        if job is None:
            raise PrintJobUnusable(cause=say("it was not called as CUPS calls a backend"))
        root = Path(self._environ.get("CUPS_SERVERROOT") or SERVER_ROOT)
        queue = queue_named(job.queue, read_queues(settings_in(root)))
        program = device.backend_of(job.device, self._environ)
        try:
            with documents_of(job) as documents, made_papers() as made:
                answer = self._asked(job, queue.office, documents, made)
                work = _Work(program, job, documents[0], made, queue.office)
                if answer.decision is not PrintDecision.PRINT:
                    self._told_on_paper(work, answer)
                    return Outcome(_code_of(answer), answer)
                if answer.papers:
                    return self._each_printed(work, answer)
                try:
                    return self._printed(program, job, documents[0])
                finally:
                    self._settle(answer.issued, queue.office)
        except OSError as error:
            raise PrintJobUnusable(cause=error.strerror or type(error).__name__) from error

    def _asked(
        self, job: PrintJob, office: Path, documents: Sequence[IO[bytes]], made: IO[bytes]
    ) -> Answer:
        try:
            self._question = Question(job, office, documents, made)
        except FileNotFoundError as error:
            raise HookNotSetUp(cause=say("its office is not where it was")) from error
        if self._cancelled:
            self._question.stop()
        try:
            return self._question.answer()
        except NoAnswer as error:
            tell = tell_cancelled if self._cancelled else tell_failure
            tell(job, office)
            raise PrintJobUnusable(cause=error.cause) from error
        finally:
            self._question = None

    def _told_on_paper(self, work: _Work, answer: Answer) -> None:
        """Print the page that tells of a refusal, where there is one; the refusal stands anyway."""
        if answer.decision is PrintDecision.REFUSE and answer.page:
            with suppress(OSError), piece_of(work.made, 0, answer.page) as page:
                self._printed(work.program, without_options(one_of(work.job)), page)

    def _each_printed(self, work: _Work, answer: Answer) -> Outcome:
        """Print the copies one after the other; the first that fails is the last.

        What was not begun is void, whatever happens.
        """
        at, single = 0, one_of(work.job)
        left = list(answer.papers)
        outcome = Outcome(BackendExit.DONE)
        try:
            while left and outcome.code == BackendExit.DONE and not self._cancelled:
                paper = left[0]
                self._device = None
                with ExitStack() as opened:
                    document = work.document
                    if paper.size:
                        document = opened.enter_context(piece_of(work.made, at, paper.size))
                    del left[0]
                    try:
                        outcome = self._printed(work.program, single, document)
                    finally:
                        self._settle((paper.issued,), work.office)
                at += paper.size
        finally:
            tell_outcome(PrintOutcome.VOID, [paper.issued for paper in left], work.office)
        return outcome

    def _settle(self, issued: Sequence[tuple[str, ...]], office: Path) -> None:
        """A number is void where nothing was started, printed where the printer took it all.

        Between the two nobody knows: the number counts as printed until its sheet is registered.
        """
        if self._device is None:
            tell_outcome(PrintOutcome.VOID, issued, office)
        elif self._device.returncode == 0 and not self._cancelled:
            tell_outcome(PrintOutcome.PRINTED, issued, office)

    def _printed(self, program: Path, job: PrintJob, document: IO[bytes]) -> Outcome:
        if self._cancelled:
            return Outcome(BackendExit.DONE)
        self._device = device.start(program, job, document, self._environ)
        if self._cancelled:
            self._stop_device()
        code = self._device.wait()
        if code in (0, *_OF_DEVICES):
            return Outcome(code)
        if self._cancelled:
            return Outcome(BackendExit.DONE)
        return Outcome(
            BackendExit.HOLD, error=PrintJobUnusable(cause=say("the printer did not finish it"))
        )

    def _cancel(self, _signal: int, _frame: FrameType | None) -> None:
        self._cancelled = True
        if self._question is not None:
            self._question.stop()
        self._stop_device()

    def _stop_device(self) -> None:
        if self._device is not None:
            with suppress(ProcessLookupError):
                self._device.send_signal(signal.SIGTERM)


_OF_DEVICES = (2, 3, 4, 5, 6, 7)
"""What a real backend may ask of CUPS itself: authorise, hold, stop, cancel, try again."""


def _code_of(answer: Answer) -> BackendExit:
    refused = answer.decision is PrintDecision.REFUSE
    return BackendExit.CANCEL if refused else BackendExit.HOLD
