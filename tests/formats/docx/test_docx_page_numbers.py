"""Page numbers in headers and footers are made anew by every program, and are no content."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx_drafts import FACES, job, saved

from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.office_convert import find_soffice

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BEGIN, MIDDLE, END = (
    f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
)


def says(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def asks(instruction: str) -> str:
    return f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"


def field(shown: str, instruction: str = " PAGE ") -> str:
    return BEGIN + asks(instruction) + MIDDLE + shown + END


def simple(shown: str, instruction: str = "PAGE") -> str:
    return f'<w:fldSimple w:instr="{instruction}">{shown}</w:fldSimple>'


def boxed(inside: str) -> str:
    """A text box, as WPS puts page numbers into footers."""
    space = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    content = f"<w:txbxContent><w:p>{inside}</w:p></w:txbxContent>"
    box = f'<v:shape {space} style="width:60pt;height:20pt"><v:textbox>{content}</v:textbox>'
    return f"<w:r><w:pict>{box}</v:shape></w:pict></w:r>"


def digest(tmp_path: Path, runs: str, *, in_body: bool = False) -> str:
    def fill(document: Document) -> None:
        paragraph = document.add_paragraph("样例")
        if not in_body:
            paragraph = document.sections[0].footer.paragraphs[0]
        for run in parse_xml(f"<w:p {W}>{runs}</w:p>"):
            paragraph._p.append(run)

    return DocxHandler().inspect(saved(tmp_path / "draft.docx", fill)).content_digest


FORMS = {
    "complex": field,
    "simple": simple,
    "of the document": lambda shown: field(shown, "NUMPAGES \\* MERGEFORMAT"),
    "of the section": lambda shown: simple(shown, " sectionpages "),
    "in a box": lambda shown: boxed(field(shown)),
    "in a field": lambda shown: BEGIN + asks("IF 1 = 1 ") + field(shown) + MIDDLE + END,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", ["12", "－3－", "iv", "二十一", ""])
def test_a_page_number_is_no_content(form: str, number: str, tmp_path: Path) -> None:
    first, *rest = number or [""]
    runs = FORMS[form](says(first) + says("".join(rest)))
    assert digest(tmp_path, runs) == digest(tmp_path, FORMS[form](says("1")))


OTHERS = {
    "words in its place": field(says("本件作废")),
    "words beside it": says("第") + field(says("1")),
    "another field": field(says("1"), "PAGEREF mark"),
    "what only begins so": simple(says("1"), "PAGES"),
    "a condition": BEGIN + asks("IF 1 = 1 ") + field(says("1")) + MIDDLE + says("2") + END,
    "a simple one in a simple one": simple(simple(says("1")) + says("2")),
    "without an end": BEGIN + asks("PAGE") + MIDDLE + says("1"),
    "text behind": field(says("1")) + says("2"),
    "an end alone": END + says("1"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_more_than_a_page_number_counts(name: str, tmp_path: Path) -> None:
    assert digest(tmp_path, OTHERS[name]) != digest(tmp_path, field(says("1")))


def test_in_the_text_it_is_what_was_last_seen(tmp_path: Path) -> None:
    shown = [digest(tmp_path, field(says(number)), in_body=True) for number in "12"]
    assert shown[0] != shown[1]


@pytest.mark.skipif(find_soffice() is None, reason="needs libreoffice-writer-nogui")
@pytest.mark.xdist_group("soffice")
@pytest.mark.parametrize("runs", [field(says("1")), simple(says("1")), boxed(field(says("1")))])
def test_saved_anew_by_another_program_it_is_the_same_file(runs: str, tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        for number in range(3):
            document.add_paragraph(f"样例：第{number}页")
            document.add_page_break()
        for run in parse_xml(f"<w:p {W}>{runs}</w:p>"):
            document.sections[0].footer.paragraphs[0]._p.append(run)

    draft, marked = saved(tmp_path / "draft.docx", fill), tmp_path / "marked.docx"
    handler = DocxHandler()
    handler.mark(draft, marked, job(), FACES)
    before = handler.inspect(draft).content_digest
    assert handler.inspect(marked).content_digest == before
    for file in (draft, marked):
        command = [str(find_soffice()), f"-env:UserInstallation={(tmp_path / 'p').as_uri()}"]
        command += ["--headless", "--convert-to", "docx", "--outdir", str(tmp_path / "again")]
        subprocess.run([*command, str(file)], check=True, capture_output=True)
        assert handler.inspect(tmp_path / "again" / file.name).content_digest == before
