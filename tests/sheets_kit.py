"""Small workbooks written by hand, with all that a test asks for and nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from opc_kit import content_types, rels, xml

CELL = "样例：虚构的表格内容"
VBA = bytes(range(256)) * 4
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_OFFICE = "application/vnd.openxmlformats-officedocument"
WORKBOOK = f"{_ML}.sheet.main+xml"
MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_NAMES = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_REL}"'
_DRAWING = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
_MARGINS = (
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
)
BOX = (
    '<xdr:absoluteAnchor><xdr:pos x="360000" y="3600000"/><xdr:ext cx="1800000" cy="720000"/>'
    '<xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="7" name="框"/>'
    '<xdr:cNvSpPr txBox="1"/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom></xdr:spPr><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>样例：框里的话</a:t></a:r></a:p>"
    "</xdr:txBody></xdr:sp><xdr:clientData/></xdr:absoluteAnchor>"
)


@dataclass(frozen=True)
class Page:
    """A sheet: how many rows and columns, how it is printed, its header, what else it holds."""

    rows: int = 3
    first_row: int = 1
    columns: int = 2
    text: str = CELL
    state: str = ""
    setup: str = '<pageSetup paperSize="9"/>'
    margins: str = _MARGINS
    header: str = ""
    shapes: str = ""
    front: str = ""
    before: str = ""


@dataclass(frozen=True)
class Book:
    """A workbook; `main` is put before its list of sheets, `names` behind it."""

    pages: tuple[Page, ...] = (Page(),)
    kind: str = WORKBOOK
    main: str = ""
    names: str = ""
    more: Mapping[str, bytes] = field(default_factory=dict)


LOW = Page(rows=60, first_row=15)
BOOK = Book(
    (LOW, Page(setup='<pageSetup paperSize="9" orientation="landscape"/>'), Page(state="hidden"))
)
"""The first sheet leaves room at the top, as the stamp's template wants it."""


def workbook(book: Book | None = None) -> bytes:
    """Return a workbook as bytes, the same every time."""
    book = book or Book()
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_members(book), **book.more}.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return stream.getvalue()


def _members(book: Book) -> dict[str, bytes]:
    count = range(1, len(book.pages) + 1)
    types = {
        "/xl/workbook.xml": book.kind,
        "/xl/sharedStrings.xml": f"{_ML}.sharedStrings+xml",
        **{f"/xl/worksheets/sheet{number}.xml": f"{_ML}.worksheet+xml" for number in count},
    }
    listed = "".join(
        f'<sheet name="表{number}" sheetId="{number}" r:id="rId{number}"{_state(page)}/>'
        for number, page in enumerate(book.pages, 1)
    )
    texts = [page.text for page in book.pages]
    found = {
        "_rels/.rels": rels((f"{_REL}/officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": xml(
            f"<workbook {_NAMES}>{book.main}<sheets>{listed}</sheets>{book.names}</workbook>"
        ),
        "xl/_rels/workbook.xml.rels": rels(
            *((f"{_REL}/worksheet", f"worksheets/sheet{number}.xml") for number in count),
            (f"{_REL}/sharedStrings", "sharedStrings.xml"),
        ),
        "xl/sharedStrings.xml": xml(
            f"<sst {_NAMES}>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"
        ),
    }
    for number, page in enumerate(book.pages, 1):
        found[f"xl/worksheets/sheet{number}.xml"] = xml(_sheet(page, number))
        if page.shapes:
            found[f"xl/drawings/drawing{number}.xml"] = xml(
                f"<xdr:wsDr {_DRAWING}>{page.shapes}</xdr:wsDr>"
            )
            types[f"/xl/drawings/drawing{number}.xml"] = f"{_OFFICE}.drawing+xml"
            found[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = rels(
                (f"{_REL}/drawing", f"../drawings/drawing{number}.xml")
            )
    if book.kind == MACROS:
        types["/xl/vbaProject.bin"] = "application/vnd.ms-office.vbaProject"
        found["xl/vbaProject.bin"] = VBA
    return {"[Content_Types].xml": content_types(types), **found}


def _state(page: Page) -> str:
    return f' state="{page.state}"' if page.state else ""


def _sheet(page: Page, number: int) -> str:
    rows = "".join(
        f'<row r="{row}">'
        + "".join(
            f'<c r="{chr(64 + column)}{row}" t="s"><v>{number - 1}</v></c>'
            if column == 1
            else f'<c r="{chr(64 + column)}{row}"><v>{row * column}</v></c>'
            for column in range(1, page.columns + 1)
        )
        + "</row>"
        for row in range(page.first_row, page.first_row + page.rows)
    )
    drawing = '<drawing r:id="rId1"/>' if page.shapes else ""
    return (
        f"<worksheet {_NAMES}>{page.front}<sheetData>{rows}</sheetData>{page.before}{page.margins}"
        f"{page.setup}{page.header}{drawing}</worksheet>"
    )
