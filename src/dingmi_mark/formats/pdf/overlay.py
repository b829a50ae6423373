"""Put forms on pages: after all content of the page's own, whatever that left open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, String

from dingmi_mark.engine.shapes import Block
from dingmi_mark.engine.strip import Strip
from dingmi_mark.formats.base import Carriers
from dingmi_mark.formats.pdf.canonical import CLOSE, END, OPEN
from dingmi_mark.formats.pdf.content import Contents, Ending
from dingmi_mark.formats.pdf.drawing import Forms, number
from dingmi_mark.formats.pdf.geometry import LETTER, Inheritance, Sheet
from dingmi_mark.formats.pdf.isolating import form_of_content
from dingmi_mark.formats.pdf.names import ADDED_BOX, ISOLATED, NO_FORMS, OUR_KEY, RESOURCE
from dingmi_mark.formats.pdf.strips import add_strip, clip_to

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

_FINE = 8
"""Decimals of a matrix: it multiplies places on pages of several thousand points."""

_ResourceKey = tuple[bytes, tuple[tuple[int, int], ...]]
"""Resources as they are written, and the forms that go with them."""


class Overlay:
    """Writes marks onto the pages of one file; equal streams and resources are made once.

    `isolated`: every page's own content is drawn as an object, whatever it seems to be.
    """

    def __init__(
        self,
        pdf: Pdf,
        forms: Forms,
        carriers: Carriers,
        contents: Contents,
        *,
        isolated: bool = False,
    ) -> None:
        self._pdf = pdf
        self._forms = forms
        self._carriers = carriers
        self._isolated = isolated
        self._contents = contents
        self._inherit = Inheritance()
        self._streams: dict[bytes, Object] = {}
        self._drawings: dict[tuple[tuple[str, ...], tuple[str, ...], Sheet], bytes] = {}
        self._resources: dict[_ResourceKey, tuple[Object, list[str]]] = {}

    def mark(
        self, page: Object, sheet: Sheet, blocks: Sequence[Block], strip: Strip | None = None
    ) -> None:
        """Draw blocks on a page, after its content, which is isolated where it has no end.

        With a strip, the blocks are measured from the corner of both together.
        """
        own = self._contents.streams(page)
        ending = None if self._isolated else self._contents.of(page).ending
        isolated = None
        if ending is None:
            ending = Ending()
            isolated = form_of_content(self._pdf, own, self._inherit.of(page, "/Resources"), sheet)
            own = [self._stream(b"/%s Do\n" % ISOLATED.encode())]
        names = self._give_resources(page, [self._forms.of(block) for block in blocks])
        if isolated is not None:
            _name_isolated(page, isolated)
        wider = sheet if strip is None else add_strip(page, sheet, strip)
        drawing = self._drawing(tuple(block.name for block in blocks), tuple(names), wider)
        suffix = CLOSE + ending.closing + drawing + END
        prefix = ending.opening(b"" if strip is None else clip_to(sheet)) + OPEN
        page["/Contents"] = Array([self._stream(prefix), *own, self._stream(suffix)])
        if not sheet.states_size and strip is None:
            page["/MediaBox"] = Array(LETTER)
            page[ADDED_BOX] = True

    def _drawing(self, slots: tuple[str, ...], names: tuple[str, ...], sheet: Sheet) -> bytes:
        """Return the operators that draw forms, made once for all pages that are alike."""
        key = (slots, names, sheet)
        if key not in self._drawings:
            self._drawings[key] = b"".join(
                self._invocation(slot, name, sheet) for slot, name in zip(slots, names, strict=True)
            )
        return self._drawings[key]

    def _invocation(self, slot: str, name: str, sheet: Sheet) -> bytes:
        matrix = b" ".join(number(value, _FINE) for value in sheet.matrix)
        marking, named = (String(text).unparse() for text in (self._carriers.marking_id, slot))
        return (
            b"/Artifact << /Type /Pagination /DmMark %s /DmSlot %s >> BDC\n"
            b"q\n%s cm\n/%s Do\nQ\nEMC\n" % (marking, named, matrix, name.encode())
        )

    def _stream(self, content: bytes) -> Object:
        if content not in self._streams:
            self._streams[content] = self._pdf.make_stream(content)
            self._streams[content][OUR_KEY] = True
        return self._streams[content]

    def _give_resources(self, page: Object, forms: list[Object]) -> list[str]:
        """Give a page resources of its own with the forms in them; return the forms' names."""
        existing = self._inherit.of(page, "/Resources")
        told = b"" if existing is None else existing.unparse(resolved=True)
        key = (told, tuple(form.objgen for form in forms))
        if key not in self._resources:
            made, names = _with_forms(existing, forms)
            self._resources[key] = (self._pdf.make_indirect(made), names)
        page["/Resources"], names = self._resources[key]
        return names


def _with_forms(existing: Object | None, forms: list[Object]) -> tuple[Object, list[str]]:
    """Copy resources and name the forms in the copy. What is shared is never altered."""
    resources = _copied(existing)
    given = resources.get("/XObject")
    named = _copied(given)
    if isinstance(given, Dictionary) and not len(given):
        resources[NO_FORMS] = True
    names: list[str] = []
    number = 0
    for form in forms:
        number += 1
        while f"/{RESOURCE}{number}" in named:
            number += 1
        names.append(f"{RESOURCE}{number}")
        named[f"/{RESOURCE}{number}"] = form
    resources["/XObject"] = named
    return resources, names


def _name_isolated(page: Object, form: Object) -> None:
    """Name the form of a page's content in resources that no other page shares."""
    resources = _copied(page.get("/Resources"))
    named = _copied(resources.get("/XObject"))
    named[f"/{ISOLATED}"] = form
    resources["/XObject"] = named
    page["/Resources"] = resources


def _copied(dictionary: Object | None) -> Object:
    if not isinstance(dictionary, Dictionary):
        return Dictionary()
    return Dictionary(dict(dictionary.items()))
