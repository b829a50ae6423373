"""Namespaces, content types and relationship types of Word files, and how elements are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "xdr": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "w16cid": "http://schemas.microsoft.com/office/word/2016/wordml/cid",
    "wp14": "http://schemas.microsoft.com/office/word/2010/wordprocessingDrawing",
    "rels": "http://schemas.openxmlformats.org/package/2006/relationships",
    "types": "http://schemas.openxmlformats.org/package/2006/content-types",
    "cp": "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "core": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dcterms": "http://purl.org/dc/terms/",
    "ep": "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties",
    "b": "http://schemas.openxmlformats.org/officeDocument/2006/bibliography",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "vt": "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    "dingmi": "urn:dingmi-mark:record:1",
    "ds": "http://schemas.openxmlformats.org/officeDocument/2006/customXml",
}

_RELATED = NAMESPACES["r"]
REL_DOCUMENT = f"{_RELATED}/officeDocument"
REL_DOCUMENT_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
REL_STYLES = f"{_RELATED}/styles"
REL_SETTINGS = f"{_RELATED}/settings"
REL_NUMBERING = f"{_RELATED}/numbering"
REL_COMMENTS = f"{_RELATED}/comments"
REL_THEME = f"{_RELATED}/theme"
REL_FOOTNOTES = f"{_RELATED}/footnotes"
REL_ENDNOTES = f"{_RELATED}/endnotes"
REL_HEADER = f"{_RELATED}/header"
REL_FOOTER = f"{_RELATED}/footer"
REL_SLIDE = f"{_RELATED}/slide"
REL_SLIDE_LAYOUT = f"{_RELATED}/slideLayout"
REL_SLIDE_MASTER = f"{_RELATED}/slideMaster"
REL_NOTES = f"{_RELATED}/notesSlide"
REL_WORKSHEET = f"{_RELATED}/worksheet"
REL_CHARTSHEET = f"{_RELATED}/chartsheet"
REL_SHARED_STRINGS = f"{_RELATED}/sharedStrings"
REL_DRAWING = f"{_RELATED}/drawing"
REL_IMAGE = f"{_RELATED}/image"
REL_CUSTOM_XML = f"{_RELATED}/customXml"
REL_CUSTOM_XML_PROPS = f"{_RELATED}/customXmlProps"
REL_CUSTOM_PROPERTIES = f"{_RELATED}/custom-properties"
REL_SIGNATURES = (
    "http://schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin"
)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
TYPE_DOCUMENT = f"{_WORD}.document.main+xml"
TYPE_TEMPLATE = f"{_WORD}.template.main+xml"
TYPE_HEADER = f"{_WORD}.header+xml"
TYPE_FOOTER = f"{_WORD}.footer+xml"
TYPE_MACRO_DOCUMENT = "application/vnd.ms-word.document.macroEnabled.main+xml"
TYPE_MACRO_TEMPLATE = "application/vnd.ms-word.template.macroEnabledTemplate.main+xml"
TYPES_OF_WORD = frozenset({TYPE_DOCUMENT, TYPE_TEMPLATE, TYPE_MACRO_DOCUMENT, TYPE_MACRO_TEMPLATE})
"""What the main part of a Word file may be."""

TYPE_RELATIONSHIPS = "application/vnd.openxmlformats-package.relationships+xml"
TYPE_CUSTOM_PROPERTIES = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
TYPE_CUSTOM_XML_PROPS = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
TYPE_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
TYPE_PNG = "image/png"


@cache
def _scope(name: str) -> dict[str, str]:
    prefix = name.partition(":")[0]
    return {prefix: NAMESPACES[prefix]}


@cache
def q(name: str) -> str:
    """Return the full name of `w:p` and the like."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if local else name


def new(
    name: str, attributes: Mapping[str, str] | None = None, children: Iterable[Element] = ()
) -> Element:
    """Make an element from prefixed names: `new("w:jc", {"w:val": "left"})`."""
    # All at once: every call into the library costs more than what it does.
    element = etree.Element(q(name), _full(attributes), nsmap=_scope(name))
    if children:
        element.extend(list(children))
    return element


def add(parent: Element, name: str, attributes: Mapping[str, str] | None = None) -> Element:
    """Append an element whose namespace the parent is in, at less than half the cost of `new`."""
    return etree.SubElement(parent, q(name), _full(attributes))


def _full(attributes: Mapping[str, str] | None) -> dict[str, str] | None:
    return {q(key): value for key, value in attributes.items()} if attributes else None


def new_root(name: str) -> Element:
    """Make the root of a new part, with its namespace as the default one."""
    prefix, _, local = name.partition(":")
    return etree.fromstring(f'<{local} xmlns="{NAMESPACES[prefix]}"/>')


def text_element(name: str, text: str, attributes: Mapping[str, str] | None = None) -> Element:
    """Make an element that holds only text."""
    element = new(name, attributes)
    element.text = text
    return element


def bare(element: Element, *without: str) -> Element:
    """Return a copy of an element with nothing in it, and without the attributes named."""
    copy = deepcopy(element)
    del copy[:]
    copy.text = copy.tail = None
    for name in without:
        copy.attrib.pop(q(name), "")
    return copy


def elements(parent: Element) -> Iterator[Element]:
    """Yield the child elements, without comments and processing instructions."""
    return parent.iterchildren("*")


def child(parent: Element | None, name: str) -> Element | None:
    """Return the first child of that name, None where there is none (or no parent)."""
    # `find` reads its argument as a path first, and takes twice the time.
    return None if parent is None else next(parent.iterchildren(q(name)), None)


def value(element: Element | None, name: str = "w:val") -> str | None:
    """Return an attribute, None where element or attribute is absent."""
    return None if element is None else element.get(q(name))


def attributes(root: Element, path: str) -> set[str]:
    """Return the values of all attributes an XPath names: `//@w:id`."""
    found = root.xpath(path, namespaces=NAMESPACES, smart_strings=False)
    return {str(each) for each in found} if isinstance(found, list) else set()


def switched_on(element: Element | None, name: str = "w:val") -> bool:
    """Read an on/off element of WordprocessingML: present without a value means on."""
    if element is None:
        return False
    return element.get(q(name), "true").lower() not in {"0", "false", "off"}


def whole(text: str | None) -> int | None:
    """Read a whole number, None where it is absent or no number (`12.0` counts as 12)."""
    if text is None:
        return None
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return None


def twips(text: str | None) -> int | None:
    """Read a measure in twentieths of a point, or with its unit (`612pt`); None where it is none.

    Source: ISO/IEC 29500-1, 17.18.90 (ST_TwipsMeasure) and 22.9.2.15 (ST_UniversalMeasure).
    """
    number, unit = (text or "")[:-2], (text or "")[-2:]
    if unit not in _TWIPS_PER_UNIT:
        return whole(text)
    try:
        return round(float(number) * _TWIPS_PER_UNIT[unit])
    except (ValueError, OverflowError):
        return None


_TWIPS_PER_UNIT = {
    "pt": 20.0,
    "in": 1440.0,
    "cm": 1440 / 2.54,
    "mm": 1440 / 25.4,
    "pc": 240.0,
    "pi": 240.0,
}
