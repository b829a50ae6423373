"""The office's approvals tree: every number has a folder of its own, and keeps the one it has."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from dingmi_mark.errors import RecordExists, RecordFolderTaken, RecordUnknown
from dingmi_mark.messages import say
from dingmi_mark.store.approval_tree import (
    all_records,
    begin,
    find_record,
    folder_of,
    last_version,
    versions_in,
)
from dingmi_mark.store.record_names import earlier_name, name_of, number_in
from record_kit import record

ALIKE = ("1/2", "1_2", "1 2", "1　2", "1:2", "1\\2", "1%2F2", "1~2", "1.2", ".12", "12.", "1?2")


def as_earlier(tree: Path, number: str) -> Path:
    """Put a record where earlier versions of the program put it."""
    kept = begin(tree, record(number=number), None)
    return kept.folder.rename(tree / earlier_name(number))


def test_numbers_that_differ_in_awkward_signs_have_folders_of_their_own(tmp_path: Path) -> None:
    for number in ALIKE:
        begin(tmp_path, record(number=number), None)
    assert {find_record(tmp_path, number).record.number for number in ALIKE} == set(ALIKE)
    assert len(list(tmp_path.iterdir())) == len(ALIKE)
    for one, other in combinations(ALIKE, 2):
        assert name_of(one) != name_of(other)


def test_an_ordinary_number_is_the_name_of_its_folder() -> None:
    assert name_of("示定审〔2026〕31号") == "示定审〔2026〕31号"


@given(st.text(st.sampled_from("密示12/_ %~.:〔\\?\t"), min_size=1, max_size=80))
def test_a_folder_tells_its_number_and_is_a_name_everywhere(number: str) -> None:
    name = name_of(number)
    assert not set('\\/:*?"<>| \t') & set(name) and name[0] != "." and name[-1] != "."
    assert len(name.encode()) <= 255
    assert number_in(name) == number or "~" in name


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_no_two_numbers_share_a_name(one: str, other: str) -> None:
    from unicodedata import normalize

    if normalize("NFC", one) != normalize("NFC", other):
        assert name_of(one) != name_of(other)


def test_long_numbers_that_begin_alike_are_kept_apart(tmp_path: Path) -> None:
    long, longer = "长" * 90, "长" * 91
    begin(tmp_path, record(number=long), None)
    begin(tmp_path, record(number=longer), None)
    assert find_record(tmp_path, longer).record.number == longer


def test_a_tree_of_an_earlier_version_stays_as_it_is(tmp_path: Path) -> None:
    folder = as_earlier(tmp_path, "示/1")
    assert folder.name == "示_1"
    assert folder_of(tmp_path, "示/1") == folder
    assert find_record(tmp_path, "示/1").folder == folder
    with pytest.raises(RecordExists):
        begin(tmp_path, record(number="示/1"), None)
    assert [kept.folder for kept in all_records(tmp_path) if not isinstance(kept, tuple)] == [
        folder
    ]


def test_a_folder_that_another_record_took_earlier_is_told_and_left_alone(tmp_path: Path) -> None:
    folder = as_earlier(tmp_path, "示/1")
    with pytest.raises(RecordUnknown):
        find_record(tmp_path, "示_1")
    with pytest.raises(RecordFolderTaken) as caught:
        begin(tmp_path, record(number="示_1"), None)
    assert caught.value.params["name"] == "示%2F1"
    assert versions_in(folder) == [1]
    folder.rename(tmp_path / "示%2F1")
    begin(tmp_path, record(number="示_1"), None)
    found = [last_version(folder_of(tmp_path, number)) for number in ("示/1", "示_1")]
    assert [kept.record.number for kept in found if kept] == ["示/1", "示_1"]


def test_a_number_typed_otherwise_is_answered_with_those_that_look_like_it(tmp_path: Path) -> None:
    begin(tmp_path, record(number="示定审〔2026〕31号"), None)
    with pytest.raises(RecordUnknown) as caught:
        find_record(tmp_path, "示定审[2026]31号")
    assert caught.value.params["near"] == say("similar are: {near}", near="示定审〔2026〕31号")
    with pytest.raises(RecordUnknown) as caught:
        find_record(tmp_path, "没有.toml")
    assert caught.value.params["near"] == say("nor a similar one")
