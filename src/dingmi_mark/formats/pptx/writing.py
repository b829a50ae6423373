"""Put all marks of a job onto slides, and take them off again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from dingmi_mark.errors import PointUnsupported
from dingmi_mark.formats.base import Faces, MarkJob, Placed
from dingmi_mark.formats.docx.carried_fonts import refuse_font_of_marks
from dingmi_mark.formats.docx.carriers import drop_carriers, write_carriers
from dingmi_mark.formats.docx.editor import Editor, free_shape_ids, our_pictures
from dingmi_mark.formats.docx.names import Element, q
from dingmi_mark.formats.pptx.drawing import Brush, slide_shape
from dingmi_mark.formats.pptx.marks import take_out_our_shapes
from dingmi_mark.formats.pptx.presentation import Presentation, shape_tree


def mark_slides(
    presentation: Presentation, target: Path, job: MarkJob, faces: Faces, name: str
) -> tuple[Placed, ...]:
    """Write the marked copy to `target`. Nothing is written if a step fails.

    Raises PointUnsupported: a point's words have no fixed place on a slide; DraftCarriesMarkFont.
    """
    package = presentation.package
    if job.points or job.closing_words:
        point = job.points[0].id if job.points else "-"
        raise PointUnsupported(package.where, point=point, format=name)
    refuse_font_of_marks(package, presentation.part, job, faces)
    editor = Editor(package, presentation.part)
    for number in sorted(job.blocks):
        slide = presentation.slides[number].part
        root = editor.open(slide)
        tree = shape_tree(root, package)
        picture = partial(editor.add_picture, slide)
        ids = free_shape_ids(root)
        brush = Brush(faces, ids, job.carriers.marking_id, presentation.size, picture)
        for block in job.blocks[number]:
            _put_on_top(tree, slide_shape(block, brush))
    write_carriers(editor, job.carriers)
    editor.write(target)
    return tuple(_placed(job))


def unmark_slides(presentation: Presentation, target: Path) -> None:
    """Write `target` (which must not exist) without our marks; the label stays. Raises OSError."""
    _without_marks(presentation).write(target)


def clean_slides(presentation: Presentation, target: Path) -> None:
    """Write `target` (which must not exist) without anything of ours. Raises OSError."""
    editor = _without_marks(presentation)
    drop_carriers(editor)
    editor.drop(our_pictures(presentation.package))
    editor.write(target)


def _without_marks(presentation: Presentation) -> Editor:
    editor = Editor(presentation.package, presentation.part)
    for slide in presentation.slides:
        root = presentation.package.tree(slide.part)
        if take_out_our_shapes(root):
            editor.trees[slide.part] = root
    return editor


def _put_on_top(tree: Element, shape: Element) -> None:
    """Put a shape above all others: behind them, but before what extends the format."""
    last = tree[-1] if len(tree) else None
    if last is not None and last.tag == q("p:extLst"):
        last.addprevious(shape)
    else:
        tree.append(shape)


def _placed(job: MarkJob) -> Iterator[Placed]:
    for page in sorted(job.blocks):
        for block in job.blocks[page]:
            yield Placed(page, block)
