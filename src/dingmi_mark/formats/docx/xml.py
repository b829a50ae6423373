"""Read and write XML parts of files that nobody vouches for."""

from __future__ import annotations

from lxml import etree

from dingmi_mark.errors import DraftBroken
from dingmi_mark.formats.docx.names import Element
from dingmi_mark.messages import say

_ENCODINGS = frozenset(("UTF", "US", "ASCII"))
"""ECMA-376 part 2 allows UTF-8 and UTF-16 only; programs read others differently."""

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    huge_tree=False,
    load_dtd=False,
    # One within a word would hide the rest of it from us, but not from Word.
    remove_comments=True,
    remove_pis=True,
)


def parse(xml: bytes, part: str, where: str) -> Element:
    """Parse a part without DTD, entities, network or limitless depth.

    Raises DraftBroken, naming the part, when it is not well-formed or declares a DTD (OPC
    forbids it, ECMA-376 part 2; it is how entity bombs come in).
    """
    try:
        root = etree.fromstring(xml, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DraftBroken(where, cause=say("{part} is not well-formed XML", part=part)) from error
    info = root.getroottree().docinfo
    if info.internalDTD is not None:
        raise DraftBroken(where, cause=say("{part} declares a DTD", part=part))
    if (info.encoding or "UTF-8").upper().partition("-")[0] not in _ENCODINGS:
        raise DraftBroken(where, cause=say("{part} is not written in Unicode", part=part))
    return root


def serialise(root: Element) -> bytes:
    """Return the part as bytes, declared as UTF-8 and standalone as Word does."""
    return etree.tostring(
        root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True
    )
