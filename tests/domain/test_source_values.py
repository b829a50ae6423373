"""What label, page, ledger and people say of a source is joined, and no contradiction is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dingmi_mark.domain.known import KnownDocument, KnownPoint
from dingmi_mark.domain.reading import ReadMark
from dingmi_mark.domain.source_values import (
    From,
    SourceValues,
    joined,
    of_known,
    of_label,
    of_mark,
    point_mark,
    shown,
)
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.domain.uses import UseLimit

H, S = SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET
MARK = of_mark(ReadMark(H, ForYears(10), "机密★10年", True))
DAY = date(2026, 3, 15)


def label(**marking: Any) -> dict[str, Any]:
    return {
        "marking": {
            "text": "机密★10年",
            "issue_day": "2026-03-15",
            "notice_day": "",
            "scope": ["局领导"],
            **marking,
        },
        "document": {"title": "样例：示例", "number": "示密〔2026〕3号"},
        "approval": {"decided_by": "", "organ": "示例省示范厅"},
        "points": [
            {"id": "1", "level": "机密", "period": None},
            {"id": "2", "level": "秘密", "period": {"text": "5年"}},
        ],
    }


def test_nothing_is_asked_for_that_the_page_tells() -> None:
    found = joined({From.MARK: MARK, From.TYPED: SourceValues(issue_day=DAY, title="样例")})
    assert (found.values.level, found.values.period) == (H, ForYears(10))
    assert found.origin == {
        "level": From.MARK,
        "period": From.MARK,
        "issue_day": From.TYPED,
        "title": From.TYPED,
    }
    assert found.differences == ()


def test_the_same_told_twice_is_no_difference() -> None:
    mark = of_mark(ReadMark(H, ForYears(10), "机密★10年", True))
    found = joined({From.MARK: mark, From.TYPED: SourceValues(level=H, period=ForYears(10))})
    assert found.differences == ()
    assert found.origin == {"level": From.MARK, "period": From.MARK}


def test_what_is_typed_otherwise_is_told_with_both_values() -> None:
    found = joined({From.MARK: MARK, From.TYPED: SourceValues(level=S)})
    (difference,) = found.differences
    assert (difference.name, difference.one, difference.other) == ("level", "机密", "秘密")
    assert found.values.level is S
    assert found.origin["level"] is From.TYPED


def test_the_same_in_other_words_is_no_difference() -> None:
    one = SourceValues(document_number="示密〔2026〕3号", scope=("甲", "乙"))
    other = SourceValues(document_number="示密〔２０２６〕 3号", scope=("乙", "甲"))
    points, limits = (KnownPoint("1", H), KnownPoint("2", S)), tuple(UseLimit)
    one = replace(one, points=points, limits=limits)
    other = replace(other, points=points[::-1], limits=limits[::-1])
    found = joined({From.LEDGER: one, From.TYPED: other})
    assert found.differences == ()
    assert found.origin["scope"] is From.LEDGER


def test_a_label_of_ours_tells_everything() -> None:
    values = of_label(label())
    assert values.points == (KnownPoint("1", H), KnownPoint("2", S, ForYears(5)))
    assert (values.issue_day, values.organ, values.scope) == (DAY, "示例省示范厅", ("局领导",))
    assert of_label(label(issue_day="")).issue_day is None
    assert of_label(label(issue_day="", notice_day="2026-03-15")).issue_day == DAY
    assert of_label(label() | {"approval": _DECIDED}).organ == "示例市示范局"


_DECIDED = {"decided_by": "示例市示范局", "organ": "示例省示范厅"}


def test_values_are_shown_as_people_read_them() -> None:
    values = SourceValues(
        level=H,
        period=ForYears(10),
        issue_day=DAY,
        scope=("甲", "乙"),
        points=(KnownPoint("1", S, ForYears(5)), KnownPoint("2", H)),
        limits=(UseLimit.NO_COMPILING,),
    )
    told = {name: shown(name, getattr(values, name)) for name in values.said}
    assert told == {
        "level": "机密",
        "period": "10年",
        "issue_day": "2026-03-15",
        "scope": "甲、乙",
        "points": "1 秘密★5年、2 机密",
        "limits": "不得汇编",
    }
    assert point_mark(KnownPoint("1", H)) == "机密"
    assert values.as_source().level is H


def test_the_ledger_is_a_witness_too() -> None:
    document = KnownDocument("a1", H, ForYears(10), issue_day=DAY, title="样例")
    assert of_known(document).said == ("level", "period", "issue_day", "title")
