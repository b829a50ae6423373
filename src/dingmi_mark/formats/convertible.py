"""Drafts that are converted before they are marked, recognised by their content.

Texts become DOCX or PDF, tables and slides PDF. Nothing in them runs and nothing is fetched (see
`office_convert`); a password, a signature or a document type definition stops them before that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from dingmi_mark.errors import (
    DraftEmpty,
    DraftNotAccessible,
    DraftProtected,
    DraftSigned,
    DraftWrongSuffix,
)
from dingmi_mark.formats.docx.package import CONTENT_TYPES, Limits, Package, opened
from dingmi_mark.formats.office_file import refuse_dtd
from dingmi_mark.formats.ole import is_ole, read_ole
from dingmi_mark.messages import say


class Family(Enum):
    """What a file is about: its value is the key of the policy in office.toml."""

    TEXT = "text"
    SHEETS = "sheets"
    SLIDES = "slides"


@dataclass(frozen=True)
class OfficeKind:
    """A format that is converted; the first ending is the usual one.

    `native`: there is a handler that marks it as it is, where the office wants that.
    """

    name: str
    suffixes: tuple[str, ...]
    family: Family
    media: tuple[str, ...] = ()
    native: bool = False


@dataclass(frozen=True)
class OfficeDraft:
    """What a file is by its content, and whether it brings macros, which the result has not."""

    kind: OfficeKind
    macros: bool = False


_ODF: Final = "application/vnd.oasis.opendocument"
_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_MS: Final = "application/vnd.ms"

KINDS: Final = (
    OfficeKind("DOC", (".doc", ".wps"), Family.TEXT),
    OfficeKind("ODT", (".odt", ".ott"), Family.TEXT, (f"{_ODF}.text", f"{_ODF}.text-template")),
    OfficeKind("RTF", (".rtf",), Family.TEXT),
    OfficeKind("XLS", (".xls", ".et"), Family.SHEETS),
    OfficeKind(
        "XLSX",
        (".xlsx",),
        Family.SHEETS,
        (f"{_OOXML}.spreadsheetml.sheet.main+xml",),
        native=True,
    ),
    OfficeKind(
        "XLSM",
        (".xlsm",),
        Family.SHEETS,
        (f"{_MS}-excel.sheet.macroEnabled.main+xml",),
        native=True,
    ),
    OfficeKind("ODS", (".ods",), Family.SHEETS, (f"{_ODF}.spreadsheet",)),
    OfficeKind("PPT", (".ppt", ".dps"), Family.SLIDES),
    OfficeKind(
        "PPTX",
        (".pptx",),
        Family.SLIDES,
        (f"{_OOXML}.presentationml.presentation.main+xml",),
        native=True,
    ),
    OfficeKind(
        "PPTM",
        (".pptm",),
        Family.SLIDES,
        (f"{_MS}-powerpoint.presentation.macroEnabled.main+xml",),
        native=True,
    ),
    OfficeKind("ODP", (".odp",), Family.SLIDES, (f"{_ODF}.presentation",)),
)
"""All of them, WPS Office's own endings with the formats that they hold."""

STRICT: Final = OfficeKind("DOCX (Strict)", (".docx", ".dotx"), Family.TEXT)
"""A Word file in strict form: it is written in the usual form, without LibreOffice."""

_BY_SUFFIX: Final = {suffix: kind for kind in KINDS for suffix in kind.suffixes}
_BY_MEDIA: Final = {media: kind for kind in KINDS for media in kind.media}

_RTF: Final = b"{\\rtf"
_ZIP: Final = b"PK"
_MIMETYPE: Final = "mimetype"
_MANIFEST: Final = "META-INF/manifest.xml"
_ODF_SIGNATURES: Final = "META-INF/documentsignatures.xml"
_ODF_ENCRYPTED: Final = "encrypted-package"
_ODF_MACROS: Final = ("Basic/", "Scripts/")
_SIGNATURES: Final = "_xmlsignatures/"
_VBA: Final = "vbaproject.bin"
_ENCRYPTION: Final = b"encryption-data"


def kind_of_name(path: Path) -> OfficeKind | None:
    """Return what a name's ending promises; None for what is marked as it is, or not at all."""
    return _BY_SUFFIX.get(path.suffix.lower())


def wrong_suffix(path: Path, kind: OfficeKind) -> DraftWrongSuffix:
    """Return the error for a file that is of such a kind under another name."""
    suffix, expected = path.suffix.lower() or "-", kind.suffixes[0]
    return DraftWrongSuffix(str(path), suffix=suffix, found=kind.name, expected=expected)


def content_of(path: Path, limits: Limits | None = None) -> OfficeDraft | None:
    """Return what the content is, whatever the name; None for no such file.

    Raises DraftEmpty, DraftNotAccessible, DraftBroken, DraftProtected, DraftSigned,
    DraftTooCostly.
    """
    try:
        if path.stat().st_size == 0:
            raise DraftEmpty(str(path))
        with path.open("rb") as stream:
            head = stream.read(len(_RTF))
        if is_ole(path):
            return _in_ole(path)
        if head == _RTF:
            return OfficeDraft(_BY_SUFFIX[".rtf"])
        if not head.startswith(_ZIP):
            return None
        with opened(path, limits or Limits()) as package:
            return _in_package(package)
    except OSError as error:
        raise DraftNotAccessible(str(path), cause=error.strerror or str(error)) from error


def _in_ole(path: Path) -> OfficeDraft | None:
    ole = read_ole(path)
    if ole.encrypted:
        raise DraftProtected(str(path))
    if not ole.suffix:
        return None
    if ole.signed:
        raise DraftSigned(str(path), signer=say("signer not named"))
    return OfficeDraft(_BY_SUFFIX[ole.suffix], ole.macros)


def _in_package(package: Package) -> OfficeDraft | None:
    names = package.archive.namelist()
    media = set(_media(package, names))
    kind = next((_BY_MEDIA[one] for one in media if one in _BY_MEDIA), None)
    if kind is None:
        return None
    if any(name == _ODF_SIGNATURES or name.startswith(_SIGNATURES) for name in names):
        raise DraftSigned(package.where, signer=say("signer not named"))
    if _ODF_ENCRYPTED in names or _encrypted(package, names):
        raise DraftProtected(package.where)
    refuse_dtd(package, without=_ODF_MACROS)
    macros = any(name.startswith(_ODF_MACROS) or name.lower().endswith(_VBA) for name in names)
    return OfficeDraft(kind, macros)


def _media(package: Package, names: list[str]) -> Iterator[str]:
    if _MIMETYPE in names:
        yield package.read(_MIMETYPE)[:200].decode("ascii", "replace").strip()
    elif package.find(CONTENT_TYPES) is not None:
        yield from package.declared_types


def _encrypted(package: Package, names: list[str]) -> bool:
    return _MANIFEST in names and _ENCRYPTION in package.read(_MANIFEST)
