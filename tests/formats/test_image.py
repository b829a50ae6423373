"""Pictures: measured with MuPDF and with the glyph table, not with the code that draws."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops, ImageDraw, ImageOps, PngImagePlugin

from dingmi_mark.domain.points import BoxAnchor, QuoteAnchor
from dingmi_mark.engine.shapes import (
    MM_PER_PT,
    Block,
    Box,
    Colour,
    Frame,
    PageSize,
    Picture,
    Rule,
    TextRun,
)
from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftEmpty,
    DraftTooCostly,
    DraftUnsupported,
    GlyphMissing,
    PageTooSmall,
    PlaceTaken,
    PointNotFound,
    PointUnsupported,
)
from dingmi_mark.formats.base import Carriers, FormatHandler, MarkJob, PointMark
from dingmi_mark.formats.image import IMAGE_HANDLERS, JpegHandler, PngHandler, TiffHandler
from dingmi_mark.formats.image.container import Sheet
from dingmi_mark.formats.image.directories import TiffFile
from dingmi_mark.formats.image.paper import paper_of
from dingmi_mark.store.fonts import BUNDLED, OfficeFaces

MARK = "机密★10年"
RED = Colour(200, 0, 0)
EM_16 = 16 * MM_PER_PT
RECORD = '{"保密期限":"10年","密级":"机密"}'.encode()
CARRIERS = Carriers("doc-1", "marking-1", "copy-1", RECORD, {"密级": "机密"})
FOREIGN_XMP = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
    b' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    b' dc:source="scanner 7"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)

PNG, JPEG, TIFF = PngHandler(), JpegHandler(), TiffHandler()
SUFFIX: Mapping[FormatHandler, str] = {PNG: ".png", JPEG: ".jpg", TIFF: ".tif"}
ALL = pytest.mark.parametrize("handler", [PNG, JPEG, TIFF], ids=["PNG", "JPEG", "TIFF"])


@pytest.fixture(scope="module")
def faces() -> OfficeFaces:
    return OfficeFaces({})


def text_block(faces: OfficeFaces, x: float = 28, y: float = 47.227) -> Block:
    box = Box(x, y, faces.advance_mm(MARK, "heiti", 16), EM_16)
    run = TextRun(MARK, box, y + faces.baseline("heiti") * EM_16, "heiti", 16)
    return Block("mark", box, (run,))


def stamp_block(x: float = 120, y: float = 20, colour: Colour = RED) -> Block:
    box = Box(x, y, 60, 30)
    rule = Rule(x, y + 10, x + 60, y + 10, 0.3, colour)
    return Block("stamp", box, (Frame(box, 0.5, colour), rule))


def job(*blocks: Block, points: tuple[PointMark, ...] = (), page: int = 0) -> MarkJob:
    return MarkJob({page: blocks} if blocks else {}, points, CARRIERS)


def a4(mode: str = "RGB", dpi: int = 150) -> Image.Image:
    """A white A4 page with a blue edge on top and lines of black at the lower half."""
    page = Image.new("RGB", (round(210 / 25.4 * dpi), round(297 / 25.4 * dpi)), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, page.width, dpi // 25), fill=(0, 90, 220))
    for line in range(10):
        top = page.height * (11 + line) // 22
        pen.rectangle((page.width // 3, top, page.width * 2 // 3, top + dpi // 15), fill="black")
    return page.convert(mode)


def saved(page: Image.Image, path: Path, dpi: int = 150, **options: Any) -> Path:
    page.save(path, dpi=(dpi, dpi), **options)
    return path


def marked(handler: FormatHandler, source: Path, work: MarkJob, faces: OfficeFaces) -> Path:
    target = source.with_name(f"marked-{source.name}")
    handler.mark(source, target, work, faces)
    return target


def rendered(path: Path, dpi: int = 300) -> Image.Image:
    """The first page as MuPDF shows it."""
    with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
        pixels = document[0].get_pixmap(dpi=dpi, alpha=False)
        return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def ink_box(
    page: Image.Image, dpi: int, within: Box, wanted: Callable[[Image.Image], Image.Image]
) -> Box:
    """Smallest box (mm) around the wanted pixels inside `within`."""
    scale = dpi / 25.4
    corner = (round(within.x * scale), round(within.y * scale))
    cut = page.crop((*corner, round(within.right * scale), round(within.bottom * scale)))
    found = wanted(cut).getbbox()
    assert found is not None, "no ink"
    left, top, right, bottom = (value / scale for value in found)
    x, y = corner[0] / scale, corner[1] / scale
    return Box(x + left, y + top, right - left, bottom - top)


def dark(picture: Image.Image) -> Image.Image:
    return picture.convert("L").point([255] * 128 + [0] * 128)


def reddish(picture: Image.Image) -> Image.Image:
    red, green, _ = picture.split()
    return ImageChops.subtract(red, green).point([0] * 80 + [255] * 176)


def expected_ink(block: Block) -> Box:
    """Where the letters' outlines must be, from the font's glyph table."""
    font = TTFont(BUNDLED, lazy=True)
    (run,) = (shape for shape in block.shapes if isinstance(shape, TextRun))
    unit = run.size_pt * MM_PER_PT / 1000
    x, edges = run.box.x, []
    for character in run.text:
        name = font.getBestCmap()[ord(character)]
        glyph = font["glyf"][name]
        edges.append((x + glyph.xMin * unit, x + glyph.xMax * unit, glyph.yMin, glyph.yMax))
        x += font["hmtx"][name][0] * unit
    left, right = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
    top = run.baseline - max(edge[3] for edge in edges) * unit
    bottom = run.baseline - min(edge[2] for edge in edges) * unit
    return Box(left, top, right - left, bottom - top)


def assert_close(found: Box, wanted: Box, tolerance: float) -> None:
    assert found.x == pytest.approx(wanted.x, abs=tolerance)
    assert found.y == pytest.approx(wanted.y, abs=tolerance)
    assert found.right == pytest.approx(wanted.right, abs=tolerance)
    assert found.bottom == pytest.approx(wanted.bottom, abs=tolerance)


# ── marks: place, size, colour ───────────────────────────────────────────────────────────────


@ALL
def test_marks_stand_at_their_millimetres(
    handler: FormatHandler, tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4(dpi=300), tmp_path / f"draft{SUFFIX[handler]}", 300)
    mark, stamp = text_block(faces), stamp_block()
    page = rendered(marked(handler, source, job(mark, stamp), faces))
    assert_close(ink_box(page, 300, mark.box.grown(3), dark), expected_ink(mark), 0.15)
    assert_close(ink_box(page, 300, stamp.box.grown(5), reddish), stamp.box, 0.2)


@pytest.mark.parametrize("dpi", [72, 100, 200, 600])
def test_size_does_not_depend_on_the_resolution(
    dpi: int, tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4(dpi=dpi), tmp_path / "draft.png", dpi)
    mark = text_block(faces)
    with PNG.view(marked(PNG, source, job(mark), faces)) as view:
        assert view is not None
        page = view.picture(0, Box(0, 0, 210, 297), 300)
    assert_close(ink_box(page, 300, mark.box.grown(3), dark), expected_ink(mark), 0.3)


@ALL
@pytest.mark.parametrize("orientation", range(1, 9))
def test_marks_are_upright_for_the_reader(
    handler: FormatHandler, orientation: int, tmp_path: Path, faces: OfficeFaces
) -> None:
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    page = a4()
    stored = page.transpose(Image.Transpose(back[orientation])) if orientation > 1 else page
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = saved(stored, tmp_path / f"draft{SUFFIX[handler]}", exif=exif)
    assert handler.inspect(source).pages[0].height == pytest.approx(297, abs=0.2)
    mark = text_block(faces)
    with Image.open(marked(handler, source, job(mark), faces)) as result:
        shown = ImageOps.exif_transpose(result)
    assert shown.size == page.size
    assert_close(ink_box(shown, 150, mark.box.grown(3), dark), expected_ink(mark), 0.3)
    red, green, blue = shown.convert("RGB").getpixel((shown.width // 2, 2))  # type: ignore[misc]
    assert blue > red + 100, "the blue edge is still on top"
    assert green < 150


def test_pixels_that_are_not_square_give_square_letters(tmp_path: Path, faces: OfficeFaces) -> None:
    fax = Image.new("1", (1728, 1145), 1)
    source = tmp_path / "fax.tif"
    fax.save(source, dpi=(204, 98), compression="group3")
    mark = text_block(faces)
    with TIFF.view(marked(TIFF, source, job(mark), faces)) as view:
        assert view is not None
        page = view.picture(0, Box(0, 0, 210, 297), 300)
    assert_close(ink_box(page, 300, mark.box.grown(3), dark), expected_ink(mark), 0.3)


def test_black_on_cmyk_is_the_black_ink_and_red_shows_red(
    tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4("CMYK"), tmp_path / "draft.tif", compression="tiff_lzw")
    mark, stamp = text_block(faces), stamp_block()
    with Image.open(marked(TIFF, source, job(mark, stamp), faces)) as result:
        assert result.mode == "CMYK"
        assert result.info["compression"] == "tiff_lzw"
        strokes = result.crop(tuple(round(v / 25.4 * 150) for v in (28, 47.2, 57, 53)))  # type: ignore[arg-type]
        colours = {colour for _, colour in strokes.getcolors(100_000) or []}
        shown = result.convert("RGB")
    assert (0, 0, 0, 255) in colours
    assert all(colour[:3] == (0, 0, 0) for colour in colours)  # type: ignore[index]
    assert_close(ink_box(shown, 150, stamp.box.grown(5), reddish), stamp.box, 0.3)


def test_a_signature_picture_is_scaled_to_its_box(tmp_path: Path, faces: OfficeFaces) -> None:
    ink = Image.new("RGBA", (40, 20), (0, 0, 255, 255))
    png = BytesIO()
    ink.save(png, "PNG")
    box = Box(100, 60, 40, 20)
    work = job(Block("signature", box, (Picture(box, png.getvalue()),)))
    target = marked(PNG, saved(a4("L"), tmp_path / "draft.png"), work, faces)
    page = Image.open(target)
    assert page.getpixel((round(120 / 25.4 * 150), round(70 / 25.4 * 150))) == (0, 0, 255)
    assert page.getpixel((round(142 / 25.4 * 150), round(70 / 25.4 * 150))) == (255, 255, 255)


# ── what stays as it was ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("handler", "mode", "name", "options"),
    [
        (PNG, "1", "draft.png", {}),
        (PNG, "L", "draft.png", {}),
        (PNG, "LA", "draft.png", {}),
        (PNG, "RGB", "draft.png", {}),
        (PNG, "RGBA", "draft.png", {}),
        (JPEG, "L", "draft.jpg", {}),
        (JPEG, "RGB", "draft.jpg", {}),
        (JPEG, "CMYK", "draft.jpg", {}),
        (TIFF, "1", "draft.tif", {"compression": "group4"}),
        (TIFF, "1", "draft.tif", {"compression": "packbits"}),
        (TIFF, "L", "draft.tif", {"compression": "tiff_lzw"}),
        (TIFF, "RGB", "draft.tif", {"compression": "jpeg"}),
        (TIFF, "RGB", "draft.tif", {"compression": "raw"}),
        (TIFF, "RGBA", "draft.tif", {"compression": "tiff_adobe_deflate"}),
    ],
)
def test_black_marks_leave_mode_compression_and_resolution(
    handler: FormatHandler,
    mode: str,
    name: str,
    options: Mapping[str, Any],
    tmp_path: Path,
    faces: OfficeFaces,
) -> None:
    source = saved(a4(mode), tmp_path / name, **options)
    mark = text_block(faces)
    with Image.open(marked(handler, source, job(mark), faces)) as result:
        assert result.mode == mode
        assert result.size == a4().size
        assert result.info["dpi"] == pytest.approx((150, 150), abs=0.02)
        assert result.info.get("compression") == options.get("compression")
        shown = Image.new("RGB", result.size, "white")
        shown.paste(result.convert("RGB"))
    assert_close(ink_box(shown, 150, mark.box.grown(3), dark), expected_ink(mark), 0.3)


@pytest.mark.parametrize(("mode", "result_mode"), [("1", "RGB"), ("L", "RGB"), ("P", "RGB")])
def test_a_red_stamp_makes_a_page_without_colour_rgb(
    mode: str, result_mode: str, tmp_path: Path, faces: OfficeFaces
) -> None:
    stamp = stamp_block()
    target = marked(PNG, saved(a4(mode), tmp_path / "draft.png"), job(stamp), faces)
    with Image.open(target) as result:
        assert result.mode == result_mode
    assert_close(ink_box(rendered(target), 300, stamp.box.grown(5), reddish), stamp.box, 0.3)


def test_a_red_stamp_on_a_grey_jpeg_shows(tmp_path: Path, faces: OfficeFaces) -> None:
    stamp = stamp_block()
    target = marked(JPEG, saved(a4("L"), tmp_path / "draft.jpg"), job(stamp), faces)
    assert_close(ink_box(rendered(target), 300, stamp.box.grown(5), reddish), stamp.box, 0.3)


def test_outside_the_marks_pixels_stay(tmp_path: Path, faces: OfficeFaces) -> None:
    source = saved(a4(), tmp_path / "draft.png")
    mark = text_block(faces)
    with Image.open(marked(PNG, source, job(mark), faces)) as result, Image.open(source) as draft:
        changed = ImageChops.difference(result, draft).getbbox()
    assert changed is not None
    left, top, right, bottom = (value / 150 * 25.4 for value in changed)
    assert Box(left, top, right - left, bottom - top).within(mark.box, 0.3)


@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_jpeg_keeps_tables_sampling_and_the_rest_of_the_page(
    subsampling: int, tmp_path: Path, faces: OfficeFaces
) -> None:
    from PIL import JpegImagePlugin

    source = saved(a4(), tmp_path / "d.jpg", quality=70, subsampling=subsampling, progressive=True)
    target = marked(JPEG, source, job(text_block(faces)), faces)
    with Image.open(source) as draft, Image.open(target) as result:
        assert result.quantization == draft.quantization  # type: ignore[attr-defined]
        assert JpegImagePlugin.get_sampling(result) == subsampling
        assert result.info["progressive"]
        lower = (0, draft.height // 2, draft.width, draft.height)
        apart = ImageChops.difference(draft.crop(lower), result.crop(lower))
    assert max(high for _, high in apart.getextrema()) <= 12  # type: ignore[misc]


def test_png_keeps_its_other_chunks(tmp_path: Path, faces: OfficeFaces) -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "办公室")
    texts.add_itxt("XML:com.adobe.xmp", FOREIGN_XMP.decode(), zip=True)
    profile = _profile(b"RGB ")
    source = saved(a4(), tmp_path / "draft.png", pnginfo=texts, icc_profile=profile, gamma=0.45)
    with Image.open(marked(PNG, source, job(text_block(faces)), faces)) as result:
        result.load()
        assert result.info["Author"] == "办公室"
        assert result.info["icc_profile"] == profile
        assert "scanner 7" in result.info["XML:com.adobe.xmp"]
        assert "marking-1" in result.info["XML:com.adobe.xmp"]
        assert "机密" in result.info["dingmi-mark"]


def _profile(space: bytes) -> bytes:
    return b"\0" * 12 + b"mntr" + space + b"XYZ " + b"\0" * 104


def test_jpeg_keeps_its_other_segments(tmp_path: Path, faces: OfficeFaces) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Fujitsu"
    source = saved(
        a4(),
        tmp_path / "draft.jpg",
        exif=exif,
        icc_profile=_profile(b"RGB "),
        comment=b"scanned",
        xmp=FOREIGN_XMP,
    )
    with Image.open(marked(JPEG, source, job(text_block(faces)), faces)) as result:
        assert result.getexif()[0x010F] == "Fujitsu"
        assert result.info["icc_profile"] == _profile(b"RGB ")
        assert b"scanner 7" in result.info["xmp"]
        assert b"marking-1" in result.info["xmp"]
    assert b"scanned" in (tmp_path / "marked-draft.jpg").read_bytes()


@pytest.mark.parametrize(("handler", "name"), [(PNG, "d.png"), (JPEG, "d.jpg"), (TIFF, "d.tif")])
def test_a_grey_profile_does_not_stay_on_a_coloured_page(
    handler: FormatHandler, name: str, tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4("L"), tmp_path / name, icc_profile=_profile(b"GRAY"))
    with Image.open(marked(handler, source, job(stamp_block()), faces)) as result:
        assert "icc_profile" not in result.info


def _many_pages(path: Path) -> Path:
    """Page 1 fax, page 2 LZW grey, page 3 raw colour, each with its own resolution."""
    first, second, third = a4("1"), a4("L", 100), a4("RGB", 72)
    third.encoderinfo = {"compression": "raw", "dpi": (72, 72)}
    second.encoderinfo = {"compression": "tiff_lzw", "dpi": (100, 100)}
    first.save(
        path,
        save_all=True,
        append_images=[second, third],
        compression="group4",
        dpi=(150, 150),
        description="scanned",
    )
    return path


def test_other_pages_of_a_tiff_stay_byte_by_byte(tmp_path: Path, faces: OfficeFaces) -> None:
    source = _many_pages(tmp_path / "draft.tif")
    target = marked(TIFF, source, job(stamp_block(), page=1), faces)
    before, after = (TiffFile.read(path.read_bytes()) for path in (source, target))
    assert after.pages[0].blobs == before.pages[0].blobs
    assert after.pages[2].blobs == before.pages[2].blobs
    with Image.open(source) as draft, Image.open(target) as result:
        assert result.n_frames == 3  # type: ignore[attr-defined]
        for page in range(3):
            draft.seek(page)
            result.seek(page)
            assert result.info["dpi"] == draft.info["dpi"]
            assert result.info["compression"] == draft.info["compression"]
            assert result.mode == ("RGB" if page else "1")
        result.seek(0)
        assert result.tag_v2[270] == "scanned"  # type: ignore[attr-defined]
    with pymupdf.open(target) as document:  # type: ignore[no-untyped-call]
        assert document.page_count == 3


def test_a_fax_page_with_red_becomes_colour_without_loss(
    tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4("1"), tmp_path / "draft.tif", compression="group4")
    with Image.open(marked(TIFF, source, job(stamp_block()), faces)) as result:
        assert (result.mode, result.info["compression"]) == ("RGB", "tiff_adobe_deflate")


def test_white_stays_zero_on_a_fax_page(tmp_path: Path, faces: OfficeFaces) -> None:
    source = tmp_path / "draft.tif"
    plain = TiffFile.read(saved(a4("1"), tmp_path / "p.tif", compression="raw").read_bytes())
    page = plain.pages[0]
    flipped = tuple(bytes(255 - byte for byte in strip) for strip in page.blobs[273])
    zero = type(page.fields[262])(3, 1, b"\0\0")
    white = type(page)({**page.fields, 262: zero}, {273: flipped}, {}, page.order)
    source.write_bytes(TiffFile(plain.order, (white,)).written())
    target = marked(TIFF, source, job(text_block(faces)), faces)
    assert TiffFile.read(target.read_bytes()).pages[0].number(262, 1) == 0
    mark = text_block(faces)
    assert_close(ink_box(rendered(target), 300, mark.box.grown(3), dark), expected_ink(mark), 0.3)


def test_a_big_endian_tiff_stays_so(tmp_path: Path, faces: OfficeFaces) -> None:
    little = TiffFile.read(_many_pages(tmp_path / "little.tif").read_bytes())
    source = tmp_path / "draft.tif"
    source.write_bytes(little.in_order(">").written())
    with Image.open(source) as turned, Image.open(tmp_path / "little.tif") as plain:
        assert ImageChops.difference(turned.convert("L"), plain.convert("L")).getbbox() is None
    mark = text_block(faces)
    target = marked(TIFF, source, job(mark), faces)
    assert target.read_bytes()[:2] == b"MM"
    assert_close(ink_box(rendered(target), 300, mark.box.grown(3), dark), expected_ink(mark), 0.3)


@ALL
def test_same_input_same_bytes_and_the_draft_untouched(
    handler: FormatHandler, tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4(), tmp_path / f"draft{SUFFIX[handler]}")
    before = source.read_bytes()
    first = marked(handler, source, job(text_block(faces), stamp_block()), faces).read_bytes()
    second = tmp_path / "second"
    handler.mark(source, second, job(text_block(faces), stamp_block()), OfficeFaces({}))
    assert second.read_bytes() == first
    assert source.read_bytes() == before


@ALL
def test_nothing_is_overwritten(handler: FormatHandler, tmp_path: Path, faces: OfficeFaces) -> None:
    source = saved(a4(), tmp_path / f"draft{SUFFIX[handler]}")
    with pytest.raises(FileExistsError):
        handler.mark(source, source, job(text_block(faces)), faces)


# ── carriers ─────────────────────────────────────────────────────────────────────────────────


@ALL
def test_the_label_is_read_back(handler: FormatHandler, tmp_path: Path, faces: OfficeFaces) -> None:
    source = saved(a4(), tmp_path / f"draft{SUFFIX[handler]}")
    assert handler.inspect(source).embedded is None
    embedded = handler.inspect(marked(handler, source, job(text_block(faces)), faces)).embedded
    assert embedded is not None
    assert embedded.marking_ids == ("marking-1",)
    assert embedded.records == (RECORD,)
    assert all(embedded.levels.values())
    assert len(embedded.levels) == 2


@ALL
def test_without_ink_the_pixels_are_not_encoded_again(
    handler: FormatHandler, tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4(), tmp_path / f"draft{SUFFIX[handler]}")
    target = marked(handler, source, job(), faces)
    assert handler.inspect(target).content_digest == handler.inspect(source).content_digest
    assert handler.inspect(target).embedded is not None


@ALL
def test_a_new_label_takes_the_place_of_the_old(
    handler: FormatHandler, tmp_path: Path, faces: OfficeFaces
) -> None:
    first = marked(handler, saved(a4(), tmp_path / f"d{SUFFIX[handler]}"), job(), faces)
    again = MarkJob({}, (), Carriers("doc-1", "marking-2", "copy-1", b'{"a":1}'))
    handler.mark(first, tmp_path / "again", again, faces)
    embedded = handler.inspect(tmp_path / "again").embedded
    assert embedded is not None
    assert (embedded.marking_ids, embedded.records) == (("marking-2",), (b'{"a":1}',))


@ALL
def test_a_long_record_survives(handler: FormatHandler, tmp_path: Path, faces: OfficeFaces) -> None:
    record = ('{"知悉范围":"' + "某某局" * 30_000 + '"}').encode()
    work = MarkJob({}, (), Carriers("d", "m", "c", record))
    target = marked(handler, saved(a4(), tmp_path / f"d{SUFFIX[handler]}"), work, faces)
    embedded = handler.inspect(target).embedded
    assert embedded is not None
    assert embedded.records == (record,)
    Image.open(target).load()


def test_every_tiff_page_carries_the_id(tmp_path: Path, faces: OfficeFaces) -> None:
    target = marked(TIFF, _many_pages(tmp_path / "draft.tif"), job(text_block(faces)), faces)
    with Image.open(target) as result:
        for page in range(3):
            result.seek(page)
            assert b"marking-1" in result.info["xmp"]
    with Image.open(target) as result:
        result.seek(1)
        result.save(tmp_path / "alone.tif", dpi=(100, 100))
    found = TIFF.inspect(tmp_path / "alone.tif").embedded
    assert found is not None
    assert found.marking_ids == ("marking-1",)


def test_two_labels_that_differ_are_both_told(tmp_path: Path, faces: OfficeFaces) -> None:
    target = marked(PNG, saved(a4(), tmp_path / "d.png"), job(), faces)
    forged = target.read_bytes()
    place = forged.index(b"iTXtdingmi-mark")
    size = struct.unpack(">I", forged[place - 4 : place])[0]
    body = forged[place : place + 4 + size].replace(b"marking-1", b"marking-9")
    forged = (
        forged[:place] + body + struct.pack(">I", zlib.crc32(body)) + forged[place + 8 + size :]
    )
    target.write_bytes(forged)
    embedded = PNG.inspect(target).embedded
    assert embedded is not None
    assert embedded.marking_ids == ("marking-1", "marking-9")


# ── classified points ────────────────────────────────────────────────────────────────────────


def point(*box: float, page: int = 1) -> PointMark:
    return PointMark("1", "（机密）", BoxAnchor(page, *box), "heiti", 12, 1.0)


@ALL
def test_a_point_stands_left_of_its_box(
    handler: FormatHandler, tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4(), tmp_path / f"draft{SUFFIX[handler]}")
    target = tmp_path / "marked"
    (placed,) = handler.mark(source, target, job(points=(point(70, 150, 70, 5),)), faces)
    assert placed.block.name == "point:1"
    assert placed.block.text == "（机密）"
    assert placed.block.box.right == pytest.approx(69)
    ink = ink_box(rendered(target), 300, Box(30, 145, 39.5, 15), dark)
    assert ink.within(placed.block.box, 0.3)
    assert ink.y + ink.height / 2 == pytest.approx(152.5, abs=0.5)


@pytest.mark.parametrize(
    "anchor",
    [(100, 147, 40, 5), (10, 100, 40, 5), (70, 0, 40, 5)],
    ids=["on text", "beyond the edge of the page", "on the blue edge"],
)
def test_a_point_never_overprints(
    anchor: tuple[float, ...], tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4(), tmp_path / "draft.png")
    with pytest.raises(PlaceTaken):
        PNG.mark(source, tmp_path / "m.png", job(points=(point(*anchor),)), faces)
    assert not (tmp_path / "m.png").exists()


def test_points_and_marks_do_not_meet(tmp_path: Path, faces: OfficeFaces) -> None:
    source = saved(a4(), tmp_path / "draft.png")
    beside = point(60, 47.227, 70, 5)
    with pytest.raises(PlaceTaken):
        PNG.mark(source, tmp_path / "m.png", job(text_block(faces), points=(beside,)), faces)


def test_points_that_have_no_place_in_a_picture(tmp_path: Path, faces: OfficeFaces) -> None:
    source = saved(a4(), tmp_path / "draft.png")
    words = PointMark("1", "（机密）", QuoteAnchor("某某"), "heiti", 12, 1.0)
    with pytest.raises(PointUnsupported):
        PNG.mark(source, tmp_path / "m.png", job(points=(words,)), faces)
    for elsewhere in (point(70, 150, 70, 5, page=2), point(70, 290, 70, 20)):
        with pytest.raises(PointNotFound):
            PNG.mark(source, tmp_path / "m.png", job(points=(elsewhere,)), faces)
    with pytest.raises(PointUnsupported):
        PNG.mark(source, tmp_path / "m.png", MarkJob({}, (), CARRIERS, "本文第3项为机密级"), faces)


# ── size on paper ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pixels", "paper"),
    [
        ((1240, 1754), (210, 297)),
        ((1754, 1240), (297, 210)),
        ((3508, 4961), (297, 420)),
        ((4961, 7016), (210, 297)),
        ((1000, 1425), (210, 297)),
    ],
    ids=["A4 at 150", "A4 across", "A3 at 300", "A4 at 600", "nearly the shape"],
)
def test_a_sheet_without_resolution_is_taken_for_a4_or_a3(
    pixels: tuple[int, int], paper: tuple[int, int]
) -> None:
    found = paper_of(Sheet(*pixels, None), 0)
    assert found.size.width == pytest.approx(paper[0], rel=0.02)
    assert found.size.height == pytest.approx(paper[1], rel=0.02)
    assert found.dpi[0] == found.dpi[1]
    assert found.remark is not None


@pytest.mark.parametrize("dpi", [None, (1.0, 1.0), (20.0, 20.0), (9600.0, 9600.0), (72.0, 72.0)])
def test_other_shapes_need_a_true_resolution(dpi: tuple[float, float] | None) -> None:
    with pytest.raises(DraftBroken, match="resolution"):
        paper_of(Sheet(5200, 3900, dpi), 0)


@ALL
def test_an_assumed_size_is_said_and_then_stated_in_the_file(
    handler: FormatHandler, tmp_path: Path, faces: OfficeFaces
) -> None:
    source = tmp_path / f"draft{SUFFIX[handler]}"
    a4().save(source)
    draft = handler.inspect(source)
    assert len(draft.remarks) == 1
    mark = text_block(faces)
    target = marked(handler, source, job(mark), faces)
    assert handler.inspect(target).remarks == ()
    assert handler.inspect(target).pages[0].width == pytest.approx(210, abs=0.7)
    assert_close(ink_box(rendered(target), 300, mark.box.grown(3), dark), expected_ink(mark), 0.4)


def test_a_mark_that_would_leave_the_page_is_refused(tmp_path: Path, faces: OfficeFaces) -> None:
    source = saved(Image.new("L", (300, 300), 255), tmp_path / "small.png")
    with pytest.raises(PageTooSmall):
        PNG.mark(source, tmp_path / "m.png", job(text_block(faces)), faces)


def test_a_missing_glyph_is_an_error(tmp_path: Path, faces: OfficeFaces) -> None:
    box = Box(28, 50, 20, EM_16)
    block = Block("mark", box, (TextRun("\U0001f600", box, 55, "heiti", 16),))
    with pytest.raises(GlyphMissing):
        PNG.mark(saved(a4(), tmp_path / "d.png"), tmp_path / "m.png", job(block), faces)


# ── bad files ────────────────────────────────────────────────────────────────────────────────


@ALL
def test_recognised_by_content(handler: FormatHandler, tmp_path: Path) -> None:
    for other in IMAGE_HANDLERS:
        path = tmp_path / "without suffix"
        a4().save(path, other.name, dpi=(150, 150))
        assert handler.recognises(path) == (handler.name == other.name)
    path.write_bytes(b"")
    assert not handler.recognises(path)


@ALL
def test_a_draft_is_told_with_its_size_and_digest(handler: FormatHandler, tmp_path: Path) -> None:
    draft = handler.inspect(saved(a4(), tmp_path / f"d{SUFFIX[handler]}"))
    (page,) = draft.pages
    assert isinstance(page, PageSize)
    assert (page.width, page.height) == pytest.approx((210, 297), abs=0.2)
    assert draft.format == handler.name
    assert draft.content_digest.startswith("sm3:")
    assert len(draft.content_digest) == 68
    assert draft.scanned


@ALL
def test_empty_truncated_and_foreign_files(handler: FormatHandler, tmp_path: Path) -> None:
    path = saved(a4(), tmp_path / f"d{SUFFIX[handler]}")
    whole = path.read_bytes()
    path.write_bytes(b"")
    with pytest.raises(DraftEmpty):
        handler.inspect(path)
    for content in (whole[:20], whole[: len(whole) // 2], whole[: len(whole) - 40], b"%PDF-1.4"):
        path.write_bytes(content)
        with pytest.raises(DraftBroken):
            handler.inspect(path)


@ALL
def test_damaged_files_never_end_in_another_error(
    handler: FormatHandler, tmp_path: Path, faces: OfficeFaces
) -> None:
    path = saved(a4(dpi=40), tmp_path / f"d{SUFFIX[handler]}", 40)
    whole = marked(handler, path, job(), faces).read_bytes()
    dice = random.Random(20261124)
    for number in range(150):
        content = bytearray(whole)
        limit = 400 if number % 2 else len(content)
        for _ in range(dice.randint(1, 6)):
            content[dice.randrange(8, limit)] = dice.randrange(256)
        path.write_bytes(content)
        target = tmp_path / f"m{number}"
        try:
            handler.inspect(path)
            handler.mark(path, target, job(text_block(faces)), faces)
        except DingmiError:
            assert not target.exists()


def _png_header(width: int, height: int, depth: int = 8) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, depth, 2, 0, 0, 0)
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + body
        + struct.pack(">I", zlib.crc32(body))
        + end
    )


def test_bombs_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(_png_header(60_000, 60_000))
    with pytest.raises(DraftTooCostly):
        PNG.inspect(path)
    Image.new("1", (14_000, 14_000)).save(path, "TIFF", compression="group4", dpi=(300, 300))
    with pytest.raises(DraftTooCostly):
        TIFF.inspect(path)
    Image.new("L", (14_000, 14_000)).save(path, "JPEG", dpi=(300, 300))
    with pytest.raises(DraftTooCostly):
        JPEG.inspect(path)


def test_tiff_pages_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = saved(a4("1"), tmp_path / "d.tif", compression="group4")
    content = bytearray(path.read_bytes())
    (first,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, first)
    struct.pack_into("<I", content, first + 2 + 12 * count, first)
    path.write_bytes(content)
    with pytest.raises(DraftBroken, match="circle"):
        TIFF.inspect(path)


def test_varieties_that_would_lose_something_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "draft"
    path.write_bytes(_png_header(100, 100, 16))
    with pytest.raises(DraftUnsupported, match="16 bits"):
        PNG.inspect(path)
    a4("L").save(path, "PNG", save_all=True, append_images=[a4("L").point(lambda v: 255 - v)])
    with pytest.raises(DraftUnsupported, match="animated"):
        PNG.inspect(path)
    Image.new("I;16", (100, 100)).save(path, "TIFF", dpi=(100, 100))
    with pytest.raises(DraftUnsupported, match="16 bits"):
        TIFF.inspect(path)
    a4("L").save(path, "TIFF", big_tiff=True, dpi=(150, 150))
    assert TIFF.recognises(path)
    with pytest.raises(DraftUnsupported, match="BigTIFF"):
        TIFF.inspect(path)


def test_what_marking_will_not_keep_is_said_before(tmp_path: Path, faces: OfficeFaces) -> None:
    damaged = saved(a4(), tmp_path / "d.jpg", xmp=FOREIGN_XMP[:-60])
    assert "XMP" in str(JPEG.inspect(damaged).remarks[0])
    assert JPEG.inspect(marked(JPEG, damaged, job(), faces)).remarks == ()
    several = tmp_path / "several.jpg"
    a4().save(several, "MPO", save_all=True, append_images=[a4("RGB", 50)], dpi=(150, 150))
    assert "main picture" in str(JPEG.inspect(several).remarks[0])
    with Image.open(marked(JPEG, several, job(text_block(faces)), faces)) as result:
        assert (result.format, result.size) == ("JPEG", a4().size)


# ── the view ─────────────────────────────────────────────────────────────────────────────────


@ALL
def test_the_view_shows_what_is_asked_for(handler: FormatHandler, tmp_path: Path) -> None:
    with handler.view(saved(a4(), tmp_path / f"d{SUFFIX[handler]}")) as view:
        assert view is not None
        assert view.lines(0) == ()
        cut = view.picture(0, Box(60, 130, 30, 20), 200)
        assert (cut.mode, cut.size) == ("RGB", (236, 157))
        beyond = view.picture(0, Box(200, 290, 40, 40), 100)
        assert beyond.getpixel((150, 150)) == (255, 255, 255)


def test_transparent_pixels_are_seen_as_paper(tmp_path: Path, faces: OfficeFaces) -> None:
    page = Image.new("RGBA", (1240, 1754), (0, 0, 0, 0))
    mark = text_block(faces)
    target = marked(PNG, saved(page, tmp_path / "d.png"), job(mark), faces)
    with PNG.view(target) as view:
        assert view is not None
        shown = view.picture(0, Box(0, 0, 200, 200), 150)
    assert shown.getpixel((5, 5)) == (255, 255, 255)
    assert_close(ink_box(shown, 150, mark.box.grown(3), dark), expected_ink(mark), 0.3)


def test_a_keyed_transparent_black_does_not_swallow_the_mark(
    tmp_path: Path, faces: OfficeFaces
) -> None:
    source = saved(a4("L"), tmp_path / "d.png", transparency=0)
    mark = text_block(faces)
    with PNG.view(marked(PNG, source, job(mark), faces)) as view:
        assert view is not None
        shown = view.picture(0, Box(0, 0, 200, 200), 150)
    assert_close(ink_box(shown, 150, mark.box.grown(3), dark), expected_ink(mark), 0.3)
