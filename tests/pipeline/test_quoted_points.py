"""To which point a quotation belongs, and of what level it is: cells, boxes, scans, upgrades."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pymupdf
import pytest
from docx import Document
from docx.shared import Mm

from cli_kit import run
from dingmi_mark.domain.known import KnownPoint
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    PointAnchor,
    PointStyle,
    QuoteAnchor,
)
from dingmi_mark.domain.source_values import SourceValues
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import ExitCode
from dingmi_mark.formats.base import TextLine
from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.messages import Message
from dingmi_mark.pipeline import quote_text
from dingmi_mark.pipeline.quote_rebuilding import Refilled, refill
from dingmi_mark.pipeline.quote_text import DocumentText, TextPart
from dingmi_mark.pipeline.quoted_points import in_box, points_in
from dingmi_mark.pipeline.quotes import QuoteReport, quote_files
from dingmi_mark.pipeline.quoting import Quotation
from dingmi_mark.pipeline.source_adding import Register, add_source
from dingmi_mark.pipeline.text_lines import Line, lines_of_pages
from dingmi_mark.pipeline.verdicts import Status, Verdict
from dingmi_mark.store.approval_tree import begin
from dingmi_mark.store.fonts import BUNDLED
from dingmi_mark.store.lawbook import read_lawbook
from dingmi_mark.store.quote_index import IndexedPoint, QuoteIndex
from late_kit import note
from office_files_kit import needs_tesseract
from office_kit import Room, approved, only
from quote_kit import looking_room, pdf_file, sentences, word_file

SECRET = sentences(1, 16)
OWN = sentences(2)
S, H = SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET


def point(anchor: PointAnchor, name: str = "1", level: SecrecyLevel = S) -> ClassifiedPoint:
    return ClassifiedPoint(name, level, anchor)


def quiet(_: object) -> None:
    return None


def marked(room: Room, content: bytes, *points: ClassifiedPoint, name: str = "源.docx") -> Verdict:
    """Mark a draft (机密) with its points; the record and the draft stay where they are."""
    record = replace(approved(content, name), points=points)
    room.put(name, content, record)
    # Also where the office keeps its records, for the index to be made anew.
    begin(room.office.approvals, record, None)
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    return verdict


def found(room: Room, *passages: str) -> list[Quotation]:
    """Return what is found in a draft that quotes passages, each among words of its own."""
    words = [word for pair in zip(OWN[1:], passages, strict=False) for word in pair]
    draft = room.folder / "引.docx"
    draft.write_bytes(word_file([*words, OWN[0]]))
    (report,) = quote_files((draft,), room.office, None, on_report=quiet)
    assert isinstance(report, QuoteReport) and report.found is not None, report.error
    assert len(report.found.quotations) == len(passages)
    return sorted(report.found.quotations, key=lambda each: int(str(each.place.params["number"])))


def told(room: Room, *passages: str) -> list[tuple[str, tuple[str, ...], bool]]:
    """Return level and points of each, and whether it is told to reach beyond them."""
    return [(each.level, each.points, each.beyond) for each in found(room, *passages)]


IN, OUT = ("秘密", ("1",), False), ("机密", (), True)
ACROSS = ("机密", ("1",), True)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return looking_room(tmp_path)


# ── tables of Word files ─────────────────────────────────────────────────────────────────────


def cell(row: int, column: int, number: int = 1, begins: str = "") -> ParagraphAnchor:
    return ParagraphAnchor(number, begins, 1, row, column)


def test_a_cell_of_a_table_has_its_own_level(room: Room) -> None:
    table = [["项目", "内容"], ["一", SECRET[7]], ["二", SECRET[8]]]
    marked(room, word_file(SECRET[:3], table), point(cell(2, 2)))
    assert told(room, SECRET[7], SECRET[8], SECRET[1]) == [IN, OUT, OUT]


def test_a_passage_over_the_border_of_a_cell_has_the_higher_level(room: Room) -> None:
    table = [[SECRET[6], SECRET[7]], ["二", SECRET[8]]]
    marked(room, word_file(SECRET[:3], table), point(cell(1, 2)))
    # With the end of the cell before it; with the beginning of the row after it.
    assert told(room, SECRET[6][-12:] + SECRET[7]) == [ACROSS]
    assert told(room, SECRET[7] + "二" + SECRET[8][:14]) == [ACROSS]
    assert told(room, SECRET[7]) == [IN]


def test_two_cells_that_are_quoted_together_have_the_higher_of_their_levels(room: Room) -> None:
    table = [[SECRET[6], SECRET[7]], ["二", SECRET[8]]]
    points = (point(cell(1, 1)), point(cell(1, 2), "2", H))
    marked(room, word_file(SECRET[:3], table), *points)
    assert told(room, SECRET[6] + SECRET[7]) == [("机密", ("1", "2"), False)]
    assert told(room, SECRET[6]) == [IN]


def test_a_text_that_stands_twice_has_the_level_of_the_higher_place(room: Room) -> None:
    """Which of the two was quoted nobody can tell."""
    table = [[SECRET[7], SECRET[6]], ["二", SECRET[7]]]
    marked(room, word_file(SECRET[:3], table), point(cell(2, 2)))
    levels = {each.level for each in all_found(room, SECRET[7])}
    assert "机密" in levels
    with_both = QuoteIndex(room.office.folder, room.office.secret())
    (text,) = with_both.texts()
    (placed,) = text.points
    # The second of both cells was placed, and not the first with the same words.
    assert placed.start > text.length - 2 * (placed.end - placed.start)


def all_found(room: Room, passage: str) -> tuple[Quotation, ...]:
    draft = room.folder / "引.docx"
    draft.write_bytes(word_file([*OWN[:3], passage, OWN[4]]))
    (report,) = quote_files((draft,), room.office, None, on_report=quiet)
    assert report.found is not None
    return report.found.quotations


def word_with(make: object) -> bytes:
    """Return a Word file with room for the marks, and what `make` puts into it."""
    document = Document(BytesIO(word_file(SECRET[:2])))
    make(document)  # type: ignore[operator]
    document.sections[0].page_width = Mm(210)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_merged_cells_count_as_word_writes_them(room: Room) -> None:
    def make(document: object) -> None:
        made = document.add_table(3, 3)  # type: ignore[attr-defined]
        made.cell(0, 0).merge(made.cell(0, 1)).text = SECRET[4]
        made.cell(0, 2).text = SECRET[5]
        made.cell(1, 0).merge(made.cell(2, 0)).text = SECRET[6]
        made.cell(1, 1).text = SECRET[7]
        made.cell(2, 1).text = SECRET[8]

    # Two cells in one over columns are one cell; over rows each row keeps its own.
    points = (point(cell(1, 2)), point(cell(3, 2), "2"))
    marked(room, word_with(make), *points)
    second = ("秘密", ("2",), False)
    assert told(room, SECRET[4], SECRET[5]) == [OUT, IN]
    assert told(room, SECRET[6], SECRET[7], SECRET[8]) == [OUT, OUT, second]


def test_a_table_in_a_cell_is_no_part_of_the_cell(room: Room) -> None:
    def make(document: object) -> None:
        made = document.add_table(1, 2)  # type: ignore[attr-defined]
        outer = made.cell(0, 0)
        outer.text = SECRET[4]
        outer.add_table(1, 1).cell(0, 0).text = SECRET[5]
        outer.add_paragraph(SECRET[6])
        made.cell(0, 1).text = SECRET[7]

    points = (point(cell(1, 1)), point(cell(1, 2), "2"))
    marked(room, word_with(make), *points)
    # The point is the first paragraph of its cell: neither the inner table nor the second.
    assert told(room, SECRET[4], SECRET[5], SECRET[6]) == [IN, OUT, OUT]
    assert told(room, SECRET[7]) == [("秘密", ("2",), False)]
    assert told(room, SECRET[4] + SECRET[5]) == [ACROSS]


def test_paragraphs_are_counted_as_the_marks_are_put(room: Room) -> None:
    """A paragraph of which all words are deleted is none for the writer of marks."""

    def make(document: object) -> None:
        from docx.oxml import parse_xml
        from docx.oxml.ns import nsdecls

        gone = document.add_paragraph("")  # type: ignore[attr-defined]
        gone._p.append(
            parse_xml(
                f"<w:del {nsdecls('w')} w:id='9' w:author='样例'><w:r>"
                "<w:delText>样例：这一段已经删去。</w:delText></w:r></w:del>"
            )
        )
        document.add_paragraph(SECRET[4])  # type: ignore[attr-defined]
        document.add_paragraph(SECRET[5])  # type: ignore[attr-defined]

    # One line of the kit, two sentences, then the fourth that is seen.
    marked(room, word_with(make), point(ParagraphAnchor(4)))
    assert told(room, SECRET[4], SECRET[5]) == [IN, OUT]


def test_of_several_places_the_one_that_is_marked_counts(room: Room) -> None:
    words = [SECRET[3], f"{SECRET[4]}样例之一。", SECRET[5], f"{SECRET[6]}样例之一。"]
    marked(room, word_file(words), point(QuoteAnchor("样例之一", occurrence=2)))
    assert told(room, SECRET[4], SECRET[6]) == [OUT, IN]


def test_a_footnote_is_searched_and_may_be_a_point(room: Room) -> None:
    def make(document: object) -> None:
        note(document, document.paragraphs[-1], SECRET[4])  # type: ignore[arg-type, attr-defined]

    marked(room, word_with(make), point(QuoteAnchor(SECRET[4][:20])))
    assert told(room, SECRET[4], SECRET[1]) == [IN, OUT]
    draft = room.folder / "注.docx"
    document = Document(BytesIO(word_file(OWN)))
    note(document, document.paragraphs[-1], SECRET[4])
    document.save(str(draft))
    (report,) = quote_files((draft,), room.office, None, on_report=quiet)
    assert report.found is not None and report.error is not None
    (quotation,) = report.found.quotations
    assert str(quotation.place).startswith("脚注")


# ── boxes on pages ───────────────────────────────────────────────────────────────────────────

MM = 25.4 / 72


def box_of(row: int, rows: int = 1) -> tuple[float, float, float, float]:
    """Return the place of rows of `pdf_file` (mm): x, y, width, height, as one would draw it."""
    top = (330 + 24 * row - 16) * MM
    return 27.0, top, 150.0, (24 * (rows - 1) + 20) * MM


def a_box(row: int, rows: int = 1, page: int = 1) -> BoxAnchor:
    return BoxAnchor(page, *box_of(row, rows))


def test_the_lines_in_a_box_have_its_level(room: Room) -> None:
    # Every sentence takes two rows: 26 characters and the rest; row 0 is the line of the kit.
    marked(room, pdf_file(SECRET[:5]), point(a_box(3, 2)), name="源.pdf")
    assert told(room, SECRET[0], SECRET[1], SECRET[2]) == [OUT, IN, OUT]
    assert told(room, SECRET[0][-14:] + SECRET[1]) == [ACROSS]


def test_a_line_that_a_box_only_touches_is_named_at_the_level_of_the_document(room: Room) -> None:
    x, y, width, height = box_of(3, 2)
    half = BoxAnchor(1, x, y, 60, height)
    marked(room, pdf_file(SECRET[:5]), point(half), name="源.pdf")
    # Only the left half of its rows lies in the box.
    assert told(room, SECRET[1], SECRET[2]) == [ACROSS, OUT]


def test_a_box_over_nothing_is_told(room: Room) -> None:
    verdict = marked(
        room, pdf_file(SECRET[:5]), point(BoxAnchor(1, 60, 250, 60, 20)), name="源.pdf"
    )
    assert any("cannot be told" in str(remark) for remark in verdict.remarks)
    assert told(room, SECRET[1]) == [OUT]


def test_a_paragraph_of_a_page_ends_where_the_next_begins(room: Room) -> None:
    """Also where it ends without a full stop, as headings and cells do."""
    words = [SECRET[0], SECRET[1].rstrip("。"), SECRET[2], SECRET[3]]
    marked(room, pdf_file(words), point(QuoteAnchor(SECRET[1][:20])), name="源.pdf")
    assert told(room, SECRET[0], SECRET[1].rstrip("。"), SECRET[2]) == [OUT, IN, OUT]


def test_words_in_the_middle_of_a_paragraph_are_of_all_of_it(room: Room) -> None:
    words = [SECRET[0], SECRET[1].replace("。", "，") + SECRET[2], SECRET[3]]
    marked(room, pdf_file(words), point(QuoteAnchor(SECRET[2][:16])), name="源.pdf")
    assert told(room, SECRET[1], SECRET[3]) == [IN, OUT]


def test_a_cell_of_a_page_ends_with_the_row_that_its_words_begin(room: Room) -> None:
    """A PDF does not say where a cell ends: what follows has the level of the document."""
    font = pymupdf.Font(fontfile=str(BUNDLED))
    with pymupdf.open() as document:
        page = document.new_page(width=595.276, height=841.89)
        writer = pymupdf.TextWriter(page.rect)
        for row, (left, right) in enumerate(zip(SECRET[:6:2], SECRET[1:6:2], strict=True)):
            writer.append((70, 400 + 12 * row), left, font, 6.5)
            writer.append((330, 400 + 12 * row), right, font, 6.5)
        writer.write_text(page)
        content = bytes(document.tobytes(no_new_id=True))
    said = replace(point(cell(2, 1, begins=SECRET[2][:8])), style=PointStyle.IN_WORDS)
    marked(room, content, said, name="源.pdf")
    assert told(room, SECRET[2], SECRET[3], SECRET[4]) == [IN, OUT, OUT]


@dataclass(frozen=True)
class Shown:
    """A page with lines at places."""

    texts: tuple[str, ...]

    def lines(self, page: int) -> tuple[TextLine, ...]:
        assert page == 0
        boxes = (Box(20, 10 * row, 50, 6) for row in range(len(self.texts)))
        return tuple(TextLine(text, page, box) for text, box in zip(self.texts, boxes, strict=True))


@pytest.mark.parametrize(
    ("read", "shown", "places"),
    [
        # All as it is shown, in its order; or with what was left out when it was read.
        ("甲 乙 甲", "甲 乙 甲", {0: 0, 1: 10, 2: 20}),
        ("甲 乙 甲", "— 甲 乙 甲 1", {0: 10, 1: 20, 2: 30}),
        # Where one of two equal lines is not shown nobody knows which: only 乙 is sure.
        ("甲 乙 甲", "甲 乙", {1: 10}),
        ("甲 乙", "乙 甲 甲", {1: 0}),
        ("甲 丙", "甲 乙", {0: 0}),
    ],
)
def test_lines_have_the_places_that_are_theirs_for_sure(
    read: str, shown: str, places: dict[int, float]
) -> None:
    text = DocumentText(tuple(TextPart(one, 1, n) for n, one in enumerate(read.split(), 1)))
    found = lines_of_pages(text, Shown(tuple(shown.split())))  # type: ignore[arg-type]
    assert {line.part: line.box.y for line in found} == places
    assert lines_of_pages(text, None) == ()


def test_what_of_a_line_may_stand_out_of_a_box() -> None:
    line = Line(7, 1, Box(30, 50, 100, 6))
    # The white above and below the letters, half a letter at each end; and no more.
    assert in_box([line], 1, Box(33, 51.5, 94, 3)) == {7: False}
    assert in_box([line], 1, Box(33.5, 51.5, 94, 3)) == {7: True}
    assert in_box([line], 1, Box(33, 52, 94, 3)) == {7: True}
    assert in_box([line], 2, Box(0, 0, 200, 200)) == {}
    assert in_box([line], 1, Box(0, 56, 200, 20)) == {}


def scan_of(words: list[str]) -> bytes:
    """Return a page that is a picture of words."""
    with pymupdf.open(stream=pdf_file(words)) as document:
        picture = document[0].get_pixmap(dpi=300).tobytes("png")
    with pymupdf.open() as document:
        page = document.new_page(width=595.276, height=841.89)
        page.insert_image(page.rect, stream=picture)
        return bytes(document.tobytes(no_new_id=True))


@needs_tesseract
@pytest.mark.parametrize("name", ["源.pdf", "源.png"])
def test_lines_that_are_read_from_a_picture_have_places_too(room: Room, name: str) -> None:
    content = scan_of(SECRET[:5])
    if name.endswith(".png"):
        with pymupdf.open(stream=pdf_file(SECRET[:5])) as document:
            pixels = document[0].get_pixmap(dpi=300)
        pixels.set_dpi(300, 300)
        content = pixels.tobytes("png")
    marked(room, content, point(a_box(3, 2)), name=name)
    (text,) = QuoteIndex(room.office.folder, room.office.secret()).texts()
    (placed,) = text.points
    assert not placed.partly
    third = len(SECRET[1].replace("，", "").replace("。", ""))
    assert abs(placed.end - placed.start - third) <= 2
    inside, outside = found(room, SECRET[1], SECRET[3] + SECRET[4])
    assert (inside.level, inside.points) == ("秘密", ("1",))
    assert (outside.level, outside.points) == ("机密", ())


def test_a_scan_that_nobody_reads_has_no_points_and_it_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quote_text, "find_tesseract", lambda: None)
    scan = room.folder / "源.pdf"
    scan.write_bytes(scan_of(SECRET[:5]))
    record = replace(approved(b"", "源.pdf"), points=(point(a_box(3, 2)),))
    read = quote_text.text_of(scan, handler_for(scan), 10)
    placed = points_in(record, read, scan, handler_for(scan))
    assert (placed.points, placed.missing) == ((), ("1",))
    assert "counts at the level of the document" in str(placed.remarks[0])


def test_a_point_that_is_said_in_words_is_placed_by_its_anchor_too(room: Room) -> None:
    said = ClassifiedPoint("1", S, QuoteAnchor(SECRET[3][:20]), PointStyle.IN_WORDS)
    marked(room, word_file(SECRET[:6]), said)
    assert told(room, SECRET[3], SECRET[4]) == [IN, OUT]


@pytest.mark.parametrize(
    ("level", "inside", "outside"),
    [
        ("绝密", ("绝密", ("1",), True), ("绝密", (), True)),
        ("秘密", ("秘密", ("1",), False), ("秘密", (), True)),
    ],
)
def test_where_a_notice_raised_the_document_its_points_are_raised_too(
    room: Room, level: str, inside: object, outside: object
) -> None:
    """Which of its points made it higher the notice does not say."""
    table_room(room)
    with room.ledger() as ledger:
        mark = ledger.marked_copies()[0]
        ledger.append(
            MarkingChanged(
                *("示密变〔2026〕3号", "变更", mark.approval_number, mark.document_id),
                *(mark.marking_id, "机密", "10年", level, "5年", "2026-10-01", "2031-10-01"),
                *((), "", (), "2026-10-01", "2026-10-01T00:00:00+00:00"),
            )
        )
    assert told(room, SECRET[7], SECRET[8]) == [inside, outside]


# ── documents from outside ───────────────────────────────────────────────────────────────────


def registered(room: Room, file: Path, **typed: object) -> tuple[Message, ...]:
    with room.ledger() as ledger:
        law = read_lawbook(room.office.profile)
        at = Register(room.office, ledger, law, date(2026, 11, 29), "2026-11-29T01:00:00+00:00")
        return add_source(file, SourceValues(**typed), "", at).remarks  # type: ignore[arg-type]


def test_the_marks_of_another_office_tell_where_its_points_stand(
    room: Room, tmp_path: Path
) -> None:
    other = looking_room(tmp_path / "别的单位")
    table = [["项目", "内容"], ["一", SECRET[7]], ["二", SECRET[8]]]
    points = (point(cell(2, 2)), point(QuoteAnchor(SECRET[1][:20]), "2", H))
    copy = marked(other, word_file(SECRET[:3], table), *points).copies[0]
    told_of = registered(room, copy.path)
    assert not any("cannot be told" in str(remark) for remark in told_of)
    assert told(room, SECRET[7], SECRET[8]) == [IN, OUT]
    assert told(room, SECRET[1]) == [("机密", ("2",), False)]
    # One that an earlier version registered has its points after it is registered once more.
    made_old(room)
    assert told(room, SECRET[7]) == [OUT]
    registered(room, copy.path)
    assert told(room, SECRET[7], SECRET[8]) == [IN, OUT]


def test_points_that_were_typed_have_no_place_and_it_is_told(room: Room) -> None:
    file = room.folder / "来文.docx"
    file.write_bytes(word_file(SECRET[:6]))
    remarks = registered(
        room, file, level=H, period=ForYears(10), issue_day=date(2026, 3, 15), title="样例",
        points=(KnownPoint("1", S),),
    )  # fmt: skip
    assert any("cannot be told" in str(remark) for remark in remarks)
    assert told(room, SECRET[3]) == [OUT]


# ── an office that upgrades, and an index made anew ──────────────────────────────────────────


def made_old(room: Room, *points: IndexedPoint) -> None:
    """Leave the index as an earlier version of the program would have written it."""
    index = QuoteIndex(room.office.folder, room.office.secret())
    index.renew([replace(text, points=points, reading=0) for text in index.texts()])


def table_room(room: Room) -> Room:
    table = [["项目", "内容"], ["一", SECRET[7]], ["二", SECRET[8]]]
    marked(room, word_file(SECRET[:3], table), point(cell(2, 2)))
    return room


def test_after_an_upgrade_points_are_placed_anew(room: Room) -> None:
    table_room(room)
    # An earlier version knew no cells, and gave what follows a row the level of the row.
    made_old(room)
    assert told(room, SECRET[7]) == [OUT]
    office = str(room.office.folder)
    assert "quotes --index" in run("doctor", "--lang", "zh", DINGMI_OFFICE=office).stdout
    assert refill(room.office, anew=False) == Refilled(0, 1, (), renewed=1)
    assert told(room, SECRET[7], SECRET[8]) == [IN, OUT]
    assert refill(room.office, anew=False) == Refilled(0, 1, ())
    assert "quotes --index" not in run("doctor", "--lang", "zh", DINGMI_OFFICE=office).stdout


def test_what_cannot_be_placed_anew_has_the_level_of_the_document(room: Room) -> None:
    table_room(room)
    made_old(room, IndexedPoint("1", "秘密", 0, 400))
    assert told(room, SECRET[8])[0][0] == "秘密"
    shutil.rmtree(room.drafts)
    shutil.rmtree(room.out)
    office = str(room.office.folder)
    done = run("quotes", "--index", "--lang", "zh", DINGMI_OFFICE=office)
    assert done.returncode == ExitCode.OK
    assert "按文件的密级：" in done.stderr + done.stdout
    assert told(room, SECRET[7], SECRET[8]) == [OUT, OUT]


def test_without_its_record_nobody_knows_where_a_point_stands(room: Room) -> None:
    table_room(room)
    made_old(room, IndexedPoint("1", "秘密", 0, 400))
    shutil.rmtree(room.office.approvals)
    (text,) = QuoteIndex(room.office.folder, room.office.secret()).texts()
    number = text.approval_number
    assert refill(room.office, anew=False) == Refilled(0, 1, (), (), 1, (number,))
    assert told(room, SECRET[7]) == [OUT]
    assert refill(room.office, anew=True) == Refilled(1, 0, (), (), 0, (number,))
    assert told(room, SECRET[7]) == [OUT]


@pytest.mark.parametrize("name", ["源.docx", "源.pdf"])
def test_a_marked_file_places_points_as_its_draft_did(room: Room, name: str) -> None:
    """The marks are taken out for that: they stand among the words, and may move a page."""
    table = [["项目", "内容"], ["一", SECRET[7]]]
    if name == "源.docx":
        marked(room, word_file(SECRET[:3], table), point(cell(2, 2, begins=SECRET[7][:6])))
    else:
        marked(room, pdf_file(SECRET[:5]), point(a_box(3, 2)), name=name)
    index = QuoteIndex(room.office.folder, room.office.secret())
    before = list(index.texts())
    shutil.rmtree(room.drafts)
    assert refill(room.office, anew=True) == Refilled(1, 0, ())
    assert list(index.texts()) == before
    made_old(room)
    assert refill(room.office, anew=False) == Refilled(0, 1, (), renewed=1)
    assert list(index.texts()) == before


def test_a_text_that_reads_otherwise_than_it_was_indexed_has_no_points(room: Room) -> None:
    table_room(room)
    made_old(room)
    index = QuoteIndex(room.office.folder, room.office.secret())
    (text,) = index.texts()
    other = replace(text, draft_sm3="00" * 32)
    assert not index.has_sketch(other, b"")  # type: ignore[arg-type]
    (shelf,) = index.shelves()
    sketch = shelf.shelf.sketch.copy()
    sketch[3] ^= 1
    assert not index.has_sketch(text, sketch)


def test_the_command_tells_what_reaches_beyond_a_point(room: Room) -> None:
    table_room(room)
    draft = room.folder / "引.docx"
    draft.write_bytes(word_file([*OWN[:3], SECRET[7] + "二" + SECRET[8], OWN[4]]))
    office = str(room.office.folder)
    shown = run("quotes", draft, "--lang", "zh", DINGMI_OFFICE=office).stdout
    assert "部分属于密点 1" in shown and "机密" in shown
    assert '"beyond_points": true' in run("quotes", draft, "--json", DINGMI_OFFICE=office).stdout
