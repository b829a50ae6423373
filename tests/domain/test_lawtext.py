"""How rules are found and shown."""

from __future__ import annotations

from datetime import date

import pytest

from dingmi_mark.domain.law import Severity
from dingmi_mark.domain.lawtext import on_day, rules_texts, searched, value_text
from dingmi_mark.domain.rules.families import ALL_RULES
from dingmi_mark.domain.rules.ways_out import WAYS_OUT
from dingmi_mark.store.lawbook import read_lawbook

TEXTS = rules_texts(read_lawbook("national"))


def names(words: str) -> set[str]:
    return {text.name for text in searched(TEXTS, words)}


def test_every_rule_is_there_once() -> None:
    assert [text.name for text in TEXTS] == [rule.name for rule in ALL_RULES]


def test_every_way_out_is_of_a_rule() -> None:
    assert set(WAYS_OUT) - {"tables"} <= {rule.name for rule in ALL_RULES}


@pytest.mark.parametrize("article", ["第二十条", "第20条", "20条"])
def test_an_article_is_found_however_it_is_numbered(article: str) -> None:
    assert {"period-limit", "release-published", "readers-recorded"} <= names(article)
    assert "derived-consent" not in names(article)


def test_rules_are_found_by_word_law_certainty_value_and_requirement() -> None:
    assert "derived-scope" in names("知悉范围")
    assert names("北京市保守国家秘密条例") >= {"change-beijing", "release-beijing"}
    assert "stand-in" in names("试点手册")
    assert names("比照") == {"no-analogy"}
    assert names("R9") == {"period-limit"}
    assert "copy-top-secret" in names("绝密 同意")
    assert names("没有这样的词") == set()


@pytest.mark.parametrize(
    ("number", "chinese"),
    [
        ("6", "六"),
        ("10", "十"),
        ("15", "十五"),
        ("20", "二十"),
        ("101", "一百零一"),
        ("110", "一百一十"),
        ("200", "二百"),
    ],
)
def test_numbers_are_written_as_statutes_do(number: str, chinese: str) -> None:
    from dingmi_mark.domain.lawtext import _wanted

    assert _wanted(f"{number}条") == f"第{chinese}条"


def test_on_a_day_only_the_rows_in_force_are_shown() -> None:
    found = {text.name: text for text in on_day(TEXTS, date(2024, 4, 30))}
    assert [row.citation.law for row in found["period-limit"].rows] == ["保守国家秘密法(2010)"]
    assert "points-duty" not in found
    assert not list(on_day(TEXTS, date(2010, 9, 30)))


def test_the_profile_and_what_it_may_not_switch_are_told() -> None:
    found = {text.name: text for text in TEXTS}
    assert found["stand-in"].switch is Severity.OFF and not found["stand-in"].is_fixed
    assert found["period-limit"].is_fixed and found["change-reason"].is_fixed


def test_values_are_words() -> None:
    assert (value_text(("机密", "秘密")), value_text(()), value_text(3)) == (
        "机密、秘密",
        "无",
        "3",
    )
