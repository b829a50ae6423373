"""Digests of what the pages draw, without our marks and by them, however the file is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from dingmi_mark.formats.pdf.canonical import collapsed
from dingmi_mark.formats.pdf.content import Contents
from dingmi_mark.formats.pdf.geometry import Inheritance, Sheet
from dingmi_mark.formats.pdf.names import OUR_KEY
from dingmi_mark.formats.pdf.objects import decoded
from dingmi_mark.formats.pdf.ours import Ours

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_DEEPEST = 30
_DRAWN = ("/XObject", "/Pattern")
_PARTS = ("/SMask", "/Mask")
_FORM_KEYS = ("/BBox", "/Matrix", "/Width", "/Height", "/BitsPerComponent", "/ImageMask", "/Decode")
_Id = tuple[int, int]


@dataclass(frozen=True)
class Digests:
    """`content`: what a file's pages draw without our marks. `drawn`: what our marks draw.

    Both are `sm3:` and hexadecimal; `drawn` is empty where nothing is of ours.
    """

    content: str
    drawn: str


def digests_of(pdf: Pdf, sheets: Iterable[Sheet], contents: Contents) -> Digests:
    """Digest all pages: boxes, turns, contents, what they use, and apart from that what is ours.

    What cannot be decoded counts as it is stored.
    """
    drawn, ours = _Drawn(), Ours()
    inherit = Inheritance()
    hasher = _sm3()
    for number, (page, sheet) in enumerate(zip(pdf.pages, sheets, strict=True)):
        box = " ".join(f"{corner * sheet.unit:.2f}" for corner in sheet.box)
        own, parts = contents.split(page.obj)
        resources = inherit.of(page.obj, "/Resources")
        hasher.update(f"{box} {sheet.turn}\n".encode())
        hasher.update(_digest(collapsed(own)))
        for part in drawn.by_resources(resources):
            hasher.update(part)
        for part in drawn.by_annotations(page.obj.get("/Annots")):
            hasher.update(part)
        ours.add(number, parts, resources)
    return Digests(f"sm3:{hasher.hexdigest()}", ours.digest)


class _Drawn:
    """Digests of the objects that are drawn; each is read once, however many pages use it."""

    def __init__(self) -> None:
        self._streams: dict[_Id, bytes] = {}
        self._lists: dict[_Id, list[bytes]] = {}

    def by_resources(self, resources: Object | None, depth: int = 0) -> list[bytes]:
        """Digest what resources name, in the order of the names, ours left out."""
        if resources is None or not _is_dictionary(resources):
            return []
        found: list[bytes] = []
        for kind in _DRAWN:
            named = resources.get(kind)
            if named is None or not _is_dictionary(named):
                continue
            if not named.is_indirect:
                found += self._named(named, depth)
                continue
            if named.objgen not in self._lists:
                self._lists[named.objgen] = []
                self._lists[named.objgen] = self._named(named, depth)
            found += self._lists[named.objgen]
        return found

    def by_annotations(self, annotations: Object | None) -> Iterator[bytes]:
        """Digest where annotations stand and how they look."""
        from pikepdf import Array

        if not isinstance(annotations, Array):
            return
        for annotation in annotations:
            if _is_dictionary(annotation):
                yield _digest(_plain(annotation.get("/Subtype"), annotation.get("/Rect")))
                appearance = annotation.get("/AP")
                if appearance is not None and _is_dictionary(appearance):
                    yield from self._appearance(appearance.get("/N"))

    def _appearance(self, normal: Object | None) -> Iterator[bytes]:
        if _is_stream(normal):
            yield self._stream(normal, 0)
        elif normal is not None and _is_dictionary(normal):
            yield from self._named(normal, 0)

    def _named(self, named: Object, depth: int) -> list[bytes]:
        return [
            self._stream(item, depth)
            for _, item in sorted(named.items())
            if _is_stream(item) and OUR_KEY not in item
        ]

    def _stream(self, stream: Object, depth: int) -> bytes:
        place = stream.objgen
        if place not in self._streams:
            # A form that draws itself: readers stop there, and so must this.
            self._streams[place] = b""
            self._streams[place] = self._digested(stream, depth)
        return self._streams[place]

    def _digested(self, stream: Object, depth: int) -> bytes:
        hasher = _sm3()
        is_image = stream.get("/Subtype") == "/Image"
        hasher.update(_plain(*(stream.get(key) for key in _FORM_KEYS)))
        data = decoded(stream)
        hasher.update(data if is_image else collapsed(data))
        if depth < _DEEPEST:
            for part in self.by_resources(stream.get("/Resources"), depth + 1):
                hasher.update(part)
            for key in _PARTS:
                mask = stream.get(key)
                if _is_stream(mask):
                    hasher.update(self._stream(mask, depth + 1))
        return hasher.digest()


def _plain(*values: Object | None) -> bytes:
    """Write small values alike, whether a tool gave them as 1, 1.0 or by reference."""
    return b"|".join(_plainly(value).encode() for value in values)


def _plainly(value: object) -> str:
    from pikepdf import Array

    if isinstance(value, Array):
        return ",".join(_plainly(item) for item in value)
    try:
        return f"{float(value):.3f}"  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError):
        return str(value) if value is None or _is_name(value) else "?"


def _is_name(value: object) -> bool:
    from pikepdf import Name

    return isinstance(value, Name)


def _is_dictionary(value: object) -> TypeGuard[Object]:
    from pikepdf import Dictionary

    return isinstance(value, Dictionary)


def _is_stream(value: object) -> TypeGuard[Object]:
    from pikepdf import Stream

    return isinstance(value, Stream)


def _digest(content: bytes) -> bytes:
    hasher = _sm3()
    hasher.update(content)
    return hasher.digest()


def _sm3() -> hashlib._Hash:
    return hashlib.new("sm3")
