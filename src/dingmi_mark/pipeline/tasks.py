"""What is sent to a worker: one draft with its record, or without one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dingmi_mark.domain.approval import Restriction
from dingmi_mark.domain.plan import copy_numbers
from dingmi_mark.domain.standing import Standing
from dingmi_mark.errors import DingmiError
from dingmi_mark.formats.base import Access
from dingmi_mark.store.approvals import StoredApproval


@dataclass(frozen=True)
class MarkTask:
    """One draft to be marked: its record, and the place of its marked file without 份号.

    `by_digest` False: the record names no digest and the office allows that. `completed`: other
    bytes were approved, and only late fields may have been filled in since. `instead_of` is the
    file with a provisional mark that was given, where the approved draft is marked in its place.
    `sealed`: where the draft is signed already, its readers are notified instead. `at_printer`: one
    file without 份号 is made, and a guarded printer numbers its copies.
    """

    draft: Path
    kept: StoredApproval
    target: Path
    by_digest: bool
    dry_run: bool = False
    preview: Path | None = None
    completed: bool = False
    standing: Standing = Standing.FORMAL
    instead_of: Path | None = None
    password: str = field(default="", repr=False)
    sealed: bool = False
    at_printer: bool = False

    @property
    def copy_numbers(self) -> tuple[str, ...]:
        """The 份号 of every file that is made."""
        return ("",) if self.at_printer else copy_numbers(self.kept.record)

    @property
    def access(self) -> Access:
        """What opens the draft: the password given, and what the approval sets aside."""
        restricted = Restriction.CHANGES in self.kept.record.draft.despite
        return Access(self.password, restricted)


@dataclass(frozen=True)
class Unmatched:
    """A draft without a record of its own, and how it is refused if it bears no mark of ours.

    `approval_digest` is that of the record which names it, where there is one.
    """

    draft: Path
    refusal: DingmiError
    approval_digest: str = ""
    standing: Standing = Standing.FORMAL
