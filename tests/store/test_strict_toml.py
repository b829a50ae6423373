"""The strict reader: every fault at once with its place; defaults only where nothing stands."""

from __future__ import annotations

import re
from datetime import date
from enum import Enum
from pathlib import Path

import pytest

from dingmi_mark.store.strict_toml import Table, by_value, path_from, read_table
from dingmi_mark.store.toml_text import Faulty, parse_toml


class Colour(Enum):
    RED = "红"
    BLACK = "黑"


COLOURS = by_value(Colour)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("number = “一号”", r"column 10: the Chinese “ stands where TOML wants \""),
        ('a = 1\r\nnumber ＝ "一号"', r"line 2, column 8: the Chinese ＝ .* wants ="),
        ('files = ["一.pdf"，"二.pdf"]', r"the Chinese ， .* wants ,"),
        ('number = "一号”\na = 1', r"line 1, column 14: the Chinese ” "),
        ('title = "“样例”的通知\n', "is not valid TOML"),
        ("a = \n", "column 5 is not valid TOML"),
    ],
)
def test_chinese_punctuation_in_place_of_what_toml_wants_is_named(text: str, told: str) -> None:
    with pytest.raises(Faulty) as caught:
        parse_toml(text)
    assert re.search(told, str(caught.value.faults[0].expected))


def table(text: str) -> Table:
    return Table(parse_toml(text))


def faults_of(found: Table) -> list[str]:
    with pytest.raises(Faulty) as caught:
        found.finish()
    return [str(fault) for fault in caught.value.faults]


def test_every_getter_gives_what_stands_there() -> None:
    top = table(
        'text = "甲"\nempty = ""\ninteger = 3\nnumber = 1\nflag = true\nday = 2026-01-10\n'
        'choice = "黑"\nwords = ["甲", "乙"]\nchoices = ["红", "黑"]\nnumbers = [1, 2.5]\n'
        "[table]\nx = 1\n[[tables]]\ny = 1\n[[tables]]\ny = 2\n"
    )
    assert top.names()[:2] == ("text", "empty")
    assert top.has("text") and not top.has("nothing")
    assert top.text("text") == "甲" and top.text("empty", "乙") == ""
    assert top.integer("integer") == 3
    number = top.number("number")
    assert number == 1.0 and isinstance(number, float)
    assert top.flag("flag") is True
    assert top.day("day") == date(2026, 1, 10)
    assert top.choice("choice", COLOURS) is Colour.BLACK
    assert top.words("words") == ("甲", "乙")
    assert top.choices("choices", COLOURS) == (Colour.RED, Colour.BLACK)
    assert top.numbers("numbers", count=2) == (1.0, 2.5)
    assert top.table("table").integer("x") == 1
    assert [entry.integer("y") for entry in top.tables("tables")] == [1, 2]
    top.finish()


def test_a_default_is_given_only_where_nothing_stands() -> None:
    top = table("")
    assert top.text("a", "甲") == "甲" and top.text("b", None) is None
    assert top.integer("c", 5) == 5 and top.number("d", None) is None
    assert top.flag("e", False) is False and top.day("f", None) is None
    assert top.choice("g", COLOURS, Colour.BLACK) is Colour.BLACK
    assert top.words("h", ()) == () and top.choices("i", COLOURS, None) is None
    assert top.numbers("j", None, count=4) is None
    assert top.table("k").text("x", "y") == "y" and top.tables("l") == ()
    top.finish()


def test_what_is_missing_is_told_once_each() -> None:
    top = table("")
    top.text("a")
    top.integer("b", least=1)
    top.number("c")
    top.flag("d")
    top.day("e")
    assert top.choice("f", COLOURS) is Colour.RED
    top.words("g")
    top.choices("h", COLOURS)
    assert top.numbers("i", count=2) == (0.0, 0.0)
    top.table("j", required=True)
    top.tables("k", least=1)
    found = faults_of(top)
    assert found[:9] == [f"{key}: this key is missing" for key in "abcdefghi"]
    assert found[9:] == ["j: this table is missing", "k: at least one is needed: [[k]]"]


@pytest.mark.parametrize(
    ("getter", "value", "fault"),
    [
        ("text", "1", "x: a text in quotation marks is expected"),
        ("text", '" "', "x: a text that is not empty is expected"),
        (
            "text",
            '"a\\nb"',
            "x: one line of text without invisible characters is expected, not U+000A",
        ),
        ("integer", "1.0", "x: a whole number without quotation marks is expected"),
        ("integer", "true", "x: a whole number without quotation marks is expected"),
        ("integer", "-1", "x: a number from 0 to 1000000000 is expected"),
        ("number", '"1"', "x: a number without quotation marks is expected"),
        ("number", "nan", "x: a number without quotation marks is expected"),
        ("number", "true", "x: a number without quotation marks is expected"),
        ("number", "1e300", "x: a number from -1000000000.0 to 1000000000.0 is expected"),
        ("flag", "1", "x: true or false is expected"),
        (
            "day",
            '"2026-01-10"',
            "x: a date such as 2026-01-10 is expected, without quotation marks",
        ),
        (
            "day",
            "2026-01-10T00:00:00",
            "x: a date such as 2026-01-10 is expected, without quotation marks",
        ),
        ("words", '"甲"', "x: a list in [ ] is expected"),
        ("words", '["甲", ""]', "x[2]: a text that is not empty is expected"),
        ("tables", "1", "x: a list of tables is expected: [[x]]"),
        ("tables", "[1]", "x[1]: a table is expected"),
        ("table", "1", "x: a table is expected"),
    ],
)
def test_what_is_wrong_is_told_with_what_is_expected(getter: str, value: str, fault: str) -> None:
    top = table(f"x = {value}")
    getattr(top, getter)("x")
    assert faults_of(top) == [fault]


def test_a_wrong_value_is_never_replaced_by_the_default_in_silence() -> None:
    top = table('a = 1\nb = "绿"\nc = ["绿"]\nd = [1]\ne = [1, "2"]\nf = 1')
    assert top.text("a", "甲") == "甲"
    assert top.choice("b", COLOURS, Colour.BLACK) is Colour.BLACK
    assert top.choices("c", COLOURS, ()) == ()
    assert top.numbers("d", count=2) == (0.0, 0.0)
    assert top.numbers("e", count=2) == (0.0, 0.0)
    assert top.text("f", None) == ""
    assert faults_of(top) == [
        "a: a text in quotation marks is expected",
        "b: one of 红、黑 is expected",
        "c[1]: one of 红、黑 is expected",
        "d: a list of 2 numbers is expected",
        "e[2]: a number without quotation marks is expected",
        "f: a text in quotation marks is expected",
    ]


def test_places_are_paths_that_count_from_one() -> None:
    top = table("[[slot]]\nsize_pt = 1\n[[slot]]\nsize_pt = 'x'\n[slot.font]\nroel = 1")
    for slot in top.tables("slot"):
        slot.number("size_pt")
        slot.table("font").text("role", "heiti")
    assert faults_of(top) == [
        "slot[2].size_pt: a number without quotation marks is expected",
        "slot[2].font.roel: there is no such key; did you mean role?",
    ]


def test_a_fault_of_the_callers_own_stands_beside_the_others() -> None:
    top = table("zzz = 1\n[a]\nb = 1")
    inner = top.table("a")
    inner.integer("b")
    from dingmi_mark.messages import say

    inner.fault("b", say("own"))
    inner.fault("", say("whole"))
    assert faults_of(top) == [
        "a.b: own",
        "a: whole",
        "zzz: there is no such key; known are a",
    ]


def test_a_file_is_read_with_or_without_bom(tmp_path: Path) -> None:
    file = tmp_path / "甲.toml"
    for encoding in ("utf-8", "utf-8-sig"):
        file.write_text('x = "甲"', encoding=encoding)
        assert read_table(file).text("x") == "甲"
    with pytest.raises(Faulty) as caught:
        read_table(tmp_path / "乙.toml")
    assert [str(fault) for fault in caught.value.faults] == ["there is no such file"]


def test_what_the_system_refuses_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "甲.toml"
    file.touch()
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Faulty) as caught:
        read_table(file)
    assert str(caught.value.faults[0]) == "the file cannot be opened: Permission denied"


def test_a_path_in_a_file_is_relative_to_its_folder(tmp_path: Path) -> None:
    assert path_from("fonts/a.ttf", tmp_path) == tmp_path / "fonts" / "a.ttf"
    assert path_from("/fonts/a.ttf", tmp_path) == Path("/fonts/a.ttf")
