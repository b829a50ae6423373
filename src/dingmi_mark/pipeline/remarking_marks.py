"""Where the marks of a changed secret go: old struck, new beside, a line with the basis below.

Everything is laid out anew on the page as it was before any mark, so that a second change strikes
the second mark, and the marks of before stand where they stood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from dingmi_mark.domain.change import RELEASES, ChangeKind
from dingmi_mark.domain.identity import NamedCopy
from dingmi_mark.domain.label import ShownMark
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.plan import words_of
from dingmi_mark.domain.reading import written_period
from dingmi_mark.domain.terms import Marking, SecrecyLevel
from dingmi_mark.engine.layout import PageOfMany, Words, lay_out, shifted
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, PageSize, Rule, TextRun, ink_box
from dingmi_mark.engine.striking import AT, strike, struck
from dingmi_mark.engine.template import Slot
from dingmi_mark.errors import RemarkNotPossible, RemarkPlaceFull
from dingmi_mark.formats.base import Faces, PageView
from dingmi_mark.messages import say
from dingmi_mark.pipeline.legacy_marks import LegacyMark
from dingmi_mark.pipeline.places import Footing, footing
from dingmi_mark.pipeline.placing import Placing

LEGACY: Final = "legacy"
"""How the blocks at marks of others are called: `legacy:1`, `legacy:1:struck` …"""
_OF_MARK = frozenset({"mark", "level", "period"})
_OF_SCOPE = frozenset({"scope"})
_GAP_EM = 0.6
"""Between the old mark and the new one beside it (own choice)."""
_LINE_PT = 9.0
"""Size of the line with result, date and basis: 小五, which fits between two rows (own choice)."""
_LINE_FACE = "heiti"
_ROW_EM = 1.2
_TYPED_PT = 16.0
_ABOVE_MM = 0.6
_STEP_MM = 0.5
_SIDE_MM = 1.2
_REACH_MM = 26.0
_EDGE_MM = 3.0
_NEAR_MM = 0.5
_RIGHT_MM = 20.0
"""Nothing is put nearer to the right edge of the paper than this."""


@dataclass(frozen=True)
class Wording:
    """What one change writes: the new mark (empty: it stays), the line, whether it is the end."""

    mark: str
    line: str
    strikes_mark: bool
    strikes_scope: bool


def wording_of(change: MarkingChanged) -> Wording:
    """Return what a change writes near the old mark (R39, R41).

    暂行规定(2014)第三十四条第二款 asks for a 解密标志 near the old mark; the rest is our own.
    """
    kind = ChangeKind(change.kind)
    year, month, day = (int(part) for part in (change.released or change.day).split("-"))
    line = " ".join((kind.value, f"{year}年{month}月{day}日", change.notice_number))
    if kind in RELEASES:
        return Wording("解密", line, strikes_mark=True, strikes_scope=True)
    if kind is ChangeKind.PARTLY_RELEASED:
        return Wording("", line, strikes_mark=False, strikes_scope=False)
    period = written_period(change.period)
    assert period is not None, "the ledger holds periods as they are written"
    mark = Marking(SecrecyLevel(change.level), period).text
    same = (change.level, change.period) == (change.old_level, change.old_period)
    if kind is ChangeKind.SCOPE_CHANGED or (same and kind is not ChangeKind.EXTENDED):
        return Wording("", line, strikes_mark=False, strikes_scope=True)
    return Wording(mark, line, strikes_mark=True, strikes_scope=False)


@dataclass(frozen=True)
class Paged:
    """The pages as they are without marks: what stands there, and what lies over them."""

    view: PageView
    above: Mapping[int, Sequence[Box]]
    faces: Faces


@dataclass
class _Sheet:
    """One page while it is filled: the blocks on it so far."""

    number: int
    size: PageSize
    pages: Paged
    blocks: list[Block] = field(default_factory=list)

    def put(
        self, name: str, text: str, look: TextRun, places: Iterable[tuple[float, float]]
    ) -> Block:
        """Put a text at the first place where nothing else stands. Raises RemarkPlaceFull."""
        for x, y in places:
            for block in self._at(name, text, look, (x, y)):
                if self._may_stand(block):
                    self.blocks.append(block)
                    return block
        raise RemarkPlaceFull(text=text)

    def _at(
        self, name: str, text: str, look: TextRun, place: tuple[float, float]
    ) -> Iterator[Block]:
        """Yield a text at a place; where the paper ends before it does, moved to the left too."""
        block = _text_block(name, text, look, place, self.pages.faces)
        yield block
        over = block.box.right - (self.size.width - _RIGHT_MM)
        if over > 0:
            x, y = place
            yield _text_block(name, text, look, (x - over, y), self.pages.faces)

    def _touches(self, block: Block) -> bool:
        return any(_widened(block.box).overlaps(ink_box(other)) for other in self.blocks)

    def _may_stand(self, block: Block) -> bool:
        width, height = self.size.width, self.size.height
        inside = Box(_EDGE_MM, _EDGE_MM, width - _EDGE_MM - _RIGHT_MM, height - 2 * _EDGE_MM)
        if not block.box.within(inside) or self._touches(block):
            return False
        if self.number >= len(self.pages.view.sizes):
            return True
        above = self.pages.above.get(self.number, ())
        stands = footing(block, self.number, self.pages.view, self.blocks, above)
        return stands is not Footing.TAKEN


def _widened(box: Box) -> Box:
    """A line that strikes a text reaches beyond it at both ends."""
    return Box(box.x - _SIDE_MM, box.y, box.width + 2 * _SIDE_MM, box.height)


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
            sheet = _Sheet(page.number, page.size, pages)
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
        sheet = _Sheet(page.number, page.size, pages)
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
    sheet: _Sheet,
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
        _add(sheet, name, run, wordings, with_lines=with_lines, done=done, last=last)


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
    box = Box(one.x_mm, one.y_mm, one.width_mm, one.height_mm)
    return replace(first, text=one.text, box=box)


def legacy_blocks(
    marks: Sequence[LegacyMark], changes: Sequence[MarkingChanged], pages: Paged
) -> Mapping[int, tuple[Block, ...]]:
    """Return all blocks of a paper that others marked, by page: their marks struck, all else as
    beside our own marks. Raises RemarkPlaceFull.
    """
    wordings = [wording_of(change) for change in changes]
    ends = any(one.strikes_mark for one in wordings)
    found: dict[int, tuple[Block, ...]] = {}
    for page in sorted({mark.page for mark in marks}):
        sheet = _Sheet(page, pages.view.sizes[page], pages)
        on = [(f"{LEGACY}:{n}", one) for n, one in enumerate(marks, 1) if one.page == page]
        for name, mark in on if ends else ():
            sheet.blocks.append(Block(f"{name}:struck", mark.ink, (_strike_through(mark.ink),)))
        for name, mark in on:
            _add(sheet, name, _legacy_run(mark), wordings, with_lines=page == 0)
        if sheet.blocks:
            found[page] = tuple(sheet.blocks)
    return found


def _strike_through(ink: Box) -> Rule:
    """The line through the middle of what is to be seen, whatever its size."""
    top = ink.y + ink.height / 2 - AT * ink.height
    return strike(Box(ink.x, top, ink.width, ink.height))


def _legacy_run(mark: LegacyMark) -> TextRun:
    """Return a mark of others as if we had written it: in 三号, on its line."""
    em = _TYPED_PT * MM_PER_PT
    box = Box(mark.ink.x, mark.ink.y + (mark.ink.height - em) / 2, mark.ink.width, em)
    return TextRun(mark.text, box, box.bottom, _LINE_FACE, _TYPED_PT)


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
    sheet: _Sheet,
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
        _add(sheet, name, run, wordings, with_lines=page.number == 0)


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
    return TextRun(shown.text, box, box.bottom, _LINE_FACE, _TYPED_PT)


def _add(
    sheet: _Sheet,
    slot: str,
    first: TextRun,
    wordings: Sequence[Wording],
    *,
    with_lines: bool,
    done: int = 0,
    last: TextRun | None = None,
) -> None:
    """Put the new mark beside the one it takes the place of, and the line below the first.

    The first `done` wordings are there already, with the mark `last` beside the first one.
    """
    last_of = max((n for n, one in enumerate(wordings) if one.strikes_mark), default=-1)
    before = last or first
    if last is not None and last_of >= done:
        name = f"{slot}:{done}:struck"
        sheet.blocks.append(Block(name, last.box, (strike(last.box, last.colour),)))
    for number, one in enumerate(wordings):
        if one.mark and number >= done:
            name = f"{slot}:{number + 1}"
            block = sheet.put(name, one.mark, first, _beside(before, first))
            (run,) = (shape for shape in block.shapes if isinstance(shape, TextRun))
            before = run
            if number < last_of:
                sheet.blocks[-1] = struck(block, (run,))
    look = replace(first, face=_LINE_FACE, size_pt=_LINE_PT)
    for number, one in enumerate(wordings if with_lines else ()):
        if number < done:
            continue
        # After all marks: readers take a line and a mark drawn next, just above its end, for one.
        sheet.put(f"{slot}:basis:{number + 1}", one.line, look, _below(first))


def _beside(before: TextRun, first: TextRun) -> Iterator[tuple[float, float]]:
    """Yield places for a mark: to the right of the one before, else below the first."""
    em = first.size_pt * MM_PER_PT
    top = before.box.y if before is not first else first.box.y
    yield before.box.right + _GAP_EM * em, top
    for step in range(int(_REACH_MM / _STEP_MM)):
        yield first.box.x, top + _ROW_EM * em + step * _STEP_MM


def _below(first: TextRun) -> Iterator[tuple[float, float]]:
    """Yield places for a line: below the first mark, further and further down."""
    for step in range(int(_REACH_MM / _STEP_MM)):
        yield first.box.x, first.box.bottom + _ABOVE_MM + step * _STEP_MM


def _text_block(
    name: str, text: str, look: TextRun, place: tuple[float, float], faces: Faces
) -> Block:
    x, y = place
    em = look.size_pt * MM_PER_PT
    box = Box(x, y, faces.advance_mm(text, look.face, look.size_pt), em)
    baseline = y + faces.baseline(look.face) * em
    run = TextRun(text, box, baseline, look.face, look.size_pt, look.colour)
    return Block(name, box, (run,))
