"""The label in the file: custom properties for people and tools, a customXml item for the whole.

Properties survive LibreOffice into every format it writes; the item survives docx to docx.
"""

from __future__ import annotations

import posixpath
import uuid
from collections.abc import Iterator, Sequence

from dingmi_mark.domain.label import LabelUnreadable, facts_of, read_label
from dingmi_mark.formats.base import Carriers, Embedded
from dingmi_mark.formats.docx.editor import Editor
from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    REL_CUSTOM_PROPERTIES,
    REL_CUSTOM_XML,
    REL_CUSTOM_XML_PROPS,
    TYPE_CUSTOM_PROPERTIES,
    TYPE_CUSTOM_XML_PROPS,
    Element,
    add,
    elements,
    new,
    new_root,
    q,
    text_element,
    whole,
)
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.xml import serialise

RECORD_NAMESPACE = NAMESPACES["dingmi"]
_PREFIX = "dingmi."
_DOCUMENT, _MARKING, _COPY = f"{_PREFIX}document", f"{_PREFIX}marking", f"{_PREFIX}copy"
_RECORD = f"{_PREFIX}record."
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_FIRST_PROPERTY = 2
_LONGEST_VALUE = 240
"""Word shows up to 255 characters of a property; longer records go into several."""
_NAME_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, RECORD_NAMESPACE)


def write_carriers(editor: Editor, carriers: Carriers) -> None:
    """Put the label into the custom properties and into a customXml item of its own.

    A label that is there already is replaced: its item, and the properties that told its facts.
    """
    earlier = _our_items(editor.package, editor.document)
    properties = _open_properties(editor)
    for record in (text for _, _, text in earlier):
        _forget_facts(properties, record)
    _write_properties(properties, carriers)
    if earlier:
        for part, _, _ in earlier:
            editor.added[part] = _item(carriers)
        return
    _write_item(editor, carriers)


def drop_carriers(editor: Editor) -> None:
    """Take the label out again: our properties, our items, and parts that held nothing else."""
    items = [part for part, _, _ in _our_items(editor.package, editor.document)]
    records = [record for _, _, record in _our_items(editor.package, editor.document)]
    gone = {*items, *_properties_of_items(editor.package, items)}
    part = editor.package.related("", REL_CUSTOM_PROPERTIES)
    if part is not None:
        root = editor.open(part)
        for record in records:
            _forget_facts(root, record)
        for entry in list(elements(root)):
            if entry.get("name", "").startswith(_PREFIX):
                root.remove(entry)
        if next(iter(elements(root)), None) is None:
            del editor.trees[part]
            gone.add(part)
    editor.drop(gone)


def _properties_of_items(package: Package, items: list[str]) -> Iterator[str]:
    for item in items:
        for edge in package.relationships(item):
            part = package.find(edge.target)
            if edge.type == REL_CUSTOM_XML_PROPS and not edge.external and part is not None:
                yield part


def _forget_facts(root: Element, record: bytes) -> None:
    """Take out the properties that tell just what an earlier label told."""
    try:
        facts = facts_of(read_label(record))
    except LabelUnreadable:
        return
    for entry in list(elements(root)):
        told = "".join(str(text) for text in entry.itertext())
        if facts.get(entry.get("name", "")) == told:
            root.remove(entry)


def _open_properties(editor: Editor) -> Element:
    part = editor.package.related("", REL_CUSTOM_PROPERTIES)
    if part is not None:
        return editor.open(part)
    name = "docProps/custom.xml"
    if editor.exists(name):
        name = editor.free_name("docProps/custom{}.xml")
    root = new_root("cp:Properties")
    editor.add_tree(name, root, TYPE_CUSTOM_PROPERTIES)
    editor.relate("", REL_CUSTOM_PROPERTIES, name)
    return root


def _write_properties(root: Element, carriers: Carriers) -> None:
    """Write our properties; those of others stay, ours then stand under a name of ours."""
    for entry in list(elements(root)):
        if entry.get("name", "").startswith(_PREFIX):
            root.remove(entry)
    taken = {entry.get("name", "").lower() for entry in elements(root)}
    numbers = [whole(entry.get("pid")) or 0 for entry in elements(root)]
    number = max([*numbers, _FIRST_PROPERTY - 1])
    for name, text in _properties(carriers):
        number += 1
        free = f"{_PREFIX}{name}" if name.lower() in taken else name
        identity = {"fmtid": _FORMAT_ID, "pid": str(number), "name": free}
        add(root, "cp:property", identity).append(text_element("vt:lpwstr", text))


def _properties(carriers: Carriers) -> Iterator[tuple[str, str]]:
    yield from carriers.facts.items()
    yield _DOCUMENT, carriers.document_id
    yield _MARKING, carriers.marking_id
    yield _COPY, carriers.copy_id
    for index, part in enumerate(_parts(carriers.record.decode()), start=1):
        yield f"{_RECORD}{index:03}", part


def _parts(text: str) -> Iterator[str]:
    """Cut a text so that no part begins with white space, which a rewriting tool may trim."""
    start = 0
    while start < len(text):
        end = min(start + _LONGEST_VALUE, len(text))
        while start + 1 < end < len(text) and (text[end].isspace() or text[end - 1].isspace()):
            end -= 1
        yield text[start:end]
        start = end


def _write_item(editor: Editor, carriers: Carriers) -> None:
    folder = posixpath.join(posixpath.dirname(posixpath.dirname(editor.document)), "customXml")
    item = editor.free_name(posixpath.join(folder, "item{}.xml"))
    props = posixpath.join(folder, posixpath.basename(item).replace("item", "itemProps"))
    if editor.exists(props):
        props = editor.free_name(posixpath.join(folder, "itemProps{}.xml"))
    editor.add(item, _item(carriers), "application/xml")
    editor.add(props, serialise(_item_props(carriers)), TYPE_CUSTOM_XML_PROPS)
    editor.relate(item, REL_CUSTOM_XML_PROPS, props)
    editor.relate(editor.document, REL_CUSTOM_XML, item)


def _item(carriers: Carriers) -> bytes:
    root = new_root("dingmi:record")
    root.set("document", carriers.document_id)
    root.set("marking", carriers.marking_id)
    root.set("copy", carriers.copy_id)
    root.text = carriers.record.decode()
    return serialise(root)


def _item_props(carriers: Carriers) -> Element:
    number = str(uuid.uuid5(_NAME_SPACE, f"{carriers.marking_id}/{carriers.copy_id}")).upper()
    root = new("ds:datastoreItem", {"ds:itemID": f"{{{number}}}"})
    add(add(root, "ds:schemaRefs"), "ds:schemaRef", {"ds:uri": RECORD_NAMESPACE})
    return root


def read_embedded(
    package: Package, document: str, drawings: Sequence[str], *, ink: bool
) -> Embedded | None:
    """Return what the file says of itself, at all levels; None where nothing is ours.

    `drawings` are the ids of markings that drawings of ours bear; `ink`: a mark of ours is there.
    """
    items = [(marking, record) for _, marking, record in _our_items(package, document)]
    properties = _read_properties(package)
    if not items and not properties and not ink:
        return None
    records = [record for _, record in items]
    flat = "".join(properties[name] for name in sorted(properties) if name.startswith(_RECORD))
    if flat:
        records.append(flat.encode())
    ids = [marking for marking, _ in items] + [properties.get(_MARKING, ""), *drawings]
    return Embedded(
        marking_ids=tuple(dict.fromkeys(filter(None, ids))),
        records=tuple(dict.fromkeys(records)),
        levels={"customxml": bool(items), "properties": bool(properties), "drawing": ink},
    )


def _our_items(package: Package, document: str) -> list[tuple[str, str, bytes]]:
    """Return our customXml items: the part, the marking's id, the record."""
    return list(_read_items(package, document))


def _read_items(package: Package, document: str) -> Iterator[tuple[str, str, bytes]]:
    for edge in package.relationships(document):
        part = package.find(edge.target)
        if edge.type != REL_CUSTOM_XML or edge.external or part is None:
            continue
        # Items of others may be anything; only one that names our namespace is worth parsing.
        if package.holds(part, RECORD_NAMESPACE.encode()):
            root = package.tree(part)
            if root.tag == q("dingmi:record"):
                yield part, root.get("marking", ""), (root.text or "").encode()


def _read_properties(package: Package) -> dict[str, str]:
    part = package.related("", REL_CUSTOM_PROPERTIES)
    if part is None:
        return {}
    return {
        entry.get("name", ""): "".join(str(text) for text in entry.itertext())
        for entry in elements(package.tree(part))
        if entry.get("name", "").startswith(_PREFIX)
    }
