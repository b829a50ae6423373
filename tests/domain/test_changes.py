"""What the ledger keeps of a change makes the same secret again as the notice did."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from dingmi_mark.domain.change import (
    ChangeKind,
    ChangeNotice,
    ChangeRight,
    NewValues,
    RunsFrom,
    after,
    in_force,
)
from dingmi_mark.domain.changes import DocumentRef, entry_of, in_effect, standing_after
from dingmi_mark.domain.identity import CopyIdentity
from dingmi_mark.domain.label import (
    LabelFacts,
    ShownMark,
    changed_by,
    facts_of,
    points_left,
    read_label,
)
from dingmi_mark.domain.label_changing import changed_label
from dingmi_mark.domain.label_writing import label_bytes
from dingmi_mark.domain.ledger_changes import MarkingRestored
from dingmi_mark.domain.notices import FiledNotice, NoticeItem, statement_bytes
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.remark_plan import batch_of
from dingmi_mark.domain.signing import Role
from dingmi_mark.domain.terms import (
    ForMonths,
    ForYears,
    SecrecyLevel,
    SecrecyPeriod,
    UntilCondition,
    UntilDate,
)
from record_kit import DAY, ORGAN, record

AT = "2026-12-01T01:00:00+00:00"
DECIDED = date(2026, 12, 1)
DOCUMENT = DocumentRef("d" * 32, "m" * 32, "示密审〔2026〕1号")
POINTS = (
    ClassifiedPoint("1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor("样例甲")),
    ClassifiedPoint("2", SecrecyLevel.SECRET, QuoteAnchor("样例乙")),
)


def notice(kind: ChangeKind, number: str = "示密变〔2026〕3号", **more: object) -> ChangeNotice:
    made = ChangeNotice(number, kind, ORGAN, ChangeRight.ORIGINATOR, DECIDED, "样例")
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "period",
    [ForYears(5), ForMonths(6), UntilDate(date(2030, 3, 15)), UntilCondition("会议开始前")],
)
@pytest.mark.parametrize("start", list(RunsFrom))
def test_an_entry_makes_the_secret_that_the_notice_made(
    period: SecrecyPeriod, start: RunsFrom
) -> None:
    new = NewValues(SecrecyLevel.SECRET, period, ("示例市示范局",))
    prior = in_force(record(points=POINTS))
    change = notice(ChangeKind.CHANGED, new=new, runs_from=start)
    entry = entry_of(prior, change, DOCUMENT, AT)
    assert standing_after(prior.record, [entry]) == after(prior, change)
    assert (entry.old_level, entry.old_period, entry.level) == ("机密", "10年", "秘密")


def test_releases_of_the_whole_and_of_a_part() -> None:
    prior = in_force(record(points=POINTS))
    part = entry_of(prior, notice(ChangeKind.PARTLY_RELEASED, items=("2",)), DOCUMENT, AT)
    whole = notice(ChangeKind.RELEASED_EARLY, "示密解〔2026〕5号")
    then = standing_after(prior.record, [part])
    assert [point.id for point in then.points] == ["1"] and then.release is None
    last = entry_of(then, whole, DOCUMENT, AT)
    assert last.released == "2026-12-01"
    ended = standing_after(prior.record, [part, last])
    assert ended == after(then, whole)
    assert ended.text == "解密 2026年12月1日 示密解〔2026〕5号"


def test_what_was_taken_back_counts_no_more_until_it_is_done_again() -> None:
    prior = in_force(record())
    new = NewValues(SecrecyLevel.SECRET, ForYears(5))
    first = entry_of(prior, notice(ChangeKind.CHANGED, new=new), DOCUMENT, AT)
    other = replace(first, notice_number="示密变〔2026〕4号")
    back = MarkingRestored(first.notice_number, first.document_id, "remark-1", AT)
    assert in_effect([first, other]) == (first, other)
    assert in_effect([first, other, back]) == (other,)
    assert in_effect([first, back, first]) == (first,)


def test_the_label_tells_what_holds_now_and_what_held() -> None:
    given = record(points=POINTS)
    mark = ShownMark("mark", 0, "机密★10年", 28.0, 47.227, 60.0, 5.644)
    facts = LabelFacts(
        identity=CopyIdentity("d" * 32, "m" * 32, "c" * 32),
        copy_number="000001",
        approval_digest="sm3:a",
        draft_sm3="b",
        content_digest="sm3:e",
        by_digest=True,
        templates={},
        marks=(mark,),
        program_version="0",
    )
    before = read_label(label_bytes(given, facts, {}))
    assert changed_by(before) == "" and len(points_left(before)) == 2
    prior = in_force(given)
    new = NewValues(SecrecyLevel.SECRET, ForYears(5))
    entry = entry_of(prior, notice(ChangeKind.CHANGED, new=new), DOCUMENT, AT)
    shown = (mark, ShownMark("mark:1", 0, "秘密★5年", 60.0, 47.227, 30.0, 5.644))
    written = changed_label(before, standing_after(given, [entry]), [entry], shown)
    label = read_label(written)
    told = facts_of(label)
    assert (told["国家秘密标志"], told["密级代码"], told["保密期限"]) == ("秘密★5年", "MM", "5年")
    assert told["变更"] == "变更 2026-12-01 示密变〔2026〕3号" and told["状态"] == "已变更"
    assert changed_by(label) == entry.notice_number
    assert label["document"] == before["document"]
    canonical = json.dumps(label, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert written == canonical.encode()
    assert label["marking"] == {
        **before["marking"],
        "text": "秘密★5年",
        "level": "秘密",
        "level_code": "MM",
        "period": label["marking"]["period"],
        "period_defaulted": False,
        "last_secret_day": entry.last_secret_day,
        "released_from": "2031-11-03",
    }
    assert [one["text"] for one in label["marks"]] == ["机密★10年", "秘密★5年"]
    assert label["changes"] == [
        {
            "notice": entry.notice_number,
            "kind": "变更",
            "day": "2026-12-01",
            "released": "",
            "from": "机密★10年",
        }
    ]
    part = entry_of(prior, notice(ChangeKind.PARTLY_RELEASED, items=("2",)), DOCUMENT, AT)
    left = read_label(changed_label(before, standing_after(given, [part]), [part], (mark,)))
    assert facts_of(left)["密点"] == "1（机密）"
    end = entry_of(prior, notice(ChangeKind.RELEASED_EARLY), DOCUMENT, AT)
    over = facts_of(read_label(changed_label(before, standing_after(given, [end]), [end], shown)))
    assert over["解密标志"].startswith("解密 2026年12月1日") and "国家秘密标志" not in over
    assert over["解密日"] == "2026-12-01" and "密点" not in over


def test_a_period_without_a_day_has_no_last_day_in_the_label() -> None:
    prior = in_force(record())
    new = NewValues(None, UntilCondition("会议开始前"))
    entry = entry_of(prior, notice(ChangeKind.CHANGED, new=new), DOCUMENT, AT)
    assert (entry.last_secret_day, entry.start_day) == ("", DAY.isoformat())


def test_who_signs_a_notice_and_what() -> None:
    filed = FiledNotice(notice(ChangeKind.CHANGED), (NoticeItem("1", "2", "3", "4"),))
    assert filed.items[0].names == ("2", "3", "1", "4")
    assert filed.signer_role(ORGAN) is Role.OFFICER
    assert filed.signer_role("示例市其他局") is Role.SECURITY
    told = json.loads(statement_bytes("a", "o", "sm3:1", "张示范", "k1", AT))
    assert told == {
        "statement": "a",
        "office_id": "o",
        "digest": "sm3:1",
        "signer": "张示范",
        "key_id": "k1",
        "at": AT,
    }
    assert batch_of("sm3:" + "ab" * 32) == "remark-" + "ab" * 8
