"""Marks that others put on a paper of which only a scan is left, struck when people say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from dingmi_mark.domain.change import ChangeKind, NewValues
from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import LegacyMarkUnsure, LegacyNotConfirmable
from dingmi_mark.formats.ocr import PictureLine
from dingmi_mark.pipeline import scanned_marks
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.store.fonts import BUNDLED
from legacy_kit import LEFT, NUMBER, OLD, RIGHT, archived, confirmed, put, struck
from office_files_kit import needs_tesseract
from pdf_kit import rendered
from remark_kit import (
    Archive,
    applied,
    names,
    notice,
    planned,
    reports_of,
    verified,
)
from scan_kit import SCAN_DPI, ink_of_head, named, scribble, sheets_of

pytestmark = [
    pytest.mark.usefixtures("in_this_process"),
    needs_tesseract,
]


def scanned(
    content: bytes,
    folder: Path,
    turn: float = 0.4,
    draw: Callable[[Any], None] = lambda _: None,
    dpi: int = SCAN_DPI,
) -> bytes:
    """Print a PDF and scan it to a PDF; `draw` adds to the first sheet."""
    first, *more = sheets_of(content, folder, turn, draw, dpi)
    stream = BytesIO()
    first.save(stream, "PDF", resolution=dpi, save_all=True, append_images=more, quality=80)
    return stream.getvalue()


def lines_in(file: Path, page: int = 0) -> Iterator[tuple[float, float, float]]:
    """Left, right and height (mm) of the horizontal lines that lie over a scan."""
    import pymupdf

    with pymupdf.open(file) as document:
        for path in document[page].get_drawings():
            for item in path["items"]:
                if item[0] == "l" and abs(item[1].y - item[2].y) < 0.1:
                    ends = (item[1].x, item[2].x, item[1].y)
                    yield tuple(value / 72 * 25.4 for value in ends)  # type: ignore[misc]


def words_on(file: Path, page: int = 0) -> str:
    import pymupdf

    with pymupdf.open(file) as document:
        return "".join(document[page].get_text().split())


@pytest.mark.parametrize("spelling", ["机密★10年", "机密 ★ 10年", "机密★"])
@pytest.mark.parametrize("place", [LEFT, RIGHT], ids=["left", "right"])
def test_a_mark_on_a_scan_is_struck_and_stays_readable(
    office: Archive, tmp_path: Path, spelling: str, place: tuple[float, float]
) -> None:
    content = scanned(archived((spelling, place), size_pt=22), tmp_path)
    file = put(office, content)
    before = rendered(file, 0, 100)
    office.sign(notice(named(content)))
    plan = planned(office)
    (one,) = plan.legacy
    assert one.where == ("1 左上角" if place is LEFT else "1 右上角")
    assert one.mark.startswith("机密") and "scan" in one.known_by
    confirmed(office, plan, file)
    verified(office, plan)
    assert applied(office, plan).count(RemarkStatus.CHANGED) == 1
    # The line runs through the middle of the letters, from their first to their last.
    (line,) = lines_in(file)
    left, top, right, bottom = ink_of_head(before)
    assert line[0] <= left + 0.3 and line[1] >= right - 0.3
    assert line[1] - line[0] <= right - left + 3.5
    assert abs(line[2] - (top + bottom) / 2) < 1.0
    assert "秘密★5年" in words_on(file)
    # All ink of the scan is still there.
    after = rendered(file, 0, 100)
    assert ImageChops.subtract(after.convert("L"), before.convert("L")).getextrema()[1] < 60
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("秘密★5年", True), report
    with office.room.ledger() as ledger:
        ((_, told),) = ledger.acts(LegacyStruck)
        assert list(told.marks) == [one.where] and ledger.verify() == []


def test_both_corners_and_later_pages_are_struck(office: Archive, tmp_path: Path) -> None:
    paper = archived(("机密★10年", LEFT), ("机密", RIGHT), pages=2, running="机密★10年", size_pt=18)
    content = scanned(paper, tmp_path, turn=0)
    file = put(office, content)
    result = struck(office, notice(named(content)))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    assert len(list(lines_in(file))) == 2 and len(list(lines_in(file, 1))) == 1
    assert "秘密★5年" in words_on(file, 1)


def test_a_second_change_and_an_undo(office: Archive, tmp_path: Path) -> None:
    content = scanned(archived(("机密★10年", LEFT)), tmp_path)
    file = put(office, content)
    batch = struck(office, notice(named(content))).batch_id
    once = file.read_bytes()
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    again = notice(NoticeItem(document_number=NUMBER), number="示密变〔2026〕4号", new=new)
    office.sign(again)
    plan = planned(office, name=again.notice.number)
    assert names(plan.files) == ["旧文件.pdf"] and not plan.legacy
    verified(office, plan)
    second = applied(office, plan)
    assert second.count(RemarkStatus.CHANGED) == 1, second.verdicts
    assert len(list(lines_in(file))) == 2 and "机密★3年" in words_on(file)
    with office.desk() as desk:
        undo_batch(second.batch_id, desk)
        assert file.read_bytes() == once
        undo_batch(batch, desk)
    assert file.read_bytes() == content


@pytest.mark.parametrize("dpi", [100, 400, 600])
def test_coarse_and_fine_scans_are_struck_too(office: Archive, tmp_path: Path, dpi: int) -> None:
    content = scanned(archived(("机密★10年", LEFT), size_pt=18), tmp_path, dpi=dpi)
    put(office, content)
    result = struck(office, notice(named(content)))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts


def test_a_released_scan_bears_its_release(office: Archive, tmp_path: Path) -> None:
    content = scanned(archived(("机密★10年", RIGHT)), tmp_path)
    file = put(office, content)
    kind = ChangeKind.RELEASED_EARLY
    result = struck(office, notice(named(content), kind=kind))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    assert "提前解密" in words_on(file)


def _recognised(content: bytes, *words: tuple[str, tuple[float, float]]) -> bytes:
    """Lay words over a scan that nobody sees, as programs do that recognise text."""
    import pymupdf

    font = pymupdf.Font(fontfile=str(BUNDLED))
    with pymupdf.open(stream=content, filetype="pdf") as document:
        writer = pymupdf.TextWriter(document[0].rect)
        for text, place in words:
            writer.append(place, text, font, 16)
        writer.write_text(document[0], render_mode=3)
        document.subset_fonts()
        return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


@pytest.mark.parametrize("word", ["机密★10年", "机密女10年"])
def test_a_scan_with_words_laid_over_it_is_struck_as_it_is_seen(
    office: Archive, tmp_path: Path, word: str
) -> None:
    plain = scanned(archived(("机密★10年", LEFT)), tmp_path)
    content = _recognised(plain, (word, LEFT), (NUMBER, (240, 300)))
    put(office, content)
    by_number = notice(NoticeItem(document_number=NUMBER, old=OLD))
    result = struck(office, by_number)
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("秘密★5年", True), report


def _with_a_typed_page(content: bytes) -> bytes:
    import pymupdf

    with pymupdf.open(stream=content, filetype="pdf") as document:
        document.new_page(width=595.276, height=841.89).insert_text((80, 400), "sample")
        return bytes(document.tobytes())


UNSURE: dict[str, Callable[[Path], bytes]] = {
    "no mark": lambda folder: scanned(archived(), folder),
    "another level": lambda folder: scanned(archived(("秘密★10年", LEFT)), folder),
    "another period": lambda folder: scanned(archived(("机密★20年", LEFT)), folder),
    "contradict": lambda folder: scanned(
        archived(("机密★10年", LEFT), ("秘密★5年", RIGHT), size_pt=22), folder
    ),
    "ink that nobody reads": lambda folder: scanned(
        archived(("机密★10年", LEFT)), folder, draw=scribble
    ),
    "other words": lambda folder: scanned(
        archived(("机密★10年", LEFT), ("样例文件", RIGHT), size_pt=22), folder
    ),
    "words laid over it say something else": lambda folder: _recognised(
        scanned(archived(("机密★10年", LEFT)), folder), ("秘密★10年", LEFT)
    ),
    "a page that is no scan": lambda folder: _with_a_typed_page(
        scanned(archived(("机密★10年", LEFT)), folder)
    ),
    "upside down": lambda folder: scanned(archived(("机密★10年", LEFT)), folder, turn=180),
    "released": lambda folder: scanned(
        archived(("机密★10年", LEFT), ("解密", RIGHT), size_pt=22), folder
    ),
}


@pytest.mark.parametrize("name", UNSURE)
def test_where_a_scan_is_not_sure_a_person_is_asked_and_nothing_else(
    office: Archive, tmp_path: Path, name: str
) -> None:
    content = UNSURE[name](tmp_path)
    file = put(office, content)
    office.sign(notice(named(content)))
    plan = planned(office)
    assert not plan.legacy and not plan.files
    assert names(plan.person) == ["旧文件.pdf"]
    assert LegacyMarkUnsure.says[:40] in plan.person[0].why
    with pytest.raises(LegacyNotConfirmable):
        confirmed(office, plan, file)
    assert file.read_bytes() == content


def test_without_tesseract_or_time_a_scan_is_left_to_people(
    office: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = scanned(archived(("机密★10年", LEFT)), tmp_path)
    put(office, content)
    office.sign(notice(named(content)))
    monkeypatch.setattr(scanned_marks, "SECONDS", 0.0)
    assert "in time" in planned(office).person[0].why
    monkeypatch.setattr(scanned_marks, "find_tesseract", lambda: None)
    assert "tesseract" in planned(office).person[0].why


def test_a_grey_ground_is_no_ink(office: Archive, tmp_path: Path) -> None:
    """Old paper is darker than new, and that alone is nothing unread."""
    sheet = scanned(archived(("机密★10年", LEFT)), tmp_path)
    import pymupdf

    with pymupdf.open(stream=sheet, filetype="pdf") as document:
        pixmap = document[0].get_pixmap(dpi=SCAN_DPI)
    image = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples).convert("L")
    grey = image.point([level * 215 // 255 for level in range(256)])
    stream = BytesIO()
    grey.save(stream, "PDF", resolution=SCAN_DPI)
    content = stream.getvalue()
    put(office, content)
    result = struck(office, notice(named(content)))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts


@pytest.mark.parametrize(
    ("read", "box", "why"),
    [
        ("5", Box(150, 47, 6.8, 5.0), "“5” at the head of page 1 is no mark"),
        ("4", Box(150, 47, 0.8, 1.2), "“4” at the head of page 1 is no mark"),
        ("5", Box(150, 47, 1.6, 2.6), ""),
        ("000017", Box(150, 47, 9.0, 2.6), ""),
        ("秘密件", Box(150, 47, 16.0, 5.0), "“秘密件” at the head of page 1 is no mark"),
    ],
)
def test_what_was_read_beside_a_mark_must_look_so(
    office: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: str, box: Box, why: str
) -> None:
    """tesseract takes characters that it does not know for figures."""
    content = scanned(archived(("机密★10年", LEFT)), tmp_path)
    put(office, content)
    office.sign(notice(named(content)))
    ask = scanned_marks.read_lines
    monkeypatch.setattr(
        scanned_marks,
        "read_lines",
        lambda *told, **more: (*(ask(*told, **more) or ()), PictureLine(read, box)),
    )
    plan = planned(office)
    assert bool(plan.legacy) is not bool(why)
    assert not why or why in plan.person[0].why
