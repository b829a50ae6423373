"""Fonts that a draft carries in its file: no mark may be shown in the draft's own letters.

Word processors prefer a carried font to one of the machine. One named 黑体 in which 机密 looks like
公开 would make every mark say that, while its text still reads 机密. So a draft is refused that
carries a font named as one of those its marks are to be set in: by what the file says of it, or by
the font itself, whose own names LibreOffice goes by.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Set
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

from dingmi_mark.engine.shapes import TextRun
from dingmi_mark.errors import DraftBroken, DraftCarriesMarkFont
from dingmi_mark.formats.base import Faces, MarkJob
from dingmi_mark.formats.docx.editor import Editor
from dingmi_mark.formats.docx.names import Element, elements, q
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.messages import say

_FONT_TABLE, _FONT = "/fontTable", "/font"
"""How relationships to the table of fonts and to a font's file end, in all kinds of OOXML."""

_SAME: Final = (
    frozenset({"黑体", "simhei"}),
    frozenset({"仿宋", "仿宋gb2312", "fangsong", "fangsonggb2312"}),
    frozenset({"楷体", "楷体gb2312", "kaiti", "kaitigb2312"}),
)
"""Names that word processors take for one another."""

_FAMILY_IDS: Final = frozenset({1, 3, 4, 6, 16, 18, 21})
"""Names by which a font may be asked for (OpenType 1.9, name table)."""

_SFNT: Final = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf")
_KEY: Final = q("w:fontKey")
_MASKED = 32
_EOT_NAME_AT = 82
"""Where an Embedded OpenType file says its family: the length in bytes, then UTF-16."""


def refuse_font_of_marks(package: Package, main: str, job: MarkJob, faces: Faces) -> None:
    """Refuse a draft that carries a font in which its marks would be shown.

    Raises DraftCarriesMarkFont; DraftBroken where a carried font cannot be read.
    """
    carried = {
        _plain(name): name
        for declared, file, key in _carried(package, main)
        for name in (*declared, *_own_names(package, file, key))
    }
    for family in sorted(_families(job, faces)) if carried else ():
        for name in sorted(_alike(family) & carried.keys()):
            raise DraftCarriesMarkFont(package.where, font=carried[name], family=family)


def drop_fonts(package: Package, main: str, target: Path) -> bool:
    """Write `target` without the fonts that a draft carries; False where it carries none.

    Raises what reading does; OSError.
    """
    files = {file for _, file, _ in _carried(package, main) if file}
    if files:
        editor = Editor(package, main)
        editor.drop(files)
        editor.write(target)
    return bool(files)


def _families(job: MarkJob, faces: Faces) -> Set[str]:
    runs = (
        shape.face
        for blocks in job.blocks.values()
        for block in blocks
        for shape in block.shapes
        if isinstance(shape, TextRun)
    )
    roles = {*runs, *(point.face for point in job.points)}
    if job.closing_words:
        roles.add(job.closing_face)
    return {faces.family(role) for role in roles}


def _alike(family: str) -> Set[str]:
    name = _plain(family)
    return frozenset({name}).union(*(group for group in _SAME if name in group))


def _plain(name: str) -> str:
    """Letters and digits alone: LibreOffice takes 黑-体 for 黑体."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).casefold()


def _carried(package: Package, main: str) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield of each carried font what the file says it is named, its part, and the key of it."""
    for part in (main, *_font_tables(package, main)):
        files = {
            edge.id: package.find(edge.target) or ""
            for edge in package.relationships(part)
            if edge.type.endswith(_FONT) and not edge.external
        }
        if files:
            yield from _declared(package.looked_at(part), files)


def _font_tables(package: Package, main: str) -> Iterator[str]:
    for edge in package.relationships(main):
        table = package.find(edge.target)
        if edge.type.endswith(_FONT_TABLE) and not edge.external and table is not None:
            yield table


def _declared(root: Element, files: dict[str, str]) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Pair every use of a carried font with the names said of it; one that nobody names stays."""
    unnamed = set(files)
    for user in root.iter():
        for attribute, number in _attributes(user):
            if number in files and attribute == "id":
                unnamed.discard(number)
                yield tuple(_names_said(user.getparent())), files[number], user.get(_KEY, "")
    for number in unnamed:
        yield (), files[number], ""


def _names_said(font: Element | None) -> Iterator[str]:
    for one in () if font is None else (font, *elements(font)):
        for attribute, name in _attributes(one):
            if attribute in ("name", "val", "typeface"):
                yield name


def _attributes(one: Element) -> Iterator[tuple[str, str]]:
    for name, value in one.attrib.items():
        yield str(name).rpartition("}")[2], str(value)


def _own_names(package: Package, part: str, key: str) -> Iterator[str]:
    """Yield the names a carried font has of itself, in whatever way it is read.

    A font may be one as it is stored and another one under its mask. Raises DraftBroken.
    """
    content = package.read(part) if part else b""
    ways = (_names_of, lambda stored: _names_of(_unmasked(stored, key)), _name_of_eot)
    found = 0
    for way in ways:
        with suppress(ValueError, IndexError):
            yield from way(content)
            found += 1
    if not found:
        cause = say("the font {part} that it carries cannot be read", part=part or "-")
        raise DraftBroken(package.where, cause=cause)


def _unmasked(content: bytes, key: str) -> bytes:
    """Take the mask off the beginning of a font (ISO/IEC 29500-4, 17.8.1)."""
    mask = bytes.fromhex(key.strip("{}").replace("-", ""))[::-1] * 2
    head = bytes(one ^ other for one, other in zip(content[:_MASKED], mask, strict=True))
    return head + content[_MASKED:]


def _names_of(content: bytes) -> list[str]:
    """Return the names in a font. Raises ValueError where it is none."""
    if not content.startswith(_SFNT):
        raise ValueError("no font")
    import struct

    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        stream = BytesIO(content)
        collected = content.startswith(b"ttcf")
        fonts = TTCollection(stream, lazy=True).fonts if collected else [TTFont(stream, lazy=True)]
        return [
            record.toUnicode(errors="replace")
            for font in fonts
            for record in font["name"].names
            if record.nameID in _FAMILY_IDS
        ]
    except (TTLibError, KeyError, struct.error, AssertionError, AttributeError) as fault:
        raise ValueError from fault


def _name_of_eot(content: bytes) -> list[str]:
    """Return the family of an Embedded OpenType file. Raises ValueError where it is none."""
    begin = _EOT_NAME_AT + 2
    length = int.from_bytes(content[_EOT_NAME_AT:begin], "little")
    name = content[begin : begin + length]
    if not length or len(name) < length or content.startswith(_SFNT):
        raise ValueError("no family in it")
    return [name.decode("utf-16-le")]
