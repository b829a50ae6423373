"""What the program says of each file: values only, so that they cross process borders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from dingmi_mark.domain.originals import Outcome
from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.errors import DingmiError
from dingmi_mark.messages import Message
from dingmi_mark.pipeline.issuing import Issued, MadePaper


class Status(Enum):
    """What became of one draft."""

    MARKED = "marked"
    UNCHANGED = "unchanged"
    PLANNED = "planned"
    NOTIFIED = "notified"
    FAILED = "failed"


class Assurance(Enum):
    """How a marked file was confirmed: seen as pages, or by its structure only."""

    RENDERED = "rendered"
    STRUCTURAL = "structural"


@dataclass(frozen=True)
class MarkedCopy:
    """One marked file; `copy_number` is as printed (`000001`), empty where copies have none."""

    path: Path
    copy_number: str
    marking_id: str
    copy_id: str
    assurance: Assurance


@dataclass(frozen=True)
class OriginalLeft:
    """What became of one unmarked original after marking.

    `place` is where its bytes were read again; `error` says why the policy could not be carried
    out, and is set when and only when the outcome is REMAINS.
    """

    origin: Path
    outcome: Outcome
    place: Path | None = None
    error: DingmiError | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of one draft.

    `mark` is the mark as it stands on the paper, `plan` says in plain words what was or would be
    done, `error` is set when and only when the status is FAILED.
    """

    draft: Path
    status: Status
    approval: str = ""
    mark: str = ""
    copies: tuple[MarkedCopy, ...] = ()
    plan: tuple[Message, ...] = ()
    previews: tuple[Path, ...] = ()
    remarks: tuple[Message, ...] = ()
    error: DingmiError | None = None
    originals: tuple[OriginalLeft, ...] = ()


@dataclass(frozen=True)
class BatchResult:
    """All verdicts of a run, in the order of the drafts.

    `without_draft` are records no draft was found for; `unreadable` are record files that could
    not be read, with the cause. `marked_before` counts records whose draft was marked earlier and
    is gone from its folder.
    """

    batch_id: str
    verdicts: tuple[Verdict, ...]
    without_draft: tuple[Path, ...] = ()
    unreadable: tuple[tuple[Path, DingmiError], ...] = ()
    interrupted: bool = False
    marked_before: int = 0

    def count(self, status: Status) -> int:
        """Count the drafts with this status."""
        return sum(verdict.status is status for verdict in self.verdicts)


class Agreement(Enum):
    """How one aspect of a marked file stands to the others."""

    AGREES = "agrees"
    MISSING = "missing"
    CONTRADICTS = "contradicts"


class IdentifiedBy(Enum):
    """By what a file was recognised, strongest first.

    DRAFT: the bytes are an unmarked draft's; DRAFT_CONTENT: its content, saved anew.
    """

    BYTES = "bytes"
    DRAFT = "draft"
    DRAFT_CONTENT = "draft_content"
    CONTENT = "content"
    CARRIERS = "carriers"
    CODE = "code"
    INK = "ink"


@dataclass(frozen=True)
class CheckLine:
    """One aspect that was looked at, and what was found."""

    agreement: Agreement
    says: Message


@dataclass(frozen=True)
class CheckReport:
    """What a file shows, says of itself, and what the ledger knows of it.

    `identified_by` None: nothing of this program was found. `assurance` None: nothing to look at.
    """

    file: Path
    mark: str
    identified_by: IdentifiedBy | None
    assurance: Assurance | None
    lines: tuple[CheckLine, ...] = ()
    error: DingmiError | None = None

    @property
    def agrees(self) -> bool:
        """Tell whether everything that should be there is there and nothing contradicts."""
        return (
            self.error is None
            and self.identified_by is not None
            and all(line.agreement is Agreement.AGREES for line in self.lines)
        )


@dataclass(frozen=True)
class PrintVerdict:
    """Whether one file may be printed now, and why.

    `error` is set when and only when it may not. `file_sm3` is of the bytes that were looked at,
    `issued` its copy number where one was issued to a printer. `papers` are the copies that were
    made to be printed in place of the file, each with a number of its own.
    """

    file: Path
    decision: PrintDecision
    reason: PrintReason
    approval_number: str = ""
    file_sm3: str = ""
    error: DingmiError | None = None
    issued: Issued | None = None
    papers: tuple[MadePaper, ...] = ()


@dataclass(frozen=True)
class ShownLabel:
    """What a marked file says of itself: the facts for people, and the whole record (JSON).

    `originals` is what the ledger says of its unmarked originals, where there is an office.
    """

    file: Path
    format: str
    facts: Mapping[str, str] = field(default_factory=dict)
    record: bytes = b""
    levels: Mapping[str, bool] = field(default_factory=dict)
    originals: tuple[Message, ...] = ()
