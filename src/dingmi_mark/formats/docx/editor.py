"""Gather the changes to a package, and write them into a copy of it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from dingmi_mark.formats.docx.marks import digest
from dingmi_mark.formats.docx.names import (
    REL_IMAGE,
    TYPE_PNG,
    TYPE_RELATIONSHIPS,
    Element,
    add,
    attributes,
    elements,
    new_root,
    q,
    whole,
)
from dingmi_mark.formats.docx.package import (
    BUFFER,
    CONTENT_TYPES,
    Package,
    Relationship,
    read_relationships,
    relationships_part,
    relative,
)
from dingmi_mark.formats.docx.xml import serialise
from dingmi_mark.formats.docx.zipcopy import rewrite

OUR_PICTURE = "dingmi-"
"""How the names of pictures begin that are put into a file for a mark."""

_LARGEST_ID = 0x7FFF_FFFF
_DRAWINGS = (q("wp:docPr"), q("wps:cNvPr"), q("pic:cNvPr"))
_SHAPES = (q("p:cNvPr"), q("xdr:cNvPr"))


@dataclass
class Editor:
    """The changes of one marking: trees opened for change, parts that are new, parts left out."""

    package: Package
    document: str
    trees: dict[str, Element] = field(default_factory=dict, repr=False)
    added: dict[str, bytes] = field(default_factory=dict, repr=False)
    dropped: set[str] = field(default_factory=set)

    def open(self, part: str) -> Element:
        """Return a part's tree to be changed; it is the same one at every call."""
        if part not in self.trees:
            self.trees[part] = self.package.tree(part)
        return self.trees[part]

    def exists(self, part: str) -> bool:
        return part in self.trees or part in self.added or self.package.find(part) is not None

    def free_name(self, pattern: str) -> str:
        """Return the first unused part name of a pattern with `{}` for the number."""
        return next(
            name
            for name in (pattern.format(number) for number in count(1))
            if not self.exists(name)
        )

    def add_tree(self, part: str, tree: Element, content_type: str) -> None:
        """Add a part that may still be changed."""
        self.trees[part] = tree
        self._declare(part, content_type)

    def add(self, part: str, content: bytes, content_type: str) -> None:
        """Add a part as it is; an empty content type means the default of its ending."""
        self.added[part] = content
        if content_type:
            self._declare(part, content_type)

    def edge(self, part: str, id_: str) -> Relationship | None:
        """Return a part's edge of this id, with the changes so far."""
        return next(self._edges(part, "Id", id_), None)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add an edge between two parts (or find the one there is) and return its id."""
        for edge in self._edges(part, "Type", kind):
            if (edge.target, edge.external) == (target, False):
                return edge.id
        name = self._relationships_name(part)
        if name not in self.trees and self.package.find(name) is None:
            self._add_relationships(name)
        tree = self.open(name)
        used = {entry.get("Id") for entry in tree}
        free = next(id_ for id_ in (f"rId{n}" for n in count(1)) if id_ not in used)
        entry = {"Id": free, "Type": kind, "Target": relative(target, part)}
        add(tree, "rels:Relationship", entry)
        return free

    def copy_relationships(self, source: str, target: str) -> None:
        """Give a copied part in the same folder the edges of the part it is copied from."""
        name = self.package.find(relationships_part(source))
        if name is not None:
            self.trees[relationships_part(target)] = self.package.tree(name)

    def drop(self, parts: Iterable[str]) -> None:
        """Leave parts out, with the edges from and to them and what declares them."""
        gone = set(parts)
        gone |= {name for part in gone if (name := self.package.find(relationships_part(part)))}
        self.dropped |= gone
        for name in [member.filename for member in self.package.members]:
            if name.endswith(".rels") and name not in gone:
                self._drop_edges(name, gone)
        types = self.open(self.package.find(CONTENT_TYPES) or CONTENT_TYPES)
        for entry in list(elements(types)):
            if self.package.find(entry.get("PartName", "").lstrip("/")) in gone:
                types.remove(entry)

    def add_picture(self, part: str, png: bytes) -> str:
        """Store a picture for a part and return the edge to it."""
        folder = posixpath.dirname(self.document)
        name = posixpath.join(folder, "media", f"{OUR_PICTURE}{digest(png.hex())}.png")
        if not self.exists(name):
            self.add(name, png, TYPE_PNG)
        return self.relate(part, REL_IMAGE, name)

    def write(self, target: Path) -> None:
        """Write the changed copy to `target`, which must not exist. Raises OSError."""
        changes = {part: serialise(tree) for part, tree in self.trees.items()} | self.added
        kept = [one for one in self.package.members if one.filename not in self.dropped]
        with target.open("xb", BUFFER) as stream:
            rewrite(
                self.package.source,
                kept,
                self.package.archive.comment,
                changes,
                self.document,
                stream,
            )

    def _drop_edges(self, name: str, gone: set[str]) -> None:
        """Take the edges to parts that are gone out of a part of relationships."""
        folder, file = posixpath.split(name)
        source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        changed = self.trees.get(name)
        if changed is None:
            edges = self.package.relationships(source)
        else:
            edges = tuple(read_relationships(elements(changed), source))
        ends = [not edge.external and self.package.find(edge.target) in gone for edge in edges]
        if not any(ends):
            return
        tree = self.open(name)
        for entry, is_gone in zip(list(elements(tree)), ends, strict=True):
            if is_gone:
                tree.remove(entry)

    def _edges(self, part: str, attribute: str, wanted: str) -> Iterator[Relationship]:
        """Yield the edges with this attribute: only their targets are worth resolving."""
        tree = self.trees.get(self._relationships_name(part))
        if tree is not None:
            entries = (entry for entry in elements(tree) if entry.get(attribute) == wanted)
            yield from read_relationships(entries, part)
            return
        for edge in self.package.relationships(part):
            if wanted == (edge.id if attribute == "Id" else edge.type):
                yield edge

    def _declare(self, part: str, content_type: str) -> None:
        types = self.open(self.package.find(CONTENT_TYPES) or CONTENT_TYPES)
        entry = {"PartName": f"/{part}", "ContentType": content_type}
        add(types, "types:Override", entry)

    def _relationships_name(self, part: str) -> str:
        name = relationships_part(part)
        return self.package.find(name) or name

    def _add_relationships(self, name: str) -> None:
        self.trees[name] = new_root("rels:Relationships")
        if not self.package.content_type(name):
            self._declare(name, TYPE_RELATIONSHIPS)


def our_pictures(package: Package) -> Iterator[str]:
    """Yield the pictures that were put into a file for our marks."""
    for name in (member.filename for member in package.members):
        if posixpath.basename(name).startswith(OUR_PICTURE):
            yield name


def free_drawing_ids(roots: Iterable[Element]) -> Iterator[int]:
    """Yield ids that no drawing in the given trees uses, in ascending order."""
    return _free({one.get("id", "") for root in roots for one in root.iter(*_DRAWINGS)})


def free_annotation_ids(*roots: Element) -> Iterator[int]:
    """Yield ids that no bookmark, comment or change in the trees uses."""
    return _free(set().union(*(attributes(root, "//@w:id") for root in roots)))


def free_shape_ids(slide: Element) -> Iterator[int]:
    """Yield ids that no shape of a slide, or of a sheet's drawing, uses, and no animation or
    connector names: it may be left from a shape that was deleted.
    """
    named = attributes(slide, "//@spid | //a:stCxn/@id | //a:endCxn/@id")
    return _free({*named, *(one.get("id", "") for one in slide.iter(*_SHAPES))})


def _free(texts: set[str]) -> Iterator[int]:
    used = {whole(text) or 0 for text in texts}
    highest = max(used, default=0)
    start = 0 if highest > _LARGEST_ID // 2 else max(highest, 0)
    return (number for number in count(start + 1) if number not in used)
