"""Damaged PDF files are marked and confirmed, or refused with a cause; there is no third end.

`make fuzz` runs many more than the few hundred of every day: DINGMI_FUZZ is their number.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from dingmi_mark.errors import (
    DingmiError,
    DraftBroken,
    DraftProtected,
    DraftUnsupported,
    MarkNotConfirmed,
    PlaceTaken,
)
from dingmi_mark.formats.base import Draft
from dingmi_mark.pipeline.confirm import confirm
from pdf_kit import BODY, FACES, HANDLER, add_page, draft, helvetica, job, text_block

TOTAL = int(os.environ.get("DINGMI_FUZZ", "320"))
MARK = text_block()
ENDS = {"marked", *(e.__name__ for e in (DraftBroken, DraftUnsupported, MarkNotConfirmed))}
ENDS |= {DraftProtected.__name__, PlaceTaken.__name__}
_NUMBER = re.compile(rb"(?<=[ \n\[])-?\d+(?:\.\d+)?(?=[ \n\]])")
_NAME = re.compile(rb"/[A-Za-z]+")


def rich(pdf: pikepdf.Pdf) -> None:
    """Give a file what files have: shared and inherited parts, a form, links, an outline."""
    shared = pdf.make_indirect(Dictionary(Font=Dictionary(F=helvetica())))
    form = pdf.make_stream(b"0 0 50 50 re f", Type=Name.XObject, Subtype=Name.Form)
    form.BBox, form.Group = Array([0, 0, 50, 50]), Dictionary(S=Name.Transparency)
    shared.XObject = Dictionary(X=form)
    field = pdf.make_indirect(
        Dictionary(
            FT=Name.Tx,
            T="f",
            V="value",
            Type=Name.Annot,
            Subtype=Name.Widget,
            Rect=Array([300, 300, 400, 320]),
        )
    )
    for page in pdf.pages:
        page.obj.Resources = shared
        page.obj.Contents = Array([page.obj.Contents, pdf.make_stream(b"q /X Do Q")])
        page.obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]))
    pdf.attachments["annex.txt"] = b"sample"
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("one", 0))


def turned(pdf: pikepdf.Pdf) -> None:
    for page, degrees in zip(pdf.pages, (90, -90, 180), strict=True):
        page.obj.Rotate = degrees
        page.obj.CropBox = Array([20, 30, 500, 700])
    add_page(pdf, BODY, UserUnit=2)


def plain(path: Path, edit: Callable[[pikepdf.Pdf], None], *, streams: bool) -> bytes:
    kind = pikepdf.ObjectStreamMode
    with pikepdf.open(draft(path, BODY, BODY, BODY, edit=edit)) as pdf:
        target = BytesIO()
        pdf.save(
            target,
            static_id=True,
            compress_streams=streams,
            object_stream_mode=kind.generate if streams else kind.disable,
        )
    return target.getvalue()


def mutated(content: bytes, seed: int) -> bytes:
    """Damage a file in one to four ways that really happen, or that an attacker would try."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 4)):
        content = chance.choice(WAYS)(content, chance)
    return content


def flip(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def cut_out(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randint(1, 200) :]


def doubled(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    piece = content[start : start + chance.randint(1, 400)]
    place = chance.randrange(len(content))
    return content[:place] + piece + content[place:]


def other_number(content: bytes, chance: random.Random) -> bytes:
    return _replaced(
        _NUMBER, content, chance, (b"0", b"-1", b"4294967296", b"1e9", b"99", b"0.001")
    )


def other_name(content: bytes, chance: random.Random) -> bytes:
    names = (
        b"/Kids",
        b"/Parent",
        b"/Contents",
        b"/Resources",
        b"/Odd",
        b"/DingmiMark",
        b"/XObject",
    )
    return _replaced(_NAME, content, chance, names)


def _replaced(
    pattern: re.Pattern[bytes], content: bytes, chance: random.Random, by: tuple[bytes, ...]
) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return content
    match = chance.choice(found)
    return content[: match.start()] + chance.choice(by) + content[match.end() :]


def cut_off(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) // 2, len(content))]


WAYS = (flip, cut_out, doubled, other_number, other_number, other_name, cut_off)


def whole_way(content: bytes, folder: Path) -> str:
    """Mark every page on which the mark fits and confirm it; tell the end it came to."""
    source, target = folder / "mutated.pdf", folder / "marked.pdf"
    source.write_bytes(content)
    target.unlink(missing_ok=True)
    try:
        found: Draft = HANDLER.inspect(source)
        fitting = [n for n, size in enumerate(found.pages) if MARK.box.within(size.box)]
        work = job(MARK, pages=1)
        work = type(work)({n: (MARK,) for n in fitting}, (), work.carriers)
        with HANDLER.view(source) as view:
            placed = HANDLER.mark(source, target, work, FACES)
            confirm(HANDLER, target, (found, view), work, placed, {}, FACES)
    except DingmiError as error:
        return type(error).__name__
    assert source.read_bytes() == content
    return "marked"


@pytest.mark.parametrize("part", range(8))
def test_a_mutated_file_is_marked_and_confirmed_or_refused(part: int, tmp_path: Path) -> None:
    bases = [
        plain(tmp_path / "base.pdf", edit, streams=streams)
        for edit in (rich, turned)
        for streams in (False, True)
    ]
    ends: dict[str, int] = {}
    for seed in range(part, TOTAL, 8):
        end = whole_way(mutated(bases[seed % len(bases)], seed), tmp_path)
        ends[end] = ends.get(end, 0) + 1
    assert ends.get("marked", 0) > 0, ends
    # Not confirmed: MuPDF and qpdf repair the file differently, and do not see the same pages.
    assert ends.keys() <= ENDS, ends
