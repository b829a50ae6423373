"""Open a PDF for reading, after refusing what must not be marked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.errors import (
    DraftBroken,
    DraftEmpty,
    DraftNotAccessible,
    DraftProtected,
    DraftRestricted,
    PasswordWrong,
)
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.pdf.faults import damage_is_told
from dingmi_mark.formats.pdf.obstacles import refuse_forms, refuse_signed
from dingmi_mark.formats.plain_file import named_in_utf8
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from pikepdf import Pdf

_NONE = Access()
_HEADER = b"%PDF-"
_END = b"startxref"
_END_WITHIN = 2048
_EOF = b"%%EOF"
_OBJECT = b" obj"
_OBJECT_END = b"endobj"
_ENCRYPTION = b"/Encrypt"
_HEADER_WITHIN = 1024
"""Readers accept the header anywhere in the first 1024 bytes (ISO 32000-1, annex H.3)."""


def is_pdf(path: Path) -> bool:
    """Tell by the first bytes whether a file is a PDF. Raises OSError."""
    with path.open("rb") as file:
        return _HEADER in file.read(_HEADER_WITHIN)


@dataclass(frozen=True)
class Opened:
    """A file that may be marked, and whether its structure had to be repaired to read it."""

    pdf: Pdf
    repaired: bool


@contextmanager
def opened(path: Path, access: Access = _NONE) -> Iterator[Opened]:
    """Open a file that may be marked; faults in it, also later ones, are told as DraftBroken.

    Raises DraftNotAccessible, DraftEmpty, DraftBroken, DraftProtected, PasswordWrong,
    DraftRestricted, DraftSigned, DraftUnsupported.
    """
    with parsed(path, access) as pdf:
        _refuse_incomplete(pdf)
        repaired = bool(pdf.get_warnings())
        if repaired:
            _refuse_cut_off(path, pdf)
        refuse_forms(pdf)
        if not access.sealed:
            refuse_signed(pdf)
        yield Opened(pdf, repaired)


@contextmanager
def parsed(path: Path, access: Access) -> Iterator[Pdf]:
    """Open a file with what opens it, whatever else may stand against marking it.

    Raises DraftNotAccessible, DraftEmpty, DraftBroken, DraftProtected, PasswordWrong,
    DraftRestricted.
    """
    _refuse_empty(path)
    with damage_is_told(), _parsed(path, access.password) as pdf:
        if pdf.is_encrypted and not access.despite_restrictions:
            _refuse_restricted(pdf)
        yield pdf


def _refuse_restricted(pdf: Pdf) -> None:
    """Refuse a file whose author forbids changes, unless his own password was given."""
    if not pdf.owner_password_matched and not pdf.allow.modify_other:
        raise DraftRestricted


def _parsed(path: Path, password: str) -> Pdf:
    """Parse a file. Raises DraftProtected also for encryption qpdf does not know."""
    import pikepdf

    try:
        source = path if named_in_utf8(path) else BytesIO(path.read_bytes())
        return pikepdf.open(source, password=password)
    except pikepdf.PasswordError as fault:
        if password:
            raise PasswordWrong from fault
        raise
    except pikepdf.PdfError as fault:
        if _ENCRYPTION in path.read_bytes():
            raise DraftProtected from fault
        raise


def _refuse_empty(path: Path) -> None:
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise DraftEmpty
    except OSError as fault:
        raise DraftNotAccessible(cause=fault.strerror or str(fault)) from fault


def _refuse_cut_off(path: Path, pdf: Pdf) -> None:
    """Refuse a damaged file without an end, unless all that it speaks of is there and closed.

    Contents of pages may be lost with the end, or a later revision of which the beginning is left.
    """
    content = path.read_bytes()
    if _END in content[-_END_WITHIN:]:
        return
    last = content.rfind(_OBJECT)
    open_ended = content.rfind(_OBJECT_END) < last
    later = 0 <= content.rfind(_EOF) < last
    if open_ended or later or any(each is None for each in pdf.objects):
        raise DraftBroken(cause=say("its end is missing"))


def _refuse_incomplete(pdf: Pdf) -> None:
    """Refuse files of which the pages, or some of them, are lost."""
    from pikepdf import Dictionary

    tree = pdf.Root.get("/Pages")
    declared = tree.get("/Count") if isinstance(tree, Dictionary) else None
    found = len(pdf.pages)
    if not found:
        raise DraftBroken(cause=say("it has no pages"))
    if declared is not None and not isinstance(declared, int):
        raise DraftBroken(cause=say("how many pages it has is not stated as a number"))
    if declared is not None and declared != found:
        raise DraftBroken(
            cause=say(
                "it should have {declared} pages, but {found} can be read",
                declared=str(declared),
                found=found,
            )
        )
