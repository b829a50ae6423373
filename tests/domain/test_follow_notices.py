"""Papers that follow a source in the same way stand in one notice; who has to weigh gets none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dingmi_mark.domain.change import ChangeKind, NewValues, RunsFrom
from dingmi_mark.domain.follow_notices import Proposals, proposals
from dingmi_mark.domain.following import waiting
from dingmi_mark.domain.known import Known, KnownDocument, KnownState
from dingmi_mark.domain.law import Lawbook
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.terms import ForYears, LongTerm, SecrecyLevel, UntilDate
from dingmi_mark.store.lawbook import read_lawbook

LAW: Lawbook = read_lawbook("national")
TODAY = date(2026, 11, 29)
H, S = SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET
LAST = date(2036, 3, 15)
END = date(2036, 3, 16)
ORGAN = "示例市示范局"


def outside(name: str = "甲", **more: Any) -> KnownDocument:
    states = (KnownState("", H, LAST),)
    day = date(2026, 3, 15)
    one = KnownDocument(name, H, ForYears(10), LAST, day, document_number=name, states=states)
    return replace(one, **more)


def lowered(**more: Any) -> KnownDocument:
    """The source after a notice made it 秘密★5年."""
    last = date(2031, 3, 15)
    states = (KnownState("", H, LAST), KnownState("2026-11-01T00:00:00+00:00", S, last))
    given = {"level": S, "period": ForYears(5), "last": last, "states": states, **more}
    return outside(changed_by="示省密〔2026〕9号", **given)


def own(name: str, *sources: str, **more: Any) -> KnownDocument:
    one = KnownDocument(
        name,
        *(H, UntilDate(END), END),
        document_number=f"示密〔2026〕{name}",
        approval_number=f"审{name}",
        document_id=f"文件{name}",
        sources=sources or ("甲",),
        marked_at="2026-06-01T00:00:00+00:00",
    )
    return replace(one, **more)


def proposed(*documents: KnownDocument) -> Proposals:
    known = Known(documents)
    return proposals(waiting(known, LAW, TODAY, beijing=False), known, ORGAN, TODAY)


def test_papers_of_a_released_source_are_released_together() -> None:
    found = proposed(
        outside(released=date(2026, 7, 1), changed_by="示省密〔2026〕9号"), own("乙"), own("丙")
    )
    (one,) = found.notices
    notice = one.filed.notice
    assert (notice.kind, notice.number, notice.new) == (ChangeKind.RELEASED_EARLY, "", NewValues())
    assert (notice.decided_by, notice.day, notice.runs_from) == (ORGAN, TODAY, None)
    assert notice.source_change == "示省密〔2026〕9号"
    assert notice.reason == "来源“甲”已经变更或者解密"
    assert one.filed.items == (
        NoticeItem("文件乙", "示密〔2026〕乙"),
        NoticeItem("文件丙", "示密〔2026〕丙"),
    )
    assert found.undecided == ()


def test_a_paper_follows_level_and_last_day_and_its_period_does_not_begin_anew() -> None:
    (one,) = proposed(lowered(), own("乙")).notices
    assert one.filed.notice.kind is ChangeKind.CHANGED
    assert one.filed.notice.new == NewValues(S, UntilDate(date(2031, 3, 16)))
    assert one.filed.notice.runs_from is RunsFrom.ISSUE


def test_words_that_are_no_count_are_repeated() -> None:
    source = lowered(period=LongTerm(), last=None)
    (one,) = proposed(source, own("乙")).notices
    assert one.filed.notice.new.period == LongTerm()


def test_where_the_end_of_the_source_is_not_known_only_the_level_is_proposed() -> None:
    (one,) = proposed(lowered(last=None), own("乙")).notices
    assert one.filed.notice.new == NewValues(S)


def test_with_another_source_or_matter_of_its_own_the_period_is_left_to_people() -> None:
    other = outside("丁")
    for paper in (own("乙", "甲", "丁"), own("乙", bases=True), own("乙", unknown_sources=("戊",))):
        (one,) = proposed(lowered(), other, paper).notices
        assert one.filed.notice.new == NewValues(S)


def test_only_the_last_day_changed_and_nothing_can_be_said() -> None:
    source = lowered(
        level=H, states=(KnownState("", H, LAST), KnownState("2026-11", H, date(2031, 3, 15)))
    )
    found = proposed(source, outside("丁"), own("乙", "甲", "丁"))
    assert found.notices == ()
    assert [one.document.id for one in found.undecided] == ["乙"]


def test_what_waits_for_another_paper_or_has_its_own_basis_is_left_undecided() -> None:
    found = proposed(
        outside(released=date(2026, 7, 1)), own("乙"), own("丙", "乙"), own("丁", bases=True)
    )
    (one,) = found.notices
    assert [paper.id for paper in one.papers] == ["乙"]
    assert {each.document.id for each in found.undecided} == {"丙", "丁"}


def test_two_sources_that_say_different_things_are_weighed_by_people() -> None:
    second = lowered(id="丁", document_number="丁")
    found = proposed(lowered(), second, own("乙", "甲", "丁"))
    assert found.notices == ()
    assert {each.document.id for each in found.undecided} == {"乙"}


def test_where_one_source_says_something_and_another_waits_people_weigh_it() -> None:
    second = lowered(id="丁", document_number="丁")
    found = proposed(lowered(), second, own("乙", "丁"), own("丙", "甲", "乙"))
    (one,) = found.notices
    assert [paper.id for paper in one.papers] == ["乙"]
    assert {each.document.id for each in found.undecided} == {"丙"}


def test_the_level_of_one_source_is_not_proposed_for_another() -> None:
    states = (KnownState("", H, LAST), KnownState("2026-11", H, date(2031, 3, 15)))
    other = lowered(id="丁", document_number="丁", level=H, period=ForYears(10), states=states)
    (one,) = proposed(lowered(), other, own("乙", "甲", "丁")).notices
    assert (one.source.id, one.filed.notice.new) == ("甲", NewValues(S))


def test_a_paper_without_an_id_of_its_own_gets_no_notice() -> None:
    found = proposed(lowered(), own("乙", document_id=""))
    assert found.notices == ()
