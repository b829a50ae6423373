"""Is a file about to be printed one document, or are others hidden behind or before it?

A printer reads from the front and changes its language when it is told to; a reader of files looks
for the last table of contents. Where both could see different pages, nothing prints.
"""

from __future__ import annotations

import re
from pathlib import Path

_PRINTED = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_OTHERS = re.compile(rb"(?:[\r\n]|%%EOF)(?:%PDF-\d|%!PS)|\x1b%-12345X")
_AT_ONCE = 1 << 20
_OVERLAP = 16
_SOUGHT = 1024
"""Readers of PDF look so far for its beginning."""


def holds_several(path: Path) -> bool:
    """Tell whether a PDF or picture has the beginning of another document somewhere in it.

    Other files (packed ones) are not for printers and give False. Raises OSError.
    """
    with path.open("rb") as stream:
        before = stream.read(_SOUGHT)
        if b"%PDF-" in before[1:]:
            return True
        if not before.startswith(_PRINTED):
            return False
        piece = before
        while piece:
            if _OTHERS.search(piece):
                return True
            more = stream.read(_AT_ONCE)
            piece = piece[-_OVERLAP:] + more if more else b""
    return False
