"""Marks that others put on a paper before this program are struck when people say so."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from approval_kit import REVIEWER, SECURITY
from dingmi_mark.domain.change import ChangeKind, NewValues
from dingmi_mark.domain.ledger_changes import MarkingChanged, RemarkDone
from dingmi_mark.domain.ledger_legacy import LegacyConfirmed, LegacyDescribed, LegacyStruck
from dingmi_mark.domain.legacy import OldMark
from dingmi_mark.domain.notices import NoticeItem
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.domain.source_values import SourceValues
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import (
    ChangeRefused,
    LegacyMarkUnsure,
    LegacyNotConfirmable,
    NoticeItemsUnclear,
    PlanOutdated,
    RemarkPlaceFull,
)
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.pptx import PptxHandler
from dingmi_mark.pipeline import clock
from dingmi_mark.pipeline.change_letters import make_suggestion
from dingmi_mark.pipeline.notices import check_notice
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.reconcile_words import Standing as Reconciled
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.remark_undoing import undo_batch
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.source_adding import Register, add_source
from dingmi_mark.pipeline.verdicts import Agreement
from dingmi_mark.store.lawbook import read_lawbook
from legacy_kit import (
    ISSUED,
    LEFT,
    NUMBER,
    OLD,
    RIGHT,
    archived,
    confirmed,
    old_paper,
    put,
    struck,
    word,
)
from office_files_kit import needs_soffice
from remark_kit import (
    CHANGE,
    Archive,
    applied,
    archive,
    bytes_below,
    names,
    notice,
    planned,
    quiet,
    reports_of,
    verified,
)
from slides_kit import Sheet, Show, slides, text_box

pytestmark = pytest.mark.usefixtures("in_this_process")


def _lines_through(file: Path, *texts: str, page: int = 0) -> Iterator[str]:
    """The texts through which a line runs from end to end, by another program's eyes."""
    import pymupdf

    with pymupdf.open(file) as document:
        shown = document[page]
        lines = [
            item[1:3]
            for path in shown.get_drawings()
            for item in path["items"]
            if item[0] == "l" and abs(item[1].y - item[2].y) < 0.1
        ]
        for text in texts:
            for place in shown.search_for(text):
                if any(
                    a.x <= place.x0 + 1 and b.x >= place.x1 - 1 and place.y0 < a.y < place.y1
                    for a, b in lines
                ):
                    yield text


def test_a_file_of_the_archive_is_planned_as_one_that_needs_people(office: Archive) -> None:
    put(office, archived(("机密★10年", RIGHT)))
    put(office, archived(("机密★10年", LEFT), number="示密〔2025〕19号"), "另一份.pdf")
    put(office, archived(("机密★10年", LEFT), number=f"根据{NUMBER}办理"), "引用.pdf")
    before = bytes_below(office.out)
    office.sign(notice(old_paper()))
    plan = planned(office)
    (one,) = plan.legacy
    assert Path(one.path).name == "旧文件.pdf"
    assert (one.mark, one.where) == ("机密★10年", "1 右上角")
    assert (one.before, one.after) == ("机密★10年", "秘密★5年")
    assert names(plan.alike) == ["引用.pdf"]
    assert not (plan.files or plan.person or plan.unreadable or plan.missing)
    assert bytes_below(office.out) == before


def test_without_a_file_the_paper_is_told_as_missing(office: Archive) -> None:
    office.sign(notice(old_paper()))
    (missing,) = planned(office).missing
    assert missing.name == NUMBER


@pytest.mark.parametrize(
    "spelling",
    [
        *("机密★10年", "机密 ★ 10年", "机　密★10年", "机密★", "机密", "机密*10年", "机密 10年"),
        *("机密10年", "★机密 10年", "机密★(10年)", "机密·10年", "机密★十年", "密级：机密"),
    ],
)
@pytest.mark.parametrize("place", [LEFT, RIGHT], ids=["left", "right"])
def test_every_spelling_is_struck_and_stays_readable(
    office: Archive, spelling: str, place: tuple[float, float]
) -> None:
    content = archived((spelling, place))
    file = put(office, content)
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert (verdict.status, verdict.error) == (RemarkStatus.CHANGED, None)
    import pymupdf

    with pymupdf.open(file) as document, pymupdf.open(stream=content) as old:
        after, before = document[0].get_text(), old[0].get_text()
    for line in filter(None, map(str.strip, before.splitlines())):
        assert line in after
    assert "秘密★5年" in after and f"变更 {_today()} {CHANGE}" in after
    # The font of this paper has one letter for both dots, and PDF readers name the other.
    shown = spelling.replace("·", "・")
    assert set(_lines_through(file, shown, "秘密★5年")) == {shown}
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == "秘密★5年", report
    assert any("机密★10年" in str(line.says) for line in report.lines)


def _today() -> str:
    day = clock.today()
    return f"{day.year}年{day.month}月{day.day}日"


def test_a_level_that_was_spaced_out_without_a_character_is_one_mark(office: Archive) -> None:
    """As in PDF files that Word made: `机　密★10年` is set in two pieces with a gap."""
    x, y = RIGHT
    file = put(office, archived(("机", (x, y)), ("密★10年", (x + 32, y))))
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert verdict.error is None
    assert tuple(_lines_through(file, "密★10年")) == ("密★10年",)
    (report,) = reports_of(office).values()
    assert report.agrees, report


def test_only_its_own_words_are_struck_in_a_row_with_others(office: Archive) -> None:
    file = put(office, archived(("000017机密★10年特急", LEFT)))
    struck(office, notice(old_paper()))
    assert tuple(_lines_through(file, "机密★10年", "000017", "特急")) == ("机密★10年",)


def test_marks_in_both_corners_and_on_later_pages_are_struck(office: Archive) -> None:
    content = archived(("机密★10年", LEFT), ("机密", RIGHT), pages=2, running="机密★10年")
    file = put(office, content)
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert verdict.error is None
    assert sorted(_lines_through(file, "机密")) == ["机密"] * 2
    assert tuple(_lines_through(file, "机密", page=1)) == ("机密",)
    with office.room.ledger() as ledger:
        ((_, entry),) = ledger.acts(LegacyStruck)
    assert dict(entry.marks) == {
        "1 左上角": "机密★10年",
        "1 右上角": "机密",
        "2 左上角": "机密★10年",
    }


def test_a_red_stamp_in_a_frame_is_struck_and_nothing_is_covered(office: Archive) -> None:
    import pymupdf

    def frame(page: Any) -> None:
        page.draw_rect(pymupdf.Rect(412, 128, 512, 158), color=(1, 0, 0), width=1)

    file = put(office, archived(("机密★10年", RIGHT), colour=(1, 0, 0), draw=frame))
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert verdict.error is None
    assert tuple(_lines_through(file, "机密★10年")) == ("机密★10年",)
    with pymupdf.open(file) as document:
        picture = document[0].get_pixmap(clip=pymupdf.Rect(412, 128, 512, 158))
        red = sum(
            picture.pixel(x, y)[0] > 180 > 90 > picture.pixel(x, y)[2]
            for x in range(picture.width)
            for y in range(picture.height)
        )
    assert red > 300


def test_a_second_change_strikes_the_second_mark_and_a_release_ends_it(office: Archive) -> None:
    file = put(office, archived(("机密★10年", LEFT)))
    struck(office, notice(old_paper()))
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(3))
    again = notice(NoticeItem(document_number=NUMBER), number="示密变〔2026〕4号", new=new)
    office.sign(again)
    plan = planned(office, name=again.notice.number)
    assert names(plan.files) == ["旧文件.pdf"] and not plan.legacy
    verified(office, plan)
    assert applied(office, plan).count(RemarkStatus.CHANGED) == 1
    kind = ChangeKind.RELEASED_EARLY
    struck(office, notice(old_paper(), number="示密解〔2026〕5号", kind=kind))
    old = ("机密★10年", "秘密★5年", "机密★3年")
    assert tuple(_lines_through(file, *old, "提前解密")) == old
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("解密", True), report
    facts = show_file(file).facts
    assert facts["解密标志"].startswith("解密 ") and "定密类型" not in facts
    with office.room.ledger() as ledger:
        assert len(ledger.acts(LegacyDescribed)) == 1 and ledger.verify() == []
        changes = [act for _, act in ledger.acts(MarkingChanged)]
    assert [(one.old_level, one.level) for one in changes] == [
        *(("机密", "秘密"), ("秘密", "机密"), ("机密", "机密")),
    ]


def test_undo_brings_back_every_byte_and_it_can_be_done_again(office: Archive) -> None:
    file = put(office, archived(("机密★10年", RIGHT)))
    before = file.read_bytes()
    batch = struck(office, notice(old_paper())).batch_id
    assert file.read_bytes() != before
    with office.desk() as desk:
        undo_batch(batch, desk)
    assert file.read_bytes() == before
    time.sleep(1.1)  # a plan of the same second is the same plan, which they have signed already
    plan = planned(office)
    assert len(plan.legacy) == 1
    confirmed(office, plan, file)
    verified(office, plan)
    assert applied(office, plan).count(RemarkStatus.CHANGED) == 1


def test_a_second_run_does_nothing_twice(office: Archive) -> None:
    file = put(office, archived(("机密★10年", LEFT)))
    office.sign(notice(old_paper()))
    plan = planned(office)
    confirmed(office, plan, file)
    verified(office, plan)
    applied(office, plan)
    after, heads = file.read_bytes(), []
    for _ in range(2):
        with office.room.ledger() as ledger:
            heads.append(ledger.head())
        assert applied(office, plan).count(RemarkStatus.UNCHANGED) == 1
    assert file.read_bytes() == after and heads[0] == heads[1]
    assert names(planned(office).unchanged) == ["旧文件.pdf"]


def test_what_too_few_people_confirmed_stays(office: Archive) -> None:
    file, other = (
        put(office, archived(("机密★10年", place)), name)
        for place, name in ((LEFT, "甲.pdf"), (RIGHT, "乙.pdf"))
    )
    before = bytes_below(office.out)
    office.sign(notice(old_paper()))
    plan = planned(office)
    verified(office, plan)
    result = applied(office, plan)
    assert not result.verdicts and len(result.unconfirmed) == 2
    confirmed(office, plan, file, other, by=[SECURITY])
    confirmed(office, plan, file, by=[SECURITY])
    assert len(applied(office, plan).unconfirmed) == 2
    assert bytes_below(office.out) == before
    confirmed(office, plan, file, by=[REVIEWER])
    result = applied(office, plan)
    assert [one.path.name for one in result.verdicts] == ["甲.pdf"]
    assert [Path(path).name for path in result.unconfirmed] == ["乙.pdf"]
    assert file.read_bytes() != before["甲.pdf"] and other.read_bytes() == before["乙.pdf"]
    with office.room.ledger() as ledger:
        assert len(ledger.acts(LegacyConfirmed)) == 3 and len(ledger.acts(RemarkDone)) == 1


def test_only_files_of_the_plan_as_they_are_can_be_confirmed(office: Archive) -> None:
    file = put(office, archived(("机密★10年", LEFT)))
    stranger = put(office, archived(("机密★10年", LEFT), number="示密〔2025〕7号"), "别的.pdf")
    office.sign(notice(old_paper()))
    plan = planned(office)
    with pytest.raises(LegacyNotConfirmable):
        confirmed(office, plan, stranger)
    confirmed(office, plan, file)
    verified(office, plan)
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(LegacyNotConfirmable):
        confirmed(office, plan, file)
    with pytest.raises(PlanOutdated):
        applied(office, plan)
    with office.room.ledger() as ledger:
        assert not ledger.acts(LegacyDescribed, MarkingChanged)


def test_a_digest_names_the_file_whatever_it_shows(office: Archive) -> None:
    content = archived(("机密★10年", LEFT), number="无文号")
    put(office, content)
    digest = "sm3:" + hashlib.new("sm3", content).hexdigest()
    office.sign(notice(NoticeItem(digest=digest, old=OLD)))
    (one,) = planned(office).legacy
    assert "digest" in one.known_by


def test_a_title_names_a_file_where_it_stands_by_itself(office: Archive) -> None:
    put(office, archived(("机密★10年", LEFT), number="样例：旧事项的通知"))
    put(office, archived(("机密★10年", LEFT), number="转发样例：旧事项的通知"), "转发.pdf")
    office.sign(notice(NoticeItem(title="样例：旧事项的通知", old=OLD)))
    plan = planned(office)
    assert names(plan.legacy) == ["旧文件.pdf"] and names(plan.alike) == ["转发.pdf"]


# ── what is never guessed ────────────────────────────────────────────────────────────────────


def _outlined() -> bytes:
    """The mark as curves: nothing tells its letters any more."""
    import pymupdf

    source = pymupdf.open(stream=archived(("机密★10年", LEFT)))
    svg = source[0].get_svg_image(text_as_path=True)
    shown = pymupdf.open(stream=svg.encode(), filetype="svg")
    made = pymupdf.open(stream=shown.convert_to_pdf())
    page = made[0]
    font = pymupdf.Font(fontfile=str(_bundled()))
    writer = pymupdf.TextWriter(page.rect)
    writer.append((240, 320), NUMBER, font, 16)
    writer.write_text(page)
    return bytes(made.tobytes(no_new_id=True))


def _bundled() -> Path:
    from dingmi_mark.store.fonts import BUNDLED

    return BUNDLED


def _on_a_picture() -> bytes:
    """A scan whose words somebody recognised: the letters lie over a picture."""
    import pymupdf

    def scan(page: Any) -> None:
        picture = page.get_pixmap(dpi=100, clip=pymupdf.Rect(60, 120, 300, 160))
        page.insert_image(pymupdf.Rect(60, 120, 300, 160), stream=picture.tobytes("png"))

    return archived(("机密★10年", LEFT), draw=scan)


def _white_on_white() -> bytes:
    return archived(("机密★10年", LEFT), colour=(1, 1, 1))


def _under_a_note() -> bytes:
    import pymupdf

    def note(page: Any) -> None:
        page.add_freetext_annot(pymupdf.Rect(70, 125, 300, 160), "", fill_color=(1, 1, 0.5))

    return archived(("机密★10年", LEFT), draw=note)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: archived(), id="no mark"),
        pytest.param(_outlined, id="outlines"),
        pytest.param(_on_a_picture, id="scan"),
        pytest.param(_white_on_white, id="no ink"),
        pytest.param(_under_a_note, id="under a note"),
        pytest.param(lambda: archived(("机密★10年", LEFT), ("秘密★5年", RIGHT)), id="contradict"),
        pytest.param(lambda: archived(("机密", LEFT), ("机密★5年", RIGHT)), id="another period"),
        pytest.param(lambda: archived(("秘密★10年", LEFT)), id="another level"),
        pytest.param(lambda: archived(("机密★10年", LEFT), ("机密", (79, 180))), id="twice"),
        pytest.param(lambda: archived(("机密★", LEFT), ("10年", (79, 168))), id="two rows"),
        pytest.param(lambda: archived(("机密", LEFT), ("10年", RIGHT)), id="two pieces"),
        pytest.param(lambda: archived(("拟定 机密 10年", LEFT)), id="provisional"),
        pytest.param(lambda: archived(("机密★10年", LEFT), ("解密", RIGHT)), id="released"),
        pytest.param(
            lambda: archived(("机密★10年", LEFT), pages=2, running="秘密★5年"), id="later page"
        ),
    ],
)
def test_where_a_mark_is_not_sure_a_person_is_asked_and_nothing_else(
    office: Archive, content: Any
) -> None:
    file = put(office, content())
    office.sign(notice(old_paper()))
    plan = planned(office)
    assert not plan.legacy and not plan.files
    assert names(plan.person) == ["旧文件.pdf"] and LegacyMarkUnsure.says[:40] in plan.person[0].why
    with pytest.raises(LegacyNotConfirmable):
        confirmed(office, plan, file)


def test_where_there_is_no_room_the_file_stays(office: Archive) -> None:
    import pymupdf

    font = pymupdf.Font(fontfile=str(_bundled()))

    def crowd(page: Any) -> None:
        writer = pymupdf.TextWriter(page.rect)
        for row in range(10):
            writer.append((79.4, 160 + row * 9), "样例文字" * 12, font, 8)
        writer.append((170, 148), "样例" * 16, font, 8)
        writer.write_text(page)

    file = put(office, archived(("机密★10年", LEFT), draw=crowd))
    before = file.read_bytes()
    (verdict,) = struck(office, notice(old_paper())).verdicts
    assert isinstance(verdict.error, RemarkPlaceFull), verdict
    assert file.read_bytes() == before
    assert not list(file.parent.glob(".dingmi*"))


# ── law ──────────────────────────────────────────────────────────────────────────────────────


def test_what_the_ledger_does_not_know_needs_its_old_mark(office: Archive) -> None:
    with pytest.raises(NoticeItemsUnclear):
        office.sign(notice(NoticeItem(document_number=NUMBER)))


def test_an_extension_comes_before_the_old_period_ends(office: Archive) -> None:
    """保守国家秘密法(2024)第二十四条 (R40): counted from what the notice says of the old mark."""
    over = OldMark(SecrecyLevel.HIGHLY_SECRET, ForYears(1), ISSUED)
    new = NewValues(SecrecyLevel.HIGHLY_SECRET, ForYears(15), ("样例知悉范围",))
    kind, day = ChangeKind.EXTENDED, ISSUED.replace(year=ISSUED.year + 1) + timedelta(days=1)
    with pytest.raises(ChangeRefused) as refused:
        office.sign(notice(old_paper(old=over), kind=kind, new=new, day=day))
    assert "第二十四条" in str(refused.value)


def test_no_part_of_such_a_paper_is_released(office: Archive) -> None:
    """R46: only points are released by themselves, and of these no record is there."""
    file = put(office, archived(("机密★10年", LEFT)))
    before = file.read_bytes()
    kind = ChangeKind.PARTLY_RELEASED
    with pytest.raises(ChangeRefused) as refused:
        office.sign(notice(old_paper(), kind=kind, items=("1",)))
    assert "no record tells its points" in str(refused.value)
    assert file.read_bytes() == before


def test_a_paper_of_another_organ_gets_a_letter_and_no_stamp(office: Archive) -> None:
    """保守国家秘密法(2024)第二十三条 (R42): only the originator, its superior or successor."""
    item = old_paper(old=replace(OLD, organ="示例市样例局"))
    with pytest.raises(ChangeRefused):
        office.sign(notice(item))
    from dingmi_mark.domain.change import ChangeRight

    filed = notice(item, right=ChangeRight.OTHER)
    with office.desk() as desk:
        assert make_suggestion(filed, desk).originator == "示例市样例局"


def test_two_notices_say_the_same_of_an_old_mark(office: Archive) -> None:
    put(office, archived(("机密★10年", LEFT)))
    struck(office, notice(old_paper()))
    other = replace(OLD, period=ForYears(20))
    filed = notice(old_paper(old=other), number="示密变〔2026〕4号")
    with office.desk() as desk:
        (item,) = check_notice(filed, desk).items
    assert item.trouble is not None and "another old mark" in str(item.trouble)


def _registered(office: Archive, file: Path, organ: str) -> str:
    typed = SourceValues(issue_day=ISSUED, title="样例", document_number=NUMBER, organ=organ)
    room = office.room
    with room.ledger() as ledger:
        lawbook = read_lawbook(room.office.profile)
        desk = Register(room.office, ledger, lawbook, clock.today(), clock.now())
        return add_source(file, typed, "", desk).document.id


def test_a_paper_of_our_own_that_was_registered_needs_no_old_mark(office: Archive) -> None:
    file = put(office, archived(("机密★10年", RIGHT), number="没有单独的文号"))
    _registered(office, file, office.room.office.name)
    (verdict,) = struck(office, notice(NoticeItem(document_number=NUMBER))).verdicts
    assert (verdict.status, verdict.error) == (RemarkStatus.CHANGED, None)
    assert tuple(_lines_through(file, "机密★10年")) == ("机密★10年",)
    kind = ChangeKind.RELEASED_EARLY
    again = struck(
        office, notice(NoticeItem(document_number=NUMBER), number="示密解〔2026〕5号", kind=kind)
    )
    assert again.count(RemarkStatus.CHANGED) == 1


def test_a_paper_that_is_registered_as_another_organ_s_is_not_touched(office: Archive) -> None:
    file = put(office, archived(("机密★10年", RIGHT), number="样例：旧事项的通知"))
    _registered(office, file, "示例市样例局")
    with pytest.raises(NoticeItemsUnclear):
        office.sign(notice(NoticeItem(document_number=NUMBER)))
    office.sign(notice(NoticeItem(title="样例：旧事项的通知", old=OLD)))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧文件.pdf"]


def test_what_another_office_marked_by_this_program_is_left_to_people(
    office: Archive, tmp_path: Path
) -> None:
    import hashlib

    other = archive(tmp_path / "other")
    content = other.mark("1号.pdf").read_bytes()
    put(office, content)
    digest = "sm3:" + hashlib.new("sm3", content).hexdigest()
    office.sign(notice(NoticeItem(digest=digest, old=OLD)))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧文件.pdf"]


# ── Word files, as LibreOffice shows them ────────────────────────────────────────────────────


@needs_soffice
def test_a_typed_mark_of_a_word_file_is_struck_changed_again_and_taken_back(
    office: Archive,
) -> None:
    content = word(("机　密★10年", "right"))
    file = put(office, content, "旧文件.docx")
    first = struck(office, notice(old_paper()))
    assert [one.error for one in first.verdicts] == [None]
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == "秘密★5年", report
    kind = ChangeKind.RELEASED_EARLY
    second = struck(office, notice(old_paper(), number="示密解〔2026〕5号", kind=kind))
    assert [one.error for one in second.verdicts] == [None]
    with DocxHandler().view(file) as view:
        assert view is not None
        text = "".join(line.text for line in view.lines(0)).replace(" ", "")
    for words in ("密★10年", "秘密★5年", "变更2026年", "提前解密2026年"):
        assert words in text
    with office.desk() as desk:
        undo_batch(second.batch_id, desk)
        undo_batch(first.batch_id, desk)
    assert file.read_bytes() == content


@needs_soffice
def test_where_editing_moved_the_mark_from_under_its_line_it_is_told(office: Archive) -> None:
    from docx import Document

    file = put(office, word(("机密★10年", "left")), "旧文件.docx")
    struck(office, notice(old_paper()))
    document = Document(str(file))
    first = document.paragraphs[0]
    for _ in range(3):
        first.insert_paragraph_before("样例：后来加的一行")
    document.save(str(file))
    (report,) = reports_of(office).values()
    assert not report.agrees
    lines = [str(line.says) for line in report.lines if line.agreement is Agreement.MISSING]
    assert any("机密★10年" in line for line in lines), report


def _running(*headers: str, body: str = "", pages: int = 3, first: bool = False) -> bytes:
    """A Word file of some pages with marks in its header (default, even) or typed on the second."""
    from io import BytesIO

    from docx import Document
    from docx.enum.text import WD_BREAK

    document = Document(BytesIO(word(("机密★10年", "left")) if first else word()))
    section = document.sections[0]
    section.different_first_page_header_footer = first
    section.header.paragraphs[0].add_run(headers[0])
    if len(headers) > 1:
        document.settings.odd_and_even_pages_header_footer = True
        section.even_page_header.paragraphs[0].add_run(headers[1])
    for page in range(1, pages):
        document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        document.add_paragraph(body if page == 1 else "样例")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


@needs_soffice
@pytest.mark.parametrize("first", [False, True], ids=["header", "header and first page"])
def test_a_mark_in_the_headers_of_a_word_file_is_struck_on_every_page(
    office: Archive, first: bool
) -> None:
    content = _running("机密★10年", first=first)
    file = put(office, content, "旧文件.docx")
    result = struck(office, notice(old_paper()))
    assert [one.error for one in result.verdicts] == [None]
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == "秘密★5年", report
    with DocxHandler().view(file) as view:
        assert view is not None and len(view.sizes) == 3
        for page in range(3):
            text = "".join(line.text for line in view.lines(page)).replace(" ", "")
            assert text.count("机密★10年") == 1 and text.count("秘密★5年") == 1
            assert ("变更2026年" in text) is (page == 0)
    with office.desk() as desk:
        undo_batch(result.batch_id, desk)
    assert file.read_bytes() == content


@needs_soffice
@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(lambda: _running("机密★10年", "样例", pages=2), "none can be seen", id="odd"),
        pytest.param(lambda: _running("样例", "机密★10年", pages=2, first=True), "all", id="even"),
        pytest.param(lambda: _running("机密★10年", pages=1), "none can be seen", id="one page"),
        pytest.param(lambda: _running("机密★10年", "秘密★5年"), "not say the same", id="two"),
    ],
)
def test_marks_in_headers_that_are_not_sure_are_left_to_people(
    office: Archive, content: Any, why: str
) -> None:
    put(office, content(), "旧文件.docx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧文件.docx"]
    assert why in plan.person[0].why


# ── presentations, as LibreOffice shows them ─────────────────────────────────────────────────


def _show(
    *marks: tuple[str, float, float], later: str = "机密★10年", number: str = NUMBER
) -> bytes:
    """A presentation with marks at places (mm) of its first slide, and one on the later ones."""
    first = "".join(
        text_box(text, x, y, number=20 + n, width=70) for n, (text, x, y) in enumerate(marks)
    )
    other = text_box(later, 12, 8, number=20, width=70) if later else ""
    hidden = Sheet("样例：隐藏的一页", hidden=True, more=other)
    return slides(Show((Sheet(NUMBER, more=first), Sheet("样例", more=other), hidden)))


@needs_soffice
def test_marks_on_slides_are_struck_changed_again_and_taken_back(office: Archive) -> None:
    content = _show(("机密★10年", 12, 8))
    file = put(office, content, "旧文件.pptx")
    first = struck(office, notice(old_paper()))
    assert [one.error for one in first.verdicts] == [None]
    (report,) = reports_of(office).values()
    assert report.agrees and report.mark == "秘密★5年", report
    with office.room.ledger() as ledger:
        ((_, entry),) = ledger.acts(LegacyStruck)
    read = {place: words.replace(" ", "") for place, words in entry.marks.items()}
    assert read == {f"{slide} 左上角": "机密★10年" for slide in (1, 2, 3)}
    kind = ChangeKind.RELEASED_EARLY
    second = struck(office, notice(old_paper(), number="示密解〔2026〕5号", kind=kind))
    assert [one.error for one in second.verdicts] == [None]
    with PptxHandler().view(file) as view:
        assert view is not None
        for slide in range(3):
            text = "".join(line.text for line in view.lines(slide)).replace(" ", "")
            assert all(words in text for words in ("机密★10年", "秘密★5年", "解密"))
            assert ("提前解密2026年" in text) is (slide == 0)
    (report,) = reports_of(office).values()
    assert (report.mark, report.agrees) == ("解密", True), report
    with office.desk() as desk:
        undo_batch(second.batch_id, desk)
        undo_batch(first.batch_id, desk)
    assert file.read_bytes() == content


@needs_soffice
@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(
            _show(("机密★10年", 12, 8), later="秘密★5年"), "do not say the same", id="two"
        ),
        pytest.param(_show(("机密★10年", 12, 120)), "no mark can be read", id="not at the head"),
        pytest.param(_show(("机密★", 12, 8), ("10年", 12, 17), later=""), "two pieces", id="cut"),
    ],
)
def test_marks_on_slides_that_are_not_sure_are_left_to_people(
    office: Archive, content: bytes, why: str
) -> None:
    file = put(office, content, "旧文件.pptx")
    office.sign(notice(old_paper()))
    plan = planned(office)
    assert not plan.legacy and names(plan.person) == ["旧文件.pptx"]
    assert why in plan.person[0].why
    with pytest.raises(LegacyNotConfirmable):
        confirmed(office, plan, file)


# ── how such a file is seen afterwards ───────────────────────────────────────────────────────


def test_a_struck_paper_prints_and_reconciles_as_known(office: Archive) -> None:
    from dingmi_mark.pipeline.reconcile import reconcile

    file = put(office, archived(("机密★10年", LEFT)))
    struck(office, notice(old_paper()))
    (verdict,) = preprint_files(
        PrintRequest((file,), "王样例"), office.room.office, on_verdict=quiet
    )
    assert verdict.reason is PrintReason.MARKED
    (seen,) = reconcile([office.out], office.room.office, on_compared=quiet)
    assert seen.standing is Reconciled.AGREES


def test_a_struck_paper_that_was_altered_or_saved_anew_is_told(office: Archive) -> None:
    import pikepdf

    file = put(office, archived(("机密★10年", LEFT)))
    struck(office, notice(old_paper()))
    with pikepdf.open(file) as document:
        document.save(office.out / "另存.pdf", linearize=True)
        document.pages[0].rotate(90, relative=True)
        document.save(office.out / "转了.pdf")
    found = reports_of(office)
    assert found["另存.pdf"].agrees and found["另存.pdf"].mark == "秘密★5年"
    assert not found["转了.pdf"].agrees
    again = notice(old_paper(), number="示密解〔2026〕5号", kind=ChangeKind.RELEASED_EARLY)
    office.sign(again)
    plan = planned(office, name=again.notice.number)
    assert names(plan.files) == ["旧文件.pdf"]
    assert names(plan.person) == ["另存.pdf", "转了.pdf"]
