"""复制 that was approved holds as long as the mark of the paper lets it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.copying import CopyKind
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.errors import CopyingRefused
from dingmi_mark.forms.definition import read_form
from dingmi_mark.forms.values import text_of
from dingmi_mark.pipeline.copying import Copying, approve_copying, copies_allowed
from dingmi_mark.pipeline.form_making import FormDesk, filled_form
from dingmi_mark.pipeline.issuing import Asking
from dingmi_mark.pipeline.numbering import MarkedIds, numbers_left, take_numbers
from dingmi_mark.store.approval_tree import begin
from dingmi_mark.store.ledger import Ledger
from office_kit import NOW, Room, approved, new_room, only, pdf

TODAY = date(2026, 11, 2)
AT = NOW.isoformat()


@pytest.fixture
def paper(tmp_path: Path) -> tuple[Room, MarkedIds]:
    room = new_room(tmp_path)
    record = approved(pdf(), "通知.pdf", copies=1)
    room.put("通知.pdf", pdf())
    begin(room.office.approvals, record, None)
    room.approve("通知.pdf", record)
    verdict = only(room.mark())
    assert verdict.error is None
    (copy,) = verdict.copies
    return room, MarkedIds(record.number, copy.marking_id, copy.copy_id, copy.copy_number)


def raised(ids: MarkedIds, ledger: Ledger) -> MarkingChanged:
    known = ledger.marking(ids.marking_id, ids.copy_id)
    assert known is not None
    was = ("机密", "10年")
    return MarkingChanged(
        "示密变〔2026〕9号", ChangeKind.CHANGED.value, ids.approval_number,
        known.intended.document_id, ids.marking_id, *was, "绝密", "20年",
        "2026-11-02", "2046-11-02",
        ("示例市示范局办公室",), "", (), "2026-11-02", AT,
    )  # fmt: skip


def test_forms_say_what_holds_now(paper: tuple[Room, MarkedIds]) -> None:
    room, ids = paper
    number = ids.approval_number
    with room.ledger() as ledger:
        ledger.append(raised(ids, ledger))
    desk = FormDesk(room.office, TODAY, AT, room.ledger)

    def values(name: str) -> dict[str, str]:
        made = filled_form(read_form(name), number, {}, desk).filled.values
        return {key: text_of(value) for key, value in made.items()}

    change = values("change-approval")
    told = [change[name] for name in ("原标志", "原密级", "原保密期限", "原最后保密日")]
    assert told == ["绝密★20年", "绝密", "20年", "2046年11月2日"]
    assert values("copy-approval")["密级"] == "绝密"
    assert values("readers")["密级"] == "绝密"
    (row,) = (f for f in filled_form(read_form("copy-approval"), number, GRANTED, desk).findings)
    assert "绝密" in str(row.message)


GRANTED = {"申请份数": "2", "批准份数": "2", "批准人": "李示范"}


def asked(number: str, copies: int, consent: str = "") -> Copying:
    return Copying(number, CopyKind.COPY, copies, "李示范", consent, "赵样例", TODAY)


def test_what_was_approved_before_the_paper_became_绝密_counts_no_longer(
    paper: tuple[Room, MarkedIds],
) -> None:
    room, ids = paper
    number = ids.approval_number

    def allowed(ledger: Ledger) -> dict[CopyKind, tuple[int, ...]]:
        return dict(copies_allowed(number, room.office, ledger, TODAY))

    def left(ledger: Ledger) -> list[str]:
        return [str(each) for each in numbers_left(number, allowed(ledger), ledger)]

    with room.ledger() as ledger:
        assert allowed(ledger) == {}
        approve_copying(asked(number, 2), room.office, ledger, AT)
        assert allowed(ledger) == {CopyKind.COPY: (1, 2)}
        secret, asking = room.office.secret(), Asking("三楼", "王承办")
        taken = take_numbers(ids, 2, asking, allowed(ledger), secret, ledger)
        assert [one.issued.copy_number for one in taken] == ["000001", "复制-000001"]
        assert left(ledger) == ["复制: 1 of 2 approved copies are left."]

        ledger.append(raised(ids, ledger))
        assert allowed(ledger) == {}
        assert take_numbers(ids, 1, asking, allowed(ledger), secret, ledger) == ()
        first, second = left(ledger)
        assert first == "复制: 0 of 2 approved copies are left."
        assert second.startswith("复制: 2 of the approved copies may be made no longer")

        with pytest.raises(CopyingRefused):
            approve_copying(asked(number, 1), room.office, ledger, AT)
        approve_copying(asked(number, 1, "上示函〔2026〕7号"), room.office, ledger, AT)
        assert allowed(ledger) == {CopyKind.COPY: (3,)}
        (one,) = take_numbers(ids, 1, asking, allowed(ledger), secret, ledger)
        assert (one.issued.copy_number, one.number) == ("复制-000003", 3)
