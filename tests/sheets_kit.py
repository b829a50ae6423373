"""Small workbooks written by hand, with all that a test asks for and nothing else."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from dingmi_mark.domain.label import SCHEMA
from dingmi_mark.engine.shapes import Block, Box, Colour, Frame, Picture, Rule
from dingmi_mark.formats.base import Carriers, MarkJob
from marking_kit import line, text
from office_kit import picture
from opc_kit import content_types, rels, xml

CELL = "样例：虚构的表格内容"
WORDS = "000017　机密★10年"
"""What every header says of JOB."""
RED = Colour(200, 0, 0)
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


def stamp() -> Block:
    """A stamp of every kind of shape."""
    box = Box(90, 30, 64, 20)
    shapes = (
        Frame(box, 0.5, RED),
        Rule(90, 37, 154, 37, 0.3, RED),
        text("定密戳记", 92, 31, 9),
        text("某发〔2026〕1号", 92, 39, 9),
        Picture(Box(130, 31, 10, 5), picture()),
    )
    return Block("stamp", box, shapes)


BLOCKS = (line("copy_number", "000017", 17.8, 7.6), line("mark", "机密★10年", 45, 7.6), stamp())


def label(blocks: tuple[Block, ...] = BLOCKS) -> bytes:
    """The least that a label must tell: which marks stand where."""
    marks = [
        {
            "slot": one.name, "page": 0, "text": one.text, "adopted": False,
            "box_mm": [one.box.x, one.box.y, one.box.width, one.box.height],
        }
        for one in blocks
    ]  # fmt: skip
    empty = dict.fromkeys(("decided_by", "proposed_by", "decision_day", "number"), "")
    days = dict.fromkeys(("issue_day", "notice_day", "last_secret_day", "released_from"), "")
    told = {
        "schema": SCHEMA, "status": "定密", "marks": marks, "points": [],
        "marking": {
            "text": "机密★10年", "level": "机密", "level_code": "2", "period": {"text": "10年"},
            "scope": ["示范局"], "copy_number": "000017", **days,
        },
        "approval": {"officer": {}, **empty},
        "classification": {"kind": "原始", "bases": [], "sources": []},
        "document": {"title": "样例", "number": "", "urgency": ""},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


CARRIERS = Carriers("doc-1", "marking-1", "copy-1", label())
JOB = MarkJob({0: BLOCKS}, (), CARRIERS)
BARE_JOB = MarkJob({0: BLOCKS[:2]}, (), CARRIERS)
"""Without a stamp, which not every sheet has a place for."""


def saved(folder: Path, book: Book, name: str = "draft.xlsx") -> Path:
    """Write a workbook into a folder."""
    path = folder / name
    path.write_bytes(workbook(book))
    return path
