"""The label in a file that is signed already: appended to it, so that no signed byte changes.

Whatever else is appended (an annotation, an attachment, a page) makes a signature fail; new XMP
metadata alone does not. Source: ISO 32000-1, 7.5.6 (incremental updates), 12.8 (signatures).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.errors import ConfirmationToolFailed, DraftBroken, DraftProtected
from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Access, Carriers
from dingmi_mark.formats.pdf.carriers import xmp_packet
from dingmi_mark.formats.pdf.obstacles import signers
from dingmi_mark.formats.pdf.opening import parsed
from dingmi_mark.formats.pdf.pdfa import claim_in
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_START = b"startxref"
_SUBJECTS = ("/Root", "/Info", "/ID")


@dataclass(frozen=True)
class SignatureState:
    """One signature as pyHanko finds it: who made it, whether it holds for the file as it is."""

    signer: str
    holds: bool


def signers_of(path: Path) -> tuple[str, ...]:
    """Return who signed a file, empty where nobody did. Raises what opening does."""
    with parsed(path, Access(despite_restrictions=True)) as pdf:
        return tuple(str(signer) for signer in signers(pdf))


def with_label(content: bytes, path: Path, carriers: Carriers) -> bytes:
    """Append the label as XMP metadata to a file's bytes, which all stay. Same in, same out.

    Raises DraftProtected for an encrypted file, DraftBroken where nothing can be appended.
    """
    with parsed(path, Access(despite_restrictions=True)) as pdf:
        if pdf.is_encrypted:
            raise DraftProtected
        if pdf.get_warnings():
            raise DraftBroken(cause=say("its structure is damaged"))
        packet = xmp_packet(pdf)
        merged = xmp.merge(packet, carriers, pdfa=claim_in(packet) is not None)
        return content + _update(content, pdf, merged)


def signature_states(content: bytes) -> tuple[SignatureState, ...]:
    """Examine all signatures with pyHanko: the signed bytes, and what was appended after them.

    Whose certificates are trusted is not asked. Raises ConfirmationToolFailed without pyHanko.
    """
    import logging

    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko.sign.validation.errors import SignatureValidationError
    except ImportError as missing:
        cause = say("pyHanko is not installed (pip install 'dingmi-mark[sealed]')")
        raise ConfirmationToolFailed(cause=cause) from missing
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    found = []
    for each in PdfFileReader(BytesIO(content), strict=False).embedded_signatures:
        name = each.signer_cert.subject.human_friendly if each.signer_cert else ""
        try:
            state = validate_pdf_signature(each)
            holds = bool(state.intact and state.valid and state.docmdp_ok)
        except SignatureValidationError:
            holds = False
        found.append(SignatureState(name, holds))
    return tuple(found)


def _update(content: bytes, pdf: Pdf, packet: bytes) -> bytes:
    """Return the section to be appended: the metadata, the catalog where it must name it."""
    root = pdf.Root
    old = root.get("/Metadata")
    size = max([int(pdf.trailer.get("/Size", 0)), *(item.objgen[0] + 1 for item in pdf.objects)])
    objects: dict[int, tuple[int, bytes]] = {}
    if old is not None and old.is_indirect:
        objects[old.objgen[0]] = (old.objgen[1], _metadata(packet))
    else:
        objects[size] = (0, _metadata(packet))
        objects[root.objgen[0]] = (root.objgen[1], _catalog(root, size))
        size += 1
    base = content.find(b"%PDF-")
    written = b"\n"
    places: dict[int, tuple[int, int]] = {}
    for number, (generation, body) in sorted(objects.items()):
        places[number] = (len(content) + len(written) - base, generation)
        written += b"%d %d obj\n%s\nendobj\n" % (number, generation, body)
    start = len(content) + len(written) - base
    previous = _previous(content)
    if content[base + previous :].startswith(b"xref"):
        table = _table(places, size, previous, pdf)
    else:
        table = _stream(places, size, previous, start, pdf)
    return written + table + b"%s\n%d\n%%%%EOF\n" % (_START, start)


def _metadata(packet: bytes) -> bytes:
    head = b"<< /Type /Metadata /Subtype /XML /Length %d >>" % len(packet)
    return head + b"\nstream\n" + packet + b"\nendstream"


def _catalog(root: Object, metadata: int) -> bytes:
    whole = root.unparse(resolved=True).rstrip()
    return whole.removesuffix(b">>") + b" /Metadata %d 0 R >>" % metadata


def _previous(content: bytes) -> int:
    """Return where the file's last table of objects begins. Raises DraftBroken."""
    found = content[content.rfind(_START) + len(_START) :].split()
    if not found or not found[0].isdigit():
        raise DraftBroken(cause=say("its end is missing"))
    return int(found[0])


def _trailer(size: int, previous: int, pdf: Pdf) -> bytes:
    root = b"/Root %d %d R" % pdf.Root.objgen
    info = pdf.trailer.get("/Info")
    more = b" /Info %d %d R" % info.objgen if info is not None and info.is_indirect else b""
    identity = pdf.trailer.get("/ID")
    if identity is not None:
        first = bytes(identity[0])
        # A new second half tells the two revisions apart; made of the first, so that it is the same
        # for the same file.
        second = hashlib.sha256(first + b"%d" % previous).digest()[: len(first) or 16]
        more += b" /ID [<%s> <%s>]" % (first.hex().encode(), second.hex().encode())
    return b"/Size %d %s%s /Prev %d" % (size, root, more, previous)


def _table(places: dict[int, tuple[int, int]], size: int, previous: int, pdf: Pdf) -> bytes:
    rows = b"".join(
        b"%d 1\n%010d %05d n \n" % (number, place, generation)
        for number, (place, generation) in sorted(places.items())
    )
    return b"xref\n" + rows + b"trailer\n<< %s >>\n" % _trailer(size, previous, pdf)


def _stream(
    places: dict[int, tuple[int, int]], size: int, previous: int, start: int, pdf: Pdf
) -> bytes:
    """Write the table as a stream, as the file has it: the two kinds do not mix."""
    places = {**places, size: (start, 0)}
    index = b" ".join(b"%d 1" % number for number in sorted(places))
    rows = b"".join(
        b"\x01" + place.to_bytes(8, "big") + generation.to_bytes(2, "big")
        for _, (place, generation) in sorted(places.items())
    )
    head = b"<< /Type /XRef /W [1 8 2] /Index [%s] /Length %d %s >>" % (
        index,
        len(rows),
        _trailer(size + 1, previous, pdf),
    )
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (size, head, rows)
