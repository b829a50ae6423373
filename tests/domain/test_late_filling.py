"""A value is written into the blank that names it, and into no other."""

from __future__ import annotations

from datetime import date

import pytest

from dingmi_mark.domain.approval import LateField
from dingmi_mark.domain.late_filling import entries
from dingmi_mark.domain.late_values import LateValues

NUMBER, DAY = "示密〔2026〕3号", date(2026, 1, 10)
LATE = LateValues(frozenset(LateField), NUMBER, DAY)


def filled(line: str, late: LateValues = LATE) -> str:
    """Return a line with its blanks filled in, from the last one on."""
    for entry in reversed(list(entries(line, late))):
        line = f"{line[: entry.start]}{entry.text}{line[entry.stop :]}"
    return line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("示密〔2026〕　号", NUMBER),
        ("文号：", f"文号：{NUMBER}"),
        ("2026年　月　日", "2026年1月10日"),
        ("二〇二六年　月　日", "二〇二六年一月十日"),
        ("成文日期：", "成文日期：2026年1月10日"),
        ("示密〔2026〕　号　2026年　月　日", f"{NUMBER}　2026年1月10日"),
    ],
)
def test_a_blank_that_names_its_value_is_filled_in(line: str, expected: str) -> None:
    assert filled(line) == expected


def test_white_space_before_a_date_stays_where_it_only_moves_the_line() -> None:
    assert filled("　" * 10 + "年　月　日") == "　" * 6 + "2026年1月10日"


@pytest.mark.parametrize("line", ["________", "", "出生年月日", "示例"])
def test_a_line_that_does_not_tell_what_belongs_there_is_left(line: str) -> None:
    assert filled(line) == line


def test_without_a_value_nothing_is_filled_in() -> None:
    named = LateValues(frozenset(LateField), "", None)
    assert filled("示密〔2026〕　号 2026年　月　日", named) == "示密〔2026〕　号 2026年　月　日"
