"""The faces: measured with FreeType (Pillow), which shares no code with what is tested."""

from __future__ import annotations

import pickle
import re
import struct
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTCollection, TTFont
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from dingmi_mark.errors import FontUnusable, GlyphMissing
from dingmi_mark.formats.base import Faces
from dingmi_mark.store.fonts import BUNDLED, OfficeFaces

MARK = "机密★10年"


def _drawn(font: ImageFont.FreeTypeFont, text: str) -> Image.Image:
    """Draw at 800 px and shrink: FreeType's hinting is then too small to be seen."""
    picture = Image.new("L", (960 * len(text), 1120), 255)
    ImageDraw.Draw(picture).text((80, 880), text, fill=0, font=font, anchor="ls")
    return picture.reduce(8)


def _font(where: Path | bytes, index: int = 0) -> ImageFont.FreeTypeFont:
    source = BytesIO(where) if isinstance(where, bytes) else where
    return ImageFont.truetype(source, 800, index, layout_engine=ImageFont.Layout.BASIC)


@pytest.fixture(scope="module")
def faces() -> OfficeFaces:
    return OfficeFaces({})


@pytest.fixture
def cubic(tmp_path: Path) -> Path:
    """An OpenType font with CFF outlines: 密 is a square of 1000 units with a round hole."""
    path = tmp_path / "cubic.otf"
    _cubic_font().save(path)
    return path


def _cubic_font() -> TTFont:
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef", "mi"])
    builder.setupCharacterMap({ord("密"): "mi"})
    pen = T2CharStringPen(1000, None)
    pen.moveTo((0, -120))
    for corner in ((1000, -120), (1000, 880), (0, 880)):
        pen.lineTo(corner)
    pen.closePath()
    pen.moveTo((300, 380))
    pen.curveTo((300, 500), (700, 500), (700, 380))
    pen.curveTo((700, 260), (300, 260), (300, 380))
    pen.closePath()
    blank = T2CharStringPen(500, None).getCharString()
    builder.setupCFF("Square", {}, {".notdef": blank, "mi": pen.getCharString()}, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "mi": (1000, 0)})
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, fsType=0)
    builder.setupNameTable({"familyName": "Square", "psName": "Square"})
    builder.setupPost()
    return builder.font


def test_faces_keep_the_protocol_of_the_formats(faces: OfficeFaces) -> None:
    as_protocol: Faces = faces
    assert as_protocol.file("heiti") == BUNDLED


def test_the_bundled_font_has_its_characters_licence_and_place_in_bounds() -> None:
    font = TTFont(BUNDLED, lazy=True)
    cmap = font.getBestCmap()
    gb2312 = {c for c in map(chr, range(0x4E00, 0xA000)) if _encodable(c)}
    assert len(gb2312) == 6763
    assert {chr(code) for code in cmap} >= gb2312 | set("★〔〕（）—…《》年月日 019AZaz")
    assert {"䶮", "堃", "𬭩"} <= {chr(code) for code in cmap}, "通用规范汉字表"
    assert "glyf" in font
    assert not {"GSUB", "GPOS", "vmtx", "fpgm", "prep"} & set(font.keys())
    assert font["OS/2"].fsType == 0
    assert "Open Font License" in font["name"].getDebugName(13)
    assert font["name"].getDebugName(1) == "Noto Sans CJK SC Medium subset"
    assert "SIL OPEN FONT LICENSE" in (BUNDLED.parent / "OFL.txt").read_text("utf-8")
    assert BUNDLED.stat().st_size < 3_000_000


def _encodable(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def test_only_the_bundled_black_face_is_no_substitute(tmp_path: Path) -> None:
    own = OfficeFaces({"kaiti": BUNDLED})
    assert not own.substituted("heiti")
    assert not own.substituted("kaiti")
    assert own.substituted("fangsong")
    assert own.substituted("xiaobiaosong")


def test_families_are_those_of_the_office_templates() -> None:
    faces = OfficeFaces({}, {"fangsong": "仿宋"})
    assert [faces.family(r) for r in ("heiti", "fangsong", "kaiti", "xiaobiaosong")] == [
        "黑体",
        "仿宋",
        "楷体_GB2312",
        "方正小标宋简体",
    ]


def test_hanzi_are_one_em_wide_and_digits_half(faces: OfficeFaces) -> None:
    em = 16 * 25.4 / 72
    assert faces.advance_mm("机密★年", "heiti", 16) == pytest.approx(4 * em)
    assert 0.5 * em <= faces.advance_mm("1", "heiti", 16) <= 0.6 * em
    assert faces.advance_mm("", "heiti", 16) == 0


def test_width_agrees_with_freetype(faces: OfficeFaces) -> None:
    font = ImageFont.truetype(BUNDLED, 1000, layout_engine=ImageFont.Layout.BASIC)
    in_em = faces.advance_mm(MARK, "heiti", 72) / 25.4
    assert font.getlength(MARK) / 1000 == pytest.approx(in_em, abs=0.01)


def test_baseline_bounds_the_em_box_of_hanzi(faces: OfficeFaces) -> None:
    assert faces.baseline("heiti") == pytest.approx(0.88)
    ink = ImageChops.invert(_drawn(_font(BUNDLED), "国")).point(lambda v: 255 * (v > 128))
    assert ink.getbbox() is not None
    _, top, _, bottom = ink.getbbox() or (0, 0, 0, 0)
    assert 110 - 88 <= top < bottom <= 110 + 12


def test_missing_glyphs_are_all_named(faces: OfficeFaces) -> None:
    with pytest.raises(GlyphMissing) as caught:
        faces.advance_mm("机\U0001f600密鿿\U0001f600", "heiti", 16)
    assert caught.value.params["characters"] == "\U0001f600鿿"


def test_letters_are_drawn_as_the_whole_font_draws_them(faces: OfficeFaces) -> None:
    assert _same(_drawn(_font(faces.letters("heiti", MARK)), MARK), _drawn(_font(BUNDLED), MARK))


def test_letters_that_a_known_face_holds_are_drawn_with_it(faces: OfficeFaces) -> None:
    whole = faces.embedded("heiti", MARK + "绝")
    assert faces.letters("heiti", "绝") is whole.ttf
    assert faces.letters("heiti", "秘") != whole.ttf


def test_texts_that_differ_in_figures_share_a_face(faces: OfficeFaces) -> None:
    assert faces.embedded("heiti", "机密★10年") is faces.embedded("heiti", "机密★25年")
    assert set("0123456789") <= set(faces.embedded("heiti", "机密★10年").gids)
    assert not set("0123456789") & set(faces.embedded("heiti", "机密").gids)


def test_a_batch_of_many_names_keeps_few_faces(faces: OfficeFaces) -> None:
    for character in sorted(OfficeFaces({})._font("heiti")._cmap)[-80:]:
        faces.embedded("heiti", chr(character))
    assert len(faces._embedded) <= 64
    assert faces.embedded("heiti", "一").gids == {"一": 1}


def test_figures_a_font_lacks_are_not_asked_of_it(cubic: Path) -> None:
    own = OfficeFaces({"heiti": cubic})
    with pytest.raises(GlyphMissing) as caught:
        own.embedded("heiti", "密7")
    assert caught.value.params["characters"] == "7"


def _same(one: Image.Image, other: Image.Image) -> bool:
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0] < 0.5


def test_embedded_is_small_complete_and_draws_the_same(faces: OfficeFaces) -> None:
    embedded = faces.embedded("heiti", MARK)
    assert len(embedded.ttf) < 3_000
    font = TTFont(BytesIO(embedded.ttf))
    for character in MARK:
        gid = embedded.gids[character]
        assert font.getGlyphID(font.getBestCmap()[ord(character)]) == gid
        assert font["hmtx"][font.getGlyphOrder()[gid]][0] == embedded.widths[character]
    assert embedded.widths["密"] == 1000
    assert (embedded.ascent, embedded.descent) == (880, -120)
    assert embedded.bbox[0] < embedded.bbox[2] <= 1000
    assert {"glyf", "loca", "head", "hhea", "hmtx", "maxp"} <= set(font.keys())
    assert _same(_drawn(_font(embedded.ttf), MARK), _drawn(_font(BUNDLED), MARK))


def test_same_text_same_bytes_in_any_order_and_process(faces: OfficeFaces) -> None:
    embedded = faces.embedded("heiti", MARK)
    again = OfficeFaces({}).embedded("heiti", MARK[::-1] + MARK)
    assert again.ttf == embedded.ttf
    tag, _, name = embedded.postscript_name.partition("+")
    assert again.postscript_name == embedded.postscript_name
    assert re.fullmatch("[A-Z]{6}", tag)
    assert name == "dingmi-heiti"
    assert faces.embedded("heiti", MARK + MARK) is embedded
    assert faces.embedded("heiti", "绝密").postscript_name != embedded.postscript_name


def test_faces_cross_a_process_border() -> None:
    faces = OfficeFaces({}, {"heiti": "思源黑体"})
    faces.embedded("heiti", MARK)
    arrived = pickle.loads(pickle.dumps(faces))
    assert arrived.family("heiti") == "思源黑体"
    assert arrived.embedded("heiti", MARK).ttf == faces.embedded("heiti", MARK).ttf


def test_cubic_outlines_become_quadratic(cubic: Path) -> None:
    faces = OfficeFaces({"heiti": cubic})
    embedded = faces.embedded("heiti", "密")
    assert "glyf" in TTFont(BytesIO(embedded.ttf))
    assert embedded.widths == {"密": 1000}
    picture = _drawn(_font(embedded.ttf), "密")
    assert picture.getpixel((15, 30)) == 0
    assert picture.getpixel((60, 72)) == 255, "the hole"


def test_a_face_of_a_collection_is_named_by_its_number(cubic: Path, tmp_path: Path) -> None:
    other = _cubic_font()
    other["OS/2"].sTypoAscender, other["OS/2"].sTypoDescender = 500, -500
    collection = TTCollection()
    collection.fonts = [TTFont(cubic), other]
    collection.save(tmp_path / "both.ttc")
    faces = OfficeFaces(
        {"heiti": tmp_path / "both.ttc", "kaiti": Path(f"{tmp_path / 'both.ttc'}#1")}
    )
    assert faces.baseline("heiti") == pytest.approx(0.88)
    assert faces.baseline("kaiti") == pytest.approx(0.5)
    assert (faces.file("kaiti"), faces.index("kaiti")) == (tmp_path / "both.ttc", 1)


@pytest.mark.parametrize(
    ("rights", "usable"), [(0, True), (0x0002, False), (0x0008, True), (0x0100, False)]
)
def test_embedding_rights_are_kept(cubic: Path, rights: int, usable: bool) -> None:
    font = TTFont(cubic)
    font["OS/2"].fsType = rights
    font.save(cubic)
    faces = OfficeFaces({"heiti": cubic})
    if usable:
        faces.letters("heiti", "密")
        return
    with pytest.raises(FontUnusable, match="fsType"):
        faces.letters("heiti", "密")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a font",
        BUNDLED.read_bytes()[:300],
        BUNDLED.read_bytes()[:400_000],
        struct.pack(">IHHHH", 0x00010000, 0, 0, 0, 0),
    ],
    ids=["empty", "text", "header only", "cut off", "no tables"],
)
def test_a_file_that_is_no_font_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(content)
    with pytest.raises(FontUnusable):
        OfficeFaces({"heiti": path}).embedded("heiti", MARK)


@pytest.mark.parametrize("table", ["glyf", "cmap", "head", "hmtx", "hhea", "loca"])
def test_a_font_without_a_table_is_refused(tmp_path: Path, table: str) -> None:
    path = tmp_path / "font.ttf"
    path.write_bytes(_drop_from_directory(BUNDLED.read_bytes(), table))
    with pytest.raises(FontUnusable):
        OfficeFaces({"heiti": path}).embedded("heiti", MARK)


def _drop_from_directory(font: bytes, table: str) -> bytes:
    """Rename a table in the directory of an sfnt, so that no reader finds it."""
    return font.replace(table.encode().ljust(4), b"zzzz", 1)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FontUnusable):
        OfficeFaces({"heiti": tmp_path / "none.ttf"}).baseline("heiti")


def test_a_mark_is_set_without_loading_what_reads_documents() -> None:
    """What is loaded decides how long a cold start takes."""
    heavy = (
        "{'pymupdf', 'pikepdf', 'docx', 'openpyxl', 'sqlalchemy', 'pydantic', 'fontTools.subset'}"
    )
    program = (
        "import sys; from dingmi_mark.store.fonts import OfficeFaces; "
        f"OfficeFaces({{}}).embedded('heiti', {MARK!r}); print({heavy} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert told.stdout.split() == [b"set()"]
