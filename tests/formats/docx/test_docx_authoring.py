"""Authors name classified points in Word where they write: comments, styles, brackets."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml

from dingmi_mark.domain.authoring import Authored, Authoring, Place
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.docx.authoring_template import authoring_template
from late_kit import LIBREOFFICE, saved_anew

HANDLER = DocxHandler()
PASSAGE = "队伍沿示例一路开进"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


class Paper:
    """A Word draft being written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.document = Document()
        self.document.add_paragraph("样例：关于示例演练的通知")

    def read(self) -> Authored:
        self.document.save(str(self.path))
        return HANDLER.authored(self.path)


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path / "通知.docx")


def test_a_comment_on_a_passage_names_it(paper: Paper) -> None:
    paragraph = paper.document.add_paragraph("一、")
    run = paragraph.add_run(PASSAGE)
    paragraph.add_run("，再作安排。")
    paper.document.add_comment([run], text="密点 机密 10年 来源：示密〔2020〕1号", author="王承办")
    (point,) = paper.read().points
    assert point.way is Authoring.COMMENT
    assert (point.notation.level, point.notation.period) == (
        SecrecyLevel.HIGHLY_SECRET,
        ForYears(10),
    )
    assert point.notation.source == "示密〔2020〕1号"
    assert (point.passage, point.place) == (PASSAGE, Place("正文", 2))
    assert point.paragraphs == (f"一、{PASSAGE}，再作安排。",)


def test_a_comment_may_run_over_paragraphs(paper: Paper) -> None:
    first = paper.document.add_paragraph().add_run("甲")
    last = paper.document.add_paragraph().add_run("乙")
    paper.document.add_comment([first, last], text="密点 秘密")
    (point,) = paper.read().points
    assert (point.passage, point.paragraphs) == ("甲\n乙", ("甲", "乙"))


def test_a_comment_without_a_passage_is_on_its_paragraph(paper: Paper) -> None:
    run = paper.document.add_paragraph().add_run(PASSAGE)
    paper.document.add_comment([run], text="密点 秘密")
    for mark in ("commentRangeStart", "commentRangeEnd"):
        for element in paper.document.element.body.xpath(f"//w:{mark}"):
            element.getparent().remove(element)
    (point,) = paper.read().points
    assert point.passage == PASSAGE


def test_other_comments_name_nothing(paper: Paper) -> None:
    run = paper.document.add_paragraph().add_run(PASSAGE)
    paper.document.add_comment([run], text="请核实这里的密点")
    assert paper.read() == Authored((), ())


def test_a_style_of_words_names_them(paper: Paper) -> None:
    paper.document.styles.add_style("密点-机密", WD_STYLE_TYPE.CHARACTER)
    paragraph = paper.document.add_paragraph("一、")
    paragraph.add_run(PASSAGE[:4], style="密点-机密")
    paragraph.add_run(PASSAGE[4:], style="密点-机密")
    paragraph.add_run("，再作安排。")
    (point,) = paper.read().points
    assert (point.way, point.passage) == (Authoring.STYLE, PASSAGE)


def test_a_style_of_paragraphs_names_each_and_its_heirs_do_too(paper: Paper) -> None:
    styles = paper.document.styles
    base = styles.add_style("密点-秘密", WD_STYLE_TYPE.PARAGRAPH)
    styles.add_style("自定", WD_STYLE_TYPE.PARAGRAPH).base_style = base
    paper.document.add_paragraph("甲", style="密点-秘密")
    paper.document.add_paragraph("乙", style="自定")
    assert [point.passage for point in paper.read().points] == ["甲", "乙"]


def test_a_style_based_on_itself_ends(paper: Paper) -> None:
    style = paper.document.styles.add_style("自定", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = style
    paper.document.add_paragraph("甲", style="自定")
    assert paper.read() == Authored((), ())


def test_brackets_name_what_stands_between_them(paper: Paper) -> None:
    paper.document.add_paragraph("先【密点 秘密】指挥部设在示例大楼")
    paper.document.add_paragraph("三层【密点完】。又【密点 绝密】丙【密点完】")
    first, second = paper.read().points
    assert first.passage == "指挥部设在示例大楼\n三层"
    assert first.paragraphs == ("先指挥部设在示例大楼", "三层。又丙")
    assert (second.notation.level, second.passage) == (SecrecyLevel.TOP_SECRET, "丙")


def test_points_in_tables_notes_and_text_boxes_have_their_place(paper: Paper) -> None:
    table = paper.document.add_table(2, 2)
    table.cell(1, 1).paragraphs[0].add_run("【密点 秘密】表中【密点完】")
    box = paper.document.add_paragraph("外")
    box._p.append(
        parse_xml(
            f"<w:r {W}><w:pict><w:txbxContent><w:p><w:r>"
            "<w:t>【密点 机密】框中【密点完】</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        )
    )
    in_table, in_box = paper.read().points
    assert (in_table.passage, in_table.place) == ("表中", Place("正文", 1, (1, 2, 2)))
    assert (in_box.passage, in_box.place) == ("框中", Place("正文", 2))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("【密点 最高】甲【密点完】",), "cannot be read"),
        (("[密点 最高]甲［密点完］",), "cannot be read"),
        (("【密点 秘密】甲",), "has no end"),
        (("甲【密点完】",), "without a beginning"),
        (("【密点 秘密】甲【密点 机密】乙【密点完】",), "has no 【密点完】 before the next one"),
        (("【密点 秘密】甲", "【密点 机密】乙【密点完】"), "【密点 机密】 (正文, paragraph 3)"),
        (("【密点 秘密】", "甲【密点 机密】乙【密点完】"), "has no 【密点完】 before the next one"),
        (("【密点 秘密】 【密点完】",), "is about no words"),
    ],
)
def test_what_was_meant_to_name_a_point_is_never_passed_over(
    paper: Paper, lines: tuple[str, ...], says: str
) -> None:
    for line in lines:
        paper.document.add_paragraph(line)
    (fault,) = paper.read().faults
    assert says in str(fault.line) and fault.place == Place("正文", 2)


@pytest.mark.parametrize(
    "text", ["（密点 机密）", "(密点-秘密级 5年)", "〔密点 机密〕", "《密点：绝密》"]
)
def test_brackets_of_another_kind_are_told(paper: Paper, text: str) -> None:
    paper.document.add_paragraph(f"一、{text}甲（密点完）。")
    found = paper.read()
    (fault,) = found.faults
    assert found.points == () and fault.place == Place("正文", 2)
    assert f"“{text}” names no point; write 【{text[1:-1]}】…【密点完】" in str(fault.line)


@pytest.mark.parametrize("pair", ["（）", "〔〕"])
def test_brackets_of_another_kind_may_hold_a_source(paper: Paper, pair: str) -> None:
    paper.document.add_paragraph(f"{pair[0]}密点 机密 来源：示密〔2020〕1号{pair[1]}甲")
    (fault,) = paper.read().faults
    assert "【密点 机密 来源：示密〔2020〕1号】" in str(fault.line)


@pytest.mark.parametrize(
    "text",
    ["（密点完）", "（密点）", "（机密）", "（见密点 机密）", "（密点秘密性质不明）", "密点 机密"],
)
def test_other_words_in_brackets_are_the_text_s_own(paper: Paper, text: str) -> None:
    paper.document.add_paragraph(f"一、{text}甲。")
    assert paper.read() == Authored((), ())


@pytest.mark.parametrize(
    ("text", "other"),
    [("密点 内部", "内部"), ("密点 工作秘密 5年", "工作秘密"), ("密点：商业秘密", "商业秘密")],
)
def test_what_is_no_state_secret_is_not_asked_to_become_one(
    paper: Paper, text: str, other: str
) -> None:
    paper.document.add_paragraph(f"【{text}】甲【密点完】")
    run = paper.document.add_paragraph().add_run(PASSAGE)
    paper.document.add_comment([run], text=text)
    for fault in paper.read().faults:
        line = str(fault.line)
        assert f"“{text}”: {other} is no state secret" in line and "take this note away" in line
        assert "机密" not in line


def test_deleted_words_are_no_point(paper: Paper) -> None:
    paragraph = paper.document.add_paragraph("甲")
    paragraph._p.append(
        parse_xml(
            f'<w:del {W} w:id="9" w:author="王承办"><w:r>'
            "<w:delText>【密点 秘密】乙【密点完】</w:delText></w:r></w:del>"
        )
    )
    assert paper.read() == Authored((), ())


def _unpacked(package: bytes) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(package)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_the_template_has_the_page_and_the_language_of_a_chinese_office() -> None:
    assert b"python-docx" not in b"".join(_unpacked(authoring_template()))
    document, styles = (
        next(one for one in _unpacked(authoring_template()) if mark in one)
        for mark in (b"<w:sectPr", b"<w:docDefaults")
    )
    assert b'<w:pgSz w:w="11906" w:h="16838"' in document
    assert b'w:eastAsia="zh-CN"' in styles


def test_the_template_gives_styles_that_are_read_back(tmp_path: Path) -> None:
    assert authoring_template() == authoring_template()
    document = Document(str(_as_document(tmp_path)))
    names = {style.name for style in document.styles}
    assert {"密点-绝密", "密点-机密", "密点-秘密", "密点-机密 字符"} <= names
    paragraph = document.add_paragraph("一、")
    paragraph.add_run(PASSAGE, style="密点-机密 字符")
    path = tmp_path / "通知.docx"
    document.save(str(path))
    assert PASSAGE in [point.passage for point in HANDLER.authored(path).points]


@pytest.mark.skipif(not LIBREOFFICE, reason="needs LibreOffice")
def test_points_survive_being_saved_by_another_program(paper: Paper) -> None:
    paper.document.styles.add_style("密点-机密", WD_STYLE_TYPE.CHARACTER)
    paragraph = paper.document.add_paragraph("一、")
    paragraph.add_run("甲甲", style="密点-机密")
    paper.document.add_comment([paragraph.add_run("乙乙")], text="密点 秘密 5年")
    paragraph.add_run("【密点 绝密】丙丙【密点完】")
    before = paper.read().points
    after = HANDLER.authored(saved_anew(paper.path)).points
    assert [(p.way, p.notation, p.passage) for p in after] == [
        (p.way, p.notation, p.passage) for p in before
    ]


def _as_document(folder: Path) -> Path:
    """A new document from the template, as a double click makes it."""
    path = folder / "新.docx"
    made = folder / "模板.dotx"
    made.write_bytes(authoring_template())
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                assert b"template.main+xml" in data
                data = data.replace(b"template.main+xml", b"document.main+xml")
            target.writestr(name, data)
    return path


def test_a_bracket_of_nothing_but_spaces_takes_no_time(paper: Paper) -> None:
    paper.document.add_paragraph("（密点" + " " * 200_000)
    assert paper.read() == Authored((), ())
