"""Paper for the examples: pages laid out after GB/T 9704, as PDF, Word or picture.

Measures are mm from the top left of an upright A4 page; text is set with the bundled 黑体, which
every machine has. Same input, same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pymupdf
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from PIL import Image

FONT = Path(__file__).parents[1] / "src/dingmi_mark/fonts/dingmi-heiti.ttf"
MM = 72 / 25.4
RED = (0.8, 0.0, 0.0)
BLACK = (0.0, 0.0, 0.0)
ROW_MM = 225 / 22
LEFT_MM, WIDTH_MM = 28.0, 156.0
LINE_CHARACTERS = 27
_ZIP_DAY = (2026, 11, 1, 0, 0, 0)
_DAY = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def font() -> pymupdf.Font:
    """Open the bundled font once."""
    return pymupdf.Font(fontfile=str(FONT))


class Paper:
    """A PDF in the making."""

    def __init__(self, width_mm: float = 210, height_mm: float = 297) -> None:
        self.size = (width_mm, height_mm)
        self.document = pymupdf.open()
        self.add_page()

    def add_page(self) -> None:
        """Go on to a new page."""
        width, height = self.size
        self.page = self.document.new_page(width=width * MM, height=height * MM)

    def text(
        self, x: float, y: float, words: str, size: float = 16, colour: Sequence[float] = BLACK
    ) -> None:
        """Set one line; x, y is the top left of its em box."""
        writer = pymupdf.TextWriter(self.page.rect, color=colour)
        writer.append((x * MM, y * MM + 0.88 * size), words, font(), size)
        writer.write_text(self.page)

    def centred(self, y: float, words: str, size: float, colour: Sequence[float] = BLACK) -> None:
        """Set one line in the middle of the type area."""
        width = font().text_length(words, size) / MM
        middle = LEFT_MM + WIDTH_MM / 2 if self.size[0] < 250 else self.size[0] / 2
        self.text(middle - width / 2, y, words, size, colour)

    def rule(self, x1: float, x2: float, y: float, width_mm: float) -> None:
        """Draw a red rule."""
        ends = ((x1 * MM, y * MM), (x2 * MM, y * MM))
        self.page.draw_line(*ends, color=RED, width=width_mm * MM)

    def body(self, y: float, paragraphs: Sequence[str]) -> float:
        """Set paragraphs of 三号 text with an indent of two characters; return the next height."""
        for paragraph in paragraphs:
            for line in wrapped("　　" + paragraph):
                self.text(LEFT_MM, y, line)
                y += ROW_MM
        return y

    def pdf(self, rotate: int = 0) -> bytes:
        """Finish as PDF; `rotate` turns the pages for the reader (content is turned back)."""
        if rotate:
            for page in self.document:
                page.set_rotation(rotate)
        self.document.subset_fonts()
        self.document.set_metadata({})
        return bytes(self.document.tobytes(garbage=4, deflate=True, no_new_id=True))

    def pictures(self, dpi: int, mode: str = "L") -> list[Image.Image]:
        """Show the pages as pictures."""
        shown = (page.get_pixmap(dpi=dpi) for page in self.document)
        return [
            Image.frombytes("RGB", (one.width, one.height), one.samples).convert(mode)
            for one in shown
        ]


def wrapped(text: str) -> list[str]:
    """Cut a paragraph into lines; closing marks never begin one."""
    lines, start = [], 0
    while start < len(text):
        end = start + LINE_CHARACTERS
        while end < len(text) and text[end] in "，。、；：）》”":
            end += 1
        lines.append(text[start:end])
        start = end
    return lines


def letterhead(paper: Paper, organ: str, number: str, title: Sequence[str]) -> float:
    """Set 发文机关标志, 发文字号, the red rule and the title; return the height of the text."""
    paper.centred(72, organ, 40, RED)
    paper.centred(97, number, 16)
    paper.rule(LEFT_MM, LEFT_MM + WIDTH_MM, 107, 0.7)
    y = 118.0
    for line in title:
        paper.centred(y, line, 22)
        y += 12
    return y + 8


def sample_foot(paper: Paper) -> None:
    """Say on the page that all of it is made up."""
    paper.centred(281, "样例：机关、人员和内容均为虚构", 10.5)


def png(picture: Image.Image, dpi: int) -> bytes:
    """Save as PNG."""
    stream = io.BytesIO()
    picture.save(stream, "PNG", dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()


def jpeg(picture: Image.Image, dpi: int) -> bytes:
    """Save as JPEG."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", dpi=(dpi, dpi), quality=80)
    return stream.getvalue()


def tiff(pictures: Sequence[Image.Image], dpi: int) -> bytes:
    """Save as fax-coded TIFF of several pages."""
    stream = io.BytesIO()
    first, *others = (picture.convert("1") for picture in pictures)
    first.save(
        stream,
        "TIFF",
        compression="group4",
        dpi=(dpi, dpi),
        save_all=True,
        append_images=others,
    )
    return stream.getvalue()


class Letter:
    """A Word document in the making, as offices write them."""

    def __init__(self) -> None:
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance = section.footer_distance = Mm(15)
        for day in ("created", "modified"):
            setattr(self.document.core_properties, day, _DAY)
        section.footer.paragraphs[0].text = "样例：机关、人员和内容均为虚构"
        section.footer.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER

    def line(
        self,
        words: str,
        face: str = "仿宋_GB2312",
        size: float = 16,
        *,
        centred: bool = False,
        red: bool = False,
        indent: bool = False,
        before_pt: float = 0,
        pitch_pt: float = 28.99,
    ) -> Any:
        """Add a paragraph of one run."""
        paragraph = self.document.add_paragraph()
        form = paragraph.paragraph_format
        form.line_spacing, form.space_after = Pt(pitch_pt), Pt(0)
        form.space_before = Pt(before_pt)
        if indent:
            form.first_line_indent = Pt(2 * size)
        if centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(words)
        run.font.size = Pt(size)
        run.font.name = face
        run._element.rPr.rFonts.set(qn("w:eastAsia"), face)
        if red:
            run.font.color.rgb = RGBColor(0xCC, 0, 0)
        return paragraph

    def letterhead(self, organ: str, number: str, title: str, row2: str = "") -> None:
        """Leave the three rows free (or with a typed mark), then the red head and the title."""
        self.line("")
        self.line(row2, "黑体")
        self.line("")
        self.line(organ, "方正小标宋简体", 38, centred=True, red=True, before_pt=10, pitch_pt=50)
        number_line = self.line(number, centred=True, before_pt=18)
        _red_foot(number_line)
        self.line(title, "方正小标宋简体", 22, centred=True, before_pt=26, pitch_pt=34)
        self.line("")

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """Add a plain table."""
        table = self.document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
        for row, words in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text

    def docx(self) -> bytes:
        """Finish; every member gets the same day."""
        stream, out = io.BytesIO(), io.BytesIO()
        self.document.save(stream)
        with (
            zipfile.ZipFile(stream) as made,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept,
        ):
            for member in made.infolist():
                entry = zipfile.ZipInfo(member.filename, _ZIP_DAY)
                entry.compress_type = zipfile.ZIP_DEFLATED
                kept.writestr(entry, made.read(member))
        return out.getvalue()


def _red_foot(paragraph: Any) -> None:
    """Give a paragraph a red rule below it."""
    from docx.oxml import OxmlElement

    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "16"), ("space", "6"), ("color", "CC0000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
    )
