"""Build the bundled font: a TrueType subset of Noto Sans CJK SC Medium.

Run by maintainers only; the result is committed. Needs the Debian packages
`fonts-noto-cjk-extra` (the Medium weight) and `unicode-data` (Unihan, for 通用规范汉字表):

    python tools/build_font.py

The same inputs and the same fontTools give the same bytes: glyphs stand in the order of their
code points and `head.modified` is that of the source font.
"""

from __future__ import annotations

import argparse
import bz2
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Medium.ttc")
SIMPLIFIED_CHINESE = 2
"""Place of the SC face in the collection: its cmap gives the forms of the mainland."""

UNIHAN = Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
TARGET = Path(__file__).parents[1] / "src/dingmi_mark/fonts/dingmi-heiti.ttf"

FAMILY = "Noto Sans CJK SC Medium subset"
POSTSCRIPT = "NotoSansCJKsc-Medium-subset"
MODIFIED = (
    "Modified by the dingmi-mark project: glyphs of GB 2312, of the Table of General Standard "
    "Chinese Characters and ASCII only; outlines converted to TrueType; no layout tables."
)
KEPT_NAMES = (0, 7, 8, 9, 10, 11, 12, 13, 14)
"""Copyright, trademark, makers and licence stay as they are (OFL 1.1, condition 2)."""

MAX_ERROR_UNITS = 1.0
"""Largest distance between a cubic outline and its quadratic form, in 1/1000 em."""

PUNCTUATION = "★☆〔〕（）〇○—…·“”‘’《》〈〉、。，；：！？【】『』「」×±°％‰℃№Ⅰ－～"


def main() -> None:
    """Read the source font, write the subset, say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, default=SOURCE)
    parser.add_argument("--unihan", type=Path, default=UNIHAN)
    parser.add_argument("--target", type=Path, default=TARGET)
    options = parser.parse_args()
    source = TTFont(options.source, fontNumber=SIMPLIFIED_CHINESE, lazy=True)
    characters = wanted_characters(options.unihan)
    build(source, characters).save(options.target)
    print(f"{options.target}: {len(characters)} characters, {options.target.stat().st_size} bytes")


def wanted_characters(unihan: Path) -> list[int]:
    """List the code points to keep: ASCII, GB 2312, 通用规范汉字表 (Unihan kTGH), punctuation."""
    ascii_printable = set(range(0x20, 0x7F))
    gb2312 = {code for code in range(0x80, 0x10000) if _encodable(code, "gb2312")}
    return sorted(
        ascii_printable | gb2312 | set(_general_standard(unihan)) | set(map(ord, PUNCTUATION))
    )


def _encodable(code: int, codec: str) -> bool:
    try:
        chr(code).encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _general_standard(unihan: Path) -> Iterator[int]:
    with bz2.open(unihan, "rt", encoding="utf-8") as lines:
        for line in lines:
            if "\tkTGH\t" in line:
                yield int(line.split("\t")[0].removeprefix("U+"), 16)


def build(source: TTFont, characters: list[int]) -> TTFont:
    """Make the subset with TrueType outlines. Raises SystemExit where the source lacks a glyph."""
    cmap = source.getBestCmap()
    missing = [chr(code) for code in characters if code not in cmap]
    if missing:
        raise SystemExit(f"the source font lacks {''.join(missing)}")
    order = [".notdef", *dict.fromkeys(cmap[code] for code in characters)]
    builder = FontBuilder(source["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({code: cmap[code] for code in characters})
    builder.setupGlyf(_quadratic(source, order))
    glyf = builder.font["glyf"]
    builder.setupHorizontalMetrics(
        {name: (source["hmtx"][name][0], glyf[name].xMin) for name in order}
    )
    _copy_measures(source, builder)
    builder.setupPost(keepGlyphNames=False)
    _set_names(source, builder.font)
    return builder.font


def _quadratic(source: TTFont, order: list[str]) -> dict[str, Any]:
    drawn = source.getGlyphSet()
    glyphs = {}
    for name in order:
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, MAX_ERROR_UNITS, reverse_direction=True))
        glyphs[name] = pen.glyph()
    return glyphs


def _copy_measures(source: TTFont, builder: FontBuilder) -> None:
    builder.setupHorizontalHeader(
        ascent=source["hhea"].ascent, descent=source["hhea"].descent, lineGap=source["hhea"].lineGap
    )
    font = builder.font
    font["OS/2"] = source["OS/2"]
    font["OS/2"].recalcUnicodeRanges(font)
    font["OS/2"].recalcCodePageRanges(font)
    for stamp in ("created", "modified", "fontRevision", "macStyle"):
        setattr(font["head"], stamp, getattr(source["head"], stamp))
    font.recalcTimestamp = False


def _set_names(source: TTFont, font: TTFont) -> None:
    version = source["name"].getDebugName(5)
    names = {key: source["name"].getDebugName(key) for key in KEPT_NAMES}
    names |= {
        1: FAMILY,
        2: "Regular",
        3: f"{version};{POSTSCRIPT}",
        4: FAMILY,
        5: version,
        6: POSTSCRIPT,
    }
    names[10] = f"{names[10]} {MODIFIED}"
    builder = FontBuilder(font=font)
    builder.setupNameTable({}, mac=False)
    for key, value in sorted(names.items()):
        font["name"].setName(value, key, 3, 1, 0x409)


if __name__ == "__main__":
    main()
