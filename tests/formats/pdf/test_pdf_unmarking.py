"""Marks are replaced and taken out exactly: what is left is the file that was never marked."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from pikepdf import Array, Dictionary, Name

from dingmi_mark.formats.base import Carriers, MarkJob
from dingmi_mark.formats.pdf.content import stream_data
from dingmi_mark.formats.pdf.names import ADDED_BOX, OUR_KEY
from pdf_kit import (
    BODY,
    FACES,
    HANDLER,
    QPDF,
    add_page,
    assert_unchanged_outside,
    draft,
    helvetica,
    job,
    marked,
    objects,
    rendered,
    stamp_block,
    text_block,
)

MARK, STAMP = text_block(), stamp_block()
SECOND = Carriers("doc-1", "marking-2", "copy-1", b'{"x":1}', {})


def attached(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["annex.txt"] = b"sample"
    pdf.docinfo["/Title"] = "sample"


def shared(pdf: pikepdf.Pdf) -> None:
    form = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
    form.BBox = Array([0, 0, 9, 9])
    own = pdf.make_indirect(Dictionary(Font=Dictionary(F=helvetica()), XObject=Dictionary(X=form)))
    for page in pdf.pages:
        page.obj.Resources = own


def of_many_streams(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents = Array([pdf.make_stream(b"q"), pdf.make_stream(BODY + b" Q Q")])


def with_an_empty_list_of_forms(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.obj.Resources = Dictionary(Font=Dictionary(F=helvetica()), XObject=Dictionary())


def without_size(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/MediaBox"]


def without_contents(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].obj["/Contents"]


def broken_off(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Contents.write(BODY + b" q (never closed")


def badly_packed(pdf: pikepdf.Pdf) -> None:
    """Of codes its filter does not have: a copy of it is decoded by other means than the file."""
    pdf.pages[0].obj.Contents.write(b"\x80?\xff\xff\xff", filter=pikepdf.Name.LZWDecode)


def described(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["dc:title"] = "sample"


def as_it_is(_: pikepdf.Pdf) -> None:
    return None


EDITS = [
    as_it_is,
    attached,
    shared,
    of_many_streams,
    with_an_empty_list_of_forms,
    without_size,
    without_contents,
    broken_off,
    badly_packed,
    described,
]


def contents(path: Path) -> list[tuple[bytes, list[str]]]:
    """Decoded content and named resources of every page, and what the catalog holds."""
    with pikepdf.open(path) as pdf:
        found = []
        for page in pdf.pages:
            given = page.obj.get("/Contents")
            streams = given if isinstance(given, pikepdf.Array) else filter(None, [given])
            data = b"\n".join(stream_data(stream)[0] for stream in streams)
            resources = page.obj.get("/Resources", Dictionary())
            named = [
                f"{kind}{name} {isinstance(item, pikepdf.Stream) and item.read_bytes()!r}"
                for kind, group in sorted(resources.items())
                for name, item in sorted(group.items())
            ]
            keys = [key for key in sorted(page.obj.keys()) if key not in ("/Parent", "/Type")]
            found.append((data, [*sorted(resources.keys()), *named, *keys]))
        root = [*sorted(pdf.Root.keys()), *pdf.attachments]
        return [*found, (b"", root)]


@pytest.mark.parametrize("edit", EDITS)
def test_marked_marked_again_and_unmarked_is_as_never_marked(
    edit: Callable[[pikepdf.Pdf], None], tmp_path: Path
) -> None:
    source = draft(tmp_path / "draft.pdf", BODY, BODY, edit=edit)
    first = marked(source, job(MARK, STAMP, pages=2), "first.pdf")
    second, bare = tmp_path / "second.pdf", tmp_path / "bare.pdf"
    HANDLER.mark(first, second, MarkJob({0: (stamp_block(20, 200),)}, (), SECOND), FACES)
    HANDLER.unmark(second, bare)
    assert contents(bare) == contents(source)
    assert objects(bare) == objects(source)
    for page in range(2):
        assert_unchanged_outside(rendered(source, page), rendered(bare, page), [])
    assert HANDLER.inspect(bare).embedded is None
    raw = bare.read_bytes()
    with pikepdf.open(bare) as pdf:
        assert not any(
            OUR_KEY in item or ADDED_BOX in item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary | pikepdf.Stream)
        )
    assert b"marking-" not in raw and b"dingmi" not in raw.lower()


def test_marking_again_leaves_nothing_of_the_first_marking(tmp_path: Path) -> None:
    source = draft(tmp_path / "draft.pdf", BODY, BODY)
    first = marked(source, job(MARK, STAMP, pages=2), "first.pdf")
    second, direct = tmp_path / "second.pdf", tmp_path / "direct.pdf"
    work = MarkJob({0: (stamp_block(20, 200),)}, (), SECOND)
    HANDLER.mark(first, second, work, FACES)
    HANDLER.mark(source, direct, work, FACES)
    found = HANDLER.inspect(second).embedded
    assert found is not None
    assert (found.records, found.marking_ids) == ((b'{"x":1}',), ("marking-2",))
    for page in range(2):
        assert_unchanged_outside(rendered(direct, page), rendered(second, page), [])


def test_no_earlier_revision_is_kept(tmp_path: Path) -> None:
    """Cut after any end of file that stands in it, the output gives no unmarked page."""
    source = draft(tmp_path / "draft.pdf", BODY)
    first = marked(source, job(MARK), "first.pdf")
    second = tmp_path / "second.pdf"
    HANDLER.mark(first, second, MarkJob({0: (STAMP,)}, (), SECOND), FACES)
    for path in (first, second):
        assert path.read_bytes().count(b"%%EOF") == 1
        assert path.read_bytes().count(b"startxref") == 1


REWRITES: list[Callable[[Path, Path], object]] = [
    lambda a, b: subprocess.run(["qpdf", "--coalesce-contents", a, b], check=True),
    lambda a, b: subprocess.run(["qpdf", "--normalize-content=y", "--qdf", a, b], check=True),
    lambda a, b: pymupdf.open(a).save(b, garbage=4, clean=True),  # type: ignore[no-untyped-call]
]


@QPDF
@pytest.mark.parametrize("rewrite", REWRITES)
def test_marks_are_taken_out_of_what_another_program_wrote_anew(
    rewrite: Callable[[Path, Path], object], tmp_path: Path
) -> None:
    source = draft(tmp_path / "draft.pdf", BODY)
    rewritten, bare = tmp_path / "rewritten.pdf", tmp_path / "bare.pdf"
    rewrite(marked(source, job(MARK, STAMP)), rewritten)
    HANDLER.unmark(rewritten, bare)
    assert_unchanged_outside(rendered(source), rendered(bare), [])
    assert HANDLER.inspect(bare).embedded is None


def test_what_looks_like_ours_and_is_foreign_stays(tmp_path: Path) -> None:
    """A stream of our name without our key, a drawing between points of ours: not ours."""

    def pretend(pdf: pikepdf.Pdf) -> None:
        form = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
        form.BBox = Array([0, 0, 9, 9])
        pdf.pages[0].obj.Resources.XObject = Dictionary({"/DmMark1": form, "/DmPage": form})

    content = b"q /DmOpen MP " + BODY + b" /DmClose MP Q 1 0 0 rg 0 0 50 50 re f /DmMark1 Do"
    source = draft(tmp_path / "draft.pdf", content + b" /DmEnd MP", edit=pretend)
    bare = tmp_path / "bare.pdf"
    HANDLER.unmark(marked(source, job(MARK)), bare)
    assert contents(bare) == contents(source)


def test_pages_of_an_unmarked_file_are_only_written_anew(tmp_path: Path) -> None:
    def add(pdf: pikepdf.Pdf) -> None:
        add_page(pdf, None)

    source = draft(tmp_path / "draft.pdf", BODY, edit=add)
    bare = tmp_path / "bare.pdf"
    HANDLER.unmark(source, bare)
    assert contents(bare) == contents(source)
