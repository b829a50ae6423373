"""无权 and 不明确: to whom, by when, on which form; the two are never confused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.approval import Unclear
from dingmi_mark.domain.authority import Authority, Grant, Organ, OrganKind, Span
from dingmi_mark.domain.report_path import (
    Addressee,
    Asking,
    ReportKind,
    ReportPath,
    Role,
    path_by,
    report_path,
)
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.domain.unclear import protected_until, unclear_deadline, unclear_path
from dingmi_mark.domain.working_days import LastDay
from dingmi_mark.store.lawbook import read_lawbook
from record_kit import record

TOP, HIGH = SecrecyLevel.TOP_SECRET, SecrecyLevel.HIGHLY_SECRET
DAY = date(2026, 1, 10)
NATIONAL, SHAOGUAN = read_lawbook("national"), read_lawbook("shaoguan-2011")

PROVINCE = Organ("示例省示范厅", OrganKind.PROVINCIAL)
CITY = Organ("示例市示范局", OrganKind.PREFECTURE_CITY, superior=PROVINCE.name)
COUNTY = Organ("示例县示范局", OrganKind.COUNTY, superior=CITY.name)
ALONE = Organ("示例独县局", OrganKind.COUNTY)
STATION = Organ("示例独县站", OrganKind.SUBORDINATE, superior=ALONE.name, competent=(CITY.name,))
GRANTED = Organ(
    "示例县授权局",
    OrganKind.COUNTY,
    (Grant("示授1号", PROVINCE.name, frozenset({HIGH}), Span(date(2025, 1, 1)), ("示例事项",)),),
)
BUREAU = Organ("示例省保密局", OrganKind.PROVINCIAL, secrecy_bureau=True)
OFFICE = Authority((PROVINCE, CITY, COUNTY, ALONE, STATION, GRANTED, BUREAU))


def path(organ: Organ, level: SecrecyLevel = HIGH, matter: str = "") -> ReportPath:
    return report_path(organ, level, matter, DAY, OFFICE, NATIONAL)


def test_the_nearest_superior_that_may_decide_is_asked_at_once() -> None:
    found = path(COUNTY)
    assert found.kind is ReportKind.NO_AUTHORITY
    assert found.addressees == (Addressee(Role.SUPERIOR, CITY.name),)
    assert (found.deadline, found.last) == ("立即", None)
    assert found.form == "无权定密事项定密申报表"
    assert str(found.citation) == "保守国家秘密法(2024)第十七条"
    assert path(COUNTY, TOP).addressees == (Addressee(Role.SUPERIOR, PROVINCE.name),)


def test_where_no_superior_may_decide_the_department_or_a_bureau_is_asked() -> None:
    assert path(STATION).asked == "示例市示范局（业务主管部门）；示例省保密局（保密行政管理部门）"
    assert str(path(STATION).citation) == "保守国家秘密法(2024)第十七条", "the duty is law"
    assert path(STATION, TOP).asked == "业务主管部门；示例省保密局（保密行政管理部门）"


def test_a_bureau_is_not_told_to_ask_itself() -> None:
    assert path(BUREAU).asked == "上级机关、单位；业务主管部门；保密行政管理部门"


def test_where_the_table_is_silent_the_roles_alone_are_told() -> None:
    lonely = report_path(ALONE, HIGH, "", DAY, Authority((ALONE,)), NATIONAL)
    assert lonely.asked == "上级机关、单位；业务主管部门；保密行政管理部门"


def test_the_handbook_names_county_organs_with_a_grant_for_the_matter() -> None:
    def asked(matter: str) -> str:
        return report_path(STATION, HIGH, matter, DAY, OFFICE, SHAOGUAN).asked

    assert asked("示例 事项").startswith("示例县授权局（得到授权的县级机关）；示例市示范局")
    assert asked("别的事项").startswith("得到授权的县级机关；示例市示范局")


def test_the_law_before_the_tables_names_nobody() -> None:
    with pytest.raises(LookupError, match="^no row of organ-authority on 2010-09-30$"):
        report_path(COUNTY, HIGH, "", date(2010, 9, 30), OFFICE, NATIONAL)


def test_superiors_that_name_each_other_are_gone_through_once() -> None:
    one = Organ("甲", OrganKind.COUNTY, superior="乙")
    other = Organ("乙", OrganKind.COUNTY, superior="甲")
    assert list(Authority((one, other)).superiors(one)) == [other]
    below = Organ("丙", OrganKind.TOWNSHIP, superior="甲")
    assert list(Authority((one, other, below)).superiors(below)) == [one, other]


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2014, 2, 28), None),
        (date(2014, 3, 1), LastDay(date(2014, 3, 11))),
        (date(2024, 8, 31), LastDay(date(2024, 9, 10))),
        (date(2024, 9, 1), LastDay(date(2024, 9, 13))),
        (date(2010, 9, 30), None),
    ],
)
def test_the_day_by_which_an_unclear_matter_is_reported(day: date, last: LastDay | None) -> None:
    unclear = replace(record(), unclear=Unclear("示例", day))
    assert unclear_deadline(unclear, day, NATIONAL.calendar, NATIONAL) == last
    assert unclear_deadline(record(), day, NATIONAL.calendar, NATIONAL) is None


def test_an_unclear_matter_goes_to_the_bureau_and_never_at_once() -> None:
    for day, deadline in ((DAY, "2026-01-23"), (date(2014, 2, 28), "")):
        row = NATIONAL.row("unclear-matter", day)
        assert row is not None
        unclear = replace(record(), unclear=Unclear("示例", day))
        found = unclear_path(unclear, row, OFFICE, NATIONAL.calendar)
        assert (found.kind, found.deadline) == (ReportKind.UNCLEAR, deadline)
        assert found.addressees == (Addressee(Role.PROVINCIAL_BUREAU, BUREAU.name),)
        strange = replace(unclear, organ="表中没有的单位")
        assert unclear_path(strange, row, OFFICE, NATIONAL.calendar) == found


def test_where_the_tables_have_no_row_of_the_law_the_reading_is_cited() -> None:
    row = NATIONAL.row("organ-authority-other", DAY)
    assert row is not None
    found = path_by(row, Asking(STATION, HIGH, "", DAY, OFFICE, ()))
    assert found.citation == row.citation


@pytest.mark.parametrize(
    ("reported", "day", "last"),
    [
        (None, date(2026, 9, 24), date(2026, 10, 12)),
        (date(2026, 9, 24), date(2026, 9, 24), date(2026, 10, 15)),
        (date(2026, 9, 24), date(2024, 9, 1), date(2026, 10, 15)),
        (date(2026, 9, 24), date(2024, 8, 31), date(2026, 10, 4)),
        (date(2026, 9, 24), date(2014, 2, 28), None),
        (date(2026, 9, 24), date(2010, 9, 30), None),
    ],
)
def test_once_reported_the_bureau_has_as_many_days_to_answer(
    reported: date | None, day: date, last: date | None
) -> None:
    """实施条例(2024)第二十五条, 条例(2014)第十九条第二款; no number was read of the time before."""
    why = Unclear("样例：是否属于国家秘密不明确", date(2026, 9, 21), reported)
    found = protected_until(replace(record(), unclear=why), day, NATIONAL.calendar, NATIONAL)
    assert (found.day if found else None) == last
    assert protected_until(record(), day, NATIONAL.calendar, NATIONAL) is None
