"""Open a Word file as an OPC package, within limits that a hostile file cannot exceed."""

from __future__ import annotations

import posixpath
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from dingmi_mark.errors import (
    DraftBroken,
    DraftEmpty,
    DraftNotComparable,
    DraftProtected,
    DraftTooCostly,
)
from dingmi_mark.formats.docx.names import Element, elements, q
from dingmi_mark.formats.docx.xml import parse
from dingmi_mark.formats.docx.zipcopy import Source, reads_in_one_way, unpacked
from dingmi_mark.messages import Message, say

UNPACKING_FAULTS = (BadZipFile, zlib.error, EOFError, ValueError)
"""What a damaged member makes of its unpacking; the last for what stands before its bytes."""

_OPENING_FAULTS = (BadZipFile, EOFError, ValueError, NotImplementedError)
"""What `ZipFile` raises of a damaged directory; the last where it asks for a newer zip."""

CONTENT_TYPES = "[Content_Types].xml"
_ENCRYPTED = 0x01 | 0x40
"""The flags of a member with a password, and of one that is strongly encrypted."""

_PATCHED = 0x20
"""The flag of a member that is only the difference to an older file."""

_MIB = 1 << 20

BUFFER = 1 << 16
"""How many bytes of a package are read or written at once: a small one nearly whole."""

_PLAIN_TARGET = re.compile(r"(?:\w[\w.-]*/)*\w[\w.-]*")
"""A target that goes down from the folder of its part, as nearly all do."""


@dataclass(frozen=True)
class Limits:
    """How much a file may ask for; sizes in bytes, unpacked unless said otherwise.

    `ratio` counts only above `ratio_from`, because small parts of repeated XML pack very well.
    """

    members: int = 10_000
    file: int = 2048 * _MIB
    member: int = 512 * _MIB
    xml: int = 128 * _MIB
    total: int = 2048 * _MIB
    ratio: int = 200
    ratio_from: int = 16 * _MIB


class Relationship(NamedTuple):
    """An edge from a part: `target` is a part's name, or an address that is never fetched."""

    id: str
    type: str
    target: str
    external: bool


@dataclass(frozen=True)
class Package:
    """A package open for reading. Part names have no leading slash."""

    path: Path
    limits: Limits
    source: Source = field(repr=False)
    archive: ZipFile = field(repr=False)
    _edges: dict[str, tuple[Relationship, ...]] = field(default_factory=dict, repr=False)
    _looked_at: dict[str, Element] = field(default_factory=dict, repr=False)

    @property
    def where(self) -> str:
        """The file's name, for errors."""
        return str(self.path)

    @property
    def members(self) -> list[ZipInfo]:
        return self.archive.infolist()

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {member.filename.lower(): member.filename for member in self.members}

    def find(self, name: str) -> str | None:
        """Return the name as it is written in the file (OPC names ignore case), else None."""
        return self._by_name.get(name.lower()) or self._by_name.get(unquote(name).lower())

    def read(self, name: str) -> bytes:
        """Unpack one member. Raises DraftBroken when it is damaged."""
        with _unpacking(name, self.where):
            return unpacked(self.source, self.archive.getinfo(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Unpack one member piece by piece. Raises DraftBroken when it is damaged."""
        with _unpacking(name, self.where), self.archive.open(name) as member:
            while chunk := member.read(_MIB):
                yield chunk

    def holds(self, name: str, needle: bytes) -> bool:
        """Tell whether a member has these bytes in it, however large it is. Raises DraftBroken."""
        if self.archive.getinfo(name).file_size <= _MIB:
            return needle in self.read(name)
        return found_in(self.chunks(name), needle)

    def tree(self, name: str) -> Element:
        """Return a part as a new tree each time. Raises DraftBroken, DraftTooCostly."""
        ready = self._looked_at.get(name)
        # Copied, a tree costs a third of what unpacking and parsing it once more does.
        return self._parsed(name) if ready is None else copy(ready)

    def looked_at(self, name: str) -> Element:
        """Parse a part once, for those who change nothing in it. Raises what `tree` does."""
        if name not in self._looked_at:
            self._looked_at[name] = self._parsed(name)
        return self._looked_at[name]

    def _parsed(self, name: str) -> Element:
        size = self.archive.getinfo(name).file_size
        if size > self.limits.xml:
            raise DraftTooCostly(self.where, limit=_mebibytes(self.limits.xml))
        return parse(self.read(name), name, self.where)

    def content_type(self, name: str) -> str:
        """Return the declared content type of a part, or an empty string."""
        return self._overrides.get(name.lower()) or self._defaults.get(
            name.rpartition(".")[2].lower(), ""
        )

    @property
    def declared_types(self) -> frozenset[str]:
        """All content types that parts are declared to have, one by one or by their ending."""
        return frozenset((*self._overrides.values(), *self._defaults.values()))

    @cached_property
    def _types(self) -> Element:
        name = self.find(CONTENT_TYPES)
        if name is None:
            raise DraftBroken(self.where, cause=say("{part} is missing", part=CONTENT_TYPES))
        return self.looked_at(name)

    @cached_property
    def _overrides(self) -> dict[str, str]:
        return {
            entry.get("PartName", "").lstrip("/").lower(): entry.get("ContentType", "")
            for entry in self._types.iter(q("types:Override"))
        }

    @cached_property
    def _defaults(self) -> dict[str, str]:
        return {
            entry.get("Extension", "").lower(): entry.get("ContentType", "")
            for entry in self._types.iter(q("types:Default"))
        }

    def relationships(self, part: str = "") -> tuple[Relationship, ...]:
        """Return the edges from a part, or from the package as a whole."""
        if part not in self._edges:
            name = self.find(relationships_part(part))
            entries = () if name is None else elements(self.looked_at(name))
            self._edges[part] = tuple(read_relationships(entries, part))
        return self._edges[part]

    def refuse_second_reading(self) -> None:
        """Refuse a zip in which another reader may find other parts than this program does.

        Raises DraftNotComparable.
        """
        if not reads_in_one_way(self.source, self.archive):
            cause = say("its zip directory can be read in more than one way")
            raise DraftNotComparable(self.where, cause=cause)

    def related(self, part: str, kind: str) -> str | None:
        """Return the part that `part` names as its `kind` (styles, settings), if it is there."""
        for edge in self.relationships(part):
            if edge.type == kind and not edge.external:
                return self.find(edge.target)
        return None


def found_in(chunks: Iterable[bytes], needle: bytes) -> bool:
    """Tell whether bytes that come piece by piece have some in them, also across two pieces."""
    end = b""
    for chunk in chunks:
        seen = end + chunk
        if needle in seen:
            return True
        end = seen[-(len(needle) - 1) :]
    return False


def relationships_part(part: str) -> str:
    """Return where the relationships of a part are written."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def read_relationships(entries: Iterable[Element], part: str) -> Iterator[Relationship]:
    """Read edges from a part, with their targets resolved to part names."""
    for entry in entries:
        external = entry.get("TargetMode", "").lower() == "external"
        target = entry.get("Target", "")
        yield Relationship(
            id=entry.get("Id", ""),
            type=entry.get("Type", ""),
            target=target if external else resolved(target, part),
            external=external,
        )


def resolved(target: str, part: str) -> str:
    """Return the part's name that a relative or absolute target means."""
    if _PLAIN_TARGET.fullmatch(target):
        folder = part.rpartition("/")[0]
        return f"{folder}/{target}" if folder else target
    joined = posixpath.join("/", posixpath.dirname(part), target)
    return posixpath.normpath(joined).lstrip("/")


def relative(target: str, part: str) -> str:
    """Return how a part names another one, which `resolved` takes back to its name."""
    folder = part.rpartition("/")[0]
    if _PLAIN_TARGET.fullmatch(target) and target.startswith(f"{folder}/"):
        return target[len(folder) + 1 :]
    return posixpath.relpath(f"/{target}", f"/{folder}")


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Package]:
    """Open a package for reading.

    Raises DraftEmpty, DraftBroken (no zip, damaged, hostile names), DraftProtected (members
    with a zip password), DraftTooCostly; OSError from opening.
    """
    if path.stat().st_size == 0:
        raise DraftEmpty(str(path))
    with path.open("rb", BUFFER) as stream:
        try:
            archive = ZipFile(stream)
        except _OPENING_FAULTS as error:
            raise _broken(path, say("its zip directory cannot be read")) from error
        with archive:
            _refuse_excess(archive.infolist(), path, limits)
            _refuse_hostile(archive.infolist(), path)
            source = Source(stream)
            _refuse_overlaps(source, archive, path)
            yield Package(path, limits, source, archive)


@contextmanager
def _unpacking(name: str, where: str) -> Iterator[None]:
    try:
        yield
    except UNPACKING_FAULTS as error:
        raise DraftBroken(where, cause=say("{part} cannot be unpacked", part=name)) from error


def _refuse_excess(members: list[ZipInfo], path: Path, limits: Limits) -> None:
    where = str(path)
    if len(members) > limits.members:
        raise DraftTooCostly(where, limit=say("{count} parts", count=limits.members))
    if path.stat().st_size > limits.file:
        raise DraftTooCostly(where, limit=_mebibytes(limits.file))
    if sum(member.file_size for member in members) > limits.total:
        raise DraftTooCostly(where, limit=_mebibytes(limits.total))
    for member in members:
        if member.file_size > limits.member:
            raise DraftTooCostly(where, limit=_mebibytes(limits.member))
        packed = max(member.compress_size, 1)
        if member.file_size > limits.ratio_from and member.file_size > limits.ratio * packed:
            raise DraftTooCostly(where, limit=say("{ratio}-fold packing", ratio=limits.ratio))


def _refuse_hostile(members: list[ZipInfo], path: Path) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.orig_filename
        if member.flag_bits & _ENCRYPTED:
            raise DraftProtected(str(path))
        if member.flag_bits & _PATCHED or member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise _broken(path, say("{part} is packed in an unknown way", part=name))
        if name != member.filename or _leads_outside(name):
            raise _broken(path, say("it has a part with a forbidden name"))
        if name.lower() in seen:
            raise _broken(path, say("{part} is there twice", part=name))
        seen.add(name.lower())


def _refuse_overlaps(source: Source, archive: ZipFile, path: Path) -> None:
    """Refuse members that share packed bytes: how a small file unpacks to a vast one."""
    end = 0
    for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
        try:
            begin = source.head(member).begin
        except ValueError as error:
            cause = say("{part} cannot be unpacked", part=member.filename)
            raise _broken(path, cause) from error
        if member.header_offset < end:
            raise _broken(path, say("its parts overlap"))
        end = begin + member.compress_size
    if end > archive.start_dir:
        raise _broken(path, say("its parts overlap"))


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\x00" in name


def _broken(path: Path, cause: Message) -> DraftBroken:
    return DraftBroken(str(path), cause=cause)


def _mebibytes(size: int) -> Message:
    return say("{size} MiB", size=size // _MIB)
