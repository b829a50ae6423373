"""Who got each copy, what was printed of it, and how it came back: one sheet a paper."""

from __future__ import annotations

from datetime import date

from dingmi_mark.domain.circulation import CopyActs, CopyCourse, courses, is_in_scope, sheet_rows
from dingmi_mark.domain.copies import RegisteredCopy, ReturnedHow
from dingmi_mark.domain.ledger_circulation import CopyReceived, DestructionWitnessed
from dingmi_mark.domain.ledger_printing import NumberIssued, NumberSettled, SheetSpoiled
from dingmi_mark.domain.ledger_provisional import CopyReturned, ProvisionalIntended
from dingmi_mark.domain.provisional import ProvisionalCopy, ProvisionalState
from dingmi_mark.domain.yearly import FIELDS, RowKind

NUMBER, FIRST, SECOND = "示密审〔2026〕31号", "000001", "000002"
# Late in the evening by Greenwich: the next day in the office.
AT = "2026-11-02T18:00:00+00:00"
EARLIER = "2026-10-20T01:00:00+00:00"


def copy(name: str = FIRST, how: str = "") -> RegisteredCopy:
    return RegisteredCopy(NUMBER, name, "示例市示范局", "出/1.pdf", None, how)


def received(who: str, *, in_scope: bool = True, name: str = FIRST) -> CopyReceived:
    return CopyReceived(NUMBER, name, who, "王承办", in_scope, "2026-11-03", AT)


def returned(how: ReturnedHow, day: str) -> CopyReturned:
    return CopyReturned(NUMBER, FIRST, how.value, "赵样例", day, AT)


def issued(print_id: str, at: str = AT) -> NumberIssued:
    return NumberIssued(NUMBER, "c-1", FIRST, print_id, "三楼", "王承办", at)


ALL = CopyActs(
    received=[received("示例市示范局办公室"), received("别家单位", in_scope=False)],
    returned=[
        returned(ReturnedHow.TAKEN_BACK, "2026-11-09"),
        returned(ReturnedHow.DESTROYED, "2026-11-10"),
    ],
    witnessed=[DestructionWitnessed(NUMBER, FIRST, "张示范", "2026-11-10", AT)],
    issued=[issued("a", EARLIER), issued("b", EARLIER), issued("c")],
    settled=[NumberSettled(NUMBER, "c-1", FIRST, "b", "void", AT)],
    spoiled=[SheetSpoiled(NUMBER, "c-1", FIRST, "赵样例", "2026-11-02", AT)],
)


def test_each_receipt_has_a_line_and_the_last_one_tells_of_the_copy() -> None:
    first, last = sheet_rows(courses([copy(how="销毁")], ALL))
    assert tuple(first) == tuple(last) == FIELDS[RowKind.COPIES]
    assert (first["receiver"], first["outside"], first["standing"]) == (
        "示例市示范局办公室",
        "",
        "",
    )
    assert (last["receiver"], last["outside"]) == ("别家单位", "不在知悉范围内")
    assert (last["printed"], last["printed_day"], last["spoiled"]) == (2, date(2026, 11, 3), 1)
    assert (last["back_day"], last["back_by"]) == (date(2026, 11, 9), "赵样例")
    assert (last["gone_day"], last["witness"]) == (date(2026, 11, 10), "张示范")
    assert last["standing"] == "销毁" and last["meant_for"] == "示例市示范局"


def test_acts_belong_to_their_copy_alone() -> None:
    _, _, other = sheet_rows(courses([copy(how="销毁"), copy(SECOND)], ALL))
    assert (other["copy"], other["standing"], other["receiver"]) == (SECOND, "待分发", "")
    assert (other["printed"], other["spoiled"], other["gone_day"], other["witness"]) == (
        0,
        0,
        "",
        "",
    )


def test_a_copy_that_was_given_out_is_out_until_it_comes_back() -> None:
    acts = CopyActs(received=[received("示例市示范局")])
    (row,) = sheet_rows(courses([copy()], acts))
    assert row["standing"] == "在外"


def test_what_came_back_still_exists_and_what_was_destroyed_or_is_void_does_not() -> None:
    ended = {how: CopyCourse(copy(how=how.value)).is_destroyed for how in ReturnedHow}
    assert ended == {
        ReturnedHow.TAKEN_BACK: False,
        ReturnedHow.DESTROYED: True,
        ReturnedHow.VOID: True,
    }
    assert not CopyCourse(copy()).is_destroyed


def test_provisional_copies_do_not_circulate() -> None:
    ids = (NUMBER, "sm3:1", "m", "c", "拟定-000001", "b", "r", "秘密", "1年", "2026-12-01")
    intended = ProvisionalIntended(*ids, "ab", "稿.pdf", ".tmp", "0.1.0", AT)
    provisional = ProvisionalCopy(1, intended, ProvisionalState.STANDING)
    assert courses([RegisteredCopy(NUMBER, "拟定-000001", provisional=provisional)], ALL) == ()


def test_a_receiver_is_in_scope_where_he_or_his_body_is_named() -> None:
    named = ("示例市示范局", "")
    assert is_in_scope("示例市示范局", named) and is_in_scope("示例市示范局办公室", named)
    assert not is_in_scope("示例市", named) and not is_in_scope("别家单位", named)
    assert not is_in_scope("别家单位", ())
