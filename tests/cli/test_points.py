"""`points` as it is called: what the author named, compared with the record, and the template."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from cli_kit import run
from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import ExitCode
from dingmi_mark.store.approvals import write_toml
from office_kit import approved, new_room, picture

PASSAGE = "队伍沿示例一路开进"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    document = Document()
    document.add_paragraph("样例：关于示例演练的通知")
    document.add_paragraph(f"一、【密点 秘密】{PASSAGE}【密点完】。")
    path = tmp_path / "通知.docx"
    document.save(str(path))
    return path


def record_file(draft: Path, quote: str) -> Path:
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor(quote))
    record: ApprovalRecord = approved(draft.read_bytes(), draft.name, points=(point,))
    path = draft.parent / "通知.docx.toml"
    path.write_text(write_toml(record), encoding="utf-8")
    return path


def test_points_are_listed_with_their_words_and_place(draft: Path) -> None:
    told = run("--lang", "zh", "points", "list", draft)
    assert told.returncode == 0, told.stderr
    assert "秘密  括号  正文第2段" in told.stdout and PASSAGE in told.stdout


def test_they_are_compared_with_a_record(draft: Path, tmp_path: Path) -> None:
    room = new_room(tmp_path)
    words = ("points", "list", draft, "--office", room.office.folder, "--record")
    before = draft.read_bytes()
    same = run(*words, record_file(draft, PASSAGE))
    assert same.returncode == 0, same.stderr
    other = run("--lang", "zh", *words, record_file(draft, "样例：关于示例演练"))
    assert other.returncode == ExitCode.POINTS_DISAGREE
    assert "正文第2段" in other.stderr and "密点1" in other.stderr
    assert draft.read_bytes() == before


def test_the_record_of_another_draft_is_told_as_that_alone(draft: Path, tmp_path: Path) -> None:
    room = new_room(tmp_path)
    record = record_file(draft, "样例：关于示例演练")
    other = tmp_path / "别的通知.docx"
    document = Document(str(draft))
    document.add_paragraph("另一份")
    document.save(str(other))
    words = ("points", "list", "--office", room.office.folder, "--record", record)
    told = run(*words, other)
    assert told.returncode == ExitCode.POINTS_DISAGREE
    assert "is not about this draft" in told.stderr and "has none there" not in told.stderr
    (line,) = json.loads(run(*words, other, "--json").stdout)["result"]["disagreements"]
    assert "is not about this draft" in line
    other.replace(draft)
    edited = run(*words, draft)
    assert "is not about" not in edited.stderr and "has none there" in edited.stderr


def test_json_tells_the_same(draft: Path) -> None:
    told = run("points", "list", draft, "--json")
    result = json.loads(told.stdout)["result"]
    assert result["points"][0]["words"] == PASSAGE
    assert result["disagreements"] == []


def test_what_cannot_be_read_is_an_error_of_its_own(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("样例【密点 最高】甲【密点完】")
    path = tmp_path / "通知.docx"
    document.save(str(path))
    told = run("--lang", "zh", "points", "list", path)
    assert told.returncode == ExitCode.POINTS_DISAGREE
    assert "密点 最高" in told.stderr
    assert run("points", "list", path, "--json").returncode == ExitCode.POINTS_DISAGREE


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    told = run("--lang", "zh", "points", "list", tmp_path / "没有.docx")
    assert told.returncode == ExitCode.DRAFT_NOT_ACCESSIBLE and "没有这个文件" in told.stderr
    assert run("points", "list", tmp_path).returncode == ExitCode.DRAFT_NOT_ACCESSIBLE


def test_only_word_drafts_name_points(tmp_path: Path) -> None:
    path = tmp_path / "样例.png"
    path.write_bytes(picture())
    assert run("points", "list", path).returncode == ExitCode.DRAFT_UNSUPPORTED


def test_the_template_is_a_new_file_of_word(tmp_path: Path) -> None:
    path = tmp_path / "密点.dotx"
    assert run("points", "template", "--out", path).returncode == 0
    content = path.read_bytes()
    assert run("points", "template", "--out", path).returncode == ExitCode.OUTPUT_EXISTS
    assert path.read_bytes() == content
    assert run("points", "template", "--out", tmp_path / "密点.docx").returncode == ExitCode.USAGE


def test_who_hands_in_is_told_of_points_that_the_record_does_not_have(
    draft: Path, tmp_path: Path
) -> None:
    room = new_room(tmp_path)
    undecided = replace(
        approved(draft.read_bytes(), draft.name),
        decision=None,
        officer=None,
        review=None,
        security_review=None,
    )
    path = tmp_path / "拟办.toml"
    path.write_text(write_toml(undecided), encoding="utf-8")
    told = run("--lang", "zh", "approval", "submit", path, draft, "--office", room.office.folder)
    assert told.returncode == 0, told.stderr
    assert f"“{PASSAGE}”，记录里没有" in told.stdout + told.stderr
