"""Drafts of folders: nothing is dropped in silence, nothing is taken twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dingmi_mark.errors import (
    ApprovalUnreadable,
    DraftLockFile,
    FileNotReadable,
    FormTooLarge,
    FormUnreadable,
    SymlinkLoop,
    TwoDraftsOneName,
)
from dingmi_mark.forms import records as in_files
from dingmi_mark.pipeline.folders import find_drafts
from dingmi_mark.pipeline.records import gather_records, read_file
from dingmi_mark.store.approvals import write_toml
from dingmi_mark.store.office import Limits
from forms_kit import changed_part, written
from office_kit import docx
from record_kit import record
from worker_kit import endless_with


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


@pytest.mark.parametrize("name", ["~$于“样例”的 通知.docx", ".~lock.样例表.ods#"])
def test_the_file_of_a_program_that_has_a_draft_open_is_said_to_be_one(
    tmp_path: Path, name: str
) -> None:
    """A shell's `*` gives it; a folder leaves it out."""
    lock, draft = put(tmp_path / name), put(tmp_path / "通知.docx")
    found = find_drafts([lock, draft], without=[], out=tmp_path / "out")
    assert [type(each.obstacle) for each in found] == [DraftLockFile, type(None)]
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
    told = [draft.obstacle.params["draft"] for draft in found if draft.obstacle is not None]
    assert told == [str(tmp_path / "2" / other), str(tmp_path / "1" / "a.pdf")]


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
    files = gather_records([tmp_path], Limits()).files
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [
        "a.toml",
        "x/b.JSON",
    ]


def test_an_unreadable_record_stops_no_other(tmp_path: Path) -> None:
    bad = put(tmp_path / "a.toml", b"not = [toml")
    found = gather_records([bad, tmp_path / "missing.toml"], Limits())
    assert found.records == ()
    assert [(path.name, type(error)) for path, error in found.unreadable] == [
        ("a.toml", ApprovalUnreadable),
        ("missing.toml", FileNotReadable),
    ]


# ── forms and tables ─────────────────────────────────────────────────────────────────────────


def test_forms_and_tables_of_a_folder_are_read_apart_and_drafts_are_left(tmp_path: Path) -> None:
    written(tmp_path / "a.docx", record(number="1"))
    written(tmp_path / "b.xlsx", record(number="2"), record(number="3", files=("另一.docx",)))
    put(tmp_path / "c.toml", write_toml(record(number="4")).encode())
    put(tmp_path / "草稿.docx", docx())
    put(tmp_path / "坏.xlsx", b"x")
    found = gather_records([tmp_path], Limits())
    assert [kept.record.number for kept in found.records] == ["1", "2", "3", "4"]
    assert [path.name for path in found.files] == ["a.docx", "b.xlsx", "c.toml", "坏.xlsx"]
    assert [(path.name, type(error)) for path, error in found.unreadable] == [
        ("坏.xlsx", FormUnreadable)
    ]


def test_a_form_that_takes_too_long_costs_its_time_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form made to do harm must not keep the program: the worker is stopped."""
    file = written(tmp_path / "a.docx", record())
    monkeypatch.setattr(in_files, "read_records", endless_with)
    with pytest.raises(FormTooLarge) as caught:
        read_file(file, Limits(memory_mb=600, seconds=1))
    assert caught.value.where == str(file)


def test_a_form_with_more_cells_than_any_is_refused_before_it_is_searched(tmp_path: Path) -> None:
    file = written(tmp_path / "a.docx", record())
    rows = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 7 + "</w:tr>"
    changed_part(file, lambda xml: xml.replace("</w:tbl>", rows * 3_000 + "</w:tbl>", 1))
    with pytest.raises(FormTooLarge) as caught:
        read_file(file, Limits())
    assert str(caught.value.params["limit"]) == "20000 cells"
