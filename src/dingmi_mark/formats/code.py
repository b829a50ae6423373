"""2D codes: written by segno, read by ZXing, both loaded only where a code is asked for."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Final

from dingmi_mark.errors import CodeToolMissing

if TYPE_CHECKING:
    from PIL.Image import Image

_VERSION: Final = 2
"""25 × 25 modules: the smallest that holds what we say and a sixth of it lost (level M)."""

_QUIET: Final = 4
"""Blank modules around a code (ISO/IEC 18004)."""

_PIXELS: Final = 8
"""Pixels a module: some, for programs that smooth pictures when they scale them."""

CODE_DPI: Final = 200
"""At what resolution pages are shown to be read: three pixels a module where it has half a mm."""

_KEPT: Final = 64


def can_read_codes() -> bool:
    """Tell whether codes can be written and read here."""
    return all(find_spec(name) is not None for name in ("segno", "zxingcpp"))


@lru_cache(_KEPT)
def code_png(says: str) -> bytes:
    """Draw a QR code with its quiet zone, as PNG; the same words give the same bytes.

    Raises CodeToolMissing.
    """
    try:
        import segno
    except ImportError as error:
        raise CodeToolMissing from error
    code = segno.make_qr(says, version=_VERSION, error="m", mode="alphanumeric", boost_error=False)
    stream = BytesIO()
    code.save(stream, kind="png", scale=_PIXELS, border=_QUIET)
    return stream.getvalue()


def read_codes(picture: Image) -> tuple[str, ...]:
    """Return what the QR codes in a picture say, each once. Raises CodeToolMissing."""
    try:
        import zxingcpp
    except ImportError as error:
        raise CodeToolMissing from error
    kinds = zxingcpp.barcode_formats_from_str("QRCode")
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=kinds)
    return tuple(dict.fromkeys(one.text for one in found if one.valid))
