"""Real drafts compared: saved anew by LibreOffice, exported twice, and altered in many ways."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from dingmi_mark.domain.comparison import Comparison, Part
from dingmi_mark.domain.late_values import LateValues
from dingmi_mark.errors import DraftNotComparable
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.pipeline.comparing import another_program, compare_drafts, difference_words
from dingmi_mark.store.fonts import BUNDLED
from late_kit import (
    ALL,
    FIGURE,
    FILLED,
    LATE,
    LIBREOFFICE,
    LINK,
    NUMBER,
    Edit,
    find,
    paper,
    picture,
    replaced,
    saved_anew,
    white,
)
from office_kit import picture as scan

pytestmark = LIBREOFFICE
NOTHING = LateValues(frozenset())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drafts")


@pytest.fixture(scope="module")
def approved(folder: Path) -> Path:
    """The approved Word draft, with blanks."""
    path = folder / "approved.docx"
    path.write_bytes(paper())
    return path


@pytest.fixture(scope="module")
def approved_pdf(approved: Path) -> Path:
    return saved_anew(approved, "pdf")


@pytest.fixture(scope="module")
def filled(folder: Path) -> Path:
    path = folder / "filled.docx"
    path.write_bytes(paper(*FILLED))
    return path


@pytest.fixture(scope="module")
def filled_pdf(filled: Path) -> Path:
    return saved_anew(filled, "pdf")


def altered(folder: Path, edit: Edit) -> Path:
    """A draft that was filled in, and changed besides."""
    path = folder / f"{abs(hash(edit))}.docx"
    path.write_bytes(paper(*FILLED, edit))
    return path


def assert_filled(found: Comparison) -> None:
    assert [difference_words(each) for each in found.differences] == []
    assert found.fields == ALL


def test_a_word_file_that_was_filled_in_is_accepted(approved: Path, filled: Path) -> None:
    assert_filled(compare_drafts(approved, filled, LATE))


def test_a_word_file_saved_anew_by_the_program_that_wrote_it_is_accepted(
    approved: Path, folder: Path
) -> None:
    before = folder / "by-libreoffice.docx"
    # Its first two savings still settle what the other program wrote.
    before.write_bytes(saved_anew(saved_anew(approved)).read_bytes())
    typed = folder / "typed.docx"
    DocxHandler().fill_in(before, typed, LATE)
    assert compare_drafts(before, typed, LATE).differences == ()
    found = compare_drafts(before, saved_anew(typed), LATE)
    assert [difference_words(each) for each in found.differences] == []
    assert found.fields == ALL[:2]
    found = compare_drafts(before, saved_anew(before), NOTHING)
    assert (found.differences, found.filled) == ((), ())


def test_a_word_file_saved_anew_by_another_program_is_refused_and_says_so(
    approved: Path, filled: Path
) -> None:
    """It writes styles, settings and fonts of its own: nobody can tell what else was changed."""
    found = compare_drafts(approved, saved_anew(filled), LATE)
    assert Part.STYLE in {piece.part for each in found.differences for piece in each.old}
    hint = str(another_program(found))
    assert "by Microsoft Macintosh Word, this one by LibreOffice" in hint


def test_a_pdf_exported_again_after_filling_in_is_accepted(
    approved_pdf: Path, filled_pdf: Path
) -> None:
    assert_filled(compare_drafts(approved_pdf, filled_pdf, LATE))


def test_the_same_without_late_fields_is_refused(approved: Path, filled: Path) -> None:
    found = compare_drafts(approved, filled, NOTHING)
    assert len(found.differences) == 3 and found.filled == ()


def hidden(document: Docx) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run("样例：隐藏的一段").font.hidden = True


def hidden_words(document: Docx) -> None:
    find(document, "这里").runs[0].font.hidden = True


def tracked(document: Docx) -> None:
    find(document, FIGURE)._p.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="91" w:author="样例"><w:r><w:t>另加</w:t></w:r></w:ins>'
        )
    )


def tracked_away(document: Docx) -> None:
    paragraph = find(document, FIGURE)
    change = parse_xml(f'<w:del {nsdecls("w")} w:id="92" w:author="样例"/>')
    run = paragraph.runs[0]._r
    paragraph._p.append(change)
    change.append(run)
    run.find(qn("w:t")).tag = qn("w:delText")


def struck(document: Docx) -> None:
    find(document, FIGURE).runs[0].font.strike = True


def raised(document: Docx) -> None:
    find(document, FIGURE).runs[0].font.superscript = True


def other_link(document: Docx) -> None:
    links = document.part.rels.values()
    next(rel for rel in links if rel.reltype.endswith("/hyperlink"))._target = LINK + "/other"


def other_note(document: Docx) -> None:
    notes = next(rel for rel in document.part.rels.values() if rel.reltype.endswith("/footnotes"))
    part = notes.target_part
    part._blob = part.blob.replace("样例脚注".encode(), "样例脚住".encode())


def other_picture(document: Docx) -> None:
    image = next(rel for rel in document.part.rels.values() if rel.reltype.endswith("/image"))
    image.target_part._blob = picture("blue").getvalue()


def other_cell(document: Docx) -> None:
    document.tables[0].cell(1, 1).text = "457"


def moved_cell(document: Docx) -> None:
    table = document.tables[0]
    table.cell(1, 0).text, table.cell(1, 1).text = table.cell(1, 1).text, ""


def other_header(document: Docx) -> None:
    document.sections[0].header.paragraphs[0].text = "样例眉页"


def moved_paragraph(document: Docx) -> None:
    figure = find(document, FIGURE)._p
    find(document, "网上看")._p.addnext(figure)


def commented(document: Docx) -> None:
    document.add_comment(find(document, FIGURE).runs, text="样例：不用执行", author="样例")


def no_list(document: Docx) -> None:
    find(document, "列为二类").style = document.styles["Normal"]


def in_a_box(document: Docx) -> None:
    find(document, FIGURE).add_run()._r.append(
        parse_xml(
            f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:rect '
            'style="width:90pt;height:30pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>样例框</w:t>'
            "</w:r></w:p></w:txbxContent></v:textbox></v:rect></w:pict>"
        )
    )


def as_field(document: Docx) -> None:
    find(document, FIGURE)._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="DOCPROPERTY 样例"><w:r><w:t/></w:r>'
            "</w:fldSimple>"
        )
    )


def in_a_page_field(document: Docx) -> None:
    find(document, FIGURE)._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>样例：不得执行</w:t></w:r>'
            "</w:fldSimple>"
        )
    )


def tiny(document: Docx) -> None:
    run = find(document, "这里").add_run("不得执行")
    run.font.size = 12700


def in_signs(document: Docx) -> None:
    find(document, FIGURE).runs[0].font.name = "Wingdings"


def backwards(document: Docx) -> None:
    find(document, FIGURE).runs[0].font.rtl = True


@pytest.mark.parametrize(
    ("edit", "part"),
    [
        (in_signs, Part.BODY),
        (backwards, Part.BODY),
        (replaced("123", "128"), Part.BODY),
        (hidden, Part.BODY),
        (hidden_words, Part.BODY),
        (white, Part.BODY),
        (tiny, Part.BODY),
        (tracked, Part.BODY),
        (tracked_away, Part.BODY),
        (struck, Part.BODY),
        (raised, Part.BODY),
        (other_link, Part.BODY),
        (other_note, Part.FOOTNOTE),
        (other_picture, Part.PICTURE),
        (other_cell, Part.TABLE),
        (moved_cell, Part.TABLE),
        (other_header, Part.HEADER),
        (moved_paragraph, Part.BODY),
        (commented, Part.COMMENT),
        (no_list, Part.BODY),
        (in_a_box, Part.BOX),
        (as_field, Part.BODY),
        (in_a_page_field, Part.BODY),
        (replaced(NUMBER, "示密〔2026〕4号"), Part.BODY),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_else_was_changed_in_a_word_file_is_refused(
    edit: Edit, part: Part, approved: Path, tmp_path: Path
) -> None:
    found = compare_drafts(approved, altered(tmp_path, edit), LATE)
    parts = {piece.part for each in found.differences for piece in (*each.old, *each.new)}
    assert part in parts


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────


PdfEdit = Callable[[pymupdf.Page], None]


def edited(source: Path, target: Path, edit: PdfEdit) -> Path:
    with pymupdf.open(source) as document:  # type: ignore[no-untyped-call]
        edit(document[0])
        document.save(target)
    return target


def written(text: str, **more: object) -> PdfEdit:
    def edit(page: pymupdf.Page) -> None:
        page.insert_text((300, 700), text, fontfile=str(BUNDLED), fontname="F0", **more)

    return edit


def covered(page: pymupdf.Page) -> None:
    figure = page.search_for("123")[0]
    page.draw_rect(figure, color=(1, 1, 1), fill=(1, 1, 1))


def dotted(page: pymupdf.Page) -> None:
    figure = page.search_for("123")[0]
    page.draw_circle((figure.x0 + 9, figure.y1 - 3), 0.8, color=(0, 0, 0), fill=(0, 0, 0))


def pictured(page: pymupdf.Page) -> None:
    page.insert_image(pymupdf.Rect(300, 600, 360, 640), stream=picture("blue").getvalue())


def swapped(page: pymupdf.Page) -> None:
    page.replace_image(page.get_images()[0][0], stream=picture("blue").getvalue())


def linking(address: str) -> PdfEdit:
    def edit(page: pymupdf.Page) -> None:
        place = page.search_for("这里")[0]
        page.insert_link({"kind": pymupdf.LINK_URI, "from": place, "uri": address})

    return edit


def noted(page: pymupdf.Page) -> None:
    page.add_text_annot((300, 700), "样例：不得执行")


@pytest.mark.parametrize(
    ("edit", "part"),
    [
        (written("样例"), Part.BODY),
        (written("样例", color=(1, 1, 1)), Part.BODY),
        (written("样例", render_mode=3), Part.BODY),
        (written("样例", fontsize=1), Part.BODY),
        (covered, Part.DRAWING),
        (dotted, Part.DRAWING),
        (pictured, Part.PICTURE),
        (swapped, Part.PICTURE),
        (linking(LINK), Part.LINK),
        (noted, Part.COMMENT),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_whatever_else_was_changed_in_a_pdf_is_refused(
    edit: PdfEdit, part: Part, approved_pdf: Path, filled_pdf: Path, tmp_path: Path
) -> None:
    found = compare_drafts(approved_pdf, edited(filled_pdf, tmp_path / "x.pdf", edit), LATE)
    parts = {piece.part for each in found.differences for piece in (*each.old, *each.new)}
    assert part in parts


def test_a_link_that_leads_elsewhere_is_refused(
    approved_pdf: Path, filled_pdf: Path, tmp_path: Path
) -> None:
    before = edited(approved_pdf, tmp_path / "before.pdf", linking(LINK))
    same = edited(filled_pdf, tmp_path / "same.pdf", linking(LINK))
    other = edited(filled_pdf, tmp_path / "other.pdf", linking(LINK + "/other"))
    assert_filled(compare_drafts(before, same, LATE))
    (difference,) = compare_drafts(before, other, LATE).differences
    assert "【sample/other】" in str(difference_words(difference))


def test_an_altered_figure_in_a_pdf_is_told_with_its_place(
    approved_pdf: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "b.docx"
    draft.write_bytes(paper(*FILLED, replaced("123", "128")))
    found = compare_drafts(approved_pdf, saved_anew(draft, "pdf"), LATE)
    (difference,) = found.differences
    assert str(difference.place).startswith("page 1, line")
    assert "【128】 次" in str(difference_words(difference))


def test_a_page_that_only_looks_different_is_refused(
    approved_pdf: Path, filled_pdf: Path, tmp_path: Path
) -> None:
    """The text stays, its glyphs are drawn elsewhere: the words alone would lie."""
    target = tmp_path / "shifted.pdf"
    with pikepdf.open(filled_pdf) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        content = page.Contents.read_bytes()
        page.Contents = pdf.make_stream(b"q 0.97 0 0 0.97 0 0 cm\n" + content + b"\nQ")
        pdf.save(target)
    found = compare_drafts(approved_pdf, target, LATE)
    assert found.differences


def test_letters_that_show_another_letter_are_refused(approved_pdf: Path, tmp_path: Path) -> None:
    """The mapping to text says 123, the page shows 128."""
    draft = tmp_path / "b.docx"
    draft.write_bytes(paper(*FILLED, replaced("123", "128")))
    target = tmp_path / "lying.pdf"
    with pikepdf.open(saved_anew(draft, "pdf")) as pdf:
        for font in pdf.pages[0].Resources.Font.values():
            mapping = font.ToUnicode
            mapping.write(mapping.read_bytes().replace(b"<0038>", b"<0033>"))
        pdf.save(target)
    found = compare_drafts(approved_pdf, target, LATE)
    assert [each.new[0].part for each in found.differences] == [Part.LOOK]


def test_another_page_or_another_size_is_refused(
    approved_pdf: Path, filled_pdf: Path, tmp_path: Path
) -> None:
    more, larger = tmp_path / "more.pdf", tmp_path / "larger.pdf"
    with pikepdf.open(filled_pdf) as pdf:
        pdf.add_blank_page()
        pdf.save(more)
    with pikepdf.open(filled_pdf) as pdf:
        pdf.pages[0].MediaBox = [0, 0, 700, 900]
        pdf.save(larger)
    for path in (more, larger):
        found = compare_drafts(approved_pdf, path, LATE)
        assert any(piece.part is Part.PAGE for each in found.differences for piece in each.new)


def test_another_form_and_pictures_are_told_apart(
    approved: Path, filled_pdf: Path, tmp_path: Path
) -> None:
    with pytest.raises(DraftNotComparable, match="DOCX"):
        compare_drafts(approved, filled_pdf, LATE)
    one, other = tmp_path / "a.png", tmp_path / "b.png"
    one.write_bytes(scan(pages=1))
    other.write_bytes(scan(pages=1) + b"\0")
    with pytest.raises(DraftNotComparable, match="pictures"):
        compare_drafts(one, other, LATE)
