"""Find what a template measures from on the first page: the title, the first red rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dingmi_mark.domain.approval import DraftIdentity
from dingmi_mark.domain.terms import plain
from dingmi_mark.engine.shapes import Box
from dingmi_mark.engine.template import Anchor, Slot
from dingmi_mark.formats.base import PageView, TextLine
from dingmi_mark.pipeline.lines import joined

_LOOK_DPI = 100
_MM_PER_PIXEL = 25.4 / _LOOK_DPI
_RULE_SHARE = 0.5
"""A red rule of a letterhead runs over most of the page's width (信函: 170 of 210 mm)."""

_DOUBLE_RULE_GAP_MM = 3.0
"""Thick and thin line of one double rule are nearer to each other than this."""

_TITLE_LINES = 4


def find_landmarks(
    slots: Sequence[Slot], draft: DraftIdentity, view: PageView | None
) -> Mapping[Anchor, float]:
    """Return the heights (mm) of the landmarks these slots need, as far as they are found.

    The record's own height goes before what is found on the page.
    """
    needed = {slot.anchor for slot in slots if slot.anchor.is_landmark}
    if draft.landmark_y_mm is not None:
        return dict.fromkeys(needed, draft.landmark_y_mm)
    if view is None or not needed:
        return {}
    heights = {
        Anchor.BELOW_TITLE: _below_title(draft.title, joined(view.lines(0))),
        Anchor.BELOW_RED_RULE: _below_red_rule(view) if Anchor.BELOW_RED_RULE in needed else None,
    }
    return {anchor: y for anchor, y in heights.items() if anchor in needed and y is not None}


def _below_title(title: str, lines: Sequence[TextLine]) -> float | None:
    """The foot of the title, which may run over several lines that follow each other."""
    wanted = plain(title)
    placed = sorted(
        (line for line in lines if line.box is not None and line.text.strip()),
        key=lambda line: (line.box.y, line.box.x) if line.box else (0.0, 0.0),
    )
    for first in range(len(placed)):
        text = ""
        for line in placed[first : first + _TITLE_LINES]:
            text += plain(line.text)
            if text == wanted and line.box is not None:
                return line.box.bottom
    return None


def _below_red_rule(view: PageView) -> float | None:
    """The foot of the first red rule, both lines of a double one, in the upper half of the page."""
    page = view.sizes[0]
    rows = _red_rows(view, Box(0, 0, page.width, page.height / 2))
    if not rows:
        return None
    foot = rows[0]
    for row in rows:
        if (row - foot) * _MM_PER_PIXEL <= _DOUBLE_RULE_GAP_MM:
            foot = row
    return (foot + 1) * _MM_PER_PIXEL


def _red_rows(view: PageView, region: Box) -> list[int]:
    """Rows of pixels that are red over most of their width."""
    from PIL import ImageChops
    from PIL.Image import Resampling

    red, green, blue = view.picture(0, region, _LOOK_DPI).split()
    is_red = ImageChops.subtract(red, ImageChops.lighter(green, blue)).point([0] * 80 + [255] * 176)
    shares = is_red.resize((1, is_red.height), Resampling.BOX).tobytes()
    return [row for row, share in enumerate(shares) if share >= _RULE_SHARE * 255]
