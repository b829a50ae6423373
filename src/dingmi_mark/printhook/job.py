"""A print job as CUPS hands it to a backend, and the codes a backend answers with."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from dingmi_mark.domain.print_options import options_of
from dingmi_mark.domain.unseen import is_unseen

SCHEME = "dingmi"
DISCOVERY = 1
"""Number of arguments with which CUPS asks a backend for the devices it sees."""

_LEAST, _WITH_FILE = 6, 7
_LONGEST_NAME = 80


class BackendExit(IntEnum):
    """What CUPS does next. 1 would leave it to the policy of the queue: no decision is told so."""

    DONE = 0
    HOLD = 3
    CANCEL = 5


@dataclass(frozen=True)
class PrintJob:
    """One call of the backend: `URI job user title copies options [file …]`.

    `user` is what the client said of himself, made one harmless line. Without `files` the job
    comes on standard input. The title is handed on and never read. `id` is of this one call.
    """

    arguments: tuple[str, ...]
    queue: str
    device: str
    user: str
    copies: int
    options: Mapping[str, str]
    files: tuple[str, ...]
    id: str = field(default_factory=lambda: secrets.token_hex(8))


def read_job(argv: Sequence[str], environ: Mapping[str, str]) -> PrintJob | None:
    """Return the job of a call; None where CUPS would never call so."""
    if len(argv) < _LEAST or not argv[4].isdecimal() or not environ.get("PRINTER"):
        return None
    scheme, colon, device = (environ.get("DEVICE_URI") or argv[0]).partition(":")
    if scheme != SCHEME or not colon or not device:
        return None
    return PrintJob(
        arguments=tuple(argv[1:]),
        queue=environ["PRINTER"],
        device=device,
        user=_one_line(argv[2]),
        copies=max(1, int(argv[4])),
        options=options_of(argv[5]),
        files=tuple(argv[_WITH_FILE - 1 :]),
    )


def _one_line(name: str) -> str:
    return "".join("?" if is_unseen(letter) else letter for letter in name)[:_LONGEST_NAME]
