"""Text made comparable: what counts as the same, and the way back to what the author typed."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.quoting.normal import normal
from dingmi_mark.quoting.simplified import SIMPLIFIED


def letters(text: str) -> str:
    return "".join(map(chr, normal(text).codes))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("演练 于\n示例　地点", "演练于示例地点"),
        ("演练，于“示例”地点。", "演练,于「示例」地点!"),
        ("關於國家發展的報告", "关于国家发展的报告"),
        ("二〇二六年十一月", "2026年11月"),
        ("第三十二条", "第32条"),
        ("一千二百零五人", "1205人"),
        ("贰拾伍万", "25万"),
        ("①②", "12"),
        ("面积五㎡", "面积5m2"),
        ("Ａ\u200bＢ", "ab"),
    ],
)
def test_the_same_words_written_otherwise_count_as_the_same(one: str, other: str) -> None:
    assert letters(one) == letters(other)


@pytest.mark.parametrize(
    ("numeral", "stays"),
    [
        ("百姓", "百姓"),
        ("三百二", "3百2"),
        ("十百", "十百"),
        ("二十三十", "2十3十"),
        ("三五十", "35十"),
        ("零十", "0十"),
        ("二十十", "2十十"),
        ("十分", "10分"),
        ("三百零二", "302"),
        ("三百〇二", "302"),
    ],
)
def test_what_is_no_whole_number_is_left_figure_by_figure(numeral: str, stays: str) -> None:
    assert letters(numeral) == stays


def test_every_letter_leads_back_to_where_it_stands() -> None:
    text = "样例：第 十五 条，国家㎡。"
    found = normal(text)
    start, end = found.stretch(0, 2)
    assert text[start:end] == "样例"
    assert [text[place] for place in found.places][-4:] == ["国", "家", "㎡", "㎡"]


def test_lengths_are_of_characters_that_are_seen() -> None:
    found = normal("前，“样例 文字”。后")
    assert found.length(1, 5) == 4
    assert found.around(1, 5) == 2 + 2
    assert found.around(0, 1) == 2
    assert found.around(0, len(found)) == 0


def test_a_text_without_letters_is_empty() -> None:
    assert len(normal("——。 \n")) == 0


def test_the_table_of_characters_leads_to_simplified_ones_only() -> None:
    assert SIMPLIFIED["國"] == "国"
    assert not any(each in SIMPLIFIED for each in "国家机密文件")


@given(st.text(max_size=80))
def test_any_text_has_a_place_for_every_letter(text: str) -> None:
    found = normal(text)
    assert len(found.places) == len(found.codes)
    assert all(0 <= place < len(text) for place in found.places)
    assert list(found.places) == sorted(found.places)
    assert int(found.visible[-1]) == sum(not each.isspace() for each in text)
