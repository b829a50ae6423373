"""A unit's own form with named cells is filled and read back in place of ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dingmi_mark.domain import approval as a
from dingmi_mark.errors import FormFaulty
from dingmi_mark.forms.filled import Filled, filled_from
from dingmi_mark.forms.own_form import fill_own
from dingmi_mark.forms.reading import read_record_form
from dingmi_mark.pipeline.printing import made_form
from forms_kit import FORM, faults_of, saved_again, typed
from office_kit import new_room
from record_kit import record, with_draft

ROWS = (
    ("编　号", "{{审批编号}}", "单　位", "{{定密机关、单位}}"),
    ("类　型", "{{定密类型}}", "题　名", "{{标题}}"),
    ("密　级", "{{拟办密级}}", "期　限", "{{拟办保密期限}}"),
    ("范围", "条款", "说明", "备注"),
    ("{{定密依据.保密事项范围名称}}", "{{定密依据.条款、目录项}}", "", ""),
    ("经办", "{{承办人姓名}}", "签批", "{{定密责任人姓名}}"),
)


def own(path: Path, rows: tuple[tuple[str, ...], ...] = ROWS, outside: str = "") -> Path:
    from docx import Document

    document = Document()
    document.add_paragraph("示例市示范局定密审批单")
    if outside:
        document.add_paragraph(outside)
    table = document.add_table(rows=len(rows), cols=4)
    for number, texts in enumerate(rows):
        for cell, text in zip(table.rows[number].cells, texts, strict=True):
            cell.text = text
    path.parent.mkdir(exist_ok=True)
    document.save(str(path))
    return path


def wrong(path: Path) -> list[str]:
    with pytest.raises(FormFaulty) as caught:
        fill_own(path, FORM, Filled({}))
    return faults_of(caught)


def test_it_is_filled_and_read_back_also_after_libreoffice(tmp_path: Path) -> None:
    whole = record()
    made = fill_own(own(tmp_path / "f.docx"), FORM, filled_from(whole))
    file = tmp_path / "filled.docx"
    file.write_bytes(made.content)
    assert "审批决定" in made.left_out and "审批编号" not in made.left_out
    for path in (file, saved_again(file, "odt", "docx")):
        after = read_record_form(path, FORM)
        assert (after.number, after.organ) == (whole.number, whole.organ)
        assert after.proposal.secrecy.marking == whole.proposal.secrecy.marking
        assert after.classification == whole.classification
        assert after.officer is not None and after.officer.name == "张示范"


def test_a_blank_one_is_filled_in_by_people(tmp_path: Path) -> None:
    made = fill_own(own(tmp_path / "f.docx"), FORM, Filled({}))
    file = tmp_path / "blank.docx"
    file.write_bytes(made.content)
    values = {"编　号": "1", "单　位": "示例市示范局", "类　型": "原始定密"}
    typed(file, **values, **{"密　级": "机密", "期　限": "6个月"})
    assert read_record_form(file, FORM).proposal.secrecy.marking.text == "机密★6个月"


def test_the_office_uses_its_own(tmp_path: Path) -> None:
    office = new_room(tmp_path).office
    own(office.forms / "approval.docx")
    assert made_form(FORM, filled_from(record()), office).left_out
    assert not made_form(FORM, filled_from(record()), None).left_out


def test_unknown_and_missing_fields_are_said(tmp_path: Path) -> None:
    rows = (("甲", "{{密极}}", "乙", "{{审批编号}}"), ("丙", "（签）{{承办人姓名}}", "", ""))
    found = wrong(own(tmp_path / "f.docx", rows, "{{标题}}"))
    assert any(fault.startswith("{{密极}}: there is no field “密极”") for fault in found)
    assert "{{承办人姓名}}: it shares its cell with other text; give it its own cell" in found
    assert "{{标题}}: this field stands in no cell of a table: give it one" in found
    assert "拟办密级: the form has no cell for this field" in found
    assert "审批编号: the form has no cell for this field" not in found


def test_an_own_form_that_was_never_filled_is_no_record(tmp_path: Path) -> None:
    with pytest.raises(FormFaulty, match="this placeholder was not filled"):
        read_record_form(own(tmp_path / "f.docx"), FORM)


def test_what_was_filled_in_may_look_like_a_placeholder(tmp_path: Path) -> None:
    original = record()
    bases = (a.Basis("{{}}", "第一项"), a.Basis("{{标题}}", "{{密极}}"))
    whole = replace(original, classification=a.Original(bases))
    whole = with_draft(whole, title="关于{{}}的通知")
    file = tmp_path / "filled.docx"
    file.write_bytes(fill_own(own(tmp_path / "f.docx"), FORM, filled_from(whole)).content)
    for path in (file, saved_again(file, "odt", "docx")):
        after = read_record_form(path, FORM)
        assert after.draft.title == whole.draft.title
        assert after.classification == whole.classification


def test_a_placeholder_that_a_filled_form_still_shows_is_said(tmp_path: Path) -> None:
    from docx import Document

    file = tmp_path / "filled.docx"
    made = fill_own(own(tmp_path / "f.docx"), FORM, Filled({}))
    file.write_bytes(made.content)
    document = Document(str(file))
    document.add_paragraph("经办人：{{承办人姓名}}")
    document.save(str(file))
    typed(file, **{"题　名": "{{标题}}"})
    with pytest.raises(FormFaulty) as caught:
        read_record_form(file, FORM)
    found = faults_of(caught)
    assert [one.partition(":")[0] for one in found] == ["标题", "承办人姓名"]
