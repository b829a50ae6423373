"""A fictional office with a ledger, and small drafts of every format, for whole-way tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.domain.authority import OrganKind
from dingmi_mark.pipeline.batch import mark_drafts
from dingmi_mark.pipeline.request import MarkRequest
from dingmi_mark.pipeline.verdicts import BatchResult, Verdict
from dingmi_mark.store.approvals import write_toml
from dingmi_mark.store.fonts import BUNDLED
from dingmi_mark.store.ledger import Ledger
from dingmi_mark.store.office import Office, read_office
from dingmi_mark.store.office_new import init_office
from record_kit import OFFICER, ORGAN, record

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

AUTHORITY = f"""
schema = 1
[[officer]]
name = "{OFFICER}"
post = "局长"
kind = "法定"
corner = "A"
from = 2024-01-01
original = ["机密", "秘密"]
derivative = ["绝密", "机密", "秘密"]
certificate = "示定资〔2024〕001号"
"""

BODY = "样例：示例江堤防洪演练的安排，内容全部虚构。"
QUOTE = "演练于示例时间在示例地点进行"


@dataclass(frozen=True)
class Room:
    """An office in a folder, and folders for drafts, records and results beside it."""

    folder: Path
    office: Office

    @property
    def drafts(self) -> Path:
        return self.folder / "drafts"

    @property
    def approvals(self) -> Path:
        return self.folder / "approvals"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def put(self, name: str, content: bytes, approval: ApprovalRecord | None = None) -> Path:
        """Put a draft, and a record for it that gives its digest."""
        path = self.drafts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if approval is not None:
            self.approve(name, approval)
        return path

    def approve(self, name: str, approval: ApprovalRecord) -> Path:
        """Write a record under the draft's name."""
        path = self.approvals / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write_toml(approval), encoding="utf-8")
        return path

    def mark(self, **more: object) -> BatchResult:
        """Mark all drafts."""
        request = MarkRequest((self.drafts,), (self.approvals,), self.out, **more)  # type: ignore[arg-type]
        return mark_drafts(request, self.office, on_start=_ignore, on_verdict=_ignore)

    def ledger(self) -> Ledger:
        """Open the ledger."""
        return Ledger.open(self.office.ledger_url)

    def with_policies(self, *lines: str) -> Room:
        """Return the room after lines of [policies] in office.toml were set."""
        file = self.office.folder / "office.toml"
        text = file.read_text(encoding="utf-8")
        for line in lines:
            key = line.split("=")[0].strip()
            text = "\n".join(line if old.startswith(f"{key} ") else old for old in text.split("\n"))
        file.write_text(text, encoding="utf-8")
        return Room(self.folder, read_office(self.office.folder))

    def with_codes(self) -> Room:
        """Return the room whose papers bear a 2D code."""
        file = self.office.folder / "office.toml"
        text = file.read_text(encoding="utf-8").replace('#code = "erweima"', 'code = "erweima"')
        file.write_text(text, encoding="utf-8")
        return Room(self.folder, read_office(self.office.folder))


def _ignore(_: object) -> None:
    return None


def new_room(folder: Path) -> Room:
    """Make an office with one officer, and its ledger."""
    init_office(folder / "office", name=ORGAN, kind=OrganKind.PREFECTURE_CITY, now=NOW)
    (folder / "office" / "authority.toml").write_text(AUTHORITY, encoding="utf-8")
    # The small drafts of tests all say the same: that they quote each other is no matter here.
    settings = folder / "office" / "office.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('undeclared = "stop"', 'undeclared = "off"'), "utf-8")
    office = read_office(folder / "office")
    Ledger.create(office.ledger_url, office.id, NOW.isoformat()).close()
    for name in ("drafts", "approvals"):
        (folder / name).mkdir()
    return Room(folder, office)


def approved(content: bytes, name: str, **more: object) -> ApprovalRecord:
    """Return a record for these bytes under this name."""
    digest = "sm3:" + hashlib.new("sm3", content).hexdigest()
    number = f"示密审〔2026〕{int(digest[4:10], 16)}号"
    return record(number=number, files=(name,), digest=digest, **more)  # type: ignore[arg-type]


def only(result: BatchResult) -> Verdict:
    """Return the single verdict of a run."""
    assert len(result.verdicts) == 1, result
    return result.verdicts[0]


def pdf(pages: int = 1, typed: str = "", at: tuple[float, float] = (79.4, 148.0)) -> bytes:
    """An A4 PDF with a line of text a page; `typed` stands at a place (pt, baseline)."""
    import pymupdf

    from dingmi_mark.store.fonts import BUNDLED

    font = pymupdf.Font(fontfile=str(BUNDLED))
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page(width=595.276, height=841.89)
        writer = pymupdf.TextWriter(page.rect)
        writer.append((79.4, 330), BODY, font, 16)
        writer.append((120, 360), QUOTE + "。", font, 16)
        if typed and not number:
            writer.append(at, typed, font, 16)
        writer.write_text(page)
    document.subset_fonts()
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


def docx(typed: str = "") -> bytes:
    """A Word file with a few paragraphs; `typed` stands in the second row, in 三号."""
    from docx import Document
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.header_distance = Mm(37)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    for row in ("", typed) if typed else ():
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(28.99)
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.add_run(row).font.size = Pt(16)
    for _ in range(5):
        document.add_paragraph()
    document.add_paragraph(BODY)
    document.add_paragraph(QUOTE + "。")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def picture(kind: str = "PNG", pages: int = 1) -> bytes:
    """An A4 page at 100 dpi with some lines of ink in its lower half."""
    from PIL import Image, ImageDraw

    def page() -> Image.Image:
        sheet = Image.new("L", (827, 1169), 255)
        pen = ImageDraw.Draw(sheet)
        for y in range(600, 1000, 40):
            pen.rectangle((110, y, 700, y + 12), fill=60)
        return sheet

    stream = BytesIO()
    more = (
        {"save_all": True, "append_images": [page() for _ in range(pages - 1)]} if pages > 1 else {}
    )
    page().save(stream, kind, dpi=(100, 100), **more)
    return stream.getvalue()


DRAFTS: dict[str, Callable[[], bytes]] = {
    "通知.pdf": pdf,
    "通知.docx": docx,
    "扫描.png": picture,
    "扫描.jpg": lambda: picture("JPEG"),
    "扫描.tif": lambda: picture("TIFF", pages=2),
}
"""A small draft of every format, by a fitting name."""


def page_of_text(
    rows: Sequence[float],
    width: float = 595.276,
    height: float = 841.89,
    colour: tuple[float, float, float] = (0, 0, 0),
) -> bytes:
    """A PDF of one page with a full line of text at each height (pt from the top)."""
    import pymupdf

    font = pymupdf.Font(fontfile=str(BUNDLED))
    document = pymupdf.open()
    page = document.new_page(width=width, height=height)
    writer = pymupdf.TextWriter(page.rect)
    for y in rows:
        writer.append((4, y), "样例" * int(width / 32), font, 16)
    writer.write_text(page, color=colour)
    document.subset_fonts()
    return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


def full_page() -> bytes:
    """A PDF of one page with text from edge to edge: no place for any mark."""
    return page_of_text([16 + 16.0 * n for n in range(52)])
