"""The index of quotations on the disk: whole or as before, whatever happens to whoever writes."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from dingmi_mark.errors import OutputNotWritable, QuoteIndexDamaged
from dingmi_mark.store import quote_index
from dingmi_mark.store.quote_index import FOLDER, IndexedPoint, IndexedText, QuoteIndex
from quote_kit import SECRET, added, indexed_text


def ids(folder: Path) -> set[str]:
    return {each.approval_number for each in QuoteIndex(folder, SECRET).texts()}


def parts(folder: Path) -> list[Path]:
    return [each for each in (folder / FOLDER).iterdir() if len(each.name) == 16]


def test_what_was_added_is_there_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    index = QuoteIndex(tmp_path, SECRET)
    assert list(index.texts()) == []
    point = IndexedPoint("1", "机密", 3, 9)
    known, prints = indexed_text(1)
    known = IndexedText(**{**known.__dict__, "points": (point,), "draft_sm3": "00"})
    assert index.add([(known, prints)]) == 1
    assert list(QuoteIndex(tmp_path, SECRET).texts()) == [known]
    assert list(index.faults()) == []


def test_the_same_text_is_added_once(tmp_path: Path) -> None:
    index = QuoteIndex(tmp_path, SECRET)
    assert index.add([indexed_text(1), indexed_text(1), indexed_text(2)]) == 2
    assert index.add([indexed_text(2)]) == 0


def test_what_is_known_of_a_text_changes_and_its_fingerprints_stay(tmp_path: Path) -> None:
    added(tmp_path, range(20))
    index = QuoteIndex(tmp_path, SECRET)
    before = [np.array(one.shelf.sketch) for one in index.shelves()]
    text, prints = indexed_text(3)
    point = IndexedPoint("1", "秘密", 3, 9, partly=True)
    index.renew([replace(text, points=(point,), reading=1), replace(text, id="不在")])
    assert [each.points for each in index.texts() if each.points] == [(point,)]
    assert len(ids(tmp_path)) == 20 and len(parts(tmp_path)) == len(index.shelves())
    for old, one in zip(before, index.shelves(), strict=True):
        assert np.array_equal(old, one.shelf.sketch)
    assert index.has_sketch(text, prints.sketch)
    assert not index.has_sketch(text, indexed_text(4)[1].sketch)
    assert not index.has_sketch(replace(text, id="不在"), prints.sketch)
    index.renew([])
    assert len(ids(tmp_path)) == 20


def test_a_text_of_an_earlier_version_is_read_as_one_whose_points_are_to_be_placed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def as_before(text: IndexedText) -> bytes:
        line = {key: value for key, value in asdict(text).items() if key != "reading"}
        line["points"] = [{"id": "1", "level": "秘密", "start": 3, "end": 9}]
        return json.dumps(line, ensure_ascii=False).encode()

    monkeypatch.setattr(quote_index, "_line_of", as_before)
    added(tmp_path, range(1))
    (text,) = QuoteIndex(tmp_path, SECRET).texts()
    assert (text.reading, text.points) == (0, (IndexedPoint("1", "秘密", 3, 9),))


def test_many_small_additions_leave_few_parts(tmp_path: Path) -> None:
    added(tmp_path, range(40))
    assert len(ids(tmp_path)) == 40
    assert len(parts(tmp_path)) <= 7
    for shelf in QuoteIndex(tmp_path, SECRET).shelves():
        assert np.all(shelf.shelf.posted[:-1] <= shelf.shelf.posted[1:])


def test_two_processes_that_add_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    both = [
        context.Process(target=added, args=(tmp_path, range(first, first + 8))) for first in (0, 50)
    ]
    for process in both:
        process.start()
    for process in both:
        process.join()
        assert process.exitcode == 0
    assert len(ids(tmp_path)) == 16


def test_a_process_that_is_killed_leaves_the_index_whole(tmp_path: Path) -> None:
    added(tmp_path, range(3))
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=added, args=(tmp_path, range(100, 4000)))
    process.start()
    while len(ids(tmp_path)) < 6 and process.is_alive():
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    before = ids(tmp_path)
    assert len(before) >= 6
    added(tmp_path, range(5000, 5001))
    assert ids(tmp_path) == before | {"样例5000号"}
    left = {each.name for each in (tmp_path / FOLDER).iterdir()}
    listed = json.loads((tmp_path / FOLDER / "index.json").read_text("utf-8"))["shelves"]
    assert left == {*listed, "index.json", "lock"}


def test_the_list_is_replaced_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    added(tmp_path, range(2))

    def fails(*_: object) -> None:
        raise OutputNotWritable("样例", cause="样例")

    monkeypatch.setattr(quote_index, "replaced_text", fails)
    with pytest.raises(OutputNotWritable):
        added(tmp_path, range(2, 3))
    assert len(ids(tmp_path)) == 2


def test_a_reader_follows_when_parts_are_merged_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added(tmp_path, range(1))
    index = QuoteIndex(tmp_path, SECRET)
    listed = index._listed

    def late() -> list[str]:
        found = listed()
        monkeypatch.setattr(index, "_listed", listed)
        added(tmp_path, range(1, 2))
        return found

    monkeypatch.setattr(index, "_listed", late)
    assert sum(len(shelf.lines) for shelf in index.shelves()) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "index.json").write_text("{", encoding="utf-8"),
        lambda folder: (folder / "index.json").write_text("[]", encoding="utf-8"),
        lambda folder: part_of(folder).unlink(),
        lambda folder: part_of(folder).write_bytes(b""),
        lambda folder: part_of(folder).write_bytes(b"\x93NUMPY"),
        lambda folder: part_of(folder).write_bytes(part_of(folder).read_bytes()[:-8]),
        lambda folder: changed(part_of(folder), b'"texts": 1', b'"texts": 2'),
        lambda folder: changed(part_of(folder), b'"texts": 1', b'"texts":-1'),
        lambda folder: changed(part_of(folder), b'"texts": 1', b'"texts": x'),
        lambda folder: changed(part_of(folder), b'"sketch"', b'"sketck"'),
        lambda folder: changed(part_of(folder), b"}\n", b"{\n"),
        lambda folder: changed(part_of(folder), bytes(8), b"\1" + bytes(7)),
    ],
)
def test_a_damaged_index_is_told_and_can_be_cleared(tmp_path: Path, damage: object) -> None:
    added(tmp_path, range(1))
    damage(tmp_path / FOLDER)  # type: ignore[operator]
    index = QuoteIndex(tmp_path, SECRET)
    with pytest.raises(QuoteIndexDamaged):
        list(index.texts())
    index.clear()
    assert parts(tmp_path) == []
    added(tmp_path, range(1))
    assert len(ids(tmp_path)) == 1


def part_of(folder: Path) -> Path:
    return next(each for each in folder.iterdir() if len(each.name) == 16)


def changed(file: Path, old: bytes, new: bytes) -> None:
    content = file.read_bytes()
    assert old in content and len(old) == len(new)
    file.write_bytes(content.replace(old, new, 1))


def test_arrays_that_were_changed_are_told_where_they_are_read_whole(tmp_path: Path) -> None:
    added(tmp_path, range(1))
    (shelf,) = QuoteIndex(tmp_path, SECRET).shelves()
    posted = shelf.shelf.posted
    changed(part_of(tmp_path / FOLDER), posted.tobytes(), posted[::-1].tobytes())
    assert [str(fault) for fault in QuoteIndex(tmp_path, SECRET).faults()]


def test_another_office_secret_or_version_opens_nothing(tmp_path: Path) -> None:
    added(tmp_path, range(1))
    with pytest.raises(QuoteIndexDamaged, match="secret"):
        QuoteIndex(tmp_path, bytes(32)).shelves()
    file = tmp_path / FOLDER / "index.json"
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "format": 99}), "utf-8")
    with pytest.raises(QuoteIndexDamaged, match="version"):
        QuoteIndex(tmp_path, SECRET).shelves()


def test_parts_of_an_earlier_version_are_taken_away_when_it_is_made_anew(tmp_path: Path) -> None:
    added(tmp_path, range(1))
    old = tmp_path / FOLDER / "0123456789abcdef"
    old.mkdir()
    (old / "texts.jsonl").write_bytes(b"{}\n")
    QuoteIndex(tmp_path, SECRET).clear()
    assert not old.exists()
