"""Make the pictures of the READMEs from real output: python tools/make_pictures.py build/demo."""

from __future__ import annotations

import sys
from pathlib import Path

import pymupdf
from PIL import Image, ImageOps

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "images"
MM = 72 / 25.4


def page(
    path: Path, dpi: int, clip_mm: tuple[float, float, float, float] | None = None
) -> Image.Image:
    """Show the first page of a PDF, or a part of it (left, top, right, bottom in mm)."""
    with pymupdf.open(path) as document:
        clip = pymupdf.Rect(*(edge * MM for edge in clip_mm)) if clip_mm else None
        shown = document[0].get_pixmap(dpi=dpi, clip=clip)
        return Image.frombytes("RGB", (shown.width, shown.height), shown.samples)


def save(name: str, picture: Image.Image) -> None:
    """Save with a thin grey border, in few colours."""
    framed = ImageOps.expand(picture, 1, (180, 180, 180))
    PICTURES.mkdir(parents=True, exist_ok=True)
    framed.quantize(32).save(PICTURES / f"{name}.png", optimize=True)


def main(demo: Path) -> None:
    """Take them all."""
    drafts, marked = ROOT / "examples" / "drafts", demo / "marked"
    report = marked / "公文" / "经费请示-000001.pdf"
    save("draft", page(drafts / "公文" / "经费请示.pdf", 60))
    save("marked", page(report, 60))
    save("stamp", page(report, 130, (112, 32, 188, 74)))
    save("point", page(report, 130, (5, 150, 120, 192)))
    save("letter", page(marked / "信函" / "商洽函-000001.pdf", 100, (15, 25, 195, 105)))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "demo"))
