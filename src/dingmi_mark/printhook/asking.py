"""Ask a process of its own what is to become of a job: it works with the rights of the office.

CUPS may start a backend as root. Files of strangers are then never opened with these rights: the
process that looks at them is the owner of the office folder, who may use secret and ledger.
"""

from __future__ import annotations

import json
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from dingmi_mark.domain.printed import PrintOutcome
from dingmi_mark.domain.printing import PrintDecision
from dingmi_mark.messages import Message, say
from dingmi_mark.printhook.job import PrintJob

DECIDER = "dingmi_mark.cli.cups_decide"
_PATIENCE_S = 10
_LONGEST_S = 24 * 3600
"""The limits of an office end an examination much earlier; this ends one that hangs."""


@dataclass(frozen=True)
class Paper:
    """One copy to be printed: its number, and how many bytes it has in the file of made ones.

    Without bytes (0) it is the document itself.
    """

    issued: tuple[str, ...]
    size: int


@dataclass(frozen=True)
class Answer:
    """What becomes of a job, and the sentences for its user: what is the matter, what to do.

    `issued` are the copy numbers that go to paper with it, to be handed back when it ended.
    `papers` are printed in place of the document, one after the other. `page` has so many bytes of
    a page that tells why it is refused; 0 for none.
    """

    decision: PrintDecision
    why: str = ""
    next: str = ""
    issued: tuple[tuple[str, ...], ...] = ()
    papers: tuple[Paper, ...] = ()
    page: int = 0


class NoAnswer(Exception):
    """The process that looks at files ended without an answer; `cause` says how."""

    def __init__(self, cause: Message) -> None:
        super().__init__(cause)
        self.cause = cause


class Question:
    """One question to a process; `stop` may be called at any time, also by a signal."""

    def __init__(
        self, job: PrintJob, office: Path, documents: Sequence[IO[bytes]], made: IO[bytes]
    ) -> None:
        numbers = [document.fileno() for document in documents]
        asked = {**_request(job, office, numbers), "output": made.fileno()}
        self._request = json.dumps(asked).encode()
        self._process = _process(office, [*numbers, made.fileno()])

    def answer(self) -> Answer:
        """Wait for the answer. Raises NoAnswer."""
        try:
            told, _ = self._process.communicate(self._request, timeout=_LONGEST_S)
        except subprocess.TimeoutExpired as error:
            raise NoAnswer(say("it took longer than the set limit")) from error
        finally:
            self._end()
        if self._process.returncode == -signal.SIGALRM:
            raise NoAnswer(say("it took longer than the set limit"))
        try:
            found = json.loads(told)
            decision = PrintDecision(found["decision"])
            issued = tuple(tuple(map(str, one)) for one in found["issued"])
            papers = tuple(Paper(tuple(map(str, one)), int(size)) for one, size in found["papers"])
            page = int(found["page"])
            return Answer(decision, found["why"], found["next"], issued, papers, page)
        except (ValueError, KeyError, TypeError) as error:
            raise NoAnswer(say("the program that looks at files ended unexpectedly")) from error

    def stop(self) -> None:
        """Ask the process to clean up and end; never waits."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)

    def _end(self) -> None:
        if self._process.poll() is None:
            self.stop()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_PATIENCE_S)
        with suppress(ProcessLookupError):  # workers that outlived it, in whatever state
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def tell_failure(job: PrintJob, office: Path) -> None:
    """Have it recorded that nobody could look at a job."""
    _tell({**_request(job, office, ()), "failed": True}, office)


def tell_cancelled(job: PrintJob, office: Path) -> None:
    """Have the numbers void that a job was given before it was cancelled: nothing printed."""
    _tell({"office": str(office), "cancelled": job.id}, office)


def tell_outcome(outcome: PrintOutcome, issued: Sequence[tuple[str, ...]], office: Path) -> None:
    """Have it recorded what became of copy numbers. Where that fails they count as printed."""
    if not issued:
        return
    _tell({"office": str(office), "issued": list(issued), "outcome": outcome.value}, office)


def _tell(told: dict[str, Any], office: Path) -> None:
    with suppress(OSError, subprocess.TimeoutExpired):
        process = _process(office, ())
        try:
            process.communicate(json.dumps(told).encode(), timeout=_PATIENCE_S * 6)
        finally:
            process.kill()
            process.wait()


def _process(office: Path, documents: Sequence[int]) -> subprocess.Popen[bytes]:
    started: subprocess.Popen[bytes] = subprocess.Popen(
        [sys.executable, "-I", "-m", DECIDER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=documents,
        cwd="/",
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(office)},
        umask=0o077,
        start_new_session=True,
        **rights_of(office),
    )
    return started


def rights_of(office: Path) -> dict[str, Any]:
    """Return the rights of the office's owner as arguments of Popen; none where we are he.

    Raises OSError where there is no such folder.
    """
    owner = office.stat()
    if os.geteuid() != 0 or owner.st_uid == 0:
        return {}
    try:
        known = pwd.getpwuid(owner.st_uid)
    except KeyError:
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
    groups = os.getgrouplist(known.pw_name, known.pw_gid)
    return {"user": owner.st_uid, "group": known.pw_gid, "extra_groups": groups}


def _request(job: PrintJob, office: Path, documents: Sequence[int]) -> dict[str, Any]:
    return {
        "office": str(office),
        "documents": list(documents),
        "queue": job.queue,
        "user": job.user,
        "copies": job.copies,
        "job": job.id,
        "output": None,
        "options": dict(job.options),
    }
