"""Slides and sheets that are marked as they are go the same way, from approval to clean copy."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dingmi_mark.domain.change import ChangeKind
from dingmi_mark.domain.ledger_drafts import DraftConverted
from dingmi_mark.domain.printing import PrintReason
from dingmi_mark.errors import AlreadyMarkedOtherwise, ConfirmationToolFailed
from dingmi_mark.formats.base import Access
from dingmi_mark.formats.handlers import handler_with
from dingmi_mark.formats.pptx import PptxHandler
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.converting import as_markable, suffix_after
from dingmi_mark.pipeline.notices import registered_notice
from dingmi_mark.pipeline.preprint import PrintRequest, preprint_files
from dingmi_mark.pipeline.remark_cleaning import clean_copies
from dingmi_mark.pipeline.show import show_file
from dingmi_mark.pipeline.verdicts import Assurance, Status
from dingmi_mark.store.office import Conversion, ConvertTo
from office_files_kit import needs_soffice, soffice_group
from office_kit import Room, approved, new_room, only
from remark_kit import (
    CHANGE,
    DRAFTER,
    Archive,
    People,
    archive,
    notice,
    number_of,
    remarked,
    without_processes,
)
from sheets_kit import BOOK, workbook
from slides_kit import SHOW, slides

pytestmark = [needs_soffice, soffice_group]


@dataclass(frozen=True)
class Kind:
    """A format: its name, ending and older one, the policy's key, a draft, a part with marks."""

    name: str
    older: str
    key: str
    draft: Callable[[], bytes]
    part: str

    @property
    def ending(self) -> str:
        return f".{self.name.lower()}"


KINDS = (
    Kind("PPTX", ".ppt", "slides", lambda: slides(SHOW), "ppt/slides/slide1.xml"),
    Kind("XLSX", ".xls", "sheets", lambda: workbook(BOOK), "xl/worksheets/sheet1.xml"),
)


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with without_processes(monkeypatch):
        yield


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    found = request.param
    assert isinstance(found, Kind)
    return found


@pytest.fixture
def room(tmp_path: Path, kind: Kind) -> Room:
    return new_room(tmp_path).with_policies(f'{kind.key} = "native"')


@pytest.fixture
def papers(tmp_path: Path, kind: Kind) -> Archive:
    """An office that marks this format as it is and allows copies without marks."""
    made = archive(tmp_path)
    room = made.room.with_policies(f'{kind.key} = "native"').with_policies("clean_copies = true")
    return Archive(People(room, made.crew.hands), {})


def put(room: Room, kind: Kind) -> Path:
    content, name = kind.draft(), f"通知{kind.ending}"
    return room.put(name, content, approved(content, name))


def test_it_is_marked_found_and_shown(room: Room, kind: Kind) -> None:
    draft = put(room, kind)
    before = draft.read_bytes()
    verdict = only(room.mark())
    assert verdict.status is Status.MARKED, verdict.error
    assert draft.read_bytes() == before
    (copy,) = verdict.copies
    assert copy.path.name == f"通知-000001{kind.ending}"
    assert copy.assurance is Assurance.RENDERED
    (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
    assert report.agrees, report
    assert show_file(copy.path, room.office).format == kind.name
    with room.ledger() as ledger:
        assert not ledger.acts(DraftConverted)
    assert only(room.mark()).status is Status.UNCHANGED


def test_a_deleted_mark_is_found(room: Room, kind: Kind) -> None:
    put(room, kind)
    (copy,) = only(room.mark()).copies
    bare = copy.path.with_name(f"bare{kind.ending}")
    handler = handler_with(copy.path, Access())
    assert isinstance(handler, PptxHandler | SheetHandler)
    handler.unmark(copy.path, bare)
    (report,) = check_files([bare], room.office, on_report=lambda _: None)
    assert not report.agrees


def test_nothing_is_marked_unseen(
    room: Room, kind: Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(room, kind)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert isinstance(only(room.mark()).error, ConfirmationToolFailed)


def test_older_formats_become_pdf(kind: Kind) -> None:
    native = Conversion(sheets=ConvertTo.NATIVE, slides=ConvertTo.NATIVE)
    assert suffix_after(Path(f"a{kind.older}"), native) == ".pdf"
    assert suffix_after(Path(f"a{kind.ending}"), native) == kind.ending
    assert suffix_after(Path(f"a{kind.ending}"), Conversion()) == ".pdf"


def test_what_is_marked_is_not_converted_and_marked_again(room: Room, kind: Kind) -> None:
    put(room, kind)
    (copy,) = only(room.mark()).copies
    content, name = copy.path.read_bytes(), f"重来{kind.ending}"
    other = new_room(room.folder / "other")
    other.put(name, content, approved(content, name))
    assert isinstance(only(other.mark()).error, AlreadyMarkedOtherwise)
    with as_markable(copy.path, Conversion()) as made:
        assert made.conversion is None


def test_what_is_released_gets_a_copy_without_marks(papers: Archive, kind: Kind) -> None:
    name = f"1号{kind.ending}"
    papers.mark(name, kind.draft())
    remarked(papers, notice(number_of(name), kind=ChangeKind.RELEASED_EARLY))
    with papers.desk() as desk:
        checked = registered_notice(CHANGE, desk)
        out = papers.room.folder / "解密件"
        (verdict,) = clean_copies(checked, (papers.out,), out, desk, told=str, workers=1)
    assert verdict.error is None and verdict.target is not None
    assert not bears_traces(verdict.target)
    with zipfile.ZipFile(verdict.target) as package:
        assert "机密" not in package.read(kind.part).decode()


def test_a_print_job_is_checked(papers: Archive, kind: Kind) -> None:
    file = papers.mark(f"1号{kind.ending}", kind.draft())
    request = PrintRequest((file,), DRAFTER)
    (verdict,) = preprint_files(request, papers.room.office, on_verdict=lambda _: None)
    assert verdict.reason is PrintReason.MARKED
