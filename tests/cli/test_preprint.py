"""`preprint` as it is called: the exit code says whether to print, the words say why not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from approval_kit import NUMBER, People, people, proposal, put_draft
from cli_kit import run
from dingmi_mark.cli import preprint
from dingmi_mark.errors import ExitCode


@pytest.fixture
def crew(tmp_path: Path) -> People:
    return people(tmp_path)


def marked(crew: People) -> Path:
    folder = crew.room.folder
    told = run(
        "mark", crew.room.drafts, "--office", crew.room.office.folder, "--out", folder / "出"
    )
    assert told.returncode == 0, told.stderr
    (file,) = (folder / "出").rglob("*.pdf")
    return file


def test_the_exit_code_lets_a_script_print_or_not(crew: People, tmp_path: Path) -> None:
    office = ("--office", crew.room.office.folder)
    draft = put_draft(crew.room)
    crew.approved(proposal(), draft)
    copy = tmp_path / "外带.pdf"
    shutil.copy(draft, copy)
    good = marked(crew)
    assert run("preprint", good, *office).returncode == ExitCode.OK
    refused = run("--lang", "zh", "preprint", good, copy, *office)
    assert refused.returncode == ExitCode.PRINT_REFUSED
    assert "可以打印" in refused.stdout and "不能打印" in refused.stderr
    assert NUMBER in refused.stderr and "秘密★" not in refused.stderr + refused.stdout


def test_a_held_job_says_what_to_do_next(crew: People, tmp_path: Path) -> None:
    clean = put_draft(crew.room, "简报.pdf")
    told = run("--lang", "zh", "preprint", clean, "--office", crew.room.office.folder)
    assert told.returncode == ExitCode.PRINT_HELD
    assert "暂缓打印" in told.stderr and "先办理审批、作标志" in told.stderr


def test_json_tells_the_digest_of_what_was_looked_at(crew: People) -> None:
    clean = put_draft(crew.room, "简报.pdf")
    told = run("preprint", clean, "--office", crew.room.office.folder, "--json", "--by", "王承办")
    (shown,) = json.loads(told.stdout)["result"]["files"]
    assert (shown["decision"], shown["reason"]) == ("hold", "unmarked")
    assert len(shown["sm3"]) == 64 and shown["error"]["code"] == ExitCode.PRINT_HELD


def test_without_an_office_nothing_is_let_through(tmp_path: Path) -> None:
    file = tmp_path / "简报.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    assert run("preprint", file, cwd=tmp_path).returncode == ExitCode.OFFICE_NOT_FOUND


def test_names_are_one_line(crew: People) -> None:
    clean = put_draft(crew.room, "简报.pdf")
    told = run("preprint", clean, "--office", crew.room.office.folder, "--by", "王\n承办")
    assert told.returncode == ExitCode.USAGE


@pytest.mark.parametrize("fault", [KeyError, OSError])
def test_a_user_without_a_name_is_no_obstacle(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def nobody() -> str:
        raise fault

    monkeypatch.setattr(preprint, "getuser", nobody)
    assert preprint.user() == ""
