"""What is quoted from classified documents: told, stopped in `mark`, held before printing."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image

from cli_kit import run
from dingmi_mark.domain.approval import ApprovalRecord, Derivative, Source
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.printing import PrintDecision, PrintReason
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import (
    CopyUndeclared,
    ExitCode,
    QuotationUndeclared,
    QuotationUnexplained,
    QuoteIndexDamaged,
)
from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.formats.ocr import PictureLine
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.pipeline import quoting
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.quote_rebuilding import refill
from dingmi_mark.pipeline.quote_text import text_of
from dingmi_mark.pipeline.quotes import QuoteReport, quote_files
from dingmi_mark.pipeline.verdicts import Status, Verdict
from dingmi_mark.store.quote_index import FOLDER, QuoteIndex
from office_files_kit import needs_soffice, needs_tesseract
from office_kit import Room, approved, only
from quote_kit import looking_room, pdf_file, sentences, word_file

SECRET = sentences(1)
OWN = sentences(2)
TODAY = date(2026, 11, 2)


def quiet(_: object) -> None:
    return None


def marked(room: Room, name: str, content: bytes, **changes: object) -> Verdict:
    """Put one draft with its record, alone in its folders, and mark it."""
    for folder in (room.drafts, room.approvals):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    record = replace(approved(content, name), **changes)  # type: ignore[arg-type]
    room.put(name, content, record)
    return only(room.mark())


def quotes(room: Room, *files: Path, record: ApprovalRecord | None = None) -> list[QuoteReport]:
    return list(quote_files(files, room.office, record, on_report=quiet))


def put(room: Room, name: str, content: bytes) -> Path:
    path = room.folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """An office with one marked document, of which two sentences are a point of their own."""
    made = looking_room(tmp_path)
    points = (ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor(SECRET[3][:20])),)
    verdict = marked(made, "源.docx", word_file(SECRET), points=points)
    assert verdict.status is Status.MARKED, verdict.error
    return made


def quoting_draft() -> bytes:
    return word_file([*OWN[:4], f"前文。{SECRET[5]}{SECRET[6]}", *OWN[4:]])


def test_marking_stops_at_a_quotation_that_the_record_does_not_name(room: Room) -> None:
    verdict = marked(room, "引.docx", quoting_draft())
    assert isinstance(verdict.error, QuotationUndeclared)
    assert verdict.error.code == ExitCode.QUOTATION_UNDECLARED
    assert not list(room.out.glob("引*"))
    with room.ledger() as ledger:
        assert not ledger.verify()
        assert not ledger.open_markings()


def test_a_dry_run_tells_it_too(room: Room) -> None:
    room.drafts.joinpath("源.docx").unlink()
    content = quoting_draft()
    room.put("引.docx", content, approved(content, "引.docx"))
    assert isinstance(only(room.mark(dry_run=True)).error, QuotationUndeclared)


def test_an_edited_quotation_stops_it_as_well(room: Room) -> None:
    edited = SECRET[5].replace("，", "、和样例") + SECRET[6][:20] + "另有其他" + SECRET[6][24:]
    verdict = marked(room, "引.docx", word_file([*OWN, edited]))
    assert isinstance(verdict.error, QuotationUndeclared)


def test_where_the_record_names_the_source_the_draft_is_marked(room: Room) -> None:
    with room.ledger() as ledger:
        source = ledger.done_copies()[0].approval_number
        digest = ledger.by_approval(source)[0].intended.draft.sm3
    named = Derivative((Source("样例", digest=f"sm3:{digest}"),))
    content = quoting_draft()
    draft = replace(approved(content, "引.docx").draft, document_number="示密〔2026〕4号")
    verdict = marked(room, "引.docx", content, classification=named, draft=draft)
    assert verdict.status is Status.MARKED, verdict.error


def test_an_office_may_let_the_record_answer(room: Room) -> None:
    explaining = with_policy(room, "explain")
    verdict = marked(explaining, "引.docx", quoting_draft())
    assert isinstance(verdict.error, QuotationUnexplained)
    answered = (("quotations", "样例：该段已经公开。"),)
    verdict = marked(explaining, "引.docx", quoting_draft(), explanations=answered)
    assert verdict.status is Status.MARKED
    assert any("explains" in str(remark) for remark in verdict.remarks)


def test_an_office_may_look_for_none(room: Room) -> None:
    assert marked(with_policy(room, "off"), "引.docx", quoting_draft()).status is Status.MARKED


def with_policy(room: Room, undeclared: str) -> Room:
    return Room(
        room.folder,
        replace(
            room.office,
            quotations=replace(
                room.office.quotations,
                undeclared=type(room.office.quotations.undeclared)(undeclared),
            ),
        ),
    )


def test_another_version_under_the_same_approval_quotes_nothing(room: Room) -> None:
    with room.ledger() as ledger:
        number = ledger.done_copies()[0].approval_number
        draft = put(room, "新稿.docx", word_file([*SECRET, "新增一段样例。"]))
        read = text_of(draft, handler_for(draft), 10)
        shelves = quoting.open_shelves(room.office, room.office.secret(), ledger, TODAY)
        assert quoting.quotations_in(read, shelves).undeclared
        own = quoting.quotations_in(
            read, shelves, is_own=lambda text: text.approval_number == number
        )
        assert not own.quotations


def test_marking_again_what_was_marked_is_no_quotation(room: Room) -> None:
    assert only(room.mark()).status is Status.UNCHANGED
    shutil.rmtree(room.out)
    verdict = only(room.mark())
    assert not isinstance(verdict.error, QuotationUndeclared | CopyUndeclared)


def test_a_version_of_a_classified_document_is_named_as_that(room: Room) -> None:
    version = put(room, "旧稿.docx", word_file([*SECRET[:-1], "旧的一段样例。"]))
    (report,) = quotes(room, version)
    assert isinstance(report.error, CopyUndeclared)
    assert report.found is not None
    (share,) = report.found.shares.values()
    assert share >= 80


def test_a_passage_is_told_with_place_level_and_point(room: Room) -> None:
    draft = put(room, "引.docx", word_file([*OWN[:2], SECRET[3], OWN[3], SECRET[8], OWN[4]]))
    (report,) = quotes(room, draft)
    assert report.found is not None
    in_point, elsewhere = report.found.quotations
    assert (in_point.level, in_point.points) == ("秘密", ("1",))
    assert (elsewhere.level, elsewhere.points) == ("机密", ())
    assert in_point.exact
    # What both texts have before it by chance may stand in it too.
    assert SECRET[3][:8] in in_point.excerpt[:16]
    assert 0 < in_point.text_start < in_point.text_end <= in_point.text.length


def test_tables_footers_and_pages_are_searched(room: Room) -> None:
    table = put(room, "表.docx", word_file(OWN, [["项目", "内容"], ["一", SECRET[7]]]))
    pages = put(room, "页.pdf", pdf_file([*OWN[:3], SECRET[2] + SECRET[3], OWN[4]]))
    for report in quotes(room, table, pages):
        assert isinstance(report.error, QuotationUndeclared)


@needs_soffice
def test_an_old_format_is_searched(room: Room) -> None:
    draft = put(room, "引.docx", quoting_draft())
    program = find_soffice()
    assert program is not None
    subprocess.run(
        [program, "--headless", "--convert-to", "odt", "--outdir", str(room.folder), str(draft)],
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(room.folder)},
    )
    (report,) = quotes(room, room.folder / "引.odt")
    assert isinstance(report.error, QuotationUndeclared)


@needs_tesseract
def test_a_scan_is_searched_where_tesseract_is_there(room: Room) -> None:
    import pymupdf

    pages = put(room, "页.pdf", pdf_file([*OWN[:1], SECRET[2] + SECRET[3], OWN[4]]))
    with pymupdf.open(pages) as document:
        document[0].get_pixmap(dpi=200).save(room.folder / "扫描.png")
    (report,) = quotes(room, room.folder / "扫描.png")
    assert isinstance(report.error, QuotationUndeclared)


def test_large_sheets_are_shown_coarser_and_beyond_any_printer_not_at_all(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pymupdf

    from dingmi_mark.pipeline import quote_text

    shown: list[tuple[tuple[int, int], int]] = []

    def note(_: str, picture: Image.Image, dpi: int, __: float) -> tuple[PictureLine, ...]:
        shown.append((picture.size, dpi))
        return (PictureLine(SECRET[2], Box(20, 20, 100, 6)),)

    monkeypatch.setattr(quote_text, "find_tesseract", lambda: "tesseract")
    monkeypatch.setattr(quote_text, "read_lines", note)
    with pymupdf.open() as document:
        for width, height in ((595, 842), (1800, 3600), (8400, 8400)):
            document.new_page(width=width, height=height)
        scan = put(room, "展板.pdf", document.tobytes())
    read = text_of(scan, handler_for(scan), 10)
    ((_, of_a4), (poster, of_poster)) = shown
    assert of_a4 == 300 and 100 <= of_poster < 300
    assert poster[0] * poster[1] < 36_100_000
    assert [part.page for part in read.parts] == [1, 2] and "3" in str(read.unread[0])


def test_pages_that_could_not_be_read_are_told(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    from dingmi_mark.pipeline import quote_text
    from office_kit import picture

    monkeypatch.setattr(quote_text, "find_tesseract", lambda: None)
    scan = put(room, "扫描.png", picture())
    read = text_of(scan, handler_for(scan), 10)
    assert "not searched" in str(read.unread[0])
    assert not len(read.normal)


def test_public_texts_of_the_office_raise_no_alarm(room: Room) -> None:
    draft = put(room, "引.docx", quoting_draft())
    assert quotes(room, draft)[0].error is not None
    public = room.office.folder / "public"
    public.mkdir()
    (public / "公开.txt").write_text(SECRET[5] + SECRET[6], encoding="gb18030")
    assert quotes(room, draft)[0].error is None
    (public / "公开.txt").unlink()
    assert quotes(room, draft)[0].error is not None


def test_what_is_secret_no_more_raises_no_alarm(room: Room) -> None:
    draft = put(room, "引.docx", quoting_draft())
    read = text_of(draft, handler_for(draft), 10)
    with room.ledger() as ledger:
        last = date.fromisoformat(ledger.done_copies()[0].last_secret_day)
        shelves = quoting.open_shelves(room.office, room.office.secret(), ledger, last)
        assert quoting.quotations_in(read, shelves).undeclared
        later = replace(shelves, today=last + timedelta(days=1))
        assert not quoting.quotations_in(read, later).quotations


@pytest.mark.parametrize(("released", "found"), [("", ["秘密"]), ("2026-10-01", [])])
def test_our_own_document_counts_as_a_notice_changed_it(
    room: Room, released: str, found: list[str]
) -> None:
    with room.ledger() as ledger:
        mark = ledger.marked_copies()[0]
        ledger.append(
            MarkingChanged(
                *("示密变〔2026〕3号", "变更", mark.approval_number, mark.document_id),
                *(mark.marking_id, "机密", "10年", "秘密", "5年", "2026-10-01", "2031-10-01"),
                (),
                released,
                (),
                *("2026-10-01", "2026-10-01T00:00:00+00:00"),
            )
        )
    (report,) = quotes(room, put(room, "引.docx", quoting_draft()))
    assert report.found is not None
    assert [each.level for each in report.found.quotations] == found


def test_an_unmarked_file_that_quotes_a_secret_does_not_print(room: Room) -> None:
    draft = put(room, "引.docx", quoting_draft())
    plain = put(room, "普通.docx", word_file(OWN))
    request = PrintRequest((draft, plain), "王承办")
    first, second = preprint_files(request, room.office, on_verdict=quiet)
    assert (first.decision, first.reason) == (PrintDecision.REFUSE, PrintReason.QUOTES_SECRET)
    assert second.reason is PrintReason.UNMARKED


def test_a_damaged_index_stops_marking_and_is_made_anew(room: Room) -> None:
    (room.office.folder / FOLDER / "index.json").write_text("{", encoding="utf-8")
    verdict = marked(room, "引.docx", quoting_draft())
    assert isinstance(verdict.error, QuoteIndexDamaged)
    done = refill(room.office, anew=True)
    assert (done.added, done.missing) == (1, ())
    assert isinstance(marked(room, "引.docx", quoting_draft()).error, QuotationUndeclared)


def test_what_cannot_be_found_any_more_is_told_when_the_index_is_made_anew(room: Room) -> None:
    shutil.rmtree(room.drafts)
    shutil.rmtree(room.out)
    done = refill(room.office, anew=True)
    assert done.added == 0
    assert len(done.missing) == 1


def test_a_mark_is_not_lost_where_its_text_cannot_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = with_policy(looking_room(tmp_path), "off")
    (room.office.folder / FOLDER).write_text("样例：不是文件夹", encoding="utf-8")
    verdict = marked(room, "源.docx", word_file(SECRET))
    assert verdict.status is Status.MARKED
    assert any("not kept" in str(remark) for remark in verdict.remarks)


def test_the_index_holds_no_word_of_a_document(room: Room) -> None:
    for file in (room.office.folder / FOLDER).rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            for encoding in ("utf-8", "utf-16-le", "utf-32-le", "gb18030"):
                for words in (SECRET[3][:4], SECRET[8][:4], "关于示例事项"):
                    assert words.encode(encoding) not in content
            assert file.stat().st_mode & 0o077 == 0
    assert len(list(QuoteIndex(room.office.folder, room.office.secret()).texts())) == 1


def test_the_command_tells_it_in_words_and_as_json(room: Room) -> None:
    draft = put(room, "引.docx", quoting_draft())
    office = str(room.office.folder)
    told = run("quotes", draft, "--lang", "zh", DINGMI_OFFICE=office)
    assert told.returncode == ExitCode.QUOTATION_UNDECLARED
    assert "【未写明来源】" in told.stdout
    assert "原样" in told.stdout
    shown = run("quotes", draft, "--json", DINGMI_OFFICE=office)
    assert '"exact": true' in shown.stdout
    assert run("quotes", DINGMI_OFFICE=office).returncode == ExitCode.USAGE
    filled = run("quotes", "--index", "--json", DINGMI_OFFICE=office)
    assert '"known": 1' in filled.stdout
