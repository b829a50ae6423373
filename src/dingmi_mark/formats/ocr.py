"""Read the text of a picture with tesseract, where it is installed with simplified Chinese.

The picture goes in and the text comes out through pipes: nothing is written to the disk by us, and
what tesseract writes goes to the private folder of the worker.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Final

from dingmi_mark.engine.shapes import Box
from dingmi_mark.formats.image.paper import MM_PER_INCH

if TYPE_CHECKING:
    from PIL.Image import Image

LANGUAGE: Final = "chi_sim"
_DPI: Final = 300
_MOST_PIXELS: Final = 36_000_000
"""As many as an A2 sheet has at 300 dpi; larger sheets are shown coarser, to hold no more."""
_LEAST_DPI: Final = 100
"""Below it body text of the usual 16 pt is a guess (about 20 pixels high at 100 dpi)."""

_START_SECONDS: Final = 20
_SPARSE: Final = ("--psm", "11")

_LEFT, _CONFIDENCE, _TEXT = 5, 9, 10
"""Columns of tesseract's table, counted from that of the page."""


@cache
def find_tesseract() -> str | None:
    """Return the program if it can read simplified Chinese."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        told = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=_START_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if LANGUAGE.encode() in told.stdout.split() + told.stderr.split() else None


def reading_dpi(width: float, height: float) -> int | None:
    """Return at what resolution a page (mm) is shown to be read; None where it is too large."""
    inches = width * height / MM_PER_INCH**2
    dpi = min(_DPI, int((_MOST_PIXELS / inches) ** 0.5))
    return dpi if dpi >= _LEAST_DPI else None


@dataclass(frozen=True)
class PictureLine:
    """A line that was read from a picture, and where it stands there (mm)."""

    text: str
    box: Box


def read_lines(
    program: str, picture: Image, dpi: int, seconds: float, *, sparse: bool = False
) -> tuple[PictureLine, ...] | None:
    """Return the lines of a picture; None where it could not be read in that time.

    `sparse`: there are a few words only, which tesseract takes for no text as it reads pages.
    """
    stream = BytesIO()
    picture.convert("L").save(stream, "PNG", compress_level=1, dpi=(dpi, dpi))
    # One thread: other files are being worked on beside this one.
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "TMPDIR": tempfile.gettempdir()}
    try:
        told = subprocess.run(
            [program, "stdin", "stdout", "-l", LANGUAGE, *(_SPARSE if sparse else ()), "tsv"],
            input=stream.getvalue(),
            capture_output=True,
            timeout=max(1.0, seconds),
            check=True,
            env=environment,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return tuple(_lines(told.stdout.decode("utf-8", "replace"), MM_PER_INCH / dpi))


def _lines(table: str, mm: float) -> Iterator[PictureLine]:
    """Put the words of tesseract's table together to lines; a point is so many millimetres."""
    for _, rows in groupby(map(_row, table.split("\n")[1:]), key=lambda row: row[:4]):
        words = [row for row in rows if len(row) > _TEXT and row[_TEXT].strip()]
        if not words:
            continue
        sides = [[int(side) for side in row[_LEFT:_CONFIDENCE]] for row in words]
        left, top = min(side[0] for side in sides), min(side[1] for side in sides)
        right = max(side[0] + side[2] for side in sides)
        bottom = max(side[1] + side[3] for side in sides)
        box = Box(left * mm, top * mm, (right - left) * mm, (bottom - top) * mm)
        yield PictureLine(_joined(row[_TEXT].strip() for row in words), box)


def _row(line: str) -> list[str]:
    """Return the cells of a row: page, block, paragraph, line and what follows."""
    return line.split("\t")[1:]


def _joined(words: Iterable[str]) -> str:
    """Join words; blanks stand between Latin ones only."""
    text = ""
    for word in words:
        apart = text[-1:].isascii() and text[-1:].isalnum() and word[0].isascii()
        text += f" {word}" if apart and word[0].isalnum() else word
    return text
