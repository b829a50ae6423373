"""The day is the office's: no clock of a machine, set to whatever zone, moves a decision."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

import pytest

from dingmi_mark.cli.words import local_time
from dingmi_mark.domain.office_time import as_kept, in_office_time, office_day
from dingmi_mark.pipeline import clock


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Set the machine to another zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-01-09T15:59:59+00:00", date(2026, 1, 9)),
        ("2026-01-09T16:00:00+00:00", date(2026, 1, 10)),
        ("2026-01-10T00:00:00+08:00", date(2026, 1, 10)),
        ("2026-01-09T11:30:00-05:00", date(2026, 1, 10)),
        ("1988-07-01T15:30:00+00:00", date(1988, 7, 1)),
    ],
)
def test_the_day_begins_at_midnight_in_beijing(zone: str, at: str, day: date) -> None:
    assert office_day(at) == day


def test_moments_are_shown_as_the_clock_on_the_offices_wall(zone: str) -> None:
    assert local_time("2026-01-09T16:30:00+00:00") == "2026-01-10 00:30:00"


def test_a_moment_is_kept_the_same_on_every_machine(zone: str) -> None:
    moment = in_office_time("2026-01-10T00:30:00+08:00")
    assert as_kept(moment) == "2026-01-09T16:30:00+00:00"
    assert clock.now().endswith("+00:00")


def test_a_moment_without_zone_is_none() -> None:
    with pytest.raises(ValueError, match="zone"):
        office_day("2026-01-09T16:30:00")
