"""Marks are seen whatever the page's own content leaves open; nothing else changes."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings, strategies as st
from pikepdf import Array, Dictionary, Name
from PIL import Image

from dingmi_mark.errors import DraftTooCostly
from dingmi_mark.formats.pdf.canonical import CLOSE, END, OPEN, collapsed, split
from dingmi_mark.formats.pdf.content import Ending, ending_of, stream_data
from pdf_kit import (
    BODY,
    HANDLER,
    POPPLER,
    QPDF,
    assert_close,
    assert_unchanged_outside,
    assert_upright,
    by_poppler,
    dark,
    draft,
    ink_box,
    job,
    marked,
    outlines,
    rendered,
    stamp_block,
    text_block,
)

MARK, STAMP = text_block(), stamp_block()
IMAGE = b"q 40 0 0 40 300 300 cm BI /W 4 /H 4 /BPC 8 /CS /G ID Q q\nQ Q BT EMCxx EI Q "
OPEN_ENDS = {
    "balanced": BODY,
    "unclosed q": BODY + b" q 3 0 0 3 100 100 cm q 0 1 0 rg",
    "excess Q": b"0.5 0 0 0.5 50 50 cm " + BODY + b" Q Q 0 0 1 rg 0 0 90 90 re f Q",
    "excess Q, then unclosed q": BODY + b" Q q 0.2 0 0 0.2 0 0 cm Q Q q 9 0 0 9 0 0 cm",
    "turned upside down at the end": BODY + b" 1 0 0 -1 0 842 cm",
    "clipped to nothing": BODY + b" 0 0 1 1 re W n",
    "open clipping path": BODY + b" 0 0 5 5 re W",
    "open path": BODY + b" 100 700 m 200 800 l",
    "open text object": BODY + b" BT /F 30 Tf 5 Tc 7 Tr",
    "open text object in q": BODY + b" q BT /F 30 Tf",
    "open marked part": BODY + b" /Span BMC /P <</MCID 0>> BDC",
    "white ink, wide lines": BODY + b" 1 g 1 G 40 w [9 9] 0 d",
    "q in a string": BODY + b" BT /F 9 Tf (q \\) Q (q) q) Tj ( BT ET Q ) Tj ET",
    "q in a comment": BODY + b" % q q ( Q\n q Q",
    "q in an inline image": BODY + IMAGE,
    "q as a name": BODY + b" /q /Q gs /Q /BT gs",
    "comment at the end": BODY + b" % no line end",
    "Windows line ends": BODY.replace(b" ", b"\r\n"),
    "stray brackets": BODY + b" ] ) >> q",
    "unknown operators": BODY + b" foo 1 2 bar q",
    "operands at the end": BODY + b" 1 0 0",
    "binary rubbish": BODY + b" q \x80\xff\x00foo Q",
    "nothing": b"",
}
"""What a content may leave open, and what only looks like that."""

POPPLER_STOPS = {"excess Q", "excess Q, then unclosed q"}
"""Poppler draws nothing after an excess `Q`; marked, the page shows there what others show."""


@pytest.mark.parametrize("renderer", [rendered, pytest.param(by_poppler, marks=POPPLER)])
@pytest.mark.parametrize("name", OPEN_ENDS)
def test_marks_are_seen_after_any_content(
    name: str, renderer: Callable[[Path], Image.Image], tmp_path: Path
) -> None:
    source = draft(tmp_path / "draft.pdf", OPEN_ENDS[name])
    target = marked(source, job(MARK, STAMP))
    after = renderer(target)
    assert_close(ink_box(after, MARK.box.grown(2), dark), outlines(MARK), 0.3)
    assert_upright(after, MARK)
    if name not in POPPLER_STOPS or renderer is not by_poppler:
        assert_unchanged_outside(renderer(source), after, [MARK.box, STAMP.box])
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(source).content_digest


def test_a_mark_is_not_part_of_a_hidden_layer(tmp_path: Path) -> None:
    def hide(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="hidden"))
        pdf.Root.OCProperties = Dictionary(
            OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
        )
        pdf.pages[0].obj.Resources.Properties = Dictionary(MC0=layer)

    source = draft(tmp_path / "draft.pdf", BODY + b" /OC /MC0 BDC q 0 0 99 99 re f", edit=hide)
    for picture in (rendered(marked(source, job(MARK))),):
        assert_close(ink_box(picture, MARK.box.grown(2), dark), outlines(MARK), 0.3)


BROKEN_OFF = {
    "string": b" q (unfinished Q",
    "array": b" q [1 2 3",
    "dictionary": b" q /A <</B 1",
    "hexadecimal string": b" q <4142",
    "inline image": b" q BI /W 9 /H 9 /BPC 8 /CS /G ID abc",
    "string in a comment": b" q <4142 % >",
    "the end of the data, said in it": b" endstream q",
    "an operator without its numbers": b" q 0 cm 1 1 l 0 0 9 9 re f Q",
    "a font without its name": b" BT undefined 10 Tf (x) Tj ET",
    "a font without its size": b" BT /F1 Tf (x) Tj ET",
    "an operator without its name": b" q 7 gs Q",
    "a picture without its name": b" q Do Q",
    "numbers as PDF has none": b" q 1e1 0 0 1e1 0 0 cm Q",
    "such an operator beside an inline image": b" 5 rg " + IMAGE,
    "more restored states than readers hold": b" Q" * 300,
}
"""Contents that end a page for a reader, or would swallow whatever followed in the same content."""


@pytest.mark.parametrize("renderer", [rendered, pytest.param(by_poppler, marks=POPPLER)])
@pytest.mark.parametrize("name", BROKEN_OFF)
def test_a_mark_is_seen_after_content_that_breaks_off(
    name: str, renderer: Callable[[Path], Image.Image], tmp_path: Path
) -> None:
    source = draft(tmp_path / "draft.pdf", BODY + BROKEN_OFF[name])
    target = marked(source, job(MARK, STAMP))
    after = renderer(target)
    assert_close(ink_box(after, MARK.box.grown(2), dark), outlines(MARK), 0.3)
    assert_unchanged_outside(renderer(source), after, [MARK.box, STAMP.box])
    found = HANDLER.inspect(target)
    assert found.content_digest == HANDLER.inspect(source).content_digest
    assert any("is damaged" in str(remark) for remark in HANDLER.inspect(source).remarks)


def not_deflated(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.write(b"not deflated", filter=Name.FlateDecode)


def cut_off(pdf: pikepdf.Pdf) -> None:
    data = zlib.compress(BODY * 20)
    pdf.pages[0].obj.Contents.write(data[: len(data) // 2], filter=Name.FlateDecode)


def of_no_known_filter(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.write(b"anything", filter=Name.NoSuchDecode)


@pytest.mark.parametrize("renderer", [rendered, pytest.param(by_poppler, marks=POPPLER)])
@pytest.mark.parametrize("damage", [not_deflated, cut_off, of_no_known_filter])
def test_a_mark_is_seen_after_content_that_cannot_be_decoded(
    damage: Callable[[pikepdf.Pdf], None],
    renderer: Callable[[Path], Image.Image],
    tmp_path: Path,
) -> None:
    source = draft(tmp_path / "draft.pdf", edit=damage)
    target = marked(source, job(MARK))
    after = renderer(target)
    assert_close(ink_box(after, MARK.box.grown(2), dark), outlines(MARK), 0.3)
    assert_unchanged_outside(renderer(source), after, [MARK.box])
    assert HANDLER.inspect(target).content_digest == HANDLER.inspect(source).content_digest


DEFLATED = {1: Name.FlateDecode, 2: Array([Name.FlateDecode] * 2)}


@pytest.mark.parametrize("times", DEFLATED)
@pytest.mark.parametrize(("mib", "refused"), [(128, False), (129, True)])
def test_content_that_unpacks_to_more_than_a_page_has_is_refused(
    mib: int, refused: bool, times: int
) -> None:
    data = b" " * (mib << 20)
    for _ in range(times):
        data = zlib.compress(data, 1)
    before = pikepdf.settings.get_qpdf_limits()
    with pikepdf.new() as pdf:
        stream = pdf.make_stream(b"")
        stream.write(data, filter=DEFLATED[times])
        if refused:
            with pytest.raises(DraftTooCostly, match="128 MiB"):
                stream_data(stream)
        else:
            assert stream_data(stream) == (b" " * (mib << 20), True)
    assert pikepdf.settings.get_qpdf_limits() == before  # a picture may be larger


@pytest.mark.parametrize("operator", [b"0.5 0 0 .5 1. -2 cm", b"+1 0 0 1 2 3 Tm", b"1 0 0 rg"])
def test_operators_with_their_numbers_are_no_damage(operator: bytes) -> None:
    with pikepdf.new() as pdf:
        assert ending_of(pdf, operator) == Ending()
        lacking = operator.split(b" ", 1)[1]
        for before in (b"", b"q ", b"/N 1 Tf\n", b"[(a) 5]TJ ", b"% odd\n"):
            assert ending_of(pdf, before + operator) is not None
            assert ending_of(pdf, before + lacking) is None


def test_content_in_several_streams_is_one(tmp_path: Path) -> None:
    """A token never spans two streams, but states and texts do."""

    def split(pdf: pikepdf.Pdf) -> None:
        parts = (b"q 0.9 1 0.9 rg 0 0 4000 4000 re", b"f Q BT /F 24 Tf", b"150 400 Td (Draft) Tj")
        streams = [pdf.make_stream(part) for part in parts]
        pdf.pages[0].obj.Contents = Array([streams[0], None, *streams[1:]])

    source = draft(tmp_path / "draft.pdf", edit=split)
    after = rendered(marked(source, job(MARK)))
    assert_close(ink_box(after, MARK.box.grown(2), dark), outlines(MARK), 0.3)
    assert_unchanged_outside(rendered(source), after, [MARK.box])


# ── what is open at the end ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"", Ending()),
        (b"q q Q", Ending(states=1)),
        (b"q(Q)Q", Ending()),
        (b"q[(Q)]TJ Q", Ending()),
        (b"Q q", Ending(states=1, excess=1)),
        (b"BT q", Ending(states=1, text=True)),
        (b"/A BMC /B<</C 1>>BDC EMC", Ending(marked=1)),
        (b"1 2 m", Ending(path=True)),
        (b"0 0 1 1 re W*\n", Ending(path=True)),
        (b"0 0 1 1 re f", Ending()),
        (b"(\\() Tj q", Ending(states=1)),
        (b"(a(q)b) Tj", Ending()),
        (b"<</A(q)>> /q 1 q", Ending(states=1)),
        (b"q\0Q\fq", Ending(states=1)),
        (b"qq QQ", Ending()),
        (b"q/GS0 gs Q/GS1 gs q/Q gs", Ending(states=1)),
    ],
)
def test_what_is_open_is_counted(content: bytes, wanted: Ending) -> None:
    with pikepdf.new() as pdf:
        assert ending_of(pdf, content) == wanted


TOKENS = [
    b"q", b"Q", b"BT", b"ET", b"/T BMC", b"/T<</M 1>>BDC", b"EMC", b"(q Q)Tj", b"(\\) Q)Tj",
    b"((q) Q)Tj", b"<0102>Tj", b"[(Q)-1<03>]TJ", b"1 0 0 1 0 0 cm", b"/q gs", b"% Q q\n", b"0 g",
    b"BI/W 2/H 1/BPC 8/CS/G ID Q  EI", b"q/G gs", b"Q/G gs", b"BT/F 9 Tf", b"ET/T BMC", b"EMC/G gs",
    b"[]0 d", b"q[]0 d", b"(a)'", b"Q(a)'", b"q<41>Tj", b"BDC/q", b"<</A<</B[1<41>]>>>>",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TOKENS)), st.sampled_from([b" ", b"\n", b"\r\n", b"\t", b"\0"]))
def test_the_fast_count_is_qpdfs_count(tokens: list[bytes], space: bytes) -> None:
    content = space.join(tokens)
    with pikepdf.new() as pdf:
        found = ending_of(pdf, content)
        states = excess = depth = 0
        for instruction in pikepdf.parse_content_stream(pdf.make_stream(content)):
            operator = str(instruction.operator)
            excess += operator == "Q" and not states
            states += (operator == "q") - (operator == "Q" and states > 0)
            depth += operator in ("BMC", "BDC")
            depth -= operator == "EMC" and depth > 0
    assert (found.states, found.excess, found.marked) == (states, excess, depth)


# ── content in one form ──────────────────────────────────────────────────────────────────────


def test_white_space_between_tokens_does_not_count() -> None:
    assert collapsed(b"q\r\n1  0 g\0 Q ") == collapsed(b"q 1 0 g\0 Q")
    assert collapsed(b"(a  b) Tj") != collapsed(b"(a b) Tj")
    assert collapsed(b"BI ID a  b EI Q") != collapsed(b"BI ID a b EI Q")


def test_our_parts_are_known_only_by_all_their_tokens() -> None:
    ours = b"/Artifact << /DmSlot (a\\)b) >> BDC\nq\n1 0 0 1 0 -5.5 cm\n/DmMark1 Do\nQ\nEMC\n"
    whole = b"q\n" + OPEN + b"own" + CLOSE + b"Q\n" + ours + END
    assert split(whole)[0].strip() == b"own"
    assert (
        split(b"q\nq\n" + OPEN + whole + CLOSE + b"n\nET\nEMC\nQ\nQ\n" + END)[0].strip() == b"own"
    )
    smuggled = whole.replace(b"/DmMark1 Do", b"/DmMark1 Do (secret) Tj")
    assert split(smuggled) == (smuggled, b"")
    assert split(b"own " + whole) == (b"own " + whole, b"")


@QPDF
@pytest.mark.parametrize("name", ["balanced", "excess Q", "q in an inline image", "unclosed q"])
@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--coalesce-contents"],
        ["--qdf", "--normalize-content=n"],
        ["--linearize"],
        ["--stream-data=uncompress"],
    ],
    ids=lambda options: "".join(options) or "plain",
)
def test_the_digest_outlives_a_rewrite(name: str, options: list[str], tmp_path: Path) -> None:
    import subprocess

    source = draft(tmp_path / "draft.pdf", OPEN_ENDS[name], BODY)
    target = marked(source, job(MARK, STAMP, pages=2))
    again = tmp_path / "again.pdf"
    subprocess.run(["qpdf", *options, target, again], check=True, timeout=30)
    wanted = HANDLER.inspect(source).content_digest
    assert HANDLER.inspect(target).content_digest == wanted
    assert HANDLER.inspect(again).content_digest == wanted


def test_the_digest_changes_with_what_is_drawn(tmp_path: Path) -> None:
    def with_form(content: bytes) -> Callable[[pikepdf.Pdf], None]:
        def edit(pdf: pikepdf.Pdf) -> None:
            form = pdf.make_stream(
                content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 99, 99])
            )
            pdf.pages[0].obj.Resources.XObject = Dictionary(X=form)

        return edit

    def with_note(pdf: pikepdf.Pdf) -> None:
        look = pdf.make_stream(b"0 0 9 9 re f", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        note = Dictionary(
            Subtype=Name.Stamp, Rect=Array([0, 0, 9, 9]), AP=Dictionary(N=pdf.make_indirect(look))
        )
        pdf.pages[0].obj.Annots = Array([note])

    digests = [
        HANDLER.inspect(draft(tmp_path / f"{number}.pdf", *args, **kwargs)).content_digest  # type: ignore[arg-type]
        for number, (args, kwargs) in enumerate(
            [
                ((BODY,), {}),
                ((BODY + b" 0 g",), {}),
                ((BODY, BODY), {}),
                ((BODY,), {"Rotate": 90}),
                ((BODY,), {"CropBox": (0, 0, 300, 300)}),
                ((BODY,), {"edit": with_form(b"0 0 9 9 re f")}),
                ((BODY,), {"edit": with_form(b"0 0 8 8 re f")}),
                ((BODY,), {"edit": with_note}),
            ]
        )
    ]
    assert len(set(digests)) == len(digests)
    assert all(digest.startswith("sm3:") and len(digest) == 68 for digest in digests)
