"""Made-up official texts in Chinese, an office that looks for quotations, and drafts that quote."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

from office_kit import Room, new_room
from dingmi_mark.store.office import read_office

_WORDS = (
    "示例 演练 江堤 防洪 物资 科室 方案 部署 转移 群众 水位 预警 巡查 值守 抢险 队伍 车辆 路线 仓库 调度 会商 "
    "通信 保障 安置 学校 医院 乡镇 水库 闸门 开启 时间 地点 人员 名单 编组 指挥 现场 后勤 检查 记录 上报 "
    "汇总 评估 总结 改进 措施 责任 分工 联络 备用 电源 船只 照明 食品 药品 帐篷 检修 道路 桥梁 封闭 绕行"
).split()


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
