"""Elements and parts of a Word file in one form, whatever program wrote them.

The form holds all that is there by its full name, but what is harmless (see `harmless`). Where a
relationship is named, what it leads to stands in its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any, Final

from dingmi_mark.formats.docx.harmless import (
    RELATIONSHIPS,
    is_harmless,
    is_harmless_attribute,
    seen_extensions,
)
from dingmi_mark.formats.docx.names import NAMESPACES, Element, elements, q, value
from dingmi_mark.formats.docx.package import Package, Relationship

_PREFIXES: Final = {address: prefix for prefix, address in NAMESPACES.items()}
_NAMES_OF_STYLES: Final = "pStyle rStyle tblStyle basedOn link styleLink numStyleLink"
_STYLES: Final = frozenset(q(f"w:{name}") for name in _NAMES_OF_STYLES.split())
_RELATED: Final = frozenset((NAMESPACES["r"], NAMESPACES["o"]))
_WORDS: Final = f"{{{NAMESPACES['w']}}}"
_BOX: Final = q("w:txbxContent")


@dataclass
class Canonical:
    """Writes down what a package holds, and notes what was met on the way.

    `styles` and `lists` are those that are referred to; `walks` are the parts that were read
    element by element, `visited` these and those that were digested; `used` are the relationships
    (part and id) that something names.
    """

    package: Package
    styles: set[str] = field(default_factory=set)
    lists: set[str] = field(default_factory=set)
    walks: set[str] = field(default_factory=set)
    visited: set[str] = field(default_factory=set)
    used: set[tuple[str, str]] = field(default_factory=set)
    _digests: dict[str, str] = field(default_factory=dict)
    _trees: dict[str, Element] = field(default_factory=dict, repr=False)

    def walked(self, part: str) -> Element:
        """Return the tree of a part that is read element by element; nobody changes it."""
        self.walks.add(part)
        self.visited.add(part)
        if part not in self._trees:
            self._trees[part] = self.package.tree(part)
        return self._trees[part]

    def form(self, element: Element, part: str, boxes: list[Element] | None = None) -> str:
        """Return all of an element; with `boxes` without the text boxes, which are put there."""
        return json.dumps(self._written(element, part, boxes), ensure_ascii=False)

    def head(self, element: Element, part: str, properties: Container[str] = ()) -> str:
        """Return an element's attributes and properties; empty where there is nothing."""
        written = [
            w
            for each in leading(element, properties)
            if (w := self._written(each, part, None)) is not None
        ]
        attributes = self._attributes(element, part)
        return (
            json.dumps([attributes, *written], ensure_ascii=False) if attributes or written else ""
        )

    def target(self, part: str, id_: str) -> str:
        """Return what a relationship leads to, or where, outside of the file."""
        self.used.add((part, id_))
        found = [each for each in self.package.relationships(part) if each.id == id_]
        return " ".join(self.end(each) for each in found) or "missing"

    def end(self, edge: Relationship) -> str:
        """Return the end of a relationship: its kind, and an address or a part's digest."""
        name = None if edge.external else self.package.find(edge.target)
        if name is None:
            return f"{edge.type} → {edge.target}"
        return f"{edge.type} {self.digest(name)}"

    def digest(self, name: str) -> str:
        """Return the digest of a part with all that it leads to."""
        if name not in self._digests:
            self._digests[name] = "itself"
            self.visited.add(name)
            self._digests[name] = self._digest(name)
        return self._digests[name]

    def is_xml(self, name: str) -> bool:
        """Tell whether a part is what its kind says; an embedded Word file says the same."""
        kind = self.package.content_type(name).lower()
        declared = kind.startswith("application/") and kind.endswith(("+xml", "/xml"))
        return declared and not next(self.package.chunks(name), b"").startswith(b"PK")

    def unused(self, part: str) -> list[Relationship]:
        """Return the relationships of a part that nothing in it names."""
        return [
            each
            for each in self.package.relationships(part)
            if (part, each.id) not in self.used and each.type not in RELATIONSHIPS
        ]

    def _digest(self, name: str) -> str:
        kind = self.package.content_type(name).lower()
        total = hashlib.new("sm3", kind.encode())
        if self.is_xml(name):
            total.update(self.form(self.package.tree(name), name).encode("utf-8", "surrogatepass"))
        else:
            for chunk in self.package.chunks(name):
                total.update(chunk)
        for edge in self.unused(name):
            total.update(f"\n{edge.id} {self.end(edge)}".encode())
        return total.hexdigest()

    def _written(self, element: Element, part: str, boxes: list[Element] | None) -> Any:
        if is_harmless(element):
            return None
        self._note(element)
        if boxes is not None and element.tag == _BOX:
            boxes.append(element)
            return ["box"]
        written: list[Any] = [short(str(element.tag)), self._attributes(element, part)]
        text = text_of(element)
        if text.strip() or (text and not len(element)):
            written.append(text)
        for each in elements(element):
            inner = self._written(each, part, boxes)
            if inner is not None:
                written.append(inner)
            if (each.tail or "").strip():
                written.append(each.tail)
        return written

    def _attributes(self, element: Element, part: str) -> dict[str, str]:
        found = {}
        for key, text in sorted(element.attrib.items()):
            name, shown = str(key), str(text)
            if is_harmless_attribute(element, name):
                continue
            space = name.rpartition("}")[0][1:]
            if space in _RELATED and self._names_a_relationship(part, name, shown):
                shown = self.target(part, shown)
            elif name == q("mc:Ignorable"):
                shown = seen_extensions(shown, element)
            elif space == NAMESPACES["mc"] or (element.tag, name) == (q("mc:Choice"), "Requires"):
                shown = _resolved(shown, element)
            if shown or name != q("mc:Ignorable"):
                found[short(name)] = shown
        return found

    def _names_a_relationship(self, part: str, name: str, text: str) -> bool:
        if name.startswith(f"{{{NAMESPACES['r']}}}"):
            return True
        return any(edge.id == text for edge in self.package.relationships(part))

    def _note(self, element: Element) -> None:
        """Note which style or list is referred to."""
        if element.tag in _STYLES or element.tag == q("w:numId"):
            met = self.styles if element.tag in _STYLES else self.lists
            met.add((value(element) or "").lower())


def leading(element: Element, properties: Container[str]) -> list[Element]:
    """Return an element's properties: what of this name stands before all else.

    Elsewhere in it programs may take it for properties or not: there it is something unknown.
    """
    found = []
    for each in elements(element):
        if each.tag in properties:
            found.append(each)
        elif not str(each.tag).endswith(("Start", "End")) and not is_harmless(each):
            break
    return found


def short(name: str) -> str:
    """Return a full name with the usual prefix for its namespace, where there is one."""
    space, _, local = name.rpartition("}")
    prefix = _PREFIXES.get(space[1:]) if space else None
    return f"{prefix}:{local}" if prefix else name


def text_of(element: Element) -> str:
    """Return an element's own text; of a document's words what Word shows of white space."""
    text = element.text or ""
    if text == text.strip() or not str(element.tag).startswith(_WORDS):
        return text
    lineage = (element, *element.iterancestors())
    kept = next((space for each in lineage if (space := each.get(q("xml:space")))), "default")
    return text if kept == "preserve" else text.strip(" \t\r\n")


def hashed(text: str) -> str:
    """Return a short stand-in for a long form."""
    return hashlib.new("sm3", text.encode("utf-8", "surrogatepass")).hexdigest()


def _resolved(names: str, element: Element) -> str:
    """Return prefixed names with the namespaces that the prefixes stand for here."""
    found = []
    for name in names.split():
        prefix, colon, local = name.partition(":")
        found.append(f"{element.nsmap.get(prefix) or prefix}{colon}{local}")
    return " ".join(sorted(found))
