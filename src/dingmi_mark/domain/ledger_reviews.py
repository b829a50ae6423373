"""Entries of the ledger about reviews of secrets, and about statistics that were handed in."""

from __future__ import annotations

from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ActEntry
from dingmi_mark.domain.ledger_changes import DocumentAct


@dataclass(frozen=True)
class ReviewDone(DocumentAct):
    """One of our secrets was reviewed (保守国家秘密法(2024)第二十四条、解密暂行办法(2020)第四条).

    `occasion` and `outcome` are the Chinese words (`domain.reviewing`), `basis` is why, in one line
    that says nothing of the text, `by` who decided, `day` (ISO) when. What is decided changes no
    mark: that takes a notice.
    """

    document_id: str
    approval_number: str
    occasion: str
    outcome: str
    basis: str
    by: str
    day: str
    at: str


@dataclass(frozen=True)
class StatisticsFiled(ActEntry):
    """The statistics of a year were handed in, by whom and on which day (ISO)."""

    year: int
    by: str
    day: str
    at: str

    @property
    def subject(self) -> str:
        """The year."""
        return str(self.year)
