"""Marks of others at the beginning of attachments: in the first line of a later page."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_BREAK

from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.errors import LegacyMarkUnsure
from dingmi_mark.pipeline.remark_file import RemarkStatus
from legacy_kit import LEFT, archived, old_paper, put, struck, word
from office_files_kit import needs_soffice, needs_tesseract
from remark_kit import Archive, names, notice, planned, reports_of
from scan_kit import lines_through, named, pages_of, saved, sheets_of

pytestmark = pytest.mark.usefixtures("in_this_process")
FIRST_LINE = (79.4, 122.0)
Later = list[tuple[str, tuple[float, float]]]
SURE: Later = [("机密★10年", FIRST_LINE)]
PLAIN: dict[str, Later] = {
    "a level among words": [("机密", FIRST_LINE), ("样例文件", (79.4, 150.0))],
    "a sentence": [("样例：标为机密★10年的样例", FIRST_LINE)],
}
UNSURE: dict[str, Later] = {
    "below a line": [("附件样例", FIRST_LINE), ("机密★10年", (79.4, 150.0))],
    "a cell": [("样例", FIRST_LINE), ("机密★10年", (300.0, 122.0))],
    "says something else": [("秘密★5年", FIRST_LINE)],
}


def of_pages(later: Later) -> bytes:
    """A paper of three pages, marked on its first."""
    return archived(("机密★10年", LEFT), pages=3, later=later)


def places_struck(office: Archive) -> set[str]:
    """Where marks of others were struck, as the ledger has it."""
    with office.room.ledger() as ledger:
        return {place for _, act in ledger.acts(LegacyStruck) for place in act.marks}


def test_a_mark_in_the_first_line_of_an_attachment_is_struck(office: Archive) -> None:
    put(office, of_pages(SURE))
    assert struck(office, notice(old_paper())).count(RemarkStatus.CHANGED) == 1
    assert places_struck(office) == {"1 左上角", "2 左上角", "3 左上角"}
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("秘密★5年", True), report


@pytest.mark.parametrize("name", PLAIN)
def test_words_of_the_text_are_no_marks(office: Archive, name: str) -> None:
    put(office, of_pages(PLAIN[name]))
    assert struck(office, notice(old_paper())).count(RemarkStatus.CHANGED) == 1
    assert places_struck(office) == {"1 左上角"}


@pytest.mark.parametrize("name", UNSURE)
def test_what_may_be_a_mark_or_a_part_of_the_text_is_left_to_people(
    office: Archive, name: str
) -> None:
    put(office, of_pages(UNSURE[name]))
    office.sign(notice(old_paper()))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧文件.pdf"]
    assert LegacyMarkUnsure.says[:40] in plan.person[0].why


@needs_tesseract
def test_a_mark_in_the_first_line_of_a_scanned_attachment_is_struck(
    office: Archive, tmp_path: Path
) -> None:
    content = saved(sheets_of(of_pages(SURE), tmp_path), "TIFF", compression="tiff_lzw")
    file = put(office, content, "旧扫描.tif")
    assert struck(office, notice(named(content))).count(RemarkStatus.CHANGED) == 1
    assert [len(lines_through(page)) for page in pages_of(file)] == [1, 1, 1]


@needs_tesseract
@pytest.mark.parametrize("name", ["below a line", "says something else"])
def test_what_may_be_a_mark_on_a_later_scan_is_left_to_people(
    office: Archive, tmp_path: Path, name: str
) -> None:
    content = saved(sheets_of(of_pages(UNSURE[name]), tmp_path), "TIFF", compression="tiff_lzw")
    put(office, content, "旧扫描.tif")
    office.sign(notice(named(content)))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧扫描.tif"]


@needs_tesseract
def test_text_on_a_later_scan_is_no_mark(office: Archive, tmp_path: Path) -> None:
    content = saved(sheets_of(of_pages(PLAIN["a sentence"]), tmp_path), "TIFF")
    put(office, content, "旧扫描.tif")
    assert struck(office, notice(named(content))).count(RemarkStatus.CHANGED) == 1
    assert places_struck(office) == {"1 左上角"}


def _with_a_break(document: Any) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("机密★10年")


def _with_break_before(document: Any) -> None:
    document.add_paragraph("机密★10年").paragraph_format.page_break_before = True


def _with_a_section(document: Any) -> None:
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_paragraph("机密★10年")


@needs_soffice
@pytest.mark.parametrize("add", [_with_a_break, _with_break_before, _with_a_section])
def test_a_mark_in_the_text_of_a_later_word_page_is_left_to_people(
    office: Archive, add: Callable[[Any], None]
) -> None:
    document = Document(BytesIO(word(("机密★10年", "left"))))
    add(document)
    stream = BytesIO()
    document.save(stream)
    put(office, stream.getvalue(), "旧文件.docx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧文件.docx"]
    assert "does not stand in all headers" in plan.person[0].why
