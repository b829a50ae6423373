"""Operators with fewer numbers before them than they take: poppler shows nothing after one.

So do readers that follow it; MuPDF goes on with zeros. Only numbers are counted: that is what
programs get wrong. Source: ISO 32000-1, annex A (operators).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAKING = (
    (1, rb"[wJjMigG]|T[cwzLsr]"),
    (2, rb"[ml]|T[dD]"),
    (3, rb"rg|RG"),
    (4, rb"re|[vykK]"),
    (6, rb"cm|Tm|c"),
)
"""Numbers taken, and by which operators. What only glyphs may hold (d0, d1) stands on no page."""

_DIGITS = b"+-.0123456789"


def _after(spaces: int) -> bytes:
    """Return what matches an operator that takes as many numbers as `spaces`, or more."""
    here = b"|".join(operators for taken, operators in _TAKING if taken >= spaces)
    last = spaces == _TAKING[-1][0]
    return rb" (?:%s) " % here if last else rb" (?:(?:%s) |%s)" % (here, _after(spaces + 1))


_LACKING = re.compile(b"[^ ]" + _after(1))
"""The end of any word, then too few numbers and an operator, all numbers being left out."""


def lacks_operands(tokens: Sequence[bytes]) -> bool:
    """Tell whether an operator lacks numbers; `tokens` are those of a content without strings.

    With the digits taken out, n numbers are n + 1 spaces, and most lines of a page are the same.
    """
    bare = b" ".join((b"q", *tokens, b"")).translate(None, _DIGITS)
    lines = {line for part in set(bare.split(b"Tj ")) for line in part.split(b"TJ ")}
    return _LACKING.search(b"q ".join((b"", *lines))) is not None
