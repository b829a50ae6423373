"""The whole way, on small files of every format: marked, confirmed, in the ledger, checked."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import hostile_kit
from dingmi_mark.domain.approval import Urgency
from dingmi_mark.domain.points import BoxAnchor, ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.terms import ForYears, SecrecyLevel
from dingmi_mark.errors import (
    AlreadyMarkedOtherwise,
    ApprovalAmbiguous,
    ApprovalDigestDiffers,
    ApprovalInvalid,
    ApprovalMissing,
    ApprovalUnreadable,
    ApprovalWithoutDigest,
    CopyAlreadyMade,
    DingmiError,
    DraftBroken,
    DraftEmpty,
    DraftUnsupported,
    DraftWrongSuffix,
    LawViolated,
    MarkNotConfirmed,
    NotAStateSecret,
    OutputExists,
    PlaceTaken,
    TemplateUnknown,
    TypedMarkConflict,
)
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Agreement, Assurance, IdentifiedBy, Status
from dingmi_mark.store.fonts import BUNDLED
from office_files_kit import needs_soffice
from office_kit import DRAFTS, QUOTE, Room, approved, docx, new_room, only, pdf, picture


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def files_below(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def quiet(_: object) -> None:
    return None


@pytest.mark.parametrize("name", DRAFTS)
def test_every_format_goes_the_whole_way(room: Room, name: str) -> None:
    content = DRAFTS[name]()
    form = "公文" if name.startswith("通知") else "图片"
    room.put(name, content, approved(content, name, copies=2, form=form, urgency=Urgency.URGENT))
    result = room.mark()
    verdict = only(result)
    assert verdict.error is None, verdict.error
    assert (verdict.status, verdict.mark) == (Status.MARKED, "机密★10年")
    stem, dot, suffix = name.rpartition(".")
    wanted = [f"{stem}-00000{copy}{dot}{suffix}" for copy in (1, 2)]
    assert files_below(room.out) == wanted
    assert (room.drafts / name).read_bytes() == content
    rendered = not name.endswith("docx") or find_soffice() is not None
    assert {copy.assurance for copy in verdict.copies} == {
        Assurance.RENDERED if rendered else Assurance.STRUCTURAL
    }
    reports = check_files([room.out], room.office, on_report=quiet)
    assert [report.identified_by for report in reports] == [IdentifiedBy.BYTES] * 2
    assert all(report.agrees for report in reports), reports
    label = show_file(room.out / wanted[1])
    assert label.facts["国家秘密标志"] == "机密★10年"
    assert label.facts["份号"] == "000002"
    assert all(label.levels.values())
    assert not list((room.office.folder / "work").iterdir())


@pytest.mark.parametrize("name", DRAFTS)
def test_a_name_in_gbk_from_an_old_disk_goes_the_whole_way_too(room: Room, name: str) -> None:
    """Linux hands on the bytes of a name as they are; not all libraries take them."""
    content = DRAFTS[name]()
    stem, suffix = name.split(".")
    there = os.fsdecode(stem.encode("gbk") + f".{suffix}".encode())
    form = "公文" if name.startswith("通知") else "图片"
    room.put(there, content)
    room.approve("示例", approved(content, "示例", copies=1, form=form))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    (copy,) = verdict.copies
    assert os.fsencode(copy.path.name).startswith(stem.encode("gbk"))
    (report,) = check_files([copy.path], room.office, on_report=quiet)
    assert report.agrees, report


def test_running_again_does_nothing_twice(room: Room) -> None:
    content = pdf()
    room.put("a/通知.pdf", content, approved(content, "a/通知.pdf"))
    assert only(room.mark()).status is Status.MARKED
    before = {p: p.stat().st_mtime_ns for p in room.out.rglob("*")}
    again = only(room.mark())
    assert again.status is Status.UNCHANGED
    assert {p: p.stat().st_mtime_ns for p in room.out.rglob("*")} == before
    with room.ledger() as ledger:
        assert ledger.verify() == []
        kinds = [link.kind for link in ledger.entries()]
    assert kinds.count("mark.intended/1") == 1
    assert kinds[-1] == "batch.finished/1"


def test_same_draft_same_bytes(tmp_path: Path) -> None:
    """Conventions 7: no clock, no random names in the file."""
    content = pdf()
    marked = []
    for number in ("1", "2"):
        room = new_room(tmp_path / number)
        if marked:
            for part in ("secret/office.key", "office.toml"):
                shutil.copy2(tmp_path / "1" / "office" / part, room.office.folder / part)
        room.put("通知.pdf", content, approved(content, "通知.pdf"))
        result = only(room.mark(dry_run=False)) if not marked else None
        if result is None:
            from dingmi_mark.store.ledger import Ledger
            from dingmi_mark.store.office import read_office

            office = read_office(room.office.folder)
            (room.office.folder / "ledger" / "ledger.sqlite").unlink()
            for extra in (room.office.folder / "ledger").iterdir():
                extra.unlink()
            Ledger.create(office.ledger_url, office.id, "2026-11-24T09:00:00+08:00").close()
            room = Room(room.folder, office)
            result = only(room.mark())
        assert result.error is None, result.error
        marked.append(result.copies[0].path.read_bytes())
    assert marked[0] == marked[1]


def test_a_draft_without_record_is_refused_and_listed(room: Room) -> None:
    room.put("通知.pdf", pdf())
    verdict = only(room.mark())
    assert isinstance(verdict.error, ApprovalMissing)
    assert "第十六条" in verdict.error.citation
    assert files_below(room.out) == [] if room.out.exists() else True


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('"机密"', '"工作秘密"', NotAStateSecret),
        ("years = 10", "years = 10\nuntil = 2030-01-01", ApprovalInvalid),
    ],
)
def test_a_faulty_record_is_the_cause_its_draft_gets(
    room: Room, old: str, new: str, error: type[DingmiError]
) -> None:
    """R1: 工作秘密 is no level; R8: one kind of period only."""
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    record = room.approvals / "通知.pdf.toml"
    record.write_text(record.read_text("utf-8").replace(old, new), "utf-8")
    result = room.mark()
    assert isinstance(only(result).error, error)
    assert [path for path, _ in result.unreadable] == [record]


def test_a_changed_draft_is_refused(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content + b"\n", approved(content, "通知.pdf"))
    assert isinstance(only(room.mark()).error, ApprovalDigestDiffers)


def test_a_record_without_digest_needs_the_offices_policy(room: Room) -> None:
    content = pdf()
    record = approved(content, "通知.pdf")
    from record_kit import with_draft

    room.put("通知.pdf", content, with_draft(record, digest=""))
    assert isinstance(only(room.mark()).error, ApprovalWithoutDigest)
    allowing = room.with_policies("records_without_digest = true")
    verdict = only(allowing.mark())
    assert verdict.status is Status.MARKED
    assert any("which file was approved" in str(remark) for remark in verdict.remarks)
    with room.ledger() as ledger:
        known = ledger.marking(verdict.copies[0].marking_id, verdict.copies[0].copy_id)
    assert known is not None and known.intended.without_digest


def test_a_draft_of_two_records_is_marked_by_the_one_that_is_named(room: Room) -> None:
    content = pdf()
    record = approved(content, "通知.pdf")
    room.put("通知.pdf", content, record)
    room.approve("另一", replace(record, number="示密审〔2026〕9号"))
    error = only(room.mark()).error
    assert isinstance(error, ApprovalAmbiguous)
    assert "--approved NUMBER" in str(error.advice)
    assert only(room.mark(approved="示密审〔2026〕9号")).status is Status.MARKED


def test_a_record_whose_draft_failed_is_not_without_draft(room: Room) -> None:
    """By the draft's name; by its digest where two drafts only stand in each other's way."""
    room.put("空.pdf", b"", approved(b"x", "空.pdf"))
    for name, content in (("一.pdf", pdf()), ("一.PDF", pdf(2))):
        unnamed = approved(content, name)
        room.put(name, content, replace(unnamed, draft=replace(unnamed.draft, files=())))
    result = room.mark()
    assert result.count(Status.FAILED) == 3
    assert result.without_draft == ()


def test_a_record_without_draft_is_told(room: Room) -> None:
    room.approve("没有.pdf", approved(b"x", "没有.pdf"))
    result = room.mark()
    assert result.verdicts == ()
    assert [path.name for path in result.without_draft] == ["没有.pdf.toml"]


def test_a_marked_file_among_the_drafts(room: Room) -> None:
    """Same record: nothing to do; other: conflict, which points to re-marking."""
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf", copies=0, form="图片"))
    marked = only(room.mark()).copies[0].path
    shutil.copy2(marked, room.drafts / "通知.pdf")
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    assert verdict.status is Status.UNCHANGED
    other = approved(marked.read_bytes(), "通知.pdf", level=SecrecyLevel.SECRET, form="图片")
    room.approve("通知.pdf", other)
    assert isinstance(only(room.mark()).error, AlreadyMarkedOtherwise)


def test_an_altered_record_does_not_mark_the_same_draft_again(room: Room) -> None:
    content = pdf()
    record = approved(content, "通知.pdf")
    room.put("通知.pdf", content, record)
    assert only(room.mark()).status is Status.MARKED
    altered = approved(content, "通知.pdf", period=ForYears(5))
    room.approve("通知.pdf", altered)
    assert isinstance(only(room.mark()).error, AlreadyMarkedOtherwise)


def test_what_is_there_is_never_overwritten(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    room.out.mkdir()
    (room.out / "通知-000001.pdf").write_bytes(b"somebody's")
    assert isinstance(only(room.mark()).error, OutputExists)
    assert (room.out / "通知-000001.pdf").read_bytes() == b"somebody's"
    assert files_below(room.out) == ["通知-000001.pdf"]


def test_a_copy_that_vanished_is_not_made_in_silence(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    only(room.mark()).copies[0].path.unlink()
    assert isinstance(only(room.mark()).error, CopyAlreadyMade)


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("空.pdf", b"", DraftEmpty),
        ("断.pdf", pdf()[:400], DraftBroken),
        ("断.docx", docx()[:900], DraftBroken),
        ("断.png", picture()[:300], DraftBroken),
        ("错.docx", pdf(), DraftWrongSuffix),
        ("错.pdf", b"just text", DraftBroken),
        ("文.txt", b"just text", DraftUnsupported),
        ("无", pdf(), DraftWrongSuffix),
    ],
)
def test_bad_drafts_have_their_own_errors(
    room: Room, name: str, content: bytes, error: type[DingmiError]
) -> None:
    room.put(name, content, approved(content, name))
    verdict = only(room.mark())
    assert isinstance(verdict.error, error), verdict.error
    assert (room.drafts / name).read_bytes() == content
    assert not room.out.exists() or files_below(room.out) == []


def test_the_law_refuses_with_its_article(room: Room) -> None:
    content = pdf()
    record = approved(content, "通知.pdf", level=SecrecyLevel.SECRET, period=ForYears(15))
    room.put("通知.pdf", content, record)
    error = only(room.mark()).error
    assert isinstance(error, LawViolated)
    assert "第二十条" in error.citation


def test_no_mark_is_typed_over_another(room: Room) -> None:
    """A mark that is already there and differs: a conflict that shows both."""
    content = pdf(typed="秘密★5年")
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    error = only(room.mark()).error
    assert isinstance(error, TypedMarkConflict)
    assert "秘密★5年" in str(error) and "机密★10年" in str(error)


def test_a_typed_mark_that_equals_the_record_is_adopted(room: Room) -> None:
    content = pdf(typed="机密★10年")
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    assert any("already typed" in str(remark) for remark in verdict.remarks)
    import pymupdf

    with pymupdf.open(verdict.copies[0].path) as marked:
        assert marked[0].get_text().count("机密★10年") == 1
        assert "000001" in marked[0].get_text()


UNSEEN: dict[str, dict[str, object]] = {
    "not drawn": {"render_mode": 3},
    "white": {"color": (1, 1, 1)},
    "transparent": {"fill_opacity": 0.01},
    "under a box": {},
}


@pytest.mark.parametrize("name", UNSEEN)
def test_a_typed_mark_that_nobody_sees_is_not_adopted(name: str, room: Room) -> None:
    import pymupdf

    with pymupdf.open(stream=pdf()) as draft:
        draft[0].insert_font("own", fontfile=str(BUNDLED))
        draft[0].insert_text((79.4, 148), "机密★10年", fontname="own", fontsize=16, **UNSEEN[name])
        if name == "under a box":
            draft[0].draw_rect((70, 132, 250, 152), color=(0, 0, 0), fill=(0, 0, 0))
        content = draft.tobytes()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    error = only(room.mark()).error
    assert isinstance(error, MarkNotConfirmed)
    assert "not to be seen" in str(error.message)


@needs_soffice
def test_a_mark_typed_in_word_is_adopted(room: Room) -> None:
    content = docx(typed="机密★10年")
    room.put("通知.docx", content, approved(content, "通知.docx"))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    assert any("already typed" in str(remark) for remark in verdict.remarks)
    assert not any(
        "spelled" in str(remark) or "mm off" in str(remark) for remark in verdict.remarks
    )


def test_a_taken_place_is_never_overprinted(room: Room) -> None:
    content = pdf(typed="已有的文字", at=(79.4, 148.0))
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    assert isinstance(only(room.mark()).error, PlaceTaken)


def test_classified_points_in_pdf_and_word(room: Room) -> None:
    points = (ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor(QUOTE)),)
    for name, content in (("通知.pdf", pdf()), ("通知.docx", docx())):
        room.put(name, content, approved(content, name, points=points))
    result = room.mark()
    assert [verdict.error for verdict in result.verdicts] == [None, None]
    assert [verdict.status for verdict in result.verdicts] == [Status.MARKED] * 2


def test_a_point_on_a_picture(room: Room) -> None:
    content = picture()
    point = ClassifiedPoint("1", SecrecyLevel.SECRET, BoxAnchor(1, 28, 151, 150, 20))
    room.put("扫描.png", content, approved(content, "扫描.png", form="图片", points=(point,)))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error


def test_a_dry_run_writes_nothing_but_previews(room: Room, tmp_path: Path) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    with room.ledger() as ledger:
        head = ledger.head()
    verdict = only(room.mark(dry_run=True, preview=tmp_path / "看"))
    assert verdict.error is None, verdict.error
    assert verdict.status is Status.PLANNED
    assert not room.out.exists()
    assert [path.name for path in verdict.previews] == ["通知.pdf-1.png"]
    assert any("机密★10年" in str(line) for line in verdict.plan)
    with room.ledger() as ledger:
        assert ledger.head() == head


def test_an_unknown_form_of_paper(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf", form="诗歌"))
    assert isinstance(only(room.mark()).error, TemplateUnknown)


def test_names_in_any_encoding(room: Room) -> None:
    name = os.fsdecode(b"\xcd\xa8\xd6\xaa.pdf")
    content = pdf()
    room.put(name, content)
    room.approve("x", approved(content, "别名.pdf"))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    assert len(list(room.out.iterdir())) == 1


def test_marks_lost_and_changed_are_told_by_check(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    marked = only(room.mark()).copies[0].path
    draft_report, *_ = check_files([room.drafts], room.office, on_report=quiet)
    assert draft_report.identified_by is IdentifiedBy.DRAFT
    assert draft_report.agrees and not draft_report.mark  # the registered original, at its place
    import pikepdf

    with pikepdf.open(marked) as document:
        document.pages[0].Contents = document.make_stream(b"")
        document.save(marked.with_name("改.pdf"))
    (report,) = check_files([marked.with_name("改.pdf")], room.office, on_report=quiet)
    assert report.identified_by is IdentifiedBy.CARRIERS
    assert not report.agrees
    assert any(line.agreement is Agreement.CONTRADICTS for line in report.lines)


def test_a_picture_that_does_not_say_its_resolution(room: Room) -> None:
    """It counts as A4 by its shape; the marked file states the resolution in whole dots."""
    from io import BytesIO

    from PIL import Image

    stream = BytesIO()
    Image.new("RGB", (1654, 2339), "white").save(stream, "JPEG")
    content = stream.getvalue()
    room.put("扫描.jpg", content, approved(content, "扫描.jpg", form="图片"))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    assert any("resolution" in str(remark) for remark in verdict.remarks)


def test_a_record_in_another_encoding_is_told_to_its_draft(room: Room) -> None:
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    record = room.approvals / "通知.pdf.toml"
    record.write_bytes(record.read_text("utf-8").encode("gb18030"))
    assert isinstance(only(room.mark()).error, ApprovalUnreadable)


@pytest.mark.parametrize("fault", [b"/None Do ", b"/None gs ", b"foo "])
def test_a_page_of_which_a_reader_gives_up_is_marked_all_the_same(room: Room, fault: bytes) -> None:
    """MuPDF shows nothing of a page after so many faults; the mark is not to be among it."""
    content = hostile_kit.raw(
        hostile_kit.CATALOG,
        hostile_kit.TREE,
        hostile_kit.PAGE % b"",
        hostile_kit.stream(fault * 200),
    )
    room.put("通知.pdf", content, approved(content, "通知.pdf"))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    assert {copy.assurance for copy in verdict.copies} == {Assurance.RENDERED}
    assert all(report.agrees for report in check_files([room.out], room.office, on_report=quiet))
