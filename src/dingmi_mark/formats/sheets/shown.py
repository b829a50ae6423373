"""Have LibreOffice show a workbook as Excel prints it: a copy for it alone, never kept.

LibreOffice (7.4) takes page headers otherwise than Excel and the standard do. It pushes a sheet
down by what it underestimates a header's height; where the header is taller than its room, it keeps
the sheet in its place. It sets the lower parts of a header in the middle beside the tallest, where
Excel begins all of them at one height: all are made as tall. It scales a header's room with the
sheet, so it is given more. It scales every header with its sheet, also one that keeps its own size
(`scaleWithDoc`): such letters are given larger. And the scale of a sheet that is fitted to pages is
what LibreOffice chooses: it is measured first, and then given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import ceil, floor
from pathlib import Path
from typing import Final

from dingmi_mark.engine.shapes import MM_PER_PT
from dingmi_mark.errors import ConfirmationToolFailed
from dingmi_mark.formats.docx.editor import Editor
from dingmi_mark.formats.docx.names import Element, child, new, q
from dingmi_mark.formats.image.paper import MM_PER_INCH
from dingmi_mark.formats.office_convert import SHEETS_PDF, to_pdf
from dingmi_mark.formats.sheets.header import enlarged, lengthened
from dingmi_mark.formats.sheets.marks import header_text, headers_in_use, set_header
from dingmi_mark.formats.sheets.setup import Setup, read_setup
from dingmi_mark.formats.sheets.workbook import Workbook
from dingmi_mark.messages import say

_TALL: Final = "\n&400\u3000"
"""A line with nothing to be seen in it, taller than the room of most headers."""
_TALL_MM: Final = 400 * MM_PER_PT
_LEAST: Final = 0.1
_PROBE_PT: Final = 10
"""Small enough to be shown in little room; each percent of a scale makes it a tenth of a point
larger.
"""
_PROBE: Final = re.compile(r"x(\d{1,5})x")


def shown_as_pdf(book: Workbook, folder: Path, suffix: str) -> Path:
    """Return a PDF in `folder` of what a workbook looks like when it is printed.

    Raises ConfirmationToolFailed; OSError.
    """
    scales: Mapping[int, float] = {}
    fitted = [number for number in range(len(book.sheets)) if _setup(book, number).scale is None]
    if any(not book.sheets[number].hidden for number in fitted):
        probe = folder / f"probe{suffix}"
        _write_probe(book, fitted, probe)
        seen = _scales_in(to_pdf(probe, folder, suffix, wanted=SHEETS_PDF))
        scales = {number: _with_true_room(book, number, scale) for number, scale in seen.items()}
    copy = folder / f"shown{suffix}"
    write_as_shown(book, copy, scales)
    return to_pdf(copy, folder, suffix, wanted=SHEETS_PDF)


def write_as_shown(book: Workbook, target: Path, scales: Mapping[int, float]) -> None:
    """Write a copy in which headers push nothing down, and stand in the size that they have.

    `scales` are those of the sheets that are fitted to pages, by their index; a sheet without one
    is not printed. Raises OSError.
    """
    editor, usual = Editor(book.package, book.part), book.usual_pt()
    for number, sheet in enumerate(book.sheets):
        setup = _setup(book, number)
        scale = scales.get(number) if setup.scale is None else setup.scale
        if scale is None:
            continue
        if setup.scale is None:
            _fix(editor.open(sheet.part), scale)
        by = 1 / scale if setup.own_size else 1.0
        room = max(0.0, setup.top - setup.header)
        tall = _TALL * max(1, ceil(room / (_TALL_MM * scale)))
        for header in headers_in_use(book.package.looked_at(sheet.part)):
            text = header_text(book.package.looked_at(sheet.part), header)
            if text:
                root = editor.open(sheet.part)
                large = enlarged(text, by, usual) if by != 1 else text
                set_header(root, header, lengthened(large, tall))
                _give_room(root, setup, scale)
    editor.write(target)


def _write_probe(book: Workbook, fitted: list[int], target: Path) -> None:
    """Write a copy in which each fitted sheet has a header of its number, in a known size."""
    editor = Editor(book.package, book.part)
    for number in fitted:
        root = editor.open(book.sheets[number].part)
        for header in headers_in_use(root):
            set_header(root, header, f"&L&{_PROBE_PT}x{number}x{_TALL}")
    editor.write(target)


def _with_true_room(book: Workbook, number: int, scale: float) -> float:
    """Return the scale at which a sheet fits where its header has all its room (see above).

    LibreOffice chose it with that room scaled. Whole percent, as programs choose it.
    """
    setup = _setup(book, number)
    page = child(book.package.looked_at(book.sheets[number].part), "x:pageSetup")
    endless = page is not None and page.get("fitToHeight") == "0"
    if endless or setup.size is None or scale >= 1:
        return scale
    room = setup.top - setup.header
    height = setup.size.height - setup.header - setup.bottom
    fits = scale * (height - room) / max(height - room * scale, room)
    return max(_LEAST, floor(fits * 100) / 100)


def _scales_in(pdf: Path) -> dict[int, float]:
    """Return the scales of sheets by the probes on their pages. Raises ConfirmationToolFailed."""
    from dingmi_mark.formats.pdf.view import open_pdf_view

    found: dict[int, float] = {}
    with open_pdf_view(pdf) as pages:
        for page in range(len(pages.sizes)):
            for piece in pages.pieces(page):
                probe = _PROBE.fullmatch(piece.text.strip())
                if probe is None or piece.size_pt is None:
                    continue
                scale = round(piece.size_pt / _PROBE_PT * 100) / 100
                if found.setdefault(int(probe[1]), scale) != scale or not scale:
                    cause = say("the scale of a sheet that is fitted to pages cannot be told")
                    raise ConfirmationToolFailed(cause=cause)
    return found


def _fix(root: Element, scale: float) -> None:
    """Have a sheet printed at a scale in place of being fitted to pages."""
    look = root.find(f"{q('x:sheetPr')}/{q('x:pageSetUpPr')}")
    if look is not None:
        look.set("fitToPage", "0")
    page = child(root, "x:pageSetup")
    if page is None:
        page = new("x:pageSetup")
        margins = child(root, "x:pageMargins")
        assert margins is not None, "inspection refuses sheets without"
        margins.addnext(page)
    page.set("scale", str(round(scale * 100)))


def _give_room(root: Element, setup: Setup, scale: float) -> None:
    """Give a scaled sheet a top margin of which its header leaves the true one, when scaled."""
    margins = child(root, "x:pageMargins")
    if scale != 1.0 and margins is not None:
        top = setup.header + (setup.top - setup.header) / scale
        margins.set("top", f"{top / MM_PER_INCH:.6f}")


def _setup(book: Workbook, number: int) -> Setup:
    return read_setup(book.package.looked_at(book.sheets[number].part))
