"""派生定密: what a paper takes from its sources, as the law has it (R33-R37, R49).

Every case says sources, day and what people decided, then the mark or what stands against it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.deriving import Derived, Wanted, derive
from dingmi_mark.domain.law import Severity
from dingmi_mark.domain.terms import (
    ForYears,
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.domain.uses import SourceUse
from dingmi_mark.store.lawbook import read_lawbook

S, H, T = SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.TOP_SECRET
LAW = read_lawbook("national")
TODAY = date(2026, 1, 10)
TEN = ForYears(10)
BEFORE = UntilCondition("会议开始前")


def source(
    level: SecrecyLevel | None = H,
    period: SecrecyPeriod | None = TEN,
    issued: date | None = date(2020, 3, 15),
    name: str = "甲",
) -> Source:
    return Source(name, level=level, period=period, issue_day=issued)


def derived(*sources: Source, **more: object) -> Derived:
    return derive(Wanted(sources, TODAY, TODAY, **more), LAW)  # type: ignore[arg-type]


def mark(found: Derived) -> str:
    assert found.marking is not None, [str(step.says) for step in found.against]
    return found.marking.text


def against(found: Derived) -> str:
    assert found.marking is None
    return " ".join(str(step.says) for step in found.against)


def told(found: Derived) -> str:
    return " ".join(f"{step.says} [{step.basis}]" for step in found.steps)


def test_a_counted_source_is_released_the_day_after_its_last_secret_day() -> None:
    """R35: 机密★10年 of 2020-03-15, paper of 2026-01-10 → 机密★2030年3月16日."""
    found = derived(source())
    assert mark(found) == "机密★2030年3月16日"
    assert "保守国家秘密法(2024)第十八条；实施条例(2024)第十八条" in told(found)
    assert found.explanations == ()


def test_highest_level_and_latest_day_are_chosen_separately() -> None:
    """R34: 机密★1年 and 秘密★10年, both of 2026-01-10 → 机密, last secret day 2036-01-10."""
    found = derived(source(H, ForYears(1), TODAY, "甲"), source(S, ForYears(10), TODAY, "乙"))
    assert mark(found) == "机密★2036年1月11日"
    assert "Highest level: 机密 (甲)" in told(found)
    assert "Latest last secret day: 2036-01-10 (乙)" in told(found)


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (UntilDate(date(2030, 3, 16)), "机密★2030年3月16日"),
        (BEFORE, "机密★会议开始前"),
        (LongTerm(), "机密★长期"),
    ],
)
def test_a_date_or_condition_is_repeated_word_by_word(period: SecrecyPeriod, text: str) -> None:
    """R35: so that nothing drifts over the generations."""
    assert mark(derived(source(period=period))) == text


def test_a_date_goes_before_a_counted_period_that_ends_on_the_same_day() -> None:
    dated = source(period=UntilDate(date(2030, 3, 15)), name="乙")
    assert mark(derived(source(), dated)) == "机密★2030年3月15日"


def test_equal_conditions_can_be_compared() -> None:
    found = derived(source(period=BEFORE), source(S, UntilCondition("会议 开始前"), name="乙"))
    assert mark(found) == "机密★会议开始前"


def test_mixed_kinds_wait_for_the_officer() -> None:
    """R36: 机密★5年 and 机密★会议开始前."""
    sources = (source(), source(period=BEFORE, name="乙"))
    assert "has to designate one" in against(derived(*sources))
    assert "A reason is needed" in against(derived(*sources, designated=BEFORE))
    found = derived(*sources, designated=BEFORE, reason="张示范指定")
    assert mark(found) == "机密★会议开始前"
    assert found.explanations == (("derived-comparable", "张示范指定"),)


def test_long_term_has_no_order_beside_days() -> None:
    assert "no order" in against(derived(source(T, LongTerm()), source(name="乙")))


def test_the_words_of_the_source_are_kept_with_a_reason_only() -> None:
    """R35: source-term-text lets the clock begin anew."""
    assert "A reason is needed" in against(derived(source(), keep_term=True))
    found = derived(source(), keep_term=True, reason="来源单位书面要求")
    assert mark(found) == "机密★10年"
    assert found.explanations == (("derived-period", "来源单位书面要求"),)


def test_a_source_without_period_has_the_longest_of_the_law() -> None:
    """R10: 机密 dated 2021-06-01 → last secret day 2041-06-01."""
    found = derived(source(H, None, date(2021, 6, 1)))
    assert mark(found) == "机密★2041年6月2日"
    assert "国家秘密定密管理暂行规定(2014)第二十四条第四款" in told(found)


def test_a_released_source_no_longer_counts() -> None:
    """R37: one of several is left out, and that is told."""
    over = source(T, ForYears(1), name="乙")
    found = derived(source(), over)
    assert mark(found) == "机密★2030年3月16日"
    assert "“乙” was secret until 2021-03-15 and no longer counts. [保守国家秘密法(2024)" in told(
        found
    )


def test_an_early_release_ends_a_source_too() -> None:
    released = replace(source(name="乙"), released=date(2025, 6, 1))
    assert "No source is secret any more" in against(derived(released))
    assert mark(derived(source(S), released)) == "秘密★2030年3月16日"


def test_the_later_of_decision_and_issue_counts() -> None:
    later = derive(Wanted((source(),), TODAY, date(2030, 3, 16)), LAW)
    assert "No source is secret any more" in against(later)
    assert derive(Wanted((source(),), TODAY, date(2030, 3, 15)), LAW).marking is not None


def test_an_unmarked_source_stops() -> None:
    assert "level of “甲” is not known" in against(derived(source(None)))


def test_a_counted_source_without_date_of_issue_stops() -> None:
    assert "When “甲” ends is not known" in against(derived(source(issued=None)))
    assert "When “甲” ends is not known" in against(derived(source(period=None, issued=None)))


def test_only_some_points_used_give_the_level_of_the_highest_of_them() -> None:
    """R33: the record names the points; the period stays that of the source."""
    used = replace(source(T, name="甲"), points_used=(S, H))
    found = derived(used)
    assert mark(found) == "机密★2030年3月16日"
    assert "第八条第二句（未核实）" in told(found)


def test_an_office_may_always_keep_the_level_of_the_source() -> None:
    strict = replace(LAW, switches={"points-used": Severity.REFUSE})
    used = replace(source(T), points_used=(S,))
    found = derive(Wanted((used,), TODAY, TODAY), strict)
    assert mark(found) == "绝密★2030年3月16日"
    assert "keeps the source's level" in told(found)


def test_points_of_the_level_of_the_source_change_nothing() -> None:
    assert mark(derived(replace(source(), points_used=(S, H)))) == "机密★2030年3月16日"


@pytest.mark.parametrize(
    ("own", "text"),
    [
        (Marking(T, ForYears(1)), "绝密★2030年3月16日"),
        (Marking(S, ForYears(10)), "机密★10年"),
        (Marking(T, UntilDate(date(2040, 1, 1))), "绝密★2040年1月1日"),
    ],
)
def test_own_secret_matter_beside_counts_like_a_source(own: Marking, text: str) -> None:
    """派生办法14 (remembered): classified by both bases; its own period runs from its own day."""
    assert mark(derived(source(), own=own, own_start=TODAY)) == text


def test_own_matter_with_a_counted_period_needs_the_day_of_issue() -> None:
    assert "needs its date of issue" in against(derived(source(), own=Marking(H, ForYears(10))))


def test_own_matter_with_a_condition_beside_days_waits_for_the_officer() -> None:
    assert "no order" in against(derived(source(), own=Marking(H, BEFORE)))


def test_the_scope_is_that_of_every_source() -> None:
    one = replace(source(), scope=("局领导", "示例科", "示例处"))
    other = replace(source(name="乙"), scope=("示例处", "局 领导"))
    found = derived(one, other, source(name="丙"))
    assert found.scope == ("局领导", "示例处")
    assert "The scope (知悉范围) of 丙 is not known" in told(found)


def test_a_scope_that_was_asked_for_goes_before_and_the_rules_look_at_it() -> None:
    assert derived(replace(source(), scope=("局领导", "示例科")), scope=("局领导",)).scope == (
        "局领导",
    )
    assert derived(source(), scope=("局领导",)).scope == ("局领导",)


def test_nobody_common_to_all_scopes_stops() -> None:
    one, other = replace(source(), scope=("甲科",)), replace(source(name="乙"), scope=("乙科",))
    found = derived(one, other)
    assert "Nobody is in the scope of all sources" in against(found)
    assert derived(one, other, scope=("甲科",)).marking is not None


def test_each_part_of_a_compilation_keeps_its_mark_and_the_cover_has_the_highest() -> None:
    """R49: 绝密★20年 and 秘密★10年 of one day → cover 绝密, the latest day of the two."""
    one = replace(source(T, ForYears(20)), use=SourceUse.COMPILED)
    other = replace(source(S, ForYears(10), name="乙"), use=SourceUse.COMPILED)
    found = derived(one, other)
    assert mark(found) == "绝密★2040年3月16日"
    assert "The part from “甲” keeps its mark 绝密★20年" in told(found)
    assert "The part from “乙” keeps its mark 秘密★10年" in told(found)


def test_where_the_law_knows_no_rule_yet_no_provision_is_made_up() -> None:
    found = derive(Wanted((source(None),), date(2000, 1, 1), date(2000, 1, 1)), LAW)
    assert [step.basis for step in found.against] == [""]
