"""Where the fields of a form are: by bookmark, by content control, else by their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

from dingmi_mark.formats.docx.names import Element, q
from dingmi_mark.forms.definition import Form, Listing, Slot
from dingmi_mark.forms.fields import plain_field_name, plain_name
from dingmi_mark.forms.paper import Paper, PaperCell, text_in
from dingmi_mark.messages import Fault, Message, say

PLACEHOLDER: Final = re.compile(r"\{\{\s*(.*?)\s*\}\}")


@dataclass(frozen=True)
class FieldName:
    """A field of a form: of a list, or single (`rows` empty)."""

    name: str
    rows: str = ""

    def __str__(self) -> str:
        return f"{self.rows}.{self.name}" if self.rows else self.name


@dataclass
class ListPlace:
    """Where a list is: its columns by cell number (from 1), and its rows that hold entries."""

    columns: dict[str, int]
    table: int
    first: int
    rows: list[tuple[PaperCell, ...]] = field(default_factory=list)


@dataclass
class Places:
    """Where everything is, what of it has its name in the file, and what is wrong with it."""

    cells: dict[str, PaperCell] = field(default_factory=dict)
    lists: dict[str, ListPlace] = field(default_factory=dict)
    named: frozenset[FieldName] = frozenset()
    faults: list[Fault] = field(default_factory=list)

    @property
    def found(self) -> int:
        """How many fields and lists have a place."""
        return len(self.cells) + len(self.lists)


def names_of(form: Form) -> Mapping[str, FieldName]:
    """Return all fields of a form by their bare names, as bookmarks and placeholders give them."""
    single = {plain_name(slot.name): FieldName(slot.name) for slot in form.slots}
    listed = {
        plain_name(listing.rows + column.name): FieldName(column.name, listing.rows)
        for listing in form.listings
        for column in listing.columns
    }
    return {**listed, **single}


def find_places(paper: Paper, form: Form) -> Places:
    """Find all fields of a form on paper."""
    places = Places()
    named = _named(paper, form, places)
    places.named = frozenset(named)
    headings = {
        listing.rows: heading
        for listing in form.listings
        if (heading := _heading(paper, listing, places)) is not None
    }
    for listing in form.listings:
        _list(listing, named, headings.get(listing.rows), places)
    # What people write into a list may be the very words of a label: lists come first.
    missing = [slot for slot in form.slots if FieldName(slot.name) not in named]
    for name, place in places.lists.items():
        place.rows = list(_rows(paper, place, name, named, headings, missing, places))
    _single(paper, form, named, headings, places)
    return places


def named_elements(paper: Paper) -> Iterator[tuple[str, Element]]:
    """Yield the bookmarks and tagged content controls of a form with their names."""
    for start in paper.body.iter(q("w:bookmarkStart")):
        yield start.get(q("w:name"), ""), start
    for tag in paper.body.iter(q("w:tag")):
        control = next((one for one in tag.iterancestors(q("w:sdt"))), None)
        if control is not None:
            yield tag.get(q("w:val"), ""), control


def unknown_field(name: str, form: Form) -> Message:
    """Say that a form has no such field, and which one may have been meant."""
    known = [str(one) for one in names_of(form).values()]
    if near := get_close_matches(name.replace("_", "."), known, n=1):
        return say("there is no field “{name}”; did you mean “{near}”?", name=name, near=near[0])
    return say("there is no field “{name}” in this form", name=name)


def _named(paper: Paper, form: Form, places: Places) -> dict[FieldName, PaperCell]:
    known = names_of(form)
    found: dict[FieldName, PaperCell] = {}
    for name, element in named_elements(paper):
        if not name or name.startswith("_"):
            continue
        which = known.get(plain_name(name)[:_MOST])
        cell = paper.cell_around(element)
        if which is None:
            places.faults.append(Fault(name, unknown_field(name, form)))
        elif cell is None:
            what = say("this field stands in no cell of a table: give it one")
            places.faults.append(Fault(str(which), what))
        elif which in found and found[which] is not cell:
            places.faults.append(Fault(str(which), _twice(found[which], cell)))
        else:
            found[which] = cell
    return found


_MOST: Final = 40


def _twice(one: PaperCell, other: PaperCell) -> Message:
    return say(
        "it stands twice ({one}; {other}): one file is one form",
        one=one.place,
        other=other.place,
    )


def _heading(paper: Paper, listing: Listing, places: Places) -> tuple[PaperCell, ...] | None:
    """Return the row with a list's column headings."""
    needed = min(2, len(listing.columns))
    best: list[tuple[PaperCell, ...]] = []
    most = needed
    for table in paper.tables:
        for row in table:
            count = len(_headed(row, listing))
            if count > most or (count == most and not best):
                best, most = [row], count
            elif count == most:
                best.append(row)
    if len(best) > 1:
        places.faults.append(Fault(listing.rows, _twice(best[0][0], best[1][0])))
    return best[0] if best else None


def _headed(row: tuple[PaperCell, ...], listing: Listing) -> dict[str, int]:
    return {
        column.name: cell.column
        for column in listing.columns
        for cell in row
        if cell.plain == plain_field_name(column.name) and not cell.merged
    }


def _single(
    paper: Paper,
    form: Form,
    named: Mapping[FieldName, PaperCell],
    headings: Mapping[str, tuple[PaperCell, ...]],
    places: Places,
) -> None:
    taken = {id(cell) for cell in named.values()}
    taken |= {id(cell) for row in headings.values() for cell in row}
    taken |= {id(c) for place in places.lists.values() for row in place.rows for c in row}
    labelled = _labelled(paper, form, taken)
    for slot in form.slots:
        by_name = named.get(FieldName(slot.name))
        beside = labelled.get(slot.name, [])
        if len(beside) > 1:
            places.faults.append(Fault(slot.name, _twice(beside[0], beside[1])))
        if by_name is not None:
            moved = bool(beside) and beside[0] is not by_name and id(beside[0]) not in taken
            if moved and beside[0].text.strip():
                what = say(
                    "its label and its bookmark point to different cells; fill in a new form"
                )
                places.faults.append(Fault(slot.name, what))
            places.cells[slot.name] = by_name
        elif beside:
            places.cells[slot.name] = beside[0]


def _labelled(paper: Paper, form: Form, taken: set[int]) -> dict[str, list[PaperCell]]:
    """Return the cells to the right of each field's label; what stands there is never a label."""
    found: dict[str, list[PaperCell]] = {}
    for table in paper.tables:
        for row in table:
            cells = iter(row)
            for cell in cells:
                if cell.merged or id(cell) in taken:
                    continue
                slots = [slot for slot in form.slots if _is_label(cell, slot.label)]
                value = next(cells, None) if slots else None
                if value is not None:
                    for slot in slots:
                        found.setdefault(slot.name, []).append(value)
    return found


def _is_label(cell: PaperCell, label: str) -> bool:
    return plain_field_name(label) in (cell.plain, cell.plain_label)


def _list(
    listing: Listing,
    named: Mapping[FieldName, PaperCell],
    heading: tuple[PaperCell, ...] | None,
    places: Places,
) -> None:
    cells = {one.name: cell for one, cell in named.items() if one.rows == listing.rows}
    columns = {name: cell.column for name, cell in cells.items()}
    starts = {(cell.table, cell.row) for cell in cells.values()}
    if len(starts) > 1:
        what = say("the fields of this list stand in different rows; they need one row")
        places.faults.append(Fault(listing.rows, what))
        return
    headed = _headed(heading, listing) if heading else {}
    if any(columns.get(name, column) != column for name, column in headed.items()):
        what = say("its headings and its bookmarks point to different columns; fill in a new form")
        places.faults.append(Fault(listing.rows, what))
        return
    if heading:
        place = ListPlace({**columns, **headed}, heading[0].table, heading[0].row + 1)
    elif starts:
        ((table, row),) = starts
        place = ListPlace(columns, table, row)
    else:
        return
    places.lists[listing.rows] = place


def _rows(
    paper: Paper,
    place: ListPlace,
    name: str,
    named: Mapping[FieldName, PaperCell],
    headings: Mapping[str, tuple[PaperCell, ...]],
    missing: Sequence[Slot],
    places: Places,
) -> Iterator[tuple[PaperCell, ...]]:
    """Yield the rows of a list: down to the next field, the next list, or the table's end."""
    others = {id(cell) for one, cell in named.items() if one.rows != name}
    others |= {id(cell) for rows, row in headings.items() if rows != name for cell in row}
    table = paper.tables[place.table - 1]
    width = 0
    for row in table[place.first - 1 :]:
        if any(id(cell) in others for cell in row) or _is_line(row, missing):
            return
        width = width or len(row)
        if len(row) == width and width >= max(place.columns.values()):
            yield row
        elif any(cell.text.strip() for cell in row):
            what = say(
                "{place}: this row has other cells than the list's first row", place=row[0].place
            )
            places.faults.append(Fault(name, what))


def _is_line(row: tuple[PaperCell, ...], missing: Sequence[Slot]) -> bool:
    """Tell whether a row is one of labels and values whose names have been lost."""
    cells = [cell for cell in row if not cell.merged]
    labels = cells[::2]
    return len(cells) % 2 == 0 and all(
        any(_is_label(cell, slot.label) for slot in missing) for cell in labels
    )


def is_placeholder_of(which: FieldName, text: str) -> bool:
    """Tell whether a text is nothing but the placeholder of this very field."""
    found = PLACEHOLDER.fullmatch(text.strip())
    return found is not None and plain_name(found[1]) == plain_name(str(which))


def leftover_placeholders(paper: Paper, places: Places) -> Iterator[str]:
    """Yield the names of placeholders that nobody filled.

    Filling puts the field's name in its place, so that in a named cell braces are what somebody
    wrote, unless they are its own placeholder.
    """
    named = {id(cell): which for which, cell in _named_cells(places)}
    for cell in paper.cells:
        which = named.get(id(cell))
        if which is None or is_placeholder_of(which, cell.text):
            yield from (found[1] for found in PLACEHOLDER.finditer(cell.text))
    for paragraph in paper.body.iter(q("w:p")):
        if next(paragraph.iterancestors(q("w:tc")), None) is None:
            yield from (found[1] for found in PLACEHOLDER.finditer(text_in(paragraph)))


def _named_cells(places: Places) -> Iterator[tuple[FieldName, PaperCell]]:
    """Yield the cells of fields with a name in the file; of a list, those of all its rows."""
    for name, cell in places.cells.items():
        if FieldName(name) in places.named:
            yield FieldName(name), cell
    for rows, place in places.lists.items():
        for column, at in place.columns.items():
            if FieldName(column, rows) in places.named:
                yield from ((FieldName(column, rows), row[at - 1]) for row in place.rows)
