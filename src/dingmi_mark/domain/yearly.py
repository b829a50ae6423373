"""The rows of registers and yearly statistics: what happened to each secret in a year (R53).

A row is a mapping from the names of fields to values; `FIELDS` says which rows have which. A
register or statistic is a template over them (`domain.statistic`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Final, TypeAlias, assert_never

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.reading import written_period
from dingmi_mark.domain.secret import Ending, Origin, Secret, SecretChange, SecretState
from dingmi_mark.domain.terms import LongTerm, UntilCondition, UntilDate

Value: TypeAlias = str | int | date
"""What stands in a cell; an empty text where there is nothing."""
Row: TypeAlias = Mapping[str, Value]

YES: Final = "是"
CONDITION: Final = "解密条件"
_DAY: Final = timedelta(days=1)


class RowKind(Enum):
    """Which rows a register or statistic is made of."""

    DETERMINED = "determined"
    """Our own secrets that were determined in the year; without a year, all of them."""
    HELD = "held"
    """All secrets, those from outside too, that were secret on some day of the year."""
    CHANGED = "changed"
    """Changes and releases of our own secrets in the year, one row each."""
    COPIES = "copies"
    """The copies of one paper, of no year: their rows are made by `domain.circulation`."""


_SECRET: Final = (
    "approval",
    "document_number",
    "organ",
    "origin",
    "kind",
    "level",
    "period",
    "period_kind",
    "issue_day",
    "last_day",
    "scope",
    "officer",
    "since",
    "copies",
    "out",
    "notified",
)
FIELDS: Final[Mapping[RowKind, tuple[str, ...]]] = MappingProxyType(
    {
        RowKind.DETERMINED: (*_SECRET, "changes", "standing"),
        RowKind.HELD: (
            *_SECRET,
            "opening_level",
            "added_level",
            "moved_in_level",
            "moved_out_level",
            "released_level",
            "closing_level",
        ),
        RowKind.CHANGED: (
            *_SECRET,
            "event",
            "event_kind",
            "event_day",
            "notice",
            "old_level",
            "old_period",
            "new_level",
            "new_period",
        ),
        RowKind.COPIES: (
            "approval",
            "copy",
            "meant_for",
            "receiver",
            "outside",
            "received_day",
            "handed_by",
            "printed",
            "printed_day",
            "spoiled",
            "back_day",
            "back_by",
            "gone_day",
            "gone_by",
            "witness",
            "standing",
        ),
    }
)
"""The fields that rows of each kind have."""

CHANGE, RELEASE = "变更", "解除"
RAISED, LOWERED, PERIOD, OTHER = "密级升高", "密级降低", "期限变更", "其他变更"


def rows_of(kind: RowKind, secrets: Iterable[Secret], year: int | None, day: date) -> list[Row]:
    """Return the rows of a kind for a year, as the ledger stands on a day. None: all years."""
    match kind:
        case RowKind.DETERMINED:
            own = (each for each in secrets if each.origin is Origin.OWN)
            return [_determined(each, day) for each in own if _in(each.first.since, year)]
        case RowKind.HELD:
            return [row for each in secrets if (row := _held(each, year, day)) is not None]
        case RowKind.CHANGED:
            own = (each for each in secrets if each.origin is Origin.OWN)
            rows = [row for each in own for row in _changed(each, year, day)]
            return sorted(rows, key=lambda row: str(row["event_day"]))
        case RowKind.COPIES:
            return []
        case _:
            assert_never(kind)


def _in(day: date, year: int | None) -> bool:
    return year is None or day.year == year


def _secret(one: Secret, state: SecretState) -> dict[str, Value]:
    return {
        "approval": one.approval_number,
        "document_number": one.document_number,
        "organ": one.organ,
        "origin": one.origin.value,
        "kind": one.kind,
        "level": state.level.value,
        "period": state.period,
        "period_kind": period_kind(state.period),
        "issue_day": one.issue_day or "",
        "last_day": state.last or "",
        "scope": "、".join(state.scope),
        "officer": one.officer,
        "since": one.first.since,
        "copies": one.copies,
        "out": one.out,
        "notified": YES if one.notified else "",
    }


def period_kind(period: str) -> str:
    """Return which of the kinds of 保密期限 a period is (法20): 期限, 解密时间, 解密条件, 长期."""
    match written_period(period):
        case UntilDate():
            return "解密时间"
        case LongTerm():
            return "长期"
        case UntilCondition() | None:
            return CONDITION if period else ""
        case _:
            return "期限"


def _determined(one: Secret, day: date) -> Row:
    ending = one.ending
    is_over = ending is not None and ending.day <= day
    told = [_told(change) for change in one.changes if change.day <= day]
    standing = f"{ending.day} {ending.kind.value}" if ending is not None and is_over else "在保密期"
    return {**_secret(one, one.first), "changes": "；".join(told), "standing": standing}


def _told(change: SecretChange) -> str:
    after = change.after
    mark = "" if change.released else f"{after.level.value} {after.period}"
    parts = (str(change.day), change.kind.value, mark, change.basis)
    return " ".join(part for part in parts if part)


def _held(one: Secret, year: int | None, day: date) -> Row | None:
    """What a secret was when the year began, when it came, and when the year ended.

    A year that is not over is closed on the day itself.
    """
    first = date(year, 1, 1) if year is not None else date.min
    last = min(date(year, 12, 31), day) if year is not None else day
    begins = max(one.first.since, first)
    ending = one.ending
    if begins > last or not one.is_secret_on(begins):
        return None
    stands = ending is None or ending.day > last
    ends = last if ending is None or stands else ending.day - _DAY
    at_first, at_last = one.state_on(begins), one.state_on(ends)
    came = one.first.since >= first
    was, now = at_first.level.value, at_last.level.value
    return {
        **_secret(one, at_last),
        "opening_level": "" if came else was,
        "added_level": was if came else "",
        "moved_in_level": now if now != was else "",
        "moved_out_level": was if now != was else "",
        "released_level": "" if stands else now,
        "closing_level": now if stands else "",
    }


def _changed(one: Secret, year: int | None, day: date) -> Iterator[Row]:
    ending = one.ending
    for before, change in one.steps():
        is_change = change.released is None and change.day <= day
        if is_change and _in(change.day, year):
            yield _event(one, before, change.after, CHANGE, _kind_of(before, change), change.basis)
    if ending is not None and ending.day <= day and _in(ending.day, year):
        yield _released(one, ending)


def _released(one: Secret, ending: Ending) -> Row:
    before = one.state_on(ending.day - _DAY)
    after = SecretState(ending.day, before.level, "")
    row = _event(one, before, after, RELEASE, ending.kind.value, ending.basis)
    return {**row, "new_level": ""}


def _event(
    one: Secret, before: SecretState, after: SecretState, event: str, kind: str, basis: str
) -> dict[str, Value]:
    return {
        **_secret(one, before),
        "event": event,
        "event_kind": kind,
        "event_day": after.since,
        "notice": basis,
        "old_level": before.level.value,
        "old_period": before.period,
        "new_level": after.level.value,
        "new_period": after.period,
    }


def _kind_of(before: SecretState, change: SecretChange) -> str:
    """Return what a change did; 变更 is told apart by level and period."""
    if change.kind is not ChangeKind.CHANGED:
        return str(change.kind.value)
    after = change.after
    if after.level > before.level:
        return RAISED
    if after.level < before.level:
        return LOWERED
    return PERIOD if after.period != before.period else OTHER
