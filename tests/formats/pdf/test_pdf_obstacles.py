"""What must not be marked is refused with its cause; hostile files give no other exception."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pikepdf import Array, Dictionary, Name, String

from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftEmpty,
    DraftNotAccessible,
    DraftProtected,
    DraftSigned,
    DraftUnsupported,
)
from dingmi_mark.formats.base import SUPPORTED
from pdf_kit import (
    BODY,
    FACES,
    HANDLER,
    add_page,
    assert_close,
    dark,
    draft,
    ink_box,
    job,
    marked,
    outlines,
    rendered,
    text_block,
)

MARK = text_block()


def refused(path: Path, kind: type[DingmiError]) -> DingmiError:
    """Expect `inspect` and `mark` to refuse a file, and nothing to be written."""
    target = path.with_name("refused.pdf")
    with pytest.raises(kind):
        HANDLER.mark(path, target, job(MARK), FACES)
    assert not target.exists()
    with pytest.raises(kind) as told:
        HANDLER.inspect(path)
    assert str(told.value.message)
    return told.value


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# ── damaged files ────────────────────────────────────────────────────────────────────────────


def test_an_empty_file(tmp_path: Path) -> None:
    refused(saved(tmp_path / "draft.pdf", b""), DraftEmpty)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    refused(tmp_path / "none.pdf", DraftNotAccessible)


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path, DraftNotAccessible)


@pytest.mark.parametrize(
    "content", [b"x", b"%PDF-1.7", b"%PDF-1.4\n%%EOF\n", b"PK\3\4" + b"%PDF-1.7" * 9]
)
def test_a_file_without_structure(content: bytes, tmp_path: Path) -> None:
    refused(saved(tmp_path / "draft.pdf", content), DraftBroken)


def test_a_file_without_pages(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        pdf.save(tmp_path / "draft.pdf")
    refused(tmp_path / "draft.pdf", DraftBroken)


def test_a_file_that_is_cut_off(tmp_path: Path) -> None:
    """Cut off in the middle, qpdf finds some of the contents; the others would silently go."""

    def large(pdf: pikepdf.Pdf) -> None:
        for number in range(20):
            noise = random.Random(number).randbytes(2000)
            page = add_page(pdf, BODY)
            page.Noise = pdf.make_stream(noise)

    whole = draft(tmp_path / "whole.pdf", edit=large).read_bytes()
    for share in (0.1, 0.5, 0.9, 0.97):
        cut = whole[: int(len(whole) * share)]
        refused(saved(tmp_path / "draft.pdf", cut), DraftBroken)


def whole_but_for_its_end(folder: Path) -> bytes:
    """A file without its end: the trailer and all objects are there."""

    with pikepdf.new() as pdf:
        page = add_page(pdf, BODY)
        page.Noise = pdf.make_stream(random.Random(1).randbytes(2000))
        pdf.save(
            folder / "whole.pdf",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            static_id=True,
        )
    return (folder / "whole.pdf").read_bytes().rpartition(b"startxref")[0]


@pytest.mark.parametrize("tail", [b"", b"%%EOF\n", b"%%EOF\n" + b"\0" * 5000])
def test_an_end_that_is_missing_is_repaired_where_all_objects_are_there(
    tail: bytes, tmp_path: Path
) -> None:
    source = saved(tmp_path / "draft.pdf", whole_but_for_its_end(tmp_path) + tail)
    (remark,) = HANDLER.inspect(source).remarks
    assert "repaired" in str(remark)
    after = rendered(marked(source, job(MARK)))
    assert_close(ink_box(after, MARK.box.grown(2), dark), outlines(MARK), 0.3)


def test_a_missing_end_is_refused_where_something_went_with_it(tmp_path: Path) -> None:
    content = whole_but_for_its_end(tmp_path)
    begin = content.rfind(b" 0 obj", 0, content.rfind(b"endstream"))
    begin = content.rfind(b"\n", 0, begin) + 1
    end = content.index(b"endobj", begin) + len(b"endobj\n")
    gone = content[:begin] + content[end:]
    open_ended = gone + content[begin : end - 200]
    later = content + b"%%EOF\n" + content[begin:end]
    for number, each in enumerate((gone, open_ended, later)):
        told = refused(saved(tmp_path / f"draft{number}.pdf", each), DraftBroken)
        assert "end is missing" in str(told)


def test_a_file_whose_number_of_pages_is_none_tells_nothing_of_it(tmp_path: Path) -> None:
    content = uncompressed(tmp_path / "whole.pdf").replace(b"/Count 1", b"/Count (words)")
    told = refused(saved(tmp_path / "draft.pdf", content), DraftBroken)
    assert "not stated as a number" in str(told) and "words" not in str(told)


def test_a_file_that_lost_pages(tmp_path: Path) -> None:
    content = uncompressed(tmp_path / "whole.pdf").replace(b"/Count 1", b"/Count 3")
    told = refused(saved(tmp_path / "draft.pdf", content), DraftBroken)
    assert "3 pages, but 1 can be read" in str(told)


def test_a_damaged_cross_reference_is_repaired_and_told(tmp_path: Path) -> None:
    content = draft(tmp_path / "whole.pdf").read_bytes()
    source = saved(tmp_path / "draft.pdf", content.replace(b"startxref\n", b"startxref\n9"))
    (remark,) = HANDLER.inspect(source).remarks
    assert "repaired" in str(remark)
    assert HANDLER.inspect(tmp_path / "whole.pdf").remarks == ()
    after = rendered(marked(source, job(MARK)))
    assert_close(ink_box(after, MARK.box.grown(2), dark), outlines(MARK), 0.3)


def test_a_trailer_with_too_low_a_size(tmp_path: Path) -> None:
    """New objects must not take the numbers of living ones."""
    path = tmp_path / "whole.pdf"
    with pikepdf.new() as pdf:
        add_page(pdf, BODY)
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    content = path.read_bytes()
    before, _, after = content.rpartition(b"/Size ")
    number = after.split(b" ", 1)[0]
    source = saved(tmp_path / "draft.pdf", before + b"/Size 3" + after[len(number) :])
    shown = rendered(marked(source, job(MARK)))
    assert_close(ink_box(shown, MARK.box.grown(2), dark), outlines(MARK), 0.3)
    assert HANDLER.inspect(source).content_digest == HANDLER.inspect(path).content_digest


def test_a_page_turned_by_no_right_angle(tmp_path: Path) -> None:
    """MuPDF rounds the angle, poppler drops it: nobody knows where the top is."""
    refused(draft(tmp_path / "draft.pdf", Rotate=45), DraftUnsupported)


def test_a_page_of_which_nothing_is_seen(tmp_path: Path) -> None:
    refused(draft(tmp_path / "draft.pdf", CropBox=(2000, 2000, 3000, 3000)), DraftBroken)


# ── protected, signed, XFA ───────────────────────────────────────────────────────────────────


def test_an_encryption_that_is_not_known(tmp_path: Path) -> None:
    with pikepdf.new() as pdf:
        add_page(pdf, BODY)
        pdf.save(tmp_path / "draft.pdf", encryption=pikepdf.Encryption(owner="x", R=4))
    content = (tmp_path / "draft.pdf").read_bytes().replace(b"/Standard", b"/Whatever")
    refused(saved(tmp_path / "draft.pdf", content), DraftProtected)


def signature(**more: object) -> pikepdf.Object:
    return Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=b"\0" * 20, **more)


def signed_field(pdf: pikepdf.Pdf) -> None:
    value = pdf.make_indirect(signature(Name=String("张三")))
    field = pdf.make_indirect(Dictionary(FT=Name.Sig, T="sig", V=value))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def signed_kid(pdf: pikepdf.Pdf) -> None:
    """Let the field type and the value come from different levels of the form."""
    kid = pdf.make_indirect(Dictionary(V=signature(Name=String("张三"))))
    field = pdf.make_indirect(Dictionary(FT=Name.Sig, T="sig", Kids=Array([kid])))
    kid.Parent = field
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))


def signed_widget(pdf: pikepdf.Pdf) -> None:
    """Name the signature on the page only, its value in the parent."""
    parent = pdf.make_indirect(Dictionary(FT=Name.Sig, V=signature(Name=String("张三"))))
    widget = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Parent=parent)
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(widget)])


def certified(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Perms = Dictionary(DocMDP=pdf.make_indirect(signature(Name=String("张三"))))


def stamped_with_time(pdf: pikepdf.Pdf) -> None:
    signed_field(pdf)
    pdf.Root.AcroForm.Fields[0].V.Type = Name.DocTimeStamp


@pytest.mark.parametrize(
    "edit", [signed_field, signed_kid, signed_widget, certified, stamped_with_time]
)
def test_a_signed_file(edit: Callable[[pikepdf.Pdf], None], tmp_path: Path) -> None:
    told = refused(draft(tmp_path / "draft.pdf", edit=edit), DraftSigned)
    assert told.params["signer"] == "张三"


def test_the_signer_is_looked_up_in_the_certificate(tmp_path: Path) -> None:
    def common_name(name: str) -> bytes:
        encoded = name.encode()
        return b"\x30\x00\x06\x03\x55\x04\x03\x0c" + bytes([len(encoded)]) + encoded

    names = [common_name(name) for name in ("根证书", "根证书", "根证书", "李四")]

    def edit(pdf: pikepdf.Pdf) -> None:
        signed_field(pdf)
        value = pdf.Root.AcroForm.Fields[0].V
        del value.Name
        value.Contents = b"".join(names)

    assert refused(draft(tmp_path / "draft.pdf", edit=edit), DraftSigned).params["signer"] == "李四"


def test_an_unsigned_signature_field_is_no_obstacle(tmp_path: Path) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(Dictionary(FT=Name.Sig, T="sig"))
        text = pdf.make_indirect(Dictionary(FT=Name.Tx, T="text", V=String("value")))
        pdf.Root.AcroForm = Dictionary(Fields=Array([field, text]))

    source = draft(tmp_path / "draft.pdf", edit=edit)
    assert HANDLER.inspect(source).format == "PDF"
    marked(source, job(MARK))


def test_fields_that_lead_in_a_circle(tmp_path: Path) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        field = pdf.make_indirect(Dictionary(T="a"))
        field.Kids = Array([field])
        field.Parent = field
        field.Subtype = Name.Widget
        pdf.pages[0].obj.Annots = Array([field])
        pdf.Root.AcroForm = Dictionary(Fields=Array([field]))

    marked(draft(tmp_path / "draft.pdf", edit=edit), job(MARK))


def test_an_xfa_form(tmp_path: Path) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))

    told = refused(draft(tmp_path / "draft.pdf", edit=edit), DraftUnsupported)
    assert told.params["supported"] == SUPPORTED


def test_a_portfolio_is_marked_and_its_files_are_told(tmp_path: Path) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Collection = Dictionary(View=Name.T)
        pdf.attachments["a.pdf"] = pikepdf.AttachedFileSpec(pdf, b"%PDF-", filename="a.pdf")

    source = draft(tmp_path / "draft.pdf", edit=edit)
    (remark,) = HANDLER.inspect(source).remarks
    assert "no mark is put on them" in str(remark)
    marked(source, job(MARK))


def test_a_form_that_draws_itself(tmp_path: Path) -> None:
    def edit(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(b"/X Do", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
        form.Resources = Dictionary(XObject=Dictionary(X=form))
        pdf.pages[0].obj.Resources.XObject = Dictionary(X=form)

    source = draft(tmp_path / "draft.pdf", BODY + b" /X Do", edit=edit)
    assert (
        HANDLER.inspect(marked(source, job(MARK))).content_digest
        == HANDLER.inspect(source).content_digest
    )


# ── recognising ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (b"%PDF-1.7\n", True),
        (b"junk before\n%PDF-1.4", True),
        (b"\xef\xbb\xbf%PDF-2.0", True),
        (b" " * 2000 + b"%PDF-1.4", False),
        (b"PK\3\4", False),
        (b"", False),
    ],
)
def test_the_content_tells_what_a_file_is(content: bytes, wanted: bool, tmp_path: Path) -> None:
    assert HANDLER.recognises(saved(tmp_path / "x.docx", content)) is wanted


# ── hostile bytes ────────────────────────────────────────────────────────────────────────────


def rich(pdf: pikepdf.Pdf) -> None:
    """Give the fuzzer something of everything to damage."""
    form = pdf.make_stream(b"0 g 0 0 9 9 re f", Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    page = pdf.pages[0].obj
    page.Resources.XObject = Dictionary(X=form)
    page.CropBox = Array([10, 10, 500, 700])
    page.Rotate = 90
    page.Annots = Array([Dictionary(Subtype=Name.Stamp, Rect=Array([0, 0, 9, 9]))])
    field = pdf.make_indirect(Dictionary(FT=Name.Tx, T="name", V=String("v")))
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    pdf.attachments["a.txt"] = pikepdf.AttachedFileSpec(pdf, b"a", filename="a.txt")
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)


def uncompressed(path: Path) -> bytes:
    with pikepdf.new() as pdf:
        add_page(pdf, BODY)
        rich(pdf)
        pdf.save(path, qdf=True, static_id=True, fix_metadata_version=False)
    return path.read_bytes()


def damaged(content: bytes, seed: int) -> bytes:
    """Change, drop, double or cut off some bytes, tokens or lines."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(content) + 1)
        length = chance.choice((1, 1, 2, 5, 40, 300))
        new = chance.choice(
            (
                b"", b"", chance.randbytes(length), content[at : at + length] * 2, b"/", b"null",
                b"-1", b"<<", b"]", b"(", b"9999999999", b"1 0 R", b"5 0 R", b"true", b"1e5",
                b"/\xff\xfe", b"(\xfe\xff\xd8\x00)",
            )
        )  # fmt: skip
        content = content[:at] + new + content[at + length :]
    return content[: chance.randrange(len(content) + 1)] if chance.random() < 0.1 else content


def marked_or_refused(content: bytes, folder: Path) -> bool:
    """Expect a mark that is seen, or a refusal; nothing else may happen."""
    source, target = folder / "fuzzed.pdf", folder / "target.pdf"
    target.unlink(missing_ok=True)
    source.write_bytes(content)
    small = text_block(1, 1, "密", size_pt=6)
    try:
        before = HANDLER.inspect(source)
        HANDLER.mark(source, target, job(small, pages=len(before.pages)), FACES)
    except DingmiError:
        assert not target.exists()
        return False
    after = HANDLER.inspect(target)
    assert after.content_digest == before.content_digest
    assert after.embedded is not None and all(after.embedded.levels.values())
    with HANDLER.view(target) as view:
        assert view is not None
        for page in range(len(before.pages)):
            places = [line.box for line in view.lines(page) if line.text.endswith("密")]
            assert any(box is not None and abs(box.y - 1) < 0.3 for box in places), places
    return True


@pytest.mark.parametrize("batch", range(6))
def test_a_damaged_file_is_marked_or_refused(batch: int, tmp_path: Path) -> None:
    whole = uncompressed(tmp_path / "whole.pdf")
    assert marked_or_refused(whole, tmp_path)
    outcomes = [
        marked_or_refused(damaged(whole, seed), tmp_path)
        for seed in range(batch * 60, batch * 60 + 60)
    ]
    assert any(outcomes)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200))
def test_rubbish_as_content_is_marked_or_refused(tmp_path: Path, content: bytes) -> None:
    path = draft(tmp_path / "rubbish.pdf", content)
    marked_or_refused(path.read_bytes(), tmp_path)


ODD_VALUES: list[Callable[[], object]] = [
    lambda: 0, lambda: -1, lambda: 10**12, lambda: "text", lambda: Name.Odd, lambda: True,
    lambda: Array([]), lambda: Array([1, "x", Name.Y, 4]), lambda: Dictionary(),
    lambda: Dictionary(A=Array([Dictionary()])), lambda: String(b"\xfe\xff\xd8\x00"),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD_VALUES)))
def test_values_of_the_wrong_kind_are_marked_or_refused(number: int, tmp_path: Path) -> None:
    """Every key the program looks at, with a value it does not expect."""
    page_keys = ["MediaBox", "CropBox", "Rotate", "UserUnit", "Contents", "Resources", "Annots"]
    page_keys += ["DingmiMark", "Resources/XObject"]
    root_keys = ["AcroForm", "AcroForm/Fields", "Perms", "Names", "Names/EmbeddedFiles"]
    root_keys += ["Metadata", "AF", "DingmiMark", "OCProperties", "AcroForm/XFA", "Outlines"]
    for key in page_keys + root_keys:
        with pikepdf.new() as pdf:
            holder = add_page(pdf, BODY) if key in page_keys else pdf.Root
            if key not in page_keys:
                add_page(pdf, BODY)
            *parents, last = key.split("/")
            for parent in parents:
                if f"/{parent}" not in holder:
                    holder[f"/{parent}"] = Dictionary()
                holder = holder[f"/{parent}"]
            holder[f"/{last}"] = ODD_VALUES[number]()
            pdf.save(tmp_path / "odd.pdf", fix_metadata_version=False)
        marked_or_refused((tmp_path / "odd.pdf").read_bytes(), tmp_path)


def test_a_deflate_bomb_in_metadata_is_no_reason_to_fail(tmp_path: Path) -> None:
    """A packet larger than XMP ever is counts as damaged."""

    def edit(pdf: pikepdf.Pdf) -> None:
        bomb = pdf.make_stream(b"", Type=Name.Metadata, Subtype=Name.XML)
        bomb.write(zlib.compress(b" " * 20_000_000), filter=Name.FlateDecode)
        pdf.Root.Metadata = bomb

    assert marked_or_refused(draft(tmp_path / "draft.pdf", edit=edit).read_bytes(), tmp_path)
