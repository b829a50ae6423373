"""Embedded fonts: Type 0 with TrueType outlines, two-byte glyph ids, and a way back to text.

Source: ISO 32000-1, 9.7 (composite fonts), 9.10.3 (ToUnicode); ISO 19005-1, 6.3 (CIDSet).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from dingmi_mark.engine.faces import EmbeddedFace

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_SYMBOLIC = 4
_STEM = 80
"""Width of vertical stems (1/1000 em); readers use it only to find a substitute."""

_MOST_LINES = 100
"""Lines a section of a CMap may have."""

_CMAP_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_CMAP_TAIL = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def embed(pdf: Pdf, face: EmbeddedFace, *, with_cid_set: bool) -> Object:
    """Put a face into a file; return the font. PDF/A-1 wants a CIDSet, later parts do not."""
    from pikepdf import Array, Dictionary, Name, String

    name = Name("/" + face.postscript_name)
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=_SYMBOLIC,
        FontBBox=Array(face.bbox),
        ItalicAngle=0,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.cap_height,
        StemV=_STEM,
        FontFile2=pdf.make_stream(face.ttf, Length1=len(face.ttf)),
    )
    if with_cid_set:
        descriptor.CIDSet = pdf.make_stream(_cid_set({0, *face.gids.values()}))
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        CIDToGIDMap=Name.Identity,
        DW=1000,
        W=_widths(face),
        FontDescriptor=pdf.make_indirect(descriptor),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(face.gids)),
        )
    )


def _widths(face: EmbeddedFace) -> Object:
    from pikepdf import Array

    widths = {gid: face.widths[character] for character, gid in face.gids.items()}
    return Array([item for gid in sorted(widths) for item in (gid, Array([widths[gid]]))])


def _cid_set(gids: Iterable[int]) -> bytes:
    bits = bytearray(max(gids) // 8 + 1)
    for gid in gids:
        bits[gid // 8] |= 0x80 >> gid % 8
    return bytes(bits)


def _to_unicode(gids: Mapping[str, int]) -> bytes:
    """Map glyphs back to text; of two characters with one glyph the first in order counts."""
    characters = {gid: character for character, gid in sorted(gids.items(), reverse=True)}
    lines = [
        b"<%04X> <%s>\n" % (gid, characters[gid].encode("utf-16-be").hex().upper().encode())
        for gid in sorted(characters)
    ]
    sections = [
        b"%d beginbfchar\n%sendbfchar\n" % (len(part), b"".join(part))
        for part in (lines[at : at + _MOST_LINES] for at in range(0, len(lines), _MOST_LINES))
    ]
    return _CMAP_HEAD + b"".join(sections) + _CMAP_TAIL
