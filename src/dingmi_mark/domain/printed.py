"""份号 at the printer: each number goes to paper once, unless its spoiled sheet was registered.

Whoever asks first in the order of the ledger has the number. So two jobs at once, or a crash at any
point, never give a number twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, SheetSpoiled


class PrintOutcome(StrEnum):
    """What became of a print; the values stand in the ledger."""

    PRINTED = "printed"
    VOID = "void"


def standing_prints(
    issued: Iterable[NumberIssued], settled: Iterable[NumberSettled]
) -> tuple[NumberIssued, ...]:
    """Return the prints that reached paper or may have, in the order they were asked for."""
    void = {entry.print_id for entry in settled if entry.outcome == PrintOutcome.VOID}
    return tuple(entry for entry in issued if entry.print_id not in void)


def is_free(
    copy_id: str, standing: Iterable[NumberIssued], spoiled: Iterable[SheetSpoiled]
) -> bool:
    """Tell whether a number did not go to paper yet, or may once more for a spoiled sheet."""
    prints = sum(entry.copy_id == copy_id for entry in standing)
    return prints <= sum(entry.copy_id == copy_id for entry in spoiled)


def has_the_number(
    print_id: str, standing: Sequence[NumberIssued], spoiled: Sequence[SheetSpoiled]
) -> bool:
    """Tell whether a print may go on: the first one may, and one more for each spoiled print."""
    allowed = standing[: 1 + len(spoiled)]
    return any(entry.print_id == print_id for entry in allowed)
