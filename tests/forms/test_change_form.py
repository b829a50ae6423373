"""The form of a change, filled in and decided, becomes a notice; in doubt nothing does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dingmi_mark.domain.change import ChangeKind, ChangeRight, NewValues, RunsFrom, in_force
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import FormFaulty, OutputExists
from dingmi_mark.forms.change_form import read_change_form
from dingmi_mark.forms.definition import read_form
from dingmi_mark.forms.drawing import form_bytes
from dingmi_mark.forms.record_forms import change_approval
from dingmi_mark.pipeline.notice_forms import import_notice
from dingmi_mark.pipeline.notices import check_notice
from dingmi_mark.store.notices import read_notice
from forms_kit import places_of, typed
from office_kit import Room
from paper_kit import APPROVED, OWN, made, paper_room
from remark_kit import archive, without_processes

FILLED = {
    "变更的种类": "变更",
    "新密级": "秘密",
    "新保密期限": "5年",
    "新期限的起算日": "制发日",
    "新知悉范围": "示例市示范局办公室；示例市样例局",
    "变更解除理由": "样例：情况已经变化",
    "变更解除依据": "示例依据",
    "承办人签名": "王样例",
    "保密员意见": "同意",
    "审批决定": "同意",
    "定密责任人签名": "张示范",
    "审批日期": "2026年11月20日",
    "变更通知文号": "示密变〔2026〕3号",
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return paper_room(tmp_path_factory.mktemp("office"))


def form(folder: Path, room: Room, **values: str) -> Path:
    path = folder / "审批表.docx"
    path.write_bytes(made(room, "change-approval").content)
    return typed(path, **{**FILLED, **values})


def test_what_was_decided_becomes_the_notice(tmp_path: Path, room: Room) -> None:
    read = read_change_form(form(tmp_path, room), OWN)
    notice = read.filed.notice
    assert (notice.number, notice.kind) == ("示密变〔2026〕3号", ChangeKind.CHANGED)
    assert (notice.decided_by, notice.right) == (OWN, ChangeRight.ORIGINATOR)
    assert notice.day == date(2026, 11, 20) and notice.runs_from is RunsFrom.ISSUE
    scope = ("示例市示范局办公室", "示例市样例局")
    assert notice.new == NewValues(SecrecyLevel.SECRET, ForYears(5), scope)
    assert notice.reason == "样例：情况已经变化（依据：示例依据）"
    assert notice.proposed_by.name == "王样例"
    assert notice.officer is not None and notice.officer.name == "张示范"
    assert len(read.filed.items) == 1 and read.filed.items[0].names
    assert read.approval_number == APPROVED and read.left == ("保密员意见",)


def test_a_publication_has_its_day_and_a_partial_release_its_points(
    tmp_path: Path, room: Room
) -> None:
    nothing = {"新密级": "", "新保密期限": "", "新期限的起算日": "", "新知悉范围": ""}
    day = {"生效日期": "2026-12-01"}
    read = read_change_form(form(tmp_path, room, **nothing, **day, 变更的种类="公布解密"), OWN)
    assert read.filed.notice.published_on == date(2026, 12, 1)
    assert read.filed.notice.new == NewValues()
    points = {"变更的种类": "部分解密", "解除的密点": "密点1；密点2"}
    read = read_change_form(form(tmp_path, room, **nothing, **points), OWN)
    assert read.filed.notice.items == ("密点1", "密点2")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("变更的种类", "解密"),
        ("变更的种类", ""),
        ("新密级", "内部"),
        ("新保密期限", "好几年"),
        ("新期限的起算日", "明天"),
        ("审批决定", "退回"),
        ("审批决定", "纠正"),
        ("审批决定", ""),
        ("审批日期", "上周"),
        ("审批日期", ""),
        ("生效日期", "2027年1月1日"),
        ("定密责任人签名", ""),
        ("变更通知文号", ""),
    ],
)
def test_what_is_unclear_is_told_by_its_cell(
    tmp_path: Path, room: Room, field: str, value: str
) -> None:
    with pytest.raises(FormFaulty) as refused:
        read_change_form(form(tmp_path, room, **{field: value}), OWN)
    assert list(places_of(refused)) == [field]


def test_all_faults_are_told_at_once(tmp_path: Path, room: Room) -> None:
    wrong = {"变更的种类": "改", "新密级": "高", "审批日期": ""}
    with pytest.raises(FormFaulty) as refused:
        read_change_form(form(tmp_path, room, **wrong), OWN)
    assert refused.value.params["count"] == 3


def test_the_form_of_a_marked_paper_becomes_a_notice_that_checks(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        papers.mark("1号.pdf")
    (record,) = papers.records.values()
    path = tmp_path / "审批表.docx"
    path.write_bytes(form_bytes(read_form("change-approval"), change_approval(in_force(record))))
    typed(path, **FILLED)
    out = tmp_path / "通知.toml"
    with papers.desk() as desk:
        read = import_notice(path, out, desk)
        assert read.filed.items == (NoticeItem(document_number="示密〔2026〕1号.pdf"),)
        assert read_notice(out) == read.filed
        checked = check_notice(read.filed, desk)
        (one,) = checked.items
        assert one.trouble is None and one.document is not None
        with pytest.raises(OutputExists):
            import_notice(path, out, desk)
        typed(path, 定密审批编号="示密审〔2026〕99号")
        with pytest.raises(FormFaulty, match="approval"):
            import_notice(path, tmp_path / "二.toml", desk)
    assert not (tmp_path / "二.toml").exists()
