"""Marking a Word file changes what must change and nothing else."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import pytest
from docx_drafts import (
    CARRIERS,
    FACES,
    MARKS,
    edited,
    job,
    letter,
    line,
    parts,
    saved,
    table_first,
)
from lxml import etree

from dingmi_mark.engine.shapes import Block, Box, Picture
from dingmi_mark.formats.base import FIRST_PAGE, OTHER_PAGES, FormatHandler, MarkJob
from dingmi_mark.formats.docx import DocxHandler

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HANDLER = DocxHandler()
TOUCHED = {
    "[Content_Types].xml",
    "_rels/.rels",
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "word/header1.xml",
}


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return saved(tmp_path / "draft.docx", letter)


@pytest.fixture
def marked(draft: Path, tmp_path: Path) -> Path:
    target = tmp_path / "marked.docx"
    HANDLER.mark(draft, target, job(closing_words="本文件第3段属于机密级国家秘密。"), FACES)
    return target


def test_it_is_a_format_handler() -> None:
    handler: FormatHandler = HANDLER
    assert (handler.name, handler.suffixes, handler.flows) == ("DOCX", (".docx",), True)


def test_inspection_tells_page_head_and_digest(draft: Path) -> None:
    found = HANDLER.inspect(draft)
    assert HANDLER.recognises(draft)
    assert [(round(page.width), round(page.height)) for page in found.pages] == [(210, 297)] * 2
    assert [head.text for head in found.head_lines][:3] == [
        "默认页眉",
        "某某局关于做好某项工作的通知",
        "第1段，关于某项工作的安排。",
    ]
    assert found.head_lines[1].size_pt == 22
    assert found.embedded is None
    assert re.fullmatch("sm3:[0-9a-f]{64}", found.content_digest)


def test_faces_are_found_through_styles(tmp_path: Path) -> None:
    east_asian = f'<w:rFonts xmlns:w="{W[1:-1]}" w:eastAsia="黑体"/>'

    def fill(document: docx.document.Document) -> None:
        style = document.styles.add_style("密级", 1)
        style.element.get_or_add_rPr().append(etree.fromstring(east_asian))
        document.add_paragraph("机密★10年", style="密级")

    found = HANDLER.inspect(saved(tmp_path / "styled.docx", fill))
    assert (found.head_lines[0].text, found.head_lines[0].face) == ("机密★10年", "黑体")


def test_text_boxes_at_the_head_are_read_once(draft: Path, tmp_path: Path) -> None:
    box = (
        b'<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/'
        b'markup-compatibility/2006"><mc:Choice Requires="wps"><w:txbxContent><w:p><w:r><w:t>'
        b"SECRET</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:pict>"
        b"<w:txbxContent><w:p><w:r><w:t>SECRET</w:t></w:r></w:p></w:txbxContent></w:pict>"
        b"</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    boxed = edited(
        draft,
        tmp_path / "boxed.docx",
        {"word/document.xml": lambda xml: xml.replace(b"</w:p>", box, 1)},
    )
    texts = [head.text for head in HANDLER.inspect(boxed).head_lines]
    assert texts.count("SECRET") == 1


def test_marking_does_not_change_the_content_digest(draft: Path, marked: Path) -> None:
    assert HANDLER.inspect(marked).content_digest == HANDLER.inspect(draft).content_digest


def test_a_changed_word_changes_the_content_digest(draft: Path, tmp_path: Path) -> None:
    changed = edited(
        draft,
        tmp_path / "changed.docx",
        {"word/document.xml": lambda xml: xml.replace("第3段".encode(), "第三段".encode())},
    )
    assert HANDLER.inspect(changed).content_digest != HANDLER.inspect(draft).content_digest


def test_a_mark_that_was_written_over_counts_as_content(
    draft: Path, marked: Path, tmp_path: Path
) -> None:
    forged = edited(
        marked,
        tmp_path / "forged.docx",
        {"word/document.xml": lambda xml: xml.replace("机密★10".encode(), "秘密★10".encode())},
    )
    assert HANDLER.inspect(forged).content_digest != HANDLER.inspect(draft).content_digest


def test_same_input_gives_same_bytes(draft: Path, marked: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.docx"
    HANDLER.mark(draft, again, job(closing_words="本文件第3段属于机密级国家秘密。"), FACES)
    assert again.read_bytes() == marked.read_bytes()


def test_untouched_members_keep_their_packed_bytes_and_order(draft: Path, marked: Path) -> None:
    before, after = _packed(draft), _packed(marked)
    assert list(after)[: len(before)] == list(before)
    assert {name for name in before if after[name] != before[name]} == TOUCHED
    assert {name for name in after if name not in before} == {
        "docProps/custom.xml",
        "customXml/item2.xml",
        "customXml/itemProps2.xml",
        "customXml/_rels/item2.xml.rels",
        "word/header2.xml",
        "word/footer2.xml",
    }


def test_the_result_is_a_sound_zip_that_python_docx_opens(marked: Path) -> None:
    with zipfile.ZipFile(marked) as archive:
        assert archive.testzip() is None
    document = docx.Document(str(marked))
    assert document.sections[0].first_page_header.paragraphs[0].text == "默认页眉"
    assert document.sections[0].first_page_footer.paragraphs[0].text == "默认页脚"
    assert document.paragraphs[-1].text == "本文件第3段属于机密级国家秘密。"


def test_members_written_without_sizes_ahead_are_copied(draft: Path, tmp_path: Path) -> None:
    """Some writers stream: sizes stand behind the member (data descriptor), as .NET does."""
    streamed, target = tmp_path / "streamed.docx", tmp_path / "out.docx"
    with streamed.open("wb") as raw:
        pipe = _Unseekable(raw.write)
        with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
            for name, content in parts(draft).items():
                archive.writestr(name, content)
    HANDLER.mark(streamed, target, job(), FACES)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
    assert docx.Document(str(target)).paragraphs


def test_drawing_ids_are_unique_and_every_prefix_is_declared(marked: Path) -> None:
    ids: list[str] = []
    for name, content in parts(marked).items():
        if re.fullmatch(r"word/(document|header\d+)\.xml", name):
            root = etree.fromstring(content)
            ids += [
                str(element.get("id"))
                for element in root.iter(etree.Element)
                if etree.QName(element).localname in {"docPr", "cNvPr"}
            ]
            for choice in root.iter("{*}Choice"):
                assert choice.nsmap[choice.get("Requires")].startswith("http://schemas.microsoft")
    assert len(ids) == len(set(ids)) > len(MARKS)


def test_a_document_that_uses_our_prefix_otherwise_is_marked(draft: Path, tmp_path: Path) -> None:
    odd, target = tmp_path / "odd.docx", tmp_path / "out.docx"

    def redefine(xml: bytes) -> bytes:
        bare = re.sub(rb' xmlns:wp[sg]="[^"]*"', b"", xml)
        return bare.replace(b"<w:document ", b'<w:document xmlns:wps="urn:other" ', 1)

    edited(draft, odd, {"word/document.xml": redefine})
    HANDLER.mark(odd, target, job(), FACES)
    root = etree.fromstring(parts(target)["word/document.xml"])
    needed = {str(choice.nsmap[choice.get("Requires")]) for choice in root.iter("{*}Choice")}
    assert {address.rpartition("/")[2] for address in needed} == {
        "wordprocessingShape",
        "wordprocessingGroup",
    }


def test_the_body_text_keeps_its_runs(draft: Path, marked: Path) -> None:
    def texts(path: Path) -> list[str]:
        return [paragraph.text for paragraph in docx.Document(str(path)).paragraphs]

    assert texts(marked)[:-1] == texts(draft)


def test_a_table_at_the_head_gets_a_paragraph_of_no_height(tmp_path: Path) -> None:
    draft, target = saved(tmp_path / "table.docx", table_first), tmp_path / "out.docx"
    HANDLER.mark(draft, target, job(), FACES)
    first = docx.Document(str(target)).element.body[0]
    spacing = first.find(f"{W}pPr/{W}spacing")
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("2", "exact")
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(draft).content_digest


def test_pictures_are_stored_once_and_do_not_count_as_content(draft: Path, tmp_path: Path) -> None:
    png = _png(tmp_path)
    target = tmp_path / "out.docx"
    box = Box(150, 20, 20, 10)
    block = Block("stamp", box, (Picture(box, png), Picture(box.moved(0, 12), png)))
    HANDLER.mark(draft, target, job(first=(block,)), FACES)
    stored = [name for name in parts(target) if name.startswith("word/media/dingmi-")]
    assert [parts(target)[name] for name in stored] == [png]
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(draft).content_digest
    assert docx.Document(str(target)).paragraphs


def test_what_was_placed_is_reported(draft: Path, tmp_path: Path) -> None:
    placed = HANDLER.mark(draft, tmp_path / "out.docx", job(), FACES)
    assert [(each.page, each.block.name, each.flows) for each in placed] == [
        (FIRST_PAGE, "copy_number", False),
        (FIRST_PAGE, "mark", False),
        (FIRST_PAGE, "urgency", False),
        (FIRST_PAGE, "stamp", False),
        (OTHER_PAGES, "mark", False),
    ]


def test_an_existing_target_is_left_alone(draft: Path, tmp_path: Path) -> None:
    target = tmp_path / "there.docx"
    target.write_text("kept")
    with pytest.raises(FileExistsError):
        HANDLER.mark(draft, target, job(), FACES)
    assert target.read_text() == "kept"


def test_a_document_with_nothing_in_it_is_marked(draft: Path, tmp_path: Path) -> None:
    def empty(xml: bytes) -> bytes:
        return re.sub(rb"<w:body>.*</w:body>", b"<w:body/>", xml, flags=re.DOTALL)

    bare, target = tmp_path / "bare.docx", tmp_path / "out.docx"
    edited(draft, bare, {"word/document.xml": empty})
    HANDLER.mark(bare, target, job(closing_words="完"), FACES)
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(bare).content_digest


def test_only_one_mark_on_the_first_page_leaves_headers_alone(draft: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.docx"
    only = MarkJob({FIRST_PAGE: (line("mark", "机密★10年", 28, 47),)}, (), CARRIERS)
    HANDLER.mark(draft, target, only, FACES)
    assert parts(target)["word/header1.xml"] == parts(draft)["word/header1.xml"]
    assert "word/header2.xml" not in parts(target)


class _Unseekable:
    def __init__(self, write: object) -> None:
        self.write = write

    def flush(self) -> None:
        """Do nothing: the file behind is closed by its owner."""


def _packed(path: Path) -> dict[str, bytes]:
    packed = {}
    with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
        for member in archive.infolist():
            stream.seek(member.header_offset + 26)
            lengths = stream.read(4)
            stream.seek(int.from_bytes(lengths[:2], "little"), 1)
            stream.seek(int.from_bytes(lengths[2:], "little"), 1)
            packed[member.filename] = stream.read(member.compress_size)
    return packed


def _png(folder: Path) -> bytes:
    from PIL import Image

    path = folder / "sign.png"
    Image.new("RGB", (40, 20), "red").save(path)
    return path.read_bytes()
