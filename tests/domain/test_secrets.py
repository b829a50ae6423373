"""Secrets as the ledger's entries tell them: documents, not copies, and what became of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import secrets_kit as kit
from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.secret import LEGACY_KIND, Origin
from dingmi_mark.domain.secrets_known import secrets_known
from dingmi_mark.domain.terms import SecrecyLevel


def test_three_copies_are_one_secret_and_those_that_came_back_are_not_out() -> None:
    copies = [kit.copy("1", "2026-02-02", copy_number=f"00000{n}") for n in (1, 2, 3)]
    (one,) = kit.known(copies, kit.returned("1", "000002"))
    assert (one.copies, one.out, one.origin) == (3, 2, Origin.OWN)


def test_without_a_signature_it_was_determined_on_the_day_of_its_first_mark() -> None:
    copies = [kit.copy("1", "2026-02-05"), kit.copy("1", "2026-02-03", copy_number="000002")]
    (one,) = kit.known(copies)
    assert one.first.since == date(2026, 2, 3) and one.officer == ""


def test_a_signed_decision_gives_day_and_officer_and_a_returned_one_does_not() -> None:
    copies = [kit.copy("1", "2026-01-04")]
    decided = kit.signed("1", "2025-12-30")
    (one,) = kit.known(copies, kit.signed("1", "2025-12-29", outcome="退回"), decided)
    assert (one.first.since, one.officer) == (date(2025, 12, 30), "张示范")
    (other,) = kit.known(copies, kit.signed("1", "2026-01-01", step="保密员意见", outcome=""))
    assert other.first.since == date(2026, 1, 4)


def test_the_reply_of_another_organ_gives_the_day_and_no_officer_of_ours() -> None:
    reply = kit.signed("1", "2026-01-02", step="登记批复", outcome="")
    (one,) = kit.known([kit.copy("1", "2026-01-04")], reply)
    assert (one.first.since, one.officer) == (date(2026, 1, 2), "")


def test_the_moment_counts_by_the_day_in_the_office() -> None:
    late = kit.copy("1", "2025-12-31", at="2025-12-31T17:00:00+00:00")
    (one,) = kit.known([late])
    assert one.first.since == date(2026, 1, 1)


def test_what_describes_the_document_fills_in_the_rest() -> None:
    (one,) = kit.known([kit.copy("1", "2026-02-02", period="江堤演练结束")], kit.described("1"))
    assert (one.document_number, one.first.period) == ("示密〔2026〕1号", "10年")
    assert one.name == "示密〔2026〕1号" and one.first.scope == ("示例甲科",)
    (bare,) = kit.known([kit.copy("1", "2026-02-02")])
    assert bare.name == "1号" and bare.issue_day is None
    assert replace(bare, approval_number="").name == "d-1"


def test_the_newest_marking_of_a_document_counts() -> None:
    earlier = kit.copy("1", "2026-02-02", level="绝密", newest=False)
    later = kit.copy("1", "2026-02-09", marking_id="m-1b")
    (one,) = kit.known([earlier, later])
    assert one.first.level is SecrecyLevel.HIGHLY_SECRET and one.copies == 1
    (only,) = kit.known([earlier])
    assert only.first.level is SecrecyLevel.TOP_SECRET


# ── changes and endings ──────────────────────────────────────────────────────────────────────


def test_a_change_holds_from_its_day_on() -> None:
    change = kit.changed(
        "1", "2026-06-01", level="秘密", period="5年", last_secret_day="2031-02-01"
    )
    (one,) = kit.known([kit.copy("1", "2026-02-02")], change)
    assert one.state_on(date(2026, 5, 31)).level is SecrecyLevel.HIGHLY_SECRET
    assert one.state_on(date(2026, 6, 1)).level is SecrecyLevel.SECRET
    assert one.state_on(date(2020, 1, 1)) == one.first
    assert one.last_state.period == "5年"
    assert one.ending is not None and one.ending.day == date(2031, 2, 2)
    assert one.is_secret_on(date(2031, 2, 1)) and not one.is_secret_on(date(2031, 2, 2))
    assert not one.is_secret_on(date(2026, 2, 1))


def test_a_release_ends_it_by_its_notice_and_a_period_by_itself() -> None:
    (one,) = kit.known([kit.copy("1", "2026-02-02")], kit.released("1", "2026-07-01", "公布解密"))
    assert one.ending is not None
    assert (one.ending.kind, one.ending.basis) == (ChangeKind.PUBLISHED, "示密变〔2026〕1号")
    (other,) = kit.known([kit.copy("2", "2026-02-02")])
    assert other.ending is not None
    assert (other.ending.kind, other.ending.basis) == (ChangeKind.EXPIRED, "")
    assert other.ending.day == date(2036, 2, 3)


def test_a_secret_until_a_condition_has_no_end_of_its_own() -> None:
    (one,) = kit.known([kit.copy("1", "2026-02-02", last_secret_day="")])
    assert one.ending is None and one.is_secret_on(date(2999, 1, 1))


def test_a_notice_that_says_it_ended_by_itself_is_named_for_that_day() -> None:
    notice = kit.changed("1", "2036-02-10", "期满自行解密", released="2036-02-03",
                         last_secret_day="2036-02-02")  # fmt: skip
    (one,) = kit.known([kit.copy("1", "2026-02-02")], notice)
    assert one.ending is not None and one.ending.basis == "示密变〔2026〕1号"


def test_a_notice_changes_a_document_once_however_often_it_is_told() -> None:
    change = kit.changed("1", "2026-06-01", level="秘密")
    (one,) = kit.known([kit.copy("1", "2026-02-02")], change, change)
    assert len(one.changes) == 1


def test_a_change_that_was_taken_back_did_not_happen() -> None:
    acts = (kit.restored("1", "2026-06-01"), kit.released("1", "2026-06-02"))
    again = kit.restored("1", "2026-06-03")
    (one,) = kit.known([kit.copy("1", "2026-02-02")], *acts)
    assert len(one.changes) == 1
    (other,) = kit.known([kit.copy("1", "2026-02-02")], *acts, again)
    assert other.changes == () and list(other.steps()) == []


# ── no mark of their own, and from outside ───────────────────────────────────────────────────


def test_a_file_that_could_bear_no_mark_is_a_secret_all_the_same() -> None:
    facts = kit.described("9", sources=("s-1",))
    signature = kit.signed("9", "2026-02-01")
    found = secrets_known([], (facts, signature, kit.notified("9", "2026-02-03")))
    (one,) = found.secrets
    assert (one.notified, one.kind, one.copies) == (True, "派生定密", 1)
    assert one.first.since == date(2026, 2, 1) and one.officer == "张示范"
    (own,) = kit.known([], kit.described("8"), kit.notified("8", "2026-02-03"))
    assert (own.kind, own.first.since) == ("原始定密", date(2026, 2, 3))


def test_a_notified_file_whose_level_no_entry_tells_is_named() -> None:
    found = secrets_known([], (kit.notified("9", "2026-02-03"),))
    assert found.secrets == () and found.unknown == ("9号",)


def test_a_paper_that_is_marked_too_is_counted_once() -> None:
    acts = (kit.described("1"), kit.notified("1", "2026-02-03"))
    assert len(kit.known([kit.copy("1", "2026-02-02")], *acts)) == 1


def test_what_came_from_outside_counts_since_it_was_registered_first() -> None:
    again = kit.outside("1", "2026-03-05", level="机密")
    (one,) = kit.known([], kit.outside("1", "2026-03-01"), again)
    assert (one.origin, one.kind) == (Origin.OUTSIDE, "外来")
    assert one.first.since == date(2026, 3, 1) and one.first.level is SecrecyLevel.HIGHLY_SECRET


def test_its_originator_changes_and_releases_it() -> None:
    change = kit.outside_changed("1", "2026-05-01", level="机密")
    release = kit.outside_changed(
        "1", "2026-06-01", released="2026-06-01", basis="外密解〔2026〕2号"
    )
    (one,) = kit.known([], kit.outside("1", "2026-03-01"), change, release)
    assert one.state_on(date(2026, 5, 2)).level is SecrecyLevel.HIGHLY_SECRET
    assert one.ending is not None
    assert (one.ending.day, one.ending.basis) == (date(2026, 6, 1), "外密解〔2026〕2号")


def test_it_is_a_secret_from_the_day_it_was_marked() -> None:
    (one,) = kit.known([kit.copy("1", "2026-02-02")])
    assert one.is_secret_on(date(2026, 2, 2)) and not one.is_secret_on(date(2026, 2, 1))


def test_a_secret_without_any_number_is_called_by_the_beginning_of_its_id() -> None:
    (one,) = kit.known([kit.copy("1", "2026-02-02")])
    nameless = replace(one, id="0123456789abcdef", document_number="", approval_number="")
    assert nameless.name == "01234567"


def test_what_was_released_when_it_was_registered_is_no_secret() -> None:
    (one,) = kit.known([], kit.outside("1", "2026-03-01", released="2026-01-01"))
    assert not one.is_secret_on(date(2026, 3, 1))


def test_acts_about_other_things_are_passed_over() -> None:
    opinion = kit.signed("1", "2026-01-01", step="拟办", outcome="")
    assert secrets_known([], (opinion,)).secrets == ()


# ── papers of ours that others marked ────────────────────────────────────────────────────────


def test_a_paper_marked_before_this_program_is_one_of_ours_since_its_issue() -> None:
    change = kit.released("1", "2026-06-02")
    (one,) = kit.known([], kit.legacy("1", "2019-03-02"), change)
    assert (one.origin, one.kind, one.copies) == (Origin.OWN, LEGACY_KIND, 0)
    assert one.first.since == one.issue_day == date(2019, 3, 2)
    assert one.name == "示密〔2019〕1号"
    assert one.is_secret_on(date(2026, 6, 1)) and not one.is_secret_on(date(2026, 6, 2))


def test_without_the_day_of_its_issue_it_is_known_since_it_was_described() -> None:
    (one,) = kit.known([], kit.legacy("1", ""))
    assert (one.first.since, one.issue_day) == (date(2026, 6, 1), None)


def test_one_that_was_registered_as_a_source_is_one_secret_and_other_sources_stay() -> None:
    number = "示密〔2019〕1号"
    ours = kit.outside("1", "2019-03-02", document_number=number, organ="示例市示范局")
    nameless = kit.outside("3", "2019-03-02", document_number="", organ="示例市示范局")
    found = kit.known(
        [],
        kit.legacy("1", "2019-03-02"),
        kit.legacy("2", "2019-03-02", document_number=""),
        ours,
        kit.outside("2", "2019-03-02"),
        nameless,
    )
    assert sorted(one.id for one in found) == ["d-1", "d-2", "s-2", "s-3"]
