"""Fields of old text files that draw in other files of the machine.

LibreOffice follows `INCLUDEPICTURE` and `INCLUDETEXT` to local files when it converts, whatever its
settings: what is marked would not be what was approved. So a file with such a field is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

_ZIP = b"PK"
_RTF = b"{\\rtf"
_FIELDS = ("INCLUDEPICTURE", "INCLUDETEXT", "DDEAUTO")
_PLAIN = re.compile("|".join(_FIELDS).encode(), re.IGNORECASE)
_WIDE = re.compile(b"|".join(re.escape(f.encode("utf-16-le")) for f in _FIELDS), re.IGNORECASE)

_HEX = re.compile(rb"\\'([0-9A-Fa-f]{2})")
_UNICODE = re.compile(rb"\\u(-?\d{1,6}) ?\??")
_LAYOUT = re.compile(rb"\\\*|\\[A-Za-z]+-?\d* ?|[{}\s]+")
"""What may stand between the letters of a word in RTF: control words, groups, line ends."""


def draws_in_other_files(path: Path) -> bool:
    """Tell whether an RTF or Word 97 file draws in other files. Raises OSError."""
    with path.open("rb") as stream:
        if stream.read(len(_ZIP)) == _ZIP:
            return False  # its links to the outside are refused, or not followed, as such
    content = path.read_bytes()
    if content.startswith(_RTF):
        content = _LAYOUT.sub(b"", _UNICODE.sub(_letter, _HEX.sub(_byte, content)))
    return _PLAIN.search(content) is not None or _WIDE.search(content) is not None


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))


def _letter(found: re.Match[bytes]) -> bytes:
    number = int(found[1])
    return bytes((number,)) if 0 <= number < 128 else b"?"
