"""What check says after other programs: what a file belongs to, and what was lost on the way."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pymupdf
import pytest

from dingmi_mark.errors import CheckNotMarked
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import CheckReport, IdentifiedBy, Status
from office_kit import Room, approved, new_room, only, pdf
from pdf_kit import QPDF, by_poppler, rendered

POPPLER = pytest.mark.skipif(shutil.which("pdftocairo") is None, reason="needs poppler-utils")


@dataclass(frozen=True)
class Marked:
    room: Room
    path: Path
    number: str


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    room = new_room(tmp_path_factory.mktemp("room"))
    content = pdf(3)
    record = approved(content, "通知.pdf", copies=1)
    room.put("通知.pdf", content, record)
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED
    return Marked(room, verdict.copies[0].path, record.number)


def tool(*words: str) -> Callable[[Path, Path], None]:
    def run(source: Path, target: Path) -> None:
        given = [word.format(a=source, b=target) for word in words]
        subprocess.run(given, check=True, capture_output=True, timeout=120)

    return run


def saved_by_pikepdf(source: Path, target: Path) -> None:
    with pikepdf.open(source) as file:
        file.save(target)


def saved_by_pymupdf(source: Path, target: Path) -> None:
    pymupdf.open(source).ez_save(target)  # type: ignore[no-untyped-call]


def inserted(source: Path, target: Path) -> None:
    with pymupdf.open() as whole, pymupdf.open(source) as one:  # type: ignore[no-untyped-call]
        whole.insert_pdf(one)
        whole.save(target)


def scrubbed(source: Path, target: Path) -> None:
    with pymupdf.open(source) as file:  # type: ignore[no-untyped-call]
        file.scrub()
        file.save(target, garbage=4)


def printed_to_paper(source: Path, target: Path, dpi: int = 150) -> None:
    """Only pictures of the pages are left, as after printing and scanning."""
    pages = [rendered(source, number, dpi).convert("L") for number in range(3)]
    pages[0].save(target, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])


def drawn_as_outlines(source: Path, target: Path) -> None:
    with pymupdf.open() as whole, pymupdf.open(source) as one:  # type: ignore[no-untyped-call]
        for page in one:
            svg = page.get_svg_image(text_as_path=True)
            drawn = pymupdf.open("pdf", pymupdf.open(stream=svg.encode()).convert_to_pdf())  # type: ignore[no-untyped-call]
            whole.insert_pdf(drawn)
        whole.save(target)


@dataclass(frozen=True)
class Route:
    """A way a file went: how it is known afterwards, and which levels of the label are lost."""

    go: Callable[[Path, Path], None]
    by: IdentifiedBy
    lost: str = ""


ROUTES: Mapping[str, Route] = {
    "qpdf rewrite": Route(tool("qpdf", "{a}", "{b}"), IdentifiedBy.CARRIERS),
    "qpdf linearize": Route(tool("qpdf", "--linearize", "{a}", "{b}"), IdentifiedBy.CARRIERS),
    "pikepdf": Route(saved_by_pikepdf, IdentifiedBy.CARRIERS),
    "pymupdf": Route(saved_by_pymupdf, IdentifiedBy.CARRIERS),
    "pages extracted": Route(
        tool("qpdf", "--empty", "--pages", "{a}", "1-3", "--", "{b}"),
        IdentifiedBy.CARRIERS,
        "xmp, attachment, catalog",
    ),
    "one page extracted": Route(
        tool("qpdf", "--empty", "--pages", "{a}", "1", "--", "{b}"),
        IdentifiedBy.CARRIERS,
        "xmp, attachment, catalog",
    ),
    "pymupdf insert_pdf": Route(inserted, IdentifiedBy.CARRIERS, "xmp, attachment, catalog, page"),
    "pymupdf scrub": Route(scrubbed, IdentifiedBy.CARRIERS, "xmp, attachment"),
    "pdftocairo": Route(tool("pdftocairo", "-pdf", "{a}", "{b}"), IdentifiedBy.INK, "all"),
    "paper": Route(printed_to_paper, IdentifiedBy.INK, "all"),
    "outlines": Route(drawn_as_outlines, IdentifiedBy.INK, "all"),
}


def check(marked: Marked, path: Path) -> tuple[CheckReport, str]:
    (report,) = check_files([path], marked.room.office, on_report=lambda _: None)
    return report, "\n".join(f"{line.agreement.value} {line.says}" for line in report.lines)


@QPDF
@POPPLER
@pytest.mark.parametrize("name", ROUTES)
def test_after_each_route_it_is_said_what_it_belongs_to_and_what_was_lost(
    name: str, marked: Marked, tmp_path: Path
) -> None:
    route, target = ROUTES[name], tmp_path / "after.pdf"
    route.go(marked.path, target)
    report, said = check(marked, target)
    assert report.error is None, report.error
    assert report.identified_by is route.by, said
    assert "机密★10年" in said
    if route.lost == "all":
        assert marked.number in said or "may belong to" in said
        assert not report.agrees or "belongs to" in said
    elif route.lost:
        assert f"missing at: {route.lost}" in said.replace("、", ", ")
        assert not report.agrees
    else:
        assert report.agrees, said


def test_ink_alone_tells_mark_copy_and_what_it_may_belong_to(
    marked: Marked, tmp_path: Path
) -> None:
    target = tmp_path / "scan.pdf"
    for dpi in (150, 200, 300):
        printed_to_paper(marked.path, target, dpi)
        report, said = check(marked, target)
        assert report.identified_by is IdentifiedBy.INK
        assert not report.agrees
        assert "read from its ink alone" in said
        assert f"may belong to {marked.number}, copy 000001" in said


@POPPLER
def test_a_picture_of_a_page_is_read_too(marked: Marked, tmp_path: Path) -> None:
    target = tmp_path / "page.png"
    by_poppler(marked.path, 0, 150).save(target, dpi=(150, 150))
    report, said = check(marked, target)
    assert report.identified_by is IdentifiedBy.INK
    assert f"may belong to {marked.number}, copy 000001" in said


def test_a_page_without_any_mark_is_not_read_as_one(marked: Marked, tmp_path: Path) -> None:
    plain, scan = tmp_path / "plain.pdf", tmp_path / "scan.pdf"
    plain.write_bytes(pdf(3, typed="密级与期限"))
    printed_to_paper(plain, scan)
    assert isinstance(check(marked, scan)[0].error, CheckNotMarked)


def test_other_wordings_are_not_taken_for_one_another(marked: Marked, tmp_path: Path) -> None:
    from dingmi_mark.formats.handlers import handler_for
    from dingmi_mark.pipeline.read_ink import known_wordings, read_marks
    from pdf_kit import FACES

    for wording in ("绝密★30年", "秘密★8年", "机密★18年", "秘密★3年", "机密★长期"):
        typed, scan = tmp_path / "typed.pdf", tmp_path / "scan.pdf"
        typed.write_bytes(pdf(3, typed=wording))
        printed_to_paper(typed, scan, 200)
        with handler_for(scan).view(scan) as view:
            assert view is not None
            assert read_marks(view, known_wordings(), FACES) in ((wording,), ())


def test_a_foreign_stamp_is_never_taken_for_ours(marked: Marked, tmp_path: Path) -> None:
    """A red frame with words of its own, drawn by another program, also as an annotation."""
    foreign = tmp_path / "foreign.pdf"
    with pymupdf.open(stream=pdf(1), filetype="pdf") as file:  # type: ignore[no-untyped-call]
        page = file[0]
        page.draw_rect((330, 60, 520, 120), color=(0.8, 0, 0))
        page.insert_text((340, 90), "CONFIDENTIAL", color=(0.8, 0, 0))
        page.add_stamp_annot((80, 100, 200, 140), stamp=2)
        file.save(foreign)
    assert isinstance(check(marked, foreign)[0].error, CheckNotMarked)
