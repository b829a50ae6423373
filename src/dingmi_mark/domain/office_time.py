"""The day it is in the office, whatever the clock of the machine shows.

Days of decisions, periods and keys are days in China, which has one time for the whole country and
no summer time (北京时间, UTC+8). A machine that was set to another zone, or to none, must not move
a decision to the day before.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

OFFICE_TIME: Final = timezone(timedelta(hours=8), "北京时间")
"""Fixed, not a name from a table of zones: a machine without that table must not fail."""


def in_office_time(at: str) -> datetime:
    """Return a moment of the ledger (ISO 8601 with its zone) by the office's clock.

    Raises ValueError for what is no moment.
    """
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None:
        raise ValueError("a moment without zone")
    return moment.astimezone(OFFICE_TIME)


def office_day(at: str) -> date:
    """Return the day a moment of the ledger falls on in the office. Raises ValueError."""
    return in_office_time(at).date()


def as_kept(moment: datetime) -> str:
    """Return a moment as the ledger keeps it: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
