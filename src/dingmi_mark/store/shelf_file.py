"""A shelf of the index of quotations as one file: a line that tells its parts, then the parts.

One file is one thing to make durable; its arrays are read as they are needed, through the memory.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from dingmi_mark.quoting.shelf import Shelf

_MAGIC: Final = b"dingmi-shelf "
_ALIGNED: Final = 64
"""The first line is filled up to a multiple of this (bytes), so that all arrays lie straight."""

_LONGEST_LINE: Final = 4096
_STARTS, _PLACES, _SKETCH = "<i8", "<u4", "u1"


@dataclass(frozen=True)
class OpenShelf:
    """A shelf with what is known of its texts (`lines`, as stored), in the order of the arrays."""

    lines: tuple[bytes, ...]
    shelf: Shelf


def write_shelf(stream: BinaryIO, shelf: OpenShelf) -> None:
    """Write a shelf. Raises OSError."""
    import numpy as np

    arrays, lines = shelf.shelf, b"".join(line + b"\n" for line in shelf.lines)
    told = {
        "texts": len(shelf.lines),
        "posted": len(arrays.posted),
        "sketch": len(arrays.sketch),
        "lines": len(lines),
    }
    head = _MAGIC + json.dumps(told).encode()
    stream.write(head + b" " * (-(len(head) + 1) % _ALIGNED) + b"\n")
    kinds = (
        (arrays.starts, _STARTS),
        (arrays.posted, _PLACES),
        (arrays.at, _PLACES),
        (arrays.sketch, _SKETCH),
    )
    for array, kind in kinds:
        stream.write(np.ascontiguousarray(array, dtype=kind).data)
    stream.write(lines)


def read_shelf(path: Path) -> OpenShelf:
    """Open a shelf. Raises ValueError where it is not whole, and OSError."""
    import numpy as np

    from dingmi_mark.quoting.shelf import Shelf

    with path.open("rb") as stream:
        head = stream.readline(_LONGEST_LINE)
    if not head.startswith(_MAGIC):
        raise ValueError("no shelf")
    told = json.loads(head[len(_MAGIC) :])
    counts = [told[name] for name in ("texts", "posted", "sketch", "lines")]
    if not all(type(count) is int and count >= 0 for count in counts):
        raise ValueError("its first line")
    texts, posted, sketch, lines = counts
    sizes = (8 * (texts + 1), 4 * posted, 4 * posted, sketch, lines)
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    if len(whole) != len(head) + sum(sizes):
        raise ValueError("its size")
    parts, at = [], len(head)
    for size in sizes:
        parts.append(np.asarray(whole[at : at + size]))
        at += size
    starts = parts[0].view(_STARTS)
    shelf = Shelf(parts[1].view(_PLACES), parts[2].view(_PLACES), parts[3], starts)
    found = tuple(parts[4].tobytes().splitlines())
    if len(found) != texts or int(starts[0]) != 0 or int(starts[-1]) != sketch:
        raise ValueError("its parts")
    return OpenShelf(found, shelf)
