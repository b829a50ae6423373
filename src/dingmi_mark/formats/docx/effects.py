"""What styles do to the letters of our marks in Word, and in no other program.

Word shows fills, outlines, glow and depth in place of a run's colour, or around it (MS-DOCX,
2.6.1); LibreOffice keeps them and shows nothing of them. A run cannot switch them off, so that
what comes through styles is looked for where our marks stand: after they were written, when a
file is marked, and in every marked file that is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dingmi_mark.formats.docx.marks import our_bookmarks, our_drawings
from dingmi_mark.formats.docx.names import (
    REL_ENDNOTES,
    REL_FOOTNOTES,
    Element,
    child,
    new,
    q,
)
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.styles import Styles

_EFFECTS: Final = (
    "w14:textFill",
    "w14:textOutline",
    "w14:glow",
    "w14:shadow",
    "w14:reflection",
    "w14:scene3d",
    "w14:props3d",
)


def effects_on_marks(package: Package, part: str, root: Element, styles: Styles) -> bool:
    """Tell whether a style gives letters of our marks an effect.

    `root` is the tree of the main part, which is called `part`. Raises what parsing parts does.
    """
    notes = (package.related(part, kind) for kind in (REL_FOOTNOTES, REL_ENDNOTES))
    trees = (root, *(package.looked_at(name) for name in notes if name is not None))
    return any(_has_effects(each, styles) for tree in trees for each in _paragraphs_of_marks(tree))


def _paragraphs_of_marks(root: Element) -> Iterator[Element]:
    if next(our_drawings(root), None) is not None:
        # In a box of ours, no paragraph names a style.
        yield new("w:p")
    for start in our_bookmarks(root):
        yield next(start.iterancestors(q("w:p")), new("w:p"))


def _has_effects(paragraph: Element, styles: Styles) -> bool:
    inherited = [*styles.text_properties(None, paragraph), *_of_tables(paragraph, styles)]
    return any(child(each, name) is not None for each in inherited for name in _EFFECTS)


def _of_tables(paragraph: Element, styles: Styles) -> Iterator[Element]:
    """Yield what the styles of the tables around a paragraph say of text, in any of their cells."""
    for table in paragraph.iterancestors(q("w:tbl")):
        for style in styles.of_table(table):
            yield from style.iter(q("w:rPr"))
