"""Put all marks of a job into a workbook, and take them out again."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from dingmi_mark.engine.shapes import MM_PER_PT, Block, PageSize
from dingmi_mark.errors import PointUnsupported, SheetSetupUnfit
from dingmi_mark.formats.base import (
    FIRST_PAGE,
    Faces,
    MarkJob,
    Placed,
    is_of_others,
    stands_in_head,
)
from dingmi_mark.formats.docx.carriers import drop_carriers, write_carriers
from dingmi_mark.formats.docx.editor import OUR_PICTURE, Editor, free_shape_ids, our_pictures
from dingmi_mark.formats.docx.names import (
    REL_DRAWING,
    TYPE_DRAWING,
    Element,
    child,
    new,
    new_root,
    q,
)
from dingmi_mark.formats.docx.package import relationships_part
from dingmi_mark.formats.pptx.drawing import Brush
from dingmi_mark.formats.sheets.content import first_cells
from dingmi_mark.formats.sheets.drawing import anchored, is_empty
from dingmi_mark.formats.sheets.first_page import first_printed
from dingmi_mark.formats.sheets.header import LINE_EM, LONGEST, lines_pt, with_words, words_of
from dingmi_mark.formats.sheets.heads import FIRST_ROWS
from dingmi_mark.formats.sheets.marks import (
    head_words,
    header_text,
    headers_in_use,
    set_header,
    take_out_cells,
    take_out_shapes,
    take_out_words,
)
from dingmi_mark.formats.sheets.reading import embedded_in, words_in
from dingmi_mark.formats.sheets.setup import Setup, keep_own_size, read_setup
from dingmi_mark.formats.sheets.struck import (
    LINE_SIZES_PT,
    StruckHead,
    rows_of,
    shows_line,
    struck_header,
)
from dingmi_mark.formats.sheets.struck_cells import CellTexts, StruckCell
from dingmi_mark.formats.sheets.workbook import Workbook, drawing_of, put_in
from dingmi_mark.messages import say

_LINE_FACE = "heiti"
"""By this face lines are measured; they have that of the mark."""


def mark_sheets(
    book: Workbook, target: Path, job: MarkJob, faces: Faces, name: str
) -> tuple[Placed, ...]:
    """Write the marked copy to `target`. Nothing is written if a step fails.

    Raises PointUnsupported: a point's words have no fixed place in a sheet. SheetSetupUnfit.
    """
    if job.points or job.closing_words:
        point = job.points[0].id if job.points else "-"
        raise PointUnsupported(book.package.where, point=point, format=name)
    editor = Editor(book.package, book.part)
    blocks = job.blocks.get(FIRST_PAGE, ())
    if any(is_of_others(block.name) for block in blocks):
        _strike(book, editor, job, faces)
        write_carriers(editor, job.carriers)
        editor.write(target)
        return tuple(Placed(FIRST_PAGE, block) for block in blocks)
    usual = book.usual_pt()
    for number, sheet in enumerate(book.sheets, 1):
        root = editor.open(sheet.part)
        setup = read_setup(root)
        words = words_of(blocks, faces, setup.header_scale)
        for header in headers_in_use(root):
            text = with_words(header_text(root, header), words, usual)
            _refuse_tall(book, number, text, setup, usual)
            set_header(root, header, text)
        keep_own_size(root, words.plain)
    floating = [block for block in blocks if not stands_in_head(block.name)]
    if floating:
        _draw(book, editor, floating, job, faces)
    write_carriers(editor, job.carriers)
    editor.write(target)
    return tuple(Placed(FIRST_PAGE, block) for block in blocks)


def unmark_sheets(book: Workbook, target: Path) -> None:
    """Write `target` (which must not exist) without our marks; the label stays. Raises OSError."""
    _without_marks(book).write(target)


def clean_sheets(book: Workbook, target: Path) -> None:
    """Write `target` (which must not exist) without anything of ours. Raises OSError."""
    editor = _without_marks(book)
    drop_carriers(editor)
    gone = set(our_pictures(book.package))
    for sheet in book.sheets:
        root = editor.trees.get(sheet.part)
        drawing = None if root is None else drawing_of(book.package, sheet.part, root)
        if root is not None and drawing in gone and is_empty(editor.open(drawing)):
            reference = child(root, "x:drawing")
            if reference is not None:
                root.remove(reference)
            del editor.trees[drawing]
        elif drawing is not None:
            gone.discard(drawing)
    editor.drop(gone)
    _drop_bare_relationships(book, editor, gone)
    editor.write(target)


def _strike(book: Workbook, editor: Editor, job: MarkJob, faces: Faces) -> None:
    """Strike a mark of others in every header that shows it, and put what is new beside it.

    Raises SheetSetupUnfit.
    """
    words, usual = head_words((job.carriers.record,)), book.usual_pt()
    if isinstance(words, StruckCell):
        _strike_cells(book, editor, words, faces)
        return
    assert isinstance(words, StruckHead), "the label tells the mark that is struck"
    for number, sheet in enumerate(book.sheets, 1):
        root = book.package.looked_at(sheet.part)
        shown = [
            name for name in headers_in_use(root) if shows_line(header_text(root, name), words.mark)
        ]
        for name in shown:
            root = editor.open(sheet.part)
            setup, before = read_setup(root), header_text(root, name)
            texts = list(_with_lines(before, words, setup, usual, faces))
            text = next((one for one in texts if _is_low(one, setup, usual)), texts[-1])
            _refuse_tall(book, number, text, setup, usual)
            set_header(root, name, text)


def _strike_cells(book: Workbook, editor: Editor, words: StruckCell, faces: Faces) -> None:
    """Strike a mark of others in the cells of the first rows that say it."""
    texts = CellTexts(book)
    for sheet, cells in zip(book.sheets, first_cells(book, FIRST_ROWS), strict=True):
        before = book.package.looked_at(sheet.part)
        bearing = [
            cell for cell, said in cells if said == words.mark and texts.can_strike(cell, before)
        ]
        if bearing:
            setup = read_setup(before)
            width = setup.size.width if setup.size else 0.0
            room = (width - setup.left - setup.right) / (setup.scale or 1)
            # The tree to be changed is another, with the same cells in the same order.
            pairs = zip(before.iter(q("x:c")), editor.open(sheet.part).iter(q("x:c")), strict=True)
            for cell in [changed for cell, changed in pairs if cell in bearing]:
                texts.strike(cell, words, faces, room)


def _refuse_tall(book: Workbook, number: int, text: str, setup: Setup, usual: int) -> None:
    """Refuse a header that Excel would not take, or that would reach into the cells."""
    where = book.package.where
    if len(text) > LONGEST:
        cause = say("it would be longer than Excel takes; shorten it")
        raise SheetSetupUnfit(where, number=number, cause=cause)
    if not _is_low(text, setup, usual):
        tall = _tall_mm(text, setup, usual)
        cause = say(
            "it reaches into the cells: set the top margin to {needed} mm or more (now {top} mm)",
            needed=int(setup.header + tall) + 1,
            top=round(setup.top),
        )
        raise SheetSetupUnfit(where, number=number, cause=cause)


def _is_low(text: str, setup: Setup, usual: int) -> bool:
    """Tell whether a header ends above the cells."""
    return setup.header + _tall_mm(text, setup, usual) <= setup.top


def _tall_mm(text: str, setup: Setup, usual: int) -> float:
    return lines_pt(text, usual) * setup.header_scale * LINE_EM * MM_PER_PT


def _with_lines(
    header: str, words: StruckHead, setup: Setup, usual: int, faces: Faces
) -> Iterator[str]:
    """Yield ways to write a struck header, each with less room for the lines below the mark."""
    room = setup.size.width - setup.left - setup.right if setup.size is not None else 0.0
    for size in LINE_SIZES_PT:
        for abreast in range(1, max(1, len(words.lines)) + 1):
            rows = rows_of(words.lines, abreast)
            widths = [faces.advance_mm(row, _LINE_FACE, size) for row in rows]
            if abreast == 1 or max(widths) <= room:
                small = max(1, round(size / setup.header_scale))
                yield struck_header(header, words, usual, small, abreast)


def _draw(
    book: Workbook, editor: Editor, blocks: Sequence[Block], job: MarkJob, faces: Faces
) -> None:
    """Put what does not stand in the header over the sheet that is printed first."""
    sheet = book.sheets[first_printed(book)].part
    root = editor.open(sheet)
    part = drawing_of(book.package, sheet, root) or _new_drawing(editor, sheet, root)
    drawing = editor.open(part)
    setup = read_setup(root)
    assert setup.size is not None, "what floats has been placed on a page of known size"
    picture = partial(editor.add_picture, part)
    assert setup.scale is not None, "nor without a scale"
    size = PageSize(setup.size.width / setup.scale, setup.size.height / setup.scale)
    brush = Brush(faces, free_shape_ids(drawing), job.carriers.marking_id, size, picture)
    for block in blocks:
        drawing.append(anchored(block, brush, setup))


def _new_drawing(editor: Editor, sheet: str, root: Element) -> str:
    folder = posixpath.join(posixpath.dirname(editor.document), "drawings")
    part = editor.free_name(posixpath.join(folder, f"{OUR_PICTURE}{{}}.xml"))
    editor.add_tree(part, new_root("xdr:wsDr"), TYPE_DRAWING)
    put_in(root, new("x:drawing", {"r:id": editor.relate(sheet, REL_DRAWING, part)}), drawing=True)
    return part


def _without_marks(book: Workbook) -> Editor:
    package = book.package
    editor = Editor(package, book.part)
    words, texts = words_in(embedded_in(book)), CellTexts(book)
    for sheet in book.sheets:
        root = package.tree(sheet.part)
        taken: list[object] = [*take_out_words(root, words), *take_out_cells(root, words, texts)]
        part = drawing_of(package, sheet.part, root)
        drawing = package.tree(part) if part is not None else None
        if drawing is not None and part is not None and take_out_shapes(drawing):
            editor.trees[part] = drawing
        if taken or part in editor.trees:
            editor.trees[sheet.part] = root
    return editor


def _drop_bare_relationships(book: Workbook, editor: Editor, gone: set[str]) -> None:
    """Leave out the relationships of parts which had none before our drawing."""
    for owner in (*(sheet.part for sheet in book.sheets), *_drawings(book, gone)):
        name = book.package.find(relationships_part(owner))
        tree = editor.trees.get(name) if name is not None else None
        if name is not None and tree is not None and not len(tree):
            del editor.trees[name]
            editor.dropped.add(name)


def _drawings(book: Workbook, gone: set[str]) -> Iterator[str]:
    for sheet in book.sheets:
        part = drawing_of(book.package, sheet.part, book.package.looked_at(sheet.part))
        if part is not None and part not in gone:
            yield part
