"""Old Office files (OLE compound files): what they are, and what stands against using them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dingmi_mark.errors import DraftBroken
from dingmi_mark.messages import say

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_PACKAGE: Final = "encryptedpackage"
_WORD: Final = "worddocument"
_TABLES: Final = ("workbook", "book")
_SLIDES: Final = "powerpoint document"
_USER: Final = "current user"
_MACROS: Final = frozenset({"macros", "_vba_project_cur", "vba"})
_SIGNATURES: Final = frozenset({"_signatures", "_xmlsignatures"})

_FIB_FLAGS_AT: Final = 0x0A
_FIB_ENCRYPTED: Final = 0x0100
_FILE_PASS: Final = 0x002F
_FIRST_RECORDS: Final = 8
"""A workbook's record of its password follows its head: behind these few nobody looks."""
_TOKEN_AT: Final = 12
_TOKEN_ENCRYPTED: Final = 0xF3D1C4DF


@dataclass(frozen=True)
class OleFile:
    """What the root of a compound file holds, by the names of its entries in lower case."""

    names: frozenset[str]
    encrypted: bool

    @property
    def suffix(self) -> str:
        """`.doc`, `.xls` or `.ppt`; empty for anything else."""
        if _WORD in self.names:
            return ".doc"
        if not self.names.isdisjoint(_TABLES):
            return ".xls"
        return ".ppt" if _SLIDES in self.names else ""

    @property
    def signed(self) -> bool:
        """Tell whether it carries an electronic signature."""
        return not self.names.isdisjoint(_SIGNATURES)

    @property
    def macros(self) -> bool:
        """Tell whether Word or Excel would find macros in it (PowerPoint hides its own)."""
        return not self.names.isdisjoint(_MACROS)


def is_ole(path: Path) -> bool:
    """Tell by its first bytes whether a file is a compound file. Raises OSError."""
    with path.open("rb") as stream:
        return stream.read(len(MAGIC)) == MAGIC


def read_ole(path: Path) -> OleFile:
    """Look into a compound file. Raises DraftBroken."""
    import olefile

    try:
        with olefile.OleFileIO(str(path)) as ole:
            names = frozenset(entry[0].lower() for entry in ole.listdir(True, True) if entry)
            return OleFile(names, _encrypted(ole, names))
    except (OSError, struct.error, IndexError, ValueError) as error:
        raise DraftBroken(str(path), cause=say("its directory cannot be read")) from error


def _encrypted(ole: Any, names: frozenset[str]) -> bool:
    if _PACKAGE in names:
        return True
    if _WORD in names:
        head = _head(ole, _WORD, _FIB_FLAGS_AT + 2)
        return len(head) == _FIB_FLAGS_AT + 2 and bool(
            struct.unpack_from("<H", head, _FIB_FLAGS_AT)[0] & _FIB_ENCRYPTED
        )
    for name in names.intersection(_TABLES):
        return _asks_password(_head(ole, name, 4096))
    if _SLIDES in names and _USER in names:
        head = _head(ole, _USER, _TOKEN_AT + 4)
        token = struct.unpack_from("<I", head, _TOKEN_AT) if len(head) == _TOKEN_AT + 4 else (0,)
        return token == (_TOKEN_ENCRYPTED,)
    return False


def _head(ole: Any, name: str, size: int) -> bytes:
    stream = ole.openstream(name)
    return bytes(stream.read(size))


def _asks_password(book: bytes) -> bool:
    """Walk over a workbook's first records (kind, size, content)."""
    at = 0
    for _ in range(_FIRST_RECORDS):
        if at + 4 > len(book):
            return False
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + size
    return False
