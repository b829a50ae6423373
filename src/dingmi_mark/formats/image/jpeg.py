"""JPEG segment by segment: the picture is encoded anew only when painted, with its own tables.

Encoding again with the same quantisation tables and sampling leaves the rest of the page as good
as it was. Red on a picture with halved colour (4:2:0) bleeds by one pixel, 0.1 mm at 300 dpi; the
sampling is kept all the same, since changing it would alter the whole page. A grey picture that
gets colour becomes 4:4:4. Sources: ITU-T T.81, JFIF 1.02, XMP part 3 (1.1.3).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Carriers, Embedded
from dingmi_mark.formats.image import carrier, exif
from dingmi_mark.formats.image.container import (
    Dpi,
    Paint,
    Sheet,
    broken,
    decoded,
    decoding,
    opened,
    remarks_on_xmp,
    unsupported,
)
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_WITHOUT_LENGTH = (0x01, *range(0xD0, 0xD9))

_JFIF = b"JFIF\0"
_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0"
_MULTI_PICTURE = b"MPF\0"

_LARGEST_BODY = 65_533
_CM_PER_INCH = 2.54


@dataclass(frozen=True)
class Segment:
    """One marker segment: its marker's second byte and its content."""

    marker: int
    body: bytes

    @property
    def is_metadata(self) -> bool:
        """Tell application data and comments from the coding of the picture."""
        return _APP0 <= self.marker <= _APP15 or self.marker == _COM

    def says(self, marker: int, start: bytes) -> bool:
        """Tell whether it is of that marker and begins so."""
        return self.marker == marker and self.body.startswith(start)


class Jpeg:
    """A JPEG file in memory. Raises DraftBroken, DraftUnsupported, DraftTooCostly."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._segments, self._scan = _split(content)
        picture = opened(content, "JPEG")
        if picture.mode not in ("L", "RGB", "CMYK"):
            raise unsupported(say("a picture with pixels of kind {mode}", mode=picture.mode))
        orientation = exif.orientation(self._exif())
        self._sheet = Sheet(picture.width, picture.height, self._dpi(), orientation)

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return (self._sheet,)

    @property
    def remarks(self) -> tuple[Message, ...]:
        """Say when its XMP metadata is damaged or further pictures will be lost."""
        damaged = remarks_on_xmp([self._xmp()])
        if any(segment.says(_APP2, _MULTI_PICTURE) for segment in self._segments):
            return (*damaged, say("Only its main picture is kept, not the others in the file."))
        return damaged

    def picture(self, page: int) -> Image:
        """Decode the picture, in its stored orientation. Raises DraftBroken."""
        return decoded(opened(self._content, "JPEG"))

    def embedded(self) -> Embedded | None:
        """Read the XMP packet and the comments of our own."""
        packet = self._xmp()
        own = _comment_text(self._segments)
        return carrier.embedded(
            (
                ("xmp", (xmp.read(packet) if packet else None,)),
                ("comment", (carrier.found_in(own) if own else None,)),
            )
        )

    def written(
        self, pages: frozenset[int], paint: Paint, dpi: Mapping[int, Dpi], carriers: Carriers
    ) -> bytes:
        """Build the file anew; further pictures behind the first (MPF) go when it is painted."""
        segments, scan = self._painted(paint) if pages else (self._segments, self._scan)
        if dpi:
            segments = _with_resolution(segments, dpi[0])
        others = [s for s in segments if not s.says(_APP1, _XMP) and not _is_own_comment(s)]
        first = _place_after_leaders(others)
        own = (Segment(_APP1, _XMP + self._packet(carriers)), *_comments(carrier.lines(carriers)))
        whole = (*others[:first], *own, *others[first:])
        return b"\xff\xd8" + b"".join(map(_segment_bytes, whole)) + scan

    def _packet(self, carriers: Carriers) -> bytes:
        """Merge the XMP packet; a segment's 64 KiB hold the ids alone when the record is long."""
        packet = xmp.merge(self._xmp(), carriers, pdfa=False)
        if len(_XMP) + len(packet) > _LARGEST_BODY:
            packet = xmp.merge_ids(self._xmp(), carriers)
        if len(_XMP) + len(packet) > _LARGEST_BODY:
            packet = xmp.merge_ids(None, carriers)
        return packet

    def _painted(self, paint: Paint) -> tuple[tuple[Segment, ...], bytes]:
        source: Any = opened(self._content, "JPEG")
        before = decoded(source)
        after = paint(0, before)
        new, scan = _split(_encoded(after, source))
        kept = [s for s in self._segments if s.is_metadata and not _goes_with_pixels(s)]
        if before.mode != after.mode:
            kept = [segment for segment in kept if not segment.says(_APP2, _ICC)]
        if any(segment.says(_APP0, _JFIF) for segment in kept):
            new = tuple(segment for segment in new if not segment.says(_APP0, _JFIF))
        leaders = tuple(segment for segment in new if segment.marker == _APP0)
        return (*leaders, *kept, *(s for s in new if s.marker != _APP0)), scan

    def _exif(self) -> bytes:
        for segment in self._segments:
            if segment.says(_APP1, _EXIF):
                return segment.body[len(_EXIF) :]
        return b""

    def _xmp(self) -> bytes | None:
        for segment in self._segments:
            if segment.says(_APP1, _XMP):
                return segment.body[len(_XMP) :]
        return None

    def _dpi(self) -> Dpi | None:
        for segment in self._segments:
            if segment.says(_APP0, _JFIF) and len(segment.body) >= 12:
                unit, x, y = struct.unpack_from(">BHH", segment.body, 7)
                if unit in (1, 2) and x and y:
                    per_inch = _CM_PER_INCH if unit == 2 else 1.0
                    return x * per_inch, y * per_inch
        return exif.dpi(self._exif())


def _split(content: bytes) -> tuple[tuple[Segment, ...], bytes]:
    """Split a file into the segments before the first scan, and all from there on."""
    if not content.startswith(b"\xff\xd8"):
        raise broken(say("it is no JPEG file"))
    segments: list[Segment] = []
    place = 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == _SOS:
            return tuple(segments), content[place:]
        if marker in _WITHOUT_LENGTH:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", content, place + 2)
        end = place + 2 + length
        if marker == _EOI or length < 2 or end > len(content):
            break
        segments.append(Segment(marker, content[place + 4 : end]))
        place = end
    raise broken(say("it holds no whole picture"))


def _segment_bytes(segment: Segment) -> bytes:
    return struct.pack(">BBH", 0xFF, segment.marker, len(segment.body) + 2) + segment.body


def _goes_with_pixels(segment: Segment) -> bool:
    """Tell what describes the old coding: Adobe's colour transform, the list of pictures behind."""
    return segment.marker == _APP14 or segment.says(_APP2, _MULTI_PICTURE)


def _encoded(picture: Image, source: Any) -> bytes:
    """Encode with the tables and the sampling of the source. Raises DraftBroken."""
    from PIL import JpegImagePlugin

    sampling = JpegImagePlugin.get_sampling(source) if picture.mode == source.mode else 0
    target = BytesIO()
    with decoding():
        picture.save(
            target,
            "JPEG",
            qtables=source.quantization,
            subsampling=sampling,
            progressive=bool(source.info.get("progressive")),
        )
    return target.getvalue()


def _with_resolution(segments: tuple[Segment, ...], dpi: Dpi) -> tuple[Segment, ...]:
    """State a resolution in the JFIF segment, which is made if there is none."""
    x, y = (round(value) for value in dpi)
    body = next((s.body for s in segments if s.says(_APP0, _JFIF)), b"")
    if len(body) < 12:
        body = _JFIF + b"\1\1" + b"\0" * 7
    stated = Segment(_APP0, body[:7] + struct.pack(">BHH", 1, x, y) + body[12:])
    return (stated, *(s for s in segments if not s.says(_APP0, _JFIF)))


def _place_after_leaders(segments: list[Segment]) -> int:
    """JFIF and EXIF must stand first (EXIF 2.32, 4.7.2)."""
    leaders = (segment.marker == _APP0 or segment.says(_APP1, _EXIF) for segment in segments)
    for place, leads in enumerate(leaders):
        if not leads:
            return place
    return len(segments)


_COMMENT = carrier.KEYWORD.encode() + b" "


def _comments(text: bytes) -> Iterator[Segment]:
    """Write the text as comments of our own: `dingmi-mark 1/2`, line end, part."""
    room = _LARGEST_BODY - 64
    parts = [text[start : start + room] for start in range(0, len(text), room)]
    for number, part in enumerate(parts, start=1):
        yield Segment(_COM, _COMMENT + f"{number}/{len(parts)}\n".encode() + part)


def _is_own_comment(segment: Segment) -> bool:
    return segment.says(_COM, _COMMENT)


def _comment_text(segments: tuple[Segment, ...]) -> bytes | None:
    """Join our comments; None where there are none or a part is missing."""
    parts: dict[bytes, bytes] = {}
    for segment in filter(_is_own_comment, segments):
        number, _, part = segment.body.removeprefix(_COMMENT).partition(b"\n")
        parts[number] = part
    expected = [f"{number}/{len(parts)}".encode() for number in range(1, len(parts) + 1)]
    if not parts or set(parts) != set(expected):
        return None
    return b"".join(parts[number] for number in expected)
