"""Made-up official texts in Chinese, an office that looks for quotations, and drafts that quote."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

from dingmi_mark.quoting.fingerprints import Fingerprints, fingerprints
from dingmi_mark.quoting.normal import normal
from dingmi_mark.store.office import read_office
from dingmi_mark.store.quote_index import IndexedText, QuoteIndex
from office_kit import Room, new_room

_TEXT = (
    "示例演练江堤防洪物资科室方案部署转移群众水位预警巡查值守抢险队伍车辆路线仓库调度会商通信保障安置学校医院乡镇水库闸门开启"
    "时间地点人员名单编组指挥现场后勤检查记录上报汇总评估总结改进措施责任分工联络备用电源船只照明食品药品帐篷检修道路桥梁封闭绕行"
)
_WORDS = [_TEXT[at : at + 2] for at in range(0, len(_TEXT), 2)]


SECRET = bytes(range(32))
"""The secret of an index that belongs to no office."""


def indexed_text(number: int) -> tuple[IndexedText, Fingerprints]:
    """Return a text of sixty characters for the index."""
    letters = "".join(chr(0x4E00 + (number * 997 + at * 31) % 5000) for at in range(60))
    known = IndexedText("marked", f"{number:032x}", f"样例{number}号", "秘密", 60)
    return known, fingerprints(normal(letters).codes, bytes(16))


def added(folder: Path, numbers: range) -> None:
    """Add texts to an index one by one."""
    index = QuoteIndex(folder, SECRET)
    for number in numbers:
        index.add([indexed_text(number)])


def sentences(seed: int, count: int = 12) -> list[str]:
    """Return sentences that no other seed gives."""
    rng = random.Random(seed)
    return [
        f"{''.join(rng.choices(_WORDS, k=7))}，{''.join(rng.choices(_WORDS, k=8))}。"
        for _ in range(count)
    ]


def word_file(paragraphs: list[str], table: list[list[str]] | None = None) -> bytes:
    """Return a Word file with room for the marks, its paragraphs, and a table."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.header_distance = Mm(37)
    for _ in range(5):
        document.add_paragraph()
    document.add_paragraph("样例：以下内容全部虚构。")
    for each in paragraphs:
        document.add_paragraph(each)
    if table:
        made = document.add_table(len(table), len(table[0]))
        for row, cells in zip(made.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_file(paragraphs: list[str]) -> bytes:
    """Return a PDF whose lines have 26 characters."""
    import pymupdf

    from dingmi_mark.store.fonts import BUNDLED

    font = pymupdf.Font(fontfile=str(BUNDLED))
    document = pymupdf.open()
    page = document.new_page(width=595.276, height=841.89)
    writer = pymupdf.TextWriter(page.rect)
    lines = [each[at : at + 26] for each in paragraphs for at in range(0, len(each), 26)]
    for number, line in enumerate(["样例：内容全部虚构。", *lines]):
        writer.append((79.4, 330 + 24 * number), line, font, 16)
    writer.write_text(page)
    document.subset_fonts()
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


def looking_room(folder: Path, undeclared: str = "stop") -> Room:
    """Make an office in which undeclared quotations have consequences."""
    room = new_room(folder)
    file = room.office.folder / "office.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('undeclared = "off"', f'undeclared = "{undeclared}"'), "utf-8")
    return Room(folder, read_office(room.office.folder))
