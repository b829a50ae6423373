"""Text as it stands on a page: nothing in it can act, hide, or turn the line around."""

from __future__ import annotations

from html import escape

from dingmi_mark.domain.unseen import BETWEEN_LINES, visible


def shown(text: str) -> str:
    """Return text for HTML; what a reader could not see is written out (`⟨U+202E⟩`)."""
    return escape(visible(text, allowed=BETWEEN_LINES))
