"""Templates from TOML: strict, all faults at once, the unit's own first; the bundled ones hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dingmi_mark.engine.layout import PageOfMany, Words, lay_out, slots_in_use
from dingmi_mark.engine.shapes import PageSize, TextRun, ink_box
from dingmi_mark.engine.template import FIELDS, Anchor, Pages, TemplateKind
from dingmi_mark.errors import TemplateInvalid, TemplateUnknown, TextDoesNotFit
from dingmi_mark.store.fonts import OfficeFaces
from dingmi_mark.store.templates import (
    bundled_stamps,
    find_template,
    known_templates,
    read_template,
)

FACES = OfficeFaces({})
BUNDLED = sorted(known_templates(None))
LANDMARKS = {Anchor.BELOW_RED_RULE: 52.0, Anchor.BELOW_TITLE: 60.0}
LONGEST = {
    **dict.fromkeys(FIELDS, "样例"),
    "copy_number": "000017",
    "mark": "机密★2030年12月31日",
    "level": "机密",
    "period": "2030年12月31日",
    "urgency": "特急",
    "scope": "示例市示范局办公室、示例区示范分局、示例县示范局、示例镇示范所",
    "officer": "欧阳样例",
    "decision_date": "2026年12月31日",
    "number": "示例市密审〔2026〕12345号",
    "organ": "示例市示范工作委员会办公室（示例局）",
}

VALID = """
schema = 1
kind = "版式"
title = "样例"
status = "非官方样式"
source = "样例"
[[slot]]
id = "mark"
pages = "首页"
anchor = "左上"
dx_mm = 28
dy_mm = 47.227
width_mm = 80
height_mm = 6
[[slot.text]]
text = "{mark}"
font = "heiti"
size_pt = 16
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "样.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateInvalid) as caught:
        read_template(path)
    found = caught.value.params["faults"]
    assert isinstance(found, tuple)
    assert caught.value.params["count"] == len(found)
    return [fault.place for fault in found]


def test_a_template_of_the_unit_wins_over_the_bundled_one(tmp_path: Path) -> None:
    (tmp_path / "gongwen.toml").write_text(VALID, encoding="utf-8")
    own = find_template("gongwen", tmp_path)
    assert (own.title, own.bundled) == ("样例", False)
    assert own.digest == "sm3:" + hashlib.new("sm3", VALID.encode()).hexdigest()
    assert find_template("gongwen", None).bundled
    assert find_template("xinhan", tmp_path).bundled


def test_an_unknown_template_names_the_known_ones() -> None:
    with pytest.raises(TemplateUnknown) as caught:
        find_template("没有", None)
    assert "gongwen" in str(caught.value)


def test_a_template_of_another_kind_is_a_fault() -> None:
    with pytest.raises(TemplateInvalid):
        find_template("chuoji", None, TemplateKind.PAGE)


def test_all_faults_at_once_each_with_its_place(tmp_path: Path) -> None:
    text = (
        VALID.replace("size_pt = 16", "size_pt = -3\nbold = true")
        .replace("dx_mm = 28", 'dx_mm = "28"')
        .replace('title = "样例"\n', "")
        .replace("schema = 1", "schema = 1\nkleur = 2")
    )
    found = faults(tmp_path, text)
    assert {
        "title",
        "kleur",
        "slot[1].dx_mm",
        "slot[1].text[1].size_pt",
        "slot[1].text[1].bold",
    } <= set(found)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"{mark}"', '"{geheim}"', "slot[1].text[1].text"),
        ('"{mark}"', '"{mark.level}"', "slot[1].text[1].text"),
        ('"{mark}"', '"{mark!r}"', "slot[1].text[1].text"),
        ('"{mark}"', '"{mark"', "slot[1].text[1].text"),
        ('"{mark}"', '"密级：{mark}"', "slot[1].text"),
        ('pages = "首页"', 'pages = "末页"', "slot[1].pages"),
        ("width_mm = 80", "width_mm = 80\noptional = true", "slot[1].optional"),
        ("height_mm = 6", 'height_mm = 6\ncolour = "red"', "slot[1].colour"),
        ("height_mm = 6", "height_mm = 2", "slot[1].text[1]"),
        ('id = "mark"', 'id = "stempel"', "slot"),
        ('anchor = "左上"', 'anchor = "左"', "slot[1].anchor"),
        ("height_mm = 6", 'height_mm = 6\nside = "右"', "slot[1].side"),
    ],
)
def test_what_a_template_may_not_say(tmp_path: Path, old: str, new: str, place: str) -> None:
    assert place in faults(tmp_path, VALID.replace(old, new))


def test_lines_may_stand_upright_or_lie(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    rules = "".join(
        f"[[slot.rule]]\nx1_mm = 1\ny1_mm = 1\nx2_mm = {x2}\ny2_mm = {y2}\nline_mm = 0.2\n"
        for x2, y2 in ((1, 5), (20, 1))
    )
    path.write_text(VALID + rules, encoding="utf-8")
    assert len(read_template(path).slots[0].rules) == 2
    assert "slot[1].rule[1]" in faults(
        tmp_path,
        VALID + rules.replace("x2_mm = 1\n", "x2_mm = 1\n").replace("y2_mm = 5", "y2_mm = 1"),
    )


def test_a_text_without_room_is_a_fault(tmp_path: Path) -> None:
    text = VALID.replace("size_pt = 16", "size_pt = 16\nx_mm = 90")
    assert "slot[1].text[1]" in faults(tmp_path, text)


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_template_says_where_it_comes_from(name: str) -> None:
    template = read_template(bundled_stamps() / f"{name}.toml")
    assert template.status and template.source and template.title
    assert name != "chuoji" or template.status == "非官方样式"


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_template_holds_the_longest_sensible_values(name: str) -> None:
    template = find_template(name, None)
    words = Words(LONGEST)
    for page in (
        PageOfMany(0, 2, PageSize(210, 297), LANDMARKS),
        PageOfMany(1, 2, PageSize(210, 297)),
    ):
        blocks = [
            lay_out(slot, words, page, FACES)
            for slot in slots_in_use(template, words, compact=False, other_page_marks=True)
            if page.takes(slot.pages)
        ]
        for number, block in enumerate(blocks):
            assert not any(ink_box(block).overlaps(ink_box(other)) for other in blocks[:number])


@pytest.mark.parametrize("name", [name for name in BUNDLED if name not in ("midian", "erweima")])
def test_absurd_texts_are_refused_and_never_shrunk(name: str) -> None:
    template = find_template(name, None)
    absurd = Words(dict.fromkeys(FIELDS, "样例" * 60))
    page = PageOfMany(0, 1, PageSize(210, 297), LANDMARKS)
    with pytest.raises(TextDoesNotFit):
        for slot in slots_in_use(template, absurd, compact=False):
            lay_out(slot, absurd, page, FACES)


@pytest.mark.parametrize("name", ["gongwen", "mingling", "jiyao", "tupian", "fengmian"])
def test_the_three_rows(name: str) -> None:
    """R13: flush at x = 28 mm, rows 10.227 mm from y = 37 mm; R15: 3号 (16 pt) 黑体, black."""
    template = find_template(name, None)
    page = PageOfMany(0, 1, PageSize(210, 297))
    rows = [slot for slot in template.slots if slot.pages is Pages.FIRST]
    assert [slot.id for slot in rows] == ["copy_number", "mark", "urgency"]
    for number, slot in enumerate(rows):
        (run,) = lay_out(slot, Words(LONGEST), page, FACES).shapes
        assert isinstance(run, TextRun)
        assert (run.box.x, run.box.y) == pytest.approx((28.0, 37 + number * 225 / 22), abs=0.001)
        assert (run.face, run.size_pt, run.colour.is_black) == ("heiti", 16.0, True)


def test_letters_begin_below_the_red_rule() -> None:
    """R17: first one 4.94 mm below (7/8 of a 3号 character)."""
    page = PageOfMany(0, 1, PageSize(210, 297), LANDMARKS)
    first = find_template("xinhan", None).slots[0]
    assert lay_out(first, Words(LONGEST), page, FACES).box.y == pytest.approx(52 + 4.94)


CODE = """
schema = 1
kind = "二维码"
title = "样例"
status = "非官方样式"
source = "样例"
[[slot]]
id = "code"
pages = "首页"
anchor = "右下"
dx_mm = 7
dy_mm = 9
width_mm = 16
height_mm = 16
occupied = "不盖"
[[slot.picture]]
shows = "二维码"
x_mm = 0
y_mm = 0
width_mm = 16
height_mm = 16
"""


def test_a_2d_code_has_its_own_kind_of_template(tmp_path: Path) -> None:
    path = tmp_path / "code.toml"
    path.write_text(CODE, encoding="utf-8")
    template = read_template(path)
    assert template.kind is TemplateKind.CODE
    assert template.slots[0].shows_code


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('id = "code"', 'id = "mark"', "slot"),
        ('shows = "二维码"', 'shows = "签名"', "slot"),
        ('shows = "二维码"', 'shows = "条码"', "slot[1].picture[1].shows"),
        ('occupied = "不盖"', 'occupied = "下移"', "slot[1].occupied"),
        (
            "width_mm = 16\nheight_mm = 16\nocc",
            "width_mm = 12\nheight_mm = 16\nocc",
            "slot[1].picture[1]",
        ),
    ],
)
def test_what_a_template_of_a_2d_code_may_not_say(
    tmp_path: Path, old: str, new: str, place: str
) -> None:
    assert place in faults(tmp_path, CODE.replace(old, new))


def test_a_mark_may_not_be_left_out_as_a_2d_code_may(tmp_path: Path) -> None:
    text = VALID.replace("height_mm = 6", 'height_mm = 6\noccupied = "不盖"')
    assert "slot[1].occupied" in faults(tmp_path, text)
