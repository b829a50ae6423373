"""Every field of the record is in the table and on the form: a new one that is not fails here."""

from __future__ import annotations

import tomllib
from pathlib import Path

from dingmi_mark.forms.fields import Kind, bookmark, plain_name, record_shape, same_name
from dingmi_mark.forms.filled import filled_from
from dingmi_mark.forms.places import names_of
from dingmi_mark.forms.table_reading import read_table
from dingmi_mark.forms.table_writing import HEADING_ROW, table_bytes
from dingmi_mark.store.approval_file import RecordFile
from dingmi_mark.store.approvals import approval_from_mapping, approval_schema
from forms_kit import FORM
from store.test_approvals import RECORD

SHAPE = record_shape()


def keys_of_the_schema() -> set[str]:
    """Every key of the record by its place, those of lists below the list's own."""
    schema = approval_schema()
    found: set[str] = set()

    def walk(part: dict[str, object], place: str) -> None:
        properties = part["properties"]
        assert isinstance(properties, dict)
        for key, value in properties.items():
            text = str(value)
            name = next((n for n in schema["$defs"] if f"/{n}'" in text), None)
            if name is None or name == "PeriodPart":
                found.add(place + key)
            else:
                walk(schema["$defs"][name], f"{place}{key}.")

    walk(schema, "")
    return found - {"schema"}


def test_no_field_of_the_record_is_left_out_of_the_shape() -> None:
    single = {one.place for one in SHAPE.fields}
    listed = {f"{rows.key}.{one.place}" for rows in SHAPE.rows for one in rows.fields}
    assert single | listed == keys_of_the_schema()
    tops = {field.alias or name for name, field in RecordFile.model_fields.items()}
    assert {place.split(".")[0] for place in single | listed} | {"schema"} == tops


def test_every_field_has_a_column_in_the_table(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = tmp_path / "t.xlsx"
    file.write_bytes(table_bytes([]))
    book = load_workbook(file)
    assert [cell.value for cell in book["审批记录"][HEADING_ROW]] == [f.name for f in SHAPE.fields]
    for rows in SHAPE.rows:
        headings = [cell.value for cell in book[rows.name][HEADING_ROW]]
        assert headings == ["审批编号", *(one.name for one in rows.fields)]


def test_every_field_has_a_cell_on_the_form_and_the_form_has_no_other() -> None:
    on_paper = {str(one) for one in names_of(FORM).values()}
    single = {one.name for one in SHAPE.fields}
    listed = {f"{rows.name}.{one.name}" for rows in SHAPE.rows for one in rows.fields}
    assert on_paper == single | listed


def test_names_can_be_told_apart_also_as_bookmarks() -> None:
    names = [bookmark(one.name) for one in SHAPE.fields]
    names += [bookmark(rows.name, one.name) for rows in SHAPE.rows for one in rows.fields]
    assert len({plain_name(name) for name in names}) == len(names)
    assert all(len(name) <= 40 and name[0].isalpha() for name in names)


def test_a_name_is_the_same_however_it_is_spaced_and_punctuated() -> None:
    assert same_name("定密机关、单位", "定密机关 单位：")
    assert not same_name("拟办日期", "审批日期")


def test_the_sample_record_of_the_page_fills_every_field() -> None:
    """So that the round trip of this one record leaves nothing untried."""
    filled = filled_from(approval_from_mapping(tomllib.loads(RECORD)))
    empty = {one.name for one in SHAPE.fields if filled.values.get(one.name) is None}
    assert empty <= {
        "审核人职务", "保密员职务", "保密员意见", "保密员日期", "核定期限是否按最长期限推定",
        "不明确事项不明确的理由", "不明确事项先行拟定之日", "不明确事项报请确定之日",
        "不明确事项有争议时各方主张的密级",
    }  # fmt: skip
    assert all(filled.rows[rows.name] for rows in SHAPE.rows)


def test_choices_have_drop_downs_with_their_words(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = tmp_path / "t.xlsx"
    file.write_bytes(table_bytes([]))
    sheet = load_workbook(file)["审批记录"]
    rules = {rule.formula1 for rule in sheet.data_validations.dataValidation}
    for one in SHAPE.fields:
        if one.kind is Kind.CHOICE:
            assert f'"{",".join(one.options)}"' in rules, one.name
    assert sheet.freeze_panes == "B3"


def test_an_empty_table_is_no_record_and_says_so(tmp_path: Path) -> None:
    import pytest

    from dingmi_mark.errors import FormFaulty

    file = tmp_path / "t.xlsx"
    file.write_bytes(table_bytes([]))
    with pytest.raises(FormFaulty, match="there is no record in the table"):
        read_table(file)
