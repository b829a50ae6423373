"""What is of ours in a marked file cannot be altered unseen: it is compared with the ledger."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from docx_drafts import edited
from lxml import etree
from pikepdf import Array, Dictionary, Name, Pdf

from dingmi_mark.errors import DraftChangesMarks
from dingmi_mark.pipeline.check import check_files
from dingmi_mark.pipeline.verdicts import Agreement, CheckReport
from office_kit import Room, approved, docx, new_room, only, pdf

DRAWN = "The marks are not drawn as they were made"
LABEL = "The label in the file was changed after marking."
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
DOCUMENT = "word/document.xml"

Edit = Callable[[Pdf], None]


@dataclass(frozen=True)
class Marked:
    room: Room
    path: Path


def marked_in(folder: Path, name: str, content: bytes) -> Marked:
    room = new_room(folder)
    room.put(name, content, approved(content, name, copies=1))
    verdict = only(room.mark())
    assert verdict.error is None, verdict.error
    return Marked(room, verdict.copies[0].path)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    return marked_in(tmp_path_factory.mktemp("pdf"), "通知.pdf", pdf(2))


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Marked:
    return marked_in(tmp_path_factory.mktemp("word"), "通知.docx", docx())


def contradictions(marked: Marked, path: Path) -> str:
    (report,) = check_files([path], marked.room.office, on_report=lambda _: None)
    return said(report)


def said(report: CheckReport) -> str:
    lines = [line for line in report.lines if line.agreement is Agreement.CONTRADICTS]
    return "\n".join(str(line.says) for line in lines)


def form(file: Pdf) -> pikepdf.Object:
    return file.pages[0].Resources.XObject["/DmMark1"]


def covered(file: Pdf) -> None:
    form(file).write(form(file).read_bytes() + b"\n1 g 0 -600 595 300 re f\n")


def cut_off(file: Pdf) -> None:
    form(file).BBox = Array([0, 0, 1, 1])


def invisible(file: Pdf) -> None:
    form(file).write(form(file).read_bytes().replace(b"BT\n", b"BT\n3 Tr\n"))


def hidden_in_print(file: Pdf) -> None:
    layer = file.make_indirect(Dictionary(Type=Name.OCG, Name="示例"))
    off = Dictionary(Name="", OFF=Array([layer]))
    file.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=off)
    form(file).OC = layer


def faint(file: Pdf) -> None:
    state = Dictionary(Type=Name.ExtGState, ca=0.02)
    form(file).Resources.ExtGState = Dictionary(G=state)
    form(file).write(b"/G gs\n" + form(file).read_bytes())


def other_letters(file: Pdf) -> None:
    fonts = form(file).Resources.Font
    first = next(iter(fonts.keys()))
    fonts[first].DescendantFonts[0].W = Array([0, Array([300])])


def moved(file: Pdf) -> None:
    last = file.pages[0].Contents[-1]
    last.write(last.read_bytes().replace(b" cm\n", b".5 cm\n", 1))


def nested(file: Pdf) -> None:
    inner = Array([])
    for _ in range(450):
        inner = Array([inner])
    form(file).Deep = inner


EFFECT = (
    b'<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
    b'<w14:solidFill><w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>'
)
STYLES = "word/styles.xml"


def with_effect(xml: bytes) -> bytes:
    assert b"<w:rPrDefault><w:rPr>" in xml
    return xml.replace(b"<w:rPrDefault><w:rPr>", b"<w:rPrDefault><w:rPr>" + EFFECT)


def test_an_effect_put_into_the_styles_after_marking_is_told(word: Marked, tmp_path: Path) -> None:
    path = edited(word.path, tmp_path / "另存.docx", {STYLES: with_effect})
    assert (
        "Word or PowerPoint does not show or print the marks as they were made: a style gives"
        in contradictions(word, path)
    )


def test_a_draft_whose_styles_would_change_marks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "文稿.docx").write_bytes(docx())
    draft = edited(tmp_path / "文稿.docx", tmp_path / "通知.docx", {STYLES: with_effect})
    content, room = draft.read_bytes(), new_room(tmp_path / "room")
    room.put("通知.docx", content, approved(content, "通知.docx", copies=1))
    verdict = only(room.mark())
    assert isinstance(verdict.error, DraftChangesMarks)
    assert not list(room.out.rglob("*.docx"))


@pytest.mark.parametrize(
    "edit",
    [covered, cut_off, invisible, hidden_in_print, faint, other_letters, moved, nested],
    ids=lambda edit: edit.__name__,
)
def test_a_mark_that_is_drawn_otherwise_contradicts(
    edit: Edit, marked: Marked, tmp_path: Path
) -> None:
    target = tmp_path / "改动.pdf"
    with pikepdf.open(marked.path) as file:
        edit(file)
        file.save(target)
    assert DRAWN in contradictions(marked, target)


@pytest.mark.parametrize("more", [{}, {"linearize": True}, {"compress_streams": False}])
def test_a_file_saved_anew_with_all_its_marks_agrees(
    more: dict[str, bool], marked: Marked, tmp_path: Path
) -> None:
    target = tmp_path / "另存.pdf"
    with pikepdf.open(marked.path) as file:
        file.save(target, **more)
    assert contradictions(marked, target) == ""


def test_a_label_that_was_changed_contradicts(marked: Marked, tmp_path: Path) -> None:
    """The place of a mark is nothing that the ledger has by itself."""
    target = tmp_path / "改动.pdf"
    with pikepdf.open(marked.path) as file:
        del file.Root.Metadata
        (name,) = [name for name in file.attachments if name.startswith("dingmi-mark")]
        record = file.attachments[name].get_file().read_bytes()
        assert b'"adopted":false' in record
        del file.attachments[name]
        changed = record.replace(b'"adopted":false', b'"adopted":true')
        file.attachments[name] = pikepdf.AttachedFileSpec(file, changed)
        file.attachments[name].obj[Name.DingmiMark] = True
        file.save(target)
    assert LABEL in contradictions(marked, target)


def test_a_word_file_packed_anew_agrees(word: Marked, tmp_path: Path) -> None:
    path = edited(word.path, tmp_path / "另存.docx", {DOCUMENT: lambda xml: xml + b"\n"})
    assert contradictions(word, path) == ""


def drawing_of(root: etree._Element) -> etree._Element:
    """The run that holds the drawing of the mark."""
    boxes = [each for each in root.iter(f"{{{WP}}}docPr") if each.get("name") == "dingmi:mark"]
    return next(boxes[0].iterancestors(f"{{{W}}}r"))


def doubled(xml: bytes) -> bytes:
    root = etree.fromstring(xml)
    run = drawing_of(root)
    run.addnext(deepcopy(run))
    return etree.tostring(root)


def whitened(xml: bytes) -> bytes:
    """Its own box covers what lies behind it."""
    root = etree.fromstring(xml)
    box = next(drawing_of(root).iter("{*}bodyPr")).getparent()
    fill = etree.SubElement(box, f"{{{A}}}solidFill")
    etree.SubElement(fill, f"{{{A}}}srgbClr").set("val", "FFFFFF")
    return etree.tostring(root)


@pytest.mark.parametrize("edit", [doubled, whitened], ids=lambda edit: edit.__name__)
def test_a_box_that_bears_our_name_and_seal_is_no_cover_in_word(
    edit: Callable[[bytes], bytes], word: Marked, tmp_path: Path
) -> None:
    path = edited(word.path, tmp_path / "改动.docx", {DOCUMENT: edit})
    assert DRAWN in contradictions(word, path)


def struck(file: Pdf) -> None:
    """A line through the whole mark, which the page bears and not the mark's own drawing."""
    page = file.pages[0]
    page.contents_add(b"q 1 w 70 700 m 200 700 l S Q", prepend=False)


def beside(file: Pdf) -> None:
    file.pages[0].contents_add(b"q 1 w 70 660 m 200 660 l S Q", prepend=False)


@pytest.mark.parametrize(("edit", "told"), [(struck, True), (beside, False)])
def test_a_line_through_a_mark_that_nothing_changed_is_told(
    edit: Edit, told: bool, marked: Marked, tmp_path: Path
) -> None:
    target = tmp_path / "改动.pdf"
    with pikepdf.open(marked.path) as file:
        edit(file)
        file.save(target)
    found = contradictions(marked, target)
    assert ("A line goes through “机密★10年” on page 1" in found) is told


@pytest.mark.parametrize("name", ["del", "moveFrom"])
def test_a_mark_in_text_that_is_tracked_as_deleted_is_told(
    name: str, word: Marked, tmp_path: Path
) -> None:
    def wrap(xml: bytes) -> bytes:
        root = etree.fromstring(xml)
        run = drawing_of(root)
        around = etree.Element(f"{{{W}}}{name}")
        around.set(f"{{{W}}}id", "901")
        around.set(f"{{{W}}}author", "样例")
        run.addprevious(around)
        around.append(run)
        return etree.tostring(root)

    path = edited(word.path, tmp_path / "改动.docx", {DOCUMENT: wrap})
    assert "they stand in text that is deleted" in contradictions(word, path)
