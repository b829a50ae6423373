"""Sections of a document: page sizes, and which header or footer each page kind shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dingmi_mark.engine.shapes import PageSize
from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    REL_SETTINGS,
    Element,
    child,
    q,
    switched_on,
    twips,
    value,
    whole,
)
from dingmi_mark.formats.docx.package import Package

MM_PER_TWIP = 25.4 / 1440
_LETTER = (12240, 15840)

FIRST, EVEN, DEFAULT = "first", "even", "default"


@dataclass(frozen=True)
class Section:
    """One `w:sectPr`; a kind it does not name is taken over from the section before."""

    element: Element

    def reference(self, tag: str, kind: str) -> Element | None:
        """Return its own `w:headerReference` or `w:footerReference` of that kind."""
        for reference in self.element.findall(q(tag)):
            if (value(reference, "w:type") or DEFAULT) == kind:
                return reference
        return None

    @property
    def title_page(self) -> bool:
        """True where the section's first page has a header and footer of its own."""
        return switched_on(child(self.element, "w:titlePg"))

    @property
    def first_page_number(self) -> int:
        number = whole(value(child(self.element, "w:pgNumType"), "w:start"))
        return 1 if number is None else number

    @property
    def page_size(self) -> PageSize:
        """The page in mm; Word's own default where the file gives none."""
        size = child(self.element, "w:pgSz")
        width = twips(value(size, "w:w")) or _LETTER[0]
        height = twips(value(size, "w:h")) or _LETTER[1]
        return PageSize(width * MM_PER_TWIP, height * MM_PER_TWIP)


@dataclass(frozen=True)
class Layout:
    """All sections of a document in their order."""

    sections: tuple[Section, ...]
    even_and_odd: bool

    def shown(self, index: int, tag: str, kind: str) -> str | None:
        """Return the relationship id of what a section shows, its own or taken over."""
        for section in reversed(self.sections[: index + 1]):
            reference = section.reference(tag, kind)
            if reference is not None:
                return value(reference, "r:id")
        return None

    def kinds(self, index: int) -> tuple[str, ...]:
        """Return the page kinds that are in use in a section."""
        used = [DEFAULT]
        if self.even_and_odd:
            used.append(EVEN)
        if self.sections[index].title_page:
            used.append(FIRST)
        return tuple(used)

    @property
    def kind_of_page_one(self) -> str:
        """Return which header the very first page shows."""
        first = self.sections[0]
        if first.title_page:
            return FIRST
        return EVEN if self.even_and_odd and first.first_page_number % 2 == 0 else DEFAULT

    def all_shown(self, tag: str) -> Iterator[str]:
        """Yield the relationship ids of all headers (or footers) that any page shows."""
        for index in range(len(self.sections)):
            for kind in self.kinds(index):
                shown = self.shown(index, tag, kind)
                if shown is not None:
                    yield shown


def read_layout(package: Package, part: str, body: Element) -> Layout:
    """Read the sections of a body; one without any `w:sectPr` counts as one empty section."""
    found = [
        Section(element)
        for element in body.iter(q("w:sectPr"))
        if (parent := element.getparent()) is not None and parent.tag != q("w:sectPrChange")
    ]
    if not found:
        found = [Section(body.makeelement(q("w:sectPr")))]
    settings = package.related(part, REL_SETTINGS)
    even_and_odd = settings is not None and switched_on(
        package.looked_at(settings).find("w:evenAndOddHeaders", NAMESPACES)
    )
    return Layout(tuple(found), even_and_odd)
