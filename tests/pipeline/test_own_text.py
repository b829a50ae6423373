"""The draft's own text stays where it stood, and whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from dingmi_mark.engine.shapes import Box, PageSize
from dingmi_mark.formats.base import TextLine
from dingmi_mark.pipeline.own_text import letters_lost, text_stays


class _Paper:
    """Pages of which only lines are known."""

    def __init__(self, *pages: Sequence[TextLine]) -> None:
        self.sizes = (PageSize(210, 297),) * len(pages)
        self._pages = pages

    def lines(self, page: int) -> Sequence[TextLine]:
        return self._pages[page]


def line(text: str, x: float, y: float) -> TextLine:
    return TextLine(text, 0, Box(x, y, 15, 4))


def paper(*pages: str) -> _Paper:
    """Pages with the words between spaces as their lines."""
    return _Paper(*([line(each, 30, 60) for each in page.split()] for page in pages))


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (line("— 1 —", 160, 270), line("— 1 —", 162.2, 270.2), True),
        (line("—12—", 30, 285), line("—12—", 28, 285), True),
        (line("第1页 共3页", 160, 270), line("第1页 共3页", 162, 270), True),
        (line("— 1 —", 160, 270), line("— 1 —", 160, 273), False),
        (line("— 1 —", 160, 270), line("— 1", 162, 270), False),
        (line("第1次", 160, 270), line("第1次", 162, 270), False),
        (line("12", 160, 250), line("12", 162, 250), False),
        (line("样例", 160, 270), line("样例", 162, 270), False),
    ],
)
def test_a_page_number_may_go_aside_in_its_row(
    before: TextLine, after: TextLine, stays: bool
) -> None:
    assert text_stays(_Paper([after]), _Paper([before]), 0) is stays  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "marks", "lost"),
    [
        (["样例甲乙"], ["（机密）样例 甲乙"], ["（机密）"], 0),
        (["样例甲乙", "丙丁"], ["（机密）样例甲", "乙丙丁"], ["（机密）"], 0),
        (["样例甲乙"], ["（机密）样例"], ["（机密）"], 2),
        # Letters of the marks do not stand for the draft's own.
        (["样例机密"], ["（机密）样例"], ["（机密）"], 2),
        (["样例机密"], ["机密★10年 （机密）样例"], ["机密★10年", "（机密）"], 2),
        # What a mark hides among figures and signs is not to be told from a clock.
        (["样例 10:21"], ["（机密）样例 10:22"], ["（机密）"], 0),
        # The heading row of a table that no longer goes over to the next page.
        (["表头 样例", "表头 甲乙"], ["（机密）表头 样例甲乙", ""], ["（机密）"], 2),
        (["表头 样例", "表头 甲乙"], ["表头 （机密）样例甲乙", ""], ["（机密）"], 0),
        (["表头 样例", "表头 甲乙"], ["表头 （机密）样例甲", ""], ["（机密）"], 1),
    ],
)
def test_letters_that_are_shown_no_more_are_counted(
    before: list[str], after: list[str], marks: list[str], lost: int
) -> None:
    assert letters_lost(paper(*after), paper(*before), marks) == lost  # type: ignore[arg-type]
