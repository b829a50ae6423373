"""A PDF as pages, by MuPDF: sizes, lines of text and pictures as the reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dingmi_mark.engine.shapes import MM_PER_PT, Box, PageSize
from dingmi_mark.errors import DraftBroken, DraftProtected, PasswordWrong
from dingmi_mark.formats.base import TextLine
from dingmi_mark.messages import say

if TYPE_CHECKING:
    from PIL.Image import Image

MM_PER_INCH = 25.4
_UPRIGHT = 0.9998
"""Cosine of the largest turn (about 1°) of text that still counts as upright."""


@dataclass(frozen=True)
class Row:
    """A line of text with its baseline (mm from the page's top)."""

    line: TextLine
    box: Box
    baseline: float


@dataclass(frozen=True)
class PageParts:
    """What is on a page besides its text, as MuPDF gives it (pt).

    `notes` are the annotations: kind, place and what they say.
    """

    pictures: tuple[dict[str, Any], ...]
    drawings: tuple[dict[str, Any], ...]
    links: tuple[dict[str, Any], ...]
    notes: tuple[tuple[str, Any, dict[str, str]], ...]


@contextmanager
def open_pdf_view(path: Path, password: str = "") -> Iterator[PdfView]:
    """Open a PDF file as pages. Raises DraftBroken, DraftProtected, PasswordWrong; OSError."""
    with path.open("rb"):
        pass  # MuPDF tells a missing file by its own errors.
    with _opened(password, filename=str(path)) as view:
        yield view


@contextmanager
def open_pdf_view_of(content: bytes, password: str = "") -> Iterator[PdfView]:
    """Open a PDF in memory as pages. Raises DraftBroken, DraftProtected, PasswordWrong."""
    with _opened(password, stream=content) as view:
        yield view


@contextmanager
def _opened(password: str, **source: Any) -> Iterator[PdfView]:
    pymupdf = _pymupdf()
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    with _mupdf_faults_are_told():
        document = pymupdf.open(filetype="pdf", **source)
    with document:
        if document.needs_pass and not document.authenticate(password):
            raise PasswordWrong if password else DraftProtected
        yield PdfView(document)


@contextmanager
def _mupdf_faults_are_told() -> Iterator[None]:
    pymupdf = _pymupdf()
    try:
        yield
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as fault:
        raise DraftBroken(cause=say("a page of it cannot be shown")) from fault


class PdfView:
    """See PageView; the page looked at last stays ready."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._sizes: tuple[PageSize, ...] | None = None
        self._page: tuple[int, Any] | None = None
        self._shown: tuple[int, Any] | None = None

    @property
    def sizes(self) -> tuple[PageSize, ...]:
        """Sizes of all pages as shown (mm)."""
        if self._sizes is None:
            with _mupdf_faults_are_told():
                self._sizes = tuple(
                    _size(self._load(number).rect) for number in range(self._document.page_count)
                )
        return self._sizes

    def lines(self, page: int) -> tuple[TextLine, ...]:
        """All text lines of a page in the order of its content."""
        return tuple(row.line for row in self.rows(page))

    def rows(self, page: int) -> tuple[Row, ...]:
        """All text lines of a page with their baselines."""
        return tuple(
            row
            for block in self.text(page)["blocks"]
            for line in block.get("lines", ())
            if (row := _row(line, page)) is not None
        )

    def text(self, page: int) -> dict[str, Any]:
        """All text of a page as MuPDF gives it: blocks, lines and spans (pt)."""
        pymupdf = _pymupdf()
        with _mupdf_faults_are_told():
            flags = pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES
            # Of the display list, for places as shown: a page's own text is neither turned
            # nor, where it is turned, at the scale of its UserUnit.
            text = pymupdf.TextPage(self._display(page).get_textpage(flags))
            found: dict[str, Any] = text.extractDICT()
            return found

    def parts(self, page: int) -> PageParts:
        """What else is on a page or leads away from it."""
        with _mupdf_faults_are_told():
            loaded = self._load(page)
            return PageParts(
                tuple(loaded.get_image_info(hashes=True)),
                tuple(loaded.get_drawings()),
                tuple(loaded.get_links()),
                tuple((note.type[1], note.rect, note.info) for note in loaded.annots()),
            )

    @property
    def bookmarks(self) -> tuple[tuple[int, str, int], ...]:
        """Level, title and page (from 1) of every bookmark."""
        with _mupdf_faults_are_told():
            return tuple((each[0], each[1], each[2]) for each in self._document.get_toc())

    @property
    def layers(self) -> tuple[tuple[str, bool], ...]:
        """Name of every layer, and whether it is shown."""
        with _mupdf_faults_are_told():
            found = self._document.get_ocgs().values()
            return tuple((str(each.get("name")), bool(each.get("on"))) for each in found)

    def shows_pictures(self, page: int) -> bool:
        """Tell whether anything on the page is a picture."""
        with _mupdf_faults_are_told():
            return any(kind in _PICTURES for kind, *_ in self._load(page).get_bboxlog())

    def picture(self, page: int, clip: Box, dpi: int) -> Image:
        """The page cut to `clip`, RGB, of exactly the clip's size at `dpi`; white outside."""
        from PIL import Image

        pymupdf = _pymupdf()
        scale = dpi / MM_PER_INCH
        size = (max(1, round(clip.width * scale)), max(1, round(clip.height * scale)))
        zoom = dpi / 72
        matrix = pymupdf.Matrix(zoom, 0, 0, zoom, -clip.x * scale, -clip.y * scale)
        left, top = clip.x / MM_PER_PT, clip.y / MM_PER_PT
        cut = pymupdf.Rect(left, top, left + size[0] / zoom, top + size[1] / zoom)
        picture = Image.new("RGB", size, "white")
        with _mupdf_faults_are_told():
            shown = self._display(page)
            if (cut & shown.rect).is_empty:
                return picture
            pixels = shown.get_pixmap(matrix=matrix, clip=cut, alpha=False)
        drawn = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)
        picture.paste(drawn, (pixels.x, pixels.y))
        return picture

    def _load(self, page: int) -> Any:
        if self._page is None or self._page[0] != page:
            self._page = (page, self._document.load_page(page))
        return self._page[1]

    def _display(self, page: int) -> Any:
        if self._shown is None or self._shown[0] != page:
            self._shown = (page, self._load(page).get_displaylist())
        return self._shown[1]


_PICTURES = frozenset({"fill-image", "fill-imgmask", "clip-imgmask", "fill-shade-image"})


def _size(rect: Any) -> PageSize:
    return PageSize(rect.width * MM_PER_PT, rect.height * MM_PER_PT)


def _row(line: Any, page: int) -> Row | None:
    """Turn a line of MuPDF's into one of ours; None for blank ones."""
    spans = [span for span in line["spans"] if span["text"]]
    text = "".join(span["text"] for span in spans)
    if not text.strip():
        return None
    left, top, right, bottom = (value * MM_PER_PT for value in line["bbox"])
    box = Box(left, top, right - left, bottom - top)
    main = max(spans, key=lambda span: len(span["text"].strip()))
    upright = line["dir"][0] >= _UPRIGHT
    shown = TextLine(text.strip(), page, box, main["font"], float(main["size"]), upright)
    return Row(shown, box, main["origin"][1] * MM_PER_PT)


def _pymupdf() -> Any:
    """Load MuPDF, which has no types, when the first page is asked for."""
    import pymupdf

    return pymupdf
