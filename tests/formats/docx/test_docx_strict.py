"""Word files in strict form (Strict Open XML) are marked, in the usual form, words untouched."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx_drafts import letter, parts, saved

from dingmi_mark.errors import DraftNotComparable, DraftSigned, DraftStrict, ExitCode
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.docx.names import twips
from dingmi_mark.formats.docx.package import Limits
from dingmi_mark.formats.docx.strict import is_strict, write_transitional
from dingmi_mark.formats.handlers import to_convert
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Status
from office_kit import approved, docx, new_room, only

WORDS = "样例：名称空间 http://purl.oclc.org/ooxml/wordprocessingml/main 只是文字"
_LOOSE = re.compile(rb"http://schemas\.openxmlformats\.org/(\w+)/2006/([\w/-]+)")


def strict(content: bytes) -> bytes:
    """Write a Word file in strict form, its page measured in points, as Word does."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml":
                data = _LOOSE.sub(_strict_name, data)
            if name == "word/document.xml":
                data = re.sub(rb'(<w:pgSz[^>]*w:w)="11906"', rb'\1="595.3pt"', data)
                data = re.sub(rb'(<w:pgSz[^>]*w:h)="16838"', rb'\1="841.9pt"', data)
                data = data.replace(b"<w:document ", b'<w:document w:conformance="strict" ', 1)
            archive.writestr(name, data)
    return target.getvalue()


def _strict_name(found: re.Match[bytes]) -> bytes:
    if found[1] == b"package":
        return found[0]
    rest = found[2].replace(b"extended-p", b"extendedP").replace(b"custom-p", b"customP")
    return b"http://purl.oclc.org/ooxml/%s/%s" % (found[1], rest)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = saved(tmp_path / "通知.docx", letter)
    path.write_bytes(strict(path.read_bytes()))
    return path


def relaxed(draft: Path, tmp_path: Path) -> Path:
    target = tmp_path / "usual.docx"
    write_transitional(draft, target, Limits())
    return target


def test_strict_files_are_known_by_their_relationships(draft: Path, tmp_path: Path) -> None:
    assert is_strict(draft) and to_convert(draft) is not None
    usual = saved(tmp_path / "usual.docx", letter)
    assert not is_strict(usual) and to_convert(usual) is None
    assert not is_strict(Path(__file__))


def test_written_in_the_usual_form_it_is_the_same_document(draft: Path, tmp_path: Path) -> None:
    usual = saved(tmp_path / "first.docx", letter)
    again = relaxed(draft, tmp_path)
    handler = DocxHandler()
    assert handler.inspect(again).content_digest == handler.inspect(usual).content_digest
    assert handler.inspect(again).pages == handler.inspect(usual).pages
    assert not [name for name, data in parts(again).items() if b"purl.oclc.org" in data]


def test_the_same_draft_gives_the_same_bytes(draft: Path, tmp_path: Path) -> None:
    first = relaxed(draft, tmp_path).read_bytes()
    (tmp_path / "usual.docx").unlink()
    assert relaxed(draft, tmp_path).read_bytes() == first


def test_words_that_look_like_a_name_stay(tmp_path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_paragraph(WORDS)
    stream = BytesIO()
    document.save(stream)
    path = tmp_path / "文.docx"
    path.write_bytes(strict(stream.getvalue()))
    assert WORDS.encode() in parts(relaxed(path, tmp_path))["word/document.xml"]


def test_parts_in_utf_16_are_refused(draft: Path, tmp_path: Path) -> None:
    content = parts(draft)
    text = content["word/document.xml"].decode().replace("UTF-8", "UTF-16")
    content["word/document.xml"] = text.encode("utf-16")
    with ZipFile(draft, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    with pytest.raises(DraftStrict):
        relaxed(draft, tmp_path)


def test_a_signed_one_is_refused(draft: Path, tmp_path: Path) -> None:
    with ZipFile(draft, "a") as archive:
        archive.writestr("_xmlsignatures/sig1.xml", "<x/>")
    with pytest.raises(DraftSigned):
        relaxed(draft, tmp_path)


def test_a_zip_that_reads_in_two_ways_is_refused(draft: Path, tmp_path: Path) -> None:
    draft.write_bytes(draft.read_bytes() + draft.read_bytes())
    with pytest.raises(DraftNotComparable):
        relaxed(draft, tmp_path)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12240", 12240),
        ("612pt", 12240),
        ("8.5in", 12240),
        ("21cm", 11906),
        ("210mm", 11906),
        ("51pc", 12240),
        ("51pi", 12240),
        ("wide", None),
        ("widept", None),
        ("1e999pt", None),
        (None, None),
    ],
)
def test_measures_of_word_with_and_without_a_unit(text: str | None, wanted: int | None) -> None:
    assert twips(text) == wanted


def test_a_strict_draft_goes_the_whole_way(tmp_path: Path) -> None:
    room = new_room(tmp_path)
    content = strict(docx())
    room.put("通知.docx", content, approved(content, "通知.docx", copies=1))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    told = "\n".join(map(str, verdict.remarks))
    assert "strict form" in told and "LibreOffice" not in told
    (copy,) = verdict.copies
    assert not is_strict(copy.path)
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert report.agrees, report
    assert "DOCX (Strict) to DOCX" in "\n".join(str(line.says) for line in report.lines)
    assert show_file(copy.path).facts["国家秘密标志"] == "机密★10年"


def test_an_unmarked_strict_copy_of_a_secret_is_known_again(tmp_path: Path) -> None:
    room = new_room(tmp_path)
    content = strict(docx())
    draft = room.put("通知.docx", content, approved(content, "通知.docx"))
    assert only(room.mark()).status is Status.MARKED
    copy = tmp_path / "别处.docx"
    copy.write_bytes(draft.read_bytes())
    (report,) = check_files([copy], room.office, on_report=lambda _: None)
    assert report.error is not None and report.error.code is ExitCode.CHECK_UNMARKED_SECRET
