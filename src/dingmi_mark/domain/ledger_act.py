"""What all acts of the ledger have in common (see `domain.ledger_acts`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Annotated, TypeAlias

RecordedPath: TypeAlias = Annotated[str, "a path"]
"""A path as `os.fsdecode` gives it: bytes that are no UTF-8 stand as lone surrogates."""


class ActEntry(ABC):
    """What all acts have: something they are about, and a file's digest where one matters."""

    @property
    @abstractmethod
    def subject(self) -> str:
        """What the act is about, to find it again."""

    @property
    def file_digests(self) -> tuple[str, ...]:
        """Digests that make a file known again: `sm3:`, `sha256:`, `content:`; none for most."""
        return ()

    @property
    def thread(self) -> str:
        """What an act and the one that answers it have in common, empty for most."""
        return ""


class ApprovalAct(ActEntry):
    """An act about an approval: it is found again by its number."""

    approval_number: str

    @property
    def subject(self) -> str:
        """The number of the approval."""
        return self.approval_number


class KeyAct(ActEntry):
    """An act about a key."""

    key_id: str

    @property
    def subject(self) -> str:
        """The key's id."""
        return self.key_id
