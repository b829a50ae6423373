"""Mark a PDF: put blocks on its pages and the label into it, and write it whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dingmi_mark.engine.layout import shifted
from dingmi_mark.engine.shapes import Block
from dingmi_mark.engine.strip import Strip
from dingmi_mark.formats.base import Access, Faces, MarkJob, Placed
from dingmi_mark.formats.pdf.annotations import refuse_covered
from dingmi_mark.formats.pdf.carriers import write_carriers, xmp_packet
from dingmi_mark.formats.pdf.content import Contents
from dingmi_mark.formats.pdf.drawing import Forms
from dingmi_mark.formats.pdf.geometry import Sheet, sheets_of
from dingmi_mark.formats.pdf.opening import opened
from dingmi_mark.formats.pdf.overlay import Overlay
from dingmi_mark.formats.pdf.pdfa import claim_in, inks_for
from dingmi_mark.formats.pdf.saving import save_whole, whole_bytes
from dingmi_mark.formats.pdf.unmarking import bears_ours, take_out
from dingmi_mark.formats.within import refuse_outside

if TYPE_CHECKING:
    from dingmi_mark.formats.pdf.view import PdfView


def mark_pdf(
    source: Path, target: Path, job: MarkJob, faces: Faces, access: Access
) -> tuple[Placed, ...]:
    """Write `target` as `source` with the job's marks; see FormatHandler.mark.

    Marks of ours that the source bears are replaced: nothing of them stays in the new file.
    """
    with opened(source, access) as file:
        pdf = file.pdf
        cleaned = None
        contents = Contents(pdf)
        if bears_ours(pdf, contents):
            take_out(pdf)
            contents = Contents(pdf)
            cleaned = whole_bytes(pdf).getvalue()
        sheets = sheets_of(pdf)
        seen = [_with_strip(sheet, job.strips.get(n)) for n, sheet in enumerate(sheets)]
        _refuse_outside(job.blocks, seen)
        placed = _all_placed((source, access, cleaned), job, faces)
        blocks = _by_page(placed)
        claim = claim_in(xmp_packet(pdf))
        every_block = dict.fromkeys(each.block for each in placed)
        forms = Forms(pdf, every_block, faces, inks_for(claim), job.carriers)
        overlay = Overlay(pdf, forms, job.carriers, contents, isolated=job.isolated)
        pages = list(pdf.pages)
        for page, given in sorted(blocks.items()):
            refuse_covered(pages[page].obj, seen[page], given, page)
            overlay.mark(pages[page].obj, sheets[page], given, job.strips.get(page))
        write_carriers(pdf, job.carriers, claim)
        save_whole(pdf, target, plainly=claim is not None and claim.part == 1)
    return placed


def _with_strip(sheet: Sheet, strip: Strip | None) -> Sheet:
    return sheet if strip is None else sheet.with_strip(strip)


def _all_placed(
    given: tuple[Path, Access, bytes | None], job: MarkJob, faces: Faces
) -> tuple[Placed, ...]:
    """Give every block its page; points and closing words find theirs in the source.

    `given` is the source, what opens it, and it without earlier marks of ours where it has any.
    """
    source, access, cleaned = given
    blocks = {page: list(given) for page, given in job.blocks.items()}
    if job.points or job.closing_words:
        # Only what must be found in the text waits for the library that reads it.
        from dingmi_mark.formats.pdf.view import open_pdf_view, open_pdf_view_of

        opened_view = (
            open_pdf_view(source, access.password)
            if cleaned is None
            else open_pdf_view_of(cleaned, access.password)
        )
        with opened_view as view:
            for page, block in _points(view, job, faces):
                blocks.setdefault(page, []).append(_below_strip(block, page, job))
    return tuple(Placed(page, block) for page in sorted(blocks) for block in blocks[page])


def _below_strip(block: Block, page: int, job: MarkJob) -> Block:
    strip = job.strips.get(page)
    return block if strip is None else shifted(block, strip.top)


def _points(view: PdfView, job: MarkJob, faces: Faces) -> Iterator[tuple[int, Block]]:
    """Yield the points and closing words, at their places on the pages without strips."""
    from dingmi_mark.formats.pdf.closing import closing_block
    from dingmi_mark.formats.pdf.placing import Room
    from dingmi_mark.formats.pdf.points import PointPlacer

    blocks = {page: list(given) for page, given in job.blocks.items() if page not in job.strips}
    placer = PointPlacer(view, blocks, faces)
    for point in job.points:
        page, block = placer.place(point)
        blocks.setdefault(page, []).append(block)
        yield page, block
    if job.closing_words:
        yield closing_block(job, Room(view, blocks), faces)


def _by_page(placed: Sequence[Placed]) -> dict[int, list[Block]]:
    blocks: dict[int, list[Block]] = {}
    for each in placed:
        on_page = blocks.setdefault(each.page, [])
        if not any(_look_alike(each.block, other) for other in on_page):
            on_page.append(each.block)
    return blocks


def _look_alike(one: Block, other: Block) -> bool:
    """Tell whether two blocks draw the same: equal points of one paragraph, drawn once."""
    return one.box == other.box and one.shapes == other.shapes and bool(one.shapes)


def _refuse_outside(blocks: Mapping[int, Sequence[Block]], sheets: Sequence[Sheet]) -> None:
    """Refuse blocks that are not wholly on their page. Raises PageTooSmall."""
    unknown = [page for page in blocks if not 0 <= page < len(sheets)]
    if unknown:
        raise LookupError(f"blocks for pages the file does not have: {unknown}")
    within: set[tuple[Sheet, Block]] = set()
    for page, given in blocks.items():
        for block in given:
            if (sheets[page], block) not in within:
                refuse_outside(block, page, sheets[page].size)
                within.add((sheets[page], block))
