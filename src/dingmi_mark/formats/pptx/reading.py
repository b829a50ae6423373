"""Look into a presentation: slides, what stands at the head of the first, what it has of ours."""

from __future__ import annotations

from collections.abc import Iterator

from dingmi_mark.formats.base import FIRST_PAGE, Draft, TextLine
from dingmi_mark.formats.docx.carriers import read_embedded
from dingmi_mark.formats.docx.names import Element, attributes
from dingmi_mark.formats.pptx.content import digests_of
from dingmi_mark.formats.pptx.marks import marking_id_of, our_shapes
from dingmi_mark.formats.pptx.presentation import Presentation, shape_tree
from dingmi_mark.formats.pptx.text import text_lines
from dingmi_mark.messages import Message, say


def read_draft(presentation: Presentation, name: str) -> Draft:
    """Return what inspection finds. Raises DraftBroken, DraftTooCostly."""
    package = presentation.package
    trees = [package.looked_at(slide.part) for slide in presentation.slides]
    ids = [marking_id_of(shape) for tree in trees for shape in our_shapes(tree)]
    digests = digests_of(presentation)
    return Draft(
        format=name,
        pages=(presentation.size,) * len(presentation.slides),
        content_digest=digests.content,
        drawn_digest=digests.drawn,
        head_lines=tuple(_head_lines(presentation)),
        embedded=read_embedded(package, presentation.part, ids, ink=bool(ids)),
        disguised=say("an animation names them") if any(map(_is_animated, trees)) else None,
        remarks=tuple(_remarks(presentation)),
    )


def _is_animated(slide: Element) -> bool:
    """Tell whether an animation names a shape of ours: it may come late, or go at once."""
    ours = {shape.get("id", "") for shape in our_shapes(slide)}
    return bool(ours & attributes(slide, "//p:timing//@spid"))


def _head_lines(presentation: Presentation) -> Iterator[TextLine]:
    """Yield the lines of the first slide; their places are known to who shows it."""
    package = presentation.package
    tree = shape_tree(package.tree(presentation.slides[0].part), package)
    for line in text_lines(tree):
        yield TextLine(line, FIRST_PAGE, None)


def _remarks(presentation: Presentation) -> Iterator[Message]:
    hidden = [number for number, slide in enumerate(presentation.slides, 1) if slide.hidden]
    if hidden:
        numbers = "、".join(map(str, hidden))
        yield say("Hidden slides are in the file, and are marked too: {numbers}.", numbers=numbers)
