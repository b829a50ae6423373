"""Digests over lists of texts: of what a file says, and of what our marks draw in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def feed(total: hashlib._Hash, name: str, texts: Iterable[str]) -> None:
    """Take a named list of texts into a digest; no two lists give the same bytes."""
    for line in (f"\x1d{name}", *texts):
        total.update(line.encode("utf-8", "surrogatepass") + b"\n")


def drawn_digest(forms: list[str]) -> str:
    """Return `sm3:` and the digest of what our marks draw; empty where there are none."""
    if not forms:
        return ""
    total = hashlib.new("sm3")
    feed(total, "marks", forms)
    return f"sm3:{total.hexdigest()}"
