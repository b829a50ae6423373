"""The entry for a signed file that bears no mark: its readers are told in writing instead."""

from __future__ import annotations

from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ActEntry, RecordedPath


@dataclass(frozen=True)
class SealedNotified(ActEntry):
    """A file that was signed already got its label, marked cover sheets and a written notice.

    It is *notified*, not marked (实施条例(2024)第二十一条第二款). Digests are SM3, hexadecimal:
    of the signed draft, of it with the label appended, of the cover sheets, of the notice.
    `signatures` counts those that still hold.
    """

    approval_number: str
    approval_digest: str
    draft_sm3: str
    labelled_sm3: str
    covers_sm3: tuple[str, ...]
    notice_sm3: str
    signatures: str
    target: RecordedPath
    at: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number

    @property
    def file_digests(self) -> tuple[str, ...]:
        """All files that belong to it, so that each is known again."""
        files = (self.draft_sm3, self.labelled_sm3, self.notice_sm3, *self.covers_sm3)
        return tuple(f"sm3:{digest}" for digest in files)
