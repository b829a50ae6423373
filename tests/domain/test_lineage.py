"""谱系: over generations up and down, no circle, and what follows a change of a source (R44)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dingmi_mark.domain.following import FollowUp, waiting
from dingmi_mark.domain.known import Known, KnownDecision, KnownDocument, KnownState
from dingmi_mark.domain.lineage import Cycle, Lineage, cycle_through
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import Section, Situation, Viewer
from dingmi_mark.domain.terms import ForYears, SecrecyLevel, UntilCondition, UntilDate
from dingmi_mark.domain.today import waiting_items
from dingmi_mark.domain.today_following import notice_command
from dingmi_mark.store.lawbook import read_lawbook

S, H, T = SecrecyLevel.SECRET, SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.TOP_SECRET
LAW = read_lawbook("national")
DAY, LAST = date(2026, 3, 15), date(2036, 3, 15)
TODAY = date(2026, 11, 29)
MARKED = "2026-06-01T00:00:00+00:00"


def outside(name: str, level: SecrecyLevel = H, **more: object) -> KnownDocument:
    states = (KnownState("", level, LAST),)
    one = KnownDocument(name, level, ForYears(10), LAST, DAY, document_number=name, states=states)
    return replace(one, **more)  # type: ignore[arg-type]


def own(name: str, *sources: str, **more: object) -> KnownDocument:
    end = date(2036, 3, 16)
    one = KnownDocument(
        name,
        H,
        UntilDate(end),
        end,
        document_number=name,
        approval_number=f"审{name}",
        document_id=f"文件{name}",
        sources=sources,
        marked_at=MARKED,
    )
    return replace(one, **more)  # type: ignore[arg-type]


def follow(*documents: KnownDocument, day: date = TODAY, beijing: bool = False) -> list[FollowUp]:
    return list(waiting(Known(documents), LAW, day, beijing=beijing))


def said(found: list[FollowUp]) -> list[tuple[str, int, str]]:
    return [(one.document.id, one.generation, str(one.what)) for one in found]


def test_both_ways_over_generations() -> None:
    a, b, c = outside("甲"), own("乙", "甲"), own("丙", "乙", "甲")
    lineage = Lineage(Known((a, b, c)))
    assert [(k.document.id, k.generation, k.again) for k in lineage.descendants(a)] == [
        ("乙", 1, False),
        ("丙", 2, False),
        ("丙", 1, True),
    ]
    assert [(k.document.id, k.generation, k.via) for k in lineage.ancestors(c)] == [
        ("乙", 1, "丙"),
        ("甲", 2, "乙"),
        ("甲", 1, "丙"),
    ]
    assert lineage.descendants(c) == ()


def test_a_source_that_the_ledger_lost_is_left_out() -> None:
    only = own("乙", "不在")
    assert Lineage(Known((only,))).ancestors(only) == ()


def test_what_came_from_an_earlier_marking_comes_from_the_document() -> None:
    old, new = own("旧", in_force=False), own("新", document_id="文件旧")
    derived = own("丙", "旧")
    lineage = Lineage(Known((old, new, derived)))
    assert [kin.document.id for kin in lineage.descendants(new)] == ["丙"]
    assert lineage.newest(old) is new
    gone = own("独", in_force=False)
    assert Lineage(Known((gone,))).newest(gone) is gone


def test_an_earlier_marking_of_a_derived_paper_is_no_descendant() -> None:
    a, old = outside("甲"), own("旧", "甲", in_force=False)
    assert Lineage(Known((a, old))).descendants(a) == ()


def test_a_long_chain_is_no_burden() -> None:
    chain = [outside("0"), *(own(str(n), str(n - 1)) for n in range(1, 3000))]
    assert len(Lineage(Known(tuple(chain))).descendants(chain[0])) == 2999


def test_a_circle_is_seen_by_approval_number_and_draft() -> None:
    a, b = own("甲", digests=("sm3:1",)), own("乙", "甲", "甲")
    known = Known((a, b))
    assert cycle_through(known, b, Cycle("审甲", "", "")) == (a, b)
    assert cycle_through(known, b, Cycle("", " 甲", "")) == (a, b)
    assert cycle_through(known, b, Cycle("", "", "sm3:1")) == (a, b)
    assert cycle_through(known, a, Cycle("审甲", "", "")) == (a,)
    assert cycle_through(known, b, Cycle("别的", "别的", "sm3:2")) == ()
    unnumbered = Known((outside("甲", document_number=""), own("乙", "甲", document_number="")))
    assert cycle_through(unnumbered, unnumbered.documents[1], Cycle("", "", "")) == ()


def test_a_circle_over_two_ways_is_walked_once() -> None:
    a, b, c = outside("甲"), own("乙", "甲"), own("丙", "甲")
    d = own("丁", "乙", "丙")
    assert cycle_through(Known((a, b, c, d)), d, Cycle("别的", "", "")) == ()


# ── what follows ─────────────────────────────────────────────────────────────────────────────


def test_nothing_follows_while_nothing_changed() -> None:
    assert follow(outside("甲"), own("乙", "甲")) == []


def test_every_descendant_of_a_released_source_is_listed() -> None:
    """派生办法12: released, so that the paper is to be released; what comes from it waits."""
    found = follow(outside("甲", released=date(2026, 11, 1)), own("乙", "甲"), own("丙", "乙"))
    assert said(found) == [
        ("乙", 1, "“甲” is secret no longer, and no other source is: release it by a record."),
        ("丙", 2, "it comes from “乙”: decide on it once that is decided."),
    ]
    assert found[0].since == date(2026, 11, 1)
    assert found[0].basis == "派生国家秘密定密管理暂行办法(2023)第十二条、第十三条（未核实）"


def test_an_earlier_marking_follows_nothing_the_one_in_force_does() -> None:
    old, new = own("旧", "甲", in_force=False), own("新", "甲", document_id="文件旧")
    found = follow(outside("甲", released=TODAY), old, new)
    assert [one.document.id for one in found] == ["新"]


def test_a_paper_released_before_follows_no_more() -> None:
    lowered = outside("甲", S, states=(KnownState("", H, LAST), KnownState("2026-07", S, LAST)))
    released = own("乙", "甲", released=date(2026, 11, 28))
    assert follow(lowered, released) == []
    assert len(follow(lowered, replace(released, released=None))) == 1


def test_a_paper_that_ends_by_a_condition_is_released_by_a_record() -> None:
    endless = own("乙", "甲", period=UntilCondition("会议开始前"), last=None)
    ((_, _, what),) = said(follow(outside("甲", released=TODAY), endless))
    assert "release it by a record" in what


def test_in_beijing_it_is_the_law() -> None:
    (found,) = follow(outside("甲", released=TODAY), own("乙", "甲"), beijing=True)
    assert found.basis == "北京市保守国家秘密条例(2021)第十四条第二款"
    early = outside("甲", released=date(2015, 1, 1))
    (found,) = follow(early, own("乙", "甲"), day=date(2015, 1, 1), beijing=True)
    assert found.basis == "dingmi-mark派生随来源变更（推论）（本项目自定）"


def test_a_paper_with_matter_of_its_own_is_decided_anew() -> None:
    ((_, _, what),) = said(follow(outside("甲", released=TODAY), own("乙", "甲", bases=True)))
    assert "by the paper's own basis alone" in what


def test_a_paper_that_ends_with_its_source_waits_for_nothing() -> None:
    """Its mark names the day after; that day it is released by itself."""
    assert follow(outside("甲"), own("乙", "甲"), day=date(2036, 3, 16)) == []
    assert follow(outside("甲"), own("乙", "甲"), day=date(2036, 3, 17)) == []


def test_a_paper_that_outlasts_its_source_is_listed_when_the_source_ends() -> None:
    longer = own("乙", "甲", last=date(2040, 1, 1))
    ((_, _, what),) = said(follow(outside("甲"), longer, day=date(2036, 3, 16)))
    assert "release it by a record" in what


def test_a_source_that_is_not_registered_may_still_be_secret() -> None:
    mixed = own("乙", "甲", unknown_sources=("源密〔2019〕8号",))
    assert follow(outside("甲", released=TODAY), mixed) == []


def test_the_highest_of_several_sources_released() -> None:
    """What is left is lower: a change may follow, but only by a record."""
    paper = own("丙", "甲", "乙", level=T)
    high, low = outside("甲", T, released=TODAY), outside("乙", S)
    ((_, _, what),) = said(follow(high, low, paper))
    assert "of the other sources the highest is 秘密" in what
    assert follow(high, outside("乙", T), paper) == []
    assert follow(high, low, replace(paper, bases=True)) == []
    assert follow(high, low, replace(paper, unknown_sources=("x",))) == []


def test_a_change_after_the_mark_is_followed_and_one_before_it_is_not() -> None:
    def changed(at: str) -> KnownDocument:
        states = (KnownState("", H, LAST), KnownState(at, S, date(2031, 3, 15)))
        return outside("甲", S, last=date(2031, 3, 15), states=states)

    later = said(follow(changed("2026-07-01T00:00:00+00:00"), own("乙", "甲")))
    assert [what for _, _, what in later] == [
        "“甲” was changed, the level from 机密 to 秘密: decide on the same change.",
        "“甲” was changed, the last secret day from 2036-03-15 to 2031-03-15: "
        "decide on the same change.",
    ]
    assert follow(changed("2026-05-01T00:00:00+00:00"), own("乙", "甲")) == []
    assert follow(changed(MARKED), own("乙", "甲")) == []
    basis = "派生国家秘密定密管理暂行办法(2023)第十二条、第十三条（未核实）"
    found = follow(changed("2026-07-01T00:00:00+00:00"), own("乙", "甲"), own("丙", "乙"))
    assert [one.basis for one in found] == [basis] * 3


def test_a_new_marking_of_our_own_source_is_a_change_of_it() -> None:
    old = own("旧", in_force=False)
    new = own("新", document_id="文件旧", level=T)
    ((name, _, what),) = said(follow(old, new, own("丙", "旧")))
    assert name == "丙"
    assert "the level from 机密 to 绝密" in what


def test_of_two_sources_of_our_own_the_changed_one_is_told() -> None:
    same, old = own("同", level=S), own("旧", in_force=False)
    new = own("新", document_id="文件旧", level=T)
    ((_, _, what),) = said(follow(same, old, new, own("丙", "同", "旧")))
    assert what.startswith("“新” was changed, the level from 机密 to 绝密")


def test_a_paper_lower_by_its_other_source_is_told_that_and_not_to_wait() -> None:
    found = follow(
        outside("甲", T, released=TODAY), own("乙", "甲"), own("丙", "乙", "甲", level=T)
    )
    assert [one.document.id for one in found] == ["乙", "丙"]
    assert "of the other sources the highest is 机密" in str(found[1].what)
    assert found[1].basis == found[0].basis


def test_what_follows_a_source_itself_does_not_wait_for_another_too() -> None:
    found = follow(
        outside("甲", released=TODAY), own("乙", "甲"), own("丙", "乙", "甲"), own("丁", "丙")
    )
    # 丙 rests on 乙 still, so that it waits for it; 丁 is told once.
    assert [(one.document.id, one.generation) for one in found] == [("乙", 1), ("丙", 2), ("丁", 3)]


def test_a_paper_that_is_over_itself_waits_for_nothing() -> None:
    ended = own("丙", "乙", last=date(2026, 1, 1))
    found = follow(outside("甲", released=TODAY), own("乙", "甲"), ended)
    assert [one.document.id for one in found] == ["乙"]


def test_two_followers_by_two_ways_are_told_once() -> None:
    found = follow(
        outside("甲", released=TODAY),
        own("乙", "甲"),
        own("丙", "甲"),
        own("丁", "乙", "丙"),
    )
    assert [one.document.id for one in found] == ["乙", "丙", "丁"]


# ── until when a paper waits ─────────────────────────────────────────────────────────────────


def kept(day: date, at: str = "2026-11-20T00:00:00+00:00") -> tuple[KnownDecision, ...]:
    """The officer decided on a day that nothing follows."""
    return (KnownDecision(at, day, kept=True),)


def test_a_decision_that_nothing_follows_ends_the_waiting_until_the_source_changes_again() -> None:
    first = KnownState("2026-07-01T00:00:00+00:00", S, LAST)
    states = (KnownState("", H, LAST), first)
    paper = own("乙", "甲", decided=kept(date(2026, 11, 20)))
    assert follow(outside("甲", S, states=states), paper) == []
    again = KnownState("2026-11-25T00:00:00+00:00", H, LAST)
    ((_, _, what),) = said(follow(outside("甲", states=(*states, again)), paper))
    assert "the level from 秘密 to 机密" in what
    assert len(follow(outside("甲", S, states=states), own("乙", "甲"))) == 1


def changed(about: str, at: str = "2026-11-20T00:00:00+00:00") -> tuple[KnownDecision, ...]:
    """A notice changed the paper, and named what it follows."""
    return (KnownDecision(at, date(2026, 11, 20), kept=False, about=about),)


def test_a_notice_ends_the_waiting_for_the_change_that_it_names_and_for_no_other() -> None:
    def lowered(name: str, basis: str) -> KnownDocument:
        state = KnownState("2026-07-01T00:00:00+00:00", S, LAST, basis)
        return outside(name, S, states=(KnownState("", H, LAST), state))

    one, other = lowered("甲", "示省密〔2026〕9号"), lowered("乙", "示省密〔2026〕10号")
    paper = own("丙", "甲", "乙")

    def waits_for(*decided: KnownDecision) -> list[str]:
        return [each.source.id for each in follow(one, other, replace(paper, decided=decided))]

    assert waits_for() == ["甲", "乙"]
    assert waits_for(*changed("示省密〔2026〕 9号")) == ["乙"]
    # Also where the change of the source was registered after the notice about the paper.
    assert waits_for(*changed("示省密〔2026〕9号", "2026-06-20T00:00:00+00:00")) == ["乙"]
    # By its own 文号 the source is meant as it was by then; another name means nothing known.
    assert waits_for(*changed("乙")) == ["甲"]
    assert waits_for(*changed("乙", "2026-06-20T00:00:00+00:00")) == ["甲", "乙"]
    assert waits_for(*changed("别的文号")) == ["甲", "乙"]
    # Entries of earlier versions do not say which: they looked at all.
    assert waits_for(*changed("")) == []


def test_a_new_marking_is_named_by_its_record() -> None:
    old = own("旧", in_force=False)
    new = own("新", document_id="文件旧", level=T, marked_at="2026-08-01T00:00:00+00:00")
    assert follow(old, new, own("丙", "旧", decided=changed("审新"))) == []
    assert len(follow(old, new, own("丙", "旧", decided=changed("别的文号")))) == 1


def test_a_new_marking_of_our_own_source_may_be_decided_on_too() -> None:
    old = own("旧", in_force=False)
    new = own("新", document_id="文件旧", level=T, marked_at="2026-08-01T00:00:00+00:00")
    assert len(follow(old, new, own("丙", "旧"))) == 1
    assert follow(old, new, own("丙", "旧", decided=kept(date(2026, 11, 20)))) == []
    early = kept(date(2026, 7, 20), "2026-07-20T00:00:00+00:00")
    assert len(follow(old, new, own("丙", "旧", decided=early))) == 1


def test_a_paper_with_its_own_basis_may_be_kept_after_its_sources_and_another_may_not() -> None:
    gone = outside("甲", released=date(2026, 11, 1), changed_at="2026-11-02T00:00:00+00:00")
    decided = kept(date(2026, 11, 20))
    assert follow(gone, own("乙", "甲", bases=True, decided=decided)) == []
    assert len(follow(gone, own("乙", "甲", decided=decided))) == 1
    # A change is no decision that nothing follows, and what was decided before is none either.
    changed = (KnownDecision("2026-11-20T00:00:00+00:00", date(2026, 11, 20), kept=False),)
    for decision in (changed, kept(date(2026, 10, 31)), kept(date(2026, 11, 20), "2026-11-01T")):
        assert len(follow(gone, own("乙", "甲", bases=True, decided=decision))) == 1


def test_of_several_sources_one_released_may_be_decided_on() -> None:
    paper = own("丙", "甲", "乙", level=T)
    high = outside("甲", T, released=date(2026, 11, 1))
    low = outside("乙", S)
    assert len(follow(high, low, paper)) == 1
    assert follow(high, low, replace(paper, decided=kept(date(2026, 11, 20)))) == []


def test_before_any_rule_no_provision_is_made_up() -> None:
    early = outside("甲", last=date(1999, 1, 1), states=())
    (found,) = follow(early, own("乙", "甲"), day=date(2000, 1, 1))
    assert found.basis == ""


def test_today_shows_the_security_officer_what_has_to_follow() -> None:
    found = follow(outside("甲", released=date(2026, 11, 1)), own("乙乙乙乙乙乙乙乙乙", "甲"))
    items = waiting_items(Situation(TODAY, following=tuple(found)), Viewer(Role.SECURITY))
    (item,) = items
    assert item.section is Section.SOURCE_CHANGED
    assert item.number == "审乙乙乙乙乙乙乙乙乙"
    assert item.command == ("dingmi-mark", "lineage", "乙乙乙乙乙乙乙乙", "--waiting")
    assert waiting_items(Situation(TODAY, following=tuple(found)), Viewer(Role.DRAFTER)) == ()


def test_what_can_begin_begins_by_a_notice_and_what_has_to_be_decided_first_does_not() -> None:
    gone = outside("甲", released=date(2026, 7, 1))
    (release,) = follow(gone, own("乙", "甲"))
    command = " ".join(notice_command(release))
    assert command.startswith("dingmi-mark notice new --number 文号 --kind 提前解密 --item 文件乙")
    assert "--level" not in command and "甲" in command and command.endswith("--out 通知.toml")
    (anew,) = follow(gone, own("乙", "甲", bases=True))
    assert notice_command(anew) == ()
    states = (KnownState("", H, LAST), KnownState("2026-07-01T00:00:00+00:00", S, LAST))
    (lowered, later) = follow(outside("甲", S, states=states), own("乙", "甲"), own("丙", "乙"))
    assert "--kind 变更 --item 文件乙 --level 秘密" in " ".join(notice_command(lowered))
    assert notice_command(later) == ()
    lost = replace(lowered, document=outside("丁"))
    assert notice_command(lost) == ()
