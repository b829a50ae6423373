"""预定密、正式定密: whether a mark is provisional or rests on an approval."""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from dingmi_mark.domain.terms import Marking


class Standing(Enum):
    """What a mark is worth; the value is the word in the label (practice of deployed products)."""

    PROVISIONAL = "预定密"
    FORMAL = "正式定密"

    @property
    def code(self) -> int:
        """The status code of the label: 1 预定密, 3 正式定密 (practice)."""
        match self:
            case Standing.PROVISIONAL:
                return 1
            case Standing.FORMAL:
                return 3
            case _:
                assert_never(self)

    def wording(self, marking: Marking) -> str:
        """The mark as it is shown: with ★ only where it is formal (R24, R28)."""
        match self:
            case Standing.PROVISIONAL:
                return marking.proposed_text
            case Standing.FORMAL:
                return marking.text
            case _:
                assert_never(self)
