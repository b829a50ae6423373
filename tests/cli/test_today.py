"""`today` and `copies` as a secretary meets them."""

from __future__ import annotations

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

import cli_kit
from approval_kit import People, people, proposal, put_draft
from dingmi_mark.cli.words import command_line
from dingmi_mark.errors import ExitCode
from dingmi_mark.pipeline import clock
from office_kit import pdf


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


def run(crew: People, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    office = str(crew.room.office.folder)
    return cli_kit.run(*arguments, "--lang", "zh", cwd=crew.room.folder, DINGMI_OFFICE=office)


def test_the_whole_way_by_the_commands_it_names(crew: People) -> None:
    assert run(crew, "today").stdout == "今天没有要办的事。\n"
    draft = put_draft(crew.room)
    kept = crew.hand_in(proposal("示定审〔2026〕31号"), draft)
    made = run(crew, "mark", "--provisional", "drafts", "--out", "拟定")
    assert made.returncode == 0, made.stderr
    assert "拟定 机密 10年" in made.stdout and "★" not in made.stdout
    listed = run(crew, "today")
    assert listed.returncode == 0 and listed.stdout.splitlines() == [
        "要审核（1）",
        "  示定审〔2026〕31号  今天  待“保密员意见”",
        "      dingmi-mark approval review 示定审〔2026〕31号 --as 赵样例 --opinion 同意",
    ]
    assert "样例：关于示例事项的通知" in run(crew, "today", "--titles").stdout
    crew.decide(crew.opine(kept))
    last = run(crew, "today", "--role", "承办人").stdout.splitlines()[-1]
    program, *rest = last.split()
    assert program == "dingmi-mark"
    done = run(crew, *rest)
    assert done.returncode == 0, done.stderr
    assert (crew.room.folder / "已标" / "通知-000001.pdf").is_file()
    assert not list((crew.room.folder / "拟定").iterdir())
    assert "拟定标志的文件已删除" in done.stdout
    shown = run(crew, "copies", "list", "示定审〔2026〕31号").stdout.splitlines()
    assert shown[0].split()[:2] == ["000001", "未收回"]
    assert shown[1].split()[:2] == ["拟定-000001", "已删除"]
    back = ("copies", "return", "示定审〔2026〕31号", "000001", "--by", "赵样例", "--how", "收回")
    assert run(crew, *back).stdout.startswith("000001：收回")
    again = run(crew, *back)
    assert again.returncode == ExitCode.COPY_NOT_RETURNABLE and "已经登记过" in again.stderr


def test_a_day_that_has_not_come_is_refused(crew: People) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    refused = run(
        crew, "copies", "return", "1", "1", "--by", "赵", "--how", "收回", "--day", tomorrow
    )
    assert refused.returncode == ExitCode.USAGE and "还没有到" in refused.stderr


def test_an_unreadable_record_gives_its_code_to_whoever_looks(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room, content=pdf(pages=2)))
    broken = crew.room.office.approvals / "坏" / "0001.toml"
    broken.parent.mkdir()
    broken.write_text("schema = ", encoding="utf-8")
    whole = run(crew, "today", "--json")
    assert whole.returncode == ExitCode.APPROVAL_INVALID
    answer = json.loads(whole.stdout)
    assert [item["section"] for item in answer["result"]["items"]] == ["unreadable", "review"]
    assert "title" not in answer["result"]["items"][1]
    own = run(crew, "today", "--as", "张示范")
    assert own.returncode == ExitCode.APPROVAL_INVALID and "1 份记录无法读取" in own.stdout


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("示定审〔2026〕31号", "示定审〔2026〕31号"),
        ("示定审(2026)31号", "'示定审(2026)31号'"),
        ("a b", "'a b'"),
        ("it's", "'it'\\''s'"),
        ("", "''"),
        ("a;rm", "'a;rm'"),
    ],
)
def test_a_command_can_be_typed_as_it_stands(word: str, typed: str) -> None:
    assert command_line(("dingmi-mark", word)) == f"dingmi-mark {typed}"


def test_a_name_that_the_office_does_not_know_is_not_told_that_nothing_waits(crew: People) -> None:
    crew.hand_in(proposal(), put_draft(crew.room))
    mistyped = run(crew, "today", "--as", "赵样列")
    assert mistyped.returncode == ExitCode.PERSON_UNKNOWN
    assert "赵样例" in mistyped.stderr and mistyped.stdout == ""
    assert run(crew, "today", "--as", "赵样例").returncode == 0
    assert run(crew, "today", "--as", "新来的", "--role", "保密员").returncode == 0
