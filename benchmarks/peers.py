"""The peers of the benchmark: other programs that put a mark on every page, as far as present.

python peers.py NAME DRAFT STAMP TARGET
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path


def by_pikepdf(draft: str, stamp: str, target: str) -> None:
    """Overlay with pikepdf, a page at a time."""
    import pikepdf

    with pikepdf.open(draft) as pdf, pikepdf.open(stamp) as mark:
        for page in pdf.pages:
            page.add_overlay(mark.pages[0])
        pdf.save(target)


def by_pymupdf(draft: str, stamp: str, target: str) -> None:
    """Overlay with MuPDF, a page at a time."""
    import pymupdf

    with pymupdf.open(draft) as pdf, pymupdf.open(stamp) as mark:
        for page in pdf:
            page.show_pdf_page(page.rect, mark, 0)
        pdf.save(target, deflate=True)


def by_pypdf(draft: str, stamp: str, target: str) -> None:
    """Overlay with pypdf, a page at a time."""
    import pypdf

    mark = pypdf.PdfReader(stamp).pages[0]
    writer = pypdf.PdfWriter(clone_from=draft)
    for page in writer.pages:
        page.merge_page(mark)
    writer.write(target)


IN_PYTHON: Mapping[str, Callable[[str, str, str], None]] = {
    "pikepdf": by_pikepdf,
    "pymupdf": by_pymupdf,
    "pypdf": by_pypdf,
}


def commands(draft: Path, stamp: Path, target: Path) -> dict[str, list[str]]:
    """Return the command of every peer that is here, by its name."""
    a, s, b = str(draft), str(stamp), str(target)
    found = {
        "qpdf --overlay": ["qpdf", a, "--overlay", s, "--repeat=1", "--", b],
        "qpdf in out": ["qpdf", a, b],
        "pdfcpu": ["pdfcpu", "stamp", "add", "-mode", "pdf", "--", s, "scale:1 abs", a, b],
        "pdftk": ["pdftk", a, "stamp", s, "output", b],
    }
    here = {name: words for name, words in found.items() if shutil.which(words[0])}
    for name in IN_PYTHON:
        if importlib.util.find_spec(name) is not None:
            here[f"{name} overlay"] = [sys.executable, __file__, name, a, s, b]
    return here


if __name__ == "__main__":
    IN_PYTHON[sys.argv[1]](*sys.argv[2:5])
