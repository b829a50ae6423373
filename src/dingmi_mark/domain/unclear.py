"""不明确: a matter of which it is not clear whether, or how far, it is secret (条例25).

The unit sets provisional values and asks the national bureau (绝密, central organs) or that of its
province within ten working days. It is not the way of 无权 (`domain.report_path`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.authority import Authority, OrganKind
from dingmi_mark.domain.law import Lawbook, LawRow
from dingmi_mark.domain.report_path import Addressee, ReportKind, ReportPath, Role
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.domain.working_days import LastDay, WorkCalendar, add_working_days

UNCLEAR: Final = "unclear-matter"
WORKING_DAYS: Final = "工作日"
UNITS: Final = (WORKING_DAYS, "日")
"""In which days the law counts, as the rows write it; 0 days: no number was read."""


def unclear_deadline(
    record: ApprovalRecord, day: date, calendar: WorkCalendar, lawbook: Lawbook
) -> LastDay | None:
    """Return the last day for reporting an unclear matter; None: it is none, or no days are known.

    Ten working days from 2024-09-01 (条例(2024)第二十五条), ten days from 2014-03-01
    (条例(2014)第十九条); `day` selects the row. Counted from `unclear.since`, which does not count.
    """
    row = lawbook.row(UNCLEAR, day)
    return None if row is None else days_left(record, row, calendar)


def days_left(record: ApprovalRecord, row: LawRow, calendar: WorkCalendar) -> LastDay | None:
    """Return the last day for reporting by a row; None where there is none."""
    return None if record.unclear is None else _counted(record.unclear.since, row, calendar)


def protected_until(
    record: ApprovalRecord, day: date, calendar: WorkCalendar, lawbook: Lawbook
) -> LastDay | None:
    """Return the last day of the provisional values: to report them, or once reported to answer.

    The bureau answers within as many days as the unit has to report: 条例(2024)第二十五条,
    条例(2014)第十九条第二款. None: it is no unclear matter, or no days are known.
    """
    row, unclear = lawbook.row(UNCLEAR, day), record.unclear
    if row is None or unclear is None or unclear.reported is None:
        return unclear_deadline(record, day, calendar, lawbook)
    return _counted(unclear.reported, row, calendar)


def _counted(start: date, row: LawRow, calendar: WorkCalendar) -> LastDay | None:
    """Count the days of a row; the first day does not count."""
    days = row.number("days")
    if not days:
        return None
    if row.text("unit") == WORKING_DAYS:
        return add_working_days(start, days, calendar)
    return LastDay(start + timedelta(days=days))


def unclear_path(
    record: ApprovalRecord, row: LawRow, authority: Authority, calendar: WorkCalendar
) -> ReportPath:
    """Return the way of an unclear matter by the row of its day."""
    to = unclear_addressee(record, authority)
    last = days_left(record, row, calendar)
    return ReportPath(ReportKind.UNCLEAR, (to,), row.citation, last)


def unclear_addressee(record: ApprovalRecord, authority: Authority) -> Addressee:
    """Return who decides an unclear matter: 国家局 for 绝密 and central organs, else 省局."""
    national = _is_national(record, authority)
    kind = OrganKind.CENTRAL if national else OrganKind.PROVINCIAL
    role = Role.NATIONAL_BUREAU if national else Role.PROVINCIAL_BUREAU
    bureaus = (one for one in authority.organs if one.secrecy_bureau and one.kind is kind)
    return Addressee(role, next((one.name for one in bureaus), ""))


def decides_unclear(name: str, record: ApprovalRecord, authority: Authority) -> bool:
    """Tell whether a body may decide it: the national bureau all, a provincial one the rest."""
    bureau = authority.organ(name)
    if bureau is None or not bureau.secrecy_bureau:
        return False
    provincial = bureau.kind is OrganKind.PROVINCIAL and not _is_national(record, authority)
    return provincial or bureau.kind is OrganKind.CENTRAL


def _is_national(record: ApprovalRecord, authority: Authority) -> bool:
    own = authority.organ(record.organ)
    central = own is not None and own.kind is OrganKind.CENTRAL
    return central or record.secrecy.marking.level is SecrecyLevel.TOP_SECRET
