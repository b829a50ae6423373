"""The fonts in use: the office's own files by role, the bundled one where none is named.

Every face is embedded as a small TrueType font without hints, drawn anew from the outlines of
its file. That is one way for TrueType, OpenType (CFF) and collections, and four times faster
from a cold start than a general subsetter.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from dingmi_mark.engine.faces import EmbeddedFace
from dingmi_mark.engine.shapes import MM_PER_PT
from dingmi_mark.errors import FontUnusable, GlyphMissing
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.ttLib import TTFont

BUNDLED = Path(__file__).parents[1] / "fonts" / "dingmi-heiti.ttf"
BUNDLED_ROLE = "heiti"
"""The bundled font is a 黑体 by design; for every other role it is a substitute (R15)."""

FAMILIES: Mapping[str, str] = MappingProxyType(
    {
        "heiti": "黑体",
        "fangsong": "仿宋_GB2312",
        "xiaobiaosong": "方正小标宋简体",
        "kaiti": "楷体_GB2312",
    }
)
"""Family names as the GB/T 9704 templates in use ask for them."""

_COLLECTION = re.compile(r"^(?P<file>.+\.(?:ttc|otc))#(?P<index>\d+)$", re.IGNORECASE)
_RESTRICTED = 0x0002
_PREVIEW_OR_EDITABLE = 0x000C
_NO_SUBSETTING = 0x0100
_BITMAPS_ONLY = 0x0200
"""Bits of OS/2 fsType (OpenType 1.9, OS/2 table)."""

_CUBIC_ERROR = 0.001
"""Largest error when cubic outlines become quadratic, in em."""

_FACES_KEPT = 64
"""One for every officer and drafter of a batch or so."""

_FIGURES = frozenset("0123456789")

_TABLE_FAULTS = (struct.error, KeyError, IndexError, ValueError, AssertionError, AttributeError)
"""What fontTools lets through from a damaged table, besides its own TTLibError."""


class OfficeFaces:
    """The faces of an office: a role becomes a font file, its measures and its subsets.

    `files` names the office's own files (`[fonts]` of office.toml); a face of a collection is
    `simsun.ttc#1`. `families` overrides the names word processors are asked for.
    """

    def __init__(
        self, files: Mapping[str, Path], families: Mapping[str, str] | None = None
    ) -> None:
        self._files = dict(files)
        self._families = {**FAMILIES, **(families or {})}
        self._fonts: dict[Path, _FontFile] = {}
        self._embedded: dict[tuple[Path, frozenset[str]], EmbeddedFace] = {}

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process border without the open files."""
        return (OfficeFaces, (self._files, self._families))

    def substituted(self, face: str) -> bool:
        """Tell whether the bundled 黑体 stands in for a face the office has no file of."""
        return face not in self._files and face != BUNDLED_ROLE

    def family(self, face: str) -> str:
        """The family name a word processor should ask for (`黑体`)."""
        return self._families.get(face, face)

    def file(self, face: str) -> Path:
        """The font file of the role; see `index` for the face in a collection."""
        return self._font(face).path

    def index(self, face: str) -> int:
        """Place of the face in its collection; 0 for a file with one face."""
        return self._font(face).index

    def baseline(self, face: str) -> float:
        """Distance from the top of the em box to the baseline, as a fraction of the size."""
        return self._font(face).baseline

    def advance_mm(self, text: str, face: str, size_pt: float) -> float:
        """Width of the text set in one line (mm). Raises GlyphMissing, FontUnusable."""
        font = self._font(face)
        return font.width(text) / font.units_per_em * size_pt * MM_PER_PT

    def letters(self, face: str, text: str) -> bytes:
        """A TrueType file with the letters of `text` at least, to draw them with.

        Raises GlyphMissing, FontUnusable.
        """
        named, wanted = self._font(face).named, frozenset(text)
        for (known, characters), made in self._embedded.items():
            if known == named and wanted <= characters:
                return made.ttf
        return self.embedded(face, text).ttf

    def embedded(self, face: str, text: str) -> EmbeddedFace:
        """The face cut down to `text`, glyph ids counted from 1; same in, same out.

        All figures are in it where there are any: copies, numbers and dates differ in them, and
        drawing a font takes longer than marking with it. Raises GlyphMissing, FontUnusable.
        """
        font = self._font(face)
        characters = frozenset(text)
        if not _FIGURES.isdisjoint(characters):
            characters |= font.held(_FIGURES)
        key = (font.named, characters)
        if key not in self._embedded:
            made = font.cut_down(font.glyphs("".join(sorted(characters))))
            if len(self._embedded) >= _FACES_KEPT:
                del self._embedded[next(iter(self._embedded))]
            self._embedded[key] = made
        return self._embedded[key]

    def _font(self, face: str) -> _FontFile:
        named = self._files.get(face, BUNDLED)
        if named not in self._fonts:
            self._fonts[named] = _FontFile(named)
        return self._fonts[named]


class _FontFile:
    """One font file, its tables read when first needed. All failures are FontUnusable."""

    def __init__(self, named: Path) -> None:
        self.named = named
        collection = _COLLECTION.match(str(named))
        self.path = Path(collection["file"]) if collection else named
        self.index = int(collection["index"]) if collection else 0
        self._widths: dict[str, int] = {}

    @cached_property
    def _tables(self) -> TTFont:
        from fontTools.ttLib import TTFont, TTLibError

        try:
            font = TTFont(self.path, fontNumber=self.index, lazy=True)
            _refuse_if_unfit(font, self.named)
            if "glyf" in font:
                # Names of our own: deriving them from the cmap takes longer than all the rest.
                font.setGlyphOrder([f"g{gid}" for gid in range(font["maxp"].numGlyphs)])
            _ = font["head"], font["hhea"], font["hmtx"], font.getBestCmap()
        except OSError as fault:
            raise self._unusable(
                say("it cannot be opened ({reason})", reason=str(fault))
            ) from fault
        except (TTLibError, *_TABLE_FAULTS) as fault:
            raise self._unusable(say("it is damaged or no font")) from fault
        return font

    @cached_property
    def _cmap(self) -> dict[int, str]:
        cmap: dict[int, str] | None = self._tables.getBestCmap()
        if not cmap:
            raise self._unusable(say("it has no Unicode character table"))
        return cmap

    @cached_property
    def units_per_em(self) -> int:
        units: int = self._tables["head"].unitsPerEm
        return units

    @property
    def _ascent_descent(self) -> tuple[int, int]:
        """Typographic ascender and descender (units), which bound the em box of 汉字."""
        font = self._tables
        if "OS/2" in font:
            return font["OS/2"].sTypoAscender, font["OS/2"].sTypoDescender
        return font["hhea"].ascent, font["hhea"].descent

    @property
    def baseline(self) -> float:
        ascent, descent = self._ascent_descent
        if ascent <= 0 or descent > 0:
            raise self._unusable(say("its ascender and descender make no sense"))
        return float(ascent / (ascent - descent))

    def glyphs(self, text: str) -> dict[str, str]:
        """Glyph names of the characters. Raises GlyphMissing, naming every missing one."""
        cmap = self._cmap
        missing = [character for character in dict.fromkeys(text) if ord(character) not in cmap]
        if missing:
            raise GlyphMissing(font=self.named.name, characters="".join(missing))
        return {character: cmap[ord(character)] for character in text}

    def held(self, characters: frozenset[str]) -> frozenset[str]:
        """Return those of the characters that the font has."""
        return frozenset(character for character in characters if ord(character) in self._cmap)

    def width(self, text: str) -> int:
        """Width of a text set in one line (units). Raises GlyphMissing."""
        if not self._widths.keys() >= set(text):
            found = self.glyphs(text)
            self._widths |= {character: self.advance(name) for character, name in found.items()}
        return sum(map(self._widths.__getitem__, text))

    def advance(self, glyph: str) -> int:
        """Advance width of a glyph (units)."""
        width: int = self._tables["hmtx"][glyph][0]
        return width

    def cut_down(self, glyphs: Mapping[str, str]) -> EmbeddedFace:
        """Make a font of `.notdef` and these glyphs, in the order of their characters."""
        first = self._tables.getGlyphOrder()[0]
        order = [first, *(name for name in dict.fromkeys(glyphs.values()) if name != first)]
        built = self._build(order, glyphs)
        ttf = _saved(built)
        places = {name: gid for gid, name in enumerate(order)}
        ascent, descent = self._ascent_descent
        return EmbeddedFace(
            ttf=ttf,
            gids=MappingProxyType({char: places[name] for char, name in glyphs.items()}),
            widths=MappingProxyType(
                {char: self._per_mille(self.advance(name)) for char, name in glyphs.items()}
            ),
            ascent=self._per_mille(ascent),
            descent=self._per_mille(descent),
            cap_height=self._per_mille(self._cap_height()),
            bbox=self._bounds(built),
            postscript_name=f"{_tag(ttf)}+{self._postscript_name()}",
        )

    def _build(self, order: list[str], glyphs: Mapping[str, str]) -> FontBuilder:
        from fontTools.fontBuilder import FontBuilder

        built = FontBuilder(self.units_per_em, isTTF=True)
        built.setupGlyphOrder(order)
        built.setupCharacterMap({ord(character): name for character, name in glyphs.items()})
        used = {order[0], *glyphs.values()}
        built.setupGlyf(self._outlines(order, used), calcGlyphBounds=False)
        built.setupHorizontalMetrics(
            {name: self._metrics(name, built) if name in used else (0, 0) for name in order}
        )
        ascent, descent = self._ascent_descent
        built.setupHorizontalHeader(ascent=ascent, descent=descent)
        built.font["head"].created = built.font["head"].modified = 0
        built.font.recalcTimestamp = False
        return built

    def _metrics(self, name: str, built: FontBuilder) -> tuple[int, int]:
        """Advance width and left side bearing of a glyph that was drawn (units)."""
        outlines = built.font["glyf"]
        outlines[name].recalcBounds(outlines)
        return self.advance(name), outlines[name].xMin

    def _outlines(self, order: Iterable[str], used: set[str]) -> dict[str, Any]:
        from fontTools.pens.ttGlyphPen import TTGlyphPen
        from fontTools.ttLib import TTLibError

        outlines = dict.fromkeys(order, TTGlyphPen(None).glyph())
        try:
            drawn = self._tables.getGlyphSet()
            for name in used:
                pen = TTGlyphPen(None)
                self._draw(drawn, name, pen)
                outlines[name] = pen.glyph()
        except (TTLibError, *_TABLE_FAULTS) as fault:
            raise self._unusable(say("its outlines are damaged")) from fault
        return outlines

    def _draw(self, drawn: Any, name: str, pen: Any) -> None:
        """Draw a glyph without components, its cubic curves made quadratic."""
        from fontTools.pens.recordingPen import DecomposingRecordingPen

        flat = DecomposingRecordingPen(drawn)
        drawn[name].draw(flat)
        if "glyf" in self._tables:
            flat.replay(pen)
            return
        from fontTools.pens.cu2quPen import Cu2QuPen

        flat.replay(Cu2QuPen(pen, _CUBIC_ERROR * self.units_per_em, reverse_direction=True))

    def _cap_height(self) -> int:
        height = getattr(self._tables["OS/2"], "sCapHeight", 0) if "OS/2" in self._tables else 0
        return height or self._ascent_descent[0]

    def _bounds(self, built: FontBuilder) -> tuple[int, int, int, int]:
        head = built.font["head"]
        x_min, y_min, x_max, y_max = (
            self._per_mille(value) for value in (head.xMin, head.yMin, head.xMax, head.yMax)
        )
        return x_min, y_min, x_max, y_max

    def _postscript_name(self) -> str:
        """Name the face by its file: reading its table of names takes longer than drawing it."""
        return re.sub(r"[^A-Za-z0-9-]", "", self.path.stem) or "OfficeFont"

    def _per_mille(self, units: float) -> int:
        return round(units * 1000 / self.units_per_em)

    def _unusable(self, cause: Message) -> FontUnusable:
        return FontUnusable(file=str(self.named), cause=cause)


def _refuse_if_unfit(font: TTFont, named: Path) -> None:
    """Raise FontUnusable for a font without outlines, or one that may not be embedded so."""
    if not any(table in font for table in ("glyf", "CFF ", "CFF2")):
        raise FontUnusable(file=str(named), cause=say("it holds no outlines"))
    rights = font["OS/2"].fsType if "OS/2" in font else 0
    if rights & _RESTRICTED and not rights & _PREVIEW_OR_EDITABLE:
        raise FontUnusable(file=str(named), cause=say("its maker forbids embedding (OS/2 fsType)"))
    if rights & (_NO_SUBSETTING | _BITMAPS_ONLY):
        raise FontUnusable(
            file=str(named), cause=say("its maker forbids embedding a part of it (OS/2 fsType)")
        )


def _saved(built: FontBuilder) -> bytes:
    target = BytesIO()
    built.font.save(target)
    return target.getvalue()


def _tag(ttf: bytes) -> str:
    """Six capitals that depend on the font's bytes only (ISO 32000-1, 9.6.4)."""
    number = int.from_bytes(sha256(ttf).digest()[:8], "big")
    letters = []
    for _ in range(6):
        number, digit = divmod(number, 26)
        letters.append(chr(ord("A") + digit))
    return "".join(letters)
