"""The words of slides: paragraph by paragraph, without what a program fills in anew."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.formats.docx.names import Element, elements, q

_BOUNDARIES = {
    q("p:sp"): "shape",
    q("p:graphicFrame"): "frame",
    q("a:tbl"): "table",
    q("a:tr"): "row",
    q("a:tc"): "cell",
}
_FIELD = "\x1a"
"""Stands for the number of the slide or the day, which programs write anew."""


def paragraph_text(paragraph: Element) -> str:
    """Return the words of a paragraph (`a:p`)."""
    found: list[str] = []
    for element in elements(paragraph):
        if element.tag == q("a:r"):
            found += (each.text or "" for each in element.iterchildren(q("a:t")))
        elif element.tag == q("a:br"):
            found.append("\n")
        elif element.tag == q("a:fld"):
            found.append(_FIELD)
    return "".join(found)


def text_lines(node: Element) -> Iterator[str]:
    """Yield the paragraphs that are not empty; what is given in two forms counts once."""
    return (line for line in lines(node) if not line.startswith("\x1e"))


def lines(node: Element) -> Iterator[str]:
    """Yield the paragraphs that are not empty, and where shapes, tables, rows, cells begin."""
    for element in elements(node):
        if element.tag == q("mc:Fallback"):
            continue
        if element.tag == q("a:p"):
            line = " ".join(paragraph_text(element).split())
            if line:
                yield line
            continue
        if element.tag in _BOUNDARIES:
            yield f"\x1e{_BOUNDARIES[str(element.tag)]}"
        yield from lines(element)
