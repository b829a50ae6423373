"""Marks of others in cells: struck in the text of the cell, with our words behind it there.

So they go wherever the cell goes, when rows are sorted or put in before it. The cell keeps its
look; its text gets runs, as Excel gives it when somebody strikes a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from dingmi_mark.formats.base import Faces
from dingmi_mark.formats.docx.names import (
    REL_SHARED_STRINGS,
    REL_STYLES,
    Element,
    child,
    elements,
    new,
    q,
    text_element,
    whole,
)
from dingmi_mark.formats.sheets.header import BETWEEN
from dingmi_mark.formats.sheets.workbook import Workbook, is_on

_LINE_SIZES_PT: Final = (9, 8, 7)
"""Sizes of the lines with result, date and basis: as in other formats, or smaller where the page
has not the room (own choice); never larger than the mark.
"""
_SURE: Final = 0.9
"""So much of the room is there in other fonts too (own allowance)."""
_USUAL_PT: Final = 11
_FACE: Final = "heiti"
"""By this face texts are measured; they have that of the cell."""
_SIDES: Final = frozenset({"general", "left"})
_READING_AIDS: Final = frozenset((q("x:rPh"), q("x:phoneticPr")))
_XML_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True)
class StruckCell:
    """What cells say at a mark of others once it was changed: its own words, the marks behind it
    (all but the last struck too, none where it stays), the lines behind those.
    """

    mark: str
    added: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def row(self) -> str:
        """All of the cell, as it reads."""
        return BETWEEN.join((self.mark, *self.added, *self.lines))


class CellTexts:
    """The texts of a workbook's cells, wherever they are kept, and the fonts they are set in."""

    def __init__(self, book: Workbook) -> None:
        package = book.package
        part = package.related(book.part, REL_SHARED_STRINGS)
        shared = package.looked_at(part).iterchildren(q("x:si")) if part is not None else ()
        self._shared = list(shared)
        styles = package.related(book.part, REL_STYLES)
        self._styles = package.looked_at(styles) if styles is not None else None

    def can_strike(self, cell: Element, root: Element) -> bool:
        """Tell whether a cell holds just a text, in one look, on one line that begins at its left,
        and is of no table, whose columns are named by such cells.
        """
        holder, look, font = self._holder(cell), self._look(cell), self._font(cell)
        names_columns = child(root, "x:tableParts") is not None
        if holder is None or child(cell, "x:f") is not None or names_columns:
            return False
        if [one.tag for one in elements(holder) if one.tag not in _READING_AIDS] != [q("x:t")]:
            return False
        said, line = _said(holder), child(font, "x:strike")
        is_struck = line is not None and is_on(line, "val", "1")
        if said != said.strip() or "\n" in said or is_struck:
            return False
        place = child(look, "x:alignment")
        return place is None or (
            place.get("horizontal", "general") in _SIDES
            and not any(is_on(place, name) for name in ("wrapText", "shrinkToFit"))
            and place.get("textRotation", "0") == "0"
            and place.get("readingOrder", "0") != "2"
        )

    def strike(self, cell: Element, words: StruckCell, faces: Faces, room_mm: float) -> None:
        """Strike the text of a cell, which says the mark, and put behind it what is to be there, in
        a row that is no longer than the room (about, by the fonts here).
        """
        font = self._font(cell)
        last = len(words.added)
        size = whole(_given(font, "x:sz")) or _USUAL_PT
        marks = faces.advance_mm(BETWEEN.join((words.mark, *words.added)), _FACE, size)
        lines = "".join(BETWEEN + line for line in words.lines)
        line_pt = next(
            (
                small
                for small in _LINE_SIZES_PT
                if marks + faces.advance_mm(lines, _FACE, small) <= _SURE * room_mm
            ),
            _LINE_SIZES_PT[-1],
        )
        runs = [_run(words.mark, font, struck=bool(words.added))]
        for number, text in enumerate(words.added, 1):
            runs += [_run(BETWEEN, font), _run(text, font, struck=number < last)]
        runs += [_run(BETWEEN + line, font, at_most=line_pt) for line in words.lines]
        self._put(cell, new("x:is", children=runs))

    def struck_cells(self, root: Element, words: StruckCell) -> Iterator[tuple[Element, Element]]:
        """Yield the cells that say what they say struck, each with what holds its text."""
        for cell in root.iter(q("x:c")):
            holder = self._holder(cell)
            if holder is not None and len(holder) > 1 and _said(holder) == words.row:
                yield cell, holder

    def is_struck(self, holder: Element, words: StruckCell) -> bool:
        """Tell whether just what is to be struck is."""
        wanted = [bool(words.added)] * len(words.mark)
        for number, text in enumerate(words.added, 1):
            wanted += [False] * len(BETWEEN) + [number < len(words.added)] * len(text)
        wanted += [False] * (len(words.row) - len(wanted))
        return [struck for _, struck in _letters(holder)] == wanted

    def restore(self, cell: Element, words: StruckCell) -> None:
        """Have a cell say the mark alone, as it did before."""
        for number, entry in enumerate(self._shared):
            if [one.tag for one in entry] == [q("x:t")] and _said(entry) == words.mark:
                self._put(cell, text_element("x:v", str(number)), kind="s")
                return
        self._put(cell, new("x:is", children=[text_element("x:t", words.mark)]))

    def _put(self, cell: Element, content: Element, kind: str = "inlineStr") -> None:
        for one in list(cell):
            cell.remove(one)
        cell.set("t", kind)
        cell.append(content)

    def _holder(self, cell: Element) -> Element | None:
        """Return what holds a cell's text; None where that is none, or a program's own work."""
        if cell.get("t") == "inlineStr":
            return child(cell, "x:is")
        number = whole(cell.findtext(q("x:v"))) if cell.get("t") == "s" else None
        known = number is not None and 0 <= number < len(self._shared)
        return self._shared[number] if known and number is not None else None

    def _look(self, cell: Element) -> Element | None:
        return _nth(self._styles, "x:cellXfs", whole(cell.get("s")) or 0)

    def _font(self, cell: Element) -> Element | None:
        look = self._look(cell)
        number = whole(look.get("fontId")) if look is not None else 0
        return _nth(self._styles, "x:fonts", number or 0)


def _nth(styles: Element | None, name: str, number: int) -> Element | None:
    holder = child(styles, name)
    found = list(elements(holder)) if holder is not None else []
    return found[number] if 0 <= number < len(found) else None


def _given(font: Element | None, name: str) -> str | None:
    found = child(font, name)
    return None if found is None else found.get("val")


def _run(
    text: str, font: Element | None, *, struck: bool = False, at_most: int | None = None
) -> Element:
    """Return a run in the font of its cell; programs give one that names none their usual font."""
    look: list[Element] = [new("x:strike")] if struck else []
    for one in elements(font) if font is not None else ():
        name = str(one.tag).rpartition("}")[2]
        if name == "name":
            look.append(new("x:rFont", {"val": one.get("val", "")}))
        elif name == "sz" and at_most is not None:
            size = min(at_most, whole(one.get("val")) or at_most)
            look.append(new("x:sz", {"val": str(size)}))
        elif name != "strike":
            look.append(deepcopy(one))
    said = text_element("x:t", text)
    said.set(_XML_SPACE, "preserve")
    return new("x:r", children=[*([new("x:rPr", children=look)] if look else ()), said])


def _said(holder: Element) -> str:
    return "".join(letter for letter, _ in _letters(holder))


def _letters(holder: Element) -> Iterator[tuple[str, bool]]:
    """Yield the letters of a text, and whether a line goes through each."""
    for one in holder.iterchildren(q("x:t"), q("x:r")):
        line = child(child(one, "x:rPr"), "x:strike")
        struck = line is not None and is_on(line, "val", "1")
        for letter in (one.text if one.tag == q("x:t") else one.findtext(q("x:t"))) or "":
            yield letter, struck
