"""A PDF as pages, by MuPDF: sizes, lines of text and pictures as the reader sees them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dingmi_mark.engine.shapes import MM_PER_PT, Box, PageSize
from dingmi_mark.errors import DraftBroken, DraftProtected, PasswordWrong
from dingmi_mark.formats.base import TextLine
from dingmi_mark.formats.plain_file import named_in_utf8
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

    `shades` are the places of gradients; `faults` is what MuPDF found wrong with the page.
    """

    pictures: tuple[dict[str, Any], ...]
    drawings: tuple[dict[str, Any], ...]
    shades: tuple[Any, ...]
    faults: str


@dataclass(frozen=True)
class Letter:
    """A character as it stands on a page (mm)."""

    text: str
    box: Box


@contextmanager
def open_pdf_view(path: Path, password: str = "") -> Iterator[PdfView]:
    """Open a PDF file as pages. Raises DraftBroken, DraftProtected, PasswordWrong; OSError."""
    with path.open("rb"):
        pass  # MuPDF tells a missing file by its own errors.
    with _opened(password, **_source(path)) as view:
        yield view


@contextmanager
def open_pdf_view_of(
    content: bytes, password: str = "", *, printed: bool = False
) -> Iterator[PdfView]:
    """Open a PDF in memory as pages, as a screen or a printer shows them.

    Raises DraftBroken, DraftProtected, PasswordWrong.
    """
    with _opened(password, printed=printed, stream=content) as view:
        yield view


@contextmanager
def open_printed_view(path: Path, password: str = "") -> Iterator[PdfView]:
    """Open a PDF file as a printer shows it. Raises DraftBroken, DraftProtected."""
    with _opened(password, printed=True, **_source(path)) as view:
        yield view


def _source(path: Path) -> dict[str, Any]:
    return {"filename": str(path)} if named_in_utf8(path) else {"stream": path.read_bytes()}


@contextmanager
def _opened(password: str, *, printed: bool = False, **source: Any) -> Iterator[PdfView]:
    pymupdf = _pymupdf()
    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    with _mupdf_faults_are_told():
        document = pymupdf.open(filetype="pdf", **source)
    with document:
        if document.needs_pass and not document.authenticate(password):
            raise PasswordWrong if password else DraftProtected
        yield PdfView(document, printed=printed)


@contextmanager
def _mupdf_faults_are_told() -> Iterator[None]:
    pymupdf = _pymupdf()
    try:
        yield
    except (RuntimeError, ValueError, pymupdf.mupdf.FzErrorBase) as fault:
        raise DraftBroken(cause=say("a page of it cannot be shown")) from fault


class PdfView:
    """See PageView; the page looked at last stays ready.

    `printed`: with what is for print only, without what is for screens only.
    """

    def __init__(self, document: Any, *, printed: bool = False) -> None:
        self._document = document
        self._printed = printed
        self._sizes: tuple[PageSize, ...] | None = None
        self._page: tuple[int, Any] | None = None
        self._shown: tuple[int, Any] | None = None
        self._sound: dict[int, bool] = {}

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

    def pieces(self, page: int) -> tuple[TextLine, ...]:
        """All text lines of a page, cut where the size of the letters changes."""
        return tuple(
            row.line
            for block in self.text(page)["blocks"]
            for line in block.get("lines", ())
            for piece in _of_one_size(line)
            if (row := _row(piece, page)) is not None
        )

    def words(self, page: int) -> tuple[str, ...]:
        """The text of a page line by line, without places: twice as fast as with them."""
        with _mupdf_faults_are_told():
            made = self._load(page).get_textpage()
            return tuple(str(made.extractText()).splitlines())

    def text(self, page: int) -> dict[str, Any]:
        """All text of a page as MuPDF gives it: blocks, lines and spans (pt)."""
        pymupdf = _pymupdf()
        return self._text(page, pymupdf.TEXTFLAGS_DICT)

    def whole_text(self, page: int, *, replaced: bool) -> dict[str, Any]:
        """The same with what is cut away or stands beside the page; `replaced`: as copied from it,
        where the file gives other words for what is drawn.
        """
        pymupdf = _pymupdf()
        mupdf = pymupdf.mupdf
        wanted = mupdf.FzStextOptions()
        flags = pymupdf.TEXTFLAGS_DICT & ~pymupdf.TEXT_PRESERVE_IMAGES
        wanted.flags = flags & ~pymupdf.TEXT_MEDIABOX_CLIP
        if not replaced:
            wanted.flags |= pymupdf.TEXT_IGNORE_ACTUALTEXT
        with _mupdf_faults_are_told():
            loaded = self._load(page)
            # Not of the display list, which leaves out what no picture of the page would show.
            made = mupdf.FzStextPage(mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE))
            device = mupdf.fz_new_stext_device(made, wanted)
            mupdf.fz_run_page(loaded.this, device, mupdf.FzMatrix(), mupdf.FzCookie())
            mupdf.fz_close_device(device)
            found: dict[str, Any] = pymupdf.TextPage(made).extractDICT()
            return found

    def _text(self, page: int, flags: int) -> dict[str, Any]:
        with _mupdf_faults_are_told():
            found: dict[str, Any] = self._text_page(page, flags).extractDICT()
            return found

    def _text_page(self, page: int, flags: int) -> Any:
        pymupdf = _pymupdf()
        # Of the display list, for places as shown: a page's own text is neither turned
        # nor, where it is turned, at the scale of its UserUnit.
        return pymupdf.TextPage(
            self._display(page).get_textpage(flags & ~pymupdf.TEXT_PRESERVE_IMAGES)
        )

    def letters(self, page: int) -> tuple[Letter, ...]:
        """All characters of a page that are no white space."""
        pymupdf = _pymupdf()
        with _mupdf_faults_are_told():
            flags = pymupdf.TEXTFLAGS_RAWDICT | pymupdf.TEXT_IGNORE_ACTUALTEXT
            found = self._text_page(page, flags).extractRAWDICT()
        return tuple(
            Letter(char["c"], _box(char["bbox"]))
            for block in found["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            for char in span["chars"]
            if char["c"].strip()
        )

    def parts(self, page: int) -> PageParts:
        """What else is on a page or leads away from it."""
        tools = _pymupdf().TOOLS
        with _mupdf_faults_are_told():
            self._page = None
            tools.mupdf_warnings(reset=True)
            loaded = self._load(page)
            pictures, drawings = loaded.get_image_info(hashes=True), loaded.get_drawings()
            shades = [place for kind, place in loaded.get_bboxlog() if kind == "fill-shade"]
            warned = tools.mupdf_warnings(reset=True).splitlines()
        # Errors only: MuPDF warns of odd measures of fonts too, which every export chooses anew.
        faults = "\n".join(line for line in warned if _FAULT in line)
        return PageParts(tuple(pictures), tuple(drawings), tuple(shades), faults)

    def depends_on_use(self, page: int) -> bool:
        """Tell whether a page may print otherwise than it looks on a screen."""
        with _mupdf_faults_are_told():
            loaded = self._load(page)
            notes = loaded.first_annot or loaded.first_widget
            return bool(notes or self._document.get_ocgs())

    def shows_pictures(self, page: int) -> bool:
        """Tell whether anything on the page is a picture."""
        with _mupdf_faults_are_told():
            return any(kind in _PICTURES for kind, *_ in self._load(page).get_bboxlog())

    def picture(self, page: int, clip: Box, dpi: int) -> Image:
        """The page cut to `clip`, RGB, of exactly the clip's size at `dpi`; white outside."""
        from PIL import Image

        picture = Image.new("RGB", _pixels(clip, dpi), "white")
        shown = self._shown_in(page, clip, dpi)
        if shown is not None:
            drawn = Image.frombytes("RGB", (shown.width, shown.height), shown.samples)
            picture.paste(drawn, (shown.x, shown.y))
        return picture

    def is_sound(self, page: int) -> bool:
        """Tell whether MuPDF shows all of the page without a fault, afresh and not from memory."""
        if page not in self._sound:
            tools = _pymupdf().TOOLS
            tools.store_shrink(100)
            # Asking is what ends them: how often the last one came would be told of this page.
            tools.mupdf_warnings(reset=True)
            with _mupdf_faults_are_told():
                self._document.load_page(page).get_pixmap(dpi=_GLANCE_DPI)
            self._sound[page] = not tools.mupdf_warnings()
        return self._sound[page]

    def ink(self, page: int, clip: Box, dpi: int) -> bytes:
        """The points of such a picture only, to see whether two are the same: far cheaper."""
        shown = self._shown_in(page, clip, dpi)
        return b"" if shown is None else bytes(shown.samples)

    def _shown_in(self, page: int, clip: Box, dpi: int) -> Any:
        """What the page shows in `clip`, as MuPDF's pixmap; None where it has nothing there."""
        pymupdf = _pymupdf()
        size = _pixels(clip, dpi)
        scale, zoom = dpi / MM_PER_INCH, dpi / 72
        matrix = pymupdf.Matrix(zoom, 0, 0, zoom, -clip.x * scale, -clip.y * scale)
        left, top = clip.x / MM_PER_PT, clip.y / MM_PER_PT
        cut = pymupdf.Rect(left, top, left + size[0] / zoom, top + size[1] / zoom)
        with _mupdf_faults_are_told():
            shown = self._display(page)
            if (cut & shown.rect).is_empty:
                return None
            return shown.get_pixmap(matrix=matrix, clip=cut, alpha=False)

    def _load(self, page: int) -> Any:
        if self._page is None or self._page[0] != page:
            self._page = (page, self._document.load_page(page))
        return self._page[1]

    def _display(self, page: int) -> Any:
        if self._shown is None or self._shown[0] != page:
            loaded = self._load(page)
            shown = _as_printed(loaded) if self._printed else loaded.get_displaylist()
            self._shown = (page, shown)
        return self._shown[1]


_FAULT = "error:"
_GLANCE_DPI = 18
_PICTURES = frozenset({"fill-image", "fill-imgmask", "clip-imgmask", "fill-shade-image"})


def _pixels(clip: Box, dpi: int) -> tuple[int, int]:
    scale = dpi / MM_PER_INCH
    return max(1, round(clip.width * scale)), max(1, round(clip.height * scale))


def _as_printed(page: Any) -> Any:
    pymupdf = _pymupdf()
    mupdf = pymupdf.mupdf
    made = mupdf.fz_new_display_list(mupdf.fz_bound_page(page.this))
    device = mupdf.fz_new_list_device(made)
    source = mupdf.pdf_page_from_fz_page(page.this)
    mupdf.pdf_run_page_with_usage(source, device, mupdf.FzMatrix(), "Print", mupdf.FzCookie())
    mupdf.fz_close_device(device)
    return pymupdf.DisplayList(made)


def _box(rect: Any) -> Box:
    left, top, right, bottom = (value * MM_PER_PT for value in rect)
    return Box(left, top, right - left, bottom - top)


def _size(rect: Any) -> PageSize:
    return PageSize(rect.width * MM_PER_PT, rect.height * MM_PER_PT)


def _of_one_size(line: Any) -> Iterator[Any]:
    """Cut a line of MuPDF's where the size of its letters changes."""
    for _, group in groupby(line["spans"], key=lambda span: round(span["size"], 1)):
        spans = list(group)
        boxes = [span["bbox"] for span in spans]
        first = (min(one[0] for one in boxes), min(one[1] for one in boxes))
        box = (*first, max(one[2] for one in boxes), max(one[3] for one in boxes))
        yield {**line, "spans": spans, "bbox": box}


def _row(line: Any, page: int) -> Row | None:
    """Turn a line of MuPDF's into one of ours; None for blank ones."""
    spans = [span for span in line["spans"] if span["text"]]
    text = "".join(span["text"] for span in spans)
    if not text.strip():
        return None
    box = _box(line["bbox"])
    main = max(spans, key=lambda span: len(span["text"].strip()))
    # Letters turned over keep their direction; their line runs through the upper half then.
    middle = (main["bbox"][1] + main["bbox"][3]) / 2
    upright = line["dir"][0] >= _UPRIGHT and main["origin"][1] >= middle
    shown = TextLine(text.strip(), page, box, main["font"], float(main["size"]), upright)
    return Row(shown, box, main["origin"][1] * MM_PER_PT)


def _pymupdf() -> Any:
    """Load MuPDF, which has no types, when the first page is asked for."""
    import pymupdf

    return pymupdf
