"""其他: paper of any layout gets its mark at a free place; the stamp is left out where none is."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image

from dingmi_mark.errors import PlaceTaken, TemplateInvalid
from dingmi_mark.formats.handlers import handler_for
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Agreement, Status, Verdict
from dingmi_mark.store.templates import bundled_stamps, read_template
from office_kit import approved, docx, full_page, new_room, only, page_of_text, picture

LINE_PT = 20.0


def marked(folder: Path, content: bytes, name: str = "报表.pdf", copies: int = 0) -> Verdict:
    room = new_room(folder)
    room.put(name, content, approved(content, name, form="其他", copies=copies))
    verdict = only(room.mark())
    for copy in verdict.copies:
        (report,) = check_files([copy.path], room.office, on_report=lambda _: None)
        assert report.agrees, report
    return verdict


def told(verdict: Verdict) -> str:
    return "\n".join(str(remark) for remark in verdict.remarks)


def test_an_empty_page_is_marked_at_its_top(tmp_path: Path) -> None:
    verdict = marked(tmp_path, page_of_text([420.0]))
    assert verdict.status is Status.MARKED, verdict.error
    assert "shifted" not in told(verdict) and "left out" not in told(verdict)


def test_the_mark_moves_down_to_a_free_row_and_the_stamp_is_left_out(tmp_path: Path) -> None:
    full = [16 + LINE_PT * n for n in range(41)]
    free = [y for y in full if not 300 <= y <= 340]
    verdict = marked(tmp_path, page_of_text(free))
    assert verdict.status is Status.MARKED, verdict.error
    assert "“mark” on page 1 was shifted down by" in told(verdict)
    assert "“stamp” found no free place on page 1 and was left out" in told(verdict)
    assert "“stamp”" not in "\n".join(str(step) for step in verdict.plan)


def test_the_mark_moves_down_from_under_an_annotation(tmp_path: Path) -> None:
    """Readers differ in what they show of a form field: it may have no ink here and some there."""
    with pikepdf.open(BytesIO(page_of_text([420.0]))) as document:
        field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([20, 760, 300, 830]))
        document.pages[0].obj.Annots = Array([document.make_indirect(field)])
        stream = BytesIO()
        document.save(stream, static_id=True)
    verdict = marked(tmp_path, stream.getvalue())
    assert verdict.status is Status.MARKED, verdict.error
    assert "“mark” on page 1 was shifted down by" in told(verdict)


def test_a_watermark_over_the_whole_page_is_told_of(tmp_path: Path) -> None:
    rows = [12.0 + 16 * n for n in range(52)]
    verdict = marked(tmp_path, page_of_text(rows, colour=(0.92, 0.92, 0.92)))
    assert verdict.status is Status.MARKED, verdict.error
    assert "“mark” on page 1 stands on something faint" in told(verdict)


@pytest.mark.parametrize("name", ["幻灯.pdf", "照片.png"])
def test_on_a_dark_page_the_mark_is_white_and_is_found_again(tmp_path: Path, name: str) -> None:
    ground = Image.new("RGB", (1240, 1754), (10, 16, 40))
    stream = BytesIO()
    ground.save(stream, name.partition(".")[2].upper(), dpi=(150, 150), resolution=150)
    verdict = marked(tmp_path, stream.getvalue(), name)
    assert verdict.status is Status.MARKED, verdict.error
    assert "“mark” on page 1 is white: its ground is dark." in told(verdict)


FULL = full_page()


def test_a_page_without_any_free_place_gets_blank_paper_above_it(tmp_path: Path) -> None:
    verdict = marked(tmp_path, FULL, copies=1)
    assert verdict.status is Status.MARKED, verdict.error
    assert "34.0 mm of blank paper were added above it." in told(verdict)


def test_a_strip_that_was_cut_off_is_a_mark_that_is_not_to_be_seen(tmp_path: Path) -> None:
    room = new_room(tmp_path)
    room.put("报表.pdf", FULL, approved(FULL, "报表.pdf", form="其他"))
    copy = only(room.mark()).copies[0].path
    with pikepdf.open(copy, allow_overwriting_input=True) as pdf:
        pdf.pages[0].obj.CropBox = Array([0, 0, 595.276, 841.89])
        pdf.save(copy)
    (report,) = check_files([copy], room.office, on_report=lambda _: None)
    assert not report.agrees
    assert Agreement.MISSING in {line.agreement for line in report.lines}


def test_a_page_too_small_for_the_mark_grows(tmp_path: Path) -> None:
    verdict = marked(tmp_path, page_of_text([20.0], width=40, height=30))
    assert verdict.status is Status.MARKED, verdict.error
    assert "added above it, 60.9 mm beside it." in told(verdict)


def test_what_was_marked_with_a_strip_is_replaced_and_taken_back(tmp_path: Path) -> None:
    room = new_room(tmp_path)
    room.put("报表.pdf", FULL, approved(FULL, "报表.pdf", form="其他"))
    copy = only(room.mark()).copies[0].path
    back = tmp_path / "back.pdf"
    handler_for(copy).unmark(copy, back)  # type: ignore[attr-defined]
    assert handler_for(back).inspect(back).content_digest == (
        handler_for(copy).inspect(copy).content_digest
    )
    assert only(room.mark()).status is Status.UNCHANGED


def _noise() -> bytes:
    stream = BytesIO()
    checks = Image.effect_noise((600, 800), 120).convert("RGB")
    checks.save(stream, "PNG", dpi=(150, 150))
    return stream.getvalue()


@pytest.mark.parametrize(("name", "make"), [("照片.png", _noise), ("报表.pdf", lambda: FULL)])
def test_without_room_and_without_leave_to_add_it_nothing_is_marked(
    tmp_path: Path, name: str, make: Callable[[], bytes]
) -> None:
    """A picture gets no strip, nor does a template that stops."""
    room, content = new_room(tmp_path), make()
    text = (bundled_stamps() / "qita.toml").read_text(encoding="utf-8")
    own = room.office.folder / "stamps" / "qita.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text.replace('no_room = "加空白"', 'no_room = "停止"'), encoding="utf-8")
    room.put(name, content, approved(content, name, form="其他"))
    error = only(room.mark()).error
    assert isinstance(error, PlaceTaken) and error.params["slot"] == "copy_number"


def test_a_small_page_takes_the_mark_and_not_the_stamp(tmp_path: Path) -> None:
    verdict = marked(tmp_path, page_of_text([140.0], width=200, height=160))
    assert verdict.status is Status.MARKED, verdict.error
    assert "“stamp” found no free place" in told(verdict)


@pytest.mark.parametrize("content", [page_of_text([420.0]), page_of_text([16.0, 52.0, 420.0])])
def test_copy_numbers_stand_close_above_the_mark(tmp_path: Path, content: bytes) -> None:
    verdict = marked(tmp_path, content, copies=2)
    assert verdict.status is Status.MARKED, verdict.error
    assert [copy.copy_number for copy in verdict.copies] == ["000001", "000002"]


def test_pictures_with_copy_numbers(tmp_path: Path) -> None:
    verdict = marked(tmp_path, picture(), "扫描.png", copies=1)
    assert verdict.status is Status.MARKED, verdict.error


def test_word_files_too(tmp_path: Path) -> None:
    assert marked(tmp_path, docx(), "讲稿.docx").status is Status.MARKED


def test_no_template_may_leave_the_mark_out(tmp_path: Path) -> None:
    text = (bundled_stamps() / "qita.toml").read_text(encoding="utf-8")
    own = tmp_path / "qita.toml"
    own.write_text(text.replace('occupied = "下移"', 'occupied = "不盖"'), encoding="utf-8")
    with pytest.raises(TemplateInvalid) as caught:
        read_template(own)
    assert "slot[1].occupied" in str(caught.value.params["faults"])
