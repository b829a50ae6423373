"""Put all marks of a job into a Word file, and say where they went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from dingmi_mark.engine.shapes import BLACK, MM_PER_PT, Block, Box, TextRun
from dingmi_mark.formats.base import (
    FIRST_PAGE,
    OTHER_PAGES,
    Faces,
    MarkJob,
    Placed,
    PointMark,
)
from dingmi_mark.formats.docx.anchoring import hang
from dingmi_mark.formats.docx.carried_fonts import refuse_font_of_marks
from dingmi_mark.formats.docx.carriers import write_carriers
from dingmi_mark.formats.docx.drawing import Brush, body_drawing, header_drawing
from dingmi_mark.formats.docx.editor import Editor, free_annotation_ids, free_drawing_ids
from dingmi_mark.formats.docx.headers import HeaderWork
from dingmi_mark.formats.docx.marks import bookmark_name
from dingmi_mark.formats.docx.names import (
    REL_ENDNOTES,
    REL_FOOTNOTES,
    REL_STYLES,
    Element,
    new,
    q,
)
from dingmi_mark.formats.docx.obstacles import document_body, main_part, refuse_text_from_elsewhere
from dingmi_mark.formats.docx.only_in_word import running_trees
from dingmi_mark.formats.docx.package import Package
from dingmi_mark.formats.docx.plaintext import bookmarked, run_properties, text_run
from dingmi_mark.formats.docx.point_places import refuse_unseen_places
from dingmi_mark.formats.docx.points import PointWriter, add_point_style, find_paragraph
from dingmi_mark.formats.docx.sections import Layout, read_layout
from dingmi_mark.formats.docx.striking import lone_lines, strike_words
from dingmi_mark.formats.docx.styles import Styles, read_styles, styles_that_matter

_CLOSING = "closing"
_TWO_CHARACTERS = {"w:firstLineChars": "200", "w:firstLine": "640"}


def mark_package(package: Package, target: Path, job: MarkJob, faces: Faces) -> tuple[Placed, ...]:
    """Write the marked copy of a package to `target`. Nothing is written if a step fails.

    Raises DraftCarriesMarkFont and what the steps do.
    """
    document = main_part(package)
    editor = Editor(package, document)
    root = editor.open(document)
    body = document_body(root, package)
    refuse_text_from_elsewhere(body, package, document)
    refuse_font_of_marks(package, document, job, faces)
    read = read_styles if job.points or job.struck else styles_that_matter
    styles = read(package, document)
    layout = read_layout(package, document, body)
    _write_flowing(editor, body, job, faces, styles)
    brush = Brush(
        faces,
        free_drawing_ids((root, *running_trees(package, document))),
        job.carriers.marking_id,
        layout.sections[0].page_size,
        partial(editor.add_picture, document),
    )
    drawings = [body_drawing(block, brush) for block in job.blocks.get(FIRST_PAGE, ())]
    hang(body, drawings, styles, package.where)
    if others := job.blocks.get(OTHER_PAGES, ()):
        _have_section(body, layout)
        _hang_on_other_pages(editor, layout, others, brush, styles)
    write_carriers(editor, job.carriers)
    editor.write(target)
    return tuple(_placed(job))


def _write_flowing(
    editor: Editor, body: Element, job: MarkJob, faces: Faces, styles: Styles
) -> None:
    """Write what stands in the text: points, lines through words of others, closing words."""
    where, marking_id = editor.package.where, job.carriers.marking_id
    notes = _notes(editor) if job.points else {}
    trees = tuple(notes.values())
    found = [
        (mark, find_paragraph(body, mark.anchor, mark.id, where, trees)) for mark in job.points
    ]
    if not found and not job.closing_words and not job.struck:
        return
    refuse_unseen_places(found, styles, where)
    ids = free_annotation_ids(body, *trees)
    for part, tree in notes.items():
        if any(tree in paragraph.iterancestors() for _, paragraph in found):
            editor.trees[part] = tree
    if found:
        styled = _have_point_style(editor)
        PointWriter(faces, ids, marking_id, styled).write(found)
    if job.struck:
        lines = lone_lines(body, styles)
        for words in job.struck:
            strike_words(lines[words.line], words, marking_id, ids, styles)
    if job.closing_words:
        _append(body, _closing_paragraph(job, faces, next(ids)))


def _notes(editor: Editor) -> dict[str, Element]:
    """Return the footnotes and endnotes, to be kept only where a mark goes into them."""
    kinds = (REL_FOOTNOTES, REL_ENDNOTES)
    parts = (editor.package.related(editor.document, kind) for kind in kinds)
    return {part: editor.package.tree(part) for part in parts if part is not None}


def _have_point_style(editor: Editor) -> bool:
    """Add the points' character style; a document without any styles goes without."""
    part = editor.package.related(editor.document, REL_STYLES)
    if part is None:
        return False
    add_point_style(editor.open(part))
    return True


def _closing_paragraph(job: MarkJob, faces: Faces, number: int) -> Element:
    """Return the last paragraph, indented by two characters as the text of 公文 is."""
    family = faces.family(job.closing_face)
    properties = run_properties(family, job.closing_size_pt, BLACK, struck=job.closing_struck)
    name = bookmark_name(job.carriers.marking_id, _CLOSING, job.closing_words)
    run = text_run(job.closing_words, properties)
    look = new("w:pPr", children=[new("w:ind", _TWO_CHARACTERS)])
    return new("w:p", children=[look, *bookmarked(name, number, [run])])


def _append(body: Element, paragraph: Element) -> None:
    last = body[-1] if len(body) else None
    if last is not None and last.tag == q("w:sectPr"):
        last.addprevious(paragraph)
    else:
        body.append(paragraph)


def _have_section(body: Element, layout: Layout) -> None:
    """Give a body without any section the one that its layout assumes."""
    section = layout.sections[0].element
    if section.getparent() is None:
        body.append(section)


def _hang_on_other_pages(
    editor: Editor, layout: Layout, blocks: tuple[Block, ...], brush: Brush, styles: Styles
) -> None:
    def paint(part: str) -> None:
        header = editor.open(part)
        own = replace(brush, picture=partial(editor.add_picture, part))
        drawings = [header_drawing(block, own) for block in blocks]
        hang(header, drawings, styles, editor.package.where)

    HeaderWork(editor, layout, paint).mark_other_pages()


def _placed(job: MarkJob) -> Iterator[Placed]:
    for page in sorted(job.blocks):
        for block in job.blocks[page]:
            yield Placed(page, block)
    for mark in job.points:
        yield Placed(FIRST_PAGE, _flowing_block(mark), flows=True)
    for words in job.struck:
        for one in words.beside:
            nowhere = Box(0, 0, 0, 0)
            block = Block(one.name, nowhere, (TextRun(one.text, nowhere, 0, "", 0),))
            yield Placed(FIRST_PAGE, block, flows=True)


def _flowing_block(mark: PointMark) -> Block:
    """Return a point as a block without a place: only the reader's program knows it."""
    nowhere = Box(0, 0, 0, mark.size_pt * MM_PER_PT)
    run = TextRun(mark.text, nowhere, 0, mark.face, mark.size_pt, mark.colour)
    return Block(f"point:{mark.id}", nowhere, (run,))
