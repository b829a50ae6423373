"""What the headers say: that of the first page, and those that pages behind it show."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.formats.docx.names import q
from dingmi_mark.formats.docx.obstacles import document_body, main_part
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.sections import FIRST, read_layout
from dingmi_mark.formats.docx.text import visible_text


def later_headers(package: Package) -> tuple[tuple[str, ...], ...]:
    """Return the lines of every header that another page than the first shows, each header once.

    One that is not there has no lines. Raises the obstacles of `main_part`.
    """
    document = main_part(package)
    layout = read_layout(package, document, document_body(package.tree(document), package))
    edges = {edge.id: edge for edge in package.relationships(document) if not edge.external}
    shown = {
        layout.shown(index, "w:headerReference", kind)
        for index in range(len(layout.sections))
        for kind in layout.kinds(index)
        if index or kind != FIRST
    }
    found: list[tuple[str, ...]] = []
    for relationship in sorted(shown, key=str):
        edge = edges.get(relationship) if relationship else None
        part = package.find(edge.target) if edge else None
        found.append(tuple(_lines(package, part)) if part else ())
    return tuple(found)


def first_header(package: Package) -> tuple[str, ...]:
    """Return the lines of the header that the first page shows. Raises as `later_headers`."""
    document = main_part(package)
    layout = read_layout(package, document, document_body(package.tree(document), package))
    kind = FIRST if layout.sections[0].title_page else layout.kind_of_page_one
    shown = layout.shown(0, "w:headerReference", kind)
    for edge in package.relationships(document):
        part = package.find(edge.target) if edge.id == shown and not edge.external else None
        if part is not None:
            return tuple(_lines(package, part))
    return ()


def _lines(package: Package, part: str) -> Iterator[str]:
    for paragraph in package.tree(part).iter(q("w:p")):
        yield from visible_text(paragraph).split("\n")
