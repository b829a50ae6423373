"""Marks on every page but the first: through the headers of all sections.

The first page keeps what it showed: where its section had no header of its own for it, the one it
showed is copied (and the footer too, because one switch, `w:titlePg`, governs both).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from dingmi_mark.formats.docx.anchoring import unseen_paragraph
from dingmi_mark.formats.docx.editor import Editor
from dingmi_mark.formats.docx.names import (
    REL_FOOTER,
    REL_HEADER,
    TYPE_FOOTER,
    TYPE_HEADER,
    Element,
    child,
    new,
    q,
    twips,
    value,
)
from dingmi_mark.formats.docx.sections import FIRST, Layout, Section

_AFTER_TITLE_PAGE = tuple(
    q(f"w:{name}")
    for name in ("textDirection", "bidi", "rtlGutter", "docGrid", "printerSettings", "sectPrChange")
)
_UNIQUE_IN_WORD = (q("w14:paraId"), q("w14:textId"))
_BOOKMARKS = (q("w:bookmarkStart"), q("w:bookmarkEnd"))


@dataclass(frozen=True)
class _Running:
    """Headers or footers: how they are referred to, related, declared and named."""

    reference: str
    relationship: str
    content_type: str
    root: str
    file: str


_HEADER = _Running("w:headerReference", REL_HEADER, TYPE_HEADER, "w:hdr", "header{}.xml")
_FOOTER = _Running("w:footerReference", REL_FOOTER, TYPE_FOOTER, "w:ftr", "footer{}.xml")


@dataclass
class HeaderWork:
    """One pass over the sections; `paint` puts the marks into a header part."""

    editor: Editor
    layout: Layout
    paint: Callable[[str], None]
    painted: set[str] = field(default_factory=set)
    copies: dict[str, str] = field(default_factory=dict)

    def mark_other_pages(self) -> None:
        """Put the marks into every header that another page than the first shows."""
        before = [self._shown_before(index) for index in range(len(self.layout.sections))]
        reserved = self._reserve_first_page()
        made: set[str] = set()
        for index, shown in enumerate(before):
            for kind, relationship in shown.items():
                part = self._part(relationship)
                if part is not None and part != reserved:
                    self._paint_once(part)
                elif part is not None:
                    self._show_copy(self.layout.sections[index], kind, part)
                else:
                    if kind not in made:
                        made.add(kind)
                        self._show_blank(self.layout.sections[index], kind)
                    _keep_body_in_place(self.layout.sections[index].element)

    def _shown_before(self, index: int) -> dict[str, str | None]:
        """Return what a section shows on the page kinds to be marked: not on page one."""
        return {
            kind: self.layout.shown(index, _HEADER.reference, kind)
            for kind in self.layout.kinds(index)
            if index or kind != FIRST
        }

    def _reserve_first_page(self) -> str | None:
        """Give page one a header and footer of its own; return the header that must stay bare."""
        section = self.layout.sections[0]
        if section.title_page:
            return self._part(self.layout.shown(0, _HEADER.reference, FIRST))
        for running in (_HEADER, _FOOTER):
            kind = self.layout.kind_of_page_one
            part = self._part(self.layout.shown(0, running.reference, kind))
            self._hand_down(section.reference(running.reference, FIRST), running)
            if part is not None:
                self._refer(section, running, FIRST, self._copied(part, running))
        _switch_on_title_page(section.element)
        return None

    def _hand_down(self, unused: Element | None, running: _Running) -> None:
        """Keep what later title pages took over from the first section, which now has its own."""
        later = self.layout.sections[1:]
        inherits = bool(later) and later[0].reference(running.reference, FIRST) is None
        if unused is not None:
            self.layout.sections[0].element.remove(unused)
            if inherits:
                later[0].element.insert(0, unused)
        elif inherits and running is _FOOTER and any(section.title_page for section in later):
            blank = self._add(new(running.root, children=[unseen_paragraph()]), running)
            self._refer(later[0], running, FIRST, blank)

    def _show_copy(self, section: Section, kind: str, part: str) -> None:
        """Show a marked copy of a header that page one shows unmarked."""
        if part not in self.copies:
            self.copies[part] = self._copied(part, _HEADER)
        copy = self.copies[part]
        _drop_reference(section, _HEADER, kind)
        self._refer(section, _HEADER, kind, copy)
        self._paint_once(copy)

    def _show_blank(self, section: Section, kind: str) -> None:
        """Show a new header of no height where a section had none."""
        root = new(_HEADER.root, children=[unseen_paragraph()])
        part = self._add(root, _HEADER)
        _drop_reference(section, _HEADER, kind)
        self._refer(section, _HEADER, kind, part)
        self._paint_once(part)

    def _paint_once(self, part: str) -> None:
        if part not in self.painted:
            self.painted.add(part)
            self.paint(part)

    def _part(self, relationship: str | None) -> str | None:
        edge = self.editor.edge(self.editor.document, relationship) if relationship else None
        return None if edge is None or edge.external else self.editor.package.find(edge.target)

    def _copied(self, part: str, running: _Running) -> str:
        root = self.editor.package.tree(part)
        _drop_what_must_be_unique(root)
        copy = self._add(root, running)
        self.editor.copy_relationships(part, copy)
        return copy

    def _add(self, root: Element, running: _Running) -> str:
        folder = posixpath.dirname(self.editor.document)
        part = self.editor.free_name(posixpath.join(folder, running.file))
        self.editor.add_tree(part, root, running.content_type)
        return part

    def _refer(self, section: Section, running: _Running, kind: str, part: str) -> None:
        id_ = self.editor.relate(self.editor.document, running.relationship, part)
        section.element.insert(0, new(running.reference, {"w:type": kind, "r:id": id_}))


def _drop_reference(section: Section, running: _Running, kind: str) -> None:
    reference = section.reference(running.reference, kind)
    if reference is not None:
        section.element.remove(reference)


def _switch_on_title_page(section: Element) -> None:
    switch = child(section, "w:titlePg")
    if switch is not None:
        section.remove(switch)
    later = (element for element in section if element.tag in _AFTER_TITLE_PAGE)
    following = next(later, None)
    if following is None:
        section.append(new("w:titlePg"))
    else:
        following.addprevious(new("w:titlePg"))


def _keep_body_in_place(section: Element) -> None:
    """Move a header that begins below the top margin: it would push the body down."""
    margins = child(section, "w:pgMar")
    top = twips(value(margins, "w:top"))
    distance = twips(value(margins, "w:header"))
    if margins is not None and top is not None and distance is not None and distance >= abs(top):
        margins.set(q("w:header"), "0")


def _drop_what_must_be_unique(root: Element) -> None:
    for element in list(root.iter(etree.Element)):
        for name in _UNIQUE_IN_WORD:
            element.attrib.pop(name, "")
        parent = element.getparent()
        if element.tag in _BOOKMARKS and parent is not None:
            parent.remove(element)
