"""Digests of a presentation: what it says and shows without our marks, and how these are drawn.

Two files with the same content digest say the same, although their bytes differ. Comments and
properties are not content; hidden slides and speakers' notes are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dingmi_mark.formats.digests import drawn_digest, feed
from dingmi_mark.formats.docx.canonical import Canonical
from dingmi_mark.formats.docx.content import Digests, media_of
from dingmi_mark.formats.docx.names import (
    REL_NOTES,
    REL_SLIDE_LAYOUT,
    REL_SLIDE_MASTER,
    Element,
    q,
)
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.pptx.marks import take_out_our_shapes
from dingmi_mark.formats.pptx.presentation import Presentation
from dingmi_mark.formats.pptx.text import lines, text_lines

_SEPARATE = ("/hyperlink", "/slide", "/slideLayout", "/slideMaster", "/notesSlide", "/comments")


@dataclass(frozen=True)
class SlideWords:
    """What a slide and its speaker's notes say, without our marks."""

    slide: tuple[str, ...]
    notes: tuple[str, ...]


def slide_words(presentation: Presentation) -> Iterator[SlideWords]:
    """Yield what the slides say, one after the other."""
    package = presentation.package
    for slide in presentation.slides:
        root = package.tree(slide.part)
        take_out_our_shapes(root)
        notes = _notes(package, slide.part)
        said = tuple(text_lines(notes)) if notes is not None else ()
        yield SlideWords(tuple(text_lines(root)), said)


def _notes(package: Package, slide: str) -> Element | None:
    part = package.related(slide, REL_NOTES)
    return None if part is None else package.tree(part)


def digests_of(presentation: Presentation) -> Digests:
    """Return the digests of a presentation."""
    package = presentation.package
    canonical = Canonical(package)
    total = hashlib.new("sm3")
    media: set[str] = set()
    patterns: set[str] = set()
    drawn: list[str] = []
    for slide in presentation.slides:
        root = package.tree(slide.part)
        drawn += (canonical.form(node, slide.part) for node in take_out_our_shapes(root))
        notes = _notes(package, slide.part)
        feed(total, "hidden" if slide.hidden else "slide", lines(root))
        feed(total, "notes", lines(notes) if notes is not None else ())
        media.update(media_of(package, slide.part, root, _SEPARATE))
        patterns.update(_patterns(package, slide.part))
    feed(total, "patterns", sorted(patterns_lines(package, patterns)))
    for part in patterns:
        media.update(media_of(package, part, package.tree(part), _SEPARATE))
    feed(total, "media", sorted(media))
    return Digests(f"sm3:{total.hexdigest()}", drawn_digest(drawn))


def patterns_lines(package: Package, patterns: Iterable[str]) -> Iterator[str]:
    """Yield what layouts and masters show on slides: all but what asks for words."""
    for part in patterns:
        root = package.tree(part)
        for shape in list(root.iter(q("p:sp"))):
            holder = shape.getparent()
            if holder is not None and next(shape.iter(q("p:ph")), None) is not None:
                holder.remove(shape)
        yield "\n".join(lines(root))


def _patterns(package: Package, slide: str) -> Iterator[str]:
    layout = package.related(slide, REL_SLIDE_LAYOUT)
    if layout is not None:
        yield layout
        master = package.related(layout, REL_SLIDE_MASTER)
        if master is not None:
            yield master
