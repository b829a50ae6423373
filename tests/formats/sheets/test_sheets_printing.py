"""However a sheet is printed, its mark has true size, or the sheet is refused with the cause."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from dingmi_mark.errors import SheetSetupUnfit
from dingmi_mark.formats.base import Draft
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.store.fonts import OfficeFaces
from marking_kit import members, same_parts
from office_files_kit import needs_soffice, soffice_group
from sheets_kit import BARE_JOB, CELL, JOB, WORDS, Book, Page, saved

HANDLER = SheetHandler()
FACES = OfficeFaces({})
FIT = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
OWN = (
    '<headerFooter scaleWithDoc="0"><oddHeader>&amp;R样例题头</oddHeader>'
    "<oddFooter>&amp;C第&amp;P页</oddFooter></headerFooter>"
)
WIDE = Page(
    rows=60,
    columns=26,
    front=FIT,
    setup='<pageSetup paperSize="9" fitToWidth="1" fitToHeight="0"/>',
)
ON_ONE = Page(rows=150, columns=20, front=FIT, setup='<pageSetup paperSize="9"/>')


NUMBERED = "<headerFooter><oddFooter>&amp;C第&amp;P页，共&amp;N页</oddFooter></headerFooter>"


def scaled(percent: int) -> Page:
    return Page(rows=4, first_row=60, setup=f'<pageSetup paperSize="9" scale="{percent}"/>')


def marked(folder: Path, book: Book) -> tuple[Path, Path]:
    """Return a draft and the same with the rows of the mark."""
    draft, target = saved(folder, book, "draft.xlsx"), folder / "marked.xlsx"
    HANDLER.mark(draft, target, BARE_JOB, FACES)
    return draft, target


def sheet(path: Path) -> str:
    return members(path)["xl/worksheets/sheet1.xml"].decode()


def inspected(folder: Path, page: Page, names: str = "") -> Draft:
    return HANDLER.inspect(saved(folder, Book((page,), names=names), "draft.xlsx"))


# ── the size of the mark ─────────────────────────────────────────────────────────────────────


def test_the_header_of_a_scaled_sheet_is_given_larger(tmp_path: Path) -> None:
    _, target = marked(tmp_path, Book((scaled(50),)))
    assert "&amp;32&amp;" in sheet(target) and "scaleWithDoc" not in sheet(target)
    assert not HANDLER.inspect(target).remarks


@pytest.mark.parametrize(
    "page",
    [WIDE, ON_ONE, replace(WIDE, header='<headerFooter alignWithMargins="0"/>')],
    ids=["wide", "on-one", "aligned"],
)
def test_the_header_of_a_fitted_sheet_keeps_its_own_size(tmp_path: Path, page: Page) -> None:
    draft, target = marked(tmp_path, Book((page, Page())))
    assert "&amp;16&amp;" in sheet(target) and 'scaleWithDoc="false"' in sheet(target)
    (remark,) = HANDLER.inspect(draft).remarks
    assert remark.params["numbers"] == "1" and "LibreOffice" in remark.msgid
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(draft).content_digest
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(target, clean)
    assert same_parts(members(draft), members(clean))


@pytest.mark.parametrize(
    "page",
    [replace(WIDE, header=OWN), replace(scaled(50), header=OWN)],
    ids=["fitted", "scaled"],
)
def test_a_header_that_keeps_its_size_is_left_so(tmp_path: Path, page: Page) -> None:
    draft, target = marked(tmp_path, Book((page,)))
    assert "&amp;16&amp;" in sheet(target) and 'scaleWithDoc="0"' in sheet(target)
    assert HANDLER.inspect(draft).remarks
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(target, clean)
    assert same_parts(members(draft), members(clean))


@pytest.mark.parametrize("value", ["0", "false"])
def test_an_empty_header_that_keeps_its_size_is_not_taken_for_ours(
    tmp_path: Path, value: str
) -> None:
    page = replace(WIDE, header=f'<headerFooter scaleWithDoc="{value}"/>')
    _, target = marked(tmp_path, Book((page,)))
    assert 'scaleWithDoc="0"' in sheet(target)
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(target, clean)
    assert 'scaleWithDoc="0"' in sheet(clean) and "机密" not in sheet(clean)


def test_a_fitted_sheet_whose_mark_is_scaled_after_all_does_not_bear_it(tmp_path: Path) -> None:
    """LibreOffice leaves the attribute out when it saves a file anew."""
    _, target = marked(tmp_path, Book((WIDE,)))
    altered = saved(
        tmp_path, Book(more=members_with(target, b' scaleWithDoc="false"', b"")), "altered.xlsx"
    )
    whole, found = HANDLER.inspect(target).embedded, HANDLER.inspect(altered)
    assert whole is not None and all(whole.levels.values())
    assert found.embedded is not None and not found.embedded.levels["drawing"]
    assert found.drawn_digest != HANDLER.inspect(target).drawn_digest


def test_another_scale_makes_other_marks(tmp_path: Path) -> None:
    """The letters are the same; on paper they are smaller."""
    _, target = marked(tmp_path, Book((scaled(50),)))
    smaller = Book(more=members_with(target, b'scale="50"', b'scale="20"'))
    altered = saved(tmp_path, smaller, "altered.xlsx")
    before, after = HANDLER.inspect(target), HANDLER.inspect(altered)
    assert after.content_digest == before.content_digest
    assert after.drawn_digest != before.drawn_digest


def members_with(path: Path, old: bytes, new: bytes) -> dict[str, bytes]:
    """The parts of a workbook with the first sheet altered."""
    content = members(path)
    part = "xl/worksheets/sheet1.xml"
    assert old in content[part]
    return {**content, part: content[part].replace(old, new)}


@needs_soffice
@soffice_group
@pytest.mark.parametrize(
    "page",
    [
        WIDE,
        replace(ON_ONE, header=NUMBERED),
        replace(ON_ONE, header=OWN),
        scaled(50),
        replace(scaled(50), header=OWN),
    ],
    ids=["wide", "on-one", "own-header", "scaled", "scaled-own"],
)
def test_on_paper_the_mark_has_true_size_and_cells_stay(tmp_path: Path, page: Page) -> None:
    """As Excel prints it: LibreOffice, which scales every header, is given a copy to show."""
    draft, target = marked(tmp_path, Book((page, Page())))
    with HANDLER.view(draft) as before, HANDLER.view(target) as after:
        assert before is not None and after is not None
        assert len(before.sizes) == len(after.sizes) == 2
        for number in range(2):
            (head,) = [one for one in after.lines(number) if one.text == WORDS]
            assert head.size_pt is not None and abs(head.size_pt - 16) < 0.4
        cells = [one.box for one in before.lines(0) if one.text.startswith(CELL[:3])]
        there = [one.box for one in after.lines(0) if one.text.startswith(CELL[:3])]
        assert cells and len(cells) == len(there)
        assert all(
            one is not None
            and other is not None
            and abs(one.y - other.y) + abs(one.x - other.x) < 0.1
            for one, other in zip(cells, there, strict=True)
        )


# ── what is refused ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "header",
    [
        "<oddHeader>&amp;C样例</oddHeader>",
        "<oddHeader>&amp;R&amp;G</oddHeader>",
        "<oddHeader>&amp;P</oddHeader>",
        "<oddFooter>&amp;C样例：虚构的单位虚构的页脚</oddFooter>",
        "<oddFooter>&amp;L样例\n第二行</oddFooter>",
        "<oddFooter>&amp;L&amp;20&amp;P</oddFooter>",
        "<oddFooter>&amp;L&amp;F</oddFooter>",
        "<evenFooter>&amp;R&amp;G</evenFooter>",
    ],
)
def test_a_fitted_sheet_with_a_scaled_header_of_its_own_is_refused(
    tmp_path: Path, header: str
) -> None:
    """It would be printed larger, or the mark smaller."""
    page = replace(WIDE, header=f"<headerFooter>{header}</headerFooter>")
    with pytest.raises(SheetSetupUnfit) as raised:
        inspected(tmp_path, page)
    assert raised.value.params["number"] == 1 and "fitted" in str(raised.value)


def test_a_footer_without_room_for_its_own_size_is_refused(tmp_path: Path) -> None:
    low = WIDE.margins.replace('bottom="0.75"', 'bottom="0.4"')
    with pytest.raises(SheetSetupUnfit):
        inspected(tmp_path, replace(WIDE, header=NUMBERED, margins=low))


@pytest.mark.parametrize("off", ["", ' scaleWithDoc="0"'])
def test_a_short_footer_goes_with_the_mark_and_that_is_said(tmp_path: Path, off: str) -> None:
    header = NUMBERED.replace("<headerFooter", f"<headerFooter{off}")
    draft, target = marked(tmp_path, Book((replace(WIDE, header=header),)))
    told = [remark.msgid for remark in HANDLER.inspect(draft).remarks]
    assert any("footer" in one for one in told) is not bool(off)
    assert ("false" in sheet(target)) is not bool(off)
    assert not any("footer" in one.msgid for one in HANDLER.inspect(target).remarks)
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(target, clean)
    assert same_parts(members(draft), members(clean))


def test_codes_that_show_nothing_do_not_count(tmp_path: Path) -> None:
    header = "<headerFooter><oddHeader>&amp;L&amp;C&amp;11 &amp;R</oddHeader></headerFooter>"
    assert inspected(tmp_path, replace(WIDE, header=header)).head is not None


@pytest.mark.parametrize(
    "setup", ['scale="0"', 'scale="9"', 'scale="401"', 'scale="-50"', 'scale="1e2"', 'scale=""']
)
def test_a_scale_that_no_program_prints_is_refused(tmp_path: Path, setup: str) -> None:
    with pytest.raises(SheetSetupUnfit) as raised:
        inspected(tmp_path, Page(setup=f'<pageSetup paperSize="9" {setup}/>'))
    assert setup in str(raised.value)


@pytest.mark.parametrize(
    "setup",
    ['fitToHeight="-1"', 'fitToWidth="99999999999999999999"', 'fitToWidth="∞"', 'fitToHeight="½"'],
)
def test_a_number_of_pages_that_is_none_is_refused(tmp_path: Path, setup: str) -> None:
    with pytest.raises(SheetSetupUnfit):
        inspected(tmp_path, replace(WIDE, setup=f'<pageSetup paperSize="9" {setup}/>'))


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e400", "50", "", "1,5", "²"])
@pytest.mark.parametrize("side", ["left", "top", "footer"])
def test_a_margin_that_is_none_is_refused(tmp_path: Path, side: str, value: str) -> None:
    margins = Page().margins
    start = margins.index(f'{side}="') + len(side) + 2
    wrong = margins[:start] + value + margins[margins.index('"', start) :]
    with pytest.raises(SheetSetupUnfit):
        inspected(tmp_path, Page(margins=wrong))


def test_margins_that_leave_no_paper_give_no_place(tmp_path: Path) -> None:
    margins = Page().margins.replace('left="0.7"', 'left="48"')
    head = inspected(tmp_path, Page(margins=margins)).head
    assert head is not None and head.body is None


# ── where a stamp may stand ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "page",
    [
        Page(before='<printOptions horizontalCentered="1"/>'),
        Page(before='<printOptions headings="true"/>'),
        Page(setup='<pageSetup paperSize="77"/>'),
        Page(setup='<pageSetup paperSize="nan"/>', front=FIT),
        WIDE,
        Page(front='<cols><col min="3" max="2" width="9"/><col min="2" max="16384"/></cols>'),
        Page(front='<cols><col min="-4" max="9" width="9"/></cols>'),
        Page(header='<rowBreaks><brk id="0"/></rowBreaks>'),
        Page(header='<colBreaks><brk id="x"/></colBreaks>'),
    ],
    ids=["centred", "headings", "paper", "paper-fitted", "fitted", "columns", "column", "row-break",
         "column-break"],
)  # fmt: skip
def test_nothing_floats_where_its_place_is_not_sure(tmp_path: Path, page: Page) -> None:
    head = inspected(tmp_path, page).head
    assert head is not None and head.body is None


def area(text: str, name: str = "Print_Area") -> str:
    entry = f'<definedName name="_xlnm.{name}" localSheetId="0">{text}</definedName>'
    return f"<definedNames>{entry}</definedNames>"


@pytest.mark.parametrize(
    "names",
    [
        area("表1!$B$2:$C$9"),
        area("表1!$A$1:$C$9,表1!$E$1:$F$9"),
        area("表2!$A$1:$H$99"),
        area("#REF!"),
        area(""),
        area("OFFSET(表1!$A$1,0,0,9,9)"),
        area("表1!$A$1:$ZZZ$0"),
        pytest.param(area("'" * 999_999, "Print_Titles"), id="long"),
        area("表1!$2:$3", "Print_Titles"),
        area("表1!$A:$B,表2!$1:$1", "Print_Titles"),
        area("表1!$B:$B,表1!$1:$1", "Print_Titles"),
    ],
)
def test_nothing_floats_beside_what_does_not_begin_where_the_sheet_does(
    tmp_path: Path, names: str
) -> None:
    head = inspected(tmp_path, Page(), names).head
    assert head is not None and head.body is None


@pytest.mark.parametrize(
    ("names", "page"),
    [
        (area("表1!$A$1:$H$60"), Page()),
        (area("'表1'!$A:$H"), Page()),
        (area("表1!$1:$60"), Page(before='<colBreaks><brk id="8" man="1"/></colBreaks>')),
        (area("表1!$1:$2", "Print_Titles"), Page()),
        (area("表1!$A:$B,表1!$1:$2", "Print_Titles"), Page()),
        (area("表2!$B$2:$C$9").replace('Id="0"', 'Id="1"'), Page()),
    ],
)
def test_a_part_that_begins_where_the_sheet_does_leaves_a_place(
    tmp_path: Path, names: str, page: Page
) -> None:
    whole, head = inspected(tmp_path, Page()).head, inspected(tmp_path, page, names).head
    assert whole is not None and head is not None and whole.body is not None
    assert head.body is not None and head.body.within(whole.body)


def test_a_stamp_stays_within_what_is_printed(tmp_path: Path) -> None:
    usual = '<sheetFormatPr defaultRowHeight="15"/>'
    rows = inspected(tmp_path, Page(front=usual), area("表1!$A$1:$D$20")).head
    assert rows is not None and rows.body is not None
    assert rows.body.width < 4 * 17.5 and 90 < rows.body.height < 20 * 15 * 0.353
    half = inspected(tmp_path, Page(front=usual, setup=scaled(50).setup), area("表1!$A$1:$D$20"))
    assert half.head is not None and half.head.body is not None
    assert half.head.body.height == pytest.approx(rows.body.height / 2)
    zero = '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>'
    hidden = inspected(tmp_path, Page(front=zero), area("表1!$A$1:$D$20")).head
    assert hidden is not None and hidden.body is None


@needs_soffice
@soffice_group
@pytest.mark.parametrize("percent", [50, 85, 130])
def test_a_stamp_on_a_scaled_sheet_has_true_size_at_its_place(tmp_path: Path, percent: int) -> None:
    draft, target = saved(tmp_path, Book((scaled(percent),)), "draft.xlsx"), tmp_path / "m.xlsx"
    HANDLER.mark(draft, target, JOB, FACES)
    with HANDLER.view(target) as pages:
        assert pages is not None
        (told,) = (one for one in pages.lines(0) if one.text == "定密戳记")
        assert told.box is not None and told.size_pt is not None
        assert abs(told.box.x - 92) < 0.5 and abs(told.box.y - 31) < 1.5
        assert abs(told.size_pt - 9) < 0.2
    shape = etree.fromstring(members(target)["xl/drawings/dingmi-1.xml"])
    sizes = shape.xpath("//@sz")
    assert isinstance(sizes, list) and sizes and set(sizes) == {str(round(90_000 / percent))}
    clean = tmp_path / "clean.xlsx"
    HANDLER.clean(target, clean)
    assert same_parts(members(draft), members(clean))
