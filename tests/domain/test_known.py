"""Records name their sources shortly; what the ledger knows fills in the rest, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dingmi_mark.domain.approval import Source
from dingmi_mark.domain.following import waiting
from dingmi_mark.domain.known import Known, KnownDecision, KnownDocument, KnownPoint
from dingmi_mark.domain.ledger_changes import MarkingChanged, SourceFollowed
from dingmi_mark.domain.ledger_reviews import ReviewDone
from dingmi_mark.domain.ledger_sources import (
    DocumentDescribed,
    SourceChanged,
    SourceRegistered,
)
from dingmi_mark.domain.registered import DoneMarking, known_of, registered_of
from dingmi_mark.domain.terms import (
    ForYears,
    SecrecyLevel,
    UntilCondition,
    UntilDate,
)
from dingmi_mark.domain.uses import UseLimit
from dingmi_mark.store.lawbook import read_lawbook

H, S = SecrecyLevel.HIGHLY_SECRET, SecrecyLevel.SECRET
DAY, LAST = date(2020, 3, 15), date(2030, 3, 15)
OUTSIDE = KnownDocument(
    "aaaaaaaa11",
    H,
    ForYears(10),
    LAST,
    DAY,
    title="样例文件",
    document_number="源密〔2020〕1号",
    scope=("局领导",),
    points=(KnownPoint("1", H), KnownPoint("2", S)),
    limits=(UseLimit.NO_COMPILING,),
    digests=("content:c", "sha256:b", "sm3:a"),
)
OWN = KnownDocument(
    "bbbbbbbb11",
    H,
    ForYears(10),
    LAST,
    document_number="示密〔2026〕3号",
    approval_number="示密审〔2026〕1号",
    document_id="d1",
    in_force=False,
)
NEWER = replace(OWN, id="bbbbbbbb22", in_force=True)
KNOWN = Known((OUTSIDE, OWN, NEWER))
AT = "2026-11-20T09:00:00+00:00"
REGISTERED = SourceRegistered(
    *("s1", "a", "b", "sm3:c", "t", "源密〔2020〕1号", "示例省示范厅", "机密", "10年"),
    *("2020-03-15", "2030-03-15", ("局领导",), {"1": "机密", "2": "秘密★5年"}, ("不得汇编",)),
    *("", "mark", (), ("title",), "", AT),
)
DESCRIBED = DocumentDescribed(
    *("示密审〔2026〕1号", "d1", "m1", "示密〔2026〕3号", "示例市示范局", "机密"),
    *("2036年3月16日", "2026-11-29", "2036-03-16", ("局领导",), {"1": "机密"}, True),
    *(("s1",), ("源密〔2019〕8号",), AT),
)
MARKING = DoneMarking(
    "m1", "d1", "示密审〔2026〕1号", "机密", "2036年3月16日", "2036-03-16", True, ("sm3:x",)
)


def test_a_document_is_found_by_id_number_digest_and_approval() -> None:
    assert KNOWN.named("aaaaaaaa11") == KNOWN.named("aaaaaaaa") == (OUTSIDE,)
    assert KNOWN.named("源密〔２０２０〕1号") == KNOWN.named("sm3:a") == (OUTSIDE,)
    assert KNOWN.named("示密审〔2026〕1号") == (NEWER,)
    assert KNOWN.named("示密〔2026〕3号") == (NEWER,)
    assert KNOWN.named("bbbbbbbb11") == (OWN,)
    assert KNOWN.named("aaaaaaa") == KNOWN.named("别的〔2020〕1号") == KNOWN.named("") == ()
    assert len(KNOWN.named("bbbbbbbb")) == 1
    assert KNOWN.document("nothing") is None


def test_an_earlier_marking_by_its_own_number_is_found_alone() -> None:
    renumbered = replace(NEWER, document_number="示密〔2026〕4号")
    assert Known((OWN, renumbered)).named("示密〔2026〕3号") == (OWN,)


def test_the_short_name_is_the_number_else_the_approval_else_the_id() -> None:
    assert OUTSIDE.name == "源密〔2020〕1号"
    assert replace(OWN, document_number="").name == "示密审〔2026〕1号"
    assert replace(OUTSIDE, document_number="").name == "aaaaaaaa"


def test_a_source_named_by_id_alone_is_completed() -> None:
    whole = KNOWN.completed(Source("", marking_id="aaaaaaaa11"))
    assert whole == replace(OUTSIDE.as_source(), marking_id="aaaaaaaa11")
    assert whole.digest == "sm3:a"
    assert whole.limits == (UseLimit.NO_COMPILING,)


def test_what_the_record_states_stays_as_it_states_it() -> None:
    stated = Source(
        "别的名称", document_number="源密〔2020〕1号", level=S, period=ForYears(5), released=LAST
    )
    assert KNOWN.completed(replace(stated, issue_day=LAST)).issue_day == LAST
    whole = KNOWN.completed(stated)
    assert (whole.title, whole.level, whole.period) == ("别的名称", S, ForYears(5))
    assert (whole.released, whole.issue_day) == (LAST, DAY)


def test_the_earlier_of_two_releases_counts() -> None:
    known = Known((replace(OUTSIDE, released=DAY),))
    whole = known.completed(Source("", marking_id="aaaaaaaa11", released=LAST))
    assert whole.released == DAY


def test_points_named_by_id_bring_their_levels() -> None:
    named = Source("", marking_id="aaaaaaaa11", points=("2",))
    assert KNOWN.completed(named).points_used == (S,)
    assert KNOWN.completed(replace(named, points=("2", "9"))).points_used == ()
    assert KNOWN.completed(replace(named, points_used=(H,))).points_used == (H,)


def test_nothing_is_filled_in_where_several_may_be_meant_or_none_is_known() -> None:
    twice = Known((OUTSIDE, replace(OUTSIDE, id="cccccccc11")))
    named = Source("", document_number="源密〔2020〕1号")
    assert twice.completed(named) == named
    assert KNOWN.completed(Source("样例")) == Source("样例")


def test_of_an_old_marking_only_the_last_secret_day_is_known() -> None:
    assert OWN.as_source().period == UntilDate(LAST)
    condition = replace(OWN, period=UntilCondition("会议开始前"), last=None)
    assert condition.as_source().period == UntilCondition("会议开始前")
    assert replace(condition, last=LAST).as_source().period == UntilCondition("会议开始前")
    assert replace(OWN, last=None).as_source().period == ForYears(10)
    assert OUTSIDE.as_source().period == ForYears(10)


def test_a_document_is_over_by_release_or_by_its_period() -> None:
    assert not OUTSIDE.is_over_on(LAST)
    assert OUTSIDE.is_over_on(date(2030, 3, 16))
    assert replace(OUTSIDE, released=DAY).is_over_on(DAY)
    assert not replace(OUTSIDE, released=LAST).is_over_on(DAY)
    assert not replace(OUTSIDE, last=None).is_over_on(date(2090, 1, 1))


# ── from the entries ─────────────────────────────────────────────────────────────────────────


def test_the_last_registration_counts_and_every_change_on_top_of_it() -> None:
    corrected = replace(REGISTERED, level="绝密")
    released = SourceChanged("s1", "源密〔2026〕9号", "2026-11-28", *_NONE, "2026-11-28", AT)
    lowered = SourceChanged(
        "s1",
        "源密〔2026〕7号",
        "2026-11-01",
        "秘密",
        "5年",
        "2020-03-15",
        "2025-03-15",
        ("甲",),
        "",
        AT,
    )
    (plain,) = registered_of([REGISTERED])
    assert (plain.level, plain.period, plain.last) == (H, ForYears(10), LAST)
    assert plain.points == (KnownPoint("1", H), KnownPoint("2", S, ForYears(5)))
    assert plain.digests == ("sm3:a", "sha256:b", "content:sm3:c")
    (higher,) = registered_of([REGISTERED, corrected])
    assert higher.level is SecrecyLevel.TOP_SECRET
    (after,) = registered_of([REGISTERED, lowered, released])
    assert (after.level, after.last, after.scope) == (S, date(2025, 3, 15), ("甲",))
    assert (after.released, after.changed_by) == (date(2026, 11, 28), "源密〔2026〕9号")
    assert [state.level for state in after.states] == [H, S]


_NONE = ("机密", "10年", "2020-03-15", "2030-03-15", ())


def test_our_own_documents_come_from_their_markings_and_what_was_told_of_them() -> None:
    registered, own = known_of([replace(REGISTERED, period="")], [MARKING], [DESCRIBED]).documents
    assert registered.period is None
    assert own.is_own and own.bases
    assert (own.period, own.issue_day) == (UntilDate(date(2036, 3, 16)), date(2026, 11, 29))
    assert (own.sources, own.unknown_sources) == (("s1",), ("源密〔2019〕8号",))
    (bare,) = known_of([], [replace(MARKING, last_secret_day="")], []).documents
    assert (bare.last, bare.sources, bare.digests) == (None, (), ("sm3:x",))


def test_acts_of_sources_are_found_again() -> None:
    assert REGISTERED.subject == "s1"
    assert replace(REGISTERED, content_digest="").file_digests == ("sm3:a", "sha256:b")
    assert DESCRIBED.subject == "示密审〔2026〕1号"


# ── our own documents after notices ──────────────────────────────────────────────────────────

LOWERED = MarkingChanged(
    *("示密变〔2027〕1号", "变更", "示密审〔2026〕1号", "d1", "m1", "机密", "2036年3月16日"),
    *("秘密", "5年", "2027-01-01", "2032-01-01", ("局领导", "甲科"), "", ("1",), "2027-01-01"),
    "2027-01-02T00:00:00+00:00",
)


def test_a_notice_makes_our_own_document_another_from_its_day_on() -> None:
    (own,) = known_of([], [MARKING], [DESCRIBED], [LOWERED]).documents
    assert (own.level, own.period, own.last) == (S, ForYears(5), date(2032, 1, 1))
    assert (own.issue_day, own.scope) == (date(2027, 1, 1), ("局领导", "甲科"))
    assert own.points == () and own.changed_by == "示密变〔2027〕1号"
    assert [(state.at, state.level) for state in own.states] == [("", H), (LOWERED.at, S)]


def test_a_release_by_notice_makes_it_no_secret_and_changes_nothing_else() -> None:
    release = replace(LOWERED, kind="提前解密", released="2027-02-01", level="机密")
    (own,) = known_of([], [MARKING], [DESCRIBED], [LOWERED, release]).documents
    assert own.released == date(2027, 2, 1) and own.is_over_on(date(2027, 2, 1))
    assert own.level is S
    (other,) = known_of([], [replace(MARKING, document_id="d2")], [], [LOWERED]).documents
    assert other.states == () and other.changed_by == ""


def test_what_is_derived_follows_a_changed_paper_of_ours_until_it_is_changed_itself() -> None:
    child = replace(MARKING, marking_id="m2", document_id="d2", approval_number="审2")
    facts = replace(
        DESCRIBED, marking_id="m2", document_id="d2", approval_number="审2", sources=("m1",),
        unknown_sources=(), bases=False,
    )  # fmt: skip
    law, day = read_lawbook("national"), date(2027, 3, 1)

    def following(*changes: MarkingChanged) -> list[str]:
        known = known_of([], [MARKING, child], [DESCRIBED, facts], changes)
        return [one.document.id for one in waiting(known, law, day, beijing=False)]

    assert following() == []
    assert set(following(LOWERED)) == {"m2"}
    own = replace(LOWERED, document_id="d2", at="2027-02-02T00:00:00+00:00")
    assert following(LOWERED, own) == []
    # Who may know it has nothing to do with its sources; what came before knew nothing of this.
    other = replace(own, kind="知悉范围变更", level="机密", period="10年")
    assert set(following(LOWERED, other)) == {"m2"}
    assert set(following(LOWERED, replace(own, at="2027-01-01T00:00:00+00:00"))) == {"m2"}


def test_a_review_may_say_that_nothing_follows_a_changed_source() -> None:
    review = ReviewDone(
        "d1", "示密审〔2026〕1号", "来源变更后审核", "继续保密", "样例", "张示范", "2027-02-01", AT
    )
    (own,) = known_of([], [MARKING], [DESCRIBED], [LOWERED], [review]).documents
    assert own.decided == (
        KnownDecision(LOWERED.at, date(2027, 1, 1), kept=False),
        KnownDecision(AT, date(2027, 2, 1), kept=True),
    )
    follows = SourceFollowed("d1", LOWERED.notice_number, "源密〔2026〕9号", LOWERED.at)
    (own,) = known_of([], [MARKING], [DESCRIBED], [LOWERED], (), [follows]).documents
    assert [decision.about for decision in own.decided] == ["源密〔2026〕9号"]
    for no_decision in ({"occasion": "年度审核"}, {"outcome": "变更"}, {"document_id": "d2"}):
        other = replace(review, **no_decision)
        (plain,) = known_of([], [MARKING], [DESCRIBED], [], [other]).documents
        assert plain.decided == ()
