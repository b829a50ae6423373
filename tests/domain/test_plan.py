"""What is to be written: texts by field, copy numbers, closing words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dingmi_mark.domain.approval import DecidingOrgan, Urgency
from dingmi_mark.domain.plan import (
    are_all_made,
    closing_words,
    copy_numbers,
    level_counts,
    points_before_paragraphs,
    words_of,
)
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    PointStyle,
    QuoteAnchor,
)
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import SecrecyLevel, UntilDate
from dingmi_mark.engine.template import FIELDS
from record_kit import DAY, ORGAN, record, with_draft


def test_份号_are_six_digits_one_file_a_copy() -> None:
    """R14: copies 1-3 → 000001 … 000003."""
    assert copy_numbers(record(copies=3)) == ("000001", "000002", "000003")
    assert copy_numbers(record(copies=1)) == ("000001",)


def test_a_paper_without_copies_has_one_file_without_number() -> None:
    assert copy_numbers(record(copies=0)) == ("",)


def test_all_copies_are_made_or_one_that_the_printer_numbers() -> None:
    two = record(copies=2)
    assert are_all_made(two, {"000001", "000002"}) and are_all_made(two, [""])
    assert not are_all_made(two, {"000001"}) and not are_all_made(record(copies=0), [])


def test_templates_and_plan_know_the_same_fields() -> None:
    assert set(words_of(record(), "000001")) == set(FIELDS)


def test_the_words_of_a_record() -> None:
    words = words_of(
        record(urgency=Urgency.EXTRA_URGENT, period=UntilDate(date(2030, 3, 5))), "000017"
    )
    assert words["mark"] == "机密★2030年3月5日"
    assert words["urgency"] == "特急"
    assert words["copy_number"] == "000017"
    assert words["decision_date"] == "2026年11月2日"


def in_words(ident: str, level: SecrecyLevel, anchor: object) -> ClassifiedPoint:
    return ClassifiedPoint(ident, level, anchor, PointStyle.IN_WORDS)  # type: ignore[arg-type]


def test_closing_words_name_the_parts_highest_level_first() -> None:
    """标志的规定(1990, repealed 2014)第五条: 以文字指明哪些属于国家秘密事项 (R30)."""
    points = (
        in_words("1", SecrecyLevel.SECRET, ParagraphAnchor(3)),
        in_words("2", SecrecyLevel.HIGHLY_SECRET, ParagraphAnchor(1, table=1, row=2, column=3)),
        in_words("3", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor("示例江堤防洪演练的具体时间和地点")),
        in_words("4", SecrecyLevel.SECRET, BoxAnchor(2, 10, 10, 20, 20)),
    )
    assert closing_words(record(points=points)) == (
        "本文件第1个表格第2行第3列第1段、“示例江堤防洪演练的具体时……”所在段落属于机密级国家秘密。"
        "本文件第3段、第2页的标注部分属于秘密级国家秘密。"
    )
    counted = list(level_counts(record(points=points)).items())
    assert counted == [(SecrecyLevel.HIGHLY_SECRET, 2), (SecrecyLevel.SECRET, 2)]


def test_a_quotation_of_twelve_characters_is_shown_whole() -> None:
    whole, longer = "一二三四五六七八九十十一", "一二三四五六七八九十十一二"
    for quote, shown in ((whole, whole), (longer, f"{whole}……")):
        point = in_words("1", SecrecyLevel.SECRET, QuoteAnchor(quote))
        assert closing_words(record(points=(point,))).startswith(f"本文件“{shown}”所在段落")


def test_points_before_paragraphs_need_no_closing_words() -> None:
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("示例"))
    assert closing_words(record(points=(point,))) == ""


def test_a_reply_stands_where_another_organ_decided() -> None:
    """法17: the reply takes the officer's place."""
    replied = replace(record(), deciding_organ=DecidingOrgan("示例省示范厅", "示复1号", DAY))
    assert words_of(replied, "")["officer"] == "见批复"
    assert words_of(replied, "")["organ"] == "示例省示范厅"


def test_a_record_without_officer_or_days_leaves_their_places_empty() -> None:
    undecided = with_draft(replace(record(), officer=None, decision=None), issue_day=None)
    words = words_of(undecided, "")
    assert (words["officer"], words["officer_post"]) == ("", "")
    assert (words["issue_date"], words["decision_date"]) == ("", "")


def test_a_provisional_mark_shows_no_decision_and_no_star() -> None:
    words = words_of(record(), "", Standing.PROVISIONAL)
    assert (words["officer"], words["decision_date"], words["organ"]) == ("", "", ORGAN)
    assert words["mark"].startswith("拟定") and "★" not in words["mark"]
    replied = replace(record(), deciding_organ=DecidingOrgan("示例省示范厅", "示复1号", DAY))
    assert words_of(replied, "", Standing.PROVISIONAL)["organ"] == ORGAN


def test_only_points_before_their_paragraph_are_written_there() -> None:
    before = ClassifiedPoint("1", SecrecyLevel.SECRET, ParagraphAnchor(1))
    points = (before, in_words("2", SecrecyLevel.SECRET, ParagraphAnchor(2)))
    assert points_before_paragraphs(record(points=points)) == (before,)
    assert before.text == "（秘密）"
