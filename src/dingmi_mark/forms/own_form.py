"""A unit's own form: any Word file with named cells, filled with the values of a record.

The names stand as bookmarks, as tags of content controls, or as `{{审批编号}}`; those of lists
(`{{定密依据.条款、目录项}}`) in the list's first row. The filled form has bookmarks in their
place, and is read like our own.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from dingmi_mark.errors import FormFaulty
from dingmi_mark.formats.docx.names import REL_DOCUMENT, Element, q
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.xml import serialise
from dingmi_mark.formats.docx.zipcopy import rewrite
from dingmi_mark.formats.office_file import FILLED_FORM, FORM, office_file
from dingmi_mark.formats.xlsx import Value
from dingmi_mark.forms.controls import take_controls_off
from dingmi_mark.forms.definition import Form
from dingmi_mark.forms.drawing import refuse_unwritable, text_run
from dingmi_mark.forms.fields import bookmark, plain_name
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.paper import Paper, PaperCell, paper_of, what_is_unclear
from dingmi_mark.forms.places import (
    PLACEHOLDER,
    FieldName,
    ListPlace,
    Places,
    find_places,
    named_elements,
    names_of,
    unknown_field,
)
from dingmi_mark.forms.values import text_of
from dingmi_mark.messages import Fault, say

_FIRST_ID: Final = 9_000
"""Above the numbers that word processors give to their own bookmarks of a form."""


@dataclass(frozen=True)
class FilledForm:
    """A filled form of the unit, and the names of values for which it has no cell."""

    content: bytes
    left_out: tuple[str, ...]


def own_form(folder: Path, form: Form) -> Path | None:
    """Return the unit's own file for a form, None where it has none: by its name or its title."""
    for name in (form.name, form.title):
        file = folder / f"{name}{FORM}"
        if file.is_file():
            return file
    return None


def fill_own(file: Path, form: Form, filled: Filled) -> FilledForm:
    """Fill the unit's form.

    Raises FormUnreadable; FormFaulty with all that is wrong with the form: unknown names, a
    required field that is missing, a name that shares its cell; FormCannotHold.
    """
    refuse_unwritable(filled)
    with office_file(file, FORM, FILLED_FORM) as package:
        paper = paper_of(package)
        faults = [*what_is_unclear(paper), *_named_by_placeholders(paper, form)]
        _named_by_controls(paper, form)
        places = find_places(paper, form)
        faults += [*places.faults, *_missing(places, form), *_not_empty(paper, places)]
        if faults:
            raise FormFaulty(str(file), count=len(faults), faults=tuple(faults))
        _fill(places, filled)
        content = _rewritten(package, paper)
    return FilledForm(content, tuple(_without_cell(places, filled)))


def _named_by_placeholders(paper: Paper, form: Form) -> Iterator[Fault]:
    """Put a bookmark in the place of each placeholder; yield what is wrong with them."""
    known = names_of(form)
    number = _FIRST_ID
    for cell in paper.cells:
        found = PLACEHOLDER.search(cell.text)
        if found is None:
            continue
        which = known.get(plain_name(found[1]))
        if which is None:
            yield Fault(found[0], unknown_field(found[1], form))
        elif cell.text.strip() != found[0]:
            yield Fault(found[0], say("it shares its cell with other text; give it its own cell"))
        else:
            number += 1
            _name(cell, which, number)
    for paragraph in paper.body.iter(q("w:p")):
        text = "".join(one.text or "" for one in paragraph.iter(q("w:t")))
        inside = next(paragraph.iterancestors(q("w:tc")), None) is not None
        if not inside and (found := PLACEHOLDER.search(text)) is not None:
            yield Fault(found[0], say("this field stands in no cell of a table: give it one"))


def _named_by_controls(paper: Paper, form: Form) -> None:
    """Put a bookmark in the place of each empty content control of a field."""
    known = names_of(form)
    for number, (name, element) in enumerate(list(named_elements(paper)), _FIRST_ID * 2):
        which, cell = known.get(plain_name(name)), paper.cell_around(element)
        if element.tag == q("w:sdt") and which and cell and not cell.text.strip():
            take_controls_off(cell.element)
            _name(cell, which, number)


def _name(cell: PaperCell, which: FieldName, number: int) -> None:
    paragraph = _emptied(cell)
    name = bookmark(which.rows, which.name) if which.rows else bookmark(which.name)
    for tag, more in (("w:bookmarkStart", {q("w:name"): name}), ("w:bookmarkEnd", {})):
        paragraph.append(_made(paragraph, tag, {q("w:id"): str(number), **more}))


def _made(near: Element, tag: str, attributes: Mapping[str, str]) -> Element:
    return near.makeelement(q(tag), dict(attributes))


def _missing(places: Places, form: Form) -> Iterator[Fault]:
    listed = {f"{rows}.{name}" for rows, place in places.lists.items() for name in place.columns}
    for name in form.required:
        if name not in places.cells.keys() | listed:
            yield Fault(name, say("the form has no cell for this field"))


def _not_empty(paper: Paper, places: Places) -> Iterator[Fault]:
    """Yield cells of fields that say something already: it would be taken for the value."""
    named = {
        id(cell) for _, element in named_elements(paper) if (cell := paper.cell_around(element))
    }
    for name, cell in places.cells.items():
        if id(cell) in named and cell.text.strip() and not PLACEHOLDER.search(cell.text):
            yield Fault(name, say("its cell is not empty; leave it blank in the unit's own form"))


def _fill(places: Places, filled: Filled) -> None:
    for name, cell in places.cells.items():
        _write(cell.element, filled.values.get(name))
    for name, place in places.lists.items():
        _fill_list(place, filled.rows.get(name, ()))


def _fill_list(place: ListPlace, entries: Sequence[Mapping[str, Value]]) -> None:
    if not place.rows:
        return
    rows = [_row_element(row) for row in place.rows]
    pattern = copy.deepcopy(rows[-1])
    for mark in list(pattern.iter(q("w:bookmarkStart"), q("w:bookmarkEnd"))):
        owner = mark.getparent()
        assert owner is not None
        owner.remove(mark)
    others = [at for at in range(len(place.rows[-1])) if at + 1 not in place.columns.values()]
    while len(rows) < len(entries):
        more = _next_row(rows[-1], pattern, others)
        rows[-1].addnext(more)
        rows.append(more)
    for row, entry in zip(rows, entries, strict=False):
        cells = list(row.iter(q("w:tc")))
        for column, at in place.columns.items():
            _write(cells[at - 1], entry.get(column))


def _next_row(last: Element, pattern: Element, others: Sequence[int]) -> Element:
    """Return one more row of a list; a number in a cell of no field (序号) counts on."""
    more = copy.deepcopy(pattern)
    before, cells = list(last.iter(q("w:tc"))), list(more.iter(q("w:tc")))
    for at in others:
        told = "".join(one.text or "" for one in before[at].iter(q("w:t"))).strip()
        texts = list(cells[at].iter(q("w:t")))
        if told.isdecimal():
            texts[0].text = str(int(told) + 1)
            for rest in texts[1:]:
                rest.text = ""
    return more


def _row_element(row: Sequence[PaperCell]) -> Element:
    return next(row[0].element.iterancestors(q("w:tr")))


def _write(cell: Element, value: Value) -> None:
    """Put a value into a cell, in the type that the cell's first run or paragraph has."""
    if value is None:
        return
    paragraph = next(cell.iter(q("w:p")))
    style = next(cell.iter(q("w:rPr")), None)
    run = text_run(text_of(value))
    if style is not None:
        run.insert(0, copy.deepcopy(style))
    end = paragraph.find(q("w:bookmarkEnd"))
    if end is not None:
        end.addprevious(run)
    else:
        paragraph.append(run)


def _emptied(cell: PaperCell) -> Element:
    """Take all runs out of a cell, keeping the type of the first; return its first paragraph."""
    first, *others = cell.element.iter(q("w:p"))
    style = next(cell.element.iter(q("w:rPr")), None)
    for paragraph in others:
        owner = paragraph.getparent()
        assert owner is not None
        owner.remove(paragraph)
    for child in list(first):
        if child.tag != q("w:pPr"):
            first.remove(child)
    if style is not None and first.find(f"{q('w:pPr')}/{q('w:rPr')}") is None:
        properties = first.find(q("w:pPr"))
        if properties is None:
            properties = _made(first, "w:pPr", {})
            first.insert(0, properties)
        properties.append(copy.deepcopy(style))
    # What was read of the cell before no longer holds.
    vars(cell).pop("text", None)
    vars(cell).pop("first_line", None)
    return first


def _without_cell(places: Places, filled: Filled) -> Iterator[str]:
    for name, value in filled.values.items():
        if name not in places.cells and value is not None:
            yield name
    for name, entries in filled.rows.items():
        columns = places.lists[name].columns if name in places.lists else {}
        for column in dict.fromkeys(key for entry in entries for key in entry):
            if column not in columns:
                yield f"{name}.{column}"


def _rewritten(package: Package, paper: Paper) -> bytes:
    part = next(e.target for e in package.relationships() if e.type == REL_DOCUMENT)
    name = package.find(part) or part
    root = paper.body.getparent()
    assert root is not None
    target = BytesIO()
    rewrite(
        package.source,
        package.members,
        package.archive.comment,
        {name: serialise(root)},
        name,
        target,
    )
    return target.getvalue()
