"""Marks that others typed into cells of workbooks are struck in the text of the cell itself."""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.errors import LegacyMarkUnsure, RemarkPlaceFull
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.pipeline.header_marks import cell_text
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.pipeline.verdicts import Agreement
from legacy_kit import NUMBER, confirmed, old_paper, put, struck
from office_files_kit import needs_soffice, soffice_group
from remark_kit import CHANGE, Archive, applied, names, notice, planned, reports_of, verified
from sheets_kit import BOX, Book, Page, workbook

pytestmark = [needs_soffice, soffice_group, pytest.mark.usefixtures("in_this_process")]

OLD, NEW = "机密★10年", "秘密★5年"
_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
FONTS = (
    '<font><sz val="11"/><name val="宋体"/></font>'
    '<font><b/><sz val="16"/><color rgb="FFCC0000"/><name val="黑体"/><family val="3"/></font>'
    '<font><strike/><sz val="11"/><name val="宋体"/></font>'
)
LOOKS = (
    '<xf fontId="0"/><xf fontId="1"/><xf fontId="2"/>'
    '<xf fontId="0" applyAlignment="1"><alignment wrapText="1"/></xf>'
    '<xf fontId="0" applyAlignment="1"><alignment horizontal="center"/></xf>'
)


def text(said: str, style: int = 0) -> str:
    return f'<c r="{{}}" s="{style}" t="inlineStr"><is><t>{said}</t></is></c>'


def sheet(*cells: str, more: str = "", **page: object) -> Page:
    """A sheet whose first cells are these, below each other, beside what the kit writes below."""
    rows = "".join(
        f'<row r="{number}">{cell.format(f"A{number}")}</row>'
        for number, cell in enumerate(cells, 1)
    )
    return replace(Page(text=NUMBER, first_row=11, columns=1, before=more), front=rows, **page)  # type: ignore[arg-type]


def book(*pages: Page) -> bytes:
    """A workbook with fonts and looks of its own, its own rows within the data of its sheets."""
    styles = (
        '<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main"><fonts count="3">{FONTS}</fonts><fills count="1"><fill><patternFill/></fill>'
        '</fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="5">{LOOKS}</cellXfs><cellStyles count="1">'
        '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
    stream = BytesIO()
    bare = workbook(Book(tuple(replace(page, front="") for page in pages)))
    with zipfile.ZipFile(BytesIO(bare)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            said = source.read(name).decode()
            if name == "[Content_Types].xml":
                kind = f'<Override PartName="/xl/styles.xml" ContentType="{_ML}.styles+xml"/>'
                said = said.replace("</Types>", f"{kind}</Types>")
            if name == "xl/_rels/workbook.xml.rels":
                edge = (
                    '<Relationship Id="rIdS" Type="http://schemas.openxmlformats.org/officeDocument'
                    '/2006/relationships/styles" Target="styles.xml"/>'
                )
                said = said.replace("</Relationships>", f"{edge}</Relationships>")
            for number, page in enumerate(pages, 1):
                if name == f"xl/worksheets/sheet{number}.xml":
                    said = said.replace("<sheetData>", f"<sheetData>{page.front}")
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), said)
        target.writestr(zipfile.ZipInfo("xl/styles.xml", (1980, 1, 1, 0, 0, 0)), styles)
    return stream.getvalue()


def runs_of(file: Path, cell: str = "A1", number: int = 0) -> list[tuple[str, bool]]:
    """The runs of a cell as openpyxl reads them, and whether each is struck."""
    held = load_workbook(file, rich_text=True).worksheets[number][cell].value
    assert isinstance(held, CellRichText), held
    return [
        (one, False) if isinstance(one, str) else (one.text, bool(one.font.strike)) for one in held
    ]


def saved_by_libreoffice(file: Path, folder: Path) -> None:
    soffice = find_soffice()
    assert soffice is not None
    plain = folder / "book.xlsx"
    plain.write_bytes(file.read_bytes())
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    command = [soffice, home, "--headless", "--convert-to", "xlsx", "--outdir", folder / "s", plain]
    subprocess.run(command, check=True, capture_output=True)
    file.write_bytes((folder / "s" / "book.xlsx").read_bytes())


def test_a_mark_in_cells_is_struck_there_changed_again_and_taken_back(office: Archive) -> None:
    content = book(sheet(text(OLD), text("样例名单")), sheet(text(OLD)), Page())
    file = put(office, content, "旧表.xlsx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    (one,) = plan.legacy
    assert (one.mark, one.where) == (OLD, "1 左上角") and "in a cell" in one.known_by
    confirmed(office, plan, file)
    verified(office, plan)
    first = applied(office, plan)
    assert [verdict.error for verdict in first.verdicts] == [None]
    line = runs_of(file)[-1][0]
    assert runs_of(file)[:3] == [(OLD, True), ("　", False), (NEW, False)]
    assert line.startswith("　变更 ") and line.endswith(CHANGE)
    assert runs_of(file, number=1)[0] == (OLD, True)
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == NEW, report
    assert names(planned(office).unchanged) == ["旧表.xlsx"]
    with office.room.ledger() as ledger:
        ((_, entry),) = ledger.acts(LegacyStruck)
    assert dict(entry.marks) == {"1 左上角": OLD}
    kind = ChangeKind.RELEASED_EARLY
    second = struck(office, notice(old_paper(), number="示密解〔2026〕5号", kind=kind))
    assert [verdict.error for verdict in second.verdicts] == [None]
    marks = [(said, line) for said, line in runs_of(file) if said.strip("　") in (OLD, NEW, "解密")]
    assert marks == [(OLD, True), (NEW, True), ("解密", False)]
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == "解密", report
    with office.desk() as desk:
        undo_batch(second.batch_id, desk)
        undo_batch(first.batch_id, desk)
    assert file.read_bytes() == content


def test_the_cell_keeps_its_look(office: Archive) -> None:
    file = put(office, book(sheet(text(OLD, 1))), "旧表.xlsx")
    assert struck(office, notice(old_paper())).count(RemarkStatus.CHANGED) == 1
    held = load_workbook(file, rich_text=True).worksheets[0]["A1"].value
    looks = [(one.font.rFont, one.font.b, one.font.sz) for one in held]
    assert looks == [("黑体", True, 16.0)] * 3 + [("黑体", True, 9.0)]


def test_after_another_program_saved_it_the_content_is_the_same(
    office: Archive, tmp_path: Path
) -> None:
    file = put(office, book(sheet(text(OLD, 1))), "旧表.xlsx")
    struck(office, notice(old_paper()))
    saved_by_libreoffice(file, tmp_path)
    (report,) = reports_of(office).values()
    lines = [str(line.says) for line in report.lines]
    assert report.mark == NEW and any("its content is the same" in line for line in lines), report
    assert not any("not struck" in line or "not to be seen" in line for line in lines), report


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (r"<(x:)?strike[^>]*/>", "", "is not struck any more"),
        (NEW, "秘密★1年", "The content of the file was changed"),
    ],
    ids=["no strike", "retyped"],
)
def test_what_was_altered_at_a_struck_mark_is_told(
    office: Archive, old: str, new: str, told: str
) -> None:
    file = put(office, book(sheet(text(OLD))), "旧表.xlsx")
    struck(office, notice(old_paper()))
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    said = members[name].decode()
    changed = re.sub(old, new, said)
    assert changed != said
    members[name] = changed.encode()
    with zipfile.ZipFile(file, "w") as archive:
        for each, content in members.items():
            archive.writestr(each, content)
    (report,) = reports_of(office).values()
    lines = [line.says for line in report.lines if line.agreement is Agreement.CONTRADICTS]
    assert not report.agrees and any(told in str(says) for says in lines), report


RICH = '<c r="{}" t="inlineStr"><is><r><t>机密</t></r><r><t>★10年</t></r></is></c>'
FORMULA = '<c r="{}" t="str"><f>"机密"&amp;"★10年"</f><v>机密★10年</v></c>'
TABLE = '<tableParts count="0"/>'
HEADED = f"<headerFooter><oddHeader>&amp;L{OLD}</oddHeader></headerFooter>"


@pytest.mark.parametrize(
    ("pages", "why"),
    [
        pytest.param((sheet(RICH),), "one look", id="rich"),
        pytest.param((sheet(FORMULA),), "one look", id="formula"),
        pytest.param((sheet(text(OLD, 2)),), "one look", id="struck"),
        pytest.param((sheet(text(OLD, 3)),), "one look", id="wrapped"),
        pytest.param((sheet(text(OLD, 4)),), "one look", id="centred"),
        pytest.param((sheet(text(f"000017 {OLD}")),), "all of its", id="more"),
        pytest.param((sheet(text(OLD), text(OLD)),), "all of its", id="twice"),
        pytest.param((sheet(text(OLD)), sheet(text("机密★ 10年"))), "same mark", id="spelling"),
        pytest.param((sheet(text("样例")), sheet(text(OLD))), "head of its first", id="not first"),
        pytest.param((sheet(text(OLD), text("解密 2020年1月1日")),), "same mark", id="released"),
    ],
)
def test_what_is_not_sure_in_cells_is_left_to_people(
    tmp_path: Path, pages: tuple[Page, ...], why: str
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(book(*pages))
    with pytest.raises(LegacyMarkUnsure) as caught:
        cell_text(SheetHandler().heads(path))
    assert why in str(caught.value), caught.value


@pytest.mark.parametrize(
    "page",
    [
        sheet(text(OLD), header=HEADED),
        sheet(text(OLD), shapes=BOX.replace("样例：框里的话", OLD)),
    ],
    ids=["header too", "shape too"],
)
def test_marks_in_cells_and_elsewhere_are_left_to_people(office: Archive, page: Page) -> None:
    content = book(page)
    file = put(office, content, "旧表.xlsx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧表.xlsx"]
    assert "headers alone, or in cells alone" in plan.person[0].why
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    ("beside", "style"), [("样例：旁边的话", 0), ("", 1)], ids=["a cell", "the page ends"]
)
def test_where_the_row_has_no_room_the_file_stays(office: Archive, beside: str, style: int) -> None:
    """A row too long for the page, or a cell beside it."""
    cell = f'<c r="E1" t="inlineStr"><is><t>{beside}</t></is></c>' if beside else ""
    content = book(sheet(text(OLD, style) + cell))
    file = put(office, content, "旧表.xlsx")
    results = [struck(office, notice(old_paper()))]
    if not beside:
        assert results[0].count(RemarkStatus.CHANGED) == 1
        content = file.read_bytes()
        kind = ChangeKind.RELEASED_EARLY
        second = notice(old_paper(), number="示密解〔2026〕5号", kind=kind)
        results.append(struck(office, second))
    (verdict,) = results[-1].verdicts
    assert isinstance(verdict.error, RemarkPlaceFull), verdict
    assert file.read_bytes() == content
