"""The little of EXIF that matters here: the orientation and the resolution of the main picture.

Read and patched in place, so that everything else, maker notes too, stays as it is.
Source: EXIF 2.32, 4.6; TIFF 6.0.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

ORIENTATION = 0x0112
X_RESOLUTION = 0x011A
Y_RESOLUTION = 0x011B
RESOLUTION_UNIT = 0x0128

_SHORT = 3
_RATIONAL = 5
_CM_PER_INCH = 2.54


class _Entry(NamedTuple):
    tag: int
    kind: int
    value_place: int


def orientation(block: bytes) -> int:
    """How the stored picture is to be turned (1..8); 1 where nothing valid is said."""
    for order, entry in _entries(block):
        if entry.tag == ORIENTATION and entry.kind == _SHORT:
            (value,) = struct.unpack_from(order + "H", block, entry.value_place)
            return int(value) if 1 <= value <= 8 else 1
    return 1


def with_orientation_reset(block: bytes) -> bytes:
    """Return the block saying that the picture is stored upright."""
    changed = bytearray(block)
    for order, entry in _entries(block):
        if entry.tag == ORIENTATION and entry.kind == _SHORT:
            struct.pack_into(order + "H", changed, entry.value_place, 1)
    return bytes(changed)


def dpi(block: bytes) -> tuple[float, float] | None:
    """Resolution of the main picture (pixels per inch), None where it is not given whole."""
    values: dict[int, float] = {}
    unit = 2
    for order, entry in _entries(block):
        if entry.tag == RESOLUTION_UNIT and entry.kind == _SHORT:
            (unit,) = struct.unpack_from(order + "H", block, entry.value_place)
        elif entry.tag in (X_RESOLUTION, Y_RESOLUTION) and entry.kind == _RATIONAL:
            value = _rational(block, order, entry)
            if value:
                values[entry.tag] = value
    if unit not in (2, 3) or len(values) < 2:
        return None
    per_inch = _CM_PER_INCH if unit == 3 else 1.0
    return values[X_RESOLUTION] * per_inch, values[Y_RESOLUTION] * per_inch


def _rational(block: bytes, order: str, entry: _Entry) -> float | None:
    (place,) = struct.unpack_from(order + "I", block, entry.value_place)
    if place + 8 > len(block):
        return None
    above, below = struct.unpack_from(order + "II", block, place)
    return above / below if below else None


def _entries(block: bytes) -> Iterator[tuple[str, _Entry]]:
    """Walk the first directory; malformed blocks simply end."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None or len(block) < 10:
        return
    (start,) = struct.unpack_from(order + "I", block, 4)
    if start + 2 > len(block):
        return
    (count,) = struct.unpack_from(order + "H", block, start)
    for number in range(count):
        place = start + 2 + 12 * number
        if place + 12 > len(block):
            return
        tag, kind = struct.unpack_from(order + "HH", block, place)
        yield order, _Entry(tag, kind, place + 8)
