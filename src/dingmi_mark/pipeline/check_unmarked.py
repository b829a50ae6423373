"""What `check` says of a file that is an unmarked copy of a draft the office knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from dingmi_mark.messages import N_, Message
from dingmi_mark.pipeline.evidence import Evidence
from dingmi_mark.pipeline.unmarked import RegisteredPlace, UnmarkedCopy
from dingmi_mark.pipeline.verdicts import Agreement, CheckLine, CheckReport, IdentifiedBy

_PLACES: Mapping[RegisteredPlace, str] = MappingProxyType(
    {
        RegisteredPlace.KEPT: N_(
            "This is the registered original without marks of {number}, kept where it was written."
        ),
        RegisteredPlace.ARCHIVE: N_(
            "This is the registered original without marks of {number}, in the archive."
        ),
        RegisteredPlace.APPROVALS: N_(
            "This is the registered original without marks of {number}, beside its record."
        ),
        RegisteredPlace.RELEASED: N_(
            "This is the copy without marks of {number}, which was released: it is no state secret."
        ),
    }
)


def may_be_unmarked(evidence: Evidence) -> bool:
    """Tell whether a file has no label of ours and is not a marked file byte for byte."""
    return evidence.draft.embedded is None and not evidence.same_bytes


def is_seen_marked(ink: Iterable[CheckLine]) -> bool:
    """Tell whether the mark is to be seen on the page: then only the labels were lost."""
    return any(line.agreement is Agreement.AGREES for line in ink)


def unmarked_report(path: Path, copy: UnmarkedCopy) -> CheckReport:
    """Return the report: an alarm, or the registered original at its place. No level is told."""
    by = IdentifiedBy.DRAFT if copy.same_bytes else IdentifiedBy.DRAFT_CONTENT
    if copy.place is None:
        return CheckReport(path, "", by, None, error=copy.error(path))
    says = Message(_PLACES[copy.place], {"number": copy.approval_number})
    return CheckReport(path, "", by, None, (CheckLine(Agreement.AGREES, says),))
