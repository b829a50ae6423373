"""Read a filled-in form (DOCX) back, however it was filled in and saved again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dingmi_mark.domain.approval import ApprovalRecord
from dingmi_mark.errors import FileNotReadable, FormFaulty, FormTooLarge, FormUnreadable
from dingmi_mark.formats.docx.names import q
from dingmi_mark.formats.office_file import FILLED_FORM, FORM, office_file
from dingmi_mark.forms.definition import Form, form_titles
from dingmi_mark.forms.fields import plain_name
from dingmi_mark.forms.filled import Filled, Misfilled, Spot, record_from
from dingmi_mark.forms.paper import (
    Paper,
    PaperCell,
    paper_of,
    text_in,
    unreadable_in,
    what_is_unclear,
)
from dingmi_mark.forms.places import Places, find_places, leftover_placeholders
from dingmi_mark.forms.table_writing import VERSION_WORDS
from dingmi_mark.messages import Fault, Message, say

_VERSION: Final = re.compile(rf"{VERSION_WORDS}\s*(\d+)")
_SHOWN: Final = 20
_ENOUGH: Final = 3
"""A file with fewer fields of a form is none."""


def read_filled(path: Path, form: Form) -> Filled:
    """Return what stands in a filled-in form, as text by the names of its fields.

    Raises FormUnreadable; FormFaulty with all that is unclear.
    """
    with office_file(path, FORM, FILLED_FORM) as package:
        paper = paper_of(package)
    places = find_places(paper, form)
    return _filled(path, paper, form, places)


def read_record_form(path: Path, form: Form) -> ApprovalRecord:
    """Read the approval record that a form holds. Raises FormUnreadable, FormFaulty."""
    with office_file(path, FORM, FILLED_FORM) as package:
        paper = paper_of(package)
    places = find_places(paper, form)
    filled = _filled(path, paper, form, places)
    try:
        return record_from(filled)
    except Misfilled as error:
        faults = tuple(
            Fault(spot_words(spot), _known(spot, what, places)) for spot, what in error.faults
        )
        raise FormFaulty(str(path), count=len(faults), faults=faults) from error


def is_form(path: Path, form: Form) -> bool:
    """Tell whether a Word file is this form, or may be it and cannot be read.

    One that is larger than any form is a draft.
    """
    try:
        with office_file(path, FORM, FILLED_FORM) as package:
            paper = paper_of(package)
            return not _other_title(paper, form) and find_places(paper, form).found >= _ENOUGH
    except FormTooLarge:
        return False
    except (FormUnreadable, FileNotReadable):
        return True


def spot_words(spot: Spot) -> str:
    """Name a cell as people find it on the form: `密点 第2行 原文`."""
    if not spot.rows:
        return spot.field
    return f"{spot.rows} 第{spot.row}行 {spot.field}".strip()


def _known(spot: Spot, what: Message, places: Places) -> Message:
    if spot.field and not spot.rows and spot.field not in places.cells:
        return say("the form has no cell for it: {what}", what=what)
    return what


def _filled(path: Path, paper: Paper, form: Form, places: Places) -> Filled:
    if other := _other_title(paper, form):
        what = say("this is “{other}”, not “{title}”", other=other, title=form.title)
        raise FormFaulty(str(path), count=1, faults=(Fault("", what),))
    if places.found < _ENOUGH:
        what = say("this is no “{title}”: its fields are not in it", title=form.title)
        raise FormFaulty(str(path), count=1, faults=(Fault("", what),))
    faults = [*what_is_unclear(paper), *_other_version(paper, form), *_two_titles(paper, form)]
    faults += places.faults
    if VERSION_WORDS in text_in(paper.body):
        faults += _strangers(paper, form, places)
    faults += (
        Fault(name, say("this placeholder was not filled: {{{{{name}}}}}", name=name))
        for name in leftover_placeholders(paper, places)
    )
    values = {}
    for name, cell in places.cells.items():
        if (trouble := unreadable_in(cell)) is not None:
            faults.append(Fault(name, trouble))
        values[name] = cell.text
    rows = {name: tuple(_entries(name, places, faults)) for name in places.lists}
    if faults:
        raise FormFaulty(str(path), count=len(faults), faults=tuple(faults))
    return Filled(values, rows)


def _entries(name: str, places: Places, faults: list[Fault]) -> Iterator[dict[str, str]]:
    place = places.lists[name]
    number = 0
    for row in place.rows:
        cells = {column: row[at - 1] for column, at in place.columns.items()}
        entry = {column: cell.text for column, cell in cells.items() if cell.text.strip()}
        if not entry:
            continue
        number += 1
        for column, cell in cells.items():
            where = spot_words(Spot(column, name, number))
            if cell.merged:
                faults.append(Fault(where, say("merged cells: split them, and fill in each")))
            if (trouble := unreadable_in(cell)) is not None:
                faults.append(Fault(where, trouble))
        yield entry


def _strangers(paper: Paper, form: Form, places: Places) -> Iterator[Fault]:
    """Yield what people wrote into our form where no field is: it must not get lost."""
    fields = {id(cell) for cell in places.cells.values()}
    fields |= {id(c) for place in places.lists.values() for row in place.rows for c in row}
    known = {slot.label for slot in form.slots} | {slot.label + slot.hint for slot in form.slots}
    known |= {column.name for listing in form.listings for column in listing.columns}
    known |= {section.title for section in form.sections}
    bare = {plain_name(text) for text in known}
    for cell in paper.cells:
        if id(cell) not in fields and plain_name(cell.text) not in bare and cell.text.strip():
            text = " ".join(cell.text.split())[:_SHOWN]
            what = say("“{text}” belongs to no field: is it in the wrong cell?", text=text)
            yield Fault(spot_of(cell), what)


def spot_of(cell: PaperCell) -> str:
    """Name a cell that is no field's."""
    return f"表{cell.table} 第{cell.row}行 第{cell.column}格"


def _other_version(paper: Paper, form: Form) -> Iterator[Fault]:
    for paragraph in paper.body.iter(q("w:p")):
        found = _VERSION.search(text_in(paragraph))
        if found is not None and int(found[1]) != form.version:
            what = say(
                "the form is of version {found}; this program reads version {known}",
                found=found[1],
                known=form.version,
            )
            yield Fault("", what)


def _other_title(paper: Paper, form: Form) -> str:
    """Return the title of another form that the file bears in place of this one's, else empty.

    Forms share fields (审批编号, 标题 …): which form it is, its fields alone do not tell.
    """
    told = {text_in(paragraph).strip() for paragraph in paper.body.iter(q("w:p"))}
    others = [title for title in form_titles() if title in told and title != form.title]
    return others[0] if others and form.title not in told else ""


def _two_titles(paper: Paper, form: Form) -> Iterator[Fault]:
    titles = [p for p in paper.body.iter(q("w:p")) if text_in(p).strip() == form.title]
    if len(titles) > 1:
        yield Fault("", say("there are two forms in this file: one file is one form"))
