"""A font as marks need it: cut down, with its measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class EmbeddedFace:
    """A face cut down to the characters of a text, ready for embedding in a PDF.

    `gids` are glyph ids in `ttf`; `widths`, `ascent`, `descent`, `cap_height` and `bbox` are in
    1/1000 em. The subset tag in `postscript_name` depends on the glyphs only.
    """

    ttf: bytes = field(repr=False)
    gids: Mapping[str, int]
    widths: Mapping[str, int]
    ascent: int
    descent: int
    cap_height: int
    bbox: tuple[int, int, int, int]
    postscript_name: str
