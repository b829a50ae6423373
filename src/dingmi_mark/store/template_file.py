"""Turn a template's TOML into values. What the values mean together: `store.template_faults`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from dingmi_mark.engine.shapes import BLACK
from dingmi_mark.engine.template import (
    Align,
    Anchor,
    Pages,
    PictureItem,
    PictureOf,
    PointType,
    RuleItem,
    Slot,
    SlotPolicy,
    StampPlace,
    Template,
    TemplateKind,
    TextItem,
    WhenDark,
    WhenNoRoom,
    WhenOutside,
    WhenTaken,
)
from dingmi_mark.messages import Fault
from dingmi_mark.store.strict_toml import Table, by_value
from dingmi_mark.store.template_faults import (
    SlotRead,
    note_bad_text,
    note_faults_among,
    note_faults_of_kind,
    note_outside,
    note_page_dependence,
)
from dingmi_mark.store.template_values import colour, length, line, name, offset, size

SCHEMA: Final = 1


_OF_MARKS = {kind.value: kind for kind in WhenTaken if kind is not WhenTaken.LEAVE_OUT}
_OF_CODES = {kind.value: kind for kind in (WhenTaken.STOP, WhenTaken.LEAVE_OUT)}


def template_from(values: Mapping[str, Any], *, name: str, digest: str, bundled: bool) -> Template:
    """Read a template from the values of its file. Raises Faulty with all faults."""
    faults: list[Fault] = []
    top = Table(values, "", faults)
    top.integer("schema", least=SCHEMA, most=SCHEMA)
    kind = _kind(top)
    title, status, source = top.text("title"), top.text("status"), top.text("source")
    slots: list[SlotRead] = []
    stamp_place, points, compact, no_room = None, None, False, WhenNoRoom.STOP
    # Of a file whose kind is wrong all keys are read, so that none is called unknown.
    if kind is not TemplateKind.POINTS:
        taken = _OF_CODES if kind is TemplateKind.CODE else _OF_MARKS
        slots = [_slot(table, faults, taken) for table in top.tables("slot", least=1)]
        note_faults_among(slots)
    if kind in (TemplateKind.PAGE, None):
        compact = top.flag("compact", False)
        no_room = top.choice("no_room", by_value(WhenNoRoom), WhenNoRoom.STOP)
        stamp_place = _stamp_place(top.table("stamp")) if top.has("stamp") else None
    if kind is TemplateKind.POINTS or (kind is None and top.has("points")):
        points = _points(top.table("points", required=True))
    if kind is not None:
        note_faults_of_kind(kind, top, slots)
    top.finish()
    return Template(
        name=name,
        title=title,
        status=status,
        source=source,
        digest=digest,
        slots=tuple(read.slot for read in slots),
        stamp_place=stamp_place,
        points=points,
        compact=compact,
        no_room=no_room,
        bundled=bundled,
        kind=kind or TemplateKind.PAGE,
    )


def _kind(top: Table) -> TemplateKind | None:
    kinds = by_value(TemplateKind)
    if not top.has("kind"):
        top.choice("kind", kinds)
        return None
    kind = top.choice("kind", kinds, "")
    return kind if isinstance(kind, TemplateKind) else None


def _slot(table: Table, faults: list[Fault], when_taken: Mapping[str, WhenTaken]) -> SlotRead:
    before = len(faults)
    texts = table.tables("text")
    rules = table.tables("rule")
    pictures = table.tables("picture")
    taken = table.choice("occupied", when_taken, WhenTaken.STOP)
    shifts = taken is WhenTaken.SHIFT_DOWN
    slot = Slot(
        id=name(table, "id"),
        pages=table.choice("pages", by_value(Pages)),
        anchor=table.choice("anchor", by_value(Anchor)),
        dx_mm=offset(table, "dx_mm"),
        dy_mm=offset(table, "dy_mm"),
        width_mm=length(table, "width_mm"),
        height_mm=length(table, "height_mm"),
        texts=tuple(map(_text, texts)),
        rules=tuple(map(_rule, rules)),
        pictures=tuple(map(_picture, pictures)),
        border_mm=line(table, "border_mm", 0.0),
        colour=colour(table, BLACK),
        optional=table.flag("optional", False),
        stack=table.text("stack", ""),
        when_taken=taken,
        shift_mm=length(table, "shift_mm") if shifts else 0.0,
        shift_max_mm=length(table, "shift_max_mm") if shifts else 0.0,
        side=table.choice("side", by_value(Align), Align.LEFT),
        when_outside=table.choice("outside", by_value(WhenOutside), WhenOutside.STOP),
        when_dark=table.choice("dark", by_value(WhenDark), WhenDark.STOP),
        policy=table.choice("policy", by_value(SlotPolicy), None),
    )
    note_page_dependence(table, slot)
    note_outside(slot, texts, rules, pictures)
    return SlotRead(table, slot, sound=len(faults) == before)


def _text(table: Table) -> TextItem:
    item = TextItem(
        text=table.text("text"),
        font=name(table, "font"),
        size_pt=size(table, "size_pt"),
        x_mm=offset(table, "x_mm", 0.0),
        y_mm=offset(table, "y_mm", 0.0),
        width_mm=length(table, "width_mm", None),
        height_mm=length(table, "height_mm", None),
        align=table.choice("align", by_value(Align), Align.LEFT),
        max_lines=table.integer("max_lines", 1, least=1, most=100),
        line_mm=length(table, "line_mm", None),
        colour=colour(table, None),
    )
    note_bad_text(table, item)
    return item


def _rule(table: Table) -> RuleItem:
    return RuleItem(
        x1_mm=offset(table, "x1_mm"),
        y1_mm=offset(table, "y1_mm"),
        x2_mm=offset(table, "x2_mm"),
        y2_mm=offset(table, "y2_mm"),
        line_mm=line(table, "line_mm"),
    )


def _picture(table: Table) -> PictureItem:
    return PictureItem(
        x_mm=offset(table, "x_mm"),
        y_mm=offset(table, "y_mm"),
        width_mm=length(table, "width_mm"),
        height_mm=length(table, "height_mm"),
        shows=table.choice("shows", by_value(PictureOf), PictureOf.SIGNATURE),
    )


def _stamp_place(table: Table) -> StampPlace:
    taken = table.choice("occupied", by_value(WhenTaken), WhenTaken.STOP)
    shifts = taken is WhenTaken.SHIFT_DOWN or table.has("shift_mm")
    place = StampPlace(
        anchor=table.choice("anchor", by_value(Anchor)),
        dx_mm=offset(table, "dx_mm"),
        dy_mm=offset(table, "dy_mm"),
        side=table.choice("side", by_value(Align), Align.LEFT),
        when_taken=taken,
        shift_mm=length(table, "shift_mm") if shifts else 0.0,
        shift_max_mm=length(table, "shift_max_mm") if shifts else 0.0,
        when_dark=table.choice("dark", by_value(WhenDark), WhenDark.STOP),
    )
    note_page_dependence(table, place)
    return place


def _points(table: Table) -> PointType:
    return PointType(
        font=name(table, "font"),
        size_pt=size(table, "size_pt"),
        gap_mm=table.number("gap_mm", least=0.0, most=50.0),
        closing_font=name(table, "closing_font"),
        closing_size_pt=size(table, "closing_size_pt"),
        colour=colour(table, BLACK),
    )
