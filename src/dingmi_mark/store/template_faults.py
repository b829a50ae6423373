"""What can be wrong in a template although each value by itself is in order.

A figure that could not be read is NaN here: every comparison with it is false, so one fault is
told once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import Formatter

from dingmi_mark.engine.shapes import Box
from dingmi_mark.engine.template import (
    FIELDS,
    Align,
    Pages,
    PictureItem,
    PictureOf,
    RuleItem,
    Slot,
    StampPlace,
    TemplateKind,
    TextItem,
)
from dingmi_mark.messages import Message, say
from dingmi_mark.store.strict_toml import Table

MARK = "mark"
STAMP = "stamp"
CODE = "code"
_TOLERANCE_MM = 0.01


@dataclass(frozen=True)
class SlotRead:
    """A slot with its table; `sound` where reading it found no fault."""

    table: Table
    slot: Slot
    sound: bool


def note_bad_text(table: Table, item: TextItem) -> None:
    """Note fields that do not exist, formatting, and lines that would run into each other."""
    for expected in _bad_fields(item.text):
        table.fault("text", expected)
    if item.line_mm is not None and item.line_mm < item.em_mm:
        least = round(item.em_mm, 2)
        table.fault("line_mm", say("at least {least}, the height of a line", least=least))
    if item.height_mm is not None and item.lines_mm(item.max_lines) > item.height_mm:
        needed = round(item.lines_mm(item.max_lines), 2)
        table.fault("height_mm", say("at least {needed} for all its lines", needed=needed))


def _bad_fields(text: str) -> Iterable[Message]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return [say("each {{ needs its }} and the name of a field between them")]
    faults = []
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if spec or conversion:
            faults.append(say("only the name of a field may stand between {{ and }}"))
        if name not in FIELDS:
            known = "、".join(FIELDS)
            faults.append(
                say("there is no field “{name}”; known are {known}", name=name, known=known)
            )
    return faults


def note_page_dependence(table: Table, place: Slot | StampPlace) -> None:
    """Note a side without a landmark: the nine points of the page have their side already."""
    if place.side is not Align.LEFT and not place.anchor.is_landmark:
        table.fault("side", say("this key is only for 红线之下 and 标题之下"))


def note_outside(
    slot: Slot, texts: Sequence[Table], rules: Sequence[Table], pictures: Sequence[Table]
) -> None:
    """Note every text, rule and picture that reaches out of its slot's box."""
    for table, text in zip(texts, slot.texts, strict=True):
        width = text.width_mm if text.width_mm is not None else slot.width_mm - text.x_mm
        height = text.height_mm if text.height_mm is not None else text.lines_mm(text.max_lines)
        _note_outside(table, slot, Box(text.x_mm, text.y_mm, width, height))
    for table, rule in zip(rules, slot.rules, strict=True):
        if (rule.x1_mm, rule.y1_mm) == (rule.x2_mm, rule.y2_mm):
            table.fault("", say("both ends of this rule are one point"))
        _note_outside(table, slot, _around(rule))
    for table, picture in zip(pictures, slot.pictures, strict=True):
        _note_outside(table, slot, _place(picture))


def _around(rule: RuleItem) -> Box:
    x, y = min(rule.x1_mm, rule.x2_mm), min(rule.y1_mm, rule.y2_mm)
    return Box(x, y, abs(rule.x2_mm - rule.x1_mm), abs(rule.y2_mm - rule.y1_mm))


def _place(picture: PictureItem) -> Box:
    return Box(picture.x_mm, picture.y_mm, picture.width_mm, picture.height_mm)


def _note_outside(table: Table, slot: Slot, box: Box) -> None:
    reaches_out = (
        box.x < -_TOLERANCE_MM
        or box.y < -_TOLERANCE_MM
        or box.width < 0
        or box.right > slot.width_mm + _TOLERANCE_MM
        or box.bottom > slot.height_mm + _TOLERANCE_MM
    )
    if reaches_out:
        width, height = round(slot.width_mm, 2), round(slot.height_mm, 2)
        table.fault(
            "",
            say("it reaches out of its slot of {width} × {height} mm", width=width, height=height),
        )


def note_faults_among(slots: Sequence[SlotRead]) -> None:
    """Note empty slots, ids that stand twice, uneven stacks and slots on one place."""
    seen: set[str] = set()
    for read in slots:
        if read.sound and not _shows_something(read.slot):
            read.table.fault("", say("this slot is empty: it needs [[slot.text]]"))
        if read.slot.id and read.slot.id in seen:
            read.table.fault("id", say("“{id}” stands twice", id=read.slot.id))
        seen.add(read.slot.id)
    for one, other in combinations([read for read in slots if read.sound], 2):
        _note_uneven_stack(one.slot, other)
        _note_overlap(one.slot, other)


def _shows_something(slot: Slot) -> bool:
    """A signature may be missing; all else always stands in its slot."""
    return bool(slot.texts or slot.rules or slot.border_mm or slot.shows_code)


def _note_uneven_stack(one: Slot, other: SlotRead) -> None:
    slot = other.slot
    if not slot.stack or slot.stack != one.stack:
        return
    if (slot.pages, slot.anchor, slot.side) != (one.pages, one.anchor, one.side):
        other.table.fault(
            "stack", say("all of a stack need the same pages and anchor as “{id}”", id=one.id)
        )


def _note_overlap(one: Slot, other: SlotRead) -> None:
    slot = other.slot
    if (slot.anchor, slot.side) != (one.anchor, one.side) or not slot.pages.meets(one.pages):
        return
    # Offsets count inward from the anchor; for one anchor that is a mirrored picture at most.
    if _box(slot).grown(-_TOLERANCE_MM).overlaps(_box(one)):
        other.table.fault("", say("it lies upon slot “{id}”", id=one.id))


def _box(slot: Slot) -> Box:
    return Box(slot.dx_mm, slot.dy_mm, slot.width_mm, slot.height_mm)


def note_faults_of_kind(kind: TemplateKind, top: Table, slots: Sequence[SlotRead]) -> None:
    """Note what a template of its kind must have: a page form the mark, a stamp one slot."""
    ids = [read.slot.id for read in slots]
    if kind is TemplateKind.STAMP and ids and ids != [STAMP]:
        top.fault("slot", say("a 戳记 has one slot, with the id “stamp”"))
    if kind is TemplateKind.CODE and ids and not _is_code(slots):
        top.fault("slot", say("a 二维码 has one slot, with the id “code”, and one picture of it"))
    if kind is TemplateKind.PAGE and ids:
        marks = [read for read in slots if read.slot.id == MARK]
        if not marks:
            top.fault("slot", say("a 版式 needs a slot with the id “mark”"))
        for read in marks:
            _note_weak_mark(read)


def _is_code(slots: Sequence[SlotRead]) -> bool:
    if [read.slot.id for read in slots] != [CODE]:
        return False
    return [picture.shows for picture in slots[0].slot.pictures] == [PictureOf.CODE]


def _note_weak_mark(read: SlotRead) -> None:
    """Note a mark that could be missing or say other than 密级★保密期限 (R2, R20)."""
    slot, table = read.slot, read.table
    if not read.sound:
        return
    if [item.text for item in slot.texts] != ["{mark}"]:
        table.fault("text", say("the mark must be {{mark}} and nothing else"))
    if slot.pages not in (Pages.FIRST, Pages.ALL):
        table.fault("pages", say("the mark must stand on the 首页"))
    if slot.optional:
        table.fault("optional", say("the mark cannot be left out"))
    if slot.policy is not None:
        table.fault("policy", say("the mark cannot be left out"))
