"""Landmarks, free places, typed marks and the comparison of ink, on rendered pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dingmi_mark.domain.terms import ForMonths, ForYears, Marking, SecrecyLevel
from dingmi_mark.engine.shapes import WHITE, Block, Box, TextRun
from dingmi_mark.engine.template import Anchor, Pages, Slot, WhenDark, WhenTaken
from dingmi_mark.errors import PlaceTaken, TypedMarkConflict
from dingmi_mark.formats.base import PageView, TextLine
from dingmi_mark.formats.pdf.view import open_pdf_view
from dingmi_mark.pipeline.ink import compare
from dingmi_mark.pipeline.landmarks import find_landmarks
from dingmi_mark.pipeline.places import Footing, Settled, settled
from dingmi_mark.pipeline.typed import adopt_typed
from dingmi_mark.store.fonts import BUNDLED, OfficeFaces
from record_kit import record, with_draft

FACES = OfficeFaces({})
MARKING = Marking(SecrecyLevel.HIGHLY_SECRET, ForYears(10))
WANTED = {"mark": "机密★10年", "copy_number": "000001", "urgency": "特急"}


def block(x: float = 28, y: float = 47.227, text: str = "机密★10年", size: float = 16) -> Block:
    em = size * 25.4 / 72
    width = FACES.advance_mm(text, "heiti", size)
    box = Box(x, y, width, em)
    return Block(
        "mark", box, (TextRun(text, box, y + FACES.baseline("heiti") * em, "heiti", size),)
    )


def slot(**more: object) -> Slot:
    plain = Slot("mark", Pages.FIRST, Anchor.TOP_LEFT, 28, 47.227, 60, 6, ())
    return replace(plain, **more)  # type: ignore[arg-type]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[PageView]:
    """A page with a red double rule at 60 mm, a title on two lines, and a line of text at 150."""
    import pymupdf

    mm = 72 / 25.4
    document = pymupdf.open()
    sheet = document.new_page(width=210 * mm, height=297 * mm)
    for y, line in ((60, 1.0), (61.5, 0.3)):
        sheet.draw_line((20 * mm, y * mm), (190 * mm, y * mm), color=(0.9, 0, 0), width=line * mm)
    font = pymupdf.Font(fontfile=str(BUNDLED))
    writer = pymupdf.TextWriter(sheet.rect)
    writer.append((60 * mm, 100 * mm), "样例：关于示例", font, 22)
    writer.append((60 * mm, 112 * mm), "事项的通知", font, 22)
    writer.append((28 * mm, 150 * mm), "正文从这里开始，内容虚构。", font, 16)
    writer.write_text(sheet)
    document.save(tmp_path / "page.pdf")
    with open_pdf_view(tmp_path / "page.pdf") as view:
        yield view


def test_the_first_red_rule_is_found_at_its_foot_both_lines_of_it(page: PageView) -> None:
    """R17: 信函 marks stand under the first red double rule."""
    found = find_landmarks([slot(anchor=Anchor.BELOW_RED_RULE)], record().draft, page)
    assert found[Anchor.BELOW_RED_RULE] == pytest.approx(61.65, abs=0.4)


def test_a_title_over_two_lines_is_found_at_its_foot(page: PageView) -> None:
    """R19: drawings are marked below the title."""
    found = find_landmarks([slot(anchor=Anchor.BELOW_TITLE)], record().draft, page)
    assert found[Anchor.BELOW_TITLE] == pytest.approx(114, abs=2)


def test_the_records_own_height_goes_first(page: PageView) -> None:
    draft = with_draft(record(), landmark_y_mm=33.0).draft
    assert find_landmarks([slot(anchor=Anchor.BELOW_TITLE)], draft, None) == {
        Anchor.BELOW_TITLE: 33.0
    }


def test_a_title_that_is_not_there_is_not_found(page: PageView) -> None:
    draft = with_draft(record(), title="别的标题").draft
    assert find_landmarks([slot(anchor=Anchor.BELOW_TITLE)], draft, page) == {}


def test_a_free_place_is_used_as_it_is(page: PageView) -> None:
    assert settled(block(), slot(), 0, page, []) == Settled(block(), 0.0, Footing.FREE)


def test_a_taken_place_stops(page: PageView) -> None:
    """R21: never overprint; stop or shift."""
    with pytest.raises(PlaceTaken) as caught:
        settled(block(y=146), slot(), 0, page, [])
    assert "draft.form" in str(caught.value.advice), "that is how a template is chosen"


def test_a_taken_place_shifts_where_the_template_says_so(page: PageView) -> None:
    shifting = slot(when_taken=WhenTaken.SHIFT_DOWN, shift_mm=10.227, shift_max_mm=40.0)
    found = settled(block(y=146), shifting, 0, page, [])
    assert found.dy == pytest.approx(10.227)
    assert found.block.box.y == pytest.approx(156.227)


@pytest.fixture
def faint_page(tmp_path: Path) -> Iterator[PageView]:
    """A page with words in a tenth of black, at 47 mm and at 57 mm, and a pale field from 70 mm."""
    import pymupdf

    mm = 72 / 25.4
    document = pymupdf.open()
    sheet = document.new_page(width=210 * mm, height=297 * mm)
    writer = pymupdf.TextWriter(sheet.rect)
    for y in (52, 62):
        writer.append((28 * mm, y * mm), "样例：浅色的水印文字", pymupdf.Font("cjk"), 16)
    writer.write_text(sheet, color=(0.9, 0.9, 0.9))
    sheet.draw_rect((0, 70 * mm, 210 * mm, 100 * mm), color=None, fill=(0.95, 0.95, 0.95))
    document.save(tmp_path / "faint.pdf")
    with open_pdf_view(tmp_path / "faint.pdf") as view:
        yield view


def test_words_in_light_grey_are_avoided_where_the_template_shifts(faint_page: PageView) -> None:
    shifting = slot(when_taken=WhenTaken.SHIFT_DOWN, shift_mm=2.0, shift_max_mm=100.0)
    found = settled(block(), shifting, 0, faint_page, [])
    assert found.footing is Footing.FREE
    assert found.block.box.y > 62


def test_where_nothing_else_is_free_a_mark_stands_on_a_watermark_and_that_is_told(
    faint_page: PageView,
) -> None:
    assert settled(block(), slot(), 0, faint_page, []) == Settled(block(), 0.0, Footing.FAINT)


def test_ground_of_one_pale_colour_is_free(faint_page: PageView) -> None:
    assert settled(block(y=80), slot(), 0, faint_page, []).footing is Footing.FREE


def test_under_an_annotation_is_no_place(page: PageView) -> None:
    above = (Box(20, 40, 50, 12),)
    with pytest.raises(PlaceTaken):
        settled(block(), slot(), 0, page, [], above)
    shifting = slot(when_taken=WhenTaken.SHIFT_DOWN, shift_mm=10.0, shift_max_mm=40.0)
    assert settled(block(), shifting, 0, page, [], above).dy == 20.0


def test_on_dark_ground_a_mark_is_white_where_the_template_says_so(tmp_path: Path) -> None:
    import pymupdf

    document = pymupdf.open()
    sheet = document.new_page()
    sheet.draw_rect(sheet.rect, color=None, fill=(0.05, 0.05, 0.2))
    document.save(tmp_path / "dark.pdf")
    with open_pdf_view(tmp_path / "dark.pdf") as view:
        with pytest.raises(PlaceTaken):
            settled(block(), slot(), 0, view, [])
        found = settled(block(), slot(when_dark=WhenDark.REVERSE), 0, view, [])
    assert (found.white, found.footing) == (True, Footing.FREE)
    assert {shape.colour for shape in found.block.shapes} == {WHITE}


def test_what_was_wrong_with_another_file_is_not_held_against_a_page(tmp_path: Path) -> None:
    """MuPDF tells how often it warned of something only when it is asked, or warns of another."""
    import pymupdf

    document = pymupdf.open()
    document.new_page()
    document.save(tmp_path / "sound.pdf")
    for _ in range(3):
        pymupdf.mupdf.fz_warn("a glyph of another file")
    with open_pdf_view(tmp_path / "sound.pdf") as view:
        assert view.is_sound(0)


def test_no_mark_is_white_on_a_picture_that_is_dark_by_a_fault(tmp_path: Path) -> None:
    """MuPDF shows the missing data as black; poppler shows white paper, and no white mark."""
    import pikepdf

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        picture = pdf.make_stream(b"\0" * 10)
        picture.update(
            {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 100}
            | {"/Height": 100, "/BitsPerComponent": 8, "/ColorSpace": pikepdf.Name.DeviceGray}
        )
        page = pdf.pages[0].obj
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=picture))
        page.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Im Do Q")
        pdf.save(tmp_path / "dark.pdf")
    with open_pdf_view(tmp_path / "dark.pdf") as view:
        assert view.picture(0, Box(20, 40, 50, 12), 30).getextrema() == ((0, 0),) * 3
        with pytest.raises(PlaceTaken):
            settled(block(), slot(when_dark=WhenDark.REVERSE), 0, view, [])


def test_on_white_ground_no_mark_is_white(page: PageView) -> None:
    assert not settled(block(), slot(when_dark=WhenDark.REVERSE), 0, page, []).white
    with pytest.raises(PlaceTaken):
        settled(block(y=146), slot(when_dark=WhenDark.REVERSE), 0, page, [])


def test_no_mark_stands_on_another(page: PageView) -> None:
    with pytest.raises(PlaceTaken):
        settled(block(), slot(), 0, page, [block(x=30)])


def line(
    text: str, x: float = 28, y: float = 47.227, size: float = 16, face: str = "SimHei"
) -> TextLine:
    return TextLine(text, 0, Box(x, y, 30, size * 25.4 / 72), face, size)


def test_typed_text_may_stand_anywhere_in_its_row() -> None:
    """Word sets it low in a line of 225/22 mm."""
    adopted = adopt_typed([line("机密★10年", y=51.0)], MARKING, WANTED, {"mark": block()})
    assert len(adopted["mark"].remarks) == 1


def test_what_equals_the_record_is_adopted_without_findings() -> None:
    adopted = adopt_typed([line("机密★10年")], MARKING, WANTED, {"mark": block()})
    assert adopted["mark"].shown.adopted
    assert len(adopted["mark"].remarks) == 1


@pytest.mark.parametrize(
    ("typed", "about"),
    [
        (line("机密 ★ 10年"), "spelled"),
        (line("机密*10年"), "spelled"),
        (line("密级：机密★10年", x=40), "mm off"),
        (line("机密★10年", y=54), "mm off"),
        (line("机密★10年", y=45), "mm off"),
        (line("机密★10年", size=14), "14 pt"),
        (line("机密★10年", face="FangSong"), "黑体"),
    ],
)
def test_findings_about_a_typed_mark(typed: TextLine, about: str) -> None:
    adopted = adopt_typed([typed], MARKING, WANTED, {"mark": block()})
    assert any(about in str(remark) for remark in adopted["mark"].remarks)


@pytest.mark.parametrize(
    "text", ["秘密★10年", "机密★5年", "机密★", "机密", "绝密★长期", "秘密 10年"]
)
def test_a_typed_mark_that_differs_is_a_conflict(text: str) -> None:
    with pytest.raises(TypedMarkConflict):
        adopt_typed([line(text)], MARKING, WANTED, {"mark": block()})


def test_periods_that_say_the_same_are_no_conflict() -> None:
    """R4: 12个月 is 1年."""
    marking = Marking(SecrecyLevel.SECRET, ForMonths(12))
    assert adopt_typed([line("秘密★1年")], marking, WANTED, {"mark": block()})


@pytest.mark.parametrize(
    "text", ["按机密级管理", "机密文件的保管", "国家秘密", "2026", "关于特急事项"]
)
def test_running_text_is_no_mark(text: str) -> None:
    assert adopt_typed([line(text)], MARKING, WANTED, {"mark": block()}) == {}


def test_a_bare_level_far_down_is_no_mark() -> None:
    """A cell of a table that says 秘密."""
    assert adopt_typed([line("秘密", y=110)], MARKING, WANTED, {"mark": block()}) == {}


def test_typed_number_and_urgency() -> None:
    expected = {"mark": block(), "urgency": block(y=57.455), "copy_number": block(y=37)}
    adopted = adopt_typed([line("特急", y=57.455), line("000001", y=37)], MARKING, WANTED, expected)
    assert set(adopted) == {"urgency", "copy_number"}
    with pytest.raises(TypedMarkConflict):
        adopt_typed([line("加急", y=57.455)], MARKING, WANTED, expected)
    assert adopt_typed([line("510000", y=200)], MARKING, WANTED, expected) == {}


class Drawn:
    """The page with a block painted on it, as a marked file would show it."""

    def __init__(self, page: PageView, painted: Block | None) -> None:
        self.page, self.painted = page, painted

    @property
    def sizes(self):  # type: ignore[no-untyped-def]
        return self.page.sizes

    def lines(self, page: int) -> tuple[TextLine, ...]:
        return ()

    def is_sound(self, page: int) -> bool:
        return True

    def picture(self, page: int, clip: Box, dpi: int):  # type: ignore[no-untyped-def]
        from dingmi_mark.pipeline.ink import _drawn

        clean = self.page.picture(page, clip, dpi)
        return clean if self.painted is None else _drawn(clean, (self.painted,), clip, FACES)


@pytest.mark.parametrize(
    ("painted", "agrees"),
    [
        (block(), True),
        (block(x=28.1), True),
        (None, False),
        (block(x=28.6), False),
        (block(y=48.2), False),
        (block(size=15), False),
        (block(text="秘密★10年"), False),
        (block(text="机密★10年密"), False),
        (block(text="机密★18年"), False),
        (block(text="绝密★10年"), False),
    ],
)
def test_ink_missing_moved_shrunk_or_other_is_seen(
    page: PageView, painted: Block | None, agrees: bool
) -> None:
    """A mark that is 2 mm off, shrunk or covered is a wrong mark; so is half a millimetre."""
    comparison = compare(page, Drawn(page, painted), 0, block(), FACES)
    assert comparison.agrees is agrees, comparison
    assert str(comparison.cause("mark", 1))
