"""Write a zip file anew in which all untouched members keep their compressed bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
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


@dataclass(frozen=True)
class _Header:
    """What stands before a member and once more in the directory at the end."""

    name: bytes
    flags: int
    method: int
    stamp: tuple[int, int]
    crc: int
    packed: int
    size: int
    origin: ZipInfo
    extra: bytes = field(default=b"", repr=False)
    local_extra: bytes = field(default=b"", repr=False)
    comment: bytes = field(default=b"", repr=False)

    @property
    def _version(self) -> int:
        needed = _DEFLATE_VERSION if self.method == ZIP_DEFLATED else 0
        return max(self.origin.extract_version, needed)

    def local(self) -> bytes:
        fixed = _LOCAL.pack(
            b"PK\x03\x04", self._version, self.flags, self.method, *self.stamp,
            self.crc, self.packed, self.size, len(self.name), len(self.local_extra),
        )  # fmt: skip
        return fixed + self.name + self.local_extra

    def central(self, offset: int) -> bytes:
        origin = self.origin
        made_by = origin.create_version | origin.create_system << 8
        fixed = _CENTRAL.pack(
            b"PK\x01\x02", made_by, self._version, self.flags, self.method, *self.stamp,
            self.crc, self.packed, self.size, len(self.name), len(self.extra), len(self.comment),
            0, origin.internal_attr, origin.external_attr, offset,
        )  # fmt: skip
        return fixed + self.name + self.extra + self.comment


def rewrite(
    source: BinaryIO,
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


def data_offset(source: BinaryIO, member: ZipInfo) -> int:
    """Return where the packed bytes of a member begin. Raises ValueError on a broken header."""
    fixed = _local_header(source, member)
    return member.header_offset + _LOCAL.size + fixed[-2] + fixed[-1]


def unpacked(source: BinaryIO, member: ZipInfo) -> bytes:
    """Return a member's content, as the usual library does with thrice the calls.

    Raises BadZipFile where it is not what the directory says, EOFError where it is cut off,
    zlib.error, ValueError on a broken header.
    """
    name_length, extra_length = _local_header(source, member)[-2:]
    if source.read(name_length) != _raw_name(member):
        raise BadZipFile("another name before the bytes than in the directory")
    source.seek(extra_length, 1)
    content = source.read(member.compress_size)
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


def reads_in_one_way(source: BinaryIO, archive: ZipFile) -> bool:
    """Tell whether there is one directory, at the very end, that agrees with what it names.

    Readers differ in which directory and which of two headers they believe.
    """
    length = source.seek(0, 2)
    source.seek(length - min(length, _END.size))
    last = source.read(_END.size)
    if len(last) < _END.size or last[:4] != b"PK\x05\x06":
        return False
    size, start = _END.unpack(last)[5:7]
    whole = start == archive.start_dir and start + size == length - _END.size
    return whole and all(_agrees(source, member) for member in archive.infolist())


def _agrees(source: BinaryIO, member: ZipInfo) -> bool:
    """Tell whether a member's two headers say the same of how it is packed."""
    _, flags, method, _, _, crc, packed, size = _local_header(source, member)[:8]
    if method != member.compress_type:
        return False
    later = bool(flags & _HAS_DESCRIPTOR)
    sizes = packed in (member.compress_size, _IN_EXTRA) and size in (member.file_size, _IN_EXTRA)
    return later or (crc == member.CRC and sizes)


def _local_header(source: BinaryIO, member: ZipInfo) -> tuple[int, ...]:
    source.seek(member.header_offset)
    header = source.read(_LOCAL.size)
    if len(header) < _LOCAL.size or header[:4] != b"PK\x03\x04":
        raise ValueError("no local header where the directory says")
    return tuple(_LOCAL.unpack(header)[1:])


def _copied(source: BinaryIO, member: ZipInfo) -> tuple[_Header, Iterator[bytes]]:
    name_length, extra_length = _local_header(source, member)[-2:]
    source.seek(name_length, 1)
    header = _Header(
        name=_raw_name(member),
        flags=member.flag_bits & ~_HAS_DESCRIPTOR,
        method=member.compress_type,
        stamp=_stamp(member),
        crc=member.CRC,
        packed=member.compress_size,
        size=member.file_size,
        origin=member,
        extra=_without_zip64(member.extra),
        local_extra=_without_zip64(source.read(extra_length)),
        comment=member.comment,
    )
    return header, _chunks(source, source.tell(), member.compress_size)


def _packed(name: bytes, origin: ZipInfo, content: bytes) -> tuple[_Header, Iterator[bytes]]:
    window = _SMALL_WINDOW if len(content) <= _SMALL else _USUAL_WINDOW
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, *window)
    packed = packer.compress(content) + packer.flush()
    header = _Header(
        name=name,
        flags=origin.flag_bits & _UTF8_NAME,
        method=ZIP_DEFLATED,
        stamp=_stamp(origin),
        crc=zlib.crc32(content),
        packed=len(packed),
        size=len(content),
        origin=origin,
    )
    return header, iter((packed,))


def _emit(
    target: BinaryIO, header: _Header, body: Iterator[bytes], offset: int, directory: list[bytes]
) -> int:
    local = header.local()
    target.write(local)
    for chunk in body:
        target.write(chunk)
    directory.append(header.central(offset))
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
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8_NAME else "cp437")


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
