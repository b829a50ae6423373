"""What a file about to be printed is found to be, and what the office lets happen then.

What leaves the printer must bear its mark (保守国家秘密法第二十二条，第二十六条). Which
files print and which wait for the security officer is the office's own choice, save that unmarked
copies of an approved secret, and what cannot be read, never print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from dingmi_mark.domain.print_options import asks_for_sheets, unsuitable


class PrintDecision(StrEnum):
    """What happens to a print job; the values stand in the ledger and in office.toml."""

    PRINT = "print"
    HOLD = "hold"
    REFUSE = "refuse"


class PrintReason(StrEnum):
    """What a file about to be printed was found to be; the values stand in the ledger."""

    MARKED = "marked"
    PROVISIONAL = "provisional"
    NOTIFIED = "notified"
    SAVED_ANEW = "saved_anew"
    ALTERED = "altered"
    INCOMPLETE = "incomplete"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"
    RELEASED = "released"
    FOREIGN = "foreign"
    PROPOSAL = "proposal"
    UNMARKED = "unmarked"
    QUOTES_SECRET = "quotes_secret"
    SHEETS = "sheets"
    LAYOUT = "layout"
    SEVERAL = "several"
    PRINTED_ALREADY = "printed_already"
    MORE_COPIES = "more_copies"
    NUMBERS_AT_PRINTER = "numbers_at_printer"
    BEYOND_APPROVED = "beyond_approved"
    MARK_NOT_SEEN = "mark_not_seen"
    UNMARKED_SECRET = "unmarked_secret"
    UNREADABLE = "unreadable"
    FAILED = "failed"


class PaperKind(StrEnum):
    """What a printer is for: classified paper only, or any."""

    CLASSIFIED = "classified"
    ANY = "any"


NEVER: Mapping[PrintReason, PrintDecision] = MappingProxyType(
    {
        PrintReason.SHEETS: PrintDecision.REFUSE,
        PrintReason.LAYOUT: PrintDecision.REFUSE,
        PrintReason.SEVERAL: PrintDecision.REFUSE,
        PrintReason.PRINTED_ALREADY: PrintDecision.HOLD,
        PrintReason.MORE_COPIES: PrintDecision.REFUSE,
        PrintReason.NUMBERS_AT_PRINTER: PrintDecision.REFUSE,
        PrintReason.BEYOND_APPROVED: PrintDecision.REFUSE,
        PrintReason.MARK_NOT_SEEN: PrintDecision.REFUSE,
        PrintReason.UNMARKED_SECRET: PrintDecision.REFUSE,
        PrintReason.UNREADABLE: PrintDecision.REFUSE,
        PrintReason.FAILED: PrintDecision.HOLD,
    }
)
"""What no office can let print."""

USUAL: Mapping[PrintReason, PrintDecision] = MappingProxyType(
    {
        PrintReason.MARKED: PrintDecision.PRINT,
        PrintReason.PROVISIONAL: PrintDecision.PRINT,
        PrintReason.NOTIFIED: PrintDecision.HOLD,
        PrintReason.SAVED_ANEW: PrintDecision.HOLD,
        PrintReason.ALTERED: PrintDecision.REFUSE,
        PrintReason.INCOMPLETE: PrintDecision.HOLD,
        PrintReason.EXPIRED: PrintDecision.HOLD,
        PrintReason.OVERTAKEN: PrintDecision.REFUSE,
        PrintReason.RELEASED: PrintDecision.PRINT,
        PrintReason.FOREIGN: PrintDecision.HOLD,
        PrintReason.PROPOSAL: PrintDecision.HOLD,
        PrintReason.UNMARKED: PrintDecision.HOLD,
        PrintReason.QUOTES_SECRET: PrintDecision.REFUSE,
    }
)
"""What happens where the office says nothing else."""


BARE = frozenset({PrintReason.UNMARKED})
"""What has no mark that a layout could spoil."""


@dataclass(frozen=True)
class Printer:
    """How one printer decides: what it is for, and the office's own choices.

    `refusal_page`: a guarded queue prints a page with the reason in place of what it refuses.
    """

    paper: PaperKind = PaperKind.CLASSIFIED
    own: Mapping[PrintReason, PrintDecision] = field(default_factory=dict)
    refusal_page: bool = False

    def decide(self, reason: PrintReason) -> PrintDecision:
        """Return what happens to a file of this standing."""
        if reason in NEVER:
            return NEVER[reason]
        if reason in self.own:
            return self.own[reason]
        if reason is PrintReason.UNMARKED and self.paper is PaperKind.ANY:
            return PrintDecision.PRINT
        return USUAL[reason]


def with_options(reason: PrintReason, options: Mapping[str, str]) -> PrintReason:
    """Return what a file that may print is under the options it would be printed with."""
    if asks_for_sheets(options):
        return PrintReason.SHEETS
    if reason not in BARE and unsuitable(options) is not None:
        return PrintReason.LAYOUT
    return reason


@dataclass(frozen=True)
class Printing:
    """All printers of an office: those it names, and how every other decides."""

    usual: Printer = Printer()
    named: Mapping[str, Printer] = field(default_factory=dict)

    def printer(self, name: str) -> Printer:
        """Return how a printer decides; a name the office does not know decides as usual."""
        return self.named.get(name, self.usual)
