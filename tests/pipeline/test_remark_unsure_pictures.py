"""Pictures of every kind that others marked, and those of which nobody can be sure."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageOps

from dingmi_mark.errors import LegacyMarkUnsure, LegacyNotConfirmable, RemarkPlaceFull
from dingmi_mark.pipeline import scanned_marks
from dingmi_mark.pipeline.remark_file import RemarkStatus
from legacy_kit import LEFT, RIGHT, archived, confirmed, put, struck
from office_files_kit import needs_tesseract
from remark_kit import Archive, names, notice, planned, reports_of
from scan_kit import (
    NAMES,
    lines_through,
    named,
    pages_of,
    saved,
    scanned,
    scribble,
    sheets_of,
)

pytestmark = [
    pytest.mark.usefixtures("in_this_process"),
    needs_tesseract,
]


def _black_and_white(sheets: list[Image.Image]) -> bytes:
    whole = [sheet.point([0] * 150 + [255] * 106).convert("1") for sheet in sheets]
    return saved(whole, "TIFF", compression="group4")


def _of_few_colours(sheets: list[Image.Image]) -> bytes:
    return saved([sheet.convert("P") for sheet in sheets], "PNG")


def _without_resolution(sheets: list[Image.Image]) -> bytes:
    stream = BytesIO()
    sheets[0].save(stream, "PNG")
    return stream.getvalue()


def _turned_for_the_reader(sheets: list[Image.Image]) -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    lying = sheets[0].transpose(Image.Transpose.ROTATE_90)
    return saved([lying], "JPEG", exif=exif, quality=85)


KINDS: dict[str, tuple[str, Callable[[list[Image.Image]], bytes]]] = {
    "black and white, as from a fax": (NAMES["TIFF"], _black_and_white),
    "with a palette": (NAMES["PNG"], _of_few_colours),
    "without a resolution": (NAMES["PNG"], _without_resolution),
    "in colour": (NAMES["JPEG"], lambda sheets: saved([sheets[0].convert("RGB")], "JPEG")),
    "for printing presses": (NAMES["TIFF"], lambda sheets: saved([_inks(sheets[0])], "TIFF")),
    "which the reader's program turns": (NAMES["JPEG"], _turned_for_the_reader),
}


def _inks(sheet: Image.Image) -> Image.Image:
    return sheet.convert("RGB").convert("CMYK")


@pytest.mark.parametrize("which", KINDS)
def test_pictures_of_every_kind_are_struck(office: Archive, tmp_path: Path, which: str) -> None:
    name, make = KINDS[which]
    content = make(sheets_of(archived(("机密★10年", LEFT)), tmp_path, turn=0.2))
    file = put(office, content, name)
    result = struck(office, notice(named(content)))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    with Image.open(file) as image:
        sheet = ImageOps.exif_transpose(image).convert("L")
    assert len(lines_through(sheet)) == 1
    report = reports_of(office)[file.name]
    assert (report.mark, report.agrees) == ("秘密★5年", True), report


@pytest.mark.parametrize("dpi", [100, 400, 600])
def test_coarse_and_fine_pictures_are_struck_too(office: Archive, tmp_path: Path, dpi: int) -> None:
    sheets = sheets_of(archived(("机密★10年", LEFT), size_pt=18), tmp_path, dpi=dpi)
    content = saved(sheets, "PNG", dpi)
    file = put(office, content, NAMES["PNG"])
    result = struck(office, notice(named(content)))
    assert result.count(RemarkStatus.CHANGED) == 1, result.verdicts
    assert len(lines_through(pages_of(file)[0], dpi)) == 1


def _on(*marks: tuple[str, tuple[float, float]], **more: Any) -> Callable[[Path], bytes]:
    return lambda folder: saved(sheets_of(archived(*marks, size_pt=22), folder, **more), "PNG")


def _sideways(folder: Path) -> bytes:
    (sheet,) = sheets_of(archived(("机密★10年", LEFT)), folder)
    return saved([sheet.transpose(Image.Transpose.ROTATE_90)], "PNG")


def _with_a_second_page(mark: str) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        paper = archived(("机密★10年", LEFT), pages=2, running=mark, size_pt=18)
        return saved(sheets_of(paper, folder), "TIFF", compression="tiff_lzw")

    return make


UNSURE: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "no mark": (_on(), "no mark can be read"),
    "another level": (_on(("秘密★10年", LEFT)), "the notice says"),
    "another period": (_on(("机密★20年", LEFT)), "the notice says"),
    "contradict": (_on(("机密★10年", LEFT), ("秘密★5年", RIGHT)), "do not say the same"),
    "a later page says something else": (_with_a_second_page("秘密★5年"), "do not say the same"),
    "other words on a later page": (_with_a_second_page("样例文件"), "at the head of page 2"),
    "ink that nobody reads": (_on(("机密★10年", LEFT), draw=scribble), "at the head of page 1"),
    "other words": (_on(("机密★10年", LEFT), ("样例文件", RIGHT)), "is no mark"),
    "released": (_on(("机密★10年", LEFT), ("解密", RIGHT)), "released already"),
    "upside down": (_on(("机密★10年", LEFT), turn=180), "page"),
    "lying on its side": (_sideways, "page"),
    "a resolution that is not true": (
        lambda folder: saved(sheets_of(archived(("机密★10年", LEFT)), folder), "PNG", 96),
        "larger than A3",
    ),
}


@pytest.mark.parametrize("name", UNSURE)
def test_where_a_picture_is_not_sure_a_person_is_asked_and_nothing_else(
    office: Archive, tmp_path: Path, name: str
) -> None:
    make, why = UNSURE[name]
    content = make(tmp_path)
    file = put(office, content, NAMES["TIFF" if content[:2] == b"II" else "PNG"])
    office.sign(notice(named(content)))
    plan = planned(office)
    assert not plan.legacy and not plan.files
    assert names(plan.person) == [file.name]
    assert LegacyMarkUnsure.says[:40] in plan.person[0].why and why in plan.person[0].why
    with pytest.raises(LegacyNotConfirmable):
        confirmed(office, plan, file)
    assert file.read_bytes() == content


def test_without_tesseract_or_time_a_picture_is_left_to_people(
    office: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = scanned(tmp_path)
    put(office, content, NAMES["PNG"])
    office.sign(notice(named(content)))
    monkeypatch.setattr(scanned_marks, "SECONDS", 0.0)
    assert "in time" in planned(office).person[0].why
    monkeypatch.setattr(scanned_marks, "find_tesseract", lambda: None)
    assert "tesseract" in planned(office).person[0].why


@pytest.mark.parametrize("kind", NAMES)
def test_a_damaged_picture_is_told_and_stays_as_it_is(
    office: Archive, tmp_path: Path, kind: str
) -> None:
    content = scanned(tmp_path, kind)
    torn = content[: len(content) // 2]
    file = put(office, torn, NAMES[kind])
    office.sign(notice(named(torn)))
    plan = planned(office)
    assert not plan.legacy and not plan.files and not plan.person
    assert names(plan.unreadable) == [file.name] and plan.unreadable[0].why
    assert file.read_bytes() == torn


def _full_of_ink_below(pen: Any) -> None:
    for y in range(0, 260, 8):
        pen.line((600, 560 + y, 1600, 560 + y), fill=0, width=4)
        pen.line((100, 560 + y, 640, 560 + y), fill=0, width=4)


def test_where_no_place_is_free_the_picture_stays_as_it_is(office: Archive, tmp_path: Path) -> None:
    right = archived(("机密★10年", (430.0, 190.0)), size_pt=18)
    content = saved(sheets_of(right, tmp_path, turn=0, draw=_full_of_ink_below), "PNG")
    file = put(office, content, NAMES["PNG"])
    result = struck(office, notice(named(content)))
    (verdict,) = result.verdicts
    assert isinstance(verdict.error, RemarkPlaceFull), verdict
    assert file.read_bytes() == content
