"""What the 2D code of a paper says: which copy it is, by an id that tells nothing else.

Short and in capitals, so that the code has few and large modules: 36 characters of the alphanumeric
mode of QR codes (ISO/IEC 18004).
"""

from __future__ import annotations

import re
from typing import Final

_PREFIX: Final = "DM1:"
_SAYS: Final = re.compile(_PREFIX + "([0-9A-F]{32})")


def code_of(copy_id: str) -> str:
    """Return what the code of a copy says (`domain.identity.opaque_id`, 32 hex digits)."""
    return _PREFIX + copy_id.upper()


def copy_in(code: str) -> str | None:
    """Return the id of the copy a code names; None where it is no code of ours."""
    found = _SAYS.fullmatch(code)
    return found[1].lower() if found else None
