"""保密期限届满提醒: when a secret near its end is looked at (解密暂行办法(2020)第四条; R45)."""

from __future__ import annotations

import calendar
from datetime import date


def months_before(day: date, months: int) -> date:
    """Return the corresponding day so many calendar months earlier, or the end of that month.

    2026-06-30, 3 → 2026-03-30; 2026-05-31, 3 → 2026-02-28. Raises ValueError before year 1.
    """
    total = day.year * 12 + day.month - 1 - months
    year, month = divmod(total, 12)
    last_of_month = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last_of_month))


def reminded_from(last_secret_day: date, months: int) -> date:
    """Return the first day on which the end of a period is called to mind."""
    return months_before(last_secret_day, months)


def is_review_due(seen: date, today: date, months: int) -> bool:
    """Tell whether a secret that was seen last on a day has to be looked at again."""
    return seen <= months_before(today, months)


def is_reminded(last_secret_day: date | None, today: date, months: int) -> bool:
    """Tell whether a secret stands on today's list: its end is near and has not passed."""
    if last_secret_day is None:
        return False
    return reminded_from(last_secret_day, months) <= today <= last_secret_day
