"""What authors write to name a point, and how it agrees with the record."""

from __future__ import annotations

import pytest

from dingmi_mark.domain.authoring import (
    AuthoredPoint,
    Authoring,
    AuthoringFault,
    Notation,
    Place,
    named_no_secret,
    names_a_point,
    read_notation,
)
from dingmi_mark.domain.authoring_agreement import disagreements, side_by_side
from dingmi_mark.domain.points import BoxAnchor, ClassifiedPoint, ParagraphAnchor, QuoteAnchor
from dingmi_mark.domain.terms import ForMonths, ForYears, LongTerm, SecrecyLevel, UntilCondition
from dingmi_mark.messages import say

SECRET, HIGH = SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET
PASSAGE = "队伍沿示例一路开进"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("密点 机密", Notation(HIGH)),
        ("密点-机密", Notation(HIGH)),
        (" 密点：秘密 ", Notation(SECRET)),
        ("密点秘密", Notation(SECRET)),
        ("密点 机密级", Notation(HIGH)),
        ("密点：秘密级、5年", Notation(SECRET, ForYears(5))),
        ("密点 机密 10年", Notation(HIGH, ForYears(10))),
        ("密点 机密★10年", Notation(HIGH, ForYears(10))),
        ("密点 绝密　长期", Notation(SecrecyLevel.TOP_SECRET, LongTerm())),
        ("密点 机密 来源：示密〔2020〕1号", Notation(HIGH, None, "示密〔2020〕1号")),
        ("密点 机密，5年，来源: 甲 乙", Notation(HIGH, ForYears(5), "甲 乙")),
        ("密点 机密 来源:示密〔2020〕1号 10年", Notation(HIGH, ForYears(10), "示密〔2020〕1号")),
        ("密点 机密 来源：甲 乙，10 年", Notation(HIGH, ForYears(10), "甲 乙")),
        ("密点 机密 来源：示密〔2020〕1号★长期", Notation(HIGH, LongTerm(), "示密〔2020〕1号")),
        ("密点 机密 来源：示密〔2020〕1号10年", Notation(HIGH, ForYears(10), "示密〔2020〕1号")),
        ("密点 机密 来源：甲 保密期限：6个月", Notation(HIGH, ForMonths(6), "甲")),
        ("密点 机密 10年 来源：甲 10年", Notation(HIGH, ForYears(10), "甲")),
        ("密点 机密 来源：甲 解密条件：演练结束", Notation(HIGH, UntilCondition("演练结束"), "甲")),
    ],
)
def test_a_notation_says_level_period_and_source(text: str, expected: Notation) -> None:
    assert read_notation(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "密点",
        "机密",
        "密点 最高",
        "密点 机密 很久",
        "密点 机密内容",
        "请核实密点 机密",
        "密点 机密 5年 来源：甲 10年",
        "密点 机密 来源：甲 2030年3月1日",
        "密点 机密 来源：甲 2020年",
    ],
)
def test_what_says_something_else_is_not_guessed_at(text: str) -> None:
    assert read_notation(text) is None


def test_what_was_meant_to_name_a_point_is_known_by_its_beginning() -> None:
    assert names_a_point(" 密 点 最高") and not names_a_point("请核实密点")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("密点 内部", "内部"),
        ("密点：工作秘密 5年", "工作秘密"),
        ("密点-商业秘密", "商业秘密"),
        ("密点 机密", ""),
        ("内部", ""),
    ],
)
def test_what_is_no_state_secret_is_known_as_that(text: str, what: str) -> None:
    assert named_no_secret(text) == what


def named(
    level: SecrecyLevel = HIGH,
    number: int = 2,
    cell: tuple[int, int, int] | None = None,
    period: ForYears | None = None,
    passage: str = PASSAGE,
    source: str = "",
    whole: tuple[str, ...] = (),
) -> AuthoredPoint:
    whole = whole or (f"一、{passage}。",)
    notation = Notation(level, period, source)
    return AuthoredPoint(Authoring.STYLE, notation, passage, Place("正文", number, cell), whole)


def point(
    anchor: QuoteAnchor | ParagraphAnchor | BoxAnchor,
    level: SecrecyLevel = HIGH,
    period: ForYears | None = None,
    source: str = "",
    number: str = "1",
) -> ClassifiedPoint:
    return ClassifiedPoint(number, level, anchor, period=period, source=source)


def told(points: list[ClassifiedPoint], authored: list[AuthoredPoint]) -> list[str]:
    return [str(one) for one in disagreements(points, authored)]


@pytest.mark.parametrize(
    "anchor", [QuoteAnchor("沿示例一路 开进"), ParagraphAnchor(2), ParagraphAnchor(2, "一、")]
)
def test_a_point_named_and_recorded_agrees(anchor: QuoteAnchor | ParagraphAnchor) -> None:
    assert told([point(anchor)], [named()]) == []


def test_a_point_in_a_table_agrees_by_its_cell() -> None:
    anchor = ParagraphAnchor(1, table=1, row=2, column=3)
    assert told([point(anchor)], [named(number=1, cell=(1, 2, 3))]) == []
    assert len(told([point(anchor)], [named(number=1, cell=(1, 2, 2))])) == 2
    assert len(told([point(anchor)], [named(number=2, cell=(1, 2, 3))])) == 2
    assert len(told([point(anchor)], [named(number=1)])) == 2
    assert len(told([point(ParagraphAnchor(1))], [named(number=1, cell=(1, 2, 3))])) == 2
    assert told([point(ParagraphAnchor(5, table=1))], [named(number=1, cell=(1, 2, 3))]) == []


def test_what_stands_on_one_side_only_is_told() -> None:
    assert told([], [named()]) == [
        f"正文, paragraph 2: the draft names a 机密 point, “{PASSAGE}”; the record has none there"
    ]
    assert told([point(QuoteAnchor(PASSAGE)), point(QuoteAnchor("别处"))], [named()]) == [
        "point 1 of the record (机密) is not named in the draft"
    ]


def test_where_the_author_named_none_nothing_was_forgotten() -> None:
    assert told([point(QuoteAnchor(PASSAGE))], []) == []


def test_a_rectangle_on_a_page_is_not_compared() -> None:
    area = BoxAnchor(1, 10.0, 10.0, 10.0, 10.0)
    both = [point(QuoteAnchor(PASSAGE)), point(area)]
    assert told(both, [named()]) == []


def test_another_level_or_period_is_told() -> None:
    (line,) = told([point(QuoteAnchor(PASSAGE))], [named(SECRET)])
    assert line == "正文, paragraph 2: the draft says 秘密, the record 机密 (point 1)"
    five, ten = ForYears(5), ForYears(10)
    assert told([point(QuoteAnchor(PASSAGE), period=five)], [named(period=ten)]) == [
        "正文, paragraph 2: the draft says 机密 10年, the record 机密 5年 (point 1)"
    ]
    assert told([point(QuoteAnchor(PASSAGE), period=five)], [named(period=five)]) == []
    assert told([point(QuoteAnchor(PASSAGE))], [named(period=ten)]) == []


WHOLE = ("一、甲队沿示例一路开进，乙队在示例大楼待命。",)


def test_another_level_is_told_though_the_paragraph_holds_a_point_that_agrees() -> None:
    author = named(SECRET, passage="甲队沿示例一路开进", whole=WHOLE)
    exact, elsewhere = QuoteAnchor("甲队沿示例一路开进"), QuoteAnchor("乙队在示例大楼待命")
    assert told([point(exact), point(elsewhere, SECRET, number="2")], [author]) == [
        "正文, paragraph 2: the draft says 秘密, the record 机密 (point 1)",
        "point 2 of the record (秘密) is not named in the draft",
    ]


def test_other_words_of_the_paragraph_are_another_point() -> None:
    author = named(passage="甲队沿示例一路开进", whole=WHOLE)
    assert told([point(QuoteAnchor("乙队在示例大楼待命"))], [author]) == [
        "正文, paragraph 2: the draft names a 机密 point, “甲队沿示例一路开进”; "
        "the record has none there",
        "point 1 of the record (机密) is not named in the draft",
    ]
    assert told([point(ParagraphAnchor(2))], [author]) == []


@pytest.mark.parametrize(
    "quote",
    ["示例一路", "一、甲队沿示例一路开进，乙", "路开进，乙队", "甲 队沿示例一路开进", WHOLE[0]],
)
def test_a_part_of_the_passage_and_more_than_it_are_the_same_point(quote: str) -> None:
    author = named(passage="甲队沿示例一路开进", whole=WHOLE)
    assert told([point(QuoteAnchor(quote))], [author]) == []


def test_a_passage_over_paragraphs_is_met_in_each_but_not_beside_it() -> None:
    author = named(passage="指挥部设在大楼\n三层", whole=("先指挥部设在大楼", "三层。又丙"))
    assert told([point(QuoteAnchor("设在大楼"))], [author]) == []
    assert told([point(QuoteAnchor("三层。又"))], [author]) == []
    assert len(told([point(QuoteAnchor("又丙"))], [author])) == 2


def test_a_passage_within_a_passage_agrees_with_its_own_point() -> None:
    outer = named(SECRET, passage=WHOLE[0], whole=WHOLE)
    inner = named(HIGH, passage="示例大楼", whole=WHOLE)
    recorded = [point(QuoteAnchor(WHOLE[0]), SECRET), point(QuoteAnchor("示例大楼"), number="2")]
    assert told(recorded, [outer, inner]) == []
    assert told(recorded, [outer]) == [
        "正文, paragraph 2: the draft says 秘密, the record 机密 (point 2)"
    ]


@pytest.mark.parametrize(("quote", "same"), [("乙队在示例大楼待命", True), ("丙队", False)])
def test_a_passage_that_is_not_found_in_its_paragraph_counts_as_all_of_it(
    quote: str, same: bool
) -> None:
    author = named(passage="甲队〔图〕沿示例一路", whole=WHOLE)
    assert (told([point(QuoteAnchor(quote))], [author]) == []) is same


def test_brackets_within_a_passage_are_none_of_its_words() -> None:
    author = named(passage="甲队【密点 机密】沿示例一路", whole=WHOLE)
    assert told([point(QuoteAnchor("甲队沿"))], [author]) == []
    assert len(told([point(QuoteAnchor("乙队"))], [author])) == 2


@pytest.mark.parametrize(
    ("author", "record", "same"),
    [
        ("示密〔2020〕1号", "示密〔2020〕9号", False),
        ("示密〔2020〕1号", "示密〔2020〕11号", False),
        ("示密〔2020〕1号", "", True),
        ("", "示密〔2020〕9号", True),
        ("示密[2020]1号", "示密〔2020〕 1号", True),
        ("示密〔2020〕1号《关于示例的通知》", "示密〔2020〕1号", True),
        ("1号", "示密〔2020〕11号", False),
    ],
)
def test_another_source_is_told(author: str, record: str, same: bool) -> None:
    lines = told([point(QuoteAnchor(PASSAGE), source=record)], [named(source=author)])
    expected = (
        f"正文, paragraph 2: the draft says 机密 来源：{author}, "
        f"the record 机密 来源：{record} (point 1)"
    )
    assert lines == ([] if same else [expected])


def test_places_in_tables_are_told_by_row_and_column() -> None:
    fault = AuthoringFault(Place("正文", 1, (1, 2, 3)), say("it"))
    assert str(fault.line) == "正文, table 1, row 2, column 3, paragraph 1: it"


def test_a_long_passage_is_told_shortened() -> None:
    (line,) = told([], [named(passage="甲" * 40)])
    assert f"“{'甲' * 14}…{'甲' * 14}”" in line


def test_both_sides_stand_beside_each_other() -> None:
    elsewhere = named(number=9, passage="别的话")
    recorded, alone = point(QuoteAnchor(PASSAGE)), point(QuoteAnchor("没有注明的话"))
    rows = list(side_by_side([recorded, alone], [named(), elsewhere]))
    assert [(row.point, len(row.authored)) for row in rows] == [
        (recorded, 1),
        (alone, 0),
        (None, 1),
    ]
    assert [row.agrees for row in rows] == [True, False, False]
    (other,) = side_by_side([recorded], [named(SECRET)])
    assert not other.agrees
