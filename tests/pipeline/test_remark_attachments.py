"""Marks of others at the beginning of attachments: in the first line of a later page."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.domain.terms import plain
from dingmi_mark.errors import LegacyMarkUnsure, RemarkPlaceFull
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
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
    "two lines": [("机密", FIRST_LINE), ("★10年", (79.4, 150.0))],
    "two pieces": [("机密", FIRST_LINE), ("10年", (300.0, 122.0))],
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


def _of_two_attachments(document: Any) -> None:
    _with_break_before(document)
    _with_a_section(document)
    document.paragraphs[-1].runs[0].bold = True


def _in_a_cell(document: Any) -> None:
    document.add_section(WD_SECTION.NEW_PAGE)
    document.add_table(1, 1).cell(0, 0).text = "机密★10年"


def _at_the_right(document: Any) -> None:
    _with_break_before(document)
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _centred(document: Any) -> None:
    _with_break_before(document)
    document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER


def _struck_already(document: Any) -> None:
    _with_break_before(document)
    document.paragraphs[-1].runs[0].font.strike = True


def _not_alone(document: Any) -> None:
    _with_break_before(document)
    document.paragraphs[-1].runs[0].add_break(WD_BREAK.LINE)
    document.paragraphs[-1].add_run("附件样例")


def with_attachment(add: Callable[[Any], None], first: str = "机密★10年") -> bytes:
    """A Word file with a mark on its first page, and what is added behind that."""
    document = Document(BytesIO(word((first, "left"))))
    add(document)
    document.add_paragraph("附件样例")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _rows(file: Path, page: int) -> list[str]:
    """The lines of a page as LibreOffice shows them, without spaces."""
    with DocxHandler().view(file) as view:
        assert view is not None
        return [plain(line.text) for line in joined(view.lines(page))]


def _struck_in_text(file: Path) -> list[str]:
    """The words of the body through which a line goes, run by run."""
    runs = (run for paragraph in Document(str(file)).paragraphs for run in paragraph.runs)
    return [run.text for run in runs if run.font.strike]


@needs_soffice
@pytest.mark.parametrize("add", [_with_a_break, _with_break_before, _with_a_section])
def test_a_mark_in_the_text_of_a_later_word_page_is_struck_in_the_text(
    office: Archive, add: Callable[[Any], None]
) -> None:
    content = with_attachment(add)
    file = put(office, content, "旧文件.docx")
    first = struck(office, notice(old_paper()))
    assert [one.error for one in first.verdicts] == [None]
    assert places_struck(office) == {"1 左上角", "2 左上角"}
    assert _struck_in_text(file) == ["机密★10年"]
    assert _rows(file, 1) == ["机密★10年秘密★5年", "附件样例"]
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("秘密★5年", True), report
    assert planned(office).unchanged, "it bears the change already"
    kind = ChangeKind.RELEASED_EARLY
    second = struck(office, notice(old_paper(), number="示密解〔2026〕5号", kind=kind))
    assert [one.error for one in second.verdicts] == [None]
    assert _struck_in_text(file) == ["机密★10年", "秘密★5年"]
    assert _rows(file, 1) == ["机密★10年秘密★5年解密", "附件样例"]
    with office.desk() as desk:
        undo_batch(second.batch_id, desk)
        undo_batch(first.batch_id, desk)
    assert file.read_bytes() == content


@needs_soffice
def test_marks_of_several_attachments_are_struck_each_in_its_own_look(office: Archive) -> None:
    file = put(office, with_attachment(_of_two_attachments), "旧文件.docx")
    assert struck(office, notice(old_paper())).count(RemarkStatus.CHANGED) == 1
    assert places_struck(office) == {"1 左上角", "2 左上角", "3 左上角"}
    bold = [run.font.bold for one in Document(str(file)).paragraphs for run in one.runs]
    assert _struck_in_text(file) == ["机密★10年"] * 2 and bold.count(True) == 3


@needs_soffice
def test_beside_a_mark_at_the_right_the_new_one_stands_before_it(office: Archive) -> None:
    file = put(office, with_attachment(_at_the_right), "旧文件.docx")
    assert struck(office, notice(old_paper())).count(RemarkStatus.CHANGED) == 1
    kind = ChangeKind.RELEASED_EARLY
    second = notice(old_paper(), number="示密解〔2026〕5号", kind=kind)
    assert struck(office, second).count(RemarkStatus.CHANGED) == 1
    assert places_struck(office) == {"1 左上角", "2 右上角"}
    assert "解密秘密★5年机密★10年" in "".join(_rows(file, 1))
    assert _struck_in_text(file) == ["秘密★5年", "机密★10年"]


@needs_soffice
def test_the_line_goes_with_the_words_when_text_before_them_grows(office: Archive) -> None:
    file = put(office, with_attachment(_with_break_before), "旧文件.docx")
    struck(office, notice(old_paper()))
    document = Document(str(file))
    for _ in range(60):
        document.paragraphs[7].insert_paragraph_before("样例：后来加的一行")
    document.save(str(file))
    assert _rows(file, 3)[0] == "机密★10年秘密★5年" and _struck_in_text(file) == ["机密★10年"]


@needs_soffice
def test_a_line_that_somebody_took_away_is_told(office: Archive) -> None:
    file = put(office, with_attachment(_with_break_before), "旧文件.docx")
    struck(office, notice(old_paper()))
    document = Document(str(file))
    (run,) = (run for one in document.paragraphs for run in one.runs if run.font.strike)
    run.font.strike = None
    document.save(str(file))
    (report,) = reports_of(office).values()
    assert not report.agrees
    assert any("not drawn as they were made" in str(line.says) for line in report.lines), report


def _styled(document: Any) -> None:
    _with_break_before(document)
    document.styles["Heading 1"].font.strike = True
    document.paragraphs[-1].style = "Heading 1"


def _in_a_control(document: Any) -> None:
    _with_break_before(document)
    inside = document.paragraphs[-1]._p
    control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
    inside.addprevious(control)
    control[0].append(inside)


def _with_urgency(document: Any) -> None:
    _with_break_before(document)
    document.paragraphs[-1].runs[0].text = "特急 机密★10年"


def _before_a_break(document: Any) -> None:
    _with_break_before(document)
    document.paragraphs[-1].runs[0].add_break(WD_BREAK.PAGE)


def _in_two_lines(document: Any) -> None:
    _with_break_before(document)
    document.paragraphs[-1].runs[0].text = "机密"
    document.add_paragraph("★10年")


def _below_others(document: Any) -> None:
    document.add_page_break()
    for said in ("附件", "", "", "", "", "机密★10年"):
        document.add_paragraph(said)


def _in_the_middle(document: Any) -> None:
    for said in (*[""] * 12, "附件", "机密★10年"):
        document.add_paragraph(said)


def _in_header_and_text(document: Any) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header.paragraphs[0].add_run("机密★10年")
    _at_the_right(document)


@needs_soffice
@pytest.mark.parametrize(
    ("add", "why"),
    [
        (_in_a_cell, "by itself"),
        (_centred, "by itself"),
        (_struck_already, "by itself"),
        (_not_alone, "by itself"),
        (_styled, "by itself"),
        (_in_a_control, "by itself"),
        (_with_urgency, "by itself"),
        (_before_a_break, "by itself"),
        (_in_two_lines, "two pieces"),
        (_below_others, "where no mark was to be seen"),
        (_in_the_middle, "where no mark was to be seen"),
        (_in_header_and_text, "where no mark was to be seen"),
    ],
)
def test_a_mark_in_the_text_that_is_not_sure_is_left_to_people(
    office: Archive, add: Callable[[Any], None], why: str
) -> None:
    put(office, with_attachment(add), "旧文件.docx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧文件.docx"]
    assert why in plan.person[0].why


@needs_soffice
def test_spaces_between_the_letters_are_struck_with_them(office: Archive) -> None:
    def spaced(document: Any) -> None:
        _with_break_before(document)
        document.paragraphs[-1].runs[0].text = "机密"
        for said in (" ", "★", " ", "10年"):
            document.paragraphs[-1].add_run(said)

    file = put(office, with_attachment(spaced), "旧文件.docx")
    assert struck(office, notice(old_paper())).count(RemarkStatus.CHANGED) == 1
    assert "".join(_struck_in_text(file)) == "机密 ★ 10年"
    kind = ChangeKind.RELEASED_EARLY
    second = notice(old_paper(), number="示密解〔2026〕5号", kind=kind)
    assert struck(office, second).count(RemarkStatus.CHANGED) == 1


@needs_soffice
def test_a_mark_in_the_first_header_is_none_of_the_text(office: Archive) -> None:
    document = Document(BytesIO(word()))
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.first_page_header.paragraphs[0].add_run("机密★10年")
    _with_break_before(document)
    stream = BytesIO()
    document.save(stream)
    file = put(office, stream.getvalue(), "旧文件.docx")
    assert struck(office, notice(old_paper())).count(RemarkStatus.CHANGED) == 1
    assert _struck_in_text(file) == ["机密★10年"]


@needs_soffice
def test_where_the_new_mark_has_no_room_on_the_line_the_file_stays(office: Archive) -> None:
    def narrow(document: Any) -> None:
        _with_a_section(document)
        document.sections[-1].right_margin = Mm(146)

    content = with_attachment(narrow)
    file = put(office, content, "旧文件.docx")
    result = struck(office, notice(old_paper()))
    assert [type(one.error) for one in result.verdicts] == [RemarkPlaceFull]
    assert file.read_bytes() == content
