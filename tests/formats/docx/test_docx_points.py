"""Classified points are found by their words and marked before them, in any paragraph."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx_drafts import FACES, edited, job, notes, parts, saved, table_first
from lxml import etree

from dingmi_mark.domain.points import BoxAnchor, ParagraphAnchor, PointAnchor, QuoteAnchor
from dingmi_mark.errors import PointAmbiguous, PointNotFound, PointUnsupported
from dingmi_mark.formats.base import PointMark
from dingmi_mark.formats.docx import DocxHandler

HANDLER = DocxHandler()
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Marker = Callable[..., list[str]]


def point(anchor: PointAnchor, text: str = "（机密）", id_: str = "1") -> PointMark:
    return PointMark(id_, text, anchor, "fangsong", 16, 1)


@pytest.fixture
def marked(tmp_path: Path) -> Marker:
    """Mark a document made of raw paragraphs; return the texts of its paragraphs."""

    def mark(body: str, *points: PointMark) -> list[str]:
        draft, raw, target = (tmp_path / name for name in ("d.docx", "raw.docx", "out.docx"))
        saved(draft, lambda document: document.add_paragraph("此处"))
        marker = "<w:p><w:r><w:t>此处</w:t></w:r></w:p>".encode()
        edited(
            draft,
            raw,
            {"word/document.xml": lambda xml: xml.replace(marker, body.encode(), 1)},
        )
        HANDLER.mark(raw, target, job(points, first=(), others=()), FACES)
        assert HANDLER.inspect(target).content_digest == HANDLER.inspect(raw).content_digest
        root = etree.fromstring(parts(target)["word/document.xml"])
        return ["".join(map(str, p.itertext(f"{{{W}}}t"))) for p in root.iter(f"{{{W}}}p")]

    return mark


def p(*content: str) -> str:
    return f"<w:p>{''.join(content)}</w:p>"


def r(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_words_are_found_across_runs_and_however_they_are_written(marked: Marker) -> None:
    body = p(r("无关")) + p(r("在研型号 Ａ"), r("12 的"), r(" 指标"))
    assert marked(body, point(QuoteAnchor("型号A12的指标")))[1].startswith("（机密）在研")


@pytest.mark.parametrize("wrapper", ["hyperlink", "ins", "smartTag"])
def test_words_inside_links_and_insertions_are_found(marked: Marker, wrapper: str) -> None:
    body = p(f'<w:{wrapper} w:id="1">', r("要点所在"), f"</w:{wrapper}>")
    assert marked(body, point(QuoteAnchor("要点所在"))) == ["（机密）要点所在"]


def test_deleted_words_are_not_found(marked: Marker) -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>要点</w:delText></w:r></w:del>'
    with pytest.raises(PointNotFound):
        marked(p(deleted, r("别的")), point(QuoteAnchor("要点")))


def test_field_codes_are_no_words(marked: Marker) -> None:
    field = "<w:r><w:instrText>PAGEREF 要点</w:instrText></w:r>"
    with pytest.raises(PointNotFound):
        marked(p(field, r("别的")), point(QuoteAnchor("要点")))


def test_the_mark_stands_before_a_field_not_in_it(marked: Marker) -> None:
    field = (
        '<w:fldSimple w:instr="REF a">' + r("引用") + "</w:fldSimple>",
        r("的要点"),
    )
    assert marked(p(*field), point(QuoteAnchor("的要点"))) == ["（机密）引用的要点"]


def test_the_mark_stands_before_a_bookmark_that_a_field_elsewhere_shows(tmp_path: Path) -> None:
    named = '<w:bookmarkStart w:id="1" w:name="_Ref1"/><w:bookmarkStart w:id="2" w:name="a"/>'
    body = p(named, r("要点"), '<w:bookmarkEnd w:id="1"/><w:bookmarkEnd w:id="2"/>')

    def put(xml: bytes) -> bytes:
        return xml.replace("<w:p><w:r><w:t>此处</w:t></w:r></w:p>".encode(), body.encode(), 1)

    plain = saved(tmp_path / "plain.docx", lambda document: document.add_paragraph("此处"))
    draft, target = edited(plain, tmp_path / "d.docx", {"word/document.xml": put}), tmp_path / "m"
    HANDLER.mark(draft, target, job((point(QuoteAnchor("要点")),), first=(), others=()), FACES)
    root = etree.fromstring(parts(target)["word/document.xml"])
    (paragraph,) = (each for each in root.iter(f"{{{W}}}p") if "要点" in "".join(each.itertext()))
    starts = [each.get(f"{{{W}}}name") for each in paragraph.iter(f"{{{W}}}bookmarkStart")]
    tags = [each.tag.rpartition("}")[2] for each in paragraph]
    assert starts[1:] == ["_Ref1", "a"]
    assert tags[:5] == ["bookmarkStart", "r", "bookmarkEnd", "bookmarkStart", "bookmarkStart"]


def test_white_space_that_serves_as_an_indent_stays_before_the_mark(marked: Marker) -> None:
    body = p(r("　　"), r("　 要点")) + p("<w:r><w:tab/><w:t>另一</w:t></w:r>")
    first, second = point(QuoteAnchor("要点")), point(QuoteAnchor("另一"), id_="2")
    assert marked(body, first, second) == ["　　　 （机密）要点", "（机密）另一"]


def test_words_in_two_paragraphs_are_ambiguous_unless_one_is_picked(marked: Marker) -> None:
    body = p(r("要点一")) + p(r("要点二"))
    with pytest.raises(PointAmbiguous) as error:
        marked(body, point(QuoteAnchor("要点")))
    assert error.value.params["count"] == 2


def test_the_occurrence_picks_a_place(marked: Marker) -> None:
    body = p(r("要点一")) + p(r("要点二"))
    assert marked(body, point(QuoteAnchor("要点", 2))) == ["要点一", "（机密）要点二"]


def test_an_occurrence_that_is_not_there_is_not_found(marked: Marker) -> None:
    with pytest.raises(PointNotFound):
        marked(p(r("要点")), point(QuoteAnchor("要点", 2)))


def test_words_twice_in_one_paragraph_are_one_place(marked: Marker) -> None:
    assert marked(p(r("要点和要点")), point(QuoteAnchor("要点"))) == ["（机密）要点和要点"]


def test_two_points_in_one_paragraph_give_one_mark(marked: Marker) -> None:
    points = point(QuoteAnchor("甲")), point(QuoteAnchor("乙"), id_="2")
    assert marked(p(r("甲和乙")), *points) == ["（机密）甲和乙"]


@pytest.mark.parametrize("quote", ["", "　", "没有的话"])
def test_words_that_are_not_there_are_not_found(marked: Marker, quote: str) -> None:
    with pytest.raises(PointNotFound):
        marked(p(r("要点")), point(QuoteAnchor(quote)))


def test_paragraphs_are_counted_without_empty_ones_and_tables(marked: Marker) -> None:
    table = "<w:tbl><w:tr><w:tc>" + p(r("格")) + "</w:tc></w:tr></w:tbl>"
    body = (
        p() + p(r("一")) + table + "<w:sdt><w:sdtContent>" + p(r("二")) + "</w:sdtContent></w:sdt>"
    )
    assert marked(body, point(ParagraphAnchor(2, begins="二")))[3] == "（机密）二"


def test_a_paragraph_that_begins_otherwise_is_not_found(marked: Marker) -> None:
    with pytest.raises(PointNotFound):
        marked(p(r("一")), point(ParagraphAnchor(1, begins="二")))


@pytest.mark.parametrize("number", [0, 2, -1])
def test_a_number_beyond_the_text_is_not_found(marked: Marker, number: int) -> None:
    with pytest.raises(PointNotFound):
        marked(p(r("一")), point(ParagraphAnchor(number)))


def test_places_on_a_page_are_not_for_flowing_text(marked: Marker) -> None:
    with pytest.raises(PointUnsupported):
        marked(p(r("一")), point(BoxAnchor(1, 10, 10, 20, 20)))


@pytest.mark.parametrize(
    ("anchor", "cell"),
    [
        (ParagraphAnchor(1, table=1, row=2, column=2), (1, 1)),
        (ParagraphAnchor(2, table=1, row=2), (1, 1)),
        (ParagraphAnchor(5, table=1), (2, 0)),
        (QuoteAnchor("格3-2"), (2, 1)),
    ],
)
def test_points_in_tables(tmp_path: Path, anchor: PointAnchor, cell: tuple[int, int]) -> None:
    draft, target = saved(tmp_path / "d.docx", table_first), tmp_path / "out.docx"
    HANDLER.mark(draft, target, job([point(anchor)]), FACES)
    table = docx.Document(str(target)).tables[0]
    assert table.cell(*cell).text == f"（机密）格{cell[0] + 1}-{cell[1] + 1}"
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(draft).content_digest


@pytest.mark.parametrize("place", [(2, 1, 1), (1, 4, 1), (1, 1, 0)])
def test_cells_that_are_not_there(tmp_path: Path, place: tuple[int, int, int]) -> None:
    draft = saved(tmp_path / "d.docx", table_first)
    table, row, column = place
    anchor = ParagraphAnchor(1, table=table, row=row, column=column)
    with pytest.raises(PointNotFound):
        HANDLER.mark(draft, tmp_path / "out.docx", job([point(anchor)]), FACES)
    assert not (tmp_path / "out.docx").exists()


def test_points_in_nested_tables_are_found_by_their_words(tmp_path: Path) -> None:
    def fill(document: Document) -> None:
        cell = document.add_table(1, 1).cell(0, 0)
        cell.add_table(1, 1).cell(0, 0).text = "内表要点"

    draft, target = saved(tmp_path / "d.docx", fill), tmp_path / "out.docx"
    HANDLER.mark(draft, target, job([point(QuoteAnchor("内表要点"))]), FACES)
    inner = docx.Document(str(target)).tables[0].cell(0, 0).tables[0]
    assert inner.cell(0, 0).text == "（机密）内表要点"


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_words_in_notes_are_found_and_only_their_part_is_changed(tmp_path: Path, kind: str) -> None:
    draft, target = (
        saved(tmp_path / "d.docx", lambda paper: notes(paper, kind)),
        tmp_path / "o.docx",
    )
    HANDLER.mark(draft, target, job([point(QuoteAnchor("脚注的内容"))]), FACES)
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(draft).content_digest
    before, after = parts(draft), parts(target)
    text = "".join(etree.fromstring(after[f"word/{kind}s.xml"]).itertext(f"{{{W}}}t"))
    assert text == "（机密）脚注的内容"
    body = etree.fromstring(after["word/document.xml"])
    assert "（机密）脚注" not in "".join(body.itertext(f"{{{W}}}t"))
    HANDLER.mark(draft, tmp_path / "body.docx", job([point(QuoteAnchor("有脚注的正文"))]), FACES)
    assert parts(tmp_path / "body.docx")[f"word/{kind}s.xml"] == before[f"word/{kind}s.xml"]


def test_words_in_the_body_and_in_a_note_are_ambiguous(tmp_path: Path) -> None:
    draft = saved(
        tmp_path / "d.docx", lambda paper: (notes(paper), paper.add_paragraph("脚注的内容"))
    )
    with pytest.raises(PointAmbiguous):
        HANDLER.mark(draft, tmp_path / "o.docx", job([point(QuoteAnchor("脚注的内容"))]), FACES)
    second = QuoteAnchor("脚注的内容", 2)
    HANDLER.mark(draft, tmp_path / "o.docx", job([point(second)]), FACES)
    assert "（机密）" in parts(tmp_path / "o.docx")["word/footnotes.xml"].decode()


def test_the_mark_has_its_own_style_and_a_bookmark(tmp_path: Path) -> None:
    draft = saved(tmp_path / "d.docx", lambda document: document.add_paragraph("要点"))
    target = tmp_path / "out.docx"
    HANDLER.mark(draft, target, job([point(QuoteAnchor("要点"))], first=()), FACES)
    document = docx.Document(str(target))
    assert "DingmiPoint" in [style.name for style in document.styles]
    assert document.paragraphs[0].runs[0].style.name == "DingmiPoint"
    names = document.element.xpath("//w:bookmarkStart/@w:name")
    assert [name.startswith("_dingmi_") and len(name) <= 40 for name in names] == [True]
