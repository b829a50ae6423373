"""How much ink a region holds: paper, noise and JPEG are none, strokes and rules are."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from dingmi_mark.engine.shapes import BLACK, WHITE
from dingmi_mark.formats.blank import (
    BLANK_SHARE,
    can_bear,
    faint_share,
    ground,
    has_line,
    ink_share,
    is_pale,
    is_readable_on,
)


def paper(colour: tuple[int, int, int] = (255, 255, 255)) -> Image.Image:
    return Image.new("RGB", (240, 42), colour)


def noisy(picture: Image.Image, by: int) -> Image.Image:
    dice = random.Random(7)
    levels = bytes(dice.randint(0, by) for _ in range(picture.width * picture.height))
    noise = Image.frombytes("L", picture.size, levels)
    return Image.composite(picture.point(lambda v: max(0, v - by)), picture, noise)


@pytest.mark.parametrize("colour", [(255, 255, 255), (250, 240, 215), (228, 228, 228), (0, 0, 0)])
def test_paper_of_any_colour_has_no_ink(colour: tuple[int, int, int]) -> None:
    assert ink_share(paper(colour)) == 0
    assert ground(paper(colour)) == pytest.approx(colour, abs=1)


def test_noise_and_jpeg_artefacts_are_forgiven() -> None:
    speckled = noisy(paper((245, 242, 235)), 24)
    assert ink_share(speckled) < BLANK_SHARE
    beside = paper()
    ImageDraw.Draw(beside).rectangle((0, 44, 240, 60), fill="black")
    packed = BytesIO()
    speckled.save(packed, "JPEG", quality=40)
    with Image.open(packed) as again:
        assert ink_share(again) < BLANK_SHARE


def test_a_single_speck_is_no_ink() -> None:
    page = paper()
    ImageDraw.Draw(page).rectangle((50, 20, 52, 22), fill="black")
    assert ink_share(page) < BLANK_SHARE


@pytest.mark.parametrize("colour", [(0, 0, 0), (200, 0, 0), (255, 165, 0)])
@pytest.mark.parametrize(("right", "whole"), [(239, True), (180, False)])
def test_a_line_goes_through_from_end_to_end_or_not(
    colour: tuple[int, int, int], right: int, whole: bool
) -> None:
    page = paper()
    assert not has_line(page, paper())
    drawn = ImageDraw.Draw(page)
    for x in range(5, 235, 20):
        drawn.rectangle((x, 8, x + 12, 34), fill=colour)
    assert not has_line(page, paper()), "letters are no line"
    drawn.line((0, 20, right, 20), fill=colour, width=2)
    bold = page.crop((5, 18, 235, 23))
    assert has_line(bold, paper()) is whole, "most of it is ink"
    assert has_line(page, paper()) is whole


@pytest.mark.parametrize("colour", [(0, 0, 0), (200, 0, 0), (190, 190, 190), (255, 255, 160)])
def test_a_thin_rule_of_any_colour_is_ink(colour: tuple[int, int, int]) -> None:
    page = paper()
    ImageDraw.Draw(page).line((0, 20, 239, 20), fill=colour)
    assert ink_share(page) == pytest.approx(1 / 42)
    assert ink_share(page) > BLANK_SHARE


@pytest.mark.parametrize("level", [245, 230, 100])
def test_what_is_drawn_faintly_is_seen_where_there_is_no_noise(level: int) -> None:
    page = paper()
    ImageDraw.Draw(page).line((0, 20, 239, 20), fill=(level,) * 3)
    assert faint_share(page) == pytest.approx(1 / 42)
    assert faint_share(paper()) == 0


def test_what_is_faint_in_a_scan_is_not_told_from_its_noise() -> None:
    dice = random.Random(7)
    levels = bytes(255 - dice.randint(0, 30) for _ in range(240 * 42))
    scan = Image.frombytes("L", (240, 42), levels)
    ImageDraw.Draw(scan).line((0, 20, 239, 20), fill=200)
    assert faint_share(scan) == 0 < ink_share(scan)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "CMYK"])
def test_any_mode_will_do(mode: str) -> None:
    page = paper()
    ImageDraw.Draw(page).rectangle((0, 0, 119, 41), fill="black")
    ImageDraw.Draw(page).rectangle((0, 0, 99, 41), fill="black")
    assert ink_share(page.convert(mode)) == pytest.approx(0.5, abs=0.01)


def test_a_region_without_pixels_is_blank() -> None:
    assert ink_share(Image.new("RGB", (0, 5))) == 0


@pytest.mark.parametrize(
    ("paper_colour", "black", "white"),
    [
        ((255, 255, 255), True, False),
        ((200, 200, 200), True, False),
        ((0, 0, 255), False, True),
        ((10, 16, 40), False, True),
        ((230, 60, 60), True, False),
    ],
)
def test_letters_are_read_by_lightness_as_the_eye_has_it(
    paper_colour: tuple[int, int, int], *, black: bool, white: bool
) -> None:
    """Pure blue is dark to the eye though one channel is full (WCAG 2.1, 1.4.3)."""
    assert is_readable_on(paper(paper_colour), BLACK) is black
    assert is_readable_on(paper(paper_colour), WHITE) is white
    assert can_bear(paper(paper_colour), BLACK) is black


@pytest.mark.parametrize(
    ("colour", "pale"),
    [((0, 0, 0), False), ((255, 0, 0), False), ((144, 144, 144), False), ((160, 160, 160), True)],
)
def test_strokes_that_can_be_read(colour: tuple[int, int, int], pale: bool) -> None:
    picture = paper()
    ImageDraw.Draw(picture).line((40, 20, 80, 20), fill=colour, width=2)
    assert is_pale(picture) is pale
    assert is_pale(paper(colour)) and is_pale(Image.new("RGB", (0, 0)))
