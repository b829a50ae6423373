"""The next free number of a record: after all that the office knows, and it says what that is."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from dingmi_mark.pipeline.record_numbers import NextNumbers, next_numbers
from dingmi_mark.store.approval_tree import begin
from dingmi_mark.store.office import read_office
from office_kit import Room, approved, new_room, only, pdf
from record_kit import record

PATTERN = 'record_number = "示密审〔{年}〕{号}号"\n'


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = new_room(tmp_path)
    file = made.office.folder / "office.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[policies]\n", f"[policies]\n{PATTERN}"), encoding="utf-8")
    return Room(tmp_path, read_office(made.office.folder))


def numbers(room: Room, year: int = 2026) -> NextNumbers:
    with room.ledger() as ledger:
        return next_numbers(room.office, ledger, year)


def test_numbers_go_on_after_the_highest_record_of_the_year(room: Room) -> None:
    for number in ("示密审〔2026〕9号", "示密审〔2026〕10号", "示密审〔2025〕80号", "别的11号"):
        begin(room.office.approvals, record(number=number), None)
    found = numbers(room)
    assert list(islice(found.each(), 2)) == ["示密审〔2026〕11号", "示密审〔2026〕12号"]
    assert "示密审〔2026〕10号" in str(found.told) and "not handed in" in str(found.told)


def test_a_record_that_cannot_be_read_keeps_its_number(room: Room) -> None:
    begin(room.office.approvals, record(number="示密审〔2026〕7号"), None)
    (room.office.approvals / "示密审〔2026〕7号" / "0001.toml").write_text("schema =")
    assert next(numbers(room).each()) == "示密审〔2026〕8号"


def test_a_number_is_taken_that_only_the_ledger_knows(room: Room) -> None:
    """Records may lie anywhere; what was marked under a number is in the ledger."""
    content = pdf()
    made = approved(content, "通知.pdf")
    room.put("通知.pdf", content, made)
    assert only(room.mark()).error is None
    marked = int(made.number.removeprefix("示密审〔2026〕").removesuffix("号"))
    assert numbers(room).highest == marked


def test_the_first_number_says_that_none_is_known(room: Room) -> None:
    found = numbers(room)
    assert next(found.each()) == "示密审〔2026〕1号"
    assert str(found.told).startswith("No number of this pattern is known")


def test_an_office_without_pattern_numbers_nothing_and_says_so(tmp_path: Path) -> None:
    found = numbers(new_room(tmp_path))
    assert next(found.each()) == ""
    assert "no pattern" in str(found.told)
