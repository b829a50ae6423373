"""The 2D code on papers: on every copy its own, read back, and what a scan of it tells."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from dingmi_mark.cli.check import code_of as code_of_reports
from dingmi_mark.domain.code import code_of, copy_in
from dingmi_mark.errors import CodeToolMissing, ExitCode, MarkNotConfirmed
from dingmi_mark.formats.code import CODE_DPI, code_png, read_codes
from dingmi_mark.pipeline import check_code, confirm
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.remark_file import RemarkStatus
from dingmi_mark.pipeline.verdicts import Agreement, CheckReport, IdentifiedBy, Verdict
from office_files_kit import needs_soffice, soffice_group
from office_kit import DRAFTS, Room, approved, new_room, only, page_of_text, pdf
from pdf_kit import rendered
from remark_kit import (
    CHANGE,
    Archive,
    People,
    archive,
    notice,
    number_of,
    remarked,
    without_processes,
)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with without_processes(monkeypatch):
        yield


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path).with_codes()


def marked(room: Room, name: str, content: bytes, copies: int = 1) -> Verdict:
    room.put(name, content, approved(content, name, copies=copies))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    return verdict


def codes_of(path: Path, page: int = 0) -> tuple[str, ...]:
    if path.suffix != ".pdf":
        return read_codes(Image.open(path))
    return read_codes(rendered(path, page, CODE_DPI))


def scan(target: Path, *pages: Image.Image) -> Path:
    first, *others = (page.convert("L") for page in pages)
    first.save(target, "PDF", resolution=150, save_all=True, append_images=others)
    return target


def checked(path: Path, room: Room | None) -> CheckReport:
    (report,) = check_files([path], room.office if room else None, on_report=lambda _: None)
    return report


def test_every_copy_bears_a_code_of_its_own(room: Room) -> None:
    verdict = marked(room, "通知.pdf", pdf(2), copies=3)
    said = [codes_of(copy.path) for copy in verdict.copies]
    assert said == [(code_of(copy.copy_id),) for copy in verdict.copies]
    assert len(set(said)) == 3
    assert codes_of(verdict.copies[0].path, 1) == (), "on the first page only"


@pytest.mark.parametrize("name", [n for n in DRAFTS if not n.endswith("docx")])
def test_the_code_is_confirmed_and_agrees_in_formats_with_pages(room: Room, name: str) -> None:
    verdict = marked(room, name, DRAFTS[name]())
    (copy,) = verdict.copies
    assert code_of(copy.copy_id) in codes_of(copy.path)
    assert checked(copy.path, room).agrees


@needs_soffice
@soffice_group
def test_a_word_file_shows_the_code_where_libreoffice_shows_it(room: Room) -> None:
    (copy,) = marked(room, "通知.docx", DRAFTS["通知.docx"]()).copies
    report = checked(copy.path, room)
    assert report.agrees, report.lines
    assert any("2D code" in str(line.says) for line in report.lines)


def test_a_scan_tells_which_copy_it_is(room: Room, tmp_path: Path) -> None:
    verdict = marked(room, "通知.pdf", pdf(2), copies=3)
    paper = rendered(verdict.copies[1].path, 0, 150).rotate(1.5, fillcolor="white")
    report = checked(scan(tmp_path / "扫描.pdf", paper), room)
    assert report.identified_by is IdentifiedBy.CODE
    told = [str(line.says) for line in report.lines]
    number = verdict.approval
    assert f"By its 2D code page 1 is of {number} (机密★10年), copy 000002." in told
    assert not any(line.agreement is Agreement.CONTRADICTS for line in report.lines)
    assert code_of_reports([report]) is ExitCode.CHECK_PAPER_ONLY


def test_a_file_that_lost_its_label_is_held_against_the_ledger_beside_its_code(
    room: Room, tmp_path: Path
) -> None:
    verdict = marked(room, "通知.pdf", pdf())
    (copy,), number = verdict.copies, verdict.approval
    bare = tmp_path / "无标签.pdf"
    with pikepdf.open(copy.path) as file, pikepdf.new() as new:
        new.pages.extend(file.pages)  # as programs do that put several files into one
        new.save(bare)
    told = {str(line.says): line.agreement for line in checked(bare, room).lines}
    assert f"By its 2D code page 1 is of {number} (机密★10年), copy 000001." in told
    assert told["Only the ids of its marking are left in the file."] is Agreement.MISSING
    same = "Another program has saved the file anew; its content is the same."
    assert told[same] is Agreement.AGREES


def test_a_scan_of_several_papers_tells_them_all(room: Room, tmp_path: Path) -> None:
    verdict = marked(room, "通知.pdf", pdf(), copies=3)
    papers = [rendered(copy.path, 0, 150) for copy in verdict.copies]
    report = checked(scan(tmp_path / "扫描.pdf", papers[2], papers[0]), room)
    told = [str(line.says) for line in report.lines if "By its 2D code" in str(line.says)]
    assert [text[-7:-1] for text in told] == ["000003", "000001"]


def test_a_photograph_of_a_paper_tells_it_too(room: Room, tmp_path: Path) -> None:
    (copy,) = marked(room, "通知.pdf", pdf()).copies
    photo = tmp_path / "照片.jpg"
    rendered(copy.path, 0, 150).rotate(90, expand=True).save(photo, quality=60, dpi=(150, 150))
    assert checked(photo, room).identified_by is IdentifiedBy.CODE


def test_a_scan_whose_code_nobody_knows_contradicts(room: Room, tmp_path: Path) -> None:
    paper = rendered(marked(room, "通知.pdf", pdf()).copies[0].path, 0, 150)
    other = new_room(tmp_path / "别处").with_codes()
    report = checked(scan(tmp_path / "扫描.pdf", paper), other)
    assert code_of_reports([report]) is ExitCode.CHECK_CONTRADICTS


def test_a_changed_paper_keeps_its_code_and_a_scan_of_before_tells_the_change(
    tmp_path: Path,
) -> None:
    first = archive(tmp_path)
    papers = Archive(People(first.room.with_codes(), first.crew.hands), first.records)
    path = papers.mark("1号.pdf", copies=1)
    before = scan(tmp_path / "扫描.pdf", rendered(path, 0, 150))
    said = codes_of(path)
    assert said
    result = remarked(papers, notice(number_of("1号.pdf")))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    assert codes_of(path) == said
    assert checked(path, papers.room).agrees
    told = [str(line.says) for line in checked(before, papers.room).lines]
    assert f"{CHANGE} changed this document: it is 秘密★5年 now." in told


def test_another_offices_code_is_told_and_agrees_with_nothing(
    room: Room, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (copy,) = marked(room, "通知.pdf", pdf()).copies
    paper = scan(tmp_path / "扫描.pdf", rendered(copy.path, 0, 150))
    other = new_room(tmp_path_factory.mktemp("other"))
    lines = checked(paper, other).lines
    assert any(
        line.agreement is Agreement.CONTRADICTS and "does not know the 2D code" in str(line.says)
        for line in lines
    )
    alone = checked(paper, None)
    assert alone.identified_by is IdentifiedBy.CODE
    assert any("the ledger of its office" in str(line.says) for line in alone.lines)


def test_a_code_that_was_covered_is_missing(room: Room, tmp_path: Path) -> None:
    import pymupdf

    (copy,) = marked(room, "通知.pdf", pdf()).copies
    covered = tmp_path / "盖住.pdf"
    with pymupdf.open(copy.path) as file:
        page = file[0]
        page.draw_rect(pymupdf.Rect(500, 750, 590, 840), fill=(1, 1, 1), color=(1, 1, 1))
        file.save(covered)
    missing = [
        str(line.says)
        for line in checked(covered, room).lines
        if line.agreement is Agreement.MISSING
    ]
    assert "“the 2D code of the copy” is not to be seen at its place on page 1." in missing


def test_without_the_line_in_office_toml_no_paper_bears_one(tmp_path: Path) -> None:
    (copy,) = marked(new_room(tmp_path), "通知.pdf", pdf()).copies
    assert codes_of(copy.path) == ()


def test_where_its_place_is_taken_it_is_left_out_and_that_is_told(room: Room) -> None:
    verdict = marked(room, "满.pdf", page_of_text([790.0]))
    told = [str(each) for each in verdict.remarks]
    assert any("“code” found no free place on page 1 and was left out" in each for each in told)
    assert codes_of(verdict.copies[0].path) == ()
    assert checked(verdict.copies[0].path, room).agrees


def test_what_cannot_be_read_back_is_not_called_marked(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirm, "read_codes", lambda _: (code_of("f" * 32),))
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf", copies=1))
    verdict = only(room.mark())
    assert isinstance(verdict.error, MarkNotConfirmed)
    assert not room.out.exists() or not list(room.out.iterdir())


def test_without_its_tools_marking_stops_and_says_what_to_install(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    code_png.cache_clear()
    content = pdf()
    room.put("通知.pdf", content, approved(content, "通知.pdf", copies=1))
    verdict = only(room.mark())
    assert isinstance(verdict.error, CodeToolMissing)
    assert "dingmi-mark[code]" in str(verdict.error)


def test_without_its_tools_a_check_sees_the_ink_of_the_code(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    (copy,) = marked(room, "通知.pdf", pdf()).copies
    monkeypatch.setattr("dingmi_mark.pipeline.check_ink.can_read_codes", lambda: False)
    monkeypatch.setattr(check_code, "can_read_codes", lambda: False)
    assert checked(copy.path, room).agrees


def test_foreign_codes_are_not_ours() -> None:
    stream = BytesIO()
    import segno

    segno.make_qr("https://example.invalid/样例").save(stream, kind="png", scale=8, border=4)
    (said,) = read_codes(Image.open(stream))
    assert copy_in(said) is None
