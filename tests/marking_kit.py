"""Blocks to mark packages with, and how two packages are compared part by part."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, TextRun


def text(words: str, x: float, y: float, size_pt: float = 16) -> TextRun:
    """A line of text whose box begins at a place (mm)."""
    em = size_pt * MM_PER_PT
    return TextRun(words, Box(x, y, len(words) * em, em), y + 0.88 * em, "heiti", size_pt)


def line(name: str, words: str, x: float, y: float) -> Block:
    """A block of one line."""
    shape = text(words, x, y)
    return Block(name, shape.box, (shape,))


def members(path: Path) -> dict[str, bytes]:
    """The parts of a package by their names."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def same_parts(before: dict[str, bytes], after: dict[str, bytes]) -> bool:
    """Tell whether two packages have the same parts, as XML reads them."""
    return set(before) == set(after) and all(
        before[name] == after[name] or _canonical(before[name]) == _canonical(after[name])
        for name in before
    )


def _canonical(xml: bytes) -> bytes:
    return etree.tostring(etree.fromstring(xml), method="c14n")
