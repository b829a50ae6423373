"""What names points can be taken out of a Word draft: comments, styles, brackets, nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx_drafts import edited, notes, parts

from dingmi_mark.domain.authoring import Authored
from dingmi_mark.formats.docx import DocxHandler
from dingmi_mark.formats.docx.authoring_template import authoring_template

HANDLER = DocxHandler()
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture
def document() -> Document:
    paper = Document()
    paper.add_paragraph("样例：关于示例演练的通知")
    return paper


def cleaned(document: Document, folder: Path) -> Path:
    draft, target = folder / "draft.docx", folder / "clean.docx"
    document.save(str(draft))
    assert HANDLER.without_authoring(draft, target)
    assert HANDLER.authored(target) == Authored((), ())
    HANDLER.inspect(target)
    return target


def test_comments_on_points_go_and_others_stay(document: Document, tmp_path: Path) -> None:
    runs = [document.add_paragraph().add_run(text) for text in ("甲", "乙")]
    document.add_comment([runs[0]], text="密点 机密")
    document.add_comment([runs[1]], text="请核实这里的密点")
    clean = Document(str(cleaned(document, tmp_path)))
    assert [comment.text for comment in clean.comments] == ["请核实这里的密点"]
    anchors = clean.element.body.xpath("//w:commentReference | //w:commentRangeStart")
    assert len(anchors) == 2
    assert [p.text for p in clean.paragraphs][-2:] == ["甲", "乙"]


def test_what_newer_word_says_of_a_comment_goes_with_it(document: Document, tmp_path: Path) -> None:
    document.add_comment([document.add_paragraph().add_run("甲")], text="密点 机密")
    draft, rich, target = (tmp_path / name for name in ("d.docx", "rich.docx", "clean.docx"))
    document.save(str(draft))
    w14 = b'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" w14:paraId="00AB"'
    extended = (
        b'<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        b'<w15:commentEx w15:paraId="00AB" w15:done="0"/>'
        b'<w15:commentEx w15:paraId="00CD" w15:done="0"/></w15:commentsEx>'
    )
    kind = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
    relation = f'<Relationship Id="rIdX" Type="{kind}" Target="commentsExtended.xml"/>'.encode()

    def with_id(xml: bytes) -> bytes:
        at = xml.index(b"<w:p>")
        return xml[:at] + b"<w:p " + w14 + b">" + xml[at + len(b"<w:p>") :]

    edited(
        draft,
        rich,
        {
            "word/comments.xml": with_id,
            "word/commentsExtended.xml": lambda _: extended,
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                b"</Relationships>", relation + b"</Relationships>"
            ),
        },
    )
    assert HANDLER.without_authoring(rich, target)
    left = parts(target)["word/commentsExtended.xml"]
    assert b"00AB" not in left and b"00CD" in left


def test_styles_go_with_their_look_and_their_heirs_stay(document: Document, tmp_path: Path) -> None:
    styles = document.styles
    styles.add_style("密点-机密", WD_STYLE_TYPE.CHARACTER)
    base = styles.add_style("密点-秘密", WD_STYLE_TYPE.PARAGRAPH)
    base.base_style = styles["Body Text"]
    styles.add_style("自定", WD_STYLE_TYPE.PARAGRAPH).base_style = base
    document.add_paragraph("一、").add_run("甲", style="密点-机密")
    document.add_paragraph("乙", style="密点-秘密")
    document.add_paragraph("丙", style="自定")
    clean = Document(str(cleaned(document, tmp_path)))
    assert not [style.name for style in clean.styles if "密点" in style.name]
    *_, first, second, third = clean.paragraphs
    assert first.runs[-1].style.name == "Default Paragraph Font"
    assert second.style.name == "Body Text"
    assert third.style.name == "自定" and third.style.base_style.name == "Body Text"


def test_the_styles_of_the_template_go_in_pairs(tmp_path: Path) -> None:
    template = tmp_path / "密点.dotx"
    template.write_bytes(authoring_template())
    target = tmp_path / "clean.dotx"
    assert HANDLER.without_authoring(template, target)
    styles = parts(target)["word/styles.xml"].decode()
    assert "密点" not in styles


def test_brackets_go_over_runs_in_cells_boxes_and_notes(document: Document, tmp_path: Path) -> None:
    paragraph = document.add_paragraph("先【密")
    paragraph.add_run("点 秘密】中").bold = True
    paragraph.add_run("间【密点完】后")
    document.add_table(1, 1).cell(0, 0).text = "【密点 秘密】表中【密点完】"
    box = document.add_paragraph("外")
    box._p.append(
        parse_xml(
            f"<w:r {W}><w:pict><w:txbxContent><w:p><w:r>"
            "<w:t>【密点 机密】框中【密点完】</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        )
    )
    notes(document)
    draft, bracketed, target = (tmp_path / name for name in ("d.docx", "b.docx", "clean.docx"))
    document.save(str(draft))
    swap = ("脚注的内容".encode(), "【密点 秘密】脚注的内容【密点完】".encode())
    edited(draft, bracketed, {"word/footnotes.xml": lambda xml: xml.replace(*swap)})
    assert HANDLER.without_authoring(bracketed, target)
    after = parts(target)
    text = (after["word/document.xml"] + after["word/footnotes.xml"]).decode()
    assert "密点" not in text and "【" not in text
    clean = Document(str(target))
    assert [run.text for run in clean.paragraphs[1].runs] == ["先", "中", "间后"]
    assert clean.paragraphs[1].runs[1].bold
    assert all(word in text for word in ("表中", "框中", "脚注的内容"))


def test_the_other_parts_keep_their_bytes(document: Document, tmp_path: Path) -> None:
    document.add_paragraph("【密点 秘密】甲【密点完】")
    target = cleaned(document, tmp_path)
    before, after = parts(tmp_path / "draft.docx"), parts(target)
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml"}
    assert before.keys() == after.keys()


def test_where_nothing_names_a_point_nothing_is_written(document: Document, tmp_path: Path) -> None:
    draft, target = tmp_path / "draft.docx", tmp_path / "clean.docx"
    document.save(str(draft))
    assert not HANDLER.without_authoring(draft, target)
    assert not target.exists()
