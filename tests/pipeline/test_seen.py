"""Marks whose text is right and that no reader sees as they should be are not confirmed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from pikepdf import Array, Dictionary, Name

from dingmi_mark.domain.points import ClassifiedPoint, QuoteAnchor
from dingmi_mark.domain.terms import SecrecyLevel
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import DingmiError, MarkNotConfirmed, PlaceTaken
from dingmi_mark.formats.docx.marks import POINT_STYLE
from dingmi_mark.formats.pdf.view import open_pdf_view
from dingmi_mark.pipeline.seen import are_seen, count_seen
from dingmi_mark.store.fonts import BUNDLED
from office_files_kit import needs_soffice, soffice_group
from office_kit import QUOTE, Room, approved, docx, new_room, only, pdf

MARK = "机密★10年"
POINT = (ClassifiedPoint("1", SecrecyLevel.SECRET, QuoteAnchor(QUOTE)),)
ABOVE_ALL = 1_500_000_000
_EMU = 36_000


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return new_room(tmp_path)


def error_of(room: Room, name: str, content: bytes, **more: object) -> DingmiError | None:
    room.put(name, content, approved(content, name, **more))
    return only(room.mark()).error


def edited(content: bytes, member: str, edit: Callable[[str], str]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == member:
                text = edit(text.decode()).encode()
                assert text != source.read(name)
            target.writestr(name, text)
    return stream.getvalue()


def white_box(x: float, y: float, width: float, height: float) -> str:
    """A shape of the draft above all others, at a place of the page (mm)."""
    across, down, wide, high = (round(mm * _EMU) for mm in (x, y, width, height))
    word = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    return f"""<w:r xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:wps="{word}"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>
<mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0"
 simplePos="0" relativeHeight="{ABOVE_ALL}" behindDoc="0" locked="0" layoutInCell="0"
 allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="page"><wp:posOffset>
{across}</wp:posOffset></wp:positionH><wp:positionV relativeFrom="page"><wp:posOffset>{down}
</wp:posOffset></wp:positionV><wp:extent cx="{wide}" cy="{high}"/><wp:effectExtent l="0" t="0" r="0"
 b="0"/><wp:wrapNone/><wp:docPr id="9000" name="box"/><wp:cNvGraphicFramePr/><a:graphic>
<a:graphicData uri="{word}"><wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/>
<a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>
</mc:AlternateContent></w:r>"""


def at_the_words(content: bytes, put: str) -> bytes:
    """Put something at the end of the paragraph with the first words of the text."""

    def edit(text: str) -> str:
        end = text.index("</w:p>", text.index("样例"))
        return text[:end] + put + text[end:]

    return edited(content, "word/document.xml", edit)


def with_pages(content: bytes, third: str) -> bytes:
    """Add three pages to a Word file; on the third of all stands something besides."""
    turn = '</w:p><w:p><w:r><w:br w:type="page"/></w:r><w:r><w:t>样例：又一页</w:t></w:r>'
    return at_the_words(content, turn + turn + third + turn)


@needs_soffice
@soffice_group
def test_a_mark_of_which_letters_are_covered(room: Room) -> None:
    error = error_of(room, "通知.docx", at_the_words(docx(), white_box(27, 46, 13, 9)))
    assert isinstance(error, MarkNotConfirmed)
    assert "is covered" in str(error.message)


@needs_soffice
@soffice_group
def test_every_later_page_is_looked_at(tmp_path: Path) -> None:
    room = new_room(tmp_path / "office").with_policies("other_page_marks = true")
    error = error_of(room, "通知.docx", with_pages(docx(), white_box(0, 0, 100, 60)))
    assert isinstance(error, MarkNotConfirmed)
    assert "page 3 is covered" in str(error.message)


@needs_soffice
@soffice_group
def test_on_every_later_page_the_place_is_free(tmp_path: Path) -> None:
    room = new_room(tmp_path / "office").with_policies("other_page_marks = true")
    below = white_box(0, 0, 35, 60).replace("FFFFFF", "A0A0A0").replace(str(ABOVE_ALL), "2")
    error = error_of(room, "通知.docx", with_pages(docx(), below))
    assert isinstance(error, PlaceTaken)
    assert error.params["page"] == 3


def _of_a_black_style(content: bytes) -> bytes:
    black = '<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'
    style = (
        f'<w:style w:type="character" w:customStyle="1" w:styleId="{POINT_STYLE}">'
        f'<w:name w:val="{POINT_STYLE}"/><w:rPr>{black}</w:rPr></w:style></w:styles>'
    )
    return edited(content, "word/styles.xml", lambda text: text.replace("</w:styles>", style))


def _on_black(content: bytes, ground: str = "000000") -> bytes:
    def edit(text: str) -> str:
        begin = text.rindex("<w:p>", 0, text.index(QUOTE)) + len("<w:p>")
        look = f'<w:pPr><w:shd w:val="clear" w:color="auto" w:fill="{ground}"/></w:pPr>'
        return text[:begin] + look + text[begin:]

    return edited(content, "word/document.xml", edit)


def _on_navy(content: bytes) -> bytes:
    return _on_black(content, "1F3864")


@needs_soffice
@soffice_group
@pytest.mark.parametrize("dark", [_of_a_black_style, _on_black, _on_navy])
def test_a_point_that_is_black_on_black(dark: Callable[[bytes], bytes], room: Room) -> None:
    error = error_of(room, "通知.docx", dark(docx()), points=POINT)
    assert isinstance(error, MarkNotConfirmed)
    assert "classified point" in str(error.message)


def typed(**look: object) -> bytes:
    with pymupdf.open(stream=pdf()) as draft:
        draft[0].insert_font("own", fontfile=str(BUNDLED))
        draft[0].insert_text((79.4, 148), MARK, fontname="own", fontsize=16, **look)
        return bytes(draft.tobytes())


def drawn(content: bytes, draw: Callable[[pymupdf.Page], object]) -> bytes:
    with pymupdf.open(stream=content) as draft:
        draw(draft[0])
        return bytes(draft.tobytes())


TYPED = {
    "struck": lambda: drawn(typed(), lambda page: page.draw_line((79, 142), (165, 142), width=1.5)),
    "upper half covered": lambda: drawn(
        typed(), lambda page: page.draw_rect((78, 132, 112, 145), color=None, fill=(1, 1, 1))
    ),
    "pale": lambda: typed(color=(0.82, 0.82, 0.82)),
    "turned over": lambda: typed(
        morph=(pymupdf.Point(120, 143), pymupdf.Matrix(1, 0, 0, -1, 0, 0))
    ),
    "upside down": lambda: typed(morph=(pymupdf.Point(120, 143), pymupdf.Matrix(180))),
}


@pytest.mark.parametrize("name", TYPED)
def test_a_typed_mark_that_is_none_any_more(name: str, room: Room) -> None:
    assert isinstance(error_of(room, "通知.pdf", TYPED[name]()), MarkNotConfirmed)


@pytest.mark.parametrize("colour", [(1, 0, 0), (0, 0, 1), (0.55, 0.55, 0.55)])
def test_a_typed_mark_in_colour_that_can_be_read(colour: tuple[float, ...], room: Room) -> None:
    assert error_of(room, "通知.pdf", typed(color=colour)) is None


@pytest.mark.parametrize(("name", "seen"), [("typed", True), ("upper half covered", False)])
def test_words_are_looked_at_letter_by_letter(name: str, seen: bool, tmp_path: Path) -> None:
    path, place, other = tmp_path / "draft.pdf", Box(27, 45, 40, 10), Box(27, 200, 40, 10)
    path.write_bytes(TYPED[name]() if name in TYPED else typed())
    with open_pdf_view(path) as view:
        assert are_seen(view, 0, place, MARK) is seen
        assert count_seen(view, MARK) == seen
        assert not are_seen(view, 0, other, MARK)
        # Nothing to look for is found nowhere, and the search for it ends.
        assert count_seen(view, "") == 0
        assert are_seen(view, 0, place, "") and not are_seen(view, 0, other, "")


def changed(content: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(content)) as draft:
        change(draft)
        draft.save(stream)
    return stream.getvalue()


def _layer(draft: pikepdf.Pdf, seen: str, printed: str) -> None:
    usage = Dictionary(
        View=Dictionary(ViewState=Name(f"/{seen}")),
        Print=Dictionary(PrintState=Name(f"/{printed}")),
    )
    layer = draft.make_indirect(Dictionary(Type=Name.OCG, Name="样例", Usage=usage))
    events = [
        Dictionary(Event=Name(f"/{one}"), Category=Array([Name(f"/{one}")]), OCGs=Array([layer]))
        for one in ("View", "Print")
    ]
    draft.Root.OCProperties = Dictionary(
        OCGs=Array([layer]), D=Dictionary(Order=Array([layer]), AS=Array(events))
    )
    page = draft.pages[0]
    page.obj.Resources.Properties = Dictionary(L0=layer)
    dark = b"/OC /L0 BDC q 0 g 70 680 150 60 re f Q EMC "
    page.contents_add(draft.make_stream(dark), prepend=True)


def _cover(draft: pikepdf.Pdf, *, as_stream: bool = False, more: tuple[int, ...] = ()) -> None:
    """A white annotation above the mark, for printers only."""
    shape = draft.make_stream(b"1 g 0 0 105 30 re f")
    shape.Type, shape.Subtype, shape.BBox = Name.XObject, Name.Form, Array([0, 0, 105, 30])
    entry = draft.make_stream(b"") if as_stream else Dictionary()
    entry.Type, entry.Subtype, entry.F = Name.Annot, Name.Square, 4 | 32
    entry.Rect, entry.AP = Array([75, 685, 180, 715, *more]), Dictionary(N=shape)
    draft.pages[0].obj.Annots = Array([draft.make_indirect(entry)])


def test_a_mark_on_what_only_prints_dark(room: Room) -> None:
    error = error_of(room, "通知.pdf", changed(pdf(), lambda draft: _layer(draft, "OFF", "ON")))
    assert isinstance(error, MarkNotConfirmed)
    assert "in print" in str(error.message)


def test_a_typed_mark_under_what_only_prints(room: Room) -> None:
    error = error_of(room, "通知.pdf", changed(typed(), _cover))
    assert isinstance(error, MarkNotConfirmed)
    assert "in print" in str(error.message)


@pytest.mark.parametrize("odd", [{"as_stream": True}, {"more": (7,)}], ids=["stream", "five"])
def test_an_annotation_in_an_odd_form_takes_its_place(odd: dict[str, bool], room: Room) -> None:
    content = changed(pdf(), lambda draft: _cover(draft, **odd))  # type: ignore[arg-type]
    assert isinstance(error_of(room, "通知.pdf", content), PlaceTaken)


def test_layers_elsewhere_do_no_harm(room: Room) -> None:
    def below(draft: pikepdf.Pdf) -> None:
        _layer(draft, "OFF", "ON")
        page = draft.pages[0]
        page.contents_coalesce()
        text = page.Contents.read_bytes().replace(b"70 680 150 60 re", b"70 80 150 60 re")
        page.Contents = draft.make_stream(text)

    assert error_of(room, "通知.pdf", changed(pdf(), below)) is None
