"""Page headers as text with codes: our words go in at the top left and come out exactly."""

from __future__ import annotations

import pytest

from dingmi_mark.engine.shapes import Block, Box, Colour, Rule, TextRun
from dingmi_mark.formats.sheets.header import (
    lines_pt,
    text_of,
    with_words,
    without_words,
    words_of,
)
from dingmi_mark.store.fonts import OfficeFaces

FACES = OfficeFaces({})
BOX = Box(10, 10, 30, 6)


def run(text: str, colour: Colour | None = None) -> TextRun:
    return TextRun(text, BOX, 15, "heiti", 16, colour or Colour())


WORDS = words_of(
    [
        Block("stamp", BOX, (run("戳记"),)),
        Block("mark", BOX.moved(20, 0), (run("机密★10年"),)),
        Block("copy_number", BOX, (run("000017"),)),
    ],
    FACES,
    1.0,
)


def test_words_stand_in_their_order_with_their_look() -> None:
    assert WORDS.plain == "000017　机密★10年"
    assert WORDS.coded == '&16&"黑体,Regular"000017　&16&"黑体,Regular"机密★10年'


def test_a_struck_word_is_between_its_codes_and_colours_are_told() -> None:
    red = Block("mark", BOX, (run("机密&★", Colour(200, 0, 0)), Rule(1, 1, 9, 1, 1, Colour())))
    words = words_of([red], FACES, 0.5)
    assert words.coded == '&32&KC80000&"黑体,Regular"&S机密&&★&S'
    assert words.plain == "机密&★"
    assert without_words(with_words("&L旧", words, 11), words.plain) == "&L旧"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "&C样例",
        "&R第&P页",
        "&L样例&C中&R右",
        "&C中&L左&R右",
        '&L&"宋体,Bold"&12样例 && 乙&R&D',
        "&L2026年&C&A",
        "&L第一行\n第二行",
        '&C&"L&L,Regular"中',
    ],
)
def test_what_the_header_showed_before_stays_and_comes_back(header: str) -> None:
    marked = with_words(header, WORDS, 11)
    assert f"&L{WORDS.plain}" in text_of(marked)
    for said in text_of(header).replace("&L", "\x1e").replace("&C", "\x1e").split("\x1e"):
        assert said in text_of(marked)
    assert without_words(marked, WORDS.plain) == header


@pytest.mark.parametrize("header", ["样例", '&"宋体,Bold"&12样例', "第&P页&R右", "样例 && 乙&&"])
def test_what_names_no_part_stays_in_the_middle_as_it_was_written(header: str) -> None:
    marked = with_words(header, WORDS, 11)
    assert text_of(marked).startswith(text_of(header).removesuffix("&R右"))
    assert f"&L{WORDS.plain}" in text_of(marked)
    assert without_words(marked, WORDS.plain) == header


def test_an_ampersand_left_open_takes_no_code_of_ours_in() -> None:
    assert with_words("样例&", WORDS, 11) == f"&L{WORDS.coded}&C样例&"


@pytest.mark.parametrize(
    "header", ["", "&C000017　机密★10年", "&L000017", "&L000017　机密★10年以内"]
)
def test_other_words_are_not_ours(header: str) -> None:
    assert without_words(header, WORDS.plain) is None


def test_words_written_otherwise_by_another_program_are_known() -> None:
    header = '&L&"SimHei"&16&K000000000017&"SimHei"　机密★10年\n&11样例&C中'
    assert without_words(header, WORDS.plain) == "&L&11样例&C中"


def test_a_space_between_a_size_and_a_figure_is_no_word() -> None:
    assert text_of("&L&16 000017&11 样例") == "&L000017 样例"
    assert without_words('&L&"黑体,Regular"&16 000017　机密★10年', WORDS.plain) == ""


def test_the_height_of_a_header_is_that_of_its_tallest_part() -> None:
    assert lines_pt("&L样例&C&20题", 11) == 20
    assert lines_pt("&L&16一\n&11二\n三&C中", 11) == 38
    assert lines_pt(with_words("&L样例", WORDS, 11), 11) == 27
