"""The next free numbers of records, by the office's pattern; what they rest on is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dingmi_mark.domain.ledger_acts import ApprovalSigned
from dingmi_mark.domain.ledger_drafts import DraftRegistered
from dingmi_mark.messages import Message, say
from dingmi_mark.store.approval_tree import all_records
from dingmi_mark.store.office import SERIAL, YEAR, Office
from dingmi_mark.store.record_names import number_in

if TYPE_CHECKING:
    from dingmi_mark.store.ledger import Ledger


@dataclass(frozen=True)
class NextNumbers:
    """Numbers of one pattern and year: what stands around the serial, and the highest known.

    All empty where the office has no pattern; `highest` 0 where none is known yet.
    """

    before: str = ""
    after: str = ""
    highest: int = 0

    @property
    def has_pattern(self) -> bool:
        """Tell whether the office numbers its records."""
        return bool(self.before or self.after)

    def each(self) -> Iterator[str]:
        """Yield the free numbers in order; empty ones where there is no pattern."""
        serial = self.highest
        while True:
            serial += 1
            yield f"{self.before}{serial}{self.after}" if self.has_pattern else ""

    @property
    def told(self) -> Message:
        """Say what the numbers rest on."""
        if not self.has_pattern:
            return say("This office has no pattern for numbers: fill them in by hand.")
        if not self.highest:
            return say(
                "No number of this pattern is known in this office. Records that are begun and "
                "not handed in are not known: see that no number is given twice."
            )
        return say(
            "The highest number known in this office is {number}. Records that are begun and not "
            "handed in are not known: see that no number is given twice.",
            number=f"{self.before}{self.highest}{self.after}",
        )


def next_numbers(office: Office, ledger: Ledger | None, year: int) -> NextNumbers:
    """Return the numbers after all that the approvals tree and the ledger know of."""
    pattern = office.policies.record_number.replace(YEAR, str(year))
    before, _, after = pattern.partition(SERIAL)
    shape = re.compile(f"{re.escape(before)}([0-9]{{1,9}}){re.escape(after)}")
    found = (shape.fullmatch(number) for number in _known(office, ledger)) if pattern else ()
    return NextNumbers(before, after, max((int(one[1]) for one in found if one), default=0))


def _known(office: Office, ledger: Ledger | None) -> Iterator[str]:
    for kept in all_records(office.approvals):
        yield number_in(kept[0].name) if isinstance(kept, tuple) else kept.record.number
    if ledger is not None:
        yield from (copy.approval_number for copy in ledger.done_copies())
        yield from (act.approval_number for _, act in ledger.acts(ApprovalSigned))
        yield from (act.approval_number for _, act in ledger.acts(DraftRegistered))
