"""Which lines of a 一览表 go beyond the items they rest on, and which periods have an order."""

from __future__ import annotations

from datetime import date

import pytest

from dingmi_mark.domain.catalogue import (
    Catalogue,
    CatalogueItem,
    MattersList,
    SecretMatter,
    is_longer,
    list_in_force,
    matters_beyond_items,
)
from dingmi_mark.domain.terms import (
    ForMonths,
    ForYears,
    LongTerm,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
)

DAY = date(2026, 1, 10)
HIGH, LOW = SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET
CATALOGUE = Catalogue(
    (
        CatalogueItem("示例范围", "第一条", frozenset({LOW}), longest=ForYears(5)),
        CatalogueItem("示例范围", "第二条", frozenset({HIGH, LOW}), stated=ForYears(10)),
        CatalogueItem("示例范围", "第三条", frozenset({HIGH})),
    )
)


def matter(item: str, level: SecrecyLevel, period: SecrecyPeriod) -> SecretMatter:
    return SecretMatter(item, level, period, "示例科", ("局领导",), "纸质", "示例范围", item)


@pytest.mark.parametrize(
    ("line", "beyond"),
    [
        (matter("第一条", LOW, ForYears(5)), []),
        (matter("第一条", LOW, ForYears(6)), ["保密期限"]),
        (matter("第一条", HIGH, ForYears(6)), ["密级", "保密期限"]),
        (matter("第二条", HIGH, ForMonths(120)), []),
        (matter("第二条", HIGH, ForMonths(121)), ["保密期限"]),
        (matter("第三条", HIGH, LongTerm()), []),
        (matter("第一条", LOW, UntilCondition("会议开始前")), []),
        (matter("第九条", LOW, ForYears(1)), ["条款"]),
    ],
)
def test_a_line_is_within_its_item(line: SecretMatter, beyond: list[str]) -> None:
    listed = MattersList("示例一览表", DAY, DAY, (line,))
    assert [what for _, what in matters_beyond_items(listed, CATALOGUE, DAY)] == beyond


def test_periods_that_have_an_order() -> None:
    assert is_longer(LongTerm(), ForYears(30), DAY) is True
    assert is_longer(ForYears(30), LongTerm(), DAY) is False
    assert is_longer(UntilCondition("会 后"), UntilCondition("会后"), DAY) is False
    assert is_longer(UntilCondition("会后"), UntilCondition("会前"), DAY) is None
    assert is_longer(ForYears(1), UntilCondition("会后"), DAY) is None


def test_the_version_of_a_list_last_approved_by_the_day_counts() -> None:
    old, new = (MattersList("示例 一览表", date(year, 1, 1), None) for year in (2025, 2026))
    draft = MattersList("示例一览表", None, None)
    lists = (draft, new, old)
    assert list_in_force(lists, "示例一览表", date(2025, 12, 31)) is old
    assert list_in_force(lists, "示例一览表", date(2026, 1, 1)) is new
    assert list_in_force(lists, "示例一览表", date(2024, 12, 31)) is draft
    assert list_in_force(lists, "另一览表", DAY) is None
