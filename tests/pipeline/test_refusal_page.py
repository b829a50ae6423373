"""The page that tells of a refused print job: all its words on one sheet, the same bytes again."""

from __future__ import annotations

import pymupdf

from dingmi_mark.pipeline.refusal_page import refusal_page
from dingmi_mark.store.fonts import OfficeFaces

WORDS = (
    "这个打印任务没有打印。",
    "原因：" + "样例的原因，" * 12 + "到此为止。",
    "What to do: " + "print the marked file and ask the security officer " * 5,
)


def ink(page: bytes) -> tuple[int, int, int, int]:
    """Return the box (px) of what is drawn on the only page."""
    from PIL import Image, ImageOps

    with pymupdf.open(stream=page, filetype="pdf") as document:
        assert len(document) == 1
        rect = document[0].rect
        assert (round(rect.width), round(rect.height)) == (595, 842)
        shown = document[0].get_pixmap(dpi=72, colorspace=pymupdf.csGRAY)
    picture = Image.frombytes("L", (shown.width, shown.height), shown.samples)
    box = ImageOps.invert(picture).point(lambda grey: 255 if grey > 64 else 0).getbbox()
    assert box is not None
    return box


def test_all_lines_stand_within_the_page_and_the_bytes_are_the_same_again() -> None:
    faces = OfficeFaces({})
    page = refusal_page(WORDS, faces)
    left, top, right, bottom = ink(page)
    assert left > 70 and right < 535 and top > 120 and bottom < 700
    assert ink(refusal_page(WORDS[:1], faces))[3] < bottom
    assert page == refusal_page(WORDS, faces)
