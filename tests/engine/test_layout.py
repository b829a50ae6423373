"""Templates become shapes: places, rows, breaks, refusals. Arithmetic only."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from dingmi_mark.engine.layout import (
    PageOfMany,
    Words,
    lay_out,
    placed_elsewhere,
    shifted,
    slots_in_use,
)
from dingmi_mark.engine.shapes import Box, PageSize, TextRun, ink_box
from dingmi_mark.engine.template import (
    Align,
    Anchor,
    Pages,
    Slot,
    SlotPolicy,
    StampPlace,
    Template,
    TextItem,
    WhenOutside,
)
from dingmi_mark.errors import GlyphMissing, LandmarkNotFound, PageTooSmall, TextDoesNotFit
from dingmi_mark.store.fonts import OfficeFaces

FACES = OfficeFaces({})
A4 = PageOfMany(0, 3, PageSize(210, 297))
WORDS = Words({"mark": "机密★10年", "copy_number": "", "urgency": "特急", "organ": "示例市示范局"})


def text(words: str = "{mark}", **more: object) -> TextItem:
    return replace(TextItem(words, "heiti", 16.0), **more)  # type: ignore[arg-type]


def slot(*texts: TextItem, **more: object) -> Slot:
    usual = Slot("mark", Pages.FIRST, Anchor.TOP_LEFT, 28, 47.227, 80, 6, texts or (text(),))
    return replace(usual, **more)  # type: ignore[arg-type]


def template(*slots: Slot, **more: object) -> Template:
    return Template("t", "t", "s", "s", "d", slots, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("anchor", "x", "y"),
    [
        (Anchor.TOP_LEFT, 10, 20),
        (Anchor.TOP_CENTRE, 75, 20),
        (Anchor.TOP_RIGHT, 120, 20),
        (Anchor.MIDDLE_LEFT, 10, 165.5),
        (Anchor.MIDDLE, 75, 165.5),
        (Anchor.BOTTOM_LEFT, 10, 271),
        (Anchor.BOTTOM_RIGHT, 120, 271),
    ],
)
def test_offsets_are_measured_inward_from_the_anchor(anchor: Anchor, x: float, y: float) -> None:
    block = lay_out(slot(anchor=anchor, dx_mm=10.0, dy_mm=20.0), WORDS, A4, FACES)
    assert (block.box.x, block.box.y) == pytest.approx((x, y))


def test_landmarks_give_the_height() -> None:
    """R17: the first mark 4.94 mm below the red double rule."""
    page = replace(A4, landmarks={Anchor.BELOW_RED_RULE: 52.0})
    below = slot(anchor=Anchor.BELOW_RED_RULE, dy_mm=4.94)
    assert lay_out(below, WORDS, page, FACES).box.y == pytest.approx(56.94)
    with pytest.raises(LandmarkNotFound):
        lay_out(below, WORDS, A4, FACES)


def test_rows_without_copy_number_stay_or_move_up() -> None:
    """R16: keep row 2 by default; compact moves the rows up."""
    rows = template(
        slot(text("{copy_number}"), id="copy_number", dy_mm=37.0, optional=True, stack="三行"),
        slot(stack="三行"),
        slot(text("{urgency}"), id="urgency", dy_mm=57.455, optional=True, stack="三行"),
    )
    kept = slots_in_use(rows, WORDS, compact=False)
    assert [(one.id, one.dy_mm) for one in kept] == [("mark", 47.227), ("urgency", 57.455)]
    moved = slots_in_use(rows, WORDS, compact=True)
    assert [(one.id, one.dy_mm) for one in moved] == [("mark", 37.0), ("urgency", 47.227)]


def test_a_missing_field_of_a_slot_that_is_not_optional() -> None:
    with pytest.raises(TextDoesNotFit):
        slots_in_use(template(slot(text("{copy_number}"))), WORDS, compact=False)


def test_marks_on_other_pages_only_by_policy() -> None:
    """R23: no source requires them; off by default."""
    others = slot(id="other", pages=Pages.OTHERS, policy=SlotPolicy.OTHER_PAGE_MARKS)
    form = template(slot(), others)
    assert len(slots_in_use(form, WORDS, compact=False)) == 1
    assert len(slots_in_use(form, WORDS, compact=False, other_page_marks=True)) == 2


@pytest.mark.parametrize(
    ("pages", "taken"),
    [
        (Pages.FIRST, [True, False, False]),
        (Pages.OTHERS, [False, True, True]),
        (Pages.LAST, [False, False, True]),
        (Pages.ALL, [True, True, True]),
    ],
)
def test_which_pages_a_slot_takes(pages: Pages, taken: list[bool]) -> None:
    assert [replace(A4, number=number).takes(pages) for number in range(3)] == taken


def test_a_page_that_is_too_small_is_an_error_never_a_shrink() -> None:
    small = PageOfMany(0, 1, PageSize(60, 40))
    with pytest.raises(PageTooSmall):
        lay_out(slot(), WORDS, small, FACES)


def test_a_text_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(TextDoesNotFit):
        lay_out(slot(width_mm=20.0), WORDS, A4, FACES)


def test_a_glyph_the_font_lacks_is_an_error() -> None:
    with pytest.raises(GlyphMissing):
        lay_out(slot(text("\U0002a700")), WORDS, A4, FACES)


def test_long_texts_break_between_ideographs_and_never_inside_numbers() -> None:
    words = Words({"mark": "示例市示范局办公室2026年11月"})
    tall = slot(text(max_lines=3, size_pt=10.0), width_mm=36.0, height_mm=20.0)
    runs = [shape for shape in lay_out(tall, words, A4, FACES).shapes if isinstance(shape, TextRun)]
    assert "".join(run.text for run in runs) == "示例市示范局办公室2026年11月"
    assert len(runs) > 1
    assert all(not (a.text[-1].isdigit() and b.text[0].isdigit()) for a, b in pairwise(runs))


def test_alignment_within_the_width() -> None:
    for align, share in ((Align.LEFT, 0.0), (Align.CENTRE, 0.5), (Align.RIGHT, 1.0)):
        block = lay_out(slot(text(align=align)), WORDS, A4, FACES)
        (run,) = block.shapes
        assert isinstance(run, TextRun)
        spare = block.box.width - run.box.width
        assert run.box.x == pytest.approx(block.box.x + spare * share)


def test_the_stamp_goes_where_the_form_wants_it() -> None:
    there = placed_elsewhere(slot(), StampPlace(Anchor.TOP_RIGHT, 26, 30))
    assert (there.anchor, there.dx_mm, there.dy_mm) == (Anchor.TOP_RIGHT, 26, 30)
    assert placed_elsewhere(slot(), None) == slot()


def test_shifting_moves_box_and_ink_alike() -> None:
    block = lay_out(slot(border_mm=0.4), WORDS, A4, FACES)
    moved = shifted(block, 10)
    assert moved.box == block.box.moved(0, 10)
    assert ink_box(moved) == Box(block.box.x, block.box.y + 10, block.box.width, block.box.height)


@pytest.mark.parametrize(
    ("size", "x", "y"),
    [
        (PageSize(105, 148), 22, 47.227),
        (PageSize(210, 40), 28, 31),
        (PageSize(84, 10), 2, 2),
        (PageSize(210, 297), 28, 47.227),
    ],
)
def test_on_small_paper_a_mark_is_moved_in_at_its_true_size(
    size: PageSize, x: float, y: float
) -> None:
    inward = slot(when_outside=WhenOutside.MOVE_IN)
    block = lay_out(inward, WORDS, PageOfMany(0, 1, size), FACES)
    assert (block.box.x, block.box.y) == pytest.approx((x, y))
    (run,) = block.shapes
    assert isinstance(run, TextRun)
    assert run.size_pt == 16
    assert block.box.within(size.box)


def test_paper_that_cannot_hold_the_mark_is_refused_all_the_same() -> None:
    inward = slot(when_outside=WhenOutside.MOVE_IN)
    with pytest.raises(PageTooSmall):
        lay_out(inward, WORDS, PageOfMany(0, 1, PageSize(60, 60)), FACES)
    with pytest.raises(PageTooSmall):
        lay_out(slot(), WORDS, PageOfMany(0, 1, PageSize(105, 148)), FACES)
