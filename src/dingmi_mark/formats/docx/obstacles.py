"""What stands against marking a file, and whether it is a Word file at all."""

from __future__ import annotations

import mmap
from pathlib import Path

from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftEmpty,
    DraftProtected,
    DraftSigned,
    DraftUnsupported,
)
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    REL_DOCUMENT,
    REL_DOCUMENT_STRICT,
    REL_SETTINGS,
    REL_SIGNATURES,
    TYPE_DOCUMENT,
    TYPE_MACRO_DOCUMENT,
    TYPE_MACRO_TEMPLATE,
    TYPE_TEMPLATE,
    Element,
    child,
    q,
    switched_on,
    value,
)
from dingmi_mark.formats.docx.package import Limits, Package, opened
from dingmi_mark.messages import Message, say

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_USUAL_MAIN_PART = b"word/document.xml"
_XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"

_KINDS = {
    TYPE_TEMPLATE: say("a Word template (.dotx)"),
    TYPE_MACRO_DOCUMENT: say("a Word document with macros (.docm)"),
    TYPE_MACRO_TEMPLATE: say("a Word template with macros (.dotm)"),
}
_EDITS_ALLOWED = frozenset({None, "none", "trackedChanges"})


def is_word(path: Path, limits: Limits) -> bool:
    """Tell whether the content is a Word document of this family, also one we must refuse.

    What cannot be opened as a package (cut off, a bomb) is one if it names Word's main part.
    """
    with path.open("rb") as stream:
        if stream.read(len(OLE_MAGIC)) == OLE_MAGIC:
            return _holds(path, _ENCRYPTED_PACKAGE)
    try:
        with opened(path, limits) as package:
            return bool(package.declared_types & {TYPE_DOCUMENT, *_KINDS})
    except DraftEmpty:
        return False
    except DingmiError:
        return _holds(path, _USUAL_MAIN_PART)


def refuse_ole(path: Path) -> None:
    """Refuse OLE files: a password-protected package, an old Word file, something else."""
    with path.open("rb") as stream:
        if stream.read(len(OLE_MAGIC)) != OLE_MAGIC:
            return
    if _holds(path, _ENCRYPTED_PACKAGE):
        raise DraftProtected(str(path))
    old_word = _holds(path, _OLD_WORD)
    kind = say("an old Word file (.doc)") if old_word else say("an old Office file")
    raise DraftUnsupported(str(path), kind=kind, supported=SUPPORTED)


def main_part(package: Package) -> str:
    """Return the main document's part, after refusing what cannot be marked.

    Raises DraftUnsupported, DraftProtected, DraftSigned, DraftBroken.
    """
    part = _document_part(package)
    declared = package.content_type(part)
    if declared in _KINDS:
        raise _unsupported(package, _KINDS[declared])
    if declared != TYPE_DOCUMENT:
        raise _unsupported(package, say("a package that is no Word document"))
    _refuse_signed(package)
    _refuse_restricted(package, part)
    return part


def document_body(root: Element, package: Package) -> Element:
    """Return `w:body` of the parsed main part. Raises DraftUnsupported, DraftBroken."""
    body = child(root, "w:body")
    if root.tag == q("w:document") and body is not None:
        return body
    if isinstance(root.tag, str) and root.tag.startswith("{http://purl.oclc.org/ooxml/"):
        raise _unsupported(package, say("a Word document in strict form (Strict Open XML)"))
    raise DraftBroken(package.where, cause=say("it has no document body"))


def _document_part(package: Package) -> str:
    for edge in package.relationships():
        if edge.type in {REL_DOCUMENT, REL_DOCUMENT_STRICT} and not edge.external:
            part = package.find(edge.target)
            if part is None:
                raise DraftBroken(package.where, cause=say("{part} is missing", part=edge.target))
            return part
    raise DraftBroken(package.where, cause=say("it names no main document"))


def _refuse_signed(package: Package) -> None:
    origin = any(edge.type == REL_SIGNATURES for edge in package.relationships())
    parts = [name for name in package.archive.namelist() if name.startswith("_xmlsignatures/")]
    if origin or parts:
        raise DraftSigned(package.where, signer=_signer(package, parts))


def _signer(package: Package, parts: list[str]) -> str | Message:
    for part in parts:
        if part.endswith(".xml"):
            name = package.tree(part).findtext(f".//{{{_XMLDSIG}}}X509SubjectName")
            if name:
                return name
    return say("signer not named")


def _refuse_restricted(package: Package, part: str) -> None:
    """Refuse documents locked for editing; that changes are to be tracked is no obstacle."""
    settings = package.related(part, REL_SETTINGS)
    if settings is None:
        return
    protection = package.tree(settings).find("w:documentProtection", NAMESPACES)
    if protection is None or value(protection, "w:enforcement") is None:
        return
    enforced = switched_on(protection, "w:enforcement")
    if enforced and value(protection, "w:edit") not in _EDITS_ALLOWED:
        raise DraftProtected(package.where)


def _unsupported(package: Package, kind: Message) -> DraftUnsupported:
    return DraftUnsupported(package.where, kind=kind, supported=SUPPORTED)


def _holds(path: Path, needle: bytes) -> bool:
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return content.find(needle) >= 0
