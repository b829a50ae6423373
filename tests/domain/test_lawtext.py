"""How rules are found and shown."""

from __future__ import annotations

from datetime import date

import pytest

from dingmi_mark.domain import law_names
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


@pytest.mark.parametrize(
    "asked",
    [
        "法17",
        "法17条",
        "法第17条",
        "法第十七条",
        "保密法17",
        "保守国家秘密法(2024)17",
        "法（2024）17",
    ],
)
def test_an_article_of_the_law_is_found_by_its_short_name(asked: str) -> None:
    assert {"organ-authority", "reply-organ"} <= names(asked)
    assert "points-duty" not in names(asked), "which is 条例17"
    assert "organ-authority-other" in names(asked), "a reading of it is found with it"


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        ("条例25", "unclear-matter"),
        ("实施条例第二十五条", "unclear-matter"),
        ("条例26(3)", "disputed-level"),
        ("条例17(3)", "points-duty"),
        ("条例23", "change-organ"),
        ("条例29(四)", "copy-top-secret"),
        ("规定11", "reply-organ"),
        ("定密规定6", "no-analogy"),
        ("定密管理规定第十条", "list-filed"),
        ("暂行规定24(4)", "source-default"),
        ("派生办法8", "points-used"),
        ("解密办法4", "expiry-reminder"),
        ("标志规定8", "compilation"),
        ("北京14(2)", "derived-period-beijing"),
        ("公文条例9", "copy-numbers"),
        ("范围办法4", "no-analogy"),
        ("法20(2)", "period-limit"),
        ("法16", "officer-approved"),
        ("法(2010)13", "organ-authority"),
    ],
)
def test_every_law_has_its_short_names(asked: str, rule: str) -> None:
    assert rule in names(asked)


def test_a_short_name_means_one_law_and_a_paragraph_only_itself() -> None:
    assert "reply-organ" in names("法17(3)") and "no-regrant" not in names("法16(3)")
    assert names("条例16(3)") and "grant-filed" not in names("条例16(3)")
    assert "unclear-matter" not in names("法25") and names("法25") == set()
    assert "unclear-matter" not in names("条例(2014)25")
    assert "unclear-matter" in names("条例(2014)19")
    assert names("法57(十)") == set()


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
    assert law_names.chinese(int(number)) == chinese
    assert names(f"{number}条") == names(f"第{chinese}条")


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


def test_the_way_out_of_lacking_authority_rests_on_the_law_that_names_whom_to_ask() -> None:
    found = {text.name: text for text in TEXTS}
    for rule in ("organ-authority", "organ-authority-other", "no-regrant", "grant-within-power"):
        assert found[rule].way_basis.startswith("保守国家秘密法(2024)第十七条第三款")
    assert found["period-limit"].way_basis == "保守国家秘密法(2024)第二十条第二款"
