"""Drafts, jobs and measures for the PDF tests; places are measured with renderers of others."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pytest
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageChops, ImageDraw, ImageFont

from dingmi_mark.engine.shapes import (
    BLACK,
    MM_PER_PT,
    Block,
    Box,
    Colour,
    Frame,
    Rule,
    TextRun,
)
from dingmi_mark.formats.base import Carriers, MarkJob, PointMark
from dingmi_mark.formats.pdf import PdfHandler
from dingmi_mark.store.fonts import BUNDLED, OfficeFaces

MARK = "机密★10年"
RED = Colour(255, 0, 0)
EM_16 = 16 * MM_PER_PT
RECORD = '{"保密期限":"10年","密级":"机密"}'.encode()
CARRIERS = Carriers("doc-1", "marking-1", "copy-1", RECORD, {"密级": "机密"})
HANDLER = PdfHandler()
FACES = OfficeFaces({})
A4 = (0.0, 0.0, 595.276, 841.89)
POPPLER = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
QPDF = pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf")

BODY = b"q 0.9 1 0.9 rg 0 0 4000 4000 re f Q BT /F 24 Tf 150 400 Td (Draft) Tj ET"
"""A light green ground over all, so that a mark under the content would not be seen."""


# ── jobs ─────────────────────────────────────────────────────────────────────────────────────


def text_block(
    x: float = 28,
    y: float = 30,
    text: str = MARK,
    name: str = "mark",
    size_pt: float = 16,
    colour: Colour = BLACK,
) -> Block:
    em = size_pt * MM_PER_PT
    box = Box(x, y, FACES.advance_mm(text, "heiti", size_pt), em)
    run = TextRun(text, box, y + FACES.baseline("heiti") * em, "heiti", size_pt, colour)
    return Block(name, box, (run,))


def stamp_block(x: float = 70, y: float = 50, colour: Colour = RED) -> Block:
    box = Box(x, y, 40, 20)
    rule = Rule(x, y + 7, x + 40, y + 7, 0.3, colour)
    return Block("stamp", box, (Frame(box, 0.5, colour), rule))


def job(
    *blocks: Block,
    pages: int | range = 1,
    points: tuple[PointMark, ...] = (),
    closing_words: str = "",
) -> MarkJob:
    numbers = range(pages) if isinstance(pages, int) else pages
    every = {page: blocks for page in numbers} if blocks else {}
    return MarkJob(every, points, CARRIERS, closing_words, "heiti")


def marked(source: Path, work: MarkJob, name: str = "marked.pdf") -> Path:
    target = source.with_name(name)
    HANDLER.mark(source, target, work, FACES)
    return target


# ── drafts ───────────────────────────────────────────────────────────────────────────────────


def draft(
    path: Path,
    *contents: bytes,
    edit: Callable[[pikepdf.Pdf], None] | None = None,
    **attributes: Any,
) -> Path:
    """Write a PDF with a page for each content; `attributes` go on every page."""
    with pikepdf.new() as pdf:
        for content in contents or (BODY,):
            add_page(pdf, content, **attributes)
        if edit is not None:
            edit(pdf)
        pdf.save(path, static_id=True, fix_metadata_version=False)
    return path


def helvetica() -> pikepdf.Object:
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def add_page(pdf: pikepdf.Pdf, content: bytes | None, **attributes: Any) -> pikepdf.Object:
    page = Dictionary(Type=Name.Page, MediaBox=Array(A4))
    page.Resources = Dictionary(Font=Dictionary(F=helvetica()))
    if content is not None:
        page.Contents = pdf.make_stream(content)
    for key, value in attributes.items():
        page[f"/{key}"] = Array(value) if isinstance(value, (list, tuple)) else value
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    return pdf.pages[-1].obj


def chinese(path: Path, *pages: list[tuple[float, float, str]], size: float = 16) -> Path:
    """Write lines of Chinese text at places (mm from top left to the baseline)."""
    with pymupdf.open() as document:  # type: ignore[no-untyped-call]
        font = pymupdf.Font(fontfile=str(BUNDLED))
        for lines in pages:
            page = document.new_page(width=A4[2], height=A4[3])
            writer = pymupdf.TextWriter(page.rect)
            for x, y, text in lines:
                writer.append((x / MM_PER_PT, y / MM_PER_PT), text, font=font, fontsize=size)
            if lines:
                writer.write_text(page)
        document.save(path)
    return path


# ── looking ──────────────────────────────────────────────────────────────────────────────────


def rendered(path: Path, page: int = 0, dpi: int = 150) -> Image.Image:
    """A page as MuPDF shows it."""
    with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
        pixels = document[page].get_pixmap(dpi=dpi, alpha=False)
        return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


def by_poppler(path: Path, page: int = 0, dpi: float = 150) -> Image.Image:
    """A page as poppler shows it."""
    found = subprocess.run(
        ["pdftoppm", "-cropbox", "-r", str(dpi), "-f", str(page + 1), "-l", str(page + 1), path],
        check=True,
        capture_output=True,
        timeout=60,
    )
    return Image.open(BytesIO(found.stdout)).convert("RGB")


def characters(path: Path, page: int = 0) -> Iterator[tuple[str, float, float, float]]:
    """Character, left end of its baseline (mm, as shown) and size (pt), as MuPDF reads them."""
    with pymupdf.open(path) as document:  # type: ignore[no-untyped-call]
        shown = pymupdf.TextPage(document[page].get_displaylist().get_textpage())
        for block in shown.extractRAWDICT()["blocks"]:
            for line in block.get("lines", ()):
                for span in line["spans"]:
                    for each in span["chars"]:
                        x, y = (value * MM_PER_PT for value in each["origin"])
                        yield each["c"], x, y, span["size"]


def ink_box(
    page: Image.Image, within: Box, wanted: Callable[[Image.Image], Image.Image], dpi: float = 150
) -> Box:
    """Smallest box (mm) around the wanted pixels inside `within`."""
    scale = dpi / 25.4
    corner = (max(0, round(within.x * scale)), max(0, round(within.y * scale)))
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


def outlines(block: Block) -> Box:
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


def assert_upright(page: Image.Image, block: Block, dpi: float = 150) -> None:
    """Expect the letters as FreeType draws them: a turned or mirrored mark differs greatly."""
    (run,) = (shape for shape in block.shapes if isinstance(shape, TextRun))
    scale = dpi / 25.4
    wanted = Image.new("L", (round(run.box.width * scale), round(run.box.height * scale)), 255)
    font = ImageFont.truetype(str(BUNDLED), run.size_pt / 72 * dpi)
    baseline = (run.baseline - run.box.y) * scale
    ImageDraw.Draw(wanted).text((0, baseline), run.text, fill=0, font=font, anchor="ls")
    corner = (round(run.box.x * scale), round(run.box.y * scale))
    shown = page.crop((*corner, corner[0] + wanted.width, corner[1] + wanted.height)).convert("L")
    straight = _difference(shown, wanted)
    for turned in (Image.Transpose.ROTATE_180, Image.Transpose.FLIP_LEFT_RIGHT):
        assert straight < 0.6 * _difference(shown.transpose(turned), wanted)


def _difference(one: Image.Image, other: Image.Image) -> float:
    counts = ImageChops.difference(one, other).histogram()
    return sum(level * count for level, count in enumerate(counts)) / (one.width * one.height)


def assert_unchanged_outside(
    before: Image.Image, after: Image.Image, boxes: list[Box], dpi: float = 150
) -> None:
    """Expect equal pixels everywhere but in the boxes (and a millimetre around)."""
    difference = ImageChops.difference(before, after)
    pen = ImageDraw.Draw(difference)
    for box in boxes:
        around = box.grown(1)
        edges = (around.x, around.y, around.right, around.bottom)
        pen.rectangle(tuple(edge / 25.4 * dpi for edge in edges), fill=(0, 0, 0))
    assert difference.getbbox() is None


def objects(path: Path) -> Mapping[str, Any]:
    """A file's objects that marking must leave as they are, as comparable text."""
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        return {
            key: _plain(root.get(key), 0)
            for key in ("/AcroForm", "/Outlines", "/Dests", "/OpenAction", "/PageLabels")
        } | {
            f"annotations {number}": _plain(page.obj.get("/Annots"), 0)
            for number, page in enumerate(pdf.pages)
        }


def _plain(value: Any, depth: int) -> Any:
    """Follow references; what leads back to pages or parents is left out."""
    if depth > 12:
        return "…"
    if isinstance(value, pikepdf.Stream):
        return (_plain(Dictionary(dict(value.items())), depth + 1), value.read_bytes())
    if isinstance(value, pikepdf.Dictionary):
        if value.get("/Type") == "/Page":
            return "page"
        return {
            key: _plain(item, depth + 1)
            for key, item in sorted(value.items(), key=lambda pair: pair[0])
            if key not in ("/Parent", "/P", "/Prev", "/Last", "/Length", "/Filter", "/DecodeParms")
        }
    if isinstance(value, pikepdf.Array):
        return [_plain(item, depth + 1) for item in value]
    return str(value)
