"""What the three picture formats have in common: sheets, decoding and its faults, orientation."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Protocol

from dingmi_mark.errors import DraftBroken, DraftTooCostly, DraftUnsupported
from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Carriers, Embedded
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from PIL.Image import Image

Dpi = tuple[float, float]
"""Pixels per inch to the right and down."""

Paint = Callable[[int, "Image"], "Image"]
"""Paint the picture of a page, given and returned in its stored orientation."""

MAX_PIXELS = 178_956_970
"""Pillow's own limit for one picture: A2 at 600 dpi passes, a bomb does not."""

MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK")

PIXEL_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on damaged files; the file itself is already in memory."""


@dataclass(frozen=True)
class Sheet:
    """One picture of a file as it is stored, before decoding; `dpi` None where nothing is said.

    `orientation` is that of EXIF (1..8): how the reader sees the stored picture.
    """

    width_px: int
    height_px: int
    dpi: Dpi | None
    orientation: int = 1

    @property
    def turned(self) -> bool:
        """Tell whether width and height change places for the reader."""
        return self.orientation >= 5


class Container(Protocol):
    """A picture file in memory."""

    @property
    def sheets(self) -> tuple[Sheet, ...]: ...

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What marking will not keep, to be told before."""
        ...

    def picture(self, page: int) -> Image:
        """Decode a page, in its stored orientation. Raises DraftBroken, DraftTooCostly."""
        ...

    def embedded(self) -> Embedded | None:
        """Read our carriers back."""
        ...

    def written(
        self, pages: frozenset[int], paint: Paint, dpi: Mapping[int, Dpi], carriers: Carriers
    ) -> bytes:
        """Build the file anew: `pages` painted, resolution `dpi` (stored axes) set where given.

        The pixels of all other pages are not decoded and stay as they are, byte by byte.
        """
        ...


def remarks_on_xmp(packets: Iterable[bytes | None]) -> tuple[Message, ...]:
    """Say when metadata of others cannot be kept because it is damaged."""
    if all(xmp.is_readable(packet) for packet in packets if packet):
        return ()
    return (say("Its XMP metadata is damaged; marking replaces it."),)


def broken(cause: Message) -> DraftBroken:
    """Build the error of a damaged file."""
    return DraftBroken(cause=cause)


def unsupported(kind: Message) -> DraftUnsupported:
    """Build the error of a variety that would lose something when marked."""
    return DraftUnsupported(
        kind=kind, supported=say("PNG, JPEG and TIFF pictures with up to 8 bits per colour")
    )


@contextmanager
def decoding() -> Iterator[None]:
    """Turn the faults of Pillow's decoders into DraftBroken and DraftTooCostly."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (Image.DecompressionBombError, MemoryError) as fault:
        raise too_costly() from fault
    except PIXEL_FAULTS as fault:
        raise broken(say("its picture cannot be decoded ({reason})", reason=str(fault))) from fault


def too_costly() -> DraftTooCostly:
    """Build the error of a picture with too many pixels."""
    return DraftTooCostly(limit=say("{count} million pixels", count=MAX_PIXELS // 1_000_000))


def opened(content: bytes, format_name: str) -> Image:
    """Open a picture without decoding it. Raises DraftBroken, DraftTooCostly."""
    from PIL import Image

    with decoding():
        picture = Image.open(BytesIO(content), formats=[format_name])
    refuse_if_too_large(picture.width, picture.height)
    return picture


def refuse_if_too_large(width_px: int, height_px: int) -> None:
    """Raise DraftTooCostly for a picture that Pillow would only warn of or not see."""
    if width_px * height_px > MAX_PIXELS:
        raise too_costly()


def decoded(picture: Image) -> Image:
    """Decode an opened picture to a plain one of a mode in MODES, without its metadata.

    `transparency` stays in its info. Raises DraftBroken, DraftTooCostly, DraftUnsupported.
    """
    with decoding():
        picture.load()
        if picture.mode in ("PA", "La", "RGBa"):
            return picture.convert("RGBA")
        if picture.mode in ("YCbCr", "RGBX"):
            return picture.convert("RGB")
    if picture.mode not in MODES:
        raise unsupported(say("a picture with pixels of kind {mode}", mode=picture.mode))
    plain = picture.copy()
    plain.info = {key: plain.info[key] for key in ("transparency",) if key in plain.info}
    return plain


def upright(picture: Image, orientation: int) -> Image:
    """Turn a stored picture so that it stands as the reader sees it."""
    return _transposed(picture, orientation)


def as_stored(picture: Image, orientation: int) -> Image:
    """Turn an upright picture back to how it is stored: 6 and 8 undo each other."""
    return _transposed(picture, {6: 8, 8: 6}.get(orientation, orientation))


def _transposed(picture: Image, orientation: int) -> Image:
    from PIL.Image import Transpose

    turn = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def flat(picture: Image) -> Image:
    """Make a picture RGB as it looks on white paper."""
    from PIL import Image

    if picture.mode in ("LA", "RGBA") or "transparency" in picture.info:
        over = picture.convert("RGBA")
        paper = Image.new("RGBA", over.size, (255, 255, 255, 255))
        return Image.alpha_composite(paper, over).convert("RGB")
    return picture.convert("RGB")
