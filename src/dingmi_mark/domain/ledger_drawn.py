"""The entry of the ledger about how marks were drawn."""

from __future__ import annotations

from dataclasses import dataclass

from dingmi_mark.domain.ledger_act import ActEntry


@dataclass(frozen=True)
class MarkDrawn(ActEntry):
    """What stands in a marked file of this program's, so that it cannot be altered unseen.

    `drawn_digest` (`sm3:` hex) is over all that the marks draw, empty where the format cannot tell
    it apart; `label_sm3` (hex) is over the label. Written just before the entry of the marking.
    """

    marking_id: str
    copy_id: str
    drawn_digest: str
    label_sm3: str
    at: str

    @property
    def subject(self) -> str:
        """The id of the marking."""
        return self.marking_id
