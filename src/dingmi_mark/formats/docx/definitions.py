"""What the words of a Word file refer to, and what holds for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from dingmi_mark.domain.draft_content import Definition, Part
from dingmi_mark.formats.docx.canonical import Canonical, hashed, short
from dingmi_mark.formats.docx.harmless import PROPERTIES, is_harmless
from dingmi_mark.formats.docx.labels import label
from dingmi_mark.formats.docx.names import (
    REL_CUSTOM_PROPERTIES,
    REL_ENDNOTES,
    REL_FOOTNOTES,
    REL_NUMBERING,
    REL_SETTINGS,
    REL_STYLES,
    REL_THEME,
    Element,
    bare,
    child,
    elements,
    q,
    switched_on,
    value,
)
from dingmi_mark.formats.docx.other_parts import REL_EXTENDED, REL_FONTS, REL_WEB, RELS_CORE

_NAMED_BY_NOBODY: Final = frozenset(("line number",))
"""Styles that Word uses by their names without a reference anywhere."""

_UNSAID: Final = frozenset((q("w:sig"), q("w:notTrueType")))
_SYMBOLS_CHARSET, _SYMBOLS_PANOSE = "02", "05"
_NOTES: Final = frozenset((q("w:footnote"), q("w:endnote")))
_SEPARATORS: Final = frozenset(
    q(f"w:{name}") for name in ("p", "pPr", "spacing", "r", "separator", "continuationSeparator")
)


@dataclass(frozen=True)
class Definitions:
    """Reads them, after all words have been read: only then is known what they refer to."""

    canonical: Canonical
    part: str
    strict: bool

    def read(self) -> tuple[Definition, ...]:
        """Return all definitions."""
        return (
            *self._document(),
            *self._settings(),
            *self._notes(),
            *self._fonts(),
            *self._theme(),
            *self._properties(),
            *self._styles_and_lists(),
        )

    def maker(self) -> str:
        """Return the name of the program that saved the file, without its version."""
        package = self.canonical.package
        name = package.related("", REL_EXTENDED)
        said = package.tree(name).findtext(q("ep:Application")) if name else None
        return re.split(r"[/_$]", said or "")[0].strip()

    def _related(self, kind: str) -> tuple[str, Element] | None:
        """Return the part that the document names as of this kind."""
        name = self.canonical.package.related(self.part, kind)
        return (name, self.canonical.walked(name)) if name else None

    def _document(self) -> Iterator[Definition]:
        root = self.canonical.walked(self.part)
        body = child(root, "w:body")
        for each in elements(root):
            if each is body:
                continue
            form = self.canonical.form(each, self.part)
            yield Definition(Part.SETTING, label(str(each.tag)), hashed(form))

    def _settings(self) -> Iterator[Definition]:
        for kind, where in ((REL_SETTINGS, ""), (REL_WEB, "网页：")):
            found = self._related(kind)
            if found is None:
                continue
            part, root = found
            forms: dict[str, list[str]] = {}
            for each in elements(root):
                form = self._setting(each, part)
                if form:
                    forms.setdefault(f"{where}{label(str(each.tag))}", []).append(form)
            for name, texts in forms.items():
                yield Definition(Part.SETTING, name, hashed("\n".join(texts)))

    def _setting(self, element: Element, part: str) -> str:
        if is_harmless(element):
            return ""
        kinds = {q("w:footnotePr"): REL_FOOTNOTES, q("w:endnotePr"): REL_ENDNOTES}
        if element.tag not in kinds:
            return self.canonical.form(element, part)
        named = [each for each in element if str(each.tag) in _NOTES]
        separators = [s for each in named if (s := self._separator(kinds[str(element.tag)], each))]
        others = [self.canonical.form(e, part) for e in elements(element) if e not in named]
        return "\n".join((*separators, *others))

    def _separator(self, kind: str, reference: Element) -> str:
        """Return the line above notes that a setting names; nothing for the usual one."""
        found = self._related(kind)
        part, root = found if found else ("", ())
        notes = [each for each in root if value(each, "w:id") == value(reference, "w:id")]
        return "".join(self._note(each, part) for each in notes) if notes else "missing"

    def _note(self, note: Element, part: str) -> str:
        usual = all(each.tag in _SEPARATORS and not each.text for each in note.iterdescendants())
        bare = [self.canonical.form(each, part) for each in elements(note)]
        return "" if usual and len(bare) == 1 else f"{value(note, 'w:type')} {bare}"

    def _notes(self) -> Iterator[Definition]:
        """Yield lines above notes that are not the usual ones."""
        for kind in (REL_FOOTNOTES, REL_ENDNOTES):
            part, root = self._related(kind) or ("", ())
            for each in root:
                named = value(each, "w:type")
                note = "" if named in (None, "normal") else self._note(each, part)
                if note:
                    name = f"{label(str(each.tag))} {named} {value(each, 'w:id')}"
                    yield Definition(Part.FOOTNOTE, name, hashed(note))

    def _fonts(self) -> Iterator[Definition]:
        """Yield what is said of fonts; what only describes one may come in."""
        part, root = self._related(REL_FONTS) or ("", ())
        for name in dict.fromkeys((value(each, "w:name") or "").lower() for each in root):
            fonts = [e for e in root if (value(e, "w:name") or "").lower() == name]
            said = [e for font in fonts for e in elements(font) if e.tag not in _UNSAID]
            forms = [self.canonical.form(each, part) for each in said]
            described = all(_describes(each) for each in said) and len(fonts) == 1
            yield Definition(Part.FONT, name, hashed("\n".join(forms)), alone=described)

    def _theme(self) -> Iterator[Definition]:
        found = self._related(REL_THEME)
        if found is not None:
            yield Definition(Part.THEME, "主题", self.canonical.digest(found[0]))

    def _properties(self) -> Iterator[Definition]:
        for edge in self.canonical.package.relationships():
            name = None if edge.external else self.canonical.package.find(edge.target)
            if name is None or edge.type not in (*RELS_CORE, REL_EXTENDED, REL_CUSTOM_PROPERTIES):
                continue
            for key, texts in self._said(name).items():
                yield Definition(Part.PROPERTY, key, "\n".join(texts))

    def _said(self, name: str) -> dict[str, list[str]]:
        """Return the properties of a part by their names, without empty ones."""
        said: dict[str, list[str]] = {}
        for each in elements(self.canonical.walked(name)):
            key = each.get("name") or short(str(each.tag))
            text = "".join(map(str, each.itertext()))
            if text.strip() and (self.strict or key not in PROPERTIES):
                said.setdefault(key, []).append(self.canonical.form(_without_number(each), name))
        return said

    def _styles_and_lists(self) -> Iterator[Definition]:
        """Yield styles and lists that are referred to, until they refer to no others."""
        done: set[str] = set()
        styles = self._related(REL_STYLES)
        lists = self._related(REL_NUMBERING)
        defaults = child(styles[1], "w:docDefaults") if styles else None
        if styles and defaults is not None:
            form = self.canonical.form(defaults, styles[0])
            yield Definition(Part.STYLE, label(str(defaults.tag)), hashed(form))
        usual = []
        for style in styles[1].iterfind(q("w:style")) if styles else ():
            if value(style, "w:default") is not None and switched_on(style, "w:default"):
                usual.append(f"{value(style, 'w:type')} {value(style, 'w:styleId')}")
                self.canonical.styles.add((value(style, "w:styleId") or "").lower())
            name = value(child(style, "w:name")) or ""
            if name.lower() in _NAMED_BY_NOBODY:
                usual.append(self.canonical.form(style, styles[0] if styles else ""))
        yield Definition(Part.STYLE, "默认样式", hashed("\n".join(usual)))
        while (
            met := {
                *(f"s{each}" for each in self.canonical.styles),
                *(f"n{each}" for each in self.canonical.lists),
            }
            - done
        ):
            for each in sorted(met):
                found = styles if each[0] == "s" else lists
                make = self._style if each[0] == "s" else self._list
                yield make(each[1:], *(found or ("", ())))
            done |= met

    def _style(self, id_: str, part: str, root: Element | tuple[()]) -> Definition:
        found = [e for e in root if (value(e, "w:styleId") or "").lower() == id_]
        forms = [self.canonical.form(each, part) for each in found]
        name = value(child(found[0], "w:name")) if found else None
        return Definition(
            Part.STYLE, f"{name}（{id_}）" if name else id_, hashed("\n".join(forms)), alone=True
        )

    def _list(self, id_: str, part: str, root: Element | tuple[()]) -> Definition:
        """A list, with which other lists it counts on."""
        numbers = [each for each in root if each.tag == q("w:num")]
        of = {
            value(each, "w:numId") or "": value(child(each, "w:abstractNumId")) for each in numbers
        }
        abstract = of.get(id_)
        together = sorted(n for n in self.canonical.lists if of.get(n) == abstract and abstract)
        named = [each for each in numbers if value(each, "w:numId") == id_]
        forms = [self.canonical.head(each, part) for each in named]
        forms += [
            self.canonical.form(each, part)
            for number in named
            for each in elements(number)
            if each.tag != q("w:abstractNumId")
        ]
        for each in root:
            if each.tag == q("w:abstractNum") and value(each, "w:abstractNumId") == abstract:
                forms.append(self.canonical.form(each, part))
                forms += self._bullets(each, part, root)
        first = together[0] if together else ""
        return Definition(Part.LIST, id_, hashed("\n".join((*forms, first))), alone=True)

    def _bullets(self, definition: Element, part: str, root: Element | tuple[()]) -> Iterator[str]:
        """Yield the pictures that stand for numbers."""
        ids = {value(each) for each in definition.iter(q("w:lvlPicBulletId"))}
        for each in root:
            if each.tag == q("w:numPicBullet") and value(each, "w:numPicBulletId") in ids:
                yield self.canonical.form(each, part)


def _describes(said: Element) -> bool:
    """Tell whether this only says how a font looks, and puts no other in its place."""
    if said.tag == q("w:charset"):
        return value(said) != _SYMBOLS_CHARSET
    if said.tag == q("w:panose1"):
        return not (value(said) or "").startswith(_SYMBOLS_PANOSE)
    return said.tag in (q("w:family"), q("w:pitch"))


def _without_number(element: Element) -> Element:
    """Return a property without its number (pid), which says nothing."""
    copy = bare(element, "pid")
    copy.text = element.text
    copy.extend([deepcopy(each) for each in elements(element)])
    return copy
