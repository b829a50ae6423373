"""Take our marks out of a Word file again; the label stays, to be written anew with the next mark,
or goes too.

What somebody has written over is no mark of ours any more and stays (see `marks`). Headers that
were made for marks stay too: they are of no height and show nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dingmi_mark.formats.docx.carriers import drop_carriers
from dingmi_mark.formats.docx.editor import Editor, our_pictures
from dingmi_mark.formats.docx.marks import POINT_STYLE, take_out_our_marks
from dingmi_mark.formats.docx.names import (
    REL_ENDNOTES,
    REL_FOOTNOTES,
    REL_HEADER,
    REL_STYLES,
    q,
    value,
)
from dingmi_mark.formats.docx.obstacles import main_part
from dingmi_mark.formats.docx.package import Package


def unmark_package(package: Package, target: Path) -> None:
    """Write `target` (which must not exist) without our marks. Raises OSError."""
    editor = _without_marks(package)
    editor.write(target)


def clean_package(package: Package, target: Path) -> None:
    """Write `target` (which must not exist) without anything of ours, the label too.

    Raises OSError.
    """
    editor = _without_marks(package)
    _drop_style(editor)
    drop_carriers(editor)
    editor.drop(our_pictures(package))
    editor.write(target)


def _without_marks(package: Package) -> Editor:
    document = main_part(package)
    editor = Editor(package, document)
    for part in dict.fromkeys((document, *_stories(package, document))):
        tree = package.tree(part)
        if take_out_our_marks(tree):
            editor.trees[part] = tree
    return editor


def _drop_style(editor: Editor) -> None:
    """Take out the style that names our points."""
    part = editor.package.related(editor.document, REL_STYLES)
    if part is None:
        return
    for style in list(editor.open(part).iter(q("w:style"))):
        above = style.getparent()
        if value(style, "w:styleId") == POINT_STYLE and above is not None:
            above.remove(style)


def _stories(package: Package, document: str) -> Iterator[str]:
    """Yield the parts beside the body in which marks may stand."""
    for edge in package.relationships(document):
        part = package.find(edge.target)
        kinds = (REL_HEADER, REL_FOOTNOTES, REL_ENDNOTES)
        if edge.type in kinds and not edge.external and part is not None:
            yield part
