"""The only place where the machine's clock is read."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dingmi_mark.domain.office_time import as_kept, office_day


def now() -> str:
    """Return the moment as the ledger keeps it: ISO 8601 in UTC, to the second."""
    return as_kept(datetime.now(UTC))


def today() -> date:
    """Return the day in the office."""
    return office_day(now())
