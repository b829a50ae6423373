"""Entries of the ledger about printing."""

from __future__ import annotations

from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ApprovalAct


@dataclass(frozen=True)
class PrintDecided(ApprovalAct):
    """Somebody asked to print a file, and it was decided whether it may be.

    `approval_number`, `marking_id`, `copy_id` are empty where the file belongs to none. `decision`
    and `reason` are keys (`domain.printing`). `numbers` are the copy numbers on the paper.
    """

    approval_number: str
    marking_id: str
    copy_id: str
    file_sm3: str
    printer: str
    by: str
    pages: int
    copies: int
    numbers: tuple[str, ...]
    decision: str
    reason: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the file that was to be printed."""
        return (f"sm3:{self.file_sm3}",) if self.file_sm3 else ()


@dataclass(frozen=True)
class NumberIssued(ApprovalAct):
    """A copy goes to the printer now, with its number; `print_id` is of this one print.

    What no `NumberSettled` answers may lie in the tray, whole or in part: it counts as printed.
    """

    approval_number: str
    copy_id: str
    copy_number: str
    print_id: str
    printer: str
    by: str
    at: str

    @property
    def thread(self) -> str:
        """What became of this print is said under the same id."""
        return self.print_id


@dataclass(frozen=True)
class NumberSettled(ApprovalAct):
    """What became of a print: a key of `domain.printed.PrintOutcome`."""

    approval_number: str
    copy_id: str
    copy_number: str
    print_id: str
    outcome: str
    at: str

    @property
    def thread(self) -> str:
        """The print this is about."""
        return self.print_id


@dataclass(frozen=True)
class SheetSpoiled(ApprovalAct):
    """Sheets of a printed copy were spoiled and kept or destroyed; its number may print again."""

    approval_number: str
    copy_id: str
    copy_number: str
    by: str
    day: str
    at: str


@dataclass(frozen=True)
class NumbersAtPrinter(ApprovalAct):
    """A file was marked without 份号: a guarded printer gives it so many numbers, `copies`."""

    approval_number: str
    marking_id: str
    copies: int
    at: str


@dataclass(frozen=True)
class CopyingApproved(ApprovalAct):
    """复制、翻印 of a marked paper was approved: so many copies beyond those of its record.

    `kind` is the Chinese word, `organ` makes the copies, `approved_by` heads it, `consent` is the
    document by which the originator or its superior agreed (empty but for 绝密); `by` registered
    it on `day` (ISO).
    """

    approval_number: str
    kind: str
    copies: int
    organ: str
    approved_by: str
    consent: str
    by: str
    day: str
    at: str
