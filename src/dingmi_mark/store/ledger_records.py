"""What reading the ledger gives: plain values, without the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dingmi_mark.domain.ledger import Done, Intended, MarkingState, Prepared, Voided

FileRole: TypeAlias = Literal["draft", "marked"]
DigestAlgorithm: TypeAlias = Literal["sm3", "sha256", "content"]


@dataclass(frozen=True)
class MarkingRecord:
    """The marking of one copy: its state and the entries behind it."""

    state: MarkingState
    intended: Intended
    prepared: Prepared | None
    closed: Done | Voided | None


@dataclass(frozen=True)
class DigestMatch:
    """A marking that knows a digest, and which of its files has it."""

    role: FileRole
    algorithm: DigestAlgorithm
    record: MarkingRecord
