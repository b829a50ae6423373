"""What a style hides, fills or outlines takes no mark along; Word heeds more than others do."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from docx.document import Document
from docx_drafts import (
    FACES,
    content_controls,
    edited,
    job,
    letter,
    parts,
    saved,
    table_first,
    table_of_contents,
)
from lxml import etree

from dingmi_mark.domain.points import QuoteAnchor
from dingmi_mark.errors import PointCutOff, PointHidden
from dingmi_mark.formats.base import PointMark
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.messages import say

HANDLER = DocxHandler()
DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
WHITE = (
    f"<w14:textFill {W14}><w14:solidFill>"
    '<w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>'
)
OUTLINE = f'<w14:textOutline {W14} w14:w="63500"/>'
EFFECTS = say("a style gives letters effects (a fill, an outline, glow)")
GLOW = f'<w14:glow {W14} w14:rad="1905000"><w14:srgbClr w14:val="000000"/></w14:glow>'
POINT = PointMark("1", "（机密）", QuoteAnchor("样例的密点"), "heiti", 16, 0)


def lines(document: Document) -> None:
    document.add_paragraph("样例：首行")
    document.add_paragraph("样例的密点在这一段。")


def with_style(path: Path, name: str, look: str, *, of: int | None = None) -> Path:
    """Give a draft a paragraph style, in which its paragraph of this number stands."""
    style = (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:rPr>{look}</w:rPr></w:style>'
    )

    def named(content: bytes) -> bytes:
        pieces = content.split(b"<w:p>")
        if of is not None:
            pieces[of] = f'<w:pPr><w:pStyle w:val="{name}"/></w:pPr>'.encode() + pieces[of]
        return b"<w:p>".join(pieces)

    def added(content: bytes) -> bytes:
        return content.replace(b"</w:styles>", style.encode() + b"</w:styles>")

    plain = saved(path.with_suffix(".plain"), lines)
    return edited(plain, path, {STYLES: added, DOCUMENT: named})


def by_default(path: Path, look: str) -> Path:
    def edit(content: bytes) -> bytes:
        begin = content.index(b"<w:rPr>", content.index(b"<w:rPrDefault>")) + len(b"<w:rPr>")
        return content[:begin] + look.encode() + content[begin:]

    return edited(saved(path.with_suffix(".plain"), lines), path, {STYLES: edit})


def marked(draft: Path, *points: PointMark) -> Path:
    target = draft.with_name("marked.docx")
    HANDLER.mark(draft, target, job(points), FACES)
    return target


def first_paragraph(path: Path) -> etree._Element:
    return next(etree.fromstring(parts(path)[DOCUMENT]).iter(f"{W}p"))


def test_the_run_of_a_mark_is_never_hidden(tmp_path: Path) -> None:
    for draft in (by_default(tmp_path / "a.docx", "<w:vanish/>"), saved(tmp_path / "b", letter)):
        file = marked(draft)
        for content in parts(file).values():
            if b"dingmi:mark" in content and content.startswith(b"<?xml"):
                for run in etree.fromstring(content).iter(f"{W}r"):
                    if next(run.iterchildren("{*}AlternateContent"), None) is not None:
                        hidden = run.find(f"{W}rPr/{W}vanish")
                        assert hidden is not None and hidden.get(f"{W}val") == "0"
        file.unlink()


@pytest.mark.parametrize(
    ("look", "apart"),
    [("<w:vanish/>", True), ('<w:vanish w:val="0"/>', False), ("<w:b/>", False)],
)
def test_a_mark_hangs_apart_from_a_paragraph_that_its_style_hides(
    look: str, apart: bool, tmp_path: Path
) -> None:
    file = marked(with_style(tmp_path / "draft.docx", "Hidden", look, of=1))
    text = "".join(str(one) for one in first_paragraph(file).itertext(f"{W}t"))
    assert ("首行" not in text) is apart


@pytest.mark.parametrize(("look", "apart"), [('<w:framePr w:hAnchor="page"/>', True), ("", False)])
def test_a_mark_hangs_apart_from_a_paragraph_that_its_style_frames(
    look: str, apart: bool, tmp_path: Path
) -> None:
    def frame(content: bytes) -> bytes:
        begin = content.index(b"<w:rPr></w:rPr>", content.index(b'styleId="Framed"'))
        return content[:begin] + f"<w:pPr>{look}</w:pPr>".encode() + content[begin:]

    plain = with_style(tmp_path / "plain.docx", "Framed", "", of=1)
    file = marked(edited(plain, tmp_path / "draft.docx", {STYLES: frame}))
    text = "".join(str(one) for one in first_paragraph(file).itertext(f"{W}t"))
    assert ("首行" not in text) is apart


def test_a_mark_whose_run_was_hidden_is_drawn_otherwise(tmp_path: Path) -> None:
    file = marked(saved(tmp_path / "draft.docx", lines))

    def hide(content: bytes) -> bytes:
        shown, behind = b'<w:vanish w:val="0"/>', b"</w:rPr><mc:Alt"
        assert shown + behind in content
        return content.replace(shown + behind, b"<w:vanish/>" + behind)

    before = HANDLER.inspect(file)
    after = HANDLER.inspect(edited(file, tmp_path / "hidden.docx", {DOCUMENT: hide}))
    assert after.content_digest == before.content_digest
    assert after.drawn_digest != before.drawn_digest


@pytest.mark.parametrize("look", [WHITE, OUTLINE, GLOW])
def test_effects_of_all_text_disguise_marks(look: str, tmp_path: Path) -> None:
    draft = by_default(tmp_path / "draft.docx", look)
    assert HANDLER.inspect(draft).disguised is None
    assert HANDLER.read_back(marked(draft)).disguised == EFFECTS


def test_effects_where_a_point_stands_disguise_it(tmp_path: Path) -> None:
    draft = with_style(tmp_path / "draft.docx", "Fancy", WHITE, of=2)
    assert HANDLER.read_back(marked(draft, POINT)).disguised == EFFECTS


@pytest.mark.parametrize(
    ("colour", "disguised"),
    [
        ('<w14:schemeClr w14:val="tx1"/>', False),
        ('<w14:srgbClr w14:val="000000"/>', False),
        ('<w14:schemeClr w14:val="bg1"/>', True),
        ('<w14:schemeClr w14:val="tx1"><w14:lumMod w14:val="5000"/></w14:schemeClr>', True),
    ],
)
def test_black_that_wps_fills_in_disguises_no_point(
    colour: str, disguised: bool, tmp_path: Path
) -> None:
    fill = f"<w14:textFill {W14}><w14:solidFill>{colour}</w14:solidFill></w14:textFill>"
    draft = with_style(tmp_path / "draft.docx", "Filled", fill, of=2)
    found = HANDLER.read_back(marked(draft, POINT))
    assert found.disguised == (EFFECTS if disguised else None)


def test_effects_elsewhere_do_no_harm(tmp_path: Path) -> None:
    draft = with_style(tmp_path / "draft.docx", "Fancy", WHITE, of=1)
    found = HANDLER.read_back(marked(draft, POINT))
    assert found.embedded is not None and found.disguised is None


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("of", ["w:tblStylePr", "w:rPr"])
def test_effects_of_a_table_disguise_points_in_it(named: bool, of: str, tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        lines(document)
        document.add_table(1, 1).cell(0, 0).text = "样例的一格"

    look = f"<w:rPr>{WHITE}</w:rPr>"
    if of == "w:tblStylePr":
        look = f'<w:tblStylePr w:type="firstRow">{look}</w:tblStylePr>'
    default = "" if named else ' w:default="1"'
    style = (
        f'<w:style w:type="table" w:styleId="Bright"{default}><w:name w:val="Bright"/>{look}'
        "</w:style></w:styles>"
    ).encode()

    def add(content: bytes) -> bytes:
        content = content.replace(b' w:type="table" w:default="1"', b' w:type="table"')
        return content.replace(b"</w:styles>", style)

    def name(content: bytes) -> bytes:
        chosen = b'<w:tblStyle w:val="Bright"/>' if named else b""
        return content.replace(b"<w:tblPr>", b"<w:tblPr>" + chosen)

    plain = saved(tmp_path / "plain.docx", fill)
    draft = edited(plain, tmp_path / "draft.docx", {STYLES: add, DOCUMENT: name})
    inside = replace(POINT, anchor=QuoteAnchor("样例的一格"))
    assert HANDLER.read_back(marked(draft, inside)).disguised == EFFECTS
    (tmp_path / "marked.docx").unlink()
    assert HANDLER.read_back(marked(draft, POINT)).disguised is None


def in_row(path: Path, look: str) -> Path:
    def fill(document: Document) -> None:
        document.add_table(1, 1).cell(0, 0).add_table(1, 1).cell(0, 0).text = "样例的密点"

    def add(content: bytes) -> bytes:
        return content.replace(b"<w:tr>", b"<w:tr><w:trPr>" + look.encode() + b"</w:trPr>", 1)

    return edited(saved(path.with_suffix(".plain"), fill), path, {DOCUMENT: add})


@pytest.mark.parametrize(
    ("look", "hidden"), [("<w:hidden/>", True), ('<w:hidden w:val="0"/>', False), ("", False)]
)
def test_a_point_in_a_hidden_row_is_refused(look: str, hidden: bool, tmp_path: Path) -> None:
    draft = in_row(tmp_path / "draft.docx", look)
    with pytest.raises(PointHidden) if hidden else nullcontext():
        marked(draft, POINT)
    assert (tmp_path / "marked.docx").exists() is not hidden


@pytest.mark.parametrize(
    ("look", "hidden"), [("<w:vanish/>", True), ('<w:vanish w:val="0"/>', False), ("<w:b/>", False)]
)
def test_a_point_that_a_style_hides_is_refused(look: str, hidden: bool, tmp_path: Path) -> None:
    draft = with_style(tmp_path / "draft.docx", "Hidden", look, of=2)
    with pytest.raises(PointHidden) if hidden else nullcontext():
        marked(draft, POINT)
    assert (tmp_path / "marked.docx").exists() is not hidden


def test_effects_put_in_after_marking_are_noticed(tmp_path: Path) -> None:
    file = marked(saved(tmp_path / "draft.docx", lines))
    assert HANDLER.inspect(file).disguised is None

    def edit(content: bytes) -> bytes:
        behind = b"<w:rPrDefault><w:rPr>"
        assert behind in content
        return content.replace(behind, behind + WHITE.encode())

    altered = edited(file, tmp_path / "altered.docx", {STYLES: edit})
    assert HANDLER.inspect(altered).disguised == EFFECTS


@pytest.mark.parametrize("fill", [table_first, content_controls, table_of_contents, letter])
def test_cleaned_a_file_has_its_paragraphs_and_no_other(fill: object, tmp_path: Path) -> None:
    draft = saved(tmp_path / "draft.docx", fill)  # type: ignore[arg-type]
    clean = tmp_path / "clean.docx"
    HANDLER.clean(marked(draft), clean)

    def forms(path: Path) -> list[bytes]:
        body = etree.fromstring(parts(path)[DOCUMENT])[0]
        blocks = [each for each in body if each.tag != f"{W}sectPr"]
        return [etree.tostring(each, method="c14n", exclusive=True) for each in blocks]

    assert forms(clean) == forms(draft)


@pytest.mark.parametrize(
    ("spacing", "cut"),
    [
        ('w:line="240" w:lineRule="exact"', True),
        ('w:line="319" w:lineRule="exact"', True),
        ('w:line="12pt" w:lineRule="exact"', True),
        ('w:line="320" w:lineRule="exact"', False),
        ('w:line="240" w:lineRule="atLeast"', False),
        ('w:line="240"', False),
        ('w:lineRule="exact"', False),
        ('w:line="x" w:lineRule="exact"', False),
    ],
)
@pytest.mark.parametrize("inherited", [False, True])
def test_a_point_that_its_line_would_cut_off_is_refused(
    spacing: str, cut: bool, inherited: bool, tmp_path: Path
) -> None:
    look = f"<w:spacing {spacing}/>".encode()
    plain = with_style(tmp_path / "styled.docx", "Low", "", of=2)

    def in_style(content: bytes) -> bytes:
        begin = content.index(b'<w:basedOn w:val="Normal"/>', content.index(b'styleId="Low"'))
        end = begin + len(b'<w:basedOn w:val="Normal"/>')
        return content[:end] + b"<w:pPr>" + look + b"</w:pPr>" + content[end:]

    def in_paragraph(content: bytes) -> bytes:
        style = b'<w:pStyle w:val="Low"/>'
        return content.replace(style, style + look)

    edit = {STYLES: in_style} if inherited else {DOCUMENT: in_paragraph}
    draft = edited(plain, tmp_path / "draft.docx", edit)
    if cut:
        with pytest.raises(PointCutOff):
            marked(draft, POINT)
    else:
        marked(draft, POINT)
    assert (tmp_path / "marked.docx").exists() is not cut


SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wpc="http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
TWO_FORMS = say("it has words or a shape that only newer versions of Word show")
TEXT = "<w:t>绝密★30年</w:t>"
FLOATING, IN_LINE = (
    f"<w:drawing><wp:{kind}><w:txbxContent><w:p><w:r>{TEXT}</w:r></w:p></w:txbxContent>"
    f"</wp:{kind}></w:drawing>"
    for kind in ("anchor", "inline")
)


@pytest.mark.parametrize(
    ("needs", "what", "disguised"),
    [
        ("w15", TEXT, True),
        ("w15", FLOATING, True),
        ("wpc", FLOATING, True),
        ("wps w15", FLOATING, True),
        ("w15", "<w:pict/>", True),
        ("wpc", IN_LINE, False),
        ("wps", FLOATING, False),
        ("w15", "<w:tab/>", False),
    ],
)
def test_what_only_word_takes_of_two_forms(
    needs: str, what: str, disguised: bool, tmp_path: Path
) -> None:
    forms = (
        f'<w:r><mc:AlternateContent {SPACES}><mc:Choice Requires="{needs}">{what}</mc:Choice>'
        "<mc:Fallback/></mc:AlternateContent></w:r></w:p>"
    ).encode()

    def put(content: bytes) -> bytes:
        first = content.index(b"</w:p>")
        return content[:first] + forms + content[first + len(b"</w:p>") :]

    plain = saved(tmp_path / "plain.docx", lines)
    draft = edited(plain, tmp_path / "draft.docx", {DOCUMENT: put})
    found = HANDLER.read_back(marked(draft)).disguised
    assert found == (TWO_FORMS if disguised else None)


@pytest.mark.parametrize(
    ("instruction", "fetches"),
    [(r' includetext "C:\\x.docx" ', True), ("DDEAUTO a b", True), ("PAGE", False), ("", False)],
)
@pytest.mark.parametrize("simple", [True, False])
def test_a_field_that_fetches_words(
    instruction: str, fetches: bool, simple: bool, tmp_path: Path
) -> None:
    marks = ("begin", "separate", "end")
    begin, middle, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in marks)
    said = instruction.replace('"', "&quot;")
    half = len(said) // 3
    parts_ = "".join(
        f'<w:r><w:instrText xml:space="preserve">{each}</w:instrText></w:r>'
        for each in (said[:half], said[half:])
    )
    field = f"{begin}{parts_}{middle}{end}"
    if simple:
        field = f'<w:fldSimple w:instr="{said}"/>'

    def put(content: bytes) -> bytes:
        first = content.index(b"</w:p>")
        return content[:first] + field.encode() + content[first:]

    plain = saved(tmp_path / "plain.docx", lines)
    draft = edited(plain, tmp_path / "draft.docx", {DOCUMENT: put})
    found = HANDLER.read_back(marked(draft)).disguised
    said_so = say("a field fetches words of other files (INCLUDETEXT, DDE)")
    assert found == (said_so if fetches else None)


@pytest.mark.parametrize("value", ["", ' w:val="0"'])
def test_a_file_of_which_only_its_form_is_printed(value: str, tmp_path: Path) -> None:
    def put(content: bytes) -> bytes:
        begin = content.index(b">", content.index(b"<w:settings")) + 1
        return content[:begin] + f"<w:printFormsData{value}/>".encode() + content[begin:]

    plain = saved(tmp_path / "plain.docx", lines)
    draft = edited(plain, tmp_path / "draft.docx", {"word/settings.xml": put})
    assert (HANDLER.read_back(marked(draft)).disguised is None) is bool(value)
