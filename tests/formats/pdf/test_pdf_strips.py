"""A page without room gets a strip of blank paper: seen above it, the rest as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import ImageChops

from dingmi_mark.engine.layout import PageOfMany
from dingmi_mark.engine.shapes import PageSize
from dingmi_mark.engine.strip import Strip, strip_for
from dingmi_mark.engine.template import Align, Anchor, Pages, Slot
from dingmi_mark.formats.pdf.names import STRIP
from pdf_kit import BODY, HANDLER, POPPLER, by_poppler, draft, job, marked, text_block

TOP = 27.0
MARK = text_block(y=12)
STRIPPED = replace(job(MARK), strips={0: Strip(TOP)})
LAST = b" 0 0 1 rg 20 20 80 60 re f"
"""Something at the lower left, so that a turned or moved page is told."""


def cropped(pdf: pikepdf.Pdf) -> None:
    """Red lies outside the visible part; it must stay unseen in the strip."""
    page = pdf.pages[0].obj
    page.Contents.write(b"1 0 0 rg -500 -500 3000 3000 re f 0.9 1 0.9 rg 50 50 400 500 re f" + LAST)
    page.CropBox = Array([50, 50, 450, 550])


def one_state_too_few(pdf: pikepdf.Pdf) -> None:
    cropped(pdf)
    page = pdf.pages[0].obj
    page.Contents.write(b"Q Q 1 0 0 rg -500 -500 3000 3000 re f 0 g 60 60 100 100 re f")


def never_ends(pdf: pikepdf.Pdf) -> None:
    cropped(pdf)
    pdf.pages[0].obj.Contents.write(b"1 0 0 rg -500 -500 3000 3000 re f (never closed")


def without_size(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/MediaBox"]


def inherited(pdf: pikepdf.Pdf) -> None:
    box = pdf.pages[0].obj.MediaBox
    del pdf.pages[0].obj["/MediaBox"]
    pdf.Root.Pages.MediaBox = box


PAGES: dict[str, dict[str, Any]] = {
    "plain": {},
    "90": {"Rotate": 90},
    "180": {"Rotate": 180},
    "270": {"Rotate": -90},
    "large unit": {"UserUnit": 2.5},
    "cropped": {"edit": cropped},
    "cropped and turned": {"edit": cropped, "Rotate": 90},
    "a Q too many": {"edit": one_state_too_few},
    "a content without end": {"edit": never_ends},
    "no size": {"edit": without_size},
    "inherited size": {"edit": inherited},
}


@pytest.mark.parametrize("name", PAGES)
def test_the_strip_is_blank_but_for_the_mark_and_the_page_below_it_as_it_was(
    tmp_path: Path, name: str
) -> None:
    source = draft(tmp_path / "draft.pdf", BODY + LAST, **PAGES[name])
    done = marked(source, STRIPPED)
    before, after = HANDLER.inspect(source), HANDLER.inspect(done)
    (old,), (new,) = before.pages, after.pages
    assert (new.width, new.height) == pytest.approx((old.width, old.height + TOP), abs=0.01)
    whole = replace(old, height=old.height + TOP)
    with HANDLER.view(source) as clean, HANDLER.view(done) as seen:
        assert clean is not None and seen is not None
        page = seen.picture(0, whole.box.moved(0, TOP), 72)
        unmarked = clean.picture(0, whole.box, 72)
        assert ImageChops.difference(page, unmarked).getbbox() is None
        strip = seen.picture(0, replace(whole, height=TOP - 1).box, 72)
    ink = ImageChops.invert(strip.convert("L")).getbbox()
    assert ink is not None
    around = MARK.box.grown(0.5)
    mm = [value * 25.4 / 72 for value in ink]
    assert around.x <= mm[0] and around.y <= mm[1]
    assert mm[2] <= around.right + 0.5 and mm[3] <= around.bottom + 0.5
    assert strip.convert("HSV").getchannel("S").getextrema() == (0, 0)


@pytest.mark.parametrize("name", PAGES)
def test_it_is_the_same_content_and_given_back_as_it_was(tmp_path: Path, name: str) -> None:
    source = draft(tmp_path / "draft.pdf", BODY + LAST, **PAGES[name])
    done, back = marked(source, STRIPPED), tmp_path / "back.pdf"
    assert HANDLER.inspect(done).content_digest == HANDLER.inspect(source).content_digest
    HANDLER.unmark(done, back)
    with pikepdf.open(source) as was, pikepdf.open(back) as now:
        one, other = was.pages[0].obj, now.pages[0].obj
        assert sorted(one.keys()) == sorted(other.keys())
        for key in ("/MediaBox", "/CropBox"):
            assert (key in one) == (key in other)
            assert key not in one or list(one[key]) == list(other[key])
    assert HANDLER.inspect(back).pages == HANDLER.inspect(source).pages
    again = marked(done, STRIPPED, "again.pdf")
    assert HANDLER.inspect(again).pages == HANDLER.inspect(done).pages


@POPPLER
@pytest.mark.parametrize("name", ["plain", "cropped and turned", "a Q too many"])
def test_another_reader_shows_it_too(tmp_path: Path, name: str) -> None:
    source = draft(tmp_path / "draft.pdf", BODY + LAST, **PAGES[name])
    page = by_poppler(marked(source, STRIPPED), dpi=72)
    strip = page.crop((0, 0, page.width, int(TOP / 25.4 * 72) - 2))
    assert ImageChops.invert(strip.convert("L")).getbbox() is not None
    assert strip.convert("HSV").getchannel("S").getextrema() == (0, 0)


def test_a_strip_of_which_a_part_was_cut_off_makes_another_page(tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf")
    done = marked(source, STRIPPED)
    with pikepdf.open(done, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.CropBox = Array([0, 0, 595.276, 880])
        pdf.save(done)
    assert HANDLER.inspect(done).content_digest != HANDLER.inspect(source).content_digest


@pytest.mark.parametrize("kept", [Name.X, Dictionary(), Dictionary(Shown=Array([Name.X, 1, 2, 3]))])
def test_a_strip_that_makes_no_sense_is_none(tmp_path: Path, kept: pikepdf.Object) -> None:
    source = draft(tmp_path / "draft.pdf")
    odd = tmp_path / "odd.pdf"
    with pikepdf.open(source) as pdf:
        pdf.pages[0].obj[STRIP] = kept
        pdf.save(odd)
    assert HANDLER.inspect(odd).content_digest == HANDLER.inspect(source).content_digest


def slot(anchor: Anchor = Anchor.TOP_LEFT, width: float = 60.0, dy: float = 14.0) -> Slot:
    return Slot("mark", Pages.FIRST, anchor, 12.0, dy, width, 6.0, (), side=Align.LEFT)


def test_a_strip_has_the_height_of_its_rows_and_the_width_of_the_widest() -> None:
    page = PageOfMany(0, 1, PageSize(30, 20))
    assert strip_for([slot(), slot(width=24.0, dy=7.0)], page) == Strip(34.0, 45.0)
    assert strip_for([slot()], PageOfMany(0, 1, PageSize(210, 297))) == Strip(34.0)


def test_what_belongs_elsewhere_has_no_place_in_a_strip() -> None:
    page = PageOfMany(0, 1, PageSize(210, 297))
    assert strip_for([slot(), slot(Anchor.BOTTOM_RIGHT)], page) is None
    assert strip_for([], page) is None
