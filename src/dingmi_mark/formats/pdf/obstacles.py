"""What stands against marking: electronic signatures and forms of the XFA kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dingmi_mark.errors import DraftSigned, DraftUnsupported
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_DEEPEST = 100
_COMMON_NAME = re.compile(rb"\x06\x03\x55\x04\x03(?P<kind>[\x0c\x13\x1e])(?P<length>[\x01-\x7f])")
"""A certificate's commonName (OID 2.5.4.3) as UTF8String, PrintableString or BMPString."""


def refuse_forms(pdf: Pdf) -> None:
    """Refuse forms whose pages are made by the reader's program. Raises DraftUnsupported."""
    form = _dictionary(pdf.Root.get("/AcroForm"))
    if form is not None and form.get("/XFA") is not None:
        raise DraftUnsupported(kind=say("a PDF form of the XFA kind"), supported=SUPPORTED)


def refuse_signed(pdf: Pdf) -> None:
    """Refuse files with a signature, a time stamp or usage rights. Raises DraftSigned."""
    for signer in signers(pdf):
        raise DraftSigned(signer=signer)


def signers(pdf: Pdf) -> Iterator[str | Message]:
    """Yield the names of who signed a file, as far as they can be read."""
    yield from map(_signer, _signatures(pdf))


def _signatures(pdf: Pdf) -> Iterator[Object]:
    """Yield the values of signed fields, listed in the form or only on a page."""
    permissions = _dictionary(pdf.Root.get("/Perms"))
    if permissions is not None:
        yield from filter(None, (_dictionary(value) for _, value in permissions.items()))
    form = _dictionary(pdf.Root.get("/AcroForm"))
    if form is not None:
        yield from _signed_below(_items(form.get("/Fields")))
    for page in pdf.pages:
        for annotation in map(_dictionary, _items(page.obj.get("/Annots"))):
            if annotation is not None and annotation.get("/Subtype") == "/Widget":
                yield from _signed_above(annotation)


def _signed_below(fields: list[Object]) -> Iterator[Object]:
    """Walk a form's fields, handing down their type and value, which kids inherit."""
    waiting: list[tuple[Object, object, Object | None]] = [(field, None, None) for field in fields]
    seen: set[tuple[int, int]] = set()
    while waiting:
        item, kind, value = waiting.pop()
        field = _dictionary(item)
        if field is None or (field.is_indirect and field.objgen in seen):
            continue
        seen.add(field.objgen)
        kind = field.get("/FT", kind)
        value = _dictionary(field.get("/V")) or value
        if kind == "/Sig" and value is not None:
            yield value
        waiting.extend((kid, kind, value) for kid in _items(field.get("/Kids")))


def _signed_above(widget: Object) -> Iterator[Object]:
    kind: object = None
    value: Object | None = None
    node: Object | None = widget
    for _ in range(_DEEPEST):
        if node is None:
            break
        kind = kind or node.get("/FT")
        value = value or _dictionary(node.get("/V"))
        node = _dictionary(node.get("/Parent"))
    if kind == "/Sig" and value is not None:
        yield value


def _signer(signature: Object) -> str | Message:
    """Return the name in the signature, or in a certificate of it."""
    from pikepdf import String

    name = signature.get("/Name")
    if isinstance(name, String) and str(name).strip():
        return str(name).strip()
    contents = signature.get("/Contents")
    names = list(_common_names(bytes(contents))) if isinstance(contents, String) else []
    return _leaf(names) or say("signer not named")


def _leaf(names: list[str]) -> str:
    """Return the subject that issued no other certificate; each one names issuer, then subject.

    Where there is none, the certificate is its own issuer's.
    """
    issuers, subjects = names[0::2], names[1::2]
    others = (name for name in (*subjects, *names) if name not in issuers)
    return next(others, names[-1] if names else "")


def _common_names(signature: bytes) -> Iterator[str]:
    """Yield the common names of the certificates in a CMS structure."""
    for match in _COMMON_NAME.finditer(signature):
        raw = signature[match.end() : match.end() + match["length"][0]]
        encoding = "utf-16-be" if match["kind"] == b"\x1e" else "utf-8"
        yield raw.decode(encoding, "replace")


def _dictionary(value: Object | None) -> Object | None:
    from pikepdf import Dictionary

    return value if isinstance(value, Dictionary) else None


def _items(value: Object | None) -> list[Object]:
    from pikepdf import Array

    return list(value) if isinstance(value, Array) else []
