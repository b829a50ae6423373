"""Marking a workbook changes what must change and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.page import PageMargins

from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftLocked,
    DraftProtected,
    DraftSigned,
    DraftTooCostly,
    DraftUnsupported,
    PointUnsupported,
    SheetSetupUnfit,
)
from dingmi_mark.formats.base import Access, FormatHandler
from dingmi_mark.formats.docx.package import Limits
from dingmi_mark.formats.sheets import SHEET_HANDLERS, SheetHandler
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.store.fonts import OfficeFaces
from marking_kit import members, same_parts
from office_files_kit import needs_soffice, soffice_group
from sheets_kit import BARE_JOB, BOX, CARRIERS, CELL, JOB, MACROS, VBA, WORDS, Book, Page, saved

HANDLER = SheetHandler()
FACES = OfficeFaces({})
HEADER = (
    "<headerFooter><oddHeader>&amp;C样例题头&amp;R第&amp;P页</oddHeader>"
    "<oddFooter>&amp;C样例页脚</oddFooter></headerFooter>"
)
DIFFERENT = (
    '<headerFooter differentOddEven="1" differentFirst="1"><oddHeader>&amp;C单</oddHeader>'
    "<evenFooter>&amp;C双</evenFooter></headerFooter>"
)
THREE = Book((Page(rows=4, first_row=15), Page(header=HEADER, shapes=BOX), Page(state="hidden")))


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return saved(tmp_path, THREE)


@pytest.fixture
def marked(draft: Path, tmp_path: Path) -> Path:
    target = tmp_path / "marked.xlsx"
    HANDLER.mark(draft, target, JOB, FACES)
    return target


# ── what is changed ──────────────────────────────────────────────────────────────────────────


def test_it_is_a_format_handler() -> None:
    handler: FormatHandler = HANDLER
    assert (handler.name, handler.suffixes, handler.flows) == ("XLSX", (".xlsx",), False)
    assert handler.shown_by_others and not handler.adds_strips


def test_inspection_tells_where_marks_may_stand_and_what_is_hidden(draft: Path) -> None:
    found = HANDLER.inspect(draft)
    assert [(page.width, page.height) for page in found.pages] == [(210.0, 297.0)]
    assert found.head is not None and found.head.body is not None
    assert (round(found.head.line.x, 2), round(found.head.line.y, 2)) == (17.78, 7.62)
    assert found.head.body.right < 210 - 17.78
    assert found.embedded is None and not found.drawn_digest
    (remark,) = found.remarks
    assert remark.params["numbers"] == "3"


def test_only_sheets_and_the_label_change(draft: Path, marked: Path) -> None:
    before, after = members(draft), members(marked)
    touched = {name for name in before if before[name] != after[name]}
    assert touched == {
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        *(f"xl/worksheets/sheet{number}.xml" for number in (1, 2, 3)),
    }
    added = set(after) - set(before)
    assert {"docProps/custom.xml", "customXml/item1.xml", "customXml/itemProps1.xml"} <= added
    assert {"xl/drawings/dingmi-1.xml", "xl/worksheets/_rels/sheet1.xml.rels"} <= added


def test_every_sheet_bears_the_words_and_keeps_its_header(marked: Path) -> None:
    """Read by another program's reader, as an author would see it."""
    book = openpyxl.load_workbook(marked)
    for sheet in book.worksheets:
        assert "机密★10年" in str(sheet.oddHeader.left.text)
    second = book.worksheets[1]
    assert second.oddHeader.center.text == "样例题头" and second.oddFooter.center.text == "样例页脚"


def test_first_and_even_pages_bear_the_words_where_they_differ(tmp_path: Path) -> None:
    draft, target = saved(tmp_path, Book((Page(header=DIFFERENT),))), tmp_path / "marked.xlsx"
    HANDLER.mark(draft, target, BARE_JOB, FACES)
    sheet = etree.fromstring(members(target)["xl/worksheets/sheet1.xml"])
    holder = next(each for each in sheet if etree.QName(each).localname == "headerFooter")
    assert [etree.QName(each).localname for each in holder] == [
        "oddHeader", "evenHeader", "evenFooter", "firstHeader",
    ]  # fmt: skip
    assert [each.text.count("机密★10年") for each in holder if each.text] == [1, 1, 0, 1]
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(target, clean)
    assert same_parts(members(draft), members(clean))


def test_the_same_draft_makes_the_same_bytes(draft: Path, marked: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    HANDLER.mark(draft, again, JOB, FACES)
    assert again.read_bytes() == marked.read_bytes()


def test_the_label_is_read_back_and_the_content_is_the_same(draft: Path, marked: Path) -> None:
    before, after = HANDLER.inspect(draft), HANDLER.inspect(marked)
    assert after.embedded is not None
    assert after.embedded.marking_ids == ("marking-1",)
    assert after.embedded.records == (CARRIERS.record,)
    assert all(after.embedded.levels.values())
    assert after.content_digest == before.content_digest
    assert after.drawn_digest


def test_a_drawing_that_is_there_gets_the_stamp(tmp_path: Path) -> None:
    draft, target = saved(tmp_path, Book((Page(first_row=20, shapes=BOX),))), tmp_path / "m.xlsx"
    HANDLER.mark(draft, target, JOB, FACES)
    drawing = members(target)["xl/drawings/drawing1.xml"]
    ids = etree.fromstring(drawing).xpath("//*[local-name()='cNvPr']/@id")
    assert isinstance(ids, list) and len(ids) == len(set(ids)) > 5 and "7" in ids
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(target, clean)
    assert same_parts(members(draft), members(clean))


def test_charts_tables_and_chart_sheets_come_back_exactly(tmp_path: Path) -> None:
    """A workbook as another program writes it: a chart, a table, a comment, a sheet of a chart."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(20, 40):
        for column in range(1, 4):
            sheet.cell(row, column, "样例" if row == 20 else row * column)
    sheet["A21"].comment = Comment("样例", "起草人")
    charts = [BarChart(), BarChart()]
    for chart in charts:
        chart.add_data(Reference(sheet, min_col=1, min_row=20, max_row=39))
    sheet.add_chart(charts[0], "F30")
    alone = book.create_chartsheet()
    alone.add_chart(charts[1])
    alone.pageMargins = PageMargins()
    draft, marked, clean = (tmp_path / f"{name}.xlsx" for name in ("draft", "marked", "clean"))
    book.save(draft)
    HANDLER.mark(draft, marked, JOB, FACES)
    found = HANDLER.inspect(marked)
    assert found.embedded is not None and all(found.embedded.levels.values())
    assert found.content_digest == HANDLER.inspect(draft).content_digest
    assert "机密★10年".encode() in members(marked)["xl/chartsheets/sheet1.xml"]
    HANDLER.clean(marked, clean)
    assert same_parts(members(draft), members(clean))


def test_macros_are_carried_along_byte_for_byte(tmp_path: Path) -> None:
    draft = saved(tmp_path, Book(kind=MACROS), "draft.xlsm")
    handler = SHEET_HANDLERS[1]
    assert handler.recognises(draft) and not HANDLER.recognises(draft)
    target = tmp_path / "marked.xlsm"
    handler.mark(draft, target, BARE_JOB, FACES)
    assert members(target)["xl/vbaProject.bin"] == VBA
    assert handler.inspect(target).embedded is not None


# ── what is taken out again ──────────────────────────────────────────────────────────────────


def test_nothing_of_ours_is_left_and_all_else_is_as_it_was(
    draft: Path, marked: Path, tmp_path: Path
) -> None:
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(marked, clean)
    assert not bears_traces(clean)
    assert same_parts(members(draft), members(clean))
    found = HANDLER.inspect(clean)
    assert found.embedded is None and not found.drawn_digest
    assert found.content_digest == HANDLER.inspect(draft).content_digest


def test_marks_alone_are_taken_off_and_put_on_again(
    draft: Path, marked: Path, tmp_path: Path
) -> None:
    bare, again = tmp_path / "bare.xlsx", tmp_path / "again.xlsx"
    HANDLER.unmark(marked, bare)
    found = HANDLER.inspect(bare)
    assert found.embedded is not None and found.embedded.records == (CARRIERS.record,)
    assert not found.drawn_digest and not all(found.embedded.levels.values())
    HANDLER.mark(bare, again, JOB, FACES)
    once, twice = HANDLER.inspect(marked), HANDLER.inspect(again)
    assert (twice.content_digest, twice.drawn_digest) == (once.content_digest, once.drawn_digest)


@pytest.mark.parametrize(
    "other",
    [
        Book((Page(rows=4, first_row=15, text="样例：别的"), *THREE.pages[1:])),
        Book((Page(rows=5, first_row=15), *THREE.pages[1:])),
        Book((THREE.pages[0], THREE.pages[1], Page())),
        Book((THREE.pages[0], Page(shapes=BOX), THREE.pages[2])),
        Book((THREE.pages[0], Page(header=HEADER), THREE.pages[2])),
        Book(THREE.pages[:2]),
    ],
    ids=["words", "rows", "shown", "header", "shapes", "fewer"],
)
def test_another_content_has_another_digest(draft: Path, tmp_path: Path, other: Book) -> None:
    changed = saved(tmp_path, other, "other.xlsx")
    assert HANDLER.inspect(changed).content_digest != HANDLER.inspect(draft).content_digest


def test_words_are_read_sheet_by_sheet_without_ours(draft: Path, marked: Path) -> None:
    words = HANDLER.words(draft)
    assert words[0].rows[0].startswith(CELL)
    assert words[1].others == (
        "oddHeader &C样例题头&R第页",
        "oddFooter &C样例页脚",
        "样例：框里的话",
    )
    assert HANDLER.words(marked) == words


# ── what is refused ──────────────────────────────────────────────────────────────────────────


def test_points_have_no_place_in_sheets(draft: Path, tmp_path: Path) -> None:
    job = replace(JOB, closing_words="样例")
    with pytest.raises(PointUnsupported):
        HANDLER.mark(draft, tmp_path / "marked.xlsx", job, FACES)
    assert not (tmp_path / "marked.xlsx").exists()


_FIT = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
_VIEWS = "<customSheetViews/>"
_LONG = f"<headerFooter><oddHeader>&amp;C{'样例' * 110}</oddHeader></headerFooter>"
_PICTURE = "<headerFooter><oddHeader>&amp;R样例&amp;G</oddHeader></headerFooter>"
_TALL = "<headerFooter><oddHeader>&amp;L一\n二\n三</oddHeader></headerFooter>"


@pytest.mark.parametrize(
    ("book", "error"),
    [
        (Book((Page(), Page(front=_FIT, header=HEADER))), SheetSetupUnfit),
        (Book((Page(before=_VIEWS),)), SheetSetupUnfit),
        (Book((Page(margins=""),)), SheetSetupUnfit),
        (Book((Page(), Page(setup='<pageSetup paperSize="9" draft="1"/>'))), SheetSetupUnfit),
        (Book((Page(), Page(header=_PICTURE))), SheetSetupUnfit),
        (Book((Page(header=_LONG),)), SheetSetupUnfit),
        (Book((Page(header=_TALL),)), SheetSetupUnfit),
        (Book((Page(rows=0),)), DraftUnsupported),
        (Book((Page(state="hidden"), Page(rows=0))), DraftUnsupported),
        (Book(main='<workbookProtection lockStructure="1"/>'), DraftLocked),
        (Book(main='<fileSharing reservationPassword="CC1A"/>'), DraftLocked),
        (Book((Page(before='<sheetProtection sheet="1"/>'),)), DraftLocked),
    ],
    ids=[
        "fit", "views", "margins", "draft", "picture", "long", "tall", "empty", "nothing-shown",
        "structure", "read-only", "sheet",
    ],
)  # fmt: skip
def test_what_in_a_workbook_stands_against_marking(
    tmp_path: Path, book: Book, error: type[DingmiError]
) -> None:
    draft, target = saved(tmp_path, book), tmp_path / "marked.xlsx"
    with pytest.raises(error):
        HANDLER.inspect(draft)
        HANDLER.mark(draft, target, BARE_JOB, FACES)
    assert not target.exists()


_USUAL = b"schemas.openxmlformats.org/officeDocument/2006"
_STRICT = b"purl.oclc.org/ooxml/officeDocument"


@pytest.mark.parametrize(
    ("part", "edit", "error"),
    [
        ("_xmlsignatures/origin.sigs", lambda _: b"", DraftSigned),
        ("xl/workbook.xml", lambda x: x.replace(b'"rId2"', b'"rId99"'), DraftBroken),
        ("xl/workbook.xml", lambda x: x.replace(b'"rId2"', b'"rId1"'), DraftBroken),
        (
            "xl/_rels/workbook.xml.rels",
            lambda x: x.replace(b"/worksheet\"", b"/dialogsheet\"", 1),
            DraftUnsupported,
        ),
        ("xl/worksheets/sheet2.xml", lambda x: x.replace(b"\"rId1\"", b"\"rId7\""), DraftBroken),
        (
            "xl/sharedStrings.xml",
            lambda x: x.replace(b"<sst", b'<!DOCTYPE t [<!ENTITY e "x">]><sst', 1),
            DraftBroken,
        ),
        ("_rels/.rels", lambda x: x.replace(_USUAL, _STRICT), DraftUnsupported),
        ("../outside.xml", lambda _: b"<a/>", DraftBroken),
        ("XL/worksheets/sheet1.xml", lambda _: b"<a/>", DraftBroken),
    ],
    ids=[
        "signed", "lost-sheet", "sheet-twice", "dialogs", "lost-drawing", "entities", "strict",
        "outside", "twice",
    ],
)  # fmt: skip
def test_what_stands_against_marking(
    draft: Path, tmp_path: Path, part: str, edit: object, error: type[DingmiError]
) -> None:
    bad = tmp_path / "bad.xlsx"
    content = members(draft)
    assert callable(edit)
    content[part] = edit(content.get(part, b""))
    with zipfile.ZipFile(bad, "w") as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    with pytest.raises(error):
        HANDLER.inspect(bad)


def test_protection_is_set_aside_where_the_approval_says_so(tmp_path: Path) -> None:
    draft = saved(tmp_path, Book(main='<workbookProtection lockStructure="1"/>'))
    assert SheetHandler(access=Access(despite_restrictions=True)).inspect(draft).pages


def test_what_is_too_large_or_protected_is_refused(draft: Path, tmp_path: Path) -> None:
    with pytest.raises(DraftTooCostly):
        SheetHandler(Limits(member=100)).inspect(draft)
    locked = tmp_path / "locked.xlsx"
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    locked.write_bytes(magic + "EncryptedPackage".encode("utf-16-le"))
    assert HANDLER.recognises(locked)
    with pytest.raises(DraftProtected):
        HANDLER.inspect(locked)


# ── what is seen ─────────────────────────────────────────────────────────────────────────────


@needs_soffice
@soffice_group
def test_every_page_bears_the_mark_and_the_cells_stay(draft: Path, marked: Path) -> None:
    with HANDLER.view(draft) as before, HANDLER.view(marked) as after:
        assert before is not None and after is not None
        assert len(before.sizes) == len(after.sizes) == 2
        for page in range(2):
            heads = [one for one in after.lines(page) if one.text == WORDS]
            (head,) = heads
            assert head.box is not None and head.size_pt is not None
            assert abs(head.size_pt - 16) < 0.5 and 7 < head.box.y < 19
            places = {(one.text, one.box) for one in before.lines(page)}
            assert {place for place in places if CELL[:3] in place[0]} <= {
                (one.text, one.box) for one in after.lines(page)
            }
        (told,) = (one for one in after.lines(0) if one.text == "定密戳记")
        assert told.box is not None and abs(told.box.x - 92) < 0.5 and abs(told.box.y - 31) < 1.5


@needs_soffice
@soffice_group
def test_marks_are_known_again_after_libreoffice(draft: Path, marked: Path, tmp_path: Path) -> None:
    bare, after = (
        HANDLER.inspect(_saved_by_libreoffice(name, tmp_path / "anew")) for name in (draft, marked)
    )
    assert bare.embedded is None
    assert after.embedded is not None and after.embedded.records == (CARRIERS.record,)
    assert after.embedded.marking_ids == ("marking-1",)
    assert after.embedded.levels["drawing"] and after.embedded.levels["properties"]
    assert after.content_digest == bare.content_digest
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(tmp_path / "anew" / "marked.xlsx", clean)
    assert HANDLER.inspect(clean).embedded is None
    assert "机密★10年".encode() not in members(clean)["xl/worksheets/sheet1.xml"]


def _saved_by_libreoffice(path: Path, folder: Path) -> Path:
    program = shutil.which("soffice")
    assert program is not None
    profile = (folder.parent / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True)
    return folder / path.name
