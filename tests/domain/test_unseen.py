"""What a reader cannot see: named, refused, or written out so that he sees it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.domain.unseen import BETWEEN_LINES, is_unseen, unseen_in, visible


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ""),
        ("密级：机密★10年 — “甲”", ""),
        ("两　个 空\u00a0格", ""),
        ("𠮷\ue000", ""),
        ("甲\u202e乙", "U+202E"),
        ("甲\u200b", "U+200B"),
        ("\ufeff甲", "U+FEFF"),
        ("甲\x1b[2J", "U+001B"),
        ("甲\udcff", "U+DCFF"),
        ("甲\u3164", "U+3164"),
        ("甲\U000e0041", "U+E0041"),
        ("甲\n乙", "U+000A"),
    ],
)
def test_the_first_unseen_character_is_named(text: str, found: str) -> None:
    assert unseen_in(text) == found


def test_lines_and_tabs_are_allowed_where_text_has_several_lines() -> None:
    assert unseen_in("甲\n\t乙", allowed=BETWEEN_LINES) == ""
    assert unseen_in("甲\r\n乙", allowed=BETWEEN_LINES) == "U+000D"


@given(st.text())
def test_what_is_made_visible_hides_nothing_and_drops_nothing(text: str) -> None:
    shown = visible(text)
    assert not any(map(is_unseen, shown))
    assert [c for c in text if not is_unseen(c)] == [
        c for c in visible("".join(c for c in text if not is_unseen(c)))
    ]
    assert all(f"⟨U+{ord(c):04X}⟩" in shown for c in text if is_unseen(c))
