"""Where the marks of a changed secret go: old struck, new beside, a line with the basis below.

Everything is laid out anew on the page as it was before any mark, so that a second change strikes
the second mark, and the marks of before stand where they stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.plan import words_of
from dingmi_mark.engine.layout import PageOfMany, Words, lay_out, shifted
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, Rule, TextRun
from dingmi_mark.engine.striking import AT, strike, struck
from dingmi_mark.engine.template import Slot
from dingmi_mark.errors import RemarkNotPossible
from dingmi_mark.formats.base import OF_OTHERS, Faces
from dingmi_mark.messages import say
from dingmi_mark.pipeline.change_sheet import (
    LINE_FACE,
    HeadSheet,
    Paged,
    Sheet,
    Wording,
    put_changes,
    wording_of,
)
from dingmi_mark.pipeline.legacy_marks import LegacyMark
from dingmi_mark.pipeline.placing import Placing

_OF_MARK = frozenset({"mark", "level", "period"})
_OF_SCOPE = frozenset({"scope"})
_TYPED_PT = 16.0
_NEAR_MM = 0.5


def remarked_blocks(
    placing: Placing, copy: NamedCopy, changes: Sequence[MarkingChanged], pages: Paged
) -> Mapping[int, tuple[Block, ...]]:
    """Return all blocks of a copy after its changes, by page. Raises RemarkPlaceFull."""
    wordings = [wording_of(change) for change in changes]
    old = placing.blocks(copy, pages.faces)
    found: dict[int, tuple[Block, ...]] = {}
    for page in placing.pages:
        given = old.get(page.number, ())
        adopted = [one.shown for one in placing.adopted.values() if one.shown.page == page.number]
        if given or adopted:
            kind = Sheet if placing.head is None else HeadSheet
            sheet = kind(page.number, page.size, pages)
            _fill(sheet, page, given, placing, copy, wordings)
            found[page.number] = tuple(sheet.blocks)
    return found


def added_blocks(
    placing: Placing,
    copy: NamedCopy,
    changes: Sequence[MarkingChanged],
    shown: Sequence[ShownMark],
    pages: Paged,
) -> Mapping[int, tuple[Block, ...]]:
    """Return what changes add to pages that show all of before and must not be laid out anew.

    `shown` are the marks that stand there, those of earlier changes with a colon in their names.
    Raises RemarkPlaceFull; RemarkNotPossible where the marks stand as no template of now puts them.
    """
    wordings = [wording_of(change) for change in changes]
    done = done_before(shown)
    old = placing.blocks(copy, pages.faces)
    found: dict[int, tuple[Block, ...]] = {}
    for page in placing.pages:
        on = [one for one in shown if one.page == page.number]
        sheet = Sheet(page.number, page.size, pages)
        given = [_where_shown(one, old.get(page.number, ())) for one in on if ":" not in one.slot]
        _fill_further(sheet, page, given, on, (placing, copy), (wordings, done))
        if sheet.blocks:
            found[page.number] = tuple(sheet.blocks)
    return found


def done_before(shown: Sequence[ShownMark]) -> int:
    """Return how many changes the marks tell: each put a line with its basis on the first page."""
    numbers = (one.slot.rpartition(":basis:")[2] for one in shown if ":basis:" in one.slot)
    return max(map(int, numbers), default=0)


def _where_shown(one: ShownMark, blocks: Iterable[Block]) -> Block:
    """Return the block of a mark where that stands. Raises RemarkNotPossible."""
    for block in blocks:
        if block.name == one.slot:
            moved = shifted(block, one.y_mm - block.box.y)
            if abs(block.box.x - one.x_mm) <= _NEAR_MM and moved.says == one.text:
                return moved
    cause = say("templates or policies of the office were changed since it was marked")
    raise RemarkNotPossible(cause=cause)


def _fill_further(
    sheet: Sheet,
    page: PageOfMany,
    given: Sequence[Block],
    shown: Sequence[ShownMark],
    of: tuple[Placing, NamedCopy],
    told: tuple[Sequence[Wording], int],
) -> None:
    """Strike what further changes strike, and put what they add."""
    (placing, copy), (wordings, done) = of, told
    before, now = _struck_fields(wordings[:done]), _struck_fields(wordings[done:])
    slots = {slot.id: slot for slot in placing.slots}
    words = Words(words_of(placing.record, copy.number, placing.standing))
    faces = sheet.pages.faces
    anchors: list[tuple[str, TextRun, TextRun | None]] = []
    for block in given:
        slot = slots[block.name]
        hit = _runs_with(slot, now - before, block, words, page, faces)
        for number, run in enumerate(hit, 1):
            name = f"{block.name}:struck:{number}"
            sheet.blocks.append(Block(name, run.box, (strike(run.box, run.colour),)))
        for run in _runs_with(slot, frozenset({"mark"}), block, words, page, faces):
            anchors.append((block.name, run, _last_mark(block.name, run, shown)))
    for name, run, last in anchors:
        with_lines = page.number == 0
        put_changes(sheet, name, run, wordings, with_lines=with_lines, done=done, last=last)


def _struck_fields(wordings: Sequence[Wording]) -> frozenset[str]:
    """Return the fields of the first marks through which these changes put a line."""
    mark = _OF_MARK if any(one.strikes_mark for one in wordings) else frozenset()
    return mark | (_OF_SCOPE if any(one.strikes_scope for one in wordings) else frozenset())


def _last_mark(slot: str, first: TextRun, shown: Sequence[ShownMark]) -> TextRun | None:
    """Return the mark that the last change put beside the first one, where there is one."""
    beside = [one for one in shown if one.slot.startswith(f"{slot}:") and "basis" not in one.slot]
    if not beside:
        return None
    one = max(beside, key=lambda mark: int(mark.slot.rpartition(":")[2]))
    return replace(first, text=one.text, box=_box_of(one))


def of_others(marks: Sequence[LegacyMark]) -> tuple[ShownMark, ...]:
    """Return marks of others as a label tells them, in their order: `legacy:1` …"""
    return tuple(
        ShownMark(f"{OF_OTHERS}:{number}", mark.page, mark.text, *_edges(mark.ink), adopted=True)
        for number, mark in enumerate(marks, 1)
    )


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.width, box.height


def legacy_blocks(
    marks: Sequence[ShownMark],
    changes: Sequence[MarkingChanged],
    pages: Paged,
    shown: Sequence[ShownMark] = (),
    kind: type[Sheet] = Sheet,
    size_pt: float = _TYPED_PT,
) -> Mapping[int, tuple[Block, ...]]:
    """Return the blocks of a paper that others marked, by page: their marks (see `of_others`)
    struck, all else as beside our own marks. Raises RemarkPlaceFull.

    `shown` is what earlier changes put on pages that must not be laid out anew: it stays, and only
    what further changes add is returned. `kind` is how what is new is put on a page, in the size of
    the marks (pt).
    """
    wordings = [wording_of(change) for change in changes]
    done = done_before(shown)
    before, now = wordings[:done], wordings[done:]
    ends = any(one.strikes_mark for one in now) and not any(one.strikes_mark for one in before)
    found: dict[int, tuple[Block, ...]] = {}
    for page in sorted({mark.page for mark in marks}):
        sheet = kind(page, pages.view.sizes[page], pages)
        on = [one for one in marks if one.page == page]
        for mark in on if ends else ():
            ink = _box_of(mark)
            sheet.blocks.append(Block(f"{mark.slot}:struck", ink, (_strike_through(ink),)))
        for mark in on:
            run = _legacy_run(mark, size_pt)
            last = _last_mark(mark.slot, run, shown)
            first_page = page == 0
            put_changes(
                sheet, mark.slot, run, wordings, with_lines=first_page, done=done, last=last
            )
        if sheet.blocks:
            found[page] = tuple(sheet.blocks)
    return found


def _box_of(one: ShownMark) -> Box:
    return Box(one.x_mm, one.y_mm, one.width_mm, one.height_mm)


def _strike_through(ink: Box) -> Rule:
    """The line through the middle of what is to be seen, whatever its size."""
    top = ink.y + ink.height / 2 - AT * ink.height
    return strike(Box(ink.x, top, ink.width, ink.height))


def _legacy_run(mark: ShownMark, size_pt: float) -> TextRun:
    """Return a mark of others as if we had written it, on its line."""
    em = size_pt * MM_PER_PT
    box = Box(mark.x_mm, mark.y_mm + (mark.height_mm - em) / 2, mark.width_mm, em)
    return TextRun(mark.text, box, box.bottom, LINE_FACE, size_pt)


def refuse_other_place(
    placing: Placing,
    copy: NamedCopy,
    shown: Sequence[ShownMark],
    faces: Faces,
    new: frozenset[str] = frozenset(),
) -> None:
    """Raise RemarkNotPossible where the marks would not be laid out as they stand in the file.

    `new` names the slots that it does not show yet.
    """
    wanted = placing.shown(placing.blocks(copy, faces))
    other = [one for one in wanted if one.slot not in new and not _is_among(one, shown)]
    slots = {one.slot for one in wanted}
    # What a change added has a name with a colon: it is laid out after this.
    lost = [one for one in shown if ":" not in one.slot and one.slot not in slots]
    if other or lost:
        cause = say("templates or policies of the office were changed since it was marked")
        raise RemarkNotPossible(cause=cause)


def _is_among(one: ShownMark, shown: Sequence[ShownMark]) -> bool:
    return any(_is_same(one, other) for other in shown)


def _is_same(one: ShownMark, other: ShownMark) -> bool:
    near = max(abs(one.x_mm - other.x_mm), abs(one.y_mm - other.y_mm)) <= _NEAR_MM
    return near and (one.slot, one.page, one.text) == (other.slot, other.page, other.text)


def _fill(
    sheet: Sheet,
    page: PageOfMany,
    given: Sequence[Block],
    placing: Placing,
    copy: NamedCopy,
    wordings: Sequence[Wording],
) -> None:
    """Strike what is struck on a page, then put what is new."""
    ends = any(one.strikes_mark for one in wordings)
    fields = _struck_fields(wordings)
    slots = {slot.id: slot for slot in placing.slots}
    words = Words(words_of(placing.record, copy.number, placing.standing))
    anchors: list[tuple[str, TextRun]] = []
    for block in given:
        slot = slots[block.name]
        hit = tuple(_runs_with(slot, fields, block, words, page, sheet.pages.faces))
        sheet.blocks.append(struck(block, hit) if hit else block)
        if set(slot.fields) & {"mark"}:
            anchors += [
                (block.name, run)
                for run in _runs_with(
                    slot, frozenset({"mark"}), block, words, page, sheet.pages.faces
                )
            ]
    for name, adopted in placing.adopted.items():
        if adopted.shown.page == page.number and name == "mark":
            run = _adopted_run(adopted.shown)
            anchors.append((name, run))
            if ends:
                sheet.blocks.append(Block(f"{name}:struck", run.box, (strike(run.box),)))
    for name, run in anchors:
        put_changes(sheet, name, run, wordings, with_lines=page.number == 0)


def _runs_with(
    slot: Slot, fields: frozenset[str], block: Block, words: Words, page: PageOfMany, faces: Faces
) -> Iterator[TextRun]:
    """Yield the texts of a block that show one of these fields."""
    for item in slot.texts:
        if not fields & set(item.fields):
            continue
        alone = replace(slot, texts=(item,), rules=(), pictures=(), border_mm=0.0)
        laid = lay_out(alone, words, page, faces)
        moved = shifted(laid, block.box.y - laid.box.y)
        places = [shape.box for shape in moved.shapes if isinstance(shape, TextRun)]
        for shape in block.shapes:
            if isinstance(shape, TextRun) and any(_near(shape.box, place) for place in places):
                yield shape


def _near(one: Box, other: Box) -> bool:
    return abs(one.x - other.x) < 0.01 and abs(one.y - other.y) < 0.01


def _adopted_run(shown: ShownMark) -> TextRun:
    """Return a mark that the author typed as if we had written it: in 三号, on its line."""
    em = _TYPED_PT * MM_PER_PT
    box = Box(shown.x_mm, shown.y_mm + AT * (shown.height_mm - em), shown.width_mm, em)
    return TextRun(shown.text, box, box.bottom, LINE_FACE, _TYPED_PT)
