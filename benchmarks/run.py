"""make bench: every speed goal as a ratio against a peer of the same run, or against a limit.

Prints one line a goal and ends with status 1 when one is missed. Nothing here is a test: the
numbers depend on the machine, the ratios much less.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from timing import ratio

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Goal:
    """One measured goal: what, how it compares, and the limit of the ratio."""

    name: str
    shown: str
    found: float
    limit: float

    @property
    def met(self) -> bool:
        return self.found <= self.limit


def help_is_quick() -> Goal:
    """`--help` costs at most twice what `import click` costs."""
    ours = [str(BIN / "dingmi-mark"), "--help"]
    peer = [sys.executable, "-c", "import click"]
    mine, theirs, found = ratio(ours, peer, 21)
    shown = f"{mine * 1000:.0f} ms against {theirs * 1000:.0f} ms for `import click`"
    return Goal("--help", shown, found, 2.0)


def environment_is_light() -> Goal:
    """The installed environment stays below 260 MB: measured where `make demo` installed it."""
    folder = Path(sys.prefix)
    size = sum(file.lstat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    return Goal("environment", f"{size:.0f} MB of {folder.name}, limit 260 MB", size / 260, 1.0)


def pdf_against_qpdf(pages: int, limit: float) -> Goal | None:
    """Marking every page of a PDF against `qpdf in out`, whole processes."""
    if shutil.which("qpdf") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draft = folder / "draft.pdf"
        write_pdf(draft, pages)
        ours = [sys.executable, str(HERE / "mark_pdf.py"), str(draft), str(folder / "out")]
        peer = ["qpdf", str(draft), str(folder / "peer.pdf")]
        mine, theirs, found = ratio(ours, peer, 5)
    shown = f"{mine:.2f} s against {theirs:.2f} s for `qpdf in out`"
    return Goal(f"PDF, {pages} pages, all marked", shown, found, limit)


def many_small_pdfs(files: int) -> Goal | None:
    """Marking many small PDFs in one process against a loop of `qpdf in out`."""
    if shutil.which("qpdf") is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draft = folder / "draft.pdf"
        write_pdf(draft, 5)
        script = [sys.executable, str(HERE / "mark_pdf.py")]
        ours = [*script, str(draft), str(folder / "out"), str(files)]
        loop = f"for n in $(seq {files}); do qpdf '{draft}' '{folder}/peer.pdf'; done"
        mine, theirs, found = ratio(ours, ["bash", "-c", loop], 3)
    shown = f"{mine:.2f} s against {theirs:.2f} s for a loop of `qpdf in out`"
    return Goal(f"{files} PDFs of 5 pages", shown, found, 1.5)


def write_pdf(path: Path, pages: int) -> None:
    """Write a plain PDF with a few lines of text a page."""
    import pymupdf

    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page(width=595.276, height=841.89)
        for line in range(30):
            page.insert_text((80, 250 + 18 * line), f"Sample page {number + 1}, line {line + 1}")
    document.save(path, deflate=True)


def goals() -> Iterator[Goal | None]:
    """Measure one goal after the other."""
    yield help_is_quick()
    yield environment_is_light()
    yield many_small_pdfs(200)
    yield pdf_against_qpdf(1000, 3.0)


def main() -> int:
    """Print every goal; 1 when one is missed."""
    missed = 0
    for goal in goals():
        if goal is None:
            print("left out: needs qpdf (make system-deps)")
            continue
        missed += not goal.met
        word = "ok    " if goal.met else "MISSED"
        print(f"{word} {goal.name}: × {goal.found:.2f} (limit {goal.limit:g}); {goal.shown}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
