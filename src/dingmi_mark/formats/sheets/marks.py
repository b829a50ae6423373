"""Know our own marks in a workbook again: words by the label, shapes by their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from dingmi_mark.domain.label import LabelUnreadable, ShownMark, marks_of, read_label
from dingmi_mark.formats.base import FIRST_PAGE, OF_CELLS, OF_OTHERS, is_of_others, stands_in_head
from dingmi_mark.formats.docx.names import Element, child, elements, new, q
from dingmi_mark.formats.pptx.marks import is_intact, our_shapes, shape_of
from dingmi_mark.formats.sheets.header import BETWEEN, shows_anything, text_of, without_words
from dingmi_mark.formats.sheets.struck import StruckHead, is_struck, without_struck
from dingmi_mark.formats.sheets.struck_cells import CellTexts, StruckCell
from dingmi_mark.formats.sheets.workbook import is_on, put_in

HeadWords: TypeAlias = str | StruckHead | StruckCell
"""What a workbook says of ours: words at the top left of headers, or what stands at a mark of
others in a header, or in cells.
"""

OURS_OFF: Final = "false"
"""How we write that a header keeps its own size; Excel writes `0`, so ours is known again."""
SHAPE_PROPERTIES: Final = "xdr:cNvPr"
_KINDS: Final = (("odd", ""), ("even", "differentOddEven"), ("first", "differentFirst"))
_ORDER: Final = tuple(f"{kind}{what}" for kind, _ in _KINDS for what in ("Header", "Footer"))


def headers_in_use(root: Element) -> tuple[str, ...]:
    """Return which headers a sheet prints: `oddHeader` always, the others where they differ."""
    found = child(root, "x:headerFooter")
    return tuple(
        f"{kind}Header"
        for kind, switch in _KINDS
        if not switch or (found is not None and is_on(found, switch))
    )


def header_text(root: Element, name: str) -> str:
    """Return a header of a sheet as it is written, empty where it has none."""
    found = child(child(root, "x:headerFooter"), f"x:{name}")
    return (found.text or "") if found is not None else ""


def set_header(root: Element, name: str, text: str) -> None:
    """Write a header of a sheet, in the order of the format."""
    holder = child(root, "x:headerFooter")
    if holder is None:
        holder = new("x:headerFooter")
        put_in(root, holder)
    entry = child(holder, f"x:{name}")
    if entry is None:
        entry = new(f"x:{name}")
        later = _before_in_order(holder, name)
        if later is not None:
            later.addprevious(entry)
        else:
            holder.append(entry)
    entry.text = text


def _before_in_order(holder: Element, name: str) -> Element | None:
    """Return the header or footer before which another one belongs."""
    later = {q(f"x:{each}") for each in _ORDER[_ORDER.index(name) + 1 :]}
    return next((each for each in holder if each.tag in later), None)


def head_words(records: tuple[bytes, ...]) -> HeadWords:
    """Return what our headers say by the labels that a file bears; empty without any."""
    for record in records:
        try:
            label = read_label(record)
        except LabelUnreadable:
            continue
        others = [one for one in marks_of(label) if is_of_others(one.slot)]
        if others:
            return _struck_words(others)
        first = [one for one in marks_of(label) if one.page == FIRST_PAGE and not one.adopted]
        shown = [one for one in first if stands_in_head(one.slot) and one.text]
        row = sorted(shown, key=lambda one: one.x_mm)
        return BETWEEN.join(line for one in row for line in one.text.split("\n"))
    return ""


def _struck_words(marks: list[ShownMark]) -> StruckHead | StruckCell:
    """Return what headers or cells say at a mark of others by the label: `legacy:1` is that mark,
    `legacy:1:2` what the second change put behind it, `legacy:1:basis:2` the line below.
    """
    by_slot = {one.slot: one.text for one in marks}
    in_cells = OF_CELLS in by_slot
    first, kind = (OF_CELLS, StruckCell) if in_cells else (f"{OF_OTHERS}:1", StruckHead)
    added = (by_slot.get(f"{first}:{number}", "") for number in range(1, len(marks) + 1))
    lines = (by_slot.get(f"{first}:basis:{number}", "") for number in range(1, len(marks) + 1))
    mark = by_slot.get(first, "")
    return kind(mark, tuple(filter(None, added)), tuple(filter(None, lines)))


def bears_words(root: Element, words: HeadWords) -> bool:
    """Tell whether every header that a sheet prints begins with our words, or has the mark of
    others struck where it shows it.
    """
    headers = [header_text(root, name) for name in headers_in_use(root)]
    if isinstance(words, StruckCell):
        return True
    if isinstance(words, StruckHead):
        return all(is_struck(one, words) or words.mark not in text_of(one) for one in headers)
    return all(without_words(one, words) is not None for one in headers)


def shows_struck(root: Element, words: StruckHead) -> bool:
    """Tell whether headers of a sheet have the mark of others struck."""
    return any(is_struck(header_text(root, name), words) for name in headers_in_use(root))


def _bare(header: str, words: HeadWords) -> str | None:
    """Return a header without what is ours; None where that is not in it."""
    if isinstance(words, StruckCell):
        return None
    if isinstance(words, StruckHead):
        return without_struck(header, words)
    return without_words(header, words)


def shows_others(root: Element, words: HeadWords) -> bool:
    """Tell whether headers of a sheet show anything beside `words`, which are ours."""
    holder = child(root, "x:headerFooter")
    for entry in elements(holder) if holder is not None else ():
        bare = _bare(entry.text or "", words)
        is_header = str(entry.tag).endswith("Header")
        if is_header and shows_anything((entry.text or "") if bare is None else bare):
            return True
    return False


def footers_of(root: Element) -> tuple[str, ...]:
    """Return the footers of a sheet that show something."""
    holder = child(root, "x:headerFooter")
    entries = elements(holder) if holder is not None else ()
    texts = (one.text or "" for one in entries if str(one.tag).endswith("Footer"))
    return tuple(text for text in texts if shows_anything(text))


def take_out_words(root: Element, words: HeadWords) -> list[str]:
    """Take our words out of the headers of a sheet; return these as they were."""
    taken: list[str] = []
    holder = child(root, "x:headerFooter")
    for kind, _ in _KINDS if holder is not None else ():
        entry = child(holder, f"x:{kind}Header")
        bare = _bare(entry.text or "", words) if entry is not None else None
        if entry is None or bare is None or holder is None:
            continue
        taken.append(entry.text or "")
        if bare:
            entry.text = bare
        else:
            holder.remove(entry)
    is_ours = holder is not None and holder.get("scaleWithDoc") == OURS_OFF
    if taken and holder is not None and is_ours and not shows_others(root, ""):
        del holder.attrib["scaleWithDoc"]
    if taken and holder is not None and not len(holder) and not holder.attrib:
        above = holder.getparent()
        if above is not None:
            above.remove(holder)
    return taken


def take_out_cells(root: Element, words: HeadWords, texts: CellTexts) -> list[Element]:
    """Have cells that bear a struck mark of others say that mark alone; return their texts as they
    were.
    """
    if not isinstance(words, StruckCell):
        return []
    found = list(texts.struck_cells(root, words))
    for cell, _ in found:
        texts.restore(cell, words)
    return [holder for _, holder in found]


def shows_struck_cell(root: Element, words: StruckCell, texts: CellTexts) -> bool:
    """Tell whether a sheet has the mark of others struck in some cell, and nowhere by halves."""
    found = [holder for _, holder in texts.struck_cells(root, words)]
    return bool(found) and all(texts.is_struck(holder, words) for holder in found)


def take_out_shapes(drawing: Element) -> list[Element]:
    """Remove our shapes with unaltered text from a drawing, with what anchors them."""
    taken: list[Element] = []
    for properties in list(our_shapes(drawing, SHAPE_PROPERTIES)):
        shape = shape_of(properties)
        anchor = _anchor_of(shape, drawing) if shape is not None else None
        if shape is not None and anchor is not None and is_intact(shape, properties):
            drawing.remove(anchor)
            taken.append(anchor)
    return taken


def our_ids(drawing: Element) -> Iterator[str]:
    """Yield the ids of markings that our shapes of a drawing bear."""
    for properties in our_shapes(drawing, SHAPE_PROPERTIES):
        yield properties.get("name", "").rsplit(":", 2)[1]


def _anchor_of(shape: Element, drawing: Element) -> Element | None:
    node: Element | None = shape
    while node is not None and node.getparent() is not drawing:
        node = node.getparent()
    return node
