"""What is filled in looks like what was approved; the rest of the line looks as before."""

from __future__ import annotations

from dingmi_mark.domain.looks import TYPED, Facts, change_of_filled, first_change, named, runs

PLAIN: Facts = ()
RED: Facts = (("颜色", "FF0000"),)
BIG: Facts = (("字号", "44"),)
MARK = (1, PLAIN)
"""The end of a paragraph looks like something too."""


def line(*pieces: tuple[int, Facts]) -> tuple[tuple[int, Facts], ...]:
    return runs((*pieces, MARK))


def test_how_a_line_was_cut_up_when_it_was_written_leaves_no_trace() -> None:
    assert runs([(2, RED), (3, RED), (0, BIG), (1, PLAIN)]) == ((5, RED), (1, PLAIN))


def test_the_first_stretch_that_looks_different_is_told() -> None:
    assert first_change(line((4, PLAIN)), line((2, PLAIN), (2, RED))) == (2, 4, "颜色")
    assert first_change(line((2, BIG)), line((2, RED))) == (0, 2, "字号、颜色")


def test_the_end_of_a_paragraph_that_looks_different_is_told() -> None:
    assert first_change(runs([(2, PLAIN), (1, RED)]), line((2, PLAIN))) == (2, 3, "颜色")


def test_equal_looks_are_told_by_the_end_of_the_line() -> None:
    assert first_change(line((2, RED)), line((2, RED))) == (2, 3, "次序")


def test_looks_of_the_same_facts_differ_by_their_order() -> None:
    assert named((*RED, *BIG), (*BIG, *RED)) == "次序"


def test_a_value_may_look_like_the_blank_or_like_its_neighbours() -> None:
    before = line((2, PLAIN), (1, RED), (1, PLAIN))
    gap = (2, 3, 2, 5)
    assert change_of_filled(before, line((2, PLAIN), (3, RED), (1, PLAIN)), [gap]) is None
    assert change_of_filled(before, line((6, PLAIN)), [gap]) is None


def test_a_value_may_look_like_nothing_else() -> None:
    before, gap = line((2, PLAIN), (1, RED), (1, PLAIN)), (2, 3, 2, 5)
    found = change_of_filled(before, line((2, PLAIN), (1, RED), (1, BIG), (2, PLAIN)), [gap])
    assert found == (3, 4, "字号")


def test_what_an_input_method_notes_in_a_value_does_not_count() -> None:
    typed: Facts = ((TYPED, "eastAsia"),)
    gap = (1, 2, 1, 3)
    assert change_of_filled(line((3, PLAIN)), line((1, PLAIN), (2, typed), (1, PLAIN)), [gap]) is (
        None
    )
    outside = line((1, typed), (3, PLAIN))
    assert change_of_filled(line((3, PLAIN)), outside, [gap]) == (0, 1, TYPED)


def test_outside_the_value_every_character_looks_as_before() -> None:
    before, gap = line((4, PLAIN)), (1, 2, 1, 3)
    assert change_of_filled(before, line((3, PLAIN), (2, RED)), [gap]) == (3, 4, "颜色")
    assert change_of_filled(before, runs([(5, PLAIN), (1, RED)]), [gap]) == (5, 6, "颜色")


def test_a_format_that_tells_no_looks_is_not_asked_for_them() -> None:
    assert change_of_filled((), (), [(0, 0, 0, 3)]) is None
