"""派生定密: how a derivation is explained, step by step, each with its provision.

What is expected stands in `tests/cases/derived-steps.txt`, written to be read by those who know
the law: a heading a scene, `+` what was found, `-` what stands against it, `=` the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

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
KEEPS_LEVEL = replace(LAW, switches={"points-used": Severity.REFUSE})
TODAY, ISSUED = date(2026, 1, 10), date(2020, 3, 15)
TEN, BEFORE = ForYears(10), UntilCondition("会议开始前")
EXPECTED = Path(__file__).parents[1] / "cases" / "derived-steps.txt"


def source(
    name: str,
    level: SecrecyLevel | None = H,
    period: SecrecyPeriod | None = TEN,
    issued: date | None = ISSUED,
    **more: object,
) -> Source:
    one = Source(name, level=level, period=period, issue_day=issued)
    return replace(one, **more)  # type: ignore[arg-type]


def wanted(*sources: Source, **more: object) -> Wanted:
    return Wanted(sources, TODAY, TODAY, **more)  # type: ignore[arg-type]


SCENES: Final = {
    "one source": (wanted(source("甲")), LAW),
    "three levels and days, two of them equal": (
        wanted(
            source("甲", T, ForYears(10)),
            source("乙", S, ForYears(20)),
            source("丙", T, ForYears(10)),
            source("丁", H, ForYears(20)),
        ),
        LAW,
    ),
    "a date that is the latest": (
        wanted(source("甲"), source("乙", period=UntilDate(date(2031, 5, 1)))),
        LAW,
    ),
    "no period stated": (wanted(source("甲", period=None)), LAW),
    "no date of issue": (wanted(source("甲", issued=None), source("乙", S)), LAW),
    "neither level nor date": (wanted(source("甲", None, None, None), source("乙")), LAW),
    "one source over": (wanted(source("甲"), source("乙", T, ForYears(1))), LAW),
    "a condition, and secret until then": (wanted(source("甲", period=BEFORE)), LAW),
    "long term": (wanted(source("甲", T, LongTerm())), LAW),
    "two conditions": (
        wanted(source("甲", period=BEFORE), source("乙", S, UntilCondition("方案公布前"))),
        LAW,
    ),
    "all sources over": (wanted(source("甲", period=ForYears(1))), LAW),
    "mixed kinds, nobody designated": (wanted(source("甲"), source("乙", period=BEFORE)), LAW),
    "mixed kinds, designated with a reason": (
        wanted(
            source("甲"), source("乙", period=BEFORE), designated=BEFORE, reason="样例：会后即公开"
        ),
        LAW,
    ),
    "designated without a reason": (
        wanted(source("甲"), source("乙", period=BEFORE), designated=BEFORE),
        LAW,
    ),
    "the words of the source kept, with a reason": (
        wanted(source("甲"), source("乙", S), keep_term=True, reason="样例：来源单位书面要求"),
        LAW,
    ),
    "the words of the source kept, without a reason": (wanted(source("甲"), keep_term=True), LAW),
    "only points of a lower level used": (
        wanted(source("甲", T, points_used=(S, H)), source("乙", S)),
        LAW,
    ),
    "the same in an office that keeps the level of the source": (
        wanted(source("甲", T, points_used=(S, H)), source("乙", S)),
        KEEPS_LEVEL,
    ),
    "own matter beside, longer": (
        wanted(source("甲"), own=Marking(S, ForYears(10)), own_start=TODAY),
        LAW,
    ),
    "own matter beside, higher and shorter": (
        wanted(source("甲"), own=Marking(T, ForYears(1)), own_start=TODAY),
        LAW,
    ),
    "own matter without its day": (wanted(source("甲"), own=Marking(T, ForYears(1))), LAW),
    "own matter with a condition, alone of its kind": (
        wanted(source("甲", period=BEFORE), own=Marking(H, UntilCondition(" 会议开始前"))),
        LAW,
    ),
    "scopes with something in common": (
        wanted(
            source("甲", scope=("局领导", "示例科")),
            source("乙", scope=("示例科", "示例处", "局 领导")),
            source("丙"),
            source("丁"),
        ),
        LAW,
    ),
    "scopes with nothing in common": (
        wanted(source("甲", scope=("甲科",)), source("乙", scope=("乙科",))),
        LAW,
    ),
    "scopes with nothing in common, one asked for": (
        wanted(source("甲", scope=("甲科",)), source("乙", scope=("乙科",)), scope=("甲科",)),
        LAW,
    ),
    "no scope known, one asked for": (wanted(source("甲"), scope=("局领导",)), LAW),
    "a compilation of two, one of them over": (
        wanted(
            source("甲", T, ForYears(20), use=SourceUse.COMPILED),
            source("乙", S, use=SourceUse.COMPILED),
            source("丙", S, ForYears(1), use=SourceUse.COMPILED),
            source("丁", S),
        ),
        LAW,
    ),
    "a compiled part that states no period": (
        wanted(source("甲", T, None, use=SourceUse.COMPILED)),
        LAW,
    ),
}


def lines(found: Derived) -> Iterator[str]:
    """Return a derivation as the file has it."""
    for sign, steps in (("+", found.steps), ("-", found.against)):
        for step in steps:
            yield f"{sign} {step.says}" + (f" 〔{step.basis}〕" if step.basis else "")
    outcome = found.marking.text if found.marking else "nothing"
    yield f"= {outcome}; {'、'.join(found.scope) or 'no scope'}"
    for rule, words in found.explanations:
        yield f"= {rule}: {words}"


def expected() -> dict[str, list[str]]:
    parts = EXPECTED.read_text(encoding="utf-8").split("\n## ")[1:]
    return {name: text.split("\n") for name, _, text in (one.partition("\n") for one in parts)}


def test_every_scene_is_written_down() -> None:
    assert list(expected()) == list(SCENES)


@pytest.mark.parametrize("name", SCENES)
def test_the_steps_are_told_with_their_provisions(name: str) -> None:
    scene, law = SCENES[name]
    assert list(lines(derive(scene, law))) == [line for line in expected()[name] if line]
