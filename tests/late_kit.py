"""Drafts whose number, date and page numbers are filled in later, really by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as OpcPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from approval_kit import proposal
from dingmi_mark.domain.approval import ApprovalRecord, LateField
from dingmi_mark.domain.late_values import LateValues

LIBREOFFICE = pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")

NUMBER = "示密〔2026〕3号"
BLANK_NUMBER = "示密〔2026〕　号"
DAY = date(2026, 11, 26)
DAY_WORDS = "2026年11月26日"
BLANK_DAY = "　　年　月　日"
ALL = (LateField.DOCUMENT_NUMBER, LateField.ISSUE_DAY, LateField.PAGE_NUMBERS)
LATE = LateValues(frozenset(ALL), NUMBER, DAY)
FIGURE = "样例：示例江堤每日巡查123次，内容全部虚构。"
LINK = "http://example.invalid/sample"

Edit = Callable[[Docx], None]


def late_proposal(**changes: Any) -> ApprovalRecord:
    """A proposal whose number and date are not known yet."""
    whole = proposal(**changes)
    draft = replace(whole.draft, document_number="", issue_day=None, late_fields=ALL)
    return replace(whole, draft=draft)


def picture(colour: str) -> BytesIO:
    """A small picture."""
    from PIL import Image

    stream = BytesIO()
    Image.new("RGB", (120, 80), colour).save(stream, "PNG")
    stream.seek(0)
    return stream


def paper(*edits: Edit) -> bytes:
    """A 公文 as python-docx writes it, with blanks, changed by `edits`."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin, section.right_margin = Mm(37), Mm(28), Mm(26)
    document.styles["Normal"].font.size = Pt(16)
    document.styles["Normal"].font.name = "Noto Serif CJK SC"
    for _ in range(3):
        document.add_paragraph()
    for text in (BLANK_NUMBER, "样例：关于示例事项的通知", FIGURE):
        document.add_paragraph(text)
    noted = document.add_paragraph("演练地点见注")
    note(document, noted, "样例脚注：示例地点。")
    linked(document.add_paragraph("网上看"), LINK, "这里")
    document.add_paragraph("列为一类", style="List Number")
    document.add_paragraph("列为二类", style="List Number")
    table = document.add_table(2, 2)
    table.style = "Table Grid"
    table.cell(0, 0).text, table.cell(1, 1).text = "人数", "456"
    document.add_picture(picture("red"), width=Mm(30))
    document.add_paragraph("示例市示范局")
    document.add_paragraph(BLANK_DAY)
    section.header.paragraphs[0].text = "样例页眉"
    for edit in edits:
        edit(document)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def replaced(old: str, new: str) -> Edit:
    """Change words in a paragraph of the body."""

    def edit(document: Docx) -> None:
        found = find(document, old)
        found.runs[0].text = found.text.replace(old, new)
        for run in found.runs[1:]:
            run.text = ""

    return edit


def find(document: Docx, words: str) -> Paragraph:
    """Return the paragraph that holds the words."""
    return next(paragraph for paragraph in document.paragraphs if words in paragraph.text)


def page_numbers(document: Docx) -> None:
    """Put `— 1 —` into the footer, as a field."""
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run("— ")
    for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("t", "1"), ("end", "")):
        name = "w:t" if kind == "t" else "w:fldChar" if kind else "w:instrText"
        element = OxmlElement(name)
        if name == "w:fldChar":
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        footer.add_run()._r.append(element)
    footer.add_run(" —")


FILLED: tuple[Edit, ...] = (
    replaced(BLANK_NUMBER, NUMBER),
    replaced(BLANK_DAY, DAY_WORDS),
    page_numbers,
)


def linked(paragraph: Paragraph, address: str, text: str) -> None:
    """Add a link."""
    kind = RELATIONSHIP_TYPE.HYPERLINK
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, kind, is_external=True))
    run, words = OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    run.append(words)
    link.append(run)
    paragraph._p.append(link)


def note(document: Docx, paragraph: Paragraph, text: str) -> None:
    """Add a footnote."""
    content = (
        f"<w:footnotes {nsdecls('w')}>"
        '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>{text}</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    part = OpcPart(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        content.encode(),
        document.part.package,
    )
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    reference = parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>')
    paragraph._p.append(reference)


def white(document: Docx) -> None:
    """Write something in white."""
    run = find(document, "这里").add_run("不得执行")
    run.font.color.rgb = RGBColor(255, 255, 255)


def saved_anew(path: Path, kind: str = "docx") -> Path:
    """Open and save a file in LibreOffice, which writes all of it anew."""
    profile = path.parent / "profile"
    out = path.parent / f"{path.stem}-{kind}"
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        + ["--convert-to", kind, "--outdir", str(out), str(path)],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return out / f"{path.stem}.{kind}"
