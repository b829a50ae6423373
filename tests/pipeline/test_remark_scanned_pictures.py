"""Marks that others put on papers that were scanned to picture files, struck in the pixels."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngInfo

from approval_kit import People
from dingmi_mark.domain.change import ChangeKind, NewValues
from dingmi_mark.domain.ledger_legacy import LegacyStruck
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import CleanCopyRefused
from dingmi_mark.pipeline.notices import registered_notice
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.reconcile import reconcile
from dingmi_mark.pipeline.reconcile_words import Standing as Reconciled
from dingmi_mark.pipeline.remark_cleaning import clean_copies
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Agreement, IdentifiedBy
from legacy_kit import LEFT, NUMBER, RIGHT, archived, confirmed, put, struck
from office_files_kit import needs_tesseract
from remark_kit import (
    Archive,
    applied,
    names,
    notice,
    planned,
    quiet,
    remarked,
    reports_of,
    verified,
)
from scan_kit import (
    NAMES,
    SCAN_DPI,
    grown_lighter,
    ink_of_head,
    lines_through,
    named,
    pages_of,
    saved,
    scanned,
    sheets_of,
)

pytestmark = [
    pytest.mark.usefixtures("in_this_process"),
    needs_tesseract,
]
AGAIN = "示密变〔2026〕4号"


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("place", [LEFT, RIGHT], ids=["left", "right"])
def test_a_mark_in_a_picture_is_struck_in_its_pixels_and_stays_readable(
    office: Archive, tmp_path: Path, kind: str, place: tuple[float, float]
) -> None:
    content = saved(sheets_of(archived(("机密★10年", place)), tmp_path), kind)
    file = put(office, content, NAMES[kind])
    (before,) = pages_of(file)
    office.sign(notice(named(content)))
    plan = planned(office)
    (one,) = plan.legacy
    assert one.where == ("1 左上角" if place is LEFT else "1 右上角")
    assert one.mark.startswith("机密") and "scan" in one.known_by
    confirmed(office, plan, file)
    verified(office, plan)
    assert applied(office, plan).count(RemarkStatus.CHANGED) == 1
    (after,) = pages_of(file)
    # One line through the middle of the letters, from the first to the last.
    (line,) = lines_through(after)
    left, top, right, bottom = ink_of_head(before, SCAN_DPI)
    assert line[0] <= left + 0.3 and line[1] >= right - 0.3
    assert line[1] - line[0] <= right - left + 3.5
    assert abs(line[2] - (top + bottom) / 2) < 1.0
    assert grown_lighter(before, after) == 0
    # Below the head of the page nothing is drawn.
    body = (0, round(80 / 25.4 * SCAN_DPI), before.width, before.height)
    drawn = ImageChops.difference(before.crop(body), after.crop(body)).getextrema()[1]
    assert drawn == 0 if kind != "JPEG" else drawn < 16
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("秘密★5年", True), report
    with office.room.ledger() as ledger:
        ((_, told),) = ledger.acts(LegacyStruck)
        assert list(told.marks) == [one.where] and ledger.verify() == []


def test_every_page_of_a_tiff_that_bears_the_mark_is_struck(
    office: Archive, tmp_path: Path
) -> None:
    paper = archived(("机密★10年", LEFT), ("机密", RIGHT), pages=3, running="机密★10年", size_pt=18)
    content = saved(sheets_of(paper, tmp_path, turn=0), "TIFF", compression="tiff_lzw")
    file = put(office, content, NAMES["TIFF"])
    result = struck(office, notice(named(content)))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    assert [len(lines_through(page)) for page in pages_of(file)] == [2, 1, 1]
    with office.room.ledger() as ledger:
        ((_, told),) = ledger.acts(LegacyStruck)
    assert set(told.marks) == {"1 左上角", "1 右上角", "2 左上角", "3 左上角"}


@pytest.mark.parametrize("kind", NAMES)
def test_a_second_change_a_release_and_an_undo(office: Archive, tmp_path: Path, kind: str) -> None:
    content = scanned(tmp_path, kind)
    file = put(office, content, NAMES[kind])
    batches, states = [struck(office, notice(named(content))).batch_id], [content]
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    item = NoticeItem(document_number=NUMBER)
    for filed, mark, lines in (
        (notice(item, number=AGAIN, new=new), "机密★3年", 2),
        (notice(item, number="示密解〔2026〕5号", kind=ChangeKind.RELEASED_EARLY), "解密", 3),
    ):
        states.append(file.read_bytes())
        (before,) = pages_of(file)
        result = remarked(office, filed)
        assert [one.error for one in result.verdicts] == [None]
        batches.append(result.batch_id)
        (after,) = pages_of(file)
        assert len(lines_through(after)) == lines
        assert grown_lighter(before, after) < 20
        report = reports_of(office)[file.name]
        assert (report.mark, report.agrees) == (mark, True), report
    assert show_file(file).facts["状态"] == "已解密"
    (printed,) = preprint_files(
        PrintRequest((file,), "王样例"), office.room.office, on_verdict=quiet
    )
    assert printed.reason is PrintReason.RELEASED
    with office.room.ledger() as ledger:
        told = [act.marks for _, act in ledger.acts(LegacyStruck)]
    assert len(told) == 3 and told[0] == told[1] == told[2]
    while batches:
        with office.desk() as desk:
            undo_batch(batches.pop(), desk)
        assert file.read_bytes() == states.pop()


def test_a_change_of_who_may_know_strikes_nothing_till_another_changes_the_mark(
    office: Archive, tmp_path: Path
) -> None:
    content = scanned(tmp_path)
    file = put(office, content, NAMES["PNG"])
    scope = NewValues(scope=("示例市样例局",))
    first = notice(named(content), kind=ChangeKind.SCOPE_CHANGED, new=scope)
    result = struck(office, first)
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    assert not lines_through(pages_of(file)[0])
    second = notice(NoticeItem(document_number=NUMBER), number=AGAIN)
    assert remarked(office, second).count(RemarkStatus.CHANGED) == 1
    assert len(lines_through(pages_of(file)[0])) == 1
    report = reports_of(office)[file.name]
    assert (report.mark, report.agrees) == ("秘密★5年", True), report


def _saved_anew(file: Path, *, words: bool, pixels: bytes | None = None) -> Path:
    """What another program makes of a PNG: other bytes, its words lost or kept; perhaps with the
    pixels of another file.
    """
    target = file.with_name("另存.png")
    with Image.open(file) as image:
        image.load()
        told = PngInfo()
        for key, text in image.text.items() if words else ():  # type: ignore[attr-defined]
            told.add_itxt(key, text)
        shown = image if pixels is None else Image.open(BytesIO(pixels))
        shown.save(target, pnginfo=told, compress_level=1, dpi=image.info["dpi"])
    return target


@pytest.mark.parametrize("words", [True, False], ids=["words kept", "words lost"])
def test_a_struck_picture_that_was_saved_anew_is_known_by_its_pixels(
    office: Archive, tmp_path: Path, words: bool
) -> None:
    content = scanned(tmp_path)
    file = put(office, content, NAMES["PNG"])
    batch = struck(office, notice(named(content))).batch_id
    again = _saved_anew(file, words=words)
    report = reports_of(office)[again.name]
    wanted = IdentifiedBy.CARRIERS if words else IdentifiedBy.CONTENT
    assert (report.mark, report.identified_by) == ("秘密★5年", wanted), report
    agreements = {line.agreement for line in report.lines}
    assert (Agreement.MISSING in agreements) is not words
    assert Agreement.CONTRADICTS not in agreements
    assert any("pixel for pixel" in str(line.says) for line in report.lines)
    (compared,) = reconcile([again], office.room.office, on_compared=quiet)
    assert compared.standing is (Reconciled.AGREES if words else Reconciled.INCOMPLETE)
    # It is not, byte for byte, what was struck here: a further change asks a person.
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    office.sign(notice(NoticeItem(document_number=NUMBER), number=AGAIN, new=new))
    plan = planned(office, name=AGAIN)
    assert names(plan.files) == [file.name] and names(plan.person) == [again.name]
    with office.desk() as desk:
        undo_batch(batch, desk)
    assert not reports_of(office)[again.name].agrees


def test_the_words_of_a_struck_picture_over_the_pixels_of_before_deceive_nobody(
    office: Archive, tmp_path: Path
) -> None:
    content = scanned(tmp_path)
    file = put(office, content, NAMES["PNG"])
    struck(office, notice(named(content)))
    again = _saved_anew(file, words=True, pixels=content)
    report = reports_of(office)[again.name]
    contradicted = [str(line) for line in report.lines if line.agreement is Agreement.CONTRADICTS]
    assert any("picture was changed" in line for line in contradicted), report
    (compared,) = reconcile([again], office.room.office, on_compared=quiet)
    assert compared.standing is Reconciled.ALTERED


def test_of_a_released_picture_of_others_no_copy_without_marks_is_made(
    office: Archive, tmp_path: Path
) -> None:
    content = scanned(tmp_path)
    file = put(office, content, NAMES["PNG"])
    room = office.room.with_policies("clean_copies = true")
    papers = Archive(People(room, office.crew.hands), {})
    filed = notice(named(content), kind=ChangeKind.RELEASED_EARLY)
    assert struck(papers, filed).count(RemarkStatus.CHANGED) == 1
    with papers.desk() as desk:
        checked = registered_notice(filed.notice.number, desk)
        (verdict,) = clean_copies(checked, [papers.out], tmp_path / "解密件", desk, told=str)
    assert isinstance(verdict.error, CleanCopyRefused) and "others marked it" in str(verdict.error)
    assert not list((tmp_path / "解密件").iterdir()) and file.exists()
