"""What a file about to be printed was found to be, from what checking found in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.errors import (
    CheckNotMarked,
    DingmiError,
    MarkedSavedOtherwise,
    PrintOldFormat,
)
from dingmi_mark.formats.convertible import STRICT
from dingmi_mark.pipeline.check import Checked
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.unmarked import RegisteredPlace, Standing, UnmarkedCopy
from dingmi_mark.pipeline.verdicts import Agreement, CheckReport, IdentifiedBy

_NOT_OURS = frozenset({PrintReason.UNMARKED, PrintReason.FOREIGN})

SAME_BYTES = frozenset({PrintReason.MARKED, PrintReason.PROVISIONAL, PrintReason.EXPIRED})
"""The file is byte for byte the one that was made here: nothing can be hidden behind it."""


@dataclass(frozen=True)
class Looked:
    """What a file about to be printed was found to be.

    `cause` is the error that says so, where there is one; ids are empty where it belongs to none.
    `at_printer`: its copies are numbered by the printer. `bears_number`: it is one copy, also where
    it is provisional. `numbers` are those issued for its copies.
    """

    reason: PrintReason
    file_sm3: str = ""
    approval_number: str = ""
    marking_id: str = ""
    copy_id: str = ""
    copy_number: str = ""
    pages: int = 0
    cause: DingmiError | None = None
    at_printer: bool = False
    bears_number: bool = False
    numbers: tuple[str, ...] = ()

    @property
    def waits_for_numbers(self) -> bool:
        """Tell whether it must not print without 份号, and has none yet; what is released may."""
        return self.at_printer and self.reason is not PrintReason.RELEASED


def looked_at(found: Checked, copies: int, today: date) -> Looked:
    """Return what a checked file is to a printer, for so many copies on that day."""
    evidence, sm3 = found.evidence, found.digests.sm3
    pages = len(evidence.draft.pages) if evidence else 0
    if found.unmarked is not None:
        reason, number = _unmarked(found.unmarked), found.unmarked.approval_number
        return Looked(reason, sm3, number, pages=pages, cause=found.report.error)
    if evidence is None:
        file = found.report.file
        suffix = file.suffix.lower()
        kind = STRICT.name if suffix in STRICT.suffixes else suffix
        cause = PrintOldFormat(kind=kind, file=str(file))
        if isinstance(found.report.error, MarkedSavedOtherwise):
            return Looked(PrintReason.UNREADABLE, sm3, cause=found.report.error)
        return Looked(PrintReason.UNREADABLE, sm3, cause=cause)
    reason = _reason(found, evidence, copies, today)
    numbered = reason not in _NOT_OURS and bool(_copy_number(evidence))
    if evidence.known is None:
        number = found.notified.approval_number if found.notified else _number_in(evidence)
        none = Looked(reason, sm3, number, pages=pages, cause=found.report.error)
        return replace(none, bears_number=numbered)
    known = evidence.known.intended
    ids = (known.approval_number, known.marking_id, known.copy_id, known.copy_number)
    return Looked(reason, sm3, *ids, pages, found.report.error, bears_number=numbered)


def _copy_number(evidence: Evidence) -> str:
    if evidence.known is not None:
        return evidence.known.intended.copy_number
    return str(evidence.label["marking"]["copy_number"]) if evidence.label else ""


def _number_in(evidence: Evidence) -> str:
    return str(evidence.label["approval"]["number"]) if evidence.label else ""


def _reason(found: Checked, evidence: Evidence, copies: int, today: date) -> PrintReason:
    report = found.report
    if isinstance(report.error, CheckNotMarked):
        return PrintReason.UNMARKED
    if report.identified_by in (None, IdentifiedBy.INK):
        return PrintReason.FOREIGN
    if copies > 1 and _copy_number(evidence):
        return PrintReason.MORE_COPIES
    if not found.mark_seen:
        return PrintReason.MARK_NOT_SEEN
    if evidence.overtaken_by is not None:
        return PrintReason.OVERTAKEN
    if _has(report, Agreement.CONTRADICTS):
        return PrintReason.ALTERED
    if _has(report, Agreement.MISSING):
        return PrintReason.INCOMPLETE
    return _of_a_whole_file(found, evidence, today)


def _of_a_whole_file(found: Checked, evidence: Evidence, today: date) -> PrintReason:
    known = evidence.known
    if found.notified is not None:
        is_cover = found.digests.sm3 in found.notified.covers_sm3
        return PrintReason.MARKED if is_cover else PrintReason.NOTIFIED
    if not found.same_bytes:
        return PrintReason.SAVED_ANEW
    if known is None and evidence.legacy is None:
        return PrintReason.PROVISIONAL
    change = evidence.change
    if change is not None and change.released:
        return PrintReason.RELEASED
    by_us = known.intended if known is not None else evidence.legacy
    stands = change or by_us
    assert stands is not None, "it is known by one of them"
    last = stands.last_secret_day
    if last and date.fromisoformat(last) < today:
        return PrintReason.EXPIRED
    return PrintReason.MARKED


def _unmarked(copy: UnmarkedCopy) -> PrintReason:
    """The registered original at its place is a secret without a mark like any other copy."""
    if copy.place is RegisteredPlace.RELEASED:
        return PrintReason.RELEASED
    if copy.standing in (Standing.APPROVED, Standing.MARKED):
        return PrintReason.UNMARKED_SECRET
    return PrintReason.PROPOSAL


def _has(report: CheckReport, agreement: Agreement) -> bool:
    return any(line.agreement is agreement for line in report.lines)
