"""Why a paper bears its mark: every step is there, with its provision."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dingmi_mark.domain.approval import (
    ApprovalRecord,
    Basis,
    DecidingOrgan,
    Derivative,
    OfficerKind,
    Secrecy,
    Source,
    SpecialBasis,
    Unclear,
)
from dingmi_mark.domain.authority import (
    Authority,
    EnrolledOfficer,
    Grant,
    Organ,
    OrganKind,
    Span,
)
from dingmi_mark.domain.explaining import Explanation, explanation_of
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.rules.case import Case
from dingmi_mark.domain.terms import (
    ForMonths,
    ForYears,
    LongTerm,
    Marking,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.store.lawbook import read_lawbook
from record_kit import DAY, OFFICER, ORGAN, record, with_draft

LEVELS = frozenset(SecrecyLevel)
TOP, HIGH, LOW = SecrecyLevel.TOP_SECRET, SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET
OFFICERS = (EnrolledOfficer(OFFICER, "局长", ORGAN, OfficerKind.STATUTORY, Span(), LEVELS, LEVELS),)
CITY = Authority((Organ(ORGAN, OrganKind.PREFECTURE_CITY),), OFFICERS)


def explained(given: ApprovalRecord, authority: Authority = CITY) -> Explanation:
    return explanation_of(Case(given, authority, DAY), read_lawbook("national"))


def lines(explanation: Explanation) -> str:
    return "\n".join(
        f"{step.says} [{step.basis}]" for chapter in explanation.chapters for step in chapter.steps
    )


def with_period(period: SecrecyPeriod, level: SecrecyLevel = HIGH) -> ApprovalRecord:
    given = record()
    secrecy = Secrecy(Marking(level, period), ("示例市示范局办公室",))
    return replace(given, proposal=replace(given.proposal, secrecy=secrecy))


def test_an_original_record_is_explained_from_decision_to_copies() -> None:
    found = explained(record())
    text = lines(found)
    assert (found.mark, found.refused) == ("机密★10年", ())
    assert "Proposed by 王样例 (承办人) on 2026-11-02: 拟定 机密 10年." in text
    assert (
        f"“{ORGAN}” is 设区的市级, which may decide: 机密、秘密. [保守国家秘密法(2024)第十七条]"
        in text
    )
    assert "张示范, 局长, 法定 officer (… — …), may decide: 绝密、机密、秘密." in text
    assert "10年 from 2026-11-02, which itself is not counted, to 2036-11-02." in text
    assert "released from 2036-11-03" in text
    assert "民法典第二百零一条、第二百零二条类推（本项目自定）" in text
    assert "Copies numbered 000001 to 000001." in text


def test_every_rule_in_force_is_named_with_its_row() -> None:
    text = lines(explained(record()))
    book = read_lawbook("national")
    for row in (row for row in book.rows if row.covers(DAY)):
        if row.rule in ("period-limit", "derived-level", "scope-narrow", "points-used"):
            assert f"({row.rule}): nothing to say. [{row.citation}]" in text
    assert "(stand-in): switched off by the profile national." in text


def test_the_end_of_a_month_is_shown() -> None:
    given = with_draft(with_period(ForMonths(6)), issue_day=date(2026, 8, 31))
    assert "has no day 31, so it ends on 2027-02-28" in lines(explained(given))


def test_every_kind_of_period_is_explained_and_the_day_itself_is_no_law() -> None:
    until = lines(explained(with_period(UntilDate(date(2030, 3, 15)))))
    assert "secret through 2030-03-15. [解密时间当日仍属保密（本项目自定）]" in until
    assert "Secret until “会议开始前”" in lines(
        explained(with_period(UntilCondition("会议开始前")))
    )
    long_term = replace(
        with_period(LongTerm(), TOP), special_basis=SpecialBasis("示例规定第一条", "工作需要")
    )
    text = lines(explained(long_term))
    assert "长期: it has no end." in text and "示例规定第一条" in text


def test_without_day_of_issue_nothing_is_counted() -> None:
    text = lines(explained(with_draft(record(), issue_day=None)))
    assert "nothing can be counted" in text


def test_an_unclear_matter_is_not_taken_for_a_derived_one() -> None:
    text = lines(explained(replace(record(), unclear=Unclear("示例", date(2026, 11, 2)))))
    assert "what the unit itself may decide is not asked. [保守国家秘密法实施条例" in text
    assert "Derived" not in text and "needs no authority" not in text


def test_a_proposal_without_a_day_is_told_without_one() -> None:
    dated = record()
    undated = replace(dated, proposal=replace(dated.proposal, day=None))
    assert "(承办人): 机密 10年." in lines(explained(undated)).replace("拟定 ", "")
    assert f"(承办人) on {dated.proposal.day}: " in lines(explained(dated))


def test_the_arithmetic_of_inheritance_is_shown() -> None:
    old = date(2020, 3, 15)
    sources = (
        Source("甲", "源密〔2020〕1号", HIGH, ForYears(10), old, points_used=(LOW,)),
        Source("乙", "源密〔2020〕2号", LOW, ForYears(10), date(2021, 3, 15)),
        Source("丙", "源密〔2010〕3号", TOP, ForYears(5), date(2010, 3, 15)),
        Source("丁", "", None, None, None),
    )
    text = lines(explained(replace(record(), classification=Derivative(sources))))
    assert "needs no authority of the organ. [国家秘密定密管理规定(2025)第十一条]" in text
    assert "“源密〔2020〕1号”: 机密, 10年 from 2020-03-15, last secret day 2030-03-15." in text
    assert "2030-03-15. Points used: 秘密." in text
    assert "last secret day 2015-03-15. It no longer counts." in text
    assert "“丁”: -, - from -, last secret day -." in text
    assert "The highest of them is 秘密" in text
    assert "The latest end of the sources is 2031-03-15, of “源密〔2020〕2号”" in text


def test_a_source_without_end_gives_no_latest_day() -> None:
    source = Source("甲", "源密〔2020〕1号", None, UntilCondition("会议开始前"), None)
    text = lines(explained(replace(record(), classification=Derivative((source,)))))
    assert "The latest end" not in text and "The highest of them" not in text


def test_a_grant_that_was_relied_on_is_named() -> None:
    grant = Grant("示省密授〔2024〕8号", "示例省示范厅", frozenset({HIGH}), Span(date(2024, 6, 1)))
    other = Grant("示省密授〔2020〕1号", "示例省示范厅", frozenset({LOW}), Span())
    county = Authority((Organ(ORGAN, OrganKind.COUNTY, (grant, other)),), OFFICERS)
    text = lines(explained(record(), county))
    assert "It holds the grant 示省密授〔2024〕8号 of “示例省示范厅” (2024-06-01 — …)." in text
    assert "〔2020〕1号" not in text


def test_an_organ_of_another_kind_is_read_from_the_other_table() -> None:
    police = Authority((Organ(ORGAN, OrganKind.PUBLIC_SECURITY),), OFFICERS)
    assert "（本项目自定）" in lines(explained(record(), police))
    assert "is not in authority.toml" in lines(explained(record(), Authority()))


def test_a_reply_of_another_organ_takes_the_place_of_the_officer() -> None:
    given = replace(
        record(),
        officer=None,
        decision=None,
        deciding_organ=DecidingOrgan("示例省示范厅", "示省密批〔2026〕1号", DAY),
    )
    assert "Decided by “示例省示范厅” with its reply 示省密批〔2026〕1号" in lines(explained(given))


def test_what_is_not_decided_says_so_and_shows_no_star() -> None:
    given = replace(record(), officer=None, decision=None)
    found = explained(given)
    assert "Not decided yet" in lines(found) and "★" not in found.mark
    assert found.refused


def test_refusals_say_their_way_out_and_answers_are_quoted() -> None:
    refused = lines(explained(with_period(ForYears(21))))
    assert "✗ 保密期限不得超过本密级的最长期限（年） (period-limit):" in refused
    assert "What to do: Shorten the period to at most 20 years" in refused
    broad = with_period(ForYears(10))
    secrecy = replace(broad.proposal.secrecy, scope=("全体党组成员",))
    answered = replace(
        broad,
        proposal=replace(broad.proposal, secrecy=secrecy),
        explanations=(("scope-narrow", "党组成员七人"),),
    )
    assert "The record answers: 党组成员七人" in lines(explained(answered))


def test_points_are_named_by_id_and_never_by_their_words() -> None:
    point = ClassifiedPoint("1", HIGH, QuoteAnchor("绝不能显示的原文"))
    based = replace(record(points=(point,)))
    text = lines(explained(based))
    assert "Classified points: 1（机密）." in text and "绝不能显示的原文" not in text
    assert Basis("示例领域保密事项范围", "第1项").item in text


def test_a_paper_without_copy_numbers_names_none() -> None:
    assert "Copies numbered" not in lines(explained(with_draft(record(), copies=0)))


def test_a_decision_before_the_tables_is_explained_as_refused() -> None:
    given = record()
    decision = given.decision
    assert decision is not None
    early = replace(given, decision=replace(decision, day=date(2010, 9, 30)))
    found = explained(early)
    assert [finding.rule for finding in found.refused] == ["tables"]
    derived = replace(early, classification=Derivative((Source("甲", "1号", HIGH),)))
    assert "needs no authority of the organ. []" in lines(explained(derived))
