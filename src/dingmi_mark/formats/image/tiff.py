"""TIFF page by page: only a page that gets marks is encoded anew, with the same compression.

The others keep their pixel data byte by byte. JPEG inside TIFF is encoded at quality 95, since
its tables cannot be handed to the encoder.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Carriers, Embedded
from dingmi_mark.formats.image import carrier
from dingmi_mark.formats.image.container import (
    Dpi,
    Paint,
    Sheet,
    broken,
    decoded,
    decoding,
    opened,
    refuse_if_too_large,
    remarks_on_xmp,
    unsupported,
)
from dingmi_mark.formats.image.directories import Directory, Field, TiffFile
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 274, 282, 283, 296
XMP, ICC = 700, 34675

_OF_PIXELS = (
    frozenset({WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC, 263, 266, 273, 277, 278, 279, 280})
    | {281, 284, 292, 293, 317, 320, 321, 322, 323, 324, 325, 326, 327, 328, 332, 338, 339, 347}
    | {513, 514, 529, 530, 531, 532}
)
"""Fields that describe how the pixels are stored (TIFF 6.0); they come from the new encoding."""

_OLD_JPEG = 6
_ENCODERS = {
    1: "raw",
    2: "tiff_ccitt",
    3: "group3",
    4: "group4",
    5: "tiff_lzw",
    7: "jpeg",
    8: "tiff_adobe_deflate",
    32773: "packbits",
    32946: "tiff_adobe_deflate",
    34925: "lzma",
    50000: "zstd",
}
_OF_ONE_BIT = ("tiff_ccitt", "group3", "group4")
_LOSSLESS = "tiff_adobe_deflate"
_JPEG_QUALITY = 95
_CM_PER_INCH = 2.54
_WHITE_IS_ZERO = 0
_BYTE, _SHORT, _RATIONAL = 1, 3, 5


class Tiff:
    """A TIFF file in memory. Raises DraftBroken, DraftUnsupported, DraftTooCostly."""

    def __init__(self, content: bytes) -> None:
        if content[:4] in (b"II+\0", b"MM\0+"):
            raise unsupported(say("a BigTIFF"))
        self._file = TiffFile.read(content)
        self._sheets = tuple(map(_sheet, self._file.pages))

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return self._sheets

    @property
    def remarks(self) -> tuple[Message, ...]:
        """Say when XMP metadata of a page is damaged."""
        return remarks_on_xmp(
            page.fields[XMP].raw for page in self._file.pages if XMP in page.fields
        )

    def picture(self, page: int) -> Image:
        """Decode a page, in its stored orientation. Raises DraftBroken.

        Pillow turns TIFF pictures by their field when decoding, so it gets the page without it.
        """
        directory = self._file.pages[page]
        if ORIENTATION in directory.fields:
            as_it_is = Field(_SHORT, 1, struct.pack(self._file.order + "H", 1))
            directory = directory.with_fields({ORIENTATION: as_it_is})
        alone = TiffFile(self._file.order, (directory,))
        return decoded(opened(alone.written(), "TIFF"))

    def embedded(self) -> Embedded | None:
        """Read the XMP packets: the first page's has the record, each has the id."""
        found = tuple(
            xmp.read(page.fields[XMP].raw) if XMP in page.fields else None
            for page in self._file.pages
        )
        return carrier.embedded((("xmp", found[:1]), ("page", found)))

    def written(
        self, pages: frozenset[int], paint: Paint, dpi: Mapping[int, Dpi], carriers: Carriers
    ) -> bytes:
        """Build the file anew in its own byte order."""
        changed = []
        for number, page in enumerate(self._file.pages):
            new = self._painted(number, page, paint) if number in pages else page
            if number in dpi:
                new = new.with_fields(_resolution(dpi[number], self._file.order))
            packet = self._packet(number, page, carriers)
            changed.append(new.with_fields({XMP: Field(_BYTE, len(packet), packet)}))
        return TiffFile(self._file.order, tuple(changed)).written()

    def _packet(self, number: int, page: Directory, carriers: Carriers) -> bytes:
        existing = page.fields[XMP].raw if XMP in page.fields else None
        if number:
            return xmp.merge_ids(existing, carriers)
        return xmp.merge(existing, carriers, pdfa=False)

    def _painted(self, number: int, page: Directory, paint: Paint) -> Directory:
        before = self.picture(number)
        after = paint(number, before)
        white_is_zero = page.number(PHOTOMETRIC, 1) == _WHITE_IS_ZERO
        new = _encoded(after, _encoder(after, page.number(COMPRESSION, 1)), white_is_zero)
        kept = {tag: field for tag, field in page.fields.items() if tag not in _OF_PIXELS}
        if (before.mode in ("1", "L")) != (after.mode in ("1", "L")):
            kept.pop(ICC, None)
        fresh = new.in_order(self._file.order)
        pixels = {tag: field for tag, field in fresh.pages[0].fields.items() if tag in _OF_PIXELS}
        return Directory({**kept, **pixels}, fresh.pages[0].blobs, page.children, self._file.order)


def _sheet(page: Directory) -> Sheet:
    """Read what must be known before decoding, and refuse what would lose something."""
    width, height = page.number(WIDTH, 0), page.number(LENGTH, 0)
    if not width or not height:
        raise broken(say("a page has no width or height"))
    refuse_if_too_large(width, height)
    bits = max(page.numbers(BITS) or (1,))
    if bits > 8:
        raise unsupported(say("a picture with {bits} bits per colour", bits=bits))
    if page.number(COMPRESSION, 1) == _OLD_JPEG:
        raise unsupported(say("a TIFF with JPEG of the old kind (compression 6)"))
    orientation = page.number(ORIENTATION, 1)
    return Sheet(width, height, _dpi(page), orientation if 1 <= orientation <= 8 else 1)


def _dpi(page: Directory) -> Dpi | None:
    unit = page.number(RESOLUTION_UNIT, 2)
    x, y = page.rational(X_RESOLUTION), page.rational(Y_RESOLUTION)
    if unit not in (2, 3) or not x or not y:
        return None
    per_inch = _CM_PER_INCH if unit == 3 else 1.0
    return x * per_inch, y * per_inch


def _resolution(dpi: Dpi, order: str) -> dict[int, Field]:
    x, y = (struct.pack(order + "II", round(value * 100), 100) for value in dpi)
    return {
        X_RESOLUTION: Field(_RATIONAL, 1, x),
        Y_RESOLUTION: Field(_RATIONAL, 1, y),
        RESOLUTION_UNIT: Field(_SHORT, 1, struct.pack(order + "H", 2)),
    }


def _encoder(picture: Image, compression: int) -> str:
    """Choose the page's own compression, or a lossless one where it cannot take the picture."""
    name = _ENCODERS.get(compression, _LOSSLESS)
    one_bit_only = name in _OF_ONE_BIT and picture.mode != "1"
    no_jpeg = name == "jpeg" and picture.mode not in ("L", "RGB", "CMYK")
    return _LOSSLESS if one_bit_only or no_jpeg else name


def _encoded(picture: Image, encoder: str, white_is_zero: bool) -> TiffFile:
    """Encode one page. A page whose zero is white stays so: fax compression is made for that."""
    from PIL import ImageChops

    inverted = white_is_zero and picture.mode in ("1", "L") and encoder != "jpeg"
    stored = ImageChops.invert(picture) if inverted else picture
    options: dict[str, Any] = {"quality": _JPEG_QUALITY} if encoder == "jpeg" else {}
    target = BytesIO()
    with decoding():
        stored.save(target, "TIFF", compression=encoder, **options)
    new = TiffFile.read(target.getvalue())
    if not inverted:
        return new
    zero = struct.pack(new.order + "H", _WHITE_IS_ZERO)
    return TiffFile(new.order, (new.pages[0].with_fields({PHOTOMETRIC: Field(_SHORT, 1, zero)}),))
