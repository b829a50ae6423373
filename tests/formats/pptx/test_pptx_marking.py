"""Marking a presentation changes what must change and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageChops, ImageDraw

from dingmi_mark.engine.shapes import (
    Block,
    Box,
    Colour,
    Frame,
    Picture,
    Rule,
    TextRun,
)
from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftLocked,
    DraftProtected,
    DraftSigned,
    DraftTooCostly,
    DraftUnsupported,
    PointUnsupported,
)
from dingmi_mark.formats.base import Access, Carriers, FormatHandler, MarkJob
from dingmi_mark.formats.docx.package import Limits
from dingmi_mark.formats.pptx import SLIDE_HANDLERS, PptxHandler
from dingmi_mark.formats.traces import bears_traces
from dingmi_mark.messages import say
from dingmi_mark.store.fonts import OfficeFaces
from marking_kit import line, members, same_parts, text
from office_files_kit import needs_soffice, soffice_group
from office_kit import picture
from slides_kit import HEIGHT_MM, MACROS, NOTES, SLIDE, VBA, WIDTH_MM, Sheet, Show, slides, text_box

HANDLER = PptxHandler()
FACES = OfficeFaces({})
RED = Colour(200, 0, 0)
RECORD = ('{"密级":"机密","知悉范围":"' + "示范局 领导、" * 100 + '"}').encode()
CARRIERS = Carriers("doc-1", "marking-1", "copy-1", RECORD)
THREE = Show((Sheet(notes=NOTES), Sheet("样例：第二张", hidden=True), Sheet("样例：第三张")))


def stamp() -> Block:
    box = Box(150, 30, 64, 20)
    signature = Picture(Box(190, 31, 10, 5), picture())
    shapes = (
        Frame(box, 0.5, RED),
        Rule(150, 37, 214, 37, 0.3, RED),
        Rule(150, 50, 214, 44, 0.3, RED),
        text("定密戳记", 152, 31, 9),
        text("某发〔2026〕1号", 152, 39, 9),
        signature,
    )
    return Block("stamp", box, shapes)


FIRST = (line("copy_number", "000017", 28, 20), line("mark", "机密★10年", 28, 37), stamp())
OTHERS = (line("mark", "机密★10年", 10, 5),)
JOB = MarkJob({0: FIRST, 1: OTHERS, 2: OTHERS}, (), CARRIERS)


def saved(folder: Path, show: Show = THREE, name: str = "draft.pptx") -> Path:
    path = folder / name
    path.write_bytes(slides(show))
    return path


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return saved(tmp_path)


@pytest.fixture
def marked(draft: Path, tmp_path: Path) -> Path:
    target = tmp_path / "marked.pptx"
    HANDLER.mark(draft, target, JOB, FACES)
    return target


# ── what is changed ──────────────────────────────────────────────────────────────────────────


def test_it_is_a_format_handler() -> None:
    handler: FormatHandler = HANDLER
    assert (handler.name, handler.suffixes, handler.flows) == ("PPTX", (".pptx",), False)
    assert handler.shown_by_others and not handler.adds_strips


def test_inspection_tells_every_slide_and_which_are_hidden(draft: Path) -> None:
    found = HANDLER.inspect(draft)
    assert [(page.width, page.height) for page in found.pages] == [(WIDTH_MM, HEIGHT_MM)] * 3
    assert [head.text for head in found.head_lines] == [SLIDE]
    assert found.embedded is None and not found.drawn_digest
    (remark,) = found.remarks
    assert remark.params["numbers"] == "2"


def test_only_slides_and_the_label_change(draft: Path, marked: Path) -> None:
    before, after = members(draft), members(marked)
    touched = {name for name in before if before[name] != after[name]}
    assert touched == {
        "[Content_Types].xml",
        "_rels/.rels",
        "ppt/_rels/presentation.xml.rels",
        "ppt/slides/_rels/slide1.xml.rels",
        *(f"ppt/slides/slide{number}.xml" for number in (1, 2, 3)),
    }
    added = set(after) - set(before)
    assert {"docProps/custom.xml", "customXml/item1.xml", "customXml/itemProps1.xml"} <= added
    assert [name for name in added if name.startswith("ppt/")] == [
        next(name for name in added if name.startswith("ppt/media/dingmi-"))
    ]


def test_the_same_draft_makes_the_same_bytes(draft: Path, marked: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.pptx"
    HANDLER.mark(draft, again, JOB, FACES)
    assert again.read_bytes() == marked.read_bytes()


def test_the_label_is_read_back_and_the_content_is_the_same(draft: Path, marked: Path) -> None:
    before, after = HANDLER.inspect(draft), HANDLER.inspect(marked)
    assert after.embedded is not None
    assert after.embedded.marking_ids == ("marking-1",)
    assert after.embedded.records == (RECORD,)
    assert all(after.embedded.levels.values())
    assert after.content_digest == before.content_digest
    assert after.drawn_digest


def test_shapes_have_ids_of_their_own(marked: Path) -> None:
    root = etree.fromstring(members(marked)["ppt/slides/slide1.xml"])
    ids = root.xpath("//*[local-name()='cNvPr']/@id")
    assert isinstance(ids, list) and len(ids) == len(set(ids)) > 8


def test_a_slide_that_extends_the_format_keeps_its_order(tmp_path: Path) -> None:
    draft = saved(tmp_path, Show((Sheet(more="<p:extLst/>"),)))
    HANDLER.mark(draft, tmp_path / "marked.pptx", MarkJob({0: OTHERS}, (), CARRIERS), FACES)
    root = etree.fromstring(members(tmp_path / "marked.pptx")["ppt/slides/slide1.xml"])
    tree = root[0][0]
    assert [etree.QName(each).localname for each in tree][-2:] == ["sp", "extLst"]


def test_macros_are_carried_along_byte_for_byte(tmp_path: Path) -> None:
    draft = saved(tmp_path, Show(kind=MACROS), "draft.pptm")
    handler = SLIDE_HANDLERS[1]
    assert handler.recognises(draft) and not HANDLER.recognises(draft)
    target = tmp_path / "marked.pptm"
    handler.mark(draft, target, MarkJob({0: FIRST}, (), CARRIERS), FACES)
    assert members(target)["ppt/vbaProject.bin"] == VBA
    assert handler.inspect(target).embedded is not None


# ── what is taken out again ──────────────────────────────────────────────────────────────────


def test_nothing_of_ours_is_left_and_all_else_is_as_it_was(
    draft: Path, marked: Path, tmp_path: Path
) -> None:
    clean = tmp_path / "clean.pptx"
    HANDLER.clean(marked, clean)
    assert not bears_traces(clean)
    assert same_parts(members(draft), members(clean))
    found = HANDLER.inspect(clean)
    assert found.embedded is None and not found.drawn_digest
    assert found.content_digest == HANDLER.inspect(draft).content_digest


def test_marks_alone_are_taken_off_and_put_on_again(
    draft: Path, marked: Path, tmp_path: Path
) -> None:
    bare, again = tmp_path / "bare.pptx", tmp_path / "again.pptx"
    HANDLER.unmark(marked, bare)
    found = HANDLER.inspect(bare)
    assert found.embedded is not None and found.embedded.records == (RECORD,)
    assert not found.drawn_digest
    HANDLER.mark(bare, again, JOB, FACES)
    once, twice = HANDLER.inspect(marked), HANDLER.inspect(again)
    assert (twice.content_digest, twice.drawn_digest) == (once.content_digest, once.drawn_digest)
    assert "ppt/media" in "".join(members(again))


def test_what_somebody_has_written_over_stays(marked: Path, tmp_path: Path) -> None:
    altered = tmp_path / "altered.pptx"
    with zipfile.ZipFile(altered, "w") as archive:
        for name, content in members(marked).items():
            archive.writestr(name, content.replace("机密★10年</a:t>".encode(), b"x</a:t>", 1))
    found = HANDLER.inspect(altered)
    assert found.content_digest != HANDLER.inspect(marked).content_digest
    clean = tmp_path / "clean.pptx"
    HANDLER.clean(altered, clean)
    assert b"<a:t>x</a:t>" in members(clean)["ppt/slides/slide1.xml"]


@pytest.mark.parametrize(
    "other",
    [
        Show((Sheet("样例：别的内容", notes=NOTES), *THREE.sheets[1:])),
        Show((Sheet(notes="样例：别的讲稿"), *THREE.sheets[1:])),
        Show((THREE.sheets[0], Sheet("样例：第二张"), THREE.sheets[2])),
        Show((THREE.sheets[1], THREE.sheets[0], THREE.sheets[2])),
        Show(THREE.sheets[:2]),
    ],
    ids=["words", "notes", "shown", "order", "fewer"],
)
def test_another_content_has_another_digest(draft: Path, tmp_path: Path, other: Show) -> None:
    changed = saved(tmp_path, other, "other.pptx")
    assert HANDLER.inspect(changed).content_digest != HANDLER.inspect(draft).content_digest


def test_words_are_read_slide_by_slide_with_notes(draft: Path, marked: Path) -> None:
    words = HANDLER.words(draft)
    assert [(each.slide, each.notes) for each in words][0] == ((SLIDE,), (NOTES,))
    assert HANDLER.words(marked) == words


# ── what is refused ──────────────────────────────────────────────────────────────────────────


def test_points_have_no_place_on_slides(draft: Path, tmp_path: Path) -> None:
    job = MarkJob({0: FIRST}, (), CARRIERS, closing_words="样例")
    with pytest.raises(PointUnsupported):
        HANDLER.mark(draft, tmp_path / "marked.pptx", job, FACES)
    assert not (tmp_path / "marked.pptx").exists()


_RELATED = b'Target="slides/slide1.xml"'
_USUAL = b"schemas.openxmlformats.org/officeDocument/2006"
_STRICT = b"purl.oclc.org/ooxml/officeDocument"
_VERIFIER = '<p:modifyVerifier cryptProviderType="rsaFull"/>'


def _without_slides(content: bytes) -> bytes:
    start, end = content.index(b"<p:sldIdLst>"), content.index(b"</p:sldIdLst>")
    return content[:start] + b"<p:sldIdLst>" + content[end:]


@pytest.mark.parametrize(
    ("part", "edit", "error"),
    [
        ("_xmlsignatures/origin.sigs", lambda _: b"", DraftSigned),
        ("ppt/presentation.xml", _without_slides, DraftUnsupported),
        ("ppt/presentation.xml", lambda x: x.replace(b"<p:sldSz", b"<p:sldZz"), DraftBroken),
        ("ppt/presentation.xml", lambda x: x.replace(b'"rId3"', b'"rId99"'), DraftBroken),
        ("ppt/presentation.xml", lambda x: x.replace(b'"rId3"', b'"rId2"'), DraftBroken),
        (
            "ppt/presentation.xml",
            lambda x: x.replace(b"<p:notesSz", _VERIFIER.encode() + b"<p:notesSz"),
            DraftLocked,
        ),
        ("ppt/slides/slide3.xml", lambda x: x.replace(b"p:spTree>", b"p:zzTree>"), DraftBroken),
        (
            "ppt/theme/theme1.xml",
            lambda x: x.replace(b"<a:theme", b'<!DOCTYPE t [<!ENTITY e "x">]><a:theme', 1),
            DraftBroken,
        ),
        ("_rels/.rels", lambda x: x.replace(_USUAL, _STRICT), DraftUnsupported),
        ("../outside.xml", lambda _: b"<a/>", DraftBroken),
        ("PPT/slides/slide1.xml", lambda _: b"<a/>", DraftBroken),
    ],
    ids=[
        "signed", "no-slides", "no-size", "lost-slide", "slide-twice", "locked", "no-shapes",
        "entities", "strict", "outside", "twice",
    ],
)  # fmt: skip
def test_what_stands_against_marking(
    draft: Path, tmp_path: Path, part: str, edit: object, error: type[DingmiError]
) -> None:
    bad = tmp_path / "bad.pptx"
    content = members(draft)
    assert callable(edit)
    content[part] = edit(content.get(part, b""))
    with zipfile.ZipFile(bad, "w") as archive:
        for name, each in content.items():
            archive.writestr(name, each)
    target = tmp_path / "marked.pptx"
    with pytest.raises(error):
        HANDLER.mark(bad, target, JOB, FACES)
    assert not target.exists()


def test_a_restriction_is_set_aside_where_the_approval_says_so(tmp_path: Path) -> None:
    draft = saved(tmp_path, Show(main=_VERIFIER))
    assert PptxHandler(access=Access(despite_restrictions=True)).inspect(draft).pages


def test_what_is_too_large_or_protected_is_refused(draft: Path, tmp_path: Path) -> None:
    with pytest.raises(DraftTooCostly):
        PptxHandler(Limits(member=100)).inspect(draft)
    locked = tmp_path / "locked.pptx"
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    locked.write_bytes(magic + "EncryptedPackage".encode("utf-16-le"))
    assert HANDLER.recognises(locked)
    with pytest.raises(DraftProtected):
        HANDLER.inspect(locked)


def test_a_word_file_is_no_presentation(tmp_path: Path) -> None:
    from office_kit import docx

    path = tmp_path / "draft.pptx"
    path.write_bytes(docx())
    assert not HANDLER.recognises(path)
    with pytest.raises(DraftUnsupported):
        HANDLER.inspect(path)


# ── what is seen ─────────────────────────────────────────────────────────────────────────────


@needs_soffice
@soffice_group
def test_marks_stand_where_they_should_and_nothing_else_changes(draft: Path, marked: Path) -> None:
    with HANDLER.view(draft) as before, HANDLER.view(marked) as after:
        assert before is not None and after is not None
        assert len(after.sizes) == 3  # the hidden slide too
        for page, blocks in JOB.blocks.items():
            pictures = [view.picture(page, view.sizes[page].box, 100) for view in (before, after)]
            assert _differs(*pictures)
            for each in pictures:
                _cover(each, blocks)
            assert not _differs(*pictures)
            for block in blocks:
                for run in (shape for shape in block.shapes if isinstance(shape, TextRun)):
                    near = [one for one in after.lines(page) if one.box is not None]
                    assert any(
                        abs(one.box.x - run.box.x) < 0.3 and abs(one.box.y - run.box.y) < 1.2
                        for one in near
                        if one.box is not None
                    )


def _differs(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is not None


def _cover(image: Image.Image, blocks: tuple[Block, ...]) -> None:
    dots = 100 / 25.4
    for block in blocks:
        box = block.box.grown(1.5)
        place = (box.x * dots, box.y * dots, box.right * dots, box.bottom * dots)
        ImageDraw.Draw(image).rectangle(place, fill="white")


@needs_soffice
@soffice_group
def test_marks_are_known_again_after_libreoffice(draft: Path, marked: Path, tmp_path: Path) -> None:
    found = []
    for name in (draft, marked):
        saved_anew = _saved_by_libreoffice(name, tmp_path / "anew")
        found.append(HANDLER.inspect(saved_anew))
    bare, after = found
    assert bare.embedded is None
    assert after.embedded is not None and after.embedded.records == (RECORD,)
    assert after.embedded.marking_ids == ("marking-1",)
    assert after.content_digest == bare.content_digest
    clean = tmp_path / "clean.pptx"
    HANDLER.clean(tmp_path / "anew" / "marked.pptx", clean)
    assert HANDLER.inspect(clean).embedded is None
    assert "机密★10年".encode() not in members(clean)["ppt/slides/slide1.xml"]


def _saved_by_libreoffice(path: Path, folder: Path) -> Path:
    program = shutil.which("soffice")
    assert program is not None
    profile = (folder.parent / "profile").as_uri()
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pptx"]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True)
    return folder / path.name


@needs_soffice
@soffice_group
def test_a_shape_above_does_not_hide_a_mark(tmp_path: Path) -> None:
    covered = Show((Sheet(more=text_box("样例", 28, 37, number=9)),))
    draft, target = saved(tmp_path, covered), tmp_path / "marked.pptx"
    HANDLER.mark(draft, target, MarkJob({0: FIRST}, (), CARRIERS), FACES)
    tree = etree.fromstring(members(target)["ppt/slides/slide1.xml"])[0][0]
    names = [
        each[0][0].get("name") for each in tree if etree.QName(each).localname in ("sp", "grpSp")
    ]
    assert [str(name).split(":")[0] for name in names] == ["框", "框", "dingmi", "dingmi", "dingmi"]


FIRST_SLIDE = "ppt/slides/slide1.xml"


def with_timing(file: Path, targets: str) -> None:
    """Put animations of shapes into the first slide."""
    content = members(file)
    content[FIRST_SLIDE] = content[FIRST_SLIDE].replace(
        b"</p:sld>", f"<p:timing>{targets}</p:timing></p:sld>".encode()
    )
    with zipfile.ZipFile(file, "w") as package:
        for name, part in content.items():
            package.writestr(name, part)


def test_an_animation_of_a_mark_that_was_put_in_later_is_told(tmp_path: Path) -> None:
    target = tmp_path / "marked.pptx"
    HANDLER.mark(saved(tmp_path), target, JOB, FACES)
    slide = etree.fromstring(members(target)[FIRST_SLIDE])
    shapes = {one.get("name", ""): one.get("id") for one in slide.iter("{*}cNvPr")}
    ours = next(id_ for name, id_ in shapes.items() if name.startswith("dingmi:"))
    others = next(id_ for name, id_ in shapes.items() if not name.startswith("dingmi:"))
    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    with_timing(target, f'<p:spTgt {space} spid="{others}"/>')
    assert HANDLER.inspect(target).disguised is None
    with_timing(target, f'<p:spTgt {space} spid="{ours}"/>')
    assert HANDLER.inspect(target).disguised == say("an animation names them")


def test_an_animation_left_behind_gets_none_of_our_shapes(tmp_path: Path) -> None:
    draft = saved(tmp_path)
    named = range(3, 40)
    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    targets = "".join(f'<p:spTgt {space} spid="{one}"/>' for one in named)
    with_timing(draft, targets)
    target = tmp_path / "marked.pptx"
    HANDLER.mark(draft, target, JOB, FACES)
    slide = etree.fromstring(members(target)[FIRST_SLIDE])
    ours = [one for one in slide.iter("{*}cNvPr") if one.get("name", "").startswith("dingmi:")]
    assert ours and not {int(one.get("id", "0")) for one in ours} & set(named)
