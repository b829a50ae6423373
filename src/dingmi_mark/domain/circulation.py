"""分发、清退: who got each copy of a paper, what was printed of it, and how it came back (R50).

实施条例(2024)第二十七条: 收发、清退、销毁 are registered; 第二十条: read in the 知悉范围 only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dingmi_mark.domain.copies import RegisteredCopy, ReturnedHow
from dingmi_mark.domain.ledger_circulation import CopyReceived, DestructionWitnessed
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, SheetSpoiled
from dingmi_mark.domain.ledger_provisional import CopyReturned
from dingmi_mark.domain.office_time import office_day
from dingmi_mark.domain.printed import standing_prints
from dingmi_mark.domain.yearly import FIELDS, Row, RowKind

OUT, WAITING, OUTSIDE = "在外", "待分发", "不在知悉范围内"
_NOTHING: Row = dict.fromkeys(FIELDS[RowKind.COPIES], "")


@dataclass(frozen=True)
class CopyActs:
    """What the ledger holds about the copies of one approval, in its order."""

    received: Sequence[CopyReceived] = ()
    returned: Sequence[CopyReturned] = ()
    witnessed: Sequence[DestructionWitnessed] = ()
    issued: Sequence[NumberIssued] = ()
    settled: Sequence[NumberSettled] = ()
    spoiled: Sequence[SheetSpoiled] = ()


@dataclass(frozen=True)
class CopyCourse:
    """One copy with all that was registered about it; `printed` reached paper or may have."""

    copy: RegisteredCopy
    received: tuple[CopyReceived, ...] = ()
    returned: tuple[CopyReturned, ...] = ()
    witness: str = ""
    printed: tuple[NumberIssued, ...] = ()
    spoiled: int = 0

    @property
    def is_destroyed(self) -> bool:
        """Tell whether it exists no longer."""
        return self.copy.how in (ReturnedHow.DESTROYED.value, ReturnedHow.VOID.value)

    def last(self, how: ReturnedHow) -> CopyReturned | None:
        """Return the last act of a kind about it."""
        found = [entry for entry in self.returned if entry.how == how.value]
        return found[-1] if found else None


def courses(copies: Iterable[RegisteredCopy], acts: CopyActs) -> tuple[CopyCourse, ...]:
    """Return the course of each marked copy; provisional ones (拟定) do not circulate."""
    standing = standing_prints(acts.issued, acts.settled)
    return tuple(_course(copy, acts, standing) for copy in copies if copy.provisional is None)


def _course(copy: RegisteredCopy, acts: CopyActs, standing: Sequence[NumberIssued]) -> CopyCourse:
    name = copy.name
    witnesses = [entry.witness for entry in acts.witnessed if entry.copy_number == name]
    return CopyCourse(
        copy,
        tuple(entry for entry in acts.received if entry.copy_number == name),
        tuple(entry for entry in acts.returned if entry.copy_number == name),
        witnesses[-1] if witnesses else "",
        tuple(entry for entry in standing if entry.copy_number == name),
        sum(entry.copy_number == name for entry in acts.spoiled),
    )


def is_in_scope(receiver: str, named: Collection[str]) -> bool:
    """Tell whether a receiver is one of those named, or in one: 示范局 names 示范局办公室."""
    return any(name and receiver.startswith(name) for name in named)


def sheet_rows(found: Iterable[CopyCourse]) -> list[Row]:
    """Return the rows of the circulation sheet: one for each receipt, at least one for each copy.

    What is said of the copy as a whole stands in its last row.
    """
    return [row for course in found for row in _rows(course)]


def _rows(course: CopyCourse) -> list[Row]:
    copy = course.copy
    base: Row = {**_NOTHING, "approval": copy.approval_number, "copy": copy.name}
    rows: list[Row] = [{**base, **_receipt(entry)} for entry in course.received] or [base]
    back, gone = course.last(ReturnedHow.TAKEN_BACK), course.last(ReturnedHow.DESTROYED)
    whole: Row = {
        "meant_for": copy.receiver,
        "printed": len(course.printed),
        "printed_day": office_day(course.printed[-1].at) if course.printed else "",
        "spoiled": course.spoiled,
        "back_day": date.fromisoformat(back.day) if back else "",
        "back_by": back.by if back else "",
        "gone_day": date.fromisoformat(gone.day) if gone else "",
        "gone_by": gone.by if gone else "",
        "witness": course.witness,
        "standing": _standing(course),
    }
    return [*rows[:-1], {**rows[-1], **whole}]


def _receipt(entry: CopyReceived) -> Row:
    return {
        "receiver": entry.receiver,
        "outside": "" if entry.in_scope else OUTSIDE,
        "received_day": date.fromisoformat(entry.day),
        "handed_by": entry.by,
    }


def _standing(course: CopyCourse) -> str:
    return course.copy.how or (OUT if course.received else WAITING)
