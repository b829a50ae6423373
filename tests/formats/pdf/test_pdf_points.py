"""Classified points stand before their paragraph or beside it, at true size, on blank ground."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from dingmi_mark.domain.points import BoxAnchor, ParagraphAnchor, PointAnchor, QuoteAnchor
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box
from dingmi_mark.errors import (
    PageTooSmall,
    PlaceTaken,
    PointAmbiguous,
    PointNotFound,
    PointUnsupported,
)
from dingmi_mark.formats.base import Placed, PointMark
from dingmi_mark.formats.pdf.text import RunningText
from dingmi_mark.formats.pdf.view import open_pdf_view
from pdf_kit import (
    BODY,
    FACES,
    HANDLER,
    MARK,
    assert_unchanged_outside,
    assert_upright,
    characters,
    chinese,
    dark,
    draft,
    ink_box,
    job,
    outlines,
    rendered,
    text_block,
)

EM = 16 * MM_PER_PT
LEFT, PITCH = 28.0, 9.88
FULL = "某局会同有关部门开展年度检查，并于每季度末报告进展情况"
LINES = (
    (0.0, "关于年度检查工作的情况报告"),
    (2.0, "第一段说明检查范围和依据以及各单位应承担的职责分工"),
    (0.0, FULL),
    (0.0, "至此第一段结束。"),
    (2.0, "第二段列出检查中的问题，涉及的核心参数是三百二十七"),
    (0.0, "点五的内容不得公开。"),
    (0.0, "顶格的第三段提出整改的要求。"),
)
"""Indent (em) and words of the lines of a letter; the type area is 27 characters wide."""


def point(anchor: PointAnchor, size_pt: float = 10, id: str = "1") -> PointMark:
    return PointMark(id, "（机密）", anchor, "heiti", size_pt, 1)


def letter(path: Path) -> Path:
    lines = [(LEFT + indent * EM, 60 + n * PITCH, words) for n, (indent, words) in enumerate(LINES)]
    return chinese(path, [*lines, (104, 280, "— 1 —")])


def place(source: Path, *points: PointMark, blocks: tuple[Block, ...] = ()) -> list[Placed]:
    target = source.with_name("marked.pdf")
    target.unlink(missing_ok=True)
    placed = HANDLER.mark(source, target, job(*blocks, points=points), FACES)
    return [each for each in placed if each.block.name.startswith("point:")]


def baseline(placed: Placed) -> float:
    (run,) = placed.block.shapes
    return run.baseline  # type: ignore[union-attr]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return letter(tmp_path / "draft.pdf")


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("各单位应承担的职责", 1),
        ("职责分工某局会同有关部门", 1),
        ("至此第一段结束", 1),
        ("核心参数是三百二十七点五的内容", 4),
        ("顶格的第三段", 6),
        ("关于年度检查工作的情况报告", 0),
    ],
)
def test_a_mark_stands_on_the_first_line_of_the_quoted_paragraph(
    quote: str, line: int, source: Path
) -> None:
    (placed,) = place(source, point(QuoteAnchor(quote)))
    assert placed.page == 0
    assert placed.block.name == "point:1"
    assert baseline(placed) == pytest.approx(60 + line * PITCH, abs=0.3)


def test_a_small_mark_stands_in_the_indent_next_to_the_words(source: Path) -> None:
    (placed,) = place(source, point(QuoteAnchor("第一段说明"), size_pt=7))
    words = LEFT + 2 * EM
    assert placed.block.box.right == pytest.approx(words - 1, abs=0.3)
    assert placed.block.box.x > LEFT


def test_a_large_mark_stands_in_the_left_margin(source: Path) -> None:
    (placed,) = place(source, point(QuoteAnchor("第一段说明"), size_pt=14))
    assert placed.block.box.right == pytest.approx(LEFT - 1, abs=0.3)


def test_where_the_left_margin_is_taken_the_mark_stands_in_the_right_one(source: Path) -> None:
    taken = Block("mark", Box(3, 55, 24, 40), ())
    (placed,) = place(source, point(QuoteAnchor("第三段提出"), 10, "x"), blocks=(taken,))
    assert placed.block.box.right < LEFT
    high = Block("mark", Box(3, 110, 24, 20), ())
    (placed,) = place(source, point(QuoteAnchor("第三段提出"), 10, "x"), blocks=(high,))
    assert placed.block.box.x == pytest.approx(LEFT + 27 * EM + 1, abs=1)


def test_the_mark_is_upright_at_true_size_and_covers_nothing(source: Path) -> None:
    before = rendered(source)
    (placed,) = place(source, point(QuoteAnchor("顶格的第三段"), size_pt=14))
    after = rendered(source.with_name("marked.pdf"))
    assert_upright(after, placed.block)
    assert_unchanged_outside(before, after, [placed.block.box])
    found = ink_box(after, placed.block.box.grown(0.5), dark)
    assert found.height == pytest.approx(outlines(placed.block).height, abs=0.3)
    sizes = {c[3] for c in characters(source.with_name("marked.pdf")) if c[0] == "密"}
    assert sorted(sizes) == [pytest.approx(14, abs=0.05)]


def test_quotes_are_compared_without_width_and_white_space(tmp_path: Path) -> None:
    path = chinese(tmp_path / "draft.pdf", [(LEFT, 60, "参数ＡＢＣ为 327.5（约）。")])
    (placed,) = place(path, point(QuoteAnchor("参数 ABC为327.5(约)")))
    assert baseline(placed) == pytest.approx(60, abs=0.3)


def test_punctuation_counts(source: Path) -> None:
    with pytest.raises(PointNotFound):
        place(source, point(QuoteAnchor("至此，第一段结束")))


def test_a_quote_may_span_pages_and_page_numbers(tmp_path: Path) -> None:
    path = chinese(
        tmp_path / "draft.pdf",
        [(LEFT + 2 * EM, 240, FULL[:25]), (LEFT, 250, FULL), (104, 280, "- 1 -")],
        [(LEFT, 50, "承上页之文。"), (104, 280, "- 2 -")],
    )
    (placed,) = place(path, point(QuoteAnchor(FULL[-4:] + "承上页")))
    assert (placed.page, baseline(placed)) == (0, pytest.approx(240, abs=0.3))
    (placed,) = place(path, point(QuoteAnchor("承上页之文")))
    assert (placed.page, baseline(placed)) == (0, pytest.approx(240, abs=0.3))


def test_words_that_are_not_there_are_told(source: Path) -> None:
    for anchor in (QuoteAnchor("没有的话"), QuoteAnchor(" "), QuoteAnchor("某局", 5)):
        with pytest.raises(PointNotFound) as told:
            place(source, point(anchor, id="7"))
        assert told.value.params["point"] == "7"


def test_words_in_several_paragraphs_need_an_occurrence(tmp_path: Path) -> None:
    path = chinese(
        tmp_path / "draft.pdf",
        [(LEFT + 2 * EM, 60 + 12 * n, "同样的话在各段。") for n in range(3)],
    )
    with pytest.raises(PointAmbiguous) as told:
        place(path, point(QuoteAnchor("同样的话")))
    assert told.value.params["count"] == 3
    (placed,) = place(path, point(QuoteAnchor("同样的话", 2)))
    assert baseline(placed) == pytest.approx(72, abs=0.3)


def test_words_twice_in_one_paragraph_are_no_ambiguity(tmp_path: Path) -> None:
    path = chinese(tmp_path / "draft.pdf", [(LEFT, 60, "某事与某事")])
    (placed,) = place(path, point(QuoteAnchor("某事")))
    assert baseline(placed) == pytest.approx(60, abs=0.3)


def test_two_levels_in_one_paragraph_do_not_overlap(source: Path) -> None:
    other = PointMark("2", "（秘密）", QuoteAnchor("整改"), "heiti", 10, 1)
    first, second = place(source, point(QuoteAnchor("第三段")), other)
    assert [first.block.name, second.block.name] == ["point:1", "point:2"]
    assert not first.block.box.overlaps(second.block.box)


def test_equal_points_of_one_paragraph_are_drawn_once(source: Path) -> None:
    first, second = place(source, point(QuoteAnchor("第三段")), point(QuoteAnchor("整改"), id="2"))
    assert [first.block.name, second.block.name] == ["point:1", "point:2"]
    assert first.block.box == second.block.box
    found = [each for each in characters(source.with_name("marked.pdf")) if each[0] == "密"]
    assert len(found) == 1


def test_no_free_margin_is_told(tmp_path: Path) -> None:
    path = chinese(tmp_path / "draft.pdf", [(8, 60, "满" * 34)])
    with pytest.raises(PlaceTaken) as told:
        place(path, point(QuoteAnchor("满满")))
    assert told.value.params == {"slot": "point:1", "page": 1}


def test_a_mark_never_stands_on_a_dark_ground(tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.pdf", b"0 0 0.2 rg 0 0 600 900 re f")
    with pytest.raises(PlaceTaken):
        place(path, point(BoxAnchor(1, 60, 60, 50, 30)))


# ── paragraphs ───────────────────────────────────────────────────────────────────────────────


def test_a_paragraph_is_known_by_its_beginning(source: Path) -> None:
    (placed,) = place(source, point(ParagraphAnchor(3, "第二段列出")))
    assert baseline(placed) == pytest.approx(60 + 4 * PITCH, abs=0.3)


def test_words_inside_a_paragraph_are_not_its_beginning(source: Path) -> None:
    for begins in ("列出检查", "至此第一段结束"):
        with pytest.raises(PointNotFound):
            place(source, point(ParagraphAnchor(3, begins)))


def test_a_paragraph_without_its_beginning_cannot_be_counted(source: Path) -> None:
    with pytest.raises(PointUnsupported) as told:
        place(source, point(ParagraphAnchor(3)))
    assert told.value.params == {"point": "1", "format": "PDF"}


def test_a_cell_of_a_table_is_known_by_its_beginning(tmp_path: Path) -> None:
    cells = [
        (x, 60 + 12 * n, f"{name}{n}")
        for n in range(3)
        for x, name in ((40, "序号"), (90, "参数"), (140, "数值"))
    ]
    path = chinese(tmp_path / "draft.pdf", cells)
    (placed,) = place(path, point(ParagraphAnchor(1, "参数1", 1, 2, 2)))
    assert baseline(placed) == pytest.approx(72, abs=0.3)
    assert placed.block.box.right == pytest.approx(89, abs=0.5)


# ── boxes ────────────────────────────────────────────────────────────────────────────────────


def test_a_mark_stands_to_the_left_of_its_box(tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.pdf", BODY, BODY, Rotate=90)
    (placed,) = place(path, point(BoxAnchor(2, 100, 50, 60, 40), size_pt=16))
    assert placed.page == 1
    assert placed.block.box.right == pytest.approx(99)
    assert placed.block.box.y == pytest.approx(50)
    assert_upright(rendered(path.with_name("marked.pdf"), 1), placed.block)


def test_a_mark_stands_to_the_right_where_the_left_is_taken(tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.pdf")
    (placed,) = place(path, point(BoxAnchor(1, 10, 50, 60, 5)))
    assert placed.block.box.x == pytest.approx(71)
    assert placed.block.box.y + placed.block.box.height / 2 == pytest.approx(52.5)


@pytest.mark.parametrize("box", [(2, 10, 10, 5, 5), (0, 10, 10, 5, 5), (1, 200, 10, 50, 5)])
def test_a_box_that_is_on_no_page_is_told(
    box: tuple[int, int, int, int, int], source: Path
) -> None:
    with pytest.raises(PointNotFound):
        place(source, point(BoxAnchor(*box)))


# ── closing words, blocks off the page ───────────────────────────────────────────────────────

CLOSING = "本文件第三段属于机密级国家秘密，保密期限十年，未经批准不得复制、摘抄或者透露其内容。"


def test_closing_words_stand_below_the_last_line(source: Path) -> None:
    target = source.with_name("marked.pdf")
    (placed,) = HANDLER.mark(source, target, job(closing_words=CLOSING), FACES)
    assert (placed.page, placed.block.name) == (0, "closing")
    assert placed.block.text.replace("\n", "") == CLOSING
    assert len(placed.block.shapes) == 2
    assert placed.block.box.x == pytest.approx(28)
    assert placed.block.box.right <= 210 - 26 + 0.1
    assert placed.block.box.y > 60 + 6 * PITCH
    assert_unchanged_outside(rendered(source), rendered(target), [placed.block.box])
    with pymupdf.open(target) as document:  # type: ignore[no-untyped-call]
        assert CLOSING in "".join(document[0].get_text().split())


def test_closing_words_without_room_are_told(tmp_path: Path) -> None:
    path = chinese(tmp_path / "draft.pdf", [(LEFT, 265, "最后一行。")])
    with pytest.raises(PlaceTaken):
        HANDLER.mark(path, tmp_path / "out.pdf", job(closing_words=CLOSING), FACES)
    assert not (tmp_path / "out.pdf").exists()


def test_a_page_without_text_takes_no_closing_words(tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.pdf", b"0 0 100 100 re f")
    with pytest.raises(PointUnsupported):
        HANDLER.mark(path, tmp_path / "out.pdf", job(closing_words=CLOSING), FACES)


def test_a_block_off_its_page_is_told(tmp_path: Path) -> None:
    path = draft(tmp_path / "draft.pdf", MediaBox=(0, 0, 200, 200))
    with pytest.raises(PageTooSmall) as told:
        HANDLER.mark(path, tmp_path / "out.pdf", job(text_block(60, 10)), FACES)
    assert told.value.params["slot"] == "mark"


# ── running text ─────────────────────────────────────────────────────────────────────────────


def test_paragraphs_are_told_apart(source: Path) -> None:
    with open_pdf_view(source) as view:
        text = RunningText(view)
        begins = [text.begins_paragraph(segment) for segment in text.segments]
    assert begins == [True, True, False, False, True, False, True]
    assert len(text.segments) == len(LINES)
    assert MARK not in "".join(segment.row.line.text for segment in text.segments)
