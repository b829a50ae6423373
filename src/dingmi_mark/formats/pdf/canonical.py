"""Content in one form whatever wrote it, and without our own parts.

Our parts stand at named points: `q /DmOpen MP` … `/DmClose MP` closers and marks `/DmEnd MP`.
Tools join the streams of a page and lay the white space anew, so that the parts are known by
their tokens, and only if nothing but what we write stands between the points.
"""

from __future__ import annotations

import re

OPEN = b"/DmOpen MP\n"
CLOSE = b"\n/DmClose MP\n"
END = b"/DmEnd MP\n"

_WHITE = rb"[\0\t\n\f\r ]"
_STRING = rb"\([^()\\]*(?:(?:\\.|\([^()\\]*(?:\\.[^()\\]*)*\))[^()\\]*)*\)"
_KEPT = re.compile(
    rb"(%[^\r\n]*|"
    + _STRING
    + rb"|(?<![^\0\t\n\f\r \]>)])ID"
    + _WHITE
    + rb".*?"
    + _WHITE
    + rb"EI(?![^\0\t\n\f\r ]))",
    re.DOTALL,
)
"""What keeps its white space: comments, strings, inline images."""

_OPENED = re.compile(
    rb"\s*(?:q\s+)+(?:(?:[-+.\d]+\s+){4}re\s+W\s+n\s+(?:q\s+)*)?/DmOpen\s+MP(?:\s+|$)"
)
_CLOSED = re.compile(
    rb"/DmClose\s+MP\s+(?:n\s+)?(?:ET\s+)?(?:EMC\s+)*(?:Q\s+)+"
    rb"(?:/Artifact\s*<<(?:[^<>()]|<[0-9A-Fa-f\s]*>|" + _STRING + rb")*>>\s*BDC\s+"
    rb"q\s+(?:[-+.\d]+\s+){6}cm\s*/DmMark\d+\s+Do\s+Q\s+EMC\s+)*"
    rb"/DmEnd\s+MP\s*"
)


def split(content: bytes) -> tuple[bytes, bytes]:
    """Return a content without our parts at its ends, those of several markings too, and them."""
    ours = b""
    while opening := _OPENED.match(content):
        start = content.rfind(b"/DmClose")
        if start < 0 or not _CLOSED.fullmatch(content, start):
            break
        ours += content[: opening.end()] + content[start:]
        content = content[opening.end() : start]
    return content, ours


def without_strings(content: bytes) -> bytes:
    """Leave out what `collapsed` keeps as it is: comments, strings and inline images."""
    return b" ".join(_KEPT.split(content)[::2])


def collapsed(content: bytes) -> bytes:
    """Write a content with single spaces between its tokens, strings and images untouched."""
    parts = _KEPT.split(content)
    parts[::2] = [b" ".join(part.split()) for part in parts[::2]]
    return b" ".join(filter(None, parts))
