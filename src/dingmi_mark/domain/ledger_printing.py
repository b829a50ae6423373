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
