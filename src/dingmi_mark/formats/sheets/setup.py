"""How the sheets of a workbook are printed, and what in that stands against a page header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from dingmi_mark.engine.shapes import MM_PER_PT, PageSize
from dingmi_mark.errors import SheetSetupUnfit
from dingmi_mark.formats.docx.names import Element, child, elements, q, whole
from dingmi_mark.formats.image.paper import MM_PER_INCH
from dingmi_mark.formats.sheets.header import LINE_EM, PICTURE, is_short_line, lines_pt, tokens
from dingmi_mark.formats.sheets.marks import OURS_OFF, HeadWords, footers_of, shows_others
from dingmi_mark.formats.sheets.workbook import Sheet, Workbook, is_on
from dingmi_mark.messages import Message, say

_PAPERS_MM: Final = {
    1: (215.9, 279.4), 5: (215.9, 355.6), 8: (297.0, 420.0), 9: (210.0, 297.0),
    11: (148.0, 210.0), 12: (257.0, 364.0), 13: (182.0, 257.0),
}  # fmt: skip
"""Sizes of paper by their number, upright (ISO/IEC 29500-1, 18.3.1.63)."""
_A4: Final = 9
_MARGINS_INCH: Final = {
    "left": 0.7, "right": 0.7, "top": 0.75, "bottom": 0.75, "header": 0.3, "footer": 0.3,
}  # fmt: skip
_MOST_INCH: Final = 49.0
_SCALES: Final = range(10, 401)
_COUNTS: Final = range(32_768)
_WHOLE: Final = re.compile(r"\d{1,9}")
_MEASURE: Final = re.compile(r"\d{1,9}(\.\d*)?([eE][-+]?\d{1,3})?|\.\d+")


@dataclass(frozen=True)
class Setup:
    """How a sheet is printed; measures in mm, `scale` 1 is true size.

    `size` is None where the paper is unknown, `scale` where the printing program chooses it, to
    fit the sheet to pages. `own_size`: its header and footer are not scaled with the sheet.
    """

    size: PageSize | None
    left: float
    right: float
    top: float
    bottom: float
    header: float
    footer: float
    scale: float | None
    own_size: bool

    @property
    def header_scale(self) -> float:
        """The scale at which a header that bears our words is printed: on fitted sheets it has to
        keep its own size.
        """
        return 1.0 if self.own_size or self.scale is None else self.scale

    @property
    def needs_reader(self) -> bool:
        """Tell whether our header comes out true only in programs that heed `scaleWithDoc`."""
        return self.scale != self.header_scale


def read_setup(root: Element) -> Setup:
    """Return how a sheet is printed."""
    margins, page = child(root, "x:pageMargins"), child(root, "x:pageSetup")
    given = _attributes(margins)
    mm = {
        name: _measure(given.get(name), inch, _MOST_INCH) * MM_PER_INCH
        for name, inch in _MARGINS_INCH.items()
    }
    look = _attributes(page)
    scale = None if _is_fitted(root) else (_whole_in(look.get("scale"), _SCALES) or 100) / 100
    odd = "paperWidth" in look or "paperHeight" in look
    paper = None if odd else _PAPERS_MM.get(whole(look.get("paperSize", str(_A4))) or _A4)
    size = PageSize(*paper) if paper else None
    if size is not None and look.get("orientation") == "landscape":
        size = PageSize(size.height, size.width)
    header = child(root, "x:headerFooter")
    own_size = header is not None and not is_on(header, "scaleWithDoc", "1")
    return Setup(
        size=size,
        left=mm["left"],
        right=mm["right"],
        top=mm["top"],
        bottom=mm["bottom"],
        header=mm["header"],
        footer=mm["footer"],
        scale=scale,
        own_size=own_size,
    )


def keep_own_size(root: Element, words: HeadWords) -> None:
    """Have the header of a fitted sheet, in which `words` are ours, printed in its own size.

    Where others have words in it as well it is printed so already: see `refuse_unfit`. A footer
    goes with it.
    """
    header = child(root, "x:headerFooter")
    if header is None or read_setup(root).scale is not None:
        return
    if is_on(header, "scaleWithDoc", "1"):
        header.set("scaleWithDoc", OURS_OFF)
    elif header.get("scaleWithDoc") == OURS_OFF and not shows_others(root, words):
        header.set("scaleWithDoc", "0")


def refuse_unfit(book: Workbook, words: HeadWords) -> None:
    """Refuse sheets whose header would not stand on every page in true size; `words` are ours.

    Raises SheetSetupUnfit.
    """
    for number, sheet in enumerate(book.sheets, 1):
        root = book.package.looked_at(sheet.part)
        cause = next(_causes(root, sheet, words, book.usual_pt()), None)
        if cause is not None:
            raise SheetSetupUnfit(book.package.where, number=number, cause=cause)


def _causes(root: Element, sheet: Sheet, words: HeadWords, usual_pt: int) -> Iterator[Message]:
    if child(root, "x:pageMargins") is None:
        yield say("its page margins are not given, and programs take different ones; set them")
    if child(root, "x:customSheetViews") is not None:
        yield say("it has custom views, which print other headers; delete them")
    page = child(root, "x:pageSetup")
    if page is not None and is_on(page, "draft"):
        yield say(
            "it is printed in draft quality, which leaves out shapes; untick “Draft quality” "
            "(草稿质量) in its page setup"
        )
    if any(PICTURE in [token for _, token in tokens(text)] for text in _headers_of(root)):
        yield say(
            "its page header has a picture (&G), which nothing here can show: it may stand under "
            "the mark; take it out"
        )
    for what in _unprintable(root):
        yield say("its page setup gives what nothing can be printed by ({what}); set it", what=what)
    setup = read_setup(root)
    scaled = not sheet.chart and setup.scale is None and not setup.own_size
    if scaled and (shows_others(root, words) or not _fits_unscaled(root, setup, usual_pt)):
        yield say(
            "it is fitted to pages, and its header, or a footer that is more than a short line, is "
            "scaled with it, which the mark must not be; untick “Scale with document” under "
            "Header/Footer of its page setup"
        )


def _headers_of(root: Element) -> Iterator[str]:
    holder = child(root, "x:headerFooter")
    for entry in elements(holder) if holder is not None else ():
        if str(entry.tag).endswith("Header"):
            yield entry.text or ""


def _fits_unscaled(root: Element, setup: Setup, usual_pt: int) -> bool:
    """Tell whether the footers of a sheet have room where they are no longer scaled with it."""
    room = (setup.bottom - setup.footer) / MM_PER_PT
    return all(
        is_short_line(text, usual_pt) and lines_pt(text, usual_pt) * LINE_EM <= room
        for text in footers_of(root)
    )


def _unprintable(root: Element) -> Iterator[str]:
    """Yield what a page setup gives that is out of the bounds of the format."""
    margins, look = (_attributes(child(root, f"x:{one}")) for one in ("pageMargins", "pageSetup"))
    for name in _MARGINS_INCH:
        if name in margins and _measure(margins[name], -1.0, _MOST_INCH) < 0:
            yield f'{name}="{margins[name][:20]}"'
    fitted = _is_fitted(root)
    names = {"fitToWidth": _COUNTS, "fitToHeight": _COUNTS} if fitted else {"scale": _SCALES}
    for name, bounds in names.items():
        if name in look and _whole_in(look[name], bounds) is None:
            yield f'{name}="{look[name][:20]}"'


def _is_fitted(root: Element) -> bool:
    look = root.find(f"{q('x:sheetPr')}/{q('x:pageSetUpPr')}")
    return look is not None and is_on(look, "fitToPage") and root.tag != q("x:chartsheet")


def _attributes(element: Element | None) -> dict[str, str]:
    found = element.attrib.items() if element is not None else ()
    return {str(name): str(text) for name, text in found}


def _measure(text: str | None, usual: float, most: float) -> float:
    """Read a measure from 0 to `most`; `usual` where it is none."""
    if text is None or not _MEASURE.fullmatch(text.strip()):
        return usual
    found = float(text)
    return found if found <= most else usual


def _whole_in(text: str | None, bounds: range) -> int | None:
    if text is None or not _WHOLE.fullmatch(text.strip()):
        return None
    return int(text) if int(text) in bounds else None
