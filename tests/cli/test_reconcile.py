"""`reconcile`: a tree of marked, altered, lost and hidden papers against the ledger."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pymupdf
import pytest

import cli_kit
import secrets_kit as kit
from dingmi_mark.errors import ExitCode
from office_kit import Room, approved, new_room, pdf


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    """An office that marked four papers, one of them in two copies, and then things happened."""
    room = new_room(tmp_path_factory.mktemp("office"))
    for pages, name in enumerate(("甲.pdf", "乙.pdf", "丙.pdf", "丁.pdf"), 1):
        content = pdf(pages=pages)
        room.put(name, content, approved(content, name, copies=2 if name == "甲.pdf" else 1))
    assert not any(verdict.error for verdict in room.mark().verdicts)
    out = room.out
    others = new_room(tmp_path_factory.mktemp("others"))
    content = pdf(pages=5)
    others.put("外.pdf", content, approved(content, "外.pdf"))
    others.mark()
    shutil.copy(next(others.out.glob("*.pdf")), out / "来自外单位.pdf")
    (out / "深" / "处").mkdir(parents=True)
    (out / "甲-000001.pdf").rename(out / "深" / "处" / "改了名.pdf")
    shutil.copy(room.drafts / "丁.pdf", out / ".藏着的.pdf")
    (out / "甲-000002.pdf").unlink()
    _append_page(next(out.glob("乙*.pdf")))
    _saved_anew(next(out.glob("丙*.pdf")))
    (out / "便条.pdf").write_bytes(pdf(pages=6))
    (out / "改了尾.dat").write_bytes((room.drafts / "丙.pdf").read_bytes())
    (out / "坏的.pdf").write_bytes(b"%PDF-1.7 broken")
    (out / "名单.txt").write_text("样例", encoding="utf-8")
    os.symlink(room.drafts, out / "链接")
    return room


def _append_page(file: Path) -> None:
    """Another wording: a line more on the page."""
    document = pymupdf.open(file)
    document[0].insert_text((90, 600), "fictional line added")
    content = document.tobytes()
    document.close()
    file.write_bytes(content)


def _saved_anew(file: Path) -> None:
    with pikepdf.open(file, allow_overwriting_input=True) as document:
        document.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def run(room: Room, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return cli_kit.run(
        *words, "--lang", "zh", cwd=room.folder, DINGMI_OFFICE=str(room.office.folder)
    )


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_file_gets_one_verdict_and_nothing_is_changed(room: Room, tmp_path: Path) -> None:
    before = digests(room.folder / "out")
    table = tmp_path / "核对.csv"
    result = run(room, "reconcile", "out", "--json", "--out", table)
    assert result.returncode == ExitCode.TREE_DIFFERS
    files = json.loads(result.stdout)["result"]["files"]
    told = {Path(one["file"]).name: one["standing"] for one in files}
    assert len(told) == len(files)
    assert told == {
        "改了名.pdf": "agrees",
        next(room.out.glob("丙*.pdf")).name: "agrees",
        next(room.out.glob("丁*.pdf")).name: "agrees",
        next(room.out.glob("乙*.pdf")).name: "altered",
        "来自外单位.pdf": "not-registered",
        ".藏着的.pdf": "unmarked-copy",
        "改了尾.dat": "unmarked-copy",
        "甲-000002.pdf": "missing",
        "便条.pdf": "unmarked",
        "坏的.pdf": "unreadable",
        "名单.txt": "other-kind",
        "链接": "unreadable",
    }
    lines = list(csv.reader(table.open(encoding="utf-8-sig", newline="")))
    assert len(lines) == len(files) + 1 and ["未标志的涉密副本"] in [line[:1] for line in lines]
    assert digests(room.folder / "out") == before


def test_the_screen_tells_what_differs_and_how_many_agree(room: Room) -> None:
    result = run(room, "reconcile", "out", "--mixed")
    assert result.returncode == ExitCode.TREE_DIFFERS and "错误 202" in result.stderr
    assert "[未标志的涉密副本] out/.藏着的.pdf" in result.stdout
    assert "[台账有而找不到]" in result.stdout and "000002" in result.stdout
    assert "[未标志] out/便条.pdf" not in result.stdout and "改了名" not in result.stdout
    assert "与台账相符：3" in result.stdout


def test_a_copy_that_came_back_is_not_missed_and_a_whole_tree_is_good(room: Room) -> None:
    with room.ledger() as ledger:
        number = next(c.approval_number for c in ledger.marked_copies() if c.copy_number[-1] == "2")
    whole = room.out / "深"
    good = run(room, "reconcile", whole)
    assert good.returncode == 0 and "与台账相符：1" in good.stdout and good.stderr == ""
    back = ("copies", "return", number, "000002", "--by", "赵样例", "--how", "销毁")
    assert run(room, *back).returncode == 0
    assert "台账有而找不到" not in run(room, "reconcile", "out").stdout


def test_a_folder_that_is_not_there_is_told(room: Room) -> None:
    result = run(room, "reconcile", "没有的文件夹")
    assert result.returncode == ExitCode.TREE_DIFFERS and "[无法读取]" in result.stdout


def test_a_file_that_still_bears_the_mark_of_before_a_change_is_wrongly_marked(room: Room) -> None:
    with room.ledger() as ledger:
        one = next(c for c in ledger.marked_copies() if c.copy_number.endswith("2"))
        ids = {"document_id": one.document_id, "marking_id": one.marking_id}
        ledger.append(kit.changed("1", "2026-11-03", level="秘密", period="5年", **ids))
    result = run(room, "reconcile", "out/深", "--json")
    (found,) = json.loads(result.stdout)["result"]["files"]
    assert (found["standing"], result.returncode) == ("wrongly-marked", ExitCode.TREE_DIFFERS)


def test_what_the_program_keeps_for_itself_is_no_paper_to_compare(room: Room) -> None:
    result = run(room, "reconcile", "office", "--json")
    files = {one["file"] for one in json.loads(result.stdout)["result"]["files"]}
    assert not [name for name in files if "/ledger" in name or "/secret" in name]
    assert [name for name in files if name.endswith("office.toml")]
