"""Look through a whole file for anything that bears our name, whatever a handler makes of it.

A second look, of its own: the handlers read what they wrote themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import ZipFile, ZipInfo, is_zipfile

from dingmi_mark.formats.docx.package import UNPACKING_FAULTS, found_in

_NAME: Final = b"dingmi"
_PIECE: Final = 1 << 20
_MARK: Final = "dingmi:mark"
"""How the drawing of the mark is named (see `formats.docx.marks`), also once it is struck."""


def bears_traces(path: Path) -> bool:
    """Tell whether our name stands anywhere in a PDF or a package, packed or not.

    A file whose own text has the name is told, too. Raises what opening does.
    """
    if is_zipfile(path):
        return _in_package(path)
    return _has(path.read_bytes()) or _in_pdf(path)


def bears_marks(path: Path) -> bool:
    """Tell whether an office file of another format has a mark of ours in it: what a marked Word
    file becomes that somebody saved so. One that cannot be read has none.

    Raises OSError.
    """
    if not is_zipfile(path):
        content = path.read_bytes()
        # Word 97 writes two bytes a letter.
        return any(_MARK.encode(form) in content for form in ("ascii", "utf-16-le"))
    try:
        with ZipFile(path) as package:
            members = [one for one in package.infolist() if one.filename.endswith(".xml")]
            return any(found_in(_lowered(package, one), _MARK.encode()) for one in members)
    except (*UNPACKING_FAULTS, RuntimeError):
        return False


def _has(content: bytes) -> bool:
    return _NAME in content.lower()


def _in_package(path: Path) -> bool:
    with ZipFile(path) as package:
        return any(
            _has(member.filename.encode()) or found_in(_lowered(package, member), _NAME)
            for member in package.infolist()
        )


def _lowered(package: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    with package.open(member) as stream:
        while chunk := stream.read(_PIECE):
            yield chunk.lower()


def _in_pdf(path: Path) -> bool:
    import pikepdf

    with pikepdf.open(path) as pdf:
        return any(_has(_content(one)) for one in pdf.objects)


def _content(one: object) -> bytes:
    import pikepdf

    assert isinstance(one, pikepdf.Object)
    if not isinstance(one, pikepdf.Stream):
        return one.unparse(resolved=True)
    head = b" ".join(f"{key} {value!r}".encode() for key, value in one.items())
    try:
        return head + one.read_bytes()
    except pikepdf.PdfError:
        # Packed as a picture: no text of ours is written so.
        return head + one.read_raw_bytes()
