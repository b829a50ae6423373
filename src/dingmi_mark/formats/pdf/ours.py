"""What our marks draw, as one digest: whoever changes a form of ours changes it.

It is over the operators that draw the forms, and over the forms with all that they lead to, in the
one form that tools leave alone when they number and pack objects anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pikepdf import Dictionary, Stream

from dingmi_mark.formats.pdf.canonical import collapsed
from dingmi_mark.formats.pdf.names import ISOLATED, OUR_KEY, RESOURCE
from dingmi_mark.formats.pdf.objects import Objects

if TYPE_CHECKING:
    from pikepdf import Object

_Id = tuple[int, int]


class Ours:
    """Gathers what is ours on a file's pages; what pages share is read once."""

    def __init__(self) -> None:
        self._hasher = hashlib.new("sm3")
        self._found = False
        self._objects = Objects({})
        self._collapsed: dict[bytes, bytes] = {}
        self._by_resources: dict[_Id, bytes] = {}
        self._by_form: dict[_Id, str] = {}

    @property
    def digest(self) -> str:
        """`sm3:` and the digest of what was added; empty where nothing of it was ours."""
        return f"sm3:{self._hasher.hexdigest()}" if self._found else ""

    def add(self, page: int, parts: bytes, resources: Object | None) -> None:
        """Add a page (0-based): our parts of its content, and our forms in its resources."""
        forms = self._forms(resources)
        if not parts and not forms:
            return
        self._found = True
        if parts not in self._collapsed:
            self._collapsed[parts] = collapsed(parts)
        self._hasher.update(b"%d\n%s\n%s\n" % (page, self._collapsed[parts], forms))

    def _forms(self, resources: Object | None) -> bytes:
        if resources is None or not resources.is_indirect:
            return self._written(resources)
        place = resources.objgen
        if place not in self._by_resources:
            self._by_resources[place] = self._written(resources)
        return self._by_resources[place]

    def _written(self, resources: Object | None) -> bytes:
        lines = (f"{name} {self._digest(form)}" for name, form in forms_of_ours(resources))
        return "\n".join(lines).encode()

    def _digest(self, form: Object) -> str:
        place = form.objgen
        if place not in self._by_form:
            try:
                self._by_form[place] = self._objects.written(form).digest
            except RecursionError:  # no form that this program makes is nested like that
                self._by_form[place] = "nested without end"
        return self._by_form[place]


def forms_of_ours(resources: Object | None) -> Iterator[tuple[str, Object]]:
    """Yield the forms of ours that resources name: marks, and a page's content we isolated."""
    named = resources.get("/XObject") if isinstance(resources, Dictionary) else None
    if not isinstance(named, Dictionary):
        return
    for key, form in sorted(named.items()):
        is_named_so = key.startswith(f"/{RESOURCE}") or key == f"/{ISOLATED}"
        if is_named_so and isinstance(form, Stream) and OUR_KEY in form:
            yield key, form
