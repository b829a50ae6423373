"""The plan of a re-marking: which files exactly, which need a person, and which are missing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCHEMA = "dingmi-mark/remark-plan/2"


class Standing(StrEnum):
    """What a file that was looked at is to a notice; the values stand in the plan."""

    EXACT = "exact"
    UNCHANGED = "unchanged"
    LEGACY = "legacy"
    PERSON = "person"
    ALIKE = "alike"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class PlannedFile:
    """A file the notice is about, byte for byte as the ledger knows it.

    `path` is absolute; `before` and `after` are what its mark says.
    """

    path: str
    sm3: str
    sha256: str
    document_id: str
    marking_id: str
    copy_id: str
    copy_number: str
    before: str
    after: str


@dataclass(frozen=True)
class LegacyFile:
    """A file that others marked before this program; it is touched only when people confirm it.

    `mark` is what was read and `where` in which corners, `known_by` how the notice names it; both
    are in the words of whoever made the plan. `before` and `after` are what its mark means.
    """

    path: str
    sm3: str
    sha256: str
    document_id: str
    marking_id: str
    copy_id: str
    mark: str
    where: str
    known_by: str
    before: str
    after: str

    @property
    def planned(self) -> PlannedFile:
        """The file as one that is re-marked; such copies have no 份号 of ours."""
        ids = (self.document_id, self.marking_id, self.copy_id, "")
        return PlannedFile(self.path, self.sm3, self.sha256, *ids, self.before, self.after)


@dataclass(frozen=True)
class OtherFile:
    """A file that is listed and not touched; `why` is in the words of whoever made the plan."""

    path: str
    sm3: str
    why: str


@dataclass(frozen=True)
class MissingCopy:
    """A copy of the notice's documents of which no file was found; `name` is its 文号."""

    name: str
    document_id: str
    copy_number: str


@dataclass(frozen=True)
class DocumentState:
    """How a document stood when the plan was made: its last change, and how many copies it has."""

    document_id: str
    last_change: str
    copies: int


@dataclass(frozen=True)
class RemarkPlan:
    """What `remark --apply` does, and no more. `at` is the moment it was made (ISO, UTC)."""

    office_id: str
    notice_number: str
    notice_digest: str
    folders: tuple[str, ...]
    documents: tuple[DocumentState, ...]
    files: tuple[PlannedFile, ...]
    unchanged: tuple[PlannedFile, ...]
    legacy: tuple[LegacyFile, ...]
    person: tuple[OtherFile, ...]
    alike: tuple[OtherFile, ...]
    unreadable: tuple[OtherFile, ...]
    missing: tuple[MissingCopy, ...]
    keep_times: bool
    at: str


def batch_of(plan_digest: str) -> str:
    """Return the id of the run that applies a plan: the same plan is the same run."""
    return f"remark-{plan_digest.partition(':')[2][:16]}"
