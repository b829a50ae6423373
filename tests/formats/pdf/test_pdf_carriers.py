"""The label stands in the file at five levels and is read back exactly; all else stays."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from dingmi_mark.engine.shapes import Block, Box, Colour, Picture
from dingmi_mark.errors import GlyphMissing
from dingmi_mark.formats import xmp
from dingmi_mark.formats.base import Carriers, Embedded, MarkJob
from pdf_kit import (
    BODY,
    FACES,
    HANDLER,
    QPDF,
    RECORD,
    add_page,
    assert_close,
    assert_unchanged_outside,
    dark,
    draft,
    ink_box,
    job,
    marked,
    objects,
    outlines,
    reddish,
    rendered,
    stamp_block,
    text_block,
)

MARK, STAMP = text_block(), stamp_block()
ALL = {"xmp": True, "attachment": True, "catalog": True, "page": True, "content": True}
PDFA = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 pdfaid:part="{part}" pdfaid:conformance="{level}" dc:source="scanner 7"/></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def claiming(part: int, level: str) -> Callable[[pikepdf.Pdf], None]:
    def edit(pdf: pikepdf.Pdf) -> None:
        packet = PDFA.format(part=part, level=level).encode()
        pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)

    return edit


def embedded(path: Path) -> Embedded:
    found = HANDLER.inspect(path).embedded
    assert found is not None
    return found


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return draft(tmp_path / "draft.pdf", BODY, BODY, BODY)


@pytest.fixture
def target(source: Path) -> Path:
    return marked(source, job(MARK, STAMP, pages=2))


def test_a_draft_carries_nothing(source: Path) -> None:
    assert HANDLER.inspect(source).embedded is None


def test_the_label_is_read_back_from_all_levels(target: Path) -> None:
    found = embedded(target)
    assert found.marking_ids == ("marking-1",)
    assert found.records == (RECORD,)
    assert found.levels == ALL


def test_the_label_is_there_without_any_mark_on_a_page(source: Path) -> None:
    found = embedded(marked(source, job()))
    assert found.records == (RECORD,)
    assert found.levels == {**ALL, "content": False}


def test_ids_stand_on_every_page_and_in_every_mark(target: Path) -> None:
    with pikepdf.open(target) as pdf:
        for page in pdf.pages:
            assert page.obj["/DingmiMark"].Marking == "marking-1"
        form = pdf.pages[0].obj.Resources.XObject["/DmMark2"]
        assert (form["/DingmiMark"].Marking, form["/DingmiMark"].Slot) == ("marking-1", "stamp")
        last = pdf.pages[0].obj.Contents[-1]
        assert last["/DingmiMark"] is True
        assert b"/DmMark (marking-1) /DmSlot (mark)" in last.read_bytes()
        assert "/DingmiMark" not in pdf.pages[0].obj.Contents[1]


def test_ids_of_any_characters_are_read_back(source: Path) -> None:
    carriers = Carriers("文件", "标 (1)\\ >>", "", b"{}", {})
    placed = MarkJob({0: (text_block(name="标志)"),)}, (), carriers)
    path = source.with_name("marked.pdf")
    HANDLER.mark(source, path, placed, FACES)
    assert embedded(path).marking_ids == ("标 (1)\\ >>",)
    assert HANDLER.inspect(path).content_digest == HANDLER.inspect(source).content_digest


REWRITES: Mapping[str, tuple[Callable[[Path, Path], object], Mapping[str, bool]]] = {
    "qpdf": (lambda a, b: subprocess.run(["qpdf", a, b], check=True), ALL),
    "linearize": (lambda a, b: subprocess.run(["qpdf", "--linearize", a, b], check=True), ALL),
    "pymupdf": (lambda a, b: pymupdf.open(a).ez_save(b), ALL),  # type: ignore[no-untyped-call]
    "extraction": (
        lambda a, b: subprocess.run(
            ["qpdf", "--empty", "--pages", a, "1-2", "--", b], check=True, timeout=30
        ),
        {**ALL, "xmp": False, "attachment": False, "catalog": False},
    ),
}


@QPDF
@pytest.mark.parametrize("name", REWRITES)
def test_the_label_outlives_rewriting(name: str, target: Path, tmp_path: Path) -> None:
    rewrite, levels = REWRITES[name]
    again = tmp_path / "again.pdf"
    rewrite(target, again)
    found = embedded(again)
    assert found.marking_ids == ("marking-1",)
    assert found.levels == levels
    assert found.records == ((RECORD,) if levels["xmp"] else ())


def test_a_page_of_another_file_is_noticed(target: Path, tmp_path: Path) -> None:
    joined = tmp_path / "joined.pdf"
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        add_page(pdf, BODY)
        pdf.save(joined)
    assert embedded(joined).levels == {**ALL, "page": False}


def test_labels_that_contradict_are_both_told(source: Path, target: Path, tmp_path: Path) -> None:
    other = Carriers("doc-2", "marking-2", "copy-1", b'{"x":1}', {})
    second = tmp_path / "second.pdf"
    HANDLER.mark(source, second, MarkJob({0: (MARK,)}, (), other), FACES)
    mixed = tmp_path / "mixed.pdf"
    with pikepdf.open(target) as pdf, pikepdf.open(second) as theirs:
        pdf.Root.Metadata = pdf.copy_foreign(theirs.Root.Metadata)
        pdf.save(mixed)
    found = embedded(mixed)
    assert found.marking_ids == ("marking-2", "marking-1")
    assert found.records == (b'{"x":1}', RECORD)


def test_head_lines_are_without_our_marks(source: Path, target: Path) -> None:
    found = [line.text for line in HANDLER.inspect(target).head_lines]
    assert found == [line.text for line in HANDLER.inspect(source).head_lines]
    with HANDLER.view(target) as view:
        assert view is not None
        assert "机密★10年" in [line.text for line in view.lines(0)]


# ── PDF/A ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("part", "level", "attached"),
    [(1, "B", False), (2, "B", False), (2, "U", False), (3, "B", True), (4, "F", True)],
)
def test_a_claim_stays_true(part: int, level: str, attached: bool, tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", edit=claiming(part, level))
    target = marked(source, job(MARK, STAMP))
    levels = embedded(target).levels
    assert levels == {level: True for level in ALL if attached or level != "attachment"}
    with pikepdf.open(target) as pdf:
        packet = pdf.Root.Metadata.read_bytes()
        form = pdf.pages[0].obj.Resources.XObject["/DmMark2"]
        assert (b" rg" in form.read_bytes(), b" RG" in form.read_bytes()) == (False, False)
        assert form.Resources.ColorSpace["/DmRGB"][0] == "/CalRGB"
        (file_spec,) = pdf.Root.AF if attached else (None,)
        assert file_spec is None or file_spec.AFRelationship == "/Data"
        font = pdf.pages[0].obj.Resources.XObject["/DmMark1"].Resources.Font["/F0"]
        assert ("/CIDSet" in font.DescendantFonts[0].FontDescriptor) == (part == 1)
        assert pdf.pdf_version < "1.5" or part != 1
    assert b"pdfaSchema" in packet and b"scanner 7" in packet
    assert xmp.read(packet) is not None
    after = rendered(target)
    assert_close(ink_box(after, MARK.box.grown(2), dark), outlines(MARK), 0.3)
    assert_close(ink_box(after, STAMP.box.grown(2), reddish), STAMP.box, 0.3)


def test_pdf_a_1_gets_no_object_streams_and_no_transparency(tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", edit=claiming(1, "B"))
    content = marked(source, job(MARK, picture_block())).read_bytes()
    assert b"/ObjStm" not in content
    assert b"/SMask" not in content
    assert b"/ObjStm" in marked(draft(tmp_path / "plain.pdf"), job(MARK), "x.pdf").read_bytes()


# ── pictures, fonts ──────────────────────────────────────────────────────────────────────────


def picture_block() -> Block:
    """Make a signature: the left half red, the right half clear."""
    picture = Image.new("RGBA", (20, 10), (0, 0, 0, 0))
    picture.paste((255, 0, 0, 255), (0, 0, 10, 10))
    target = BytesIO()
    picture.save(target, "png")
    box = Box(60, 60, 30, 15)
    return Block("signature", box, (Picture(box, target.getvalue()),))


def test_a_signature_is_seen_and_its_clear_parts_are_not(tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", Rotate=90)
    target = marked(source, job(picture_block()))
    before, after = rendered(source), rendered(target)
    assert_close(ink_box(after, Box(55, 55, 40, 25), reddish), Box(60, 60, 15, 15), 0.3)
    assert_unchanged_outside(before, after, [Box(60, 60, 15, 15)])


def test_fonts_are_embedded_once_and_text_can_be_read(source: Path) -> None:
    blocks = (MARK, text_block(28, 100, "秘密★5年", "other", colour=Colour(0, 0, 200)))
    with pymupdf.open(marked(source, job(*blocks, pages=3))) as document:  # type: ignore[no-untyped-call]
        fonts = {font for page in document for font in page.get_fonts(full=True)}
        ours = [font for font in fonts if font[2] == "Type0"]
        assert len({font[0] for font in ours}) == 1
        assert ours[0][5] == "Identity-H" and "+" in ours[0][3]
        assert document.extract_font(ours[0][0])[3]
        assert all("秘密★5年" in page.get_text() for page in document)


def test_a_missing_glyph_is_told_before_anything_is_written(source: Path) -> None:
    with pytest.raises(GlyphMissing):
        FACES.embedded("heiti", "\ue123")
    box = MARK.box
    (run,) = MARK.shapes
    wrong = Block("mark", box, (type(run)("\ue123", box, 30, "heiti", 16),))  # type: ignore[call-arg,arg-type]
    with pytest.raises(GlyphMissing):
        marked(source, job(wrong))
    assert not source.with_name("marked.pdf").exists()


# ── what must stay, and the same bytes ───────────────────────────────────────────────────────


def rich(pdf: pikepdf.Pdf) -> None:
    """Add a form, a link, an outline, an attachment, metadata and a page label."""
    page = pdf.pages[0].obj
    look = pdf.make_stream(
        b"0 0 1 rg 0 0 60 20 re f", Subtype=Name.Form, BBox=Array([0, 0, 60, 20])
    )
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T="name",
            V=String("某人"),
            Rect=Array([300, 300, 360, 320]),
            AP=Dictionary(N=look),
        )
    )
    target = Dictionary(S=Name.URI, URI=String("https://example.org"))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([1, 1, 9, 9]), A=target)
    page.Annots = Array([field, pdf.make_indirect(link)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), DA=String("/Helv 0 Tf"))
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Chapter", 0))
    pdf.attachments["notes.txt"] = pikepdf.AttachedFileSpec(pdf, b"notes", filename="notes.txt")
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r)]))
    pdf.docinfo["/Title"] = "Draft"
    claiming(3, "B")(pdf)


def test_forms_links_outlines_attachments_and_metadata_stay(tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", BODY, BODY, edit=rich)
    target = marked(source, job(MARK, pages=2))
    assert objects(target) == objects(source)
    with pikepdf.open(target) as pdf:
        assert sorted(pdf.attachments) == ["dingmi-mark.json", "notes.txt"]
        assert pdf.attachments["notes.txt"].get_file().read_bytes() == b"notes"
        assert pdf.docinfo["/Title"] == "Draft"
        assert b"scanner 7" in pdf.Root.Metadata.read_bytes()
    before, after = rendered(source), rendered(target)
    assert_unchanged_outside(before, after, [MARK.box])
    (remark,) = HANDLER.inspect(source).remarks
    assert remark.params == {"count": 1}


def test_a_foreign_attachment_of_our_name_is_kept(tmp_path: Path) -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["dingmi-mark.json"] = pikepdf.AttachedFileSpec(
            pdf, b"theirs", filename="dingmi-mark.json"
        )

    target = marked(draft(tmp_path / "draft.pdf", edit=attach), job(MARK))
    with pikepdf.open(target) as pdf:
        contents = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    assert contents == {"dingmi-mark.json": b"theirs", "dingmi-mark-2.json": RECORD}


def test_an_empty_list_of_attachments_takes_ours(tmp_path: Path) -> None:
    def empty(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Names = Dictionary(EmbeddedFiles=pdf.make_indirect(Dictionary()))

    target = marked(draft(tmp_path / "draft.pdf", edit=empty), job(MARK))
    assert embedded(target).levels == ALL


def test_damaged_metadata_is_told_and_replaced(tmp_path: Path) -> None:
    def damage(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Metadata = pdf.make_stream(b"<x", Type=Name.Metadata, Subtype=Name.XML)

    source = draft(tmp_path / "draft.pdf", edit=damage)
    assert [str(remark) for remark in HANDLER.inspect(source).remarks] == [
        "Its XMP metadata is damaged; marking replaces it."
    ]
    assert embedded(marked(source, job(MARK))).levels == ALL


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", BODY, BODY, edit=rich)
    work: list[Any] = [job(MARK, STAMP, picture_block(), pages=2) for _ in range(2)]
    first, second = (marked(source, each, f"{n}.pdf") for n, each in enumerate(work))
    assert first.read_bytes() == second.read_bytes()


def test_the_draft_is_not_touched_and_no_target_is_overwritten(source: Path) -> None:
    before = source.read_bytes()
    target = marked(source, job(MARK))
    assert source.read_bytes() == before
    content = target.read_bytes()
    with pytest.raises(FileExistsError):
        marked(source, job(STAMP))
    assert target.read_bytes() == content


def test_a_block_on_a_page_that_is_not_there_is_a_bug_told_aloud(source: Path) -> None:
    for pages in (range(3, 4), range(-1, 0)):
        with pytest.raises(LookupError):
            marked(source, job(MARK, pages=pages))
