"""The rules as somebody reads them: found by name, word or article, with rows and certainty."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from dingmi_mark.domain.law import Lawbook, LawRow, RowValue, Severity, is_settled
from dingmi_mark.domain.law_names import asked_for, chinese
from dingmi_mark.domain.rules.case import Rule
from dingmi_mark.domain.rules.families import FAMILIES
from dingmi_mark.domain.rules.ways_out import REPORTED, REPORTING, WAYS_OUT
from dingmi_mark.domain.terms import plain

_ARTICLE: Final = re.compile(r"第?(\d{1,3})条")
_REQUIREMENT: Final = re.compile(r"R\d{1,2}", re.IGNORECASE)

VALUE_NAMES: Final = MappingProxyType(
    {
        "forms": "文件种类",
        "levels": "密级",
        "characters": "字数",
        "words": "词语",
        "fields": "须写明",
        "rights": "身份",
        "any": "外单位的决定须写明",
        "own": "本单位的决定须写明",
        "kinds": "种类",
        "redetermines": "须重新确定",
        "months": "月数",
        "days": "天数",
        "unit": "怎样数",
    }
)
"""What the values of rows are called on the screen and in docs/law.md; levels name themselves."""


@dataclass(frozen=True)
class RuleText:
    """One rule: what it examines, its title, its rows, and what the profile makes of it.

    `switch` is the profile's setting, None where it has none; `is_fixed` that it takes none at all.
    `way_out` tells what to do, by the provision `way_basis`.
    """

    name: str
    family: str
    title: str
    explained: str
    rows: tuple[LawRow, ...]
    is_fixed: bool
    switch: Severity | None
    way_out: str
    way_basis: str


def rules_texts(lawbook: Lawbook) -> tuple[RuleText, ...]:
    """Return every rule of the tables, in the order of the families."""
    return tuple(_text(rule, family.title, lawbook) for family in FAMILIES for rule in family.rules)


def on_day(texts: Iterable[RuleText], day: date) -> Iterator[RuleText]:
    """Yield the rules in force on a day, each with the row of that day alone."""
    for text in texts:
        rows = tuple(row for row in text.rows if row.covers(day))
        if rows:
            yield RuleText(**{**vars(text), "rows": rows})


def searched(
    texts: Iterable[RuleText], words: str, advice: Mapping[str, str] = MappingProxyType({})
) -> tuple[RuleText, ...]:
    """Return the rules that have every word: in name, title, law, article, values, or as R9.

    `20条` and `第20条` find 第二十条; `法17(3)` and `条例25` find that article of that law.
    `advice` is what the reader is told to do, by rule, in the language he searches in.
    """
    wanted = [_wanted(word) for word in words.split()]
    return tuple(
        text
        for text in texts
        if all(_has(text, word, advice.get(text.name, "")) for word in wanted)
    )


def value_text(value: RowValue) -> str:
    """Return a value of a row as people read it."""
    if isinstance(value, tuple):
        return "、".join(value) or "无"
    return str(value)


def _text(rule: Rule[Any], family: str, lawbook: Lawbook) -> RuleText:
    rows = tuple(row for row in lawbook.rows if row.rule == rule.name)
    source = REPORTING if rule.name in REPORTED else rule.name
    basis = [row for row in lawbook.rows if row.rule == source]
    return RuleText(
        rule.name,
        family,
        lawbook.titles.get(rule.name, ""),
        " ".join((inspect.getdoc(rule.check) or "").split()),
        rows,
        rule.binding or is_settled(rows),
        lawbook.switches.get(rule.name),
        WAYS_OUT.get(rule.name, ""),
        str(basis[-1].citation if basis else ""),
    )


def _has(text: RuleText, word: str, advice: str) -> bool:
    if _REQUIREMENT.fullmatch(word):
        return re.search(rf"\b{word}\b", text.explained, re.IGNORECASE) is not None
    if (asked := asked_for(word)) is not None:
        return any(asked.is_in(row.citation) for row in text.rows)
    rows = (
        part
        for row in text.rows
        for part in (
            row.citation.law,
            row.citation.provision,
            row.citation.certainty.value,
            *row.values,
            *map(value_text, row.values.values()),
        )
    )
    parts = (text.name, text.title, text.family, text.explained, advice, *rows)
    return any(word in plain(part).lower() for part in parts)


def _wanted(word: str) -> str:
    bare = plain(word).lower()
    article = _ARTICLE.fullmatch(bare)
    return f"第{chinese(int(article[1]))}条" if article else bare
