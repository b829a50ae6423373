"""What `reconcile` finds: values only, so that they cross process borders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dingmi_mark.errors import DingmiError


class Standing(StrEnum):
    """How a file, or an entry without its file, stands to the ledger; the worst first."""

    UNMARKED_COPY = "unmarked-copy"
    ALTERED = "altered"
    WRONGLY_MARKED = "wrongly-marked"
    INCOMPLETE = "incomplete"
    NOT_REGISTERED = "not-registered"
    MISSING = "missing"
    PROPOSAL = "proposal"
    UNREADABLE = "unreadable"
    UNMARKED = "unmarked"
    ORIGINAL = "original"
    OTHER_KIND = "other-kind"
    AGREES = "agrees"


GOOD = frozenset({Standing.ORIGINAL, Standing.OTHER_KIND, Standing.AGREES})
"""What is as it should be, or bears no marks at all (no document)."""


@dataclass(frozen=True)
class Compared:
    """The verdict on one file, or on one registered copy that is not there.

    `file` is the path, for a missing one where it should be. `copy` is its name where it has one.
    """

    file: str
    standing: Standing
    approval_number: str = ""
    copy: str = ""
    marking_id: str = ""
    copy_id: str = ""
    sm3: str = ""
    error: DingmiError | None = None
