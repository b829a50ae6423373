"""Operators with fewer numbers before them than they take: poppler shows nothing after one.

So do readers that follow it; MuPDF goes on with zeros. Only numbers are counted: that is what
programs get wrong. Source: ISO 32000-1, annex A (operators).
"""

from __future__ import annotations

import re

_TAKING = (
    (1, rb"[wJjMigG]|T[cwzLsr]"),
    (2, rb"[ml]|T[dD]|d0"),
    (3, rb"rg|RG"),
    (4, rb"re|[vykK]"),
    (6, rb"cm|Tm|c|d1"),
)
_NUMBER = rb"[-+.\d]++ ++"


def _after(found: int) -> bytes:
    """Return what matches an operator that takes more than the `found` numbers before it."""
    greedy = b"|".join(operators for taken, operators in _TAKING if taken > found)
    here = rb"(?:%s) " % greedy
    last = found + 1 == _TAKING[-1][0]
    return here if last else rb"(?:%s|%s%s)" % (here, _NUMBER, _after(found + 1))


_LACKING = re.compile(rb"[A-Za-z*'\"][-+.\d]*+ ++" + _after(0))
"""The end of any word, then too few numbers and an operator. `1e9`, which is no number, ends so."""


def lacks_operands(spaced: bytes) -> bool:
    """Tell whether an operator lacks numbers; `spaced` is a content with spaces between tokens,
    one at its end, and no strings.
    """
    return _LACKING.search(b"q " + spaced) is not None
