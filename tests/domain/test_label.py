"""The label of a marked file holds the fields of R51 and reads back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.approval import Derivative, HistoryLine, Source
from dingmi_mark.domain.identity import CopyIdentity
from dingmi_mark.domain.label import (
    LabelFacts,
    LabelUnreadable,
    ShownMark,
    facts_of,
    marks_of,
    read_label,
)
from dingmi_mark.domain.label_changing import label_showing, with_copy
from dingmi_mark.domain.label_writing import label_bytes
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    QuoteAnchor,
)
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import (
    ForDays,
    ForMonths,
    ForYears,
    LongTerm,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from record_kit import record

MARK = ShownMark("mark", 0, "机密★10年", 28.0, 47.227, 60.0, 5.644)
FACTS = LabelFacts(
    identity=CopyIdentity("d" * 32, "m" * 32, "c" * 32),
    copy_number="000001",
    approval_digest="sm3:" + "a" * 64,
    draft_sm3="b" * 64,
    content_digest="sm3:" + "e" * 64,
    by_digest=True,
    templates={"gongwen": "sm3:0"},
    marks=(MARK,),
    program_version="0",
)


def test_the_worked_example() -> None:
    """marking-rules, worked end-to-end: 机密, 10 years; last secret day by 民法典201-202."""
    facts = facts_of(read_label(label_bytes(record(), FACTS, {})))
    assert facts["国家秘密标志"] == "机密★10年"
    assert facts["密级代码"] == "JM"
    assert (facts["制发日"], facts["最后保密日"], facts["解密日"]) == (
        "2026-11-02",
        "2036-11-02",
        "2036-11-03",
    )
    assert facts["定密责任人"] == "张示范 局长"
    assert facts["定密依据"] == "示例领域保密事项范围 第1项"
    assert facts["状态"] == "正式定密"
    assert facts["份号"] == "000001"


def test_same_in_same_out_and_canonical() -> None:
    label = label_bytes(record(), FACTS, {})
    assert label == label_bytes(record(), FACTS, {})
    assert (
        json.dumps(json.loads(label), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        == label.decode()
    )


def test_marks_read_back() -> None:
    assert marks_of(read_label(label_bytes(record(), FACTS, {}))) == (MARK,)


def test_words_of_a_point_are_not_in_the_label() -> None:
    """R32: the hash of the text; the words themselves stand in the text only."""
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("示例江堤的高程"))
    label = label_bytes(record(points=(point,)), FACTS, {"1": "f" * 32})
    assert "示例江堤的高程" not in label.decode()
    assert read_label(label)["points"][0]["text_digest"] == "f" * 32


def test_sources_are_named_with_level_and_period() -> None:
    source = Source(
        "关于示例的报告", "示密〔2020〕9号", SecrecyLevel.SECRET, ForYears(5), date(2024, 1, 1)
    )
    label = label_bytes(replace(record(), classification=Derivative((source,))), FACTS, {})
    assert (
        facts_of(read_label(label))["定密依据"]
        == "派生自关于示例的报告，示密〔2020〕9号，秘密，5年"
    )


@pytest.mark.parametrize(
    ("period", "kind", "value"),
    [
        (ForYears(3), "years", 3),
        (ForMonths(6), "months", 6),
        (ForDays(20), "days", 20),
        (UntilDate(date(2030, 3, 15)), "date", "2030-03-15"),
        (UntilCondition("会议开始前"), "condition", "会议开始前"),
        (LongTerm(), "long-term", ""),
    ],
)
def test_every_kind_of_period(period: SecrecyPeriod, kind: str, value: object) -> None:
    found = read_label(label_bytes(record(period=period), FACTS, {}))["marking"]["period"]
    assert (found["kind"], found["value"]) == (kind, value)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"schema":"dingmi-mark/label/2"}']
)
def test_what_is_no_label_is_told(content: bytes) -> None:
    with pytest.raises(LabelUnreadable):
        read_label(content)


def test_a_label_without_its_fields_is_told() -> None:
    label = json.loads(label_bytes(record(), FACTS, {}))
    del label["marking"]["level"]
    with pytest.raises(LabelUnreadable):
        read_label(json.dumps(label).encode())


def test_places_of_points_stand_in_the_label() -> None:
    points = (
        ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor("示例江堤", 2)),
        ClassifiedPoint("2", SecrecyLevel.SECRET, BoxAnchor(2, 10, 20, 30, 40)),
        ClassifiedPoint("3", SecrecyLevel.SECRET, ParagraphAnchor(3)),
        ClassifiedPoint("4", SecrecyLevel.SECRET, ParagraphAnchor(1, table=1, row=2, column=3)),
    )
    told = read_label(label_bytes(record(points=points), FACTS, {}))["points"]
    assert [point["anchor"] for point in told] == [
        {"kind": "quote", "occurrence": 2},
        {"kind": "box", "page": 2, "box_mm": [10, 20, 30, 40]},
        {"kind": "paragraph", "number": 3, "cell": None},
        {"kind": "paragraph", "number": 1, "cell": [1, 2, 3]},
    ]


def test_a_provisional_label_says_until_when_and_names_nobody_as_decider() -> None:
    facts = replace(FACTS, standing=Standing.PROVISIONAL, until="2026-11-12")
    told = read_label(label_bytes(record(), facts, {}))
    assert (told["status"], told["status_code"], told["until"]) == ("预定密", 1, "2026-11-12")
    assert told["approval"]["decided_by"] == ""
    assert "★" not in told["marking"]["text"]
    assert "until" not in read_label(label_bytes(record(), FACTS, {}))


def test_the_history_and_an_officers_missing_stand_in_the_label_as_they_are() -> None:
    line = HistoryLine(date(2026, 11, 2), "王样例", "拟办", "样例")
    told = read_label(label_bytes(replace(record(), history=(line,), officer=None), FACTS, {}))
    assert told["history"] == [
        {"day": "2026-11-02", "by": "王样例", "step": "拟办", "note": "样例"}
    ]
    assert told["approval"]["officer"] == {}


def test_the_label_of_a_copy_that_a_printer_numbers_tells_its_own_number() -> None:
    label = read_label(label_bytes(record(), FACTS, {}))
    number = ShownMark("copy_number", 0, "000007", 28.0, 37.0, 20.0, 5.644)
    copy = with_copy(label, "000007", "f" * 32)
    read = read_label(label_showing(copy, (number, MARK)))
    assert (read["marking"]["copy_number"], read["marking"]["copy_id"]) == ("000007", "f" * 32)
    assert read["marking"]["id"] == label["marking"]["id"]
    assert marks_of(read) == (number, MARK)
    assert facts_of(read)["份号"] == "000007"
