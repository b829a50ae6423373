"""Two pictures of a page are compared in all their colours."""

from __future__ import annotations

from PIL import Image

from dingmi_mark.engine.shapes import Box
from dingmi_mark.pipeline.looking import differing_box

GREEN, GREY = (13, 166, 26), (120, 120, 120)


def page(colour: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGB", (300, 300), "white")
    picture.paste(colour, (100, 100, 200, 200))
    return picture


def test_equal_pages_do_not_differ() -> None:
    assert differing_box(page(GREEN), page(GREEN)) is None


def test_a_colour_of_the_same_grey_is_another_colour() -> None:
    grey = Image.new("RGB", (1, 1), GREEN).convert("L").getpixel((0, 0))
    other = page((grey, grey, grey))
    assert differing_box(page(GREEN), other) is not None


def test_what_was_filled_in_is_left_out() -> None:
    where = Box(11, 11, 16, 16)
    assert differing_box(page(GREEN), page(GREY), without=[where]) is None
