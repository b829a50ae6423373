"""Operators without the numbers or the name they take: poppler shows nothing after one.

So do readers that follow it; MuPDF goes on with zeros. Strings and arrays are not looked at: that
is not what programs get wrong. Source: ISO 32000-1, annex A (operators).
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

_NAMELESS = re.compile(
    rb"(?: [^/ ][^ ]* |  )(?:gs|Do|sh|ri|cs|CS|MP|BMC) | (?:[^/ ][^ ]*)?  Tf |[^ ] Tf "
)
"""A word or number where a name should be before an operator; of `Tf`, a name and one number."""


def lacks_operands(tokens: Sequence[bytes]) -> bool:
    """Tell whether an operator lacks what it takes; `tokens` are of a content without strings.

    With the digits taken out, n numbers are n + 1 spaces, and most lines of a page are the same.
    """
    bare = b" ".join((b"q", *tokens, b"")).translate(None, _DIGITS)
    lines = {line for part in set(bare.split(b"Tj ")) for line in part.split(b"TJ ")}
    every = b"q ".join((b"", *lines))
    return (_LACKING.search(every) or _NAMELESS.search(every)) is not None
