"""Marks stand top left, upright and at true size on every shape of page, in two renderers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from dingmi_mark.engine.shapes import MM_PER_PT
from pdf_kit import (
    A4,
    BODY,
    HANDLER,
    POPPLER,
    add_page,
    assert_close,
    assert_unchanged_outside,
    assert_upright,
    by_poppler,
    characters,
    dark,
    draft,
    helvetica,
    ink_box,
    job,
    marked,
    outlines,
    reddish,
    rendered,
    stamp_block,
    text_block,
)

A3 = (0, 0, 841.89, 1190.55)
LANDSCAPE = (0, 0, 841.89, 595.276)
SHAPES: dict[str, dict[str, Any]] = {
    "Rotate 0": {},
    "Rotate 90": {"Rotate": 90},
    "Rotate 180": {"Rotate": 180},
    "Rotate 270": {"Rotate": 270},
    "landscape": {"MediaBox": LANDSCAPE},
    "CropBox offset": {"CropBox": (60, 70, 500, 700)},
    "A3": {"MediaBox": A3},
    "MediaBox offset": {"MediaBox": (-100, -200, 495.276, 641.89)},
    "negative MediaBox, turned": {"MediaBox": (-300, 50, 295, 892), "Rotate": 90},
    "CropBox beyond MediaBox": {"CropBox": (-50, 100, 900, 2000)},
    "CropBox turned": {"CropBox": (60, 70, 500, 700), "Rotate": 270},
    "corners in any order": {"MediaBox": (595.276, 841.89, 0, 0)},
    "UserUnit": {"MediaBox": (0, 0, 300, 421), "UserUnit": 2},
    "UserUnit turned": {"MediaBox": (10, 20, 310, 441), "UserUnit": 1.5, "Rotate": 90},
    "Rotate -90": {"Rotate": -90},
    "Rotate 450": {"Rotate": 450},
}
MARK, STAMP = text_block(), stamp_block()


def looks(path: Path, attributes: dict[str, Any], renderer: str, dpi: int = 150) -> Image.Image:
    """Show a page at true size; poppler takes no notice of UserUnit."""
    if renderer == "MuPDF":
        return rendered(path, dpi=dpi)
    return by_poppler(path, dpi=dpi * attributes.get("UserUnit", 1))


@pytest.mark.parametrize("renderer", ["MuPDF", pytest.param("poppler", marks=POPPLER)])
@pytest.mark.parametrize("shape", SHAPES)
def test_marks_stand_at_their_millimetres(shape: str, renderer: str, tmp_path: Path) -> None:
    attributes = SHAPES[shape]
    source = draft(tmp_path / "draft.pdf", **attributes)
    target = marked(source, job(MARK, STAMP))
    before, after = (looks(path, attributes, renderer) for path in (source, target))
    assert_close(ink_box(after, MARK.box.grown(3), dark), outlines(MARK), 0.3)
    assert_close(ink_box(after, STAMP.box.grown(3), reddish), STAMP.box, 0.3)
    assert_upright(after, MARK)
    assert_unchanged_outside(before, after, [MARK.box, STAMP.box])


@pytest.mark.parametrize("shape", SHAPES)
def test_text_is_read_at_its_place_and_size(shape: str, tmp_path: Path) -> None:
    target = marked(draft(tmp_path / "draft.pdf", **SHAPES[shape]), job(MARK))
    (run,) = MARK.shapes
    found = [each for each in characters(target) if each[0] in "机年"]
    assert found[0][1:] == pytest.approx((28, run.baseline, 16), abs=0.05)  # type: ignore[union-attr]
    width_to_last = MARK.box.width - 16 * MM_PER_PT
    assert found[1][1] - found[0][1] == pytest.approx(width_to_last, abs=0.05)


@pytest.mark.parametrize("shape", SHAPES)
def test_sizes_are_those_the_reader_sees(shape: str, tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", **SHAPES[shape])
    (size,) = HANDLER.inspect(source).pages
    page = rendered(source, dpi=72)
    assert size.width / MM_PER_PT == pytest.approx(page.width, abs=1)
    assert size.height / MM_PER_PT == pytest.approx(page.height, abs=1)
    with HANDLER.view(source) as view:
        assert view is not None
        assert view.sizes[0].width == pytest.approx(size.width, abs=0.01)
        assert view.sizes[0].height == pytest.approx(size.height, abs=0.01)


def test_pages_of_many_sizes_share_one_form(tmp_path: Path) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        for attributes in SHAPES.values():
            add_page(pdf, BODY, **attributes)

    source = draft(tmp_path / "draft.pdf", edit=edit)
    count = len(SHAPES) + 1
    target = marked(source, job(MARK, pages=count))
    for page in range(count):
        after = rendered(target, page)
        assert_close(ink_box(after, MARK.box.grown(3), dark), outlines(MARK), 0.3)
        assert_unchanged_outside(rendered(source, page), after, [MARK.box])
    with pikepdf.open(target) as pdf:
        forms = {page.obj.Resources.XObject["/DmMark1"].objgen for page in pdf.pages}
    assert len(forms) == 1


# ── what pages inherit and share ─────────────────────────────────────────────────────────────


def inherited(pdf: pikepdf.Pdf) -> None:
    """Move all attributes of the page up to the root of the page tree."""
    page, tree = pdf.pages[0].obj, pdf.Root.Pages
    for key, value in {"/Rotate": 90, "/CropBox": Array([20, 30, 580, 800])}.items():
        tree[key] = value
    for key in ("/Resources", "/MediaBox"):
        tree[key] = page[key]
        del page[key]


def two_levels(pdf: pikepdf.Pdf) -> None:
    """Put a node between the page and the root, each with attributes."""
    inherited(pdf)
    page, tree = pdf.pages[0].obj, pdf.Root.Pages
    node = pdf.make_indirect(
        Dictionary(Type=Name.Pages, Count=1, Kids=Array([page]), Parent=tree, Rotate=180)
    )
    tree.Kids = Array([node])
    page.Parent = node


def indirect_resources(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    fonts = pdf.make_indirect(Dictionary(F=pdf.make_indirect(helvetica())))
    forms = pdf.make_indirect(Dictionary())
    page.Resources = pdf.make_indirect(Dictionary(Font=fonts, XObject=forms))


def without_resources(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    page.Contents = pdf.make_stream(b"0.9 1 0.9 rg 0 0 4000 4000 re f")
    del page.Resources


def own_marks_name(pdf: pikepdf.Pdf) -> None:
    """Give the draft a form by the very name our first form would have."""
    page = pdf.pages[0].obj
    foreign = pdf.make_stream(
        b"0 0 1 rg 0 0 50 50 re f", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 50, 50])
    )
    page.Resources.XObject = Dictionary(DmMark1=foreign)
    page.Contents = pdf.make_stream(BODY + b" /DmMark1 Do")


EDITS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "inherited": inherited,
    "inherited over two levels": two_levels,
    "indirect resources": indirect_resources,
    "no resources": without_resources,
    "a foreign form with our name": own_marks_name,
}


@pytest.mark.parametrize("renderer", [rendered, pytest.param(by_poppler, marks=POPPLER)])
@pytest.mark.parametrize("name", EDITS)
def test_attributes_from_anywhere_are_kept(
    name: str, renderer: Callable[[Path], Image.Image], tmp_path: Path
) -> None:
    source = draft(tmp_path / "draft.pdf", edit=EDITS[name])
    target = marked(source, job(MARK, STAMP))
    after = renderer(target)
    assert_close(ink_box(after, MARK.box.grown(3), dark), outlines(MARK), 0.3)
    assert_upright(after, MARK)
    assert_unchanged_outside(renderer(source), after, [MARK.box, STAMP.box])


def test_marks_do_not_reach_pages_that_share_resources_and_contents(tmp_path: Path) -> None:
    def share(pdf: pikepdf.Pdf) -> None:
        first = pdf.pages[0].obj
        first.Resources = pdf.make_indirect(first.Resources)
        first.Contents = pdf.make_indirect(Array([first.Contents]))
        for page in pdf.pages:
            page.obj.Resources = first.Resources
            page.obj.Contents = first.Contents

    source = draft(tmp_path / "draft.pdf", BODY, BODY, BODY, edit=share)
    target = marked(source, job(MARK, pages=range(1, 2)))
    for page in (0, 2):
        assert_unchanged_outside(rendered(source, page), rendered(target, page), [])
    assert_close(ink_box(rendered(target, 1), MARK.box.grown(3), dark), outlines(MARK), 0.3)
    with pikepdf.open(target) as pdf:
        assert "/XObject" not in pdf.pages[0].obj.Resources


def test_a_page_without_size_gets_the_one_readers_assume(tmp_path: Path) -> None:
    def forget(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[0].obj.MediaBox

    source = draft(tmp_path / "draft.pdf", edit=forget)
    target = marked(source, job(MARK))
    assert_close(ink_box(rendered(target), MARK.box.grown(3), dark), outlines(MARK), 0.3)
    with pikepdf.open(target) as pdf:
        assert [float(value) for value in pdf.pages[0].obj.MediaBox] == [0, 0, 612, 792]


def test_a_page_without_contents_is_marked(tmp_path: Path) -> None:
    def empty(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[0].obj.Contents

    target = marked(draft(tmp_path / "draft.pdf", edit=empty), job(MARK))
    assert_close(ink_box(rendered(target), MARK.box.grown(3), dark), outlines(MARK), 0.3)


def test_the_page_keeps_its_boxes(tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", MediaBox=A4, CropBox=(60, 70, 500, 700), Rotate=-90)
    with pikepdf.open(marked(source, job(MARK))) as pdf:
        page = pdf.pages[0].obj
        assert [int(value) for value in page.CropBox] == [60, 70, 500, 700]
        assert page.Rotate == -90
