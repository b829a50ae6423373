"""Who may classify originally on a day: organs by their kind, or by a grant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.authority import Grant, Organ, OrganKind, Span
from dingmi_mark.domain.powers import BUREAUS, has_own_power, has_power, may_grant
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.store.lawbook import read_lawbook

HIGH = SecrecyLevel.HIGHLY_SECRET
DAY = date(2026, 1, 10)
ROWS = read_lawbook("national").rows
CITY = Organ("示例市示范局", OrganKind.PREFECTURE_CITY)
BUREAU = Organ("示例省保密局", OrganKind.PROVINCIAL, secrecy_bureau=True)
FOR_MATTERS = Grant("示授1号", CITY.name, frozenset({HIGH}), Span(), ("示例 事项", "示例工作"))
COUNTY = Organ("示例县示范局", OrganKind.COUNTY, (FOR_MATTERS,))


def test_before_the_first_table_nobody_has_power() -> None:
    before = date(2010, 9, 30)
    assert not has_own_power(CITY, HIGH, before, ROWS)
    assert has_own_power(CITY, HIGH, date(2010, 10, 1), ROWS)
    assert not may_grant(CITY, HIGH, before, ROWS)
    assert not may_grant(BUREAU, HIGH, before, ROWS)


@pytest.mark.parametrize(("day", "may"), [(date(2024, 4, 30), False), (date(2024, 5, 1), True)])
def test_a_secrecy_bureau_grants_since_the_law_of_2024(day: date, may: bool) -> None:
    assert may_grant(BUREAU, HIGH, day, ROWS) is may
    county_bureau = replace(BUREAU, kind=OrganKind.COUNTY)
    assert not may_grant(county_bureau, HIGH, day, ROWS), BUREAUS


@pytest.mark.parametrize(
    ("matter", "covered"),
    [("示例事项", True), ("示例工作", True), ("示例", False), ("别的事项", False), ("", False)],
)
def test_a_grant_for_matters_covers_those_it_names_and_no_other(matter: str, covered: bool) -> None:
    """实施条例(2024)第十六条: 定密授权 names the matters; nothing is read into it."""
    assert has_power(COUNTY, HIGH, DAY, ROWS, matter) is covered
    without = replace(COUNTY, grants=(replace(FOR_MATTERS, matters=()),))
    assert has_power(without, HIGH, DAY, ROWS, matter)
    assert has_power(CITY, HIGH, DAY, ROWS, matter)
