"""A mark of others in a header is struck by the header's code, and comes out letter by letter."""

from __future__ import annotations

import pytest

from dingmi_mark.formats.sheets.header import lengthened, text_of
from dingmi_mark.formats.sheets.struck import (
    FILLED_IN,
    StruckHead,
    is_struck,
    lines_of,
    rows_of,
    shows_line,
    size_of,
    struck_header,
    without_struck,
)

OLD = "机密★10年"
LINE, NEXT = "变更 2026年11月30日 示密变〔2026〕3号", "提前解密 2026年12月1日 示密&解〔2026〕5号"
CHANGED = StruckHead(OLD, ("秘密★5年",), (LINE,))
AGAIN = StruckHead(OLD, ("秘密★5年", "解密"), (LINE, NEXT))
SCOPE = StruckHead(OLD, (), (LINE,))
HEADERS = [
    f"&L{OLD}",
    f"&R{OLD}",
    OLD,
    f'&C&"黑体,常规"&14{OLD}',
    f"&L样例&C第&P页&R&16{OLD}",
    f"&R&14{OLD}&C第&P页",
    f"&L样例 && 乙\n&12 {OLD} \n&8示例市样例局&C&D",
    f"&L&B{OLD}\n&G",
    f"&C{OLD}\n",
    f"{OLD}&R&9第&P页",
]


def test_a_mark_is_struck_with_the_new_one_behind_and_the_line_below() -> None:
    assert (
        struck_header(f'&L&"黑体,Bold"&14{OLD}&R第&P页', CHANGED, 11)
        == f'&L&"黑体,Bold"&14&S{OLD}&S　秘密★5年\n&9{LINE}&R第&P页'
    )


def test_a_second_change_strikes_the_second_mark_and_lines_stand_side_by_side() -> None:
    said = struck_header(f"&R{OLD}", AGAIN, 11, line_pt=8, abreast=2)
    below = NEXT.replace("&", "&&")
    assert said == f"&R&S{OLD}&S　&S秘密★5年&S　解密\n&8{LINE}　{below}"


def test_where_the_mark_stays_nothing_is_struck() -> None:
    assert struck_header(f"&L&8{OLD}\n样例", SCOPE, 11) == f"&L&8{OLD}\n样例\n&8{LINE}"


@pytest.mark.parametrize("words", [CHANGED, AGAIN, SCOPE], ids=["once", "twice", "scope"])
@pytest.mark.parametrize("header", HEADERS)
def test_what_was_put_comes_out_letter_by_letter(header: str, words: StruckHead) -> None:
    for abreast in range(1, len(words.lines) + 1):
        made = struck_header(header, words, 11, 9, abreast)
        assert is_struck(made, words)
        assert without_struck(made, words) == header
        for piece in (words.row, *rows_of(words.lines, abreast)):
            assert shows_line(made, piece)


def test_codes_of_another_program_between_its_letters_change_nothing_said() -> None:
    made = f'&L&S机密&"Arial"★10年&S&14　&"黑体"秘密★5年\n&K000000&9{LINE}&B&R样例'
    bare = without_struck(made, CHANGED)
    assert bare is not None and text_of(bare) == text_of(f"&L{OLD}&R样例")


@pytest.mark.parametrize(
    "altered",
    [
        ("&S", ""),
        (f"&S{OLD}&S", f"&S机密&S{OLD[2:]}"),
        ("&S　", "　"),
        ("秘密★5年", "秘密★4年"),
        ("秘密★5年", "&S秘密★5年&S"),
        (LINE, LINE[:-3]),
        (LINE, f"&S{LINE}"),
        ("&L", f"&L{OLD}　秘密★5年\n"),
    ],
)
def test_what_was_altered_is_struck_no_longer(altered: tuple[str, str]) -> None:
    made = struck_header(f"&L{OLD}", CHANGED, 11)
    assert is_struck(made, CHANGED)
    assert not is_struck(made.replace(*altered), CHANGED)


def test_lines_tell_their_part_and_what_stands_against_striking_them() -> None:
    header = f"&L第&P页\n{OLD}&C机密&B★10年&R&S{OLD}&S"
    found = [(one.part, one.text, one.whole, one.plain_part) for one in lines_of(header)]
    assert found == [
        ("&L", f"第{FILLED_IN}页", True, True),
        ("&L", OLD, True, True),
        ("&C", OLD, False, True),
        ("&R", OLD, True, False),
    ]
    for doubtful in (f"&L{OLD}&R样例&L样例", f"&L{OLD}\n样例&", f"&L{OLD}\n&Y样例", f"&L&G\n{OLD}"):
        assert not any(one.plain_part for one in lines_of(doubtful) if one.part == "&L")


@pytest.mark.parametrize(
    ("header", "size"),
    [(f"&L{OLD}", 11), (f"&20样例&L{OLD}", 11), (f"&L&14样例\n&16{OLD}&R&8乙", 16)],
)
def test_the_size_is_the_last_one_named_before_it_in_its_part(header: str, size: int) -> None:
    assert size_of(header, OLD, 11) == size


def test_every_part_is_lengthened() -> None:
    assert lengthened("样例&L甲&R乙", "+") == "样例+&L甲+&R乙+"
    assert lengthened("&L甲&&", "+") == "&L甲&&+"
