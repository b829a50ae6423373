"""Draw a form as a Word file for A4 paper, blank or filled in.

Every value has a cell of its own with a bookmark of the field's name in it, which Word, WPS and
LibreOffice keep; that is how the form is read back (`forms.reading`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final

from dingmi_mark.errors import FormCannotHold
from dingmi_mark.formats.docx.names import NAMESPACES, Element, q
from dingmi_mark.formats.office_file import settled
from dingmi_mark.forms.definition import Form, Line, Lines, Listing, Section, Slot
from dingmi_mark.forms.fields import bookmark
from dingmi_mark.forms.filled import Filled
from dingmi_mark.forms.places import FieldName, is_placeholder_of
from dingmi_mark.forms.table_writing import VERSION_WORDS, cannot_hold
from dingmi_mark.forms.values import text_of
from dingmi_mark.messages import Fault, Message, say

_MARGIN_MM: Final = 20.0
_TOP_MM: Final = 17.0
_WIDTH_MM: Final = 170.0
_TITLE_MM: Final = 9.0
_LABEL_MM: Final = (27.0, 27.0, 21.0)
"""Widths of the labels where a line has one, two, or more fields."""
_ROW_MM: Final = 6.5
_TWIPS: Final = 1440 / 25.4
_LABEL_FONT, _VALUE_FONT, _MARK_FONT = "宋体", "仿宋", "黑体"
_LABEL_PT, _VALUE_PT, _HINT_PT, _SMALL_PT = 9.5, 10.5, 7.0, 8.5
_MARK_PT: Final = 22.0
_NARROW_PT: Final = 9.5
"""For lines of three fields: a whole date must stand in one line."""
_GREY: Final = "F2F2F2"


@dataclass(frozen=True)
class _Cell:
    """A cell to be drawn: where it ends (mm from the left), and what stands in it."""

    end_mm: float
    text: str = ""
    hint: str = ""
    bookmark: str = ""
    label: bool = False
    merge: str = ""
    size_pt: float = _VALUE_PT
    mark: bool = False


@dataclass(frozen=True)
class _Row:
    cells: tuple[_Cell, ...]
    height_mm: float = _ROW_MM


def form_bytes(form: Form, filled: Filled, *, whole: bool = False) -> bytes:
    """Return the form as `.docx`; an empty `filled` gives a blank one.

    `whole` also draws the parts that are usually left out while empty. Same values, same bytes.
    Raises FormCannotHold: a text that Word files cannot hold, or that is a field's placeholder.
    """
    from docx import Document

    refuse_unwritable(filled)
    document = Document()
    _page(document, form)
    body = document.element.body
    for paragraph in list(body.iter(q("w:p"))):
        if paragraph.getparent() is body:
            body.remove(paragraph)
    _paragraph(document, form.title, 18, "黑体", centred=True)
    rows = [row for section in form.sections for row in _rows(section, filled, whole)]
    rows = [replace(row, height_mm=max(row.height_mm, form.row_mm)) for row in rows]
    body.insert(len(body) - 1, _table(rows))
    version = f"本表由 dingmi-mark 制作，不是官方样式。{VERSION_WORDS} {form.version}"
    _paragraph(document, f"{form.foot}{form.basis_line}{version}", 7.5, _LABEL_FONT)
    stream = BytesIO()
    document.save(stream)
    return settled(stream.getvalue())


def refuse_unwritable(filled: Filled) -> None:
    """Raise FormCannotHold for values that Word files cannot hold or that no form gives back."""
    cells = [(name, FieldName(name), value) for name, value in filled.values.items()]
    for rows, entries in filled.rows.items():
        for number, entry in enumerate(entries, 1):
            cells += [
                (f"{rows}[{number}] {name}", FieldName(name, rows), value)
                for name, value in entry.items()
            ]
    found = ((where, _unwritable(which, text_of(value))) for where, which, value in cells)
    faults = tuple(Fault(where, what) for where, what in found if what is not None)
    if faults:
        raise FormCannotHold(count=len(faults), faults=faults)


def _unwritable(which: FieldName, text: str) -> Message | None:
    if is_placeholder_of(which, text):
        return say("it is the placeholder of the field itself: it would be taken for not filled")
    return cannot_hold(text)


def _page(document: Any, form: Form) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin, section.bottom_margin = Mm(_TOP_MM), Mm(15)
    section.header_distance, section.footer_distance = Mm(9), Mm(7)
    core = document.core_properties
    core.title, core.author, core.comments = form.title, "dingmi-mark", ""
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _styled(head.add_run(form.notice), 8.5, _LABEL_FONT, red=True)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, instruction in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        _styled(foot.add_run(text), 8.5, _LABEL_FONT)
        if instruction:
            foot._p.append(_field(instruction))


def _field(instruction: str) -> Element:
    from docx.oxml import parse_xml

    field: Element = parse_xml(
        f'<w:fldSimple xmlns:w="{NAMESPACES["w"]}" w:instr="{instruction}">'
        f'<w:r><w:rPr><w:rFonts w:ascii="{_LABEL_FONT}" w:hAnsi="{_LABEL_FONT}"/><w:sz w:val="17"/>'
        "</w:rPr><w:t>1</w:t></w:r></w:fldSimple>"
    )
    return field


def _paragraph(
    document: Any, text: str, size_pt: float, font: str, *, centred: bool = False
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(0 if centred else 3)
    paragraph.paragraph_format.space_after = Pt(6 if centred else 0)
    paragraph.paragraph_format.line_spacing = 1.0
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _styled(paragraph.add_run(text), size_pt, font)


def _styled(run: Any, size_pt: float, font: str, *, red: bool = False) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.name = Pt(size_pt), font
    run._r.rPr.rFonts.set(q("w:eastAsia"), font)
    if red:
        run.font.color.rgb = RGBColor(0xC0, 0, 0)


# ── which rows there are ─────────────────────────────────────────────────────────────────────


def _rows(section: Section, filled: Filled, whole: bool) -> Iterator[_Row]:
    rows = (
        list(_lines(section, filled, whole))
        if isinstance(section, Lines)
        else list(_listing(section, filled, whole))
    )
    for number, row in enumerate(rows):
        merge = "continue" if number else "restart"
        text = "" if number else section.title
        title = _Cell(_TITLE_MM, text, label=True, merge=merge, size_pt=_LABEL_PT)
        yield _Row((title, *row.cells), row.height_mm)


def _lines(section: Lines, filled: Filled, whole: bool) -> Iterator[_Row]:
    for line in section.lines:
        some = any(filled.values.get(slot.name) is not None for slot in line.slots)
        hidden = (line.when_filled or section.when_filled) and not some
        if whole or not hidden:
            yield _line(line, filled)


def _line(line: Line, filled: Filled) -> _Row:
    each = (_WIDTH_MM - _TITLE_MM) / len(line.slots)
    cells: list[_Cell] = []
    for number, slot in enumerate(line.slots):
        start = _TITLE_MM + number * each
        label = _LABEL_MM[min(len(line.slots), len(_LABEL_MM)) - 1]
        cells.append(_label(slot, start + label))
        narrow = len(line.slots) >= len(_LABEL_MM)
        size = _SMALL_PT if slot.small else _NARROW_PT if narrow else _VALUE_PT
        value = _Cell(start + each, text_of(filled.values.get(slot.name)), size_pt=size)
        value = replace(value, bookmark=bookmark(slot.name))
        cells.append(replace(value, mark=True, size_pt=_MARK_PT) if slot.mark else value)
    return _Row(tuple(cells), max(_ROW_MM, line.height_mm))


def _label(slot: Slot, end_mm: float) -> _Cell:
    return _Cell(end_mm, slot.label, slot.hint, label=True, size_pt=_LABEL_PT)


def _listing(section: Listing, filled: Filled, whole: bool) -> Iterator[_Row]:
    entries = filled.rows.get(section.rows, ())
    if section.when_filled and not entries and not whole:
        return
    columns = [
        column
        for column in section.columns
        if whole or not column.when_filled or any(column.name in entry for entry in entries)
    ]
    shares = sum(column.share for column in columns)
    ends: list[float] = []
    for column in columns:
        before = ends[-1] if ends else _TITLE_MM
        ends.append(before + (_WIDTH_MM - _TITLE_MM) * column.share / shares)
    size = _SMALL_PT if len(columns) > 5 else _VALUE_PT
    pairs = list(zip(columns, ends, strict=True))
    yield _Row(
        tuple(_Cell(end, c.name, label=True, size_pt=min(size, _LABEL_PT)) for c, end in pairs)
    )
    for number in range(max(len(entries), section.empty, 1)):
        entry = entries[number] if number < len(entries) else {}
        yield _Row(
            tuple(
                _Cell(
                    end,
                    text_of(entry.get(column.name)),
                    bookmark="" if number else bookmark(section.rows, column.name),
                    size_pt=size,
                )
                for column, end in pairs
            )
        )


# ── how they are written ─────────────────────────────────────────────────────────────────────


def _table(rows: Sequence[_Row]) -> Element:
    from docx.oxml import OxmlElement

    edges = sorted({_twips(cell.end_mm) for row in rows for cell in row.cells})
    table = OxmlElement("w:tbl")
    properties = _added(table, "w:tblPr")
    _added(properties, "w:tblW", w=_twips(_WIDTH_MM), type="dxa")
    _added(properties, "w:jc", val="center")
    borders = _added(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        thick = 8 if side in ("top", "left", "bottom", "right") else 4
        _added(borders, f"w:{side}", val="single", sz=thick, space=0, color="000000")
    _added(properties, "w:tblLayout", type="fixed")
    margins = _added(properties, "w:tblCellMar")
    for side, width in (("top", 15), ("left", 57), ("bottom", 15), ("right", 57)):
        _added(margins, f"w:{side}", w=width, type="dxa")
    grid = _added(table, "w:tblGrid")
    for start, end in zip([0, *edges], edges, strict=False):
        _added(grid, "w:gridCol", w=end - start)
    marks = 0
    for row in rows:
        element = _added(table, "w:tr")
        row_properties = _added(element, "w:trPr")
        _added(row_properties, "w:cantSplit")
        _added(row_properties, "w:trHeight", val=_twips(row.height_mm), hRule="atLeast")
        start = 0
        for cell in row.cells:
            marks += 1
            end = _twips(cell.end_mm)
            element.append(_cell(cell, end - start, _between(edges, start, end), marks))
            start = end
    return table


def _between(edges: Sequence[int], start: int, end: int) -> int:
    return sum(start < edge <= end for edge in edges)


def _cell(cell: _Cell, width: int, span: int, mark: int) -> Element:
    from docx.oxml import OxmlElement

    element = OxmlElement("w:tc")
    properties = _added(element, "w:tcPr")
    _added(properties, "w:tcW", w=width, type="dxa")
    if span > 1:
        _added(properties, "w:gridSpan", val=span)
    if cell.merge:
        _added(properties, "w:vMerge", val=cell.merge)
    if cell.label:
        _added(properties, "w:shd", val="clear", color="auto", fill=_GREY)
    _added(properties, "w:vAlign", val="center")
    paragraph = _own_paragraph(element, cell)
    if cell.bookmark:
        _added(paragraph, "w:bookmarkStart", id=mark, name=cell.bookmark)
    if cell.text:
        paragraph.append(text_run(cell.text, _font(cell), cell.size_pt))
    if cell.bookmark:
        _added(paragraph, "w:bookmarkEnd", id=mark)
    if cell.hint:
        hint = _own_paragraph(element, cell)
        hint.append(text_run(cell.hint, _LABEL_FONT, _HINT_PT, colour="7F7F7F"))
    return element


def _own_paragraph(element: Element, cell: _Cell) -> Element:
    paragraph = _added(element, "w:p")
    properties = _added(paragraph, "w:pPr")
    _added(properties, "w:spacing", before=0, after=0, line=240, lineRule="auto")
    _added(properties, "w:jc", val="center" if cell.label or cell.mark else "left")
    # What is typed into an empty cell looks like what the program writes.
    mark = _added(properties, "w:rPr")
    _fonts(mark, _font(cell), _MARK_PT if cell.mark else _VALUE_PT)
    return paragraph


def _font(cell: _Cell) -> str:
    """Return the face of a cell; a mark is set in 黑体 (GB/T 9704-2012 7.2.2)."""
    return _MARK_FONT if cell.mark else _LABEL_FONT if cell.label else _VALUE_FONT


def _fonts(properties: Element, font: str, size_pt: float, colour: str = "") -> None:
    _added(properties, "w:rFonts", ascii=font, hAnsi=font, eastAsia=font)
    if colour:
        _added(properties, "w:color", val=colour)
    _added(properties, "w:sz", val=round(size_pt * 2))
    _added(properties, "w:szCs", val=round(size_pt * 2))


def text_run(text: str, font: str = "", size_pt: float = 0, colour: str = "") -> Element:
    """Return a run with a text; line breaks and tabs become those of Word."""
    from docx.oxml import OxmlElement

    run: Element = OxmlElement("w:r")
    if font:
        _fonts(_added(run, "w:rPr"), font, size_pt, colour)
    for piece in re.split("([\n\t])", text):
        if piece == "\n":
            _added(run, "w:br")
        elif piece == "\t":
            _added(run, "w:tab")
        elif piece:
            element = _added(run, "w:t")
            element.text = piece
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return run


def _added(parent: Any, name: str, /, **attributes: object) -> Element:
    from docx.oxml import OxmlElement

    element: Element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(q(f"w:{key}"), str(value))
    parent.append(element)
    return element


def _twips(mm: float) -> int:
    return round(mm * _TWIPS)
