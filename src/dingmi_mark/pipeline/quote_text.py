"""All text of a document, with its places, to be searched for quotations and to be fingerprinted.

Tables, footnotes, headers, text boxes and hidden text too; pages that are pictures through
tesseract where it is installed. What could not be read is told.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dingmi_mark.domain.draft_content import FIELD, LOCKED, RESULT, Content
from dingmi_mark.engine.shapes import Box
from dingmi_mark.errors import DraftNotComparable
from dingmi_mark.formats.base import FormatHandler, PageView
from dingmi_mark.formats.ocr import PictureLine, find_tesseract, read_lines, reading_dpi
from dingmi_mark.formats.pptx import PptxHandler
from dingmi_mark.formats.sheets import SheetHandler
from dingmi_mark.messages import Message, say

if TYPE_CHECKING:
    from dingmi_mark.quoting.normal import Normal

_FIELD_CODE: Final = re.compile(f"[{FIELD}{LOCKED}][^{FIELD}{LOCKED}{RESULT}]*{RESULT}")
_LOOKS: Final = re.compile("⟦[^⟧]*⟧")
_PAGE_NUMBER: Final = re.compile(r"[\s\d—–\-－·/第页共]*")
SCAN_SHARE: Final = 0.8
"""Share of a file's time limit that reading its scanned pages may take, where that is all to do."""

_LEAST_ON_PAGE: Final = 10
"""A page with fewer letters is looked at as a picture."""


@dataclass(frozen=True)
class TextPart:
    """A paragraph or line: its text, its page and its number, 0 where unknown; which part it is.

    `paragraph` tells the paragraph of a Word file apart from all others of the file (0: none).
    `box` is the place of a line that was read from a picture, in mm on its page.
    """

    text: str
    page: int = 0
    number: int = 0
    part: str = ""
    paragraph: int = 0
    box: Box | None = None

    @property
    def place(self) -> Message:
        """Where it is."""
        if self.page and self.number:
            return say("page {page}, line {line}", page=self.page, line=self.number)
        if self.page:
            return say("page {page}", page=self.page)
        if self.number:
            return say("{part}, paragraph {number}", part=self.part, number=self.number)
        return say("{part}", part=self.part)


@dataclass(frozen=True)
class DocumentText:
    """A document's text in its order, and what of it could not be read."""

    parts: tuple[TextPart, ...]
    unread: tuple[Message, ...] = ()

    @cached_property
    def text(self) -> str:
        """All of it, a part a line."""
        return "\n".join(part.text for part in self.parts)

    @cached_property
    def normal(self) -> Normal:
        """All of it, made comparable."""
        from dingmi_mark.quoting.normal import normal

        return normal(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(part.text) + 1 for part in self.parts), initial=0))

    def part_at(self, at: int) -> int:
        """Return the number of the part in which a character of the text stands."""
        return bisect_right(self._starts, at) - 1

    def span(self, part: int) -> tuple[int, int]:
        """Return from which character of the text to which (exclusive) a part goes."""
        return self._starts[part], self._starts[part] + len(self.parts[part].text)

    def place(self, at: int) -> Message:
        """Say where a character of the text stands."""
        return self.parts[self.part_at(at)].place


def text_of(
    path: Path, handler: FormatHandler, seconds: float, seen: PageView | None = None
) -> DocumentText:
    """Read all text of a file; scans take so many seconds at most.

    `seen` is the file as pages where it is open already. Raises the errors of drafts.
    """
    if handler.flows:
        try:
            content = handler.content(path)
        except DraftNotComparable:
            content = None
        if content is not None:
            return DocumentText(tuple(_of_content(content)))
    if isinstance(handler, PptxHandler):
        return _of_slides(path, handler, seconds)
    if isinstance(handler, SheetHandler):
        return _of_sheets(path, handler)
    if seen is not None:
        parts, pictures = _written(seen)
        if not pictures:
            return DocumentText(tuple(parts))
    # Scans are read from pages opened anew: MuPDF keeps pictures as fine as they were last shown,
    # and the pages that are open are compared with the marked ones, picture by picture.
    with handler.view(path) as view:
        if view is None:
            return DocumentText((), (say("Nothing installed can show it, so it was not read."),))
        return _seen(view, seconds)


def _seen(view: PageView, seconds: float) -> DocumentText:
    """Read pages as they are shown; those that hold hardly any text as pictures."""
    parts, pictures = _written(view)
    if not pictures:
        return DocumentText(tuple(parts))
    scanned, unread = _read_pages(view, pictures, seconds)
    return DocumentText(tuple(sorted([*parts, *scanned], key=lambda part: part.page)), unread)


def _written(view: PageView) -> tuple[list[TextPart], list[int]]:
    """Return the text of pages, and which of them hold hardly any."""
    parts: list[TextPart] = []
    pictures: list[int] = []
    for page in range(len(view.sizes)):
        lines = [
            TextPart(line, page + 1, number)
            for number, line in enumerate(_lines(view, page), 1)
            if not _PAGE_NUMBER.fullmatch(line)
        ]
        parts += lines
        if sum(len(line.text) for line in lines) < _LEAST_ON_PAGE:
            pictures.append(page)
    return parts, pictures


def _of_slides(path: Path, handler: PptxHandler, seconds: float) -> DocumentText:
    """Read slides and notes as they are written; slides that are pictures as they are shown."""
    said = handler.words(path)
    parts: list[TextPart] = []
    pictures: list[int] = []
    for page, words in enumerate(said):
        parts += (TextPart(line, page + 1, number) for number, line in enumerate(words.slide, 1))
        parts += (TextPart(line, page + 1) for line in words.notes)
        if sum(map(len, words.slide)) < _LEAST_ON_PAGE:
            pictures.append(page)
    if not pictures:
        return DocumentText(tuple(parts))
    with handler.view(path) as view:
        if view is None:
            left = say("Nothing installed can show it, so it was not read.")
            return DocumentText(tuple(parts), (left,))
        scanned, unread = _read_pages(view, pictures, seconds)
    return DocumentText(tuple(sorted([*parts, *scanned], key=lambda part: part.page)), unread)


def _of_sheets(path: Path, handler: SheetHandler) -> DocumentText:
    """Read all cells, headers and shapes as they are written, the hidden ones too.

    The page stands for the sheet, the number for the row among those that hold something.
    """
    return DocumentText(
        tuple(
            TextPart(line, sheet, number)
            for sheet, words in enumerate(handler.words(path), 1)
            for number, line in enumerate((*words.rows, *words.others), 1)
        )
    )


def _of_content(content: Content) -> Iterator[TextPart]:
    for piece in content.pieces:
        text = _LOOKS.sub("", _FIELD_CODE.sub("", piece.text))
        if piece.is_digest or not text.strip():
            continue
        yield TextPart(text, piece.page, piece.number, piece.part.value, piece.paragraph)


def _lines(view: PageView, page: int) -> Iterator[str]:
    from dingmi_mark.formats.pdf.view import PdfView

    if isinstance(view, PdfView):
        yield from view.words(page)
    else:
        yield from (line.text for line in view.lines(page))


def _read_pages(
    view: PageView, pages: Sequence[int], seconds: float
) -> tuple[list[TextPart], tuple[Message, ...]]:
    program = find_tesseract()
    if program is None:
        return [], (
            say(
                "{count} page(s) are pictures and were not searched for quotations: tesseract "
                "(chi_sim) is not installed.",
                count=len(pages),
            ),
        )
    found, left = [], []
    until = time.monotonic() + seconds
    for page in pages:
        lines = _read_page(view, page, program, until - time.monotonic())
        if lines is None:
            left.append(page + 1)
        else:
            found += [TextPart(line.text, page + 1, box=line.box) for line in lines]
    if not left:
        return found, ()
    shown = "、".join(map(str, left))
    return found, (
        say(
            "tesseract could not read page(s) {pages} in time, or they are too large.", pages=shown
        ),
    )


def _read_page(
    view: PageView, page: int, program: str, seconds: float
) -> tuple[PictureLine, ...] | None:
    size = view.sizes[page]
    dpi = reading_dpi(size.width, size.height)
    if seconds <= 0 or dpi is None:
        return None
    whole = Box(0.0, 0.0, size.width, size.height)
    return read_lines(program, view.picture(page, whole, dpi), dpi, seconds)
