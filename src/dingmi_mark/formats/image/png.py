"""PNG chunk by chunk: pixels are encoded anew only when painted, all other chunks stay.

Source: PNG (Third Edition), W3C 2025.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Carriers, Embedded
from dingmi_mark.formats.image import carrier, exif
from dingmi_mark.formats.image.container import (
    Dpi,
    Paint,
    Sheet,
    broken,
    decoded,
    opened,
    refuse_if_too_large,
    remarks_on_xmp,
    unsupported,
    upright,
)
from dingmi_mark.formats.image.paper import MM_PER_INCH
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = "XML:com.adobe.xmp"

_OF_PIXELS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_OF_COLOUR_TYPE = (b"sBIT", b"bKGD", b"hIST")
"""Chunks whose form depends on the colour type; they go when the pixels are encoded anew."""

_INCHES_PER_METRE = 1000 / MM_PER_INCH
_LARGEST_TEXT = 16 * 1024 * 1024


@dataclass(frozen=True)
class Chunk:
    """One chunk: its type and its content."""

    kind: bytes
    body: bytes


class Png:
    """A PNG file in memory. Raises DraftBroken, DraftUnsupported, DraftTooCostly."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._chunks = tuple(_chunks(content))
        self._sheet = self._read_sheet()

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return (self._sheet,)

    @property
    def remarks(self) -> tuple[Message, ...]:
        """Say when its XMP metadata is damaged."""
        return remarks_on_xmp([self._text(XMP_KEYWORD)])

    def picture(self, page: int) -> Image:
        """Decode the picture, in its stored orientation. Raises DraftBroken, DraftTooCostly."""
        return decoded(opened(self._content, "PNG"))

    def embedded(self) -> Embedded | None:
        """Read the XMP packet and the text chunk of our own."""
        packet = self._text(XMP_KEYWORD)
        own = self._text(carrier.KEYWORD)
        return carrier.embedded(
            (
                ("xmp", (xmp.read(packet) if packet else None,)),
                ("text", (carrier.found_in(own) if own else None,)),
            )
        )

    def written(
        self, pages: frozenset[int], paint: Paint, dpi: Mapping[int, Dpi], carriers: Carriers
    ) -> bytes:
        """Build the file anew; a turned picture is stored upright, since few programs turn PNG."""
        chunks = self._painted(paint) if pages else self._chunks
        if dpi:
            x, y = dpi[0]
            turned = bool(pages) and self._sheet.turned
            chunks = _with_resolution(chunks, (y, x) if turned else (x, y))
        packet = xmp.merge(self._text(XMP_KEYWORD), carriers, pdfa=False)
        texts = (
            _international_text(XMP_KEYWORD, packet),
            _international_text(carrier.KEYWORD, carrier.lines(carriers)),
        )
        return SIGNATURE + b"".join(map(_chunk_bytes, _with_texts(chunks, texts)))

    def _read_sheet(self) -> Sheet:
        header = self._body(b"IHDR")
        if header is None or len(header) != 13:
            raise broken(say("it has no picture header"))
        width, height, depth = struct.unpack(">IIB", header[:9])
        refuse_if_too_large(width, height)
        if depth > 8:
            raise unsupported(say("a picture with {bits} bits per colour", bits=depth))
        if self._body(b"acTL") is not None:
            raise unsupported(say("an animated PNG"))
        return Sheet(width, height, self._dpi(), exif.orientation(self._body(b"eXIf") or b""))

    def _dpi(self) -> Dpi | None:
        body = self._body(b"pHYs")
        if body is None or len(body) != 9:
            return None
        x, y, unit = struct.unpack(">IIB", body)
        return (x / _INCHES_PER_METRE, y / _INCHES_PER_METRE) if unit == 1 else None

    def _body(self, kind: bytes) -> bytes | None:
        return next((chunk.body for chunk in self._chunks if chunk.kind == kind), None)

    def _text(self, keyword: str) -> bytes | None:
        for chunk in self._chunks:
            if _keyword(chunk) == keyword:
                return _text_of(chunk)
        return None

    def _painted(self, paint: Paint) -> tuple[Chunk, ...]:
        before = self.picture(0)
        after = paint(0, before)
        orientation = self._sheet.orientation
        after = upright(after, orientation)
        new = tuple(_chunks(_encoded(after)))
        kept = [c for c in self._chunks if c.kind not in _OF_PIXELS + _OF_COLOUR_TYPE]
        if _is_grey(before) != _is_grey(after):
            kept = [chunk for chunk in kept if chunk.kind != b"iCCP"]
        if orientation != 1:
            kept = [_stored_upright(chunk, self._sheet.turned) for chunk in kept]
        return (new[0], *kept, *(chunk for chunk in new[1:] if chunk.kind in _OF_PIXELS))


def _chunks(content: bytes) -> Iterator[Chunk]:
    """Split a file into chunks up to its end chunk. Raises DraftBroken where it is cut off."""
    if not content.startswith(SIGNATURE):
        raise broken(say("it is no PNG file"))
    place = len(SIGNATURE)
    while place + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, place)
        end = place + 12 + length
        if end > len(content):
            break
        chunk = Chunk(content[place + 4 : place + 8], content[place + 8 : end - 4])
        yield chunk
        if chunk.kind == b"IEND":
            return
        place = end
    raise broken(say("its end is missing"))


def _chunk_bytes(chunk: Chunk) -> bytes:
    return b"".join(
        (
            struct.pack(">I", len(chunk.body)),
            chunk.kind,
            chunk.body,
            struct.pack(">I", zlib.crc32(chunk.kind + chunk.body)),
        )
    )


def _encoded(picture: Image) -> bytes:
    target = BytesIO()
    picture.info.clear()
    picture.save(target, "PNG")
    return target.getvalue()


def _is_grey(picture: Image) -> bool:
    return picture.mode in ("1", "L", "LA")


def _stored_upright(chunk: Chunk, turned: bool) -> Chunk:
    if chunk.kind == b"eXIf":
        return Chunk(chunk.kind, exif.with_orientation_reset(chunk.body))
    if chunk.kind == b"pHYs" and turned and len(chunk.body) == 9:
        return Chunk(chunk.kind, chunk.body[4:8] + chunk.body[:4] + chunk.body[8:])
    return chunk


def _with_resolution(chunks: Iterable[Chunk], dpi: Dpi) -> tuple[Chunk, ...]:
    header, *others = (chunk for chunk in chunks if chunk.kind != b"pHYs")
    x, y = (round(value * _INCHES_PER_METRE) for value in dpi)
    first = _place_before_pixels(others)
    return (header, *others[:first], Chunk(b"pHYs", struct.pack(">IIB", x, y, 1)), *others[first:])


def _with_texts(chunks: Iterable[Chunk], texts: Iterable[Chunk]) -> list[Chunk]:
    """Put our texts before the pixels, where every reader finds them, in place of older ones."""
    ours = (XMP_KEYWORD, carrier.KEYWORD)
    others = [chunk for chunk in chunks if _keyword(chunk) not in ours]
    first = _place_before_pixels(others)
    return [*others[:first], *texts, *others[first:]]


def _place_before_pixels(chunks: list[Chunk]) -> int:
    kinds = [chunk.kind for chunk in chunks]
    return kinds.index(b"IDAT") if b"IDAT" in kinds else len(kinds)


def _international_text(keyword: str, text: bytes) -> Chunk:
    """Make an iTXt chunk: not compressed, no language, no translated keyword."""
    return Chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text)


def _keyword(chunk: Chunk) -> str:
    if chunk.kind != b"iTXt":
        return ""
    return chunk.body.partition(b"\0")[0].decode("latin-1")


def _text_of(chunk: Chunk) -> bytes | None:
    """Give the text of an iTXt chunk, inflated up to a limit; None where it is malformed."""
    rest = chunk.body.partition(b"\0")[2]
    parts = rest[2:].split(b"\0", 2)
    if len(rest) < 2 or len(parts) < 3:
        return None
    if not rest[0]:
        return parts[2]
    inflating = zlib.decompressobj()
    try:
        text = inflating.decompress(parts[2], _LARGEST_TEXT)
    except zlib.error:
        return None
    return text if inflating.eof else None
