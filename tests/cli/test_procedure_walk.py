"""The handbook's procedure as people walk it: three keys, a form filled in LibreOffice, one mark.

Everything is done by commands, in Chinese, as docs/procedure.md tells them; what each person
sees on the way (`today`) leads to the next step.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dingmi_mark.pipeline import clock
from forms_kit import saved_again, typed
from office_kit import AUTHORITY, docx
from walk_kit import Desk, with_basis

NUMBER = "示密审〔2026〕1号"
PEOPLE = {"赵样例": "保密员", "王样例": "承办人", "张示范": "定密责任人"}


def filled_in(form: Path) -> Path:
    """Fill a form in as the drafter does, and save it in LibreOffice."""

    day = clock.today()
    typed(
        form,
        审批编号=NUMBER,
        定密类型="原始定密",
        标题="样例：关于示例江堤防洪演练的通知",
        制发日=f"{day.year}年{day.month}月{day.day}日",
        份数="１",
        拟办密级="机密",
        拟办保密期限="10年",
        拟办知悉范围="示例市示范局办公室",
        承办人="王样例",
    )
    with_basis(form)
    return saved_again(form, "docx")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "passphrase").write_text("样例口令-示例-2026\n", encoding="utf-8")
    desk = Desk(tmp_path)
    desk.done("init", tmp_path / "office", "--name", "示例市示范局", "--kind", "设区的市级")
    (tmp_path / "office" / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    (tmp_path / "通知.docx").write_bytes(docx())
    return desk


def enrol(desk: Desk) -> None:
    """Everybody makes a key; the security officer confirms the others'."""
    for name, role in PEOPLE.items():
        told = desk.signed("key", "new", name, "--role", role)
        found = re.search(r"编号 ([0-9a-f]{16})", told)
        assert found is not None
        if role != "保密员":
            desk.signed("key", "confirm", found[1], "--as", "赵样例")


def test_three_people_bring_a_draft_to_its_mark(desk: Desk) -> None:
    enrol(desk)
    desk.done("approval", "new", "通知.docx", "--out", "审批表.docx")
    form = filled_in(desk.folder / "审批表.docx")
    desk.signed("approval", "submit", form, "通知.docx")
    assert "approval review" in desk.done("today", "--role", "保密员")
    refused = desk.run("mark", "通知.docx", "--out", "已标")
    assert refused.returncode != 0 and not (desk.folder / "已标").exists()

    seen = desk.signed("approval", "review", NUMBER, "--as", "赵样例", "--opinion", "同意")
    assert "下一步：审批" in seen
    assert NUMBER in desk.done("today", "--role", "定密责任人")
    desk.signed(
        "approval", "review", NUMBER, "--as", "张示范",
        "--decision", "纠正", "--period", "5年", "--opinion", "期限过长",
    )  # fmt: skip
    assert "dingmi-mark mark" in desk.done("today", "--role", "承办人")

    assert "已标志 1 份" in desk.done("mark", "通知.docx", "--out", "已标")
    (marked,) = (desk.folder / "已标").glob("*.docx")
    checked = desk.done("check", marked)
    assert "机密★5年" in checked
    told = desk.done("explain", marked)
    assert "机密★5年" in told and "第二十条" in told
    assert NUMBER not in desk.done("today")


def test_a_returned_draft_comes_back_and_the_officer_agrees_to_the_next_one(desk: Desk) -> None:
    enrol(desk)
    desk.done("approval", "new", "通知.docx", "--out", "审批表.docx")
    form = filled_in(desk.folder / "审批表.docx")
    desk.signed("approval", "submit", form, "通知.docx")
    desk.signed("approval", "review", NUMBER, "--as", "赵样例", "--opinion", "同意")
    desk.signed(
        "approval",
        "review",
        NUMBER,
        "--as",
        "张示范",
        "--decision",
        "退回",
        "--opinion",
        "依据不对",
    )
    refused = desk.run("mark", "通知.docx", "--out", "已标")
    assert refused.returncode != 0
    assert NUMBER in desk.done("today", "--role", "承办人")
    desk.signed("approval", "submit", form, "通知.docx")
    desk.signed("approval", "review", NUMBER, "--as", "赵样例", "--opinion", "同意")
    desk.signed("approval", "review", NUMBER, "--as", "张示范", "--decision", "同意")
    assert "已标志 1 份" in desk.done("mark", "通知.docx", "--out", "已标")
