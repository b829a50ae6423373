"""Turn a template and the record's words into blocks of shapes on a page. Arithmetic only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Protocol

from dingmi_mark.engine.shapes import (
    WHITE,
    Block,
    Box,
    Frame,
    PageSize,
    Picture,
    Rule,
    Shape,
    TextRun,
)
from dingmi_mark.engine.template import (
    Align,
    Anchor,
    Pages,
    PictureItem,
    PictureOf,
    Slot,
    SlotPolicy,
    StampPlace,
    Template,
    TextItem,
    WhenOutside,
)
from dingmi_mark.errors import LandmarkNotFound, PageTooSmall, TextDoesNotFit
from dingmi_mark.messages import N_, say

EDGE_MM = 3.0
"""Printers leave about this much at the edge of the paper unprinted."""


class Measures(Protocol):
    """The measures of the fonts in use."""

    def advance_mm(self, text: str, face: str, size_pt: float) -> float: ...

    def baseline(self, face: str) -> float: ...


@dataclass(frozen=True)
class Code:
    """A 2D code: what it says, and its picture with the quiet zone around it (PNG)."""

    says: str
    png: bytes = field(repr=False)


@dataclass(frozen=True)
class Words:
    """The texts of the record by field name, the signature picture where allowed (PNG), and the
    2D code of the copy where one is to be shown.
    """

    fields: Mapping[str, str]
    signature_png: bytes | None = field(default=None, repr=False)
    code: Code | None = None


@dataclass(frozen=True)
class PageOfMany:
    """One page to be laid out: its number (0-based) among how many, its size, its landmarks.

    `landmarks` gives the height (mm) below which a landmark's slot is measured.
    """

    number: int
    count: int
    size: PageSize
    landmarks: Mapping[Anchor, float] = field(default_factory=lambda: MappingProxyType({}))

    def takes(self, pages: Pages) -> bool:
        """Tell whether a slot for these pages stands on this one."""
        match pages:
            case Pages.ALL:
                return True
            case Pages.FIRST:
                return self.number == 0
            case Pages.OTHERS:
                return self.number > 0
            case Pages.LAST:
                return self.number == self.count - 1


def slots_in_use(
    template: Template, words: Words, *, compact: bool, other_page_marks: bool = False
) -> tuple[Slot, ...]:
    """Return the slots whose fields are given, moved up in their stack where rows are compact.

    `compact` and `other_page_marks` are the office's policies (R16, R23). Raises TextDoesNotFit
    for an empty field of a slot that is not optional.
    """
    wanted = {SlotPolicy.OTHER_PAGE_MARKS: other_page_marks}
    allowed = (slot for slot in template.slots if slot.policy is None or wanted[slot.policy])
    present = tuple(slot for slot in allowed if _is_present(slot, words))
    if not (compact or template.compact):
        return present
    return tuple(_in_row(slot, template.slots, present) for slot in present)


def placed_elsewhere(slot: Slot, place: StampPlace | None) -> Slot:
    """Return the stamp's slot where the form of paper wants it."""
    if place is None:
        return slot
    return replace(
        slot,
        anchor=place.anchor,
        dx_mm=place.dx_mm,
        dy_mm=place.dy_mm,
        side=place.side,
        when_taken=place.when_taken,
        shift_mm=place.shift_mm,
        shift_max_mm=place.shift_max_mm,
        when_dark=place.when_dark,
    )


def place_of(slot: Slot, page: PageOfMany) -> Box:
    """Return the slot's box in page coordinates (mm). Raises LandmarkNotFound."""
    size = page.size
    if slot.anchor.is_landmark:
        if slot.anchor not in page.landmarks:
            names = {
                Anchor.BELOW_RED_RULE: N_("the first red rule"),
                Anchor.BELOW_TITLE: N_("the title"),
            }
            raise LandmarkNotFound(slot=slot.id, landmark=say(names[slot.anchor]))
        x = _from(_SHARE[slot.side], size.width, slot.width_mm, slot.dx_mm)
        y = page.landmarks[slot.anchor] + slot.dy_mm
        return Box(x, y, slot.width_mm, slot.height_mm)
    across, down = _SHARES[slot.anchor]
    x = _from(across, size.width, slot.width_mm, slot.dx_mm)
    y = _from(down, size.height, slot.height_mm, slot.dy_mm)
    return Box(x, y, slot.width_mm, slot.height_mm)


def on_page(slot: Slot, page: PageOfMany) -> Box:
    """Return the slot's box, moved in from the edges where the template says so (mm)."""
    box = place_of(slot, page)
    if slot.when_outside is WhenOutside.STOP or box.within(page.size.box):
        return box
    x = _moved_in(box.x, box.width, page.size.width)
    y = _moved_in(box.y, box.height, page.size.height)
    return Box(x, y, box.width, box.height)


def _moved_in(start: float, length: float, whole: float) -> float:
    """Move a stretch into the page, clear of its edge where there is room for that."""
    edge = min(EDGE_MM, max(0.0, (whole - length) / 2))
    return max(edge, min(start, whole - edge - length))


def lay_out(slot: Slot, words: Words, page: PageOfMany, measures: Measures) -> Block:
    """Return the slot's block on this page, in page coordinates (mm).

    Raises TextDoesNotFit, PageTooSmall, LandmarkNotFound; GlyphMissing from the measures.
    """
    box = on_page(slot, page)
    if not box.within(page.size.box):
        raise PageTooSmall(
            page=page.number + 1,
            width_mm=round(page.size.width),
            height_mm=round(page.size.height),
            slot=slot.id,
        )
    shapes: list[Shape] = []
    if slot.border_mm:
        shapes.append(Frame(box, slot.border_mm, slot.colour))
    for item in slot.rules:
        shapes.append(
            Rule(
                box.x + item.x1_mm,
                box.y + item.y1_mm,
                box.x + item.x2_mm,
                box.y + item.y2_mm,
                item.line_mm,
                slot.colour,
            )
        )
    for text in slot.texts:
        shapes.extend(_runs(text, slot, box, words, measures))
    shapes.extend(filter(None, (_picture(item, box, words) for item in slot.pictures)))
    return Block(slot.id, box, tuple(shapes))


def _picture(item: PictureItem, slot: Box, words: Words) -> Picture | None:
    place = Box(slot.x + item.x_mm, slot.y + item.y_mm, item.width_mm, item.height_mm)
    match item.shows:
        case PictureOf.SIGNATURE:
            return Picture(place, words.signature_png) if words.signature_png else None
        case PictureOf.CODE:
            return Picture(place, words.code.png, words.code.says) if words.code else None


def shifted(block: Block, dy: float) -> Block:
    """Return the block moved down by `dy` mm."""
    shapes = tuple(_moved(shape, dy) for shape in block.shapes)
    return Block(block.name, block.box.moved(0, dy), shapes)


def reversed_out(block: Block) -> Block:
    """Return the block drawn in white; pictures stay as they are."""
    shapes = tuple(
        shape if isinstance(shape, Picture) else replace(shape, colour=WHITE)
        for shape in block.shapes
    )
    return replace(block, shapes=shapes)


def _is_present(slot: Slot, words: Words) -> bool:
    empty = [name for name in slot.fields if not words.fields.get(name)]
    if not empty:
        return True
    if slot.optional:
        return False
    raise TextDoesNotFit(field=empty[0], width_mm=0)


def _in_row(slot: Slot, all_slots: Sequence[Slot], present: Sequence[Slot]) -> Slot:
    if not slot.stack:
        return slot
    rows = [one for one in all_slots if one.stack == slot.stack]
    row = rows[[one for one in present if one.stack == slot.stack].index(slot)]
    return replace(slot, dx_mm=row.dx_mm, dy_mm=row.dy_mm)


_SHARE = {Align.LEFT: 0.0, Align.CENTRE: 0.5, Align.RIGHT: 1.0}
_SHARES = {
    Anchor.TOP_LEFT: (0.0, 0.0), Anchor.TOP_CENTRE: (0.5, 0.0), Anchor.TOP_RIGHT: (1.0, 0.0),
    Anchor.MIDDLE_LEFT: (0.0, 0.5), Anchor.MIDDLE: (0.5, 0.5), Anchor.MIDDLE_RIGHT: (1.0, 0.5),
    Anchor.BOTTOM_LEFT: (0.0, 1.0), Anchor.BOTTOM_CENTRE: (0.5, 1.0),
    Anchor.BOTTOM_RIGHT: (1.0, 1.0),
}  # fmt: skip
"""Shares of the page's free width and height that lie to the left of and above an anchor."""


def _from(share: float, length: float, own: float, offset: float) -> float:
    """Offsets are measured inward from an edge, and to the right and down from the middle."""
    start = share * (length - own)
    return start - offset if share == 1.0 else start + offset


def _runs(item: TextItem, slot: Slot, box: Box, words: Words, measures: Measures) -> list[TextRun]:
    text = item.text.format_map(words.fields)
    width = item.width_mm if item.width_mm is not None else slot.width_mm - item.x_mm
    lines = _broken(text, item, width, measures)
    top = box.y + item.y_mm
    if item.height_mm is not None:
        top += (item.height_mm - item.lines_mm(len(lines))) / 2
    runs = []
    for number, line in enumerate(lines):
        advance = measures.advance_mm(line, item.font, item.size_pt)
        x = box.x + item.x_mm + (width - advance) * _SHARE[item.align]
        y = top + number * item.pitch_mm
        place = Box(x, y, advance, item.em_mm)
        if not place.within(box, tolerance=0.05):
            raise TextDoesNotFit(field=text, width_mm=round(width, 1))
        baseline = y + measures.baseline(item.font) * item.em_mm
        colour = item.colour or slot.colour
        runs.append(TextRun(line, place, baseline, item.font, item.size_pt, colour))
    return runs


def _broken(text: str, item: TextItem, width: float, measures: Measures) -> list[str]:
    """Break a text into lines no wider than `width`; Latin words and numbers stay whole."""

    def fits(line: str) -> bool:
        return measures.advance_mm(line, item.font, item.size_pt) <= width + 0.01

    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and not fits(lines[-1] + piece):
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        # A space that would begin a line has done its work by breaking it.
        lines[-1] += piece if lines[-1] else piece.lstrip()
        if not fits(lines[-1]) or len(lines) > item.max_lines:
            raise TextDoesNotFit(field=text, width_mm=round(width, 1))
    return lines


_NEVER_FIRST = "，。、；：！？）〕〉》”’」』】年月日号"
_NEVER_LAST = "（〔〈《“‘「『【"


def _pieces(text: str) -> list[str]:
    """Cut where a line may break: not inside numbers and Latin words, nor at the wrong side of
    a bracket or a mark of punctuation."""
    pieces: list[str] = []
    for character in text:
        if pieces and _holds_together(pieces[-1][-1], character):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _holds_together(before: str, after: str) -> bool:
    word = before.isascii() and after.isascii() and not before.isspace() and not after.isspace()
    return word or after in _NEVER_FIRST or before in _NEVER_LAST


def _moved(shape: Shape, dy: float) -> Shape:
    match shape:
        case TextRun():
            return replace(shape, box=shape.box.moved(0, dy), baseline=shape.baseline + dy)
        case Rule():
            return replace(shape, y1=shape.y1 + dy, y2=shape.y2 + dy)
        case Frame() | Picture():
            return replace(shape, box=shape.box.moved(0, dy))
