"""Read and write XML parts of files that nobody vouches for."""

from __future__ import annotations

from lxml import etree

from dingmi_mark.errors import DraftBroken
from dingmi_mark.formats.docx.names import Element
from dingmi_mark.messages import say


def parse(xml: bytes, part: str, where: str) -> Element:
    """Parse a part without DTD, entities, network or limitless depth.

    Raises DraftBroken, naming the part, when it is not well-formed or declares a DTD (OPC
    forbids it, ECMA-376 part 2; it is how entity bombs come in).
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DraftBroken(where, cause=say("{part} is not well-formed XML", part=part)) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise DraftBroken(where, cause=say("{part} declares a DTD", part=part))
    return root


def serialise(root: Element) -> bytes:
    """Return the part as bytes, declared as UTF-8 and standalone as Word does."""
    return etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
