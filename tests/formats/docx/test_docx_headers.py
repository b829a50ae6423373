"""Marks on all pages but the first go through headers, and what those showed still shows."""

from __future__ import annotations

from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx_drafts import FACES, job, letter, parts, saved, sections, table_first
from lxml import etree

from dingmi_mark.engine.shapes import Block, Box, Picture
from dingmi_mark.formats.docx import DocxHandler

HANDLER = DocxHandler()
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
}


def marked(tmp_path: Path, draft: Path) -> Document:
    target = tmp_path / "out.docx"
    HANDLER.mark(draft, target, job(first=()), FACES)
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(draft).content_digest
    return docx.Document(str(target))


def has_mark(header: docx.section._Header) -> bool:
    names = header._element.xpath("//wp:docPr/@name")
    return "dingmi:mark" in names


def test_page_one_keeps_header_and_footer_without_the_mark(tmp_path: Path) -> None:
    section = marked(tmp_path, saved(tmp_path / "d.docx", letter)).sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == "默认页眉"
    assert section.first_page_footer.paragraphs[0].text == "默认页脚"
    assert (has_mark(section.header), has_mark(section.first_page_header)) == (True, False)


def test_a_title_page_of_a_later_section_bears_the_mark(tmp_path: Path) -> None:
    found = marked(tmp_path, saved(tmp_path / "d.docx", sections)).sections
    assert found[1].first_page_header.paragraphs[0].text == "二节首页页眉"
    assert has_mark(found[1].first_page_header)
    assert found[2].first_page_header.is_linked_to_previous
    assert not has_mark(found[0].first_page_header)


def test_a_later_title_page_that_took_over_page_ones_header_gets_a_copy(tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        first = document.sections[0]
        first.different_first_page_header_footer = True
        first.first_page_header.paragraphs[0].text = "首页页眉"
        document.add_paragraph("一")
        document.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = True
        document.add_paragraph("二")

    found = marked(tmp_path, saved(tmp_path / "d.docx", fill)).sections
    assert [section.first_page_header.paragraphs[0].text for section in found] == ["首页页眉"] * 2
    assert [has_mark(section.first_page_header) for section in found] == [False, True]


def test_an_unused_first_header_stays_for_the_section_that_took_it_over(tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        first = document.sections[0]
        first.header.paragraphs[0].text = "默认页眉"
        first.first_page_header.paragraphs[0].text = "备用页眉"
        document.add_paragraph("一")
        document.add_section(WD_SECTION.NEW_PAGE).different_first_page_header_footer = True
        document.add_paragraph("二")

    found = marked(tmp_path, saved(tmp_path / "d.docx", fill)).sections
    assert found[0].first_page_header.paragraphs[0].text == "默认页眉"
    assert found[1].first_page_header.paragraphs[0].text == "备用页眉"
    assert [has_mark(section.first_page_header) for section in found] == [False, True]


def test_even_pages_bear_the_mark_where_they_have_headers_of_their_own(tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        document.sections[0].header.paragraphs[0].text = "奇"
        document.sections[0].even_page_header.paragraphs[0].text = "偶"

    section = marked(tmp_path, saved(tmp_path / "d.docx", fill)).sections[0]
    assert (section.even_page_header.paragraphs[0].text, has_mark(section.even_page_header)) == (
        "偶",
        True,
    )
    assert section.first_page_header.paragraphs[0].text == "奇"


def test_a_document_that_begins_with_an_even_page_keeps_the_even_header(tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        document.settings.odd_and_even_pages_header_footer = True
        document.sections[0].header.paragraphs[0].text = "奇"
        document.sections[0].even_page_header.paragraphs[0].text = "偶"
        number = OxmlElement("w:pgNumType")
        number.set(qn("w:start"), "2")
        document.sections[0]._sectPr.append(number)

    section = marked(tmp_path, saved(tmp_path / "d.docx", fill)).sections[0]
    assert section.first_page_header.paragraphs[0].text == "偶"


def test_sections_without_headers_share_one_new_header(tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        document.add_paragraph("一")
        document.add_section(WD_SECTION.NEW_PAGE)
        document.add_paragraph("二")

    found = marked(tmp_path, saved(tmp_path / "d.docx", fill)).sections
    assert has_mark(found[0].header)
    assert found[1].header.is_linked_to_previous
    assert [name for name in parts(tmp_path / "out.docx") if "word/header" in name] == [
        "word/header1.xml"
    ]


def test_a_picture_in_a_copied_header_is_still_there(tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "logo.png"
    Image.new("RGB", (30, 10), "blue").save(picture)

    def fill(document: Document) -> None:
        run = document.sections[0].header.paragraphs[0].add_run()
        run.add_picture(str(picture))

    section = marked(tmp_path, saved(tmp_path / "d.docx", fill)).sections[0]
    for header in (section.header, section.first_page_header):
        (relationship,) = header._element.xpath(".//a:blip/@r:embed")
        assert header.part.related_parts[relationship].blob == picture.read_bytes()


def test_pictures_of_repeated_marks_belong_to_the_header(tmp_path: Path) -> None:
    from PIL import Image

    picture, target = tmp_path / "sign.png", tmp_path / "out.docx"
    Image.new("RGB", (30, 10), "red").save(picture)
    box = Box(150, 20, 20, 10)
    block = Block("stamp", box, (Picture(box, picture.read_bytes()),))
    draft = saved(tmp_path / "d.docx", letter)
    HANDLER.mark(draft, target, job(first=(), others=(block,)), FACES)
    header = docx.Document(str(target)).sections[0].header
    (relationship,) = header._element.xpath(".//a:blip/@r:embed")
    assert header.part.related_parts[relationship].blob == picture.read_bytes()
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(draft).content_digest


def test_the_new_header_pushes_no_section_that_takes_it_over(tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        document.add_paragraph("一")
        for number in (2, 3):
            section = document.add_section(WD_SECTION.NEW_PAGE)
            section.top_margin = Mm(20)
            section.header_distance = Mm(30 if number == 2 else 10)
            document.add_paragraph("末")

    found = marked(tmp_path, saved(tmp_path / "d.docx", fill)).sections
    assert found[1].header.is_linked_to_previous and has_mark(found[1].header)
    assert [round(section.header_distance.mm) for section in found[1:]] == [0, 10]


def test_what_holds_marks_is_no_numbered_line(tmp_path: Path) -> None:
    target = tmp_path / "out.docx"
    HANDLER.mark(saved(tmp_path / "d.docx", table_first), target, job(), FACES)
    for name in ("word/document.xml", "word/header1.xml"):
        root = etree.fromstring(parts(target)[name])
        named = "//w:p[.//wp:docPr[@name='dingmi:mark']][not(ancestor::w:p)]"
        (holder,) = root.xpath(named, namespaces=SPACES)
        assert holder.find(f"{qn('w:pPr')}/{qn('w:suppressLineNumbers')}") is not None
