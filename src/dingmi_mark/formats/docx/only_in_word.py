"""What changes how our marks look in Word, and in no other program.

Word shows fills, outlines, glow and depth in place of a run's colour, or around it (MS-DOCX,
2.6.1); LibreOffice keeps them and shows nothing of them. A run cannot switch them off. Of what is
given in two forms (ISO/IEC 29500-3) Word takes the first that it knows, LibreOffice only shapes
and groups. And Word prints of some files nothing but what was filled into their form. All this is
looked for after marks were written, and in every marked file that is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dingmi_mark.formats.docx.fields import instructions
from dingmi_mark.formats.docx.marks import our_bookmarks, our_drawings
from dingmi_mark.formats.docx.names import (
    NAMESPACES,
    REL_ENDNOTES,
    REL_FOOTER,
    REL_FOOTNOTES,
    REL_HEADER,
    REL_SETTINGS,
    Element,
    child,
    new,
    q,
    switched_on,
    value,
)
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.styles import Styles
from dingmi_mark.messages import Message, say

_EFFECTS: Final = (
    "w14:textFill",
    "w14:textOutline",
    "w14:glow",
    "w14:shadow",
    "w14:reflection",
    "w14:scene3d",
    "w14:props3d",
)
_SOLID: Final = 2
_BLACKS: Final = ("tx1", "dk1", "000000")
_PRINTS_FORM_ONLY: Final = "w:printFormsData"
_SHOWN: Final = frozenset((NAMESPACES["wps"], NAMESPACES["wpg"]))
_BESIDE: Final = frozenset((NAMESPACES["w14"], NAMESPACES["wp14"]))
"""What LibreOffice shows of forms that not every program knows, and what may be named with it."""
_AROUND: Final = (q("w:del"), q("w:moveFrom"), q("mc:AlternateContent"))
_FETCHING: Final = frozenset(("INCLUDETEXT", "DDE", "DDEAUTO"))
_IN_LINE: Final = q("wp:inline")
_COVERING: Final = (q("w:t"), q("w:pict"), q("wp:anchor"))


def otherwise_in_word(package: Package, part: str, root: Element, styles: Styles) -> Message | None:
    """Say why Word shows or prints our marks, or the pages they stand on, in another way.

    `root` is the tree of the main part, which is called `part`; None where nothing is of the kind.
    Raises what parsing parts does.
    """
    kinds = (REL_FOOTNOTES, REL_ENDNOTES)
    notes = [name for kind in kinds if (name := package.related(part, kind)) is not None]
    trees = (root, *map(package.looked_at, notes))
    if any(_has_effects(each, styles) for tree in trees for each in _paragraphs_of_marks(tree)):
        return say("a style gives letters effects (a fill, an outline, glow)")
    if any(_stands_in_other_text(each) for tree in trees for each in _our_marks(tree)):
        return say("they stand in text that is deleted, or in one of two forms")
    everywhere = (*trees, *running_trees(package, part))
    if any(map(_fetches_text, everywhere)):
        return say("a field fetches words of other files (INCLUDETEXT, DDE)")
    if any(map(_has_other_form, everywhere)):
        return say("it has words or a shape that only newer versions of Word show")
    settings = package.related(part, REL_SETTINGS)
    if settings is not None and switched_on(child(package.looked_at(settings), _PRINTS_FORM_ONLY)):
        return say("only what is filled into its form is printed (“Print data only”)")
    return None


def running_trees(package: Package, document: str) -> Iterator[Element]:
    """Yield all headers and footers, for those who change nothing in them."""
    for edge in package.relationships(document):
        part = package.find(edge.target)
        if edge.type in {REL_HEADER, REL_FOOTER} and not edge.external and part is not None:
            yield package.looked_at(part)


def _fetches_text(root: Element) -> bool:
    """Tell whether a field shows what other files say by then."""
    words = (instruction.split() for instruction in instructions(root))
    return any(each and each[0].upper() in _FETCHING for each in words)


def _has_other_form(root: Element) -> bool:
    """Tell whether something that may stand upon a mark has a form that Word alone takes.

    What is in a drawing in line with the text stands with that text.
    """
    for choice in root.iter(q("mc:Choice")):
        names = {choice.nsmap.get(name, name) for name in choice.get("Requires", "").split()}
        if names & _SHOWN and names <= _SHOWN | _BESIDE:
            continue
        for each in choice.iter(*_COVERING):
            if next(each.iterancestors(_IN_LINE), None) is None:
                return True
    return False


def _our_marks(root: Element) -> Iterator[Element]:
    """Yield where our marks are in a tree: their runs, or where they begin in the text."""
    for properties in our_drawings(root):
        yield next(properties.iterancestors(q("w:r")), properties)
    yield from our_bookmarks(root)


def _stands_in_other_text(mark: Element) -> bool:
    """Tell whether something around a mark has it hidden or struck: nothing of ours does."""
    return next(mark.iterancestors(*_AROUND), None) is not None


def _paragraphs_of_marks(root: Element) -> Iterator[Element]:
    if next(our_drawings(root), None) is not None:
        # In a box of ours, no paragraph names a style.
        yield new("w:p")
    for start in our_bookmarks(root):
        yield next(start.iterancestors(q("w:p")), new("w:p"))


def _has_effects(paragraph: Element, styles: Styles) -> bool:
    """Tell whether letters in a paragraph get an effect; points are black, and black may be filled
    in: WPS writes that with the colour of text.
    """
    inherited = [*styles.text_properties(None, paragraph), *_of_tables(paragraph, styles)]
    found = (child(each, name) for each in inherited for name in _EFFECTS)
    in_text = paragraph.getparent() is not None
    return any(one is not None and not (in_text and _fills_black(one)) for one in found)


def _fills_black(effect: Element) -> bool:
    fill = [*effect.iterdescendants()]
    names = [str(one.tag) for one in (effect, *fill)]
    colour = (q("w14:schemeClr"), q("w14:srgbClr"))
    plain = names[:2] == [q("w14:textFill"), q("w14:solidFill")] and len(fill) == _SOLID
    return plain and names[-1] in colour and value(fill[-1], "w14:val") in _BLACKS


def _of_tables(paragraph: Element, styles: Styles) -> Iterator[Element]:
    """Yield what the styles of the tables around a paragraph say of text, in any of their cells."""
    for table in paragraph.iterancestors(q("w:tbl")):
        for style in styles.of_table(table):
            yield from style.iter(q("w:rPr"))
