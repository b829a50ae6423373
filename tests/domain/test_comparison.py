"""What counts as filled in: blanks with the record's values, and nothing else whatever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, strategies as st

from dingmi_mark.domain.approval import LateField
from dingmi_mark.domain.comparison import (
    Content,
    Difference,
    Part,
    Piece,
    compare,
    narrowed,
)
from dingmi_mark.domain.draft_content import Definition
from dingmi_mark.domain.late_values import LateValues, late_values, same_page_line
from dingmi_mark.domain.looks import Facts
from record_kit import record

NUMBER, DAY = "示密〔2026〕3号", date(2026, 1, 10)
LATE = LateValues(frozenset(LateField), NUMBER, DAY)
FIELD = LateField.DOCUMENT_NUMBER

BLANK_NUMBERS = (
    "示密〔2026〕 号",
    "示密〔2026〕号",
    "示密〔 〕 号",
    "〔2026〕__号",
    "〔 〕号",
    "文号：",
    "发文字号:",
    "____",
    "",
    "示密[2026]×号",
)
NUMBERS = (NUMBER, "示密〔2026〕3 号", "示密〔２０２６〕３号")
BLANK_DAYS = (
    "年 月 日",
    "2026年 月 日",
    "2026年1月 日",
    "二〇二六年 月 日",
    "××××年××月××日",
    "____年__月__日",
    "成文日期：",
    "",
    "________",
)
DAYS = ("2026年1月10日", "2026年01月10日", "二〇二六年一月十日", "二○二六年一月十日")
DAYS += ("2026-01-10", "2026-1-10", "2026.1.10", "2026/1/10", "２０２６年１月１０日")


def content(*lines: str, part: Part = Part.BODY, pages: bool = False) -> Content:
    pieces = (Piece(part, " ".join(line.split()), number=n) for n, line in enumerate(lines, 1))
    return Content(tuple(pieces), lines=pages)


def edges(*lines: str) -> Content:
    """A PDF with one line at the edge of each page."""
    return Content(tuple(Piece(Part.EDGE, t, n) for n, t in enumerate(lines, 1)), lines=True)


def fields(old: Content, new: Content, late: LateValues = LATE) -> Sequence[LateField] | None:
    """Return what was filled in, None where something else differs."""
    found = compare(old, new, late)
    return None if found.differences else found.fields


@pytest.mark.parametrize("blank", BLANK_NUMBERS)
@pytest.mark.parametrize("number", NUMBERS)
def test_a_blank_document_number_may_be_filled_in(blank: str, number: str) -> None:
    label = blank if blank.endswith(("：", ":")) else ""
    assert fields(content("甲", blank, "乙"), content("甲", label + number, "乙")) == (FIELD,)


@pytest.mark.parametrize("blank", BLANK_DAYS)
@pytest.mark.parametrize("day", DAYS)
def test_a_blank_date_may_be_filled_in_in_any_spelling(blank: str, day: str) -> None:
    label = blank if blank.endswith("：") else ""
    found = fields(content("甲", blank, "乙"), content("甲", label + day, "乙"))
    assert found == (LateField.ISSUE_DAY,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("示密〔2026〕 号", "示密〔2026〕4号"),
        ("示密〔2026〕 号", "示密〔2026〕13号"),
        ("示密〔2025〕 号", NUMBER),
        ("示密〔2026〕3号", "示密〔2026〕 号"),
        ("示密〔2026〕5号", NUMBER),
        ("教字〔 〕号", "教字示密〔2026〕3号"),
        ("2026年 月 日", "2026年1月11日"),
        ("2026年2月 日", "2026年1月10日"),
        ("出生年月日", "出生2026年1月10日"),
        ("编号", f"编{NUMBER}"),
        ("日期 2026年1月 日", "日期"),
        ("示例", f"示例{NUMBER}"),
        ("甲____乙____", f"甲{NUMBER}丙2026年1月10日"),
    ],
)
def test_anything_else_is_a_difference(old: str, new: str) -> None:
    assert fields(content("甲", old), content("甲", new)) is None


def test_a_code_with_a_figure_in_it_may_have_its_blank_too() -> None:
    late = LateValues(frozenset(LateField), "示7密〔2026〕3号", DAY)
    assert fields(content("示7密〔2026〕 号"), content("示7密〔2026〕3号"), late) == (FIELD,)
    assert fields(content("示7密〔2026〕 号"), content("示8密〔2026〕3号"), late) is None


def test_a_number_without_figures_has_no_blank_of_its_own() -> None:
    late = LateValues(frozenset(LateField), "示密", DAY)
    assert fields(content("文号："), content("文号：示密"), late) == (FIELD,)
    assert fields(content("示 号"), content("示密号"), late) is None


def test_the_values_come_from_the_record() -> None:
    named = replace(record().draft, late_fields=(FIELD,), document_number=NUMBER, issue_day=DAY)
    found = late_values(replace(record(), draft=named))
    assert (found.fields, found.number, found.day) == ({FIELD}, NUMBER, DAY)
    words = replace(named, document_number="经研究可以公开")
    assert late_values(replace(record(), draft=words)).number == ""


def test_only_what_the_record_names_is_filled_in() -> None:
    old, new = content("示密〔2026〕 号"), content(NUMBER)
    assert fields(old, new, LateValues(frozenset({LateField.ISSUE_DAY}), NUMBER, DAY)) is None
    assert fields(old, new, LateValues(frozenset({FIELD}), "", DAY)) is None
    assert fields(old, new, LateValues(frozenset(), NUMBER, DAY)) is None


def test_a_number_stands_alone_only_once_where_nothing_told_that_it_belongs_there() -> None:
    assert fields(content("", ""), content(NUMBER, NUMBER)) is None
    assert fields(content("甲"), content(NUMBER, "甲")) is None
    assert fields(content("甲", pages=True), content(NUMBER, "甲", pages=True)) == (FIELD,)
    twice = content(NUMBER, NUMBER, "甲", pages=True)
    assert fields(content("甲", pages=True), twice) is None


def test_the_right_one_of_several_empty_paragraphs_is_found() -> None:
    assert fields(content("", "", "", "甲"), content("", NUMBER, "", "甲")) == (FIELD,)


def test_page_numbers_count_the_pages_at_their_edges() -> None:
    pages = (LateField.PAGE_NUMBERS,)
    assert fields(edges("", ""), edges("— 1 —", "— 2 —")) == pages
    assert fields(edges("— —", "— —"), edges("— 1 —", "— 2 —")) == pages
    assert fields(edges("", ""), edges("", "— 1 —")) == pages
    assert fields(edges("— 3 —", "— 4 —"), edges("— 1 —", "— 2 —")) == pages
    assert fields(edges("", ""), edges("第1页 共2页", "第2页 共2页")) == pages
    assert fields(edges("", ""), edges("— 1 —", "— 9 —")) is None
    assert fields(edges(""), edges("— 1945 —")) is None
    assert fields(edges("", ""), edges("第1页 共9页", "第2页 共9页")) is None
    assert fields(edges("甲"), edges("— 1 —")) is None
    assert fields(edges("— 1 —"), edges("— 2 — 密")) is None
    assert fields(content("第 页", pages=True), content("第3页", pages=True)) is None
    named = LateValues(frozenset({FIELD}), NUMBER, DAY)
    assert fields(edges(""), edges("— 1 —"), named) is None


def test_in_word_only_a_field_is_a_page_number() -> None:
    footer = content(part=Part.FOOTER)
    assert fields(footer, content("— \x10 —", part=Part.FOOTER)) == (LateField.PAGE_NUMBERS,)
    assert fields(footer, content("— 1945 —", part=Part.FOOTER)) is None
    twice = content("— \x10 —", "— \x10 —", part=Part.FOOTER)
    assert fields(footer, twice) is None
    assert fields(content(), content("\x10")) is None


def test_dashes_around_a_page_number_stay() -> None:
    assert same_page_line("— —", "— 3 —")
    assert not same_page_line("— —", "第3页")


def test_what_is_no_text_is_never_filled_in() -> None:
    picture = Piece(Part.PICTURE, "", shown="〔图片〕")
    other = Piece(Part.PICTURE, NUMBER, shown="〔图片〕")
    assert fields(Content((picture,), True), Content((other,), True)) is None
    assert fields(Content((), True), Content((other,), True)) is None
    assert fields(Content((other,), True), Content((), True)) is None


def test_a_line_may_not_change_its_part() -> None:
    assert fields(content("甲"), content("甲", part=Part.TABLE)) is None
    assert fields(content("甲"), content("甲", part=Part.FOOTNOTE)) is None


def test_differences_are_told_with_their_place_and_the_rest_is_matched() -> None:
    old = content("甲", "示密〔2026〕 号", "每日123次", "丙", "丁")
    new = content("甲", NUMBER, "每日128次", "丁", "丙")
    found = compare(old, new, LATE)
    assert found.fields == (FIELD,)
    assert [str(each.place) for each in found.differences][0] == "正文, paragraph 3"
    changed = [each.new[0].text for each in found.differences if each.old and each.new]
    assert changed == ["每日128次"]


def test_wordings_are_cut_down_to_what_differs() -> None:
    assert narrowed("每日123次", "每日128次") == ("每日【123】次", "每日【128】次")
    assert narrowed("每日129次", "每日139次") == ("每日【129】次", "每日【139】次")
    assert narrowed("甲" * 50 + "乙", "甲" * 50)[0] == f"…{'甲' * 14}【乙】"


def told(old: Content, new: Content) -> list[tuple[str, str]]:
    """Return where something differs, and what is said of it."""
    return [(str(each.place), str(each.what or "")) for each in compare(old, new, LATE).differences]


def definitions(*found: Definition, maker: str = "") -> Content:
    return Content((), False, found, maker)


def looking(text: str, *looks: tuple[int, Facts], frame: Facts = ()) -> Content:
    return Content((Piece(Part.BODY, text, number=1, looks=looks, frame=frame),), lines=False)


RED: Facts = (("颜色", "FF0000"),)


def test_words_that_look_different_are_told_with_what_looks_different() -> None:
    old = looking("每日三次", (5, ()))
    assert told(old, looking("每日三次", (2, ()), (2, RED), (1, ()))) == [
        ("正文, paragraph 1", "“三次” looks different: 颜色")
    ]
    assert told(old, looking("每日三次", (4, ()), (1, RED)))[0][1] == "“¶” looks different: 颜色"
    assert told(looking("示密〔2026〕 号", (11, ())), looking(NUMBER, (10, RED)))[0][1] == (
        "“示” looks different: 颜色"
    )


def test_a_long_line_is_told_shortened() -> None:
    old, new = looking("甲" * 50, (51, ())), looking("甲" * 50, (50, RED), (1, ()))
    assert told(old, new)[0][1] == f"“{'甲' * 20}…{'甲' * 20}” looks different: 颜色"


def test_a_line_that_is_set_otherwise_is_told() -> None:
    new = looking("每日三次", (5, ()), frame=(("行距", "20"),))
    what = "“每日三次” is set otherwise: 行距"
    assert told(looking("每日三次", (5, ())), new) == [("正文, paragraph 1", what)]


def test_a_number_that_looks_like_its_blank_is_filled_in() -> None:
    new = looking(NUMBER, (10, ()))
    assert fields(looking("示密〔2026〕 号", (11, ())), new) == (FIELD,)
    alone = looking(NUMBER, (9, RED), (1, ()))
    assert fields(looking("", (1, ())), alone) is None


def test_what_pieces_refer_to_may_not_change() -> None:
    style = Definition(Part.STYLE, "正文", "字号 32")
    other = Definition(Part.STYLE, "正文", "字号 33")
    assert told(definitions(style), definitions(other)) == [("样式", "")]
    assert told(definitions(style), definitions()) == [("样式", "")]
    assert told(definitions(style), definitions(style)) == []


def test_a_definition_that_nothing_approved_refers_to_may_be_added() -> None:
    unused = Definition(Part.STYLE, "新样式", "字号 33", alone=True)
    assert told(definitions(), definitions(unused)) == []
    assert told(definitions(), definitions(Definition(Part.STYLE, "新样式", "字号 33"))) != []
    several = (unused, Definition(Part.STYLE, "新样式", "字号 40"))
    assert told(definitions(unused), definitions(*several)) == [("样式", "")]


def test_another_program_is_told_where_it_saved_the_draft() -> None:
    found = compare(definitions(maker="甲软件"), definitions(maker="乙软件"), LATE)
    assert found.makers == ("甲软件", "乙软件")
    assert compare(definitions(maker="甲软件"), definitions(maker="甲软件"), LATE).makers is None


def test_places_are_told_as_exactly_as_the_format_knows_them() -> None:
    def at(**facts: Any) -> str:
        piece = Piece(Part.PICTURE, "甲", shown="〔图片〕", **facts)
        return str(Difference((), (piece,)).place)

    box = (10.2, 20.4, 30.0, 40.0)
    assert at(page=2, at=box) == "page 2, 图片 (10 mm from the left, 20 mm from the top)"
    assert at(page=2) == "page 2, 图片"
    assert at(page=2, number=3) == "page 2, line 3"
    assert at(number=3) == "图片, paragraph 3"
    assert at() == "图片"


def test_pieces_that_are_not_alike_are_told_apart() -> None:
    found = compare(content("甲乙丙丁", "戊"), content("天地玄黄宇宙", "戊", "己"), LATE)
    assert [(len(each.old), len(each.new)) for each in found.differences] == [(1, 1), (0, 1)]


def test_lines_that_are_alike_are_told_beside_each_other() -> None:
    old, new = content("每日三次巡查", "戊"), content("每日四次巡查", "己", "庚")
    found = compare(old, new, LATE)
    assert [(len(each.old), len(each.new)) for each in found.differences] == [(1, 1), (1, 2)]


def test_what_was_filled_in_beside_a_difference_is_no_difference() -> None:
    old = content("甲", "乙", "丙", pages=True)
    for new in (("甲", NUMBER, "乙", "丁"), ("甲", "乙", NUMBER, "丁")):
        found = compare(old, content(*new, pages=True), LATE)
        assert found.fields == (FIELD,)
        assert [each.new[0].text for each in found.differences] == ["丁"]


LINE = st.text(alphabet="甲乙丙示密〔〕2026年13月号日_× —第页：", max_size=14).map(
    lambda text: " ".join(text.split())
)
LINES = st.lists(LINE, max_size=8)


@given(LINES, st.booleans())
def test_equal_texts_are_always_accepted(lines: list[str], pages: bool) -> None:
    assert fields(content(*lines, pages=pages), content(*lines, pages=pages)) == ()


@given(LINES.filter(any), st.data())
def test_any_single_other_character_is_always_refused(
    lines: list[str], data: st.DataObject
) -> None:
    number = data.draw(st.sampled_from([n for n, line in enumerate(lines) if line]))
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    other = data.draw(st.sampled_from("甲乙丁0123456789Ｘ。"))
    assume(lines[number][place] not in (other, " "))
    changed = [*lines]
    changed[number] = f"{lines[number][:place]}{other}{lines[number][place + 1 :]}"
    # One character never makes a whole number or date, but may complete one that is broken off.
    assume(
        LATE.open_form(changed[number]) != LATE.open_form(lines[number])
        or "\x00" not in (LATE.open_form(changed[number]))
    )
    assert fields(content(*lines), content(*changed)) is None


@given(LINES, st.data())
def test_a_filled_in_draft_with_one_other_character_is_always_refused(
    lines: list[str], data: st.DataObject
) -> None:
    body = ["文号：", *lines, "落款 年 月 日"]
    filled = [f"文号：{NUMBER}", *lines, "落款 2026年1月10日"]
    assert fields(content(*body), content(*filled)) == (FIELD, LateField.ISSUE_DAY)
    number = data.draw(st.integers(0, len(filled) - 1))
    place = data.draw(st.integers(0, len(filled[number])))
    changed = [*filled]
    changed[number] = f"{filled[number][:place]}错{filled[number][place:]}"
    assert fields(content(*body), content(*changed)) is None
