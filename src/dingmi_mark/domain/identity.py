"""Opaque ids: the same record and draft give the same ids, and the ids tell nothing.

They are keyed with the office secret, so that nobody outside can try out which document an id
in a file or in the ledger belongs to. That they can be computed again is what makes a second run
of the same command do nothing twice.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

_BYTES = 16


@dataclass(frozen=True)
class CopyIdentity:
    """The ids of one copy: of the document, of its marking (by generation), of the copy."""

    document_id: str
    marking_id: str
    copy_id: str
    generation: int = 1


@dataclass(frozen=True)
class NamedCopy:
    """A copy by the 份号 it shows, empty where it has none, and by its id."""

    number: str
    copy_id: str


def copy_identity(
    secret: bytes, approval_number: str, approval_digest: str, draft_digest: str, copy_number: str
) -> CopyIdentity:
    """Return the ids of a copy.

    A document is one approved draft; its marking depends on what was decided as well.
    """
    document = opaque_id(secret, "document", approval_number, draft_digest)
    marking = opaque_id(secret, "marking", document, approval_digest)
    return CopyIdentity(document, marking, opaque_id(secret, "copy", marking, copy_number))


def opaque_id(secret: bytes, *parts: str) -> str:
    """Return 32 hex digits of HMAC-SM3 over the parts, each with its length."""
    message = b"".join(
        len(part).to_bytes(4, "big") + part for part in (text.encode("utf-8") for text in parts)
    )
    return hmac.new(secret, message, "sm3").digest()[:_BYTES].hex()
