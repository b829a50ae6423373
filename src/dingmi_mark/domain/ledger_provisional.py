"""Entries of the ledger about provisional marks (拟定) and copies that came back."""

from __future__ import annotations

from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ApprovalAct, RecordedPath


@dataclass(frozen=True)
class ProvisionalIntended(ApprovalAct):
    """A draft is about to get a provisional mark (拟定), before its record is decided.

    `approval_digest` is that of the record as it was handed in. `until` is the last day (ISO) the
    mark may stand. `target`, `temporary` and `runner` are as in `Intended`.
    """

    approval_number: str
    approval_digest: str
    marking_id: str
    copy_id: str
    copy_number: str
    batch_id: str
    runner: str
    level: str
    period: str
    until: str
    draft_sm3: str
    target: RecordedPath
    temporary: RecordedPath
    program_version: str
    at: str


@dataclass(frozen=True)
class ProvisionalMade(ApprovalAct):
    """The file with the provisional mark is finished and confirmed; now it gets its name.

    `begun` is the number of the entry that began the copy.
    """

    begun: int
    approval_number: str
    marked_sm3: str
    content_digest: str
    confirmed: str
    at: str

    @property
    def file_digests(self) -> tuple[str, ...]:
        """The digest of the file with the provisional mark."""
        return (f"sm3:{self.marked_sm3}",)


@dataclass(frozen=True)
class ProvisionalEnded(ApprovalAct):
    """A provisional mark holds no longer.

    `reason` is a key (`voided`, `approved`, `replaced`), `found` what lay at its place (`in_place`,
    `missing`, `altered`): what is in place is removed next, the rest is to be recalled.
    """

    begun: int
    approval_number: str
    reason: str
    found: str
    at: str


@dataclass(frozen=True)
class ProvisionalGone(ApprovalAct):
    """A provisional copy exists no longer: removed by the program, or handed back.

    `how` is `removed`, or 收回, 销毁, 作废 as said by `by`; `day` is ISO.
    """

    begun: int
    approval_number: str
    how: str
    by: str
    day: str
    at: str


@dataclass(frozen=True)
class CopyReturned(ApprovalAct):
    """A marked copy came back: 收回, 销毁 or 作废 (`how`), by whom, on which day (ISO)."""

    approval_number: str
    copy_number: str
    how: str
    by: str
    day: str
    at: str
