"""Read the marked file back and look at its pages before it gets its name.

Formats with fixed pages are compared ink by ink with what should be there. Word files and slides
are shown by LibreOffice, whose fonts are its own: there each text must stand at its place, in its
size, upright and visible. Where nothing can show the file, its structure decides and the verdict
says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dingmi_mark.domain.terms import plain
from dingmi_mark.engine.shapes import Block, Box, PageSize, Picture, TextRun
from dingmi_mark.errors import DraftChangesMarks, MarkNotConfirmed
from dingmi_mark.formats.base import (
    OTHER_PAGES,
    Draft,
    Faces,
    FormatHandler,
    MarkJob,
    PageView,
    Placed,
    TextLine,
    is_of_others,
    place_taken,
    stands_in_head,
)
from dingmi_mark.formats.code import CODE_DPI, read_codes
from dingmi_mark.messages import Message, say
from dingmi_mark.pipeline.disguises import confirm_undisguised
from dingmi_mark.pipeline.ink import compare
from dingmi_mark.pipeline.lettered import LetteredView
from dingmi_mark.pipeline.lines import joined
from dingmi_mark.pipeline.own_text import letters_lost, lines_pushed, text_stays
from dingmi_mark.pipeline.places import Footing, footing
from dingmi_mark.pipeline.seen import are_seen, count_seen, is_overprinted
from dingmi_mark.pipeline.struck_heads import confirm_struck_heads
from dingmi_mark.pipeline.typed import Adopted
from dingmi_mark.pipeline.verdicts import Assurance

_PLACE_MM = 1.5
"""How far a text may stand from its place where another program sets it in other fonts."""

_SIZE_SHARE = 0.06
_SIZE_MM = 0.5
_HEAD_MM = 60.0
"""A page header, with what it said before below our words, ends above this."""


def confirm(
    handler: FormatHandler,
    marked: Path,
    before: tuple[Draft, PageView | None],
    job: MarkJob,
    placed: Sequence[Placed],
    adopted: Mapping[str, Adopted],
    faces: Faces,
) -> tuple[Draft, Assurance]:
    """Confirm a marked file; return what inspection finds in it, and how it was confirmed.

    Raises MarkNotConfirmed with the cause, DraftChangesMarks, PlaceTaken, RemarkPlaceFull,
    ConfirmationToolFailed.
    """
    draft, clean = before
    found = handler.read_back(marked)
    if found.disguised is not None:
        raise DraftChangesMarks(cause=found.disguised)
    _confirm_carriers(found, job)
    _confirm_content(draft, found)
    _confirm_all_placed(job, placed)
    with handler.view(marked) as pages:
        if pages is None or clean is None:
            return found, Assurance.STRUCTURAL
        if handler.flows:
            _confirm_flow(pages, clean, placed)
        elif found.head is not None and any(is_of_others(one.block.name) for one in placed):
            (old,) = adopted.values()
            confirm_struck_heads(pages, clean, placed, old.shown.text)
        elif found.head is not None:
            _confirm_heads(pages, clean, placed)
        elif handler.shown_by_others:
            _confirm_slides(pages, clean, placed)
        else:
            _confirm_pages(pages, clean, placed, faces)
        _confirm_codes(pages, placed)
        confirm_undisguised(handler, marked, (pages, clean), placed, adopted)
    return found, Assurance.RENDERED


def _confirm_carriers(found: Draft, job: MarkJob) -> None:
    wanted = job.carriers
    embedded = found.embedded
    if embedded is None or embedded.marking_ids != (wanted.marking_id,):
        raise _failed(say("the ids of the marking cannot be read back"))
    if embedded.records != (wanted.record,):
        raise _failed(say("the label cannot be read back whole"))
    missing = [level for level, there in embedded.levels.items() if not there]
    if missing:
        raise _failed(say("the label is missing at: {levels}", levels=", ".join(missing)))


def _confirm_content(before: Draft, after: Draft) -> None:
    """Nothing but the marks may have changed; pictures have their marks in the pixels."""
    if len(before.pages) != len(after.pages):
        raise _failed(say("the number of pages changed"))
    if not before.burnt_in and before.content_digest != after.content_digest:
        raise _failed(say("something besides the marks changed"))


def _confirm_all_placed(job: MarkJob, placed: Sequence[Placed]) -> None:
    wanted = {(page, block.name) for page, blocks in job.blocks.items() for block in blocks}
    there = {(one.page, one.block.name) for one in placed}
    points = {f"point:{point.id}" for point in job.points} - {name for _, name in there}
    if not wanted <= there or points:
        raise _failed(say("not every mark found its place"))


def _confirm_pages(
    pages: PageView, clean: PageView, placed: Sequence[Placed], faces: Faces
) -> None:
    if not all(map(_same_size, clean.sizes, pages.sizes)):
        raise _failed(say("the size of a page changed"))
    for one in placed:
        beside = [other.block for other in placed if other.page == one.page and other is not one]
        comparison = compare(clean, pages, one.page, one.block, faces, beside)
        if not comparison.agrees:
            raise _failed(comparison.cause(one.block.name, one.page + 1))


def _same_size(before: PageSize, after: PageSize) -> bool:
    """A resolution that was assumed is stated in whole dots, which rounds the size a little."""
    return (
        abs(before.width - after.width) <= _SIZE_MM
        and abs(before.height - after.height) <= _SIZE_MM
    )


def _confirm_flow(pages: PageView, clean: PageView, placed: Sequence[Placed]) -> None:
    _confirm_count(pages, clean, placed)
    for one in placed:
        for page in () if one.flows else _pages_of(one, pages):
            if page > one.page:
                _refuse_taken(one.block, page, clean)
            _confirm_block(pages, one.block, page)
            _confirm_not_overprinted(pages, one.block, page)
    flowing = [one.block for one in placed if one.flows]
    if flowing:
        _confirm_text_whole(pages, clean, placed)
    else:
        _confirm_text_stays(pages, clean, placed)
    _confirm_points(pages, clean, flowing)


def _confirm_count(pages: PageView, clean: PageView, placed: Sequence[Placed]) -> None:
    """A Word file has as many pages as before."""
    before, after = len(clean.sizes), len(pages.sizes)
    if before == after:
        return
    if not any(one.flows for one in placed):
        cause = say(
            "the text was pushed to another number of pages; where the draft begins with a page "
            "break, or with “page break before” (段前分页) in a table or a table of contents, take "
            "that out, and have the draft approved anew"
        )
        raise _failed(cause)
    cause = say(
        "with what is marked in the text it takes {after} pages, before it took {before}: make "
        "room (an empty line less, say), and have the draft approved anew",
        before=before,
        after=after,
    )
    raise _failed(cause)


def _pages_of(one: Placed, pages: PageView) -> range:
    """Return the pages that bear a block: what headers show, all from the second one on."""
    return range(one.page, len(pages.sizes) if one.page == OTHER_PAGES else 1)


def _refuse_taken(block: Block, page: int, clean: PageView) -> None:
    """Raise PlaceTaken where something stands in a place that was free on the second page. What
    strikes a mark of others stands on it.
    """
    if not is_of_others(block.name) and footing(block, page, clean, (), ()) is Footing.TAKEN:
        raise place_taken(block.name, page, block.box)


def _confirm_slides(pages: PageView, clean: PageView, placed: Sequence[Placed]) -> None:
    """Every mark stands at its place, and the text of every slide where it stood."""
    if not all(map(_same_size, clean.sizes, pages.sizes)):
        raise _failed(say("the size of a page changed"))
    for one in placed:
        _confirm_block(pages, one.block, one.page)
    for page in range(len(clean.sizes)):
        if not text_stays(pages, clean, page):
            raise _failed(say("the text of page {page} was pushed from its place", page=page + 1))


def _confirm_heads(pages: PageView, clean: PageView, placed: Sequence[Placed]) -> None:
    """Every page bears the words of the head, the first page the rest; all else stays."""
    if len(pages.sizes) != len(clean.sizes):
        raise _failed(say("the text was pushed to another number of pages"))
    if not all(map(_same_size, clean.sizes, pages.sizes)):
        raise _failed(say("the size of a page changed"))
    for one in placed:
        if not stands_in_head(one.block.name):
            _confirm_block(pages, one.block, one.page)
    row = [one.block for one in placed if stands_in_head(one.block.name)]
    for page in range(len(pages.sizes)):
        for block in row:
            _confirm_in_head(pages, page, block)
        if not _all_stays(pages, clean, page):
            raise _failed(say("the text of page {page} was pushed from its place", page=page + 1))


def _confirm_in_head(pages: PageView, page: int, block: Block) -> None:
    lines = [line for line in joined(pages.lines(page)) if line.box and line.box.y <= _HEAD_MM]
    for run in (shape for shape in block.shapes if isinstance(shape, TextRun)):
        near = [line for line in lines if _holds(line, run) and line.upright]
        if not near:
            raise _failed(say("“{text}” on page {page} is missing.", text=run.text, page=page + 1))
        # A line is told to be as large as its first letters: the line with a basis is not.
        is_row = ":" not in block.name
        sizes = [line.size_pt for line in near if line.size_pt is not None and is_row]
        if sizes and not any(abs(size / run.size_pt - 1) <= _SIZE_SHARE for size in sizes):
            raise _failed(
                say(
                    "“{text}” on page {page} is not at its place, or not in its size, or turned.",
                    text=run.text,
                    page=page + 1,
                )
            )
        boxes = [line.box for line in near if line.box is not None]
        if not any(are_seen(pages, page, box, plain(run.text)) for box in boxes):
            raise _failed(say("“{text}” on page {page} is covered.", text=run.text, page=page + 1))
        if any(is_overprinted(pages, page, box, plain(run.text)) for box in boxes):
            cause = say(
                "other words of the page header run into “{text}” on page {page}: shorten them, or "
                "set them in a line of their own",
                text=run.text,
                page=page + 1,
            )
            raise _failed(cause)


def _all_stays(pages: PageView, clean: PageView, page: int) -> bool:
    """The cells stand where they stood; what a header said before may stand further down in it."""
    if text_stays(pages, clean, page):
        return True
    after = pages.lines(page)
    return all(
        any(
            plain(line.text) in plain(other.text)
            and line.box is not None
            and other.box is not None
            and (_rounded_near(line.box, other.box) or _is_lower_in_head(line.box, other.box))
            for other in after
        )
        for line in clean.lines(page)
        if line.text.strip()
    )


def _rounded_near(one: Box, other: Box) -> bool:
    return abs(one.x - other.x) <= _SIZE_MM and abs(one.y - other.y) <= _SIZE_MM


def _is_lower_in_head(before: Box, after: Box) -> bool:
    return before.y < after.bottom <= _HEAD_MM and abs(before.x - after.x) <= _SIZE_MM


def _confirm_block(pages: PageView, block: Block, page: int) -> None:
    lines = joined(pages.lines(page))
    pieces = pages.pieces(page) if isinstance(pages, LetteredView) else ()
    for run in (shape for shape in block.shapes if isinstance(shape, TextRun)):
        # Beside a mark of others in another size: the whole row has the size of its first piece.
        own = joined(line for line in pieces if line.box and line.box.overlaps(run.box))
        near = [line for line in (*lines, *own) if _holds(line, run)]
        if not near:
            raise _failed(say("“{text}” on page {page} is missing.", text=run.text, page=page + 1))
        if not any(_is_as_wanted(line, run) for line in near):
            raise _failed(
                say(
                    "“{text}” on page {page} is not at its place, or not in its size, or turned.",
                    text=run.text,
                    page=page + 1,
                )
            )
        if not are_seen(pages, page, run.box, plain(run.text)):
            raise _failed(say("“{text}” on page {page} is covered.", text=run.text, page=page + 1))


def _holds(line: TextLine, run: TextRun) -> bool:
    return plain(run.text) in plain(line.text) and line.box is not None


def _is_as_wanted(line: TextLine, run: TextRun) -> bool:
    assert line.box is not None
    same_size = line.size_pt is None or abs(line.size_pt / run.size_pt - 1) <= _SIZE_SHARE
    edges = min(
        abs(line.box.x - run.box.x),
        abs(line.box.right - run.box.right),
        abs(_middle_x(line.box) - _middle_x(run.box)),
    )
    beside = edges <= _PLACE_MM or line.box.grown(_PLACE_MM).overlaps(run.box)
    height = abs(_middle_y(line.box) - _middle_y(run.box)) <= _PLACE_MM
    return line.upright and same_size and beside and height


def _confirm_not_overprinted(pages: PageView, block: Block, page: int) -> None:
    """No text runs over a mark in a header, as it does where LibreOffice lets a section that begins
    on an odd or even page begin right below its header.
    """
    for run in (shape for shape in block.shapes if isinstance(shape, TextRun)):
        if page > 0 and is_overprinted(pages, page, run.box, plain(run.text)):
            cause = say(
                "other words run over “{text}” on page {page}", text=run.text, page=page + 1
            )
            raise _failed(cause)


def _confirm_text_stays(pages: PageView, clean: PageView, placed: Sequence[Placed]) -> None:
    """The text of every page stands where it stood: marks must not push it.

    Later pages without marks are not looked at: nothing of ours stands there, and LibreOffice may
    put the letters of a line in other pieces (one line on page 51 of a real file).
    """
    marked = range(len(clean.sizes)) if any(one.page == OTHER_PAGES for one in placed) else (0,)
    for page in marked:
        pushed = lines_pushed(pages, clean, page)
        down = round(min((line.box.y for line in pushed if line.box is not None), default=0))
        if pushed and not page:
            cause = say(
                "the text {down} mm below the top of page 1 was pushed from its place", down=down
            )
            raise _failed(cause)
        if pushed:
            cause = say(
                "the text {down} mm below the top of page {page} was pushed from its place; where "
                "a section begins on an odd or even page (奇数页, 偶数页), let it begin on the "
                "next page (下一页), and have the draft approved anew",
                down=down,
                page=page + 1,
            )
            raise _failed(cause)


def _confirm_text_whole(pages: PageView, clean: PageView, placed: Sequence[Placed]) -> None:
    """All text is still shown: what a point pushes out of a row of a fixed height is not."""
    marks = (one.block.text for one in placed for _ in _pages_of(one, pages))
    lost = letters_lost(pages, clean, marks)
    if lost:
        cause = say(
            "{count} letters of the draft are not shown any more: a table row or a frame of a "
            "fixed height has no room for what the mark of a point pushes. Set its height to "
            "“at least” (最小值), and have the draft approved anew",
            count=lost,
        )
        raise _failed(cause)


def _confirm_points(pages: PageView, clean: PageView, flowing: Sequence[Block]) -> None:
    """Every classified point is to be seen: as many more of its words as there are points."""
    before = _all_text(clean)
    for text in {plain(block.text) for block in flowing}:
        wanted = sum(plain(block.text) == text for block in flowing)
        if count_seen(pages, text) - before.count(text) < wanted:
            raise _failed(say("a classified point is not to be seen: {text}", text=text))


def _confirm_codes(pages: PageView, placed: Sequence[Placed]) -> None:
    """Every 2D code is read where it stands: what cannot be read tells nothing on paper."""
    for one in placed:
        codes = [s for s in one.block.shapes if isinstance(s, Picture) and s.says]
        for code in codes if one.page < len(pages.sizes) else ():
            if code.says not in read_codes(pages.picture(one.page, code.box, CODE_DPI)):
                raise _failed(say("the 2D code on page {page} cannot be read", page=one.page + 1))


def _all_text(pages: PageView) -> str:
    lines = (line for page in range(len(pages.sizes)) for line in pages.lines(page))
    return "".join(plain(line.text) for line in lines)


def _middle_x(box: Box) -> float:
    return box.x + box.width / 2


def _middle_y(box: Box) -> float:
    return box.y + box.height / 2


def _failed(cause: Message) -> MarkNotConfirmed:
    return MarkNotConfirmed(cause=cause)
