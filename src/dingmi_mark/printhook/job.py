"""A print job as CUPS hands it to a backend, and the codes a backend answers with."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from dingmi_mark.domain.print_options import options_of
from dingmi_mark.domain.unseen import is_unseen

SCHEME = "dingmi"
DISCOVERY = 1
"""Number of arguments with which CUPS asks a backend for the devices it sees."""

_LEAST, _WITH_FILE = 6, 7
_LONGEST_NAME = 80
_LONGEST_UUID = 32
_NO_HEX = re.compile("[^0-9a-f]")
_COPIES = re.compile(r"(?i)(?<!\S)copies=\d+(?!\S)")


class BackendExit(IntEnum):
    """What CUPS does next. 1 would leave it to the policy of the queue: no decision is told so."""

    DONE = 0
    HOLD = 3
    CANCEL = 5


@dataclass(frozen=True)
class PrintJob:
    """One call of the backend: `URI job user title copies options [file …]`.

    `user` is what the client said of himself, made one harmless line. Without `files` the job
    comes on standard input. The title is handed on and never read. `id` is `JOB.CALL`: of the
    job, however often it is tried, and of this one call.
    """

    arguments: tuple[str, ...]
    queue: str
    device: str
    user: str
    copies: int
    options: Mapping[str, str]
    files: tuple[str, ...]
    id: str = ""


def one_of(job: PrintJob) -> PrintJob:
    """Return the job as that of one copy, which comes on standard input."""
    number, user, title, _, options, *_ = job.arguments
    arguments = (number, user, title, "1", _COPIES.sub("", options).strip())
    return replace(job, arguments=arguments, copies=1, files=())


def without_options(job: PrintJob) -> PrintJob:
    """Return a job for a page of ours: none of the options its user chose."""
    number, user, title, copies, _, *rest = job.arguments
    return replace(job, arguments=(number, user, title, copies, "", *rest), options={})


def read_job(argv: Sequence[str], environ: Mapping[str, str]) -> PrintJob | None:
    """Return the job of a call; None where CUPS would never call so."""
    if len(argv) < _LEAST or not argv[4].isdecimal() or not environ.get("PRINTER"):
        return None
    scheme, colon, device = (environ.get("DEVICE_URI") or argv[0]).partition(":")
    if scheme != SCHEME or not colon or not device:
        return None
    options = options_of(argv[5])
    return PrintJob(
        arguments=tuple(argv[1:]),
        queue=environ["PRINTER"],
        device=device,
        user=_one_line(argv[2]),
        copies=max(1, int(argv[4])),
        options=options,
        files=tuple(argv[_WITH_FILE - 1 :]),
        id=f"{_name_of_job(options)}.{secrets.token_hex(8)}",
    )


def _name_of_job(options: Mapping[str, str]) -> str:
    """Return the print server's own id of a job, which stays when the job is tried again."""
    uuid = _NO_HEX.sub("", options.get("job-uuid", "").lower().removeprefix("urn:uuid:"))
    return uuid[:_LONGEST_UUID] or secrets.token_hex(16)


def _one_line(name: str) -> str:
    return "".join("?" if is_unseen(letter) else letter for letter in name)[:_LONGEST_NAME]
