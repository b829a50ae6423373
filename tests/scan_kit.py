"""Papers that were scanned: to PDF files and to pictures, and what is to be seen on them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from dingmi_mark.domain.notices import NoticeItem
from legacy_kit import LEFT, NUMBER, OLD, archived
from pdf_kit import rendered

SCAN_DPI = 200
NAMES = {"PNG": "旧扫描.png", "JPEG": "旧扫描.jpg", "TIFF": "旧扫描.tif"}
"""A name for a picture of each format."""


def sheets_of(
    content: bytes,
    folder: Path,
    turn: float = 0.4,
    draw: Callable[[Any], None] = lambda _: None,
    dpi: int = SCAN_DPI,
) -> list[Image.Image]:
    """Print a PDF and scan it: grey, a little soft and askew; `draw` adds to the first sheet."""
    import pymupdf

    source = folder / "printed.pdf"
    source.write_bytes(content)
    with pymupdf.open(source) as document:
        count = document.page_count
    sheets = []
    for page in range(count):
        sheet = rendered(source, page, dpi).convert("L").rotate(turn, fillcolor=255)
        sheets.append(sheet.filter(ImageFilter.GaussianBlur(0.6)))
    draw(ImageDraw.Draw(sheets[0]))
    source.unlink()
    return sheets


def scribble(pen: Any) -> None:
    """Draw what nobody can read at the head of a sheet on the right."""
    pen.line((1200, 250, 1300, 420), fill=40, width=6)
    pen.line((1300, 250, 1210, 400), fill=40, width=6)


def named(content: bytes, **more: Any) -> NoticeItem:
    """Name a file by its digest: nobody finds a 文号 on a scan."""
    digest = "sm3:" + hashlib.new("sm3", content).hexdigest()
    return NoticeItem(**{"digest": digest, "document_number": NUMBER, "old": OLD, **more})


def ink_of_head(sheet: Image.Image, dpi: int = 100) -> tuple[float, ...]:
    """Left, top, right and bottom (mm) of what stands in the upper 68 mm of a page."""
    head = sheet.convert("L").crop((0, 0, sheet.width, round(68 / 25.4 * dpi)))
    box = head.point([255] * 128 + [0] * 128).getbbox()
    assert box is not None
    return tuple(edge / dpi * 25.4 for edge in box)


def saved(sheets: list[Image.Image], kind: str, dpi: int = SCAN_DPI, **more: Any) -> bytes:
    """Save what was scanned as a picture file."""
    first, *others = sheets
    if others:
        more |= {"save_all": True, "append_images": others}
    stream = BytesIO()
    first.save(stream, kind, **({"dpi": (dpi, dpi)} | more))
    return stream.getvalue()


def scanned(folder: Path, kind: str = "PNG", **more: Any) -> bytes:
    """A scan of a paper with its old mark at the left."""
    return saved(sheets_of(archived(("机密★10年", LEFT)), folder, **more), kind)


def pages_of(file: Path) -> list[Image.Image]:
    """The pages of a picture file in grey."""
    found = []
    with Image.open(file) as image:
        for page in range(getattr(image, "n_frames", 1)):
            image.seek(page)
            found.append(image.convert("L"))
    return found


def lines_through(sheet: Image.Image, dpi: int = SCAN_DPI) -> list[tuple[float, float, float]]:
    """Left, right and height (mm) of the long dark lines in the upper 68 mm of a page."""
    head = sheet.crop((0, 0, sheet.width, round(68 / 25.4 * dpi)))
    found: list[tuple[int, int, int]] = []
    near = dpi / 25.4
    for y in range(head.height):
        levels = head.crop((0, y, head.width, y + 1)).tobytes()
        for run in re.finditer("#+", "".join(" #"[level < 110] for level in levels)):
            new = run.start(), run.end(), y
            if run.end() - run.start() > 12 / 25.4 * dpi and not any(
                abs(new[0] - one[0]) < near and y - one[2] < near for one in found
            ):
                found.append(new)
    return [(x / dpi * 25.4, right / dpi * 25.4, y / dpi * 25.4) for x, right, y in found]


def grown_lighter(before: Image.Image, after: Image.Image) -> int:
    """How many pixels that were ink are none any more."""
    faded = ImageChops.subtract(after, before).point([0] * 60 + [1] * 196)
    dark = before.point([1] * 100 + [0] * 156)
    return sum(ImageChops.multiply(faded.point([0, 255] + [255] * 254), dark).histogram()[1:])
