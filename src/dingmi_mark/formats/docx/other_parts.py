"""The parts of a Word file that hold no words and define nothing, each as a digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from dingmi_mark.domain.draft_content import Definition, Part
from dingmi_mark.formats.docx.canonical import Canonical, hashed
from dingmi_mark.formats.docx.harmless import RELATIONSHIPS
from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    REL_COMMENTS,
    REL_CUSTOM_PROPERTIES,
    REL_CUSTOM_XML,
    REL_DOCUMENT,
    REL_ENDNOTES,
    REL_FOOTER,
    REL_FOOTNOTES,
    REL_HEADER,
    REL_NUMBERING,
    REL_SETTINGS,
    REL_STYLES,
    REL_THEME,
    elements,
    q,
)
from dingmi_mark.formats.docx.package import CONTENT_TYPES, Relationship, relationships_part

_R: Final = NAMESPACES["r"]
REL_FONTS, REL_WEB = f"{_R}/fontTable", f"{_R}/webSettings"
REL_EXTENDED: Final = f"{_R}/extended-properties"
RELS_CORE: Final = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
    "http://schemas.openxmlformats.org/officedocument/2006/relationships/metadata/core-properties",
)

_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_READ: Final[Mapping[str, str]] = MappingProxyType(
    {
        REL_DOCUMENT: f"{_WORD}.document.main+xml",
        REL_STYLES: f"{_WORD}.styles+xml",
        REL_NUMBERING: f"{_WORD}.numbering+xml",
        REL_SETTINGS: f"{_WORD}.settings+xml",
        REL_FONTS: f"{_WORD}.fontTable+xml",
        REL_WEB: f"{_WORD}.webSettings+xml",
        REL_FOOTNOTES: f"{_WORD}.footnotes+xml",
        REL_ENDNOTES: f"{_WORD}.endnotes+xml",
        REL_COMMENTS: f"{_WORD}.comments+xml",
        REL_HEADER: f"{_WORD}.header+xml",
        REL_FOOTER: f"{_WORD}.footer+xml",
        REL_THEME: f"{_OFFICE}.theme+xml",
        REL_EXTENDED: f"{_OFFICE}.extended-properties+xml",
        REL_CUSTOM_PROPERTIES: f"{_OFFICE}.custom-properties+xml",
        **dict.fromkeys(RELS_CORE, "application/vnd.openxmlformats-package.core-properties+xml"),
    }
)
"""Kinds of parts that are read for what they say, and as what each is declared."""

_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customXml": "自定义数据",
        "vbaProject": "宏",
        "glossaryDocument": "构建基块",
        "diagramDrawing": "智能图形",
        "attachedTemplate": "模板",
        "hyperlink": "链接",
        "image": "图片",
    }
)
_WITHOUT_ID: Final = frozenset((REL_CUSTOM_XML, *_READ))
"""Parts of which it makes no difference under which id they are named."""


def other_parts(canonical: Canonical) -> Iterator[Definition]:
    """Yield all that is in the file and was not read before."""
    for part in sorted(canonical.walks):
        head = canonical.head(canonical.walked(part), part)
        if head:
            yield Definition(Part.FILE, f"{part}：声明", head)
    yield from _declared_otherwise(canonical)
    ends: dict[str, list[str]] = {}
    for part in ("", *sorted(canonical.walks)):
        for edge in canonical.unused(part):
            if not (_is_read(canonical, edge) or _is_empty_list_of_sources(canonical, edge)):
                name = edge.type.rpartition("/")[2]
                id_ = "" if edge.type in _WITHOUT_ID else edge.id
                said = f"{id_} {canonical.end(edge)}"
                ends.setdefault(_NAMES.get(name, name), []).append(said)
    for name, texts in ends.items():
        yield Definition(Part.FILE, name, hashed("\n".join(sorted(texts))))
    yield from _unreachable(canonical)


def _is_read(canonical: Canonical, edge: Relationship) -> bool:
    name = None if edge.external else canonical.package.find(edge.target)
    return edge.type in _READ and name in canonical.visited


def _is_empty_list_of_sources(canonical: Canonical, edge: Relationship) -> bool:
    """Word keeps its list of literature even where there is none."""
    name = None if edge.external else canonical.package.find(edge.target)
    if edge.type != REL_CUSTOM_XML or name is None:
        return False
    root = canonical.package.tree(name)
    if root.tag != q("b:Sources") or next(elements(root), None) is not None:
        return False
    canonical.digest(name)
    return True


def _declared_otherwise(canonical: Canonical) -> Iterator[Definition]:
    """Yield parts that are declared as something else than their place says, or twice."""
    package = canonical.package
    for part in ("", *sorted(canonical.walks)):
        for edge in package.relationships(part):
            name = None if edge.external else package.find(edge.target)
            kind = package.content_type(name) if name else ""
            if edge.type in _READ and name in canonical.visited and kind != _READ[edge.type]:
                yield Definition(Part.FILE, f"{name}：类型", kind)
    declared = [
        (each.get("PartName") or each.get("Extension") or "").lower()
        for each in package.tree(CONTENT_TYPES)
    ]
    for name, times in Counter(declared).items():
        if times > 1:
            yield Definition(Part.FILE, f"{name}：类型写了{times}次", "")


def _unreachable(canonical: Canonical) -> Iterator[Definition]:
    """Yield what nothing leads to."""
    package = canonical.package
    edges = [edge for part in ("", *canonical.visited) for edge in package.relationships(part)]
    known = {package.find(edge.target) for edge in edges if edge.type in RELATIONSHIPS}
    known |= canonical.visited
    known |= {package.find(relationships_part(part or "")) for part in ("", *known)}
    known.add(package.find(CONTENT_TYPES))
    for member in package.members:
        is_folder = member.is_dir() and not member.file_size
        if member.filename not in known and not is_folder:
            yield Definition(Part.FILE, member.filename, canonical.digest(member.filename))
