"""The XMP packet of a marked file: ids, record and facts under a namespace of our own.

PDF, PNG, JPEG and TIFF share it. Foreign metadata in the packet stays as it is; what this
program wrote before is replaced. A packet that is no well-formed XMP cannot be merged into:
`merge` then writes a new one, and `is_readable` tells beforehand, so that the caller can say so.
Source: ISO 16684-1 (XMP), ISO 19005-2, 6.6.2 (extension schemas of PDF/A).
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from dingmi_mark.formats.base import Carriers

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:dingmi-mark:xmp:1"
PREFIX = "dm"

_META = "adobe:ns:meta/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"

_HEADER = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
_TRAILER = b'\n<?xpacket end="w"?>'

_PROPERTIES = (
    ("document", "Text", "Opaque id of the document"),
    ("marking", "Text", "Opaque id of the marking"),
    ("copy", "Text", "Opaque id of the copy"),
    ("record", "Text", "Label of the marking as canonical JSON"),
    ("facts", "seq Text", "Facts of the marking, one a line, for people"),
)
"""Name, PDF/A value type and description of every property."""

_OF_THE_EXPORT = frozenset(
    (
        *("about", "Producer", "CreatorTool", "CreateDate", "ModifyDate", "MetadataDate"),
        *("DocumentID", "InstanceID", "OriginalDocumentID", "VersionID"),
    )
)
"""What a program writes anew at every export: its name, the day, ids."""

_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold; told by what it is, for its complement takes long to compile."""
_ENCODED = "base64:"
_LARGEST_PACKET = 16 * 1024 * 1024


class Ids(NamedTuple):
    """The opaque ids of a packet; empty where it has none."""

    document: str
    marking: str
    copy: str


class Found(NamedTuple):
    """What a packet says of the marking; `record` is empty where only the ids stand."""

    ids: Ids
    record: bytes


def merge(existing: bytes | None, carriers: Carriers, *, pdfa: bool) -> bytes:
    """Put the whole label into a packet, or into a new one. Same input, same bytes.

    With `pdfa` the packet describes our properties, as PDF/A demands. An `existing` packet that
    is not readable is replaced.
    """
    root = _opened(existing)
    _add(root, _label(carriers))
    if pdfa:
        _describe_schema(root)
    return _packet(root)


def merge_ids(existing: bytes | None, carriers: Carriers) -> bytes:
    """Put only the ids into a packet: for the further pages of a file, and where room is short."""
    root = _opened(existing)
    _add(root, _ids(carriers))
    return _packet(root)


def without(packet: bytes) -> bytes | None:
    """Take our properties out of a packet; None where nothing else is in it."""
    root = _opened(packet)
    rdf = _rdf_of(root)
    return _packet(root) if rdf is not None and len(rdf) else None


def is_readable(packet: bytes) -> bool:
    """Tell whether a packet can be merged into without loss."""
    return _parsed(packet) is not None


def read(packet: bytes) -> Found | None:
    """Read our properties back; None where there are none or the packet is not readable."""
    root = _parsed(packet)
    if root is None:
        return None
    values = dict(_own_values(root))
    if not values:
        return None
    ids = Ids(*(values.get(name, "") for name in Ids._fields))
    return Found(ids, _decoded(values.get("record", "")))


def foreign_facts(packet: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and value of what a packet says of a file, but program, dates and ids of it.

    A packet that is not readable is one fact: its digest.
    """
    root = _parsed(packet)
    if root is None:
        if packet.strip(b"\0 "):
            yield "XMP", hashlib.new("sm3", packet).hexdigest()
        return
    found = []
    for description in root.iter(f"{{{_RDF}}}Description"):
        found += [(str(name), str(value)) for name, value in description.attrib.items()]
        found += [
            (str(each.tag), _plain_text(each)) for each in description if isinstance(each.tag, str)
        ]
    for name, value in sorted(found):
        local = name.rpartition("}")[2]
        if local not in _OF_THE_EXPORT and value:
            yield local, value


def _plain_text(element: _Element) -> str:
    """Return all that stands in a property, attributes too, in one line."""
    parts: list[str] = []
    for each in element.iter():
        parts += [str(value) for _, value in sorted(each.attrib.items())]
        parts.append(each.text or "")
        parts.append(each.tail or "" if each is not element else "")
    return " ".join(" ".join(parts).split())


def _parsed(packet: bytes) -> _Element | None:
    """Parse a packet to its rdf:RDF or x:xmpmeta; None where it is not well-formed XMP.

    Document types are refused: XMP has none, and entities are an attack.
    """
    from lxml import etree

    if len(packet) > _LARGEST_PACKET:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    utf16 = b"\0" in packet[:4]
    try:
        root = etree.fromstring(packet if utf16 else packet.rstrip(b"\0"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.getroottree().docinfo.internalDTD is not None or _rdf_of(root) is None:
        return None
    return root


def _rdf_of(root: _Element) -> _Element | None:
    name = f"{{{_RDF}}}RDF"
    return root if root.tag == name else root.find(name)


def _opened(existing: bytes | None) -> _Element:
    """Return the packet's root without anything of ours, or a new empty one."""
    root = _parsed(existing) if existing else None
    if root is None:
        return _empty()
    for description in list(root.iter(f"{{{_RDF}}}Description")):
        _take_out_own(description)
    _take_out_schema(root)
    return root


def _empty() -> _Element:
    from lxml import etree

    root = etree.Element(f"{{{_META}}}xmpmeta", nsmap={"x": _META})
    etree.SubElement(root, f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
    return root


def _take_out_own(description: _Element) -> None:
    own = f"{{{NAMESPACE}}}"
    had_own = False
    for name in [str(name) for name in description.attrib if str(name).startswith(own)]:
        del description.attrib[name]
        had_own = True
    for child in [child for child in description if str(child.tag).startswith(own)]:
        description.remove(child)
        had_own = True
    if had_own:
        _remove_if_bare(description)


def _remove_if_bare(description: _Element) -> None:
    """Remove a description that says nothing more; its tail of white space goes with it."""
    parent = description.getparent()
    others = set(map(str, description.attrib)) - {f"{{{_RDF}}}about"}
    if parent is not None and not len(description) and not others:
        parent.remove(description)


def _own_values(root: _Element) -> Iterator[tuple[str, str]]:
    """Yield our simple properties, as elements or as attributes: tools turn one into the other."""
    own = f"{{{NAMESPACE}}}"
    for description in root.iter(f"{{{_RDF}}}Description"):
        for name, value in description.attrib.items():
            if str(name).startswith(own):
                yield str(name).removeprefix(own), str(value)
        for child in description:
            if str(child.tag).startswith(own) and not len(child):
                yield str(child.tag).removeprefix(own), child.text or ""


def _add(root: _Element, description: _Element) -> None:
    rdf = _rdf_of(root)
    assert rdf is not None
    description.set(f"{{{_RDF}}}about", _about(rdf))
    rdf.append(description)


def _about(rdf: _Element) -> str:
    """Give what the packet is about: all its descriptions must name the same (ISO 16684-1, 7.4)."""
    for description in rdf.iterchildren(f"{{{_RDF}}}Description"):
        return str(description.get(f"{{{_RDF}}}about", ""))
    return ""


def _ids(carriers: Carriers) -> _Element:
    from lxml import etree

    description = etree.Element(f"{{{_RDF}}}Description", nsmap={"rdf": _RDF, PREFIX: NAMESPACE})
    _text(description, "document", carriers.document_id)
    _text(description, "marking", carriers.marking_id)
    _text(description, "copy", carriers.copy_id)
    return description


def _label(carriers: Carriers) -> _Element:
    from lxml import etree

    description = _ids(carriers)
    _text(description, "record", _encoded(carriers.record))
    if carriers.facts:
        facts = etree.SubElement(description, f"{{{NAMESPACE}}}facts")
        lines = etree.SubElement(facts, f"{{{_RDF}}}Seq")
        for name, value in carriers.facts.items():
            line = etree.SubElement(lines, f"{{{_RDF}}}li")
            line.text = _NOT_XML.sub("\ufffd", f"{name}：{value}")
    return description


def _text(description: _Element, name: str, value: str) -> None:
    from lxml import etree

    etree.SubElement(description, f"{{{NAMESPACE}}}{name}").text = value


def _encoded(record: bytes) -> str:
    """Give the record as text; in base64 where XML could not give back the same bytes."""
    text = record.decode("utf-8")
    if _NOT_XML.search(text) or text.startswith(_ENCODED):
        return _ENCODED + b64encode(record).decode("ascii")
    return text


def _decoded(text: str) -> bytes:
    if not text.startswith(_ENCODED):
        return text.encode("utf-8")
    try:
        return b64decode(text.removeprefix(_ENCODED), validate=True)
    except ValueError:
        return text.encode("utf-8")


def _schemas(root: _Element) -> Iterator[_Element]:
    for schemas in root.iter(f"{{{_EXTENSION}}}schemas"):
        yield from schemas.iterchildren(f"{{{_RDF}}}Bag")


def _take_out_schema(root: _Element) -> None:
    for bag in list(_schemas(root)):
        for entry in list(bag):
            if _schema_namespace(entry) == NAMESPACE:
                bag.remove(entry)
        if not len(bag):
            _take_out_schemas_element(bag)


def _take_out_schemas_element(bag: _Element) -> None:
    schemas = bag.getparent()
    description = schemas.getparent() if schemas is not None else None
    if schemas is not None and description is not None:
        description.remove(schemas)
        _remove_if_bare(description)


def _schema_namespace(entry: _Element) -> str:
    for value in entry.iter(f"{{{_SCHEMA}}}namespaceURI"):
        return (value.text or "").strip()
    for description in entry.iter():
        given = description.get(f"{{{_SCHEMA}}}namespaceURI")
        if given:
            return str(given)
    return ""


def _describe_schema(root: _Element) -> None:
    """Add the PDF/A description of our properties to the packet's, or as its first one."""
    from lxml import etree

    bag = next(_schemas(root), None)
    if bag is None:
        description = etree.Element(
            f"{{{_RDF}}}Description",
            nsmap={
                "rdf": _RDF,
                "pdfaExtension": _EXTENSION,
                "pdfaSchema": _SCHEMA,
                "pdfaProperty": _PROPERTY,
            },
        )
        schemas = etree.SubElement(description, f"{{{_EXTENSION}}}schemas")
        bag = etree.SubElement(schemas, f"{{{_RDF}}}Bag")
        _add(root, description)
    bag.append(_schema_entry())


def _schema_entry() -> _Element:
    from lxml import etree

    names = {"rdf": _RDF, "pdfaSchema": _SCHEMA, "pdfaProperty": _PROPERTY}
    entry = etree.Element(f"{{{_RDF}}}li", nsmap=names)
    entry.set(f"{{{_RDF}}}parseType", "Resource")
    for name, value in (
        ("schema", "dingmi-mark marking"),
        ("namespaceURI", NAMESPACE),
        ("prefix", PREFIX),
    ):
        etree.SubElement(entry, f"{{{_SCHEMA}}}{name}").text = value
    sequence = etree.SubElement(etree.SubElement(entry, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    for name, kind, description in _PROPERTIES:
        item = etree.SubElement(sequence, f"{{{_RDF}}}li")
        item.set(f"{{{_RDF}}}parseType", "Resource")
        for key, value in (
            ("name", name),
            ("valueType", kind),
            ("category", "external"),
            ("description", description),
        ):
            etree.SubElement(item, f"{{{_PROPERTY}}}{key}").text = value
    return entry


def _packet(root: _Element) -> bytes:
    from lxml import etree

    return _HEADER + etree.tostring(root, encoding="utf-8", with_tail=False) + _TRAILER
