"""保密事项范围, 一览表 and holidays: TOML or a sheet, read strictly, all faults at once."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.domain.catalogue import CatalogueItem
from dingmi_mark.domain.terms import ForYears, LongTerm, SecrecyLevel, UntilCondition
from dingmi_mark.errors import ConfigurationInvalid
from dingmi_mark.store import sheets
from dingmi_mark.store.office import read_office
from dingmi_mark.store.office_new import init_office

TOP, HIGH, LOW = SecrecyLevel.TOP_SECRET, SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET

ITEM = """
[[item]]
catalogue = "示例范围"
item = "第一条"
levels = ["机密", "秘密"]
"""
MATTER = """
[[list.matter]]
content = "示例演练方案"
level = "机密"
period = "10年"
produced_by = "示例科"
scope = ["局领导"]
carrier = "纸质"
catalogue = "示例范围"
item = "第一条"
"""
HEAD = ["保密事项范围", "条款", "密级", "最长期限", "规定期限", "知悉范围", "起", "止", "标志"]
LIST_HEAD = [
    *("一览表名称", "审定日", "审定人", "备案日", "备案机关", "标志"),
    *("事项内容", "密级", "保密期限", "产生部门或者岗位", "知悉人员", "载体形式"),
    *("保密事项范围", "条款"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "office"
    init_office(
        folder, name="示例市示范局", kind=OrganKind.PREFECTURE_CITY, now=datetime(2026, 1, 10)
    )
    return folder


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(ConfigurationInvalid) as caught:
        read_office(folder)
    faults = caught.value.params["faults"]
    assert isinstance(faults, tuple)
    return [str(fault) for fault in faults]


def sheet(file: Path, *rows: Sequence[object]) -> None:
    book = Workbook()
    page = book.worksheets[0]
    for row in rows:
        page.append(list(row))
    book.save(file)


# ── catalogue ────────────────────────────────────────────────────────────────────────────────


def test_an_office_without_tables_keeps_none(folder: Path) -> None:
    authority = read_office(folder).authority
    assert (authority.catalogue, authority.lists, authority.holidays) == (None, (), ())


def test_toml_and_sheet_say_the_same(folder: Path, tmp_path: Path) -> None:
    (folder / "catalogue.toml").write_text(
        "schema = 1\n"
        + ITEM
        + 'longest = "10年"\nscope = "局领导"\nfrom = 2024-01-01\nuntil = 2026-12-31\n'
        + 'mark = "秘密★5年"\n'
        + ITEM.replace("第一条", "第二条").replace('"机密", "秘密"', '"绝密"')
        + 'stated = "长期"\nmark = "秘密★5年"\n'
        + ITEM.replace("示例范围", "另一范围")
        + 'stated = "解密条件：会议开始前"\n',
        encoding="utf-8",
    )
    written = read_office(folder).authority.catalogue
    (folder / "catalogue.toml").unlink()
    sheet(
        folder / "catalogue.xlsx",
        HEAD,
        ["示例范围", "第一条", "机密、秘密", "10年", None, "局领导", datetime(2024, 1, 1)]
        + ["2026-12-31", "秘密★5年"],
        [None] * 9,
        ["示例范围", " 第二条 ", "绝密", None, "长期", "", None, None, "秘密★5年"],
        ["另一范围", "第一条", "机密，秘密", None, "解密条件：会议开始前", None, None, None, None],
    )
    assert read_office(folder).authority.catalogue == written
    assert written is not None
    assert written.items[0].longest == ForYears(10)
    assert written.items[1].stated == LongTerm()
    assert written.items[2].stated == UntilCondition("会议开始前")
    assert written.item("示例范围", "第一条", date(2026, 12, 31)) == written.items[0]
    assert written.item("示例范围", "第一条", date(2027, 1, 1)) is None


def test_all_faults_of_a_catalogue_are_told_at_once(folder: Path) -> None:
    (folder / "catalogue.toml").write_text(
        "schema = 1\n"
        + ITEM
        + 'longest = "十来年"\nmark = "秘密*5年"\nfrom = 2026-01-02\nuntil = 2026-01-01\n'
        + ITEM.replace("第一条", "第二条").replace('["机密", "秘密"]', "[]")
        + 'longest = "10年"\nstated = "5年"\nlevel = "机密"\n'
        + ITEM.replace("第一条", "第二条")
        + 'mark = "秘密★5年"\n',
        encoding="utf-8",
    )
    period = "a period such as 10年, 6个月, 2030年3月15日, 长期, 解密条件：… is expected"
    assert faults_of(folder) == [
        f"catalogue.toml: item[1].longest: {period}",
        "catalogue.toml: item[1].until: a day not before from is expected",
        "catalogue.toml: item[1].mark: a mark such as 秘密★5年 is expected",
        "catalogue.toml: item[2].levels: at least one level is expected",
        "catalogue.toml: item[2].stated: one of longest、stated is expected",
        "catalogue.toml: item[3].from: 第二条 stands twice for the same days",
        "catalogue.toml: item[3].mark: one catalogue has one mark; here are two",
        "catalogue.toml: item[2].level: there is no such key; did you mean levels?",
    ]


def test_faults_of_a_sheet_name_the_cell(folder: Path) -> None:
    sheet(
        folder / "catalogue.xlsx",
        HEAD,
        ["示例范围", "第一条", "绝秘", "10年", None, None, "昨天", None, None],
        ["示例范围", None, "机密", "10", None, None, None, None, None],
    )
    period = "a period such as 10年, 6个月, 2030年3月15日, 长期, 解密条件：… is expected"
    assert faults_of(folder) == [
        "catalogue.xlsx: C2（密级）[1]: one of 秘密、机密、绝密 is expected",
        "catalogue.xlsx: C2（密级）: at least one level is expected",
        "catalogue.xlsx: G2（起）: a date such as 2026-01-10 is expected, without quotation marks",
        f"catalogue.xlsx: D3（最长期限）: {period}",
        "catalogue.xlsx: B3（条款）: this key is missing",
    ]


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([], "the sheet is empty"),
        ([HEAD], "the sheet has no line below its heading"),
        ([[*HEAD, "密集"]], "J1: there is no such column; known are " + "、".join(HEAD)),
        ([[*HEAD, "密级"]], "J1: this column stands twice"),
        (
            [HEAD, ["示例范围", "=A2", "机密"]],
            "B2: a value is expected; a formula stands here",
        ),
        (
            [HEAD, ["示例范围", "第一条", "机密", *[None] * 6, "不要丢"]],
            "J2: something stands here, but the column has no heading",
        ),
    ],
)
def test_a_sheet_that_is_not_as_it_should_be(
    folder: Path, rows: list[list[str]], fault: str
) -> None:
    sheet(folder / "catalogue.xlsx", *rows)
    assert faults_of(folder) == [f"catalogue.xlsx: {fault}"]


def test_what_is_no_sheet_or_too_large_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "catalogue.xlsx").write_bytes(b"no sheet")
    (folder / "matters.xlsx").write_bytes(b"")
    told = "the sheet cannot be read: it is"
    assert faults_of(folder) == [
        f"catalogue.xlsx: {told} damaged or cut off (its zip directory cannot be read)",
        f"matters.xlsx: {told} empty (0 bytes)",
    ]
    (folder / "matters.xlsx").unlink()
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    sheet(folder / "catalogue.xlsx", HEAD, *[["示例范围", "第一条", "机密"]] * 3)
    assert faults_of(folder) == ["catalogue.xlsx: at most 2 entries are expected"]


def test_a_sheet_that_unpacks_to_a_flood_costs_no_more_than_its_limit(folder: Path) -> None:
    file = folder / "catalogue.xlsx"
    sheet(file, HEAD, ["示例范围", "第一条", "机密"])
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", bytes(40 << 20))
    (fault,) = faults_of(folder)
    assert fault == "catalogue.xlsx: the sheet is larger than 32 MiB"


def test_what_is_hidden_or_merged_in_a_sheet_is_told(folder: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    for row in (HEAD, ["示例范围", "第一条", "机密"], ["示例范围", "第二条", "机密"]):
        page.append(row)
    page.row_dimensions[3].hidden = True
    page.column_dimensions["D"].hidden = True
    page.merge_cells("E2:F2")
    book.save(folder / "catalogue.xlsx")
    assert faults_of(folder) == [
        "catalogue.xlsx: E2:F2: merged cells: split them, and fill in each",
        "catalogue.xlsx: D: these columns are hidden: show them",
        "catalogue.xlsx: 3: this row is hidden: show it, or delete it",
    ]


def test_a_table_is_kept_once(folder: Path) -> None:
    (folder / "catalogue.toml").write_text("schema = 1\n" + ITEM, encoding="utf-8")
    sheet(folder / "catalogue.xlsx", HEAD, ["示例范围", "第一条", "机密"])
    assert faults_of(folder) == ["catalogue.xlsx: keep this file or catalogue.toml, not both"]


def test_faults_of_all_files_are_told_together(folder: Path) -> None:
    (folder / "authority.toml").write_text("schema = 2\n", encoding="utf-8")
    (folder / "catalogue.toml").write_text("schema = 1\n", encoding="utf-8")
    (folder / "holidays.toml").write_text("schema =", encoding="utf-8")
    places = [fault.partition(":")[0] for fault in faults_of(folder)]
    assert places == ["authority.toml", "catalogue.toml", "holidays.toml"]


# ── 一览表 ───────────────────────────────────────────────────────────────────────────────────


def test_a_list_is_the_same_in_toml_and_in_a_sheet(folder: Path) -> None:
    (folder / "matters.toml").write_text(
        "schema = 1\n[[list]]\n"
        'title = "示例一览表"\napproved = 2025-06-01\napproved_by = "张示范"\n'
        'filed = 2025-06-10\nfiled_with = "示例市保密局"\n'
        + MATTER
        + MATTER.replace("方案", "总结")
        + '[[list]]\ntitle = "示例一览表"\napproved = 2026-06-01\n'
        + MATTER,
        encoding="utf-8",
    )
    written = read_office(folder).authority.lists
    (folder / "matters.toml").unlink()
    first = ["示例一览表", datetime(2025, 6, 1), "张示范", datetime(2025, 6, 10), "示例市保密局"]
    rest = ["机密", "10年", "示例科", "局领导", "纸质", "示例范围", "第一条"]
    sheet(
        folder / "matters.xlsx",
        LIST_HEAD,
        [*first, None, "示例演练方案", *rest],
        [*first, None, "示例演练总结", *rest],
        ["示例一览表", date(2026, 6, 1), None, None, None, None, "示例演练方案", *rest],
    )
    assert read_office(folder).authority.lists == written
    assert [len(listed.matters) for listed in written] == [2, 1]
    assert written[1].filed is None


def test_faults_of_lists(folder: Path) -> None:
    one = '[[list]]\ntitle = "示例一览表"\napproved = 2025-06-01\n'
    (folder / "matters.toml").write_text(
        "schema = 1\n" + one + MATTER + MATTER + one + MATTER.replace('period = "10年"\n', ""),
        encoding="utf-8",
    )
    assert faults_of(folder) == [
        "matters.toml: list[1].matter[2].content: this matter stands twice in the list",
        "matters.toml: list[2].matter[1].period: this key is missing",
        "matters.toml: list[2].title: “示例一览表” is already known",
    ]


def test_a_matter_stands_once_in_a_sheet_too(folder: Path) -> None:
    rest = ["机密", "10年", "示例科", "局领导", "纸质", "示例范围", "第一条"]
    row = ["示例一览表", None, None, None, None, None, "示例演练方案", *rest]
    sheet(folder / "matters.xlsx", LIST_HEAD, row, row)
    assert faults_of(folder) == [
        "matters.xlsx: G3（事项内容）: this matter stands twice in the list"
    ]


# ── holidays ─────────────────────────────────────────────────────────────────────────────────

YEAR = """
[[year]]
year = 2027
notice = "示例通知"
certainty = "未核实"
workdays = ["2027-01-09"]
holiday = [{ name = "元旦", first = 2027-01-01, last = 2027-01-03 }]
"""


def test_an_office_keeps_years_of_its_own(folder: Path) -> None:
    (folder / "holidays.toml").write_text("schema = 1\n" + YEAR, encoding="utf-8")
    (year,) = read_office(folder).authority.holidays
    assert (year.year, len(year.holidays), year.citation) == (2027, 3, "示例通知（未核实）")
    assert year.workdays == {date(2027, 1, 9)}


def test_faults_of_holidays(folder: Path) -> None:
    wrong = YEAR.replace('"2027-01-09"', '"2027-01-08", "2026-01-04", "元旦"')
    wrong = wrong.replace("last = 2027-01-03", "last = 2026-12-31")
    (folder / "holidays.toml").write_text("schema = 1\n" + wrong + YEAR, encoding="utf-8")
    weekend = "a Saturday or Sunday of 2027 is expected"
    assert faults_of(folder) == [
        "holidays.toml: year[1].holiday[1].first: days of the year 2027, in order, are expected",
        *(f"holidays.toml: year[1].workdays[{n}]: {weekend}" for n in (1, 2, 3)),
        "holidays.toml: year[2].year: this year stands twice in the file",
    ]


# ── relations in authority.toml ──────────────────────────────────────────────────────────────


def test_superiors_and_departments_are_organs_of_the_table(folder: Path) -> None:
    (folder / "authority.toml").write_text(
        'schema = 1\n[own]\nsuperior = "示例市示范局"\ncompetent = ["示例厅", "查无此厅"]\n'
        '[[organ]]\nname = "示例厅"\nkind = "省级"\nsuperior = "查无此部"\n',
        encoding="utf-8",
    )
    assert faults_of(folder) == [
        "authority.toml: own.superior: an organ is not its own superior",
        "authority.toml: own.competent[2]: no [[organ]] has the name “查无此厅”",
        "authority.toml: organ[1].superior: no [[organ]] has the name “查无此部”",
    ]


def test_an_item_is_named_exactly(folder: Path) -> None:
    item = CatalogueItem("示例范围", "第一条", frozenset({HIGH}))
    assert item.is_named("示例 范围", "第一条　")
    assert not item.is_named("示例范围规定", "第一条")
    assert not item.is_named("示例范围", "第一条第一项")
