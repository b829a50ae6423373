"""Words of others are struck in the text itself, and set as they were when that is taken out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx.document import Document
from docx_drafts import FACES, edited, job, parts, saved, text_box_first
from lxml import etree

from dingmi_mark.formats.base import MarkBeside, MarkJob, StruckWords
from dingmi_mark.formats.docx import DocxHandler
from office_files_kit import converted, needs_soffice

HANDLER = DocxHandler()
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BESIDE = (MarkBeside("a:1", "秘密★5年", struck=True), MarkBeside("a:2", "解密"))
BODY = {
    "bare": "<w:p><w:r><w:t>机密★10年</w:t></w:r></w:p>",
    "with a look": "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:rPr><w:b/><w:smallCaps/>"
    '<w:color w:val="FF0000"/></w:rPr><w:t>机密</w:t></w:r><w:proofErr w:type="spellStart"/>'
    "<w:r><w:t>★10</w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>年</w:t></w:r></w:p>",
    "at the right": '<w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
    "<w:r><w:t>机密★10年</w:t></w:r></w:p>",
    "behind a break": '<w:p><w:r><w:br w:type="page"/></w:r><w:bookmarkStart w:id="4" '
    'w:name="样例"/><w:r><w:t>机密★10年</w:t></w:r><w:bookmarkEnd w:id="4"/></w:p>',
}


def _draft(folder: Path, body: str) -> Path:
    """A Word file whose second paragraph is raw."""

    def fill(document: Document) -> None:
        document.add_paragraph("样例：首页")
        document.add_paragraph("此处")

    marker = "<w:p><w:r><w:t>此处</w:t></w:r></w:p>".encode()
    change = {"word/document.xml": lambda xml: xml.replace(marker, body.encode(), 1)}
    return edited(saved(folder / "d.docx", fill), folder / "raw.docx", change)


def _job(line: int = 1) -> MarkJob:
    return replace(job(), struck=(StruckWords("a", "机密★10年", line, BESIDE),))


def _paragraphs(file: Path) -> list[str]:
    root = etree.fromstring(parts(file)["word/document.xml"])
    return [
        etree.canonicalize(etree.tostring(one, encoding="unicode")) for one in root.iter(f"{W}p")
    ]


def _struck(file: Path) -> list[str]:
    root = etree.fromstring(parts(file)["word/document.xml"])
    lines = (run for run in root.iter(f"{W}r") if run.find(f"{W}rPr/{W}strike") is not None)
    struck = (r for r in lines if r.find(f"{W}rPr/{W}strike").get(f"{W}val") not in ("0", "false"))
    return ["".join(map(str, run.itertext(f"{W}t"))) for run in struck]


@pytest.mark.parametrize("name", BODY)
def test_struck_words_come_back_as_they_were(tmp_path: Path, name: str) -> None:
    raw, marked, clean = _draft(tmp_path, BODY[name]), tmp_path / "m.docx", tmp_path / "c.docx"
    HANDLER.mark(raw, marked, _job(), FACES)
    row = ["机密★10年", "秘密★5年"]
    assert "".join(_struck(marked)) == "".join(row[::-1] if "right" in name else row)
    assert HANDLER.inspect(marked).content_digest == HANDLER.inspect(raw).content_digest
    HANDLER.clean(marked, clean)
    assert _paragraphs(clean) == _paragraphs(raw)


def test_same_file_same_bytes(tmp_path: Path) -> None:
    raw, one, two = _draft(tmp_path, BODY["bare"]), tmp_path / "1.docx", tmp_path / "2.docx"
    for target in (one, two):
        HANDLER.mark(raw, target, _job(), FACES)
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda xml: xml.replace("★10".encode(), "★20".encode()), id="rewritten"),
        pytest.param(lambda xml: xml.replace(b"<w:strike/>", b"", 1), id="line taken away"),
    ],
)
def test_what_somebody_changed_is_no_longer_ours(
    tmp_path: Path, edit: Callable[[bytes], bytes]
) -> None:
    raw = _draft(tmp_path, BODY["with a look"])
    marked, other, clean = (tmp_path / f"{name}.docx" for name in "moc")
    HANDLER.mark(raw, marked, _job(), FACES)
    edited(marked, other, {"word/document.xml": edit})
    assert HANDLER.inspect(other).drawn_digest != HANDLER.inspect(marked).drawn_digest
    HANDLER.clean(other, clean)
    assert _struck(clean), "nothing is taken out of what people wrote"


@needs_soffice
@pytest.mark.xdist_group("soffice")
def test_it_is_known_again_after_libreoffice_saved_it(tmp_path: Path) -> None:
    raw = _draft(tmp_path, BODY["with a look"])
    marked, again, clean = (tmp_path / f"{name}.docx" for name in "mac")
    HANDLER.mark(raw, marked, _job(), FACES)
    again.write_bytes(converted(marked.read_bytes(), ".docx", ".docx"))
    assert "".join(_struck(again)) == "机密★10年秘密★5年"
    assert HANDLER.inspect(again).content_digest == HANDLER.inspect(raw).content_digest
    HANDLER.clean(again, clean)
    assert not _struck(clean)


RUN = "<w:r><w:t>机密★10年</w:t></w:r>"
ODD = {
    "a field": f"<w:p><w:fldSimple w:instr='TITLE'>{RUN}</w:fldSimple></w:p>",
    "a tracked change": f"<w:p><w:ins w:id='9' w:author='样例'>{RUN}</w:ins></w:p>",
    "struck by its author": f"<w:p>{RUN.replace('<w:t>', '<w:rPr><w:strike/></w:rPr><w:t>')}</w:p>",
    "centred": f"<w:p><w:pPr><w:jc w:val='center'/></w:pPr>{RUN}</w:p>",
    "right to left": f"<w:p><w:pPr><w:bidi/></w:pPr>{RUN}</w:p>",
    "a tab": f"<w:p>{RUN}<w:r><w:tab/><w:t>样例</w:t></w:r></w:p>",
    "a line of several": f"<w:p>{RUN}<w:r><w:br/><w:t>样例</w:t></w:r></w:p>",
    "a link": f"<w:p><w:hyperlink w:anchor='样例'>{RUN}</w:hyperlink></w:p>",
}


@pytest.mark.parametrize("name", ODD)
def test_lines_that_cannot_be_struck_are_told_without_a_number(tmp_path: Path, name: str) -> None:
    lines = HANDLER.spoken_lines(_draft(tmp_path, ODD[name]))
    assert ("样例：首页", 0) in lines and ("机密★10年", None) in lines


def test_lines_of_text_boxes_are_told_once(tmp_path: Path) -> None:
    lines = HANDLER.spoken_lines(saved(tmp_path / "box.docx", text_box_first))
    assert [line for line in lines if line[0] == "文本框的字"] == [("文本框的字", None)]
