"""What waits today: picked from facts, overdue first, with one command each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import secrets_kit
from dingmi_mark.domain import approval as a
from dingmi_mark.domain.copies import DoneCopy, receiver_of, registered
from dingmi_mark.domain.keys import ED25519, KeyRegister, SigningKey
from dingmi_mark.domain.ledger_provisional import (
    CopyReturned,
    ProvisionalEnded,
    ProvisionalGone,
    ProvisionalIntended,
    ProvisionalMade,
)
from dingmi_mark.domain.procedure import Waiting
from dingmi_mark.domain.provisional import ProvisionalCopy
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.situation import (
    Item,
    OpenRecord,
    Section,
    Situation,
    Unreadable,
    Viewer,
    people_known,
)
from dingmi_mark.domain.today import waiting_items
from dingmi_mark.messages import say
from record_kit import record, with_draft

DAY = date(2026, 11, 28)
AT = "2026-11-20T09:00:00+00:00"
NUMBER = "示密审〔2026〕31号"
PEOPLE = {
    Role.DRAFTER: ("王样例",),
    Role.SECURITY: ("赵样例",),
    Role.REVIEWER: ("李样例",),
    Role.OFFICER: ("张示范",),
}
ALL = Viewer()


def one(waiting: Waiting, number: str = NUMBER, **changes: object) -> OpenRecord:
    whole = replace(
        record(number=number),
        history=(a.HistoryLine(date(2026, 11, 25), "王样例", "拟办"),),
        review=None,
        security_review=None,
    )
    return replace(OpenRecord(whole, waiting, "approvals/x/0123.pdf"), **changes)  # type: ignore[arg-type]


def situation(*records: OpenRecord, **more: object) -> Situation:
    return Situation(DAY, tuple(records), people=PEOPLE, **more)  # type: ignore[arg-type]


def items(facts: Situation, viewer: Viewer = ALL) -> list[Item]:
    return list(waiting_items(facts, viewer))


def provisional(until: date, **changes: object) -> ProvisionalCopy:
    intended = ProvisionalIntended(
        NUMBER, "拟定 sm3:0", "m", "c", "000001", "b", "r", "机密", "10年",
        until.isoformat(), "0", "out/a.pdf", "out/t", "0", AT,
    )  # fmt: skip
    made = ProvisionalMade(7, NUMBER, "ab", "sm3:cd", "rendered", AT)
    return replace(ProvisionalCopy(7, intended, made), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("waiting", "section", "command"),
    [
        (
            Waiting.SECURITY_REVIEW,
            Section.REVIEW,
            f"approval review {NUMBER} --as 赵样例 --opinion 同意",
        ),
        (Waiting.REVIEW, Section.REVIEW, f"approval review {NUMBER} --as 李样例 --opinion 同意"),
        (
            Waiting.DECISION,
            Section.DECISION,
            f"approval review {NUMBER} --as 张示范 --decision 同意",
        ),
        (Waiting.REPLY, Section.REPLY, f"approval review {NUMBER} --as 赵样例 --reply"),
        (Waiting.CORRECTION, Section.RETURNED, f"approval review {NUMBER}"),
        (Waiting.MARKING, Section.UNMARKED, "mark approvals/x/0123.pdf --out 已标"),
    ],
)
def test_a_record_waits_with_the_command_for_its_next_step(
    waiting: Waiting, section: Section, command: str
) -> None:
    (item,) = items(situation(one(waiting)))
    assert item.section is section
    assert " ".join(item.command) == f"dingmi-mark {command}"
    assert item.days(DAY) == 3


def test_no_item_shows_what_the_paper_says() -> None:
    (item,) = items(situation(one(Waiting.DECISION)))
    assert "示例事项" not in str(item.what) + " ".join(item.command) and item.title


def test_a_record_is_finished_when_every_copy_is_made() -> None:
    two = one(Waiting.MARKING)
    two = replace(two, record=with_draft(two.record, copies=2))
    first, second = DoneCopy(NUMBER, "000001", ""), DoneCopy(NUMBER, "000002", "")
    assert [i.section for i in items(situation(two, done=(first,)))] == [Section.UNMARKED]
    assert items(situation(two, done=(first, second))) == []


def test_a_signature_that_no_longer_counts_is_told_in_place_of_the_step() -> None:
    doubtful = one(Waiting.DECISION, doubt=say("the key {key} is not enrolled", key="k"))
    (item,) = items(situation(doubtful))
    assert item.section is Section.DOUBTFUL and "not enrolled" in str(item.what)


def test_a_record_that_cannot_be_read_comes_first() -> None:
    broken = Unreadable("approvals/y/0001.toml", say("it is no TOML"))
    found = items(situation(one(Waiting.DECISION), unreadable=(broken,)))
    assert [item.section for item in found] == [Section.UNREADABLE, Section.DECISION]


# ── for whom ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("viewer", "sections"),
    [
        (Viewer(Role.OFFICER), {Section.DECISION}),
        (Viewer(Role.SECURITY), {Section.REVIEW}),
        (Viewer(Role.DRAFTER), {Section.RETURNED}),
        (Viewer(name="张示范"), {Section.DECISION}),
        (Viewer(name="王样例"), {Section.RETURNED}),
        (Viewer(name="陈样例"), set()),
    ],
)
def test_everybody_sees_his_own(viewer: Viewer, sections: set[Section]) -> None:
    facts = situation(
        one(Waiting.DECISION, "1号"),
        one(Waiting.SECURITY_REVIEW, "2号"),
        one(Waiting.CORRECTION, "3号"),
    )
    assert {item.section for item in items(facts, viewer)} == sections


def test_nobody_is_asked_to_decide_what_he_proposed_or_reviewed() -> None:
    own = one(Waiting.DECISION)
    reviewed = replace(own.record, security_review=a.Opinion(a.Person("张示范"), "同意"))
    facts = situation(replace(own, record=reviewed))
    assert items(facts, Viewer(name="张示范")) == []
    (item,) = items(facts)
    assert "姓名" in item.command


def test_a_name_nobody_knows_is_left_open_in_the_command() -> None:
    facts = Situation(DAY, (one(Waiting.SECURITY_REVIEW),))
    (item,) = items(facts)
    assert item.command[item.command.index("--as") + 1] == "姓名"


# ── provisional marks ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days", "section"),
    [
        (-1, Section.PROVISIONAL_OVER),
        (0, Section.PROVISIONAL_SOON),
        (3, Section.PROVISIONAL_SOON),
        (4, None),
    ],
)
def test_a_provisional_mark_is_listed_near_and_past_its_last_day(
    days: int, section: Section | None
) -> None:
    copies = (provisional(DAY + timedelta(days=days)),)
    found = [i for i in items(situation(one(Waiting.DECISION), provisional=copies))]
    told = [i for i in found if i.section is not Section.DECISION]
    assert [i.section for i in told] == ([section] if section else [])
    for item in told:
        assert item.command[-2:] == ("--decision", "同意")


def test_what_holds_no_longer_is_to_be_recalled() -> None:
    standing = provisional(DAY + timedelta(days=9))
    lost = replace(standing, ended=ProvisionalEnded(7, NUMBER, "approved", "missing", AT))
    returned = situation(one(Waiting.CORRECTION), provisional=(standing,))
    changed = situation(one(Waiting.DECISION, basis="拟定 sm3:1"), provisional=(standing,))
    gone = situation(provisional=(standing,))
    ended = situation(one(Waiting.MARKING), provisional=(lost,))
    for facts in (returned, changed, gone, ended):
        (item,) = [i for i in items(facts) if i.section is Section.RECALL]
        told = f"dingmi-mark copies return {NUMBER} 拟定-000001 --by 赵样例 --how 收回"
        assert " ".join(item.command) == told
    same = situation(one(Waiting.DECISION, basis="拟定 sm3:0"), provisional=(standing,))
    assert not [i for i in items(same) if i.section is Section.RECALL]


# ── copies, periods, keys ────────────────────────────────────────────────────────────────────


def test_copies_are_recalled_after_their_day_with_their_receiver() -> None:
    two = one(Waiting.MARKING)
    draft = {
        "copies": 2,
        "receivers": ("示例县示范局", "局办公室"),
        "recall_day": date(2026, 11, 20),
    }
    two = replace(two, record=with_draft(two.record, **draft))
    done = (DoneCopy(NUMBER, "000001", ""), DoneCopy(NUMBER, "000002", ""))
    back = CopyReturned(NUMBER, "000001", "收回", "赵样例", "2026-11-21", AT)
    (item,) = items(situation(two, done=done, returned=(back,)))
    assert item.section is Section.RECALL and item.days(DAY) == 8
    assert "000002" in str(item.what) and "局办公室" in str(item.what)
    on_the_day = replace(two, record=with_draft(two.record, recall_day=DAY))
    assert items(situation(on_the_day, done=done)) == []


@pytest.mark.parametrize(
    ("last", "today", "section"),
    [
        ("2026-06-30", date(2026, 3, 29), None),
        ("2026-06-30", date(2026, 3, 30), Section.PERIOD_ENDING),
        ("2026-06-30", date(2026, 6, 30), Section.PERIOD_ENDING),
        ("2026-06-30", date(2026, 7, 1), Section.PERIOD_OVER),
        ("", date(2026, 7, 1), None),
    ],
)
def test_periods_are_listed_three_months_before_their_last_day(
    last: str, today: date, section: Section | None
) -> None:
    """R45: 解密办法4. Last secret day 2026-06-30 → listed from 2026-03-30."""
    copies = [
        secrets_kit.copy("1", "2016-06-30", last_secret_day=last, copy_number=number)
        for number in ("000001", "000002")
    ]
    facts = Situation(today, secrets=secrets_kit.known(copies))
    assert [item.section for item in items(facts)] == ([section] if section else [])


def test_a_paper_that_was_notified_in_writing_has_no_list_of_copies() -> None:
    facts = secrets_kit.described("9", last_secret_day="2026-01-01")
    secrets = secrets_kit.known([], facts, secrets_kit.notified("9", "2016-01-01"))
    (item,) = items(Situation(DAY, secrets=secrets))
    assert item.section is Section.PERIOD_OVER and item.command == ("dingmi-mark", "due")


def test_a_period_is_no_longer_told_when_every_copy_is_back() -> None:
    copies = [secrets_kit.copy("1", "2016-01-01", last_secret_day="2026-01-01")]
    (item,) = items(Situation(DAY, secrets=secrets_kit.known(copies)))
    assert item.section is Section.PERIOD_OVER and "1 copies" in str(item.what)
    back = secrets_kit.returned("1")
    assert not items(Situation(DAY, secrets=secrets_kit.known(copies, back)))
    near = [secrets_kit.copy("1", "2016-01-01", last_secret_day="2026-12-01")]
    assert items(Situation(DAY, secrets=secrets_kit.known(near)))
    assert not items(Situation(DAY, secrets=secrets_kit.known(near, back)))


def key(name: str, role: Role, expires: date | None, confirmed: bool = True) -> SigningKey:
    at = AT if confirmed else ""
    return SigningKey(f"id-{name}-{expires}", name, role, ED25519, "", expires, AT, "", at)


def test_keys_wait_for_confirmation_and_end() -> None:
    new = key("王样例", Role.DRAFTER, None, confirmed=False)
    old = key("张示范", Role.OFFICER, DAY + timedelta(days=30))
    later = key("李样例", Role.REVIEWER, DAY + timedelta(days=31))
    replaced = key("赵样例", Role.SECURITY, DAY), key("赵样例", Role.SECURITY, None)
    gone = replace(key("钱样例", Role.OFFICER, DAY), revoked_at=AT)
    found = items(situation(keys=KeyRegister((new, old, later, gone, *replaced))))
    commands = [" ".join(item.command) for item in found]
    assert commands == [
        "dingmi-mark key new 张示范 --role 定密责任人",
        "dingmi-mark key confirm id-王样例-None --as 赵样例",
    ]


def test_one_receiver_a_copy_or_all_of_them() -> None:
    draft = a.DraftIdentity("样例", copies=2, receivers=("甲", "乙"))
    assert receiver_of(draft, "000002") == "乙"
    assert receiver_of(replace(draft, copies=3), "000002") == "甲、乙"
    assert receiver_of(draft, "复制-000001") == ""


def test_the_register_shows_what_came_back() -> None:
    done = [(DoneCopy(NUMBER, "000001", ""), "out/a.pdf"), (DoneCopy(NUMBER, "000002", ""), "b")]
    back = [CopyReturned(NUMBER, "000002", "作废", "赵样例", "2026-11-21", AT)]
    lines = registered(done, (provisional(DAY),), back, None)
    assert [(line.name, line.is_out) for line in lines] == [
        ("000001", True),
        ("000002", False),
        ("拟定-000001", True),
    ]


def late(**changes: object) -> OpenRecord:
    blanks = (a.LateField.DOCUMENT_NUMBER, a.LateField.ISSUE_DAY)
    told = one(Waiting.MARKING)
    return replace(told, record=with_draft(told.record, **{"late_fields": blanks, **changes}))


def command(one: OpenRecord, **more: object) -> str:
    (item,) = items(situation(one, **more))
    return " ".join(item.command)


def test_blanks_are_filled_in_the_record_first_then_the_filled_in_draft_is_marked() -> None:
    fill = f"dingmi-mark approval fill {NUMBER}"
    assert command(late(document_number="", issue_day=None)) == (
        f"{fill} --document-number 文号 --issue-date 成文日期"
    )
    assert command(late(document_number="")) == f"{fill} --document-number 文号"
    assert command(late(issue_day=None)) == f"{fill} --issue-date 成文日期"
    assert command(late()) == f"dingmi-mark mark 通知.docx --approved {NUMBER} --out 已标"
    assert command(late(files=())) == f"dingmi-mark mark 文稿 --approved {NUMBER} --out 已标"


def test_only_the_blanks_the_record_names_are_asked_for() -> None:
    number_only = late(late_fields=(a.LateField.DOCUMENT_NUMBER,), document_number="")
    assert command(number_only).endswith("--document-number 文号")
    day_only = late(late_fields=(a.LateField.ISSUE_DAY,), issue_day=None)
    assert command(day_only).endswith(f"{NUMBER} --issue-date 成文日期")


def test_where_originals_may_not_stay_the_draft_is_named_as_the_office_has_it() -> None:
    told = one(Waiting.MARKING)
    marked = "dingmi-mark mark 通知.docx --out 已标"
    assert command(told, originals_stay=False) == marked
    assert command(replace(told, draft="")) == marked
    nameless = replace(told, draft="", record=with_draft(told.record, files=()))
    assert command(nameless) == f"dingmi-mark approval review {NUMBER}"


def test_a_copy_that_is_gone_is_recalled_from_nobody() -> None:
    gone = replace(
        provisional(DAY), gone=ProvisionalGone(7, NUMBER, "收回", "赵样例", "2026-11-27", AT)
    )
    assert not [i for i in items(situation(provisional=(gone,))) if i.section is Section.RECALL]


def test_everybody_whom_the_files_of_the_office_name_is_known() -> None:
    keys = KeyRegister((key("钱样例", Role.OFFICER, None),))
    reviewed = a.HistoryLine(date(2026, 11, 26), "孙样例", "审核")
    open_one = one(Waiting.DECISION)
    whole = replace(open_one.record, history=(*open_one.record.history, reviewed))
    known = people_known(situation(replace(open_one, record=whole), keys=keys))
    drafter = whole.proposal.by.name
    assert known == {"王样例", "赵样例", "李样例", "张示范", "钱样例", "孙样例", drafter}


def test_what_another_organ_decides_waits_for_its_reply_and_not_for_the_officer() -> None:
    """保守国家秘密法(2024)第十七条第三款, 实施条例(2024)第二十五条: report it first."""
    for form in ("no-authority-report", "unclear-report"):
        facts = situation(one(Waiting.DECISION, report=form))
        (item,) = waiting_items(facts, ALL)
        assert (item.section, item.roles) == (Section.REPLY, {Role.SECURITY})
        assert item.command[-6:] == (
            *("--organ", "机关", "--reply-number", "文号", "--reply-date", "日期"),
        )
        assert f"form make {form} {NUMBER}" in str(item.what)
        assert not waiting_items(facts, Viewer(role=Role.OFFICER))
    (item,) = waiting_items(situation(one(Waiting.SECURITY_REVIEW, report=form)), ALL)
    assert item.section is Section.REVIEW, "the opinions in the unit come before the report"
