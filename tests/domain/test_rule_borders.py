"""Borders of the rules that a written case cannot express (tests/cases/borders.toml has the rest):
open spans, the switches of a profile, and the way out of a finding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from dingmi_mark.domain.approval import ApprovalRecord, OfficerKind, Unclear
from dingmi_mark.domain.authority import Authority, EnrolledOfficer, Grant, Organ, OrganKind, Span
from dingmi_mark.domain.change import ChangeKind, ChangeNotice, ChangeRight, in_force
from dingmi_mark.domain.law import Certainty, Citation, Lawbook, LawRow, RowValue, Severity, Theme
from dingmi_mark.domain.rules import examine, examine_each
from dingmi_mark.domain.rules.case import Case, Remark
from dingmi_mark.domain.rules.change import ChangeCase
from dingmi_mark.domain.rules.changing import examine_change
from dingmi_mark.domain.rules.ways_out import REPORTED, way_out
from dingmi_mark.domain.terms import ForMonths, SecrecyLevel
from dingmi_mark.messages import say
from dingmi_mark.store.lawbook import read_lawbook
from record_kit import DAY, OFFICER, ORGAN, record

LEVELS = frozenset(SecrecyLevel)
NATIONAL = read_lawbook("national")
PROVINCE = Organ("示例省示范厅", OrganKind.PROVINCIAL)
HEAD = EnrolledOfficer(OFFICER, "局长", ORGAN, OfficerKind.STATUTORY, Span(), LEVELS, LEVELS)


def rules_found(case: Case) -> set[str]:
    return {finding.rule for finding in examine(case, NATIONAL)}


def county(*grants: Grant) -> Authority:
    """A county organ has no authority of its own."""
    return Authority((Organ(ORGAN, OrganKind.COUNTY, grants), PROVINCE), (HEAD,))


# ── spans without a first day ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("last", "is_long"),
    [(None, False), (date(2031, 11, 2), False), (date(2031, 11, 3), True)],
)
def test_a_grant_without_first_day_runs_from_the_decision(last: date | None, is_long: bool) -> None:
    """Five years are usual; the decision is of 2026-11-02."""
    grant = Grant("示授1号", PROVINCE.name, LEVELS, Span(None, last), filed=DAY)
    found = rules_found(Case(record(), county(grant), DAY))
    assert found - {"basis-checked"} == ({"grant-years"} if is_long else set())


def test_who_designated_an_officer_without_first_day_is_looked_up_on_the_day_of_decision() -> None:
    designated = replace(
        HEAD, kind=OfficerKind.DESIGNATED, letter="示定授1号", designated_by="李样例"
    )
    by = replace(designated, name="李样例", designated_by="", span=Span(date(2026, 1, 1)))
    office = Authority((Organ(ORGAN, OrganKind.PREFECTURE_CITY),), (designated, by))
    assert "officer-no-delegation" in rules_found(Case(record(), office, DAY))


# ── what no profile switches off ─────────────────────────────────────────────────────────────


def book(rule: str, **values: RowValue) -> Lawbook:
    """One row that rests on no law, switched off by the profile."""
    citation = Citation("示例做法", "", Certainty.OWN_CHOICE)
    row = LawRow(rule, date(2020, 1, 1), None, citation, MappingProxyType(values))
    return Lawbook((row,), "test", MappingProxyType({rule: Severity.OFF}))


def test_the_reason_of_a_release_is_asked_for_by_every_profile() -> None:
    notice = ChangeNotice(
        "示密〔2028〕7号", ChangeKind.RELEASED_EARLY, ORGAN, ChangeRight.ORIGINATOR, DAY
    )
    case = ChangeCase(in_force(record()), notice, county(), DAY)
    (finding,) = examine_change(case, book("change-reason"))
    assert finding.severity is Severity.REFUSE
    lacking = replace(case, notice=replace(notice, number=""))
    assert examine_change(lacking, book("change-record", own=("依据文号",))) == ()


def test_an_unclear_matter_gets_no_formal_mark_by_any_profile() -> None:
    unclear = replace(record(), unclear=Unclear("示例", DAY))
    law = book("unclear-matter", days=10, unit="日")
    (finding,) = examine(Case(unclear, county(), DAY), law)
    assert (finding.severity, finding.theme) == (Severity.REFUSE, Theme.UNCLEAR)


# ── answers and ways out ─────────────────────────────────────────────────────────────────────


def answered(given: ApprovalRecord) -> dict[str, str]:
    outcomes = examine_each(Case(given, county(), DAY), NATIONAL)
    return {outcome.rule: outcome.answer for outcome in outcomes if outcome.answer}


def test_only_a_rule_that_found_something_is_answered() -> None:
    told = (("months", "周期如此"), ("stand-in", "无需说明"))
    eighteen = replace(record(period=ForMonths(18)), explanations=told)
    assert answered(eighteen) == {"months": "周期如此"}
    assert answered(replace(record(), explanations=told)) == {}


def way(rule: str, severity: Severity, following: str = "") -> str:
    remark = Remark(say("found {limit}", limit=20), severity, next=following)
    return str(way_out(rule, remark, Citation("示例法", "第一条", Certainty.LAW), severity))


def test_a_finding_tells_the_way_out_of_its_rule_with_its_provision() -> None:
    assert way("period-limit", Severity.REFUSE) == (
        "Shorten the period to at most 20 years, or name the special provision that allows more in "
        "[special_basis] (示例法第一条)."
    )


def test_a_way_out_of_the_finding_itself_goes_first() -> None:
    assert way("period-limit", Severity.REFUSE, "Ask {rule}.") == "Ask period-limit."


def test_a_rule_without_a_way_out_of_its_own_has_that_of_its_severity() -> None:
    assert way("none", Severity.REFUSE).startswith("Give the record back to the drafter")
    assert way("none", Severity.NOTE) == "Nothing stops the mark; keep it in mind."


def test_a_question_may_be_answered_in_the_record() -> None:
    words = 'Or let the officer answer it in the record: [[explanation]] rule = "copy-numbers"'
    assert words in way("copy-numbers", Severity.EXPLAIN)
    assert way("copy-numbers", Severity.EXPLAIN).startswith("Write how many copies are made")
    assert words not in way("copy-numbers", Severity.REFUSE)


def test_a_decision_older_than_the_tables_is_taken_to_the_bureau() -> None:
    long_ago = replace(record(), decision=None)
    (finding,) = examine(Case(long_ago, county(), date(2010, 9, 30)), NATIONAL)
    assert str(finding.next).startswith("Ask the secrecy bureau which law applied")


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (OrganKind.COUNTY, "organ-authority"),
        (OrganKind.SUBORDINATE, "organ-authority-other"),
    ],
)
@pytest.mark.parametrize(
    ("day", "provision"),
    [
        (date(2024, 4, 30), "(保守国家秘密法(2010)第十三条第三款)"),
        (date(2024, 5, 1), "(保守国家秘密法(2024)第十七条第三款)"),
        (date(2024, 8, 31), "(保守国家秘密法(2024)第十七条第三款)"),
        (date(2024, 9, 1), "(保守国家秘密法(2024)第十七条第三款；实施条例(2024)第十七条第二款)"),
        (date(2025, 4, 30), "(保守国家秘密法(2024)第十七条第三款；实施条例(2024)第十七条第二款)"),
        (date(2025, 5, 1), "第十七条第二款；定密管理规定(2025)第十一条)"),
    ],
)
def test_who_lacks_authority_is_told_by_which_law_he_reports(
    kind: OrganKind, rule: str, day: date, provision: str
) -> None:
    """The finding itself cites what says that he lacks it; the way out what says whom to ask."""
    organs = Authority((Organ(ORGAN, kind), PROVINCE), (HEAD,))
    found = {
        f.rule: f for f in examine(Case(replace(record(), decision=None), organs, day), NATIONAL)
    }
    assert provision in str(found[rule].next)
    assert "第三款" not in str(found[rule].citation)
    other = next(f for name, f in found.items() if name not in REPORTED and f.next is not None)
    assert "第十七条第三款" not in str(other.next)
