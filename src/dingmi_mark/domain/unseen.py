"""Characters that nobody sees: what is read on a page must be what was signed.

Control characters, marks that turn the direction of writing, characters without width, and letters
that are blank. Spaces are not among them: a space is seen by what it keeps apart.
"""

from __future__ import annotations

import unicodedata
from typing import Final

BETWEEN_LINES: Final = "\n\t"
"""What text of several lines may hold besides what is seen."""

_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_BLANK: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
)
"""Letters and signs of other categories that are drawn as nothing (Unicode: default ignorable)."""


def is_unseen(character: str) -> bool:
    """Tell whether a character cannot be seen on a page."""
    return unicodedata.category(character) in _CATEGORIES or character in _BLANK


def unseen_in(text: str, *, allowed: str = "") -> str:
    """Return the first character that cannot be seen, as people name it (`U+202E`), else empty."""
    found = next((c for c in text if c not in allowed and is_unseen(c)), None)
    return "" if found is None else f"U+{ord(found):04X}"


def visible(text: str, *, allowed: str = "") -> str:
    """Write what cannot be seen so that it is, by its name in brackets: `⟨U+202E⟩`."""
    return "".join(f"⟨U+{ord(c):04X}⟩" if c not in allowed and is_unseen(c) else c for c in text)
