"""Pictures of templates show ink where the template says."""

from __future__ import annotations

import pytest
from PIL import Image

from dingmi_mark.engine.template import FIELDS
from dingmi_mark.pipeline.stamp_preview import DPI, SAMPLE, preview
from dingmi_mark.store.templates import known_templates


def box_of(picture: Image.Image, region_mm: tuple[float, float, float, float]) -> list[float]:
    """The bounds of dark ink in a region, in mm on the page."""
    left, top, right, bottom = (round(edge / 25.4 * DPI) for edge in region_mm)
    dark = picture.convert("L").crop((left, top, right, bottom)).point(lambda v: 255 * (v < 128))
    found = dark.getbbox()
    assert found is not None
    edges = (found[0] + left, found[1] + top, found[2] + left, found[3] + top)
    return [edge / DPI * 25.4 for edge in edges]


@pytest.mark.parametrize("name", sorted(known_templates(None)))
def test_every_template_can_be_shown(name: str) -> None:
    assert preview(name, None).size == (round(210 / 25.4 * DPI), round(297 / 25.4 * DPI))


def test_the_mark_stands_in_row_two_at_28_mm() -> None:
    """R13, measured on the picture: the ink of 机 begins within half a millimetre of 28 mm."""
    left, top, _, bottom = box_of(preview("gongwen", None), (20, 46, 110, 55))
    assert left == pytest.approx(28.2, abs=0.5)
    assert top == pytest.approx(47.5, abs=0.5)
    assert bottom == pytest.approx(52.6, abs=0.5)


def test_example_words_cover_every_field() -> None:
    assert set(SAMPLE) == set(FIELDS)
