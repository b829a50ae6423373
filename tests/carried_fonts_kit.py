"""Drafts that carry a font of their own, as word processors store it."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

from dingmi_mark.store.fonts import BUNDLED

KEY = "{0B5D1F3A-8C7E-4A21-9D66-3F10E2C4B7A9}"
OTHER_LETTERS = {"机": "公", "密": "开"}
"""A font in which 机密 looks like 公开."""

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_HIDDEN = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_FAMILY_NAMES = (1, 3, 4, 6, 16)


def own_font(name: str, shows: Mapping[str, str] | None = None) -> bytes:
    """The program's font under another name, with other letters in the place of some."""
    from fontTools.ttLib import TTFont

    font = TTFont(BUNDLED)
    for record in font["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = name
    glyphs = font.getBestCmap()
    for table in font["cmap"].tables:
        for letter, other in (shows or {}).items():
            table.cmap[ord(letter)] = glyphs[ord(other)]
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


def masked(font: bytes, key: str = KEY) -> bytes:
    """Put the mask of ISO/IEC 29500-4, 17.8.1 on a font; put on twice it is gone."""
    mask = bytes.fromhex(key.strip("{}").replace("-", ""))[::-1] * 2
    return bytes(one ^ other for one, other in zip(font, mask, strict=False)) + font[32:]


def word_with_font(
    draft: bytes, declared: str, content: bytes, *, key: str = KEY, more: str = ""
) -> bytes:
    """Let a Word file carry a font; `more` stands in its entry of the table of fonts."""
    table = f"""<w:fonts xmlns:w="{_MAIN}" xmlns:r="{_R}"><w:font w:name="{declared}">{more}
<w:embedRegular r:id="rId1"{f' w:fontKey="{key}"' if key else ""}/></w:font></w:fonts>"""
    edges = _edges(("rId1", "fonts/font1.odttf"))
    return _with_members(
        draft,
        changed={"word/fontTable.xml": table},
        types=f'<Default Extension="odttf" ContentType="{_HIDDEN}"/>',
        added={"word/_rels/fontTable.xml.rels": edges, "word/fonts/font1.odttf": content},
    )


def slides_with_font(show: bytes, declared: str, family: str) -> bytes:
    """Let a presentation carry a font that says it is of this family."""
    name = family.encode("utf-16-le")
    eot = bytes(82) + len(name).to_bytes(2, "little") + name + bytes(64)
    fonts = f"""<p:embeddedFontLst><p:embeddedFont><p:font typeface="{declared}"/>
<p:regular r:id="rIdFont"/></p:embeddedFont></p:embeddedFontLst>"""
    return _with_members(
        show,
        inserted={
            "ppt/presentation.xml": (b"<p:defaultTextStyle", b"</p:presentation>", fonts),
            "ppt/_rels/presentation.xml.rels": (
                b"</Relationships>",
                b"</Relationships>",
                f'<Relationship Id="rIdFont" Type="{_R}/font" Target="fonts/font1.fntdata"/>',
            ),
        },
        types='<Default Extension="fntdata" ContentType="application/x-fontdata"/>',
        added={"ppt/fonts/font1.fntdata": eot},
    )


def _edges(*targets: tuple[str, str]) -> str:
    inside = "".join(
        f'<Relationship Id="{number}" Type="{_R}/font" Target="{target}"/>'
        for number, target in targets
    )
    return f'<Relationships xmlns="{_RELS}">{inside}</Relationships>'


def _with_members(
    package: bytes,
    *,
    types: str,
    added: Mapping[str, str | bytes],
    changed: Mapping[str, str] | None = None,
    inserted: Mapping[str, tuple[bytes, bytes, str]] | None = None,
) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"</Types>", f"{types}</Types>".encode())
            if inserted and name in inserted:
                first, second, words = inserted[name]
                before = first if first in content else second
                assert content.count(before) == 1
                content = content.replace(before, words.encode() + before)
            target.writestr(name, (changed or {}).get(name, content))
        for name, extra in added.items():
            target.writestr(name, extra)
    return stream.getvalue()
