"""Write a zip file anew in which all untouched members keep their compressed bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

_LOCAL = struct.Struct("<4s5H3L2H")
_SAME = struct.Struct("<5H3LH")
"""What the header before a member and its entry in the directory both say."""
_CENTRAL_END = struct.Struct("<4H2L")
_SHORT = struct.Struct("<H")
_END = struct.Struct("<4s4H2LH")
_HAS_DESCRIPTOR = 0x08
_UTF8_NAME = 0x800
_ZIP64_EXTRA = 0x0001
_IN_EXTRA = 0xFFFF_FFFF
_CHUNK = 1 << 20
_LEVEL = 1
"""As Word itself deflates: a fifth larger than the best, in a fifth of the time."""

_SMALL = 4096
_SMALL_WINDOW = (-12, 5)
_USUAL_WINDOW = (-15,)
"""How far back deflate looks: what is no larger than the window packs as well, and a small window
is set up ten times as fast, which is all that small members take."""

_DEFLATE_VERSION = 20

_HARMLESS = 1 << 16
"""So few packed bytes become 66 MiB at most: they need no limit, which takes twice as long."""


class Head(NamedTuple):
    """The header before a member as it is in the file, and where its packed bytes `begin`."""

    flags: int
    method: int
    crc: int
    packed: int
    size: int
    name: bytes
    extra: bytes
    begin: int


@dataclass(frozen=True)
class Source:
    """A zip open for reading; the header before a member is read once."""

    stream: BinaryIO
    _heads: dict[int, Head] = field(default_factory=dict, repr=False)

    def head(self, member: ZipInfo) -> Head:
        """Return the header where the directory says. Raises ValueError where there is none."""
        offset = member.header_offset
        if offset not in self._heads:
            self._heads[offset] = self._read_head(offset)
        return self._heads[offset]

    def _read_head(self, offset: int) -> Head:
        self.stream.seek(offset)
        fixed = self.stream.read(_LOCAL.size)
        if len(fixed) < _LOCAL.size or fixed[:4] != b"PK\x03\x04":
            raise ValueError("no local header where the directory says")
        said = _LOCAL.unpack(fixed)
        _, _, flags, method, _, _, crc, packed, size, name_length, extra_length = said
        name, extra = self.stream.read(name_length), self.stream.read(extra_length)
        begin = offset + _LOCAL.size + name_length + extra_length
        return Head(flags, method, crc, packed, size, name, extra, begin)


class _Header(NamedTuple):
    """What is written before a member and once more in the directory at the end."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    origin: ZipInfo
    extra: bytes = b""
    local_extra: bytes = b""
    comment: bytes = b""

    def written(self, offset: int) -> tuple[bytes, bytes]:
        """Return the bytes for the place before the member, and for the directory."""
        name, extra, local_extra, comment = self.name, self.extra, self.local_extra, self.comment
        origin = self.origin
        needed = _DEFLATE_VERSION if self.method == ZIP_DEFLATED else 0
        same = _SAME.pack(
            max(origin.extract_version, needed), self.flags, self.method, *_stamp(origin),
            self.crc, self.packed, self.size, len(name),
        )  # fmt: skip
        made_by = origin.create_version | origin.create_system << 8
        central = _CENTRAL_END.pack(
            len(extra), len(comment), 0, origin.internal_attr, origin.external_attr, offset
        )
        return (
            b"".join((b"PK\x03\x04", same, _SHORT.pack(len(local_extra)), name, local_extra)),
            b"".join((b"PK\x01\x02", _SHORT.pack(made_by), same, central, name, extra, comment)),
        )


def rewrite(
    source: Source,
    members: list[ZipInfo],
    comment: bytes,
    changes: Mapping[str, bytes],
    sample: str,
    target: BinaryIO,
) -> None:
    """Copy `source` to `target`, members in their order, changed ones packed anew.

    Names in `changes` that the source lacks are appended with the time stamp and attributes of
    the member named `sample`, so that the result depends on the input only.
    """
    present = {member.filename for member in members}
    pattern = next(member for member in members if member.filename == sample)
    directory: list[bytes] = []
    offset = 0
    for member in members:
        replacement = changes.get(member.filename)
        if replacement is None:
            header, body = _copied(source, member)
        else:
            header, body = _packed(_raw_name(member), member, replacement)
        offset = _emit(target, header, body, offset, directory)
    for name, content in changes.items():
        if name not in present:
            header, body = _packed(name.encode(), pattern, content)
            offset = _emit(target, header, body, offset, directory)
    central = b"".join(directory)
    count = len(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), offset, len(comment))
    target.write(central + end + comment)


def unpacked(source: Source, member: ZipInfo) -> bytes:
    """Return a member's content, as the usual library does with thrice the calls.

    Raises BadZipFile where it is not what the directory says, EOFError where it is cut off,
    zlib.error, ValueError on a broken header.
    """
    head = source.head(member)
    if head.name != _raw_name(member):
        raise BadZipFile("another name before the bytes than in the directory")
    source.stream.seek(head.begin)
    content = source.stream.read(member.compress_size)
    if len(content) < member.compress_size:
        raise EOFError
    if member.compress_type == ZIP_DEFLATED:
        content = _inflated(content, member.file_size)
    if len(content) != member.file_size or zlib.crc32(content) != member.CRC:
        raise BadZipFile("not what the directory says")
    return content


def _inflated(packed: bytes, size: int) -> bytes:
    """Unpack what should become so many bytes, with some more at most: it may be a bomb."""
    if len(packed) <= _HARMLESS:
        return zlib.decompress(packed, -15, max(size, 1))
    # A limit of 0 would be none at all: a bomb may say that it is empty.
    return zlib.decompressobj(-15).decompress(packed, max(size, 1))


def reads_in_one_way(source: Source, archive: ZipFile) -> bool:
    """Tell whether there is one directory, at the very end, that agrees with what it names.

    Readers differ in which directory and which of two headers they believe.
    """
    length = source.stream.seek(0, 2)
    source.stream.seek(length - min(length, _END.size))
    last = source.stream.read(_END.size)
    if len(last) < _END.size or last[:4] != b"PK\x05\x06":
        return False
    size, start = _END.unpack(last)[5:7]
    whole = start == archive.start_dir and start + size == length - _END.size
    return whole and all(_agrees(source, member) for member in archive.infolist())


def _agrees(source: Source, member: ZipInfo) -> bool:
    """Tell whether a member's two headers say the same of how it is packed."""
    head = source.head(member)
    if head.method != member.compress_type:
        return False
    later = bool(head.flags & _HAS_DESCRIPTOR)
    packed_as_said = head.packed in (member.compress_size, _IN_EXTRA)
    sized_as_said = head.size in (member.file_size, _IN_EXTRA)
    return later or (head.crc == member.CRC and packed_as_said and sized_as_said)


def _copied(source: Source, member: ZipInfo) -> tuple[_Header, Iterable[bytes]]:
    head = source.head(member)
    header = _Header(
        name=_raw_name(member),
        flags=member.flag_bits & ~_HAS_DESCRIPTOR,
        method=member.compress_type,
        crc=member.CRC,
        packed=member.compress_size,
        size=member.file_size,
        origin=member,
        extra=_without_zip64(member.extra),
        local_extra=_without_zip64(head.extra),
        comment=member.comment,
    )
    return header, _chunks(source.stream, head.begin, member.compress_size)


def _packed(name: bytes, origin: ZipInfo, content: bytes) -> tuple[_Header, Iterable[bytes]]:
    window = _SMALL_WINDOW if len(content) <= _SMALL else _USUAL_WINDOW
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, *window)
    packed = packer.compress(content) + packer.flush()
    header = _Header(
        name=name,
        flags=origin.flag_bits & _UTF8_NAME,
        method=ZIP_DEFLATED,
        crc=zlib.crc32(content),
        packed=len(packed),
        size=len(content),
        origin=origin,
    )
    return header, (packed,)


def _emit(
    target: BinaryIO, header: _Header, body: Iterable[bytes], offset: int, directory: list[bytes]
) -> int:
    local, central = header.written(offset)
    target.write(local)
    target.writelines(body)
    directory.append(central)
    return offset + len(local) + header.packed


def _chunks(source: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    source.seek(start)
    while length:
        chunk = source.read(min(length, _CHUNK))
        if not chunk:
            raise EOFError
        length -= len(chunk)
        yield chunk


def _raw_name(member: ZipInfo) -> bytes:
    name = member.orig_filename
    # The old encoding of zip is ASCII there, and many times as slow.
    return name.encode("utf-8" if member.flag_bits & _UTF8_NAME or name.isascii() else "cp437")


def _stamp(member: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = member.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _without_zip64(extra: bytes) -> bytes:
    """Drop the long sizes some writers put in: all sizes are given in the plain fields here."""
    kept, position = b"", 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        if kind != _ZIP64_EXTRA:
            kept += extra[position : position + 4 + length]
        position += 4 + length
    return kept
