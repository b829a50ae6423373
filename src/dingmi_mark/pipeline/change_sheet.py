"""What a change writes, and where on a page: the new mark beside the old one, its basis below.

Nothing is ever put over what stands there: where no place is free the place is full.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from dingmi_mark.domain.change import RELEASES, ChangeKind
from dingmi_mark.domain.ledger_changes import MarkingChanged
from dingmi_mark.domain.reading import written_period
from dingmi_mark.domain.terms import Marking, SecrecyLevel
from dingmi_mark.engine.shapes import MM_PER_PT, Block, Box, PageSize, TextRun, ink_box
from dingmi_mark.engine.striking import strike, struck
from dingmi_mark.errors import RemarkPlaceFull
from dingmi_mark.formats.base import Faces, PageView, stands_in_head
from dingmi_mark.pipeline.places import Footing, footing

LINE_FACE: Final = "heiti"
_GAP_EM = 0.6
"""Between the old mark and the new one beside it (own choice)."""
_LINE_PT = 9.0
"""Size of the line with result, date and basis: 小五, which fits between two rows (own choice)."""
_ROW_EM = 1.2
_ABOVE_MM = 0.6
_STEP_MM = 0.5
_SIDE_MM = 1.2
_REACH_MM = 26.0
_EDGE_MM = 3.0
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
class Sheet:
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


@dataclass
class HeadSheet(Sheet):
    """A page header while it is filled: what is new stands behind all that is there."""

    def put(
        self, name: str, text: str, look: TextRun, places: Iterable[tuple[float, float]]
    ) -> Block:
        """Put a text at the end of the line, whatever the places. Raises RemarkPlaceFull."""
        row = [one for one in self.blocks if stands_in_head(one.name)]
        x = max(ink_box(one).right for one in row) + look.size_pt * MM_PER_PT
        block = _text_block(name, text, look, (x, row[0].box.y), self.pages.faces)
        if block.box.right > self.size.width - _EDGE_MM:
            raise RemarkPlaceFull(text=text)
        self.blocks.append(block)
        return block


def _widened(box: Box) -> Box:
    """A line that strikes a text reaches beyond it at both ends."""
    return Box(box.x - _SIDE_MM, box.y, box.width + 2 * _SIDE_MM, box.height)


def put_changes(
    sheet: Sheet,
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
    look = replace(first, face=LINE_FACE, size_pt=_LINE_PT)
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
