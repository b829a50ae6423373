"""A struck text can still be read: one line through its middle, a little longer than itself."""

from __future__ import annotations

from dingmi_mark.engine.shapes import Block, Box, Rule, TextRun
from dingmi_mark.engine.striking import strike, struck, struck_whole

BOX = Box(28, 47, 30, 5.6)
RUN = TextRun("机密★10年", BOX, 52, "heiti", 16)


def test_the_line_goes_through_the_middle_from_end_to_end() -> None:
    line = strike(BOX)
    assert line.y1 == line.y2 and BOX.y + 0.4 * 5.6 < line.y1 < BOX.y + 0.7 * 5.6
    assert line.x1 < BOX.x and line.x2 > BOX.right
    assert line.line < 0.15 * BOX.height


def test_the_text_stays_and_only_the_runs_named_are_struck() -> None:
    other = TextRun("000001", Box(28, 37, 20, 5.6), 42, "heiti", 16)
    block = Block("mark", BOX, (RUN, other))
    assert struck(block, [RUN]).text == block.text
    assert sum(isinstance(shape, Rule) for shape in struck(block, [RUN]).shapes) == 1
    assert sum(isinstance(shape, Rule) for shape in struck_whole(block).shapes) == 2
