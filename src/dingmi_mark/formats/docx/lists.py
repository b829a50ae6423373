"""The numbers that Word writes before paragraphs of lists: they are read, but are no text."""

from __future__ import annotations

from dataclasses import dataclass, field

from dingmi_mark.formats.docx.names import (
    REL_NUMBERING,
    Element,
    child,
    q,
    value,
    whole,
)
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.styles import Styles

_LEVELS = 9


@dataclass
class Lists:
    """Counts through the paragraphs of a document in their order."""

    styles: Styles
    numbers: dict[str, Element] = field(default_factory=dict)
    abstract: dict[str, Element] = field(default_factory=dict)
    counted: dict[str, list[int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)

    def number(self, paragraph: Element) -> str:
        """Return what stands for a paragraph's number: kind, wording and count; else empty."""
        id_, level = self._place(paragraph)
        number = self.numbers.get(id_)
        if number is None:
            return ""
        kind = value(child(number, "w:abstractNumId")) or ""
        definition = self._level(number, kind, level)
        form = value(child(definition, "w:numFmt")) or "decimal"
        if form in ("none", "bullet"):
            return "•" if form == "bullet" else ""
        first = whole(value(child(definition, "w:start")))
        count = self._count(id_, number, kind, level, 1 if first is None else first)
        return f"{form} {value(child(definition, 'w:lvlText')) or ''} {count}"

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """Return list and level of a paragraph, each from the nearest that names it."""
        id_, level = "", None
        for properties in self.styles.paragraph_properties(paragraph):
            given = child(properties, "w:numPr")
            id_ = id_ or value(child(given, "w:numId")) or ""
            level = whole(value(child(given, "w:ilvl"))) if level is None else level
        return id_, min(max(level or 0, 0), _LEVELS - 1)

    def _count(self, id_: str, number: Element, kind: str, level: int, first: int) -> int:
        counts = self.counted.setdefault(kind, [])
        if id_ not in self.begun:
            self.begun.add(id_)
            restart = _override(number, level)
            if child(restart, "w:startOverride") is not None:
                del counts[level:]
                first = whole(value(child(restart, "w:startOverride"))) or first
        while len(counts) <= level:
            counts.append(first - 1 if len(counts) == level else 1)
        counts[level] += 1
        del counts[level + 1 :]
        return counts[level]

    def _level(self, number: Element, kind: str, level: int) -> Element | None:
        own = child(_override(number, level), "w:lvl")
        if own is not None:
            return own
        definition = self.abstract.get(kind)
        for each in definition.findall(q("w:lvl")) if definition is not None else ():
            if whole(value(each, "w:ilvl")) == level:
                return each
        return None


def _override(number: Element, level: int) -> Element | None:
    for each in number.findall(q("w:lvlOverride")):
        if whole(value(each, "w:ilvl")) == level:
            return each
    return None


def read_lists(package: Package, part: str, styles: Styles) -> Lists:
    """Read the lists that the main part names."""
    name = package.related(part, REL_NUMBERING)
    if name is None:
        return Lists(styles)
    root = package.tree(name)
    return Lists(
        styles,
        {value(each, "w:numId") or "": each for each in root.findall(q("w:num"))},
        {value(each, "w:abstractNumId") or "": each for each in root.findall(q("w:abstractNum"))},
    )
