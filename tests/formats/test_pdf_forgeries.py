"""Whatever is done to a filled-in PDF besides is told, also what no screen shows."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

import pdf_forgery_kit as kit
from dingmi_mark.domain.comparison import Comparison, Part
from dingmi_mark.errors import DraftNotComparable, DraftUnsupported
from dingmi_mark.formats.pdf.looks import MOST_LAYERS
from dingmi_mark.pipeline.comparing import compare_drafts, difference_lines
from late_kit import ALL, FILLED, LATE, LIBREOFFICE, paper, replaced, saved_anew
from pdf_forgery_kit import Change, forged, nothing

pytestmark = LIBREOFFICE


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("approved"))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("filled"), *FILLED)


def exported(folder: Path, *edits: object) -> Path:
    path = folder / "draft.docx"
    path.write_bytes(paper(*edits))  # type: ignore[arg-type]
    return saved_anew(path, "pdf")


def told(found: Comparison) -> str:
    """All that a secretary reads of it."""
    lines = difference_lines(found.differences, most=len(found.differences))
    return "\n".join(str(line) for line in lines)


def parts(found: Comparison) -> set[Part]:
    return {piece.part for each in found.differences for piece in (*each.old, *each.new)}


ACTIVE: list[tuple[str, Change, Change, Part, str]] = [
    (
        "a script that runs when the file is opened",
        nothing,
        kit.catalog("/OpenAction", kit.JS),
        Part.ACTION,
        "打开文件时的动作【：JavaScript 脚本】",
    ),
    (
        "a script in the list of scripts",
        nothing,
        kit.catalog(
            "/Names", Dictionary(JavaScript=Dictionary(Names=Array([String("样例"), kit.JS])))
        ),
        Part.ACTION,
        "打开文件时运行的脚本 样例：JavaScript",
    ),
    (
        "a script that runs before printing",
        nothing,
        kit.catalog("/AA", Dictionary(WP=kit.JS)),
        Part.ACTION,
        "文件的自动动作：JavaScript",
    ),
    (
        "a script that runs when a page is shown",
        nothing,
        kit.on_page("/AA", Dictionary(O=kit.JS)),
        Part.ACTION,
        "这一页的自动动作：JavaScript",
    ),
    (
        "a program started by a link",
        nothing,
        kit.noted("/Link", A=Dictionary(S=Name.Launch, F=String("sample.exe"))),
        Part.LINK,
        "链接：启动程序",
    ),
    (
        "a form that is sent away",
        nothing,
        kit.noted("/Link", A=Dictionary(S=Name.SubmitForm, F=String("http://example.invalid"))),
        Part.LINK,
        "提交表单",
    ),
    (
        "data that are read in",
        nothing,
        kit.noted("/Link", A=Dictionary(S=Name.ImportData, F=String("sample.fdf"))),
        Part.LINK,
        "导入数据",
    ),
    (
        "an embedded file that is opened",
        nothing,
        kit.noted("/Link", A=Dictionary(S=Name.GoToE, D=String("x"))),
        Part.LINK,
        "打开嵌入的文件",
    ),
    (
        "a script behind a plain link, as its second action",
        kit.noted("/Link", A=Dictionary(S=Name.URI, URI=String("http://example.invalid"))),
        lambda pdf: pdf.pages[0].Annots[-1].A.__setitem__("/Next", kit.JS),
        Part.LINK,
        "http://example.invalid",
    ),
    ("a rich media player", nothing, kit.noted("/RichMedia"), Part.COMMENT, "富媒体"),
    ("a three-dimensional model", nothing, kit.noted("/3D"), Part.COMMENT, "三维模型"),
    (
        "a film",
        nothing,
        kit.noted("/Screen", A=Dictionary(S=Name.Rendition, OP=0)),
        Part.COMMENT,
        "播放媒体",
    ),
    (
        "a bookmark that runs a script",
        kit.bookmarked("样例"),
        kit.bookmark_acts,
        Part.BOOKMARK,
        "样例【：JavaScript 脚本】",
    ),
    ("what a link's prefix is", nothing, kit.catalog("/URI", Dictionary()), Part.ACTION, "网址"),
]

FIELDS: list[tuple[str, Change, Change, Part, str]] = [
    ("a field added", nothing, kit.box, Part.FIELD, "表单域 样例框"),
    ("a field's value", kit.box, kit.field("/V", Name.Yes), Part.FIELD, "表单域 样例框"),
    ("a field's default", kit.box, kit.field("/DV", Name.Yes), Part.FIELD, "表单域 样例框"),
    ("a field only printed", kit.box, kit.field("/F", 4 | 32), Part.FIELD, "屏幕上不显示"),
    ("a field hidden", kit.box, kit.field("/F", 2), Part.FIELD, "隐藏"),
    ("a field never printed", kit.box, kit.field("/F", 0), Part.FIELD, "不打印"),
    ("the look of a state not shown", kit.box, kit.other_state, Part.FIELD, "样例框"),
    ("a script in a field", kit.box, kit.field("/AA", Dictionary(F=kit.JS)), Part.FIELD, "脚本"),
    ("a script above a field", kit.box, kit.above, Part.FIELD, "样例框"),
    ("a file pinned on", nothing, kit.pinned(b"sample"), Part.COMMENT, "附件"),
    ("what it holds", kit.pinned(b"sample"), kit.pinned(b"simple"), Part.COMMENT, "附件"),
    ("a stamp only printed", nothing, kit.stamped(4 | 32), Part.COMMENT, "屏幕上不显示"),
    ("a stamp only on screens", nothing, kit.stamped(0), Part.COMMENT, "不打印"),
    ("a hidden stamp", nothing, kit.stamped(2), Part.COMMENT, "隐藏"),
    (
        "a note's words",
        kit.noted("/Text", Contents=String("样例甲")),
        lambda pdf: pdf.pages[0].Annots[-1].__setitem__("/Contents", String("样例乙")),
        Part.COMMENT,
        "样例【乙】",
    ),
]

LAYERS: list[tuple[str, Change, Change, Part, str]] = [
    ("layers added", nothing, kit.layers, Part.LAYER, "图层 甲"),
    ("a layer shown", kit.layers, kit.shown_layer, Part.LAYER, "图层的显示和打印设置"),
    ("a layer printed", kit.layers, kit.printed_layer, Part.LAYER, "图层 乙"),
    ("a layer switched by printing", kit.layers, kit.layer_events, Part.LAYER, "打印设置"),
    ("a layer that hangs on others", kit.layers, kit.layer_by_others, Part.DRAWN, "图层等标记"),
    ("another configuration", kit.layers, kit.other_configuration, Part.LAYER, "打印设置"),
    ("what a hidden layer shows", kit.layers, kit.moved_between_layers, Part.DRAWING, "线条"),
    ("what is on a layer", kit.layers, kit.layer_of_the_other, Part.DRAWING, "线条、图形"),
    (
        "a picture on a layer",
        kit.layers,
        lambda pdf: kit.pictures(pdf)[0][1].__setitem__("/OC", pdf.Root.OCProperties.OCGs[0]),
        Part.DRAWN,
        "图片等",
    ),
]

PAGES: list[tuple[str, Change, Change, Part, str]] = [
    ("a page cut", nothing, kit.on_page("/CropBox", Array([0, 50, 595, 841])), Part.PAGE, "边界"),
    ("a page's paper", nothing, kit.on_page("/TrimBox", Array([0, 50, 595, 841])), Part.PAGE, ""),
    ("a page turned", nothing, kit.on_page("/Rotate", 180), Part.PAGE, "边界和方向"),
    ("a page's unit", nothing, kit.on_page("/UserUnit", 2), Part.PAGE, "边界和方向"),
    ("how long a page stays", nothing, kit.on_page("/Dur", 3), Part.SETTING, "页面设置 Dur"),
    ("page labels", kit.labelled("/D"), kit.labelled("/r"), Part.PAGE, "页码标签"),
    (
        "which pages are printed",
        nothing,
        kit.catalog("/ViewerPreferences", Dictionary(PrintPageRange=Array([1, 1]))),
        Part.SETTING,
        "显示和打印的设置",
    ),
    ("a broken end of the content", nothing, kit.drawn(b"Q Q"), Part.PAGE, "没有正常结束"),
    ("content no reader knows", nothing, kit.drawn(b"1 0 sample"), Part.PAGE, "有错误"),
    ("words beside the page", nothing, kit.typed(b"700 700 Td (Sample) Tj"), Part.BODY, "Sample"),
    ("words never drawn", nothing, kit.typed(b"3 Tr 300 190 Td (Sample) Tj"), Part.BODY, "隐藏"),
    (
        "words drawn as a clip",
        nothing,
        kit.typed(b"7 Tr 300 190 Td (Sample) Tj"),
        Part.BODY,
        "Sample",
    ),
    (
        "words cut away",
        nothing,
        kit.typed(b"0 0 1 1 re W n 300 190 Td (Sample) Tj"),
        Part.BODY,
        "Sample",
    ),
    (
        "other words for screen readers",
        kit.structured("样例甲"),
        kit.structured("样例乙"),
        Part.SETTING,
        "样例【乙】",
    ),
    (
        "other words when copied",
        kit.typed(b"300 190 Td (Sample) Tj"),
        lambda pdf: replaced_content(
            pdf, b"(Sample) Tj", b"/Span <</ActualText (Other!)>> BDC (Sample) Tj EMC"
        ),
        Part.BODY,
        "Other",
    ),
]

DRAWN: list[tuple[str, Change, Change, Part, str]] = [
    (
        "a thin short line moved by 0.2 mm",
        kit.drawn(b"0.1 w 300 100 m 310 100 l S"),
        lambda pdf: replaced_content(pdf, b"310 100 l", b"310 100.6 l"),
        Part.DRAWING,
        "线条、图形",
    ),
    (
        "a corner of a shape in the middle of it",
        kit.drawn(b"0.1 w 300 100 m 305 105 l 310 100 l S"),
        lambda pdf: replaced_content(pdf, b"305 105 l", b"306 105 l"),
        Part.DRAWING,
        "线条、图形",
    ),
    (
        "a gradient",
        nothing,
        kit.resource(
            "/Shading",
            "/ShX",
            lambda pdf: Dictionary(
                ShadingType=2,
                ColorSpace=Name.DeviceGray,
                Coords=Array([0, 0, 1, 0]),
                Function=Dictionary(
                    FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([0]), C1=Array([1])
                ),
            ),
        ),
        Part.DRAWN,
        "渐变",
    ),
    ("see-through", nothing, kit.state(ca=0.5), Part.DRAWN, "透明、叠印"),
    ("overprint", nothing, kit.state(OP=True, OPM=1), Part.DRAWN, "透明、叠印"),
    (
        "other greys in print",
        kit.state(OPM=0),
        lambda pdf: pdf.pages[0].Resources.ExtGState.GsX.__setitem__(
            "/TR",
            Dictionary(FunctionType=2, N=1, Domain=Array([0, 1]), C0=Array([1]), C1=Array([0])),
        ),
        Part.DRAWN,
        "透明、叠印",
    ),
    (
        "a state that calls itself a font",
        kit.state(OPM=0, Type=Name.Font),
        lambda pdf: pdf.pages[0].Resources.ExtGState.GsX.__setitem__("/OP", True),
        Part.DRAWN,
        "透明、叠印",
    ),
    ("one point of a picture", nothing, kit.finely_other, Part.PICTURE, "图片"),
    (
        "a picture written into the content",
        nothing,
        kit.drawn(b"q 1 0 0 1 300 190 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x80 EI Q"),
        Part.PICTURE,
        "图片",
    ),
    ("a mask that lets all through", nothing, kit.masked, Part.DRAWN, "图片等"),
    ("another picture in print", nothing, kit.printed_otherwise, Part.DRAWN, "图片等"),
    (
        "a font that is not in the file",
        kit.typed(b"300 90 Td (\\001) Tj"),
        kit.other_typeface,
        Part.DRAWN,
        "没有嵌入文件的字体 【Symbol】",
    ),
    (
        "letters of it that mean others",
        kit.typed(b"300 90 Td (\\001) Tj"),
        kit.other_encoding,
        Part.DRAWN,
        "没有嵌入文件的字体 Helvetica",
    ),
]

FACTS: list[tuple[str, Change, Change, Part, str]] = [
    ("an attachment", nothing, kit.attached(b"sample"), Part.OBJECT, "附件 样例.txt"),
    (
        "what an attachment holds",
        kit.attached(b"sample"),
        kit.attached(b"simple"),
        Part.OBJECT,
        "附件 样例.txt",
    ),
    ("a portfolio", nothing, kit.catalog("/Collection", Dictionary()), Part.OBJECT, "文件包"),
    (
        "files that belong to it",
        nothing,
        kit.catalog("/AF", Array([Dictionary(F=String("x"))])),
        Part.OBJECT,
        "关联的文件",
    ),
    (
        "a bookmark's title",
        kit.bookmarked("样例甲"),
        lambda pdf: pdf.Root.Outlines.First.__setitem__("/Title", String("样例乙")),
        Part.BOOKMARK,
        "样例【乙】",
    ),
    (
        "a named place",
        nothing,
        lambda pdf: kit.catalog("/Dests", Dictionary(Sample=Array([pdf.pages[0].obj, Name.Fit])))(
            pdf
        ),
        Part.LINK,
        "链接的目标",
    ),
    (
        "pages kept for scripts",
        nothing,
        lambda pdf: kit.catalog(
            "/Names",
            Dictionary(Templates=Dictionary(Names=Array([String("样例"), pdf.pages[0].obj]))),
        )(pdf),
        Part.SETTING,
        "命名的内容 Templates 样例",
    ),
    (
        "what stands beside the catalog",
        nothing,
        lambda pdf: pdf.trailer.__setitem__("/Sample", String("样例")),
        Part.SETTING,
        "文件设置 Sample",
    ),
    ("its title", nothing, kit.fact("/Title", "样例"), Part.FACTS, "Title：样例"),
    ("its author", nothing, kit.fact("/Author", "样例"), Part.FACTS, "Author"),
    ("its title in XMP", nothing, kit.xmp_fact("dc:title", "样例"), Part.FACTS, "title：x-default"),
    ("keys nobody knows", nothing, kit.catalog("/Sample", String("样例")), Part.SETTING, "Sample"),
]


def replaced_content(pdf: Pdf, old: bytes, new: bytes) -> None:
    page = pdf.pages[0]
    content = page.Contents.read_bytes()
    assert old in content
    page.Contents = pdf.make_stream(content.replace(old, new))


@pytest.mark.parametrize(
    ("before", "forge", "part", "words"),
    [
        pytest.param(*case[1:], id=case[0])
        for case in (*ACTIVE, *FIELDS, *LAYERS, *PAGES, *DRAWN, *FACTS)
    ],
)
def test_a_forgery_is_told(
    before: Change,
    forge: Change,
    part: Part,
    words: str,
    approved: Path,
    filled: Path,
    tmp_path: Path,
) -> None:
    old = forged(approved, tmp_path / "old.pdf", before)
    found = compare_drafts(old, forged(filled, tmp_path / "new.pdf", before, forge), LATE)
    assert part in parts(found), told(found)
    assert words in told(found)


# ── letters that lie ─────────────────────────────────────────────────────────────────────────


def lying(pdf: Pdf, shown: str, said: str) -> None:
    """Let a letter that is drawn be told as another."""
    old, new = (f"<{ord(letter):04X}>".encode() for letter in (shown, said))
    changed = 0
    for font in pdf.pages[0].Resources.Font.values():
        mapping = font.ToUnicode
        data = mapping.read_bytes()
        changed += old in data
        mapping.write(data.replace(old, new))
    assert changed


def test_ink_that_says_it_is_white_space_is_told(approved: Path, tmp_path: Path) -> None:
    """In a line that was filled in too, where the text has nothing but a gap."""
    draft = tmp_path / "draft"
    draft.mkdir()
    other = exported(
        draft, replaced("示密〔2026〕　号", "示密〔2026〕3号　　　　　废"), *FILLED[1:]
    )
    target = forged(other, tmp_path / "x.pdf", lambda pdf: lying(pdf, "废", " "))
    found = compare_drafts(approved, target, LATE)
    assert parts(found) == {Part.LOOK}
    assert "the page looks different on the screen" in told(found)


def test_letters_in_a_filled_in_line_that_show_another_letter_are_told(
    approved: Path, tmp_path: Path
) -> None:
    """Only the value may be new: 密 of the number shows 蜜, and says 密."""
    draft = tmp_path / "draft"
    draft.mkdir()
    other = exported(draft, replaced("示密〔2026〕　号", "示蜜〔2026〕3号"), *FILLED[1:])
    target = forged(other, tmp_path / "x.pdf", lambda pdf: lying(pdf, "蜜", "密"))
    found = compare_drafts(approved, target, LATE)
    assert parts(found) == {Part.LOOK}
    assert "letters look different in the line “示密〔2026〕3 号”" in told(found)


# ── what stops before anything is compared ───────────────────────────────────────────────────


def test_a_form_whose_pages_are_made_by_a_program_is_refused(
    approved: Path, filled: Path, tmp_path: Path
) -> None:
    other = forged(
        filled,
        tmp_path / "x.pdf",
        kit.box,
        lambda pdf: pdf.Root.AcroForm.__setitem__("/XFA", String("<xdp/>")),
    )
    with pytest.raises(DraftUnsupported, match="XFA"):
        compare_drafts(approved, other, LATE)


def test_a_file_of_very_many_layers_is_refused(
    approved: Path, filled: Path, tmp_path: Path
) -> None:
    def many(pdf: Pdf) -> None:
        groups = [
            pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(f"样例{number}")))
            for number in range(MOST_LAYERS + 1)
        ]
        pdf.Root.OCProperties = Dictionary(OCGs=Array(groups), D=Dictionary())

    paths = [
        forged(source, tmp_path / f"{source.parent.name}.pdf", many)
        for source in (approved, filled)
    ]
    with pytest.raises(DraftNotComparable, match="layers"):
        compare_drafts(*paths, LATE)


# ── what may differ ──────────────────────────────────────────────────────────────────────────


def software(pdf: Pdf) -> None:
    """Another program on another day."""
    for key, value in (
        ("/Producer", "样例软件二"),
        ("/Creator", "样例二"),
        ("/CreationDate", "D:20300101000000Z"),
        ("/ModDate", "D:20300102000000Z"),
    ):
        kit.fact(key, value)(pdf)
    kit.xmp_fact("xmp:CreatorTool", "样例二")(pdf)
    kit.xmp_fact("xmp:CreateDate", "2030-01-01T00:00:00Z")(pdf)
    kit.xmp_fact("xmpMM:InstanceID", "uuid:sample")(pdf)


def renumbered(pdf: Pdf) -> None:
    """Every object under another number, names of fonts under other letters."""
    for _ in range(50):
        pdf.make_indirect(Dictionary())
    for page in pdf.pages:
        page.obj.Resources = pdf.make_indirect(Dictionary(page.obj.Resources))
        fonts = page.obj.Resources.Font
        for font in fonts.values():
            font.BaseFont = Name("/QWERTY+" + str(font.BaseFont)[1:].rpartition("+")[2])
        page.obj.Resources.Font = Dictionary({key: value for key, value in fonts.items()})


def cut_into_streams(pdf: Pdf) -> None:
    """The same content in two streams, written with other white space."""
    content = pdf.pages[0].Contents.read_bytes()
    place = content.index(b"\nQ") + 1
    parts = (content[:place], content[place:])
    pdf.pages[0].Contents = Array([pdf.make_stream(part) for part in parts])


def renamed_pictures(pdf: Pdf) -> None:
    """A picture under another name."""
    page = pdf.pages[0]
    name, image = kit.pictures(pdf)[0]
    del page.Resources.XObject[name]
    page.Resources.XObject["/Other"] = image
    content = page.Contents.read_bytes()
    page.Contents = pdf.make_stream(content.replace(f"{name} Do".encode(), b"/Other Do"))


@pytest.mark.parametrize(
    "harmless", [nothing, software, renumbered, cut_into_streams, renamed_pictures]
)
def test_what_another_export_changes_is_accepted(
    harmless: Change, approved: Path, filled: Path, tmp_path: Path
) -> None:
    target = tmp_path / "x.pdf"
    with pikepdf.open(filled) as pdf:
        harmless(pdf)
        pdf.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            linearize=True,
        )
    found = compare_drafts(approved, target, LATE)
    assert (told(found), found.fields) == ("", ALL)


def test_two_exports_of_the_same_draft_are_the_same(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    paths = [exported(tmp_path / name, *FILLED) for name in ("one", "other")]
    assert paths[0].read_bytes() != paths[1].read_bytes()
    found = compare_drafts(*paths, LATE)
    assert (found.differences, found.filled) == ((), ())


@pytest.mark.parametrize(
    "before",
    [
        kit.box,
        kit.layers,
        kit.attached(b"sample"),
        kit.bookmarked("样例"),
        kit.labelled("/D"),
        kit.structured("样例"),
        kit.catalog("/OpenAction", kit.JS),
        kit.noted("/Link", A=Dictionary(S=Name.URI, URI=String("http://example.invalid"))),
        kit.noted("/Text", Contents=String("样例甲")),
        kit.pinned(b"sample"),
        kit.state(OPM=0, Type=Name.Font),
        kit.typed(b"300 90 Td (\\001) Tj"),
        kit.drawn(b"0.1 w 300 100 m 305 105 l 310 100 l S"),
    ],
)
def test_what_the_approved_draft_had_too_is_accepted(
    before: Change, approved: Path, filled: Path, tmp_path: Path
) -> None:
    """Approved as it is: what an office lets into its drafts is not judged here."""
    old = forged(approved, tmp_path / "old.pdf", before)
    new = forged(filled, tmp_path / "new.pdf", before)
    assert told(compare_drafts(old, new, LATE)) == ""
