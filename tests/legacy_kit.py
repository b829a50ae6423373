"""Papers of an archive that others marked before this program was there, for whole-way tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from approval_kit import REVIEWER, SECURITY
from dingmi_mark.domain.legacy import OldMark
from dingmi_mark.domain.notices import FiledNotice, NoticeItem
from dingmi_mark.domain.remark_plan import RemarkPlan
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.pipeline.remark_applying import RemarkResult
from dingmi_mark.pipeline.remark_verifying import confirm_files, newest_key
from dingmi_mark.store.fonts import BUNDLED
from dingmi_mark.store.remark_plans import plan_digest
from office_kit import BODY
from remark_kit import Archive, applied, planned, verified

NUMBER = "示密〔2025〕18号"
ISSUED = date(2025, 5, 6)
OLD = OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(10), ISSUED)
LEFT, RIGHT = (79.4, 148.0), (420.0, 148.0)


def old_paper(**more: Any) -> NoticeItem:
    """Name the paper of the archive with what its mark means."""
    return replace(NoticeItem(document_number=NUMBER, old=OLD), **more)


def archived(
    *marks: tuple[str, tuple[float, float]],
    number: str = NUMBER,
    pages: int = 1,
    running: str = "",
    later: Sequence[tuple[str, tuple[float, float]]] = (),
    size_pt: float = 16,
    colour: tuple[float, float, float] = (0, 0, 0),
    draw: Callable[[Any], None] = lambda _: None,
) -> bytes:
    """An A4 PDF with marks at places (pt, baseline) and its 文号; `running` heads later pages, in
    whose text `later` stands at its places.
    """
    import pymupdf

    font = pymupdf.Font(fontfile=str(BUNDLED))
    document = pymupdf.open()
    for page_number in range(pages):
        page = document.new_page(width=595.276, height=841.89)
        writer = pymupdf.TextWriter(page.rect)
        writer.append((240, 300), number, font, 16)
        writer.append((79.4, 370), BODY, font, 16)
        coloured = pymupdf.TextWriter(page.rect, color=colour)
        for text, place in marks if page_number == 0 else ():
            coloured.append(place, text, font, size_pt)
        for text, place in later if page_number else ():
            writer.append(place, text, font, 16)
        writer.write_text(page)
        if running and page_number:
            coloured.append((79.4, 80), running, font, size_pt)
        if (marks and not page_number) or running:
            coloured.write_text(page)
        if not page_number:
            draw(page)
    document.subset_fonts()
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


def put(papers: Archive, content: bytes, name: str = "旧文件.pdf") -> Path:
    """Lay a file into the archive."""
    file = papers.out / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def confirmed(papers: Archive, plan: RemarkPlan, *files: Path, by: Sequence[str] = ()) -> None:
    """Let people confirm files that others marked."""
    for name in by or (SECURITY, REVIEWER):
        signer = papers.crew.hands[name].signer
        assert signer is not None
        with papers.desk() as desk:
            key = newest_key(desk.trust, name)
            digest = plan_digest(plan)
            confirm_files(plan, digest, files, key, lambda: signer, desk)  # noqa: B023


def struck(papers: Archive, filed: FiledNotice) -> RemarkResult:
    """Go the whole way; every file that others marked is confirmed."""
    papers.sign(filed)
    plan = planned(papers, name=filed.notice.number)
    confirmed(papers, plan, *(Path(one.path) for one in plan.legacy))
    verified(papers, plan)
    return applied(papers, plan)


def word(*paragraphs: tuple[str, str], number: str = NUMBER) -> bytes:
    """A Word file with typed paragraphs (text, `left` or `right`) at its head and its 文号."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin, section.right_margin = Mm(37), Mm(28), Mm(26)
    for text, side in paragraphs:
        paragraph = document.add_paragraph()
        if side == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run(text).font.size = Pt(16)
    for _ in range(5):
        document.add_paragraph()
    document.add_paragraph(number)
    document.add_paragraph(BODY)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
