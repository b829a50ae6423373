"""What happened in a year: rows of registers and statistics, and the tables that count them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import secrets_kit as kit
from dingmi_mark.domain.secret import Origin
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


HELD = ("opening_level", "added_level", "released_level", "closing_level")


def held(year: int | None, day: date, copy: kit.MarkedCopy, *acts: kit.Act) -> list[object]:
    """How a paper is held in a year; empty where it is not."""
    found = rows_of(RowKind.HELD, kit.known([copy], *acts), year, day)
    return [row[key] for row in found for key in HELD]


def test_the_first_and_the_last_day_of_a_year_belong_to_it() -> None:
    new_year = kit.copy("1", "2026-01-01")
    assert held(2026, DAY, new_year) == ["", "机密", "", "机密"]
    assert held(2025, DAY, new_year) == []
    last = kit.copy("1", "2026-12-31")
    assert held(2026, DAY, last) == ["", "机密", "", "机密"]
    assert held(2027, DAY, last) == ["机密", "", "", "机密"]


def test_what_is_secret_through_the_last_day_of_a_year_is_held_when_it_ends() -> None:
    through = kit.copy("1", "2016-02-01", last_secret_day="2026-12-31")
    assert held(2026, DAY, through) == ["机密", "", "", "机密"]
    assert held(2027, DAY, through) == []
    before = kit.copy("1", "2016-02-01", last_secret_day="2026-12-30")
    assert held(2026, DAY, before) == ["机密", "", "机密", ""]
    assert held(None, DAY, before) == ["", "机密", "机密", ""]


def test_a_year_that_is_not_over_does_not_know_what_comes() -> None:
    copy = kit.copy("1", "2016-02-01", last_secret_day="2026-06-30")
    assert held(2026, date(2026, 6, 30), copy) == ["机密", "", "", "机密"]
    assert held(2026, date(2026, 7, 1), copy) == ["机密", "", "机密", ""]
    change = kit.changed("1", "2026-05-01", level="秘密", last_secret_day="2026-06-30")
    assert held(2026, date(2026, 4, 30), copy, change) == ["机密", "", "", "机密"]
    assert held(2026, date(2026, 5, 1), copy, change) == ["机密", "", "", "秘密"]


@pytest.mark.parametrize(
    ("day", "changes", "standing"),
    [
        (date(2026, 4, 30), "", "在保密期"),
        (date(2026, 5, 1), "2026-05-01 变更 秘密 10年 示密变〔2026〕1号", "在保密期"),
        (date(2026, 6, 30), "2026-05-01 变更 秘密 10年 示密变〔2026〕1号", "在保密期"),
        (date(2026, 7, 1), "2026-05-01 变更 秘密 10年 示密变〔2026〕1号",
         "2026-07-01 期满自行解密"),
    ],
)  # fmt: skip
def test_a_line_of_the_register_knows_what_happened_until_its_day(
    day: date, changes: str, standing: str
) -> None:
    change = kit.changed("1", "2026-05-01", level="秘密", last_secret_day="2026-06-30")
    (row,) = rows_of(RowKind.DETERMINED, kit.known([COPIES[0]], change), 2025, day)
    assert (row["changes"], row["standing"]) == (changes, standing)


def test_the_register_of_what_was_determined_holds_our_own_alone() -> None:
    every = kit.known(COPIES, *ACTS)
    assert len(rows_of(RowKind.DETERMINED, every, None, DAY)) == len(COPIES) < len(every)


def test_what_is_not_known_is_an_empty_cell_and_what_was_only_notified_says_so() -> None:
    facts = kit.described("1", issue_day="2026-02-01", last_secret_day="2036-02-01")
    (told,) = rows_of(
        RowKind.DETERMINED, kit.known([kit.copy("1", "2026-02-02")], facts), 2026, DAY
    )
    assert (told["issue_day"], told["last_day"]) == (date(2026, 2, 1), date(2036, 2, 2))
    assert told["notified"] == ""
    endless = kit.known([kit.copy("1", "2026-02-02", last_secret_day="")])
    (bare,) = rows_of(RowKind.DETERMINED, endless, 2026, DAY)
    assert (bare["issue_day"], bare["last_day"]) == ("", "")
    (kept,) = rows_of(RowKind.HELD, endless, 2026, DAY)
    assert (kept["added_level"], kept["closing_level"]) == ("机密", "机密")
    assert rows_of(RowKind.CHANGED, endless, None, DAY) == []


def test_changes_of_papers_of_others_are_no_events_of_ours() -> None:
    change = kit.changed("1", "2026-05-01", level="秘密", last_secret_day="2026-06-30")
    theirs = [replace(one, origin=Origin.OUTSIDE) for one in kit.known([COPIES[0]], change)]
    assert rows_of(RowKind.CHANGED, theirs, None, DAY) == []


@pytest.mark.parametrize(("year", "day", "events"), [
    (2026, date(2026, 4, 30), []),
    (2026, date(2026, 5, 1), ["变更"]),
    (2026, date(2026, 6, 30), ["变更"]),
    (2026, date(2026, 7, 1), ["变更", "解除"]),
    (2025, DAY, []),
    (2027, DAY, []),
    (None, DAY, ["变更", "解除"]),
])  # fmt: skip
def test_an_event_belongs_to_its_day_and_year(
    year: int | None, day: date, events: list[str]
) -> None:
    change = kit.changed("1", "2026-05-01", level="秘密", last_secret_day="2026-06-30")
    found = rows_of(RowKind.CHANGED, kit.known([COPIES[0]], change), year, day)
    assert [row["event"] for row in found] == events


def test_a_release_tells_the_level_of_the_day_before() -> None:
    release = replace(
        kit.released("1", "2026-05-01"), notice_number="示密变〔2026〕2号", level="秘密"
    )
    acts = (kit.changed("1", "2026-05-01", level="秘密"), release)
    found = rows_of(RowKind.CHANGED, kit.known([COPIES[0]], *acts), 2026, DAY)
    assert [(row["event"], row["old_level"], row["new_level"]) for row in found] == [
        ("变更", "机密", "秘密"),
        ("解除", "机密", ""),
    ]


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


def test_a_cell_counts_what_meets_every_condition_and_a_line_without_a_word_takes_all() -> None:
    lines = (CountLine("合计"), CountLine("机密", where={"level": "机密"}))
    counts = (CountColumn("一切", by="level"), CountColumn("原始", where={"kind": "原始定密"}))
    table = Register("t", 1, "样例表", TABLE.rows, TABLE.columns, lines, counts)
    given: list[Row] = [
        {"level": "机密", "kind": "原始定密"},
        {"level": "机密", "kind": "派生定密"},
        {"level": "秘密", "kind": "原始定密"},
        {"level": "", "kind": "原始定密"},
    ]
    assert counted(table, given).lines == ((4, 3), (2, 1))


def test_rows_that_no_cell_counts_are_told() -> None:
    narrow = Register("t", 1, "样例表", TABLE.rows, TABLE.columns, TABLE.lines, TABLE.counts[:3])
    found = uncounted(narrow, rows(RowKind.DETERMINED, None))
    assert [row["level"] for row in found] == ["机密", "机密", "机密"]
