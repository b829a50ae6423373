"""Which face, size and direction a paragraph's text has, through styles and defaults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    REL_STYLES,
    REL_THEME,
    Element,
    child,
    q,
    switched_on,
    twips,
    value,
    whole,
)
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.text import visible_text

_LONGEST_CHAIN = 20
_TWIPS_PER_PT = 20
_BYTE_ORDER = 4
_NAMED = (b"bidi", b"vanish", b"framePr")
"""The names of elements that matter where marks hang, under any prefix, in the bytes of UTF-8."""

_NAME_ENDS = frozenset(b" \t\r\n/>")
"""What may follow an element's name; after an attribute's stands `=`, or a space before it."""


@dataclass(frozen=True)
class Styles:
    """The styles of a document; empty for a document without them."""

    by_id: dict[str, Element] = field(default_factory=dict, repr=False)
    defaults: Element | None = field(default=None, repr=False)
    default_paragraph: str = ""
    default_table: str = ""
    theme_faces: dict[str, str] = field(default_factory=dict)

    def face_and_size(self, paragraph: Element) -> tuple[str, float | None]:
        """Return the east-asian face and size (pt) of a paragraph's first visible run."""
        face, size = "", None
        for properties in self.text_properties(_first_visible_run(paragraph), paragraph):
            face = face or self._face(child(properties, "w:rFonts"))
            half_points = whole(value(child(properties, "w:sz")))
            if size is None and half_points:
                size = half_points / 2
        return face, size

    def runs_right_to_left(self, paragraph: Element) -> bool:
        """Tell whether a paragraph is set from right to left, by itself or its style."""
        for properties in self.paragraph_properties(paragraph):
            bidi = child(properties, "w:bidi")
            if bidi is not None:
                return switched_on(bidi)
        return False

    def hides_end(self, paragraph: Element) -> bool:
        """Tell whether a paragraph's end is hidden, by itself or its style: then it is not seen
        where all its text is hidden, and runs on into the next one elsewhere.
        """
        own = child(child(paragraph, "w:pPr"), "w:rPr")
        return _hidden((own, *self.text_properties(None, paragraph)))

    def hides(self, run: Element, paragraph: Element) -> bool:
        """Tell whether the text of a run is hidden, by itself or a style."""
        return _hidden(self.text_properties(run, paragraph))

    def exact_line(self, paragraph: Element) -> float | None:
        """Return the height (pt) of a paragraph's lines where it is fixed, whatever is in them."""
        for properties in self.paragraph_properties(paragraph):
            spacing = child(properties, "w:spacing")
            if value(spacing, "w:line") is not None:
                height = twips(value(spacing, "w:line"))
                exact = value(spacing, "w:lineRule") == "exact"
                return height / _TWIPS_PER_PT if exact and height is not None else None
        return None

    def of_table(self, table: Element) -> Iterator[Element]:
        """Yield the styles that a table has, the nearest first."""
        named = value(child(child(table, "w:tblPr"), "w:tblStyle"))
        return self._lineage(named if named in self.by_id else self.default_table)

    def text_properties(self, run: Element | None, paragraph: Element) -> Iterator[Element]:
        """Yield the `w:rPr` that apply to a run, the nearest first."""
        own = child(run, "w:rPr")
        if own is not None:
            yield own
            yield from self._chain(value(child(own, "w:rStyle")), "w:rPr")
        yield from self._chain(self._style_of(paragraph), "w:rPr")
        default = child(child(self.defaults, "w:rPrDefault"), "w:rPr")
        if default is not None:
            yield default

    def paragraph_properties(self, paragraph: Element) -> Iterator[Element]:
        """Yield the `w:pPr` that apply to a paragraph, the nearest first."""
        own = child(paragraph, "w:pPr")
        if own is not None:
            yield own
        yield from self._chain(self._style_of(paragraph), "w:pPr")
        default = child(child(self.defaults, "w:pPrDefault"), "w:pPr")
        if default is not None:
            yield default

    def _style_of(self, paragraph: Element) -> str:
        named = value(child(child(paragraph, "w:pPr"), "w:pStyle"))
        return named if named in self.by_id else self.default_paragraph

    def _chain(self, style_id: str | None, name: str) -> Iterator[Element]:
        for style in self._lineage(style_id):
            properties = child(style, name)
            if properties is not None:
                yield properties

    def _lineage(self, style_id: str | None) -> Iterator[Element]:
        for _ in range(_LONGEST_CHAIN):
            style = self.by_id.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = value(child(style, "w:basedOn"))

    def _face(self, fonts: Element | None) -> str:
        theme = value(fonts, "w:eastAsiaTheme") or ""
        return self.theme_faces.get(theme[:5], "") or value(fonts, "w:eastAsia") or ""


def _hidden(lineage: Iterable[Element | None]) -> bool:
    """Read from properties, the nearest first, whether text that has them is hidden."""
    for properties in lineage:
        hidden = child(properties, "w:vanish")
        if hidden is not None:
            return switched_on(hidden)
    return False


def _first_visible_run(paragraph: Element) -> Element | None:
    runs = paragraph.iter(q("w:r"))
    return next((run for run in runs if visible_text(run).strip()), None)


def styles_that_matter(package: Package, part: str) -> Styles:
    """Return the styles where one sets text from right to left or in a frame, or hides it, and none
    where none does.

    Styles are the largest part of many files, and hardly any of them does; whoever looks into a
    draft has parsed and checked them before it is marked.
    """
    name = package.related(part, REL_STYLES)
    if name is None:
        return Styles()
    content = package.read(name)
    in_utf_8 = b"\x00" not in content[:_BYTE_ORDER]
    if in_utf_8 and not any(_names(content, name) for name in _NAMED):
        return Styles()
    return read_styles(package, part)


def _names(content: bytes, name: bytes) -> bool:
    """Tell whether an element of this name may be there."""
    end = len(content) - 1
    # Backwards, because that takes half the time of a pattern or of a search forwards.
    while (place := content.rfind(name, 0, end)) >= 0:
        if content[place + len(name)] in _NAME_ENDS:
            return True
        end = place
    return False


def read_styles(package: Package, part: str) -> Styles:
    """Read the styles and theme faces that the main part names."""
    name = package.related(part, REL_STYLES)
    if name is None:
        return Styles()
    root = package.tree(name)
    styles = {value(style, "w:styleId") or "": style for style in root.findall(q("w:style"))}
    paragraph, table = (_default(styles, kind) for kind in ("paragraph", "table"))
    faces = _theme_faces(package, part)
    return Styles(styles, child(root, "w:docDefaults"), paragraph, table, faces)


def _default(styles: Mapping[str, Element], kind: str) -> str:
    """Return the style of what names none."""
    return next(
        (
            style_id
            for style_id, style in styles.items()
            if value(style, "w:type") == kind
            and value(style, "w:default") is not None
            and switched_on(style, "w:default")
        ),
        "",
    )


def _theme_faces(package: Package, part: str) -> dict[str, str]:
    """Return the theme's east-asian faces under `major` and `minor`."""
    name = package.related(part, REL_THEME)
    if name is None:
        return {}
    scheme = package.tree(name).find(".//a:fontScheme", NAMESPACES)
    faces = {}
    for kind in ("major", "minor"):
        fonts = child(scheme, f"a:{kind}Font")
        general = child(fonts, "a:ea")
        face = "" if general is None else general.get("typeface", "")
        if not face and fonts is not None:
            hans = fonts.find("a:font[@script='Hans']", NAMESPACES)
            face = "" if hans is None else hans.get("typeface", "")
        faces[kind] = face
    return faces
