"""What happened in a year: rows of registers and statistics, and the tables that count them."""

from __future__ import annotations

from datetime import date

import pytest

import secrets_kit as kit
from dingmi_mark.domain.statistic import (
    CountColumn,
    CountLine,
    Register,
    RowColumn,
    SumColumn,
    counted,
    full_name,
    uncounted,
)
from dingmi_mark.domain.yearly import FIELDS, Row, RowKind, period_kind, rows_of

DAY = date(2027, 3, 1)
COPIES = [
    kit.copy("1", "2025-05-01"),
    kit.copy("2", "2026-02-02", level="绝密"),
    kit.copy("3", "2026-03-02", level="秘密", classification_kind="派生定密"),
    kit.copy("4", "2016-06-01", last_secret_day="2026-06-01"),
    kit.copy("5", "2027-01-10"),
]
ACTS = (
    kit.changed("1", "2026-04-01", level="秘密", period="5年", last_secret_day="2030-05-01"),
    kit.released("3", "2026-09-01"),
    kit.outside("7", "2026-01-05"),
)


def rows(kind: RowKind, year: int | None = 2026, day: date = DAY) -> list[Row]:
    return rows_of(kind, kit.known(COPIES, *ACTS), year, day)


def test_the_copies_of_a_paper_are_no_rows_of_a_year() -> None:
    assert rows(RowKind.COPIES) == []


@pytest.mark.parametrize("kind", [kind for kind in RowKind if kind is not RowKind.COPIES])
def test_rows_have_the_fields_that_templates_may_name(kind: RowKind) -> None:
    found = rows(kind)
    assert found and all(tuple(row) == FIELDS[kind] for row in found)


def test_determined_in_a_year_are_our_own_of_that_year() -> None:
    assert [row["approval"] for row in rows(RowKind.DETERMINED)] == ["2号", "3号"]
    assert len(rows(RowKind.DETERMINED, None)) == 5


def test_a_line_of_the_register_tells_first_values_changes_and_how_it_stands() -> None:
    first, second = rows(RowKind.DETERMINED, 2025) + rows(RowKind.DETERMINED)[1:]
    assert (first["level"], first["changes"]) == (
        "机密",
        "2026-04-01 变更 秘密 5年 示密变〔2026〕1号",
    )
    assert first["standing"] == "在保密期"
    assert second["standing"] == "2026-09-01 提前解密"
    assert second["changes"] == "2026-09-01 提前解密 示密变〔2026〕3号"


def test_held_in_a_year_balance() -> None:
    found = {row["approval"] or "外": row for row in rows(RowKind.HELD)}
    keys = ("opening_level", "added_level", "moved_in_level", "moved_out_level",
            "released_level", "closing_level")  # fmt: skip
    assert {name: tuple(row[key] for key in keys) for name, row in found.items()} == {
        "4号": ("机密", "", "", "", "机密", ""),
        "1号": ("机密", "", "秘密", "机密", "", "秘密"),
        "外": ("", "秘密", "", "", "", "秘密"),
        "2号": ("", "绝密", "", "", "", "绝密"),
        "3号": ("", "秘密", "", "", "秘密", ""),
    }


def test_what_is_over_before_a_year_or_begins_after_it_is_not_held() -> None:
    assert "4号" not in {row["approval"] for row in rows(RowKind.HELD, 2027)}
    assert "5号" not in {row["approval"] for row in rows(RowKind.HELD)}
    assert {row["approval"] for row in rows(RowKind.HELD, None)} >= {"1号", "5号"}


def test_a_year_that_is_not_over_is_closed_on_the_day() -> None:
    early = {row["approval"]: row for row in rows(RowKind.HELD, 2026, date(2026, 3, 31))}
    assert early["3号"]["closing_level"] == "秘密" and early["1号"]["closing_level"] == "机密"


def test_changes_and_releases_of_a_year() -> None:
    told = [(row["approval"], row["event"], row["event_kind"]) for row in rows(RowKind.CHANGED)]
    assert told == [
        ("1号", "变更", "密级降低"),
        ("4号", "解除", "期满自行解密"),
        ("3号", "解除", "提前解密"),
    ]
    assert rows(RowKind.CHANGED, 2026, date(2026, 3, 1)) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (kit.changed("2", "2026-04-01", level="绝密", old_level="绝密", period="5年"), "期限变更"),
        (kit.changed("2", "2026-04-01", level="绝密"), "其他变更"),
        (kit.changed("2", "2026-04-01", "延长期限", level="绝密", period="20年"), "延长期限"),
        (kit.changed("2", "2026-04-01", level="秘密"), "密级降低"),
        (kit.changed("2", "2026-04-01", "知悉范围变更", level="绝密"), "知悉范围变更"),
    ],
)
def test_a_change_is_named_by_what_it_did(change: kit.MarkingChanged, kind: str) -> None:
    (row,) = rows_of(RowKind.CHANGED, kit.known([COPIES[1]], change), 2026, DAY)
    assert row["event_kind"] == kind


def test_a_raised_level_is_told_apart() -> None:
    change = kit.changed("3", "2026-04-01", level="机密", old_level="秘密")
    (row,) = rows_of(RowKind.CHANGED, kit.known([COPIES[2]], change), 2026, DAY)
    assert row["event_kind"] == "密级升高" and (row["old_level"], row["new_level"]) == (
        "秘密",
        "机密",
    )


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("10年", "期限"),
        ("6个月", "期限"),
        ("2030年3月15日", "解密时间"),
        ("解密条件：会议开始", "解密条件"),
        ("江堤演练结束", "解密条件"),
        ("长期", "长期"),
        ("", ""),
    ],
)
def test_periods_are_of_four_kinds(period: str, kind: str) -> None:
    assert period_kind(period) == kind


# ── tables ───────────────────────────────────────────────────────────────────────────────────

TABLE = Register(
    "t", 1, "样例表", RowKind.DETERMINED,
    (RowColumn("密级", "level"), RowColumn("方式", "kind")),
    (CountLine("绝密", "绝密", "甲"), CountLine("秘密", "秘密", "甲")),
    (
        CountColumn("原始", "方式", "level", {"kind": "原始定密"}),
        CountColumn("派生", "方式", "level", {"kind": "派生定密"}),
        SumColumn("差", ("方式/原始",), ("方式/派生",)),
        CountColumn("一切"),
    ),
)  # fmt: skip


def test_a_table_counts_its_rows_and_adds_them_up() -> None:
    table = counted(TABLE, rows(RowKind.DETERMINED))
    assert table.lines == ((1, 0, 1, 2), (0, 1, -1, 2))
    assert table.total == (1, 1, 0, 4)
    assert [full_name(column) for column in TABLE.counts] == [
        "方式/原始",
        "方式/派生",
        "差",
        "一切",
    ]
    assert TABLE.is_statistic


def test_rows_that_no_cell_counts_are_told() -> None:
    narrow = Register("t", 1, "样例表", TABLE.rows, TABLE.columns, TABLE.lines, TABLE.counts[:3])
    found = uncounted(narrow, rows(RowKind.DETERMINED, None))
    assert [row["level"] for row in found] == ["机密", "机密", "机密"]
