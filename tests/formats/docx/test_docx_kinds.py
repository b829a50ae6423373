"""Word files with macros and Word templates are marked as documents are; macros stay."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx_drafts import FACES, edited, job, parts

from dingmi_mark.errors import DraftProtected
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.formats.docx import WORD_HANDLERS, DocxHandler
from dingmi_mark.formats.handlers import HANDLERS, handler_for
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Assurance, Status
from office_kit import approved, docx, new_room, only

MACROS = bytes(range(256)) * 40
DATA = b'<?xml version="1.0"?><wne:vbaSuppData xmlns:wne="urn:x"/>'
_MS = "http://schemas.microsoft.com/office/2006/relationships"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def of_kind(folder: Path, suffix: str) -> Path:
    """Write a draft as a file of this kind; those with macros have their two parts."""
    (handler,) = [one for one in WORD_HANDLERS if suffix in one.suffixes]
    types = b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    relation = f'<Relationship Id="rIdM" Type="{_MS}/vbaProject" Target="vbaProject.bin"/>'.encode()
    edits = {
        "[Content_Types].xml": lambda xml: xml.replace(_MAIN, handler.kind.encode()).replace(
            b"</Types>", types
        ),
    }
    if suffix.endswith("m"):
        edits |= {
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                b"</Relationships>", relation + b"</Relationships>"
            ),
            "word/vbaProject.bin": lambda _: MACROS,
            "word/vbaData.xml": lambda _: DATA,
        }
    plain = folder / "plain.docx"
    plain.write_bytes(docx())
    return edited(plain, folder / f"通知{suffix}", edits)


@pytest.mark.parametrize("suffix", [".docm", ".dotm"])
def test_macros_are_kept_byte_for_byte(tmp_path: Path, suffix: str) -> None:
    draft = of_kind(tmp_path, suffix)
    marked = tmp_path / f"marked{suffix}"
    handler_for(draft).mark(draft, marked, job(), FACES)
    before, after = parts(draft), parts(marked)
    for name in ("word/vbaProject.bin", "word/vbaData.xml"):
        assert after[name] == before[name]
        assert _packed(marked, name) == _packed(draft, name)
    assert b'Target="vbaProject.bin"' in after["word/_rels/document.xml.rels"]
    assert b"vnd.ms-office.vbaProject" in after["[Content_Types].xml"]
    assert handler_for(marked).inspect(marked).embedded is not None


def _packed(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        member = archive.getinfo(name)
        stream.seek(member.header_offset + 30 + len(name.encode()))
        return stream.read(member.compress_size)


@pytest.mark.parametrize("suffix", [".docm", ".dotx", ".dotm"])
def test_every_kind_goes_the_whole_way(tmp_path: Path, suffix: str) -> None:
    (tmp_path / "room").mkdir()
    room = new_room(tmp_path / "room")
    content = of_kind(tmp_path, suffix).read_bytes()
    room.put(f"通知{suffix}", content, approved(content, f"通知{suffix}"))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    (copy,) = verdict.copies
    assert copy.path.name == f"通知-000001{suffix}"
    rendered = find_soffice() is not None
    assert copy.assurance is (Assurance.RENDERED if rendered else Assurance.STRUCTURAL)
    is_template = suffix.startswith(".dot")
    assert any("template" in str(remark) for remark in verdict.remarks) is is_template
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert report.agrees, report


def test_the_type_may_be_declared_for_all_that_end_in_xml(tmp_path: Path) -> None:
    """As programs write it that make their files with Open XML SDK."""
    main = b'<Override PartName="/word/document.xml" ContentType="' + _MAIN + b'"/>'
    usual = b'<Default Extension="xml" ContentType="application/xml"/>'

    def declared(xml: bytes) -> bytes:
        assert main in xml and usual in xml
        return xml.replace(main, b"").replace(usual, usual.replace(b"application/xml", _MAIN))

    plain = tmp_path / "plain.docx"
    plain.write_bytes(docx())
    draft = edited(plain, tmp_path / "通知.docx", {"[Content_Types].xml": declared})
    content = draft.read_bytes()
    (tmp_path / "room").mkdir()
    room = new_room(tmp_path / "room")
    room.put("通知.docx", content, approved(content, "通知.docx"))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    (report,) = check_files([verdict.copies[0].path], room.office, on_report=lambda _: None)
    assert report.agrees, report


@pytest.mark.parametrize("suffix", [".docx", ".docm", ".dotx", ".dotm"])
def test_an_encrypted_file_is_told_to_be_one_under_every_name(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"通知{suffix}"
    name = "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + name)
    handler = handler_for(path)
    assert isinstance(handler, DocxHandler) and suffix in handler.suffixes
    with pytest.raises(DraftProtected):
        handler.inspect(path)


def test_what_is_said_to_be_supported_is() -> None:
    assert SUPPORTED.split(", ") == [handler.name for handler in HANDLERS]
