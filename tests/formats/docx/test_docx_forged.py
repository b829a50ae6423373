"""A Word draft that was filled in and changed besides, in whatever Word or WPS may show."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from dingmi_mark.domain.comparison import Comparison, compare
from dingmi_mark.domain.draft_content import Part
from dingmi_mark.errors import DraftBroken, DraftNotComparable, DraftWrongSuffix
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.pipeline.comparing import compare_drafts, difference_words
from docx_forgery_kit import (
    CORE,
    DOCUMENT,
    EXTERNAL,
    FILLED,
    FONTS,
    RELATIONS,
    SETTINGS,
    STYLES,
    TYPES,
    Change,
    Parts,
    body,
    both,
    field,
    part,
    related,
    rich,
    setting,
    swap,
    unpacked,
    words,
)
from late_kit import LATE, picture

FIGURE = "<w:r><w:t>样例：示例江堤每日巡查123次"
COVERED = "<w:p><w:pPr></w:pPr><w:r><w:t>遮住的样例"
WHITE = (
    '<w:p><w:r><w:pict><v:shape style="position:absolute;width:400pt;height:90pt" '
    'fillcolor="white" stroked="f"/></w:pict></w:r></w:p>'
)
FRAMED = '<w:framePr w:w="9000" w:h="900" w:hRule="exact" w:x="1" w:y="1"/>'
ROW = "<w:tr><w:tc>"
NOTE = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r>'
CUSTOM, LISTS = "docProps/custom.xml", "word/numbering.xml"
HARMLESS_LOOKING = "<w:proofErr><w:r><w:t>不</w:t></w:r></w:proofErr><w:r>"
CHOICE, BEHIND = '<mc:Choice Requires="wps"', "，没有被引用</w:t></w:r>"
OLDER = "<v:textbox><w:txbxContent><w:p><w:pPr></w:pPr><w:r><w:t>样例"
FACE, EXTENT = (
    '<w:font w:name="Times New Roman">',
    '<wp:extent cx="1080000" cy="720000"/><wp:docPr id="1"',
)
ALIKE = '<w:style w:type="paragraph" w:styleId="Header"><w:name w:val="x"/></w:style></w:styles>'
LINES = (
    '<w:style w:type="character" w:styleId="z"><w:name w:val="line number"/><w:rPr>'
    '<w:sz w:val="400"/></w:rPr></w:style></w:styles>'
)
OVERRIDE = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>'
USUAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="z"><w:name w:val="z"/><w:rPr><w:vanish/>'
    "</w:rPr></w:style></w:styles>"
)
SHADE, NUMBERED = '<w:shd w:val="clear" w:fill="000000"/>', "<w:r><w:t>示密〔2026〕3号"
LOW = '<w:tr><w:trPr><w:trHeight w:val="1" w:hRule="exact"/></w:trPr><w:tc>'
VBA = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
TWICE = '<Override PartName="/word/styles.xml" ContentType="x/y"/></Types>'


def run(properties: str) -> Change:
    """Give the figure's run these properties."""
    return swap(DOCUMENT, FIGURE, FIGURE.replace("<w:r>", f"<w:r><w:rPr>{properties}</w:rPr>"))


def paragraph(properties: str) -> Change:
    """Give a paragraph these properties."""
    new = COVERED.replace("<w:pPr></w:pPr>", f"<w:pPr>{properties}</w:pPr>")
    return swap(DOCUMENT, COVERED, new)


def everywhere(name: str, old: str, new: str) -> Change:
    """Replace words of a part wherever they stand."""

    def change(parts: Parts) -> None:
        assert old.encode() in parts[name]
        parts[name] = parts[name].replace(old.encode(), new.encode())

    return change


def drop(name: str) -> Change:
    """Leave a part out."""

    def change(parts: Parts) -> None:
        del parts[name]

    return change


FORGED: dict[str, tuple[Change, Part]] = {
    # words, and elements that only look like the known ones
    "a figure": (swap(DOCUMENT, "123次", "128次"), Part.BODY),
    "another namespace for words": (
        swap(DOCUMENT, "<w:t>遮住的样例</w:t>", '<x:t xmlns:x="urn:x">遮住的样例</x:t>'),
        Part.BODY,
    ),
    "another namespace for a table": (
        both(
            swap(DOCUMENT, "<w:tbl>", '<x:tbl xmlns:x="urn:x">'),
            swap(DOCUMENT, "</w:tbl>", "</x:tbl>"),
        ),
        Part.TABLE,
    ),
    "another namespace for a property": (
        run('<x:vanish xmlns:x="urn:x" w:val="1"/>'),
        Part.BODY,
    ),
    "words behind a comment of the file": (
        swap(DOCUMENT, "123次", "123<!-- -->000次"),
        Part.BODY,
    ),
    "white space that moves a figure": (
        swap(DOCUMENT, "<w:t>456", '<w:tab/><w:t xml:space="preserve"> 456'),
        Part.TABLE,
    ),
    "an unknown element": (
        swap(DOCUMENT, "</w:t></w:r></w:p><w:p>", "</w:t><w:new/></w:r></w:p><w:p>"),
        Part.OBJECT,
    ),
    "an unknown attribute": (swap(DOCUMENT, 'z:said="有时看得见"', 'z:said="看得见"'), Part.OBJECT),
    "words in an element that is usually ignored": (
        swap(DOCUMENT, COVERED, COVERED.replace("<w:r>", HARMLESS_LOOKING)),
        Part.OBJECT,
    ),
    "words where none belong": (
        swap(DOCUMENT, "<w:tbl>", "不得执行<w:tbl>"),
        Part.BODY,
    ),
    "properties where none belong": (
        swap(DOCUMENT, "<w:tbl>", f"<w:sdtPr>{words('不得执行')}</w:sdtPr><w:tbl>"),
        Part.OBJECT,
    ),
    "properties behind the words": (
        swap(DOCUMENT, "遮住的样例</w:t>", "遮住的样例</w:t><w:rPr><w:vanish/></w:rPr>"),
        Part.BODY,
    ),
    "properties said twice": (
        swap(
            DOCUMENT, COVERED, COVERED.replace("</w:pPr>", "</w:pPr><w:pPr><w:keepNext/></w:pPr>")
        ),
        Part.BODY,
    ),
    # what is given in several forms
    "an alternative by the prefix of another namespace": (
        swap(DOCUMENT, CHOICE, f'{CHOICE} xmlns:wps="urn:x"'),
        Part.DRAWING,
    ),
    "words of the older form only": (
        swap(DOCUMENT, OLDER, f"{OLDER}不"),
        Part.BOX,
    ),
    "the ignored namespaces": (
        swap(DOCUMENT, 'mc:Ignorable="w14 wp14"', 'mc:Ignorable="w14 wp14 z" xmlns:z="urn:sample"'),
        Part.FILE,
    ),
    "the content of ignored elements": (
        swap(
            DOCUMENT,
            'mc:Ignorable="w14 wp14"',
            'mc:Ignorable="w14 wp14" xmlns:z="urn:sample" mc:ProcessContent="z:note"',
        ),
        Part.FILE,
    ),
    # what is shown from elsewhere
    "bound data": (part("customXml/item2.xml", "<s><n>换掉的样例</n></s>"), Part.FILE),
    "a binding": (swap(DOCUMENT, 'w:xpath="/s/n"', 'w:xpath="/s/m"'), Part.BODY),
    "the title that a field shows": (
        swap(CORE, "<dc:title/>", "<dc:title>换</dc:title>"),
        Part.PROPERTY,
    ),
    "the property that a field shows": (swap(CUSTOM, "样例值", "换掉的值"), Part.PROPERTY),
    "who saved it, where a field may show it": (
        swap(CORE, "<cp:lastModifiedBy/>", "<cp:lastModifiedBy>不得执行</cp:lastModifiedBy>"),
        Part.PROPERTY,
    ),
    "the place that a field repeats": (
        both(
            swap(DOCUMENT, '<w:bookmarkEnd w:id="5"/>', ""),
            swap(DOCUMENT, BEHIND, f'{BEHIND}<w:bookmarkEnd w:id="5"/>'),
        ),
        Part.BODY,
    ),
    "a field's instruction": (swap(DOCUMENT, " TITLE ", " SUBJECT "), Part.BODY),
    "a page field that shows other words": (body(field(" PAGE ", "不得")), Part.BODY),
    "a page field in the text": (
        swap(DOCUMENT, "<w:t>9</w:t>", "<w:t>8</w:t>"),
        Part.BODY,
    ),
    "a page field that keeps what it shows": (
        body(field(" PAGE ", "9").replace('"begin"/>', '"begin" w:fldLock="1"/>')),
        Part.BODY,
    ),
    "an embedded text": (part("word/chunk.txt", "样例：另一段"), Part.OBJECT),
    # lists
    "the sign of a list": (everywhere(LISTS, 'w:val="%1."', 'w:val="不%1."'), Part.LIST),
    "a list that shows words in place of a number": (
        everywhere(LISTS, 'w:val="decimal"', 'w:val="none"'),
        Part.LIST,
    ),
    "where one list begins": (everywhere(LISTS, "</w:num>", f"{OVERRIDE}</w:num>"), Part.LIST),
    "another list": (swap(DOCUMENT, '<w:numId w:val="1"/>', '<w:numId w:val="2"/>'), Part.BODY),
    "where a list begins": (
        everywhere(LISTS, '<w:start w:val="1"/>', '<w:start w:val="2"/>'),
        Part.LIST,
    ),
    # things drawn and embedded
    "the picture of a diagram": (part("word/diagrams/drawing1.xml", "<d>不流程</d>"), Part.FILE),
    "the data of a diagram": (part("word/diagrams/data1.xml", "<d>不流程</d>"), Part.OBJECT),
    "a chart": (swap("word/charts/chart1.xml", "<c:v>7", "<c:v>8"), Part.OBJECT),
    "words on a chart": (part("word/charts/shapes1.xml", "<s>不同的字</s>"), Part.OBJECT),
    "ink": (part("word/ink/ink1.xml", "<ink>9 9 9</ink>"), Part.DRAWING),
    "an embedded object": (part("word/embeddings/o.bin", b"\x02object"), Part.OBJECT),
    "an embedded font": (part("word/fonts/f.odttf", b"\x02font"), Part.FONT),
    "another font in place of one": (
        swap(FONTS, FACE, f'{FACE}<w:altName w:val="Wingdings"/>'),
        Part.FONT,
    ),
    "a picture": (part("word/media/image1.png", picture("blue").getvalue()), Part.PICTURE),
    "a picture's size": (swap(DOCUMENT, EXTENT, EXTENT.replace("1080000", "9")), Part.PICTURE),
    "a picture's part that is shown": (
        swap(DOCUMENT, "<a:stretch>", '<a:srcRect l="50000"/><a:stretch>'),
        Part.PICTURE,
    ),
    "a picture from elsewhere": (
        swap(
            RELATIONS,
            'Target="media/image1.png"',
            f'Target="http://example.invalid/x.png"{EXTERNAL}',
        ),
        Part.PICTURE,
    ),
    "a shape's outline": (
        swap(DOCUMENT, '<a:pt x="0" y="0"/>', '<a:pt x="9" y="9"/>'),
        Part.DRAWING,
    ),
    "a white shape over the words": (body(WHITE), Part.DRAWING),
    "a formula's sign": (swap(DOCUMENT, 'm:val="∑"', 'm:val="∏"'), Part.OBJECT),
    "a formula's structure": (
        both(swap(DOCUMENT, "<m:sSup>", "<m:sSub>"), swap(DOCUMENT, "</m:sSup>", "</m:sSub>")),
        Part.OBJECT,
    ),
    # how words look
    "hidden": (run("<w:vanish/>"), Part.BODY),
    "white": (run('<w:color w:val="FFFFFF"/>'), Part.BODY),
    "a theme's colour": (run('<w:color w:val="auto" w:themeColor="background1"/>'), Part.BODY),
    "filled with nothing": (run("<w14:textFill><w14:noFill/></w14:textFill>"), Part.BODY),
    "shaded": (run('<w:shd w:val="solid" w:color="000000" w:fill="000000"/>'), Part.BODY),
    "lowered out of sight": (run('<w:position w:val="-200"/>'), Part.BODY),
    "set upon each other": (run('<w:spacing w:val="-400"/>'), Part.BODY),
    "a paragraph's shade": (paragraph(SHADE), Part.BODY),
    "a paragraph's frame": (paragraph(FRAMED), Part.BODY),
    "a paragraph's lines": (paragraph('<w:spacing w:line="1" w:lineRule="exact"/>'), Part.BODY),
    "a paragraph's style": (paragraph('<w:pStyle w:val="Title"/>'), Part.BODY),
    "a cell's shade": (swap(DOCUMENT, "<w:tcPr>", f"<w:tcPr>{SHADE}"), Part.TABLE),
    "a row's height": (
        swap(DOCUMENT, ROW, LOW),
        Part.TABLE,
    ),
    "a cell's width": (
        swap(DOCUMENT, '<w:tcW w:type="dxa" w:w="4422"', '<w:tcW w:type="dxa" w:w="1"'),
        Part.TABLE,
    ),
    "the page": (swap(DOCUMENT, '<w:pgSz w:w="11906"', '<w:pgSz w:w="1190"'), Part.PAGE),
    "the page's background": (
        swap(DOCUMENT, "<w:body>", '<w:background w:color="000000"/><w:body>'),
        Part.SETTING,
    ),
    "what is filled in, hidden": (
        swap(DOCUMENT, NUMBERED, NUMBERED.replace("<w:t>", "<w:rPr><w:vanish/></w:rPr><w:t>")),
        Part.BODY,
    ),
    # what holds for the whole file
    "a style": (swap(STYLES, '<w:sz w:val="32"/>', '<w:sz w:val="2"/>'), Part.STYLE),
    "the defaults of all styles": (
        swap(STYLES, "<w:rPrDefault><w:rPr>", "<w:rPrDefault><w:rPr><w:vanish/>"),
        Part.STYLE,
    ),
    "a style that was missing": (
        both(
            swap(STYLES, 'w:styleId="Header"', 'w:styleId="header"'),
            swap(STYLES, "</w:styles>", ALIKE),
        ),
        Part.STYLE,
    ),
    "the style of line numbers": (swap(STYLES, "</w:styles>", LINES), Part.STYLE),
    "another usual style": (swap(STYLES, "</w:styles>", USUAL), Part.STYLE),
    "the theme": (
        swap("word/theme/theme1.xml", 'lastClr="000000"', 'lastClr="FFFFFF"'),
        Part.THEME,
    ),
    "how colours are mapped": (swap(SETTINGS, 'w:t1="dark1"', 'w:t1="light1"'), Part.SETTING),
    "an unknown setting": (setting('<w:newer w:val="1"/>'), Part.SETTING),
    "a switch of compatibility": (swap(SETTINGS, "<w:useFELayout/>", ""), Part.SETTING),
    "the way of laying out": (
        swap(
            SETTINGS,
            'w:uri="http://schemas.microsoft.com/office/word" w:val="14"',
            'w:uri="http://schemas.microsoft.com/office/word" w:val="0"',
        ),
        Part.SETTING,
    ),
    "the template": (
        swap("word/_rels/settings.xml.rels", "sample.dotx", "other.dotx"),
        Part.SETTING,
    ),
    "pages within pages": (
        swap("word/webSettings.xml", "</w:webSettings>", "<w:frameset/></w:webSettings>"),
        Part.SETTING,
    ),
    "the line above notes": (
        swap(
            "word/footnotes.xml",
            NOTE,
            NOTE.replace("<w:separator/>", "<w:separator/><w:t>不</w:t>"),
        ),
        Part.FOOTNOTE,
    ),
    "a note": (swap("word/footnotes.xml", "样例脚注", "样例脚住"), Part.FOOTNOTE),
    "the style of older programs": (drop("word/stylesWithEffects.xml"), Part.FILE),
    # parts, their kinds and what leads to them
    "macros": (
        both(
            part("word/vbaProject.bin", b"\x01", "application/vnd.ms-office.vbaProject"),
            related("rId60", VBA, "vbaProject.bin"),
        ),
        Part.FILE,
    ),
    "a part that nothing leads to": (part("word/more.xml", "<x/>"), Part.FILE),
    "a part's kind": (
        swap(TYPES, "wordprocessingml.styles+xml", "wordprocessingml.other+xml"),
        Part.FILE,
    ),
    "a kind declared twice": (
        swap(TYPES, "</Types>", TWICE),
        Part.FILE,
    ),
    "where a link leads": (
        swap(RELATIONS, "example.invalid/sample", "example.invalid/other"),
        Part.BODY,
    ),
    "two parts that change places": (
        both(
            swap(RELATIONS, 'Target="charts/chart1.xml"', 'Target="?"'),
            swap(RELATIONS, 'Target="embeddings/o.bin"', 'Target="charts/chart1.xml"'),
            swap(RELATIONS, 'Target="?"', 'Target="embeddings/o.bin"'),
        ),
        Part.OBJECT,
    ),
    "other styles": (
        both(
            part("word/other.xml", "<x/>"),
            swap(RELATIONS, 'Target="styles.xml"', 'Target="other.xml"'),
        ),
        Part.STYLE,
    ),
    "a header": (swap("word/header1.xml", "样例页眉", "样例眉页"), Part.HEADER),
    "a header named twice": (
        swap(DOCUMENT, "<w:headerReference", '<w:headerReference r:id="rId13"/><w:headerReference'),
        Part.HEADER,
    ),
    "a header named once more": (
        swap(DOCUMENT, "<w:pgSz", '<w:headerReference w:type="default" r:id="rId12"/><w:pgSz'),
        Part.PAGE,
    ),
    "a header's shape": (swap("word/header1.xml", "</w:p>", f"</w:p>{WHITE}"), Part.DRAWING),
}


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("drafts") / "approved.docx"
    path.write_bytes(rich())
    return path


def compared(approved: Path, content: bytes) -> Comparison:
    """Compare without laying out the pages: what is told is told by the files alone."""
    given = approved.parent / "given.docx"
    given.write_bytes(content)
    handler = DocxHandler()
    return compare(handler.content(approved), handler.content(given), LATE)


def test_the_draft_filled_in_and_nothing_else_is_accepted(approved: Path) -> None:
    found = compared(approved, rich(*FILLED))
    assert found.differences == ()
    assert [each.value for each in found.fields] == ["文号", "成文日期"]


@pytest.mark.parametrize("name", FORGED)
def test_a_filled_in_draft_that_was_changed_besides_is_refused(name: str, approved: Path) -> None:
    change, where = FORGED[name]
    found = compared(approved, rich(*FILLED, change))
    parts = {piece.part for each in found.differences for piece in (*each.old, *each.new)}
    assert where in parts
    assert all(str(difference_words(each)) and str(each.place) for each in found.differences)


def test_a_part_that_is_there_twice_is_refused(approved: Path, tmp_path: Path) -> None:
    stream = BytesIO(rich(*FILLED))
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning):
        archive.writestr(DOCUMENT, unpacked(rich(*FILLED))[DOCUMENT])
    twice = tmp_path / "twice.docx"
    twice.write_bytes(stream.getvalue())
    with pytest.raises(DraftBroken, match="twice"):
        compare_drafts(approved, twice, LATE)


def test_a_second_directory_at_the_end_of_the_file_is_refused(
    approved: Path, tmp_path: Path
) -> None:
    """Readers differ in which directory they believe: each would show another draft."""
    one, other = rich(*FILLED), rich(*FILLED, swap(DOCUMENT, "123次", "128次"))
    hidden = tmp_path / "hidden.docx"
    for content in (other + one, one + b"\0" * 8, one[:-2] + b"\4\0more"):
        hidden.write_bytes(content)
        with pytest.raises((DraftNotComparable, DraftBroken)):
            compare_drafts(approved, hidden, LATE)


def test_a_file_with_macros_is_no_docx(approved: Path, tmp_path: Path) -> None:
    macros = tmp_path / "macros.docx"
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    usual = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macros.write_bytes(rich(*FILLED, swap(TYPES, usual, kind)))
    with pytest.raises(DraftWrongSuffix):
        compare_drafts(approved, macros, LATE)
