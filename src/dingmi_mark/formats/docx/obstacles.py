"""What stands against marking a file, and whether it is a Word file at all."""

from __future__ import annotations

import mmap
from pathlib import Path

from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftEmpty,
    DraftLocked,
    DraftProtected,
    DraftSigned,
    DraftStrict,
    DraftUnsupported,
)
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    REL_DOCUMENT,
    REL_DOCUMENT_STRICT,
    REL_SETTINGS,
    REL_SIGNATURES,
    TYPES_OF_WORD,
    Element,
    child,
    q,
    switched_on,
    value,
)
from dingmi_mark.formats.docx.package import Limits, Package, opened
from dingmi_mark.formats.ole import is_ole
from dingmi_mark.messages import Message, say

_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OLD_WORD = "WordDocument".encode("utf-16-le")
_USUAL_MAIN_PART = b"word/document.xml"
_XMLDSIG = "http://www.w3.org/2000/09/xmldsig#"

_LOCKS = {
    "readOnly": say("read only"),
    "comments": say("comments only"),
    "forms": say("form fields only"),
}
_EDITS_ALLOWED = frozenset({None, "none", "trackedChanges"})


def is_word(path: Path, limits: Limits, kind: str) -> bool:
    """Tell whether the content is a Word file of this kind, also one we must refuse.

    `kind` is the content type of its main part.
    """
    return is_kind(path, limits, kind, _USUAL_MAIN_PART)


def is_kind(path: Path, limits: Limits, kind: str, usual_main_part: bytes) -> bool:
    """Tell whether the content is an office file of this kind, also one we must refuse.

    What cannot be opened as a package (cut off, a bomb) is one if it names the usual main part.
    """
    if is_ole(path):
        return _holds(path, _ENCRYPTED_PACKAGE)
    try:
        with opened(path, limits) as package:
            # Some programs declare the type of the main part for all that end in .xml.
            return package.content_type(document_part(package)) == kind
    except DraftEmpty:
        return False
    except DingmiError:
        return _holds(path, usual_main_part)


def refuse_ole(path: Path) -> None:
    """Refuse OLE files: a password-protected package, an old Word file, something else."""
    if not is_ole(path):
        return
    if _holds(path, _ENCRYPTED_PACKAGE):
        raise DraftProtected(str(path))
    old_word = _holds(path, _OLD_WORD)
    kind = say("an old Word file (.doc)") if old_word else say("an old Office file")
    raise DraftUnsupported(str(path), kind=kind, supported=SUPPORTED)


def main_part(package: Package) -> str:
    """Return the main document's part, after refusing what cannot be marked.

    Raises DraftUnsupported, DraftSigned, DraftBroken.
    """
    part = document_part(package)
    if package.content_type(part) not in TYPES_OF_WORD:
        raise _unsupported(package, say("a package that is no Word document"))
    refuse_signed(package)
    return part


def document_body(root: Element, package: Package) -> Element:
    """Return `w:body` of the parsed main part. Raises DraftStrict, DraftBroken."""
    body = child(root, "w:body")
    if root.tag == q("w:document") and body is not None:
        return body
    if isinstance(root.tag, str) and root.tag.startswith("{http://purl.oclc.org/ooxml/"):
        raise DraftStrict(package.where)
    raise DraftBroken(package.where, cause=say("it has no document body"))


def refuse_text_from_elsewhere(body: Element, package: Package, part: str) -> None:
    """Refuse text that only Word fetches into a document, where LibreOffice shows nothing: then
    nobody has seen whether it stands in the place of a mark. Raises DraftUnsupported.

    Source: ISO/IEC 29500-1, 17.17.2 (subdocuments, alternative format imports).
    """
    if next(body.iter(q("w:subDoc")), None) is not None:
        raise _unsupported(package, say("a master document, whose text stands in other files"))
    ends = {edge.id: package.find(edge.target) for edge in package.relationships(part)}
    for chunk in body.iter(q("w:altChunk")):
        name = ends.get(value(chunk, "r:id") or "")
        if name is None or package.content_type(name) not in TYPES_OF_WORD:
            kind = say("a document with inserted HTML, RTF or the like, which only Word shows")
            raise _unsupported(package, kind)


def document_part(package: Package) -> str:
    """Return the part that the package names as its main one. Raises DraftBroken."""
    for edge in package.relationships():
        if edge.type in {REL_DOCUMENT, REL_DOCUMENT_STRICT} and not edge.external:
            part = package.find(edge.target)
            if part is None:
                raise DraftBroken(package.where, cause=say("{part} is missing", part=edge.target))
            return part
    raise DraftBroken(package.where, cause=say("it names no main document"))


def refuse_signed(package: Package) -> None:
    """Refuse what bears an electronic signature, which any mark would break.

    Raises DraftSigned.
    """
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


def refuse_locked(package: Package) -> None:
    """Refuse documents locked for editing; that changes are to be tracked is no obstacle.

    Raises DraftLocked, and what `main_part` does.
    """
    settings = package.related(main_part(package), REL_SETTINGS)
    if settings is None:
        return
    protection = package.looked_at(settings).find("w:documentProtection", NAMESPACES)
    if protection is None or value(protection, "w:enforcement") is None:
        return
    enforced = switched_on(protection, "w:enforcement")
    edit = value(protection, "w:edit")
    if enforced and edit not in _EDITS_ALLOWED:
        raise DraftLocked(package.where, kind=_LOCKS.get(edit or "", edit or ""))


def _unsupported(package: Package, kind: Message) -> DraftUnsupported:
    return DraftUnsupported(package.where, kind=kind, supported=SUPPORTED)


def _holds(path: Path, needle: bytes) -> bool:
    with (
        path.open("rb") as stream,
        mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return content.find(needle) >= 0
