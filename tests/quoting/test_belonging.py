"""A passage belongs to the stretches it touches, and to none where some of it stands beyond."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.quoting.belonging import Belonging, Stretch, belonging

LENGTH = 200
TWO = [(20, 60), (60, 64), (100, 140)]


@pytest.mark.parametrize(
    ("passage", "touched", "beyond"),
    [
        ((25, 55), (0,), False),
        ((20, 60), (0,), False),
        # Both sides of a border: what is highest of both counts.
        ((30, 64), (0, 1), False),
        ((10, 50), (0,), True),
        ((50, 120), (0, 1, 2), True),
        ((64, 100), (), True),
        ((150, 190), (), True),
        # Fewer characters than a shingle are common by chance …
        ((15, 60), (0,), False),
        ((14, 60), (0,), True),
        ((20, 63), (0,), False),
        # … unless they are all there is: a cell with four letters that is quoted whole.
        ((20, 64), (0, 1), False),
        ((62, 67), (1,), True),
    ],
)
def test_what_a_passage_touches(passage: Stretch, touched: Sequence[int], beyond: bool) -> None:
    assert belonging(passage, TWO, LENGTH) == Belonging(tuple(touched), beyond)


def test_without_points_all_is_beyond() -> None:
    assert belonging((0, 40), [], LENGTH) == Belonging((), True)
    # A text of which the index tells a wrong length: nothing is known, so nothing is in a point.
    assert belonging((300, 340), TWO, LENGTH) == Belonging((), True)


def test_stretches_may_lie_in_each_other() -> None:
    nested = [(0, 100), (40, 60)]
    assert belonging((10, 38), nested, 100) == Belonging((0,), False)
    assert belonging((42, 58), nested, 100) == Belonging((0, 1), False)


@given(
    st.tuples(st.integers(0, 150), st.integers(15, 50)),
    st.lists(st.tuples(st.integers(0, 190), st.integers(1, 60)), max_size=6),
)
def test_nothing_of_a_shingle_or_more_is_left_out(
    where: tuple[int, int], made: list[tuple[int, int]]
) -> None:
    passage = where[0], where[0] + where[1]
    stretches = [(start, min(LENGTH, start + length)) for start, length in made]
    found = belonging(passage, stretches, LENGTH)
    outside = [
        code for code in range(*passage) if not any(start <= code < end for start, end in stretches)
    ]
    if any(all(code + step in outside for step in range(6)) for code in outside):
        assert found.beyond
    for number, (start, end) in enumerate(stretches):
        if min(end, passage[1]) - max(start, passage[0]) >= 6:
            assert number in found.stretches
