"""A workbook's sheets in their order, how they are printed, what stands against marking them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dingmi_mark.engine.shapes import Box, PageSize
from dingmi_mark.errors import DraftBroken, DraftLocked, DraftUnsupported, SheetSetupUnfit
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
from dingmi_mark.formats.image.paper import MM_PER_INCH
from dingmi_mark.formats.office_file import refuse_dtd
from dingmi_mark.messages import Message, say

USUAL_MAIN_PART: Final = b"xl/workbook.xml"
TYPE_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
TYPE_MACRO_WORKBOOK: Final = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_TYPES: Final = frozenset((TYPE_WORKBOOK, TYPE_MACRO_WORKBOOK))
_ON: Final = ("1", "true", "on")
_PAPERS_MM: Final = {
    1: (215.9, 279.4), 5: (215.9, 355.6), 8: (297.0, 420.0), 9: (210.0, 297.0),
    11: (148.0, 210.0), 12: (257.0, 364.0), 13: (182.0, 257.0),
}  # fmt: skip
"""Sizes of paper by their number, upright (ISO/IEC 29500-1, 18.3.1.63)."""
_A4: Final = 9
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


@dataclass(frozen=True)
class Setup:
    """How a sheet is printed; measures in mm, `scale` 1 is true size.

    `size` is None where the paper is unknown.
    """

    size: PageSize | None
    left: float
    right: float
    top: float
    bottom: float
    header: float
    scale: float


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


def read_setup(root: Element) -> Setup:
    """Return how a sheet is printed."""
    margins, page = child(root, "x:pageMargins"), child(root, "x:pageSetup")
    usual = {"left": 0.7, "right": 0.7, "top": 0.75, "bottom": 0.75, "header": 0.3}
    given = _attributes(margins)
    mm = {name: _number(given.get(name), inch) * MM_PER_INCH for name, inch in usual.items()}
    look = _attributes(page)
    scale = max(10.0, min(400.0, _number(look.get("scale"), 100.0))) / 100
    odd = "paperWidth" in look or "paperHeight" in look
    paper = None if odd else _PAPERS_MM.get(whole(str(look.get("paperSize", _A4))) or _A4)
    size = PageSize(*paper) if paper else None
    if size is not None and look.get("orientation") == "landscape":
        size = PageSize(size.height, size.width)
    return Setup(size, mm["left"], mm["right"], mm["top"], mm["bottom"], mm["header"], scale)


def refuse_unfit(book: Workbook) -> None:
    """Refuse sheets whose header would not stand on every page in true size.

    Raises SheetSetupUnfit.
    """
    for number, sheet in enumerate(book.sheets, 1):
        root = book.package.looked_at(sheet.part)
        look = root.find(f"{q('x:sheetPr')}/{q('x:pageSetUpPr')}")
        if look is not None and is_on(look, "fitToPage") and not sheet.chart:
            cause = say(
                "it is fitted to a number of pages; set a fixed scale (such as 100 %) instead"
            )
            raise SheetSetupUnfit(book.package.where, number=number, cause=cause)
        if child(root, "x:pageMargins") is None:
            cause = say(
                "its page margins are not given, and programs take different ones; set them"
            )
            raise SheetSetupUnfit(book.package.where, number=number, cause=cause)
        if child(root, "x:customSheetViews") is not None:
            cause = say("it has custom views, which print other headers; delete them")
            raise SheetSetupUnfit(book.package.where, number=number, cause=cause)
        header = child(root, "x:headerFooter")
        small = read_setup(root).scale != 1.0
        if header is not None and small and not is_on(header, "scaleWithDoc", "1"):
            cause = say("its header is not scaled with the sheet; have it scaled, or set 100 %")
            raise SheetSetupUnfit(book.package.where, number=number, cause=cause)


def first_printed(book: Workbook) -> int:
    """Return the index of the sheet whose first page is printed first. Raises DraftUnsupported."""
    for index, sheet in enumerate(book.sheets):
        if not sheet.hidden and (sheet.chart or _has_content(book.package.looked_at(sheet.part))):
            return index
    raise _unsupported(book.package, say("a workbook of which nothing is printed"))


def body_of(book: Workbook, index: int) -> Box | None:
    """Return where on a sheet's first page a drawing stands where its place says (mm).

    None where that is not sure: other parts of the sheet may be printed there, or it is moved.
    """
    sheet = book.sheets[index]
    root = book.package.looked_at(sheet.part)
    setup = read_setup(root)
    options = child(root, "x:printOptions")
    moved = options is not None and any(
        is_on(options, name) for name in ("horizontalCentered", "verticalCentered", "headings")
    )
    broken = any(child(root, name) is not None for name in ("x:rowBreaks", "x:colBreaks"))
    scaled = setup.scale != 1.0  # programs round rows and columns then, each in its own way
    if setup.size is None or sheet.chart or moved or broken or scaled or _chosen(book, index):
        return None
    width = _whole_columns(root, setup.size.width - setup.left - setup.right)
    height = setup.size.height - setup.top - setup.bottom - _LAST_ROW_MM
    return Box(setup.left, setup.top, width, height) if min(width, height) > 0 else None


_LAST_ROW_MM: Final = 12.0
"""What may be left free at the foot of a page by a row that goes to the next."""
_COLUMN_MM: Final = 64 / 96 * MM_PER_INCH
_DIGIT_PX: Final = 7
_PADDING_PX: Final = 5
_WIDER: Final = 1.06
"""Programs take columns for wider than they are given, by their fonts (own allowance)."""


def _whole_columns(root: Element, width: float) -> float:
    """Return the width of the columns that are whole on the first page, carefully (mm)."""
    given: dict[int, float] = {}
    columns = child(root, "x:cols")
    for entry in elements(columns) if columns is not None else ():
        size = _number(entry.get("width"), 8.43)
        mm = 0.0 if is_on(entry, "hidden") else _mm_of(size)
        first = whole(entry.get("min")) or 1
        for number in range(first, min(whole(entry.get("max")) or first, first + 200) + 1):
            given[number] = mm
    usual = child(root, "x:sheetFormatPr")
    base = usual.get("defaultColWidth") if usual is not None else None
    other = _mm_of(_number(base, 8.43)) if base else _COLUMN_MM
    total, number = 0.0, 1
    while number < 16_384:
        wider = total + given.get(number, other) * _WIDER
        if wider > width:
            break
        total, number = wider, number + 1
    return total / _WIDER


def _mm_of(width: float) -> float:
    return (width * _DIGIT_PX + _PADDING_PX) / 96 * MM_PER_INCH if width > 0 else 0.0


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


def _has_content(root: Element) -> bool:
    if child(root, "x:drawing") is not None:
        return True
    return any(len(cell) for cell in root.iter(q("x:c")))


def _chosen(book: Workbook, index: int) -> bool:
    """Tell whether a part of a sheet is printed, or rows and columns on every page of it."""
    names = child(book.package.looked_at(book.part), "x:definedNames")
    return any(
        entry.get("name", "").startswith("_xlnm.Print_") and entry.get("localSheetId") == str(index)
        for entry in (elements(names) if names is not None else ())
    )


def is_on(element: Element, name: str, usual: str = "0") -> bool:
    """Read an attribute that says yes or no; `usual` where it is not given."""
    return element.get(name, usual).lower() in _ON


def _attributes(element: Element | None) -> dict[str, str]:
    found = element.attrib.items() if element is not None else ()
    return {str(name): str(text) for name, text in found}


def _number(text: object, usual: float) -> float:
    try:
        found = float(str(text)) if text is not None else usual
    except ValueError:
        return usual
    return found if 0 <= found < 10_000 else usual


def _unsupported(package: Package, kind: Message) -> DraftUnsupported:
    return DraftUnsupported(package.where, kind=kind, supported=SUPPORTED)
