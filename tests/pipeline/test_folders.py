"""Drafts of folders: nothing is dropped in silence, nothing is taken twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dingmi_mark.errors import ApprovalUnreadable, SymlinkLoop, TwoDraftsOneName
from dingmi_mark.pipeline.folders import find_drafts
from dingmi_mark.pipeline.records import find_records, read_records


def put(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(folder: Path, **more: Path) -> list[str]:
    out = more.get("out", folder / "nowhere")
    return [d.relative.as_posix() for d in find_drafts([folder], without=[], out=out)]


def test_folders_are_searched_in_order_and_keep_their_tree(tmp_path: Path) -> None:
    for name in ("b.pdf", "a/c.docx", "a/d/e.png"):
        put(tmp_path / name)
    assert names(tmp_path) == ["a/c.docx", "a/d/e.png", "b.pdf"]


def test_what_systems_put_beside_documents_is_no_draft(tmp_path: Path) -> None:
    for name in ("Thumbs.db", ".hidden", "~$通知.docx", "desktop.ini", "通知.docx"):
        put(tmp_path / name)
    assert names(tmp_path) == ["通知.docx"]


def test_results_never_come_back_as_drafts(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    put(tmp_path / "out" / "a.pdf")
    assert names(tmp_path, out=tmp_path / "out") == ["a.pdf"]


def test_records_among_the_drafts_are_no_drafts(tmp_path: Path) -> None:
    put(tmp_path / "a.pdf")
    record = put(tmp_path / "a.toml")
    found = find_drafts([tmp_path], without=[record], out=tmp_path / "out")
    assert [draft.relative.name for draft in found] == ["a.pdf"]


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    put(tmp_path / "a.pdf")
    found = {
        d.relative.name: d.obstacle for d in find_drafts([tmp_path], without=[], out=tmp_path / "o")
    }
    assert found["a.pdf"] is None
    assert isinstance(found["loop"], SymlinkLoop)


@pytest.mark.parametrize("other", ["a.pdf", "A.PDF"])
def test_two_drafts_with_one_name_are_both_refused(tmp_path: Path, other: str) -> None:
    """Also where only a Windows share would confuse them."""
    put(tmp_path / "1" / "a.pdf")
    put(tmp_path / "2" / other)
    found = find_drafts([tmp_path / "1", tmp_path / "2"], without=[], out=tmp_path / "out")
    assert [type(draft.obstacle) for draft in found] == [TwoDraftsOneName, TwoDraftsOneName]


def test_one_draft_given_twice_is_one_draft(tmp_path: Path) -> None:
    path = put(tmp_path / "a.pdf")
    found = find_drafts([tmp_path, path], without=[], out=tmp_path / "out")
    assert [draft.obstacle for draft in found] == [None]


def test_names_in_any_encoding_are_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xc3\xdc.pdf")  # 密 in GB18030
    put(tmp_path / name)
    assert names(tmp_path) == [name]


def test_records_of_folders_by_their_endings(tmp_path: Path) -> None:
    for name in ("a.toml", "x/b.JSON", "c.txt", ".d.toml"):
        put(tmp_path / name)
    assert [p.relative_to(tmp_path).as_posix() for p in find_records([tmp_path])] == [
        "a.toml",
        "x/b.JSON",
    ]


def test_an_unreadable_record_stops_no_other(tmp_path: Path) -> None:
    bad = put(tmp_path / "a.toml", b"not = [toml")
    records, unreadable = read_records([bad, tmp_path / "missing.toml"])
    assert records == ()
    assert [(path.name, type(error)) for path, error in unreadable] == [
        ("a.toml", ApprovalUnreadable),
        ("missing.toml", ApprovalUnreadable),
    ]
