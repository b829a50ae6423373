"""Drafts, jobs and faces for the Word tests; nothing here comes from real documents."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt

from dingmi_mark.engine.shapes import (
    BLACK,
    MM_PER_PT,
    Block,
    Box,
    Colour,
    Frame,
    Rule,
    Shape,
    TextRun,
)
from dingmi_mark.formats.base import (
    FIRST_PAGE,
    OTHER_PAGES,
    Carriers,
    MarkJob,
    PointMark,
)

RED = Colour(255, 0, 0)
ASCENT = 0.88
RECORD = ('{"密级":"机密","知悉范围":"' + "某局 领导、" * 200 + '"}').encode()
CARRIERS = Carriers("doc-1", "marking-1", "copy-1", RECORD, {"密级": "机密", "保密期限": "10年"})
Edit = Callable[[bytes], bytes]

_W = nsdecls("w")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EMU = 36_000
_TEXT_BOX = f"""<w:r {nsdecls("w", "wp", "a")}
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="0"
 locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="page"><wp:posOffset>{40 * _EMU}</wp:posOffset></wp:positionH>
<wp:positionV relativeFrom="page"><wp:posOffset>{80 * _EMU}</wp:posOffset></wp:positionV>
<wp:extent cx="{60 * _EMU}" cy="{12 * _EMU}"/><wp:wrapNone/><wp:docPr id="77" name="框"/>
<a:graphic><a:graphicData
 uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/>
<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{60 * _EMU}" cy="{12 * _EMU}"/></a:xfrm>
<a:prstGeom prst="rect"/></wps:spPr><wps:txbx><w:txbxContent><w:p><w:r><w:t>文本框的字</w:t></w:r>
</w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor>
</w:drawing></w:r>"""
"""A run with a floating text box of 60 by 12 mm."""


class NotoFaces:
    """Faces that LibreOffice has here, so that what is measured is not a substitute."""

    def advance_mm(self, text: str, face: str, size_pt: float) -> float:
        return len(text) * size_pt * MM_PER_PT

    def baseline(self, face: str) -> float:
        return ASCENT

    def file(self, face: str) -> Path:
        raise FileNotFoundError(face)

    def family(self, face: str) -> str:
        return "Noto Serif CJK SC" if face == "fangsong" else "Noto Sans CJK SC"

    def letters(self, face: str, text: str) -> bytes:
        raise FileNotFoundError(face)


FACES = NotoFaces()


def run(text: str, x: float, y: float, size_pt: float, colour: Colour = BLACK) -> TextRun:
    em = size_pt * MM_PER_PT
    box = Box(x, y, len(text) * em, em)
    return TextRun(text, box, y + ASCENT * em, "heiti", size_pt, colour)


def line(name: str, text: str, x: float, y: float) -> Block:
    """Make a mark of one line in 16 pt."""
    shape = run(text, x, y, 16)
    return Block(name, shape.box, (shape,))


def stamp(x: float = 130, y: float = 2) -> Block:
    texts = (
        "定密戳记",
        "机密★10年",
        "知悉范围：某局",
        "责任人：张三",
        "2026年1月1日",
        "某发〔2026〕1号",
    )
    shapes: list[Shape] = [
        Frame(Box(x, y, 64, 34), 0.5, RED),
        Rule(x, y + 6, x + 64, y + 6, 0.3, RED),
    ]
    shapes += [run(text, x + 2, y + 1.5 + index * 5, 9, RED) for index, text in enumerate(texts)]
    return Block("stamp", Box(x, y, 64, 34), tuple(shapes))


MARKS = (
    line("copy_number", "000017", 28, 37),
    line("mark", "机密★10年", 28, 47.227),
    line("urgency", "特急", 28, 57.454),
    stamp(),
)
REPEATED = (line("mark", "机密★10年", 28, 4),)


def job(
    points: Sequence[PointMark] = (),
    *,
    others: tuple[Block, ...] = REPEATED,
    first: tuple[Block, ...] = MARKS,
    closing_words: str = "",
) -> MarkJob:
    return MarkJob({FIRST_PAGE: first, OTHER_PAGES: others}, tuple(points), CARRIERS, closing_words)


def a4(section: Section) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(70), Mm(28)


def saved(path: Path, fill: Callable[[Document], object]) -> Path:
    """Save a new A4 document that `fill` has written."""
    document = docx.Document()
    a4(document.sections[0])
    fill(document)
    document.save(str(path))
    return path


def letter(document: Document) -> None:
    """Write a 公文-like text of several pages, with running header and footer."""
    section = document.sections[0]
    section.header.paragraphs[0].text = "默认页眉"
    section.footer.paragraphs[0].text = "默认页脚"
    document.add_paragraph("某某局关于做好某项工作的通知").runs[0].font.size = Pt(22)
    for number in range(1, 41):
        paragraph = document.add_paragraph(f"第{number}段，关于某项工作的安排。")
        paragraph.paragraph_format.first_line_indent = Pt(32)


def landscape(document: Document) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    document.add_paragraph("横排正文")


def table_first(document: Document) -> None:
    table = document.add_table(3, 2)
    for row in range(3):
        for column in range(2):
            table.cell(row, column).text = f"格{row + 1}-{column + 1}"
    document.add_paragraph("表后正文")


def right_to_left(document: Document) -> None:
    paragraph = document.add_paragraph("אבגד")
    paragraph.paragraph_format.element.get_or_add_pPr().append(OxmlElement("w:bidi"))
    document.add_paragraph("正文")


def sections(document: Document) -> None:
    """Write three sections: plain, with a title page of its own, with one taken over."""
    document.sections[0].header.paragraphs[0].text = "默认页眉"
    document.add_paragraph("一节")
    second = document.add_section(WD_SECTION.NEW_PAGE)
    second.different_first_page_header_footer = True
    second.first_page_header.is_linked_to_previous = False
    second.first_page_header.paragraphs[0].text = "二节首页页眉"
    document.add_paragraph("二节")
    document.add_page_break()  # type: ignore[no-untyped-call]
    document.add_paragraph("二节续")
    third = document.add_section(WD_SECTION.NEW_PAGE)
    third.different_first_page_header_footer = True
    document.add_paragraph("三节")


def columns(document: Document) -> None:
    """Write a text in two columns, on more than one page."""
    cols = document.sections[0]._sectPr.find(qn("w:cols"))
    cols.set(qn("w:num"), "2")
    for number in range(1, 121):
        document.add_paragraph(f"第{number}段，分栏正文。")


def text_box_first(document: Document) -> None:
    """Write a first paragraph in which a text box hangs, at 40 mm by 80 mm of the page."""
    document.add_paragraph("首段正文")._p.append(parse_xml(_TEXT_BOX))
    document.add_paragraph("正文")


def tracked_changes(document: Document) -> None:
    paragraph = document.add_paragraph("原有的字")
    paragraph._p.append(
        parse_xml(f'<w:ins {_W} w:id="1" w:author="样例"><w:r><w:t>加的字</w:t></w:r></w:ins>')
    )
    paragraph._p.append(
        parse_xml(
            f'<w:del {_W} w:id="2" w:author="样例"><w:r><w:delText>删的字</w:delText></w:r></w:del>'
        )
    )
    document.add_paragraph("正文")


def footnotes(document: Document) -> None:
    notes(document)


def notes(document: Document, kind: str = "footnote") -> None:
    """Write a text with a footnote (or endnote) on its first page."""
    note = (
        f'<w:{kind}s {_W}><w:{kind} w:id="1"><w:p><w:r><w:{kind}Ref/></w:r>'
        f"<w:r><w:t>脚注的内容</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
    )
    package = document.part.package
    part = Part(PackURI(f"/word/{kind}s.xml"), f"{_WORD}.{kind}s+xml", note.encode(), package)
    document.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S"))
    reference = parse_xml(f'<w:r {_W}><w:{kind}Reference w:id="1"/></w:r>')
    document.add_paragraph("有脚注的正文")._p.append(reference)
    document.add_paragraph("正文")


def content_controls(document: Document) -> None:
    """Write a body that begins with a content control, with another one in a line."""
    document.add_paragraph("正文")
    inside = "<w:p><w:r><w:t>控件中的段落</w:t></w:r></w:p>"
    block = f"<w:sdt {_W}><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(block))
    inside = "<w:r><w:t>行中的控件</w:t></w:r>"
    line = f"<w:sdt {_W}><w:sdtPr/><w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    document.add_paragraph("前")._p.append(parse_xml(line))


def comments(document: Document) -> None:
    paragraph = document.add_paragraph("有批注的正文")
    document.add_comment(paragraph.runs, text="批注", author="样例")
    document.add_paragraph("正文")


def fields(document: Document) -> None:
    """Write a simple field at the head and a field of several runs."""
    simple = f'<w:fldSimple {_W} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    document.add_paragraph()._p.append(parse_xml(simple))
    runs = "".join(
        f"<w:r>{inside}</w:r>"
        for inside in (
            '<w:fldChar w:fldCharType="begin"/>',
            "<w:instrText>NUMPAGES</w:instrText>",
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
        )
    )
    paragraph = document.add_paragraph("共")._p
    for run in parse_xml(f"<w:p {_W}>{runs}</w:p>"):
        paragraph.append(run)


def table_of_contents(document: Document) -> None:
    """Begin with a table of contents without a content control: a field over two paragraphs."""
    tabs = '<w:pPr><w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8000"/></w:tabs></w:pPr>'
    opening = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    closing = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for before, entry, after in ((opening, "目录一", ""), ("", "目录二", closing)):
        words = f"<w:r><w:t>{entry}</w:t></w:r><w:r><w:tab/></w:r><w:r><w:t>1</w:t></w:r>"
        xml = f"<w:p {_W}>{tabs}{before}{words}{after}</w:p>"
        document.element.body.insert(len(document.paragraphs), parse_xml(xml))
    document.add_paragraph("正文")


def blank_first_page(document: Document) -> None:
    """Begin with nothing but a page break, as old versions of Word take it: two pages."""
    document.add_page_break()
    compat = document.settings.element.find(qn("w:compat"))
    compat.insert(0, OxmlElement("w:splitPgBreakAndParaMark"))


def even_and_odd(document: Document) -> None:
    """Write a title page and other headers on even pages than on odd ones."""
    letter(document)
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].text = "首页页眉"
    section.even_page_header.paragraphs[0].text = "偶数页页眉"


def edited(source: Path, target: Path, edits: Mapping[str, Edit]) -> Path:
    """Write a copy in which some parts are changed; a name the source lacks is added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            edit = edits.get(name)
            new.writestr(name, old.read(name) if edit is None else edit(old.read(name)))
        for name in edits.keys() - set(old.namelist()):
            new.writestr(name, edits[name](b""))
    return target


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
