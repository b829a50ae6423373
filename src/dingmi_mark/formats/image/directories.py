"""TIFF's directories: read whole, written whole, nothing lost in between.

Pixel data, EXIF and other sub-directories are carried along as they are; only offsets change.
Source: TIFF 6.0, section 2; TIFF Technical Note 1 (SubIFDs).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

from dingmi_mark.errors import DraftTooCostly
from dingmi_mark.formats.image.container import broken
from dingmi_mark.messages import say

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_UNITS = {3: 2, 4: 4, 5: 4, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4}
"""Bytes of a value of each type, and of the unit within it that the byte order applies to."""

_SHORT, _LONG = 3, 4
_DATA = {273: 279, 324: 325, 513: 514}
"""Fields that point to data, with those that give its lengths: strips, tiles, a thumbnail."""

_CHILDREN = (330, 34665, 34853, 40965)
"""Fields that point to further directories: SubIFDs, EXIF, GPS, interoperability."""

_MOST_PAGES = 10_000
_DEEPEST = 4


@dataclass(frozen=True)
class Field:
    """One field: type, number of values, and the values in the byte order of the file."""

    kind: int
    count: int
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Directory:
    """One directory: fields, the data and the directories that some of them point to."""

    fields: Mapping[int, Field]
    blobs: Mapping[int, tuple[bytes, ...]] = field(default_factory=dict, repr=False)
    children: Mapping[int, tuple[Directory, ...]] = field(default_factory=dict)
    order: str = "<"

    def with_fields(self, changed: Mapping[int, Field]) -> Directory:
        """Return the directory with some fields added or replaced."""
        return Directory({**self.fields, **changed}, self.blobs, self.children, self.order)

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Values of a field of whole numbers; empty where it is absent or of another type."""
        found = self.fields.get(tag)
        code = {1: "B", 3: "H", 4: "I"}.get(found.kind) if found else None
        if found is None or code is None:
            return ()
        return struct.unpack(f"{self.order}{found.count}{code}", found.raw)

    def number(self, tag: int, default: int) -> int:
        """First value of a field of whole numbers."""
        return next(iter(self.numbers(tag)), default)

    def rational(self, tag: int) -> float | None:
        """First value of a field of fractions; None where there is no proper one."""
        found = self.fields.get(tag)
        if found is None or found.kind != 5 or len(found.raw) < 8:
            return None
        above, below = struct.unpack_from(self.order + "II", found.raw)
        return above / below if below else None


@dataclass(frozen=True)
class TiffFile:
    """A whole file: byte order (`<` or `>`) and the directories of its pages."""

    order: str
    pages: tuple[Directory, ...]

    @classmethod
    def read(cls, content: bytes) -> TiffFile:
        """Read a file. Raises DraftBroken for what points outside it, DraftTooCostly for loops."""
        order = {b"II*\0": "<", b"MM\0*": ">"}.get(content[:4])
        if order is None:
            raise broken(say("it is no TIFF file"))
        return cls(order, _Reader(content, order).pages())

    def written(self) -> bytes:
        """Write header, data and directories, each at an even place."""
        mark = b"II*\0" if self.order == "<" else b"MM\0*"
        writer = _Writer(self.order, bytearray(mark + b"\0\0\0\0"))
        link = 4
        for page in self.pages:
            link = writer.add(page, link)
        return bytes(writer.content)

    def in_order(self, order: str) -> TiffFile:
        """Return the file with all values in this byte order; samples of one byte have none."""
        if order == self.order:
            return self
        return TiffFile(order, tuple(_swapped(page, order) for page in self.pages))


def _swapped(page: Directory, order: str) -> Directory:
    fields = {
        tag: Field(found.kind, found.count, _swap(found.raw, _UNITS.get(found.kind, 1)))
        for tag, found in page.fields.items()
    }
    children = {
        tag: tuple(_swapped(child, order) for child in below)
        for tag, below in page.children.items()
    }
    return Directory(fields, page.blobs, children, order)


def _swap(raw: bytes, unit: int) -> bytes:
    return b"".join(raw[start : start + unit][::-1] for start in range(0, len(raw), unit))


class _Reader:
    """Reads directories, and sees that no byte is read twice too often (bombs of offsets)."""

    def __init__(self, content: bytes, order: str) -> None:
        self._content = content
        self._order = order
        self._left = 4 * len(content) + 65_536

    def pages(self) -> tuple[Directory, ...]:
        pages: list[Directory] = []
        seen: set[int] = set()
        (place,) = self._unpack("I", 4)
        while place:
            if place in seen or len(pages) >= _MOST_PAGES:
                raise broken(say("its pages run in a circle"))
            seen.add(place)
            directory, place = self._directory(place, 0)
            pages.append(directory)
        if not pages:
            raise broken(say("it has no page"))
        return tuple(pages)

    def _directory(self, place: int, depth: int) -> tuple[Directory, int]:
        (count,) = self._unpack("H", place)
        fields = {}
        for number in range(count):
            start = place + 2 + 12 * number
            tag, kind, values = self._unpack("HHI", start)
            if kind in _SIZES:
                fields[tag] = Field(kind, values, self._value(start + 8, _SIZES[kind] * values))
        (following,) = self._unpack("I", place + 2 + 12 * count)
        bare = Directory(fields, order=self._order)
        blobs = {tag: self._data(bare, tag) for tag in _DATA if tag in fields}
        children = {tag: self._below(bare, tag, depth) for tag in _CHILDREN if tag in fields}
        return Directory(fields, blobs, children, self._order), following

    def _value(self, place: int, size: int) -> bytes:
        if size <= 4:
            return self._bytes(place, size)
        (elsewhere,) = self._unpack("I", place)
        return self._bytes(elsewhere, size)

    def _data(self, directory: Directory, tag: int) -> tuple[bytes, ...]:
        places, sizes = directory.numbers(tag), directory.numbers(_DATA[tag])
        if not places or len(places) != len(sizes):
            raise broken(say("a page does not say where its picture is"))
        return tuple(self._bytes(place, size) for place, size in zip(places, sizes, strict=True))

    def _below(self, directory: Directory, tag: int, depth: int) -> tuple[Directory, ...]:
        if depth >= _DEEPEST:
            raise broken(say("its directories are nested too deep"))
        return tuple(self._directory(place, depth + 1)[0] for place in directory.numbers(tag))

    def _unpack(self, form: str, place: int) -> tuple[int, ...]:
        form = self._order + form
        return struct.unpack(form, self._bytes(place, struct.calcsize(form)))

    def _bytes(self, place: int, size: int) -> bytes:
        self._left -= size
        if self._left < 0:
            raise DraftTooCostly(limit=say("four times the size of the file"))
        if place + size > len(self._content):
            raise broken(say("its end is missing"))
        return self._content[place : place + size]


class _Writer:
    """Builds a file: what a directory points to first, then the directory."""

    def __init__(self, order: str, content: bytearray) -> None:
        self._order = order
        self.content = content

    def add(self, directory: Directory, link: int) -> int:
        """Add a page, let the `link` before it point here, return the place of its own link."""
        place = self._directory(directory)
        struct.pack_into(self._order + "I", self.content, link, place)
        return place + 2 + 12 * len(directory.fields)

    def _directory(self, directory: Directory) -> int:
        fields = dict(directory.fields)
        for tag, blobs in directory.blobs.items():
            fields[tag] = self._places([self._append(blob) for blob in blobs])
            fields[_DATA[tag]] = self._places([len(blob) for blob in blobs])
        for tag, below in directory.children.items():
            fields[tag] = self._places([self._directory(child) for child in below])
        entries = [self._entry(tag, fields[tag]) for tag in sorted(fields)]
        count = struct.pack(self._order + "H", len(entries))
        return self._append(count + b"".join(entries) + b"\0\0\0\0")

    def _entry(self, tag: int, found: Field) -> bytes:
        head = struct.pack(self._order + "HHI", tag, found.kind, found.count)
        if len(found.raw) <= 4:
            return head + found.raw.ljust(4, b"\0")
        return head + struct.pack(self._order + "I", self._append(found.raw))

    def _places(self, numbers: list[int]) -> Field:
        raw = struct.pack(f"{self._order}{len(numbers)}I", *numbers)
        return Field(_LONG, len(numbers), raw)

    def _append(self, content: bytes) -> int:
        if len(self.content) % 2:
            self.content.append(0)
        place = len(self.content)
        self.content += content
        return place
