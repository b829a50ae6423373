"""What LibreOffice shows: marks to the millimetre, and no other text moved."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from docx_drafts import (
    ASCENT,
    FACES,
    MARKS,
    RECORD,
    blank_first_page,
    columns,
    comments,
    content_controls,
    even_and_odd,
    fields,
    footnotes,
    job,
    landscape,
    letter,
    right_to_left,
    saved,
    sections,
    stamp,
    table_first,
    table_of_contents,
    text_box_first,
    tracked_changes,
)

from dingmi_mark.domain.points import QuoteAnchor
from dingmi_mark.engine.shapes import MM_PER_PT, Block, TextRun
from dingmi_mark.formats.base import PointMark
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.office_convert import find_soffice

pytestmark = [
    pytest.mark.skipif(find_soffice() is None, reason="needs libreoffice-writer-nogui"),
    pytest.mark.xdist_group("soffice"),
]

HANDLER = DocxHandler()
DRAFTS = {
    "letter": letter,
    "landscape": landscape,
    "table_first": table_first,
    "right_to_left": right_to_left,
    "sections": sections,
    "columns": columns,
    "text_box_first": text_box_first,
    "tracked_changes": tracked_changes,
    "footnotes": footnotes,
    "content_controls": content_controls,
    "comments": comments,
    "fields": fields,
    "even_and_odd": even_and_odd,
    "table_of_contents": table_of_contents,
    "blank_first_page": blank_first_page,
}
SHOWN = {
    "columns": "分栏",
    "text_box_first": "框",
    "tracked_changes": "加删",
    "footnotes": "脚注内容",
    "content_controls": "控件",
    "fields": "共1",
    "even_and_odd": "首偶",
    "table_of_contents": "目录二.",
}
"""Characters that only what is special of a draft shows."""

REWRITTEN = [
    *(f"{name}_marked" for name in DRAFTS if name != "content_controls"),
    "letter_points",
]
"""LibreOffice 7.4 writes the words of a content control twice: then the content is another."""

CLOSING = "本文件第3段属于机密级国家秘密。"


@dataclass(frozen=True)
class Character:
    """A character as rendered: its page and the left end of its baseline (mm)."""

    page: int
    text: str
    x: float
    y: float
    size_pt: float

    def near(self, other: Character, within_mm: float) -> bool:
        return (
            (self.page, self.text) == (other.page, other.text)
            and abs(self.x - other.x) <= within_mm
            and abs(self.y - other.y) <= within_mm
        )


@dataclass(frozen=True)
class Rendered:
    """A folder with drafts, marked files, and both again after LibreOffice rewrote them."""

    folder: Path

    def characters(self, name: str) -> list[Character]:
        with self.pages(name) as pages:
            return list(_characters(pages))

    def pages(self, name: str) -> Any:
        """Open what was rendered; pymupdf is not typed."""
        return pymupdf.open(self.folder / "pdf" / f"{name}.pdf")  # type: ignore[no-untyped-call]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """Make, mark, rewrite and render all drafts with three calls of LibreOffice."""
    folder = tmp_path_factory.mktemp("rendered")
    for name, fill in DRAFTS.items():
        draft = saved(folder / f"{name}.docx", fill)
        HANDLER.mark(draft, folder / f"{name}_marked.docx", job(), FACES)
    marks = (PointMark("1", "（机密）", QuoteAnchor("第3段"), "fangsong", 11, 1),)
    flowing = job(marks, closing_words=CLOSING)
    HANDLER.mark(folder / "letter.docx", folder / "letter_points.docx", flowing, FACES)
    _soffice(folder, "docx", "again", sorted(folder.glob("*_*.docx")))
    for path in (folder / "again").iterdir():
        shutil.copy(path, folder / f"{path.stem}_again.docx")
    _soffice(folder, "pdf", "pdf", sorted(folder.glob("*.docx")))
    return Rendered(folder)


@pytest.mark.parametrize("name", DRAFTS)
@pytest.mark.parametrize("form", ["marked", "marked_again"])
def test_marks_stand_where_the_template_says(rendered: Rendered, name: str, form: str) -> None:
    found = rendered.characters(f"{name}_{form}")
    for block in MARKS:
        for run in _runs(block):
            assert_shown(found, 0, run)


@pytest.mark.parametrize("name", ["letter", "sections", "even_and_odd", "columns"])
@pytest.mark.parametrize("form", ["marked", "marked_again"])
def test_every_other_page_bears_the_mark_and_page_one_does_not(
    rendered: Rendered, name: str, form: str
) -> None:
    found = rendered.characters(f"{name}_{form}")
    (repeated,) = job().blocks[1]
    (run,) = _runs(repeated)
    pages = {character.page for character in found}
    assert len(pages) > 1
    for page in pages - {0}:
        assert_shown(found, page, run)
    assert not any(c.page == 0 and abs(c.y - run.baseline) < 1 and c.text == "★" for c in found)


@pytest.mark.parametrize("name", DRAFTS)
def test_no_other_text_moves(rendered: Rendered, name: str) -> None:
    after, before = rendered.characters(f"{name}_marked"), rendered.characters(name)
    assert set(SHOWN.get(name, "")) <= {character.text for character in before}
    for character in before:
        assert any(character.near(other, 0.1) for other in after), character
    with rendered.pages(f"{name}_marked") as now, rendered.pages(name) as then:
        assert len(now) == len(then)


def test_digits_stand_close_to_chinese_characters(rendered: Rendered) -> None:
    """LibreOffice would set `10 年` with a gap of a fifth of the size."""
    line = [c for c in rendered.characters("letter_marked") if abs(c.y - 52.2) < 0.5]
    gap = {c.text: c.x for c in line}["年"] - {c.text: c.x for c in line}["0"]
    assert gap < 0.6 * 16 * MM_PER_PT


def test_the_stamp_is_red_vectors_at_its_place(rendered: Rendered) -> None:
    with rendered.pages("letter_marked") as pages:
        drawings = pages[0].get_drawings()
    strokes = [drawing for drawing in drawings if drawing.get("color") == (1, 0, 0)]
    around = strokes[0]["rect"]
    for stroke in strokes[1:]:
        around |= stroke["rect"]
    box = stamp().box.grown(-0.25)
    measured = [value * MM_PER_PT for value in around]
    assert measured == pytest.approx([box.x, box.y, box.right, box.bottom], abs=0.3)


def test_points_stand_after_the_indent_before_the_words(rendered: Rendered) -> None:
    before = rendered.characters("letter")
    after = rendered.characters("letter_points")
    indent = min(c.x for c in before if c.text == "第" and c.page == 0)
    (mark,) = (c for c in after if c.text == "（" and c.page == 0)
    words = [c for c in after if abs(c.y - mark.y) < 1 and c.text == "第"]
    assert mark.x == pytest.approx(indent, abs=1.5)
    assert words[0].x > mark.x + 3 * 11 * MM_PER_PT


def test_closing_words_stand_last(rendered: Rendered) -> None:
    with rendered.pages("letter_points") as pages:
        assert CLOSING in "".join(pages[-1].get_text().split())


@pytest.mark.parametrize("name", REWRITTEN)
def test_libreoffice_keeps_label_marks_and_content(rendered: Rendered, name: str) -> None:
    rewritten = HANDLER.inspect(rendered.folder / f"{name}_again.docx")
    assert rewritten.embedded is not None
    assert rewritten.embedded.records == (RECORD,)
    assert rewritten.embedded.marking_ids == ("marking-1",)
    assert all(rewritten.embedded.levels.values())
    marked = HANDLER.inspect(rendered.folder / f"{name}.docx")
    assert rewritten.content_digest == marked.content_digest


def assert_shown(found: list[Character], page: int, run: TextRun) -> None:
    """Expect the run's first character on its baseline, in its size, within half a millimetre."""
    first = Character(page, run.text[0], run.box.x, run.baseline, run.size_pt)
    assert run.baseline == pytest.approx(run.box.y + ASCENT * run.size_pt * MM_PER_PT)
    near = [other for other in found if first.near(other, 0.5)]
    assert [other.size_pt for other in near] == pytest.approx([run.size_pt], abs=0.05), run.text


def _runs(block: Block) -> list[TextRun]:
    return [shape for shape in block.shapes if isinstance(shape, TextRun)]


def _characters(pages: Any) -> Iterator[Character]:
    for number, page in enumerate(pages):
        for block in page.get_text("rawdict")["blocks"]:
            for line in block.get("lines", ()):
                for span in line["spans"]:
                    for each in span["chars"]:
                        if each["c"].strip():
                            x, y = (value * MM_PER_PT for value in each["origin"])
                            yield Character(number, each["c"], x, y, span["size"])


def _soffice(folder: Path, kind: str, out: str, files: list[Path]) -> None:
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(folder / out), *map(str, files)],
        check=True,
        capture_output=True,
        timeout=120,
    )
