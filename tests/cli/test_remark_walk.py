"""A change as people walk it, in Chinese: notice, plan, two signatures, done, undone, given out."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from approval_kit import PASSPHRASE, REVIEWER, SECURITY
from dingmi_mark.domain.change import in_force
from dingmi_mark.forms.definition import read_form
from dingmi_mark.forms.drawing import form_bytes
from dingmi_mark.forms.record_forms import change_approval
from dingmi_mark.pipeline import clock
from forms_kit import typed
from legacy_kit import NUMBER as PAPER, RIGHT, archived, put
from record_kit import OFFICER
from remark_kit import Archive, archive, without_processes
from walk_kit import Desk

NUMBER = "示密变〔2026〕3号"
NEW = (
    *("notice", "new", "--number", NUMBER, "--kind", "变更", "--item", "示密〔2026〕1号.pdf"),
    *("--level", "秘密", "--period", "5年", "--runs-from", "制发日", "--drafter", "王样例"),
    *("--officer", OFFICER),
)


@pytest.fixture
def papers(tmp_path: Path) -> Archive:
    with pytest.MonkeyPatch.context() as patch, without_processes(patch):
        made = archive(tmp_path)
        made.mark("1号.pdf")
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n", encoding="utf-8")
    for name, hand in made.crew.hands.items():
        assert hand.key is not None
        shutil.copy(tmp_path / f"keys/{name}.pem", tmp_path / f"keys/{hand.key.key_id}.pem")
    return made


def test_a_mark_is_changed_taken_back_and_changed_for_good(papers: Archive) -> None:
    desk, file = Desk(papers.room.folder), papers.out / "1号-000001.pdf"
    before = file.read_bytes()
    with_records = ("--approvals", "approvals")
    desk.done(*NEW, "--out", "缺理由.toml")
    refused = desk.run("notice", "check", "缺理由.toml", *with_records)
    assert refused.returncode == 184 and "理由" in refused.stdout
    desk.done(*NEW, "--reason", "情况已经变化", "--out", "通知.xlsx")
    seen = desk.done("notice", "check", "通知.xlsx", *with_records)
    assert "机密★10年 → 秘密★5年" in seen and "notice sign" in seen
    signed = desk.signed("notice", "sign", "通知.xlsx", "--as", OFFICER, *with_records)
    assert f"已签署并登记：{NUMBER}" in signed
    assert f"remark {NUMBER} 文件夹 --plan 计划.json --approvals approvals" in signed

    told = desk.done("remark", NUMBER, "out", "--plan", "计划.json", *with_records)
    assert "正是通知所指的文件 1 个" in told and "什么也没有改" in told
    assert "--verify 计划.json --as 姓名 --approvals approvals" in told
    early = desk.run("remark", "--apply", "计划.json", *with_records)
    assert early.returncode == 188 and file.read_bytes() == before
    said = desk.signed("remark", "--verify", "计划.json", "--as", SECURITY, *with_records)
    assert "--verify 计划.json" in said and "--approvals approvals" in said
    assert "--apply" not in said, "one more has to sign it first"
    said = desk.signed("remark", "--verify", "计划.json", "--as", REVIEWER, *with_records)
    assert "remark --apply 计划.json --approvals approvals" in said
    done = desk.done("remark", "--apply", "计划.json", *with_records)
    assert "改标 1 个" in done
    batch = re.findall(r"remark-[0-9a-f]{16}", done)[0]
    assert "秘密★5年" in desk.done("check", "out")
    assert "变更" in desk.done("show", file)
    assert "原已改好 1 个" in desk.done("remark", "--apply", "计划.json", *with_records)

    assert "1 个文件已恢复" in desk.done("undo", batch)
    assert file.read_bytes() == before
    again = desk.done("remark", "--apply", "计划.json", "--json", *with_records)
    assert json.loads(again)["result"]["counts"]["changed"] == 1
    assert "已销毁" in desk.done("remark", "--distributed", batch, "--as", SECURITY)
    assert desk.run("undo", batch).returncode == 193


def test_who_verifies_without_the_records_hears_that_applying_needs_them(papers: Archive) -> None:
    desk, with_records = Desk(papers.room.folder), ("--approvals", "approvals")
    desk.done(*NEW, "--reason", "情况已经变化", "--out", "通知.toml")
    unknown = desk.run("notice", "check", "通知.toml")
    assert unknown.returncode == 183 and "--approvals" in unknown.stdout
    desk.signed("notice", "sign", "通知.toml", "--as", OFFICER, *with_records)
    desk.done("remark", NUMBER, "out", "--plan", "计划.json", *with_records)
    desk.signed("remark", "--verify", "计划.json", "--as", SECURITY)
    said = desk.signed("remark", "--verify", "计划.json", "--as", REVIEWER)
    assert "remark --apply 计划.json --approvals " in said
    assert desk.run("remark", "--apply", "计划.json").returncode == 183
    desk.done("remark", "--apply", "计划.json", *with_records)


def test_a_mark_of_others_is_struck_when_two_people_confirm_the_very_file(papers: Archive) -> None:
    desk = Desk(papers.room.folder)
    file = put(papers, archived(("机密 ★ 10年", RIGHT)))
    before = file.read_bytes()
    begun = (
        *("notice", "new", "--number", NUMBER, "--kind", "变更", "--item", PAPER, "--level"),
        *("秘密", "--period", "5年", "--runs-from", "制发日", "--drafter", "王样例", "--officer"),
        *(OFFICER, "--reason", "情况已经变化"),
    )
    desk.done(*begun, "--out", "不明.toml")
    unclear = desk.run("notice", "check", "不明.toml")
    assert unclear.returncode == 183
    assert desk.run(*begun, "--old-mark", "机密★10年", "--out", "缺日.toml").returncode == 2
    assert desk.run(*begun, "--old-mark", "机密", "--out", "缺期.toml").returncode == 2
    old = ("--old-mark", "机密★10年", "--issued", "2025-05-06")
    desk.done(*begun, *old, "--out", "通知.toml")
    assert "机密★10年 → 秘密★5年" in desk.done("notice", "check", "通知.toml")
    desk.signed("notice", "sign", "通知.toml", "--as", OFFICER)
    told = desk.done("remark", NUMBER, "out", "--plan", "计划.json")
    assert "由别人标的 1 个" in told and "“机密 ★ 10年”（1 右上角）" in told
    assert desk.run("remark", "--apply", "计划.json", "--confirm", file).returncode == 2

    desk.signed("remark", "--verify", "计划.json", "--as", SECURITY)
    half = desk.signed("remark", "--verify", "计划.json", "--as", REVIEWER, "--confirm", file)
    assert "没有经 2 个人确认" in half
    left = desk.done("remark", "--apply", "计划.json")
    assert "保持原样" in left and file.read_bytes() == before
    desk.signed("remark", "--verify", "计划.json", "--as", SECURITY, "--confirm", file)
    done = desk.done("remark", "--apply", "计划.json")
    assert "改标 1 个" in done and "保持原样" not in done
    seen = desk.done("check", file)
    assert "由别人标的（机密★10年）" in seen and "秘密★5年" in seen
    batch = re.findall(r"remark-[0-9a-f]{16}", done)[0]
    desk.done("undo", batch)
    assert file.read_bytes() == before


def test_steps_that_do_not_go_together_are_told(papers: Archive) -> None:
    desk = Desk(papers.room.folder)
    for words in (("out",), ("--apply", "a", "--verify", "b"), ("--verify", "a"), (NUMBER, "out")):
        assert desk.run("remark", *words).returncode == 2
    unknown = desk.run("remark", NUMBER, "out", "--plan", "计划.json")
    assert unknown.returncode == 182 and "没有登记过" in unknown.stderr


def test_those_who_hold_copies_are_told_and_other_organs_are_asked(papers: Archive) -> None:
    desk = Desk(papers.room.folder)
    with_records = ("--approvals", "approvals")
    desk.done(*NEW, "--reason", "情况已经变化", "--out", "通知.toml")
    desk.signed("notice", "sign", "通知.toml", "--as", OFFICER, *with_records)
    told = desk.run("notice", "letters", NUMBER, "--out", "通知书", *with_records)
    assert told.returncode == 231 and "没有写通知书" in told.stderr
    desk.done(
        *NEW, "--right", "其他", "--by", "示例市样例局", "--reason", "样例", "--out", "建.toml"
    )
    asked = desk.done("notice", "suggest", "建.toml", "--out", "建议函.docx", *with_records)
    assert "致示例市示范局的建议函" in asked and "标志保持原样" in asked
    refused = desk.run("notice", "suggest", "通知.toml", "--out", "二.docx", *with_records)
    assert refused.returncode == 230 and not (papers.room.folder / "二.docx").exists()


def test_what_is_released_gets_a_copy_without_marks_only_where_the_office_says_so(
    papers: Archive,
) -> None:
    desk, number = Desk(papers.room.folder), "示密解〔2026〕5号"
    with_records = ("--approvals", "approvals")
    made = ("--kind", "提前解密", "--item", "示密〔2026〕1号.pdf", "--reason", "样例")
    people = ("--drafter", "王样例", "--officer", OFFICER)
    desk.done("notice", "new", "--number", number, *made, *people, "--out", "解密.toml")
    desk.signed("notice", "sign", "解密.toml", "--as", OFFICER, *with_records)
    clean = ("remark", number, "out", "--clean", "解密件", *with_records)
    off = desk.run(*clean)
    assert off.returncode == 232 and "clean_copies" in off.stderr
    settings = papers.room.folder / "office/office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("clean_copies = false", "clean_copies = true"))
    early = desk.run(*clean)
    assert early.returncode == 233 and "变更前的标志" in early.stderr
    desk.done("remark", number, "out", "--plan", "计划.json", *with_records)
    for name in (SECURITY, REVIEWER):
        desk.signed("remark", "--verify", "计划.json", "--as", name, *with_records)
    desk.done("remark", "--apply", "计划.json", *with_records)
    assert "1 份无标志的解密件" in desk.done(*clean)
    assert "不是国家秘密" in desk.done("check", "解密件")


def test_a_filled_form_becomes_a_notice(papers: Archive) -> None:
    desk = Desk(papers.room.folder)
    (record,) = papers.records.values()
    form = papers.room.folder / "审批表.docx"
    form.write_bytes(form_bytes(read_form("change-approval"), change_approval(in_force(record))))
    empty = desk.run("notice", "import", form, "--out", "通知.toml")
    assert empty.returncode == 101 and "变更的种类" in empty.stderr and "审批决定" in empty.stderr
    assert not (papers.room.folder / "通知.toml").exists()
    typed(
        form,
        **{"变更的种类": "变更", "新密级": "秘密", "新保密期限": "5年", "新期限的起算日": "制发日"},
        **{"变更解除理由": "样例", "承办人签名": "王样例", "保密员意见": "同意"},
        **{"审批决定": "同意", "定密责任人签名": OFFICER},
        **{"审批日期": str(clock.today()), "变更通知文号": NUMBER},
    )
    told = desk.run("notice", "import", form, "--out", "通知.toml")
    assert told.returncode == 0 and "保密员意见" in told.stderr, told.stderr
    seen = desk.done("notice", "check", "通知.toml", "--approvals", "approvals")
    assert "机密★10年 → 秘密★5年" in seen and "notice sign" in seen
