"""How changed and released marks look, on pages with room and without."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dingmi_mark.domain.change import ChangeKind, NewValues
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import (
    RemarkPlaceFull,
)
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.pipeline.show import show_file
from office_files_kit import needs_soffice
from office_kit import QUOTE, docx, full_page, pdf
from remark_kit import (
    CHANGE,
    Archive,
    applied,
    archive,
    bytes_below,
    notice,
    number_of,
    planned,
    quiet,
    remarked,
    reports_of,
    verified,
)

pytestmark = pytest.mark.usefixtures("in_this_process")


def test_a_second_change_strikes_the_second_mark_and_a_release_ends_it(papers: Archive) -> None:
    remarked(papers, notice(number_of("1号.pdf")))
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    remarked(papers, notice(number_of("1号.pdf"), number="示密变〔2026〕4号", new=new))
    kind = ChangeKind.RELEASED_EARLY
    result = remarked(papers, notice(number_of("1号.pdf"), number="示密解〔2026〕5号", kind=kind))
    assert [one.status for one in result.verdicts] == [RemarkStatus.CHANGED]
    file = papers.out / "1号-000001.pdf"
    report = reports_of(papers)[file.name]
    assert (report.mark, report.agrees) == ("解密", True), report
    shown = [str(line.says) for line in report.lines]
    for text in ("机密★10年", "秘密★5年", "机密★3年", "“解密”", "提前解密 2026年"):
        assert any(text in line for line in shown), text
    old = ("机密★10年", "秘密★5年", "机密★3年")
    assert tuple(_struck(file, *old, "000001", "提前解密")) == old
    facts = show_file(file).facts
    assert facts["解密标志"].startswith("解密 ") and "国家秘密标志" not in facts
    assert facts["状态"] == "已解密"


def test_a_typed_mark_that_was_adopted_is_struck_by_a_change(papers: Archive) -> None:
    papers.mark("4号.pdf", pdf(typed="机密★10年"))
    result = remarked(papers, notice(number_of("4号.pdf")))
    assert [one.status for one in result.verdicts] == [RemarkStatus.CHANGED]
    file = papers.out / "4号-000001.pdf"
    assert tuple(_struck(file, "机密★10年", "秘密★5年", "000001")) == ("机密★10年",)
    assert reports_of(papers)[file.name].agrees


def _struck(file: Path, *texts: str) -> Iterator[str]:
    """The texts on page one through which a line runs, by another program's eyes."""
    import pymupdf

    with pymupdf.open(file) as document:
        page = document[0]
        lines = [
            item[1:3]
            for path in page.get_drawings()
            for item in path["items"]
            if item[0] == "l" and abs(item[1].y - item[2].y) < 0.1
        ]
        for text in texts:
            (place,) = page.search_for(text)[:1]
            if any(
                a.x <= place.x0 + 1 and b.x >= place.x1 - 1 and place.y0 < a.y < place.y1
                for a, b in lines
            ):
                yield text


def test_a_file_with_the_mark_of_before_is_told_and_does_not_print(signed: Archive) -> None:
    copy = signed.out / "copy.pdf"
    shutil.copy(signed.out / "1号-000001.pdf", copy)
    plan = planned(signed)
    verified(signed, plan)
    shutil.copy(copy, signed.room.folder / "old.pdf")
    applied(signed, plan)
    old = signed.room.folder / "old.pdf"
    (report,) = check_files([old], signed.room.office, on_report=quiet)
    assert not report.agrees and any(CHANGE in str(line.says) for line in report.lines)
    request = PrintRequest((old, copy), "王样例")
    first, second = preprint_files(request, signed.room.office, on_verdict=quiet)
    assert (first.reason, second.reason) == (PrintReason.OVERTAKEN, PrintReason.MARKED)


def test_points_that_are_released_are_struck_and_say_so(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    point = ClassifiedPoint("1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor(QUOTE))
    papers.mark("1号.pdf", points=(point,))
    kind = ChangeKind.PARTLY_RELEASED
    filed = notice(number_of("1号.pdf"), kind=kind, items=("1",))
    result = remarked(papers, filed)
    assert [one.error for one in result.verdicts] == [None]
    (report,) = reports_of(papers).values()
    assert report.agrees and report.mark == "机密★10年", report
    import pymupdf

    with pymupdf.open(papers.out / "1号-000001.pdf") as document:
        text = document[0].get_text()
    assert "（机密）" in text and "（解密）" in text


def test_where_the_place_is_full_the_file_stays_as_it_is_and_it_is_told(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    papers.mark("1号.pdf", _crowded())
    before = bytes_below(papers.out)
    (verdict,) = remarked(papers, notice(number_of("1号.pdf"))).verdicts
    assert isinstance(verdict.error, RemarkPlaceFull), verdict
    assert bytes_below(papers.out) == before
    assert not list((papers.room.office.folder / "remark").rglob("*.pdf"))


def test_a_page_with_a_strip_has_room_for_a_change_and_the_release(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    papers.mark("1号.pdf", full_page(), form="其他")
    remarked(papers, notice(number_of("1号.pdf")))
    kind = ChangeKind.RELEASED_EARLY
    result = remarked(papers, notice(number_of("1号.pdf"), number="示密解〔2026〕5号", kind=kind))
    assert [one.status for one in result.verdicts] == [RemarkStatus.CHANGED], result.verdicts
    file = papers.out / "1号-000001.pdf"
    report = reports_of(papers)[file.name]
    assert (report.mark, report.agrees) == ("解密", True), report
    assert tuple(_struck(file, "机密★10年", "秘密★5年")) == ("机密★10年", "秘密★5年")


def _crowded() -> bytes:
    """A page with text right and below of where the mark goes."""
    import pymupdf

    from dingmi_mark.store.fonts import BUNDLED

    document = pymupdf.open(stream=pdf())
    page = document[0]
    font = pymupdf.Font(fontfile=str(BUNDLED))
    writer = pymupdf.TextWriter(page.rect)
    for row in range(9):
        writer.append((79.4, 166 + row * 9), "样例文字" * 6, font, 8)
    for row in range(3):
        writer.append((170, 131 + row * 9), "样例" * 6, font, 8)
    writer.write_text(page)
    document.subset_fonts()
    return bytes(document.tobytes(garbage=3, no_new_id=True))


@needs_soffice
def test_a_word_file_is_struck_and_marked_anew(tmp_path: Path) -> None:
    papers = archive(tmp_path)
    point = ClassifiedPoint("1", SecrecyLevel.HIGHLY_SECRET, QuoteAnchor(QUOTE))
    papers.mark("1号.docx", docx(), points=(point,))
    file = papers.out / "1号-000001.docx"
    before = file.read_bytes()
    kind = ChangeKind.RELEASED_EARLY
    result = remarked(papers, notice(number_of("1号.docx"), kind=kind))
    assert [one.error for one in result.verdicts] == [None]
    (report,) = reports_of(papers).values()
    assert (report.agrees, report.mark) == (True, "解密"), report
    facts = show_file(file).facts
    assert "解密标志" in facts and "国家秘密标志" not in facts
    import zipfile

    with zipfile.ZipFile(file) as package:
        document = package.read("word/document.xml").decode()
        properties = package.read("docProps/custom.xml").decode()
    assert '<w:strike w:val="1"/>' in document and "机密" in document
    assert properties.count('name="密级"') == 1 and "国家秘密标志" not in properties
    with papers.desk() as desk:
        undo_batch(result.batch_id, desk)
    assert file.read_bytes() == before
