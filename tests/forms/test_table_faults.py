"""A table with faults: every one at once, each by its cell, and nothing skipped silently."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest

from dingmi_mark.errors import FormFaulty
from dingmi_mark.forms import table_reading
from dingmi_mark.forms.table_reading import read_table
from forms_kit import faults_of, places_of, put, table_with
from record_kit import record, with_draft

MAIN = "审批记录"


def one(number: str = "1", **more: Any) -> Any:
    return with_draft(record(number=number), files=(), **more)


def faults(tmp_path: Path, change: Any, *records: Any) -> list[str]:
    file = table_with(tmp_path / "t.xlsx", change, *(records or (one(),)))
    with pytest.raises(FormFaulty) as caught:
        read_table(file)
    return faults_of(caught)


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("份数", "=1+1", "a value is expected; a formula stands here"),
        ("份数", 2.5, "a whole number is expected"),
        ("份数", "三", "a whole number is expected"),
        ("标题", 2026.1, "a text is expected; format the cell as text and type it again"),
        ("标题", True, "a text is expected; the cell holds 是"),
        ("标题", datetime(2026, 1, 10), "a text is expected; the cell holds a date"),
        ("制发日", 3, "a date from 1949-10-01 to 2999-12-31 is expected"),
        ("制发日", "明天", "a date such as 2026-01-10 is expected"),
        ("制发日", datetime(2026, 1, 10, 8, 30), "a date without a time is expected"),
        ("制发日", time(8, 30), "a date such as 2026-01-10 is expected"),
        ("拟办密级", "秘", "one of 绝密、机密、秘密 is expected"),
        ("紧急程度", "很急", "one of 特急、加急、特提、平急 is expected"),
        ("拟办保密期限", "10", "10年, 6个月"),
        ("拟办保密期限", "解密条件：", "10年, 6个月"),
        ("拟办保密期限", None, "this must be filled in"),
        ("密点是否已全部列明", "好", "one of 是、否 is expected"),
        ("文件名", '"甲', "quotation marks do not close"),
        ("拟办密级", "工作秘密", "“工作秘密” is no level of state secrets"),
    ],
)
def test_a_wrong_value_is_told_by_its_cell(
    tmp_path: Path, name: str, value: object, fault: str
) -> None:
    cell = ""

    def change(book: Any) -> None:
        nonlocal cell
        cell = put(book, 3, name, value)

    (found,) = faults(tmp_path, change)
    assert found.startswith(f"{cell}: {fault}"), found


@pytest.mark.parametrize(
    ("name", "value", "read"),
    [
        ("份数", "３", 3),
        ("份数", 3.0, 3),
        ("制发日", "2026/1/10", datetime(2026, 1, 10).date()),
        ("制发日", "２０２６年１月１０日", datetime(2026, 1, 10).date()),
        ("制发日", datetime(2026, 1, 10), datetime(2026, 1, 10).date()),
    ],
)
def test_what_can_only_mean_one_thing_is_accepted(
    tmp_path: Path, name: str, value: object, read: object
) -> None:
    file = table_with(tmp_path / "t.xlsx", lambda book: put(book, 3, name, value), one())
    draft = read_table(file)[0].record.draft
    assert read in (draft.copies, draft.issue_day)


def test_a_number_typed_as_a_number_is_a_number(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        put(book, 3, "审批编号", 7.0)
        put(book, 3, "审批编号", "７", "定密依据")

    (found,) = read_table(table_with(tmp_path / "t.xlsx", change, one()))
    assert found.record.number == "7" and found.record.classification.bases


def test_blank_rows_between_are_no_fault(tmp_path: Path) -> None:
    file = table_with(
        tmp_path / "t.xlsx", lambda book: book[MAIN].insert_rows(4, 3), one(), one("2")
    )
    assert [found.place for found in read_table(file)] == [f"{MAIN}!3", f"{MAIN}!7"]


def test_the_sheet_itself_may_be_wrong(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        main = book[MAIN]
        main.merge_cells("H4:I4")
        main.row_dimensions[3].hidden = True
        main.column_dimensions["K"].hidden = True
        main["A2"].value, main["B2"].value = "审批编号", "单位代码"
        main.cell(3, 80).value = "多出来的"
        book["密点"].sheet_state = "hidden"
        del book["说明"]
        book.create_sheet("草稿")["A1"].value = "甲"

    found = faults(tmp_path, change)
    assert f"{MAIN}!H4:I4: merged cells: split them, and fill in each" in found
    assert f"{MAIN}!3: this row is hidden: show it, or delete it" in found
    assert any(fault.startswith(f"{MAIN}!K: these columns are hidden") for fault in found)
    assert f"{MAIN}!B2: there is no column “单位代码” in this table" in found
    assert f"{MAIN}!2: the column “定密机关、单位” is missing" in found
    assert any(fault.startswith(f"{MAIN}!CB3: something stands here") for fault in found)
    assert "密点: this sheet is hidden: show or delete it" in found
    assert "说明: this sheet is missing" in found
    assert "草稿: there is no such sheet in this table" in found


def test_a_column_twice_and_no_headings(tmp_path: Path) -> None:
    def twice(book: Any) -> None:
        book[MAIN]["C2"].value = "审批编号"

    assert any("stands twice" in fault for fault in faults(tmp_path, twice))

    def none(book: Any) -> None:
        book[MAIN].delete_rows(2)

    assert any("the row of headings is missing" in fault for fault in faults(tmp_path, none))


def test_a_table_of_another_version_is_said(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book[MAIN]["B1"].value = "表式版本 9"

    assert faults(tmp_path, change)[0].endswith(
        "the table is of version 9; this program reads version 1"
    )


def test_two_rows_with_one_number_and_two_records_for_one_draft(tmp_path: Path) -> None:
    same = "sm3:" + "ab" * 32
    records = [
        with_draft(record(number=number), files=files, digest=digest)
        for number, files, digest in (
            ("1", ("甲.docx",), same),
            ("2", ("甲.docx",), ""),
            ("3", (), same),
            ("4", ("乙.docx",), same),
        )
    ]

    def change(book: Any) -> None:
        put(book, 6, "审批编号", "１")

    found = faults(tmp_path, change, *records)
    assert f"{MAIN}!A6 审批编号: the number 1 stands in {MAIN}!3 already" in found
    assert [f.split(": ")[1] for f in found if "same draft" in f] == [
        f"the record in {MAIN}!3 is for the same draft",
        f"the record in {MAIN}!3 is for the same draft",
    ]


def test_a_row_of_a_list_whose_number_is_nowhere(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        put(book, 3, "审批编号", "没有", "定密依据")
        put(book, 4, "条款、目录项", "第九项", "定密依据")

    found = faults(tmp_path, change)
    assert "定密依据!A3 审批编号: no record in 审批记录 has this number" in found
    assert "定密依据!A4 审批编号: no record in 审批记录 has this number" in found


def test_a_fault_in_a_list_is_told_by_its_own_sheet(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        put(book, 3, "审批编号", "1", "密点")
        put(book, 3, "编号", "甲", "密点")
        put(book, 3, "密级", "秘", "密点")
        put(book, 3, "页", 2, "密点")

    found = faults(tmp_path, change)
    assert found == [
        "密点!C3 密级: one of 绝密、机密、秘密 is expected",
        "密点!H3 方框: this must be filled in",
    ]


def test_thirty_faults_in_five_thousand_rows_are_all_told(tmp_path: Path) -> None:
    spoilt: list[str] = []

    def change(book: Any) -> None:
        for number in range(10):
            row = 40 + number * 490
            spoilt.append(put(book, row, "拟办密级", "密"))
            spoilt.append(put(book, row, "制发日", "某日"))
            spoilt.append(put(book, row, "拟办保密期限", "=A1"))

    records = [one(str(number)) for number in range(5_000)]
    file = table_with(tmp_path / "t.xlsx", change, *records)
    with pytest.raises(FormFaulty) as caught:
        read_table(file)
    assert sorted(places_of(caught)) == sorted(spoilt)
    assert len(spoilt) == 30


def test_a_table_that_is_wrong_everywhere_is_told_as_far_as_anybody_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_reading, "MOST_FAULTS", 3)

    def change(book: Any) -> None:
        for row in range(4, 20):
            put(book, row, "份数", "三")

    found = faults(tmp_path, change)
    assert len(found) == 4
    assert found[0] == "there are more faults: mend these 3 first"
