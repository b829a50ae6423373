"""Text from right to left is noticed in styles, however written, before a mark hangs in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from docx.document import Document
from docx_drafts import FACES, edited, job, parts, saved
from lxml import etree

from dingmi_mark.errors import DraftBroken
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.docx.package import Limits, opened
from dingmi_mark.formats.docx.styles import Styles, styles_that_matter
from dingmi_mark.formats.docx.zipcopy import Source, unpacked

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLE = (
    b'<w:style w:type="paragraph" w:styleId="RightToLeft"><w:name w:val="RightToLeft"/>'
    b"<w:pPr><w:bidi%s/></w:pPr></w:style></w:styles>"
)


def _first_text(path: Path) -> str:
    body = etree.fromstring(parts(path)["word/document.xml"])[0]
    return "".join(str(text) for text in body[0].itertext(f"{W}t"))


def _in_style(document: Document) -> None:
    document.add_paragraph("正文")


def _styled(content: bytes) -> bytes:
    return content.replace(b"<w:p>", b'<w:p><w:pPr><w:pStyle w:val="RightToLeft"/></w:pPr>', 1)


@pytest.mark.parametrize(
    ("said", "encoding", "apart"),
    [
        (b"", "utf-8", True),
        (b' w:val="1"', "utf-8", True),
        (b'\n\tw:val="1"', "utf-8", True),
        (b"></w:bidi><w:bidi", "utf-8", True),
        (b' w:val="0"', "utf-8", False),
        (b"", "utf-16", True),
    ],
)
def test_a_mark_hangs_apart_from_text_whose_style_runs_from_right_to_left(
    tmp_path: Path, said: bytes, encoding: str, apart: bool
) -> None:
    def with_style(content: bytes) -> bytes:
        written = content.replace(b"</w:styles>", _STYLE % said)
        if encoding == "utf-8":
            return written
        text = written.decode().partition("?>")[2]
        return f'<?xml version="1.0" encoding="UTF-16"?>{text}'.encode(encoding)

    plain = saved(tmp_path / "plain.docx", _in_style)
    edits = {"word/styles.xml": with_style, "word/document.xml": _styled}
    draft = edited(plain, tmp_path / "draft.docx", edits)
    target = tmp_path / "marked.docx"
    DocxHandler().mark(draft, target, job(others=()), FACES)
    assert ("正文" not in _first_text(target)) is apart


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_unpacked_as_the_usual_library_does(tmp_path: Path, compression: int) -> None:
    path = tmp_path / "members.zip"
    content = {"空.bin": b"", "a.xml": b"<a/>" * 5000, "b.bin": bytes(range(256))}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        found = {info.filename: unpacked(Source(stream), info) for info in archive.infolist()}
    assert found == content


@pytest.mark.parametrize("change", ["crc", "longer", "shorter", "name"])
def test_a_member_that_is_not_what_the_directory_says_is_refused(
    tmp_path: Path, change: str
) -> None:
    path = saved(tmp_path / "draft.docx", _in_style)
    with opened(path, Limits()) as package:
        member = package.archive.getinfo("word/settings.xml")
        match change:
            case "crc":
                member.CRC ^= 1
            case "longer":
                member.file_size -= 1
            case "shorter":
                member.file_size += 1
            case _:
                member.orig_filename = "word/settingz.xml"
        with pytest.raises(DraftBroken):
            package.read("word/settings.xml")


def test_languages_of_such_text_in_styles_are_no_direction(tmp_path: Path) -> None:
    plain = saved(tmp_path / "plain.docx", _in_style)
    language = b'<w:rPr><w:lang w:bidi="ar-SA"/></w:rPr></w:style></w:styles>'

    def with_language(content: bytes) -> bytes:
        return content.replace(b"</w:style></w:styles>", language)

    draft = edited(plain, tmp_path / "draft.docx", {"word/styles.xml": with_language})
    with opened(draft, Limits()) as package:
        assert package.read("word/styles.xml").endswith(language)
        assert styles_that_matter(package, "word/document.xml") == Styles()
