"""What a draft brings along cannot make its marks look like others, whatever its name is."""

from __future__ import annotations

from pathlib import Path

import pytest

from carried_fonts_kit import OTHER_LETTERS, masked, own_font, word_with_font
from dingmi_mark.errors import DraftCarriesMarkFont, MarkNotConfirmed
from dingmi_mark.formats.base import FIRST_PAGE, Carriers, MarkJob
from dingmi_mark.formats.docx import DocxHandler, carried_fonts
from dingmi_mark.formats.office_convert import find_soffice
from dingmi_mark.pipeline.confirm import confirm
from marking_kit import line
from office_kit import Room, approved, docx, new_room, only
from pdf_kit import FACES

pytestmark = [
    pytest.mark.skipif(find_soffice() is None, reason="needs libreoffice-writer-nogui"),
    pytest.mark.xdist_group("soffice"),
]
MARK = "机密★10年"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def other(name: str) -> bytes:
    return masked(own_font(name, OTHER_LETTERS))


def test_a_font_of_the_marks_own_name_is_refused(room: Room) -> None:
    content = word_with_font(docx(), "黑体", other("黑体"))
    room.put("通知.docx", content, approved(content, "通知.docx"))
    assert isinstance(only(room.mark()).error, DraftCarriesMarkFont)
    assert not list(room.out.glob("*.docx"))


def test_a_font_that_no_mark_is_shown_in_stays(room: Room) -> None:
    content = word_with_font(docx(), "样例小标宋", other("样例小标宋"))
    room.put("通知.docx", content, approved(content, "通知.docx"))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error


def test_a_mark_shown_in_another_font_of_the_draft_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice takes SimHei where 黑体 is missing; here the rule on names does not know."""
    monkeypatch.setattr(carried_fonts, "_SAME", ())
    draft, marked = tmp_path / "draft.docx", tmp_path / "marked.docx"
    draft.write_bytes(word_with_font(docx(), "SimHei", other("SimHei")))
    handler = DocxHandler()
    block = line("mark", MARK, 28, 47)
    job = MarkJob({FIRST_PAGE: (block,)}, (), Carriers("d", "m", "c", b"{}", {}))
    found = handler.inspect(draft)
    placed = handler.mark(draft, marked, job, FACES)
    with handler.view(draft) as clean, pytest.raises(MarkNotConfirmed, match="carries"):
        confirm(handler, marked, (found, clean), job, placed, {}, FACES)


def test_a_typed_mark_in_a_font_of_the_draft_is_not_adopted(room: Room) -> None:
    typed = _set_in("Yangli", docx(typed=MARK))
    content = word_with_font(typed, "Yangli", other("Yangli"))
    room.put("通知.docx", content, approved(content, "通知.docx"))
    error = only(room.mark()).error
    assert isinstance(error, MarkNotConfirmed)
    assert MARK in str(error.message)


def _set_in(font: str, content: bytes) -> bytes:
    """Set the typed mark in this font."""
    from io import BytesIO

    from docx import Document
    from docx.oxml.ns import qn

    document = Document(BytesIO(content))
    (run,) = (run for one in document.paragraphs for run in one.runs if run.text == MARK)
    run.font.name = font
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
