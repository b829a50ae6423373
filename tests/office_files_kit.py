"""Small drafts in old and foreign formats, made by LibreOffice once a session."""

from __future__ import annotations

import http.server
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dingmi_mark.formats.ocr import find_tesseract
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.store.fonts import BUNDLED
from office_kit import docx

needs_soffice = pytest.mark.skipif(find_soffice() is None, reason="needs LibreOffice")
needs_tesseract = pytest.mark.skipif(
    find_tesseract() is None, reason="needs tesseract-ocr and tesseract-ocr-chi-sim"
)
soffice_group = pytest.mark.xdist_group("soffice")

CELL = "样例：虚构的数字"
SLIDE = "样例：虚构的演示"
_FODP = f"""<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:body><office:presentation><draw:page draw:name="p1">
<draw:frame svg:x="4cm" svg:y="13cm" svg:width="15cm" svg:height="2cm">
<draw:text-box><text:p>{SLIDE}</text:p></draw:text-box></draw:frame>
</draw:page></office:presentation></office:body></office:document>"""


def _table() -> bytes:
    """A table whose words begin below the place of the marks."""
    from openpyxl import Workbook

    book = Workbook()
    book.active["B30"] = CELL
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


_SOURCES = {
    ".doc": (".docx", docx),
    ".odt": (".docx", docx),
    ".rtf": (".docx", docx),
    ".xls": (".xlsx", _table),
    ".ods": (".xlsx", _table),
    ".ppt": (".fodp", lambda: _FODP.encode()),
    ".pptx": (".fodp", lambda: _FODP.encode()),
    ".odp": (".fodp", lambda: _FODP.encode()),
}
_SAME = {".wps": ".doc", ".et": ".xls", ".dps": ".ppt"}


@cache
def old(suffix: str) -> bytes:
    """Return a small draft in this format; WPS Office's own endings hold the old formats."""
    if suffix == ".xlsx":
        return _table()
    suffix = _SAME.get(suffix, suffix)
    source, make = _SOURCES[suffix]
    return converted(make(), source, suffix)


@cache
def converted(content: bytes, source: str, suffix: str) -> bytes:
    """Convert bytes of one format into another, as somebody's own LibreOffice does."""
    with TemporaryDirectory() as room:
        draft = Path(room, f"draft{source}")
        draft.write_bytes(content)
        profile = Path(room, "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
        subprocess.run(
            [*command, suffix[1:], "--outdir", f"{room}/out", str(draft)],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return Path(room, "out", f"draft{suffix}").read_bytes()


def odt_with(paragraph: str) -> bytes:
    """Return a small text with one more paragraph at its end."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(old(".odt"))) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "content.xml":
                assert content.count(b"</office:text>") == 1
                end = paragraph.encode() + b"</office:text>"
                content = content.replace(b"</office:text>", end)
            target.writestr(name, content)
    return stream.getvalue()


FONT = "YangliFont"


def with_font(target: Path, *, carried: bool) -> Path:
    """A text set in a font that no machine has, which the file carries with it or not."""
    member = "Fonts/own.ttf"
    source = f"""<svg:font-face-src><svg:font-face-uri xlink:href="{member}" xlink:type="simple">
<svg:font-face-format svg:string="truetype"/></svg:font-face-uri></svg:font-face-src>"""
    face = f"""<style:font-face style:name="{FONT}" svg:font-family="{FONT}">
{source if carried else ""}</style:font-face>"""
    style = f"""<office:automatic-styles><style:style style:name="Own" style:family="paragraph">
<style:text-properties style:font-name="{FONT}" style:font-name-asian="{FONT}"/></style:style>
</office:automatic-styles>"""
    stream = BytesIO(odt_with('<text:p text:style-name="Own">样例 sample</text:p>'))
    with zipfile.ZipFile(stream) as plain, zipfile.ZipFile(target, "w") as out:
        for name in plain.namelist():
            content = plain.read(name).decode("latin-1")
            if name == "content.xml":
                content = content.replace("<office:automatic-styles/>", "")
                content = _put_before("</office:font-face-decls>", face, content)
                content = _put_before("<office:body>", style, content)
            if carried and name == "META-INF/manifest.xml":
                entry = f"""<manifest:file-entry manifest:full-path="{member}"
 manifest:media-type="application/x-font-ttf"/>"""
                content = _put_before("</manifest:manifest>", entry, content)
            out.writestr(name, content.encode("latin-1"))
        if carried:
            out.writestr(member, _own_font())
    return target


def _put_before(end: str, words: str, content: str) -> str:
    assert content.count(end) == 1
    return content.replace(end, words + end)


def _own_font() -> bytes:
    """The program's font under a name of its own."""
    from fontTools.ttLib import TTFont

    font = TTFont(BUNDLED)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = FONT
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("draw", "drawing"),
        ("text", "text"),
        ("svg", "svg-compatible"),
        ("script", "script"),
    )
)
_LIBRARY = """<!DOCTYPE library:{kind}
 PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:{kind} xmlns:library="http://openoffice.org/2000/library"
 xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</library:{kind}>"""


def hostile_odt(target: Path, *, picture: str, section: str, writes: Path) -> Path:
    """Write a text that links a picture and another text, and whose macro writes a file."""
    macro = "vnd.sun.star.script:Standard.Module1.Main?language=Basic&amp;location=document"
    content = f"""<office:document-content {_NAMES} xmlns:xlink="http://www.w3.org/1999/xlink"
 office:version="1.2"><office:scripts><office:event-listeners><script:event-listener
 script:language="ooo:script" script:event-name="dom:load" xlink:href="{macro}"
 xlink:type="simple"/></office:event-listeners></office:scripts><office:body><office:text>
<text:p>样例正文</text:p><text:p><draw:frame svg:width="3cm" svg:height="3cm"
 text:anchor-type="as-char"><draw:image xlink:href="{picture}" xlink:type="simple"
 xlink:show="embed" xlink:actuate="onLoad"/></draw:frame></text:p><text:section text:name="s">
<text:section-source xlink:type="simple" xlink:show="embed" xlink:href="{section}"/>
<text:p>旧的</text:p></text:section></office:text></office:body></office:document-content>"""
    module = f"""<script:module xmlns:script="http://openoffice.org/2000/script"
 script:name="Module1" script:language="StarBasic">Sub Main
Open "{writes}" For Output As #1
Close #1
End Sub</script:module>"""
    parts = {
        "content.xml": content,
        "Basic/script-lc.xml": _LIBRARY.format(
            kind="libraries", inside='<library:library library:name="Standard"/>'
        ),
        "Basic/Standard/script-lb.xml": _LIBRARY.format(
            kind="library", inside='<library:element library:name="Module1"/>'
        ),
        "Basic/Standard/Module1.xml": module,
    }
    kind = "application/vnd.oasis.opendocument.text"
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entries = "".join(
        f'<m:file-entry m:full-path="{name}" m:media-type="{media}"/>'
        for name, media in (("/", kind), *((name, "text/xml") for name in parts))
    )
    with zipfile.ZipFile(target, "w") as made:
        made.writestr("mimetype", kind)
        for name, text in parts.items():
            made.writestr(name, text)
        listed = f'<m:manifest xmlns:m="{manifest}">{entries}</m:manifest>'
        made.writestr("META-INF/manifest.xml", listed)
    return target


@contextmanager
def listening() -> Iterator[tuple[int, list[str]]]:
    """Listen on a port of this machine; yield it and who asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def handle(self) -> None:
            asked.append(str(self.client_address))

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()
        server.server_close()
