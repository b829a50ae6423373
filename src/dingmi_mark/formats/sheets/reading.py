"""Look into a workbook: sheets, how the first page is printed, what it has of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from dingmi_mark.engine.shapes import Box, PageSize
from dingmi_mark.formats.base import Draft, Embedded, RunningHead
from dingmi_mark.formats.docx.carriers import read_embedded
from dingmi_mark.formats.docx.names import Element
from dingmi_mark.formats.sheets.content import digests_of
from dingmi_mark.formats.sheets.first_page import body_of, first_printed
from dingmi_mark.formats.sheets.marks import (
    HeadWords,
    bears_words,
    footers_of,
    head_words,
    our_ids,
    shows_struck,
    shows_struck_cell,
)
from dingmi_mark.formats.sheets.setup import read_setup, refuse_unfit
from dingmi_mark.formats.sheets.struck import StruckHead
from dingmi_mark.formats.sheets.struck_cells import CellTexts, StruckCell
from dingmi_mark.formats.sheets.workbook import Sheet, Workbook, drawing_of
from dingmi_mark.messages import Message, say

_A4 = PageSize(210.0, 297.0)


def read_draft(book: Workbook, name: str) -> Draft:
    """Return what inspection finds.

    Raises DraftBroken, DraftTooCostly, DraftUnsupported, SheetSetupUnfit.
    """
    embedded = embedded_in(book)
    words = words_in(embedded)
    refuse_unfit(book, words)
    first = first_printed(book)
    digests = digests_of(book, words)
    setup = read_setup(book.package.looked_at(book.sheets[first].part))
    size = setup.size or _A4
    line = Box(
        setup.left, setup.header, size.width - setup.left - setup.right, setup.top - setup.header
    )
    return Draft(
        format=name,
        pages=(size,),
        content_digest=digests.content,
        drawn_digest=digests.drawn,
        head_lines=(),
        embedded=embedded,
        head=RunningHead(line, body_of(book, first)),
        remarks=tuple(_remarks(book)),
    )


def embedded_in(book: Workbook) -> Embedded | None:
    """Return what the file says of itself; its marks count where every sheet bears its words."""
    package = book.package
    ids: list[str] = []
    for sheet in book.sheets:
        drawing = drawing_of(package, sheet.part, package.looked_at(sheet.part))
        if drawing is not None:
            ids += our_ids(package.looked_at(drawing))
    found = read_embedded(package, book.part, ids, ink=bool(ids))
    words = words_in(found)
    if found is None or not words:
        return found
    roots = [package.looked_at(one.part) for one in book.sheets]
    everywhere = all(_bears(root, words) for root in roots)
    if isinstance(words, StruckCell):
        texts = CellTexts(book)
        everywhere = any(shows_struck_cell(root, words, texts) for root in roots)
    elif isinstance(words, StruckHead):
        everywhere = everywhere and any(shows_struck(root, words) for root in roots)
    return replace(found, levels={**found.levels, "drawing": everywhere})


def _bears(root: Element, words: HeadWords) -> bool:
    """Tell whether a sheet bears our words, and not in a size that some program chooses."""
    setup = read_setup(root)
    return bears_words(root, words) and (setup.scale is not None or setup.own_size)


def words_in(embedded: Embedded | None) -> HeadWords:
    """Return what our headers say by the label of a file."""
    return head_words(embedded.records) if embedded is not None else ""


def _remarks(book: Workbook) -> Iterator[Message]:
    hidden = _numbers(book, lambda sheet: sheet.hidden)
    if hidden:
        yield say("Hidden sheets are in the file, and are marked too: {numbers}.", numbers=hidden)
    unscaled = _numbers(
        book, lambda sheet: read_setup(book.package.looked_at(sheet.part)).needs_reader
    )
    if unscaled:
        yield say(
            "The mark keeps its size on these sheets, which are not printed at 100 %: {numbers}. "
            "Excel heeds that; LibreOffice prints it smaller or larger with the sheet. Print from "
            "Excel, and look at its size on paper.",
            numbers=unscaled,
        )
    footers = _numbers(book, lambda sheet: _footer_is_scaled(book.package.looked_at(sheet.part)))
    if footers:
        yield say(
            "The footer of these sheets is printed in its own size with the mark, no longer scaled "
            "with the sheet: {numbers}.",
            numbers=footers,
        )


def _footer_is_scaled(root: Element) -> bool:
    setup = read_setup(root)
    return setup.scale is None and not setup.own_size and bool(footers_of(root))


def _numbers(book: Workbook, wanted: Callable[[Sheet], bool]) -> str:
    return "、".join(str(number) for number, one in enumerate(book.sheets, 1) if wanted(one))
