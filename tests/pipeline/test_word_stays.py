"""A marked Word file is believed only where its text stands as it stood; a clock may go on."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Pt

from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import MarkNotConfirmed
from dingmi_mark.formats.base import Faces, MarkJob, Placed
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.pipeline.desk import open_desk
from dingmi_mark.pipeline.mark import mark_draft
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import Assurance, Status
from dingmi_mark.store.approvals import read_approval
from office_files_kit import needs_soffice, soffice_group
from office_kit import Room, approved, docx, new_room, only

pytestmark = [needs_soffice, soffice_group]

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def with_field(instruction: str) -> bytes:
    """A Word file whose last paragraph is a field that the reader's program fills in."""
    from docx import Document
    from docx.oxml import parse_xml

    document = Document(BytesIO(docx()))
    run = "<w:r><w:t>x</w:t></w:r>"
    field = f'<w:fldSimple {_SPACE} w:instr="{instruction}">{run}</w:fldSimple>'
    document.add_paragraph()._p.append(parse_xml(field))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("instruction", ["TIME", r"FILENAME \p"])
def test_what_a_field_shows_at_another_time_is_no_moved_text(room: Room, instruction: str) -> None:
    content = with_field(instruction)
    room.put("通知.docx", content, approved(content, "通知.docx"))
    verdict = only(room.mark(jobs=1))
    assert verdict.status is Status.MARKED, verdict.error
    assert verdict.copies[0].assurance is Assurance.RENDERED


def test_a_mark_that_pushes_the_text_is_not_believed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = DocxHandler.mark

    def pushing(
        self: DocxHandler, source: Path, target: Path, job: MarkJob, faces: Faces
    ) -> tuple[Placed, ...]:
        placed = real(self, source, target, job, faces)
        with zipfile.ZipFile(target) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        body = parts["word/document.xml"]
        assert b"<wp:wrapNone/>" in body
        parts["word/document.xml"] = body.replace(b"<wp:wrapNone/>", b"<wp:wrapTopAndBottom/>")
        with zipfile.ZipFile(target, "w") as package:
            for name, part in parts.items():
                package.writestr(name, part)
        return placed

    monkeypatch.setattr(DocxHandler, "mark", pushing)
    content = docx()
    draft = room.put("通知.docx", content, approved(content, "通知.docx"))
    kept = read_approval(room.approvals / "通知.docx.toml")
    with open_desk(room.office, "test-1") as desk:
        task = MarkTask(draft, kept, room.out / "通知.docx", by_digest=True)
        error = mark_draft(task, desk).error
    assert isinstance(error, MarkNotConfirmed)
    assert re.search(
        r"the text \d+ mm below the top of page 1 was pushed from its place", str(error)
    )
    assert not any(room.out.iterdir())


def with_row(words: str, rule: WD_ROW_HEIGHT_RULE) -> bytes:
    """A Word file with a table row of a line's height."""
    from docx import Document

    document = Document(BytesIO(docx()))
    row = document.add_table(2, 2).rows[1]
    row.height, row.height_rule = Pt(22), rule
    row.cells[0].paragraphs[0].add_run(words).font.size = Pt(16)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("words", "rule", "whole"),
    [
        ("样例短", WD_ROW_HEIGHT_RULE.EXACTLY, True),
        ("样例短，这里共有十二字。", WD_ROW_HEIGHT_RULE.EXACTLY, False),
        ("样例短，这里共有十二字。", WD_ROW_HEIGHT_RULE.AT_LEAST, True),
    ],
)
def test_a_point_that_pushes_words_out_of_a_fixed_row_is_not_believed(
    words: str, rule: WD_ROW_HEIGHT_RULE, whole: bool, room: Room
) -> None:
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("样例短"))
    content = with_row(words, rule)
    room.put("通知.docx", content, approved(content, "通知.docx", points=(point,)))
    verdict = only(room.mark(jobs=1))
    if whole:
        assert verdict.status is Status.MARKED, verdict.error
        return
    assert isinstance(verdict.error, MarkNotConfirmed)
    assert "letters of the draft are not shown any more" in str(verdict.error)
    assert not list(room.out.rglob("*.docx"))


def test_a_point_that_pushes_text_to_a_new_page_is_told_with_the_numbers(room: Room) -> None:
    from docx import Document
    from docx.shared import Mm

    document, line, lines = Document(), Pt(20), 10
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.bottom_margin = Mm(30)
    section.top_margin = section.page_height - section.bottom_margin - line * lines
    for number in range(lines):
        look = document.add_paragraph(f"样例的第{number}行").paragraph_format
        look.line_spacing, look.space_after = line, Pt(0)
    # With a mark before it, it takes two lines.
    document.paragraphs[0].add_run("字" * 20).font.size = Pt(16)
    stream = BytesIO()
    document.save(stream)
    content = stream.getvalue()
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("样例的第0行"))
    room.put("通知.docx", content, approved(content, "通知.docx", points=(point,)))
    verdict = only(room.mark(jobs=1))
    assert isinstance(verdict.error, MarkNotConfirmed)
    assert "takes 2 pages, before it took 1: make room" in str(verdict.error)


@pytest.mark.parametrize(
    ("begins", "header_mm", "named", "said"),
    [
        (WD_SECTION.ODD_PAGE, 30, False, "below the top of page 2 was pushed from its place"),
        (WD_SECTION.ODD_PAGE, 15, True, "other words run over “机密★10年” on page 2"),
        (WD_SECTION.NEW_PAGE, 30, False, ""),
        (WD_SECTION.NEW_PAGE, 15, True, ""),
    ],
)
def test_text_that_is_set_into_the_mark_of_a_later_page_is_noticed(
    begins: WD_SECTION, header_mm: float, named: bool, said: str, room: Room
) -> None:
    """LibreOffice lets a section that begins on an odd page begin right below its header."""
    from docx import Document
    from docx.shared import Mm

    document = Document(BytesIO(docx()))
    document.add_section(begins).top_margin = Mm(90)
    document.sections[1].header_distance = Mm(header_mm)
    for number in range(30):
        look = document.add_paragraph(f"样例后面第{number}行").paragraph_format
        look.line_spacing, look.space_after = Pt(16), Pt(0)
    stream = BytesIO()
    document.save(stream)
    content = stream.getvalue()
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("样例后面第9行"))
    points = (point,) if named else ()
    room.put("通知.docx", content, approved(content, "通知.docx", points=points))
    verdict = only(room.with_policies("other_page_marks = true").mark(jobs=1))
    if not said:
        assert verdict.status is Status.MARKED, verdict.error
        return
    assert isinstance(verdict.error, MarkNotConfirmed)
    assert said in str(verdict.error)


def test_a_draft_that_begins_with_a_page_break_in_a_table_is_told_what_to_do(room: Room) -> None:
    from docx import Document

    document = Document(BytesIO(docx()))
    cell = document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].paragraph_format.page_break_before = True
    cell.add_paragraph().paragraph_format.space_before = Pt(250)
    cell.add_paragraph("样例")
    body = document.element.body
    body.insert(0, document.tables[0]._tbl)
    stream = BytesIO()
    document.save(stream)
    content = stream.getvalue()
    room.put("通知.docx", content, approved(content, "通知.docx"))
    verdict = only(room.mark(jobs=1))
    assert isinstance(verdict.error, MarkNotConfirmed)
    assert "where the draft begins with a page break" in str(verdict.error)
