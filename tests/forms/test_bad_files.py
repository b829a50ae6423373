"""Files that are no forms, or might do harm: each refused with its own words."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from dingmi_mark.errors import FileNotReadable, FormFaulty, FormTooLarge, FormUnreadable
from dingmi_mark.forms.records import read_records
from forms_kit import added_parts, changed_part, faults_of, repacked, typed, written
from record_kit import record

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENDINGS = [".docx", ".xlsx"]
MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}


@pytest.fixture(params=ENDINGS)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return written(tmp_path / f"f{request.param}", record())


@pytest.fixture
def form(tmp_path: Path) -> Path:
    return written(tmp_path / "f.docx", record())


def refused(path: Path, cause: str) -> None:
    with pytest.raises(FormUnreadable, match=cause):
        read_records(path)


def unclear(path: Path) -> list[str]:
    with pytest.raises(FormFaulty) as caught:
        read_records(path)
    return faults_of(caught)


def test_what_is_not_there_or_empty(tmp_path: Path) -> None:
    with pytest.raises(FileNotReadable, match="there is no such file"):
        read_records(tmp_path / "nowhere.xlsx")
    (tmp_path / "folder.docx").mkdir()
    with pytest.raises(FileNotReadable, match="it is a folder"):
        read_records(tmp_path / "folder.docx")
    (tmp_path / "e.docx").touch()
    refused(tmp_path / "e.docx", "it is empty")


def test_a_truncated_file(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])
    refused(file, "it is damaged or cut off")


def test_an_old_or_encrypted_file(file: Path) -> None:
    file.write_bytes(OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"))
    refused(file, "old format")
    file.write_bytes(OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    refused(file, "protected by a password")


def test_a_file_of_another_kind(file: Path) -> None:
    file.write_bytes(b"%PDF-1.7 " + b"x" * 100)
    refused(file, "another kind")
    other = ".xlsx" if file.suffix == ".docx" else ".docx"
    wrong = written(file.with_name(f"g{other}"), record())
    refused(wrong.rename(wrong.with_suffix(f"{file.suffix}")), "its name ends in")


def test_macros(file: Path) -> None:
    added_parts(file, **{"word/vbaProject.bin": b"macro"})
    refused(file, "it carries macros")
    refused(file.rename(file.with_suffix(f"{file.suffix[:-1]}m")), "it carries macros")


def test_entities_and_a_dtd(file: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    changed_part(
        file, lambda xml: re.sub(r"^(<\?xml.*?\?>)?", rf"\g<0>{bomb}", xml), MAIN_PART[file.suffix]
    )
    refused(file, "declares a DTD")


def test_a_bomb(file: Path) -> None:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/x.bin", b"\0" * (40 << 20))
    with pytest.raises(FormTooLarge):
        read_records(file)


def test_a_sheet_with_more_in_it_than_the_format_knows(tmp_path: Path) -> None:
    file = written(tmp_path / "t.xlsx", record())
    cells = '<c t="str"><v>x</v></c>' * 17_000
    changed_part(
        file,
        lambda xml: xml.replace("</sheetData>", f"<row>{cells}</row></sheetData>"),
        "xl/worksheets/sheet1.xml",
    )
    with pytest.raises(FormTooLarge) as caught:
        read_records(file)
    assert str(caught.value.params["limit"]) == "16384 entries"


def test_a_link_to_the_outside(file: Path) -> None:
    link = (
        '<Relationship Id="rX" TargetMode="External" Target="file:///x" Type="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    part = "_rels/.rels"
    changed_part(file, lambda xml: xml.replace("</Relationships>", link), part)
    refused(file, "linked to something outside")


def test_an_embedded_object(file: Path) -> None:
    folder = "word" if file.suffix == ".docx" else "xl"
    added_parts(file, **{f"{folder}/embeddings/oleObject1.bin": b"x"})
    refused(file, "embedded object")


def test_broken_xml(file: Path) -> None:
    changed_part(file, lambda xml: xml[: len(xml) // 2], MAIN_PART[file.suffix])
    with pytest.raises(FormUnreadable, match="damaged"):
        read_records(file)


def test_tracked_changes_and_comments(form: Path) -> None:
    run = "<w:r><w:t>乙</w:t></w:r>"
    change = f'<w:ins w:id="1" w:author="x">{run}</w:ins><w:commentRangeStart w:id="2"/></w:p>'
    changed_part(form, lambda xml: xml.replace("</w:p>", change, 1))
    found = unclear(form)
    assert "there are tracked changes: accept or reject all of them first" in found
    assert "there are comments: settle and delete them first" in found


def test_two_forms_in_one_file(form: Path) -> None:
    def twice(xml: str) -> str:
        start, end = xml.index("<w:body>") + 8, xml.index("<w:sectPr")
        return xml[:end] + xml[start:end] + xml[end:]

    changed_part(form, twice)
    assert "there are two forms in this file: one file is one form" in unclear(form)


def test_a_table_in_a_cell_a_text_box_and_hidden_text(form: Path) -> None:
    inner = "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p>"
    box = "<w:r><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:r></w:p>"
    hidden = "<w:rPr><w:vanish/></w:rPr><w:t"

    def change(xml: str) -> str:
        cell = xml.index("王样例")
        start = xml.rindex("<w:p>", 0, cell)
        xml = xml[:start] + inner + xml[start + len("<w:p>") :]
        xml = xml.replace("</w:p>", box, 1)
        place = xml.index("示密〔2026〕3号")
        start = xml.rindex("<w:t", 0, place)
        return (
            xml[:start].removesuffix("</w:rPr>") + hidden.replace("<w:rPr>", "") + xml[start + 4 :]
        )

    changed_part(form, change)
    found = " ".join(unclear(form))
    assert "holds another table" in found
    assert "there is a text box" in found
    assert "holds hidden text" in found


def test_a_form_of_another_version(form: Path) -> None:
    changed_part(form, lambda xml: xml.replace("表式版本 1", "表式版本 9"))
    assert "the form is of version 9; this program reads version 1" in unclear(form)


def test_merged_cells_in_a_list(form: Path) -> None:
    def change(xml: str) -> str:
        place = xml.index("示例领域保密事项范围")
        start = xml.rindex("<w:tcPr>", 0, place)
        return xml[:start] + '<w:tcPr><w:vMerge w:val="restart"/>' + xml[start + 8 :]

    changed_part(form, change)
    assert any("merged cells" in fault for fault in unclear(form))


def test_a_word_file_that_is_no_form(tmp_path: Path) -> None:
    from office_kit import docx

    file = tmp_path / "d.docx"
    file.write_bytes(docx())
    assert unclear(file) == ["this is no “国家秘密事项定密审核审批表”: its fields are not in it"]


def test_a_form_filled_in_badly_names_the_cells(form: Path) -> None:
    typed(form, 份数="两", 拟办意见="\n可以", 制发日="？")
    assert unclear(form) == [
        "份数: a whole number is expected",
        "制发日: a date such as 2026-01-10 is expected",
    ]


def test_what_is_written_beside_a_label_is_not_lost(form: Path) -> None:
    changed_part(form, lambda xml: xml.replace(">份数<", ">份数 三<"))
    assert unclear(form) == [
        "表1 第7行 第6格: “份数 三” belongs to no field: is it in the wrong cell?"
    ]


def test_a_harmless_file_is_not_refused(file: Path) -> None:
    with zipfile.ZipFile(file) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    assert read_records(repacked(file, parts))[0].record == record()
