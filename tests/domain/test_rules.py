"""How findings come about: rows, severities, switches and explanations (cases: test_cases.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Basis,
    ClassificationKind,
    ClassificationOfficer,
    DecidingOrgan,
    Decision,
    Derivative,
    DraftIdentity,
    OfficerDecision,
    OfficerKind,
    Original,
    Person,
    Proposal,
    Secrecy,
    Source,
)
from dingmi_mark.domain.authority import Authority, EnrolledOfficer, Organ, OrganKind, Span
from dingmi_mark.domain.law import (
    Certainty,
    Citation,
    Finding,
    Lawbook,
    LawRow,
    RowValue,
    Severity,
    Theme,
)
from dingmi_mark.domain.rules import RULES, examine, refusals
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.terms import ForMonths, ForYears, Marking, SecrecyLevel, UntilCondition
from dingmi_mark.messages import say

DAY = date(2026, 1, 10)
ORGAN = "示例市示范局"


def approval(**changes: object) -> ApprovalRecord:
    secrecy = Secrecy(Marking(SecrecyLevel.SECRET, ForYears(5)), ("局领导",))
    record = ApprovalRecord(
        number="1",
        organ=ORGAN,
        draft=DraftIdentity("示例通知", issue_day=DAY, copies=3),
        classification=Original((Basis("示例范围", "第三条"),)),
        proposal=Proposal(Person("王某"), secrecy, day=DAY),
        officer=ClassificationOfficer("张示范"),
        decision=OfficerDecision(Decision.AGREED, DAY),
    )
    return replace(record, **changes)  # type: ignore[arg-type]


def case(record: ApprovalRecord, today: date = DAY) -> Case:
    levels = frozenset(SecrecyLevel)
    officer = EnrolledOfficer(
        "张示范", "局长", ORGAN, OfficerKind.STATUTORY, Span(), levels, levels
    )
    organ = Organ(ORGAN, OrganKind.PREFECTURE_CITY)
    return Case(record, Authority((organ,), (officer,)), today)


def row(rule: str, certainty: Certainty, **values: RowValue) -> LawRow:
    citation = Citation("示例法", "第一条", certainty)
    return LawRow(rule, date(2020, 1, 1), None, citation, MappingProxyType(values))


def book(*rows: LawRow, switches: Mapping[str, Severity] | None = None) -> Lawbook:
    return Lawbook(rows, "test", MappingProxyType(dict(switches or {})))


def test_the_rules_have_names_of_their_own() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))


def test_a_rule_without_a_row_in_force_says_nothing() -> None:
    returned = approval(decision=OfficerDecision(Decision.RETURNED, DAY))
    law = replace(row("officer-approved", Certainty.LAW), effective_until=date(2025, 12, 31))
    other = row("period-start", Certainty.LAW)
    assert examine(case(returned), book(law, other)) == ()


def test_a_decision_older_than_the_tables_is_refused_and_not_guessed() -> None:
    old = approval(decision=OfficerDecision(Decision.AGREED, date(2019, 12, 31)))
    (finding,) = examine(case(old), book(row("period-start", Certainty.LAW)))
    assert (finding.rule, finding.severity) == ("tables", Severity.REFUSE)
    assert "2019-12-31" in str(finding.message) and "2020-01-01" in str(finding.message)


def test_practice_is_switched_by_the_profile_and_law_is_not() -> None:
    record = approval(draft=DraftIdentity("示例通知", issue_day=DAY))
    off = {"copy-numbers": Severity.OFF}
    practice = row("copy-numbers", Certainty.PRACTICE, forms=("公文",))
    law = row("copy-numbers", Certainty.LAW, forms=("公文",))
    assert [f.severity for f in examine(case(record), book(practice))] == [Severity.REFUSE]
    assert examine(case(record), book(practice, switches=off)) == ()
    assert [f.severity for f in examine(case(record), book(law, switches=off))] == [Severity.REFUSE]


def test_a_question_of_authority_is_neither_switched_nor_explained_away() -> None:
    record = approval(
        officer=ClassificationOfficer("路人甲"), explanations=(("officer-authority", "情况紧急"),)
    )
    switched = book(
        row("officer-authority", Certainty.HANDBOOK), switches={"officer-authority": Severity.OFF}
    )
    (finding,) = examine(case(record), switched)
    assert (finding.severity, finding.theme) == (Severity.REFUSE, Theme.AUTHORITY)


def test_what_the_law_does_not_state_of_authority_is_switched_and_then_explained() -> None:
    subordinate = Authority((Organ(ORGAN, OrganKind.SUBORDINATE),))
    asked = approval(officer=None, explanations=(("organ-authority-other", "示例"),))
    table = row("organ-authority-other", Certainty.OWN_CHOICE, 直属单位=(), 无权时报请=())
    expected = {
        None: Severity.REFUSE,
        Severity.EXPLAIN: Severity.NOTE,
        Severity.NOTE: Severity.NOTE,
    }
    for switch, severity in expected.items():
        switches = {"organ-authority-other": switch} if switch else None
        (finding,) = examine(Case(asked, subordinate, DAY), book(table, switches=switches))
        assert (finding.severity, finding.theme) == (severity, Theme.AUTHORITY)


def test_a_default_period_cites_the_row_of_the_day_of_its_source() -> None:
    old, new = (
        row("source-default", certainty, 绝密=30, 机密=20, 秘密=10)
        for certainty in (Certainty.OFFICIAL_COPY, Certainty.UNVERIFIED)
    )
    rows = (
        replace(old, effective_until=date(2025, 4, 30)),
        replace(new, effective_from=date(2025, 5, 1)),
    )
    days = {date(2019, 1, 1): rows[0], date(2025, 4, 30): rows[0], date(2025, 5, 1): rows[1]}
    for day, cited in days.items():
        source = Source("甲", level=SecrecyLevel.SECRET, issue_day=day)
        (finding,) = examine(case(approval(classification=Derivative((source,)))), book(*rows))
        assert finding.citation == cited.citation
        assert finding.severity is Severity.NOTE
        assert str(day.replace(year=day.year + 10)) in str(finding.message)


def test_a_source_that_is_younger_than_the_decision_has_no_default() -> None:
    first = row("source-default", Certainty.OFFICIAL_COPY, 绝密=30, 机密=20, 秘密=10)
    rows = (
        replace(first, effective_until=DAY),
        replace(first, effective_from=date(2026, 1, 11)),
        row("derived-comparable", Certainty.OWN_CHOICE),
    )
    source = Source("甲", level=SecrecyLevel.SECRET, issue_day=date(2026, 1, 11))
    (finding,) = examine(case(approval(classification=Derivative((source,)))), book(*rows))
    assert (finding.rule, finding.severity) == ("derived-comparable", Severity.EXPLAIN)


def test_what_cannot_be_compared_is_named() -> None:
    sources = tuple(
        Source(name, level=SecrecyLevel.SECRET, period=period, issue_day=DAY)
        for name, period in (("甲", ForYears(5)), ("乙", UntilCondition("会议开始前")))
    )
    table = book(row("derived-comparable", Certainty.OWN_CHOICE))
    (finding,) = examine(case(approval(classification=Derivative(sources))), table)
    assert "5年、会议开始前" in str(finding.message)


def test_an_explanation_makes_a_note_and_an_empty_one_does_not() -> None:
    secrecy = Secrecy(Marking(SecrecyLevel.SECRET, ForMonths(18)), ("局领导",))
    asked = approval(proposal=Proposal(Person("王某"), secrecy, day=DAY))
    law = book(row("months", Certainty.PRACTICE))
    for text, severity in (("周期如此", Severity.NOTE), ("", Severity.EXPLAIN)):
        record = replace(asked, explanations=(("months", text),))
        (finding,) = examine(case(record), law)
        assert finding.severity is severity


def test_what_is_refused_or_unexplained_stops_the_mark() -> None:
    citation = Citation("示例法", "第一条", Certainty.LAW)
    findings = [Finding("r", say("x"), citation, severity) for severity in Severity]
    stopping = refusals(tuple(findings))
    assert [f.severity for f in stopping] == [Severity.REFUSE, Severity.EXPLAIN]


def test_a_period_that_is_over_has_a_theme_of_its_own() -> None:
    (finding,) = examine(
        case(approval(), date(2031, 1, 11)), book(row("period-over", Certainty.LAW))
    )
    assert finding.theme is Theme.PERIOD_OVER
    assert "2031-01-10" in str(finding.message)


def test_every_finding_can_be_said() -> None:
    record = approval(
        organ="无此机关",
        draft=DraftIdentity(""),
        classification=Derivative((Source("甲", "源密〔2020〕1号"), Source("乙"))),
    )
    law = book(
        row("organ-authority", Certainty.LAW),
        row("officer-authority", Certainty.LAW),
        row("derived-level", Certainty.LAW),
        row("record-complete", Certainty.LAW),
    )
    texts = [str(finding.message) for finding in examine(case(record), law)]
    assert any("源密〔2020〕1号" in text for text in texts)
    assert any("“乙”" in text for text in texts)
    assert not any("{" in text for text in texts)


# ── values the rules read ────────────────────────────────────────────────────────────────────


def test_a_citation_says_how_sure_it_is_unless_it_is_law() -> None:
    assert str(Citation("示例法", "第一条", Certainty.LAW)) == "示例法第一条"
    assert str(Citation("示例法", "第一条", Certainty.OFFICIAL_COPY)) == "示例法第一条"
    assert str(Citation("示例法", "第一条", Certainty.HANDBOOK)) == "示例法第一条（试点手册）"


def test_a_row_of_the_wrong_kind_is_a_bug_and_not_a_finding() -> None:
    wrong = row("period-limit", Certainty.LAW, number=("十",), words=10)
    with pytest.raises(TypeError):
        wrong.number("number")
    with pytest.raises(TypeError):
        wrong.words("words")
    with pytest.raises(KeyError):
        wrong.number("秘密")


def test_a_span_without_ends_covers_every_day() -> None:
    assert Span().covers(date.min) and Span().covers(date.max)
    assert not Span(first=DAY).covers(date(2026, 1, 9)) and Span(first=DAY).covers(DAY)
    assert not Span(last=DAY).covers(date(2026, 1, 11)) and Span(last=DAY).covers(DAY)


def test_the_day_of_the_fact_is_of_the_reply_then_of_the_decision_then_today() -> None:
    record = approval()
    reply = DecidingOrgan("示例省示范厅", "示省密复〔2026〕1号", date(2026, 1, 5))
    assert case(replace(record, deciding_organ=reply)).day == date(2026, 1, 5)
    assert case(record, date(2026, 2, 1)).day == DAY
    assert case(replace(record, decision=None), date(2026, 2, 1)).day == date(2026, 2, 1)


def test_a_record_knows_its_kind_its_values_in_force_and_who_decides() -> None:
    record = approval()
    assert record.kind is ClassificationKind.ORIGINAL
    assert replace(record, classification=Derivative()).kind is ClassificationKind.DERIVATIVE
    assert record.secrecy == record.proposal.secrecy
    corrected = Secrecy(Marking(SecrecyLevel.HIGHLY_SECRET, ForYears(8)))
    decision = OfficerDecision(Decision.CORRECTED, DAY, corrected=corrected)
    assert replace(record, decision=decision).secrecy == corrected
    assert record.decided_by == ORGAN
    assert record.explanation("months") == ""
    noticed = DraftIdentity("示例通知", notice_day=DAY)
    assert noticed.period_start == DAY


def test_a_text_of_a_row_is_read_and_of_the_wrong_kind_a_bug() -> None:
    days = row("unclear-matter", Certainty.LAW, unit="工作日", days=10)
    assert days.text("unit") == "工作日"
    with pytest.raises(TypeError):
        days.text("days")


def test_a_case_knows_the_rows_of_its_day() -> None:
    earlier = replace(row("months", Certainty.LAW), effective_until=date(2026, 1, 9))
    later = replace(row("months", Certainty.LAW), effective_from=DAY)
    known = replace(case(approval()), rows=(earlier, later))
    assert known.row("months") is later
    assert known.row("long-term") is None
