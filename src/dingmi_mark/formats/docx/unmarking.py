"""Take our marks out of a Word file again; the label stays and is written anew with the next mark.

What somebody has written over is no mark of ours any more and stays (see `marks`). Headers that
were made for marks stay too: they are of no height and show nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dingmi_mark.formats.docx.editor import Editor
from dingmi_mark.formats.docx.marks import take_out_our_marks
from dingmi_mark.formats.docx.names import REL_ENDNOTES, REL_FOOTNOTES, REL_HEADER
from dingmi_mark.formats.docx.obstacles import main_part
from dingmi_mark.formats.docx.package import Package


def unmark_package(package: Package, target: Path) -> None:
    """Write `target` (which must not exist) without our marks. Raises OSError."""
    document = main_part(package)
    editor = Editor(package, document)
    for part in dict.fromkeys((document, *_stories(package, document))):
        tree = package.tree(part)
        if take_out_our_marks(tree):
            editor.trees[part] = tree
    editor.write(target)


def _stories(package: Package, document: str) -> Iterator[str]:
    """Yield the parts beside the body in which marks may stand."""
    for edge in package.relationships(document):
        part = package.find(edge.target)
        kinds = (REL_HEADER, REL_FOOTNOTES, REL_ENDNOTES)
        if edge.type in kinds and not edge.external and part is not None:
            yield part
