"""A workbook's sheets in their order, and what stands against marking them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dingmi_mark.errors import DraftBroken, DraftLocked, DraftUnsupported
from dingmi_mark.formats.base import SUPPORTED
from dingmi_mark.formats.docx.names import (
    REL_CHARTSHEET,
    REL_DOCUMENT_STRICT,
    REL_DRAWING,
    REL_STYLES,
    REL_WORKSHEET,
    Element,
    child,
    elements,
    q,
    whole,
)
from dingmi_mark.formats.docx.obstacles import document_part, refuse_signed
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.office_file import refuse_dtd
from dingmi_mark.messages import Message, say

USUAL_MAIN_PART: Final = b"xl/workbook.xml"
TYPE_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPE_MACRO_WORKBOOK: Final = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_TYPES: Final = frozenset((TYPE_WORKBOOK, TYPE_MACRO_WORKBOOK))
_ON: Final = ("1", "true", "on")
_AFTER_HEADER: Final = (
    "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "webPublishing", "tableParts", "AlternateContent", "extLst",
)  # fmt: skip
"""What may stand behind a sheet's page header, in the order of the format (18.3.1.99)."""
_AFTER_DRAWING: Final = _AFTER_HEADER[_AFTER_HEADER.index("drawing") + 1 :]
_USUAL_PT: Final = 11


@dataclass(frozen=True)
class Sheet:
    """A sheet: its part, its name, whether it is hidden, whether it is a chart alone."""

    part: str
    name: str
    hidden: bool
    chart: bool


@dataclass(frozen=True)
class Workbook:
    """A workbook open for reading: its main part and its sheets in their order."""

    package: Package
    part: str
    sheets: tuple[Sheet, ...]

    def usual_pt(self) -> int:
        """Return the size of a header's letters where it names none (pt)."""
        styles = self.package.related(self.part, REL_STYLES)
        if styles is None:
            return _USUAL_PT
        font = self.package.looked_at(styles).find(f"{q('x:fonts')}/{q('x:font')}/{q('x:sz')}")
        return (whole(font.get("val")) if font is not None else None) or _USUAL_PT


def read_workbook(package: Package) -> Workbook:
    """Read the order of the sheets, after refusing what cannot be marked.

    Raises DraftUnsupported, DraftSigned, DraftBroken.
    """
    if any(edge.type == REL_DOCUMENT_STRICT for edge in package.relationships()):
        raise _unsupported(package, say("a workbook in strict form (Strict Open XML)"))
    part = document_part(package)
    if package.content_type(part) not in _TYPES:
        raise _unsupported(package, say("a package that is no workbook"))
    refuse_signed(package)
    refuse_dtd(package)
    return Workbook(package, part, _sheets(package, part))


def refuse_locked(book: Workbook) -> None:
    """Refuse a workbook that its author protected against changes. Raises DraftLocked."""
    package = book.package
    root = package.looked_at(book.part)
    sharing = child(root, "x:fileSharing")
    by_password = sharing is not None and any(
        name in sharing.attrib for name in ("reservationPassword", "hashValue")
    )
    structure = child(root, "x:workbookProtection")
    if by_password or (structure is not None and is_on(structure, "lockStructure")):
        raise DraftLocked(package.where, kind=say("read only"))
    for sheet in book.sheets:
        protection = child(package.looked_at(sheet.part), "x:sheetProtection")
        if protection is not None and is_on(protection, "sheet" if not sheet.chart else "content"):
            raise DraftLocked(package.where, kind=say("protected sheet"))


def put_in(root: Element, element: Element, *, drawing: bool = False) -> None:
    """Put a page header, or the reference to a drawing, where the format wants it in a sheet."""
    behind = _AFTER_DRAWING if drawing else _AFTER_HEADER
    for each in elements(root):
        if str(each.tag).rpartition("}")[2] in behind:
            each.addprevious(element)
            return
    root.append(element)


def drawing_of(package: Package, part: str, root: Element) -> str | None:
    """Return the part that holds a sheet's drawing; None where it has none. Raises DraftBroken."""
    reference = child(root, "x:drawing")
    if reference is None:
        return None
    for edge in package.relationships(part):
        if edge.id == reference.get(q("r:id")) and edge.type == REL_DRAWING and not edge.external:
            found = package.find(edge.target)
            if found is not None:
                return found
    raise DraftBroken(package.where, cause=say("a drawing is missing"))


def _sheets(package: Package, part: str) -> tuple[Sheet, ...]:
    edges = {edge.id: edge for edge in package.relationships(part)}
    listed = child(package.looked_at(part), "x:sheets")
    found: list[Sheet] = []
    for entry in elements(listed) if listed is not None else ():
        edge = edges.get(entry.get(q("r:id"), ""))
        name = package.find(edge.target) if edge is not None and not edge.external else None
        if edge is None or name is None or any(sheet.part == name for sheet in found):
            raise DraftBroken(package.where, cause=say("a sheet is missing or there twice"))
        if edge.type not in (REL_WORKSHEET, REL_CHARTSHEET):
            raise _unsupported(
                package, say("a workbook with sheets of macros or dialogs (Excel 4)")
            )
        hidden = entry.get("state", "visible") != "visible"
        chart = edge.type == REL_CHARTSHEET
        if package.looked_at(name).tag != q("x:chartsheet" if chart else "x:worksheet"):
            raise DraftBroken(package.where, cause=say("a sheet is missing or there twice"))
        found.append(Sheet(name, entry.get("name", ""), hidden, chart))
    if not found:
        raise DraftBroken(package.where, cause=say("a sheet is missing"))
    return tuple(found)


def is_on(element: Element, name: str, usual: str = "0") -> bool:
    """Read an attribute that says yes or no; `usual` where it is not given."""
    return element.get(name, usual).lower() in _ON


def _unsupported(package: Package, kind: Message) -> DraftUnsupported:
    return DraftUnsupported(package.where, kind=kind, supported=SUPPORTED)
