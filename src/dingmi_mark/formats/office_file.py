"""Open a table or form that anybody may have made: no macros, no password, nothing from outside."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from dingmi_mark.errors import (
    DraftBroken,
    DraftEmpty,
    DraftProtected,
    DraftTooCostly,
    FileNotReadable,
    FormTooLarge,
    FormUnreadable,
)
from dingmi_mark.formats.docx.package import UNPACKING_FAULTS, Limits, Package, opened
from dingmi_mark.formats.plain_file import no_file_because
from dingmi_mark.messages import Message, say

TABLE: Final = ".xlsx"
FORM: Final = ".docx"

_MIB: Final = 1 << 20
FILLED_TABLE: Final = Limits(
    members=500,
    file=32 * _MIB,
    member=128 * _MIB,
    xml=128 * _MIB,
    total=256 * _MIB,
    ratio=200,
    ratio_from=32 * _MIB,
)
"""A table of records: 10,000 usual ones are about 30 MiB unpacked."""
FILLED_FORM: Final = Limits(
    members=500,
    file=32 * _MIB,
    member=64 * _MIB,
    xml=16 * _MIB,
    total=128 * _MIB,
    ratio=200,
    ratio_from=32 * _MIB,
)
"""A form is read as a tree, which takes some hundred bytes for every element of it."""
OFFICE_TABLE: Final = Limits(
    members=100,
    file=4 * _MIB,
    member=16 * _MIB,
    xml=4 * _MIB,
    total=32 * _MIB,
    ratio=200,
    ratio_from=8 * _MIB,
)
"""A table that every command reads first, in its own process: 10,000 lines take 3 MiB.

The worst that fits (a million empty cells) was measured to cost some seconds and 60 MiB.
"""

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MAIN: Final = {
    TABLE: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    FORM: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
}
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_HARMLESS_LINKS: Final = ("/hyperlink",)
_ACTIVE: Final = ("/embeddings/", "/activex/", "/externallinks/", "/connections", "/querytables/")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_STAMP: Final = re.compile(
    rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:(?:created|modified)>)"
)
_DAY_ZERO: Final = b"1980-01-01T00:00:00Z"


@contextmanager
def office_file(path: Path, suffix: str, limits: Limits) -> Iterator[Package]:
    """Open a `.xlsx` or `.docx` for reading.

    Raises FileNotReadable, FormTooLarge; FormUnreadable, saying why.
    """
    try:
        if (missing := no_file_because(path)) is not None:
            raise FileNotReadable(str(path), cause=missing)
        _refuse_old(path, limits)
        with opened(path, limits) as package:
            _refuse_other_kind(package, suffix)
            _refuse_active(package)
            refuse_dtd(package)
            yield package
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise FileNotReadable(str(path), cause=cause) from error
    except DraftEmpty as error:
        raise FormUnreadable(str(path), cause=say("it is empty (0 bytes)")) from error
    except DraftProtected as error:
        raise FormUnreadable(str(path), cause=say("it is protected by a password")) from error
    except DraftBroken as error:
        damage = say("it is damaged or cut off ({cause})", cause=error.params["cause"])
        raise FormUnreadable(str(path), cause=damage) from error
    except DraftTooCostly as error:
        raise FormTooLarge(str(path), limit=error.params["limit"]) from error


def settled(content: bytes) -> bytes:
    """Return a package without the moment it was made: same values in, same bytes out."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _STAMP.sub(rb"\g<1>" + _DAY_ZERO + rb"\g<3>", data)
            target.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _refuse_old(path: Path, limits: Limits) -> None:
    with path.open("rb") as stream:
        head = stream.read(len(_OLE))
        if head != _OLE:
            if head.startswith((b"{\\rtf", b"%PDF", b"<")):
                raise FormUnreadable(str(path), cause=say("its content is of another kind"))
            return
        # The directory of an encrypted package stands at its start or its end.
        stream.seek(0)
        encrypted = _ENCRYPTED in stream.read(limits.file)
    cause = (
        say("it is protected by a password")
        if encrypted
        else say("it is in the old format (.doc, .xls)")
    )
    raise FormUnreadable(str(path), cause=cause)


def _refuse_other_kind(package: Package, suffix: str) -> None:
    types = package.declared_types
    names = [name.lower() for name in package.archive.namelist()]
    macros = any("macroenabled" in one.lower() for one in types)
    if macros or any(name.endswith("vbaproject.bin") for name in names):
        raise FormUnreadable(package.where, cause=say("it carries macros"))
    if _MAIN[suffix] in types:
        return
    other = FORM if suffix == TABLE else TABLE
    if _MAIN[other] in types:
        cause: Message = say(
            "its name ends in {suffix}, but it is {found}", suffix=suffix, found=other
        )
    else:
        cause = say("it is no {suffix} file", suffix=suffix)
    raise FormUnreadable(package.where, cause=cause)


def _refuse_active(package: Package) -> None:
    for name in package.archive.namelist():
        if any(part in f"/{name.lower()}" for part in _ACTIVE):
            raise FormUnreadable(
                package.where, cause=say("it holds an embedded object or a link to other data")
            )
        if not name.lower().endswith(".rels"):
            continue
        for entry in package.tree(name):
            kind = str(entry.get("Type", ""))
            if kind.startswith(_STRICT):
                raise FormUnreadable(
                    package.where, cause=say("it is in strict form (Strict Open XML)")
                )
            outside = entry.get("TargetMode", "").lower() == "external"
            if outside and not kind.endswith(_HARMLESS_LINKS):
                raise FormUnreadable(
                    package.where, cause=say("it is linked to something outside the file")
                )


_PACKED_NOTHING: Final = 2
"""Deflate writes nothing as two bytes: with more, the directory is wrong about the size."""


def refuse_dtd(package: Package, *, without: tuple[str, ...] = ()) -> None:
    """Look at the head of every XML part: OPC forbids a DTD, and entity bombs come in by it.

    Parts whose names begin as one of `without` are left out, and empty ones: OpenOffice puts such a
    list of keys into what it saves. Raises DraftBroken.
    """
    from lxml import etree

    for member in package.members:
        name = member.filename
        if not name.lower().endswith((".xml", ".rels")) or name.startswith(without):
            continue
        if member.file_size == 0 and member.compress_size <= _PACKED_NOTHING:
            continue
        try:
            with package.archive.open(name) as part:
                events = etree.iterparse(
                    part, events=("start",), resolve_entities=False, no_network=True
                )
                _, first = next(events)
                dtd = first.getroottree().docinfo.internalDTD
        except (etree.XMLSyntaxError, StopIteration, *UNPACKING_FAULTS) as error:
            cause = say("{part} is not well-formed XML", part=name)
            raise DraftBroken(package.where, cause=cause) from error
        if dtd is not None:
            raise DraftBroken(package.where, cause=say("{part} declares a DTD", part=name))
