"""What is to be written for a record: the texts by field name, copy numbers, closing words.

Where each text goes, and in which face, is the template's business (`engine.template`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import assert_never

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.points import (
    BoxAnchor,
    ClassifiedPoint,
    ParagraphAnchor,
    PointAnchor,
    PointStyle,
    QuoteAnchor,
)
from dingmi_mark.domain.standing import Standing
from dingmi_mark.domain.terms import SecrecyLevel, period_text

COPY_NUMBER_DIGITS = 6
"""份号 has six digits (GB/T 9704-2012 7.2.1; practice, R14)."""

_QUOTE_SHOWN = 12
"""How many characters of a quotation name its paragraph in the closing words (own choice)."""


def copy_numbers(record: ApprovalRecord) -> tuple[str, ...]:
    """Return the 份号 of every copy, one file each; a single empty one where copies have none."""
    if record.draft.copies < 1:
        return ("",)
    return tuple(f"{copy:0{COPY_NUMBER_DIGITS}d}" for copy in range(1, record.draft.copies + 1))


def are_all_made(record: ApprovalRecord, made: Collection[str]) -> bool:
    """Tell whether every copy was made; the one without 份号 gets its numbers at the printer."""
    return "" in made or set(made) >= set(copy_numbers(record))


DECISION_FIELDS = frozenset({"officer", "officer_post", "decision_date"})
"""What a provisional mark does not show: nobody has decided yet."""


def words_of(
    record: ApprovalRecord, copy_number: str, standing: Standing = Standing.FORMAL
) -> Mapping[str, str]:
    """Return every text a template may use, by field name; empty where not given."""
    words = _words_of(record, copy_number, standing)
    match standing:
        case Standing.FORMAL:
            return words
        case Standing.PROVISIONAL:
            return {**words, **dict.fromkeys(DECISION_FIELDS, ""), "organ": record.organ}
        case _:
            assert_never(standing)


def _words_of(record: ApprovalRecord, copy_number: str, standing: Standing) -> Mapping[str, str]:
    secrecy = record.secrecy
    officer, draft = record.officer, record.draft
    return {
        "copy_number": copy_number,
        "mark": standing.wording(secrecy.marking),
        "level": secrecy.marking.level.value,
        "period": period_text(secrecy.marking.period),
        "urgency": draft.urgency.value if draft.urgency else "",
        "scope": "、".join(secrecy.scope),
        "officer": _decider(record),
        "officer_post": officer.post if officer else "",
        "decision_date": _day(record.decision_day),
        "issue_date": _day(draft.issue_day),
        "number": record.number,
        "organ": record.decided_by,
        "document_number": draft.document_number,
        "kind": record.kind.value,
    }


def _decider(record: ApprovalRecord) -> str:
    """Name the officer; where another organ decided, its reply takes his place (法17)."""
    if record.deciding_organ is not None:
        return "见批复"
    return record.officer.name if record.officer else ""


def points_before_paragraphs(record: ApprovalRecord) -> tuple[ClassifiedPoint, ...]:
    """Return the points that get their level before the paragraph."""
    return tuple(p for p in record.points if p.style is PointStyle.BEFORE_PARAGRAPH)


def closing_words(record: ApprovalRecord) -> str:
    """Return the sentences that say which parts are secret, highest level first (R30); or empty.

    标志的规定(1990, repealed 2014)第五条 “以文字指明哪些属于国家秘密事项”.
    """
    told = [point for point in record.points if point.style is PointStyle.IN_WORDS]
    return "".join(
        f"本文件{'、'.join(_place(p.anchor) for p in told if p.level is level)}"
        f"属于{level.value}级国家秘密。"
        for level in sorted({point.level for point in told}, reverse=True)
    )


def level_counts(record: ApprovalRecord) -> Mapping[SecrecyLevel, int]:
    """Count the points of each level, highest first, for the plan in plain words."""
    levels = [point.level for point in record.points]
    return {level: levels.count(level) for level in sorted(set(levels), reverse=True)}


def _place(anchor: PointAnchor) -> str:
    match anchor:
        case QuoteAnchor(quote):
            shown = quote if len(quote) <= _QUOTE_SHOWN else f"{quote[:_QUOTE_SHOWN]}……"
            return f"“{shown}”所在段落"
        case BoxAnchor(page):
            return f"第{page}页的标注部分"
        case ParagraphAnchor(number, _, None):
            return f"第{number}段"
        case ParagraphAnchor(number, _, table, row, column):
            return f"第{table}个表格第{row}行第{column}列第{number}段"
        case _:
            assert_never(anchor)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
