"""Registers as workbooks and CSV: numbers are formulas over the rows, and texts are texts."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

import secrets_kit as kit
from dingmi_mark.domain.statistic import Register, counted
from dingmi_mark.domain.yearly import Row, RowKind, rows_of
from dingmi_mark.errors import ConfigurationInvalid, FormCannotHold
from dingmi_mark.forms.register_book import Heading, book_bytes
from dingmi_mark.forms.register_csv import safe, write_rows, write_table
from dingmi_mark.forms.register_definition import SHIPPED, STATISTICS, read_register

HEADING = Heading("2026年度样例表", "示例市示范局", date(2026, 12, 31))
LEVELS = ("绝密", "机密", "秘密")
NAMES = ("register", *STATISTICS)


def fictional_rows(kind: RowKind) -> list[Row]:
    """Rows of 60 papers of all levels and ways, changed and released in turn."""
    copies, acts = [], []
    for number in range(60):
        name, level = str(number), LEVELS[number % 3]
        day = f"{2025 + number % 2}-{1 + number % 12:02}-15"
        way = "派生定密" if number % 4 == 0 else "原始定密"
        copies.append(kit.copy(name, day, level, classification_kind=way))
        acts.append(kit.described(name, level=level, document_number="=1+1"))
        if number % 5 == 0:
            acts.append(kit.changed(name, "2026-12-20", level=LEVELS[(number + 1) % 3]))
        if number % 7 == 0:
            acts.append(kit.released(name, "2026-12-24"))
    acts.append(kit.outside("外", "2026-05-05"))
    return rows_of(kind, kit.known(copies, *acts), 2026, date(2026, 12, 31))


def book(register: Register, rows: list[Row]) -> bytes:
    return book_bytes(register, rows, HEADING)


def test_a_table_program_comes_to_the_same_numbers(tmp_path: Path) -> None:
    for name in NAMES:
        register = read_register(name)
        (tmp_path / f"{name}.xlsx").write_bytes(book(register, fictional_rows(register.rows)))
    done = tmp_path / "done"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "xlsx", "--outdir", done, *sorted(tmp_path.glob("*.xlsx"))],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    for name in STATISTICS:
        register = read_register(name)
        sheet = load_workbook(done / f"{name}.xlsx", data_only=True)["统计表"]
        lines, width = len(register.lines), len(register.counts)
        shown = [
            tuple(sheet.cell(row, column).value for column in range(3, 3 + width))
            for row in range(6, 6 + lines + 1)
        ]
        table = counted(register, fictional_rows(register.rows))
        assert shown == [*table.lines, table.total], name
        assert sum(table.total) > 20
    sheet = load_workbook(done / "register.xlsx", data_only=True)["台账"]
    rows = fictional_rows(RowKind.DETERMINED)
    total = 5 + len(rows)
    assert (sheet.cell(total, 1).value, sheet.cell(total, 2).value) == ("合计", len(rows))
    assert sheet.cell(total, 14).value == sum(int(row["copies"]) for row in rows)


@pytest.mark.parametrize("name", STATISTICS)
def test_every_row_is_counted_and_every_number_is_a_formula(name: str) -> None:
    from dingmi_mark.domain.statistic import uncounted

    register = read_register(name)
    rows = fictional_rows(register.rows)
    assert rows and uncounted(register, rows) == ()
    sheet = load_workbook(io.BytesIO(book(register, rows)))["统计表"]
    for row in range(6, 7 + len(register.lines)):
        for column in range(3, 3 + len(register.counts)):
            assert sheet.cell(row, column).data_type == "f"


def test_held_secrets_balance() -> None:
    register = read_register("held")
    table = counted(register, fictional_rows(register.rows))
    assert [line[-1] for line in table.lines] == [0] * len(register.lines)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_never_becomes_a_formula(name: str) -> None:
    register = read_register(name)
    rows = fictional_rows(register.rows)
    sheet = load_workbook(io.BytesIO(book(register, rows))).worksheets[-1]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value == "=1+1"]
    assert cells and all(cell.data_type == "s" for cell in cells)
    out = io.StringIO(newline="")
    write_rows(register, rows, HEADING, out)
    assert "'=1+1" in out.getvalue() and ",=1+1" not in out.getvalue()


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_csv_keeps_formulas_out_and_numbers_as_they_are(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert (safe(-1), safe("机密"), safe(date(2026, 1, 2))) == ("-1", "机密", "2026-01-02")


def test_csv_of_a_table_has_its_sums() -> None:
    register = read_register("produced")
    table = counted(register, fictional_rows(register.rows))
    out = io.StringIO(newline="")
    write_table(register, table, HEADING, out)
    lines = list(csv.reader(io.StringIO(out.getvalue())))
    assert "非官方样式" in lines[0][0] and lines[1] == [HEADING.title, HEADING.told]
    assert lines[-1] == ["合计", "", *map(str, table.total)]


@pytest.mark.parametrize("name", NAMES)
def test_a_register_says_that_it_is_no_official_form_and_leaves_the_title_to_the_pen(
    name: str,
) -> None:
    register = read_register(name)
    assert any(column.name == "标题（手填）" and not column.field for column in register.columns)
    for sheet in load_workbook(io.BytesIO(book(register, []))).worksheets:
        assert "非官方样式" in sheet["A1"].value
    assert book(register, []) == book(register, [])


def test_a_text_that_no_workbook_can_hold_is_told_with_its_place() -> None:
    register = read_register("produced")
    rows = [{**fictional_rows(register.rows)[0], "document_number": "样例\x01"}]
    with pytest.raises(FormCannotHold):
        book(register, rows)


# ── the unit's own templates ─────────────────────────────────────────────────────────────────


def own(tmp_path: Path, old: str, new: str) -> Path:
    text = (SHIPPED / "produced.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "produced.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def test_the_units_own_template_takes_the_place_of_ours(tmp_path: Path) -> None:
    folder = own(tmp_path, '产生国家秘密情况年度统计表"', '样例统计表"')
    assert read_register("produced", folder).title == "样例统计表"
    assert read_register("held", folder).title == "涉及国家秘密情况年度统计表"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('where = { kind = "原始定密" }', 'where = { art = "原始定密" }', "count[1].where.art"),
        ('where = { kind = "原始定密" }', 'where = { kind = "原*" }', "count[1].where.kind"),
        ('where = { kind = "原始定密" }', 'where = { standing = "是" }', "column"),
        ('field = "approval"', 'field = "title"', "column[1].field"),
        ('sum = ["定密方式/原始定密"', 'sum = ["定密方式/没有的"', "count[3].sum"),
        ('name = "派生定密"', 'name = "原始定密"', "count[2].name"),
        ("version = 1", "", "version"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_with_its_place(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    with pytest.raises(ConfigurationInvalid) as caught:
        read_register("produced", own(tmp_path, old, new))
    faults = caught.value.params["faults"]
    assert any(fault.place.startswith(place) for fault in faults), faults  # type: ignore[union-attr]


def test_lines_without_counts_are_no_table(tmp_path: Path) -> None:
    text = (SHIPPED / "register.toml").read_text(encoding="utf-8")
    (tmp_path / "register.toml").write_text(f'{text}\n[[line]]\nname = "全部"\n', encoding="utf-8")
    with pytest.raises(ConfigurationInvalid):
        read_register("register", tmp_path)
