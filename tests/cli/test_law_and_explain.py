"""`law` and `explain` as a lawyer and a secretary would use them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from cli_kit import run
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import ExitCode
from forms_kit import written
from office_kit import AUTHORITY, QUOTE, Room, approved, new_room, pdf
from record_kit import record


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = new_room(tmp_path)
    (made.office.folder / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    return made


def law(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return run("--lang", "zh", "law", *arguments, cwd=cwd)


def explain(room: Room, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run("--lang", "zh", "explain", *arguments, "--office", room.office.folder)


def test_law_without_names_lists_every_rule_by_what_it_examines(tmp_path: Path) -> None:
    shown = law(cwd=tmp_path)
    assert shown.returncode == 0
    assert "【审批记录（作标志之前）】" in shown.stdout
    assert "  period-limit  保密期限不得超过本密级的最长期限（年）" in shown.stdout
    assert "方案 national" in shown.stdout


def test_law_shows_a_rule_with_rows_days_certainty_and_what_to_do(tmp_path: Path) -> None:
    shown = law("period-limit", "stand-in", "source-recorded", cwd=tmp_path).stdout
    assert "2024-05-01 — 现行  保守国家秘密法(2024)第二十条第二款  〔法律〕" in shown
    assert "秘密：10；机密：20；绝密：30" in shown
    assert "〔未核实〕" in shown and "〔试点手册〕" in shown
    assert "方案不能调整。" in shown and "方案设为：关闭。" in shown
    assert "怎么办：把期限缩短到…年以内" in shown


def test_law_of_a_day_shows_that_day_alone(tmp_path: Path) -> None:
    shown = law("period-limit", "--day", "2024-04-30", cwd=tmp_path).stdout
    assert "2010-10-01 — 2024-04-30" in shown and "2024-05-01" not in shown
    assert "列出 0 条" in law("points-duty", "--day", "2024-04-30", cwd=tmp_path).stdout


def test_law_is_searched_by_word_and_article(tmp_path: Path) -> None:
    assert "period-limit" in law("--search", "20条", cwd=tmp_path).stdout
    assert "列出 0 条" in law("--search", "没有这样的词", cwd=tmp_path).stdout


def test_a_word_in_place_of_a_name_finds_the_rules_that_have_it(tmp_path: Path) -> None:
    found = law("自行解密", cwd=tmp_path)
    assert found.returncode == 0 and "  period-over  " in found.stdout
    both = law("自行解密", "长期", cwd=tmp_path).stdout
    assert "release-long-term" in both and "period-over" not in both
    assert "怎么办：" in both, "few are shown whole"
    told = law("同一个编号再提交", cwd=tmp_path).stdout
    assert "  officer-approved  " in told, "what to do is searched too"
    assert "  period-limit  " in law("period-lim", cwd=tmp_path).stdout


def test_a_word_no_rule_has_is_said_with_the_names_near_it(tmp_path: Path) -> None:
    slip = law("perod-limit", cwd=tmp_path)
    assert slip.returncode == ExitCode.RULE_UNKNOWN and "period-limit" in slip.stderr
    nothing = law("没有这样的词", cwd=tmp_path)
    assert nothing.returncode == ExitCode.RULE_UNKNOWN and "相近的名称：无" in nothing.stderr


def test_law_shows_another_profile(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('title = "本单位"\n[switches]\nmonths = "提示"\n', encoding="utf-8")
    assert (
        "方案设为：须说明。" in law("stand-in", "--profile", "shaoguan-2011", cwd=tmp_path).stdout
    )
    assert "方案设为：提示。" in law("months", "--profile", "own.toml", cwd=tmp_path).stdout
    assert "方案可以调整；当前方案没有调整。" in law("months", cwd=tmp_path).stdout


def test_law_gives_json(tmp_path: Path) -> None:
    answer = json.loads(law("stand-in", "extension-whole", "--json", cwd=tmp_path).stdout)
    first, second = answer["result"]["rules"]
    assert (first["switch"], first["rows"][0]["until"]) == ("关闭", None)
    assert second["rows"][1]["values"] == {"redetermines": ["密级", "保密期限", "知悉范围"]}


def test_a_marked_file_is_explained_by_its_label_its_record_and_the_ledger(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    room.mark()
    (marked,) = room.out.glob("*.pdf")
    shown = explain(room, marked, "--approvals", room.approvals)
    assert shown.returncode == 0, shown.stderr
    for expected in (
        "文件自带的标签",
        "1. 审批",
        "2. 当日的定密权限",
        "10年，自 2026-11-02 起（当日不计入），到 2036-11-02 为止。",
        "结论：标志为 机密★10年。",
        "台账",
        "000001  完成",
    ):
        assert expected in shown.stdout
    alone = explain(room, marked)
    assert alone.returncode == 0
    assert "用 --approvals 指明所在文件夹" in alone.stdout and "1. 审批" not in alone.stdout


def test_another_record_of_the_same_number_is_told(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    room.mark()
    room.approve("通知.pdf", approved(content, "通知.pdf", period=ForYears(5)))
    (marked,) = room.out.glob("*.pdf")
    shown = explain(room, marked, "--approvals", room.approvals)
    assert "不是同一份（摘要不同）" in shown.stdout


def test_a_draft_is_explained_by_the_record_that_names_its_digest(room: Room) -> None:
    content = pdf()
    draft = room.put("通知.pdf", content, approved(content, "通知.pdf"))
    shown = explain(room, draft, "--approvals", room.approvals)
    assert "结论：标志为 机密★10年。" in shown.stdout
    assert explain(room, draft).returncode == ExitCode.CHECK_NOT_MARKED


def test_a_record_that_may_not_be_marked_is_explained_with_its_ways_out(room: Room) -> None:
    path = room.approve("a", record(level=SecrecyLevel.TOP_SECRET, period=ForYears(31)))
    shown = explain(room, path)
    assert shown.returncode == 0
    assert "结论：不得作★标志" in shown.stdout
    assert "怎么办：先行采取保密措施，并立即报请" in shown.stdout
    answer = json.loads(explain(room, path, "--json").stdout)["result"]
    assert answer["may_be_put"] is False
    assert {finding["rule"] for finding in answer["refused"]} >= {"period-limit", "organ-authority"}
    assert all(finding["next"] for finding in answer["refused"])


@pytest.mark.parametrize("ending", ["xlsx", "docx", "json"])
def test_a_record_is_explained_in_whatever_format(room: Room, ending: str) -> None:
    path = written(room.folder / f"记录.{ending}", record(number="示密审〔2026〕7号"))
    assert "审批记录 示密审〔2026〕7号" in explain(room, path).stdout
    several = written(room.folder / "多份.xlsx", record(number="1"), record(number="2", files=()))
    assert explain(room, several).returncode == ExitCode.APPROVAL_AMBIGUOUS


def test_a_number_of_the_office_is_explained(room: Room) -> None:
    given = record(number="示定审〔2026〕31号")
    folder = room.office.approvals / "示定审〔2026〕31号"
    folder.mkdir(parents=True)
    (folder / "0001.toml").write_bytes(room.approve("a", given).read_bytes())
    shown = explain(room, "示定审〔2026〕31号")
    assert "审批记录 示定审〔2026〕31号" in shown.stdout


def test_what_is_neither_file_nor_record_is_said(room: Room) -> None:
    shown = explain(room, "没有这个编号")
    assert shown.returncode == ExitCode.NOTHING_TO_EXPLAIN
    assert "没有这个编号的审批记录" in shown.stderr


def test_words_of_the_document_are_never_shown(room: Room) -> None:
    point = ClassifiedPoint("1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor(QUOTE))
    path = room.approve("a", record(points=(point,)))
    for more in ((), ("--json",)):
        shown = explain(room, path, *more)
        assert QUOTE not in shown.stdout + shown.stderr
        assert "1（机密）" in shown.stdout


def test_without_its_ledger_the_rest_is_still_explained(room: Room) -> None:
    path = room.approve("a", record())
    for file in (room.office.folder / "ledger").glob("*"):
        file.unlink()
    shown = explain(room, path)
    assert shown.returncode == 0
    assert "台账打不开" in shown.stderr and "结论：标志为 机密★10年。" in shown.stdout
