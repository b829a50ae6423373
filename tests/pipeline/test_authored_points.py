"""The points that an author named are compared when a draft is marked, and taken out by policy."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from approval_kit import people, proposal
from dingmi_mark.domain.points import ClassifiedPoint, ParagraphAnchor, QuoteAnchor
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.errors import ExitCode, PointsDisagree
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Status, Verdict
from office_files_kit import needs_soffice, odt_with, soffice_group
from office_kit import Room, approved, docx, new_room, only

PASSAGE = "队伍沿示例一路开进"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def draft() -> bytes:
    """A draft in which a bracket, a comment in a cell and nothing else names points."""
    document = Document(BytesIO(docx()))
    document.add_paragraph(f"一、【密点 秘密】{PASSAGE}【密点完】。")
    cell = document.add_table(1, 2).cell(0, 1)
    document.add_comment([cell.paragraphs[0].add_run("表中的数字")], text="密点 机密")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


IN_TEXT = ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor(PASSAGE))
IN_TABLE = ClassifiedPoint(
    "2", SecrecyLevel.HIGHLY_SECRET, ParagraphAnchor(1, "", table=1, row=1, column=2)
)
NOT_NAMED = ClassifiedPoint("3", SecrecyLevel.SECRET, QuoteAnchor("演练于示例时间"))


def marked(room: Room, *points: ClassifiedPoint) -> Verdict:
    content = draft()
    room.put("通知.docx", content, approved(content, "通知.docx", points=points))
    return only(room.mark())


def words(verdict: Verdict) -> str:
    return "\n".join(str(remark) for remark in verdict.remarks)


def body(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml").decode()


def test_points_that_agree_are_marked_in_text_and_table(room: Room) -> None:
    verdict = marked(room, IN_TEXT, IN_TABLE)
    assert verdict.status is Status.MARKED, verdict.error
    assert "record" not in words(verdict)
    text = Document(str(verdict.copies[0].path))
    assert text.tables[0].cell(0, 1).text == "（机密）表中的数字"
    assert any(p.text.startswith("（秘密）一、") for p in text.paragraphs)


def test_what_stands_on_one_side_only_is_told(room: Room) -> None:
    verdict = marked(room, IN_TEXT, NOT_NAMED)
    assert verdict.status is Status.MARKED, verdict.error
    assert "the record has none there" in words(verdict)
    assert "point 3 of the record" in words(verdict)


def test_by_policy_it_stops_the_mark(room: Room) -> None:
    verdict = marked(room.with_policies('authored_points = "stop"'), IN_TEXT)
    assert isinstance(verdict.error, PointsDisagree)
    assert verdict.error.code is ExitCode.POINTS_DISAGREE
    assert not room.out.exists()


def test_what_names_points_is_kept_unless_the_policy_removes_it(room: Room) -> None:
    verdict = marked(room, IN_TEXT, IN_TABLE)
    assert "【密点 秘密】" in body(verdict.copies[0].path)
    assert "commentReference" in body(verdict.copies[0].path)
    assert words(verdict).count('authoring_marks = "remove"') == 1


def test_comments_that_are_kept_are_not_on_the_page_and_not_told(room: Room) -> None:
    document = Document(BytesIO(docx()))
    document.add_comment([document.add_paragraph("一、").add_run(PASSAGE)], text="密点 秘密")
    stream = BytesIO()
    document.save(stream)
    content = stream.getvalue()
    room.put("通知.docx", content, approved(content, "通知.docx", points=(IN_TEXT,)))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert "authoring_marks" not in words(verdict)


def test_by_policy_it_is_not_in_the_marked_file(room: Room) -> None:
    room = room.with_policies('authoring_marks = "remove"')
    verdict = marked(room, IN_TEXT, IN_TABLE)
    assert verdict.status is Status.MARKED, verdict.error
    path = verdict.copies[0].path
    assert "密点 " not in body(path) and "commentReference" not in body(path)
    assert "（秘密）" in body(path) and PASSAGE in body(path)
    assert "brackets that name points in the draft are not in" in words(verdict)
    assert "stay on the marked page" not in words(verdict)
    assert "【密点 秘密】" in body(room.drafts / "通知.docx")
    (report,) = check_files([path], room.office, on_report=lambda _: None)
    assert report.agrees, report
    assert only(room.mark()).status is Status.UNCHANGED


@needs_soffice
@soffice_group
def test_what_is_removed_by_policy_is_not_lost_by_converting(room: Room) -> None:
    room = room.with_policies('authoring_marks = "remove"')
    content = odt_with(f"<text:p>一、【密点 秘密】{PASSAGE}【密点完】。</text:p>")
    room.put("通知.odt", content, approved(content, "通知.odt", points=(IN_TEXT,)))
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert "密点 " not in body(verdict.copies[0].path)
    assert "brackets that name points in the draft are not in" in words(verdict)


def test_the_page_of_a_review_shows_both_sides(tmp_path: Path) -> None:
    from dingmi_mark.pipeline.review import page_of
    from dingmi_mark.reports.review_page import review_html

    who = people(tmp_path)
    given = who.room.put("通知.docx", draft())
    kept = who.hand_in(proposal(points=(IN_TEXT, NOT_NAMED)), given)
    with who.desk() as desk:
        page = page_of(kept, desk.findings(kept.record), desk.office, str)
    html = review_html(page)
    rows = [(row.record[0][:1], row.draft[1]) for row in page.points]
    assert rows == [("1", PASSAGE), ("3", ""), ("", "表中的数字")]
    assert [row.differs for row in page.points] == [False, True, True]
    assert "审批记录" in html and "文稿中起草人注明的" in html
    assert html.count("（没有）") == 2
