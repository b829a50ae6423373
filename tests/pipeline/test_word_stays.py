"""A marked Word file is believed only where its text stands as it stood; a clock may go on."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from dingmi_mark.engine.shapes import Box, PageSize
from dingmi_mark.errors import MarkNotConfirmed
from dingmi_mark.formats.base import Faces, MarkJob, Placed, TextLine
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.pipeline.confirm import text_stays
from dingmi_mark.pipeline.desk import open_desk
from dingmi_mark.pipeline.mark import mark_draft
from dingmi_mark.pipeline.tasks import MarkTask
from dingmi_mark.pipeline.verdicts import Assurance, Status
from dingmi_mark.store.approvals import read_approval
from office_files_kit import needs_soffice, soffice_group
from office_kit import Room, approved, docx, new_room, only

pytestmark = [needs_soffice, soffice_group]

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def with_field(instruction: str) -> bytes:
    """A Word file whose last paragraph is a field that the reader's program fills in."""
    from docx import Document
    from docx.oxml import parse_xml

    document = Document(BytesIO(docx()))
    run = "<w:r><w:t>x</w:t></w:r>"
    field = f'<w:fldSimple {_SPACE} w:instr="{instruction}">{run}</w:fldSimple>'
    document.add_paragraph()._p.append(parse_xml(field))
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("instruction", ["TIME", r"FILENAME \p"])
def test_what_a_field_shows_at_another_time_is_no_moved_text(room: Room, instruction: str) -> None:
    content = with_field(instruction)
    room.put("通知.docx", content, approved(content, "通知.docx"))
    verdict = only(room.mark(jobs=1))
    assert verdict.status is Status.MARKED, verdict.error
    assert verdict.copies[0].assurance is Assurance.RENDERED


def test_a_mark_that_pushes_the_text_is_not_believed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = DocxHandler.mark

    def pushing(
        self: DocxHandler, source: Path, target: Path, job: MarkJob, faces: Faces
    ) -> tuple[Placed, ...]:
        placed = real(self, source, target, job, faces)
        with zipfile.ZipFile(target) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        body = parts["word/document.xml"]
        assert b"<wp:wrapNone/>" in body
        parts["word/document.xml"] = body.replace(b"<wp:wrapNone/>", b"<wp:wrapTopAndBottom/>")
        with zipfile.ZipFile(target, "w") as package:
            for name, part in parts.items():
                package.writestr(name, part)
        return placed

    monkeypatch.setattr(DocxHandler, "mark", pushing)
    content = docx()
    draft = room.put("通知.docx", content, approved(content, "通知.docx"))
    kept = read_approval(room.approvals / "通知.docx.toml")
    with open_desk(room.office, "test-1") as desk:
        task = MarkTask(draft, kept, room.out / "通知.docx", by_digest=True)
        error = mark_draft(task, desk).error
    assert isinstance(error, MarkNotConfirmed)
    assert re.search(
        r"the text \d+ mm below the top of page 1 was pushed from its place", str(error)
    )
    assert not any(room.out.iterdir())


class _Paper:
    """Pages of which only lines are known."""

    def __init__(self, *lines: TextLine) -> None:
        self.sizes = (PageSize(210, 297),)
        self._lines = lines

    def lines(self, page: int) -> tuple[TextLine, ...]:
        assert page == 0
        return self._lines


def line(text: str, x: float, y: float) -> TextLine:
    return TextLine(text, 0, Box(x, y, 15, 4))


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (line("— 1 —", 160, 270), line("— 1 —", 162.2, 270.2), True),
        (line("—12—", 30, 285), line("—12—", 28, 285), True),
        (line("第1页 共3页", 160, 270), line("第1页 共3页", 162, 270), True),
        (line("— 1 —", 160, 270), line("— 1 —", 160, 273), False),
        (line("— 1 —", 160, 270), line("— 1", 162, 270), False),
        (line("第1次", 160, 270), line("第1次", 162, 270), False),
        (line("12", 160, 250), line("12", 162, 250), False),
        (line("样例", 160, 270), line("样例", 162, 270), False),
    ],
)
def test_a_page_number_may_go_aside_in_its_row(
    before: TextLine, after: TextLine, stays: bool
) -> None:
    assert text_stays(_Paper(after), _Paper(before), 0) is stays  # type: ignore[arg-type]
