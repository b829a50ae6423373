"""No mark is shown in letters that the draft brings along under the name of the mark's font."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx_drafts import job, letter, parts, saved

from carried_fonts_kit import KEY, masked, own_font, slides_with_font, word_with_font
from dingmi_mark.errors import DraftBroken, DraftCarriesMarkFont
from dingmi_mark.formats.base import Carriers, MarkJob
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.pptx import PptxHandler
from marking_kit import line
from pdf_kit import FACES
from slides_kit import slides

HANDLER = DocxHandler()
MARK = line("mark", "机密★10年", 28, 47)


def carrying(folder: Path, declared: str, content: bytes, key: str = KEY, more: str = "") -> Path:
    draft = saved(folder / "draft.docx", letter)
    carried = word_with_font(draft.read_bytes(), declared, content, key=key, more=more)
    draft.write_bytes(carried)
    return draft


@pytest.mark.parametrize(
    ("declared", "own"),
    [
        ("黑体", "Yangli"),
        ("Yangli", "黑体"),
        ("SimHei", "Yangli"),
        ("sim hei", "x"),
        ("x", "SIMHEI"),
    ],
)
@pytest.mark.parametrize("hidden", [True, False])
def test_a_font_named_as_that_of_the_marks_is_refused(
    declared: str, own: str, hidden: bool, tmp_path: Path
) -> None:
    font = own_font(own)
    draft = carrying(tmp_path, declared, masked(font) if hidden else font)
    named = declared if "x" != declared != "Yangli" else own
    with pytest.raises(DraftCarriesMarkFont, match=rf"named {named}: .* in 黑体"):
        HANDLER.mark(draft, tmp_path / "marked.docx", job(), FACES)
    assert not (tmp_path / "marked.docx").exists()


def test_another_name_of_the_entry_counts_too(tmp_path: Path) -> None:
    more = '<w:altName w:val="SimHei"/>'
    draft = carrying(tmp_path, "Yangli", masked(own_font("Yangli")), more=more)
    with pytest.raises(DraftCarriesMarkFont):
        HANDLER.mark(draft, tmp_path / "marked.docx", job(), FACES)


def test_fonts_of_other_names_are_carried_along(tmp_path: Path) -> None:
    draft = carrying(tmp_path, "方正小标宋样例", masked(own_font("样例黑体简体")))
    HANDLER.mark(draft, tmp_path / "marked.docx", job(), FACES)
    before, after = parts(draft), parts(tmp_path / "marked.docx")
    for name in ("word/fonts/font1.odttf", "word/fontTable.xml"):
        assert after[name] == before[name]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", KEY),
        (b"short", KEY),
        (b"\0\1\0\0" + bytes(200), KEY),
        (masked(own_font("x")), "{no key}"),
        (masked(own_font("x"))[:500], KEY),
        (masked(own_font("x")), ""),
    ],
)
def test_a_font_that_cannot_be_read_is_refused(content: bytes, key: str, tmp_path: Path) -> None:
    draft = carrying(tmp_path, "Yangli", content, key)
    with pytest.raises(DraftBroken, match=r"font1\.odttf"):
        HANDLER.mark(draft, tmp_path / "marked.docx", job(), FACES)


def test_the_file_without_its_fonts(tmp_path: Path) -> None:
    draft, bare = carrying(tmp_path, "Yangli", masked(own_font("Yangli"))), tmp_path / "bare.docx"
    assert HANDLER.without_own_fonts(draft, bare)
    assert not any("font1" in name for name in parts(bare))
    again = tmp_path / "again.docx"
    assert not HANDLER.without_own_fonts(bare, again)
    assert not again.exists()


@pytest.mark.parametrize(("declared", "family"), [("黑体", "Yangli"), ("Yangli", "SimHei")])
def test_slides_carry_no_font_of_the_marks_either(
    declared: str, family: str, tmp_path: Path
) -> None:
    handler, draft, target = PptxHandler(), tmp_path / "draft.pptx", tmp_path / "marked.pptx"
    marks = MarkJob({0: (MARK,)}, (), Carriers("d", "m", "c", b"{}", {}))
    draft.write_bytes(slides_with_font(slides(), declared, family))
    with pytest.raises(DraftCarriesMarkFont):
        handler.mark(draft, target, marks, FACES)
    draft.write_bytes(slides_with_font(slides(), "Yangli", "Yangli"))
    handler.mark(draft, target, marks, FACES)
    assert handler.without_own_fonts(target, tmp_path / "bare.pptx")
